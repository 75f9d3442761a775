"""Every constraint of the service model, checked here because botocore checks only some.

Botocore checks types, required and unknown members, minimums and unions; it leaves patterns, enums and maximums to the
service (service contract, "Constraints"). One walker collects all findings; each check is bounded in time.
What a node's values are compared with is looked up once: a form asks again at every edit.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from profile_widgets.checks import patterns
from profile_widgets.checks.problems import ERROR, WARNING, Problem, ordered, shown
from profile_widgets.model.complaints import unknown_members
from profile_widgets.model.halves import holds_half
from profile_widgets.model.shapes import Member

Check = Callable[[Any, str, "list[Problem]"], None]
"""Looks at a value that is not null, at its path, and adds what is wrong with it to a list."""

LONGEST_ENUM = 100
"""How many characters of a wrong value are compared with the known ones, to find the nearest."""

_STRUCTURES = (dict, Mapping)  # a dict is told at once, without asking the abstract class
_ANY = float("inf")


def check_structure(member: Member, document: Any, path: str = "") -> tuple[Problem, ...]:
    """Return every broken constraint of ``document`` read as a ``member``; paths begin with ``path``.

    Example::

        >>> from profile_widgets.model import shape
        >>> [str(each) for each in check_structure(shape("CustomImage"), {"ImageName": "ok"})]
        ['error: AppImageConfigName: Needed, and missing.']
    """
    found: list[Problem] = []
    _any(_check(member), document, path, found)
    return ordered(found)


def _any(check: Check, value: Any, path: str, found: list[Problem]) -> None:
    if value is None:
        text = "null is not a value here: leave the member out, or give it a value."
        found.append(Problem(path, ERROR, text, "type"))
    else:
        check(value, path, found)


@cache
def _check(member: Member) -> Check:
    return _BY_KIND[member.kind](member)


class _Structure:
    """Check a structure; its members are looked up when the first one is met, for shapes can hold themselves."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def children(self) -> tuple[tuple[str, bool, Check], ...]:
        return tuple((name, child.required, _check(child)) for name, child in self.member.members.items())

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.member.members)

    def __call__(self, value: Any, path: str, found: list[Problem]) -> None:
        if not isinstance(value, _STRUCTURES):
            found.append(Problem(path, ERROR, f"Takes named members ({{...}}), not {shown(value)}.", "type"))
            return
        if not value.keys() <= self.names:
            found.extend(unknown_members(self.member, value, path))
        begin = f"{path}." if path else ""
        for name, required, check in self.children:
            if name in value:
                _any(check, value[name], begin + name, found)
            elif required:
                found.append(Problem(begin + name, ERROR, "Needed, and missing.", "required"))


class _Union(_Structure):
    """Check a structure of which exactly one member is there."""

    def __call__(self, value: Any, path: str, found: list[Problem]) -> None:
        super().__call__(value, path, found)
        if isinstance(value, _STRUCTURES):
            chosen = [name for name in value if name in self.names]
            if len(chosen) != 1:
                there = "none" if not chosen else " and ".join(chosen)
                text = f"Exactly one of {', '.join(self.member.members)}; here: {there}."
                found.append(Problem(path, ERROR, text, "union"))


class _List:
    """Check a list and its items."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def item(self) -> Check:
        return _check(self.member.item)

    def __call__(self, value: Any, path: str, found: list[Problem]) -> None:
        if not isinstance(value, (list, tuple)):
            found.append(Problem(path, ERROR, f"Takes a list, not {shown(value)}.", "type"))
            return
        low, high = self.member.minimum, self.member.maximum
        if low is not None and len(value) < low:
            text = f"At least {count(low, 'item')}; there are {len(value)}."
            found.append(Problem(path, ERROR, text, "minimum"))
        if high is not None and len(value) > high:
            found.append(Problem(path, ERROR, f"At most {count(high, 'item')}; there are {len(value)}.", "maximum"))
        for index, item in enumerate(value):
            _any(self.item, item, f"{path}[{index}]", found)


def _string(member: Member) -> Check:
    low, high = _bounds(member)
    pattern = member.pattern

    def check(value: Any, path: str, found: list[Problem]) -> None:
        good = isinstance(value, str) and low <= len(value) <= high and (value.isascii() or not holds_half(value))
        if not good or (pattern is not None and not patterns.matches(pattern, value)):
            found.extend(_wrong_text(member, value, path))

    return check


def _enum(member: Member) -> Check:
    known = frozenset(member.enum)

    def check(value: Any, path: str, found: list[Problem]) -> None:
        if isinstance(value, str) and value in known:
            return
        wrong = tuple(_no_text(value, path))
        text = f"{shown(value)} is not a known value. {_choices(member, value)}" if not wrong else ""
        found.extend(wrong or (Problem(path, ERROR, text, "enum"),))

    return check


def _number(member: Member) -> Check:
    low, high = _bounds(member)
    whole = member.kind == "integer"
    kinds = (int,) if whole else (int, float)

    def check(value: Any, path: str, found: list[Problem]) -> None:
        if isinstance(value, bool) or not isinstance(value, kinds):
            text = f"Takes a {'whole ' if whole else ''}number, not {shown(value)}."
            found.append(Problem(path, ERROR, text, "type"))
        elif not low <= value <= high:
            found.append(_out_of_bounds(member, value, path))

    return check


def _bounds(member: Member) -> tuple[float, float]:
    low, high = member.minimum, member.maximum
    return (-_ANY if low is None else low, _ANY if high is None else high)


def _boolean(_member: Member) -> Check:
    def check(value: Any, path: str, found: list[Problem]) -> None:
        if not isinstance(value, bool):
            found.append(Problem(path, ERROR, f"Takes true or false, not {shown(value)}.", "type"))

    return check


def _opaque(member: Member) -> Check:
    def check(value: Any, path: str, found: list[Problem]) -> None:
        if any(map(holds_half, _texts(value))):
            text = f"{shown(value)} holds half a character that cannot be sent."
            found.append(Problem(path, ERROR, text, "text"))
        text = f"{member.shape} is of a kind ({member.type_name}) that this version cannot check; it is sent as it is."
        found.append(Problem(path, WARNING, text, "opaque"))

    return check


_BY_KIND: dict[str, Callable[[Member], Check]] = {
    "structure": _Structure,
    "union": _Union,
    "list": _List,
    "string": _string,
    "enum": _enum,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "opaque": _opaque,
}


# -- in words ------------------------------------------------------------------------------------------------------


def count(number: float, noun: str) -> str:
    """Return ``number`` with its noun: ``1 item``, ``5 items``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _no_text(value: Any, path: str) -> Iterator[Problem]:
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


def _wrong_text(member: Member, value: Any, path: str) -> Iterator[Problem]:
    """Say what is wrong with a text, or what cannot be told of it."""
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


def _pattern(member: Member, value: str, path: str) -> Iterator[Problem]:
    fits = patterns.matches(member.pattern or "", value)
    if fits is False:
        found = f"this is {shown(value)}" if value else "this is empty"
        yield Problem(path, ERROR, f"{patterns.words(member.shape, member.pattern or '')}; {found}.", "pattern")
    elif fits is None:
        text = "AWS's pattern for this text could not be tried here; AWS may refuse the value."
        yield Problem(path, WARNING, text, "pattern")


def _choices(member: Member, value: str) -> str:
    if len(member.enum) <= 12:
        *others, last = member.enum
        return f"Choose {', '.join(others)} or {last}." if others else f"Choose {last}."
    near = difflib.get_close_matches(value[:LONGEST_ENUM], member.enum, n=3)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    return f"The installed botocore knows {len(member.enum)} values.{hint}"


def _out_of_bounds(member: Member, value: float, path: str) -> Problem:
    low, high = member.minimum, member.maximum
    allowed = f"From {low:,} to {high:,}" if low is not None and high is not None else ""
    allowed = allowed or (f"At least {low:,}" if low is not None else f"At most {high:,}")
    rule = "minimum" if low is not None and value < low else "maximum"
    return Problem(path, ERROR, f"{allowed}; this is {_figure(value)}.", rule)


def _figure(value: float) -> str:
    return f"{value:,}" if abs(value) < 10**18 else shown(value)


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a plain value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        for each in value:
            yield from _texts(each)
        yield from (text for each in value.values() for text in _texts(each)) if isinstance(value, Mapping) else ()
