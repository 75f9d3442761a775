"""A command line as old pages show it, split into words: POSIX quotes, and what PowerShell, cmd and word processors do.

What a word processor made of a command (typographic quotes and dashes, spaces that do not break) is repaired, and each
kind of repair is told once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.formats.syntax import place

DOUBLE, SINGLE = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""What a word processor makes of quotes and hyphens."""

SPACES, NEWLINES, LINES, QUOTES, HYPHENS = "spaces", "newlines", "lines", "quotes", "hyphens"
REPAIRS = {
    SPACES: "Spaces that do not break are read as plain ones.",
    NEWLINES: "A space behind the \\ at a line's end is ignored.",
    LINES: "Lines without a \\ at their end are read as one command, because the next one begins with an option.",
    QUOTES: "Typographic quotes are read as plain ones.",
    HYPHENS: "Typographic dashes are read as plain ones.",
}
"""What is said about each kind of repair."""

MAX_WORDS = 2_000
"""How many words a command may have, and how many substitutions."""

LONGEST_SUBSTITUTION = 500
"""How many characters behind ``$(`` are looked through for its end."""

_SPACE = re.compile(r"[^\S\r\n]")
_BLANK = re.compile(r"[^\S\n]+|[\u200b-\u200d\u2060\ufeff]+")
_CONTINUED = re.compile(r"(?:\\|`|\^)([^\S\n]*)\r?\n(?:[^\S\n]*>[^\S\n]+(?=[-\u2010-\u2015\u2212]))?")
_JOINED = re.compile(rf"\\\r?\n(?=[^\s>{DASHES}-])")
_GOES_ON = re.compile(rf"\s*(?:>\s+)?[-{DASHES}]{{1,2}}[A-Za-z]")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|env:([A-Za-z_]\w*)|([A-Za-z_]\w*))")
_PLACEHOLDER = re.compile(r"<[A-Za-z][^<>\n|&;'\"]{0,60}>")
_HEREDOC = re.compile(r"<<(-?)[^\S\n]*(['\"]?)(\w+)\2")
_REDIRECTION = re.compile(r"[0-9]?(?:>>|>&|>|<)[^\S\n]*(?:[^\s;|&<>]+)?")
_CAT = re.compile(r"\$\(\s*cat\s+([^\s|;&<>()'\"$]+)\s*\)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_ANSI = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)


@dataclass
class Word:
    """Hold a word: its text without quotes, where each part of it stands, and what it holds that nobody resolved."""

    text: str = ""
    offset: int = 0
    quoted: bool = False
    unresolved: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, offset: int) -> None:
        """Add a part of the text, which stands at ``offset``."""
        self.parts.append((len(self.text), offset))
        self.text += text

    def source(self, position: int) -> int:
        """Return where a position of the word's text stands in the whole text."""
        begin, offset = max((each for each in self.parts if each[0] <= position), default=(0, self.offset))
        return offset + position - begin

    @property
    def begins_bare(self) -> bool:
        """Tell whether the word begins without a quote."""
        return bool(self.parts) and self.parts[0][1] == self.offset

    def behind(self, position: int) -> Word:
        """Return the part of the word behind a position."""
        begin = self.source(position)
        parts = [(0, begin), *((each - position, offset) for each, offset in self.parts if each > position)]
        return Word(self.text[position:], begin, True, self.unresolved, self.placeholders, parts)


@dataclass
class Line:
    """Hold a command line: its words, where it ends, what behind it is cut off, and its standard input."""

    words: list[Word] = field(default_factory=list)
    end: int = 0
    cut: str = ""
    stdin: str | None = None
    repairs: set[str] = field(default_factory=set)


class Splitter:
    """Split one command line, which begins at a position of a text, into words."""

    def __init__(self, text: str, variables: Mapping[str, str], *, inline: bool = False) -> None:
        self.text, self.variables, self.inline = text, variables, inline
        self.at = 0
        self.line = Line()
        self.substitutions = 0
        self.unclosed: set[str] = set()
        self.heredocs: list[tuple[str, bool]] = []

    def split(self, start: int) -> Line:
        """Return the command line that begins at ``start``."""
        self.at = start
        while self.at < len(self.text) and self._step():
            pass
        self.line.end = self.at
        self._read_heredocs()
        return self.line

    def _step(self) -> bool:
        """Take a word or what stands between words; false at the command's end."""
        if self._between_words():
            return True
        here = self.text[self.at]
        if here == "\n":
            return self._newline()
        if here == "#":
            self.at = self._line_end()
            return True
        if here in ";|&)" or (here == "`" and self.inline):
            self._cut()
            return False
        if self._redirected():
            return True
        word = self.word()
        if word is not None:
            self.line.words.append(word)
        if len(self.line.words) > MAX_WORDS:
            self._refuse(f"It has more than {MAX_WORDS:,} words, which no command has", self.at)
        return True

    def _between_words(self) -> bool:
        continued = _CONTINUED.match(self.text, self.at)
        if continued is not None:
            if continued[1].strip("\r"):
                self.line.repairs.add(NEWLINES)
            self.at = continued.end()
            return True
        blank = _BLANK.match(self.text, self.at)
        if blank is not None:
            if not blank[0].isascii():
                self.line.repairs.add(SPACES)
            self.at = blank.end()
        return blank is not None

    def _newline(self) -> bool:
        if self.heredocs or not self.line.words or not _GOES_ON.match(self.text, self.at + 1):
            return False
        found = _GOES_ON.match(self.text, self.at + 1)
        if found is not None and "\n\n" in self.text[self.at : found.end()].replace(" ", ""):
            return False
        self.line.repairs.add(LINES)
        self.at += 1
        prompt = re.compile(r"[^\S\n]*>[^\S\n]+").match(self.text, self.at)
        self.at = prompt.end() if prompt is not None else self.at
        return True

    def _cut(self) -> None:
        rest = self.text[self.at : self._line_end()].strip()
        if rest.startswith(("|", ">")):
            self.line.cut = rest

    def _redirected(self) -> bool:
        if self.text.startswith("<<", self.at):
            return self._fed()
        if self.text[self.at] == "<" and _PLACEHOLDER.match(self.text, self.at):
            return False
        found = _REDIRECTION.match(self.text, self.at)
        if found is None:
            return False
        self.line.cut = self.line.cut or found[0]
        self.at = found.end()
        return True

    def _fed(self) -> bool:
        if self.text.startswith("<<<", self.at):
            self.at += 3
            while self.at < len(self.text) and self._between_words():
                pass
            word = self.word() if self.at < len(self.text) else None
            self.line.stdin = f"{word.text}\n" if word is not None else ""
            return True
        found = _HEREDOC.match(self.text, self.at)
        if found is None:
            self._refuse("<< names no word at which the text ends", self.at)
        self.heredocs.append((found[3], bool(found[1])))
        self.at = found.end()
        return True

    def _read_heredocs(self) -> None:
        for end, tabs in self.heredocs:
            begin = self._line_end() + 1
            closing = re.compile(rf"^{'	*' if tabs else ''}{re.escape(end)}[^\S\n]*$", re.MULTILINE)
            found = closing.search(self.text, begin)
            if found is None:
                self._refuse(f"The text that begins with <<{end} has no end", self.at)
            body = self.text[begin : found.start()]
            self.line.stdin = re.sub(r"^\t+", "", body, flags=re.MULTILINE) if tabs else body
            self.line.end = self.at = found.end()

    def _line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _refuse(self, message: str, offset: int) -> NoReturn:
        line, column = place(self.text, offset)
        raise FormatError(f"{message} (line {line}, column {column}).", format="cli", line=line, column=column)

    # -- one word ----------------------------------------------------------------------------------------------------

    def word(self) -> Word | None:
        """Return the word that begins here; ``None`` when it holds nothing, as a variable without a value."""
        word = Word(offset=self.at)
        begin = self.at
        while self.at < len(self.text):
            here = self.text[self.at]
            joined = _JOINED.match(self.text, self.at)
            if joined is not None:
                self.at = joined.end()
                continue
            if _SPACE.match(here) or here in "\r\n;|&)" or _CONTINUED.match(self.text, self.at):
                break
            if here in "<>" and not self._placeholder(word):
                break
            if here == "`" and self.inline:
                break
            self._part(word, here)
        if self.at == begin:  # a character that begins no word and ends none
            word.add(self.text[self.at], self.at)
            self.at += 1
        return word if word.parts or word.quoted or word.unresolved else None

    def _placeholder(self, word: Word) -> bool:
        found = _PLACEHOLDER.match(self.text, self.at)
        if found is not None:
            word.placeholders.append(found[0])
        return found is not None

    def _part(self, word: Word, here: str) -> None:
        if here == "'":
            self._single(word)
        elif here == '"':
            self._double(word)
        elif here in SINGLE + DOUBLE and self._typographic(word, here):
            pass
        elif self.text.startswith("$'", self.at):
            self._ansi(word)
        elif here in "$`":
            self._substituted(word, quoted=False)
        elif here == "\\":
            word.add(self.text[self.at + 1 : self.at + 2] or "\\", self.at + 1)
            self.at += 2
        else:
            found = _PLACEHOLDER.match(self.text, self.at) if here == "<" else _BARE.match(self.text, self.at)
            piece = found[0] if found is not None else here
            word.add(piece, self.at)
            self.at += len(piece)

    def _single(self, word: Word) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            self._refuse("The text that begins with ' has no end", self.at)
        word.add(self.text[self.at + 1 : end], self.at + 1)
        word.quoted = True
        self.at = end + 1

    def _double(self, word: Word) -> None:
        begin = self.at
        word.quoted = True
        word.add("", self.at + 1)
        self.at += 1
        while True:
            found = _IN_DOUBLE.match(self.text, self.at)
            assert found is not None
            if found[0]:
                word.add(found[0], self.at)
                self.at = found.end()
            here = self.text[self.at : self.at + 1]
            if here == "":
                self._refuse('The text that begins with " has no end', begin)
            if here == '"':
                self.at += 1
                return
            if here in "\\`" and self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
                if self.text[self.at + 1] != "\n":
                    word.add(self.text[self.at + 1], self.at + 1)
                self.at += 2
            elif here == "\\":
                word.add("\\", self.at)
                self.at += 1
            else:
                self._substituted(word, quoted=True)

    def _typographic(self, word: Word, here: str) -> bool:
        """Read a text in typographic quotes, where these stand in the place of plain ones."""
        if word.text and not word.text.endswith("="):
            return False
        closing = f'[{DOUBLE}"]' if here in DOUBLE else f"[{SINGLE}']"
        if closing in self.unclosed:
            return False
        found = re.compile(rf"{closing}(?=\s|$|[;|&)`])").search(self.text, self.at + 1)
        if found is None:
            self.unclosed.add(closing)
            return False
        word.add(self.text[self.at + 1 : found.start()], self.at + 1)
        word.quoted = True
        self.line.repairs.add(QUOTES)
        self.at = found.end()
        return True

    def _ansi(self, word: Word) -> None:
        found = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL).match(self.text, self.at)
        if found is None:
            self._refuse("The text that begins with $' has no end", self.at)
        word.add(_ANSI.sub(_unescaped, found[1]), self.at + 2)
        word.quoted = True
        self.at = found.end()

    def _substituted(self, word: Word, *, quoted: bool) -> None:
        """Put a variable's value in its place; what nobody knows is noted."""
        self.substitutions += 1
        if self.substitutions > MAX_WORDS:
            self._refuse(f"It has more than {MAX_WORDS:,} variables and substitutions, which no command has", self.at)
        variable = _VARIABLE.match(self.text, self.at)
        if variable is not None:
            value = self.variables.get(variable[1] or variable[2] or variable[3])
            if value is None:
                word.unresolved.append(variable[0])
            self._value(word, variable[0] if value is None else value, quoted=quoted)
            self.at = variable.end()
            return
        file = _CAT.match(self.text, self.at)
        if file is not None:
            word.add(f"file://{file[1]}", self.at)
            self.at = file.end()
            return
        end = self._substitution_end()
        if end > self.at + 1:
            word.unresolved.append(self.text[self.at : end])
        word.add(self.text[self.at : end], self.at)
        self.at = end

    def _value(self, word: Word, value: str, *, quoted: bool) -> None:
        fields = [value] if quoted else value.split()
        for number, each in enumerate(fields):
            if number:  # what the shell would split, it splits here too
                self.line.words.append(Word(word.text, word.offset, word.quoted, [], [], list(word.parts)))
                word.text, word.parts = "", []
            word.add(each, self.at)

    def _substitution_end(self) -> int:
        """Return where ``$(...)`` or a pair of backticks ends, or the next position."""
        if self.text[self.at] == "`":
            end = self.text.find("`", self.at + 1, self._line_end())
            return end + 1 if end > 0 else self.at + 1
        if not self.text.startswith("$(", self.at):
            return self.at + 1
        depth = 0
        for found in re.compile(r"[()]").finditer(self.text, self.at, self.at + LONGEST_SUBSTITUTION):
            depth += 1 if found[0] == "(" else -1
            if depth == 0:
                return found.end()
        return self.at + 1


_BARE = re.compile(rf"[^\s'\"$`\\;|&)<>^{SINGLE}{DOUBLE}]+")
_IN_DOUBLE = re.compile(r"[^\"\\$`]*")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code or found[4]:
        number = int(code, 16) if code else int(found[4], 8) & 0xFF
        return chr(number) if number <= 0x10FFFF else ""
    return _ESCAPES.get(found[5], found[5] if found[5] in "\\'\"?" else f"\\{found[5]}")
