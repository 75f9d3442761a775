"""What the page says beside each field: where a value comes from, whether it changed, what is wrong.

One plain dict by path, sent in one message after each edit; pure functions of documents and problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from profile_widgets.checks.problems import Problem
from profile_widgets.model import documents
from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped
from profile_widgets.model.shapes import Member

Board = dict[str, dict[str, Any]]
LONGEST = 200
"""How many characters of a value are shown in a note."""


def contrast(before: Any, after: Any) -> tuple[str, str]:
    """Return two values in words; long ones are cut so that where they differ is seen.

    Example::

        >>> contrast("a", "b")
        ('a', 'b')
    """
    old, new = _said(before), _said(after)
    if max(len(old), len(new)) <= LONGEST:
        return old, new
    same = next((i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    start = max(0, same - LONGEST // 4)
    return _window(old, start), _window(new, start)


def _window(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start and shown else ''}{shown or text}{'…' if start + LONGEST < len(text) else ''}"


def words(value: Any) -> str:
    """Return a value as a person reads it in a note.

    Example::

        >>> words(["a", "b"]), words([]), words(True)
        ('a, b', 'an empty list', 'true')
    """
    text = _said(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _said(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, str):
        text = escaped(value) or "an empty text"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, (list, tuple)):
        text = ", ".join(_said(item) for item in value) or "an empty list"
    elif isinstance(value, Mapping):
        text = ", ".join(f"{name}: {_said(item)}" for name, item in value.items()) or "an empty structure"
    else:
        text = str(value)
    return text


def board(
    member: Member,
    now: Mapping[str, Any],
    loaded: Mapping[str, Any],
    defaults: Mapping[str, Any],
    problems: Iterable[Problem],
) -> Board:
    """Return an entry for each path that has something to say.

    ``now``, ``loaded`` and ``defaults`` are documents of the same root, which ``member`` describes. An entry holds
    ``origin`` (``set``, ``empty``, ``domain``), ``changed``, ``was``, ``ghost`` (the inherited value) and
    ``problems``; paths inside the items of a list carry ``inner``, and no origin of their own.
    """
    entries: Board = {}
    for path, own, before, inherited, inner in _values(member, now, loaded, defaults, ""):
        entry: dict[str, Any] = {"inner": True} if inner else {}
        source = documents.origin(own, inherited)
        if not inner and source != "default":
            entry["origin"] = source
        if not inner and inherited is not None:
            entry["ghost"] = words(inherited)
        if not documents.same(own, before):
            entry |= {"changed": True, "was": words(before)}
        if entry.keys() - {"inner"}:
            entries[path] = entry
    for problem in problems:
        entry = entries.setdefault(problem.path, {})
        entry.setdefault("problems", []).append({"severity": problem.severity, "message": problem.message})
    return entries


Row = tuple[str, Any, Any, Any, bool]


def _values(member: Member, now: Any, loaded: Any, defaults: Any, path: str, *, inner: bool = False) -> Iterator[Row]:
    now, loaded, defaults = (each if isinstance(each, Mapping) else {} for each in (now, loaded, defaults))
    for name, child in member.members.items():
        place = join(path, name)
        own, before, inherited = now.get(name), loaded.get(name), defaults.get(name)
        if own is None and before is None and inherited is None:
            continue
        if child.is_structure:
            if own == {} or (before == {} and own is None):
                yield place, own, before, inherited, inner
            yield from _values(child, own, before, inherited, place, inner=inner)
            continue
        yield place, own, before, inherited, inner
        if child.is_structure_list and own:
            for index, item in enumerate(own):
                old = before[index] if before and index < len(before) else None
                yield from _values(child.item, item, old, None, join(place, index), inner=True)
