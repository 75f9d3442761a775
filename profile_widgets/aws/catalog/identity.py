"""Roles, and who may assume them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import joined, shown, since, text
from profile_widgets.aws.protocol import Offer

SAGEMAKER = "sagemaker.amazonaws.com"
"""The service that assumes a profile's execution role."""

CLUSTERS = frozenset({"ec2.amazonaws.com", "elasticmapreduce.amazonaws.com"})
"""The services that run EMR's clusters."""

SERVICES = {
    SAGEMAKER: "SageMaker",
    "forecast.amazonaws.com": "Amazon Forecast",
    "bedrock.amazonaws.com": "Amazon Bedrock",
    "emr-serverless.amazonaws.com": "EMR Serverless",
    "redshift.amazonaws.com": "Amazon Redshift",
}
"""What people call the services that assume roles."""

ROLES = Paged("ListRoles", "Roles", service="iam", size={"MaxItems": 1000}, asks="Marker", tells="Marker")
FOREIGN = "Roles of other accounts cannot be listed: paste their ARN."
ASSUME = "sts:assumerole"
"""The action by which a role is assumed, in small letters: IAM does not tell them apart."""


@dataclass(frozen=True)
class Trust:
    """Say whom a role's trust policy names: services, and accounts, roles or users of AWS."""

    services: frozenset[str]
    principals: frozenset[str]


def trust(policy: Any) -> Trust:
    """Read a trust policy. Conditions are not weighed: whoever is named counts as allowed.

    A Deny that names it too counts when it has no condition: with one, it may not apply to what is asked here.

    Example::

        >>> statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        >>> sorted(trust({"Statement": statement}).services)
        ['ec2.amazonaws.com']
    """
    named: dict[str, set[str]] = {"Service": set(), "AWS": set()}
    refused: set[str] = set()
    for statement in _several(policy.get("Statement") if isinstance(policy, dict) else None):
        if not isinstance(statement, dict) or not _is_about_assuming(statement):
            continue
        principal = statement.get("Principal")
        who = principal if isinstance(principal, dict) else {"AWS": principal}
        for sort, names in named.items():
            found = [name for name in _several(who.get(sort)) if isinstance(name, str)]
            if statement.get("Effect") == "Allow":
                names.update(found)
            elif not statement.get("Condition"):
                refused.update(found)
    services = frozenset(name.removesuffix(".cn") for name in named["Service"] - refused)
    return Trust(services, frozenset(named["AWS"] - refused))


def _is_about_assuming(statement: Mapping[str, Any]) -> bool:
    """Tell whether a statement is about assuming the role; one without actions never is."""
    return any(_is_assuming(each) for each in _several(statement.get("Action")) if isinstance(each, str))


def _is_assuming(action: str) -> bool:
    """Tell whether an action of a policy means assuming: IAM ignores case, and knows ``*`` and ``?`` but no ``[``."""
    return "[" not in action and fnmatchcase(ASSUME, action.lower())


def _several(value: Any) -> list[Any]:
    """Return a list; IAM lets a single item stand for one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def assumable(row: Row, about: About) -> Offer:
    """Offer a role: it fits when the place's service, SageMaker unless it is named, can assume it."""
    service = about.get("service") or SAGEMAKER
    if service not in row.facts.services:
        return Offer(row.value, row.name, row.detail, fits=False)
    return Offer(row.value, row.name, joined(f"{SERVICES.get(service, service)} can assume it", row.detail))


def of_clusters(row: Row, about: About) -> Offer:
    """Offer a role for EMR: it fits when the execution role, its account, or EMR's clusters are trusted."""
    account = row.value.split(":")[4] if row.value.count(":") >= 5 else ""
    own = {account, f"{row.value.partition('::')[0]}::{account}:root", about.get("role", "")} - {""}
    if row.facts.principals & own:
        return Offer(row.value, row.name, joined("a role of this account can assume it", row.detail))
    if row.facts.services & CLUSTERS:
        return Offer(row.value, row.name, joined("clusters can assume it", row.detail))
    return Offer(row.value, row.name, row.detail, fits=False)


@kind("role", noun="role", offer=assumable)
@kind("emr-role", noun="role", offer=of_clusters, closed=False, note=FOREIGN)
async def roles(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the account's roles."""
    async for page in source.pages(ROLES):
        yield list(_rows(page))


def _rows(page: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
    for role in page:
        path = text(role, "Path")
        yield Row(
            value=text(role, "Arn"),
            name=shown(text(role, "RoleName")),
            detail=joined(
                f"path {path}" if path.strip("/") else "", since(role.get("CreateDate")), text(role, "Description")
            ),
            facts=trust(role.get("AssumeRolePolicyDocument")),
        )
