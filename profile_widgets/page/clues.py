"""Why requests are refused, for whoever set the page up: the browser is told less, and the log holds no values."""

from __future__ import annotations

import logging
import time

from tornado import web

CLUES = "profile_widgets_clues"
"""The clues' name among tornado's settings."""
_EVERY = 60.0
"""Seconds in which one reason is told once, whoever knocks how often."""
_log = logging.getLogger("profile_widgets.page")


class Clues:
    """Tell each reason once a minute at most. Reasons are sentences of our own, so there are only a few.

    >>> clues = Clues()
    >>> clues.is_new("Nobody came."), clues.is_new("Nobody came.")
    (True, False)
    """

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def is_new(self, reason: str) -> bool:
        """Tell whether a reason was not told in the last minute; from now on it was."""
        now = time.monotonic()
        if now - self._told.get(reason, -_EVERY) < _EVERY:
            return False
        self._told[reason] = now
        return True


def log_clue(handler: web.RequestHandler, reason: str) -> None:
    """Write the reason of a refusal into the log, unless it stood there within the last minute."""
    clues: Clues = handler.settings.setdefault(CLUES, Clues())
    if reason and clues.is_new(reason):
        _log.warning("Refused: %s", reason)
