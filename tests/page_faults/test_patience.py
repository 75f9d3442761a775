"""The product's own patience, 5 and 20 seconds: who does not answer is told of within 25 s, and the next try works.

Waiting takes its time, so all of these happen at once, each with a line and a profile of its own.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import boto3
import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import stored, with_edits
from tests.page_faults.faults import DONE, READ, WRITE
from tests.page_faults.line import ANY, Line, done_and, hung, hung_after, refused, times
from tests.page_faults.window import DOMAIN, NAME, Window, drafts, offered

LATE = "took the request but did not answer in time"
THROTTLED = refused("ThrottlingException", "Rate exceeded")


class Case:
    """Be one scene: a line to the account, a profile as analyst-1 is, and a window on it."""

    def __init__(self, sandbox: Sandbox, sagemaker: Any, name: str) -> None:
        self.line = Line(sandbox)
        self.sagemaker = sagemaker
        self.before = stored(sagemaker, NAME)
        self.name = name
        sandbox.put_raw(DOMAIN, name, self.before)
        self.window: Window

    async def open(self) -> Window:
        """Open the page, with the connection's own defaults."""
        connection = self.line.connection
        assert (connection.connect_timeout, connection.read_timeout, connection.attempts) == (5, 20, 5)
        self.window = await Window(connection, DOMAIN, self.name).ready()
        return self.window

    async def edited(self) -> Window:
        """Open the page, and edit."""
        window = await self.open()
        window.edit()
        return window

    async def opens_now(self) -> None:
        """Take the fault away, and open the profile."""
        self.line.calm()
        self.window.choose(self.name)
        await self.window.quiet()
        assert not self.window.notice
        assert self.window.editor.is_open

    async def ends_well(self, accepted: int = 1) -> None:
        """Assert that the profile holds the edits, sent once, and that no draft is left."""
        await self.window.quiet()
        self.window.is_clean()
        assert stored(self.sagemaker, self.name) == with_edits(self.before)
        assert self.line.writes == accepted
        assert drafts(self.window.editor.draft.where, self.name) == 0

    async def sends_now(self) -> None:
        """Take the fault away, and try again."""
        self.window.keeps_the_edits()
        self.line.calm()
        self.window.answer("retry")
        await self.window.says(DONE)
        await self.ends_well()

    def close(self) -> None:
        self.window.close()
        self.line.close()


Scene: TypeAlias = "Callable[[Case], Awaitable[None]]"
SCENES: dict[str, Scene] = {}


def scene(act: Scene) -> Scene:
    """Register a scene under its name."""
    SCENES[act.__name__.replace("_", " ")] = act
    return act


# -- opening ---------------------------------------------------------------------------------------------------------


@scene
async def the_profile_does_not_come(case: Case) -> None:
    case.line.rules[READ] = hung
    await (await case.open()).says(LATE)
    await case.opens_now()


@scene
async def nothing_comes(case: Case) -> None:
    case.line.rules[ANY] = hung
    await (await case.open()).says(LATE)
    await case.opens_now()


@scene
async def the_domain_does_not_come(case: Case) -> None:
    case.line.rules["DescribeDomain"] = hung
    await (await case.open()).says(LATE)
    assert case.window.editor.is_open
    await case.opens_now()


@scene
async def reads_are_throttled_for_ever(case: Case) -> None:
    case.line.rules[ANY] = THROTTLED
    await (await case.open()).says("Wait a minute and try again")
    await case.opens_now()


@scene
async def nobody_takes_the_connection(case: Case) -> None:
    with nobody_at(case.line):
        await (await case.open()).says("could not be reached in the time given")
    await case.opens_now()


@contextmanager
def nobody_at(line: Line) -> Iterator[None]:
    """Let connections to the line's port be neither taken nor refused: its queue is full."""
    line.close()
    with socket.socket() as full:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", line._at))
        full.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", line._at))
        yield
        for caller in callers:
            caller.close()


@scene
async def the_list_of_domains_does_not_come(case: Case) -> None:
    case.line.rules["ListDomains"] = hung
    window = case.window = await Window(case.line.connection).ready()
    await window.says(f"127.0.0.1 {LATE}. Try again. A domain id may be typed.")
    window.choose_domain(DOMAIN)
    await window.quiet()
    await case.opens_now()


@scene
async def the_list_of_profiles_does_not_come(case: Case) -> None:
    case.line.rules["ListUserProfiles"] = hung
    window = case.window = await Window(case.line.connection, DOMAIN).ready()
    await window.says(f"127.0.0.1 {LATE}. Try again. A profile's name may be typed.")
    await case.opens_now()


# -- sending ---------------------------------------------------------------------------------------------------------


@scene
async def the_request_hangs(case: Case) -> None:
    window = await case.edited()
    case.line.rules[WRITE] = times(1, hung)
    window.submit()
    await window.says("No clear answer came; reading what the profile holds")
    await window.says_at_last(DONE)
    assert window.outcome.resent
    await case.ends_well()


@scene
async def the_answer_hangs(case: Case) -> None:
    window = await case.edited()
    case.line.rules[WRITE] = hung_after
    window.submit()
    await window.says("No clear answer came; reading what the profile holds")
    await window.says_at_last(DONE)
    assert not window.outcome.resent
    await case.ends_well()


@scene
async def the_profile_does_not_come_before_sending(case: Case) -> None:
    window = await case.edited()
    case.line.rules[READ] = hung
    window.submit()
    await window.says(f"Nothing was sent. 127.0.0.1 {LATE}")
    await case.sends_now()


@scene
async def nothing_comes_after_pressing_the_button(case: Case) -> None:
    window = await case.edited()
    case.line.rules[ANY] = hung
    window.submit()
    await window.says(f"Nothing was sent. 127.0.0.1 {LATE}")
    await case.sends_now()


@scene
async def reads_are_throttled_for_ever_after_pressing_the_button(case: Case) -> None:
    window = await case.edited()
    case.line.rules[READ] = THROTTLED
    window.submit()
    await window.says("Nothing was sent. AWS asked to slow down")
    await case.sends_now()


@scene
async def the_apps_do_not_come(case: Case) -> None:
    window = await case.edited()
    case.line.rules["ListApps"] = hung
    window.submit()
    await window.says(DONE)
    await case.ends_well()


@scene
async def the_read_back_does_not_come(case: Case) -> None:
    window = await case.edited()
    case.line.rules[WRITE] = done_and(lambda: case.line.rules.update({READ: hung}))
    window.submit()
    await window.says(f"No answer for now: 127.0.0.1 {LATE}")
    window.answer("stop")
    await window.quiet()
    assert "What was sent is not taken back" in window.outcome.text
    assert offered(window.editor.response) == ["retry", "reload"]
    window.keeps_the_edits()
    case.line.calm()
    window.answer("retry")
    await window.says("What you sent before had arrived after all")
    await case.ends_well()


# -- all at once -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results() -> dict[str, BaseException | None]:
    """Return how each scene ended, all played at once."""
    logging.disable(logging.CRITICAL)
    with Sandbox() as sandbox:
        session = boto3.Session(aws_access_key_id="other", aws_secret_access_key="other", region_name="eu-west-1")
        sagemaker = session.client("sagemaker", endpoint_url=sandbox.endpoint_url)
        cases = {name: Case(sandbox, sagemaker, f"scene-{number}") for number, name in enumerate(SCENES)}

        async def play() -> list[BaseException | None]:
            acts = (SCENES[name](case) for name, case in cases.items())
            ended = await asyncio.gather(*acts, return_exceptions=True)
            for case in cases.values():
                case.close()
            return ended

        ends = asyncio.run(play())
    logging.disable(logging.NOTSET)
    return dict(zip(SCENES, ends, strict=True))


@pytest.mark.parametrize("name", SCENES)
def test_within_25_seconds_it_is_said_that(name: str, results: dict[str, BaseException | None]) -> None:
    error = results[name]
    if error is not None:
        raise error
