"""Lists that come in pages: bounded, and stopped when the pages go round in circles."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from profile_widgets.aws.protocol import Listing

Row = TypeVar("Row")
Ask = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

PAGE = 100
"""How many rows are asked for at once: the most that SageMaker gives."""

MOST_PAGES = 50
"""How many pages are looked at, empty ones included, before a list is left unfinished."""

MOST_TAGS = 50
"""How many tags a resource of AWS can have."""

FIRST_PAGE = "Only the first page of the list was read, because the connection does not paginate."
IN_CIRCLES = "AWS's pages went round in circles, so rows may be missing here."
TOO_LONG = "The list is longer than was read. Type a part of the name to find the rest."


def can_be_in_a_name(text: str) -> bool:
    """Tell whether a user profile's name can contain ``text``: letters, digits and hyphens, 63 at most."""
    return re.fullmatch(r"[a-zA-Z0-9-]{0,63}", text) is not None


def no_name(text: str) -> str:
    """Return the sentence for a text that no user profile's name can contain."""
    return f"No user profile's name can contain “{text[:63]}”: names are letters, digits and -."


def _keep_all(_row: Any) -> bool:
    return True


class Pages(Generic[Row]):
    """Read a list a page at a time, as far as somebody wants to see it.

    ``ask`` gets the paging members of a request and returns an answer; ``key`` names the member that holds its rows.
    Rows that come twice are kept once. A NextToken that was seen before ends the list with a note, as do
    :data:`MOST_PAGES`, and the first page when ``paginate`` is off. A page that could not be read changes nothing: it
    may be asked for again.

    Example::

        pages = gateway.user_profiles("d-abc123", "ana")
        await pages.read()
        pages.rows, pages.more
    """

    def __init__(
        self,
        ask: Ask,
        *,
        key: str,
        row: Callable[[Mapping[str, Any]], Row],
        keep: Callable[[Row], bool] = _keep_all,
        paginate: bool = True,
        note: str = "",
    ) -> None:
        self._ask, self._key, self._row, self._keep = ask, key, row, keep
        self._paginate = paginate
        self._rows: dict[Row, None] = {}
        self._token, self._seen, self._count = "", {""}, 0
        self._over = bool(note)
        self.note = note

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return what was read so far."""
        return tuple(self._rows)

    @property
    def more(self) -> bool:
        """Return whether AWS has more than was read."""
        return bool(self._token)

    @property
    def over(self) -> bool:
        """Return whether no further page is read, because there is none or for the reason in ``note``."""
        return self._over

    async def read(self, size: int = PAGE) -> None:
        """Read the next page, of at most ``size`` rows; nothing when the list is over."""
        if self._over:
            return
        answer = await self._ask({"MaxResults": size, **({"NextToken": self._token} if self._token else {})})
        for item in answer.get(self._key) or ():
            found = self._row(item or {})
            if self._keep(found):
                self._rows[found] = None
        self._token, self._count = answer.get("NextToken") or "", self._count + 1
        self.note = self._why_it_ends() if self._token else ""
        self._over = bool(self.note) or not self._token
        self._seen.add(self._token)

    async def read_some(self) -> None:
        """Read pages until one of them holds a row that is new, or the list is over."""
        before = len(self._rows)
        while not self._over and len(self._rows) == before:
            await self.read()

    def _why_it_ends(self) -> str:
        if not self._paginate:
            return FIRST_PAGE
        if self._token in self._seen:
            return IN_CIRCLES
        return TOO_LONG if self._count >= MOST_PAGES else ""


async def collect(pages: Pages[Row], *, limit: int) -> Listing[Row]:
    """Read pages until there are ``limit`` rows or the list ends."""
    while not pages.over:
        await pages.read(min(PAGE, max(limit, 1)))
        if len(pages.rows) > limit or (pages.more and len(pages.rows) == limit):
            return Listing(pages.rows[:limit], more=True)
    return Listing(pages.rows, pages.more, pages.note)
