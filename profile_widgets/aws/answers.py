"""AWS's answers, turned into the plain records of :mod:`profile_widgets.aws.protocol`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profile_widgets.aws.exchange import Exchange
from profile_widgets.aws.protocol import (
    Answer,
    AppSummary,
    Caller,
    Described,
    DescribedDomain,
    DomainSummary,
    ProfileSummary,
)

UNKNOWN_KIND = "SDK_UNKNOWN_MEMBER"
"""What botocore puts in the place of a union's member that it does not know."""


def described(exchange: Exchange) -> Described:
    """Read an answer of DescribeUserProfile."""
    document = without_markers(exchange.document)
    return Described(
        domain_id=document["DomainId"],
        name=document["UserProfileName"],
        status=document["Status"],
        document=document,
        settings=document.get("UserSettings"),
        raw=exchange.raw,
        unknown=exchange.unknown,
        failure_reason=_text(document, "FailureReason"),
        arn=_text(document, "UserProfileArn"),
        created=document.get("CreationTime"),
        modified=document.get("LastModifiedTime"),
        request_id=exchange.request_id,
    )


def described_domain(exchange: Exchange) -> DescribedDomain:
    """Read an answer of DescribeDomain."""
    document = without_markers(exchange.document)
    return DescribedDomain(
        domain_id=document["DomainId"],
        name=_text(document, "DomainName"),
        status=_text(document, "Status"),
        document=document,
        settings=document.get("DefaultUserSettings"),
        raw=exchange.raw,
        unknown=exchange.unknown,
        auth_mode=_text(document, "AuthMode"),
        network=_text(document, "AppNetworkAccessType"),
        arn=_text(document, "DomainArn"),
        request_id=exchange.request_id,
    )


def without_markers(node: Any) -> Any:
    """Return a parsed answer without botocore's marks for unknown kinds of a union; the item stays, empty.

    Example::

        >>> without_markers([{"SDK_UNKNOWN_MEMBER": {"name": "NewFileSystem"}}])
        [{}]
    """
    if isinstance(node, dict):
        return {name: without_markers(value) for name, value in node.items() if name != UNKNOWN_KIND}
    if isinstance(node, list):
        return [without_markers(item) for item in node]
    return node


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a text of an answer, ``""`` when it is absent or no text."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def answer(exchange: Exchange) -> Answer:
    """Read the answer of a write."""
    return Answer(response=exchange.document, request_id=exchange.request_id)


def profile_summary(row: Mapping[str, Any]) -> ProfileSummary:
    """Read a row of ListUserProfiles."""
    return ProfileSummary(
        domain_id=_text(row, "DomainId"),
        name=_text(row, "UserProfileName"),
        status=_text(row, "Status"),
        created=row.get("CreationTime"),
        modified=row.get("LastModifiedTime"),
    )


def domain_summary(row: Mapping[str, Any]) -> DomainSummary:
    """Read a row of ListDomains."""
    return DomainSummary(
        domain_id=_text(row, "DomainId"),
        name=_text(row, "DomainName"),
        status=_text(row, "Status"),
        arn=_text(row, "DomainArn"),
        url=_text(row, "Url"),
        created=row.get("CreationTime"),
        modified=row.get("LastModifiedTime"),
    )


def app_summary(row: Mapping[str, Any]) -> AppSummary:
    """Read a row of ListApps."""
    return AppSummary(
        name=_text(row, "AppName"),
        kind=_text(row, "AppType"),
        status=_text(row, "Status"),
        profile=_text(row, "UserProfileName"),
        space=_text(row, "SpaceName"),
        created=row.get("CreationTime"),
    )


def lifecycle(row: Mapping[str, Any]) -> tuple[str, str]:
    """Read a row of ListStudioLifecycleConfigs: its ARN, and the type of the apps that it is made for."""
    return _text(row, "StudioLifecycleConfigArn"), _text(row, "StudioLifecycleConfigAppType")


def tag(row: Mapping[str, Any]) -> tuple[str, str]:
    """Read a row of ListTags."""
    return _text(row, "Key"), _text(row, "Value")


def caller(exchange: Exchange) -> Caller:
    """Read an answer of GetCallerIdentity."""
    arn = exchange.parsed["Arn"]
    return Caller(account=exchange.parsed["Account"], arn=arn, name=short_name(arn))


def short_name(arn: str) -> str:
    """Return the part of a caller's ARN that people know it by.

    Example::

        >>> short_name("arn:aws:sts::123456789012:assumed-role/DataScientist/ana")
        'DataScientist/ana'
        >>> short_name("arn:aws:iam::123456789012:user/team/ana")
        'ana'
    """
    resource = arn.rpartition(":")[2]
    kind, _, rest = resource.partition("/")
    if kind == "user":
        return rest.rpartition("/")[2]
    return rest or resource
