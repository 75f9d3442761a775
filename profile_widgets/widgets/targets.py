"""What is to be opened: a domain, a profile in it, or a new one; chosen, or named by an ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

ARN = re.compile(r"arn:[^:]*:sagemaker:([^:]*):([^:]*):(?:domain/([^/]+)|user-profile/([^/]+)/([^/]+))")
"""The ARN of a domain, or of a user profile."""


class Target(NamedTuple):
    """Say what is to be opened; without a name and not to create, just the domain."""

    domain_id: str
    name: str = ""
    create: bool = False

    @property
    def words(self) -> str:
        """Name it in a sentence."""
        return "a new profile" if self.create else self.name or "another domain"


def elsewhere(arn: re.Match[str], here: Mapping[str, Any]) -> str:
    """Return why what an ARN names cannot be reached from ``here``, a region and an account; "" when it can.

    Example::

        >>> elsewhere(ARN.fullmatch("arn:aws:sagemaker:us-east-1:1:domain/d-1"), {"region": "eu-west-1", "account": ""})
        'This ARN is of region us-east-1, and requests go to eu-west-1. Change the connection first.'
    """
    found = []
    if here["region"] and here["region"] != arn[1]:
        found.append(f"region {arn[1]}, and requests go to {here['region']}")
    if here["account"] and here["account"] != arn[2]:
        found.append(f"account {arn[2]}, and requests are signed for {here['account']}")
    return f"This ARN is of {'; of '.join(found)}. Change the connection first." if found else ""
