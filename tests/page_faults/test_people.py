"""More hands than one: two editors of a profile, a second window, a nervous finger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, stored, with_edits
from tests.page_faults.faults import DONE, WRITE
from tests.page_faults.line import Line
from tests.page_faults.window import DOMAIN, NAME, drafts, offered
from tests.widgets.conftest import browser_sends, until

THEIRS = {"ExecutionRole": "arn:aws:iam::123456789012:role/service-role/Theirs"}


@pytest.fixture
def somebody_else(sagemaker: Any) -> Callable[..., Any]:
    return lambda **settings: sagemaker.update_user_profile(
        DomainId=DOMAIN, UserProfileName=NAME, UserSettings=settings or THEIRS
    )


async def test_somebody_elses_change_is_said_and_merged_with_ours(
    line: Line, sagemaker: Any, somebody_else: Callable[..., Any], open_window: Open
) -> None:
    window, before = await open_window(), stored(sagemaker)
    window.edit()
    somebody_else()
    window.submit()
    await window.says("Nothing was sent: analyst-1 was changed meanwhile (Execution")
    await window.quiet()
    window.keeps_the_edits()
    assert line.writes == 0
    assert offered(window.editor.response) == ["reload", "merge", "overwrite"]
    window.answer("merge")
    await window.says("no field was changed by both")
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before) | THEIRS
    assert line.writes == 1


async def test_a_change_that_slips_in_before_ours_is_said_when_ours_is_refused_for_it(
    line: Line, sandbox: Sandbox, sagemaker: Any, somebody_else: Callable[..., Any], open_window: Open
) -> None:
    window, before = await open_window(), stored(sagemaker)
    window.edit()

    def slip_in(passage: Any) -> None:
        sandbox.delay = 1.5
        somebody_else()
        del line.rules[WRITE]
        passage.say(*passage.deliver())

    line.rules[WRITE] = slip_in
    window.submit()
    await window.says("was changed meanwhile")
    await window.quiet()
    sandbox.delay = 0.0
    assert window.outcome.status == "conflict"
    window.keeps_the_edits()
    window.answer("merge")
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before) | THEIRS
    assert line.writes == 1


async def test_a_double_click_sends_once(line: Line, sagemaker: Any, open_window: Open) -> None:
    window, before = await open_window(), stored(sagemaker)
    window.edit()
    window.submit()
    for _ in range(5):
        browser_sends(window.editor.review, do="submit")
    await window.says(DONE)
    await window.quiet()
    assert line.calls.count(WRITE) == 1
    assert window.editor.response.state["outcome"] == "done"
    assert stored(sagemaker) == with_edits(before)


async def test_a_nervous_finger_on_try_again_sends_once(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    window, before = await open_window(), stored(sagemaker)
    window.edit()
    sandbox.throttle(1, WRITE)
    window.submit()
    await window.says("Wait a minute and try again")
    await window.quiet()
    asked = line.calls.count(WRITE)
    window.answer("retry")
    for _ in range(5):
        browser_sends(window.editor.response, do="retry")
        browser_sends(window.editor.review, do="submit")
    await window.says(DONE)
    await window.quiet()
    assert line.calls.count(WRITE) == asked + 1
    assert stored(sagemaker) == with_edits(before)


async def test_a_second_window_is_told_to_wait_and_then_of_the_change(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    first, second = await open_window(), await open_window()
    first.edit()
    second.editor.settings.put("SharingSettings.NotebookOutputOption", "Disabled")
    with sandbox.hold(WRITE) as held:
        first.submit()
        await until(lambda: held.wait_until_reached(0))
        second.submit()
        await second.says("analyst-1 is being sent from another window or kernel. Wait for its end.")
        await second.quiet()
    await first.says(DONE)
    await first.quiet()
    second.submit()
    await second.says("was changed meanwhile")
    await second.quiet()
    assert len(second.editor.changes) == 1
    second.answer("merge")
    second.submit()
    await second.says(DONE)
    wanted = with_edits(before)
    wanted["SharingSettings"] = wanted["SharingSettings"] | {"NotebookOutputOption": "Disabled"}
    assert stored(sagemaker) == wanted
    assert line.writes == 2
    assert drafts(first.editor.draft.where) == 0


async def test_windows_that_send_at_the_same_moment_send_one_after_the_other_or_not_at_all(
    line: Line, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    windows = [await open_window() for _ in range(4)]
    for window in windows:
        window.edit()
        window.submit()
    await asyncio.gather(*(window.quiet() for window in windows))
    ends = [window.outcome.status for window in windows]
    assert ends.count("done") == 1
    assert set(ends) <= {"done", "refused", "conflict"}
    assert line.writes == 1
    assert stored(sagemaker) == with_edits(before)
    for window in windows:
        window.is_clean()
