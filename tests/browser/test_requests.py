"""Requests come in and go out on the real page, and the connection is shown there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.page_driver import LONG, ProfilePage

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
ROLE = "arn:aws:iam::123456789012:role/service-role/FromTheWiki"
WIKI = f"""$ aws sagemaker update-user-profile --domain-id d-9xk2m4tq7abc \\
    --user-profile-name analyst-1 --region us-east-1 \\
    --user-settings '{{"ExecutionRole": "{ROLE}"}}' | jq .
"""


def open_loader(page: ProfilePage) -> None:
    page.button("Load a request").click()
    expect(page.root.get_by_label("Paste a request")).to_be_visible()


def paste(page: ProfilePage, text: str) -> None:
    page.tab.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.root.get_by_label("Paste a request").focus()
    page.tab.keyboard.press("Control+V")


@pytest.mark.parametrize("where", ["voila", pytest.param("lab", marks=pytest.mark.long)])
def test_a_command_pasted_from_a_wiki_stands_in_the_form_checked(
    open_voila: OpenPage, request: pytest.FixtureRequest, where: str
) -> None:
    page = open_voila() if where == "voila" else request.getfixturevalue("open_lab")()
    open_loader(page)
    paste(page, WIKI)
    expect(page.heading("Review: 1 change to analyst-1")).to_be_visible(timeout=LONG)
    expect(page.root.get_by_text("Read as an AWS CLI command")).to_be_visible()
    expect(page.root.get_by_text("us-east-1").first).to_be_visible()
    expect(page.change_row("Execution role")).to_contain_text("FromTheWiki")
    page.button("Undo").click()
    expect(page.heading("Review: no changes to analyst-1")).to_be_visible()


def test_a_file_is_uploaded_and_sent(
    open_voila: OpenPage, describe: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(f"UserSettings:\n  ExecutionRole: {ROLE}\n", "utf-8")
    page = open_voila()
    page.open_profile("research", "analyst-1")
    open_loader(page)
    with page.tab.expect_file_chooser() as chosen:
        page.button("Upload a file").click()
    chosen.value.set_files(file)
    expect(page.change_row("Execution role")).to_contain_text("FromTheWiki")
    page.submit("Update analyst-1", "Updated")
    assert describe("analyst-1")["UserSettings"]["ExecutionRole"] == ROLE


def test_what_cannot_be_read_stays_in_the_box_with_its_reason(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    open_loader(page)
    paste(page, '{"UserSettings": {"ExecutionRole": }')
    expect(page.root.get_by_text("Nothing was changed", exact=False).first).to_be_visible()
    expect(page.root.get_by_label("Paste a request")).to_have_value(re.compile("ExecutionRole"))
    expect(page.heading("Review: no changes to analyst-1")).to_be_visible()


def test_a_pasted_script_is_only_a_text(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    open_loader(page)
    evil = "<img src=x onerror=document.title='run'>"
    paste(page, json.dumps({"UserSettings": {evil: 1, "ExecutionRole": evil}, "UserProfileName": evil}))
    expect(page.root.get_by_text("onerror", exact=False).first).to_be_visible()
    assert page.tab.title() != "run"


def test_the_request_is_shown_in_six_forms_and_hides_account_ids(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    open_loader(page)
    paste(page, json.dumps({"UserSettings": {"ExecutionRole": ROLE}}))
    expect(page.change_row("Execution role")).to_be_visible()
    for name, words in (
        ("YAML", "UserSettings:"),
        ("AWS CLI", "aws sagemaker update-user-profile"),
        ("boto3", "sagemaker.update_user_profile("),
        ("CloudFormation", "AWS::SageMaker::UserProfile"),
        ("Terraform", 'resource "aws_sagemaker_user_profile"'),
        ("JSON", '"UserSettings": {'),
    ):
        page.root.get_by_role("tab", name=name, exact=True).click()
        expect(page.request).to_contain_text(words)
        expect(page.request).to_contain_text("123456789012")
    page.root.get_by_label("Hide account ids").check()
    expect(page.request).not_to_contain_text("123456789012")
    expect(page.request).to_contain_text("FromTheWiki")


def test_the_response_is_printed_as_asked_and_a_wrong_query_is_said_where_it_is_typed(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    open_loader(page)
    paste(page, json.dumps({"UserSettings": {"ExecutionRole": ROLE}}))
    expect(page.change_row("Execution role")).to_be_visible()
    page.submit("Update analyst-1", "Updated")
    page.button("Response").last.click()
    box = page.root.get_by_role("textbox", name=re.compile("query", re.IGNORECASE))
    box.fill("UserProfileArn")
    box.press("Enter")
    printed = page.root.locator("pre").last
    expect(printed).to_have_text(re.compile(r'^"arn:aws:sagemaker:[^"]+"\s*$'))
    box.fill("UserProfileArn[")
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.root.get_by_text("The query", exact=False).first).to_be_visible()


def test_a_served_page_shows_the_connection_and_offers_no_change_of_it(open_voila: OpenPage) -> None:
    page = open_voila()
    page.button("Connection").click()
    expect(page.root.get_by_text("Whoever serves this page chose the connection.")).to_be_visible()
    expect(page.root.get_by_text("arn:aws:iam::123456789012:user/sandbox")).to_be_visible()
    expect(page.button("Use this connection")).to_have_count(0)
    open_loader(page)
    expect(page.button("Read this file")).to_have_count(0)


def test_in_jupyterlab_the_connection_is_changed_and_what_is_wrong_is_said(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    page.button("Connection").click()
    panel = page.root.locator(".pw-connection")
    region = panel.get_by_role("combobox", name="Region")
    expect(region).to_be_visible()
    region.fill("eu-wst-1")
    region.press("Enter")
    panel.get_by_role("button", name="Use this connection").click()
    expect(panel.get_by_text("Did you mean eu-west-1?", exact=False).first).to_be_visible()
    expect(region).to_have_attribute("aria-invalid", "true")
    region.fill("eu-west-1")
    region.press("Enter")
    panel.get_by_role("button", name="More", exact=True).click()
    panel.get_by_role("checkbox", name="Check certificates").uncheck()
    panel.get_by_role("checkbox", name="Debug log").check()
    panel.get_by_role("button", name="Use this connection").click()
    expect(page.root.get_by_text("Certificates are not checked", exact=False).first).to_be_visible()
    expect(panel.locator("pre.pw-log")).to_contain_text("GetCallerIdentity")
    assert "Signature=" not in panel.locator("pre.pw-log").inner_text()
