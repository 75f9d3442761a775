"""What the page says beside each field: where a value comes from, whether it changed, what is wrong, what locks it.

One plain dict by path, sent in one message after each edit; pure functions of documents and problems.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from profile_widgets.checks.problems import INFORMATION, Fix, Problem
from profile_widgets.model import documents
from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped
from profile_widgets.model.shapes import Member

Board = dict[str, dict[str, Any]]
LONGEST = 200
"""How many characters of a value are shown in a note."""


def contrast(*values: Any) -> tuple[str, ...]:
    """Return values in words; long ones are cut so that where they differ is seen.

    Example::

        >>> contrast("a", "b")
        ('a', 'b')
    """
    texts = tuple(_said(value) for value in values)
    long = [text for text in texts if len(text) > LONGEST]
    if not long:
        return texts
    told_apart = long if len(long) > 1 else texts
    letters = enumerate(zip(*told_apart, strict=False))
    differ = next((at for at, each in letters if len(set(each)) > 1), min(map(len, told_apart)))
    start = max(0, differ - LONGEST // 4)
    return tuple(_window(text, start) for text in texts)


def _window(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start and shown else ''}{shown or text}{'…' if start + LONGEST < len(text) else ''}"


def words(value: Any) -> str:
    """Return a value as a person reads it in a note.

    Example::

        >>> words(["a", "b"]), words([]), words(True)
        ('a, b', 'an empty list', 'true')
    """
    return _cut(_said(value), LONGEST)


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
    locked: Mapping[str, str] | None = None,
) -> Board:
    """Return an entry for each path that has something to say.

    ``now``, ``loaded`` and ``defaults`` are documents of the same root, which ``member`` describes; ``locked`` are
    paths of sections that cannot be changed, with the reason. An entry holds ``origin`` (``set``, ``empty``,
    ``domain``), ``changed``, ``was``, ``ghost`` (the inherited value), ``force`` (what is in force where AWS adds the
    domain's items to a list) and ``problems``; paths inside the items of a list carry ``inner``, and no origin of
    their own.
    """
    entries: Board = {}
    for path, own, before, inherited, inner in _values(member, now, loaded, defaults, ""):
        entry: dict[str, Any] = {"inner": True} if inner else {}
        source = documents.origin(own, inherited)
        if not inner and source != "default":
            entry["origin"] = source
        if not inner and inherited is not None:
            entry["ghost"] = words(inherited)
            if said := _in_force(path, own, inherited):
                entry["force"] = said
        if not documents.same(own, before):
            entry |= {"changed": True, "was": words(before)}
        if entry.keys() - {"inner"}:
            entries[path] = entry
    for path, reason in (locked or {}).items():
        _found(entries, path, {"severity": INFORMATION, "message": reason})
    for problem in problems:
        _found(entries, problem.path, finding(problem))
    return entries


def _found(entries: Board, path: str, row: dict[str, Any]) -> None:
    entries.setdefault(path, {}).setdefault("problems", []).append(row)


def _in_force(path: str, own: Any, inherited: Any) -> str:
    """Say what is in force of a list to which AWS adds the domain's items; empty when there is nothing to add."""
    name = path.rpartition(".")[2]
    if name not in documents.AGGREGATED or own is None or not inherited:
        return ""
    if not own:
        return f"In force: the domain's {words(inherited)}"
    return f"In force with the domain's: {words(documents.effective({name: own}, {name: inherited})[name])}"


# -- findings, and the ways out that they offer ------------------------------------------------------------------


def finding(problem: Problem) -> dict[str, Any]:
    """Return a finding as the page takes it: severity, message, and rows of id and label where it offers ways out."""
    row: dict[str, Any] = {"severity": problem.severity, "message": problem.message}
    if problem.fixes:
        row["fixes"] = [[fix_id(problem, fix), fix.label] for fix in problem.fixes]
    return row


def fix_id(problem: Problem, fix: Fix) -> str:
    """Return an id under which the page can ask for a way out; another finding, or another way, has another id."""
    told = repr((problem.rule, problem.path, fix.label, fix.changes))
    return hashlib.blake2s(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fix_of(problems: Iterable[Problem], wanted: object) -> Fix | None:
    """Return the way out with an id, ``None`` when no finding offers it any more."""
    offered = ((problem, fix) for problem in problems for fix in problem.fixes)
    return next((fix for problem, fix in offered if fix_id(problem, fix) == wanted), None)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


# -- values by path ------------------------------------------------------------------------------------------------

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
