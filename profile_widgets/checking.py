"""What ``profile-widgets check`` does: read a request and what is known around it, and tell what is found."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profile_widgets.checks import Problem

CREATE, UPDATE = "CreateUserProfile", "UpdateUserProfile"
ONLY_CREATE = ("Tags", "SingleSignOnUserIdentifier", "SingleSignOnUserValue")
"""Members that only a create request has: by these the operation of a file is known."""

OF_A_DOMAIN = ("DomainId", "DefaultUserSettings", "AppNetworkAccessType", "AuthMode")
OF_A_PROFILE = ("DomainId", "UserProfileName", "UserProfileArn", "UserSettings")
"""Members of which an answer of AWS has at least one."""

_LOOKS_LIKE_JSON = re.compile(r'\s*(?:\[|\{\s*(?:["}]|\Z))')


class CannotCheckError(Exception):
    """Say in one sentence why nothing was checked."""


@dataclass(frozen=True)
class Report:
    """Hold what was found, in lines for a terminal, and whether it stops the request."""

    lines: tuple[str, ...]
    stops: bool


def report(file: str, operation: str | None = None, domain: str | None = None, stored: str | None = None) -> Report:
    """Check the request in a file; ``-`` is standard input.

    ``operation`` is ``create`` or ``update``, otherwise told from what the file holds. ``domain`` names a file with
    DescribeDomain's answer, ``stored`` one with DescribeUserProfile's, or with the UserSettings alone. Raises
    :class:`CannotCheckError`.
    """
    from profile_widgets.checks import check

    if [file, domain, stored].count("-") > 1:
        raise CannotCheckError("Standard input can be one of the files only.")
    request = _document(file, "request: it must be an object with DomainId, UserProfileName and more")
    around = _answer(domain, "describe-domain", OF_A_DOMAIN, request)
    asked = _operation(operation, request, stored)
    loaded = _settings(stored, request) if stored is not None else None
    problems = check(request, asked, around, loaded=loaded)
    errors = sum(problem.blocks for problem in problems)
    end = f"{asked}: {_count(errors, 'error')}, {_count(len(problems) - errors, 'note')}."
    return Report((*(line for each in problems for line in _lines(each)), end), stops=bool(errors))


def _lines(problem: Problem) -> Iterator[str]:
    rule = f" [{problem.rule}]" if problem.rule else ""
    yield f"{problem.severity:<11} {problem.path or 'the request'}: {problem.message}{rule}"
    for fix in problem.fixes:
        yield f"{'':<11}   a way out: {fix.label}"


def _operation(asked: str | None, request: Mapping[str, Any], stored: str | None) -> str:
    creates = asked == "create" if asked else any(member in request for member in ONLY_CREATE)
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
        if isinstance(one, str) and isinstance(other, str) and one.casefold() != other.casefold():
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
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise CannotCheckError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CannotCheckError(f"{name} is not a text in UTF-8.") from error
    document = _parsed(text, name)
    if not isinstance(document, dict):
        raise CannotCheckError(f"{name} holds no {what}.")
    return document


def _parsed(text: str, name: str) -> Any:
    """Return what a text says as JSON or else as YAML.

    JSON comes first: PyYAML refuses tabs, and makes two halves of an emoji that JSON escapes. When it is neither, the
    reason is told that fits what the text looks like.
    """
    import json

    import yaml

    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        as_json = error
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = _syntax(as_json if _LOOKS_LIKE_JSON.match(text) else error)
        raise CannotCheckError(f"{name} is neither JSON nor YAML: {reason}.") from error


def _syntax(error: Exception) -> str:
    """Return where and why a text could not be parsed, in one line."""
    if isinstance(error, RecursionError):
        return "nested too deep"
    line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    reasons = (getattr(error, each, None) for each in ("problem", "reason", "msg"))
    reason = next(filter(None, reasons), None) or str(error)
    return f"line {line}, column {column}: {reason}" if line else reason


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
