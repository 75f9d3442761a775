"""A list of AWS's behind a chooser: one page when it is opened, the next one on wish, and never more than 200 rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.widgets.choosers import MOST, Chooser, ago, tone

if TYPE_CHECKING:
    from profile_widgets.aws.listing import Pages
    from profile_widgets.aws.protocol import DomainSummary, ProfileSummary
    from profile_widgets.widgets.turns import Turns

Row = TypeVar("Row")
Shown = Sequence[str]

FRESH = 10.0
"""For how many seconds a page is shown again without asking: from a domain's choice to the opening of its list."""
NOTHING = "Nothing found."
NO_DOMAIN = "Choose a domain first."
NOT_LISTED = "The policy does not let these be listed. What you know by name may be typed."


class Browser(Generic[Row]):
    """Fill a chooser with what ``pages`` gives for a text, as ``row`` shows it.

    A list whose pages AWS filters is asked anew for each text. With ``whole`` it does not: then a search reads the list
    to its end, once, and looks through it here. Whatever cannot be read becomes the list's note, followed by ``typed``:
    what can be done all the same. ``first`` says which rows a part of a list are, in AWS's order, ``empty``
    what is said of a list without any.

    Example::

        Browser(chooser, lambda text: gateway.user_profiles("d-abc123", text), profile_row)
    """

    def __init__(
        self,
        chooser: Chooser,
        pages: Callable[[str], Pages[Row]],
        row: Callable[[Row], Shown],
        *,
        typed: str = "",
        first: str = "first {}",
        empty: str = NOTHING,
        whole: bool = False,
    ) -> None:
        self._chooser, self._start, self._row = chooser, pages, row
        self._typed, self._first, self._empty, self._whole = typed, first, empty, whole
        self._asked = 0
        self._wanted = ""
        self.forget()

    def forget(self) -> None:
        """Ask again next time, and drop what is being read; the rows that are shown stay."""
        self._asked += 1
        self._pages: Pages[Row] | None = None
        self._text, self._when, self._by_name, self._going_on = "", 0.0, False, False
        self._under_way: str | None = None

    def want(self, text: str) -> None:
        """Remember the text that is asked for last: what answers an older one is not shown, for it would seem to."""
        self._wanted = text.strip()
        self._chooser.busy = True

    def expire(self) -> None:
        """Ask again next time; what is being read is shown still."""
        self._when = 0.0

    @property
    def only(self) -> Row | None:
        """Return the list's single row, ``None`` unless it is known that there is exactly one."""
        pages = self._pages
        return pages.rows[0] if pages is not None and len(pages.rows) == 1 and not pages.more else None

    async def look(self, text: str = "") -> bool:
        """Offer what there is for a text; tells whether it could be read, and nothing else was looked for since."""
        text = text.strip()
        if self._under_way == text:
            return False
        self._asked += 1
        ticket, self._under_way, self._going_on = self._asked, text, False
        self._chooser.busy = self._chooser.busy or text == self._wanted
        pages = self._known(text) or self._start(text)
        try:
            await self._read(pages, text)
        except ProfileWidgetsError as error:
            if ticket == self._asked and text == self._wanted:
                self.forget()
                self._chooser.offer([], f"{error} {self._typed}".strip())
            return False
        finally:
            if ticket == self._asked:
                self._under_way = None
        if ticket != self._asked:
            return False
        if pages is not self._pages:
            self._when = time.monotonic()
        self._pages, self._text, self._by_name = pages, text, not pages.more
        if text != self._wanted:
            return False
        self._offer(pages)
        return True

    async def go_on(self) -> None:
        """Read the next page and show its rows too; when it cannot be read, what is there stays, with the reason."""
        pages, ticket = self._pages, self._asked
        if pages is None or self._going_on or self._under_way is not None or not self._goes_on(pages):
            return
        self._going_on, self._chooser.busy, trouble = True, True, ""
        try:
            await pages.read_some()
        except ProfileWidgetsError as error:
            trouble = str(error)
        if ticket == self._asked:
            self._going_on = False
            if self._text == self._wanted:
                self._offer(pages, trouble)

    def _known(self, text: str) -> Pages[Row] | None:
        """Return what was read already and answers ``text``, unless it is old or odd."""
        pages = self._pages
        if pages is None or pages.note:
            return None
        if self._whole and text:
            return pages
        fresh = time.monotonic() - self._when < FRESH
        return pages if fresh and (self._whole or text == self._text) else None

    async def _read(self, pages: Pages[Row], text: str) -> None:
        if not pages.rows:
            await pages.read_some()
        while self._whole and text and not pages.over:
            await pages.read_some()

    def _goes_on(self, pages: Pages[Row]) -> bool:
        return not pages.over and len(pages.rows) < MOST and not (self._whole and self._text)

    def _offer(self, pages: Pages[Row], trouble: str = "") -> None:
        rows = [self._row(each) for each in pages.rows]
        if self._whole and self._text:
            rows = [row for row in rows if self._text.casefold() in " ".join(row[:2]).casefold()]
        if self._by_name:
            wanted = self._text.casefold()
            rows.sort(key=lambda row: (not row[1].casefold().startswith(wanted), row[1].casefold()))
        count = min(len(rows), MOST)
        more = (f"Show more ({count} of many)", "") if self._goes_on(pages) else None
        self._chooser.offer(rows, trouble or pages.note or self._note(pages, len(rows)), more=more)

    def _note(self, pages: Pages[Row], count: int) -> str:
        if count > MOST or pages.more:
            return f"The {self._first.format(min(count, MOST))} are shown; type to search for others."
        if not count:
            nothing = NOTHING if self._text else self._empty
            return f"{nothing} {self._typed if self._whole else ''}".strip()
        return f"{count} found." if self._text and count > 1 else ""


def search(browser: Browser[Any], text: str, turns: Turns, look: Callable[[str], Coroutine[Any, Any, Any]]) -> None:
    """Look for a text when it is its turn."""
    browser.want(text)
    turns.ask("list", lambda: look(text))


def more(browser: Browser[Any], turns: Turns) -> None:
    """Read the next page, unless something is read already: then the wish is not about the rows that are shown."""
    if turns.idle:
        turns.ask("list", browser.go_on)


def profile_row(found: ProfileSummary) -> Shown:
    """Show a user profile: its name, its status and its last change."""
    return found.name, found.name, _standing(found), _look(found)


def domain_row(found: DomainSummary) -> Shown:
    """Show a domain: its name, its id, its status and its last change."""
    name = found.name or found.domain_id
    return found.domain_id, name, " · ".join(filter(None, (found.domain_id, _standing(found)))), _look(found)


def _look(found: Any) -> str:
    """Return how the status of a row looks, "" for the one that almost all rows have."""
    look = tone(found.status)
    return "" if look == "good" else look


def _standing(found: Any) -> str:
    return " · ".join(filter(None, (found.status, f"changed {ago(found.modified)}" if found.modified else "")))
