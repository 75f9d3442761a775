"""Moving about on the real page: search, filters, undo and redo by keys, ways out of one press, what is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import ProfilePage, overflow

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
ROLE = "UserSettings.ExecutionRole"
SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
SERVER = "UserSettings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType"


def look_for(page: ProfilePage, words: str) -> None:
    page.root.get_by_role("searchbox", name="Search settings").fill(words)


def test_a_search_opens_what_it_finds_hides_the_rest_and_changes_nothing(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    look_for(page, "volume size default")
    expect(page.box(SIZE)).to_be_visible()
    expect(page.header("Canvas app")).to_be_hidden()
    expect(page.root.get_by_text("settings match").or_(page.root.get_by_text("setting matches")).first).to_be_visible()
    look_for(page, "no such words anywhere")
    expect(page.root.get_by_text("Nothing matches")).to_be_visible()
    look_for(page, "")
    expect(page.header("Canvas app")).to_be_visible()
    expect(page.header("Space storage")).to_have_attribute("aria-expanded", "false")
    expect(page.heading("Review: no changes to analyst-1")).to_be_visible()


def test_filters_show_what_is_changed_and_what_is_wrong(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    page.root.get_by_role("button", name="Changed 1", exact=True).click()
    expect(page.header("Canvas app")).to_be_hidden()
    expect(page.box(SIZE)).to_be_visible()
    page.root.get_by_role("button", name="All 90", exact=False).first.click()
    expect(page.header("Canvas app")).to_be_visible()


@pytest.mark.parametrize("where", ["voila", pytest.param("lab", marks=pytest.mark.long)])
def test_an_edit_is_taken_back_and_done_again_by_keys(
    open_voila: OpenPage, request: pytest.FixtureRequest, where: str
) -> None:
    page = open_voila() if where == "voila" else request.getfixturevalue("open_lab")()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    before = page.box(SIZE).input_value()
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    page.header("Space storage").focus()
    page.tab.keyboard.press("Control+z")
    expect(page.box(SIZE)).to_have_value(before)
    expect(page.heading("Review: no changes to analyst-1")).to_be_visible()
    page.tab.keyboard.press("Control+Shift+z")
    expect(page.box(SIZE)).to_have_value("30")
    page.button("Undo").click()
    expect(page.box(SIZE)).to_have_value(before)


def test_unfinished_typing_keeps_the_undo_of_the_browser(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    page.box(SIZE).focus()
    page.tab.keyboard.type("7")
    page.tab.keyboard.press("Control+z")
    expect(page.change_row("Default size, GB")).to_contain_text("30")


def test_a_rule_is_told_at_its_field_and_one_press_mends_it(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    look_for(page, "JupyterServerAppSettings instance type")
    page.search(SERVER, "ml.t3.large", "ml.t3.large")
    expect(page.at(SERVER).get_by_text("run on “system” only").first).to_be_visible()
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "true")
    page.at(SERVER).get_by_role("button", name="Set InstanceType to system").first.click()
    expect(page.box(SERVER)).to_have_value("system")
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "false")


def test_the_settings_in_force_are_one_table_with_where_each_comes_from(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.button("Effective settings").click()
    table = page.root.get_by_role("table", name="Settings in force")
    expect(table.get_by_role("row").filter(has_text="Execution role").first).to_contain_text("set here")
    expect(table.get_by_role("row").filter(has_text="Landing page").first).to_contain_text("from the domain")
    page.button("Close the effective settings").click()
    expect(table).to_be_hidden()


def test_all_of_it_fits_a_narrow_page(open_voila: OpenPage, sandbox: Sandbox, aws: Any) -> None:
    page = open_voila(viewport={"width": 360, "height": 800})
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    page.button("Effective settings").click()
    expect(page.root.get_by_role("table", name="Settings in force")).to_be_visible()
    assert overflow(page.tab) <= 0
    aws(
        "update-user-profile", "--domain-id", "d-9xk2m4tq7abc", "--user-profile-name", "analyst-1",
        "--user-settings", '{"StudioWebPortal": "DISABLED"}',
    )  # fmt: skip
    sandbox.delay = 0.0
    page.submit("Update analyst-1", "Changed by somebody else meanwhile")
    assert overflow(page.tab) <= 0
