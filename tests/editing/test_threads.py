"""Blocking work away from the event loop: what was begun comes to its end, whoever waits for it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from profile_widgets.editing.store import ProfileFolder, Store
from profile_widgets.editing.threads import alone, in_thread
from profile_widgets.errors import InUseElsewhere, StoreError


@pytest.fixture
def folder(tmp_path: Path) -> ProfileFolder:
    return Store(tmp_path / "data").profile("here", "d-1", "alice")


async def test_a_result_or_an_error_comes_back_and_the_loop_goes_on_meanwhile() -> None:
    go_on = threading.Event()
    waiting = asyncio.ensure_future(in_thread(go_on.wait, 10))
    await asyncio.sleep(0)
    assert not waiting.done()
    go_on.set()
    assert await waiting
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


async def test_who_is_cancelled_once_or_more_waits_for_the_end_all_the_same() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        ended.set()
        raise ZeroDivisionError

    waiting = asyncio.ensure_future(in_thread(work))
    await asyncio.to_thread(begun.wait, 10)
    for _ in range(3):
        waiting.cancel()
        await asyncio.sleep(0.01)
    assert not waiting.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()


async def test_a_lock_is_held_over_awaits_and_let_go_in_the_end(folder: ProfileFolder) -> None:
    async with alone(folder):
        await asyncio.sleep(0)
        with pytest.raises(InUseElsewhere):
            async with alone(folder):
                pass
    with pytest.raises(ZeroDivisionError):
        async with alone(folder):
            raise ZeroDivisionError
    async with alone(folder):
        pass


async def test_one_that_is_cancelled_while_it_is_taken_is_not_kept(folder: ProfileFolder) -> None:
    async def hold() -> None:
        async with alone(folder):
            await asyncio.sleep(60)

    for pause in (0.0, 0.0, 0.001, 0.002, 0.005, 0.02):
        holding = asyncio.ensure_future(hold())
        await asyncio.sleep(pause)
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        async with alone(folder):
            pass


async def test_a_folder_that_cannot_be_made_is_told() -> None:
    folder = Store(Path(__file__)).profile("here", "d-1", "alice")
    with pytest.raises(StoreError):
        async with alone(folder):
            pass
