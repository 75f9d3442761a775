"""The answer as YAML: one document, or a stream that holds an item for each answer, as the AWS CLI 2 prints them.

Members stand in alphabetical order, in block style, with every value written out; times are texts in ISO 8601.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing.registry import Page, printer
from profile_widgets.formats.printing.scalars import as_json

_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")
"""What YAML takes for a line's end, and PyYAML writes as it is unless the text is in double quotes."""


_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+")
"""What YAML 1.2 takes for a number; PyYAML knows the numbers of YAML 1.1 only."""


@printer("yaml", label="YAML", suffix="yaml", rank=2)
def write(answer: Any, _page: Page) -> str:
    """Return the answer as one YAML document; nothing for an empty structure."""
    return "" if answer == {} else _dumped(answer)


@printer("yaml-stream", label="YAML stream", suffix="yaml", rank=3)
def write_stream(answer: Any, _page: Page) -> str:
    """Return the answer as the one item of a YAML list, so that answers that follow can be appended."""
    return "" if answer == {} else _dumped([answer])


def _dumped(value: Any) -> str:
    import yaml

    try:
        return str(yaml.dump(value, Dumper=_dumper(), default_flow_style=False, allow_unicode=True))
    except yaml.YAMLError as error:
        raise FormatError(f"The answer cannot be written as YAML: {error}.", format="yaml") from None


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Write every value out, without anchors, and times and bytes as JSON has them."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
        style = '"' if _BREAKS.search(data) else "'" if _NUMBER.fullmatch(data) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def written(dumper: yaml.SafeDumper, data: Any) -> yaml.ScalarNode:
        return text(dumper, as_json(data))

    Dumper.add_representer(str, text)
    Dumper.add_representer(datetime, written)
    Dumper.add_representer(bytes, written)
    Dumper.add_multi_representer(dict, yaml.SafeDumper.represent_dict)
    return Dumper
