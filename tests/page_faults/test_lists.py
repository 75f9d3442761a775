"""Lists that are refused, broken, endless or very long: a note says so, and typing still works."""

from __future__ import annotations

import json

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift
from tests.page_faults.faults import DONE, GARBAGE, Fault, dead, denied, on
from tests.page_faults.line import (
    HTML,
    Line,
    Passage,
    answered,
    halved,
    instead,
    lost_after,
    refused,
    reset_inside,
)
from tests.page_faults.window import DOMAIN, NAME
from tests.widgets.conftest import browser_sends

DOMAINS, PROFILES = "ListDomains", "ListUserProfiles"


def faults(operation: str) -> dict[str, Fault]:
    """Return what can be wrong with a list."""
    return {
        "denied": Fault(denied(operation), f"may not use sagemaker:{operation}"),
        "throttled for ever": Fault(on(operation, refused("ThrottlingException")), "Wait a minute and try again"),
        "429": Fault(on(operation, answered(429, b"Slow", "text/plain")), "Wait a minute and try again"),
        "502": Fault(on(operation, answered(502, HTML, "text/html")), "failure on its side (502). Wait a minute"),
        "nobody there": Fault(dead, "could not be reached"),
        "lost": Fault(on(operation, lost_after), "broke before the answer was whole. Try again"),
        "broken off": Fault(on(operation, reset_inside), "broke before the answer was whole. Try|could not be read"),
        "half of it": Fault(on(operation, halved), "Try again"),
        "empty": Fault(on(operation, instead(200, b"")), "was empty"),
        "garbage": Fault(on(operation, instead(200, GARBAGE)), "could not be read"),
        "an expired token": Fault(on(operation, refused("ExpiredTokenException")), "Log in again"),
    }


CASES = {
    f"{operation}: {name}": (operation, fault)
    for operation in (DOMAINS, PROFILES)
    for name, fault in faults(operation).items()
}


@pytest.mark.parametrize("case", CASES)
async def test_a_list_that_does_not_come_is_a_note_and_typing_works(
    case: str, line: Line, sandbox: Sandbox, open_window: Open
) -> None:
    operation, fault = CASES[case]
    fault.arm(line, sandbox)
    window = await open_window("" if operation == DOMAINS else DOMAIN, "")
    await window.says(fault.words)
    await window.says("A domain id may be typed." if operation == DOMAINS else "A profile's name may be typed.")
    assert not window.notice
    if case.endswith("nobody there"):
        lift(line, sandbox)
    if operation == DOMAINS:
        window.choose_domain(DOMAIN)
        await window.quiet()
    window.choose(NAME)
    await window.quiet()
    assert window.editor.is_open
    assert not window.notice
    lift(line, sandbox)
    window.look_into(operation)
    await window.quiet()
    chooser = window.editor.finder.domain if operation == DOMAINS else window.editor.finder.profile
    assert len(chooser.rows) > 1
    assert not chooser.note


async def test_apps_that_may_not_be_listed_stop_nothing(line: Line, sandbox: Sandbox, open_window: Open) -> None:
    sandbox.deny("sagemaker:List*")
    window = await open_window()
    assert "ListApps" in line.calls
    assert not window.notice
    window.edit()
    window.submit()
    await window.says(DONE)


@pytest.mark.parametrize("operation", [DOMAINS, PROFILES])
async def test_pages_that_go_round_in_circles_end_with_a_note(
    operation: str, line: Line, sandbox: Sandbox, open_window: Open
) -> None:
    pages: list[bytes] = []

    def go_round(passage: Passage) -> None:
        page = json.loads(pages[0]) if pages else json.loads(passage.deliver()[2])
        pages.append(json.dumps(page | {"NextToken": "AB"[len(pages) % 2]}).encode())
        answered(200, pages[-1])(passage)

    line.rules[operation] = go_round
    window = await open_window("" if operation == DOMAINS else DOMAIN, "")
    await window.says("are shown; type to search for others")
    chooser = window.editor.finder.domain if operation == DOMAINS else window.editor.finder.profile
    browser_sends(chooser, do="more")
    await window.says("AWS's pages went round in circles")
    await window.quiet()
    assert not chooser.more
    assert line.calls.count(operation) < 5
    lift(line, sandbox)
    window.look_into(operation)
    await window.quiet()
    assert not chooser.note


async def test_of_ten_thousand_profiles_some_are_shown_and_every_one_is_found(
    sandbox: Sandbox, open_window: Open
) -> None:
    sandbox.populate(10_000, domain_id=DOMAIN)
    window = await open_window(DOMAIN, "")
    await window.says("are shown; type to search for others")
    assert len(window.editor.finder.profile.rows) == 100
    window.look_into(PROFILES, "user-09876")
    await window.quiet()
    assert [row[0] for row in window.editor.finder.profile.rows] == ["user-09876"]
    window.choose("user-09876")
    await window.quiet()
    assert window.editor.is_open
    window.editor.settings.put("StudioWebPortal", "DISABLED")
    window.submit()
    await window.says(DONE)
