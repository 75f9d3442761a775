"""The request as YAML, as ``--cli-input-yaml`` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter


@exporter("yaml", label="YAML", suffix="yaml", rank=2)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return the request as block-style YAML in the request's own order."""
    import yaml

    return yaml.safe_dump(dict(request), sort_keys=False, allow_unicode=True, width=120).rstrip("\n")
