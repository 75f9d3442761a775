"""What the reader of a kind asks: pages of any list of AWS, bounded, and other lists of the catalog."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from profile_widgets.aws.catalog.registry import Row
from profile_widgets.aws.catalog.words import items
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.listing import FIRST_PAGE, IN_CIRCLES, MOST_PAGES
from profile_widgets.aws.wording import INSTEAD
from profile_widgets.errors import GatewayError

Result = TypeVar("Result")
Each = TypeVar("Each")

AT_ONCE = 4
"""How many calls one list makes at the same time: half of the gateway's threads stay free for the profile."""

PAUSE = 0.05
"""How many seconds lie between two pages that nobody waits for: AWS and the page's own work come first."""

TOO_LONG = "The list is longer than was read."


@dataclass(frozen=True)
class Paged:
    """Say how a list of AWS comes in pages: by which operation, in which member, of which size, with which tokens.

    ``contains`` names the member that asks for names which contain a text, where there is one; ``optional`` is sent
    when the installed botocore knows it.
    """

    operation: str
    rows: str
    service: str = "sagemaker"
    size: Mapping[str, int] = field(default_factory=lambda: {"MaxResults": 100})
    asks: str = "NextToken"
    tells: str = "NextToken"
    contains: str = ""
    optional: Mapping[str, Any] = field(default_factory=dict)


class Source:
    """Be what one reading of a list asks, and remember what was odd about it.

    ``word`` is the text that names must contain, empty for the whole list. ``more`` says that AWS has more than was
    read; ``broken`` that rows could not be read, ``lacking`` that what is said of them could not: it is worth to ask
    again after either. ``notes`` are sentences.
    """

    def __init__(
        self, gateway: Gateway, other: Callable[[str, Mapping[str, str]], Awaitable[Iterable[Row]]], word: str = ""
    ) -> None:
        self._gateway = gateway
        self._other = other
        self.word = word
        self._hurried = False
        self._turn = asyncio.Event()
        self.more = False
        self.broken = False
        self.lacking = False
        self.notes: list[str] = []

    def hurry(self) -> None:
        """Read on without a pause: somebody waits for the whole list."""
        self._hurried = True
        self._turn.set()

    async def ask(self, operation: str, request: Mapping[str, Any], service: str = "sagemaker") -> Mapping[str, Any]:
        """Return one answer; raises GatewayError."""
        return await self._gateway.ask(operation, request, service=service)

    async def rows(self, kind: str, about: Mapping[str, str]) -> Iterable[Row]:
        """Return the rows of another list of the catalog, read once for all who ask; raises GatewayError."""
        return await self._other(kind, about)

    def note(self, sentence: str) -> None:
        """Say something about the list, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    async def quietly(self, call: Awaitable[Result], without: str = "") -> Result | None:
        """Await a call that the list can do without: None, and a note, when it fails.

        ``without`` says what the rows lack then, in place of what the editor can still do without the call; all of them
        are there.
        """
        try:
            return await call
        except GatewayError as error:
            said = str(error)
            if without:
                self.lacking = True
                said = f"{without} {said.removesuffix(INSTEAD.get(error.operation, '')).rstrip()}"
            else:
                self.broken = True
            self.note(said)
            return None

    async def each(self, call: Callable[[Each], Awaitable[Result]], given: Iterable[Each]) -> list[Result | None]:
        """Make a call for each of some things, a few at a time; those that fail give None, and a note.

        When all of them fail there is nothing to go on with: raises GatewayError, the last one's.
        """
        turns, errors = asyncio.Semaphore(AT_ONCE), list[GatewayError]()

        async def in_turn(one: Each) -> Result | None:
            async with turns:
                try:
                    return await call(one)
                except GatewayError as error:
                    errors.append(error)
                    return None

        found = list(await asyncio.gather(*(in_turn(one) for one in given)))
        if errors and len(errors) == len(found):
            raise errors[-1]
        for error in errors:
            self.broken = True
            self.note(str(error))
        return found

    async def pages(
        self, paged: Paged, request: Mapping[str, Any] | None = None, *, most: int = MOST_PAGES
    ) -> AsyncIterator[list[Mapping[str, Any]]]:
        """Yield the pages of a list: at most ``most``, and none twice.

        A first page that fails raises GatewayError; a later one ends the list with a note.
        """
        token, seen = "", {""}
        for count in range(1, most + 1):
            try:
                answer = await self._page(paged, request or {}, token)
            except GatewayError as error:
                if count == 1:
                    raise
                self._end(f"The list broke off half-way, so rows are missing here. {error}", broken=True)
                return
            yield list(items(answer, paged.rows))
            found = answer.get(paged.tells)
            token = found if isinstance(found, str) else ""
            if not token:
                return
            if token in seen:
                self._end(IN_CIRCLES)
                return
            if not self._gateway.connection.paginate:
                self._end(FIRST_PAGE)
                return
            seen.add(token)
            await self._pause()
        self._end(TOO_LONG)

    async def _pause(self) -> None:
        """Let others go first, unless somebody waits."""
        if self._hurried:
            return
        self._turn = asyncio.Event()
        alarm = asyncio.get_running_loop().call_later(PAUSE, self._turn.set)
        try:
            await self._turn.wait()
        finally:
            alarm.cancel()

    async def _page(self, paged: Paged, request: Mapping[str, Any], token: str) -> Mapping[str, Any]:
        """Ask for one page."""
        asked = {**request, **({paged.asks: token} if token else {})}
        if self.word and paged.contains:
            asked[paged.contains] = self.word
        optional = {**paged.optional, **paged.size}
        return await self._gateway.ask(paged.operation, asked, service=paged.service, optional=optional)

    def _end(self, sentence: str, *, broken: bool = False) -> None:
        """Leave a list unfinished."""
        self.more = True
        self.broken = self.broken or broken
        self.note(sentence)
