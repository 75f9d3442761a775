"""What all structures of one settings tree share: a lock, the listeners, and changes that are not told yet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from profile_widgets.model.documents import Change

Listener: TypeAlias = "Callable[[tuple[Change, ...]], None]"


class Tree:
    """Lock a tree of structures and tell its listeners what changed.

    ``lock`` is re-entrant. Listeners are called in the thread that made the change, under the lock.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._held: list[Change] | None = None

    def add(self, listener: Listener) -> None:
        """Call ``listener`` from now on."""
        with self.lock:
            self._listeners.append(listener)

    def remove(self, listener: Listener) -> None:
        """Call ``listener`` no more; one that is not there is no error."""
        with self.lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def note(self, change: Change) -> None:
        """Tell a change, or keep it until the batch that is under way ends."""
        with self.lock:
            if self._held is None:
                self._tell((change,))
            else:
                self._held.append(change)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect the changes made in the block and tell them once, at its end; a batch within a batch adds to it."""
        with self.lock:
            if self._held is not None:
                yield
                return
            self._held = []
            try:
                yield
            finally:
                held, self._held = tuple(self._held), None
                if held:
                    self._tell(held)

    def _tell(self, changes: tuple[Change, ...]) -> None:
        for listener in tuple(self._listeners):
            listener(changes)
