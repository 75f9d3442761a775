"""What a draft asks AWS beside its profile, as far as its visitor may ask it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from profile_widgets.errors import GatewayError

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import AppSummary
    from profile_widgets.editing.draft import ProfileDraft

APPS_SECONDS = 3.0
"""How long a submit waits to hear which apps run: who waits for AWS as well is told within 25 seconds."""


async def apps(draft: ProfileDraft) -> tuple[AppSummary, ...] | None:
    """Ask which apps of the profile there are; ``None`` without an answer soon, or without the right to ask."""
    import asyncio

    ticket, found = draft.opened, None
    if not draft.create and draft.name and draft.rights.may("sagemaker:ListApps"):
        with contextlib.suppress(GatewayError, asyncio.TimeoutError):
            listed = draft.gateway.list_apps(draft.domain_id, draft.name)
            found = (await asyncio.wait_for(listed, APPS_SECONDS)).rows
    with draft.model.lock:
        if ticket == draft.opened:
            draft.apps = found
    return found


async def lifecycles(draft: ProfileDraft) -> None:
    """Ask which apps the account's lifecycle configurations are made for; who may not ask is told nothing."""
    if draft.rights.may("sagemaker:ListStudioLifecycleConfigs"):
        with contextlib.suppress(GatewayError):
            draft.lifecycles = await draft.gateway.list_lifecycle_configs()
