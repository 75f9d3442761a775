"""Choosing an instance type on the real page: the picture, the table, prices, keys, and what AWS gets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LAB, LONG, ProfilePage, overflow
from tests.browser.test_access import violations

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
Describe = Callable[[str], dict[str, Any]]

TYPE = f"{LAB}.DefaultResourceSpec.InstanceType"
PORTAL = "UserSettings.StudioWebPortalSettings.HiddenInstanceTypes"


def opened(page: ProfilePage) -> Locator:
    """Open a profile and the panel under JupyterLab's instance type."""
    page.open_profile("research", "analyst-1")
    page.expand("JupyterLab app")
    button(page).click()
    panel = page.at(TYPE).get_by_role("group", name="Compare instance types")
    expect(panel).to_be_visible(timeout=LONG)
    return panel


def button(page: ProfilePage) -> Locator:
    return page.at(TYPE).get_by_role("button", name="Compare instance types for Instance type")


def row(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("row").filter(has=panel.page.get_by_role("button", name=name, exact=True))


def test_a_type_is_found_by_what_it_has_chosen_and_sent(open_voila: OpenPage, describe: Describe) -> None:
    page = open_voila()
    panel = opened(page)
    panel.get_by_label("GPU", exact=True).select_option(label="With a GPU")
    panel.get_by_label("Search", exact=True).fill("t4 16 gib")
    panel.get_by_role("columnheader", name="Memory, GiB", exact=True).get_by_role("button").click()
    panel.get_by_role("button", name="ml.g4dn.xlarge", exact=True).click()
    expect(page.box(TYPE)).to_have_value("ml.g4dn.xlarge")
    expect(row(panel, "ml.g4dn.xlarge")).to_contain_text("chosen")
    expect(page.change_row("Instance type")).to_contain_text("ml.g4dn.xlarge")
    page.submit("Update analyst-1", "Updated")
    spec = describe("analyst-1")["UserSettings"]["JupyterLabAppSettings"]["DefaultResourceSpec"]
    assert spec["InstanceType"] == "ml.g4dn.xlarge"


def test_a_type_is_chosen_in_the_picture_with_the_keyboard_alone(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("JupyterLab app")
    button(page).focus()
    page.tab.keyboard.press("Enter")
    panel = page.at(TYPE).get_by_role("group", name="Compare instance types")
    picture = panel.get_by_role("listbox", name="Instance types by vCPU and memory")
    expect(picture).to_be_visible(timeout=LONG)
    for _ in range(20):
        page.tab.keyboard.press("Tab")
        if picture.evaluate("node => node === document.activeElement"):
            break
    expect(picture).to_be_focused()
    page.tab.keyboard.press("End")
    active = panel.locator(f'[id="{picture.get_attribute("aria-activedescendant")}"]')
    name = str(active.get_attribute("aria-label")).split(",")[0]
    page.tab.keyboard.press("Enter")
    expect(page.box(TYPE)).to_have_value(name)
    page.tab.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(button(page)).to_be_focused()
    expect(button(page)).to_have_attribute("aria-expanded", "false")


def test_a_click_in_the_picture_chooses_and_undo_takes_it_back(open_voila: OpenPage) -> None:
    page = open_voila()
    panel = opened(page)
    before = page.box(TYPE).input_value()
    panel.get_by_role("option", name="ml.t3.micro,").click(force=True)
    expect(page.box(TYPE)).to_have_value("ml.t3.micro")
    page.button("Undo").click()
    expect(page.box(TYPE)).to_have_value(before)
    picture = panel.get_by_role("listbox", name="Instance types by vCPU and memory")
    expect(picture.get_by_role("option", selected=True)).to_have_accessible_name(re.compile(rf"^{re.escape(before)},"))


def test_prices_come_when_they_are_asked_for_and_from_nowhere_before(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = open_voila()
    panel = opened(page)
    assert not [call for call in sandbox.calls if call.service == "pricing"]
    panel.get_by_role("button", name="Show prices").click()
    heading = panel.get_by_role("columnheader", name="USD an hour")
    expect(heading).to_be_visible(timeout=LONG)
    expect(panel.get_by_text("The sandbox's prices are made up.")).to_be_visible()
    expect(row(panel, "ml.t3.medium")).to_contain_text("$0.056")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")


@pytest.mark.long
def test_prices_that_are_refused_leave_a_sentence_and_the_form(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = open_voila()
    panel = opened(page)
    sandbox.deny("pricing:GetProducts")
    panel.get_by_role("button", name="Show prices").click()
    page.says("Prices could not be read.")
    expect(panel.get_by_role("button", name="Ask for prices again")).to_be_visible()
    panel.get_by_role("button", name="ml.t3.micro", exact=True).click()
    expect(page.box(TYPE)).to_have_value("ml.t3.micro")


def test_a_type_that_is_hidden_now_is_marked_at_once_and_may_be_chosen(open_voila: OpenPage) -> None:
    page = open_voila()
    panel = opened(page)
    page.expand("Studio interface")
    page.type(PORTAL, "ml.t3.micro")
    expect(page.entries(PORTAL)).to_have_count(1)
    expect(row(panel, "ml.t3.micro")).to_contain_text("hidden in Studio")
    page.box(TYPE).fill("t3.micro")
    expect(page.at(TYPE).get_by_role("option", name="hidden in Studio").first).to_be_visible()
    page.box(TYPE).press("Escape")
    panel.get_by_role("button", name="ml.t3.micro", exact=True).click()
    expect(page.box(TYPE)).to_have_value("ml.t3.micro")


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_serious_in_an_open_panel(open_voila: OpenPage, theme: str) -> None:
    page = open_voila(f"?theme={theme}", reduced_motion="reduce")
    panel = opened(page)
    panel.get_by_role("button", name="Show prices").click()
    expect(panel.get_by_role("columnheader", name="USD an hour")).to_be_visible(timeout=LONG)
    panel.get_by_role("listbox").focus()
    assert violations(page.tab, "document") == []


@pytest.mark.long
def test_a_screen_of_360_pixels_is_wide_enough_for_the_panel(open_voila: OpenPage) -> None:
    page = open_voila(viewport={"width": 360, "height": 740})
    panel = opened(page)
    assert overflow(page.tab) <= 0
    panel.get_by_role("button", name="ml.t3.micro", exact=True).click()
    expect(page.box(TYPE)).to_have_value("ml.t3.micro")
    assert overflow(page.tab) <= 0


@pytest.mark.long
def test_the_panel_works_in_jupyterlab_and_is_clean_there(open_lab: OpenPage) -> None:
    page = open_lab(dark=True, reduced_motion="reduce")
    panel = opened(page)
    panel.get_by_role("listbox").focus()
    assert violations(page.tab, "{include: [['.pw-instances']]}") == []
    page.tab.keyboard.press("Home")
    page.tab.keyboard.press("Enter")
    expect(page.box(TYPE)).to_have_value("ml.t3.micro")
