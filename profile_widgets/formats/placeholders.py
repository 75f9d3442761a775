"""What a skeleton holds where nothing was filled in: found in a request, and left out of it.

A skeleton, as ``--generate-cli-skeleton`` prints it, holds ``""`` for every text, ``0`` for every number, lists of one
such item, and for each enum one of its values, picked by chance; the one of an answer holds the member's name for a
text, and AWS's reference ``string``. A request counts as a filled-in skeleton when

* at least :data:`MANY` of its values are untouched (one of these), and they are at least half of all its values; or
* a structure in it holds every member of its shape, at least two, and none of them was touched.

In any other request an empty text stays what it is: explicitly empty. In a filled-in skeleton

* untouched values are left out, and the structures and lists that hold nothing else;
* a value of an enum is left out beside an untouched value, for it may be the skeleton's own; so is a structure or a
  list of nothing but such values. Whoever means it deletes the untouched members beside it;
* an explicitly empty structure or list (``{}``, ``[]``) stays: no skeleton holds one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from profile_widgets.model.documents import join
from profile_widgets.model.problems import WARNING, Problem
from profile_widgets.model.shapes import Member

MANY = 3
"""How many untouched values make a request a skeleton, when they are half of its values."""

NAMED = 5
"""How many paths a message names."""

SAMPLE = "string"
"""What AWS's reference shows for any text."""

TOUCHED, UNTOUCHED, CHANCE = "touched", "untouched", "chance"
"""What a value can be; ``CHANCE``: one of an enum's values, which a person or a skeleton may have chosen."""


@dataclass(frozen=True)
class Cleaned:
    """Hold a request without placeholders: ``left_out`` are their paths, ``doubtful`` those of enum values."""

    request: Any
    left_out: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is to be told about it."""
        found = []
        if self.left_out:
            begin = "A placeholder of a skeleton is" if len(self.left_out) == 1 else "Placeholders of a skeleton are"
            text = f"{begin} left out, because nobody filled them in: {_named(self.left_out)}."
            found.append(Problem("", WARNING, text, "placeholder"))
        found += [Problem(path, WARNING, _DOUBT, "placeholder") for path in self.doubtful]
        return tuple(found)


_DOUBT = (
    "Left out: it stands beside placeholders that nobody filled in, and a skeleton picks such a value by chance. "
    "To have it sent, delete the untouched members beside it."
)


def _named(paths: tuple[str, ...]) -> str:
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more} more" if more > 0 else "")


def without_placeholders(member: Member, request: Any) -> Cleaned:
    """Return a request without what a skeleton left in it; the request itself when it is none.

    Example::

        >>> from profile_widgets.model import input_member
        >>> update = input_member("UpdateUserProfile")
        >>> cleaned = without_placeholders(update, {"DomainId": "d-abc123", "UserSettings": {
        ...     "ExecutionRole": "", "SecurityGroups": [""], "StudioWebPortal": "ENABLED", "DefaultLandingUri": ""}})
        >>> cleaned.request, cleaned.doubtful
        ({'DomainId': 'd-abc123'}, ())
    """
    if not is_skeleton(member, request):
        return Cleaned(request)
    left_out: list[str] = []
    doubtful: list[str] = []
    kept = _kept(member, request, "", left_out, doubtful)
    return Cleaned({} if kept is None else kept, tuple(left_out), tuple(doubtful))


def is_skeleton(member: Member, request: Any) -> bool:
    """Tell whether a request is a skeleton that somebody filled in, at least in part; see the module's rule."""
    states = [_leaf_state(each, value) for each, value in _leaves(member, request)]
    untouched = states.count(UNTOUCHED)
    return (untouched >= MANY and 2 * untouched >= len(states)) or _holds_whole(member, request)


def _leaves(member: Member | None, value: Any) -> Iterator[tuple[Member | None, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(_child(member, name), each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(_item(member), each)
    else:
        yield member, value


def _child(member: Member | None, name: str) -> Member | None:
    return member.members.get(name) if member is not None else None


def _item(member: Member | None) -> Member | None:
    return member.item if member is not None and member.kind == "list" else None


def _leaf_state(member: Member | None, value: Any) -> str:
    """Tell what a plain value may be; what the model does not know is somebody's."""
    if member is None or member.is_structure or member.kind == "list":
        return TOUCHED
    if value in ("", SAMPLE, member.name) or _is_zero(member, value):
        return UNTOUCHED
    chance = value in member.enum if isinstance(value, str) else member.kind == "boolean" and value is True
    return CHANCE if chance else TOUCHED


def _is_zero(member: Member, value: Any) -> bool:
    return member.kind in ("integer", "number") and value == 0 and not isinstance(value, bool)


def _state(member: Member | None, value: Any) -> str:
    """Tell what a value may be, a structure or list by what is in it."""
    if not isinstance(value, (dict, list)):
        return _leaf_state(member, value)
    if not value or (isinstance(value, list) and len(value) > 1 and not isinstance(value[0], dict)):
        states = {_leaf_state(_item(member), each) for each in value} if isinstance(value, list) else set()
        return UNTOUCHED if states == {UNTOUCHED} else TOUCHED
    if isinstance(value, dict):
        states = {_state(_child(member, name), each) for name, each in value.items()}
    else:
        states = {_state(_item(member), each) for each in value}
    if TOUCHED in states:
        return TOUCHED
    return UNTOUCHED if UNTOUCHED in states else CHANCE


def _holds_whole(member: Member | None, value: Any) -> bool:
    """Tell whether a structure in a document is exactly what a skeleton holds in its place."""
    if isinstance(value, list):
        return any(_holds_whole(_item(member), each) for each in value)
    if not isinstance(value, dict) or member is None:
        return False
    if len(value) > 1 and value.keys() == member.members.keys() and _state(member, value) == UNTOUCHED:
        return True
    return any(_holds_whole(_child(member, name), each) for name, each in value.items())


def _kept(member: Member | None, value: Any, path: str, left_out: list[str], doubtful: list[str]) -> Any:
    """Return what stays of a value; ``None`` when nothing does."""
    if isinstance(value, dict) and value:
        states = {name: _state(_child(member, name), each) for name, each in value.items()}
        beside = UNTOUCHED in states.values()
        kept = {}
        for name, each in value.items():
            place = join(path, name)
            if states[name] == CHANCE and beside:
                doubtful.append(place)
            elif states[name] == UNTOUCHED:
                left_out.extend(_paths(each, place))
            else:
                kept[name] = _kept(_child(member, name), each, place, left_out, doubtful)
        return kept or None
    if isinstance(value, list):
        return _kept_items(member, value, path, left_out, doubtful)
    return value


def _kept_items(member: Member | None, value: list[Any], path: str, left_out: list[str], doubtful: list[str]) -> Any:
    items = []
    for index, each in enumerate(value):
        place = join(path, index)
        if _state(_item(member), each) == UNTOUCHED:
            left_out.extend(_paths(each, place))
        else:
            items.append(_kept(_item(member), each, place, left_out, doubtful))
    return items


def _paths(value: Any, path: str) -> Iterator[str]:
    """Yield the path of every plain value in a value."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _paths(each, join(path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _paths(each, join(path, index))
    else:
        yield path
