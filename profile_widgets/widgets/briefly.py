"""Settings in brief: in the order of the form, and what a structure holds in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from profile_widgets.model import documents
from profile_widgets.model.labels import label
from profile_widgets.widgets.board import words
from profile_widgets.widgets.groups import Part, arranged

MENTIONED = 3
"""How many values a line about a structure mentions."""


def in_order(names: Iterable[str]) -> list[str]:
    """Return names of settings in the order in which the form shows them, all others after them.

    Example::

        >>> in_order(["Tags", "CanvasAppSettings", "ExecutionRole"])
        ['ExecutionRole', 'CanvasAppSettings', 'Tags']
    """
    listed = list(names)
    shown = [
        name
        for _, entry in arranged(listed, listed)
        for name in (entry.members if isinstance(entry, Part) else (entry,))
        if name in listed
    ]
    return list(dict.fromkeys((*shown, *listed)))


def said(value: Any) -> str:
    """Return what a part of a source holds, in a line.

    Example::

        >>> said({"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}})
        'Instance type: ml.t3.medium'
    """
    if not isinstance(value, Mapping):
        return short(value)
    leaves = [change for change in documents.diff({}, value) if not isinstance(change.after, Mapping)]
    told = [_told(change.path, change.after) for change in leaves[:MENTIONED]]
    rest = len(leaves) - MENTIONED
    return " · ".join(told) + (f" and {rest} more" if rest > 0 else "")


def _told(path: str, value: Any) -> str:
    """Return a value with its name: a mere status is named by what it is the status of, a unit stands at the end."""
    names = [label(str(step)) for step in documents.steps(path) if isinstance(step, str)]
    name, _, unit = (names[-2] if len(names) > 1 and names[-1] == "Status" else names[-1]).partition(", ")
    return f"{name}: {short(value)} {unit}".rstrip()


def short(value: Any) -> str:
    """Return a value in few words: of an ARN what people know it by, of a list of structures their number.

    Example::

        >>> short("arn:aws:iam::123456789012:role/service-role/Analyst"), short([{"ImageName": "a"}])
        ('Analyst', '1 item')
    """
    if isinstance(value, str) and value.startswith("arn:"):
        return value.rpartition("/")[2] or value
    if isinstance(value, (list, tuple)) and value:
        if isinstance(value[0], Mapping):
            return f"{len(value)} item{'s' if len(value) > 1 else ''}"
        return ", ".join(map(short, value))
    return words(value)
