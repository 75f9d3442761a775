"""Every constraint of the service model, checked here because botocore checks only some.

Botocore checks types, required and unknown members, minimums and unions; it leaves patterns, enums and maximums to the
service (service contract, "Constraints"). One walker collects all findings; each check is bounded in time.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from profile_widgets.checks import patterns
from profile_widgets.checks.problems import ERROR, WARNING, Problem, ordered, shown
from profile_widgets.model.complaints import unknown_members
from profile_widgets.model.documents import join
from profile_widgets.model.halves import holds_half
from profile_widgets.model.shapes import Member

Findings = Iterator[Problem]

LONGEST_ENUM = 100
"""How many characters of a wrong value are compared with the known ones, to find the nearest."""


def check_structure(member: Member, document: Any, path: str = "") -> tuple[Problem, ...]:
    """Return every broken constraint of ``document`` read as a ``member``; paths begin with ``path``.

    Example::

        >>> from profile_widgets.model import shape
        >>> [str(each) for each in check_structure(shape("CustomImage"), {"ImageName": "ok"})]
        ['error: AppImageConfigName: Needed, and missing.']
    """
    return ordered(_check(member, document, path))


def _check(member: Member, value: Any, path: str) -> Findings:
    if value is None:
        yield Problem(path, ERROR, "null is not a value here: leave the member out, or give it a value.", "type")
        return
    yield from _BY_KIND[member.kind](member, value, path)


def _structure(member: Member, value: Any, path: str) -> Findings:
    if not isinstance(value, Mapping):
        yield Problem(path, ERROR, f"Takes named members ({{...}}), not {shown(value)}.", "type")
        return
    yield from unknown_members(member, value, path)
    for name, child in member.members.items():
        if name in value:
            yield from _check(child, value[name], join(path, name))
        elif child.required:
            yield Problem(join(path, name), ERROR, "Needed, and missing.", "required")


def _union(member: Member, value: Any, path: str) -> Findings:
    yield from _structure(member, value, path)
    if isinstance(value, Mapping):
        chosen = [name for name in value if name in member.members]
        if len(chosen) != 1:
            found = "none" if not chosen else " and ".join(chosen)
            yield Problem(path, ERROR, f"Exactly one of {', '.join(member.members)}; here: {found}.", "union")


def _list(member: Member, value: Any, path: str) -> Findings:
    if not isinstance(value, (list, tuple)):
        yield Problem(path, ERROR, f"Takes a list, not {shown(value)}.", "type")
        return
    if member.minimum is not None and len(value) < member.minimum:
        yield Problem(path, ERROR, f"At least {count(member.minimum, 'item')}; there are {len(value)}.", "minimum")
    if member.maximum is not None and len(value) > member.maximum:
        yield Problem(path, ERROR, f"At most {count(member.maximum, 'item')}; there are {len(value)}.", "maximum")
    for index, item in enumerate(value):
        yield from _check(member.item, item, join(path, index))


def count(number: float, noun: str) -> str:
    """Return ``number`` with its noun: ``1 item``, ``5 items``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _no_text(value: Any, path: str) -> Findings:
    """Say why a value is no text that can be sent, if it is none."""
    if isinstance(value, str):
        if holds_half(value):
            text = f"{shown(value)} holds half a character that cannot be sent. Type it again."
            yield Problem(path, ERROR, text, "text")
    elif isinstance(value, (bool, int, float, dt.date)):  # what YAML makes of yes, 0123, 1e3 and 2024-01-01
        word = str(value).lower() if isinstance(value, bool) else value
        found = shown(word.isoformat() if isinstance(word, dt.date) else word)
        yield Problem(path, ERROR, f"Takes a text, not {found}: put it in quotes.", "type")
    else:
        yield Problem(path, ERROR, f"Takes a text, not {shown(value)}.", "type")


def _string(member: Member, value: Any, path: str) -> Findings:
    wrong = tuple(_no_text(value, path))
    if wrong:
        yield from wrong
        return
    size = len(value)
    if member.minimum is not None and size < member.minimum:
        found = "this is empty" if not size else f"this has {size}"
        yield Problem(path, ERROR, f"At least {count(member.minimum, 'character')}; {found}.", "minimum")
    if member.maximum is not None and size > member.maximum:
        yield Problem(path, ERROR, f"At most {count(member.maximum, 'character')}; this has {size:,}.", "maximum")
    elif member.pattern is not None:
        yield from _pattern(member, value, path)


def _pattern(member: Member, value: str, path: str) -> Findings:
    fits = patterns.matches(member.pattern or "", value)
    if fits is False:
        found = f"this is {shown(value)}" if value else "this is empty"
        yield Problem(path, ERROR, f"{patterns.words(member.shape, member.pattern or '')}; {found}.", "pattern")
    elif fits is None:
        text = "AWS's pattern for this text could not be tried here; AWS may refuse the value."
        yield Problem(path, WARNING, text, "pattern")


def _enum(member: Member, value: Any, path: str) -> Findings:
    wrong = tuple(_no_text(value, path))
    if wrong:
        yield from wrong
    elif value not in member.enum:
        yield Problem(path, ERROR, f"{shown(value)} is not a known value. {_choices(member, value)}", "enum")


def _choices(member: Member, value: str) -> str:
    if len(member.enum) <= 12:
        *others, last = member.enum
        return f"Choose {', '.join(others)} or {last}." if others else f"Choose {last}."
    near = difflib.get_close_matches(value[:LONGEST_ENUM], member.enum, n=3)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    return f"The installed botocore knows {len(member.enum)} values.{hint}"


def _number(member: Member, value: Any, path: str) -> Findings:
    whole = member.kind == "integer"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        yield Problem(path, ERROR, f"Takes a {'whole ' if whole else ''}number, not {shown(value)}.", "type")
        return
    low, high = member.minimum, member.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        allowed = f"From {low:,} to {high:,}" if low is not None and high is not None else ""
        allowed = allowed or (f"At least {low:,}" if low is not None else f"At most {high:,}")
        rule = "minimum" if low is not None and value < low else "maximum"
        yield Problem(path, ERROR, f"{allowed}; this is {_figure(value)}.", rule)


def _figure(value: float) -> str:
    return f"{value:,}" if abs(value) < 10**18 else shown(value)


def _boolean(_member: Member, value: Any, path: str) -> Findings:
    if not isinstance(value, bool):
        yield Problem(path, ERROR, f"Takes true or false, not {shown(value)}.", "type")


def _opaque(member: Member, value: Any, path: str) -> Findings:
    if any(map(holds_half, _texts(value))):
        yield Problem(path, ERROR, f"{shown(value)} holds half a character that cannot be sent.", "text")
    text = f"{member.shape} is of a kind ({member.type_name}) that this version cannot check; it is sent as it is."
    yield Problem(path, WARNING, text, "opaque")


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a plain value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        for each in value:
            yield from _texts(each)
        yield from (text for each in value.values() for text in _texts(each)) if isinstance(value, Mapping) else ()


_BY_KIND: dict[str, Callable[[Member, Any, str], Findings]] = {
    "structure": _structure,
    "union": _union,
    "list": _list,
    "string": _string,
    "enum": _enum,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "opaque": _opaque,
}
