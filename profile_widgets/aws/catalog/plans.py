"""Training plans: reserved instances on which Studio's apps can run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import items, joined, on, shown, text
from profile_widgets.aws.protocol import Offer

PLANS = Paged("ListTrainingPlans", "TrainingPlanSummaries")
STUDIO = "studio-apps"
"""What AWS calls Studio among the things that a plan is for."""

USABLE = frozenset({"Active", "Scheduled", "Pending"})


def for_studio(row: Row, _about: About) -> Offer:
    """Offer a training plan: it fits when it is not over and Studio's apps may use it."""
    return Offer(row.value, row.name, row.detail, fits=bool(row.facts))


@kind("training-plan", noun="training plan", offer=for_studio)
async def plans(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the account's training plans in this region."""
    async for page in source.pages(PLANS):
        yield [_row(plan) for plan in page]


def _row(plan: Mapping[str, Any]) -> Row:
    status, given = text(plan, "Status"), plan.get("TargetResources")
    targets = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    for_others = bool(targets) and STUDIO not in targets
    begin, end = on(plan.get("StartTime")), on(plan.get("EndTime"))
    return Row(
        value=text(plan, "TrainingPlanArn"),
        name=shown(text(plan, "TrainingPlanName")),
        detail=joined(
            status,
            _instances(plan),
            f"{begin} to {end}" if begin and end else begin or end,
            f"for {', '.join(targets)}" if for_others else "",
        ),
        facts=status in USABLE and not for_others,
    )


def _instances(plan: Mapping[str, Any]) -> str:
    """Say which instances a plan holds, and how many of them are free."""
    types = {text(each, "InstanceType"): None for each in items(plan, "ReservedCapacitySummaries")}
    names = ", ".join(name for name in types if name)
    total, free = plan.get("TotalInstanceCount"), plan.get("AvailableInstanceCount")
    count = f"{total} \N{MULTIPLICATION SIGN} " if isinstance(total, int) and names else ""
    return f"{count}{names}" + (f", {free} free" if isinstance(free, int) and names else "")
