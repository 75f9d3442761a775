"""The request as YAML, as ``--cli-input-yaml`` takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from profile_widgets.formats.registry import exporter

_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")
"""What YAML takes for a line's end, and PyYAML writes as it is unless the text is in double quotes."""


@exporter("yaml", label="YAML", suffix="yaml", rank=2)
def write(request: Mapping[str, Any], _operation: str) -> str:
    """Return the request as block-style YAML in the request's own order."""
    import yaml

    text: str = yaml.dump(dict(request), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=120)
    return text.rstrip("\n")


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Write every value out: no anchors, and no text that would be read otherwise."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"' if _BREAKS.search(data) else None)

    Dumper.add_representer(str, text)
    return Dumper
