"""The request as an AWS CLI command for a POSIX shell."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def option(member: str) -> str:
    """Return the CLI's option for a member: ``--user-profile-name`` for ``UserProfileName``."""
    return "--" + _WORD.sub("-", member).lower()


@exporter("cli", label="AWS CLI", suffix="sh", rank=3)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return ``aws sagemaker ...``, one option a line; structures travel as quoted JSON.

    A text is joined to its option by ``=``, so that one beginning with ``-`` is not read as an option.
    """
    command = _WORD.sub("-", operation).lower()
    parts = [f"aws sagemaker {command}"]
    for member, value in request.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        parts.append(f"  {option(member)}={shlex.quote(text)}")
    return " \\\n".join(parts)
