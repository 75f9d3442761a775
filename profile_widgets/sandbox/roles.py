"""The roles of the account: listed in IAM's form and made in thousands, straight from and into moto's backend.

moto's own answer takes 0.4 s for a page of 1,000, and its order changes from account to account: a list of 5,000 roles
would measure moto, not its reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.lists import start_of, token_after
from profile_widgets.sandbox.pages import FORMS

_FORM: Final = FORMS["iam:ListRoles"]
_REQUEST_ID: Final = "00000000-0000-4000-8000-000000000000"


def list_roles(backend: Any, question: Question) -> Reply:
    """Answer ListRoles with one page of the backend's roles, by name."""
    size = _FORM.size_of(question) or 0
    start = start_of(_FORM, question)
    prefix = _FORM.parameters(question).get("PathPrefix", "/")
    roles = sorted((r for r in list(backend.get_roles()) if r.path.startswith(prefix)), key=lambda role: str(role.name))
    marker = token_after(_FORM, question, start + size) if start + size < len(roles) else ""
    parts = [
        '<ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult>',
        f"<IsTruncated>{'true' if marker else 'false'}</IsTruncated><Roles>",
        *(_member(role) for role in roles[start : start + size]),
        f"</Roles>{f'<Marker>{marker}</Marker>' if marker else ''}</ListRolesResult>",
        f"<ResponseMetadata><RequestId>{_REQUEST_ID}</RequestId></ResponseMetadata></ListRolesResponse>",
    ]
    return Reply(200, (("Content-Type", "text/xml"),), "".join(parts).encode())


def _member(role: Any) -> str:
    """Write what ListRoles tells of a role: no tags, no boundary, no last use."""
    described = f"<Description>{escape(role.description)}</Description>" if role.description else ""
    return (
        f"<member><Path>{escape(role.path)}</Path><RoleName>{escape(role.name)}</RoleName><RoleId>{role.id}</RoleId>"
        f"<Arn>{escape(role.arn)}</Arn><CreateDate>{role.create_date:%Y-%m-%dT%H:%M:%SZ}</CreateDate>"
        f"<AssumeRolePolicyDocument>{quote(role.assume_role_policy_document, safe='')}</AssumeRolePolicyDocument>"
        f"{described}<MaxSessionDuration>{role.max_session_duration or 3600}</MaxSessionDuration></member>"
    )


def trust(principal: Any, effect: str = "Allow", actions: Sequence[str] = ()) -> dict[str, Any]:
    """Return a trust policy that lets a principal assume a role, and do more `actions` with it, or forbids it."""
    statement = {
        "Effect": effect,
        "Principal": principal,
        "Action": ["sts:AssumeRole", *actions] if actions else "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def numbered(count: int) -> Iterator[dict[str, Any]]:
    """Yield so many roles of teams, all of which SageMaker can assume, the oldest first."""
    for number in range(1, count + 1):
        yield {
            "name": f"team-{number:05d}-studio",
            "description": f"Studio role of team {number}.",
            "trust": trust({"Service": "sagemaker.amazonaws.com"}),
            "age": 700 * (1 - number / (count + 1)),
        }


def add_roles(backend: Any, entries: Iterable[Mapping[str, Any]]) -> None:
    """Put roles into the backend; one whose name is taken stays as it is."""
    taken = {role.name for role in backend.get_roles()}
    for entry in entries:
        if entry["name"] in taken:
            continue
        role = backend.create_role(
            role_name=entry["name"],
            assume_role_policy_document=json.dumps(entry["trust"]),
            path=entry.get("path", "/"),
            permissions_boundary=None,
            description=entry.get("description", ""),
            tags=[],
            max_session_duration=str(entry.get("longest", 3600)),
        )
        _age(role, entry)


def age_roles(backend: Any, entries: Iterable[Mapping[str, Any]]) -> None:
    """Let roles that the backend has be as old as their entries say."""
    by_name = {entry["name"]: entry for entry in entries}
    for role in backend.get_roles():
        if role.name in by_name:
            _age(role, by_name[role.name])


def _age(role: Any, entry: Mapping[str, Any]) -> None:
    days = timedelta(days=entry.get("age", 0))
    role.create_date = (datetime.now(timezone.utc) - days).replace(microsecond=0, tzinfo=None)
