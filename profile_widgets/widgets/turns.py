"""Taking turns: whatever a browser sends, one question is under way, and of those that wait the last of each kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from typing import Any

Work = Callable[[], Coroutine[Any, Any, Any]]


class Turns:
    """Run one piece of work at a time; ``start`` runs a coroutine.

    Work that is asked for meanwhile waits, in the place of what waits of the same kind. Work that ends with an error
    does not keep what waits from its turn.

    Example::

        turns = Turns(editor.start)
        turns.ask("list", lambda: browser.look("an"))
        turns.ask("list", lambda: browser.look("ana"))
    """

    def __init__(self, start: Callable[[Coroutine[Any, Any, Any]], object]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._waiting: dict[str, Work] = {}
        self._working = False
        self._round = 0

    @property
    def idle(self) -> bool:
        """Return whether nothing is under way."""
        return not self._working

    def ask(self, kind: str, work: Work) -> None:
        """Do this when it is its turn, unless other work of this kind is asked for before."""
        with self._lock:
            self._waiting[kind] = work
            begins, self._working = not self._working, True
            number = self._round
        if begins:
            self._start(self._run(number))

    def drop(self) -> None:
        """Forget what waits, and wait no more for what is under way: the connection leads elsewhere now."""
        with self._lock:
            self._waiting.clear()
            self._working = False
            self._round += 1

    def _next(self, number: int) -> Work | None:
        with self._lock:
            if number != self._round:
                return None
            self._working = bool(self._waiting)
            return self._waiting.pop(next(iter(self._waiting))) if self._working else None

    async def _run(self, number: int) -> None:
        while (work := self._next(number)) is not None:
            try:
                await work()
            except Exception:
                self._start(self._run(number))
                raise
