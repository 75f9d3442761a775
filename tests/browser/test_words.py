"""What the page says: of a value that breaks a rule, of a form that nobody touched, of an AWS that refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN
from tests.browser.page_driver import LAB, ProfilePage

pytestmark = [pytest.mark.browser, pytest.mark.long]  # tests/page_faults says each of these without Chromium

Describe = Callable[[str], dict[str, Any]]
OpenPage = Callable[..., ProfilePage]

IDLE = f"{LAB}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
LARGEST = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.MaximumEbsVolumeSizeInGb"
OUTAGE = 60_000
"""Milliseconds until the page gives up asking again."""


def operations(sandbox: Sandbox) -> list[str]:
    return [call.operation for call in sandbox.calls]


def edited(page: ProfilePage) -> ProfilePage:
    """Open analyst-1 and change one number."""
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    return page


def result(page: ProfilePage) -> Locator:
    """Return the part that says how a submit failed."""
    return page.root.get_by_role("alert").filter(has_text="This did not work")


def keeps_the_edit(page: ProfilePage, button: str = "Update analyst-1") -> None:
    expect(page.box(SIZE)).to_have_value("30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    expect(page.button(button).first).to_have_attribute("aria-disabled", "false")


# -- a value that breaks a rule ------------------------------------------------------------------------------------


def test_a_bad_value_is_said_everywhere_it_matters_and_stops_the_button_until_it_is_mended(
    open_voila: OpenPage, describe: Describe, sandbox: Sandbox
) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("JupyterLab app")
    page.type(IDLE, "5")
    box = page.box(IDLE)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(re.compile("60"))
    expect(page.at(IDLE).get_by_role("listitem")).to_contain_text("60")
    header = page.header("JupyterLab app")
    expect(header).to_have_accessible_description(re.compile("1 problem"))

    press = page.button("Update analyst-1")
    expect(press).to_have_attribute("aria-disabled", "true")
    expect(press).to_have_accessible_description("1 problem to mend first")
    page.press_refused("Update analyst-1")
    header.click()
    expect(box).to_be_hidden()
    page.root.get_by_role("button", name=re.compile("^Go to .*Idle timeout, minutes")).click()
    expect(box).to_be_focused()
    expect(header).to_have_attribute("aria-expanded", "true")
    assert "UpdateUserProfile" not in operations(sandbox)

    page.type(IDLE, "240")
    expect(box).to_have_attribute("aria-invalid", "false")
    expect(header).not_to_have_accessible_description(re.compile("problem"))
    page.submit("Update analyst-1", "Updated")
    lab = describe("analyst-1")["UserSettings"]["JupyterLabAppSettings"]
    assert lab["AppLifecycleManagement"]["IdleSettings"]["IdleTimeoutInMinutes"] == 240


def test_what_is_no_number_stays_as_typed_and_is_refused_in_words(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "a lot")
    expect(page.box(SIZE)).to_have_attribute("aria-invalid", "true")
    expect(page.box(SIZE)).to_have_value("a lot")
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "true")


def test_a_refused_submit_takes_the_person_to_the_first_problem(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("JupyterLab app")
    page.type(IDLE, "5")
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "true")
    page.button("Collapse all").click()
    expect(page.box(IDLE)).to_be_hidden()
    page.press_refused("Update analyst-1")
    expect(page.box(IDLE)).to_be_focused()


# -- a form that nobody touched ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["analyst-1", "bare"])
def test_an_untouched_form_has_nothing_to_send(open_voila: OpenPage, sandbox: Sandbox, name: str) -> None:
    page = open_voila()
    page.open_profile("research", name)
    page.button("Expand all").click()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    press = page.button(f"Update {name}")
    expect(press).to_have_attribute("aria-disabled", "true")
    expect(press).to_have_accessible_description(re.compile("Nothing to send"))
    page.press_refused(f"Update {name}")
    assert "UserSettings" not in page.root.locator("pre").first.inner_text()
    expect(page.root.get_by_role("table", name="Changes")).to_have_count(0)
    assert "UpdateUserProfile" not in operations(sandbox)


def test_the_request_of_an_edited_form_names_only_what_was_edited(open_voila: OpenPage) -> None:
    page = edited(open_voila())
    expect(page.request).to_contain_text("SpaceStorageSettings")
    text = page.request.inner_text()
    assert "JupyterLabAppSettings" not in text
    page.act(SIZE, "Default size, GB", "Back to the loaded value")
    expect(page.box(SIZE)).to_have_value("20")
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "true")


# -- an AWS that refuses -------------------------------------------------------------------------------------------


def test_a_profile_that_is_not_there_is_one_sentence_and_the_edits_stay(open_voila: OpenPage) -> None:
    page = edited(open_voila())
    page.chooser("User profile").fill("nobody")
    page.chooser("User profile").press("Enter")
    page.button("Open nobody, give up 1 change").click()
    expect(page.root.get_by_role("alert")).to_contain_text(f"There is no user profile “nobody” in domain {DOMAIN}")
    expect(page.chooser("User profile")).to_have_value("analyst-1")
    keeps_the_edit(page)


def test_a_domain_that_is_not_there_is_one_sentence_and_the_edits_stay(open_voila: OpenPage) -> None:
    page = edited(open_voila())
    page.chooser("Domain").fill("d-000000000000")
    page.chooser("Domain").press("Enter")
    expect(page.root.get_by_text(re.compile("no domain d-000000000000")).first).to_be_visible()
    keeps_the_edit(page)


def test_no_credentials_is_one_sentence(new_tab: Callable[..., Page]) -> None:
    nothing = {"AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
    with PageServer(page_notebook(), environment=sandbox_environment(os.environ, nothing)) as server:
        page = ProfilePage(new_tab())
        page.tab.goto(server.url)
        expect(page.chooser("Domain")).to_be_visible(timeout=OUTAGE)
        page.chooser("Domain").click()
        expect(page.root.get_by_text(re.compile("^No AWS credentials were found")).first).to_be_visible()


def test_a_missing_permission_to_update_is_one_sentence_and_the_edits_stay(
    open_voila: OpenPage, sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    page = edited(open_voila())
    page.submit("Update analyst-1", "This did not work")
    expect(result(page)).to_contain_text("may not use sagemaker:UpdateUserProfile")
    expect(result(page)).to_contain_text("administrator")
    keeps_the_edit(page, "Export for your administrator")


def test_a_dead_endpoint_is_one_sentence_and_trying_again_works_when_it_is_back(
    open_voila: OpenPage, sandbox: Sandbox, describe: Describe
) -> None:
    page = edited(open_voila())
    sandbox.stop()
    page.button("Update analyst-1").click()
    expect(result(page)).to_contain_text("Nothing was sent.", timeout=OUTAGE)
    keeps_the_edit(page)
    sandbox.start()
    page.button("Try again").click()
    expect(page.heading("Updated")).to_be_visible()
    volumes = describe("analyst-1")["UserSettings"]["SpaceStorageSettings"]["DefaultEbsStorageSettings"]
    assert volumes["DefaultEbsVolumeSizeInGb"] == 30


def test_throttling_for_ever_is_one_sentence_and_the_edits_stay(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = edited(open_voila())
    sandbox.throttle()
    page.button("Update analyst-1").click()
    expect(result(page)).to_contain_text("AWS asked to slow down", timeout=OUTAGE)
    keeps_the_edit(page)


def test_a_failed_update_shows_the_reason_of_aws(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = edited(open_voila())
    sandbox.fail_next("UpdateUserProfile", reason="The volume quota of this domain is used up.")
    page.submit("Update analyst-1", "This did not work")
    expect(result(page)).to_contain_text("Update_Failed: The volume quota of this domain is used up.")


def test_a_change_of_somebody_else_meanwhile_is_not_overwritten(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = edited(open_voila())
    sandbox.put_raw(DOMAIN, "analyst-1", {"StudioWebPortal": "DISABLED"})
    page.submit("Update analyst-1", "Changed by somebody else meanwhile")
    assert "UpdateUserProfile" not in operations(sandbox)
    expect(page.button("Take theirs, give up my edits")).to_be_visible()


def test_a_double_click_sends_one_request(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = edited(open_voila())
    page.button("Update analyst-1").dblclick()
    expect(page.heading("Updated")).to_be_visible()
    assert operations(sandbox).count("UpdateUserProfile") == 1


def test_a_stored_value_that_the_installed_model_does_not_know_is_shown_and_kept(
    open_voila: OpenPage, sandbox: Sandbox, describe: Describe
) -> None:
    sandbox.put_raw(DOMAIN, "bare", {"SharingSettings": {"NotebookOutputOption": "Sometimes"}})
    page = open_voila()
    page.open_profile("research", "bare")
    page.expand("Notebook sharing")
    option = "UserSettings.SharingSettings.NotebookOutputOption"
    expect(page.box(option).locator("option:checked")).to_have_text("Sometimes (not in this list)")
    page.expand("Space storage")
    page.type(SIZE, "30")
    page.type(LARGEST, "60")
    page.submit("Update bare", "Updated")
    assert describe("bare")["UserSettings"]["SharingSettings"] == {"NotebookOutputOption": "Sometimes"}
