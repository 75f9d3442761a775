"""The role that the page takes on for one visitor, so that IAM refuses what the policy refuses and knows the person.

A session policy can only take away: what the role may not do, no session of it may. IAM does not see single members of
a request, so the session is limited to the one profile and to the granted operations.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.policy.members import leaves
from profile_widgets.checks.policy.operations import CREATE, KNOWN, ON_A_PROFILE, READS, UPDATE
from profile_widgets.checks.problems import shown
from profile_widgets.errors import WhoseError

if TYPE_CHECKING:
    from profile_widgets.checks.policy.grants import Grant
    from profile_widgets.served import Visitor

ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}")
SESSION_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")
_PROFILE_ARN = re.compile(r"(arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:user-profile/)([a-z0-9-]+/[A-Za-z0-9-]+)")
LONGEST_POLICY = 2048
"""How many characters a session policy may have."""

SHORTEST, LONGEST, USUAL = 900, 43200, 3600
"""How long a session may last, in seconds, and how long one lasts when the policy does not say."""

_NOTHING = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@dataclass(frozen=True)
class AssumeRole:
    """Say which role is taken on for each visitor, and for how many seconds at a time.

    Example::

        >>> AssumeRole("arn:aws:iam::123456789012:role/ProfilePage").duration
        3600
    """

    role_arn: str
    duration: int = USUAL

    def session_name(self, visitor: Visitor) -> str:
        """Return the RoleSessionName and SourceIdentity of a visitor: their name as it is.

        Raises :class:`WhoseError` for a name that IAM does not take: changed, it could be another person's.
        """
        if not SESSION_NAME.fullmatch(visitor.name) or visitor.name.lower().startswith("aws:"):
            text = "IAM takes 2 to 64 letters, digits and _+=,.@- as a session's name"
            raise WhoseError(f"{shown(visitor.name)} cannot be the name of a session: {text}.")
        return visitor.name

    def session_policy(self, grant: Grant, arn: str) -> dict[str, Any]:
        """Return the session policy for a visitor: what the grant says, in IAM's words.

        ``arn`` is the visitor's own user profile; its name is written in small letters, as AWS writes it. What a rule
        grants on the visitor's own profile is allowed on this one alone. Raises :class:`WhoseError` for another kind
        of ARN, and for a policy that is longer than IAM takes.
        """
        begin, own = _profile_arn(arn)
        on_profiles: dict[str, set[str]] = {}
        for operations, profiles, domains in grant.reach:
            resources = {"own": (own,), "any": ("*",)}.get(profiles) or tuple(f"{each}/*" for each in sorted(domains))
            for resource in resources:
                found = on_profiles.setdefault(f"{begin}{resource}", set())
                found.update(KNOWN[each] for each in operations if each in ON_A_PROFILE)
        statements = [
            {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
            for resource, actions in on_profiles.items()
            if actions
        ]
        reads = sorted({action for each, action in READS.items() if grant.may(each) and each not in ON_A_PROFILE})
        statements += [{"Effect": "Allow", "Action": reads, "Resource": "*"}] if reads else []
        statements += _passing(grant)
        policy = {"Version": "2012-10-17", "Statement": statements or [dict(_NOTHING)]}
        if len(json.dumps(policy, separators=(",", ":"))) > LONGEST_POLICY:
            raise WhoseError(f"The session policy would be longer than IAM's {LONGEST_POLICY:,} characters: name less.")
        return policy


def _profile_arn(arn: str) -> tuple[str, str]:
    """Return what the ARNs of all user profiles begin with, and the rest of this one."""
    match = _PROFILE_ARN.fullmatch(arn)
    if match is None:
        raise WhoseError(f"{shown(arn)} is no user profile's ARN.")
    return match[1], match[2].lower()


def _passing(grant: Grant) -> list[dict[str, Any]]:
    """Return the right to pass a role to SageMaker, when the visitor may change one."""
    if not grant.may(UPDATE) and not grant.may(CREATE):
        return []
    roles: list[str] = []
    for path, leaf in leaves().items():
        inner = leaf.member.item if leaf.member.kind == "list" else leaf.member
        if inner.shape == "RoleArn" and grant.access(path) == "edit":
            allowed = grant.allowed(path)
            roles += [str(each) for each in allowed.values] if allowed and allowed.values is not None else ["*"]
    if not roles:
        return []
    passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    resource = "*" if "*" in roles else sorted(set(roles))
    return [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": resource, "Condition": passed}]
