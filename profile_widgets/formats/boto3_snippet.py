"""The request as a few lines of Python that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter

METHODS = {"CreateUserProfile": "create_user_profile", "UpdateUserProfile": "update_user_profile"}
INDENT = "    "
SHORT = 88
"""How long a line may be before its value is laid out over several."""


@exporter("boto3", label="boto3", suffix="py", rank=4)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return a snippet that makes a client, sends the request and prints the profile's ARN."""
    lines = ["import boto3", "", 'sagemaker = boto3.client("sagemaker")', f"response = sagemaker.{METHODS[operation]}("]
    lines += [f"{INDENT}{member}={literal(value, INDENT, len(member) + 1)}," for member, value in request.items()]
    return "\n".join([*lines, ")", 'print(response["UserProfileArn"])'])


def literal(value: Any, indent: str = "", before: int = 0) -> str:
    """Return a plain value as a Python literal; what is too long for a line has one item a line.

    ``before`` is how many characters stand before it in its first line, beside the indent.

    Example::

        >>> literal({"SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"})
        "{'SecurityGroups': ['sg-1'], 'StudioWebPortal': 'ENABLED'}"
    """
    whole = repr(_plain(value))
    if not value or not isinstance(value, (Mapping, list, tuple)) or len(indent) + before + len(whole) < SHORT:
        return whole
    inner = indent + INDENT
    if isinstance(value, Mapping):
        rows = [f"{inner}{name!r}: {literal(item, inner, len(repr(name)) + 2)}," for name, item in value.items()]
        return "\n".join(["{", *rows, f"{indent}}}"])
    return "\n".join(["[", *(f"{inner}{literal(item, inner)}," for item in value), f"{indent}]"])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
