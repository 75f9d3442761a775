"""What a row says about a value: one line of words, whatever the account holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

LONGEST_NAME = 200
LONGEST_DETAIL = 400
"""How many characters of a name and of a detail are shown."""

DOT = " · "

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: they turn around the text of whoever stands beside them."""

_UNITS = ((365, "year"), (30, "month"), (1, "day"))


def shown(text: Any, longest: int = LONGEST_DETAIL) -> str:
    r"""Return a text of the account as one line that can stand beside others; ``""`` for what is no text.

    HTML, emoji and letters of any direction stay as they are: whoever shows them shows text.

    Example::

        >>> shown("two\nlines \u202eof text")
        'two lines of text'
    """
    if not isinstance(text, str):
        return ""
    if text.isprintable() and len(text) <= longest and "  " not in text and text == text.strip():
        return text  # as nearly all texts are, and there may be thousands
    return _cut(" ".join(_TURNING.sub("", _UNSEEN.sub(" ", text[: 4 * longest])).split()), longest)


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else line[: longest - 1] + "…"


def joined(*parts: Any) -> str:
    """Return the parts that say something, with dots between them."""
    return _cut(DOT.join([line for part in parts if (line := shown(part))]), LONGEST_DETAIL)


def since(moment: Any, did: str = "created") -> str:
    """Say how long ago something was done, ``""`` when that is not known.

    Example::

        >>> since(None)
        ''
    """
    if not isinstance(moment, datetime):
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return _ago((datetime.now(timezone.utc) - moment).days, did)


@lru_cache(maxsize=1024)
def _ago(days: int, did: str) -> str:
    for length, unit in _UNITS:
        if days >= length:
            return f"{did} {counted(days // length, unit)} ago"
    return f"{did} today"


def on(moment: Any) -> str:
    """Return a day as ``2025-05-20``, ``""`` when it is not known."""
    return f"{moment:%Y-%m-%d}" if isinstance(moment, datetime) else ""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    Example::

        >>> counted(1, "day"), counted(5000, "role")
        ('1 day', '5,000 roles')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def text(row: Mapping[str, Any], name: str) -> str:
    """Return a text of AWS's answer as it came, ``""`` when it is absent or no text."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def tag(row: Mapping[str, Any], key: str = "Name") -> str:
    """Return the value of a tag of a row, ``""`` when it has none."""
    for each in items(row, "Tags"):
        if text(each, "Key") == key:
            return text(each, "Value")
    return ""


def items(row: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    """Yield the structures of a list in AWS's answer, and nothing else that may stand there."""
    found = row.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def size(count: Any) -> str:
    """Return a number of bytes in words, ``""`` when it is none.

    Example::

        >>> size(6144), size(3 * 1024**4)
        ('6 KiB', '3 TiB')
    """
    if not isinstance(count, (int, float)) or isinstance(count, bool) or count < 0:
        return ""
    amount, unit = float(count), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:,.0f} {unit}"
