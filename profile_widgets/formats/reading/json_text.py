"""A request in JSON, as ``--cli-input-json`` takes it."""

from __future__ import annotations

import re

from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.formats.reading.repairs import holds_pairs, read_json

_AROUND = r"(?:[\s\u200b]|//[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*"
_SURELY = re.compile(rf'{_AROUND}(?:\{{{_AROUND}(?:["“”„]|\}}|\Z)|\[{_AROUND}(?:["{{\[\]]|\Z))')
_BRACKET = re.compile(rf"{_AROUND}[{{\[]")


def looks_like(text: str) -> int:
    """Tell how much a text looks like JSON; lines without their braces may be YAML too."""
    if _SURELY.match(text):
        return 96
    return 15 if _BRACKET.match(text) else 40 if holds_pairs(text) else 0


@importer("json", label="JSON", rank=1, looks_like=looks_like)
def read(text: str, _context: Context) -> Found:
    """Read a request in JSON; what a chat or a wiki did to it is put right, and said."""
    found = Found()
    found.document = read_json(text, found)
    return found
