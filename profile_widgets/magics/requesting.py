"""The request that a magic's options make: a cli-input file, and the options that win over its members."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from profile_widgets.checks.problems import Problem
from profile_widgets.errors import FormatError
from profile_widgets.formats.parameters import parameter
from profile_widgets.formats.placeholders import NOTHING_LEFT
from profile_widgets.formats.reading import read
from profile_widgets.formats.reading.fillins import fill_ins
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import Option
from profile_widgets.magics.parsing import Asked
from profile_widgets.model import documents
from profile_widgets.model.documents import Document
from profile_widgets.model.shapes import Member, input_member, walk

INPUTS = {"cli-input-json": "json", "cli-input-yaml": "yaml"}
"""The options that give a whole request, and their formats."""

FILE = "file://"
RAW = "raw-in-base64-out"


@dataclass(frozen=True)
class Gathered:
    """Hold a request, and what was found while it was read."""

    request: Document = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether something of it cannot be sent."""
        return any(problem.blocks for problem in self.problems)


def gather(asked: Asked) -> Gathered:
    """Return the request that was asked for, in the model's order of members.

    Raises :class:`~profile_widgets.magics.errors.MagicError` for a value that cannot be read, naming its option.
    """
    whole = _whole(asked)
    given: Document = {}
    for name, values in asked.given.items():
        row = asked.table[name]
        if row.member is not None:
            given[row.member.name] = _value(row, row.member, values)
    together = {**whole.request, **given}
    members = input_member(asked.operation).members
    request = {name: together[name] for name in (*members, *together) if name in together}
    how = asked.value("cli-binary-format") or "base64"
    names = {name for name, each in members.items() if each.required}
    said = tuple(
        problem
        for problem in whole.problems
        if documents.top(problem.path) not in given and not (problem.rule == NOTHING_LEFT and request.keys() - names)
    )
    return Gathered(_with_bytes(asked.operation, request, how), (*said, *fill_ins(given)))


def _whole(asked: Asked) -> Gathered:
    """Read the request that a cli-input option gives."""
    named = [name for name in INPUTS if asked.has(name)]
    if len(named) > 1:
        raise MagicError(f"Give one of {' and '.join(f'--{name}' for name in named)}, not both.")
    for name in named:
        text = asked.value(name) or ""
        try:
            reading = read(_text(text), INPUTS[name], operation=asked.operation, files=file_text)
        except FormatError as error:
            raise MagicError(f"--{name}: {_placed(error)}{_meant_a_file(text)}") from error
        return Gathered(dict(reading.request), reading.problems)
    return Gathered()


def _value(row: Option, member: Member, values: tuple[str, ...]) -> Any:
    """Return the value of an option of the request."""
    try:
        return parameter(member, values, files=file_text)
    except FormatError as error:
        meant = _meant_a_file(values[0]) if row.takes_body and len(values) == 1 else ""
        raise MagicError(f"{row.flag}: {_placed(error)}{meant}") from error


def _text(value: str) -> str:
    return file_text(value) if value.startswith(FILE) else value


def file_text(name: str) -> str:
    """Return the text of a file, found as the AWS CLI finds what ``file://`` names: ``~`` and ``$HOME`` are known.

    Raises :class:`~profile_widgets.errors.FormatError` when it cannot be read.
    """
    path = Path(os.path.expandvars(os.path.expanduser(name.removeprefix(FILE))))  # noqa: PTH111 - ~ before $, as the CLI
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise FormatError(f"{path} is not a text in UTF-8.", format="file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError(f"{path} cannot be read: {reason}.", format="file") from error


def _placed(error: FormatError) -> str:
    """Return what is wrong with a text, and where when that is known."""
    text = str(error)
    if not error.line and not error.column:
        return text
    place = f"column {error.column}" if error.line <= 1 else f"line {error.line}, column {error.column}"
    return text if place in text else f"{place}: {text}"


def _meant_a_file(text: str) -> str:
    """Say how to name a file, when a value is the bare name of one."""
    try:
        found = len(text) < 1000 and "\n" not in text and Path(text).expanduser().is_file()
    except (OSError, ValueError):
        return ""
    return f" To read the file, write {FILE}{text}" if found else ""


def binary_members(operation: str) -> tuple[str, ...]:
    """Return the paths of the members of a request that hold bytes; the model has none today."""
    return tuple(path for path, member in walk(input_member(operation)) if member.type_name == "blob")


def _with_bytes(operation: str, request: Document, how: str) -> Document:
    return dict(decoded(input_member(operation), request, how)) if binary_members(operation) else request


def decoded(member: Member, value: Any, how: str) -> Any:
    """Return a value with the texts of its binary members as bytes.

    ``how`` is ``base64``, or ``raw-in-base64-out`` for bytes that are written as they are. Raises
    :class:`~profile_widgets.magics.errors.MagicError` for what is no base64.
    """
    if member.is_structure and isinstance(value, Mapping):
        return {
            name: decoded(member.members[name], each, how) if name in member.members else each
            for name, each in value.items()
        }
    if member.kind == "list" and isinstance(value, list):
        return [decoded(member.item, each, how) for each in value]
    if member.type_name != "blob" or not isinstance(value, str):
        return value
    if how == RAW:
        return value.encode("utf-8")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise MagicError(
            f"{member.name} is not base64: {error}. For bytes as they are, add --cli-binary-format {RAW}."
        ) from None
