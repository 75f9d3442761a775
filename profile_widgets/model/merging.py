"""Three-way merging of documents, by field: what two people made of the same settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.model import documents
from profile_widgets.model.documents import Document


@dataclass(frozen=True)
class Clash:
    """Say that two people gave the value at ``path`` different new values; ``None`` stands for absent."""

    path: str
    base: Any
    theirs: Any
    ours: Any


def merge(
    base: Mapping[str, Any], theirs: Mapping[str, Any], ours: Mapping[str, Any]
) -> tuple[Document, tuple[Clash, ...]]:
    """Return ``theirs`` with our changes on top, and where both changed the same field to different values.

    A field is a leaf or a whole list. Where both changed one, the result holds ours, and a :class:`Clash` says so.

    Example::

        >>> merge({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"})
        ({'a': '2', 'b': '3'}, ())
    """
    mine, changed = documents.diff(base, ours), tuple(each.path for each in documents.diff(base, theirs))
    merged: Document = documents.patch(theirs, ())
    clashes: list[Clash] = []
    for change in mine:
        there = documents.get(theirs, change.path)
        if documents.same(there, change.after):
            continue
        merged = documents.put(_with_room(merged, change.path), change.path, change.after)
        if any(documents.touch(change.path, path) for path in changed):
            clashes.append(Clash(change.path, change.before, there, change.after))
    return merged, tuple(clashes)


def overwrite(theirs: Mapping[str, Any], ours: Mapping[str, Any], members: tuple[str, ...]) -> Document:
    """Return ``theirs`` with the top-level ``members`` as we want them.

    What only they set inside such a member stays: AWS has no way to unset it.
    """
    result = documents.patch(theirs, ())
    for name in members:
        if name in ours:
            result[name] = over(result.get(name), ours[name])
    return result


def over(under: Any, top: Any) -> Any:
    """Return ``top`` laid over ``under``: structures member by member, everything else as ``top`` has it.

    Example::

        >>> over({"A": {"x": 1, "y": 2}}, {"A": {"y": 3}, "B": []})
        {'A': {'x': 1, 'y': 3}, 'B': []}
    """
    if isinstance(under, Mapping) and isinstance(top, Mapping):
        names = (*under, *(name for name in top if name not in under))
        return {name: over(under.get(name), top[name]) if name in top else under[name] for name in names}
    return top


def _with_room(document: Document, path: str) -> Document:
    """Return a document in which a value can be put at ``path``: what is no structure on the way is taken out."""
    way: list[documents.Step] = []
    for step in documents.steps(path)[:-1]:
        way.append(step)
        place = documents.join(*way)
        held = documents.get(document, place)
        if held is not None and not isinstance(held, Mapping):
            return documents.put(document, place, None)
    return document
