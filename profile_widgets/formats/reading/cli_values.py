"""The values of a command's options: read as the AWS CLI reads them, with the place of a mistake in the whole text."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.parameters import bracketed, parameter
from profile_widgets.formats.reading.cli_options import Given
from profile_widgets.formats.reading.registry import Files, Found
from profile_widgets.formats.reading.repairs import repaired_json
from profile_widgets.formats.reading.shell_repairs import DOUBLE, DOUBLED, ENTITIES, REPAIRS
from profile_widgets.formats.reading.shell_words import STANDS_FOR, Unknown, Word
from profile_widgets.formats.syntax import place, yaml_document
from profile_widgets.model.shapes import Member

_STDIN = ("/dev/stdin", "/dev/fd/0", "-")
_QUOTES = str.maketrans(dict.fromkeys(DOUBLE, '"'))
_BACKSLASHES = 'Backslashes before quotes (\\") are taken out, as some shells do.'
_HARD_SPACES = "Spaces that do not break are read as plain ones."


class _UnreadError(Exception):
    """Say why a file's text is not known."""


class Values:
    """Read the values of options; what is wrong with them goes to ``found``."""

    def __init__(
        self, text: str, files: Files | None, written: dict[str, Word | None], stdin: Word | None, found: Found
    ) -> None:
        self.text, self.files, self.written, self.stdin, self.found = text, files, written, stdin, found

    def of(self, given: Given, member: Member) -> Any:
        """Return an option's value; ``None`` when there is none to tell, which is then a problem of its own."""
        if not self._known(given, member.name):
            return None
        try:
            return self._value(given, member)
        except _UnreadError as reason:
            self.found.refuse(f"{given.name}: {reason}", member.name)
            return None

    def whole(self, given: Given) -> dict[str, Any]:
        """Return the request that ``--cli-input-json`` or ``--cli-input-yaml`` gives."""
        if not self._known(given, ""):
            return {}
        parse: Callable[[str], Any] = bracketed if given.name.endswith("json") else yaml_document
        try:
            word = self._content(given.words[0])
            document = self._repaired(given, word, parse)
        except _UnreadError as reason:
            self.found.refuse(f"{given.name}: {reason}")
            return {}
        if not isinstance(document, dict):
            raise FormatError(f"{given.name} holds no request: it must be an object with DomainId and more.")
        return document

    def _known(self, given: Given, path: str) -> bool:
        for word in given.words:
            for each in word.unknown:
                self.found.refuse(f"{given.name} holds {each}: put {_its(each)} there.", path)
                return False
            if self._lost_quotes(word):
                shown = f"{word.text[:40]}…" if len(word.text) > 40 else word.text
                sentence = f"{given.name}: the quotes around it are missing, and the shell makes {shown} of it"
                self.found.refuse(f"{sentence}: put '…' around the whole value.", path)
                return False
        return True

    def _lost_quotes(self, word: Word) -> bool:
        """Tell whether a word is JSON or YAML that stands bare, so that a shell takes its quotes away or splits it."""
        begin, end = word.source(0), word.source(max(len(word.text) - 1, 0))
        if word.offset < 0 or not word.begins_bare or self.text[begin : begin + 1] not in ("{", "["):
            return False
        taken = '"' in self.text[begin:end] or "'" in self.text[begin:end]
        split = any(word.text.count(each) != word.text.count(other) for each, other in ("{}", "[]"))
        return '"' not in word.text and (taken or split)

    def _value(self, given: Given, member: Member) -> Any:
        words = [self._content(given.words[0])] if len(given.words) == 1 else given.words
        if not (member.is_structure or member.kind == "list"):
            return self._placed(given, words[0], lambda text: parameter(member, [text]), words[0].text)
        if len(words) == 1:
            return self._repaired(given, words[0], lambda text: parameter(member, [text], files=self._file))
        whole: list[Any] = []
        for word in words:
            whole += self._repaired(given, word, lambda text: parameter(member, [text], files=self._file))
        return whole

    def _content(self, word: Word) -> Word:
        """Return a word, or the text of the file that it names."""
        if not word.text.startswith("file://"):
            return word
        content = self._beside(word.text.removeprefix("file://"))
        if content is None:
            return Word(self._file(word.text.removeprefix("file://")), -1)
        if content.unknown:
            raise _UnreadError(f"its text holds {content.unknown[0]}: put {_its(content.unknown[0])} there.")
        return content

    def _beside(self, name: str) -> Word | None:
        """Return what the text around the command puts into a file; ``None`` for another file."""
        if name in _STDIN and self.stdin is not None:
            return self.stdin
        for each in (name, name.removeprefix("./")):
            if each in self.written:
                content = self.written[each]
                if content is None:
                    raise _UnreadError(f"file://{name[:200]} is written in more than one way: paste its content.")
                return content
        return None

    def _file(self, name: str) -> str:
        beside = self._beside(name)
        if beside is not None:
            if beside.unknown:
                raise _UnreadError(f"{name[:200]} holds {beside.unknown[0]}: put {_its(beside.unknown[0])} there.")
            return beside.text
        if self.files is None:
            raise _UnreadError(f"file://{name[:200]} is not read here: paste the file's content in its place.")
        try:
            return self.files(name)
        except OSError as error:
            raise _UnreadError(f"file://{name[:200]} cannot be read: {error.strerror or error}.") from error
        except UnicodeError as error:
            raise _UnreadError(f"file://{name[:200]} is not a text in UTF-8.") from error

    def _repaired(self, given: Given, word: Word, parse: Callable[[str], Any]) -> Any:
        """Parse a word; where that fails, as it was before a word processor or a shell changed it."""
        if "&quot;" in word.text and '"' not in word.text and word.text.lstrip()[:1] in ("{", "["):
            self.found.warn(f"{given.name}: {REPAIRS[ENTITIES]}")
            word = Word(html.unescape(word.text), -1)
        try:
            return parse(word.text)
        except FormatError as error:
            for text, repairs in _repairs(word.text):
                try:
                    value = parse(text)
                except FormatError:
                    continue
                for repair in repairs:
                    self.found.warn(f"{given.name}: {repair}")
                return value
            raise self._told(given, word, error) from error

    def _placed(self, given: Given, word: Word, parse: Callable[[str], Any], text: str) -> Any:
        try:
            return parse(text)
        except FormatError as error:
            raise self._told(given, word, error) from error

    def _told(self, given: Given, word: Word, error: FormatError) -> FormatError:
        """Return an error of a value as one of the whole text: with the option's name, and its place there."""
        if not error.line or word.offset < 0:
            return FormatError(f"{given.name}: {error}", format="cli")
        position = sum(len(each) + 1 for each in word.text.split("\n")[: error.line - 1]) + error.column - 1
        line, column = place(self.text, word.source(position))
        message = str(error).rpartition(" (")[0] or str(error)
        where = f"{message} (line {line}, column {column})."
        return FormatError(f"{given.name}: {where}", format="cli", line=line, column=column)


def _its(unknown: Unknown) -> str:
    return "the value" if unknown.why == STANDS_FOR else "its value"


def _repairs(text: str) -> Iterator[tuple[str, list[str]]]:
    quotes = text.translate(_QUOTES)
    if quotes != text:
        yield quotes, [REPAIRS["quotes"]]
    spaces = quotes.replace("\u00a0", " ").replace("\u200b", "")
    if spaces != quotes:
        yield spaces, [_HARD_SPACES]
    backslashes = spaces.replace('\\"', '"')
    if backslashes != spaces:
        yield backslashes, [_BACKSLASHES]
    doubled = spaces.replace('""', '"')
    if doubled != spaces:
        yield doubled, [REPAIRS[DOUBLED]]
    if text.lstrip()[:1] in ("{", "["):
        as_json, repairs = repaired_json(text)
        if repairs:
            yield as_json, repairs
