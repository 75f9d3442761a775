"""Follow a user profile until it comes to rest: a look, a pause, a longer pause."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from profile_widgets.aws.protocol import Described, Status
from profile_widgets.errors import (
    BadResponse,
    ProfileFailedError,
    ProfileNotFound,
    StillInProgress,
    Throttled,
    Unreachable,
)

GROWTH = 1.5
"""By how much a pause is longer than the one before."""

SPREAD = 0.2
"""By how much of itself a pause is shortened or lengthened by chance, so that many editors do not ask at once."""

UNANSWERED = 3
"""How many looks in a row may go without an answer."""

APPEARING_SECONDS = 60.0
"""How long a profile that was just created may stay unseen."""

Look = Callable[[], Awaitable[Described]]


class Follower:
    """Look at one user profile again and again.

    ``on_status`` hears of every look; ``timeout``, ``interval`` and ``longest`` are seconds.
    """

    def __init__(
        self, on_status: Callable[[Status], None] | None, timeout: float, interval: float, longest: float
    ) -> None:
        self._on_status = on_status
        self._timeout = timeout
        self._pause = interval
        self._longest = max(longest, interval)
        self._began = time.monotonic()
        self._last = ""
        self._unanswered = 0

    async def until_settled(self, look: Look, name: str, *, not_found_is_pending: bool) -> Described:
        """Return the profile once it is ready; raise for a failure status, a refusal, or when time is over."""
        while True:
            try:
                found = await self._look(look)
            except ProfileNotFound:
                appearing = not_found_is_pending and not self._last and self._elapsed() < APPEARING_SECONDS
                if not appearing:
                    raise
                self._tell("", note="The profile is not to be seen yet.")
                found = None
            if found is not None:
                status = self._tell(found.status, found.failure_reason)
                if status.failed:
                    raise _failed(found)
                if status.succeeded:
                    return found
            await self._rest(name)

    async def until_gone(self, look: Look, name: str) -> None:
        """Return once the profile is not there any more; raise for a failure status, a refusal, or late."""
        while True:
            try:
                found = await self._look(look)
            except ProfileNotFound:
                self._tell("", note="The profile is gone.")
                return
            if found is not None and self._tell(found.status, found.failure_reason).failed:
                raise _failed(found)
            await self._rest(name)

    async def _look(self, look: Look) -> Described | None:
        """Return the profile, or None when no answer came and patience is left."""
        try:
            found = await look()
        except (Throttled, Unreachable, BadResponse) as error:
            self._unanswered += 1
            if self._unanswered >= UNANSWERED or not error.retryable:
                raise
            self._tell(self._last, note=f"No answer for now: {error}")
            return None
        self._unanswered = 0
        return found

    def _tell(self, status: str, failure_reason: str = "", note: str = "") -> Status:
        """Remember a status and report it."""
        self._last = status
        told = Status(status, failure_reason, self._elapsed(), note)
        if status and not told.known:
            told = Status(
                status, failure_reason, told.elapsed, f"The kit does not know the status “{status}” and waits."
            )
        if self._on_status is not None:
            self._on_status(told)
        return told

    async def _rest(self, name: str) -> None:
        """Pause, the next time longer; raise when the pause would outlast the time."""
        pause = self._pause * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - not a secret
        self._pause = min(self._pause * GROWTH, self._longest)
        if self._elapsed() + pause > self._timeout:
            raise StillInProgress(
                f"User profile “{name}” was still “{self._last or 'not to be seen'}” after {self._elapsed():.0f} "
                "seconds. AWS goes on by itself: load the profile again in a few minutes.",
                operation="DescribeUserProfile",
                code="StillInProgress",
                retryable=True,
                status=self._last,
            )
        await asyncio.sleep(pause)

    def _elapsed(self) -> float:
        """Return the seconds since the following began."""
        return time.monotonic() - self._began


def _failed(found: Described) -> ProfileFailedError:
    """Return the error for a failure status, with AWS's reason."""
    reason = " ".join(found.failure_reason.split())
    said = f"AWS's reason: {reason}" if reason else "AWS gave no reason."
    return ProfileFailedError(
        f"User profile “{found.name}” ended as {found.status}. {said}",
        status=found.status,
        failure_reason=found.failure_reason,
    )
