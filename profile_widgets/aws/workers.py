"""A small pool of threads for blocking calls, whose waiting jobs can be taken back.

``concurrent.futures.ThreadPoolExecutor`` keeps the interpreter alive until its last job ends, so a call that hangs
would hold up the end of a kernel; these threads are daemons, start when there is work and go when there has been none
for a while.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from profile_widgets.errors import GatewayError

IDLE_SECONDS = 20.0
"""How long a thread without work stays."""


def closed() -> GatewayError:
    """Return the error of a call that a closed gateway did not make."""
    return GatewayError("The call was not made, because its gateway is closed. Make a new one.", code="GatewayClosed")


class Workers:
    """Run functions in at most ``limit`` threads, first come, first served.

    Example::

        >>> workers = Workers(2, "reads")
        >>> workers.submit(lambda: 6 * 7).result()
        42
    """

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._change = threading.Condition()
        self._threads = 0
        self._idle = 0
        self._closed = False

    def submit(self, function: Callable[[], Any]) -> Future[Any]:
        """Queue ``function`` and return its future; ``cancel()`` on that takes back what has not begun.

        Raises :class:`~profile_widgets.errors.GatewayError` after :meth:`close`.
        """
        future: Future[Any] = Future()
        with self._change:
            if self._closed:
                raise closed()
            self._waiting.append((future, function))
            if self._idle >= len(self._waiting):
                self._change.notify()
            elif self._threads < self._limit:
                threading.Thread(target=self._serve, name=self._name, daemon=True).start()
                self._threads += 1
        return future

    def close(self) -> None:
        """Take no more work and fail what waits; what runs comes to its end. Closing twice is allowed."""
        with self._change:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
            self._change.notify_all()
        for future, _ in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(closed())

    def _serve(self) -> None:
        """Run jobs until there have been none for a while."""
        while (job := self._next()) is not None:
            future, function = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
                future.set_exception(error)
            else:
                future.set_result(result)
            del job, future, function

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        """Wait for a job; ``None`` means that this thread is not needed any more."""
        with self._change:
            self._idle += 1
            arrived = self._change.wait_for(lambda: bool(self._waiting) or self._closed, IDLE_SECONDS)
            self._idle -= 1
            if arrived and self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None
