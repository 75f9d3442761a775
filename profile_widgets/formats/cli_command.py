"""The request as an AWS CLI command for a POSIX shell."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter
from profile_widgets.model.halves import escaped, holds_half

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FETCHED = ("file://", "fileb://", "http://", "https://")
"""How a text begins whose place the CLI takes for the text itself."""


def option(member: str) -> str:
    """Return the CLI's option for a member: ``--user-profile-name`` for ``UserProfileName``."""
    return "--" + _WORD.sub("-", member).lower()


def _must_travel_in_json(text: str) -> bool:
    return text.startswith(_FETCHED) or holds_half(text)


@exporter("cli", label="AWS CLI", suffix="sh", rank=3)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return ``aws sagemaker ...``, one option a line; structures travel as quoted JSON.

    A text is joined to its option by ``=``, so that one beginning with ``-`` is not read as an option. A request with a
    text that the CLI would read from a file or an address, or that a shell cannot hold, travels whole, as
    ``--cli-input-json``.
    """
    options = {option(member): value for member, value in request.items()}
    if any(isinstance(value, str) and _must_travel_in_json(value) for value in request.values()):
        options = {"--cli-input-json": dict(request)}
    parts = [f"aws sagemaker {_WORD.sub('-', operation).lower()}"]
    for name, value in options.items():
        text = value if isinstance(value, str) else escaped(json.dumps(value, ensure_ascii=False))
        parts.append(f"  {name}={shlex.quote(text)}")
    return " \\\n".join(parts)
