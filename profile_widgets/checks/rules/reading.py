"""Reading plain documents that may hold anything anywhere: what is of another type counts as absent.

Whether a value has the right type is for :mod:`profile_widgets.checks.constraints` to say; a rule reads past it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

NONE = "None"
"""The text with which some members are cleared."""

_STRUCTURES = (dict, Mapping)  # a dict is told at once, without asking the abstract class
_LISTS = (list, tuple)
_ACCOUNT = re.compile("[0-9]{12}")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def structure(node: Any, *names: str) -> Mapping[str, Any]:
    """Return the structure that the names lead to; empty where there is none.

    Example::

        >>> structure({"A": {"B": {"C": 1}}}, "A", "B")
        {'C': 1}
    """
    for name in names:
        if not isinstance(node, _STRUCTURES):
            return _NOTHING
        node = node.get(name)
    return node if isinstance(node, _STRUCTURES) else _NOTHING


def word(node: Mapping[str, Any], name: str) -> str:
    """Return a text; ``""`` where there is none."""
    value = node.get(name)
    return value if isinstance(value, str) else ""


def arn(node: Mapping[str, Any], name: str) -> str:
    """Return a text that names something; ``""`` where there is none, or the text that clears."""
    value = word(node, name)
    return "" if value == NONE else value


def number(node: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number; ``None`` where there is none."""
    value = node.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def items(node: Mapping[str, Any], name: str) -> Sequence[Any]:
    """Return a list; empty where there is none."""
    value = node.get(name)
    return value if isinstance(value, _LISTS) else ()


def words(node: Mapping[str, Any], name: str) -> list[str]:
    """Return the texts in a list, in their order."""
    return [each for each in items(node, name) if isinstance(each, str)]


def structures(node: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the structures in a list with their positions."""
    for index, each in enumerate(items(node, name)):
        if isinstance(each, _STRUCTURES):
            yield index, each


def last_part(text: str) -> str:
    """Return what stands behind the last slash of an ARN: the name that people know it by."""
    return text.rpartition("/")[2] or text


def account(text: str) -> str:
    """Return the account number in an ARN; ``""`` where there is none.

    Example::

        >>> account("arn:aws:iam::123456789012:role/analyst")
        '123456789012'
    """
    parts = text.split(":", 5)
    return parts[4] if len(parts) == 6 and _ACCOUNT.fullmatch(parts[4]) else ""
