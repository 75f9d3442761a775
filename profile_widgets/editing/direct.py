"""Send a request as it is, once, for those who wrote it themselves; learn what became of it when no answer comes.

A form's submit (:mod:`~profile_widgets.editing.submission`) compares, writes down and follows. A command does not: it
sends what it was given, as the AWS CLI does. What it adds is that a lost answer is no riddle: the profile is read until
it rests, and tells. Nothing is ever sent a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.aws.protocol import FAILED, Answer, Described, ProfileGateway, outcome_unknown
from profile_widgets.aws.wording import after_bad_answer
from profile_widgets.checks.problems import shown
from profile_widgets.editing.verdict import NONE, SETTINGS, Before
from profile_widgets.errors import GatewayError, ProfileFailedError, ProfileInUse, ProfileNotFound
from profile_widgets.model import documents
from profile_widgets.model.shapes import CREATE

PATIENCE = 60.0
"""For how many seconds a profile is followed to learn what became of a request."""

PAUSES = (1.0, 2.0, 4.0)
"""Seconds before another look at a profile that shows nothing of the request: the look may be the older one."""

NAMED = 3
"""How many settings a sentence names that are stored otherwise than they were sent."""

_ARRIVED, _NO_TRACE, _OTHERWISE = "arrived", "no trace", "otherwise"


async def send(
    gateway: ProfileGateway,
    operation: str,
    request: Mapping[str, Any],
    before: Described | None,
    *,
    tell: Callable[[str], None] | None = None,
    pauses: tuple[float, ...] = PAUSES,
    patience: float = PATIENCE,
) -> Answer:
    """Send ``request`` with CreateUserProfile or UpdateUserProfile and return AWS's answer.

    ``before`` is the profile as it was read just before, ``None`` when there was none or it could not be read. When no
    clear answer comes, the profile is followed for at most ``patience`` seconds: everything that was sent is there, and
    the answer holds the profile's ARN; or :class:`~profile_widgets.errors.GatewayError` says that the request did not
    arrive, or what is stored instead. ``tell`` hears in a sentence that this happens.

    Raises :class:`~profile_widgets.errors.GatewayError`, and :class:`~profile_widgets.errors.ProfileFailedError` when
    the profile that was asked after ended in a failure.

    Example::

        answer = await send(gateway, "UpdateUserProfile", request, None)
        answer.arn
    """
    write = gateway.create_user_profile if operation == CREATE else gateway.update_user_profile
    try:
        return await write(request)
    except GatewayError as error:
        # A write is tried once, so "in use" is no echo of an earlier attempt: it was refused.
        if isinstance(error, ProfileInUse) or not outcome_unknown(error):
            raise
        lost = _Lost(gateway, operation, request, before, error)
    if tell is not None:
        tell(f"{lost.reason} Reading what {lost.name} holds.")
    return await lost.search(pauses, patience)


@dataclass(frozen=True)
class _Lost:
    """Hold a request whose answer did not come, and find out what became of it."""

    gateway: ProfileGateway
    operation: str
    request: Mapping[str, Any]
    before: Described | None
    error: GatewayError

    @property
    def name(self) -> str:
        return str(self.request.get("UserProfileName", ""))

    @property
    def creates(self) -> bool:
        return self.operation == CREATE

    @property
    def reason(self) -> str:
        """Return why no answer came, without the advice to look: that is what happens."""
        return str(self.error).replace(after_bad_answer(self.operation), "").strip()

    async def search(self, pauses: tuple[float, ...], patience: float) -> Answer:
        """Look until the request shows, or no look is left."""
        import asyncio

        end = asyncio.get_running_loop().time() + patience
        for pause in (*pauses, None):
            try:
                now, failure = await self._look(max(end - asyncio.get_running_loop().time(), 0.0))
            except GatewayError as unread:
                raise self._unknown(f"Reading the profile did not tell either: {unread}") from unread
            seen = self._judge(now)
            if seen == _ARRIVED and now is not None:
                return Answer({"UserProfileArn": now.arn})
            if seen == _OTHERWISE or pause is None:
                break
            await asyncio.sleep(pause)
        if seen == _NO_TRACE:
            raise self._did_not_arrive()
        if failure is not None:
            raise failure
        raise self._unknown(self._stored(now))

    async def _look(self, patience: float) -> tuple[Described | None, ProfileFailedError | None]:
        """Return the profile when it rests, ``None`` when it is not there, with the failure that it ended in."""
        names = str(self.request.get("DomainId", "")), self.name
        try:
            return await self.gateway.follow(*names, timeout=patience), None
        except ProfileFailedError as failed:
            return await self.gateway.describe_user_profile(*names), failed
        except ProfileNotFound:
            return None, None

    def _judge(self, now: Described | None) -> str:
        if now is None:
            return _NO_TRACE if self.creates else _OTHERWISE
        before = self.before
        as_before = before is not None and before.status == now.status and Before.of(before).is_now(now)
        if now.status not in FAILED and not self._missing(now) and not (self.creates and as_before):
            return _ARRIVED
        return _NO_TRACE if as_before else _OTHERWISE

    def _missing(self, now: Described) -> tuple[tuple[str, Any], ...]:
        """Return what was sent and is not stored: paths, and what is stored there."""
        there = {**now.document, SETTINGS: now.settings or {}}
        sent = {name: value for name, value in self.request.items() if name != "Tags"}  # a description has no tags
        found = ((path, value, documents.get(there, path)) for path, value in _leaves(sent))
        return tuple((path, stored) for path, value, stored in found if not _holds(path, value, stored))

    # -- the ends ------------------------------------------------------------------------------------------------

    def _did_not_arrive(self) -> GatewayError:
        if self.creates and self.before is None:
            left = f"There is no user profile {self.name}: nothing was created. Run it again."
        elif self.creates:
            left = f"User profile {self.name} was there before, and is as it was. Choose another name, or update it."
        else:
            left = f"{self.name} is as it was: nothing changed. Run it again."
        text = f"{self.operation} did not arrive, or was refused. {left} {self.reason}"
        return self._made(text, "DidNotArrive", retryable=True)

    def _unknown(self, what: str) -> GatewayError:
        text = f"It is not known how {self.operation} ended. {self.reason} {what}"
        return self._made(text, self.error.code, retryable=False)

    def _stored(self, now: Described | None) -> str:
        if now is None:
            return f"There is no user profile {self.name} now."
        missing = self._missing(now)
        named = ", ".join(
            f"{path} is {'not set' if stored is None else shown(stored)}" for path, stored in missing[:NAMED]
        )
        more = f", and {len(missing) - NAMED} more differ" if len(missing) > NAMED else ""
        return f"{now.name} is {now.status} and does not hold what was sent: {named}{more}."

    def _made(self, text: str, code: str, *, retryable: bool) -> GatewayError:
        return type(self.error)(
            text,
            operation=self.operation,
            code=code,
            message=self.error.message,
            request_id=self.error.request_id,
            retryable=retryable,
        )


def _leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return the values in a document with their paths; lists, and structures without members, are values."""
    for name, value in document.items():
        path = documents.join(prefix, name)
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _holds(path: str, sent: Any, stored: Any) -> bool:
    """Tell whether what is stored is what was sent; AWS's word for clearing, and what is empty, may leave nothing.

    AWS takes names for equal that differ in their case only.
    """
    if path == "UserProfileName":
        return str(sent).casefold() == str(stored).casefold()
    if stored is None:
        return sent in (NONE, "", [], (), {})
    if sent == {} and isinstance(stored, Mapping):
        return True
    return documents.same(sent, stored)
