"""How AWS takes a stored value back: the one table, and its words.

A member that is left out of an update stays as stored. Three kinds of members can be sent so that they are as good as
unset; of every other one AWS keeps a value for good (service contract, "Update semantics").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.checks import patterns
from profile_widgets.checks.rules import reading
from profile_widgets.model import documents
from profile_widgets.model.shapes import Member, shape

SETTINGS = "UserSettings"
NONE = reading.NONE
CLEARED_BY_NONE = frozenset({"SageMakerImageVersionArn"})
"""The members that the text ``None`` clears, as AWS documents it; a pattern that allows it elsewhere proves nothing."""
FOLLOWS_DOMAIN = {"AutoMountHomeEFS": "DefaultAsDomain"}
"""The one value of a member with which it follows the domain again."""
ANEW = "delete the profile and create it anew, which loses its home folder (EFS)"
"""What is left where there is no way back, with its price."""


@dataclass(frozen=True)
class Clearing:
    """Be a way back: the ``value`` to send, what that is in words, and the ``label`` of what does it in one press."""

    value: Any
    words: str
    label: str


def clearing(path: str, value: Any) -> Clearing | None:
    """Return how AWS takes back the ``value`` stored at a path of UserSettings; ``None`` where it has no way.

    Example::

        >>> clearing("SecurityGroups", ["sg-1"]).value
        []
        >>> clearing("ExecutionRole", "arn:aws:iam::123456789012:role/one") is None
        True
    """
    if isinstance(value, (list, tuple)):
        return Clearing([], "clear it instead (an empty list is sent)", "Clear it")
    name, member = _last(path), _member(path)
    if name in CLEARED_BY_NONE and (member is None or patterns.matches(member.pattern or "", NONE) is True):
        return Clearing(NONE, f"send “{NONE}” instead, which removes the version", f"Send “{NONE}”")
    follows = FOLLOWS_DOMAIN.get(name)
    if follows is not None and (member is None or follows in member.enum):
        return Clearing(follows, f"choose {follows} instead, which follows the domain again", f"Choose {follows}")
    return None


def cure(path: str, value: Any) -> str:
    """Say what can be done instead of unsetting the ``value`` stored at a path of UserSettings.

    Example::

        >>> cure("SecurityGroups", ["sg-1"])
        'clear it instead (an empty list is sent)'
    """
    way = clearing(path, value)
    if way is not None:
        return way.words
    return f"{'change its values' if isinstance(value, Mapping) else 'set another one'}, or {ANEW}"


def way_round(path: str, value: Any) -> str:
    """Say why the ``value`` stored at a path of UserSettings cannot be unset, and what can be done instead."""
    return f"AWS keeps a stored value: {cure(path, value)}"


def _last(path: str) -> str:
    return next((step for step in reversed(documents.steps(path)) if isinstance(step, str)), "")


def _member(path: str) -> Member | None:
    """Return what the installed botocore knows of a path of UserSettings; ``None`` where that is nothing."""
    member = shape(SETTINGS)
    for step in documents.steps(path.removeprefix(f"{SETTINGS}.")):
        if isinstance(step, int):
            if not member.is_structure_list:
                return None
            member = member.item
        elif step in member.members:
            member = member.members[step]
        else:
            return None
    return member
