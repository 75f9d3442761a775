"""What AWS says about the members of a request that it refuses, taken apart.

AWS joins all findings in one text: ``2 validation errors detected: Value 'x' at 'userSettings.executionRole' failed to
satisfy constraint: Member must ...; Value ...``, with paths in camelCase. Here they become pairs of a path as the kit
writes it and AWS's words about it.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 100_000
"""How many characters of a refusal are looked at."""

_AT = r" at '([\w.\[\]-]{1,400})' failed to satisfy constraint: "
_SEGMENT = r"([\w-]+)|\[(\d{1,6})\]"
_REPORTED = (
    r'(?:Missing required|Unknown) parameter in (?P<inside>[\w.\[\]]+): "(?P<name>[^"]{1,200})"',
    r"Invalid (?:type|value|length) for parameter (?P<inside>[\w.\[\]]+), value: ",
    r"Invalid number of parameters set for tagged union structure (?P<inside>[\w.\[\]]+)\. ",
    r"Must set one of the following keys for tagged union ?structure (?P<inside>[\w.\[\]]+): ",
)
"""How the lines begin in which botocore reports its findings; a line that begins otherwise belongs to a value."""


def service_findings(text: str, shape: Any) -> tuple[tuple[str, str], ...]:
    """Return the findings of a ValidationException's text as (path, message); empty when it holds none.

    ``shape`` is botocore's input shape of the operation, which gives the members their spelling; None keeps AWS's, with
    capitals.

    Example::

        >>> service_findings("1 validation error detected: Value 'x' at 'userSettings.executionRole' failed to satisfy "
        ...                  "constraint: Member must have length greater than or equal to 20", None)
        (('UserSettings.ExecutionRole', 'Member must have length greater than or equal to 20'),)
    """
    text = text[:LONGEST]
    places = list(re.finditer(_AT, text))
    findings = []
    for index, place in enumerate(places):
        last = index + 1 == len(places)
        words = text[place.end() :] if last else text[place.end() : places[index + 1].start()]
        if not last:
            words = words.partition("; Value")[0]
        findings.append((member_path(place.group(1), shape), words.strip().rstrip(";").strip()))
    return tuple(findings)


def botocore_findings(report: str) -> tuple[tuple[str, str], ...]:
    """Return the findings of botocore's own check, from the lines of a ParamValidationError's report."""
    findings = []
    for line in report[:LONGEST].splitlines():
        found = next((match for form in _REPORTED if (match := re.match(form, line))), None)
        if found is not None:
            inside, name = found["inside"], found.groupdict().get("name")
            inner = [] if inside == "input" else [inside]
            findings.append((".".join(inner + ([name] if name else [])), line.strip()))
    return tuple(findings)


def member_path(path: str, shape: Any) -> str:
    """Turn AWS's path into the kit's: members spelt as in ``shape``, items as ``[0]``, counted from 0.

    AWS writes an item as ``customImages.1.member``, counted from 1; ``customImages[0]`` is understood too.

    Example::

        >>> member_path("tags.2.member.key", None)
        'Tags[1].Key'
    """
    result = ""
    segments = [(word, index) for word, index in re.findall(_SEGMENT, path)]
    position = 0
    while position < len(segments):
        word, index = segments[position]
        following = segments[position + 1][0] if position + 1 < len(segments) else ""
        if index:
            result += f"[{index}]"
            shape = getattr(shape, "member", None)
        elif word.isdecimal() and following == "member":
            result += f"[{max(int(word) - 1, 0)}]"
            shape = getattr(shape, "member", None)
            position += 1
        else:
            name, shape = _member(word, shape)
            result += f".{name}" if result else name
        position += 1
    return result


def _member(word: str, shape: Any) -> tuple[str, Any]:
    """Return a member's own spelling and shape; its first letter made a capital when the shape does not know it."""
    members = getattr(shape, "members", None) or {}
    for name, inner in members.items():
        if name.casefold() == word.casefold():
            return name, inner
    return word[:1].upper() + word[1:], None
