"""A profile is opened while something is wrong: the page says what, keeps the draft, and opens it at the next try."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift, stored, with_edits
from tests.page_faults.faults import DONE, GARBAGE, READ, Arm, dead, denied, on, throttled
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
from tests.page_faults.window import NAME, Window, drafts, offered

DOMAIN_READ = "DescribeDomain"
SKEW = "Signature not yet current: 20250101T000000Z is still later than 20241231T235500Z"
NO_PROFILE = "UserProfile arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-9xk2m4tq7abc/analyst-1 does not exist"


STOPPING: dict[str, tuple[Arm, str]] = {
    "throttled for ever": (throttled(), "Wait a minute and try again"),
    "429": (on(READ, answered(429, b"Too many requests", "text/plain")), "Wait a minute and try again"),
    "502 with a page": (on(READ, answered(502, HTML, "text/html")), "failure on its side (502). Wait a minute"),
    "503": (on(READ, refused("ServiceUnavailable", "Busy.", 503)), "failure on its side (ServiceUnavailable)"),
    "refused connections": (dead, "could not be reached"),
    "reset before the answer": (on(READ, lost), "broke before the answer was whole. Try again"),
    "lost answers": (on(READ, lost_after), "broke before the answer was whole. Try again"),
    "reset inside the body": (on(READ, reset_inside), "broke before the answer was whole. Try|could not be read"),
    "truncated": (on(READ, truncated), "so its outcome is not known. Try again"),
    "half of it": (on(READ, halved), "so its outcome is not known. Try again"),
    "empty": (on(READ, instead(200, b"")), "was empty, so its outcome is not known. Try again"),
    "an empty document": (on(READ, instead(200, b"{}")), "lacked DomainId"),
    "garbage": (on(READ, instead(200, GARBAGE)), "so its outcome is not known. Try again"),
    "a page for an answer": (on(READ, instead(200, HTML, "text/html")), "so its outcome is not known. Try again"),
    "an expired token": (on(ANY, refused("ExpiredTokenException", "The token is expired")), "Log in again"),
    "a clock that is wrong": (on(ANY, refused("InvalidSignatureException", SKEW)), "Set the clock, and try again"),
    "access denied": (denied(READ), "Ask your administrator"),
    "a profile that is gone": (on(READ, refused("ResourceNotFound", NO_PROFILE)), "There is no user profile"),
    "a domain that is gone": (on(ANY, refused("ResourceNotFound", "Domain does not exist")), "There is no domain"),
}
"""What keeps a profile from being opened, and words of what must be said."""


@pytest.mark.parametrize("fault", STOPPING)
async def test_a_fault_that_stops_is_said_and_the_next_try_opens_with_the_draft_offered(
    fault: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    arm, words = STOPPING[fault]
    before = stored(sagemaker)
    first = await open_window()
    first.edit()
    where = first.editor.draft.where
    first.close()

    arm(line, sandbox)
    window = await open_window()
    await window.says(words)
    assert window.editor.review not in window.editor.children
    assert not window.editor.form.busy
    assert drafts(where) == 1

    lift(line, sandbox)
    window.choose(NAME)
    await window.quiet()
    assert not window.notice
    await sends_the_offered_edits(window)
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
    assert drafts(where) == 0


async def sends_the_offered_edits(window: Window) -> None:
    """Take up the edits that the page offers, and send them."""
    assert offered(window.editor.question) == ["restore", "forget", "later"]
    assert not window.editor.changes
    window.answer("restore")
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    await window.quiet()


@pytest.mark.parametrize("fault", STOPPING)
async def test_what_is_open_and_edited_stays_when_another_one_cannot_be_opened(
    fault: str, line: Line, sandbox: Sandbox, open_window: Open
) -> None:
    arm, words = STOPPING[fault]
    window = await open_window()
    window.edit()
    arm(line, sandbox)
    await window.editor.load(window.editor.draft.domain_id, "bare")
    await window.says(words.replace(NAME, "bare"))
    window.keeps_the_edits()
    assert window.editor.draft.name == NAME
    assert window.editor.finder.profile.value == NAME
    lift(line, sandbox)
    window.submit()
    await window.says(DONE)


PASSING: dict[str, Arm] = {
    "throttled twice": throttled(times=2),
    "one 502": on(READ, times(1, answered(502, HTML, "text/html"))),
    "one lost answer": on(READ, times(1, lost_after)),
    "one broken body": on(READ, times(1, reset_inside)),
    "one half answer": on(READ, times(1, halved)),
    "one empty answer": on(READ, times(1, instead(200, b""))),
    "one answer of garbage": on(READ, times(1, instead(200, GARBAGE))),
}


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_is_waited_out(fault: str, line: Line, sandbox: Sandbox, open_window: Open) -> None:
    PASSING[fault](line, sandbox)
    window = await open_window(attempts=5)
    await window.says("InService")
    assert not window.notice
    assert window.editor.review in window.editor.children


BESIDE: dict[str, tuple[Arm, str]] = {
    "the domain may not be read": (denied(DOMAIN_READ), "is not shown"),
    "the domain is throttled": (throttled(DOMAIN_READ), "Wait a minute"),
    "the domain's answer is a page": (on(DOMAIN_READ, answered(502, HTML, "text/html")), "failure on its side (502)"),
    "the domain's answer is lost": (on(DOMAIN_READ, lost_after), "broke before the answer was whole"),
    "the domain is gone": (on(DOMAIN_READ, refused("ResourceNotFound")), "There is no domain"),
}
"""What leaves a profile open, but without what it inherits."""


@pytest.mark.parametrize("fault", BESIDE)
async def test_a_domain_that_cannot_be_read_is_said_and_the_profile_can_be_edited_and_sent(
    fault: str, line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    arm, words = BESIDE[fault]
    before = stored(sagemaker)
    arm(line, sandbox)
    window = await open_window()
    await window.says(words)
    assert window.notice.startswith("What this profile inherits is not shown.")
    window.edit()
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before)
    await window.quiet()
    lift(line, sandbox)
    window.choose(NAME)
    await window.quiet()
    assert not window.notice
    assert window.editor.draft.defaults


@pytest.mark.parametrize("operation", ["GetCallerIdentity", "ListApps"])
@pytest.mark.parametrize("rule", [lost, answered(502, HTML, "text/html"), refused("AccessDeniedException")])
async def test_what_is_only_good_to_know_is_left_out_in_silence(
    operation: str, rule: Any, line: Line, open_window: Open
) -> None:
    line.rules[operation] = rule
    window = await open_window()
    await window.says("InService")
    assert operation in line.calls
    assert not window.notice
    window.edit()
    window.submit()
    await window.says(DONE)
