"""What is in the closed part "Start from another"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.front.stage import Stage

pytestmark = pytest.mark.browser

Show = Callable[..., Stage]

EVIL = "<img src=x onerror=document.title='run'>"


def part(name: str, label: str, changes: int | None = 1, **more: Any) -> dict[str, Any]:
    row = {"name": name, "label": label, "words": f"What {label} holds", "changes": changes, "reason": "", "on": True}
    return {**row, "moves": [["Size", "not set", f"{number}"] for number in range(changes or 0)]} | more


def preset(name: str, title: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "title": title, "about": f"About {title}.", "chosen": False} | more


PARTS = [
    part("ExecutionRole", "Execution role"),
    part("JupyterLabAppSettings", "JupyterLab app", 3),
    part("SpaceStorageSettings", "Space storage", 0),
    part("CustomPosixUserConfig", "POSIX identity", 0, reason="Only a new profile takes this.", on=False),
    part("Tags", "Tags", 2, on=False),
]
SOURCE = {"serial": 1, "title": "ml-lead", "hint": "", "rows": []}
STATE = {
    "kind": "profile",
    "busy": "",
    "presets": [],
    "broken": [],
    "source": SOURCE,
    "parts": PARTS,
    "way": "replace",
    "create": False,
    "into": "alice",
    "stop": "",
    "report": None,
}
LIST = {"_kind": "chooser", "label": "From user profile", "value": "ml-lead", "shown": "ml-lead", "rows": []}


def starting(**parts: Any) -> dict[str, Any]:
    return {"inside": {"_kind": "starting", "children": ["list"], "state": STATE | parts}, "list": LIST}


def box(page: Stage, name: str) -> Any:
    return page.tab.get_by_role("checkbox", name=name)


def test_parts_are_ticked_as_the_kernel_proposes_and_sent_as_the_person_leaves_them(stage: Show) -> None:
    page = stage(starting())
    copy = page.tab.get_by_role("button", name="Copy 3 parts into alice")
    expect(copy).to_have_attribute("aria-disabled", "false")
    expect(box(page, "POSIX identity")).to_be_disabled()
    expect(page.tab.get_by_text("Only a new profile takes this.")).to_be_visible()
    box(page, "Tags").check()
    box(page, "Space storage").uncheck()
    box(page, "Execution role").focus()
    page.press("Space")
    page.tab.get_by_role("button", name="Copy 2 parts into alice").press("Enter")
    assert page.heard == [{"do": "copy", "names": ["JupyterLabAppSettings", "Tags"]}]


def test_ticks_and_focus_stay_while_the_form_is_edited_and_go_with_the_source(stage: Show) -> None:
    page = stage(starting())
    box(page, "Execution role").uncheck()
    box(page, "JupyterLab app").focus()
    page.state(parts=[{**each, "changes": 0} for each in PARTS])
    expect(box(page, "Execution role")).not_to_be_checked()
    expect(box(page, "JupyterLab app")).to_be_focused()
    expect(page.tab.get_by_text("The form of alice holds all of it already.")).to_be_visible()
    page.state(source={**SOURCE, "serial": 2, "title": "bob"}, parts=PARTS)
    expect(box(page, "Execution role")).to_be_checked()
    expect(page.tab.get_by_role("heading", name="From bob")).to_be_visible()


def test_all_and_none_at_once(stage: Show) -> None:
    page = stage(starting())
    page.tab.get_by_role("button", name="Tick no part").click()
    expect(page.tab.get_by_text("Tick what shall be copied.")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Copy", exact=True)).to_have_attribute("aria-disabled", "true")
    page.tab.get_by_role("button", name="Copy", exact=True).press("Enter")
    page.tab.get_by_role("button", name="Tick all parts").click()
    expect(page.tab.get_by_role("button", name="Copy 4 parts into alice")).to_be_visible()
    expect(box(page, "POSIX identity")).not_to_be_checked()
    assert page.heard == []


def test_what_copying_a_part_changes_is_shown_behind_a_button_and_stays_so(stage: Show) -> None:
    page = stage(starting())
    more = page.tab.get_by_role("button", name="3 changes in JupyterLab app")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    moves = page.tab.get_by_role("list", name="What copying JupyterLab app changes").get_by_role("listitem")
    expect(moves).to_have_count(3)
    expect(moves.first).to_contain_text("Size: not set")
    page.state(parts=[{**each, "moves": each["moves"][:1]} for each in PARTS])
    expect(more).to_be_focused()
    expect(moves).to_have_count(1)
    page.state(parts=[part("JupyterLabAppSettings", "JupyterLab app", 0)])
    expect(page.tab.get_by_text("same as here")).to_be_visible()
    expect(moves).to_have_count(0)


def test_kind_and_way_are_chosen_by_keys(stage: Show) -> None:
    page = stage(starting())
    page.tab.get_by_role("radio", name="Another profile").focus()
    page.press("ArrowRight")
    page.state(kind="domain", source=None, parts=[])
    expect(page.tab.get_by_role("radio", name="The domain's defaults")).to_be_focused()
    page.state(source=SOURCE, parts=PARTS)
    page.tab.get_by_role("radio", name="Replace").focus()
    page.press("ArrowDown")
    assert page.heard == [{"do": "kind", "value": "domain"}, {"do": "way", "value": "add"}]


def test_presets_say_what_they_are_and_broken_ones_why(stage: Show) -> None:
    shelf = [preset("gpu", "GPU"), preset("lean", EVIL)]
    page = stage(starting(kind="preset", presets=shelf, broken=[f"{EVIL}.yaml: It is no file."], source=None, parts=[]))
    gpu = page.tab.get_by_role("radio", name="GPU")
    expect(gpu).to_have_accessible_description("About GPU.")
    gpu.check()
    assert page.heard == [{"do": "preset", "value": "gpu"}]
    expect(page.tab.get_by_text("onerror").first).to_be_visible()
    expect(page.tab.get_by_text("It is no file.")).to_be_visible()
    expect(page.tab.get_by_role("combobox")).to_be_hidden()
    assert page.tab.title() == "Stage"


def test_after_a_copy_the_report_has_the_focus_and_leads_to_its_fields(stage: Show) -> None:
    page = stage(starting())
    page.tab.get_by_role("button", name="Copy 3 parts").click()
    row = {"severity": "warning", "message": "Look.", "path": "UserSettings.A", "label": "A"}
    page.state(report={"severity": "success", "title": "4 settings copied.", "rows": [row]})
    expect(page.tab.get_by_role("heading", name="4 settings copied.")).to_be_focused()
    page.tab.get_by_role("button", name="Go to A").click()
    assert page.heard[-1] == {"do": "go", "path": "UserSettings.A"}
    expect(page.tab.get_by_role("button", name="See the changes")).to_be_visible()


def test_what_is_said_later_takes_no_focus(stage: Show) -> None:
    page = stage(starting())
    box(page, "Execution role").focus()
    page.state(report={"severity": "error", "title": "Nothing can be copied from there.", "rows": []})
    expect(page.tab.get_by_text("Nothing can be copied from there.")).to_be_visible()
    expect(box(page, "Execution role")).to_be_focused()


def test_the_closed_part_says_that_its_content_loads(stage: Show) -> None:
    page = stage({"part": {"_kind": "panel", "title": "Start from another", "expanded": False, "children": []}})
    opener = page.tab.get_by_role("button", name="Start from another")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    assert page.trait("expanded") is True
    expect(page.tab.get_by_text("Loading…")).to_be_visible()


def test_the_content_takes_the_place_of_the_waiting(stage: Show) -> None:
    traits = {"_kind": "panel", "title": "Start from another", "expanded": True, "children": []}
    page = stage({"part": traits, **starting()})
    page.tell(children=["IPY_MODEL_inside"])
    expect(page.tab.get_by_role("radio", name="Another profile")).to_be_checked()
    expect(page.tab.get_by_text("Loading…")).to_be_hidden()


@pytest.mark.parametrize("look", [{}, {"dark": True}, {"width": 360}], ids=["light", "dark", "narrow"])
@pytest.mark.parametrize("kind", ["profile", "preset"])
def test_axe_finds_nothing_and_nothing_overflows(stage: Show, look: dict[str, Any], kind: str) -> None:
    long = [part("X", "Word" * 30, words="s3://" + "x" * 200), *PARTS]
    report = {"severity": "success", "title": "y" * 200, "rows": []}
    shelf = [preset("gpu", "GPU", chosen=True), preset("long", "z" * 80, about="z" * 200)]
    page = stage(starting(kind=kind, parts=long, presets=shelf, broken=["b" * 200], report=report), **look)
    expect(page.tab.get_by_role("radio", name="Replace")).to_be_visible()
    assert page.axe() == []
    assert page.overflow() <= 0
