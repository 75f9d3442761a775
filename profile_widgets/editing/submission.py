"""One submit: check, compare, write down, send once, follow, read back.

The API has no version tag and no client token. Between comparing and sending there is a window in which somebody else's
change goes unnoticed; this API cannot close it. What is sent are whole top-level members, so that such a change is
overwritten only inside those.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from profile_widgets.aws.protocol import WORKING, Described, Status
from profile_widgets.checks.problems import Problem, ordered
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.judgement import held_by_apps
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, OnStep, Outcome, Teller
from profile_widgets.editing.settling import Carrier, meanwhile
from profile_widgets.editing.threads import alone, in_thread
from profile_widgets.editing.verdict import SETTINGS, Before, Verdict, judge_write
from profile_widgets.errors import (
    AccessDenied,
    GatewayError,
    InUseElsewhere,
    InvalidSettingsError,
    ProfileFailedError,
    ProfileNotFound,
    StoreError,
)
from profile_widgets.model import documents
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

log = logging.getLogger(__name__)

CHOOSE = "Take what is there now, merge your change into it, or overwrite it."
"""What can be done about somebody else's change."""

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Pauses in seconds before another look at a profile that shows nothing of the write: the look may be the older one."""


class Submission:
    """Carry one request of a draft to its end."""

    def __init__(self, draft: ProfileDraft, on_step: OnStep | None) -> None:
        self.draft = draft
        self.gateway = draft.gateway
        self._tell = Teller(on_step)
        self._handed_over = False
        self.operation, self.name, self.domain_id = draft.operation, draft.name, draft.domain_id
        self.request: dict[str, Any] = {}

    async def run(self) -> Outcome:
        """Go through all steps and say how it ended."""
        try:
            self._take_down()
            refused = await self._check()
            if refused is not None:
                return refused
            where = self.draft.where or await in_thread(lambda: self.gateway.where)
            folder = self.draft.store.profile(where, self.domain_id, self.name)
            async with alone(folder):
                return await self._go(Journal(folder), where)
        except InUseElsewhere:
            text = f"Nothing was sent: {self.name} is being sent from another window or kernel. Wait for its end."
            return self._end(REFUSED, text)
        except StoreError as error:
            self._tell("send", "It could not be written down", "failed")
            text = f"Nothing was sent, because it could not be written down before. {error}"
            return self._end(REFUSED, text, error=error)
        except GatewayError as error:
            self._tell("compare", "The profile could not be read before sending", "failed")
            return self._end(FAILED, f"Nothing was sent. {error}", error=error)
        except Exception as error:
            if self._handed_over:
                raise
            log.exception("The kit failed before %s was handed over", self.operation)
            text = f"Nothing was sent: the kit itself failed ({type(error).__name__}). The log has the details."
            return self._end(REFUSED, text, error=error)

    async def _check(self) -> Outcome | None:
        """Look which apps run, and say what stands against the request. What was pressed is what is sent."""
        if self.facts["described"] is not None:
            apps = await self.draft.look_up_apps()
            running = [app for app in apps or () if app.running]
            self.facts["problems"] += tuple(held_by_apps(self.facts["changed"], running))
        refused = self._refusal()
        if refused is None:
            self._tell("check", "Checked: nothing stands against it", "done")
        return refused

    def _take_down(self) -> None:
        """Take what a submit needs to know together, under the lock."""
        draft = self.draft
        with draft.model.lock:
            self.facts: dict[str, Any] = {
                "request": draft.request(),
                "operation": draft.operation,
                "problems": ordered((*draft.rights.findings(tell=True), *draft.problems)),
                "wanted": draft.settings.to_document(),
                "changed": draft.changed,
                "loaded": draft.loaded,
                "described": draft.described,
                "opened": draft.opened,
            }
        self.operation = self.facts["operation"]
        self.request = self.facts["request"]
        self.name = self.request.get("UserProfileName", "")
        self.domain_id = self.request.get("DomainId", "")

    def _refusal(self) -> Outcome | None:
        said = self.draft.rights.stops(self.operation, self.request)
        if said:
            return self._end(REFUSED, f"Nothing was sent: {said}")
        problems: tuple[Problem, ...] = self.facts["problems"]
        stops = [problem for problem in problems if problem.blocks]
        if stops:
            count = "1 problem stops" if len(stops) == 1 else f"{len(stops)} problems stop"
            first = f"{path_label(stops[0].path) or 'The request'}: {stops[0].message}"
            return self._end(REFUSED, f"Nothing was sent: {count} this. {first}", problems=problems)
        if self.operation != CREATE and self.facts["described"] is None:
            text = "Nothing was sent: this profile was not loaded, so nobody can tell what changed. Load it first."
            return self._end(REFUSED, text)
        if self.operation != CREATE and SETTINGS not in self.request:
            return self._end(REFUSED, "Nothing to send: no setting was changed.")
        return None

    async def _go(self, journal: Journal, where: str) -> Outcome:
        """Do what only one at a time may do. Raises for what went wrong before anything was sent."""
        self._tell("compare", "Reading the profile again before sending", "working")
        earlier = await in_thread(journal.pending)
        now, readable = await self._read(earlier)
        may_still_come = earlier is not None
        if readable:
            told = await self._settle_earlier(journal, earlier, now) if earlier is not None else None
            stopped = told or self._stopped(now)
            if stopped is not None:
                return stopped
            may_still_come = earlier is not None and _judged(earlier, now).no_trace
            self._tell("compare", "Not there yet" if now is None else "Unchanged since it was loaded", "done")
        intent = Intent.of(self.operation, where, self.request, now)
        try:
            await in_thread(journal.begin, intent)
        except BaseException:  # nothing was sent, and nothing will be
            journal.done(intent, REFUSED, keep=False)
            raise
        carrier = Carrier(self.gateway, journal, intent, self._tell, self.draft.pauses, lost=may_still_come)
        return await self._carry(carrier)

    # -- compare -------------------------------------------------------------------------------------------------

    async def _read(self, earlier: Intent | None) -> tuple[Described | None, bool]:
        """Return the profile, ``None`` when there is none yet, and whether it could be read.

        While a read shows less than is known, or nothing of an ``earlier`` submit without its end, it is repeated: the
        read may be the older one, and that submit may still be on its way.
        """
        from asyncio import sleep

        look = self._look if self.operation == CREATE and earlier is None else self._look_at_rest
        try:
            now = await look()
            for pause in self.draft.pauses:
                if not (self._is_older(now) or (earlier is not None and _judged(earlier, now).no_trace)):
                    break
                await sleep(pause)
                now = await look()
        except AccessDenied:
            if self.operation == CREATE:  # who may create may perhaps not read
                self._tell("compare", "You may not read whether it is there already", "done")
                return None, False
            raise
        return now, True

    async def _look(self) -> Described | None:
        try:
            return await self.gateway.describe_user_profile(self.domain_id, self.name)
        except ProfileNotFound:
            if self.operation == CREATE:
                return None
            raise

    async def _look_at_rest(self) -> Described | None:
        now = await self._look()
        if now is None or now.status not in WORKING:
            return now
        try:
            return await self.gateway.follow(self.domain_id, self.name, on_status=self._status)
        except ProfileFailedError:
            return await self._look()

    def _status(self, status: Status) -> None:
        self._tell("compare", f"AWS says {status.name}; waiting until it rests", "working")

    def _is_older(self, now: Described | None) -> bool:
        """Tell whether a read shows the profile as it was before it was loaded."""
        then: Described | None = self.facts["described"]
        return bool(then and now and then.modified and now.modified and now.modified < then.modified)

    def _stopped(self, now: Described | None) -> Outcome | None:
        """Say that somebody else was faster."""
        if now is None:
            return None
        if self.operation == CREATE:
            self._tell("compare", "There is a profile of that name already", "failed")
            text = (
                f"Nothing was sent: there is a user profile {now.name} in {self.domain_id} already ({now.status}; "
                "names are not case sensitive). Load it to change it, or choose another name."
            )
            return self._end(REFUSED, text, theirs=now)
        then: Described = self.facts["described"]
        before = Before.of(then)
        if before.same_settings(now) and (before.modified == now.modified or then.status in WORKING):
            return None
        self._tell("compare", "Changed by somebody else since it was loaded", "failed")
        if before.same_settings(now):
            text = f"{self.name} was written meanwhile; its settings read the same as before."
            return self._end(CONFLICT, f"Nothing was sent: {text} {CHOOSE}", theirs=now)
        changes = documents.diff({SETTINGS: self.facts["loaded"]}, {SETTINGS: now.settings or {}})
        text = f"Nothing was sent: {meanwhile(now, changes)} {CHOOSE}"
        return self._end(CONFLICT, text, differences=changes, theirs=now)

    async def _settle_earlier(self, journal: Journal, earlier: Intent, now: Described | None) -> Outcome | None:
        """Write down the end of an earlier submit that had none; say so when it had arrived after all."""
        seen = _judged(earlier, now)
        then: Described | None = self.facts["described"]
        news = then is None if earlier.before is None else then is not None and earlier.before.is_now(then)
        arrived = seen.arrived and earlier.operation == self.operation
        status = DONE if seen.arrived else FAILED if seen.no_trace else UNKNOWN
        point = await in_thread(lambda: journal.done(earlier, status, keep=not seen.no_trace))
        if not (arrived and news) or now is None:
            return None
        self._tell("compare", "What was sent before had arrived", "done")
        error = self._take(now, earlier.wanted)
        text = f"What you sent before had arrived after all: {self.name} holds it."
        if error is not None:
            text = f"{text} {error}"
        elif self.draft.changed:
            text = f"{text} What you changed since was not sent; review it and send it now."
        return replace(
            self._end(DONE, text, differences=seen.differences, error=error),
            request=earlier.request, arn=now.arn, point=point, resent=earlier.resent,
        )  # fmt: skip

    # -- send ----------------------------------------------------------------------------------------------------

    async def _carry(self, carrier: Carrier) -> Outcome:
        self._handed_over = True
        try:
            outcome = await carrier.carry()
        except Exception as error:  # whatever it is, the request may be with AWS
            log.exception("The kit failed after %s was handed over", self.operation)
            self._tell("follow", "The kit itself failed", "failed")
            text = (
                f"It is not known how this ended: the kit itself failed ({type(error).__name__}) after it had handed "
                f"{self.operation} over. Load {self.name} again to see what it holds."
            )
            return replace(self._end(UNKNOWN, text, error=error), arn=carrier.arn, point=carrier.intent.id)
        except BaseException:  # whoever waited does not any more; what is certain is certain
            if carrier.ended is not None:
                self._learn(carrier.ended, carrier.found)
            raise
        return self._learn(outcome, carrier.found)

    def _learn(self, outcome: Outcome, found: Described | None) -> Outcome:
        """Let the draft know what was read last."""
        if found is None:
            return outcome
        if outcome.status == FAILED and self.draft.opened == self.facts["opened"]:
            self.draft.seen(found)  # so that another try is no conflict with ourselves
        unreadable = self._take(found, self.facts["wanted"]) if outcome.status == DONE else None
        if unreadable is None:
            return outcome
        return replace(outcome, text=f"{outcome.text} {unreadable}", error=unreadable)

    def _take(self, found: Described, sent: dict[str, Any]) -> InvalidSettingsError | None:
        """Take what was read back for loaded, unless another profile was opened meanwhile."""
        if self.draft.opened != self.facts["opened"]:
            return None
        try:
            self.draft.settle(found, sent)
        except InvalidSettingsError as error:
            return error
        return None

    def _end(self, status: str, text: str, **rest: Any) -> Outcome:
        return Outcome(status, text, self.operation, self.request, **rest)


def _judged(intent: Intent, now: Described | None) -> Verdict:
    return judge_write(intent.before, now, expected=intent.wanted, changed=intent.changed)
