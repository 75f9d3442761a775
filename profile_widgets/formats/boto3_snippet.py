"""The request as a few lines of Python that run."""

from __future__ import annotations

import pprint
import textwrap
from collections.abc import Mapping
from typing import Any

from profile_widgets.formats.registry import exporter

METHODS = {"CreateUserProfile": "create_user_profile", "UpdateUserProfile": "update_user_profile"}


@exporter("boto3", label="boto3", suffix="py", rank=4)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return a snippet that makes a client, sends the request and prints the profile's ARN."""
    lines = ["import boto3", "", 'sagemaker = boto3.client("sagemaker")', f"response = sagemaker.{METHODS[operation]}("]
    for member, value in request.items():
        text = pprint.pformat(value, width=100, sort_dicts=False)
        lines.append(textwrap.indent(f"{member}={text},", "    "))
    return "\n".join([*lines, ")", 'print(response["UserProfileArn"])'])
