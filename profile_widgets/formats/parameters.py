"""The value of one option, read as the AWS CLI reads it: ``file://``, JSON, shorthand, several words; and YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.formats import syntax
from profile_widgets.formats.shorthand import looks_like_shorthand, shorthand
from profile_widgets.model.shapes import Member

Files = Callable[[str], str]

_YAML_BEGINS = re.compile(r"\s*(?:---|#|- |[^\s=,'\"{}\[\]]+\s*:(?:\s|$)|[\"'][^\"']*[\"']\s*:)")
_JSON_OBJECT = re.compile(r'\s*\{\s*(?:["\\“”„]|\}|\Z)')


def parameter(member: Member, values: Sequence[str], *, files: Files | None = None) -> Any:
    """Return what the words given for an option mean for its member.

    A text is taken as it stands. Structures and lists are JSON where they begin with ``{`` or ``[``, otherwise
    shorthand; YAML, in block or flow form, is taken too. A list takes several words. ``file://name`` stands for the
    text that ``files(name)`` gives. Raises :class:`FormatError` with line and column in the value. Whether the members
    exist and hold values of their type is for whoever judges the request.

    Example::

        >>> from profile_widgets.model import input_member
        >>> members = input_member("CreateUserProfile").members
        >>> parameter(members["Tags"], ["Key=a,Value=b", "Key=c,Value=d"])
        [{'Key': 'a', 'Value': 'b'}, {'Key': 'c', 'Value': 'd'}]
        >>> parameter(members["UserSettings"], ["{StudioWebPortal: ENABLED}"])
        {'StudioWebPortal': 'ENABLED'}
    """
    words = [from_file(values[0], files)] if len(values) == 1 else list(values)
    if member.kind == "list":
        return _list(member, words, files)
    if len(words) != 1:
        raise FormatError(f"{member.name or member.shape} takes one value, not {len(words)}.", format="cli")
    return _structure(member, words[0], files) if member.is_structure else _scalar(member, words[0])


def from_file(value: str, files: Files | None) -> str:
    """Return a value, or the text of the file that it names by ``file://``."""
    if value.startswith("fileb://"):
        _refuse("fileb:// gives bytes, and no member of a request takes bytes: use file://")
    if not value.startswith("file://"):
        return value
    if files is None:
        _refuse(f"{value[:200]} is a file, which is not read here: paste the file's content in its place")
    return files(value.removeprefix("file://"))


def _refuse(message: str) -> NoReturn:
    raise FormatError(f"{message}.", format="cli", line=1, column=1)


def _structure(member: Member, text: str, files: Files | None) -> Any:
    if not text.strip():
        _refuse(f"{member.name or member.shape} takes a structure, and nothing is given")
    if text.lstrip()[0] in "{[":
        return bracketed(text)
    if _YAML_BEGINS.match(text) and not looks_like_shorthand(text):
        return syntax.yaml_document(text)
    return shorthand(text, member, files=files)


def _list(member: Member, words: list[str], files: Files | None) -> Any:
    first = words[0].lstrip() if words else ""
    if len(words) == 1:
        if first.startswith("["):
            return bracketed(words[0])
        if member.item.is_structure and _YAML_BEGINS.match(words[0]) and not looks_like_shorthand(words[0]):
            document = syntax.yaml_document(words[0])
            return document if isinstance(document, list) else [document]
        if first.startswith("- ") and "\n" in first:
            return syntax.yaml_document(words[0])
    if not member.item.is_structure:
        return [_scalar(member.item, each) for each in words]
    return [_structure(member.item, each, files) for each in words]


def bracketed(text: str) -> Any:
    """Return what a text that begins with a bracket says: JSON, or flow YAML where it cannot be meant as JSON."""
    try:
        return syntax.json_document(text)
    except FormatError as as_json:
        if _JSON_OBJECT.match(text):
            raise
        try:
            return syntax.yaml_document(text)
        except FormatError as as_yaml:
            raise (as_json if text.lstrip().startswith("[") else as_yaml) from None


def _scalar(member: Member, text: str) -> Any:
    if member.kind in ("integer", "number"):
        try:
            return int(text) if member.kind == "integer" else float(text)
        except ValueError:
            _refuse(f"{member.name or member.shape} takes a number, not “{text[:60]}”")
    return text.lower() != "false" if member.kind == "boolean" else text
