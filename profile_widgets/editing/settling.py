"""Carry one intent to its end: send it, learn what became of it, send it once more if nothing did, read it back.

After an answer that was lost the profile itself tells what happened: holding what was asked for is success, being
exactly as before is worth one more attempt, anything else is somebody else's doing. A write that AWS accepted is never
sent again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timezone

from profile_widgets.aws.protocol import Answer, Described, ProfileGateway, Status, outcome_unknown
from profile_widgets.aws.wording import after_bad_answer
from profile_widgets.checks.problems import ERROR, Problem
from profile_widgets.editing import verdict
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, Outcome, Teller
from profile_widgets.editing.threads import in_thread
from profile_widgets.editing.verdict import SETTINGS, Verdict, judge_write
from profile_widgets.errors import (
    GatewayError,
    PolicyRefused,
    ProfileFailedError,
    ProfileInUse,
    ProfileNotFound,
    StoreError,
    ValidationRefused,
)
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE

log = logging.getLogger(__name__)

YOUNG = 600.0
"""For how many seconds a submit that was cut off by a kill may be sent again."""


class Carrier:
    """Carry one intent that was written down. ``lost`` says that an attempt of earlier may still be on its way.

    ``found`` is the profile as it was read last, ``ended`` the outcome as soon as it is certain: whoever is cancelled
    while it is written down may still want it.

    ``pauses`` are the seconds before another look at a profile that shows nothing of the write: the look may be the
    older one.
    """

    def __init__(
        self,
        gateway: ProfileGateway,
        journal: Journal,
        intent: Intent,
        tell: Teller,
        pauses: tuple[float, ...],
        *,
        lost: bool = False,
    ) -> None:
        self.gateway = gateway
        self.journal = journal
        self.intent = intent
        self.found: Described | None = None
        self.ended: Outcome | None = None
        self._tell = tell
        self._pauses = pauses
        self._answer = Answer({})
        self._doubt = ""
        self._error: GatewayError | None = None
        self._lost = lost
        self._failure: Exception | None = None
        self._taken_up = False

    @property
    def arn(self) -> str:
        """Return the ARN that AWS answered with, "" when no answer came."""
        return self._answer.arn

    @property
    def _creates(self) -> bool:
        return self.intent.operation == CREATE

    # -- the steps -----------------------------------------------------------------------------------------------

    async def carry(self) -> Outcome:
        """Send the request, and find out how it ends."""
        verb = "Creating" if self._creates else "Sending the change"
        again = " once more" if self.intent.resent else ""
        self._tell("send", f"{verb}{again}: {self.intent.operation}", "working")
        write = self.gateway.create_user_profile if self._creates else self.gateway.update_user_profile
        try:
            self._answer = await write(self.intent.request)
        except GatewayError as error:
            if not self._may_be_done(error):
                self._tell("send", f"{self.intent.operation} was refused", "failed")
                return await self._end(FAILED, str(error), error=error, problems=_mapped(error), keep=self._lost)
            self._doubt, self._error = _reason(error, self.intent.operation), error
            told = "No clear answer came" if self._lost else "AWS is busy with this profile"
            self._tell("send", f"{told}; reading what the profile holds", "done")
        else:
            self._doubt, self._error = "", None
            await self._accepted()
            self._tell("send", f"Sent: {self.intent.operation}", "done")
        return await self._settle()

    async def take_up(self) -> Outcome:
        """Find out how a submit ended that a kill has cut off; send it again if it is young and left no trace."""
        self._taken_up = self._lost = True
        self._doubt = "" if self.intent.accepted else f"{_begin(self.intent)} was cut off: its kernel or window ended."
        return await self._settle()

    def _may_be_done(self, error: GatewayError) -> bool:
        """Tell whether the request may be done all the same, or may be done once the profile rests."""
        if not outcome_unknown(error):
            return False
        if isinstance(error, ProfileInUse):  # a write is tried once, so this is no echo of the same attempt
            return self._lost or not self._creates
        self._lost = True
        return True

    async def _accepted(self) -> None:
        self.intent = replace(self.intent, accepted=True)
        try:
            await in_thread(self.journal.note, self.intent)
        except StoreError as error:
            log.warning("That AWS accepted %s is not written down: %s", self.intent.operation, error)

    async def _settle(self) -> Outcome:
        from asyncio import sleep

        self._tell("follow", "Waiting for AWS", "working")
        try:
            seen = await self._look()
            for pause in self._pauses if self._lost or not self._doubt else ():
                if not seen.may_change or (self.found is None and not self._doubt):
                    break
                self._tell("follow", "Nothing of it is to be seen yet; looking again", "working")
                await sleep(pause)
                seen = await self._look()
        except GatewayError as error:
            self._tell("follow", "Not settled", "failed")
            return await self._unread(error)
        if seen.no_trace and self._doubt:
            return await self._no_trace()
        if seen.arrived or (seen.happened == verdict.MISSING and not self._doubt and not self._taken_up):
            return await self._verify(seen)
        return await self._otherwise(seen)

    async def _look(self) -> Verdict:
        """Wait until the profile rests, and judge what it shows."""
        appearing, names = self._creates and not self._doubt, (self.intent.domain_id, self.intent.name)
        try:
            self.found = await self.gateway.follow(*names, on_status=self._status, not_found_is_pending=appearing)
        except ProfileFailedError as failed:
            self._failure = failed
            self.found = await self.gateway.describe_user_profile(*names)  # tells since when
        except ProfileNotFound as gone:
            self._failure, self.found = gone, None
        intent = self.intent
        return judge_write(intent.before, self.found, expected=intent.wanted, changed=intent.changed)

    def _status(self, status: Status) -> None:
        text = f"AWS says {status.name}" if status.name else "Not to be seen yet"
        self._tell("follow", f"{text}. {status.note}".rstrip(". ") if status.note else text, "working")

    # -- the ends ------------------------------------------------------------------------------------------------

    async def _unread(self, error: GatewayError) -> Outcome:
        """Say that the profile could not be read after the request."""
        if not self._lost and self._error is not None:  # it was refused for now, and that is certain
            return await self._end(FAILED, str(self._error), error=self._error, keep=False)
        if self._doubt:
            text = f"It is not known how this ended. {self._doubt} Reading the profile did not tell either: {error}"
            return await self._end(UNKNOWN, text, error=self._error or error)
        text = f"It is not known how this ended. AWS accepted the request, but reading it back did not work: {error}"
        return await self._end(UNKNOWN, text, error=error)

    async def _no_trace(self) -> Outcome:
        """Send the request once more, or say that it did not arrive."""
        name, intent = self.intent.name, self.intent
        left = "Nothing was created." if self._creates else f"{name} is as it was."
        if not intent.resent and (not self._taken_up or _age(intent) < YOUNG):
            self._tell("follow", "It did not arrive" if self._lost else "It rests now", "done")
            return await self._send_again(left)
        self._tell("follow", "It did not arrive" if self._lost else "It rests now, and refuses still", "failed")
        if not self._lost and self._error is not None:
            return await self._end(FAILED, str(self._error), error=self._error, keep=False)
        if self._error is None:
            text = f"{_begin(intent)} did not arrive; nothing was sent again. {left}"
            return await self._end(REFUSED, text, keep=False)
        text = f"The request did not arrive, though it was sent twice. {self._doubt} {left}"
        return await self._end(FAILED, text, error=self._error, keep=False)

    async def _send_again(self, left: str) -> Outcome:
        marked = replace(self.intent, resent=True)
        try:
            await in_thread(lambda: self.journal.note(marked, durable=True))
        except StoreError as full:
            text = f"The request did not arrive, and was not sent again. {self._doubt} {left} {full}"
            return await self._end(FAILED, text, error=self._error or full, keep=False)
        self.intent = marked
        return await self.carry()

    async def _verify(self, seen: Verdict) -> Outcome:
        """Say what a profile that is ready holds."""
        name, verb = self.intent.name, "created" if self._creates else "updated"
        self._tell("follow", "InService", "done")
        if seen.differences:
            self._tell("verify", "Read back: not all is as asked", "failed")
            text = f"AWS accepted this, but {name} does not hold exactly what was asked for; see the differences."
            if seen.arrived and self._doubt:
                text = f"{name} holds what was asked for, but other settings changed as well; see the differences."
            return await self._end(DONE, text, differences=seen.differences)
        self._tell("verify", "Read back: exactly as asked", "done")
        text = f"{name} was {verb}, and reading it back shows exactly what was asked for."
        return await self._end(DONE, text)

    async def _otherwise(self, seen: Verdict) -> Outcome:
        """Say how it stands with a profile that is gone, failed, somebody else's, or did not come to rest."""
        name, accepted = self.intent.name, "" if self._doubt else "AWS accepted the request, but "
        if seen.happened == verdict.GONE:
            self._tell("follow", "The profile is not there", "failed")
            return await self._end(FAILED, str(self._failure), error=self._failure)
        if self.found is None:
            self._tell("follow", "The profile is not to be seen", "failed")
            text = f"It is not known how this ended: {accepted}{name} is not to be seen. Look for it in some minutes."
            return await self._end(UNKNOWN, text, error=self._failure)
        status = self.found.status
        if seen.happened == verdict.FAILURE:
            self._tell("follow", f"Ended as {status}", "failed")
            who = f"{name} ended" if self._doubt else "AWS ended this"
            text = f"{who} as {status}: {self.found.failure_reason or 'AWS gave no reason.'}"
            return await self._end(FAILED, text, error=self._failure)
        if seen.happened == verdict.MISSING:
            return await self._conflict(self.found)
        self._tell("follow", f"Still {status}", "failed")
        if seen.no_trace and self._is_old():
            return await self._end(FAILED, f"{_begin(self.intent)} was accepted by AWS, but {name} is as it was.")
        still = "still reads as before" if seen.happened == verdict.UNTOUCHED else f"is still {status}"
        text = f"It is not known how this ended: {accepted}{name} {still}. Load it again in some minutes."
        return await self._end(UNKNOWN, text, error=self._error)

    async def _conflict(self, theirs: Described) -> Outcome:
        self._tell("follow", "Changed by somebody else meanwhile", "failed")
        changes = documents.diff({SETTINGS: self.intent.base}, {SETTINGS: theirs.settings or {}})
        there = "not, or not whole, in it" if self._lost else "not in it"
        if self._creates:
            text = f"There is a user profile {theirs.name} now, but it does not hold what was asked for. {self._doubt}"
        else:
            text = f"{meanwhile(theirs, changes)} Your change is {there}. {self._doubt}"
        text, keep = text.rstrip(), self._lost
        return await self._end(CONFLICT, text, differences=changes, error=self._error, theirs=theirs, keep=keep)

    def _is_old(self) -> bool:
        return self._taken_up and _age(self.intent) >= YOUNG

    async def _end(
        self,
        status: str,
        text: str,
        *,
        differences: tuple[Change, ...] = (),
        error: Exception | None = None,
        problems: tuple[Problem, ...] = (),
        theirs: Described | None = None,
        keep: bool = True,
    ) -> Outcome:
        """Write the end down; an unknown one stays pending, so that it can be taken up."""
        found_arn = self.found.arn if self.found is not None and status == DONE else ""
        self.ended = Outcome(
            status=status,
            text=text,
            operation=self.intent.operation,
            request=self.intent.request,
            arn=self._answer.arn or found_arn,
            request_id=self._answer.request_id or getattr(error, "request_id", ""),
            response=self._answer.response,
            problems=problems,
            differences=differences,
            error=error,
            theirs=theirs,
            resent=self.intent.resent,
            point=self.intent.id if keep else "",
        )
        if status == UNKNOWN:
            return self.ended
        point = await in_thread(lambda: self.journal.done(self.intent, status, keep=keep))
        return replace(self.ended, point=point)


def meanwhile(theirs: Described, changes: tuple[Change, ...]) -> str:
    """Say that somebody else wrote a profile, and what.

    ``changes`` are those of the settings that can be seen; none means that only an unknown member changed.
    """
    names = ", ".join(path_label(change.path) for change in changes[:3])
    more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
    return f"{theirs.name} was changed meanwhile ({names + more or 'a member not known here'})."


def _reason(error: GatewayError, operation: str) -> str:
    """Return why no clear answer came, without the advice to look: that is what happens next."""
    return str(error).replace(after_bad_answer(operation), "").strip()


def _begin(intent: Intent) -> str:
    """Return the beginning of a sentence about a submit of earlier."""
    what = "creation" if intent.operation == CREATE else "change"
    return f"Your {what} of {intent.begun.astimezone():%Y-%m-%d %H:%M %Z}"


def _age(intent: Intent) -> float:
    """Return how many seconds ago a submit began; a clock that was set back makes no submit young."""
    return abs((datetime.now(timezone.utc) - intent.begun).total_seconds())


def _mapped(error: GatewayError) -> tuple[Problem, ...]:
    if isinstance(error, PolicyRefused):
        return error.problems
    if not isinstance(error, ValidationRefused):
        return ()
    return tuple(Problem(path, ERROR, message, "aws") for path, message in error.findings)
