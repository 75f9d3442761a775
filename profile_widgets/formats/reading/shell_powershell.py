"""Texts and defaults of parameters as PowerShell writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

MANY = 20
"""How many lists of parameters are looked at."""

LONGEST = 4_000
"""How far the end of a list of parameters is looked for."""

LITERAL = re.compile(
    r"@(?P<here>['\"])[^\S\n]*\n(?:.*?\n)??(?P=here)@"
    r"|'(?P<plain>(?:[^']|'')*)'|\"(?P<double>(?:[^\"`]|`.|\"\")*)\""
    r"|[\u201c-\u201f][^\u201c-\u201f\"\n]*[\u201c-\u201f\"]|[\u2018-\u201b][^\u2018-\u201b'\n]*[\u2018-\u201b']"
    r"|-?\d+(?:\.\d+)?",
    re.DOTALL,
)
"""A text or a number; what stands behind it may still work something out of it."""

ENDS = re.compile(r"[^\S\n]*(?:[\r\n;}#]|\Z)")
"""What stands behind a value that is the whole one."""

PARAMETER_ENDS = re.compile(r"[^\S\n]*(?:[\r\n;}#,)]|\Z)")
PARAMETER = re.compile(r"(?<=[(,\]\s])\$(?P<name>[A-Za-z_]\w*)[^\S\n]*(?P<does>=)(?!=)[^\S\n]*")
"""A parameter with its default, within ``param(...)``."""

_PARAMETERS = re.compile(r"\bparam[^\S\n]*\(", re.IGNORECASE)
_PIECE = re.compile(r"'[^']*'|\"(?:[^\"`]|`.)*\"|#[^\n]*|[()]", re.DOTALL)
_CHANGED = re.compile(r"`[0abefnrtuv]|\\[\\$`\"]")


def parameters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each ``param(...)`` of a text begins and ends."""
    behind = looked = 0
    for found in _PARAMETERS.finditer(text):
        if found.start() < behind or looked >= MANY:
            continue
        looked, depth = looked + 1, 1
        for piece in _PIECE.finditer(text, found.end(), found.end() + LONGEST):
            depth += {"(": 1, ")": -1}.get(piece[0], 0)
            if not depth:
                behind = piece.end()
                yield found.start(), behind
                break


def is_worked_out(literal: re.Match[str], value: str) -> bool:
    """Tell whether a text in double quotes holds signs that stand for others, which ``value`` has as they are."""
    inside = literal["double"] or ""
    return _CHANGED.search(inside) is not None or ('""' in inside and '"' not in value)
