"""What the demo puts into its sandbox: a user profile for each visitor who has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from profile_widgets.sandbox import Sandbox

LIKE = "data-scientist-1"
"""The seeded profile whose settings a visitor's new profile begins with."""


def sandbox_profiles(sandbox: Sandbox, visitors: list[str]) -> str:
    """Let each visitor have a profile in the sandbox's first domain; return that domain's id, "" without visitors.

    Who has a name that no profile can have gets none: the page then says so.
    """
    from profile_widgets.checks.policy.whose import is_a_profile_name

    if not visitors:
        return ""
    client = sandbox.connection.client("sagemaker")
    domain_id = str(client.list_domains()["Domains"][0]["DomainId"])
    there = {
        each["UserProfileName"].lower() for each in client.list_user_profiles(DomainIdEquals=domain_id)["UserProfiles"]
    }
    missing = [name for name in visitors if name.lower() not in there and is_a_profile_name(name)]
    if missing:
        settings = client.describe_user_profile(DomainId=domain_id, UserProfileName=LIKE)["UserSettings"]
        for name in missing:
            sandbox.put_raw(domain_id, name, settings)
    return domain_id
