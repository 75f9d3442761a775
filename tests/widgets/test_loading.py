"""A request that was written elsewhere comes into the form by paste, upload or path."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.formats.reading import IMPORTERS, Found, importer
from profile_widgets.formats.reading.registry import Context
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets import loading
from profile_widgets.widgets.app import UserProfileEditor
from tests.widgets.conftest import RESEARCH, browser_sends, settled, until

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
        assert "names no domain" in report["title"]
    finally:
        editor.close()


@pytest.mark.parametrize("named", ["nothing", "misspelt"])
async def test_a_request_waits_until_a_profile_is_open_and_goes_into_that(
    sandbox: Sandbox, domains: dict[str, str], named: str
) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    try:
        place = {"DomainId": domains[RESEARCH], "UserProfileName": "analyst-9"} if named == "misspelt" else {}
        report = await load(editor, json.dumps({**place, "UserSettings": {"ExecutionRole": ROLE}}))
        assert report["severity"] == "warning"
        assert "It waits" in report["title"]
        await editor.load(domains[RESEARCH], "analyst-1")
        await settled(editor)
        if named == "misspelt":
            assert not editor.changes, "it is about another profile: the person is asked first"
            browser_sends(editor.question, do="load-here")
            await settled(editor)
        assert [change.path for change in editor.changes] == ["UserSettings.ExecutionRole"]
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
    assert editor.loader.pending is None
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


async def test_a_text_loaded_while_another_profile_is_being_opened_is_not_lost(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.answer_delay = 0.3
    browser_sends(editor.loader, do="load", text=wiki(domains[RESEARCH], "bare"))
    await until(lambda: "load-there" in [action for action, _ in (editor.question.state or {}).get("actions", [])])
    browser_sends(editor.question, do="load-there")
    await asyncio.sleep(0.1)
    browser_sends(editor.loader, do="load", text=wiki(domains[RESEARCH], "ml-lead"))
    await settled(editor)
    sandbox.answer_delay = 0
    assert editor.draft.name == "bare"
    assert not editor.changes, "the request of the first text goes nowhere: the second took its place"
    assert "ml-lead" in editor.question.state["text"]
    browser_sends(editor.question, do="load-there")
    await settled(editor)
    assert editor.draft.name == "ml-lead"
    assert editor.settings.ExecutionRole == ROLE


@pytest.fixture
def reads() -> Iterator[list[str]]:
    """Register a format that is read slowly; returns what was read of it."""
    read: list[str] = []

    @importer("slow", label="a slow text", rank=99, looks_like=lambda text: 100 * text.startswith("SLOW "))
    def slowly(text: str, _context: Context) -> Found:
        read.append(text)
        time.sleep(0.05)
        return Found({"UserSettings": {"ExecutionRole": ROLE + text.split()[1]}})

    yield read
    del IMPORTERS["slow"]


async def test_however_many_texts_a_browser_sends_one_is_read_at_a_time(
    editor: UserProfileEditor, reads: list[str]
) -> None:
    for number in range(50):
        browser_sends(editor.loader, do="load", text=f"SLOW {number}")
    await settled(editor)
    assert len(reads) <= 2, "those that were overtaken are not read"
    assert editor.settings.ExecutionRole == f"{ROLE}49"
    assert editor.loader.state["busy"] is False


def odd_files(folder: Path) -> None:
    """Make a pipe, a text that is not UTF-8, and one that is too long."""
    os.mkfifo(folder / "pipe")
    (folder / "latin.json").write_bytes('{"é": 1}'.encode("latin-1"))
    (folder / "long.json").write_bytes(b" " * (loading.LONGEST + 1))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("~nosuchuser/x.json", "home directory that is not known here"),
        ("a\0b.json", "is not the name of a file"),
        ("x" * 5000, "cannot be read"),
        ("", "is no file"),
        ("pipe", "is no file"),
        ("latin.json", "is not a text in UTF-8"),
        ("long.json", "longer than 1 MiB"),
    ],
)
async def test_a_path_that_leads_to_no_text_is_said_and_nothing_hangs(
    editor: UserProfileEditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    odd_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    browser_sends(editor.loader, do="path", path=path)
    await settled(editor)
    report = editor.loader.state["report"]
    assert report["severity"] == "error"
    assert words in report["title"]
    assert not editor.changes


async def test_a_file_in_utf_16_as_powershell_writes_it_is_read(editor: UserProfileEditor, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_bytes(json.dumps({"UserSettings": {"ExecutionRole": ROLE}}).encode("utf-16"))
    browser_sends(editor.loader, do="path", path=str(file))
    await settled(editor)
    assert editor.settings.ExecutionRole == ROLE


async def test_every_setting_of_the_connection_that_is_not_taken_over_is_named(
    editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    more = "--profile other --endpoint-url http://key:secret@127.0.0.1:9 --no-verify-ssl --cli-read-timeout 7 --debug"
    report = await load(editor, wiki(domains[RESEARCH]).rstrip() + f" {more}\n")
    assert report["severity"] == "success"
    rows = {row["message"]: row["severity"] for row in report["rows"] if row["message"].startswith("Not taken over")}
    told = [(text.split(": ")[1].split(".")[0], severity) for text, severity in rows.items()]
    assert sorted(told) == [
        ("debug", "information"),
        ("no-verify-ssl", "information"),
        ("the endpoint http://127", "warning"),
        ("the profile other", "warning"),
        ("the read timeout 7", "information"),
        ("the region us-east-1", "warning"),
    ]
    assert "secret" not in str(report)
    assert repr(editor.connection) == repr(editor.connection.replace())


async def test_what_a_program_gave_waits_in_sight_when_it_names_no_profile(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    request = {"UserSettings": {"ExecutionRole": ROLE}}
    editor = await UserProfileEditor(connection=sandbox.connection, request=request).ready()
    try:
        assert "It waits" in editor.loader.state["report"]["title"]
        assert editor.loader.expanded
        await editor.load(domains[RESEARCH], "analyst-1")
        assert [change.path for change in editor.changes] == ["UserSettings.ExecutionRole"]
        assert editor.loader.state["report"]["title"].startswith("The request that was given: 1 setting")
    finally:
        editor.close()


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
