"""A profile is created while something is wrong: never twice, never untold, and what was typed stays."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift, stored
from tests.page_faults.faults import CREATE, GARBAGE, READ, Arm, Fault, dead, denied, later, on
from tests.page_faults.line import (
    HTML,
    Line,
    answered,
    halved,
    instead,
    lost,
    lost_after,
    refused,
    reset_inside,
    times,
    truncated,
)
from tests.page_faults.window import DOMAIN, Window, drafts, offered

NEW = "newcomer"
DONE = "newcomer was created, and reading it back shows exactly what was asked for"
WANTED = {"StudioWebPortal": "DISABLED", "SecurityGroups": ["sg-0a1b2c3d4e5f60718"]}


async def begin(open_window: Open) -> Window:
    """Begin a new profile, and fill it in."""
    window = await open_window(DOMAIN, "", create=True)
    window.editor.draft.model.UserProfileName = NEW
    window.editor.settings.put("StudioWebPortal", "DISABLED")
    window.editor.settings.put("SecurityGroups", WANTED["SecurityGroups"])
    return window


def keeps_it(window: Window) -> None:
    """Assert that everything typed is still there, and on disk."""
    request = window.editor.request()
    assert (request["UserProfileName"], request["UserSettings"]) == (NEW, WANTED)
    assert drafts(window.editor.draft.where, "") == 1


NOT_CREATED: dict[str, Fault] = {
    "throttled": Fault(on(CREATE, refused("ThrottlingException")), "AWS asked to slow down", ("retry",)),
    "502 for ever": Fault(on(CREATE, answered(502, HTML, "text/html")), "though it was sent twice", ("retry",)),
    "lost for ever": Fault(on(CREATE, lost), "did not arrive, though it was sent twice", ("retry",)),
    "nobody there": Fault(dead, "Nothing was sent. 127.0.0.1 could not be", ("retry",)),
    "an expired token": Fault(on(CREATE, refused("ExpiredTokenException")), "login has expired", ("retry",)),
    "no right to create": Fault(denied(CREATE), "may not use sagemaker:Create", ("export", "retry")),
    "a quota": Fault(on(CREATE, refused("ResourceLimitExceeded")), "AWS quota of this account", ("retry",)),
    "a domain that is gone": Fault(on(CREATE, refused("ResourceNotFound")), "There is no", ("retry",)),
}


@pytest.mark.parametrize("name", NOT_CREATED)
async def test_what_was_not_created_is_said_and_created_by_the_next_try(
    name: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    fault = NOT_CREATED[name]
    window = await begin(open_window)
    fault.arm(line, sandbox)
    window.submit()
    await window.says(fault.words)
    await window.quiet()
    window.is_clean()
    keeps_it(window)
    assert tuple(offered(window.editor.response)) == fault.offers
    lift(line, sandbox)
    window.answer("retry")
    await window.says(DONE)
    assert stored(sagemaker, NEW) == WANTED
    assert line.writes == 1
    assert drafts(window.editor.draft.where, "") == 0


CREATED: dict[str, Arm] = {
    "a lost answer": on(CREATE, times(1, lost_after)),
    "a lost request": on(CREATE, times(1, lost)),
    "an answer broken off inside": on(CREATE, times(1, reset_inside)),
    "a truncated answer": on(CREATE, times(1, truncated)),
    "half an answer": on(CREATE, times(1, halved)),
    "an empty answer": on(CREATE, times(1, instead(200, b""))),
    "garbage": on(CREATE, times(1, instead(200, GARBAGE))),
    "a 502 for what was done": on(CREATE, times(1, instead(502, HTML, "text/html"))),
    "a 503": on(CREATE, times(1, refused("ServiceUnavailable", status=503))),
    "every answer lost": on(CREATE, lost_after),
    "no right to read before": on(READ, times(1, refused("AccessDeniedException"))),
    "not to be seen at once": later(on(READ, times(1, refused("ResourceNotFound", "No."))), write=CREATE),
}


@pytest.mark.parametrize("name", CREATED)
async def test_what_can_be_found_out_is_found_out_and_created_once(
    name: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    window = await begin(open_window)
    CREATED[name](line, sandbox)
    window.submit()
    await window.says(DONE)
    await window.quiet()
    window.is_clean()
    assert stored(sagemaker, NEW) == WANTED
    assert line.writes == 1
    assert line.calls.count(CREATE) == 1 + window.outcome.resent
    assert drafts(window.editor.draft.where, "") == 0


async def test_a_name_that_is_taken_is_said_and_another_one_can_be_chosen(
    line: Line, sagemaker: Any, open_window: Open
) -> None:
    window = await begin(open_window)
    window.editor.draft.model.UserProfileName = "Analyst-1"
    window.submit()
    await window.says("there is a user profile analyst-1 in d-9xk2m4tq7abc already")
    await window.quiet()
    assert line.writes == 0
    window.editor.draft.model.UserProfileName = NEW
    keeps_it(window)
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker, NEW) == WANTED


async def test_a_creation_that_fails_is_said_with_aws_own_words_and_another_name_can_be_chosen(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    reason = "<img src=x onerror=window.ran=1> No address is left in the subnet."
    window = await begin(open_window)
    sandbox.fail_next(CREATE, reason=reason)
    window.submit()
    await window.says(f"AWS ended this as Failed: {reason}")
    await window.quiet()
    keeps_it(window)
    window.answer("retry")
    await window.says("there is a user profile newcomer in d-9xk2m4tq7abc already (Failed;")
    await window.quiet()
    window.editor.draft.model.UserProfileName = "newcomer-2"
    window.submit()
    await window.says("newcomer-2 was created")
    assert stored(sagemaker, "newcomer-2") == WANTED
    assert line.calls.count(CREATE) == 2


async def test_a_creation_of_which_nothing_is_known_is_found_out_by_the_next_try(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    window = await begin(open_window)
    later(denied(READ), lost, CREATE)(line, sandbox)
    window.submit()
    await window.says("It is not known how this ended")
    await window.quiet()
    keeps_it(window)
    lift(line, sandbox)
    window.answer("retry")
    await window.says("had arrived after all")
    await window.quiet()
    assert stored(sagemaker, NEW) == WANTED
    assert line.writes == 1
    assert window.editor.draft.create is False
    assert drafts(window.editor.draft.where, "") == 0
