"""A request that was written elsewhere comes into the form by paste, upload or path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.app import UserProfileEditor
from tests.widgets.conftest import RESEARCH, browser_sends, settled

ROLE = "arn:aws:iam::123456789012:role/service-role/FromTheWiki"
WIKI = """Then run this:
$ aws sagemaker update-user-profile --domain-id {domain} \\
    --user-profile-name {name} --region us-east-1 \\
    --user-settings '{{"ExecutionRole": "{role}", "JupyterLabAppSettings": {{"DefaultResourceSpec": {{"InstanceType": "ml.t3.large"}}}}}}'
"""  # noqa: E501


def wiki(domain: str, name: str = "analyst-1") -> str:
    return WIKI.format(domain=domain, name=name, role=ROLE)


async def load(editor: UserProfileEditor, text: str) -> dict[str, Any]:
    """Load a text as the page does; returns the report."""
    browser_sends(editor.loader, do="load", text=text)
    await settled(editor)
    report: dict[str, Any] = editor.loader.state["report"]
    return report


async def test_a_command_of_an_old_wiki_page_stands_in_the_form_checked(
    editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    before = editor.settings.to_document()
    report = await load(editor, wiki(domains[RESEARCH]))
    assert report["severity"] == "success", report
    assert editor.settings.ExecutionRole == ROLE
    assert editor.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType == "ml.t3.large"
    assert "AWS CLI" in report["title"]
    assert any("us-east-1" in row["message"] for row in report["rows"])
    assert set(editor.request()["UserSettings"]) == {"ExecutionRole", "JupyterLabAppSettings"}
    browser_sends(editor.tools, do="undo")
    assert editor.settings.to_document() == before


async def test_a_text_that_cannot_be_read_changes_nothing_and_says_where_it_is_wrong(
    editor: UserProfileEditor,
) -> None:
    before = editor.settings.to_document()
    report = await load(editor, '{"UserSettings": {"ExecutionRole": }')
    assert report["severity"] == "error"
    assert "line 1" in report["title"]
    assert editor.settings.to_document() == before


async def test_an_unknown_member_is_refused_by_name_and_nothing_is_changed(editor: UserProfileEditor) -> None:
    text = json.dumps({"UserSettings": {"ExecutionRole": ROLE, "JupyterLabAppSetting": {}}})
    report = await load(editor, text)
    assert report["severity"] == "error"
    assert any("JupyterLabAppSettings" in row["message"] for row in report["rows"])
    assert not editor.changes


async def test_with_nothing_open_the_profile_that_it_names_is_opened(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    try:
        report = await load(editor, wiki(domains[RESEARCH]))
        assert report["severity"] == "success", report
        assert editor.draft.name == "analyst-1"
        assert editor.settings.ExecutionRole == ROLE
    finally:
        editor.close()


async def test_with_nothing_open_and_no_domain_named_it_asks_to_choose_one(sandbox: Sandbox) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    try:
        report = await load(editor, json.dumps({"UserProfileName": "x", "UserSettings": {"ExecutionRole": ROLE}}))
        assert report["severity"] == "warning"
        assert "domain" in report["title"]
    finally:
        editor.close()


@pytest.mark.parametrize("choice", ["load-here", "load-there", "later"])
async def test_a_request_about_another_profile_asks_where_it_shall_go(
    editor: UserProfileEditor, domains: dict[str, str], choice: str
) -> None:
    await load(editor, wiki(domains[RESEARCH], "analyst-2" if choice != "load-there" else "bare"))
    assert not editor.changes
    assert choice in [action for action, _ in editor.question.state["actions"]]
    browser_sends(editor.question, do=choice)
    await settled(editor)
    assert editor.question.state is None
    assert (editor.settings.ExecutionRole == ROLE) is (choice != "later")
    assert editor.draft.name == ("bare" if choice == "load-there" else "analyst-1")


async def test_a_create_command_begins_a_new_profile_with_its_tags(
    editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    text = (
        f"aws sagemaker create-user-profile --domain-id {domains[RESEARCH]} --user-profile-name new-9 "
        f"--tags Key=team,Value=x Key=cost,Value=7 --user-settings ExecutionRole={ROLE},SecurityGroups=sg-1,sg-2"
    )
    await load(editor, text)
    browser_sends(editor.question, do="load-there")
    await settled(editor)
    assert editor.draft.create
    request = editor.request()
    assert request["UserProfileName"] == "new-9"
    assert request["Tags"] == [{"Key": "team", "Value": "x"}, {"Key": "cost", "Value": "7"}]
    assert request["UserSettings"]["SecurityGroups"] == ["sg-1", "sg-2"]


async def test_tags_of_a_stored_profile_are_left_out_and_said(editor: UserProfileEditor) -> None:
    text = json.dumps({"Tags": [{"Key": "a", "Value": "b"}], "UserSettings": {"ExecutionRole": ROLE}})
    await load(editor, text)
    browser_sends(editor.question, do="load-here")
    await settled(editor)
    rows = editor.loader.state["report"]["rows"]
    assert [row["message"].partition(":")[0] for row in rows if "new profile" in row["message"]] == ["Tags"]


async def test_a_file_beside_the_kernel_is_read_by_its_path(editor: UserProfileEditor, tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(f"UserSettings:\n  ExecutionRole: {ROLE}\n", "utf-8")
    browser_sends(editor.loader, do="path", path=str(file))
    await settled(editor)
    assert editor.settings.ExecutionRole == ROLE
    browser_sends(editor.loader, do="path", path=str(tmp_path / "absent.json"))
    await settled(editor)
    assert "absent.json" in editor.loader.state["report"]["title"]


async def test_a_file_that_a_command_names_is_read_beside_the_kernel(
    editor: UserProfileEditor, domains: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"ExecutionRole": ROLE}), "utf-8")
    monkeypatch.chdir(tmp_path)
    await load(
        editor,
        f"aws sagemaker update-user-profile --domain-id {domains[RESEARCH]} --user-profile-name analyst-1 "
        "--user-settings file://settings.json",
    )
    assert editor.settings.ExecutionRole == ROLE


async def test_a_page_that_is_served_reads_no_files_of_the_kernel(
    sandbox: Sandbox, domains: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"UserSettings": {"ExecutionRole": ROLE}}), "utf-8")
    made = UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection, trusted=False)
    editor = await made.ready()
    try:
        assert editor.loader.state["path"] is False
        browser_sends(editor.loader, do="path", path=str(file))
        await settled(editor)
        command = f"aws sagemaker update-user-profile --domain-id {domains[RESEARCH]} --user-profile-name analyst-1"
        report = await load(editor, f"{command} --user-settings file://{file}")
        assert report["severity"] == "error"
        assert not editor.changes
    finally:
        editor.close()


async def test_the_last_text_wins(editor: UserProfileEditor) -> None:
    for role in (ROLE + "1", ROLE + "2"):
        browser_sends(editor.loader, do="load", text=json.dumps({"UserSettings": {"ExecutionRole": role}}))
    await settled(editor)
    assert editor.settings.ExecutionRole == ROLE + "2"


async def test_a_request_given_to_the_editor_is_laid_over_what_it_opens(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    request = {"UserSettings": {"ExecutionRole": ROLE}}
    made = UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection, request=request)
    editor = await made.ready()
    try:
        assert [change.path for change in editor.changes] == ["UserSettings.ExecutionRole"]
    finally:
        editor.close()


async def test_a_program_loads_a_request_the_same_way(editor: UserProfileEditor) -> None:
    reading = await editor.load_request(json.dumps({"UserSettings": {"ExecutionRole": ROLE}}))
    assert reading is not None
    assert reading.format == "json"
    assert editor.settings.ExecutionRole == ROLE
    assert await editor.load_request("{") is None
