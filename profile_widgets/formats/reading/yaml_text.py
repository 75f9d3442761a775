"""A request in YAML, as ``--cli-input-yaml`` takes it."""

from __future__ import annotations

import re

from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.formats.reading.repairs import known_names, read_yaml

_NAME = re.compile(r"""^["'“”]?([A-Za-z][A-Za-z0-9]*)["'“”]?[^\S\n]*:(?:\s|$)""", re.MULTILINE)
_FIRST = re.compile(r"""(?:\s|#[^\n]*\n|---[^\n]*\n)*(?:-\s+)?["'“”]?([A-Za-z][A-Za-z0-9]*)["'“”]?[^\S\n]*:(?:\s|$)""")
_BRACKET = re.compile(r"\s*[{\[]")
_FLOW = re.compile(r"\s*\{\s*[A-Za-z]\w*\s*:")
_FEW = 2000
"""How many of a text's names are looked at."""


def looks_like(text: str) -> int:
    """Tell how much a text looks like YAML: names that a request has, at the beginning of a line."""
    if _BRACKET.match(text):
        return 50 if _FLOW.match(text) else 10
    known = known_names()
    first = _FIRST.match(text)
    names = [found[1] for _, found in zip(range(_FEW), _NAME.finditer(text), strict=False)]
    if any(name in known for name in names) or (first is not None and first[1] in known):
        return 92
    return 30 if names else 5


@importer("yaml", label="YAML", rank=2, looks_like=looks_like)
def read(text: str, _context: Context) -> Found:
    """Read a request in YAML; what a chat or a wiki did to it is put right, and said."""
    found = Found()
    found.document = read_yaml(text, found)
    return found
