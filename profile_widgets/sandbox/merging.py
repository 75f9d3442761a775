"""Merge the settings of an update into the stored ones, in either way that AWS may do it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, Literal

Semantics = Literal["merge", "replace"]
"""``merge``: omitted members stay at every depth. ``replace``: a top-level member that was sent is replaced whole."""

NONE_WORD = "None"
"""The text by which a request clears some members."""


def merged(
    stored: Mapping[str, Any], sent: Mapping[str, Any], semantics: Semantics, none_clears: Collection[str]
) -> dict[str, Any]:
    """Return the settings after an update; lists are replaced whole, so that [] clears.

    `none_clears` names the members that the text "None" removes.

    >>> merged({"A": {"x": 1, "y": 2}}, {"A": {"x": 3}}, "merge", ())
    {'A': {'x': 3, 'y': 2}}
    >>> merged({"A": {"x": 1, "y": 2}, "B": 1}, {"A": {"x": 3}}, "replace", ())
    {'A': {'x': 3}, 'B': 1}
    """
    result = _deep(stored, sent) if semantics == "merge" else {**deepcopy(dict(stored)), **deepcopy(dict(sent))}
    return _cleared(result, none_clears)


def _deep(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    result = deepcopy(dict(stored))
    for name, value in sent.items():
        before = result.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            result[name] = _deep(before, value)
        else:
            result[name] = deepcopy(value)
    return result


def _cleared(document: dict[str, Any], none_clears: Collection[str]) -> dict[str, Any]:
    return {
        name: _cleared(value, none_clears) if isinstance(value, dict) else value
        for name, value in document.items()
        if not (name in none_clears and value == NONE_WORD)
    }
