"""Plain documents: paths, reading and writing by path, difference, patch, what is inherited.

A document is what boto3 takes: dicts, lists, texts and numbers. A path reads
``JupyterLabAppSettings.CustomImages[2].ImageName``. Lists are values: SageMaker replaces them whole, so a difference
inside a list is a difference of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Document: TypeAlias = "dict[str, Any]"
Step: TypeAlias = "str | int"

_NAME = re.compile(r"[^.\[\]]+")
_STEP = re.compile(rf"(?:^|(?<=[^.])\.)({_NAME.pattern})|\[([0-9]+)\]")
AGGREGATED = frozenset({"SecurityGroups", "CodeRepositories"})
"""Lists in which AWS adds the domain's items to the profile's (see ``effective``)."""


@dataclass(frozen=True)
class Change:
    """Say that the value at ``path`` was ``before`` and is ``after``; ``None`` stands for absent."""

    path: str
    before: Any
    after: Any


def steps(path: str) -> tuple[Step, ...]:
    """Split a path into member names and list positions; raises :class:`ValueError` for anything else.

    Example::

        >>> steps("CustomImages[2].ImageName")
        ('CustomImages', 2, 'ImageName')
    """
    found: list[Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(f"{path!r} is not a path: expected a member name or [number] at position {position}.")
        name, index = match.groups()
        found.append(name if name is not None else int(index))
        position = match.end()
    return tuple(found)


def top(path: str) -> str:
    """Return the member at which a path begins, whatever comes behind it.

    Example::

        >>> top("CustomImages[2].ImageName")
        'CustomImages'
    """
    found = _NAME.match(path)
    return found[0] if found is not None else ""


def can_stand_in_a_path(name: str) -> bool:
    """Tell whether a path can lead to a member of this name: it is not empty and holds neither dot nor bracket."""
    return _NAME.fullmatch(name) is not None


def join(*parts: Step) -> str:
    """Join member names, list positions and whole paths to one path.

    Example::

        >>> join("UserSettings", "CustomImages", 2, "ImageName")
        'UserSettings.CustomImages[2].ImageName'
    """
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part:
            path += f".{part}" if path and not part.startswith("[") else part
    return path


def is_within(path: str, place: str) -> bool:
    """Tell whether a path is ``place`` or leads through it; everything is within the empty path.

    Example::

        >>> is_within("CustomImages[2].ImageName", "CustomImages"), is_within("CustomImagesOld", "CustomImages")
        (True, False)
    """
    return not place or path == place or path.startswith((f"{place}.", f"{place}["))


def touch(one: str, other: str) -> bool:
    """Tell whether one of two paths leads through the other."""
    return is_within(one, other) or is_within(other, one)


def get(document: Any, path: str, default: Any = None) -> Any:
    """Return the value at ``path``, or ``default`` where the document has nothing there."""
    value = document
    for step in steps(path):
        if isinstance(step, int):
            if not isinstance(value, Sequence) or isinstance(value, str) or step >= len(value):
                return default
            value = value[step]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return default
    return value


def copied(value: Any) -> Any:
    """Return a copy of a plain document, all the way down; faster than what copies anything."""
    if isinstance(value, dict):
        return {name: copied(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [copied(each) for each in value]
    return value


def put(document: Mapping[str, Any], path: str, value: Any) -> Document:
    """Return a copy of ``document`` with ``value`` at ``path``; ``None`` takes the member out.

    Structures on the way are made when they are missing. Raises :class:`ValueError` for the empty path and
    :class:`KeyError` where the way leads through a list position that is not there, or into a plain value.
    """
    way = steps(path)
    if not way:
        raise ValueError("The empty path leads to no member; name one.")
    root: Document = copied(dict(document))
    node: Any = root
    for step in way[:-1]:
        _must_hold(node, step, path)
        node = node.setdefault(step, {}) if isinstance(step, str) else node[step]
    last = way[-1]
    _must_hold(node, last, path)
    if value is not None:
        node[last] = copied(value)
    elif isinstance(last, int):
        del node[last]
    else:
        node.pop(last, None)
    return root


def _must_hold(node: Any, step: Step, path: str) -> None:
    fits = isinstance(node, dict) if isinstance(step, str) else isinstance(node, list) and step < len(node)
    if not fits:
        raise KeyError(f"{path}: there is no place for {step!r}.")


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what turns ``before`` into ``after``, down to the leaves, in the order of ``before`` then ``after``.

    ``patch(before, diff(before, after)) == after`` holds for all documents. A structure that appears or disappears
    empty, or disappears as a whole, is one change at its own path.
    """
    return tuple(_diff(before, after, ""))


def _diff(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str) -> Iterable[Change]:
    for name in (*before, *(name for name in after if name not in before)):
        path = join(prefix, name)
        old, new = before.get(name), after.get(name)
        if old is new:
            continue
        if isinstance(new, Mapping) and new and (old is None or isinstance(old, Mapping)):
            yield from _diff(old or {}, new, path)
        elif isinstance(new, Mapping) and isinstance(old, Mapping) and old:
            yield from (Change(join(path, each), old[each], None) for each in old)
        elif not same(old, new):
            yield Change(path, copied(old), copied(new))


def patch(document: Mapping[str, Any], changes: Iterable[Change]) -> Document:
    """Return ``document`` with each change's ``after`` at its path."""
    result: Document = copied(dict(document))
    for change in changes:
        result = put(result, change.path, change.after)
    return result


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal and of one kind: ``1`` is not ``True``, and a tuple equals a list."""
    if one is other:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def changed_members(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the top-level members that differ, in the order of ``after`` then ``before``."""
    names = (*after, *(name for name in before if name not in after))
    return tuple(name for name in names if not same(before.get(name), after.get(name)))


def effective(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> Document:
    """Return the settings in force: the domain's ``defaults`` under the profile's ``own`` values.

    Structures merge member by member; of lists the profile's wins, but security groups add up and code repositories
    unite (service contract, "Update semantics").
    """
    result: Document = copied(dict(defaults))
    for name, value in own.items():
        inherited = result.get(name)
        if isinstance(value, Mapping) and isinstance(inherited, Mapping):
            result[name] = effective(value, inherited)
        elif name in AGGREGATED and isinstance(value, (list, tuple)) and isinstance(inherited, (list, tuple)):
            result[name] = [*inherited, *copied([item for item in value if item not in inherited])]
        else:
            result[name] = copied(value)
    return result


def origin(own: Any, inherited: Any) -> str:
    """Say where a value comes from: ``set``, ``empty``, ``domain`` or ``default`` (AWS's own)."""
    if own is not None:
        return "empty" if own in ("", (), [], {}) else "set"
    return "domain" if inherited is not None else "default"
