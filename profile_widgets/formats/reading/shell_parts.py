"""One word of a command line, read part by part: quotes of several shells, variables, and signs to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.shell_expansion import (
    DELAYED,
    Expansion,
    Heredoc,
    closed,
    delayed,
    expansion,
    fed,
    filled_in,
    unescaped,
)
from profile_widgets.formats.reading.shell_repairs import (
    DASHES,
    DOUBLE,
    DOUBLED,
    QUOTES,
    SINGLE,
)
from profile_widgets.formats.reading.shell_words import WORKED_OUT, Line, Unknown, Variables, Word
from profile_widgets.formats.syntax import place

MAX_WORDS = 2_000
"""How many words a command may have, and how many substitutions."""

DEEPEST = 3
"""How deep texts behind ``<<EOF`` are looked for within each other."""

_PROMPTED = r"(?:[^\S\n]*>{1,2}[^\S\n]+(?=[-\u2010-\u2015\u2212]))?"
CONTINUED = re.compile(rf"(?:(?:\\|\^)([^\S\n]*)\r?\n{_PROMPTED}|`([^\S\n]*)\r?\n(?:[^\S\n]*>>[^\S\n]+|{_PROMPTED}))")
"""How a line ends that goes on: as in POSIX shells, in cmd, and in PowerShell, with a prompt on the next one."""

CONTINUED_INLINE = re.compile(rf"(?:\\|\^)([^\S\n]*)()\r?\n{_PROMPTED}")
"""The same where a backtick ends the command."""

_SPACE = re.compile(r"[^\S\r\n]")
_JOINED = re.compile(rf"\\\r?\n(?=[^\s>{DASHES}-])")
_NO_WINDOWS = re.compile(r"\\[^\S\n]*\n")
_WINDOWS = re.compile(
    r"(?:\^|(?<=[^\S\n])`)[^\S\n]*\n|%[A-Za-z_]\w+%|%~[A-Za-z]{0,8}[0-9]|\$env:|(?<![A-Za-z0-9])[A-Za-z]:\\[\w.~%]"
    r"|^[^\S\n]*(?:@echo[^\S\n]+off|setlocal)\b",
    re.MULTILINE | re.IGNORECASE,
)
_HERE_STRING = re.compile(r"@(['\"])[^\S\n]*\n")
_DOUBLED = re.compile(r'"(?:\{|\[\{?)\s*""[^"\n]+""\s*[:,\]}]')
_BARE = re.compile(rf"[^\s'\"$`\\;|&)<>^{{%!{SINGLE}{DOUBLE}]+")
_IN_DOUBLE = re.compile(r"[^\"\\$`<{%!]*")
_IN_HEREDOC = re.compile(r"[^\\$`]+")


class Parts:
    """Read words of a text, which hold what variables and other signs stand for.

    ``inline`` tells that a backtick ends a word. ``fills`` are signs that whatever runs the line puts something else
    in the place of, as ``xargs`` does with ``{}``, with the reason why that is not known.
    """

    def __init__(
        self, text: str, variables: Variables, *, inline: bool = False, fills: Mapping[str, str] | None = None
    ) -> None:
        self.text, self.variables, self.inline = text, variables, inline
        self.fills = [(re.compile(pattern), why) for pattern, why in (fills or {}).items()]
        self.continued = CONTINUED_INLINE if inline else CONTINUED
        self.percent = not _NO_WINDOWS.search(text)
        self.at = 0
        self.line = Line()
        self.substitutions = self.depth = 0
        self.unclosed: set[str] = set()

    @cached_property
    def windows(self) -> bool:
        """Tell whether the text is of a Windows shell, to which a backslash is a part of a path."""
        return self.percent and _WINDOWS.search(self.text) is not None

    @cached_property
    def delayed(self) -> bool:
        """Tell whether ``!x!`` stands for a variable."""
        return self.percent and DELAYED.search(self.text) is not None

    def _line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _refuse(self, message: str, offset: int) -> NoReturn:
        line, column = place(self.text, offset)
        raise FormatError(f"{message} (line {line}, column {column}).", format="cli", line=line, column=column)

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
            if _SPACE.match(here) or here in "\r\n;|&)" or self.continued.match(self.text, self.at):
                break
            if here in "<>" and not filled_in(self.text, self.at, self.variables, percent=False):
                break
            if here == "`" and self.inline:
                break
            self._part(word, here)
        if self.at == begin:  # a character that begins no word and ends none
            word.add(self.text[self.at], self.at)
            self.at += 1
        return word if word.parts or word.quoted or word.unknown else None

    def _part(self, word: Word, here: str) -> None:
        if self._filled(word, here) or (not word.text and self._of_powershell(word, here)):
            return
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
        elif here == "\\" and not (self.windows and self.text[self.at + 1 : self.at + 2] != '"'):
            word.add(self.text[self.at + 1 : self.at + 2] or "\\", self.at + 1)
            self.at += 2
        else:
            found = _BARE.match(self.text, self.at)
            piece = found[0] if found is not None else here
            word.add(piece, self.at)
            self.at += len(piece)

    def _filled(self, word: Word, here: str) -> bool:
        """Take a sign in whose place something else is put: ``<x>``, ``{{x}}``, ``%x%``, ``!x!``."""
        for pattern, why in self.fills:
            found = pattern.match(self.text, self.at)
            if found is not None:
                return self._put(word, Expansion(found.end(), found[0], Unknown(found[0], why)), quoted=True)
        if here == "!" and self.delayed:
            bangs = delayed(self.text, self.at, self.variables)
            return bangs is not None and self._put(word, bangs, quoted=True)
        if here not in "<{%":
            return False
        filled = filled_in(self.text, self.at, self.variables, percent=self.percent)
        return filled is not None and self._put(word, filled, quoted=True)

    def _of_powershell(self, word: Word, here: str) -> bool:
        """Take a here-string (``@'``, lines, ``'@``); what stands in ``(...)`` or ``@{...}`` is worked out there."""
        string = _HERE_STRING.match(self.text, self.at)
        end = self.text.find(f"\n{string[1]}@", string.end() - 1) if string is not None else -1
        if string is not None and end >= 0:
            word.quoted = True
            if string[1] == "'":
                word.add(self.text[string.end() : end], string.end())
            else:
                self._expanded(word, string.end(), end, "`")
            self.at = end + 3
            return True
        bracket = self.at + 1 if here == "@" and self.text[self.at + 1 : self.at + 2] in ("(", "{") else self.at
        if not self.text.startswith("(", self.at) and bracket == self.at:
            return False
        pair = "()" if self.text[bracket] == "(" else "{}"
        end = closed(self.text, bracket, pair)
        piece = self.text[self.at : end]
        return self._put(word, Expansion(end, piece, Unknown(piece, WORKED_OUT)), quoted=True)

    def _single(self, word: Word) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            self._refuse("The text that begins with ' has no end", self.at)
        word.add(self.text[self.at + 1 : end], self.at + 1)
        word.quoted = True
        self.at = end + 1

    def _double(self, word: Word) -> None:
        begin = self.at
        doubled = (not word.text or word.text.endswith("=")) and _DOUBLED.match(self.text, self.at) is not None
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
            if here == '"' and not (doubled and self.text.startswith('""', self.at)):
                self.at += 1
                return
            self._in_double(word, here)

    def _in_double(self, word: Word, here: str) -> None:
        """Take a sign that means something within double quotes."""
        if here == '"':
            self.line.repairs.add(DOUBLED)
            word.add('"', self.at)
            self.at += 2
        elif here in "<{%!":
            if not self._filled(word, here):
                word.add(here, self.at)
                self.at += 1
        elif here in "\\`" and self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
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
        word.add(unescaped(found[1]), self.at + 2)
        word.quoted = True
        self.at = found.end()

    def _substituted(self, word: Word, *, quoted: bool) -> None:
        """Put a variable's value in its place; what nobody knows is noted."""
        self.substitutions += 1
        if self.substitutions > MAX_WORDS:
            self._refuse(f"It has more than {MAX_WORDS:,} variables and substitutions, which no command has", self.at)
        given = fed(self.text, self.at) if self.depth < DEEPEST else None
        if given is not None:
            self.depth += 1
            body = self.body(given[0])
            self.depth -= 1
            word.unknown += body.unknown
            word.add(body.text.rstrip("\n"), given[0].begin)
            self.at = given[1]
            return
        found = expansion(self.text, self.at, self.variables)
        if found is None:
            word.add(self.text[self.at], self.at)
            self.at += 1
        else:
            self._put(word, found, quoted=quoted)

    def _put(self, word: Word, found: Expansion, *, quoted: bool) -> bool:
        if found.unknown is not None:
            word.unknown.append(found.unknown)
        if found.said and found.said not in self.line.said:
            self.line.said.append(found.said)
        fields = [found.value] if quoted or found.unknown is not None else found.value.split()
        fields = list(found.items) if found.items is not None else fields
        for number, each in enumerate(fields):
            if number:  # what the shell would split, it splits here too
                self.line.words.append(Word(word.text, word.offset, word.quoted, [], list(word.parts)))
                word.text, word.parts = "", []
            word.add(each, self.at)
        self.at = found.end
        return True

    def body(self, found: Heredoc) -> Word:
        """Return the text behind a ``<<EOF``, with its variables in their places."""
        word = Word(offset=found.begin, quoted=True)
        at = self.at
        if not found.literal and not found.tabs:
            self._expanded(word, found.begin, found.end)
        else:
            self._tabs_left_out(word, found)
        self.at = at
        return word

    def _tabs_left_out(self, word: Word, found: Heredoc) -> None:
        begin = found.begin
        while begin < found.end:
            end = min(self.text.find("\n", begin, found.end) + 1 or found.end, found.end)
            while found.tabs and begin < end and self.text[begin] == "\t":
                begin += 1
            if found.literal:
                word.add(self.text[begin:end], begin)
            else:
                self._expanded(word, begin, end)
            begin = end

    def _expanded(self, word: Word, begin: int, end: int, escape: str = "\\") -> None:
        """Add the text from ``begin`` to ``end``, in which nothing but ``$``, backticks and escapes means anything."""
        self.at = begin
        while self.at < end:
            here = self.text[self.at]
            after = self.text[self.at + 1 : self.at + 2]
            if here == escape and after in ("$", "`", "\\", "\n", escape):
                if after != "\n":
                    word.add(after, self.at + 1)
                self.at += 2
            elif here == "$" or (here == "`" and escape == "\\"):
                self._substituted(word, quoted=True)
            else:
                found = _IN_HEREDOC.match(self.text, self.at, end)
                piece = (found[0] if found is not None else "") or here
                word.add(piece, self.at)
                self.at += len(piece)
