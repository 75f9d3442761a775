"""Fields that ask lists of another make: slow ones, that are overtaken, and that say too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest_asyncio

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.aws.protocol import Offer, Offers
from profile_widgets.widgets.choosers import MOST
from profile_widgets.widgets.suggestions import Supply
from profile_widgets.widgets.tasks import Tasks
from tests.widgets.conftest import browser_sends, browser_sets

ROLE = "arn:aws:iam::123456789012:role/SageMakerDataScientist"


def below(editors: Any) -> Iterator[Any]:
    for each in editors:
        yield each
        yield from below(getattr(each, "children", ()))


def field(form: SettingsEditor, path: str) -> Any:
    return next(each for each in below(form.children) if each.place == path and not getattr(each, "members", None))


class Slow:
    """Lists that answer when they are told to, with more rows than were asked for; the page asks for no other kind."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.judged: list[tuple[str, str, dict[str, str]]] = []
        self.go_on = asyncio.Event()

    async def offers(
        self,
        kind: str,
        text: str = "",
        about: Mapping[str, str] = MappingProxyType({}),
        *,
        limit: int = 200,
        refresh: bool = False,
        whole: bool = False,
    ) -> Offers:
        how = [word for word, wanted in (("again", refresh), ("whole", whole)) if wanted]
        self.asked.append(" ".join([kind, text, *how, *about.values()]).strip())
        await self.go_on.wait()
        rows = tuple(Offer(f"{ROLE}{number}", f"{text}{number}") for number in range(limit * 2))
        return Offers(rows, len(rows), reading=not whole)

    async def known(self, kind: str, value: str, about: Mapping[str, str] = MappingProxyType({})) -> bool | None:
        self.judged.append((kind, value, dict(about)))
        await self.go_on.wait()
        return False

    async def row(self, _kind: str, _value: str, _about: Mapping[str, str] = MappingProxyType({})) -> Offer | None:
        return None


@pytest_asyncio.fixture
async def slow() -> AsyncIterator[tuple[Any, Slow, Tasks]]:
    failures: list[BaseException] = []
    lists, tasks = Slow(), Tasks(failures.append)
    form = SettingsEditor(UserSettings(), catalog=Supply(lists, tasks.start))
    form.expand()
    yield field(form, "ExecutionRole"), lists, tasks
    lists.go_on.set()
    form.close()
    tasks.close()
    assert failures == []


async def ended(tasks: Tasks) -> None:
    while running := tuple(tasks._running):
        await asyncio.wait([asyncio.wrap_future(future) for future in running])


def heard(box: Any) -> list[dict[str, Any]]:
    """Return the list into which everything goes that a field sends from now on."""
    sent: list[dict[str, Any]] = []
    box.send = lambda content, buffers=None: sent.append(content)  # noqa: ARG005 - as ipywidgets calls it
    return sent


async def test_an_answer_that_is_overtaken_is_not_sent(slow: tuple[Any, Slow, Tasks]) -> None:
    box, lists, tasks = slow
    sent = heard(box)
    browser_sends(box, do="suggest", text="a")
    await asyncio.sleep(0.05)
    browser_sends(box, do="suggest", text="ab")
    lists.go_on.set()
    await ended(tasks)
    assert {content["text"] for content in sent} == {"ab"}
    assert lists.asked == ["role a", "role ab", "role a whole", "role ab whole"]


async def test_more_rows_than_were_asked_for_are_not_passed_on(slow: tuple[Any, Slow, Tasks]) -> None:
    box, lists, tasks = slow
    sent = heard(box)
    lists.go_on.set()
    browser_sends(box, do="suggest", text="")
    await ended(tasks)
    assert [len(content["rows"]) for content in sent] == [MOST, MOST]


async def test_a_field_that_was_closed_meanwhile_is_left_alone(slow: tuple[Any, Slow, Tasks]) -> None:
    box, lists, tasks = slow
    sent = heard(box)
    browser_sends(box, do="suggest", text="")
    browser_sets(box, value=ROLE)
    await asyncio.sleep(0.05)
    box.suggester.close()
    lists.go_on.set()
    await ended(tasks)
    assert sent == []
    assert box.advice == []


async def test_a_judgement_that_is_overtaken_is_not_shown(slow: tuple[Any, Slow, Tasks]) -> None:
    box, lists, tasks = slow
    lists.go_on.set()
    browser_sends(box, do="suggest", text="")
    await ended(tasks)
    lists.go_on.clear()
    browser_sets(box, value=ROLE)
    await asyncio.sleep(0.05)
    browser_sends(box, do="unset")
    lists.go_on.set()
    await ended(tasks)
    assert box.advice == []
    assert lists.judged == [("role", ROLE, {})]
