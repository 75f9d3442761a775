"""Where the editor's asynchronous work runs.

In a kernel there is an event loop when the editor is made: work is started there, from whatever thread a message came
in (with some versions of ipykernel, JupyterLab's messages arrive in a thread with a loop of its own). In a plain
script there is none: then one background thread runs a loop for this editor. Changes of the model are made under its
lock in both cases.

``asyncio`` is imported where it is used: a kernel has it anyway, and importing the package stays cheap without one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import Any

log = logging.getLogger(__name__)

OnError = Callable[[BaseException], None]


async def ended(future: Future[Any]) -> None:
    """Wait until a future has ended, however it ended."""
    import asyncio

    await asyncio.wait([asyncio.wrap_future(future)])


def stopper() -> Callable[[], object] | None:
    """Return what cancels the task that runs now, from any thread."""
    import asyncio

    task = asyncio.current_task()
    return None if task is None else partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)


class Tasks:
    """Start coroutines on one event loop and keep them until they end. ``on_error`` is told what escapes from one."""

    def __init__(self, on_error: OnError) -> None:
        self._on_error = on_error
        self._running: set[Future[Any]] = set()
        self._thread: threading.Thread | None = None
        import asyncio

        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._run, name="profile-widgets-editor", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        import asyncio

        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    def start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Start a coroutine from any thread; returns a future that another thread may wait for, never this loop."""
        import asyncio

        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._running.add(future)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, future: Future[Any]) -> None:
        self._running.discard(future)
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.error("Work of the editor ended with an error", exc_info=error)
            self._on_error(error)

    def close(self) -> None:
        """Cancel what runs, and end the thread if there is one."""
        for future in tuple(self._running):
            future.cancel()
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
