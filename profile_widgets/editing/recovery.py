"""Take up a submit that has no end, because its kernel was killed or what became of it could not be read."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from profile_widgets.editing.journal import Journal
from profile_widgets.editing.outcome import DONE, FAILED, OnStep, Outcome, Teller
from profile_widgets.editing.settling import Carrier
from profile_widgets.editing.threads import alone, in_thread
from profile_widgets.errors import InUseElsewhere, InvalidSettingsError, StoreError

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

log = logging.getLogger(__name__)


async def take_up(draft: ProfileDraft, on_step: OnStep | None = None) -> Outcome | None:
    """Find out how the last submit of the profile that is open ended, and say so; ``None`` when it has its end.

    What is not done and left no trace is sent again, once in all and only within ten minutes. A submit that another
    window or kernel is busy with is left to it. Raises nothing for what AWS or the disk did.
    """
    folder = draft.folder
    if folder is None or await in_thread(Journal(folder).pending) is None:
        return None
    try:
        async with alone(folder):
            return await _settled(draft, Journal(folder), Teller(on_step))
    except InUseElsewhere:
        return None
    except StoreError as error:
        log.warning("A submit without its end was not taken up: %s", error)
        return None


async def _settled(draft: ProfileDraft, journal: Journal, tell: Teller) -> Outcome | None:
    opened, loaded, intent = draft.opened, draft.loaded, await in_thread(journal.pending)
    if intent is None:  # somebody else was faster
        return None
    carrier = Carrier(draft.gateway, journal, intent, tell, draft.pauses)
    outcome, found = await carrier.take_up(), carrier.found
    if found is None or draft.opened != opened:
        return outcome
    if outcome.status == FAILED:
        draft.seen(found)
    if outcome.status != DONE:
        return outcome
    try:
        draft.settle(found, loaded)  # edits of the draft stay
    except InvalidSettingsError as error:
        return replace(outcome, text=f"{outcome.text} {error}", error=error)
    return outcome
