"""What an export says in comments that it could not express."""

from __future__ import annotations

import json
import re
from typing import Any

from profile_widgets.model.documents import copied, steps

_TOLD = re.compile(r"^\s*# ((?:DomainId|UserProfileName|SingleSignOn\w+|Tags|UserSettings)\S*) = (.*)$", re.MULTILINE)


def told(text: str) -> list[tuple[str, Any]]:
    """Return the path and the value of each member that an export left out, in the order of the text."""
    return [(path, json.loads(value)) for path, value in _TOLD.findall(text)]


def restored(document: dict[str, Any], left_out: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a document with what was left out in its place again."""
    whole: dict[str, Any] = copied(document)
    for path, value in left_out:
        *way, last = steps(path)
        node: Any = whole
        for step, following in zip(way, (*way, last)[1:], strict=True):
            if isinstance(node, dict):
                node = node.setdefault(step, [] if isinstance(following, int) else {})
            else:
                node = node[step]
        if isinstance(last, int):
            node.insert(last, value)
        else:
            assert last not in node
            node[last] = value
    return whole
