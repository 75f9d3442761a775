"""Why a document cannot be read into settings: members that do not exist, and values of the wrong type.

Only what a settings structure cannot hold is a complaint. Whether a value is good (patterns, bounds, enums) is for
:mod:`profile_widgets.checks`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import traitlets

from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.halves import escaped, holds_half
from profile_widgets.model.problems import ERROR, SHOWN, Problem, shown
from profile_widgets.model.shapes import Member
from profile_widgets.model.traits import trait_for


def unknown(member: Member, name: str) -> str:
    """Say that a structure has no such member, with the nearest one that it has.

    Example::

        >>> from profile_widgets.model.shapes import shape
        >>> unknown(shape("CustomImage"), "Imagename")
        'CustomImage has no member “Imagename” in the installed botocore. Did you mean ImageName?'
    """
    near = difflib.get_close_matches(name[:SHOWN], member.members, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{member.shape} has no member “{escaped(name[:SHOWN])}” in the installed botocore.{hint}"


def unknown_members(member: Member, document: Mapping[Any, Any], path: str) -> Iterator[Problem]:
    """Return a problem for each member that a structure does not have.

    It stands at the member's own path, or at the structure's when no path can be written to such a name.
    """
    for each in document:
        if each not in member.members:
            name = str(each)
            place = join(path, name) if can_stand_in_a_path(name) and not holds_half(name) else path
            yield Problem(place, ERROR, unknown(member, name), "unknown")


def complaints(member: Member, value: Any, path: str = "") -> Iterator[Problem]:
    """Return every reason why ``value`` cannot be held by a structure of ``member``'s shape; ``None`` means absent."""
    if member.is_structure:
        if not isinstance(value, Mapping):
            yield _wrong(path, "a structure", value)
            return
        yield from unknown_members(member, value, path)
        for name, child in member.members.items():
            if value.get(name) is not None:
                yield from complaints(child, value[name], join(path, name))
    elif member.is_structure_list:
        if not isinstance(value, (list, tuple)):
            yield _wrong(path, "a list", value)
            return
        for index, item in enumerate(value):
            yield from complaints(member.item, item, join(path, index))
    else:
        trait = trait_for(member)
        try:
            trait.validate(None, value)
        except traitlets.TraitError:
            yield _wrong(path, trait.expected, value)


def _wrong(path: str, expected: str, value: Any) -> Problem:
    return Problem(path, ERROR, f"Takes {expected}, not {shown(value)}.", "type")
