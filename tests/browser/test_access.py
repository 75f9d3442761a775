"""The page for everybody: axe's judgement, light and dark, and a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_driver import LAB, ProfilePage, overflow

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
IDLE = f"{LAB}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
ALL = "document"
OURS = "{include: [['.pw']]}"


def violations(tab: Page, part: str) -> list[str]:
    """Return what axe calls serious or critical, once everything has come to rest."""
    tab.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE)
    said: dict[str, list[dict[str, Any]]] = tab.evaluate(f"axe.run({part}, {{resultTypes: ['violations']}})")
    assert len(said["passes"]) > 10, "axe saw nothing of the page"
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for each in said["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def walk(page: ProfilePage, part: str) -> dict[str, list[str]]:
    """Go through the states of the page; return what axe finds in each of them."""
    found = {"start": violations(page.tab, part)}
    page.open_profile("research", "analyst-1")
    found["closed"] = violations(page.tab, part)
    page.expand("JupyterLab app")
    expect(page.box(IDLE)).to_be_visible()
    found["open"] = violations(page.tab, part)
    page.type(IDLE, "5")
    expect(page.box(IDLE)).to_have_attribute("aria-invalid", "true")
    expect(page.button("Update analyst-1")).to_have_attribute("aria-disabled", "true")
    found["problem"] = violations(page.tab, part)
    page.type(IDLE, "240")
    page.chooser("User profile").click()
    expect(page.root.get_by_role("option").first).to_be_visible()
    found["list"] = violations(page.tab, part)
    page.tab.keyboard.press("Escape")
    page.submit("Update analyst-1", "Updated")
    found["sent"] = violations(page.tab, part)
    return {state: each for state, each in found.items() if each}


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_serious_in_voila(open_voila: OpenPage, theme: str) -> None:
    page = open_voila(f"?theme={theme}", reduced_motion="reduce")
    assert walk(page, ALL) == {}


@pytest.mark.parametrize(
    "dark", [pytest.param(False, marks=pytest.mark.long, id="light"), pytest.param(True, id="dark")]
)
def test_axe_finds_nothing_serious_of_ours_in_jupyterlab(open_lab: OpenPage, dark: bool) -> None:
    page = open_lab(dark=dark, reduced_motion="reduce")
    assert walk(page, OURS) == {}


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_serious_with_every_section_open(open_voila: OpenPage, theme: str) -> None:
    page = open_voila(f"?theme={theme}", reduced_motion="reduce")
    page.open_profile("research", "ml-lead")
    page.button("Expand all").click()
    expect(page.at("UserSettings.CustomFileSystemConfigs").first).to_be_visible()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    expect(page.box("UserSettings.TensorBoardAppSettings.DefaultResourceSpec.TrainingPlanArn")).to_be_visible()
    assert violations(page.tab, ALL) == []


def test_a_screen_of_360_pixels_is_wide_enough_for_the_main_path(
    open_voila: OpenPage, describe: Callable[[str], dict[str, Any]]
) -> None:
    page = open_voila(viewport={"width": 360, "height": 740})
    page.open_profile("research", "analyst-1")
    wide = {"closed": overflow(page.tab)}
    page.expand("JupyterLab app")
    expect(page.box(IDLE)).to_be_visible()
    wide["open"] = overflow(page.tab)
    page.type(IDLE, "5")
    expect(page.box(IDLE)).to_have_attribute("aria-invalid", "true")
    wide["problem"] = overflow(page.tab)
    page.type(IDLE, "240")
    expect(page.change_row("Idle timeout, minutes")).to_be_visible()
    wide["review"] = overflow(page.tab)
    page.submit("Update analyst-1", "Updated")
    wide["sent"] = overflow(page.tab)
    page.button("Expand all").click()
    expect(page.box("UserSettings.TensorBoardAppSettings.DefaultResourceSpec.TrainingPlanArn")).to_be_visible()
    wide["all open"] = overflow(page.tab)
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
    lab = describe("analyst-1")["UserSettings"]["JupyterLabAppSettings"]
    assert lab["AppLifecycleManagement"]["IdleSettings"]["IdleTimeoutInMinutes"] == 240
