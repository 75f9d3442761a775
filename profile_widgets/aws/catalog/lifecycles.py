"""Studio lifecycle configurations, those of the place's app type first."""

from __future__ import annotations

from collections.abc import AsyncIterator

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import joined, shown, since, text
from profile_widgets.aws.protocol import Offer

CONFIGS = Paged("ListStudioLifecycleConfigs", "StudioLifecycleConfigs", contains="NameContains")


def of_the_app(row: Row, about: About) -> Offer:
    """Offer a lifecycle configuration: it fits when it is made for the place's app type."""
    app = about.get("app", "")
    return Offer(row.value, row.name, row.detail, fits=not app or row.facts == app)


@kind("lifecycle-config", noun="lifecycle configuration", offer=of_the_app, searches=True)
async def lifecycle_configs(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the Studio lifecycle configurations of the account in this region."""
    async for page in source.pages(CONFIGS):
        yield [
            Row(
                value=text(config, "StudioLifecycleConfigArn"),
                name=shown(text(config, "StudioLifecycleConfigName")),
                detail=joined(f"for {app}" if app else "", since(config.get("CreationTime"))),
                facts=app,
            )
            for config in page
            for app in [text(config, "StudioLifecycleConfigAppType")]
        ]
