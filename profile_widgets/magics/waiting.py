"""AWS's calls in a thread of their own, with its own event loop, while the cell waits and can be interrupted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent import futures
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

TICK = 0.1
"""Seconds between two looks at what is to be told while a cell waits."""


class Aside:
    """Run one coroutine beside the thread of the cell.

    ``tell`` may be called from any thread: its texts are shown by the thread of the cell, in order, so that they land
    in the output of that cell.

    Example::

        aside = Aside(print)
        aside.run(gateway.describe_domain("d-abc123"))
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._told: SimpleQueue[str] = SimpleQueue()
        self._lock = threading.Lock()
        self._stopped = False
        self._cancel: Callable[[], object] | None = None

    def tell(self, text: str) -> None:
        """Have a text shown."""
        self._told.put(text)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` to its end and return its result, or raise its error.

        An interrupt cancels the work and is raised at once, without waiting for its end.
        """
        ended: futures.Future[T] = futures.Future()
        thread = threading.Thread(target=self._serve, args=(work, ended), name="profile-widgets-magic", daemon=True)
        try:  # an interrupt may come as early as that
            thread.start()
            while not futures.wait([ended], timeout=TICK).done:
                self._show_told()
        except BaseException:
            self._stop()
            raise
        finally:
            self._show_told()
        return ended.result()

    def _show_told(self) -> None:
        while True:
            try:
                text = self._told.get_nowait()
            except Empty:
                return
            self._show(text)

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._cancel is not None:
                self._cancel()

    def _serve(self, work: Coroutine[Any, Any, T], ended: futures.Future[T]) -> None:
        try:
            result = asyncio.run(self._watched(work))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
            ended.set_exception(error)
        else:
            ended.set_result(result)

    async def _watched(self, work: Coroutine[Any, Any, T]) -> T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
        with self._lock:
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
            if self._stopped:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._cancel = None
