"""Taking turns: one piece of work at a time, and of what waits the last of each kind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from profile_widgets.widgets.turns import Turns

Work = Callable[[], Coroutine[Any, Any, None]]


class Place:
    """Start what turns ask for, and note what is done, and how much at once."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []
        self.done: list[str] = []
        self.now = self.most = 0
        self.go_on = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    def work(self, name: str) -> Work:
        async def work() -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            await self.go_on.wait()
            self.now -= 1
            self.done.append(name)

        return work

    async def settled(self) -> list[Any]:
        self.go_on.set()
        results: list[Any] = []
        while self.tasks:
            waiting, self.tasks = self.tasks, []
            results += await asyncio.gather(*waiting, return_exceptions=True)
        return [each for each in results if each is not None]


async def test_of_what_waits_the_last_of_each_kind_is_done_one_after_the_other() -> None:
    place = Place()
    turns = Turns(place.start)
    for number in range(100):
        turns.ask("list", place.work(f"list {number}"))
        turns.ask("choice", place.work(f"choice {number}"))
        await asyncio.sleep(0)
    assert len(place.tasks) == 1
    assert await place.settled() == []
    assert place.done == ["list 0", "choice 99", "list 99"]
    assert place.most == 1
    assert turns.idle


async def test_an_error_does_not_keep_what_waits_from_its_turn() -> None:
    place = Place()
    turns = Turns(place.start)

    async def fail() -> None:
        await place.go_on.wait()
        raise ValueError("no")

    turns.ask("list", fail)
    await asyncio.sleep(0)
    turns.ask("list", place.work("after"))
    (error,) = await place.settled()
    assert str(error) == "no"
    assert place.done == ["after"]
    assert turns.idle


async def test_what_waits_may_be_dropped_and_what_is_under_way_is_not_waited_for() -> None:
    place = Place()
    turns = Turns(place.start)
    turns.ask("list", place.work("old"))
    await asyncio.sleep(0)
    turns.ask("list", place.work("waiting"))
    turns.drop()
    turns.ask("list", place.work("new"))
    await asyncio.sleep(0)
    assert place.now == 2
    turns.ask("list", place.work("newer"))
    await place.settled()
    assert place.done == ["old", "new", "newer"]
    assert turns.idle


@pytest.mark.parametrize("count", [1, 3])
async def test_turns_that_came_to_rest_begin_again(count: int) -> None:
    place = Place()
    turns = Turns(place.start)
    for number in range(count):
        turns.ask("list", place.work(str(number)))
        await place.settled()
    assert place.done == [str(number) for number in range(count)]
