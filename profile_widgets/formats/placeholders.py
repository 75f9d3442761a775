"""What a skeleton holds where nothing was filled in: found in a request, and left out of it.

A skeleton, as ``--generate-cli-skeleton`` prints it, holds ``""`` for every text, ``0`` for every number, and lists of
one such item; AWS's reference shows ``string`` for a text. These are *untouched*. For each enum the AWS CLI picks one
of its values by chance; our own skeletons hold ``""`` there.

A request counts as a filled-in skeleton when at least :data:`MANY` of its members are untouched, they stand in at least
:data:`SEVERAL` structures, and they are more than half of all its members (the items of a list count as one member). In
any other request everything stays what it is: ``""`` is an explicitly empty text, ``0`` a number. In a skeleton

* untouched values are left out, and the structures and lists that hold nothing else; a required member beside one that
  was filled in stays, for without it nothing of that structure can be sent, and ``""`` may be meant (a tag's value);
* the value of an enum is a choice when at least one in :data:`BLANKS` enums still is ``""``: then it is a skeleton that
  picks none. In others a value may have been picked by chance: it is left out beside an untouched value, and in a
  structure or list in which nothing else was filled in. Each is named, as doubtful. One ``""`` among many values proves
  nothing: somebody may have emptied it;
* an explicitly empty structure or list (``{}``, ``[]``) stays: no skeleton holds one.

When nothing but names is left, that is an error: an update would change nothing, and still look like a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.model.documents import join, top
from profile_widgets.model.problems import ERROR, WARNING, Problem, shown
from profile_widgets.model.shapes import Member

MANY = 5
"""How many untouched members a skeleton has at least."""

SEVERAL = 3
"""In how many structures they stand at least."""

BLANKS = 4
"""One in so many enums is empty in a skeleton that picks no values."""

NAMED = 5
"""How many paths a message names."""

SAMPLE = "string"
"""What AWS's reference shows for any text."""

NOTHING_LEFT = "nothing-left"
"""The rule of the error that says that a request would hold nothing but names."""

TOUCHED, UNTOUCHED, CHANCE = "touched", "untouched", "chance"
"""What a value can be; ``CHANCE``: one of an enum's values, which a person or a skeleton may have chosen."""


@dataclass(frozen=True)
class Cleaned:
    """Hold a request without placeholders.

    ``left_out`` are their paths; ``doubtful`` holds, by path, the values of enums that are left out because a skeleton
    may have picked them; ``emptied`` are the request's members that are gone, when nothing but names is left.
    """

    request: Any
    left_out: tuple[str, ...] = ()
    doubtful: Mapping[str, Any] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is to be told about it."""
        found = []
        if self.emptied:
            found.append(Problem("", ERROR, self._nothing(), NOTHING_LEFT))
        if self.left_out:
            begin = "A placeholder of a skeleton is" if len(self.left_out) == 1 else "Placeholders of a skeleton are"
            text = f"{begin} left out, because nobody filled them in: {_named(self.left_out)}."
            found.append(Problem("", WARNING, text, "placeholder"))
        for path, value in self.doubtful.items():
            found.append(Problem(path, WARNING, _DOUBT.format(shown(value)), "placeholder"))
        return tuple(found)

    def _nothing(self) -> str:
        but = " but names" if self.request else ""
        left = "was filled in" if not self.doubtful else "was surely filled in"
        return (
            f"Nothing is left to send{but}: nothing else in this skeleton {left}. Fill in what is to be set. "
            f"To send the names alone, delete {' and '.join(self.emptied)}."
        )


_DOUBT = (
    "Left out: {} may be the skeleton's own value, picked by chance. "
    "To have it sent, delete the untouched members beside it, and those beside what it stands in."
)


def _named(paths: tuple[str, ...]) -> str:
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more} more" if more > 0 else "")


def without_placeholders(member: Member, request: Any) -> Cleaned:
    """Return a request without what a skeleton left in it; the request itself when it is none.

    Example::

        >>> from profile_widgets.model import input_member
        >>> update = input_member("UpdateUserProfile")
        >>> cleaned = without_placeholders(update, {"DomainId": "d-abc123", "UserProfileName": "", "UserSettings": {
        ...     "ExecutionRole": "", "SecurityGroups": [""], "StudioWebPortal": "ENABLED", "DefaultLandingUri": "",
        ...     "SharingSettings": {"S3OutputPath": "", "S3KmsKeyId": ""}}})
        >>> cleaned.request, cleaned.doubtful
        ({'DomainId': 'd-abc123'}, {'UserSettings.StudioWebPortal': 'ENABLED'})
    """
    if not is_skeleton(member, request):
        return Cleaned(request)
    sweep = _Sweep(_picks_by_chance(member, request))
    kept = sweep.kept(member, request, "")
    names = {name for name, each in member.members.items() if each.required}
    gone = dict.fromkeys(top(path) for path in (*sweep.left_out, *sweep.doubtful))
    emptied = () if kept.keys() - names else tuple(name for name in gone if name not in names)
    return Cleaned(kept, tuple(sweep.left_out), sweep.doubtful, emptied)


def is_skeleton(member: Member, request: Any) -> bool:
    """Tell whether a request is a skeleton that somebody filled in, at least in part; see the module's rule."""
    if not isinstance(request, dict):
        return False
    places: dict[tuple[str, ...], bool] = {}
    for place, each, value in _leaves(member, request, ()):
        places[place] = places.get(place, True) and _leaf_state(each, value) == UNTOUCHED
    untouched = [place for place, is_untouched in places.items() if is_untouched]
    structures = {place[:-1] for place in untouched}
    return len(untouched) >= MANY and len(structures) >= SEVERAL and 2 * len(untouched) > len(places)


def _picks_by_chance(member: Member, request: Any) -> bool:
    """Tell whether a skeleton may be one that holds a value for each enum."""
    enums = [value for _, each, value in _leaves(member, request, ()) if each is not None and each.kind == "enum"]
    return BLANKS * sum(value in ("", SAMPLE) for value in enums) < len(enums)


_Leaf = tuple[tuple[str, ...], "Member | None", Any]


def _leaves(member: Member | None, value: Any, place: tuple[str, ...]) -> Iterator[_Leaf]:
    """Yield the plain values in a value with the members that lead there; positions in lists are left out."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(_child(member, name), each, (*place, str(name)))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(_item(member), each, place)
    else:
        yield place, member, value


def _child(member: Member | None, name: str) -> Member | None:
    return member.members.get(name) if member is not None else None


def _item(member: Member | None) -> Member | None:
    return member.item if member is not None and member.kind == "list" else None


def _leaf_state(member: Member | None, value: Any) -> str:
    """Tell what a plain value may be; what the model does not know is somebody's."""
    if member is None or member.is_structure or member.kind == "list":
        return TOUCHED
    if value in ("", SAMPLE) or _is_zero(member, value):
        return UNTOUCHED
    chance = isinstance(value, str) if member.kind == "enum" else member.kind == "boolean" and value is True
    return CHANCE if chance else TOUCHED


def _is_zero(member: Member, value: Any) -> bool:
    return member.kind in ("integer", "number") and value == 0 and not isinstance(value, bool)


class _Sweep:
    """Take out of a skeleton what nobody filled in, and note what was taken out."""

    def __init__(self, by_chance: bool) -> None:
        self._by_chance = by_chance
        self.left_out: list[str] = []
        self.doubtful: dict[str, Any] = {}

    def _state(self, member: Member | None, value: Any) -> str:
        """Tell what a value may be, a structure or list by what is in it."""
        if isinstance(value, dict):
            states = {self._state(_child(member, name), each) for name, each in value.items()}
        elif isinstance(value, list):
            states = {self._state(_item(member), each) for each in value}
            if states == {CHANCE} and len(value) > 1:
                return TOUCHED  # a skeleton's list has one item
        else:
            states = {_leaf_state(member, value)}
        if CHANCE in states and not self._by_chance:
            return TOUCHED
        if TOUCHED in states or not states:
            return TOUCHED
        return UNTOUCHED if UNTOUCHED in states else CHANCE

    def kept(self, member: Member | None, value: Any, path: str) -> Any:
        """Return what stays of a value in which something was filled in, or of the whole request."""
        if isinstance(value, list):
            return self._kept_items(member, value, path)
        if not isinstance(value, dict):
            return value
        states = {name: self._state(_child(member, name), each) for name, each in value.items()}
        beside, kept = UNTOUCHED in states.values(), {}
        for name, each in value.items():
            child, place = _child(member, name), join(path, name)
            needed = path and child is not None and child.required and TOUCHED in states.values()
            goes = states[name] == UNTOUCHED or (states[name] == CHANCE and beside)
            if goes and not (needed and states[name] == UNTOUCHED):
                self._drop(child, each, place)
            else:
                kept[name] = each if goes else self.kept(child, each, place)
        return kept

    def _kept_items(self, member: Member | None, value: list[Any], path: str) -> list[Any]:
        items = []
        for index, each in enumerate(value):
            place = join(path, index)
            if self._state(_item(member), each) == UNTOUCHED:
                self._drop(_item(member), each, place)
            else:
                items.append(self.kept(_item(member), each, place))
        return items

    def _drop(self, member: Member | None, value: Any, path: str) -> None:
        """Note every plain value in a value that is left out."""
        if isinstance(value, dict):
            for name, each in value.items():
                self._drop(_child(member, name), each, join(path, name))
        elif isinstance(value, list):
            for index, each in enumerate(value):
                self._drop(_item(member), each, join(path, index))
        elif _leaf_state(member, value) == CHANCE:
            self.doubtful[path] = value
        else:
            self.left_out.append(path)
