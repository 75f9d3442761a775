"""Who asks: the account's user, or a role that was assumed for a while, and what IAM lets each of them do.

A session is known by its access key and its token; signatures are not checked, so its secret key proves nothing here.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from profile_widgets.sandbox.exchange import Question
from profile_widgets.sandbox.permissions import Context, Policy, Verdict, judge_all
from profile_widgets.sandbox.refusals import ACCOUNT_ID, CALLER_ARN, Refusal, access_denied

_KEY_OF: Final = re.compile(r"Credential=([^/,\s]+)/|[?&]X-Amz-Credential=([^/%&]+)")
_TOKEN_OF: Final = re.compile(r"[?&]X-Amz-Security-Token=([^&]+)")
_MADE_HERE: Final = "ASIASANDBOX"
"""What the access keys begin with that a sandbox hands out: one that it does not know is never the account's user."""
_ARN: Final = re.compile(rf"arn:aws:(?:iam|sts)::{ACCOUNT_ID}:(?:role|user|assumed-role)/(.+)")
_NO_RESOURCE: Final = "*"


@dataclass(frozen=True)
class Caller:
    """One identity as AWS names it; the account's user unless a role is named."""

    arn: str = CALLER_ARN
    user_id: str = "AIDASANDBOXSANDBOX001"
    role: str = ""
    """The name of the assumed role, empty for the user."""
    role_arn: str = ""
    session_name: str = ""
    source_identity: str = ""
    session_policies: tuple[Policy, ...] = ()

    @property
    def principals(self) -> frozenset[str]:
        """Return every name by which a trust policy can mean this caller."""
        account = {ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:root"}
        return frozenset({self.arn, *account, *filter(None, [self.role_arn])})

    @property
    def context(self) -> dict[str, Sequence[str]]:
        """Return what conditions can ask of the caller."""
        name = {} if self.role else {"aws:username": (self.arn.rpartition("/")[2],)}
        identity = {"aws:sourceidentity": (self.source_identity,)} if self.source_identity else {}
        arn = self.role_arn or self.arn
        return {"aws:principalarn": (arn,), "aws:userid": (self.user_id,), **name, **identity}


@dataclass(frozen=True)
class Session:
    """Credentials that end."""

    caller: Caller
    access_key: str
    secret: str
    token: str
    expires: float
    """When they end, in seconds since the epoch."""


class Callers:
    """Know the sessions that were handed out and the policies that are enforced; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._enforced: dict[str, tuple[Policy, ...]] = {}

    def clear(self) -> None:
        """Forget every session and every policy."""
        with self._lock:
            self._sessions.clear()
            self._enforced.clear()

    def enforce(self, principal: str, policies: Sequence[Policy] | None) -> None:
        """Let a user or role (its name or ARN) do what policies allow and no more; None: whatever it likes."""
        with self._lock:
            if policies is None:
                self._enforced.pop(name_of(principal), None)
            else:
                self._enforced[name_of(principal)] = tuple(policies)

    def open(self, caller: Caller, seconds: float) -> Session:
        """Hand out credentials for a caller."""
        key = _MADE_HERE + secrets.token_hex(5).upper()[:9]
        session = Session(caller, key, secrets.token_urlsafe(30), secrets.token_urlsafe(90), time.time() + seconds)
        with self._lock:
            self._sessions[key] = session
        return session

    def expire(self) -> None:
        """Let every session that was handed out have ended."""
        with self._lock:
            self._sessions = {key: Session(**{**vars(each), "expires": 0.0}) for key, each in self._sessions.items()}

    def of(self, question: Question) -> Caller:
        """Return who asks, by access key and token; refuse credentials that ended or that nobody handed out."""
        found = _KEY_OF.search(question.headers.get("Authorization", "") or question.target)
        key = next(filter(None, found.groups()), "") if found else ""
        with self._lock:
            session = self._sessions.get(key)
        if session is None:
            if key.startswith(_MADE_HERE):
                raise _unknown()
            return Caller()
        in_address = _TOKEN_OF.search(question.target)
        token = question.headers.get("X-Amz-Security-Token", "") or (in_address.group(1) if in_address else "")
        if not secrets.compare_digest(token.encode(), session.token.encode()):
            raise _unknown()
        if session.expires <= time.time():
            raise Refusal("ExpiredTokenException", "The security token included in the request is expired", 403)
        return session.caller

    def check(self, caller: Caller, action: str, resource: str, about: Context | None = None) -> None:
        """Refuse, in IAM's words, what the caller's policies do not allow; `about` is what conditions can ask."""
        context, named = {**caller.context, **(about or {})}, resource.strip('"') or _NO_RESOURCE
        with self._lock:
            enforced = self._enforced.get(name_of(caller.arn))
        judged: list[tuple[str, Verdict]] = []
        if enforced is not None:
            judged.append(("identity-based", judge_all(enforced, action, named, context)))
        if caller.session_policies:
            judged.append(("session", judge_all(caller.session_policies, action, named, context)))
        for wanted in ("denied", "not allowed"):
            kind = next((kind for kind, verdict in judged if verdict == wanted), "")
            if kind:
                raise access_denied(action, resource, caller.arn, kind, explicit=wanted == "denied")


def name_of(principal: str) -> str:
    """Return what policies are kept under: ``role/NAME`` or ``user/NAME``; a bare name is a role's, but for the user.

    >>> name_of("arn:aws:sts::123456789012:assumed-role/Visitor/alice"), name_of("Visitor"), name_of("sandbox")
    ('role/Visitor', 'role/Visitor', 'user/sandbox')
    """
    if principal == CALLER_ARN.rpartition("/")[2]:
        return f"user/{principal}"
    found = _ARN.fullmatch(principal)
    if found is None:
        if not re.fullmatch(r"[\w+=,.@-]{1,64}", principal):
            raise ValueError(f"{principal!r} is neither the name nor the ARN of a role or user of this account.")
        return f"role/{principal}"
    if ":assumed-role/" in principal:
        return f"role/{found.group(1).split('/')[0]}"
    return f"{'user' if ':user/' in principal else 'role'}/{found.group(1).rpartition('/')[2]}"


def about_settings(document: Mapping[str, Any]) -> Context:
    """Return what SageMaker's condition keys ask of a request: its instance types, groups, images and sharing key."""
    found: dict[str, list[str]] = {}
    _collect(document, "", found)
    return found


_CONDITION_KEYS: Final = {
    "InstanceType": "sagemaker:instancetypes",
    "SecurityGroups": "sagemaker:vpcsecuritygroupids",
    "SageMakerImageArn": "sagemaker:imagearns",
    "SageMakerImageVersionArn": "sagemaker:imageversionarns",
    "SharingSettings.S3KmsKeyId": "sagemaker:domainsharingoutputkmskey",
}


def _collect(node: Any, place: str, found: dict[str, list[str]]) -> None:
    if isinstance(node, Mapping):
        for name, value in node.items():
            key = _CONDITION_KEYS.get(str(name)) or _CONDITION_KEYS.get(f"{place}.{name}")
            if key:
                values = value if isinstance(value, list) else [value]
                found.setdefault(key, []).extend(each for each in values if isinstance(each, str))
            _collect(value, str(name), found)
    elif isinstance(node, list):
        for each in node:
            _collect(each, place, found)


def _unknown() -> Refusal:
    return Refusal("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
