"""The closed part "Start from another": settings come from elsewhere into the open form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.app import UserProfileEditor
from profile_widgets.widgets.copying import Starting
from tests.widgets.conftest import RESEARCH, alive, browser_sends, browser_sets, settled, until

SSO = "studio-sso"
LAB = "JupyterLabAppSettings"


@pytest_asyncio.fixture
async def inside(editor: UserProfileEditor) -> Starting:
    """Open the part as the page does."""
    return await opened(editor)


async def opened(editor: UserProfileEditor) -> Starting:
    browser_sets(editor.starting, expanded=True)
    await settled(editor)
    return editor.starting.inside


async def choose(editor: UserProfileEditor, name: str) -> dict[str, dict[str, Any]]:
    """Choose a profile to copy from; returns the rows of what it offers by name."""
    browser_sends(editor.starting.inside.sources.profile, do="choose", value=name)
    await settled(editor)
    return rows(editor.starting.inside)


def rows(inside: Starting) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in inside.state["parts"]}


async def copy(editor: UserProfileEditor, *names: str) -> dict[str, Any]:
    """Press the button; returns the report."""
    inside = editor.starting.inside
    wanted = names or tuple(name for name, row in rows(inside).items() if row["on"])
    browser_sends(inside, do="copy", names=list(wanted))
    await settled(editor)
    report: dict[str, Any] = inside.state["report"]
    return report


# -- opening -------------------------------------------------------------------------------------------------------


async def test_nothing_is_made_and_nothing_asked_before_it_is_opened(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await settled(editor)
    before, calls = len(alive()), len(sandbox.calls)
    assert editor.starting.children == ()
    inside = await opened(editor)
    assert editor.starting.children == (inside,)
    assert len(alive()) == before + 4, "the code, what is in it, and two lists"
    assert len(sandbox.calls) == calls


async def test_the_lists_are_read_when_they_are_opened_and_begin_with_the_open_domain(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    assert inside.sources.domain.value == domains[RESEARCH]
    assert inside.sources.domain.shown == RESEARCH
    browser_sends(inside.sources.profile, do="search", text="lead")
    browser_sends(inside.sources.domain, do="search", text="")
    await settled(editor)
    assert [row[0] for row in inside.sources.profile.rows] == ["ml-lead"]
    assert {row[0] for row in inside.sources.domain.rows} == set(domains.values())


# -- another profile -----------------------------------------------------------------------------------------------


async def test_a_profile_is_copied_as_one_edit_and_nothing_is_sent(
    inside: Starting, editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    before = editor.settings.to_document()
    found = await choose(editor, "ml-lead")
    assert inside.state["source"]["title"] == "ml-lead"
    assert found["ExecutionRole"]["words"] == "SageMakerMlEngineerRole"
    assert found["CustomPosixUserConfig"]["reason"]
    assert found["StudioWebPortal"]["moves"] == [["", "not set", "ENABLED"]]
    assert ["EBS volumes of spaces \u203a Default size, GB", "20", "100"] in found["SpaceStorageSettings"]["moves"]
    assert not editor.changes
    report = await copy(editor)
    assert report["severity"] == "success", report
    assert len(editor.changes) > 20
    assert f"{len(editor.changes)} settings copied from ml-lead" in report["title"]
    assert not [row["changes"] for row in rows(inside).values() if row["changes"]], "it is all there now"
    assert "UpdateUserProfile" not in [call.operation for call in sandbox.calls]
    browser_sends(editor.tools, do="undo")
    assert editor.settings.to_document() == before
    assert rows(inside)["ExecutionRole"]["changes"] == 1, "and so the panel says again"


async def test_only_what_is_ticked_is_copied(inside: Starting, editor: UserProfileEditor) -> None:
    await choose(editor, "ml-lead")
    await copy(editor, "StudioWebPortal", "DefaultLandingUri")
    assert editor.draft.changed == ("DefaultLandingUri", "StudioWebPortal")
    assert inside.state["report"]["title"].startswith("2 settings copied")


async def test_adding_takes_nothing_away(inside: Starting, editor: UserProfileEditor) -> None:
    await choose(editor, "ml-lead")
    assert rows(inside)["ExecutionRole"]["changes"] == 1
    browser_sends(inside, do="way", value="add")
    assert rows(inside)["ExecutionRole"]["changes"] == 0
    await copy(editor)
    assert not [change for change in editor.changes if change.before is not None]
    assert editor.changes


async def test_a_profile_of_another_domain_is_chosen_by_its_domain_first(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    await choose(editor, "ml-lead")
    browser_sends(inside.sources.domain, do="choose", value=domains[SSO])
    await settled(editor)
    assert inside.state["source"] is None
    assert inside.sources.profile.value == ""
    found = await choose(editor, "marin-r")
    assert "RSessionAppSettings" in found
    report = await copy(editor)
    assert any(domains[SSO] in row["message"] for row in report["rows"])
    assert editor.draft.domain_id == domains[RESEARCH]


async def test_a_profile_that_cannot_be_read_is_said_and_the_form_stays(
    inside: Starting, editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await choose(editor, "nobody")
    assert inside.state["report"]["severity"] == "error"
    assert "nobody" in inside.state["report"]["title"]
    sandbox.deny("sagemaker:DescribeUserProfile")
    await choose(editor, "ml-lead")
    assert "DescribeUserProfile" in inside.state["report"]["title"]
    assert inside.state["source"] is None
    assert inside.state["busy"] == ""
    assert editor.place.state["notice"] is None
    assert not editor.changes


@pytest.mark.parametrize("name", ["a b", "../x", "x" * 400, "<img src=x>", "\u202e", "ü", "-"])
async def test_a_name_that_no_profile_can_have_is_said_and_nothing_breaks(
    inside: Starting, editor: UserProfileEditor, name: str
) -> None:
    await choose(editor, name)
    assert inside.state["report"]["severity"] == "error"
    assert inside.state["source"] is None
    assert editor.place.state["notice"] is None


async def test_closing_while_a_source_is_read_leaves_nothing_behind(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    inside = await opened(editor)
    sandbox.answer_delay = 0.3
    browser_sends(inside.sources.profile, do="choose", value="ml-lead")
    await asyncio.sleep(0.05)
    editor.close()
    await settled(editor)
    sandbox.answer_delay = 0
    assert inside.source is None


async def test_without_the_lists_names_may_be_typed(
    inside: Starting, editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:ListUserProfiles", "sagemaker:ListDomains", "sagemaker:DescribeDomain")
    for chooser in (inside.sources.profile, inside.sources.domain):
        browser_sends(chooser, do="search", text="")
    await settled(editor)
    assert inside.sources.profile.rows == inside.sources.domain.rows == []
    assert "A profile's name may be typed." in inside.sources.profile.note
    assert "A domain id may be typed." in inside.sources.domain.note
    assert "ExecutionRole" in await choose(editor, "ml-lead")
    browser_sends(inside, do="kind", value="domain")
    await settled(editor)
    assert inside.state["report"]["severity"] == "error"
    assert "DescribeDomain" in inside.state["report"]["title"]


async def test_a_profile_that_sets_nothing_says_so(inside: Starting, editor: UserProfileEditor) -> None:
    assert await choose(editor, "bare") == {}
    assert "nothing to copy" in inside.state["report"]["title"]


async def test_the_last_choice_wins(inside: Starting, editor: UserProfileEditor, sandbox: Sandbox) -> None:
    sandbox.answer_delay = 0.2
    for name in ("ml-lead", "data-scientist-1"):
        browser_sends(inside.sources.profile, do="choose", value=name)
        await asyncio.sleep(0.02)
    assert inside.state["busy"] == "Reading data-scientist-1 …"
    await settled(editor)
    sandbox.answer_delay = 0
    assert inside.state["source"]["title"] == "data-scientist-1"
    assert inside.state["busy"] == ""


@pytest.mark.parametrize(
    ("chooser", "content", "operation"),
    [
        ("profile", {"do": "search", "text": "x{}"}, "ListUserProfiles"),
        ("domain", {"do": "search", "text": "x{}"}, "ListDomains"),
        ("profile", {"do": "choose", "value": "x{}"}, "DescribeUserProfile"),
    ],
)
async def test_of_a_flood_the_first_and_the_last_are_asked_one_after_the_other(
    inside: Starting,
    editor: UserProfileEditor,
    sandbox: Sandbox,
    chooser: str,
    content: dict[str, str],
    operation: str,
) -> None:
    await settled(editor)
    before = len(sandbox.calls)
    with sandbox.hold(operation) as held:
        for number in range(200):
            message = {key: each.format(number) for key, each in content.items()}
            browser_sends(getattr(inside.sources, chooser), **message)
            if not number:
                await asyncio.to_thread(held.wait_until_reached)
        assert len(editor._tasks._running) == 1
        held.release()
        await settled(editor)
    calls = [str(call.parameters) for call in sandbox.calls[before:] if call.operation == operation]
    assert len(calls) <= 2
    if operation != "ListDomains":  # those are looked through here
        assert ["x199" in call for call in calls] == [False, True]
    assert inside.state["busy"] == ""


async def test_kinds_that_change_without_end_read_one_source_at_a_time(
    inside: Starting, editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await choose(editor, "ml-lead")
    before = len(sandbox.calls)
    with sandbox.hold("DescribeDomain") as held:
        for number in range(200):
            browser_sends(inside, do="kind", value=("domain", "profile")[number % 2])
            if not number:
                await asyncio.to_thread(held.wait_until_reached)
        assert len(editor._tasks._running) == 1
        held.release()
        await settled(editor)
    assert [call.operation for call in sandbox.calls[before:]] == ["DescribeDomain", "DescribeUserProfile"]
    assert inside.state["source"]["title"] == "ml-lead"


async def test_what_was_read_and_from_where_stays_when_another_profile_is_opened_but_not_what_was_said(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    await choose(editor, "ml-lead")
    await copy(editor, "StudioWebPortal")
    await editor.load(domains[SSO], "nina-okafor")
    await settled(editor)
    assert inside.state["report"] is None
    assert inside.state["into"] == "nina-okafor"
    assert inside.state["source"]["title"] == "ml-lead"
    assert inside.sources.domain.value == domains[RESEARCH]
    assert inside.sources.profile.value == "ml-lead"


async def test_while_a_request_is_under_way_nothing_is_copied(
    inside: Starting, editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await choose(editor, "ml-lead")
    editor.settings.StudioWebPortal = "ENABLED"
    sandbox.answer_delay = 0.3
    editor.start(editor.submit())
    await until(lambda: editor.sending)
    assert inside.state["stop"]
    browser_sends(inside, do="copy", names=["ExecutionRole"])
    assert inside.state["report"]["severity"] == "information"
    assert editor.draft.changed == ("StudioWebPortal",)
    await settled(editor)
    sandbox.answer_delay = 0
    assert inside.state["stop"] == ""


# -- a new profile, and none ---------------------------------------------------------------------------------------


async def test_a_new_profile_takes_tags_too_when_they_are_ticked(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str], sandbox: Sandbox
) -> None:
    await choose(editor, "ml-lead")
    assert "Tags" not in rows(inside)
    await editor.load(domains[RESEARCH], create=True)
    await settled(editor)
    assert rows(inside)["Tags"]["on"] is False
    assert rows(inside)["CustomPosixUserConfig"]["on"] is True
    await copy(editor, LAB, "Tags")
    assert {tag["Key"] for tag in editor.request()["Tags"]} == {"team", "on-call"}
    assert [call.operation for call in sandbox.calls].count("ListTags") == 1


async def test_tags_that_may_not_be_listed_are_not_offered_and_said_once(
    editor: UserProfileEditor, domains: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:ListTags")
    await editor.load(domains[RESEARCH], create=True)
    inside = await opened(editor)
    await choose(editor, "ml-lead")
    assert "Tags" not in rows(inside)
    assert [row["severity"] for row in inside.state["source"]["rows"]] == ["information"]
    assert "tags could not be read" in inside.state["source"]["rows"][0]["message"]
    asked = [call.operation for call in sandbox.calls].count("ListTags")
    editor.settings.StudioWebPortal = "ENABLED"
    await settled(editor)
    assert [call.operation for call in sandbox.calls].count("ListTags") == asked


async def test_with_nothing_open_it_waits_for_a_profile_to_be_opened(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    try:
        inside = await opened(editor)
        assert inside.sources.domain_id == ""
        browser_sends(inside.sources.profile, do="choose", value="ml-lead")
        assert inside.sources.profile.note == "Choose a domain first."
        browser_sends(inside.sources.domain, do="choose", value=domains[RESEARCH])
        await choose(editor, "ml-lead")
        assert "Open a user profile" in inside.state["stop"]
        assert {(row["changes"], row["reason"]) for row in rows(inside).values()} == {(None, "")}
        assert (await copy(editor))["severity"] == "information"
        await editor.load(domains[RESEARCH], "bare")
        await settled(editor)
        assert inside.state["stop"] == ""
        assert rows(inside)["CustomPosixUserConfig"]["reason"]
        assert (await copy(editor))["severity"] == "success"
    finally:
        editor.close()


# -- the domain and presets ----------------------------------------------------------------------------------------


async def test_the_defaults_of_the_domain_are_read_at_once(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    browser_sends(inside, do="kind", value="domain")
    await settled(editor)
    assert inside.state["source"]["title"] == "the defaults of research"
    assert "no longer follows" in inside.state["source"]["hint"]
    assert inside.children == (inside.sources.domain,)
    await copy(editor, "StudioWebPortal")
    assert editor.settings.StudioWebPortal == "ENABLED"
    browser_sends(inside.sources.domain, do="choose", value=domains[SSO])
    await settled(editor)
    assert inside.state["source"]["title"] == "the defaults of studio-sso"
    assert inside.state["source"]["hint"] == ""


async def test_going_back_to_the_profiles_reads_the_one_that_was_chosen_again(
    inside: Starting, editor: UserProfileEditor
) -> None:
    await choose(editor, "ml-lead")
    for kind in ("domain", "preset", "profile"):
        browser_sends(inside, do="kind", value=kind)
    await settled(editor)
    assert inside.state["source"]["title"] == "ml-lead"
    assert inside.sources.profile.value == "ml-lead"


PRESET = "# Quiet\n# Nothing is shared.\nUserSettings: {SharingSettings: {NotebookOutputOption: Disabled}, New: {A: 1}}"


@pytest_asyncio.fixture
async def with_presets(sandbox: Sandbox, domains: dict[str, str], tmp_path: Path) -> AsyncIterator[UserProfileEditor]:
    (tmp_path / "quiet.yaml").write_text(PRESET, "utf-8")
    (tmp_path / "broken.yaml").write_text("UserSettings: {", "utf-8")
    made = UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection, presets=tmp_path)
    editor = await made.ready()
    await opened(editor)
    browser_sends(editor.starting.inside, do="kind", value="preset")
    await settled(editor)
    yield editor
    editor.close()


async def test_presets_of_a_folder_stand_beside_the_kits_and_a_broken_one_is_named(
    with_presets: UserProfileEditor,
) -> None:
    state = with_presets.starting.inside.state
    assert len(state["presets"]) == 4
    assert [(each["title"], each["about"]) for each in state["presets"]][-1] == ("Quiet", "Nothing is shared.")
    assert [line.partition(":")[0] for line in state["broken"]] == ["broken.yaml"]
    assert with_presets.starting.inside.children == ()


async def test_a_preset_goes_into_the_form_and_what_it_left_out_is_said(with_presets: UserProfileEditor) -> None:
    inside = with_presets.starting.inside
    browser_sends(inside, do="preset", value="quiet")
    assert [each["name"] for each in inside.state["presets"] if each["chosen"]] == ["quiet"]
    assert "no member “New”" in inside.state["source"]["rows"][0]["message"]
    report = await copy(with_presets)
    assert with_presets.settings.SharingSettings.NotebookOutputOption == "Disabled"
    assert any("no member “New”" in row["message"] for row in report["rows"])
    browser_sends(with_presets.tools, do="undo")
    assert not with_presets.changes


async def test_another_connection_forgets_what_was_chosen(
    inside: Starting, editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    browser_sends(inside.sources.domain, do="choose", value=domains[SSO])
    await choose(editor, "marin-r")
    browser_sends(editor.connecting, do="apply", values={"region": "us-east-1"})
    await settled(editor)
    assert inside.state["source"] is None
    assert inside.sources.profile.value == ""
    assert inside.sources.domain.value == editor.finder.domain_id != domains[SSO]


# -- a browser may send anything -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"do": "kind", "value": "cellar"},
        {"do": "kind", "value": ["profile"]},
        {"do": "preset", "value": "../../etc/passwd"},
        {"do": "preset", "value": {}},
        {"do": "way", "value": None},
        {"do": "copy", "names": "ExecutionRole"},
        {"do": "copy", "names": [["ExecutionRole"], {}, None, 7]},
        {"do": "go", "path": 3},
        {"do": "nothing"},
        {},
    ],
    ids=str,
)
async def test_what_the_page_may_not_ask_for_does_nothing(
    inside: Starting, editor: UserProfileEditor, content: dict[str, Any]
) -> None:
    await choose(editor, "ml-lead")
    before = {name: value for name, value in inside.state.items() if name != "report"}
    browser_sends(inside, **content)
    await settled(editor)
    assert {name: value for name, value in inside.state.items() if name != "report"} == before
    assert not editor.changes
    assert editor.place.state["notice"] is None


async def test_the_loader_opens_for_a_file(inside: Starting, editor: UserProfileEditor) -> None:
    browser_sends(inside, do="file")
    assert editor.loader.expanded


async def test_a_program_copies_the_same_way(editor: UserProfileEditor, domains: dict[str, str]) -> None:
    start = editor.starting
    assert await start.copy_from(preset="gpu-development", parts=["SpaceStorageSettings"])
    assert editor.draft.changed == ("SpaceStorageSettings",)
    changes = await start.copy_from(profile="marin-r", domain_id=domains[SSO], add=True)
    assert {change.path.split(".")[1] for change in changes} == {"RStudioServerProAppSettings", "RSessionAppSettings"}
    assert await start.copy_from(parts=["StudioWebPortal"])
    assert start.inside.state["source"]["title"] == "the defaults of research"
    assert await start.copy_from(profile="nobody", domain_id=domains[RESEARCH]) == ()
    assert start.inside.state["report"]["severity"] == "error"
    with pytest.raises(ValueError, match="gpu-development"):
        await start.copy_from(preset="cpu-development")
    for _ in range(3):
        editor.draft.history.undo()
    assert not editor.changes
