"""What blocks, away from the event loop: the disk, and the lock of a profile."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Any, TypeVar

from profile_widgets.editing.store import ProfileFolder

T = TypeVar("T")


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Run ``function`` in a thread and return its result.

    When the waiting is cancelled, its end is waited for all the same, so that nobody is surprised by what it did.
    """
    import asyncio
    from functools import partial

    job = asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        while not job.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([job])
        if not job.cancelled():
            job.exception()  # it was looked at
        raise


@asynccontextmanager
async def alone(folder: ProfileFolder) -> AsyncIterator[None]:
    """Hold a profile's lock over awaits.

    Raises :class:`~profile_widgets.errors.InUseElsewhere` and :class:`~profile_widgets.errors.StoreError`.
    """
    with ExitStack() as held:
        await in_thread(held.enter_context, folder.lock())
        yield
