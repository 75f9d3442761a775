"""Work beside the cell's thread: its result, its error, what it tells, and an interrupt that does not wait for it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from profile_widgets.magics.waiting import Aside


async def answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


def test_a_result_comes_back_from_a_thread_of_its_own() -> None:
    threads = []

    async def work() -> int:
        threads.append(threading.current_thread())
        return await answer(7)

    assert Aside(print).run(work()) == 7
    assert threads[0] is not threading.current_thread()


async def test_a_loop_that_runs_already_is_left_alone() -> None:
    assert Aside(print).run(answer(7)) == 7


@pytest.mark.parametrize("kind", [ValueError, TimeoutError, asyncio.TimeoutError])
def test_an_error_comes_back_as_it_is(kind: type[Exception]) -> None:
    async def work() -> None:
        raise kind("for a reason")

    with pytest.raises(kind, match="for a reason"):
        Aside(print).run(work())


def test_what_is_told_is_shown_in_order_by_the_thread_that_waits() -> None:
    shown: list[tuple[str, threading.Thread]] = []
    aside = Aside(lambda text: shown.append((text, threading.current_thread())))

    async def work() -> None:
        for number in range(20):
            aside.tell(str(number))
            await asyncio.sleep(0.005)
        aside.tell("end")
        raise ValueError("the end")

    with pytest.raises(ValueError, match="the end"):
        aside.run(work())
    assert [text for text, _ in shown] == [*map(str, range(20)), "end"]
    assert {thread for _, thread in shown} == {threading.current_thread()}


def test_an_interrupt_returns_at_once_and_cancels_the_work() -> None:
    cancelled, begun, hold = threading.Event(), threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            await asyncio.get_running_loop().run_in_executor(None, hold.wait)  # ends later than who waited for it
            raise

    def press() -> None:
        begun.wait(30)
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    with pytest.raises(KeyboardInterrupt):
        Aside(print).run(work())
    presser.join()
    assert cancelled.wait(30)
    hold.set()
