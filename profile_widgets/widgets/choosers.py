"""Choosing what exists: a searchable list that never sends more than 200 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from itertools import islice
from typing import Any

import traitlets

from profile_widgets.widgets.code import KitWidget, record

MOST = 200
"""How many rows a list sends at once."""
LONGEST = 512
"""How many characters of what a browser sends are looked at: an ARN of a user profile has some 150."""

TONES = {"InService": "good", "Pending": "busy", "Updating": "busy", "Deleting": "busy"}
"""How a status looks, beside its words; a failure is bad, and a status not known here is neutral."""


class Chooser(KitWidget):
    """Offer rows of value, label and detail. ``on_choose``, ``on_search`` and ``on_more`` hear what the person did.

    ``on_more`` is called when more rows are wanted than are shown; ``more`` holds the words of that wish.
    """

    label = traitlets.Unicode().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Unicode(help="The text for the value.").tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List(help="Rows of value, label, detail and, if odd, tone.").tag(sync=True)
    pinned: traitlets.List[Any] = traitlets.List(help="Rows that stand first and are never filtered.").tag(sync=True)
    more: traitlets.List[Any] = traitlets.List(help="Words and detail of the last row, if any.").tag(sync=True)
    sought = traitlets.Unicode(help="The text that the rows answer.").tag(sync=True)
    note = traitlets.Unicode(help="A quiet sentence under the list.").tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    placeholder = traitlets.Unicode().tag(sync=True)
    status = record("text, tone and detail of what is chosen.")
    fixed = traitlets.Bool(False, help="Whether there is nothing else to choose.").tag(sync=True)
    where = record("region and account of what is chosen.")
    origin = record("text: how this came to be chosen; link: words to choose another one, if it has any.")

    def __init__(
        self,
        *,
        on_choose: Callable[[str], None],
        on_search: Callable[[str], None],
        on_more: Callable[[], None] | None = None,
        layout: Any,
        **looks: Any,
    ) -> None:
        self._on_choose = on_choose
        self._on_search = on_search
        self._on_more = on_more or (lambda: None)
        self._asked_for = ""
        super().__init__(_kind="chooser", layout=layout, **looks)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        if content.get("do") == "choose":
            self._on_choose(_text(content, "value").strip())
        elif content.get("do") == "search":
            self._asked_for = _text(content, "text")
            self._on_search(self._asked_for)
        elif content.get("do") == "more":
            self._on_more()

    def offer(self, rows: Iterable[Sequence[str]], note: str = "", *, more: tuple[str, str] | None = None) -> None:
        """Show these rows, 200 at most, a note under them, and a last row that reads on.

        They answer the text that the page asked for last: an answer to an older one is not to be offered.
        """
        with self.hold_sync():
            self.rows = [list(row) for row in islice(rows, MOST)]
            self.more = list(more or ())
            self.note = note
            self.sought = self._asked_for
            self.busy = False

    def show(self, value: str, shown: str = "") -> None:
        """Show what is chosen."""
        with self.hold_sync():
            self.value = value
            self.shown = shown or value


def _text(content: dict[str, Any], name: str) -> str:
    """Return a text that a browser sent, "" for anything else; halves of characters could not be sent back."""
    text = content.get(name)
    return text[:LONGEST].encode(errors="ignore").decode() if isinstance(text, str) else ""


def tone(status: str) -> str:
    """Return how a status looks: ``good``, ``busy``, ``bad`` or ``none``."""
    return "bad" if "Failed" in status else TONES.get(status, "none")


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago a moment was, in words.

    Example::

        >>> ago(datetime(2025, 1, 1, tzinfo=timezone.utc), datetime(2025, 1, 4, tzinfo=timezone.utc))
        '3 days ago'
    """
    if moment is None:
        return ""
    seconds = ((now or datetime.now(timezone.utc)) - moment).total_seconds()
    for size, unit in ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute")):
        number = int(seconds // size)
        if number >= 1:
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"
