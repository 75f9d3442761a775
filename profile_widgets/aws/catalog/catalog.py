"""The lists of the account, read when they are first asked for and kept for the session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from profile_widgets.aws.catalog.registry import CATALOG, About, Kind, Row
from profile_widgets.aws.catalog.shelf import Shelf
from profile_widgets.aws.catalog.source import Source
from profile_widgets.aws.catalog.words import shown
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Offer, Offers

NOTHING: Mapping[str, str] = MappingProxyType({})

PATIENCE = 10.0
"""After how many seconds a list that was refused is asked for again, when somebody opens it."""

LONGEST_WAIT = 10.0
"""After how many seconds a text is looked for in what has been read so far."""

FRESH = 3.0
"""For how many seconds a list that was just read is not read again, however often somebody asks for that."""

LIMIT = 200
"""How many rows are offered at once."""

MOST_TRIES = 3
"""How often a question begins anew because the connection changed meanwhile."""

MOST_LISTS = 100
"""How many lists are kept, those of single searches and folders included."""

Key = tuple[Any, ...]


class Catalog:
    """Offer the values that exist in the account.

    Making one asks nobody anything; the first :meth:`offers` of a kind reads its list, whoever else asks meanwhile
    waits for the same reading, and the list is kept until :meth:`forget`, or until the connection's settings change.
    Lists are independent: one that is refused leaves a note and no rows. To be used in one event loop at a time.

    Example::

        catalog = Catalog(gateway)
        offers = await catalog.offers("role", "data scien")
        offers.rows[0].value, offers.rows[0].detail
        catalog.close()
    """

    def __init__(
        self, gateway: Gateway, *, patience: float = PATIENCE, longest: float = LONGEST_WAIT, fresh: float = FRESH
    ) -> None:
        self._gateway = gateway
        self._patience = patience
        self._fresh = fresh
        self._longest = longest
        self._shelves: dict[Key, Shelf] = {}
        self._place: Key = ()

    async def offers(
        self,
        kind: str,
        text: str = "",
        about: About = NOTHING,
        *,
        limit: int = LIMIT,
        refresh: bool = False,
        whole: bool = False,
    ) -> Offers:
        """Return at most ``limit`` values of a kind that hold every word of ``text``, those that fit the place first.

        ``kind`` is one of :data:`~profile_widgets.aws.catalog.CATALOG`, ``about`` what is known of the place: the
        ``service`` that is to assume a role, the ``app`` type, the ``domain``, ``profile``, ``image``, ``role``.
        ``refresh`` reads the list again, unless that was done within the last seconds. Without a text the answer comes
        with the first page, and says that it is ``reading`` on; ``whole`` waits for all of the list. With a text AWS is
        asked for names that contain it, where the list goes on and AWS can; else the list is read on, for some seconds
        at most.

        No refusal of AWS is raised: it becomes the ``note``. Raises ValueError for a kind that there is not.
        """
        wanted = _known_kind(kind)
        typed, text = text.strip(), " ".join(text.split())
        place = wanted.aim(typed, about)
        missing = wanted.needs(place)
        if missing:
            return Offers(note=missing)
        word = wanted.word(typed, place) if text and wanted.searches else ""
        for _ in range(MOST_TRIES):
            shelf = self._shelf(wanted, place, refresh=refresh)
            await shelf.wait(whole=whole or bool(text and not word), longest=None if whole else self._longest)
            found = await self._search(wanted, place, word, shelf, refresh=refresh)
            if not self._is_of_before(_key(wanted, place), shelf, found):
                break
        return _answer(wanted, place, text, shelf, found, max(limit, 0))

    async def known(self, kind: str, value: str, about: About = NOTHING) -> bool | None:
        """Tell whether a value is in a list that was read completely; ``None`` when that is not known. Makes no call.

        ``None`` too for what may exist without being in the list, such as a key without an alias.
        """
        wanted = _known_kind(kind)
        place = wanted.aim(value, about)
        shelf = self._shelves.get(_key(wanted, place)) if self._is_same_place() else None
        if shelf is None:
            return None
        if any(offer.value == value for offer in shelf.view(wanted, place).offers):
            return True
        return False if shelf.complete and wanted.closed else None

    async def row(self, kind: str, value: str, about: About = NOTHING) -> Offer | None:
        """Return what is offered under a value, from a list as far as it was read; ``None`` when it is not there.

        Makes no call. Raises ValueError for a kind that there is not.
        """
        wanted = _known_kind(kind)
        place = wanted.aim(value, about)
        shelf = self._shelves.get(_key(wanted, place)) if self._is_same_place() else None
        offers = [] if shelf is None else shelf.view(wanted, place).offers
        return next((offer for offer in offers if offer.value == value), None)

    def forget(self) -> None:
        """Forget every list, so that each is read again when it is next asked for."""
        self.close()
        self._shelves = {}

    def close(self) -> None:
        """End every reading that goes on in the background. Closing twice is allowed."""
        for shelf in self._shelves.values():
            shelf.close()

    async def _search(self, kind: Kind, about: About, word: str, shelf: Shelf, *, refresh: bool) -> Shelf | None:
        """Ask AWS for names that contain a word, when the list goes on beyond what was read."""
        if not word or shelf.error is not None or (shelf.done and not shelf.source.more):
            return None
        found = self._shelf(kind, about, word=word, refresh=refresh)
        await found.wait(whole=True)
        return found

    def _is_of_before(self, key: Key, shelf: Shelf, found: Shelf | None) -> bool:
        """Tell whether what was read is of another account or region, or was forgotten while it was read."""
        if not self._is_same_place():
            return True
        cancelled = shelf.cancelled or (found is not None and found.cancelled)
        return cancelled and self._shelves.get(key) is not shelf

    def _shelf(self, kind: Kind, about: About, *, word: str = "", refresh: bool = False) -> Shelf:
        """Return the list as it is kept, or begin to read it."""
        if not self._is_same_place():
            self.forget()
            self._place = self._settings()
        key = _key(kind, about, word)
        shelf = self._shelves.get(key)
        if shelf is None or shelf.abandoned() or self._is_due(shelf, refresh=refresh):
            self._make_room()
            before = {} if shelf is None else shelf.rows or shelf.before
            shelf = self._shelves[key] = Shelf(kind, about, Source(self._gateway, self._rows, word), before)
        return shelf

    def _is_due(self, shelf: Shelf, *, refresh: bool) -> bool:
        """Tell whether a list that was read is to be read again."""
        return shelf.is_due(self._patience) or (refresh and shelf.is_older(self._fresh))

    def _make_room(self) -> None:
        """Forget the list that was first begun, when there are many: each text that is searched for makes one."""
        if len(self._shelves) >= MOST_LISTS:
            oldest = next((key for key, shelf in self._shelves.items() if shelf.done), None)
            if oldest is not None:
                del self._shelves[oldest]

    async def _rows(self, kind: str, about: About) -> Iterable[Row]:
        """Return the rows of a list for the reader of another one; raises GatewayError."""
        shelf = self._shelf(CATALOG[kind], about)
        await shelf.wait(whole=True)
        if shelf.error is not None:
            raise shelf.error
        return shelf.rows.values()

    def _is_same_place(self) -> bool:
        return self._place == self._settings()

    def _settings(self) -> Key:
        """Return what says whose account and region this is; what was read for others is of no use."""
        connection = self._gateway.connection
        return (connection.profile, connection.region, connection.endpoint_url, id(connection.credentials))


def _known_kind(name: str) -> Kind:
    """Return a kind by its name."""
    if name not in CATALOG:
        raise ValueError(f"There is no kind {name!r}. There are {', '.join(sorted(CATALOG))}.")
    return CATALOG[name]


def _key(kind: Kind, about: About, word: str = "") -> Key:
    """Return what tells one list from another: kinds that are read alike share theirs."""
    return (kind.read, *(about.get(name, "") for name in kind.matters), word)


def _answer(kind: Kind, about: About, text: str, shelf: Shelf, found: Shelf | None, limit: int) -> Offers:
    """Put the answer together from what was read, and from what AWS found for the text."""
    rows = shelf.view(kind, about).matching(text)
    more = shelf.source.more
    if found is not None:
        rows = _united(found.view(kind, about).matching(text), rows)
        more = found.source.more or found.error is not None
    return Offers(
        rows=tuple(rows[:limit]),
        total=len(rows),
        more=more or not shelf.done,
        note=" ".join(_sentences(kind, text, shelf, found, (len(rows), limit))),
        refused=shelf.error is not None and not rows,
        reading=not shelf.done,
    )


def _united(first: list[Offer], second: list[Offer]) -> list[Offer]:
    """Return what either holds, the fitting ones first."""
    rows = {offer.value: offer for offer in (*first, *second)}
    return sorted(rows.values(), key=lambda offer: not offer.fits)


def _sentences(kind: Kind, text: str, shelf: Shelf, found: Shelf | None, count: tuple[int, int]) -> list[str]:
    """Say what is odd about the rows. A reading that was ended before its time tells nothing of what there is."""
    total, limit = count
    if shelf.cancelled:
        return list(shelf.source.notes)
    if shelf.error is not None:
        if total:
            return [f"The {kind.plural} could not be read again, so these are from before. {shelf.error}"]
        return [str(shelf.error), f"You can still type or paste {kind.a_noun}."]
    notes = list(shelf.source.notes) if found is None else [*found.source.notes, *_words_of(found)]
    if not shelf.done and found is None:
        notes.append(f"The {kind.plural} are still being read: {len(shelf.rows):,} so far.")
    elif total > limit:
        notes.append(f"The first {limit:,} of {total:,} {kind.plural} are shown. Type a part of a name to find others.")
    elif not total and text and (shelf.rows or found is not None):
        notes.append(f"No {kind.noun} matches “{shown(text, 60)}”.")
    elif not total and not notes:
        notes.append(kind.empty or f"There are no {kind.plural} in this account and region.")
    return [*notes, kind.note] if kind.note else notes


def _words_of(shelf: Shelf) -> list[str]:
    """Return the sentence of a search that failed."""
    return [] if shelf.error is None else [str(shelf.error)]
