"""What stands around the form: the place's standing words, the review's formats, the response."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.front.stage import LOOKS, Stage

pytestmark = pytest.mark.browser

Show = Callable[..., Stage]

FORMATS = [["json", "JSON"], ["yaml", "YAML"], ["cli", "AWS CLI"], ["boto3", "boto3"]]
FORMATS += [["cloudformation", "CloudFormation"], ["terraform", "Terraform"]]
OUTPUTS = [["json", "JSON"], ["yaml", "YAML"], ["yaml-stream", "YAML stream"], ["text", "Text"], ["table", "Table"]]
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/alice"
CHANGE = {"path": "a", "label": "Idle timeout", "before": "180", "after": "240", "note": "Private spaces only."}


def review(**traits: Any) -> dict[str, Any]:
    button = {"text": "Update alice", "enabled": True, "reason": "", "busy": False, "kind": "submit"}
    state = {"title": "Review: 1 change", "problems": [], "changes": [CHANGE], "button": button, "discard": True}
    blank = {"formats": FORMATS, "format": "json", "hide": False, "text": '{"DomainId": "d-1"}'}
    return {"review": {"_kind": "review", "state": state} | blank | traits}


def result(**traits: Any) -> dict[str, Any]:
    state = {"outcome": "done", "title": "Updated", "text": "", "steps": [], "facts": [["ARN", ARN]], "actions": []}
    printed = {"outputs": OUTPUTS, "output": "json", "query": "", "query_problem": "", "text": f'{{"Arn": "{ARN}"}}'}
    return {"result": {"_kind": "result", "state": state} | printed | traits}


def place(**state: Any) -> dict[str, Any]:
    return {"place": {"_kind": "place", "state": {"region": "eu-west-1", "title": "User profile"} | state}}


def test_what_always_has_to_be_said_stands_under_the_bar(stage: Show) -> None:
    page = stage(place(standing=[["warning", "Certificates are not checked."], ["information", "A copy."]]))
    notes = page.tab.get_by_role("note")
    expect(notes).to_have_text(["Certificates are not checked.", "A copy."])
    assert notes.first.evaluate("node => node.getBoundingClientRect().bottom") < page.tab.get_by_role(
        "heading", name="User profile"
    ).evaluate("node => node.getBoundingClientRect().top")
    page.state(standing=[])
    expect(notes).to_have_count(0)


def test_a_place_without_standing_words_has_none(stage: Show) -> None:
    page = stage(place())
    expect(page.tab.get_by_text("eu-west-1")).to_be_visible()
    expect(page.tab.get_by_role("note")).to_have_count(0)


def test_account_ids_are_hidden_and_shown_with_a_checkbox(stage: Show) -> None:
    page = stage(review())
    hide = page.tab.get_by_label("Hide account ids")
    expect(hide).not_to_be_checked()
    hide.press("Space")
    assert page.trait("hide") is True
    page.tell(text='{"DomainId": "hidden"}')
    expect(page.tab.get_by_role("tabpanel")).to_have_text('{"DomainId": "hidden"}')
    page.tell(hide=False)
    expect(hide).not_to_be_checked()


def test_the_formats_are_walked_with_arrows(stage: Show) -> None:
    page = stage(review())
    page.tab.get_by_role("tab", name="JSON").press("ArrowLeft")
    assert page.trait("format") == "terraform"
    expect(page.tab.get_by_role("tab", name="Terraform")).to_be_focused()
    page.press("Home", "ArrowRight")
    assert page.trait("format") == "yaml"


def test_the_response_is_behind_a_button_and_printed_in_each_output(stage: Show) -> None:
    page = stage(result())
    expect(page.tab.get_by_role("tablist")).to_be_hidden()
    page.tab.get_by_role("button", name="Response", exact=True).press("Enter")
    expect(page.tab.get_by_role("tabpanel")).to_contain_text(ARN)
    page.tab.get_by_role("tab", name="JSON").press("End")
    assert page.trait("output") == "table"
    page.tell(text="-----\n|Arn|")
    expect(page.tab.get_by_role("tabpanel")).to_have_css("white-space", "pre")
    with page.tab.expect_download() as saved:
        page.tab.get_by_role("button", name="Download the response").click()
    assert saved.value.suggested_filename == "user-profile-response-table.txt"
    assert saved.value.path().read_text(encoding="utf-8") == "-----\n|Arn|"


def test_a_query_is_told_on_enter_and_its_problem_stands_at_its_box(stage: Show) -> None:
    page = stage(result())
    page.tab.get_by_role("button", name="Response", exact=True).click()
    query = page.tab.get_by_label("Query")
    query.fill("Arn[")
    assert page.trait("query") == ""
    page.press("Enter")
    assert page.trait("query") == "Arn["
    page.tell(query_problem="The query ends too early.")
    expect(query).to_have_attribute("aria-invalid", "true")
    expect(query).to_have_accessible_description("error: The query ends too early.")
    expect(page.tab.get_by_role("tabpanel")).to_contain_text(ARN)
    query.fill("Nothing")
    page.press("Tab")
    page.tell(query_problem="", text="")
    assert page.trait("query") == "Nothing"
    expect(query).to_be_visible()
    expect(query).to_have_attribute("aria-invalid", "false")


def test_a_response_stays_open_while_news_come_and_leaves_with_its_text(stage: Show) -> None:
    page = stage(result())
    page.tab.get_by_role("button", name="Response", exact=True).click()
    page.state(text="Still there.")
    expect(page.tab.get_by_role("tabpanel")).to_be_visible()
    page.tell(outputs=[], text="")
    expect(page.tab.get_by_role("button", name="Response", exact=True)).to_be_hidden()


def test_a_response_without_outputs_is_the_text_of_the_state(stage: Show) -> None:
    page = stage(result(outputs=[], text=""))
    page.state(response='{"plain": 1}')
    page.tab.get_by_role("button", name="Response", exact=True).click()
    expect(page.tab.get_by_role("region", name="Response")).to_have_text('{"plain": 1}')
    expect(page.tab.get_by_role("tab")).to_have_count(0)
    expect(page.tab.get_by_label("Query")).to_be_hidden()


@LOOKS
def test_all_of_it_fits_and_axe_finds_nothing_serious(stage: Show, dark: bool, width: int) -> None:
    parts = place(standing=[["warning", "x" * 200]]) | review(hide=True) | result(query_problem="y" * 200)
    page = stage({"stack": {"_kind": "stack", "children": list(parts)}} | parts, dark=dark, width=width)
    page.tab.get_by_role("button", name="Response", exact=True).click()
    expect(page.tab.get_by_role("tab", name="Terraform")).to_be_visible()
    expect(page.tab.get_by_role("tab", name="Table")).to_be_visible()
    assert page.overflow() <= 0
    assert page.axe() == []


def test_in_whose_name_the_page_acts_stands_under_the_bar(stage: Show) -> None:
    said = "You are <img src=x onerror=window.ran=1> (from your company's sign-in). Policy: Self-service."
    page = stage(place(acting=said))
    expect(page.tab.get_by_text("You are <img")).to_have_text(said)
    page.state(acting="")
    expect(page.tab.get_by_text("You are")).to_have_count(0)
    assert page.tab.evaluate("window.ran === undefined")


def test_a_chooser_with_nothing_else_to_choose_is_a_plain_box(stage: Show) -> None:
    looks = {
        "label": "User profile",
        "value": "alice",
        "shown": "alice",
        "rows": [["bob", "bob", "", ""]],
        "pinned": [],
    }
    page = stage({"chooser": {"_kind": "chooser", "fixed": True} | looks})
    box = page.tab.get_by_role("textbox", name="User profile")
    expect(box).to_have_value("alice")
    expect(box).to_have_attribute("readonly", "")
    box.click()
    page.press("ArrowDown")
    assert page.heard == []
    expect(page.tab.get_by_role("option")).to_have_count(0)
    page.tell(fixed=False)
    expect(page.tab.get_by_role("combobox", name="User profile")).to_have_attribute("aria-expanded", "false")


def test_the_page_around_is_told_how_many_changes_are_not_sent(stage: Show) -> None:
    page = stage(review())
    told = page.tab.locator("[data-pw-unsent]")
    expect(told).to_have_attribute("data-pw-unsent", "1")
    expect(told).to_have_attribute("data-pw-note", "")
    page.state(note="Your edits are not kept on disk.")
    expect(told).to_have_attribute("data-pw-note", "Your edits are not kept on disk.")
