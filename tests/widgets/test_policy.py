"""The form and the page under a policy: what is hidden is nowhere, what is locked says why, what is refused is said."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.served import Visitor
from profile_widgets.widgets.app import UserProfileEditor
from profile_widgets.widgets.editors import Editor
from profile_widgets.widgets.instances import InstanceTypeField
from profile_widgets.widgets.sight import LEFT_OUT, READ_ONLY
from profile_widgets.widgets.structures import ItemsEditor, SectionEditor
from tests.widgets.conftest import RESEARCH, alive, browser_sends, browser_sets, settled
from tests.widgets.test_sight import IMAGE, LAB, RULES, TYPE, policy

ALICE = Visitor("alice", (), "proxy")
PORTAL, ROLE, NAME = "UserSettings.StudioWebPortal", "UserSettings.ExecutionRole", "analyst-1"
OPERATIONS = ["UpdateUserProfile", "DescribeUserProfile", "DescribeDomain", "ListApps", "sts:GetCallerIdentity"]


def editors(editor: Any) -> Iterator[Editor]:
    """Yield every editor that is built below a form or a section."""
    for child in editor.children:
        yield child
        if isinstance(child, (SectionEditor, ItemsEditor)):
            yield from editors(child)


def at(form: SettingsEditor, path: str) -> Any:
    """Return the editor of a setting, opened."""
    form.reveal(path)
    return next(each for each in editors(form) if each.place == path and each.path == path)


def told() -> str:
    """Return all that a browser can ask the kernel for: the state of every widget."""
    return json.dumps([widget.get_state() for widget in alive().values()], default=str)


# -- a form alone ----------------------------------------------------------------------------------------------------


@pytest.fixture
def locked_form() -> Iterator[SettingsEditor]:
    settings = UserSettings.from_document(
        {
            "ExecutionRole": "arn:aws:iam::123456789012:role/of-the-vault",
            "SharingSettings": {"S3OutputPath": "s3://vault/"},
            "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.p4d.24xlarge"}},
        }
    )
    made = SettingsEditor(settings, grant=policy().grant(ALICE))
    made.expand()
    for each in tuple(editors(made)):
        if isinstance(each, SectionEditor):
            each.expanded = True
    yield made
    made.close()


def test_what_is_hidden_is_not_made_and_in_no_state(locked_form: SettingsEditor) -> None:
    made = {each.place for each in editors(locked_form)}
    assert "StudioWebPortal" in made
    assert not {"ExecutionRole", "SharingSettings", "DefaultLandingUri", "CanvasAppSettings"} & made
    assert "vault" not in told()
    locked_form.look_for("vault")
    assert locked_form.look.counts["all"] == 0
    locked_form.look_for("execution role arn of the user")
    assert "ExecutionRole" not in json.dumps(locked_form.only)


def test_what_is_locked_says_so_and_by_whom(locked_form: SettingsEditor) -> None:
    image = at(locked_form, IMAGE.removeprefix("UserSettings."))
    assert (image.locked, image.menu) == (READ_ONLY, [])
    assert "“Of a test”" in image.reason
    assert "Ask the team." in image.reason
    assert image.catalog == ""
    groups = at(locked_form, "SecurityGroups")
    assert groups.locked == READ_ONLY
    section = next(each for each in locked_form.children if "SecurityGroups" in each.covers)
    assert "“Of a test”" in section.sealed
    assert next(each for each in locked_form.children if each.path == "JupyterLabAppSettings").sealed == ""


def test_a_page_that_sets_a_locked_field_is_refused_before_the_model_hears(locked_form: SettingsEditor) -> None:
    image = at(locked_form, IMAGE.removeprefix("UserSettings."))
    before = locked_form.settings.to_document()
    for value in ("arn:aws:sagemaker:eu-west-1:123456789012:image/other", ["a"], None, ""):
        browser_sets(image, value=value, locked="", reason="")
    for action in ("reset", "unset", "empty", "none", "inherit", "organisation", "add", "fix"):
        browser_sends(image, do=action)
    images = at(locked_form, "JupyterLabAppSettings.CustomImages")
    for content in ({"do": "add"}, {"do": "paste", "text": "a b"}, {"do": "empty"}, {"do": "remove", "index": 0}):
        browser_sends(images, **content)
    assert locked_form.settings.to_document() == before
    assert image.value is None


def test_only_allowed_values_are_offered_and_what_is_stored_stays(locked_form: SettingsEditor) -> None:
    kind = at(locked_form, TYPE.removeprefix("UserSettings."))
    assert isinstance(kind, InstanceTypeField)
    assert [row[0] for row in kind.choices] == ["ml.t3.medium", "ml.t3.large"]
    assert (kind.value, kind.hint) == ("ml.p4d.24xlarge", "the policy allows 2 values")
    kind.toggle()
    assert [row[0] for row in kind.children[0].rows] == ["ml.t3.medium", "ml.t3.large", "ml.p4d.24xlarge"]
    browser_sends(kind.children[0], do="choose", value="ml.m5.24xlarge")
    assert kind.value == "ml.p4d.24xlarge"


def test_the_organisations_words_and_value_are_offered(locked_form: SettingsEditor) -> None:
    portal = at(locked_form, "StudioWebPortal")
    assert portal.help == "Our own words."
    (row,) = [row for row in portal.menu if row[0] == "organisation"]
    assert row == ["organisation", "Set your organisation's value: ENABLED", ""]
    browser_sends(portal, do="organisation")
    assert portal.value == "ENABLED"
    assert ["organisation", row[1], "This is the value here already"] in portal.menu


def test_another_grant_makes_the_sections_anew(locked_form: SettingsEditor) -> None:
    browser_sets(at(locked_form, "StudioWebPortal"), value="DISABLED")
    wider = policy(read=["*"], hide=["SecurityGroups"]).grant(ALICE)
    locked_form.compare_with(locked_form.loaded, {}, grant=wider)
    assert at(locked_form, "ExecutionRole").locked == READ_ONLY
    assert at(locked_form, "StudioWebPortal").value == "DISABLED"
    locked_form.expand()
    assert "SecurityGroups" not in {each.place for each in editors(locked_form)}


# -- the page on a sandbox -------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def bound(sandbox: Any, domains: dict[str, str]) -> AsyncIterator[UserProfileEditor]:
    """Return the page of a visitor who may change two settings, sees a few, and not the execution role."""
    of_a_test = policy(
        operations=OPERATIONS,
        edit=[*RULES["edit"], "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"],
        allow=RULES["allow"]
        | {"JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes": {"min": 60, "max": 240}},
    )
    made = UserProfileEditor(domains[RESEARCH], NAME, connection=sandbox.connection, policy=of_a_test, visitor=ALICE)
    await made.ready()
    assert made.is_open, made.place.state
    yield made
    await settled(made)
    made.close()


IDLE = f"{LAB}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"


async def test_a_value_that_is_refused_stays_in_its_box_and_is_in_nothing_else(bound: UserProfileEditor) -> None:
    idle = at(bound.form, IDLE)
    before, held = idle.value, bound.settings.to_document()
    browser_sets(idle, value="5")
    assert (idle.value, bound.settings.to_document()) == ("5", held)
    assert bound.form.board[IDLE]["refused"]
    bound.form.refresh_board()
    assert idle.value == "5"
    browser_sets(idle, value=before)
    assert "refused" not in bound.form.board[IDLE]
    browser_sets(idle, value="5")
    (said,) = bound.form.board[IDLE]["problems"]
    assert said["severity"] == "error"
    assert said["message"].startswith("Not changed. “5” is not allowed. Allowed here: 60 to 240.")
    assert bound.form.notice is None
    assert not bound.changes
    browser_sets(idle, value="90")
    assert "problems" not in bound.form.board[IDLE]
    assert [each.path for each in bound.changes] == [IDLE]


@pytest.mark.parametrize("way", ["reset", "undo", "all", "load"])
async def test_what_was_refused_goes_where_edits_are_taken_back(bound: UserProfileEditor, way: str) -> None:
    idle, portal = at(bound.form, IDLE), at(bound.form, PORTAL)
    before = idle.value
    browser_sets(portal, value="DISABLED")
    browser_sets(idle, value="5")
    assert (idle.value, len(bound.changes)) == ("5", 1)
    if way == "reset":
        browser_sends(idle, do="reset")
    elif way == "load":
        await bound.load(bound.draft.domain_id, NAME)
        idle = at(bound.form, IDLE)
    else:
        browser_sends(bound.tools, do="undo" if way == "undo" else "reset")
    assert idle.value == before
    assert "refused" not in bound.form.board[IDLE]
    await settled(bound)


async def test_a_refused_request_names_every_locked_setting_and_how_much_else_is_in_it(
    bound: UserProfileEditor,
) -> None:
    settings = {
        "StudioWebPortal": "DISABLED",
        "SecurityGroups": ["sg-0123456789abcdef0"],
        "JupyterLabAppSettings": {"DefaultResourceSpec": {"SageMakerImageArn": "arn:aws:sagemaker:eu:1:image/x"}},
    }
    assert await bound.load_request(json.dumps({"UserSettings": settings})) is None
    report = bound.loader.state["report"]
    assert report["title"].startswith("Nothing was read. The policy does not let you set ")
    assert report["title"].endswith(". 1 other change would be allowed.")
    told = [row["message"].partition(": Locked by the policy")[0] for row in report["rows"]]
    assert len(told) == 2
    assert all(name in report["title"] for name in told)
    assert bound.changes == ()


async def test_a_visitor_begins_with_what_is_theirs_and_goes_on_as_they_chose(bound: UserProfileEditor) -> None:
    assert bound.tools.state["filter"] == "open"
    assert set(bound.form.only["paths"]) == {IDLE, TYPE, PORTAL}
    assert not any(section.expanded for section in bound.form.children)
    browser_sends(bound.tools, do="expand")
    assert all(section.expanded for section in bound.form.children)
    bound.opening.show()
    assert (bound.tools.state["filter"], bound.form.only) == ("all", None)
    assert bound.connecting.state["summary"] == "Whoever serves this page chose the connection."


async def test_a_hand_made_change_of_a_locked_field_is_refused_by_the_model_and_said_there(
    bound: UserProfileEditor,
) -> None:
    image = at(bound.form, IMAGE)
    before, held = image.value, bound.settings.to_document()
    browser_sets(image, value="arn:aws:sagemaker:eu-west-1:123456789012:image/theirs", locked="")
    assert (image.value, bound.settings.to_document()) == (before, held)
    (said,) = bound.form.board[IMAGE]["problems"]
    assert "Not changed. Locked by the policy “Of a test”" in said["message"]


async def test_the_page_shows_in_no_place_what_is_hidden(bound: UserProfileEditor) -> None:
    role = bound.draft.loaded["ExecutionRole"]
    bound.toggle_effective()
    browser_sets(at(bound.form, IDLE), value="90")
    browser_sets(bound.review, format="terraform")
    assert LEFT_OUT in bound.review.state["subtitle"]
    assert role not in bound.review.text
    assert "IdleTimeoutInMinutes" in bound.review.text or "idle_timeout" in bound.review.text
    bound.form.expand()
    outcome = await bound.submit()
    assert outcome.status == "done"
    assert role not in told()
    assert ROLE not in json.dumps(bound.form.board)


async def test_the_page_says_who_it_is_for_and_offers_what_is_theirs(bound: UserProfileEditor) -> None:
    assert bound.place.state["acting"] == (
        "You are alice (from your company's sign-in). This page acts as sandbox. "
        f"Policy: Of a test. It lets you change 3 settings of {NAME}."
    )
    assert ["open", "Yours to change", 3] in bound.tools.state["filters"]
    browser_sends(bound.tools, do="filter", value="open")
    assert set(bound.form.only["paths"]) == {IDLE, TYPE, PORTAL}
    assert bound.finder.profile.pinned == []


async def test_lists_that_the_policy_refuses_are_not_asked_for(bound: UserProfileEditor, sandbox: Any) -> None:
    await settled(bound)
    asked = len(sandbox.calls)
    for chooser in (bound.finder.domain, bound.finder.profile):
        browser_sends(chooser, do="search", text="a")
        assert "does not let these be listed" in chooser.note
    await settled(bound)
    assert len(sandbox.calls) == asked


async def test_who_has_one_profile_is_shown_it_and_no_other(sandbox: Any, domains: dict[str, str]) -> None:
    mine = policy({"template": "{user}", "domain_id": domains[RESEARCH]}, operations=OPERATIONS, profiles="own")
    analyst, asked = Visitor(NAME, (), "proxy"), len(sandbox.calls)
    editor = await UserProfileEditor(connection=sandbox.connection, policy=mine, visitor=analyst).ready()
    try:
        assert (editor.is_open, editor.draft.name) == (True, NAME)
        assert editor.finder.domain.fixed
        assert editor.finder.profile.fixed
        browser_sends(editor.finder.profile, do="choose", value="ml-lead")
        await settled(editor)
        assert editor.draft.name == NAME
        assert "It covers your own profile only" in editor.place.state["notice"]["text"]
        browser_sets(editor.starting, expanded=True)
        await settled(editor)
        assert editor.starting.inside.state["kinds"] == ["domain", "preset", "organisation"]
        assert [row["name"] for row in editor.starting.inside.state["parts"]] == [
            "StudioWebPortal",
            "JupyterLabAppSettings",
        ]
        assert "Left out, for the policy" in json.dumps(editor.starting.inside.state["source"]["rows"])
        browser_sends(editor.starting.inside, do="kind", value="organisation")
        (part,) = editor.starting.inside.state["parts"]
        assert (part["label"], part["words"], part["on"]) == ("Access to Studio", "ENABLED", True)
        assert {call.operation for call in sandbox.calls[asked:]} <= {each.rpartition(":")[2] for each in OPERATIONS}
    finally:
        editor.close()


async def test_a_new_profile_is_named_and_begins_with_the_organisations_values(
    sandbox: Any, domains: dict[str, str]
) -> None:
    helping = policy(operations=[*OPERATIONS, "CreateUserProfile"], allow={TYPE: {"families": ["ml.t3"]}})
    editor = UserProfileEditor(
        domains[RESEARCH], "bob", create=True, connection=sandbox.connection, policy=helping, visitor=ALICE
    )
    try:
        await editor.ready()
        name = at(editor.form, "UserProfileName")
        assert (name.value, name.locked) == ("bob", "")
        assert "Tags" not in {each.place for each in editors(editor.form)}
        assert editor.settings.StudioWebPortal == "ENABLED"
        kind = at(editor.form, TYPE)
        assert kind.hint.startswith("the policy allows ")
        assert {row[0].rpartition(".")[0] for row in kind.choices} == {"ml.t3"}
        browser_sets(name, value="bobby")
        assert editor.request()["UserProfileName"] == "bobby"
        await settled(editor)
    finally:
        editor.close()


async def test_who_may_only_look_exports_instead_of_sending(sandbox: Any, domains: dict[str, str]) -> None:
    looking = policy(operations=OPERATIONS[1:], defaults=None)
    editor = UserProfileEditor(domains[RESEARCH], NAME, connection=sandbox.connection, policy=looking, visitor=ALICE)
    try:
        await editor.ready()
        button = editor.review.state["button"]
        assert (button["kind"], button["enabled"]) == ("export", False)
        assert at(editor.form, PORTAL).locked == READ_ONLY
        assert "look, and change nothing" in editor.place.state["acting"]
        await settled(editor)
    finally:
        editor.close()
