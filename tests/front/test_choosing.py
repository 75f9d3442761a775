"""A field that offers what exists in the account: the searchable box, with the test in the place of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.front.stage import Stage

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
    return {"field": kind | blank | traits, "form": {"_kind": "form", "board": {}, "only": None, "children": []}}


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


def test_the_number_of_results_is_spoken(stage: Show) -> None:
    page = stage(field())
    box(page).click()
    answer(page, ROWS, total=5012, note="The first 200 of 5,012 roles are shown.")
    expect(page.tab.locator(".pw-sr[role=status]")).to_have_text("5012 choices")
    page.tab.keyboard.type("zzz")
    page.tab.wait_for_function("window.heard.length === 2")
    answer(page, [], text="zzz", note="No role matches “zzz”.")
    expect(page.tab.locator(".pw-sr[role=status]")).to_have_text("No role matches “zzz”.")


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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100])
def test_axe_finds_nothing_serious_in_an_open_list(stage: Show, dark: bool, width: int) -> None:
    page = stage(groups(value=["sg-9"], advice=[{"severity": "warning", "message": "Odd."}]), dark=dark, width=width)
    box(page).click()
    answer(page, [*GROUPS, ["sg-3", "other", "vpc-2", 0]], note="Some of them.")
    page.press("ArrowDown")
    expect(options(page)).to_have_count(4)
    assert page.axe() == []
    assert page.overflow() <= 0
