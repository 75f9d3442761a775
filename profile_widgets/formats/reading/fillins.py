"""Texts in a request that look as if a page left them to be filled in: ``<bucket>``, ``{{role}}``, ``your-bucket``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.problems import WARNING, Problem, shown

MANY = 20
"""How many of them are told."""

_FILL_IN = re.compile(
    r"<[A-Za-z][^<>\n]{0,60}>|\$?\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\}|%[A-Za-z_]\w*%|\{[A-Za-z_][\w.-]*\}"
    r"|(?<![A-Za-z0-9])(?:your|Your|YOUR)[-_ ][A-Za-z][\w-]*|(?<![A-Za-z0-9])[xX]{6,}"
)


def fill_ins(document: Any) -> Iterator[Problem]:
    """Yield a warning for each text of a plain document that holds something to be filled in; at most 20.

    Example::

        >>> [each.path for each in fill_ins({"A": {"B": ["s3://<bucket>/x", "s3://logs/x"]}})]
        ['A.B[0]']
    """
    waiting: list[tuple[str, Any]] = [("", document)]
    told = 0
    while waiting and told < MANY:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [
                (join(path, name) if can_stand_in_a_path(name) else path, each) for name, each in value.items()
            ][::-1]
        elif isinstance(value, list):
            waiting += [(join(path, index), each) for index, each in enumerate(value)][::-1]
        elif isinstance(value, str):
            found = _FILL_IN.search(value)
            if found is not None:
                told += 1
                text = f"It holds {shown(found[0])}, which looks like something to be filled in: put the value there."
                yield Problem(path, WARNING, text, "placeholder")
