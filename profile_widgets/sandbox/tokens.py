"""STS: whose credentials these are, and a role's credentials for a while, under a session policy."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final
from xml.sax.saxutils import escape

from profile_widgets.sandbox.callers import Caller, Callers, Session
from profile_widgets.sandbox.exchange import Reply
from profile_widgets.sandbox.permissions import Policy
from profile_widgets.sandbox.protocols import Asked
from profile_widgets.sandbox.refusals import ACCOUNT_ID, Refusal, access_denied

ANSWERED: Final = frozenset({"GetCallerIdentity", "AssumeRole"})
"""The operations of STS that are the sandbox's own."""
LARGEST_POLICY: Final = 2048
CHAINED_SECONDS: Final = 3600
"""The longest that a role may be assumed for by a role."""

_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_ROLE_ARN: Final = re.compile(rf"arn:aws:iam::{ACCOUNT_ID}:role/(?:[\x21-\x7e]+/)?([\w+=,.@-]{{1,64}})")


@dataclass(frozen=True)
class Role:
    """What STS needs to know of a role."""

    name: str
    arn: str
    trust: Policy
    role_id: str = "AROASANDBOXSANDBOX001"
    longest: int = 3600
    """How long it may be assumed for, in seconds."""


FindRole = Callable[[str], "Role | None"]


class Tokens:
    """Answer for STS."""

    def __init__(self, callers: Callers, find_role: FindRole) -> None:
        self._callers = callers
        self._find_role = find_role

    def answer(self, asked: Asked, caller: Caller) -> Reply:
        """Answer one of :data:`ANSWERED`; a Refusal where STS refuses."""
        if asked.operation == "GetCallerIdentity":
            told = {"Arn": caller.arn, "UserId": caller.user_id, "Account": ACCOUNT_ID}
            return _answered("GetCallerIdentity", _written(told))
        return self._assume(asked.parameters, caller)

    def _assume(self, form: Mapping[str, Any], caller: Caller) -> Reply:
        arn, name, identity = (form.get(each, "") for each in ("RoleArn", "RoleSessionName", "SourceIdentity"))
        for member, value in (("roleSessionName", name), ("sourceIdentity", identity)):
            if not _NAME.fullmatch(value) and (value or member == "roleSessionName"):
                raise _invalid(f"Value '{value}' at '{member}' failed to satisfy constraint: [\\w+=,.@-]{{2,64}}")
        found = _ROLE_ARN.fullmatch(arn)
        role = self._find_role(found.group(1)) if found else None
        if role is None or role.arn != arn:
            raise access_denied("sts:AssumeRole", arn, caller.arn, "")
        seconds = _seconds(form.get("DurationSeconds", "3600"), role, caller)
        policies = _session_policies(form)
        self._check_trust(role, caller, form)
        if caller.source_identity and identity not in ("", caller.source_identity):
            raise access_denied("sts:SetSourceIdentity", arn, caller.arn, "")
        session = self._callers.open(
            Caller(
                f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role.name}/{name}",
                f"{role.role_id}:{name}",
                role.name,
                role.arn,
                name,
                identity or caller.source_identity,
                policies,
            ),
            seconds,
        )
        return _answered("AssumeRole", _handed_out(session, form.get("Policy", "")))

    def _check_trust(self, role: Role, caller: Caller, form: Mapping[str, Any]) -> None:
        """Refuse unless both the caller's own policies and the role's trust policy let it be."""
        keys = (
            ("sts:rolesessionname", "RoleSessionName"),
            ("sts:sourceidentity", "SourceIdentity"),
            ("sts:externalid", "ExternalId"),
        )
        about: dict[str, Sequence[str]] = {key: (form[member],) for key, member in keys if form.get(member)}
        actions = ["sts:AssumeRole", *(["sts:SetSourceIdentity"] if form.get("SourceIdentity") else [])]
        for action in actions:
            self._callers.check(caller, action, role.arn, about)
            context = {**caller.context, **about}
            if role.trust.judge(action, role.arn, context, caller.principals) != "allowed":
                raise access_denied(action, role.arn, caller.arn, "")


def _seconds(text: str, role: Role, caller: Caller) -> int:
    longest = CHAINED_SECONDS if caller.role else role.longest
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 900 <= int(text) <= 43200:
        raise _invalid(f"Value '{text}' at 'durationSeconds' failed to satisfy constraint: between 900 and 43200")
    if int(text) > longest:
        reason = (
            "the 1 hour session limit for roles assumed by role chaining" if caller.role else "the MaxSessionDuration"
        )
        raise _invalid(f"The requested DurationSeconds exceeds {reason} set for this role.", plain=True)
    return int(text)


def _session_policies(form: Mapping[str, Any]) -> tuple[Policy, ...]:
    if any(name.startswith("PolicyArns.") for name in form):
        raise Refusal("NotImplemented", "The sandbox takes session policies as documents, not as ARNs.", 501)
    text = form.get("Policy", "")
    if not text:
        return ()
    if len(text) > LARGEST_POLICY:
        raise _invalid(f"Value at 'policy' failed to satisfy constraint: length less than or equal to {LARGEST_POLICY}")
    try:
        return (Policy.read(text),)
    except ValueError as error:
        raise Refusal("MalformedPolicyDocument", f"This policy contains invalid Json or {error}") from error


def _handed_out(session: Session, policy: str) -> str:
    caller = session.caller
    expires = datetime.fromtimestamp(session.expires, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    credentials = {
        "AccessKeyId": session.access_key,
        "SecretAccessKey": session.secret,
        "SessionToken": session.token,
        "Expiration": expires,
    }
    told = {"Credentials": credentials, "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn}}
    size = {"PackedPolicySize": str(1 + len(json.dumps(policy)) * 100 // (2 * LARGEST_POLICY))} if policy else {}
    return _written({**told, **size, **({"SourceIdentity": caller.source_identity} if caller.source_identity else {})})


def _written(members: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_written(value) if isinstance(value, Mapping) else escape(value)}</{name}>"
        for name, value in members.items()
    )


def _answered(operation: str, result: str) -> Reply:
    body = (
        f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result>{result}'
        f"</{operation}Result><ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        f"</{operation}Response>"
    )
    return Reply(200, (("Content-Type", "text/xml"),), body.encode())


def _invalid(message: str, *, plain: bool = False) -> Refusal:
    return Refusal("ValidationError", message if plain else f"1 validation error detected: {message}")
