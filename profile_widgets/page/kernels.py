"""Whose kernels there are: a visitor reaches those that were started for them, and takes no more than their share."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timezone
from http import HTTPStatus
from typing import Any

from profile_widgets.served import Visitor

_SETTLING = 60.0
"""Seconds after its page was sent in which a kernel that nobody is connected to is not taken for one that was left."""


class Refused(Exception):
    """Refuse a request with a status and a sentence for whoever made it.

    ``clue`` is a sentence for the log of whoever runs the page, without any value of the request.
    """

    def __init__(self, status: HTTPStatus, sentence: str, clue: str = "") -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.clue = status, sentence, clue


@dataclass
class Place:
    """A kernel's place: whom it is for, and when it was last used (:func:`time.monotonic`).

    ``started`` is false until the kernel is there, and ``loading`` true until its page has been sent: nobody can be
    connected to it before that. ``vouched`` is when a request about it last came from its visitor.
    """

    visitor: Visitor
    used: float
    vouched: float
    started: bool = False
    loading: bool = True
    on_end: list[Callable[[], None]] = field(default_factory=list)


class Kernels:
    """Keep the kernels of a closed page apart.

    ``manager`` is Jupyter's manager of kernels, which starts and ends them; nothing else may. A kernel belongs to the
    visitor as they were when it was started, groups included: who has lost a group has lost the kernels of that time.
    """

    def __init__(self, manager: Any, *, in_all: int, per_visitor: int, idle_seconds: float) -> None:
        self._manager = manager
        self._in_all, self._per_visitor, self._idle_seconds = in_all, per_visitor, idle_seconds
        self._places: dict[str, Place] = {}

    def of(self, visitor: Visitor) -> tuple[str, ...]:
        """Return the kernels that are a visitor's own."""
        return tuple(kernel_id for kernel_id in self._places if self.is_own(kernel_id, visitor))

    def is_own(self, kernel_id: str, visitor: Visitor) -> bool:
        """Tell whether a kernel lives and was started for this visitor."""
        place = self._places.get(kernel_id)
        return place is not None and self._lives(kernel_id) and _same(place.visitor, visitor)

    async def take(self, visitor: Visitor) -> str:
        """Take a place for a visitor's kernel and return the id that it shall have; raise Refused without one."""
        await self._make_place(visitor)
        kernel_id = str(uuid.uuid4())
        self._places[kernel_id] = Place(visitor, time.monotonic(), time.monotonic())
        return kernel_id

    def started(self, kernel_id: str) -> bool:
        """Say that a kernel is there; return False when its place has been given up meanwhile."""
        place = self._places.get(kernel_id)
        if place is not None:
            place.started, place.used = True, time.monotonic()
        return place is not None

    def when_ended(self, kernel_id: str, call: Callable[[], None]) -> None:
        """Have something called once a kernel is gone; at once when it is."""
        place = self._places.get(kernel_id)
        if place is None:
            call()
        else:
            place.on_end.append(call)

    def loaded(self, kernel_id: str) -> None:
        """Say that a kernel's page has been sent."""
        if kernel_id in self._places:
            self._places[kernel_id].loading = False
            self.stay(kernel_id)

    def stay(self, kernel_id: str) -> None:
        """Begin a kernel's idle time anew; nothing happens when it has ended."""
        if kernel_id in self._places:
            self._places[kernel_id].used = time.monotonic()

    def vouched(self, kernel_id: str) -> None:
        """Say that a request about a kernel came from its visitor."""
        self._places[kernel_id].vouched = time.monotonic()

    def unvouched(self, kernel_id: str) -> float:
        """Return the seconds since the last such request; no end of them for a kernel that is not there."""
        place = self._places.get(kernel_id)
        return time.monotonic() - place.vouched if place is not None else float("inf")

    def ends_in(self, kernel_id: str) -> float:
        """Return the seconds until a kernel is ended when nothing happens on its page."""
        return max(0.0, self._idle_seconds - self._idle(kernel_id))

    async def end(self, kernel_id: str) -> None:
        """End a kernel; nothing happens when it has ended."""
        place = self._places.pop(kernel_id, None)
        try:
            if place is not None and place.started and kernel_id in self._manager:
                await self._manager.shutdown_kernel(kernel_id)
        finally:
            for call in place.on_end if place is not None else ():
                call()

    async def cull(self) -> None:
        """End the kernels that nobody has used for long, and forget those that died."""
        for kernel_id in tuple(self._places):
            if self._died(kernel_id) or self.ends_in(kernel_id) <= 0:
                await self.end(kernel_id)

    async def end_former(self, visitor: Visitor) -> None:
        """End the kernels that a visitor got while they were in other groups."""
        for kernel_id, place in tuple(self._places.items()):
            same_name = (place.visitor.name, place.visitor.source) == (visitor.name, visitor.source)
            if same_name and not _same(place.visitor, visitor):
                await self.end(kernel_id)

    def _lives(self, kernel_id: str) -> bool:
        return self._places[kernel_id].started and kernel_id in self._manager

    def _died(self, kernel_id: str) -> bool:
        return self._places[kernel_id].started and kernel_id not in self._manager

    def _idle(self, kernel_id: str) -> float:
        """Return the seconds since a visitor did something; while the page loads, since its kernel did."""
        place = self._places[kernel_id]
        since_used = time.monotonic() - place.used
        if not place.loading or not self._lives(kernel_id):
            return since_used
        heard = self._manager.get_kernel(kernel_id).last_activity
        since_heard = time.time() - heard.replace(tzinfo=heard.tzinfo or timezone.utc).timestamp()
        return max(0.0, min(since_used, float(since_heard)))

    async def _make_place(self, visitor: Visitor) -> None:
        for kernel_id in [each for each in self._places if self._died(each)]:
            await self.end(kernel_id)
        if self._count(visitor) >= self._per_visitor:
            await self._end_one_left(self.of(visitor))
        if len(self._places) >= self._in_all:
            await self._end_one_left(tuple(self._places))
        if self._count(visitor) >= self._per_visitor:
            sentence = f"You have {self._per_visitor} of these pages open, which is as many as one person may have."
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, f"{sentence} Close one of them, then load this page again.")
        if len(self._places) >= self._in_all:
            sentence = "All places of this page are taken just now. Wait a few minutes, then load it again."
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, sentence)

    def _count(self, visitor: Visitor) -> int:
        return sum(_same(place.visitor, visitor) for place in self._places.values())

    async def _end_one_left(self, kernel_ids: tuple[str, ...]) -> None:
        """End the longest unused of the kernels whose page was left: nobody is connected to it any more."""
        left = [each for each in kernel_ids if self._is_left(each)]
        if left:
            await self.end(max(left, key=self._idle))

    def _is_left(self, kernel_id: str) -> bool:
        place = self._places[kernel_id]
        if place.loading or not self._lives(kernel_id):
            return False
        connections = self._manager.kernel_model(kernel_id)["connections"]
        return connections == 0 and time.monotonic() - place.used > _SETTLING


async def keep(call: Callable[[], Awaitable[None]], every: float, report: Callable[[BaseException], None]) -> None:
    """Call something every so many seconds, for ever; what goes wrong is reported, and does not end that."""
    while True:
        await asyncio.sleep(every)
        try:
            await call()
        except Exception as error:  # noqa: BLE001 - whatever it was, it must be tried again
            report(error)


def _same(one: Visitor, other: Visitor) -> bool:
    return _key(one) == _key(other)


def _key(visitor: Visitor) -> tuple[str, str, frozenset[str]]:
    return visitor.source, visitor.name, frozenset(visitor.groups)
