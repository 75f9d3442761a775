"""A change is sent while something is wrong: the page tells the truth, keeps the draft, the next try works, once."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift, stored, with_edits
from tests.page_faults.faults import DONE, GARBAGE, READ, WRITE, Arm, Fault, dead, denied, later, on, throttled
from tests.page_faults.line import (
    ANY,
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
from tests.page_faults.window import drafts, offered

SKEW = "Signature expired: 20250101T000000Z is now earlier than 20250101T001200Z"
BUSY = refused("ServiceUnavailable", "Busy.", 503)
PAGE = answered(502, HTML, "text/html")
REASON = "<img src=x onerror=window.ran=1><b>The subnet</b> is full."


def gone(line: Line, _sandbox: Sandbox) -> None:
    """Let nobody be there once the write is answered; until then no read is answered either."""
    line.rules.update({READ: lost})
    line.closing = True


NOTHING_DONE: dict[str, Fault] = {
    # before the request
    "reads throttled for ever": Fault(throttled(READ), "Nothing was sent. AWS asked to"),
    "reads answered 429": Fault(on(READ, answered(429, b"Slow", "text/plain")), "Nothing was sent. AWS asked to slow"),
    "reads answered 502": Fault(on(READ, PAGE), "Nothing was sent. AWS could not carry out DescribeUserProfile"),
    "nobody there": Fault(dead, "Nothing was sent. 127.0.0.1 could not be reached"),
    "reads without answers": Fault(on(READ, lost_after), "Nothing was sent. The connection to 127.0.0.1 broke"),
    "reads cut": Fault(on(READ, truncated), "Nothing was sent. The answer to Describe|Nothing was sent. The answer of"),
    "reads empty": Fault(on(READ, instead(200, b"")), "Nothing was sent. The answer to DescribeUserProfile was empty"),
    "reads of garbage": Fault(on(READ, instead(200, GARBAGE)), "Nothing was sent. The answer of 127.0.0.1"),
    "a token that expired": Fault(on(ANY, refused("ExpiredTokenException")), "Nothing was sent. Your AWS login has"),
    "a wrong clock": Fault(on(ANY, refused("InvalidSignatureException", SKEW)), "Nothing was sent. This machine's"),
    "no right to read": Fault(denied(READ), "may not use sagemaker:DescribeUser"),
    "a domain that is gone": Fault(on(ANY, refused("ResourceNotFound", "Domain does not exist")), "There is no domain"),
    "a profile that is gone": Fault(on(READ, refused("ResourceNotFound", "UserProfile x")), "There is no user profile"),
    # the request refused
    "throttled": Fault(throttled(WRITE), "AWS asked to slow down and did not answer Upd"),
    "429": Fault(on(WRITE, answered(429, b"Slow", "text/plain")), "AWS asked to slow down and did not answer Upd"),
    "an expired token": Fault(on(WRITE, refused("ExpiredTokenException")), "Your AWS login has expired"),
    "a clock that is wrong": Fault(on(WRITE, refused("RequestTimeTooSkewed")), "This machine's clock differs"),
    "no right to update": Fault(denied(WRITE), "may not use sagemaker:UpdateUser", ("export", "retry")),
    "in use": Fault(on(WRITE, refused("ResourceInUse", "Running apps.")), "is being changed, or running apps use it"),
    "a quota": Fault(on(WRITE, refused("ResourceLimitExceeded", "50 of 50")), "AWS quota of this account is used up"),
    "content": Fault(on(WRITE, refused("ValidationException", "Role is <b>not</b> good")), "AWS refused the content"),
    # the request, or its answer, lost for ever
    "502 for ever": Fault(on(WRITE, PAGE), "did not arrive, though it was sent twice"),
    "503 for ever": Fault(on(WRITE, BUSY), "did not arrive, though it was sent twice"),
    "lost for ever": Fault(on(WRITE, lost), "did not arrive, though it was sent twice"),
    # accepted, and failed
    "a failure with markup": Fault(
        lambda _, sandbox: sandbox.fail_next(WRITE, reason=REASON), f"AWS ended this as Update_Failed: {REASON}"
    ),
}
"""What leaves the profile as it was."""


@pytest.mark.parametrize("name", NOTHING_DONE)
async def test_what_was_not_done_is_said_and_done_by_the_next_try(
    name: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    fault, before = NOTHING_DONE[name], stored(sagemaker)
    window = await open_window()
    window.edit()
    fault.arm(line, sandbox)
    window.submit()
    await window.says(fault.words)
    await window.quiet()
    window.is_clean()
    window.keeps_the_edits()
    assert window.outcome.status == "failed"
    assert tuple(offered(window.editor.response)) == fault.offers
    accepted = line.writes

    lift(line, sandbox)
    assert stored(sagemaker) == before
    window.answer("retry")
    await window.says(DONE)
    await window.quiet()
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == accepted + 1
    assert drafts(window.editor.draft.where) == 0
    assert not window.editor.changes


@pytest.mark.parametrize("name", ["reads throttled for ever", "nobody there", "lost for ever", "an expired token"])
async def test_what_was_not_done_is_offered_and_done_after_a_reload_too(
    name: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    fault, before = NOTHING_DONE[name], stored(sagemaker)
    window = await open_window()
    window.edit()
    fault.arm(line, sandbox)
    window.submit()
    await window.says(fault.words)
    window.close()
    lift(line, sandbox)
    later = await open_window()
    assert offered(later.editor.question) == ["restore", "forget", "later"]
    later.answer("restore")
    later.submit()
    await later.says(DONE)
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1


async def test_a_request_that_is_throttled_twice_is_said_twice_and_sent_once(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    window = await open_window()
    window.edit()
    sandbox.throttle(2, WRITE)
    window.submit()
    for _ in range(2):
        await window.says("Wait a minute and try again")
        await window.quiet()
        window.keeps_the_edits()
        window.answer("retry")
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before)
    assert (line.calls.count(WRITE), line.writes) == (3, 1)


DONE_ALL_THE_SAME: dict[str, Arm] = {
    "one 502": on(WRITE, times(1, PAGE)),
    "one 503": on(WRITE, times(1, BUSY)),
    "one 502 for a change that was made": on(WRITE, times(1, instead(502, HTML, "text/html"))),
    "a lost request": on(WRITE, times(1, lost)),
    "a lost answer": on(WRITE, times(1, lost_after)),
    "an answer broken off inside": on(WRITE, times(1, reset_inside)),
    "a truncated answer": on(WRITE, times(1, truncated)),
    "half an answer": on(WRITE, times(1, halved)),
    "an empty answer": on(WRITE, times(1, instead(200, b""))),
    "an answer of garbage": on(WRITE, times(1, instead(200, GARBAGE))),
    "a page for an answer": on(WRITE, times(1, instead(200, HTML, "text/html"))),
    "in use for a moment": on(WRITE, times(1, refused("ResourceInUse", "The domain is being updated."))),
    "every answer lost": on(WRITE, lost_after),
    "reads throttled twice": throttled(READ, 1),
    "a read lost afterwards": later(on(READ, times(1, lost_after))),
    "a read of garbage afterwards": later(on(READ, times(1, instead(200, GARBAGE)))),
    "apps that may not be listed": denied("ListApps"),
}
"""What a submit goes round by itself."""


@pytest.mark.parametrize("name", DONE_ALL_THE_SAME)
async def test_what_can_be_found_out_is_found_out_and_done_once(
    name: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    window = await open_window()
    window.edit()
    DONE_ALL_THE_SAME[name](line, sandbox)
    window.submit()
    await window.says(DONE)
    await window.quiet()
    window.is_clean()
    assert window.outcome.status == "done"
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
    assert line.calls.count(WRITE) == 1 + window.outcome.resent
    assert drafts(window.editor.draft.where) == 0


NOT_KNOWN: dict[str, Fault] = {
    "reads throttled for ever": Fault(later(throttled(READ)), "No answer for now: AWS"),
    "reads of a page": Fault(later(on(READ, PAGE)), "No answer for now: AWS could not carry out DescribeUserProfile"),
    "no right to read": Fault(later(denied(READ)), "AWS accepted the request, but reading it back"),
    "a token that expired": Fault(later(on(ANY, refused("ExpiredToken"))), "AWS accepted the request, but reading it"),
    "everything gone": Fault(later(gone), "No answer for now: 127.0.0.1 could not|No answer for now: The connection"),
    "a lost answer, and then no right to read": Fault(
        later(denied(READ), lost),
        "Reading the profile did not tell either",
    ),
}
"""What leaves the outcome unknown for as long as the fault is there."""


@pytest.mark.parametrize(("name", "action"), [*((name, "retry") for name in NOT_KNOWN), ("no right to read", "reload")])
async def test_what_is_not_known_is_said_to_be_not_known_and_found_out_by_the_next_try(
    name: str, action: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    fault, before = NOT_KNOWN[name], stored(sagemaker)
    window = await open_window()
    window.edit()
    fault.arm(line, sandbox)
    window.submit()
    await window.says(fault.words)
    await window.quiet()
    window.is_clean()
    assert window.outcome.status == "unknown"
    assert "It is not known how this ended" in " ".join(window.texts())
    window.keeps_the_edits()
    assert tuple(offered(window.editor.response)) == fault.offers

    lift(line, sandbox)
    window.answer(action)
    await window.quiet()
    window.is_clean()
    assert window.outcome.status == "done"
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
    assert not window.editor.changes
    assert drafts(window.editor.draft.where) == 0
