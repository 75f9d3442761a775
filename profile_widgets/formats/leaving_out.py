"""What a form of a request can hold, and what has to stay outside: for forms that know fewer members than the API.

Nothing is dropped in silence: a :class:`LeftOut` carries the member's path, its value and the reason, and stands in a
comment at the place where the member would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped

_NAME = re.compile(r"\w+", re.ASCII)
_UNSEEN = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON writes as it is, though it ends a line elsewhere, or cannot be seen."""


class Place(Protocol):
    """Describe one place of a form: what may stand there, and what below it."""

    @property
    def item(self) -> Place:
        """Return the place of a list's items."""

    def member(self, name: str) -> Place | None:
        """Return the place of a member; ``None`` when the form has no such member."""

    def lacks(self, name: str) -> str:
        """Say in a sentence that the form has no such member."""

    def needs(self, name: str) -> bool:
        """Tell whether the structure that stands here cannot be written without this member of it."""

    def collide(self, one: Any, other: Any) -> bool:
        """Tell whether a list cannot hold both of two items."""

    def refusal(self, value: Any) -> str:
        """Say in a sentence why this value cannot be written here, whatever is below it; ``""`` when it can."""


@dataclass(frozen=True)
class LeftOut:
    """Say that the value at ``path`` cannot be written, and why; the empty path is the request's own.

    A name that no path can hold stands in the path as JSON: ``UserSettings["odd.name"]``.
    """

    path: str
    value: Any
    why: str

    def comment(self) -> list[str]:
        """Return the two lines of the comment: the reason, and ``PATH = VALUE`` with the value as JSON on one line.

        Example::

            >>> LeftOut("UserSettings.SecurityGroups", [], "An empty list is not sent.").comment()
            ['# Left out: An empty list is not sent.', '# UserSettings.SecurityGroups = []']
        """
        value = seen(json.dumps(self.value, ensure_ascii=False))
        return [f"# Left out: {self.why}", f"# {self.path} = {value}" if self.path else f"# {value}"]


@dataclass(frozen=True)
class Leaf:
    """Hold a text, a number or a truth value that can be written."""

    value: Any


@dataclass(frozen=True)
class Members:
    """Hold a structure: the name, the place and the part of each member, in the document's order."""

    parts: tuple[tuple[str, Place | None, Part], ...]


@dataclass(frozen=True)
class Items:
    """Hold a list: a part for each item."""

    parts: tuple[Part, ...]


Part: TypeAlias = "Leaf | Members | Items | LeftOut"


def fit(value: Any, place: Place, path: str = "") -> Part:
    """Return what of a value can be written at a place, and what has to stay outside, in the order of the document.

    A structure that needs a member which cannot be written stays outside as a whole, and so does an item of a list of
    which nothing can be written. A structure of which nothing can be written holds nothing but :class:`LeftOut`.
    """
    why = place.refusal(value)
    if why:
        return LeftOut(path, value, why)
    if isinstance(value, Mapping):
        return _members(value, place, path)
    if isinstance(value, (list, tuple)):
        return _items(value, place, path)
    return Leaf(value)


def _members(value: Mapping[Any, Any], place: Place, path: str) -> Part:
    parts: list[tuple[str, Place | None, Part]] = []
    for key, each in value.items():
        name = str(key)
        below = place.member(name)
        if below is None:
            parts.append((name, None, LeftOut(_path(path, name), each, place.lacks(name))))
            continue
        part = fit(each, below, join(path, name))
        if place.needs(name) and (left_out := stays_outside(part)):
            return LeftOut(path, value, left_out.why)
        parts.append((name, below, part))
    return Members(tuple(parts))


def _path(path: str, name: str) -> str:
    if _NAME.fullmatch(name):
        return join(path, name)
    return f"{path}[{seen(json.dumps(name, ensure_ascii=False))}]"


def _items(value: list[Any] | tuple[Any, ...], place: Place, path: str) -> Items:
    parts: list[Part] = []
    for index, each in enumerate(value):
        here = join(path, index)
        part = fit(each, place.item, here)
        if any(place.collide(each, before) for before in value[:index]):
            part = LeftOut(here, each, "The list holds such an item already, and can hold one only.")
        elif left_out := stays_outside(part):
            part = LeftOut(here, each, left_out.why)
        parts.append(part)
    return Items(tuple(parts))


def stays_outside(part: Part) -> LeftOut | None:
    """Return the first reason why nothing of a part can be written; ``None`` when something can."""
    if isinstance(part, LeftOut):
        return part
    if isinstance(part, Leaf):
        return None
    below = [each[2] for each in part.parts] if isinstance(part, Members) else part.parts
    reasons = [stays_outside(each) for each in below]
    return reasons[0] if reasons and all(reasons) else None


def everything_left_out(part: Part) -> list[LeftOut]:
    """Return all that stays outside, in the order of the document."""
    if isinstance(part, LeftOut):
        return [part]
    if isinstance(part, Leaf):
        return []
    below = [each[2] for each in part.parts] if isinstance(part, Members) else part.parts
    return [left for each in below for left in everything_left_out(each)]


def seen(text: str) -> str:
    r"""Return a text in which characters that end lines or cannot be seen are escaped, as JSON, YAML and HCL read them.

    Example::

        >>> print(seen("a\u2028b"))
        a\u2028b
    """
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped(text))
