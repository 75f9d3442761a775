"""The whole way without a mouse, in Voila; and keys that JupyterLab would like to have for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.page_driver import ProfilePage

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]

VOLUMES = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings"
LOOK = """() => {
  const look = () => {
    const seen = [];
    for (let node = document.activeElement, up = 0; node && up < 4; node = node.parentElement, up += 1) {
      const style = getComputedStyle(node);
      seen.push(style.outline, style.boxShadow, style.borderColor, style.backgroundColor);
    }
    return seen;
  };
  const node = document.activeElement, focused = look(), plain = [];
  node.blur();
  for (let up = 0, at = node; at && up < 4; at = at.parentElement, up += 1) {
    const style = getComputedStyle(at);
    plain.push(style.outline, style.boxShadow, style.borderColor, style.backgroundColor);
  }
  node.focus({ preventScroll: true });
  return JSON.stringify(focused) !== JSON.stringify(plain);
}"""
"""Whether the focused element, or what is drawn around it, looks otherwise than without the focus."""


def focused(tab: Page) -> str:
    return str(tab.evaluate("document.activeElement.ariaLabel || document.activeElement.outerHTML.slice(0, 200)"))


def walk_to(tab: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus, which must be seen at every stop."""
    passed: list[str] = []
    for _ in range(80):
        tab.keyboard.press(key)
        passed.append(focused(tab))
        assert tab.evaluate(LOOK), f"the focus is not seen on {passed[-1]}"
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"not reached: {passed}")


def take(page: ProfilePage, label: str, typed: str) -> None:
    """Open a chooser with the keyboard, type, and take the row that is offered."""
    box, keyboard = page.chooser(label), page.tab.keyboard
    walk_to(page.tab, box)
    keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    keyboard.type(typed)
    option = page.root.get_by_role("option").filter(has_text=typed)
    expect(option).to_be_visible()
    for _ in range(10):
        if option.get_attribute("id") == box.get_attribute("aria-activedescendant"):
            break
        keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(box).to_have_value(typed)


def retype(page: ProfilePage, path: str, text: str) -> None:
    box, keyboard = page.box(path), page.tab.keyboard
    walk_to(page.tab, box)
    keyboard.press("Control+A")
    keyboard.type(text)
    keyboard.press("Enter")
    expect(box).to_have_value(text)


def test_the_keyboard_alone_chooses_edits_and_submits(
    open_voila: OpenPage, describe: Callable[[str], dict[str, Any]]
) -> None:
    page = open_voila(reduced_motion="reduce")
    tab, keyboard = page.tab, page.tab.keyboard
    take(page, "Domain", "research")
    take(page, "User profile", "analyst-1")
    expect(page.button("Update analyst-1")).to_be_visible()
    header = page.header("Space storage")
    walk_to(tab, header)
    keyboard.press("Enter")
    expect(header).to_have_attribute("aria-expanded", "true")
    expect(page.box(f"{VOLUMES}.MaximumEbsVolumeSizeInGb")).to_be_visible()
    retype(page, f"{VOLUMES}.DefaultEbsVolumeSizeInGb", "30")
    menu = page.at(f"{VOLUMES}.DefaultEbsVolumeSizeInGb").get_by_role("button", name="Actions for Default size, GB")
    walk_to(tab, menu)
    keyboard.press("Enter")
    back = page.root.get_by_role("menuitem", name="Back to the loaded value")
    expect(back).to_be_focused()
    keyboard.press("Escape")
    expect(menu).to_be_focused()
    keyboard.press("ArrowDown")
    expect(back).to_be_focused()
    keyboard.press("Enter")
    expect(page.box(f"{VOLUMES}.DefaultEbsVolumeSizeInGb")).to_have_value("20")
    expect(menu).to_be_focused()
    retype(page, f"{VOLUMES}.MaximumEbsVolumeSizeInGb", "300")
    walk_to(tab, page.button("Update analyst-1"))
    keyboard.press("Enter")
    expect(page.heading("Updated")).to_be_focused()
    stored = describe("analyst-1")["UserSettings"]["SpaceStorageSettings"]["DefaultEbsStorageSettings"]
    assert stored == {"DefaultEbsVolumeSizeInGb": 20, "MaximumEbsVolumeSizeInGb": 300}


def test_tabs_of_the_request_turn_with_the_arrow_keys(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(f"{VOLUMES}.DefaultEbsVolumeSizeInGb", "30")
    first = page.root.get_by_role("tab").first
    first.focus()
    page.tab.keyboard.press("ArrowRight")
    second = page.root.get_by_role("tab").nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")
    page.tab.keyboard.press("Home")
    expect(first).to_be_focused()
    expect(page.request).to_contain_text('"DefaultEbsVolumeSizeInGb": 30')


def cells(tab: Page) -> int:
    return int(tab.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length"))


def mode(tab: Page) -> str:
    return str(tab.evaluate("window.jupyterapp.shell.currentWidget.content.mode"))


def test_enter_and_space_open_a_section_in_jupyterlab_and_leave_the_cells_alone(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    before = cells(page.tab)
    header = page.header("Space storage")
    header.focus()
    for key, expanded in (("Enter", "true"), ("Space", "false"), ("Enter", "true")):
        page.tab.keyboard.press(key)
        expect(header).to_have_attribute("aria-expanded", expanded)
        expect(header).to_be_focused()
        assert mode(page.tab) == "command"
    box = page.box(f"{VOLUMES}.DefaultEbsVolumeSizeInGb")
    box.focus()
    box.fill("")
    page.tab.keyboard.type("abddxmyzz")
    expect(box).to_have_value("abddxmyzz")
    page.tab.keyboard.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert cells(page.tab) == before
    assert mode(page.tab) == "command"


def test_letters_on_anything_that_takes_the_focus_are_no_commands_of_jupyterlab(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    for title in ("Space storage", "Notebook sharing", "Execution role and security groups"):
        page.expand(title)
    size = f"{VOLUMES}.DefaultEbsVolumeSizeInGb"
    page.type(size, "30")
    expect(page.change_row("Default size, GB")).to_be_visible()
    places = {
        "section header": page.header("Space storage"),
        "menu button": page.at(size).get_by_role("button", name="Actions for Default size, GB"),
        "chosen from a short list": page.box("UserSettings.SharingSettings.NotebookOutputOption"),
        "entry of a list": page.root.get_by_role("button", name="Remove sg-").first,
        "tab of the request": page.root.get_by_role("tab").first,
        "the request": page.request,
        "setting in the table": page.change_row("Default size, GB").get_by_role("button"),
        "submit": page.button("Update analyst-1"),
    }
    taken = []
    for name, place in places.items():
        before = cells(page.tab)
        place.focus()
        page.tab.keyboard.press("b")  # JupyterLab's own: a new cell below
        if cells(page.tab) != before:
            taken.append(name)
    assert taken == []
