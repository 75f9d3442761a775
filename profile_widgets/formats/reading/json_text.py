"""A request in JSON, as ``--cli-input-json`` takes it."""

from __future__ import annotations

import re

from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.formats.syntax import json_document

_SURELY = re.compile(r'\s*(?:\{\s*(?:"|\}|\Z)|\[\s*(?:["{\[\]]|\Z))')
_BRACKET = re.compile(r"\s*[{\[]")


def looks_like(text: str) -> int:
    """Tell how much a text looks like JSON."""
    if _SURELY.match(text):
        return 96
    return 15 if _BRACKET.match(text) else 0


@importer("json", label="JSON", rank=1, looks_like=looks_like)
def read(text: str, _context: Context) -> Found:
    """Read a request in JSON."""
    return Found(json_document(text))
