"""Choosing what exists: a searchable list that never sends more than 200 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

import traitlets

from profile_widgets.widgets.code import KitWidget, record

MOST = 200
"""How many rows a list sends at once."""

TONES = {"InService": "good", "Pending": "busy", "Updating": "busy", "Deleting": "busy"}
"""How a status looks, beside its words; a failure is bad, and a status not known here is neutral."""


class Chooser(KitWidget):
    """Offer rows of value, label and detail. ``on_choose`` and ``on_search`` are called with what the person did."""

    label = traitlets.Unicode().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Unicode(help="The text for the value.").tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List(help="Rows of value, label and detail.").tag(sync=True)
    pinned: traitlets.List[Any] = traitlets.List(help="Rows that stand first and are never filtered.").tag(sync=True)
    note = traitlets.Unicode(help="A quiet sentence under the list.").tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    placeholder = traitlets.Unicode().tag(sync=True)
    status = record("text, tone and detail of what is chosen.")

    def __init__(
        self, *, on_choose: Callable[[str], None], on_search: Callable[[str], None], layout: Any, **looks: Any
    ) -> None:
        self._on_choose = on_choose
        self._on_search = on_search
        super().__init__(_kind="chooser", layout=layout, **looks)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        if content.get("do") == "choose":
            self._on_choose(str(content.get("value", "")))
        elif content.get("do") == "search":
            self._on_search(str(content.get("text", "")))

    def offer(self, rows: Iterable[tuple[str, str, str]], note: str = "") -> None:
        """Show these rows, 200 at most, and a note under them."""
        with self.hold_sync():
            self.rows = [list(row) for row in rows][:MOST]
            self.note = note
            self.busy = False

    def show(self, value: str, shown: str = "") -> None:
        """Show what is chosen."""
        with self.hold_sync():
            self.value = value
            self.shown = shown or value


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
