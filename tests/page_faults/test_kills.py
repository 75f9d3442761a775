"""A kernel is killed between any two steps: the next window says how it ended, and nothing is lost or sent twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults.nursery import Nursery
from benchmarks.faults.subject import Job
from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift, stored, with_edits
from tests.page_faults.faults import DONE, WRITE
from tests.page_faults.line import Line, lost
from tests.page_faults.window import DOMAIN, EDITS, NAME, Window, drafts, offered
from tests.widgets.conftest import until

NOT_SENT = [("check", "done"), ("compare", "working"), ("compare", "done")]
BEGUN = [
    ("send", "working"),
    ("send", "done"),
    ("follow", "working"),
    ("follow", "done"),
    ("verify", "done"),
]
"""The steps at which the kernel dies: before the request was written down, and after."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def job(line: Line, data_folder: Path) -> Job:
    """Return what the kernel does that will be killed: the edits of these tests, sent through the line."""
    return Job(url=line.url, directory=str(data_folder), domain_id=DOMAIN, name=NAME, create=False, edit=EDITS)


def kill_at(step: tuple[str, str], nursery: Nursery, line: Line, data_folder: Path) -> None:
    """Let a kernel edit and send, and kill itself at a step."""
    nursery.begin(job(line, data_folder), "submit", die=step)
    assert nursery.end() == (signal.SIGKILL, None)


async def sends_what_is_offered(window: Window) -> None:
    """Take up the edits that the page offers, and send them."""
    assert offered(window.editor.question) == ["restore", "forget", "later"]
    window.answer("restore")
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    await window.quiet()


@pytest.mark.parametrize("step", NOT_SENT, ids=" ".join)
async def test_what_was_not_on_its_way_is_offered_again(
    step: tuple[str, str], nursery: Nursery, line: Line, data_folder: Path, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    kill_at(step, nursery, line, data_folder)
    window = await open_window()
    assert window.editor.response.state is None
    await sends_what_is_offered(window)
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1


@pytest.mark.parametrize("step", BEGUN, ids=" ".join)
async def test_what_was_on_its_way_is_taken_up_and_told(
    step: tuple[str, str], nursery: Nursery, line: Line, data_folder: Path, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    kill_at(step, nursery, line, data_folder)
    window = await open_window()
    await window.says(DONE)
    window.is_clean()
    assert window.editor.response.state["title"] == "Updated"
    assert window.editor.question.state is None
    assert not window.editor.changes
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
    assert drafts(window.editor.draft.where) == 0


async def test_killed_while_aws_works_it_is_taken_up_and_told(
    nursery: Nursery, line: Line, sandbox: Sandbox, data_folder: Path, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    child = nursery.begin(job(line, data_folder), "submit")
    with sandbox.hold(WRITE) as held:
        waiting = asyncio.ensure_future(asyncio.to_thread(nursery.end))
        await until(lambda: held.wait_until_reached(0))
        os.kill(child, signal.SIGKILL)
        assert await waiting == (signal.SIGKILL, None)
    window = await open_window()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1


async def test_what_cannot_be_read_after_a_kill_is_not_known_until_it_can(
    nursery: Nursery, line: Line, sandbox: Sandbox, data_folder: Path, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    kill_at(("send", "done"), nursery, line, data_folder)
    line.rules["DescribeUserProfile"] = lost
    window = await open_window()
    await window.says("broke before the answer was whole. Try again")
    lift(line, sandbox)
    window.choose(NAME)
    await window.says(DONE)
    await window.quiet()
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1


async def test_somebody_elses_change_after_a_kill_is_said_and_the_edits_are_offered(
    nursery: Nursery, line: Line, data_folder: Path, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    kill_at(("send", "working"), nursery, line, data_folder)
    theirs = {"ExecutionRole": "arn:aws:iam::123456789012:role/service-role/Theirs"}
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName=NAME, UserSettings=theirs)
    window = await open_window()
    await window.says("was changed meanwhile")
    assert line.writes == 0
    window.is_clean()
    await sends_what_is_offered(window)
    assert stored(sagemaker) == with_edits(before) | theirs
    assert line.writes == 1
