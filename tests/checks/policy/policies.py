"""Small policies for the tests: a sound one to begin from, and a short way to another."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.checks.policy import Grant, Policy
from profile_widgets.checks.policy.members import leaves
from profile_widgets.served import Visitor

ALICE = Visitor("alice", ("ml",), "proxy")
DOMAIN = "d-abc123"
OWN = (DOMAIN, "alice")
LAB = "UserSettings.JupyterLabAppSettings"
TYPE = f"{LAB}.DefaultResourceSpec.InstanceType"
IDLE = f"{LAB}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
NEWER = pytest.mark.skipif(IDLE not in leaves(), reason="newer than this botocore")
CHANGES = ["DescribeUserProfile", "UpdateUserProfile"]


def document(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a policy with these rules; a rule that does not say for whom is for everyone."""
    return {
        "version": 1,
        "title": "Test",
        "contact": "ml-help@example.com",
        "profile": {"template": "{user}", "domain_id": DOMAIN},
        "rules": [{"for": "everyone", **rule} for rule in rules],
        **more,
    }


def policy(*rules: dict[str, Any], **more: Any) -> Policy:
    return Policy.from_document(document(*rules, **more))


def grant(*rules: dict[str, Any], visitor: Visitor | None = ALICE, **more: Any) -> Grant:
    """Return what these rules grant alice; a first rule lets her update her own profile."""
    return policy({"operations": CHANGES}, *rules, **more).grant(visitor)
