"""A field that offers what exists in the account: the searchable box, with the test in the place of the kernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.front.stage import LOOKS, Stage

pytestmark = pytest.mark.browser

Show = Callable[..., Stage]

ARN = "arn:aws:iam::123456789012:role/{}"
ROWS: list[list[Any]] = [
    [ARN.format("Analyst"), "Analyst", "SageMaker can assume it · created today", 1],
    [ARN.format("team/Engineer"), "Engineer", "SageMaker can assume it · path /team/", 1],
    [ARN.format("Builder"), "Builder", "created today", 0],
]
GROUPS: list[list[Any]] = [["sg-1", "emr-clients", "in the domain's VPC", 1], ["sg-2", "lab", "in the domain's VPC", 1]]
EVIL = '<img src=x onerror="window.evil = 1">'


def field(**traits: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "path": "ExecutionRole",
        "label": "Execution role",
        "api": "ExecutionRole",
        "help": "",
        "more": "",
        "menu": [],
    }
    blank |= {"input": "text", "value": None, "hint": "", "choices": [], "choices_from": "", "locked": "", "advice": []}
    kind = {"_kind": "field", "_form": "form", "catalog": "role", "catalog_words": "roles"}
    board = {"ExecutionRole": traits.pop("entry", {})}
    return {"field": kind | blank | traits, "form": {"_kind": "form", "board": board, "only": None, "children": []}}


def groups(**traits: Any) -> dict[str, Any]:
    looks = {"path": "SecurityGroups", "label": "Security groups", "api": "SecurityGroups", "input": "list"}
    return field(**looks, catalog="security-group", catalog_words="security groups", **traits)


def box(page: Stage) -> Locator:
    return page.tab.get_by_role("combobox")


def options(page: Stage) -> Locator:
    return page.tab.get_by_role("option")


def answer(page: Stage, rows: list[list[Any]], text: str = "", **more: Any) -> None:
    page.message(do="suggested", text=text, rows=rows, **{"total": len(rows), "note": "", "refused": False} | more)


def marked(page: Stage) -> str:
    """Return the text of the row that the box points at."""
    return box(page).evaluate(  # type: ignore[no-any-return]
        "node => document.getElementById(node.getAttribute('aria-activedescendant'))?.innerText ?? ''"
    )


def test_nothing_is_asked_for_before_the_list_is_opened(stage: Show) -> None:
    page = stage(field())
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    box(page).focus()
    assert page.heard == []
    page.press("ArrowDown")
    assert page.heard == [{"do": "suggest", "text": "", "refresh": False}]
    expect(page.tab.get_by_text("Reading the roles…")).to_be_visible()
    expect(page.tab.get_by_role("listbox")).to_have_attribute("aria-busy", "true")
    answer(page, ROWS)
    expect(options(page)).to_have_count(4)
    expect(page.tab.get_by_text("Reading the roles…")).to_be_hidden()


def test_rows_say_name_and_detail_and_what_suits_less_stands_apart(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    first = options(page).first
    expect(first).to_have_text("AnalystSageMaker can assume it · created today")
    expect(first).to_have_attribute("title", ROWS[0][0])
    tops = {
        text: page.tab.get_by_text(text, exact=True).evaluate("node => node.getBoundingClientRect().top")
        for text in ("Engineer", "May not suit this field", "Builder", "Read the list again")
    }
    assert list(tops) == sorted(tops, key=lambda text: tops[text])


def test_an_id_stands_beside_its_name_and_an_arn_does_not(stage: Show) -> None:
    page = stage(groups())
    box(page).click()
    answer(page, GROUPS)
    expect(options(page).first).to_have_text("emr-clientssg-1in the domain's VPC")


def test_the_keyboard_walks_chooses_and_closes(stage: Show) -> None:
    page = stage(field())
    box(page).focus()
    page.press("ArrowDown")
    answer(page, ROWS)
    page.press("ArrowDown")
    assert marked(page).startswith("Analyst")
    page.press("ArrowDown", "ArrowDown")
    assert marked(page).startswith("Builder")
    page.press("PageUp")
    assert marked(page).startswith("Analyst")
    page.press("PageDown")
    assert marked(page) == "Read the list again"
    page.press("Escape")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", "")
    page.press("ArrowDown")
    page.press("ArrowDown", "ArrowDown", "Enter")
    assert page.trait("value") == ROWS[1][0]
    expect(box(page)).to_have_value(ROWS[1][0])
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_accessible_description("Engineer SageMaker can assume it · path /team/")


def test_home_and_end_stay_in_the_text(stage: Show) -> None:
    page = stage(field(value="abc"))
    box(page).click()
    answer(page, ROWS)
    page.press("Home")
    assert box(page).evaluate("node => node.selectionStart") == 0
    page.press("End")
    assert box(page).evaluate("node => node.selectionStart") == 3


@pytest.mark.parametrize("way", ["box", "arrow", "keyboard"])
def test_what_is_typed_after_opening_the_list_searches_in_the_place_of_the_value(stage: Show, way: str) -> None:
    page = stage(field(value=ROWS[0][0]))
    if way == "keyboard":
        box(page).focus()
        page.press("End", "ArrowDown")
    elif way == "arrow":
        page.tab.get_by_role("button", name="Show choices").click()
    else:
        box(page).click()
    answer(page, ROWS)
    page.tab.keyboard.type("engi")
    expect(box(page)).to_have_value("engi")
    expect(options(page).first).to_contain_text("Engineer")
    page.press("Escape")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value(ROWS[0][0])
    page.press("Tab")
    assert page.trait("value") == ROWS[0][0]


def test_a_second_click_puts_the_caret_into_the_value_and_a_part_that_is_marked_stays_marked(stage: Show) -> None:
    page = stage(field(value="abc"))
    marks = "node => [node.selectionStart, node.selectionEnd]"
    box(page).click()
    assert box(page).evaluate(marks) == [0, 3]
    box(page).click()
    assert box(page).evaluate(marks) == [3, 3]
    page.press("Escape", "Shift+ArrowLeft", "ArrowDown")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    assert box(page).evaluate(marks) == [2, 3]


def test_escape_closes_the_list_and_keeps_what_was_typed_into_an_empty_box(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    page.tab.keyboard.type("arn:aws:iam::210987654321:role/Elsewhere")
    page.press("Escape", "Tab")
    assert page.trait("value") == "arn:aws:iam::210987654321:role/Elsewhere"


def test_an_inherited_arn_is_shown_by_its_name_and_whole_when_pointed_at(stage: Show) -> None:
    arn = "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20250520T093901"
    page = stage(field(entry={"origin": "domain", "ghost": arn}))
    words = "AmazonSageMaker-ExecutionRole-20250520T093901, from the domain"
    expect(box(page)).to_have_attribute("placeholder", words)
    expect(box(page)).to_have_attribute("title", arn)
    page.tell(value=ARN.format("Own"))
    expect(box(page)).not_to_have_attribute("title", arn)


def test_the_row_at_the_end_reads_the_list_again_and_keeps_it_open(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    page.press("ArrowUp")
    assert marked(page) == "Read the list again"
    page.press("Enter")
    assert page.heard[-1] == {"do": "suggest", "text": "", "refresh": True}
    expect(page.tab.get_by_text("Reading the roles…")).to_be_visible()
    answer(page, ROWS[:1])
    expect(options(page)).to_have_count(2)
    assert page.trait("value") is None


def test_typing_is_asked_for_once_after_a_pause_and_stale_answers_are_dropped(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    page.tab.keyboard.type("engi")
    expect(options(page).first).to_contain_text("Engineer")  # of what is known already
    page.tab.wait_for_function("window.heard.length === 2")
    assert page.heard[-1] == {"do": "suggest", "text": "engi", "refresh": False}
    answer(page, ROWS, text="eng")
    expect(options(page).first).to_contain_text("Engineer")
    answer(page, ROWS[1:2], text="engi")
    expect(options(page)).to_have_count(2)


def test_a_text_that_is_longer_than_any_value_is_answered_too(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    box(page).fill("s3://" + "x" * 3000)
    page.tab.wait_for_function("window.heard.length === 2")
    asked = page.heard[-1]["text"]
    assert len(asked) == 1024
    answer(page, [], text=asked, note="No role matches it.")
    expect(page.tab.get_by_text("No role matches it.").first).to_be_visible()


def test_free_text_is_kept_and_the_name_of_one_row_is_taken_for_its_value(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    page.tab.keyboard.type("arn:aws:iam::210987654321:role/Elsewhere")
    page.press("Tab")
    assert page.trait("value") == "arn:aws:iam::210987654321:role/Elsewhere"
    box(page).fill("Engineer")
    page.tab.wait_for_function("window.heard.at(-1).text === 'Engineer'")
    answer(page, ROWS[1:2], text="Engineer")
    page.press("Tab")
    assert page.trait("value") == ROWS[1][0]


def test_a_list_that_is_refused_says_so_once_and_leaves_plain_text(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, [], note="You may not use iam:ListRoles.", refused=True)
    expect(page.tab.get_by_text("You may not use iam:ListRoles.").first).to_be_visible()
    page.press("Escape")
    page.tab.keyboard.type("arn:aws")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.press("Tab")
    assert page.trait("value") == "arn:aws"
    box(page).click()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.press("ArrowDown")
    expect(box(page)).to_have_attribute("aria-expanded", "true")


def test_why_a_list_is_refused_stays_under_the_field_until_it_can_be_read(stage: Show) -> None:
    page = stage(field())
    note = "You may not use iam:ListRoles. You can still type or paste an IAM role."
    said = page.tab.get_by_text(note).locator("visible=true")
    box(page).click()
    answer(page, [], note=note, refused=True)
    expect(box(page)).to_have_accessible_description(note)
    page.press("Escape")
    expect(said).to_have_count(1)
    expect(box(page)).to_have_accessible_description(note)
    page.tab.locator("#aside").focus()
    page.tell(locked="Not here.")
    expect(said).to_have_count(0)
    page.tell(locked="")
    expect(said).to_have_count(1)
    page.tab.get_by_role("button", name="Show choices").click()
    page.press("ArrowDown", "Enter")
    expect(said).to_have_count(1)
    answer(page, ROWS)
    expect(page.tab.get_by_text(note)).to_have_count(0)


def test_the_number_of_results_is_spoken(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS, total=5012, note="The first 200 of 5,012 roles are shown.")
    note = "The first 200 of 5,012 roles are shown."
    expect(page.tab.locator(".pw-sr[role=status]")).to_have_text(f"5012 choices. {note}")
    expect(box(page)).to_have_accessible_description(note)
    page.tab.keyboard.type("zzz")
    page.tab.wait_for_function("window.heard.length === 2")
    answer(page, [], text="zzz", note="No role matches “zzz”.")
    expect(page.tab.locator(".pw-sr[role=status]")).to_have_text("No role matches “zzz”.")
    page.press("Escape")
    expect(box(page)).to_have_accessible_description("")


def test_a_row_that_may_not_suit_says_so_to_a_screen_reader(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS)
    expect(options(page).nth(1)).not_to_have_accessible_name(re.compile("may not suit"))
    expect(options(page).nth(2)).to_have_accessible_name(re.compile("^Builder.*may not suit this field$"))


def test_entries_of_a_list_are_chosen_one_after_the_other_and_known_by_name(stage: Show) -> None:
    page = stage(groups(value=["sg-1"]))
    box(page).click()
    answer(page, GROUPS)
    expect(options(page)).to_have_count(2)  # what is in the list is not offered again
    expect(page.tab.get_by_role("listitem")).to_have_text(["sg-1 emr-clients"])
    page.press("ArrowDown", "Enter")
    assert page.trait("value") == ["sg-1", "sg-2"]
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.tab.get_by_role("listitem")).to_have_text(["sg-1 emr-clients", "sg-2 lab"])


def test_text_from_aws_stays_text(stage: Show) -> None:
    page = stage(field(advice=[{"severity": "warning", "message": EVIL, "fixes": [["x", EVIL]]}]))
    box(page).click()
    answer(page, [[ARN.format(EVIL), EVIL, f"{EVIL} \u202egnp.exe", 1]], note=EVIL)
    options(page).first.click()
    expect(page.tab.get_by_text(EVIL).locator("visible=true")).not_to_have_count(0)
    assert page.tab.evaluate("window.evil") is None


def test_advice_stands_under_the_field_and_one_press_takes_it(stage: Show) -> None:
    row = {"severity": "warning", "message": "“Analyst” is the name of an IAM role.", "fixes": [["the-id", "Use arn…"]]}
    page = stage(field(value="Analyst", advice=[row]))
    expect(box(page)).to_have_accessible_description("warning: “Analyst” is the name of an IAM role. Use arn…")
    page.tab.get_by_role("button", name="Use arn…").click()
    assert page.heard == [{"do": "fix", "id": "the-id"}]
    expect(box(page)).to_be_focused()
    page.tell(advice=[])
    expect(page.tab.get_by_text("is the name of")).to_be_hidden()


def test_a_locked_field_offers_nothing(stage: Show) -> None:
    page = stage(field(locked="Not here."))
    expect(page.tab.get_by_role("combobox")).to_have_count(0)
    page.tab.get_by_role("textbox", name="Execution role").click()
    assert page.heard == []


def test_a_number_is_chosen_from_the_versions(stage: Show) -> None:
    page = stage(field(input="integer", catalog="image-version-number", catalog_words="image versions"))
    box(page).click()
    answer(page, [["3", "lab version 3", "created today", 1]])
    page.press("ArrowDown", "Enter")
    assert page.trait("value") == "3"


@LOOKS
def test_axe_finds_nothing_serious_in_an_open_list(stage: Show, dark: bool, width: int) -> None:
    page = stage(groups(value=["sg-9"], advice=[{"severity": "warning", "message": "Odd."}]), dark=dark, width=width)
    box(page).click()
    answer(page, [*GROUPS, ["sg-3", "other", "vpc-2", 0]], note="Some of them.")
    page.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    assert page.axe() == []
    assert page.overflow() <= 0


def test_a_locked_field_says_so_and_why_when_asked(stage: Show) -> None:
    why = f"Locked by the policy “{EVIL}”. Ask the team."
    page = stage(field(locked="Read-only", reason=why, value="a", catalog=""))
    expect(page.tab.get_by_text("Read-only")).to_be_visible()
    expect(page.tab.get_by_text(why)).to_be_hidden()
    opener = page.tab.get_by_role("button", name="Why? (Execution role)")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.focus()
    page.press("Enter")
    expect(page.tab.get_by_text(why)).to_be_visible()
    expect(page.tab.get_by_role("textbox", name="Execution role")).to_have_accessible_description(
        re.compile("Read-only.*Ask the team")
    )
    page.tell(locked="", reason="")
    expect(page.tab.get_by_text("Read-only")).to_have_count(0)
    expect(opener).to_have_count(0)
    assert page.tab.evaluate("window.evil === undefined")
