"""Laying a request that came from elsewhere over what is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

PLACE = "DomainId"
NAME = "UserProfileName"


def over(base: Mapping[str, Any], top: Mapping[str, Any]) -> Document:
    """Return ``base`` with ``top`` laid over it: structures member by member, everything else as ``top`` has it.

    So does UpdateUserProfile with what it is sent, to the leaves, lists whole (service contract, "Update semantics").

    Example::

        >>> over({"A": {"x": 1, "y": 2}, "B": [1]}, {"A": {"y": 3}, "B": []})
        {'A': {'x': 1, 'y': 3}, 'B': []}
    """
    result: Document = documents.copied(dict(base))
    for name, value in top.items():
        held = result.get(name)
        if isinstance(held, Mapping) and isinstance(value, Mapping):
            result[name] = over(held, value)
        else:
            result[name] = documents.copied(value)
    return result


def lay(draft: ProfileDraft, request: Mapping[str, Any]) -> tuple[Change, ...]:
    """Lay a request over a draft, as one edit that can be undone; returns what it changed.

    The draft stays in its domain, and an update with its profile, whatever the request names. Of an update only the
    settings count: nothing else of a stored profile can be changed (UpdateUserProfile's input). A request that the
    model cannot hold changes nothing, and raises :class:`~profile_widgets.errors.InvalidSettingsError`.
    """
    with draft.model.lock:
        before = draft.model.to_document()
        if draft.create:
            rest = {name: value for name, value in request.items() if name != PLACE}
            draft.edit(over(before, rest))
        else:
            draft.edit_settings(over(before.get(SETTINGS) or {}, request.get(SETTINGS) or {}))
        return documents.diff(before, draft.model.to_document())


def left_out(draft: ProfileDraft, request: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the members of a request that have no place in a draft: a stored profile's tags and single sign-on."""
    if draft.create:
        return ()
    return tuple(name for name in request if name not in (PLACE, NAME, SETTINGS))
