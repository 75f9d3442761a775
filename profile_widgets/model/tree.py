"""What all structures of one settings tree share: a lock, a guard, the listeners, and changes that are not told yet."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

from profile_widgets.errors import LockedFieldError
from profile_widgets.model.documents import Change, Document

Listener: TypeAlias = "Callable[[tuple[Change, ...]], None]"
Guard: TypeAlias = "Callable[[Document, Document], None]"
"""Takes the root's document before and after a change, and raises when that change may not be."""
PutBack: TypeAlias = "Callable[[], None]"

log = logging.getLogger(__name__)


class Node(Protocol):
    """Be what a tree knows of a structure."""

    def held(self) -> Document:
        """Return the structure's document, not to be changed."""
        ...

    def tell(self, event: Any) -> None:
        """Let observers and listeners hear of a change."""
        ...

    def put_back(self, event: Any) -> None:
        """Take a change back that nobody heard of."""
        ...


class Tree:
    """Lock a tree of structures, ask its guard, and tell its listeners what changed.

    ``lock`` is re-entrant. Listeners are called in the thread that made the change, under the lock.
    """

    def __init__(self, root: Node) -> None:
        self.lock = threading.RLock()
        self._root = root
        self._listeners: list[Listener] = []
        self._held: list[Change] | None = None
        self._guard: Guard | None = None
        self._before: Document = {}
        self._events: list[tuple[Node, Any]] = []
        self._snapshots: list[Callable[[], PutBack]] = []
        self._puts_back: list[PutBack] = []

    @property
    def guard(self) -> Guard | None:
        """Return who decides whether a change may be, ``None`` while everything may.

        A change, or a batch of them, that the guard raises for is taken back as a whole before anybody hears of it,
        and the guard's error goes to whoever made it. What observers change in answer is a batch of its own. A guard
        stays: it cannot be taken away or replaced.
        """
        return self._guard

    @guard.setter
    def guard(self, guard: Guard) -> None:
        with self.lock:
            if self._guard is not None:
                raise LockedFieldError("These settings are guarded by a policy, and stay so.")
            self._before, self._guard = self._root.held(), guard

    def remember(self, snapshot: Callable[[], PutBack]) -> None:
        """Let ``snapshot`` look at what belongs to the tree before a guarded batch.

        What it returns is called when the batch is refused, to put that back too.
        """
        with self.lock:
            self._snapshots.append(snapshot)

    def add(self, listener: Listener) -> None:
        """Call ``listener`` from now on."""
        with self.lock:
            self._listeners.append(listener)

    def remove(self, listener: Listener) -> None:
        """Call ``listener`` no more; one that is not there is no error."""
        with self.lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def changed(self, node: Node, event: Any) -> None:
        """Take up a change of one structure that was just made: at once, or when the batch that is under way ends."""
        with self.lock:
            if self._guard is None:
                node.tell(event)
            elif self._held is not None:
                self._events.append((node, event))
            else:
                with self.batch():
                    self._events.append((node, event))

    def note(self, change: Change) -> None:
        """Tell a change, or keep it until the batch that is under way ends."""
        with self.lock:
            if self._held is None:
                errors: list[BaseException] = []
                self._tell((change,), errors)
                _raise_first(errors)
            else:
                self._held.append(change)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect the changes made in the block and tell them once, at its end; a batch within a batch adds to it.

        What the guard refuses at the end of the outermost one is as if the block had never run.
        """
        with self.lock:
            if self._held is not None:
                yield
                return
            self._held = []
            self._puts_back = [snapshot() for snapshot in self._snapshots] if self._guard is not None else []
            try:
                yield
            finally:
                self._end()

    def _end(self) -> None:
        """End the outermost batch. What observers change while they hear of it is guarded in its turn.

        An observer or a listener that raises keeps nobody else from hearing, and leaves nothing that the guard has not
        seen; the first error goes to whoever made the change, the others to the log.
        """
        errors: list[BaseException] = []
        while self._events:
            self._settle(errors)
        held, self._held, self._puts_back = tuple(self._held or ()), None, []
        if held:
            self._tell(held, errors)
        _raise_first(errors)

    def _settle(self, errors: list[BaseException]) -> None:
        """Ask the guard about what was done; tell it, or take it back."""
        events, self._events = self._events, []
        try:
            after = self._root.held()
            if self._guard is not None:
                self._guard(self._before, after)
        except BaseException as error:  # noqa: BLE001 - raised when the batch has ended
            for node, event in reversed(events):
                node.put_back(event)
            for put_back in self._puts_back:
                put_back()
            errors.append(error)
            return
        self._before, self._puts_back = after, [snapshot() for snapshot in self._snapshots]
        for node, event in events:
            try:
                node.tell(event)
            except BaseException as error:  # noqa: BLE001 - raised when the batch has ended
                errors.append(error)

    def _tell(self, changes: tuple[Change, ...], errors: list[BaseException]) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(changes)
            except BaseException as error:  # noqa: BLE001 - raised when all have heard
                errors.append(error)


def _raise_first(errors: list[BaseException]) -> None:
    for error in errors[1:]:
        log.error("Another error came while a change was told: %s", type(error).__name__)  # its text may hold values
    if errors:
        raise errors[0]
