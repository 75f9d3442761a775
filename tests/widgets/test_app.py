from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from profile_widgets import Connection, UserProfileEditor
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.finder import NEW
from tests.widgets.conftest import RESEARCH, alive, browser_sends, browser_sets, settled, until


async def test_a_profile_is_opened_edited_and_updated(
    editor: UserProfileEditor, sagemaker: Any, domains: dict[str, str]
) -> None:
    editor.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    assert [change.path.rpartition(".")[2] for change in editor.changes] == ["InstanceType"]
    assert list(editor.request()["UserSettings"]) == ["JupyterLabAppSettings"]
    browser_sends(editor.review, do="submit")
    await settled(editor)
    assert editor.result is not None
    assert editor.result.status == "done"
    assert editor.result.arn.endswith("/analyst-1")
    stored = sagemaker.describe_user_profile(DomainId=domains[RESEARCH], UserProfileName="analyst-1")
    assert stored["UserSettings"]["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] == "ml.t3.large"
    assert editor.changes == ()
    assert editor.response.state["outcome"] == "done"
    assert "analyst-1" in editor.review.state["title"]


async def test_an_untouched_profile_sends_nothing(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    editor.form.expand()
    assert "UserSettings" not in editor.request()
    outcome = await editor.submit()
    assert outcome.status == "refused"
    assert "Nothing to send" in outcome.text
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]


async def test_no_seeded_profile_has_anything_to_send_before_it_is_edited(
    editor: UserProfileEditor, sandbox: Sandbox, sagemaker: Any
) -> None:
    editor.form.expand()
    for row in sagemaker.list_user_profiles()["UserProfiles"]:
        await editor.load(row["DomainId"], row["UserProfileName"])
        assert editor.draft.name == row["UserProfileName"]
        assert "UserSettings" not in editor.request()
        outcome = await editor.submit()
        assert (outcome.status, "Nothing to send" in outcome.text) == ("refused", True)
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]


async def test_the_button_says_why_it_is_not_to_be_pressed(editor: UserProfileEditor) -> None:
    assert editor.review.state["button"]["reason"] == "Nothing to send: no setting was changed"
    editor.settings.ExecutionRole = "junk"
    assert editor.review.state["button"] == {
        "text": "Update analyst-1",
        "enabled": False,
        "reason": "2 problems to mend first",
        "busy": False,
        "kind": "submit",
    }


async def test_a_disabled_button_pressed_by_a_forged_message_sends_nothing(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    editor.settings.ExecutionRole = "junk"
    browser_sends(editor.review, do="submit")
    await settled(editor)
    assert editor.result is not None
    assert editor.result.status == "refused"
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]


async def test_a_double_click_sends_once(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    for _ in range(5):
        browser_sends(editor.review, do="submit")
    await settled(editor)
    assert len([call for call in sandbox.calls if call.operation == "UpdateUserProfile"]) == 1


async def test_a_new_profile_is_created_with_tags_and_then_edited_as_any_other(
    sandbox: Sandbox, sagemaker: Any, domains: dict[str, str]
) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], create=True, connection=sandbox.connection).ready()
    identity = editor.form.children[0]
    assert [child.name for child in identity.children] == ["UserProfileName", "Tags"]
    browser_sets(identity.child("UserProfileName"), value="analyst-2")
    browser_sends(identity.child("Tags"), do="add")
    browser_sets(identity.child("Tags").children[0].child("Key"), value="team")
    browser_sets(identity.child("Tags").children[0].child("Value"), value="fraud")
    editor.settings.CanvasAppSettings = {}
    editor.settings.SecurityGroups = ()
    assert editor.review.state["button"]["text"] == "Create analyst-2"
    outcome = await editor.submit()
    assert outcome.status == "done"
    stored = sagemaker.describe_user_profile(DomainId=domains[RESEARCH], UserProfileName="analyst-2")
    assert stored["UserSettings"] == {"CanvasAppSettings": {}, "SecurityGroups": []}
    tags = sagemaker.list_tags(ResourceArn=stored["UserProfileArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "fraud"}]
    assert identity not in editor.form.children
    assert editor.review.state["button"]["text"] == "Update analyst-2"
    editor.close()


async def test_a_domain_with_single_sign_on_asks_for_the_user(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains["studio-sso"], create=True, connection=sandbox.connection).ready()
    names = [child.name for child in editor.form.children[0].children]
    assert names == ["UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "Tags"]
    assert editor.request()["SingleSignOnUserIdentifier"] == "UserName"
    editor.close()


async def test_domains_and_profiles_are_chosen_from_lists(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    finder = editor.finder
    assert {row[1] for row in finder.domain.rows} == set(domains)
    assert editor.form not in editor.children
    browser_sends(finder.domain, do="choose", value=domains[RESEARCH])
    await settled(editor)
    assert "analyst-1" in [row[0] for row in finder.profile.rows]
    browser_sends(finder.profile, do="search", text="SCIENT")
    await settled(editor)
    assert [row[0] for row in finder.profile.rows] == ["data-scientist-1"]
    browser_sends(finder.profile, do="choose", value="data-scientist-1")
    await settled(editor)
    assert editor.review in editor.children
    assert finder.profile.status["text"] == "InService"
    browser_sends(finder.profile, do="choose", value=NEW)
    await settled(editor)
    assert editor.draft.create
    editor.close()


async def test_a_profile_typed_before_a_domain_is_chosen_asks_for_the_domain(sandbox: Sandbox) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    browser_sends(editor.finder.profile, do="choose", value="alice")
    await settled(editor)
    assert editor.finder.profile.note == "Choose a domain first."
    assert not [call for call in sandbox.calls if call.operation == "DescribeUserProfile"]
    editor.close()


async def test_a_domain_that_does_not_exist_is_a_sentence_and_the_profile_stays(editor: UserProfileEditor) -> None:
    here = editor.draft.domain_id
    browser_sends(editor.finder.domain, do="choose", value="d-000000000000")
    await settled(editor)
    assert "d-000000000000" in editor.place.state["notice"]["text"]
    assert editor.finder.domain.value == here
    assert editor.finder.profile.value == "analyst-1"


async def test_a_typed_domain_that_may_not_be_read_is_entered_all_the_same(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sagemaker:DescribeDomain")
    editor.finder._names.clear()
    browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
    await settled(editor)
    assert "marin-r" in [row[0] for row in editor.finder.profile.rows]


async def test_another_profile_is_not_opened_over_unsent_changes_without_asking(editor: UserProfileEditor) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    browser_sends(editor.finder.profile, do="choose", value="bare")
    await settled(editor)
    assert editor.draft.name == "analyst-1"
    assert [row[0] for row in editor.question.state["actions"]] == ["switch", "stay"]
    browser_sends(editor.question, do="stay")
    assert editor.finder.profile.value == "analyst-1"
    assert len(editor.changes) == 1
    browser_sends(editor.finder.profile, do="choose", value="bare")
    await settled(editor)
    browser_sends(editor.question, do="switch")
    await settled(editor)
    assert editor.draft.name == "bare"
    assert not editor.changes


async def test_a_profile_that_does_not_exist_is_a_sentence_and_loses_nothing(editor: UserProfileEditor) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    await editor.load(editor.draft.domain_id, "nobody")
    notice = editor.place.state["notice"]
    assert "nobody" in notice["text"]
    assert "Traceback" not in notice["text"]
    assert editor.draft.name == "analyst-1"
    assert len(editor.changes) == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"endpoint_url": "http://127.0.0.1:9"}, "could not be reached"),
        ({"region": "eu-wst-1"}, "eu-west-1"),
        ({"profile": "no-such-profile"}, "no-such-profile"),
    ],
)
async def test_a_connection_that_does_not_work_is_a_sentence(
    sandbox: Sandbox, domains: dict[str, str], settings: dict[str, Any], words: str
) -> None:
    connection = sandbox.connection.replace(**settings) if "endpoint_url" in settings else Connection(**settings)
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=connection.replace(attempts=1)).ready()
    text = (editor.place.state["notice"] or {}).get("text", "")
    assert words in text
    assert "Traceback" not in text
    editor.close()


async def test_no_credentials_are_a_sentence(sandbox: Sandbox, domains: dict[str, str]) -> None:
    connection = Connection(endpoint_url=sandbox.endpoint_url, region="eu-west-1")
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=connection).ready()
    assert "credentials" in editor.place.state["notice"]["text"].lower()
    editor.close()


async def test_a_refused_update_says_who_may_not_do_what_and_keeps_the_changes(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    editor.settings.StudioWebPortal = "DISABLED"
    outcome = await editor.submit()
    assert outcome.status == "failed"
    assert "UpdateUserProfile" in editor.response.state["text"]
    assert len(editor.changes) == 1


async def test_a_domain_that_may_not_be_read_is_said_and_the_rest_works(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sagemaker:DescribeDomain")
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    assert editor.place.state["notice"]["severity"] == "warning"
    assert editor.settings.ExecutionRole
    assert not [entry for entry in editor.form.board.values() if entry.get("origin") == "domain"]
    editor.close()


async def test_the_list_of_profiles_refused_leaves_a_quiet_note(sandbox: Sandbox, domains: dict[str, str]) -> None:
    sandbox.deny("sagemaker:ListUserProfiles")
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    browser_sends(editor.finder.profile, do="search", text="")
    await settled(editor)
    assert "may be typed" in editor.finder.profile.note
    assert editor.place.state["notice"] is None
    editor.close()


async def test_a_conflict_is_shown_with_a_way_on(editor: UserProfileEditor, sagemaker: Any) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    sagemaker.update_user_profile(
        DomainId=editor.draft.domain_id,
        UserProfileName="analyst-1",
        UserSettings={"DefaultLandingUri": "studio::relative/theirs"},
    )
    outcome = await editor.submit()
    assert outcome.status == "conflict"
    assert [action for action, _ in editor.response.state["actions"]] == ["reload", "merge", "overwrite"]
    browser_sends(editor.response, do="reload")
    assert editor.settings.DefaultLandingUri == "studio::relative/theirs"
    assert editor.changes == ()
    browser_sends(editor.tools, do="undo")
    assert editor.settings.StudioWebPortal == "DISABLED"


async def test_discard_goes_back_to_what_was_loaded(editor: UserProfileEditor) -> None:
    loaded = editor.settings.to_document()
    editor.settings.SecurityGroups = ()
    editor.settings.JupyterLabAppSettings.CustomImages = ()
    browser_sends(editor.review, do="discard")
    assert editor.settings.to_document() == loaded


async def test_the_request_is_shown_in_every_format(editor: UserProfileEditor) -> None:
    editor.settings.SecurityGroups = ()
    assert json.loads(editor.review.text) == editor.request()
    for name, _label in editor.review.formats:
        browser_sets(editor.review, format=name)
        assert editor.review.text == editor.export(name)
        assert "analyst-1" in editor.review.text
    browser_sets(editor.review, format="no-such-format")
    assert json.loads(editor.review.text) == editor.request()


async def test_place_says_where_and_as_whom(editor: UserProfileEditor) -> None:
    state = editor.place.state
    assert (state["sandbox"], state["region"], state["account"]) == (True, "eu-west-1", "123456789012")


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("profile-widgets")}


async def test_closing_frees_every_widget_and_thread(sandbox: Sandbox, domains: dict[str, str]) -> None:
    before, running = set(alive()), threads()
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    editor.form.expand()
    assert threads() > running
    editor.close()
    editor.close()
    assert set(alive()) == before
    await until(lambda: threads() <= running)


def test_without_a_running_loop_the_editor_brings_its_own(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection)
    editor._begun.result(20)
    editor.settings.StudioWebPortal = "DISABLED"
    assert asyncio.run(editor.submit()).status == "done"
    thread = editor._tasks._thread
    editor.close()
    assert isinstance(thread, threading.Thread)
    thread.join(10)
    assert not thread.is_alive()


async def test_choosing_another_domain_leaves_nothing_that_acts_on_the_old_one(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
    await settled(editor)
    assert editor.is_open
    browser_sends(editor.question, do="switch")
    await settled(editor)
    assert editor.children == editor._top
    assert "marin-r" in [row[0] for row in editor.finder.profile.rows]
    outcome = await editor.submit()
    assert (outcome.status, "no user profile is open" in outcome.text) == ("refused", True)
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]


async def test_a_new_profile_moves_to_the_domain_that_is_chosen(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], create=True, connection=sandbox.connection).ready()
    browser_sends(editor.finder.domain, do="search", text="")
    await settled(editor)
    browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
    await settled(editor)
    assert editor.draft.domain_id == domains["studio-sso"]
    assert editor.draft.create
    assert "SingleSignOnUserValue" in [child.name for child in editor.form.children[0].children]
    editor.close()


async def test_a_domain_without_a_name_asks_for_the_profile(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    assert editor.place.state["notice"] is None
    assert "analyst-1" in [row[0] for row in editor.finder.profile.rows]
    editor.close()


@pytest.mark.parametrize("create", [False, True])
async def test_a_name_without_a_domain_is_opened_when_the_domain_is_chosen(
    sandbox: Sandbox, domains: dict[str, str], create: bool
) -> None:
    name = "bob" if create else "bare"
    editor = await UserProfileEditor(user_profile_name=name, create=create, connection=sandbox.connection).ready()
    browser_sends(editor.finder.domain, do="choose", value=domains[RESEARCH])
    await settled(editor)
    assert editor.is_open
    assert (editor.draft.name, editor.draft.create) == (name, create)
    editor.close()


async def test_a_part_of_a_name_says_which_names_hold_it_and_keeps_the_domain(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    browser_sends(editor.finder.profile, do="choose", value="lead")
    await settled(editor)
    assert "ml-lead" in editor.place.state["notice"]["text"]
    browser_sends(editor.finder.profile, do="choose", value="nobody-at-all")
    await settled(editor)
    assert "nobody-at-all" in editor.place.state["notice"]["text"]
    assert editor.finder.domain.value == domains[RESEARCH]
    assert editor.finder.profile.value == "nobody-at-all"
    browser_sends(editor.finder.profile, do="choose", value="ANALYST-1")
    await settled(editor)
    assert editor.draft.name == "analyst-1"
    editor.close()


async def test_a_late_answer_to_an_older_search_is_dropped(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    with sandbox.hold("ListUserProfiles") as held:
        browser_sends(editor.finder.profile, do="search", text="")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(editor.finder.profile, do="search", text="lead")
        await asyncio.sleep(0.3)
        held.release()
        await settled(editor)
    assert [row[0] for row in editor.finder.profile.rows] == ["ml-lead"]


async def test_an_edit_typed_while_another_profile_loads_is_refused_in_words(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    editor.form.expand()
    (access,) = [each for each in editor.form.children if each.title == "Studio access and landing page"]
    with sandbox.hold("DescribeUserProfile") as held:
        loading = asyncio.ensure_future(editor.load(editor.draft.domain_id, "bare"))
        await asyncio.to_thread(held.wait_until_reached)
        browser_sets(access.child("DefaultLandingUri"), value="studio::typed")
        assert "not taken" in editor.form.notice["text"]
        assert access.child("DefaultLandingUri").value != "studio::typed"
        held.release()
        await loading
    assert editor.draft.name == "bare"
    assert editor.changes == ()


async def test_waiting_can_be_stopped_and_the_page_goes_on(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    sandbox.delay = 60
    editor.settings.StudioWebPortal = "DISABLED"
    browser_sends(editor.review, do="submit")
    await until(lambda: bool(editor.response._offered))
    browser_sends(editor.finder.profile, do="choose", value="bare")
    await asyncio.sleep(0.2)
    assert "under way" in editor.place.state["notice"]["text"]
    browser_sends(editor.response, do="stop")
    await settled(editor)
    sandbox.delay = 0
    assert editor.result is not None
    assert editor.result.status == "unknown"
    assert "stopped waiting" in editor.response.state["text"]
    assert not editor.review.state["button"]["busy"]


async def test_an_action_that_was_not_offered_is_ignored_even_when_the_browser_writes_it_in(
    editor: UserProfileEditor,
) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    browser_sets(editor.response, state={"actions": [["reload", "x"]]})
    browser_sends(editor.response, do="reload")
    await settled(editor)
    assert len(editor.changes) == 1


async def test_a_new_profile_that_is_discarded_begins_again(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], "zoe", create=True, connection=sandbox.connection).ready()
    editor.draft.model.Tags = [{"Key": "a", "Value": "b"}]
    editor.settings.StudioWebPortal = "DISABLED"
    browser_sends(editor.review, do="discard")
    assert editor.request() == {"DomainId": domains[RESEARCH]}
    editor.close()


async def test_of_two_profiles_chosen_in_a_row_the_last_one_is_shown(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    here = editor.draft.domain_id
    with sandbox.hold("DescribeUserProfile") as held:
        first = asyncio.ensure_future(editor.load(here, "nobody-at-all"))
        await asyncio.to_thread(held.wait_until_reached)
        second = asyncio.ensure_future(editor.load(here, "bare"))
        await asyncio.sleep(0)
        held.release()
        await asyncio.gather(first, second)
    assert (editor.draft.name, editor.finder.profile.value) == ("bare", "bare")
    assert editor.place.state["notice"] is None
    assert editor.form.busy == ""


async def test_no_list_is_read_for_a_profile_that_is_opened_and_lifecycles_only_when_one_is_edited(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await settled(editor)
    asked = [call.operation for call in sandbox.calls if call.operation.startswith("List")]
    assert set(asked) <= {"ListApps", "ListDomains"}, "the second is the test's own"
    editor.settings.ExecutionRole = "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"
    await settled(editor)
    assert "ListStudioLifecycleConfigs" not in [call.operation for call in sandbox.calls]
    wrong = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/code-editor-auto-stop-idle"
    for arns in ((wrong,), (wrong, wrong.replace("code-editor-auto-stop-idle", "lab-pip-mirror"))):
        editor.settings.JupyterLabAppSettings.LifecycleConfigArns = arns
        await settled(editor)
    asked = [call.operation for call in sandbox.calls if call.operation == "ListStudioLifecycleConfigs"]
    assert len(asked) == 1
    assert any("CodeEditor" in problem.message for problem in editor.problems)
