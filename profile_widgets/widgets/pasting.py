"""Several items of a list at once, from a pasted text."""

from __future__ import annotations

import json
from typing import Any

from profile_widgets.model.labels import label
from profile_widgets.model.shapes import Member


def only_text(item: Member) -> str:
    """Return the name of the one text that an item consists of, or ``""`` when it is more than that."""
    members = list(item.members.values())
    return members[0].name if item.kind == "structure" and len(members) == 1 and members[0].kind == "string" else ""


def hint(item: Member) -> str:
    """Say what may be pasted as items of this kind.

    Example::

        >>> from profile_widgets.model import shape
        >>> hint(shape("CodeRepositories").item)
        'One repository URL on each line, or a JSON list.'
    """
    name = only_text(item)
    if name:
        words = label(name)
        return f"One {words[:1].lower()}{words[1:]} on each line, or a JSON list."
    first = next(iter(item.members), "")
    return f'A JSON list, as AWS writes it: [{{"{first}": ...}}, ...]'


def items(item: Member, text: str) -> list[dict[str, Any]]:
    """Read items from a text: JSON (a list, or one item), or lines where an item is one text.

    Raises :class:`ValueError` saying what is wrong and where.
    """
    text = text.strip()
    name = only_text(item)
    if name and not text.startswith(("[", "{")):
        return [{name: line.strip()} for line in text.splitlines() if line.strip()]
    try:
        read = json.loads(text)
    except ValueError as error:
        raise ValueError(f"What was pasted is not JSON: {error}. {hint(item)}") from error
    found = read if isinstance(read, list) else [read]
    if not all(isinstance(each, dict) for each in found):
        raise ValueError(f"What was pasted is JSON, but not a list of items. {hint(item)}")
    return found
