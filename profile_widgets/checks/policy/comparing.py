"""What differs between two requests, member by member, however it was brought about.

The comparison follows the installed service model, so that a structure replaced as a whole, a list that became shorter
or was reordered, a structure that is there and empty, and a member that the model does not know are all told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.checks.policy.members import IDENTIFIERS
from profile_widgets.model.documents import can_stand_in_a_path, join, same
from profile_widgets.model.shapes import CREATE, UPDATE, Member, input_member

ABSENT: Any = type("_Absent", (), {"__repr__": lambda _self: "nothing"})()
"""Stands for a member that a document does not have."""

VALUE = "value"
PRESENCE = "presence"
LIST = "list"
UNKNOWN = "unknown"
KIND = "kind"
"""What differs: a value; whether an empty structure is there; whether a list of structures, or an empty item of one, is
there; a member that the model does not know; and a value where the model has a structure or a list."""


@dataclass(frozen=True)
class Difference:
    """Say that ``before`` and ``after`` differ at ``path``; ``place`` is the path without positions of lists."""

    path: str
    place: str
    kind: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield every difference of two requests; of the identifiers, when both name them."""
    known = {**input_member(UPDATE).members, **input_member(CREATE).members}
    for name in _names(before, after):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        if name in IDENTIFIERS:
            if old is not ABSENT and new is not ABSENT and not same(old, new):
                yield Difference(name, name, KIND, old, new)
        elif isinstance(name, str) and name in known:
            yield from _any(known[name], old, new, name, name)
        else:
            yield from _unknown(name, old, new, "", "")


def _names(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Any]:
    yield from before
    yield from (name for name in after if name not in before)


def _any(member: Member, old: Any, new: Any, path: str, place: str) -> Iterator[Difference]:
    if old is None and new is ABSENT:
        return  # nothing was stored, and nothing is sent
    if member.is_structure and member.members:
        yield from _structure(member, old, new, path, place)
    elif member.is_structure_list:
        yield from _list(member, old, new, path, place)
    elif not _equal(old, new):
        yield Difference(path, place, VALUE, old, new)


def _equal(old: Any, new: Any) -> bool:
    if old is ABSENT or new is ABSENT:
        return old is new
    return same(old, new)


def _structure(member: Member, old: Any, new: Any, path: str, place: str) -> Iterator[Difference]:
    if not _is(old, Mapping) or not _is(new, Mapping):
        if not _equal(old, new):
            yield Difference(path, place, KIND, old, new)
        return
    had: Mapping[Any, Any] = {} if old is ABSENT else old
    has: Mapping[Any, Any] = {} if new is ABSENT else new
    quiet = True
    for name in _names(had, has):
        one, other = had.get(name, ABSENT), has.get(name, ABSENT)
        child = member.members.get(name) if isinstance(name, str) else None
        found = (
            _unknown(name, one, other, path, place)
            if child is None
            else _any(child, one, other, join(path, name), join(place, name))
        )
        for each in found:
            quiet = False
            yield each
    if quiet and (old is ABSENT) != (new is ABSENT):
        yield Difference(path, place, LIST if path.endswith("]") else PRESENCE, old, new)


def _list(member: Member, old: Any, new: Any, path: str, place: str) -> Iterator[Difference]:
    if not _is(old, (list, tuple)) or not _is(new, (list, tuple)):
        if not _equal(old, new):
            yield Difference(path, place, KIND, old, new)
        return
    if (old is ABSENT) != (new is ABSENT):
        yield Difference(path, place, LIST, old, new)
    had = () if old is ABSENT else old
    has = () if new is ABSENT else new
    for index in range(max(len(had), len(has))):
        one = had[index] if index < len(had) else ABSENT
        other = has[index] if index < len(has) else ABSENT
        yield from _any(member.item, one, other, join(path, index), place)


def _is(value: Any, kinds: Any) -> bool:
    return value is ABSENT or isinstance(value, kinds)


def _unknown(name: Any, old: Any, new: Any, path: str, place: str) -> Iterator[Difference]:
    if _equal(old, new) or (old is None and new is ABSENT):
        return
    can = isinstance(name, str) and can_stand_in_a_path(name)
    where = join(path, name) if can else path
    yield Difference(where, join(place, name) if can else place, UNKNOWN, old, new)


def values_at(document: Any, place: str) -> Iterator[Any]:
    """Yield every value that a document has at a path without positions, items of lists one by one."""
    first, _, rest = place.partition(".")
    if isinstance(document, (list, tuple)):
        for each in document:
            yield from values_at(each, place)
    elif not place:
        yield document
    elif isinstance(document, Mapping) and first in document:
        yield from values_at(document[first], rest)
