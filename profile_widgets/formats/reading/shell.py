"""A command line as old pages show it, split into words: POSIX quotes, and what PowerShell, cmd and word processors do.

What a word processor made of a command (typographic quotes and dashes, spaces that do not break) is repaired, and each
kind of repair is told once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from profile_widgets.formats.reading.shell_expansion import (
    Heredoc,
    filled_in,
    heredoc,
)
from profile_widgets.formats.reading.shell_parts import MAX_WORDS, Parts
from profile_widgets.formats.reading.shell_repairs import (
    COMMENTS,
    DASHES,
    LINES,
    NEWLINES,
    SPACES,
)
from profile_widgets.formats.reading.shell_words import Line, Variables, Word

_BLANK = re.compile(r"[^\S\n]+|[\u200b-\u200d\u2060\ufeff]+")
_COMMENTED = re.compile(rf"\\[^\S\n]+#[^\n]*\n(?=[^\S\n]*[-{DASHES}]{{1,2}}[A-Za-z])")
_GOES_ON = re.compile(rf"\s*(?:>{{1,2}}\s+)?[-{DASHES}]{{1,2}}[A-Za-z]")
_PROSE = re.compile(
    rf"\s*[-{DASHES}]{{1,2}}[a-z][\w-]*"
    rf"(?:[:,.](?:\s|$)|[^\S\n]+[{DASHES}:-][^\S\n]|(?:[^\S\n]+[A-Za-z][a-z\u2019']*(?![\w=/-])){{2}})"
)
_REDIRECTION = re.compile(r"[0-9]?(?:>>|>&|>|<)[^\S\n]*(?:[^\s;|&<>]+)?")
_FED = re.compile(r"<<-?[^\S\n]*['\"\\]?(\w+)['\"]?")


class Splitter(Parts):
    """Split one command line, which begins at a position of a text, into words."""

    def __init__(
        self, text: str, variables: Variables, *, inline: bool = False, fills: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text, variables, inline=inline, fills=fills)
        self.heredocs: list[Heredoc] = []

    def split(self, start: int) -> Line:
        """Return the command line that begins at ``start``."""
        self.at = start
        while self.at < len(self.text) and self._step():
            pass
        self.line.end = max([self.at, *(each.behind for each in self.heredocs)])
        if self.heredocs:
            self.line.stdin = self.body(self.heredocs[-1])
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
        continued = self.continued.match(self.text, self.at)
        if continued is not None:
            if (continued[1] or continued[2] or "").strip("\r"):
                self.line.repairs.add(NEWLINES)
            self.at = continued.end()
            return True
        commented = _COMMENTED.match(self.text, self.at)
        if commented is not None:
            self.line.repairs.add(COMMENTS)
            self.at = commented.end()
            return True
        blank = _BLANK.match(self.text, self.at)
        if blank is not None:
            if not blank[0].isascii():
                self.line.repairs.add(SPACES)
            self.at = blank.end()
        return blank is not None

    def _newline(self) -> bool:
        found = _GOES_ON.match(self.text, self.at + 1)
        if self.heredocs or not self.line.words or found is None or _PROSE.match(self.text, self.at + 1):
            return False
        if "\n\n" in self.text[self.at : found.end()].replace(" ", ""):
            return False
        self.line.repairs.add(LINES)
        self.at += 1
        prompt = re.compile(r"[^\S\n]*>{1,2}[^\S\n]+").match(self.text, self.at)
        self.at = prompt.end() if prompt is not None else self.at
        return True

    def _cut(self) -> None:
        rest = self.text[self.at : self._line_end()].strip()
        if rest.startswith(("|", ">")):
            self.line.cut = rest

    def _redirected(self) -> bool:
        if self.text.startswith("<<", self.at):
            return self._fed()
        if self.text[self.at] == "<" and filled_in(self.text, self.at, self.variables, percent=False):
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
            self.line.stdin = word if word is not None else Word()
            return True
        named = _FED.match(self.text, self.at)
        if named is None:
            self._refuse("<< names no word at which the text ends", self.at)
        line_end = self.heredocs[-1].behind if self.heredocs else self._line_end()
        found = heredoc(self.text, self.at, line_end)
        if found is None:
            self._refuse(f"The text that begins with <<{named[1]} has no end", self.at)
        self.heredocs.append(found)
        self.at = named.end()
        return True
