"""One list as far as it has been read: read once for all who ask, and shown while it grows."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Mapping

from profile_widgets.aws.catalog.registry import About, Kind, Row
from profile_widgets.aws.catalog.source import Source
from profile_widgets.aws.protocol import Offer
from profile_widgets.errors import GatewayError

MOST_VIEWS = 4
"""For how many places the rows of a list are kept in order."""


class View:
    """Hold the rows of a list as they are offered for one place: in order, with the text that is searched."""

    def __init__(self, kind: Kind, about: About, rows: Iterable[Row]) -> None:
        pairs = [(kind.offer(row, about), row.order or (row.name.casefold(),)) for row in rows]
        pairs.sort(key=lambda pair: (not pair[0].fits, pair[1]))
        self.offers = [offer for offer, _ in pairs]
        self._texts = [f"{offer.name}\n{offer.value}\n{offer.detail}".casefold() for offer in self.offers]

    def matching(self, text: str) -> list[Offer]:
        """Return the offers that hold every word of a text: fitting ones first, then those whose name begins so."""
        words = text.casefold().split()
        if not words:
            return self.offers
        whole = " ".join(words)
        found = []
        for place, (offer, content) in enumerate(zip(self.offers, self._texts, strict=True)):
            if all(word in content for word in words):
                name = content.partition("\n")[0]
                rank = 0 if name.startswith(whole) else 1 if whole in name else 2
                found.append(((not offer.fits, rank, place), offer))
        return [offer for _, offer in sorted(found, key=lambda pair: pair[0])]


class Shelf:
    """Read one list in a task of its own, and hold what came.

    ``rows`` are by value; ``error`` is set when nothing could be read; ``before`` are the rows of an earlier reading,
    for when this one fails; ``cancelled`` says that it was ended before its time.
    """

    def __init__(self, kind: Kind, about: About, source: Source, before: Mapping[str, Row]) -> None:
        self.source = source
        self.before = before
        self.rows: dict[str, Row] = {}
        self.error: GatewayError | None = None
        self.cancelled = False
        self.ended = 0.0
        self.loop = asyncio.get_running_loop()
        self._views: dict[object, tuple[int, View]] = {}
        self._version = 0
        self._first, self._done = asyncio.Event(), asyncio.Event()
        self._task = self.loop.create_task(self._read(kind, about))

    @property
    def done(self) -> bool:
        """Return whether nothing more will come."""
        return self._done.is_set()

    @property
    def complete(self) -> bool:
        """Return whether all that AWS has is here."""
        return self.done and self.error is None and not self.source.more and not self.source.broken

    def is_due(self, patience: float) -> bool:
        """Return whether it failed, and that long ago that it may be asked again."""
        failed = self.error is not None or self.source.broken or self.source.lacking
        return self.done and failed and time.monotonic() - self.ended >= patience

    def is_older(self, age: float) -> bool:
        """Return whether it was read that many seconds ago, or has not been read to its end."""
        return self.done and (self.cancelled or time.monotonic() - self.ended >= age)

    def abandoned(self) -> bool:
        """Return whether its event loop ended, or is another one, before the list did."""
        return not self.done and self.loop is not asyncio.get_running_loop()

    async def wait(self, *, whole: bool, longest: float | None = None) -> None:
        """Wait for the first rows, or for the whole list, or until the first rows are there and time is up.

        Raises what only a mistake of ours raises.
        """
        await self._first.wait()
        if whole:
            self.source.hurry()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._done.wait(), longest)
        if self._task.done() and not self._task.cancelled():
            self._task.result()

    def close(self) -> None:
        """Read no further."""
        if not self.done and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._task.cancel)

    def view(self, kind: Kind, about: About) -> View:
        """Return the rows as they are offered for a place; put in order once for each."""
        key = (kind.name, tuple(sorted(about.items())))
        version, view = self._views.get(key, (-1, None))
        if view is None or version != self._version:
            rows = self.rows or (self.before if self.error is not None else {})
            view = View(kind, about, rows.values())
            if len(self._views) >= MOST_VIEWS:
                self._views.clear()
            self._views[key] = (self._version, view)
        return view

    async def _read(self, kind: Kind, about: About) -> None:
        """Take the rows as they come."""
        try:
            async for rows in kind.read(self.source, about):
                self.rows.update((row.value, row) for row in rows if row.value)
                self._version += 1
                self._first.set()
        except GatewayError as error:
            if self.rows:
                self.source.broken = self.source.more = True
                self.source.note(str(error))
            else:
                self.error = error
        except BaseException as error:  # cancelled, or a mistake of ours, which whoever waits is told: try again
            self.cancelled = isinstance(error, asyncio.CancelledError)
            self.source.broken = self.source.more = True
            raise
        finally:
            self.ended = time.monotonic()
            self._version += 1
            self._done.set()
            self._first.set()
