"""Times and bytes in an answer, for the formats that have neither."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any


def as_json(value: Any) -> str:
    """Return a time in ISO 8601 and bytes in base64; raises TypeError for whatever else JSON has no form for.

    Example::

        >>> as_json(b"key")
        'a2V5'
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"there is no form for {type(value).__name__}")
