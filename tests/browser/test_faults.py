"""What goes wrong while a person works: the page says it, nothing typed is lost, and the next try works."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN, Witness
from tests.browser.page_driver import LONG, TOLD, ProfilePage
from tests.page_faults.line import ANY, HTML, Line, Passage, answered, hung, lost_after, refused

pytestmark = pytest.mark.browser

Describe = Callable[[str], dict[str, Any]]
OpenPage = Callable[..., ProfilePage]

NAME, READ, WRITE = "analyst-1", "DescribeUserProfile", "UpdateUserProfile"
SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
SCRIPT = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
THEIRS = "arn:aws:iam::123456789012:role/service-role/Theirs"
UPDATE, AGAIN = f"Update {NAME}", "Try again"


@pytest.fixture(scope="module")
def module_line(running_sandbox: Sandbox) -> Iterator[Line]:
    line = Line(running_sandbox)
    yield line
    line.close()


@pytest.fixture
def line(module_line: Line, sandbox: Sandbox) -> Line:
    """Return the line between the page's kernels and the sandbox, on which faults happen."""
    module_line.calm()
    module_line.calls.clear()
    module_line.applied.clear()
    sandbox.delay = 0.0
    return module_line


@pytest.fixture(scope="module")
def voila(running_sandbox: Sandbox, module_line: Line) -> Iterator[PageServer]:
    """Run Voila with kernels that ask through the line."""
    settings = {**running_sandbox.environment, "AWS_ENDPOINT_URL": module_line.url}
    with PageServer(page_notebook(), environment=sandbox_environment(os.environ, settings)) as server:
        yield server


@pytest.fixture
def page(line: Line, open_voila: OpenPage, witness: Witness) -> ProfilePage:
    """Return the page with a profile open and one edit made."""
    witness.expected.add("Kernel connection disconnected")  # Jupyter's, to whatever waits for a kernel that is killed
    page = open_voila()
    page.open_profile("research", NAME)
    edit(page)
    assert not line.writes
    return page


def edit(page: ProfilePage) -> None:
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")


def keeps_the_edit(page: ProfilePage) -> None:
    expect(page.box(SIZE)).to_have_value("30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")


def holds_it_once(describe: Describe, line: Line) -> None:
    """Assert that the profile holds the edit, and was written once."""
    found = describe(NAME)["UserSettings"]["SpaceStorageSettings"]["DefaultEbsStorageSettings"]
    assert found["DefaultEbsVolumeSizeInGb"] == 30
    assert line.writes == 1


def nothing_ran(page: ProfilePage) -> None:
    assert page.tab.evaluate("window.ran === undefined")
    assert page.root.locator(".pw :is(img, script, iframe)").count() == 0


# -- a request that does not get through ---------------------------------------------------------------------------

FAULTS: dict[str, tuple[Callable[[Line], Any], str]] = {
    "throttled for ever": (
        lambda line: line.rules.update({WRITE: refused("ThrottlingException")}),
        "AWS asked to slow down and did not answer UpdateUserProfile. Wait a minute and try again.",
    ),
    "nobody there": (Line.close, "Nothing was sent. 127.0.0.1 could not be reached."),
    "an expired token": (
        lambda line: line.rules.update({ANY: refused("ExpiredTokenException")}),
        "Your AWS login has expired or is missing. Log in again",
    ),
    "a page of a gateway": (
        lambda line: line.rules.update({READ: answered(502, HTML, "text/html")}),
        "Nothing was sent. AWS could not carry out DescribeUserProfile because of a failure on its side (502).",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_and_the_next_try_works(name: str, page: ProfilePage, line: Line, describe: Describe) -> None:
    arm, words = FAULTS[name]
    arm(line)
    page.submit(UPDATE, "This did not work")
    page.says(words)
    keeps_the_edit(page)
    nothing_ran(page)
    line.calm()
    page.press(AGAIN, "Updated")
    holds_it_once(describe, line)


def test_a_profile_that_cannot_be_read_is_said_and_can_be_chosen_again(
    line: Line, open_voila: OpenPage, sandbox: Sandbox
) -> None:
    page = open_voila()
    page.choose("Domain", "research")
    sandbox.throttle(None, READ)
    page.choose("User profile", NAME)
    page.says("AWS asked to slow down and did not answer DescribeUserProfile. Wait a minute and try again.")
    sandbox.throttle(0, READ)
    page.choose("User profile", NAME)
    expect(page.button(UPDATE)).to_be_visible(timeout=LONG)
    expect(page.root.get_by_text("slow down")).to_be_hidden()
    assert line.calls.count(READ) >= 6


def test_a_lost_answer_is_found_out(page: ProfilePage, line: Line, describe: Describe) -> None:
    line.rules[WRITE] = lost_after
    page.submit(UPDATE, "Updated")
    page.says("No clear answer came; reading what the profile holds")
    page.says("reading it back shows exactly what was asked for")
    holds_it_once(describe, line)
    assert line.calls.count(WRITE) == 1


def test_who_may_not_update_exports_exactly_the_request(
    page: ProfilePage, line: Line, sandbox: Sandbox, describe: Describe
) -> None:
    sandbox.deny(f"sagemaker:{WRITE}")
    page.submit(UPDATE, "This did not work")
    page.says(f"may not use sagemaker:{WRITE}")
    export = page.button("Export for your administrator").first
    expect(export).to_have_attribute("aria-disabled", "false")
    with page.tab.expect_download() as waiting:
        export.click()
    assert waiting.value.suggested_filename == "update-analyst-1.json"
    assert Path(waiting.value.path()).read_text() == page.request.inner_text()
    keeps_the_edit(page)
    sandbox.allow()
    page.press(AGAIN, "Updated")
    holds_it_once(describe, line)


def test_a_failure_with_markup_shows_it_as_text(
    page: ProfilePage, line: Line, sandbox: Sandbox, describe: Describe
) -> None:
    sandbox.fail_next(WRITE, reason=SCRIPT)
    page.submit(UPDATE, "This did not work")
    page.says(f"AWS ended this as Update_Failed: {SCRIPT}")
    nothing_ran(page)
    keeps_the_edit(page)
    line.applied.clear()
    page.press(AGAIN, "Updated")
    holds_it_once(describe, line)


# -- more hands than one -------------------------------------------------------------------------------------------


def test_somebody_elses_change_is_said_and_merged(
    page: ProfilePage, line: Line, aws: Callable[..., Any], describe: Describe
) -> None:
    who = ("--domain-id", DOMAIN, "--user-profile-name", NAME)
    aws("update-user-profile", *who, "--user-settings", f"ExecutionRole={THEIRS}")
    page.submit(UPDATE, "Changed by somebody else meanwhile")
    page.says("Nothing was sent: analyst-1 was changed meanwhile (Execution")
    expect(page.root.get_by_role("table", name="What both sides changed")).to_contain_text(THEIRS)
    page.button("Merge: keep both").click()
    page.says("no field was changed by both")
    keeps_the_edit(page)
    page.submit(UPDATE, "Updated")
    holds_it_once(describe, line)
    assert describe(NAME)["UserSettings"]["ExecutionRole"] == THEIRS


def test_a_double_click_sends_one_call(page: ProfilePage, line: Line, describe: Describe) -> None:
    press = page.button(UPDATE)
    expect(press).to_have_attribute("aria-disabled", "false")
    press.dblclick()
    expect(page.heading("Updated")).to_be_visible(timeout=LONG)
    holds_it_once(describe, line)
    assert line.calls.count(WRITE) == 1


# -- a kernel that dies --------------------------------------------------------------------------------------------


def kill_the_kernel(page: ProfilePage, voila: PageServer) -> None:
    """Kill the kernel behind a page, as a machine does that runs out of memory."""
    assert voila.pid is not None
    children = psutil.Process(voila.pid).children(recursive=True)
    (kernel,) = [each for each in children if any(page.kernel in part for part in each.cmdline())]
    os.kill(kernel.pid, signal.SIGKILL)


def goes_on_after_the_kernel_died(page: ProfilePage) -> None:
    """Do what the page says: load it again, and open the profile."""
    page.says("The kernel behind this page has stopped, so nothing on it works any more. Load the page again to go on.")
    page.button("Load the page again").click()
    expect(page.chooser("Domain")).to_have_value("", timeout=LONG)
    page.open_profile("research", NAME)


def test_a_kernel_that_dies_while_editing_is_said_and_the_edits_are_offered_again(
    page: ProfilePage, line: Line, voila: PageServer, describe: Describe
) -> None:
    kill_the_kernel(page, voila)
    goes_on_after_the_kernel_died(page)
    page.says("was edited just now and never sent")
    expect(page.change_row("Default size, GB")).to_have_count(0)
    page.button("Restore these edits").click()
    keeps_the_edit_after(page)
    page.submit(UPDATE, "Updated")
    holds_it_once(describe, line)


def keeps_the_edit_after(page: ProfilePage) -> None:
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    page.expand("Space storage")
    keeps_the_edit(page)


def test_a_kernel_that_dies_while_aws_works_is_said_and_the_next_page_says_how_it_ended(
    page: ProfilePage, line: Line, voila: PageServer, sandbox: Sandbox, describe: Describe
) -> None:
    sandbox.delay = 6.0
    page.button(UPDATE).click()
    page.says("AWS says Updating")
    kill_the_kernel(page, voila)
    goes_on_after_the_kernel_died(page)
    expect(page.heading("Updated")).to_be_visible(timeout=TOLD)
    page.says("reading it back shows exactly what was asked for")
    expect(page.button("Restore these edits")).to_have_count(0)
    holds_it_once(describe, line)
    assert line.calls.count(WRITE) == 1
    expect(page.root.get_by_text("Nothing to send: no setting was changed")).to_be_visible()


def cut_off(passage: Passage) -> None:
    """Lose the request on its way, and let no look at the profile be answered from then on."""
    passage.line.rules[READ] = hung
    passage.reset()


def test_a_kernel_that_dies_before_the_request_left_sends_it_once(
    page: ProfilePage, line: Line, voila: PageServer, describe: Describe
) -> None:
    line.rules[WRITE] = cut_off
    page.button(UPDATE).click()
    page.says("No clear answer came; reading what the profile holds")
    kill_the_kernel(page, voila)
    line.calm()
    goes_on_after_the_kernel_died(page)
    expect(page.heading("Updated")).to_be_visible(timeout=TOLD)
    holds_it_once(describe, line)
