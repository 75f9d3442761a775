"""The request as JSON, as ``--cli-input-json`` takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter
from profile_widgets.model.halves import escaped


@exporter("json", label="JSON", suffix="json", rank=1)
def write(request: Mapping[str, Any], _operation: str) -> str:
    """Return the request as indented JSON."""
    return escaped(json.dumps(request, indent=2, ensure_ascii=False))
