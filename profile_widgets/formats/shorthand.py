"""The AWS CLI's shorthand: ``Key=a,Value=b``, nested ``{}``, lists ``[]`` and ``a=1,2``, quotes, and ``@=`` for files.

Source: "Using shorthand syntax with the AWS CLI" in its user guide; what that leaves open is as the CLI does it, and
tests compare with its own parser.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import Any, NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.model.shapes import Member

Files = Callable[[str], str]

MAX_DEPTH = 100
_KEY = re.compile(r"[A-Za-z0-9\-_.#/:]*")
_SPACE = re.compile(f"[{re.escape(string.whitespace)}]*")
_FIRST = re.compile(r"""(?:\\,|[^\x00-\x20"',=\[{])(?:\\,|[^\x00-\x08\x0e-\x1b"',\]}])*""")
"""A bare value behind ``=``: it may hold ``=``, and ends at a comma or a closing bracket."""
_NEXT = re.compile(r"""(?:\\,|[^\x00-\x20"',=\[{])(?:\\,|[^\x00-\x08\x0e-\x1b"',=])*""")
"""A bare value further on in ``a=1,2``: with a ``=`` in it, it is the next key."""
_QUOTED = {"'": re.compile(r"'((?:\\'|[^'])*)'"), '"': re.compile(r'"((?:\\"|[^"])*)"')}


class _Word(str):
    """Keep where in the text a value begins, for whoever finds later that it is no number."""

    __slots__ = ("at",)
    at: int

    def __new__(cls, text: str, at: int) -> _Word:
        word = super().__new__(cls, text)
        word.at = at
        return word


def shorthand(text: str, member: Member | None = None, *, files: Files | None = None) -> Any:
    """Return what a text in shorthand says, with the types that ``member`` (a structure, or a list of them) asks for.

    ``files`` gives the text of a file named by ``Key@=file://name``. Raises :class:`FormatError` with the column.

    Example::

        >>> shorthand("Key=team,Value=research")
        {'Key': 'team', 'Value': 'research'}
        >>> from profile_widgets.model import shape
        >>> shorthand("CustomImages=[{ImageName=a,ImageVersionNumber=3}]", shape("KernelGatewayAppSettings"))
        {'CustomImages': [{'ImageName': 'a', 'ImageVersionNumber': 3}]}
    """
    parsed = _Parser(text, files).document()
    return _typed(parsed, member, text)


def looks_like_shorthand(text: str) -> bool:
    """Tell whether a text begins as shorthand does: a key and ``=`` or ``@=``."""
    return re.match(r"\s*[A-Za-z0-9\-_.#/:]+\s*@?\s*=", text) is not None


class _SyntaxError(Exception):
    """Say what was expected, and where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def refuse(message: str, text: str, at: int) -> NoReturn:
    """Raise the error for a place in a text."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    where = f"column {column}" if line == 1 else f"line {line}, column {column}"
    raise FormatError(f"{message} ({where}).", format="shorthand", line=line, column=column)


class _Parser:
    def __init__(self, text: str, files: Files | None) -> None:
        self.text, self.files = text, files
        self.at = 0
        self.depth = 0
        self.from_file = False

    def document(self) -> dict[str, Any]:
        try:
            return self._pairs()
        except _SyntaxError as error:
            refuse(str(error), self.text, error.at)

    def _pairs(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            begin = self.at
            key = self._begin_pair()
            value = self._value()
            if key in found:
                hint = "separate one structure from the next by a space, not by a comma"
                raise _SyntaxError(f"{key or 'An empty key'} stands twice: {hint}", begin)
            found[key] = value
            if self.at >= len(self.text):
                return found
            self._expect(",", spaced=True)

    def _begin_pair(self) -> str:
        key = self._match(_KEY) or ""
        self.from_file = False
        self._skip()
        if self._here() == "@":
            self.at += 1
            self._skip()
            self.from_file = True
        self._expect("=", spaced=True)
        return key

    def _value(self) -> Any:
        here = self._here()
        if here == "":
            return ""
        if here == "[":
            return self._list()
        return self._structure() if here == "{" else self._words()

    def _words(self) -> Any:
        """Read ``a`` or ``a,b,c``; what turns out to be the next key is left where it is."""
        first = self._first()
        self._skip()
        if self._here() != ",":
            return first
        values = [first]
        while True:
            comma = self.at
            self._expect(",", spaced=True)
            try:
                value = self._next()
                self._skip()
                if self._here() not in ("", ","):
                    raise self._unexpected(",")
            except _SyntaxError:
                if self.at >= len(self.text):
                    raise
                self.at = self.text.rfind(",", comma, self.at + 1)
                break
            values.append(value)
            if self._here() == "":
                break
        return first if len(values) == 1 else values

    def _list(self) -> list[Any]:
        self._enter("[")
        values: list[Any] = []
        while self._here() != "]":
            values.append(self._inner())
            self._between("]")
        self._leave("]")
        return values

    def _structure(self) -> dict[str, Any]:
        self._enter("{")
        found: dict[str, Any] = {}
        while self._here() != "}":
            key = self._begin_pair()
            found[key] = self._inner()
            self._between("}")
        self._leave("}")
        return found

    def _enter(self, bracket: str) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _SyntaxError(f"It is nested more than {MAX_DEPTH} deep, which no request is", self.at)
        self._expect(bracket, spaced=True)

    def _leave(self, bracket: str) -> None:
        self.depth -= 1
        self._expect(bracket)

    def _between(self, closing: str) -> None:
        self._skip()
        if self._here() != closing:
            self._expect(",")
            self._skip()

    def _inner(self) -> Any:
        here = self._here()
        if here == "[":
            return self._list()
        return self._structure() if here == "{" else self._first()

    def _first(self) -> str:
        if self._here() in _QUOTED:
            return self._quoted()
        begin = self.at
        bare = self._match(_FIRST)
        return self._read("" if bare is None else bare.replace("\\,", ",").rstrip(), begin, bare is not None)

    def _next(self) -> str:
        if self._here() in _QUOTED:
            return self._quoted()
        begin = self.at
        bare = self._match(_NEXT)
        if bare is None:
            raise _SyntaxError(f"Expected a value, found {self._found()}", self.at)
        return self._read(bare.replace("\\,", ",").rstrip(), begin, True)

    def _quoted(self) -> str:
        mark, begin = self._here(), self.at
        whole = self._match(_QUOTED[mark])
        if whole is None:
            raise _SyntaxError(f"The text that begins with {mark} has no end", begin)
        return self._read(whole[1:-1].replace(f"\\{mark}", mark).replace("\\\\", "\\"), begin, True)

    def _read(self, text: str, begin: int, given: bool) -> str:
        """Return the text of the file that is named, where ``@=`` asks for it."""
        if self.from_file and given and text.startswith(("file://", "fileb://")):
            if text.startswith("fileb://"):
                raise _SyntaxError("fileb:// gives bytes, and no member of a request takes bytes: use file://", begin)
            if self.files is None:
                raise _SyntaxError(f"{text} is not read here: paste the file's content", begin)
            return _Word(self.files(text.removeprefix("file://")), begin)
        return _Word(text, begin)

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def _skip(self) -> None:
        self._match(_SPACE)

    def _here(self) -> str:
        return self.text[self.at : self.at + 1]

    def _expect(self, wanted: str, *, spaced: bool = False) -> None:
        if spaced:
            self._skip()
        if self._here() != wanted:
            raise self._unexpected(wanted)
        self.at += 1
        if spaced:
            self._skip()

    def _unexpected(self, wanted: str) -> _SyntaxError:
        return _SyntaxError(f"Expected {wanted}, found {self._found()}", self.at)

    def _found(self) -> str:
        return self._here() or "the end"


def _typed(value: Any, member: Member | None, text: str) -> Any:
    """Give values the types of the model; what does not fit stays for whoever judges the request."""
    if member is None:
        return _plain(value)
    if member.is_structure:
        if not isinstance(value, dict):
            return _plain(value)
        return {name: _typed(each, member.members.get(name), text) for name, each in value.items()}
    if member.kind == "list":
        values = value if isinstance(value, list) else [value]
        return [_typed(each, member.item, text) for each in values]
    return _scalar(value, member, text) if isinstance(value, _Word) else _plain(value)


def _scalar(value: _Word, member: Member, text: str) -> Any:
    if member.kind in ("integer", "number"):
        try:
            return int(value) if member.kind == "integer" else float(value)
        except ValueError:
            refuse(f"{member.name or member.shape} takes a number, not “{value[:60]}”", text, value.at)
    if member.kind == "boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value)
