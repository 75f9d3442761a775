"""One submit: check, compare, send once, follow, read back.

The API has no version tag and no client token. Between comparing and sending there is a window in which somebody else's
change goes unnoticed; this API cannot close it. What is sent are whole top-level members, so that such a change is
overwritten only inside those.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from profile_widgets.aws.protocol import Answer, Described, Status, outcome_unknown
from profile_widgets.checks.problems import ERROR, Problem
from profile_widgets.editing import verdict
from profile_widgets.editing.judgement import SETTINGS
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, OnStep, Outcome, Step
from profile_widgets.editing.verdict import Verdict, judge_write
from profile_widgets.errors import (
    GatewayError,
    InvalidSettingsError,
    ProfileFailedError,
    ProfileNotFound,
    ValidationRefused,
)
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.shapes import CREATE

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

log = logging.getLogger(__name__)

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Pauses in seconds before another look at a profile that shows nothing of the write: the look may be the older one."""


class Submission:
    """Carry one request of a draft to its end."""

    def __init__(self, draft: ProfileDraft, on_step: OnStep | None) -> None:
        self.draft = draft
        self.gateway = draft.gateway
        self.facts = draft.snapshot()
        self.operation: str = self.facts["operation"]
        self.request: dict[str, Any] = self.facts["request"]
        self.name: str = self.request.get("UserProfileName", "")
        self.domain_id: str = self.request.get("DomainId", "")
        self.answer = Answer({})
        self.before: Described | None = None
        self.found: Described | None = None
        self.failure: Exception | None = None
        self._tell = on_step

    async def run(self) -> Outcome:
        """Go through all steps and say how it ended."""
        refused = self._refusal()
        if refused is not None:
            return refused
        self._step("check", "Checked: nothing stands against it", "done")
        try:
            conflict = None if self.operation == CREATE else await self._compare()
        except GatewayError as error:
            self._step("compare", "The profile could not be read before sending", "failed")
            return self._end(FAILED, f"Nothing was sent. {error}", error=error)
        if conflict is not None:
            return conflict
        return await self._send()

    def _refusal(self) -> Outcome | None:
        problems: tuple[Problem, ...] = self.facts["problems"]
        stops = [problem for problem in problems if problem.blocks]
        if stops:
            count = "1 problem stops" if len(stops) == 1 else f"{len(stops)} problems stop"
            return self._end(REFUSED, f"Nothing was sent: {count} this.", problems=problems)
        if self.operation != CREATE and self.facts["described"] is None:
            text = "Nothing was sent: this profile was not loaded, so nobody can tell what changed. Load it first."
            return self._end(REFUSED, text)
        if self.operation != CREATE and SETTINGS not in self.request:
            return self._end(REFUSED, "Nothing to send: no setting was changed.")
        return None

    async def _compare(self) -> Outcome | None:
        self._step("compare", "Reading the profile again before sending", "working")
        self.before = now = await self.gateway.describe_user_profile(self.domain_id, self.name)
        then: Described = self.facts["described"]
        if documents.same(now.raw.get(SETTINGS), then.raw.get(SETTINGS)):
            self._step("compare", "Unchanged since it was loaded", "done")
            return None
        self._step("compare", "Changed by somebody else since it was loaded", "failed")
        theirs = documents.diff({SETTINGS: self.facts["loaded"]}, {SETTINGS: now.settings or {}})
        names = ", ".join(change.path.removeprefix(f"{SETTINGS}.") for change in theirs[:3])
        where = names or "a member not known here"
        text = f"Nothing was sent: {self.name} was changed meanwhile ({where}). Load it again, then repeat the change."
        return self._end(CONFLICT, text, differences=theirs)

    async def _send(self) -> Outcome:
        verb = "Creating" if self.operation == CREATE else "Sending the change"
        self._step("send", f"{verb}: {self.operation}", "working")
        try:
            return await self._hand_over()
        except Exception as error:  # whatever it is, the request may be with AWS
            log.exception("The kit failed after %s was handed over", self.operation)
            self._step("follow", "The kit itself failed", "failed")
            text = (
                f"It is not known how this ended: the kit itself failed ({type(error).__name__}) after it had handed "
                f"{self.operation} over. Load {self.name} again to see what it holds."
            )
            return self._end(UNKNOWN, text, error=error)

    async def _hand_over(self) -> Outcome:
        write = self.gateway.create_user_profile if self.operation == CREATE else self.gateway.update_user_profile
        try:
            self.answer = await write(self.request)
        except GatewayError as error:
            if outcome_unknown(error) and self._may_be_ours(error):
                self._step("send", "No clear answer came; reading what the profile holds", "done")
                return await self._settle(error)
            self._step("send", f"{self.operation} was refused", "failed")
            return self._end(FAILED, str(error), error=error, problems=_mapped(error))
        self._step("send", f"Sent: {self.operation}", "done")
        return await self._settle(None)

    def _may_be_ours(self, error: GatewayError) -> bool:
        # A write is tried once, so an existing or busy profile is somebody else's, not the echo of our own attempt.
        return error.code not in ("ResourceInUse", "ResourceInUseException")

    async def _settle(self, doubt: GatewayError | None) -> Outcome:
        from asyncio import sleep

        self._step("follow", "Waiting for AWS", "working")
        try:
            seen = await self._look(doubt)
            for pause in LOOK_AGAIN:
                if not seen.may_change:
                    break
                self._step("follow", "Nothing of it is to be seen yet; looking again", "working")
                await sleep(pause)
                seen = await self._look(doubt)
        except GatewayError as error:
            self._step("follow", "Not settled", "failed")
            return self._end(UNKNOWN, f"It is not known how this ended. {doubt or error}", error=doubt or error)
        return self._verify(seen, doubt) if self._is_ready(seen) else self._not_ready(seen, doubt)

    async def _look(self, doubt: GatewayError | None) -> Verdict:
        """Wait until the profile rests, and judge what it shows."""
        appearing = self.operation == CREATE and doubt is None
        try:
            self.found = await self.gateway.follow(
                self.domain_id, self.name, on_status=self._status, not_found_is_pending=appearing
            )
        except ProfileFailedError as failed:
            self.failure = failed
            self.found = await self.gateway.describe_user_profile(self.domain_id, self.name)  # tells since when
        except ProfileNotFound as gone:
            self.failure, self.found = gone, None
        return judge_write(self.before, self.found, expected=self._expected(), changed=self.facts["changed"])

    def _is_ready(self, seen: Verdict) -> bool:
        return seen.happened in (verdict.HELD, verdict.OTHERWISE, verdict.MISSING)

    def _not_ready(self, seen: Verdict, doubt: GatewayError | None) -> Outcome:
        """Say how it stands with a profile that is gone, failed, or did not come to rest."""
        if self.found is None:
            self._step("follow", "The profile is not there", "failed")
            if doubt is not None and self.operation == CREATE:
                return self._end(FAILED, f"The request did not arrive. {doubt} Nothing was created.", error=doubt)
            return self._end(FAILED, str(self.failure), error=self.failure)
        status = self.found.status
        if seen.happened == verdict.FAILURE:
            self._step("follow", f"Ended as {status}", "failed")
            reason = self.found.failure_reason or "AWS gave no reason."
            return self._end(FAILED, f"AWS ended this as {status}: {reason}", error=self.failure)
        if seen.happened == verdict.OLD_FAILURE and doubt is not None:
            self._step("follow", f"Still {status}, as before", "failed")
            text = f"The request did not arrive. {doubt} {self.name} is as it was: {status}."
            return self._end(FAILED, text, error=doubt)
        self._step("follow", f"Still {status}", "failed")
        accepted = "" if doubt is not None else "AWS accepted the request, but "
        text = f"{accepted}{self.name} is still {status}. Load it again in some minutes."
        return self._end(UNKNOWN, f"It is not known how this ended: {text}", error=doubt)

    def _status(self, status: Status) -> None:
        text = f"AWS says {status.name}" if status.name else "Not to be seen yet"
        self._step("follow", f"{text}. {status.note}".rstrip(". ") if status.note else text, "working")

    def _verify(self, seen: Verdict, doubt: GatewayError | None) -> Outcome:
        """Say what a profile that is ready holds, and take it for loaded."""
        self._step("follow", "InService", "done")
        if doubt is not None and seen.asked:
            self._step("verify", "The profile does not hold the change", "failed")
            return self._end(FAILED, f"The change did not arrive. {doubt}", error=doubt, differences=seen.asked)
        unreadable = self._take()
        if seen.differences:
            self._step("verify", "Read back: not all is as asked", "failed")
            text = f"AWS accepted this, but {self.name} does not hold exactly what was asked for; see the differences."
            said = f" {unreadable}" if unreadable else ""
            return self._end(DONE, text + said, differences=seen.differences, error=unreadable)
        self._step("verify", "Read back: exactly as asked", "done")
        verb = "created" if self.operation == CREATE else "updated"
        return self._end(DONE, f"{self.name} was {verb}, and reading it back shows exactly what was asked for.")

    def _take(self) -> InvalidSettingsError | None:
        """Take what was read back for loaded, unless another profile was opened meanwhile."""
        if self.found is None or self.draft.opened != self.facts["opened"]:
            return None
        try:
            self.draft.settle(self.found, self.facts["wanted"])
        except InvalidSettingsError as error:
            return error
        return None

    def _expected(self) -> dict[str, Any]:
        wanted: dict[str, Any] = self.facts["wanted"]
        return dict(wanted) if self.operation == CREATE else {**self.facts["loaded"], **wanted}

    def _step(self, key: str, text: str, state: str) -> None:
        if self._tell is not None:
            try:
                self._tell(Step(key, text, state))
            except Exception:  # whoever watches must not stop a request that may be on its way
                log.exception("The step %s could not be shown", key)

    def _end(
        self,
        status: str,
        text: str,
        *,
        problems: tuple[Problem, ...] = (),
        differences: tuple[Change, ...] = (),
        error: Exception | None = None,
    ) -> Outcome:
        return Outcome(
            status=status,
            text=text,
            operation=self.operation,
            request=self.request,
            arn=self.answer.arn or (self.found.arn if self.found is not None and status == DONE else ""),
            request_id=self.answer.request_id or getattr(error, "request_id", ""),
            response=self.answer.response,
            problems=problems,
            differences=differences,
            error=error,
        )


def _mapped(error: GatewayError) -> tuple[Problem, ...]:
    if not isinstance(error, ValidationRefused):
        return ()
    return tuple(Problem(path, ERROR, message, "aws") for path, message in error.findings)
