"""What ``profile-widgets check`` does: read a request and what is known around it, and tell what is found."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profile_widgets.checks import Problem
    from profile_widgets.formats.reading import Reading

CREATE, UPDATE = "CreateUserProfile", "UpdateUserProfile"
_OPERATIONS = {"create": CREATE, "update": UPDATE}
ONLY_CREATE = ("Tags", "SingleSignOnUserIdentifier", "SingleSignOnUserValue")
"""Members that only a create request has: by these the operation is known of a file that does not name it."""

OF_A_DOMAIN = ("DomainId", "DefaultUserSettings", "AppNetworkAccessType", "AuthMode")
OF_A_PROFILE = ("DomainId", "UserProfileName", "UserProfileArn", "UserSettings")
"""Members of which an answer of AWS has at least one."""

LONGEST = (1 << 20) + 4
"""How many bytes of a file are read: more than any request has."""

_SURE = 90
"""How much a text must look like a template not to be what its file's name says."""

_LOOKS_LIKE_JSON = re.compile(r'\s*(?:\[|\{\s*(?:["}]|\Z))')
_FOUND_TWICE = ("type", "unknown")
"""Rules of reading that checking applies too, in its own words."""


class CannotCheckError(Exception):
    """Say in one sentence why nothing was checked; ``line`` and ``column`` are 0 where no place can be told."""

    def __init__(self, message: str, *, format: str = "", line: int = 0, column: int = 0) -> None:  # noqa: A002
        super().__init__(message)
        self.format, self.line, self.column = format, line, column

    def to_document(self) -> dict[str, Any]:
        """Return it as ``--output json`` prints it: a report with one finding, and no request."""
        finding = {"path": "", "severity": "error", "rule": "unreadable", "message": str(self), "fixes": []}
        return {
            "operation": None,
            "format": self.format or None,
            "errors": 1,
            "problems": [{**finding, "line": self.line, "column": self.column}],
            "request": None,
        }


@dataclass(frozen=True)
class Report:
    """Hold what was found about a request in a file.

    ``operation`` is what it was checked as, ``format`` what it was read as, ``request`` what would be sent,
    ``problems`` are the findings, those that stop the request first.
    """

    operation: str
    format: str
    request: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many findings stop the request."""
        return sum(problem.blocks for problem in self.problems)

    @property
    def stops(self) -> bool:
        """Tell whether a finding stops the request."""
        return self.errors > 0

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the findings in lines for a terminal, with a sum at the end."""
        errors = self.errors
        end = f"{self.operation}: {_count(errors, 'error')}, {_count(len(self.problems) - errors, 'note')}."
        return (*(line for each in self.problems for line in _lines(each)), end)

    def to_document(self) -> dict[str, Any]:
        """Return the report as a plain document, as ``--output json`` prints it."""
        return {
            "operation": self.operation,
            "format": self.format,
            "errors": self.errors,
            "problems": [_plain(each) for each in self.problems],
            "request": self.request,
        }


def check_file(
    file: str | os.PathLike[str],
    format: str | None = None,  # noqa: A002 - the name that the command's option has
    operation: str | None = None,
    *,
    domain: str | None = None,
    stored: str | None = None,
) -> Report:
    """Check the request in a file; ``-`` is standard input.

    ``format`` is a name of :data:`~profile_widgets.formats.reading.IMPORTERS`, otherwise told from the file.
    ``operation`` is ``create`` or ``update``, otherwise told from what the file says or holds: a template creates a
    profile, unless one is ``stored``. What a template leaves to its stack is not judged. ``domain`` names a file
    with DescribeDomain's answer, ``stored`` one with DescribeUserProfile's, or with the UserSettings alone. Files that
    a command names by ``file://`` are read. Raises :class:`CannotCheckError`.

    Example::

        from profile_widgets.checking import check_file

        report = check_file("deploy/alice.sh")
        assert not report.stops, report.lines
    """
    from profile_widgets.checks import check
    from profile_widgets.checks.problems import ordered

    name = os.fspath(file)
    if [name, domain, stored].count("-") > 1:
        raise CannotCheckError("Standard input can be one of the files only.")
    reading = _reading(name, format, operation, stored)
    request = reading.request
    around = _answer(domain, "describe-domain", OF_A_DOMAIN, request)
    asked = _operation(operation, reading, stored)
    loaded = _settings(stored, request) if stored is not None else None
    said = [each for each in reading.problems if each.rule not in _FOUND_TWICE]
    found = (each for each in check(request, asked, around, loaded=loaded) if not _is_untold(each.path, reading))
    problems = ordered((*said, *found))
    return Report(asked, reading.format, request, problems)


def _is_untold(path: str, reading: Reading) -> bool:
    """Tell whether a finding is about a member that is given, and whose value only a stack can tell."""
    from profile_widgets.model.documents import is_within

    return any(is_within(path, each) for each in reading.untold)


def _reading(name: str, format: str | None, operation: str | None, stored: str | None) -> Reading:  # noqa: A002
    from profile_widgets.errors import FormatError
    from profile_widgets.formats.reading import IMPORTERS, read

    text = _text(name)
    chosen = format.lower() if format else _named_format(name, text)
    try:
        reading = read(text, chosen, operation=_OPERATIONS.get(operation or ""), files=_text_of)
        if operation is None and stored is not None and IMPORTERS[reading.format].whole:
            reading = read(text, reading.format, operation=UPDATE, files=_text_of)
        return reading
    except FormatError as error:
        raise CannotCheckError(f"{name}: {error}", format=error.format, line=error.line, column=error.column) from error
    except ValueError as error:
        raise CannotCheckError(str(error)) from error


def _named_format(name: str, text: str) -> str | None:
    """Return the format that a file's name promises; a template's may be named the same."""
    from profile_widgets.formats.reading import IMPORTERS

    promised = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}.get(Path(name).suffix.lower())
    return None if any(each.whole and each.looks_like(text) > _SURE for each in IMPORTERS.values()) else promised


def _text_of(name: str) -> str:
    """Return the text of a file that a command names, which must be a plain file."""
    path = Path(os.path.expandvars(name)).expanduser()
    if path.exists() and not path.is_file():
        raise OSError(0, "it is no plain file")
    with path.open("rb") as file:
        return decoded(file.read(LONGEST))


def _plain(problem: Problem) -> dict[str, Any]:
    fixes = [
        {"label": fix.label, "changes": [{"path": each.path, "after": each.after} for each in fix.changes]}
        for fix in problem.fixes
    ]
    return {
        "path": problem.path,
        "severity": problem.severity,
        "rule": problem.rule,
        "message": problem.message,
        "fixes": fixes,
    }


def _lines(problem: Problem) -> Iterator[str]:
    rule = f" [{problem.rule}]" if problem.rule else ""
    yield f"{problem.severity:<11} {problem.path or 'the request'}: {problem.message}{rule}"
    for fix in problem.fixes:
        yield f"{'':<11}   a way out: {fix.label}"


def _operation(asked: str | None, reading: Reading, stored: str | None) -> str:
    from profile_widgets.formats.reading import IMPORTERS

    told = _OPERATIONS[asked] if asked else reading.operation
    if told is None and IMPORTERS[reading.format].whole:
        told = CREATE if stored is None else UPDATE
    creates = told == CREATE if told else any(member in reading.request for member in ONLY_CREATE)
    if creates and stored is not None:
        raise CannotCheckError(f"{stored} holds a profile that is stored, and this request creates one: leave it out.")
    return CREATE if creates else UPDATE


def _answer(
    name: str | None, call: str, members: tuple[str, ...], request: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return an answer of AWS in a file, which must be about what the request is about."""
    if name is None:
        return None
    answer = _document(name, f"answer of {call}: it must be an object with {members[0]} and more")
    if not any(member in answer for member in members):
        raise CannotCheckError(f"{name} holds no answer of {call}: there is none of {', '.join(members)} in it.")
    for member in ("DomainId", "UserProfileName"):
        one, other = answer.get(member), request.get(member)
        if not isinstance(one, str) or not isinstance(other, str) or not one or not other:
            continue
        if one.casefold() != other.casefold():
            raise CannotCheckError(f"{name} is about {member} {one}, and the request about {other}.")
    return answer


def _settings(name: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings that a profile has now, from DescribeUserProfile's answer or alone."""
    from profile_widgets.model.shapes import shape

    bare = _document(name, "user profile: it must be describe-user-profile's answer, or its UserSettings")
    answers = any(member in bare for member in OF_A_PROFILE)
    if not answers and (not bare or any(member in shape("UserSettings").members for member in bare)):
        return bare
    answer = _answer(name, "describe-user-profile", OF_A_PROFILE, request) or {}
    settings = answer.get("UserSettings", {})
    if not isinstance(settings, dict):
        raise CannotCheckError(f"{name} holds no user profile: its UserSettings is no object.")
    return settings


def _document(name: str, what: str) -> Mapping[str, Any]:
    """Return the object in a JSON or YAML file; ``-`` is standard input."""
    from profile_widgets.errors import FormatError
    from profile_widgets.formats.syntax import json_document, yaml_document

    text = _text(name)
    parse = json_document if _LOOKS_LIKE_JSON.match(text) else yaml_document
    try:
        document = parse(text)
    except FormatError as error:
        raise CannotCheckError(f"{name} is neither JSON nor YAML: {error}") from error
    if not isinstance(document, dict):
        raise CannotCheckError(f"{name} holds no {what}.")
    return document


def _text(name: str) -> str:
    """Return the text of a file; ``-`` is standard input."""
    try:
        raw = sys.stdin.buffer.read(LONGEST) if name == "-" else _raw(name)
        return decoded(raw)
    except OSError as error:
        raise CannotCheckError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CannotCheckError(f"{name} is not a text in UTF-8, and not in UTF-16.") from error


def decoded(raw: bytes) -> str:
    r"""Return a text in UTF-8, or in UTF-16 when its first bytes say so: what Windows' shells write into files.

    Example::

        >>> decoded(b"\xff\xfea\x00")
        'a'
    """
    return raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")


def _raw(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(LONGEST)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
