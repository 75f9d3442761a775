"""The answer as lines of texts between tabs, for ``cut``, ``grep`` and ``read``.

A structure gives one line with the values of its plain members in alphabetical order, then lines for its structures and
lists, each beginning with the member's name in capitals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing.registry import Page, printer
from profile_widgets.model.halves import escaped

_MIXED = (
    "The answer is a list of structures and other things together, which has no form as text. "
    "Ask for json or yaml, or change the query."
)


@printer("text", label="Text", suffix="txt", rank=4)
def write(answer: Any, _page: Page) -> str:
    """Return the answer as lines between tabs; None is ``None``, as the AWS CLI writes it."""
    return escaped("".join(f"{line}\n" for line in _lines(answer, None, None)))


def _lines(node: Any, name: str | None, columns: list[str] | None) -> Iterator[str]:
    """Yield the lines of a node; ``columns`` are the plain members that a row of a list of structures has."""
    if isinstance(node, dict):
        yield from _structure(node, name, columns)
    elif isinstance(node, list):
        yield from _list(node, name)
    else:
        yield str(node)


def _list(items: list[Any], name: str | None) -> Iterator[str]:
    if any(isinstance(item, dict) for item in items):
        if not all(isinstance(item, dict) for item in items):
            raise FormatError(_MIXED, format="text")
        columns = sorted({key for item in items for key, value in item.items() if _is_plain(value)})
        for item in items:
            yield from _lines(item, name, columns)
        return
    plain = [str(item) for item in items if _is_plain(item)]
    if plain and name is None:
        yield "\t".join(plain)
    else:
        yield from (f"{str(name).upper()}\t{each}" for each in plain)
    for item in items:
        if not _is_plain(item):
            yield from _lines(item, name, None)


def _structure(node: dict[str, Any], name: str | None, columns: list[str] | None) -> Iterator[str]:
    if columns is None:
        plain = [str(node[key]) for key in sorted(node) if _is_plain(node[key])]
        inner = [key for key in sorted(node) if not _is_plain(node[key])]
    else:
        plain = [str(node.get(key, "")) for key in columns]
        inner = sorted(set(node) - set(columns))
    if plain:
        yield "\t".join(plain if name is None else [name.upper(), *plain])
    for key in inner:
        yield from _lines(node[key], key, None)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, (dict, list))
