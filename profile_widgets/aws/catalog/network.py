"""Security groups, those of the domain's VPC first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import joined, shown, tag, text
from profile_widgets.aws.protocol import Offer

UNMARKED = "Which groups are in the domain's VPC is not known, so none is marked."
GROUPS = Paged("DescribeSecurityGroups", "SecurityGroups", service="ec2", size={"MaxResults": 1000})


def of_the_vpc(row: Row, _about: About) -> Offer:
    """Offer a security group: it fits unless it is known to be of another VPC than the domain."""
    vpc, of_domain = row.facts
    if of_domain and vpc == of_domain:
        return Offer(row.value, row.name, joined("in the domain's VPC", row.detail))
    return Offer(row.value, row.name, row.detail, fits=not of_domain)


@kind("security-group", noun="security group", offer=of_the_vpc, matters=("domain",))
async def security_groups(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield the region's security groups; which VPC is the domain's is asked at the same time."""
    domain = about.get("domain", "")
    call = source.quietly(source.ask("DescribeDomain", {"DomainId": domain}), UNMARKED) if domain else None
    asked = None if call is None else asyncio.ensure_future(call)
    try:
        async for page in source.pages(GROUPS):
            found = await asked if asked is not None else None
            of_domain = text(found, "VpcId") if found is not None else ""
            yield [_row(group, of_domain) for group in page]
    finally:
        if asked is not None:
            asked.cancel()


def _row(group: Mapping[str, Any], of_domain: str) -> Row:
    vpc, identifier = text(group, "VpcId"), text(group, "GroupId")
    return Row(
        value=identifier,
        name=shown(text(group, "GroupName") or identifier),
        detail=joined(tag(group), vpc, text(group, "Description")),
        facts=(vpc, of_domain),
    )
