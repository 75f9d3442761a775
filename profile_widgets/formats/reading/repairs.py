"""What happens to JSON and YAML on their way through chats and wikis, put right: typographic quotes and the like.

A text that can be read as it stands is not changed, unless YAML takes such a space or quote for a part of a name. Each
repair is said. It keeps every character's place, so that the line and column of what is wrong besides stay true.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.registry import CertainError, Found
from profile_widgets.formats.syntax import json_document, yaml_document
from profile_widgets.model.shapes import CREATE, input_member, shape

_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_QUOTES = "“”„‟″"
_PIECE = re.compile(
    rf"""
    (?P<string>"(?:[^"\\\n]|\\[^\n])*\\?(?:"|(?=\n)|\Z))
    | (?P<quoted>[{_QUOTES}][^"\n{_QUOTES}]*["{_QUOTES}])
    | (?P<comment>//[^\n]*|\#[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
    | (?P<open>/\*(?:[^*]|\*(?!/))*\Z)
    | (?P<comma>,(?=(?:[\s{_SPACES}]|//[^\n]*\n|\#[^\n]*\n)*(?:[\]}}]|\Z)))
    | (?P<space>[{_SPACES}]+)
    """,
    re.VERBOSE,
)
_PAIRS = re.compile(rf'[\s{_SPACES}]*["{_QUOTES}][A-Za-z]\w*["{_QUOTES}][\s{_SPACES}]*:')
_WORDS = {
    "quoted": "Typographic quotes are read as plain ones.",
    "comment": "Comments are left out: JSON has none.",
    "comma": "A comma with nothing behind it is left out.",
    "space": "Spaces of another kind (non-breaking ones) are read as plain ones.",
    "braces": "The braces around it are added.",
}
_UNUSUAL = re.compile(rf"[{_SPACES}{_QUOTES}]")
_PAIR = re.compile(rf"([A-Za-z]\w{{0,99}}):[{_SPACES}]")
_INDENTED = re.compile(rf"^[ \t]*[{_SPACES}][ \t{_SPACES}]*", re.MULTILINE)
_BEHIND = re.compile(
    rf"""^([ \t]*(?:-[ \t]+)*(?:["']?[A-Za-z]\w{{0,99}}["']?:|-))[ \t]*[{_SPACES}][ \t{_SPACES}]*""", re.MULTILINE
)
_NAME = re.compile(rf"^([ \t]*(?:-[ \t]+)?)[{_QUOTES}]([A-Za-z]\w{{0,99}})[{_QUOTES}](?=[ \t]*:)", re.MULTILINE)
_VALUE = re.compile(
    rf"""^([ \t]*(?:-[ \t]+)*(?:["']?[A-Za-z]\w{{0,99}}["']?:[ \t]+)?)"""
    rf"""[{_QUOTES}]([^\n"\\{_QUOTES}]*)[{_QUOTES}][ \t]*$""",
    re.MULTILINE,
)


def holds_pairs(text: str) -> bool:
    """Tell whether a text begins with a name of JSON: lines whose braces were left behind."""
    return _PAIRS.match(text) is not None


def read_json(text: str, found: Found) -> Any:
    """Return what a JSON text says, repaired where it cannot be read as it stands; repairs are told to ``found``.

    Raises :class:`~profile_widgets.errors.FormatError`.
    """
    try:
        return json_document(text)
    except FormatError as error:
        changed, kinds = _repaired_json(text)
        if not kinds:
            raise _clearer(error) from None
        document = _again(changed, shift="braces" in kinds)
        for kind in kinds:
            found.warn(_WORDS[kind])
        return document


def repaired_json(text: str) -> tuple[str, list[str]]:
    """Return a text of JSON as it may be meant, and a sentence about each kind of repair; none when nothing is changed.

    Example::

        >>> repaired_json('{"A": 1,}')
        ('{"A": 1 }', ['A comma with nothing behind it is left out.'])
    """
    changed, kinds = _repaired_json(text)
    return changed, [_WORDS[kind] for kind in kinds]


def _again(text: str, *, shift: bool) -> Any:
    try:
        return json_document(text)
    except FormatError as error:
        if shift and error.line == 1:
            message = str(error).replace(f"column {error.column})", f"column {error.column - 1})")
            raise FormatError(message, format="json", line=1, column=max(error.column - 1, 1)) from None
        raise _clearer(error) from None


def _clearer(error: FormatError) -> FormatError:
    """Return an error of JSON; one about a second value says that a request is one."""
    if not str(error).startswith("Extra data"):
        return error
    where = str(error).removeprefix("Extra data")
    text = f"A second value begins behind the first, and a request is one object{where}"
    return CertainError(text, format="json", line=error.line, column=error.column)


def _repaired_json(text: str) -> tuple[str, list[str]]:
    """Return a text with the kinds of repairs that it took."""
    kinds: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        kind, piece = str(found.lastgroup), found[0]
        if kind in ("string", "open"):
            return piece
        kinds[kind] = None
        if kind == "quoted":
            return f'"{piece[1:-1]}"'
        return re.sub(r"[^\n]", " ", piece)

    changed = _PIECE.sub(put, text)
    if holds_pairs(text):
        kinds["braces"] = None
        changed = "{" + changed.rstrip() + "}"
    return changed, list(kinds)


def read_yaml(text: str, found: Found, *, tags: bool = False) -> Any:
    """Return what a YAML text says, repaired where needed; repairs are told to ``found``.

    Raises :class:`~profile_widgets.errors.FormatError`.
    """
    document: Any = None
    refusal: FormatError | None = None
    try:
        document = yaml_document(text, tags=tags)
    except FormatError as error:
        refusal = error
    if refusal is None and not (_UNUSUAL.search(text) and _is_odd(document)):
        return document
    plain = _BEHIND.sub(_blank, _INDENTED.sub(_blank, text))
    quoted = _VALUE.sub(r'\1"\2"', _NAME.sub(r'\1"\2"', plain))
    if quoted == text:
        if refusal is not None:
            raise refusal
        return document
    document = yaml_document(quoted, tags=tags)
    for kind in (kind for kind, done in (("space", plain != text), ("quoted", quoted != plain)) if done):
        found.warn(_WORDS[kind])
    return document


def _is_odd(document: Any) -> bool:
    """Tell whether YAML took unusual spaces or quotes for a part of a name, or a name and its value for one text."""
    if isinstance(document, dict):
        return any(_UNUSUAL.match(name) for name in document) or any(map(_is_odd, document.values()))
    if isinstance(document, list):
        return any(map(_is_odd, document))
    return isinstance(document, str) and (pair := _PAIR.match(document)) is not None and pair[1] in known_names()


@cache
def known_names() -> frozenset[str]:
    """Return the names by which a request is known: its own members, and those of its settings."""
    return frozenset(input_member(CREATE).members) | frozenset(shape("UserSettings").members)


def _blank(found: re.Match[str]) -> str:
    kept = found[1] if found.re.groups else ""
    return kept + " " * (len(found[0]) - len(kept))
