"""What a person may do on the page beside typing: take back, search, mend, merge, restore, put back, export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets import UserProfileEditor
from profile_widgets.sandbox import Sandbox
from tests.widgets.conftest import RESEARCH, browser_sends, browser_sets, settled, until

ROLE = "arn:aws:iam::123456789012:role/service-role/Another"
THEIRS = "arn:aws:iam::123456789012:role/service-role/Theirs"


@pytest.fixture
def somebody_else(sagemaker: Any, domains: dict[str, str]) -> Callable[..., None]:
    """Return what changes analyst-1 by another way than ours."""
    return lambda **settings: sagemaker.update_user_profile(
        DomainId=domains[RESEARCH], UserProfileName="analyst-1", UserSettings=settings
    )


async def again(editor: UserProfileEditor, sandbox: Sandbox) -> UserProfileEditor:
    """Open the same profile in another window."""
    draft = editor.draft
    return await UserProfileEditor(draft.domain_id, draft.name, connection=sandbox.connection).ready()


def offered(editor: UserProfileEditor) -> list[str]:
    return [action for action, _ in (editor.question.state or {"actions": []})["actions"]]


# -- undo, reset, search, fixes ------------------------------------------------------------------------------------


async def test_undo_and_redo_say_what_they_did(editor: UserProfileEditor) -> None:
    assert editor.tools.state["undo"] == {"label": "", "enabled": False}
    editor.settings.ExecutionRole = ROLE
    assert editor.tools.state["undo"] == {"label": "Execution role", "enabled": True}
    browser_sends(editor.tools, do="undo")
    assert editor.changes == ()
    assert editor.tools.state["note"] == "Taken back: Execution role"
    browser_sends(editor.tools, do="redo")
    assert editor.settings.ExecutionRole == ROLE


async def test_opening_a_profile_leaves_nothing_to_take_back(
    editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    editor.settings.ExecutionRole = ROLE
    await editor.load(domains[RESEARCH], "bare")
    assert editor.tools.state["undo"]["enabled"] is False
    browser_sends(editor.tools, do="undo")
    assert editor.changes == ()


async def test_everything_is_reset_in_one_step_that_can_be_taken_back(editor: UserProfileEditor) -> None:
    editor.settings.ExecutionRole = ROLE
    editor.settings.SecurityGroups = ()
    browser_sends(editor.tools, do="reset")
    assert editor.changes == ()
    browser_sends(editor.tools, do="undo")
    assert len(editor.changes) == 2


async def test_a_search_shows_what_it_finds_and_changes_nothing(editor: UserProfileEditor) -> None:
    before = editor.draft.model.to_document()
    browser_sends(editor.tools, do="search", text="idle timeout minutes jupyterlab")
    assert editor.form.only is not None
    assert all("IdleSettings" in path for path in editor.form.only["paths"])
    browser_sends(editor.tools, do="search", text="")
    assert editor.form.only is None
    assert editor.draft.model.to_document() == before


async def test_a_filter_shows_what_is_changed(editor: UserProfileEditor) -> None:
    editor.settings.ExecutionRole = ROLE
    browser_sends(editor.tools, do="filter", value="changed")
    assert editor.form.only == {"paths": ["UserSettings.ExecutionRole"]}
    assert editor.tools.state["filter"] == "changed"


async def test_a_way_out_of_a_finding_is_taken_by_one_press_and_can_be_taken_back(editor: UserProfileEditor) -> None:
    editor.settings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    (row,) = [each for each in editor.review.state["problems"] if each.get("fixes")]
    (number, label), *_ = row["fixes"]
    assert "system" in label
    browser_sends(editor.review, do="fix", id=number)
    assert editor.settings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType == "system"
    browser_sends(editor.tools, do="undo")
    assert editor.settings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType == "ml.t3.large"


async def test_a_forged_way_out_does_nothing(editor: UserProfileEditor) -> None:
    editor.settings.ExecutionRole = ROLE
    for number in ("", "no-such", None, 3, {"a": 1}):
        browser_sends(editor.review, do="fix", id=number)
        browser_sends(editor.form, do="fix", id=number)
    assert len(editor.changes) == 1


async def test_the_settings_in_force_are_shown_and_hidden(editor: UserProfileEditor) -> None:
    browser_sends(editor.tools, do="effective")
    assert editor.tools.state["effective"] is True
    origins = {row[4] for row in editor._effective.state["rows"]}
    assert {"set here", "from the domain"} <= origins
    editor.settings.ExecutionRole = ROLE
    assert ROLE in [row[3] for row in editor._effective.state["rows"]]
    browser_sends(editor._effective, do="close")
    assert editor._effective.state is None
    assert editor.tools.state["effective"] is False


# -- drafts --------------------------------------------------------------------------------------------------------


async def test_edits_that_were_not_sent_are_offered_after_a_reload_and_not_applied(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    editor.settings.ExecutionRole = ROLE
    later = await again(editor, sandbox)
    assert later.changes == ()
    assert offered(later) == ["restore", "forget", "later"]
    assert "Execution role" in later.question.state["text"]
    browser_sends(later.question, do="restore")
    assert later.settings.ExecutionRole == ROLE
    assert later.question.state is None
    later.close()


async def test_edits_that_were_thrown_away_are_not_offered_again(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    editor.settings.ExecutionRole = ROLE
    editor.close()
    later = await again(editor, sandbox)
    browser_sends(later.question, do="forget")
    later.close()
    last = await again(editor, sandbox)
    assert last.question.state is None
    last.close()


async def test_not_now_keeps_them_for_another_time(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    editor.settings.ExecutionRole = ROLE
    later = await again(editor, sandbox)
    browser_sends(later.question, do="later")
    assert later.question.state is None
    later.close()
    last = await again(editor, sandbox)
    assert offered(last) == ["restore", "forget", "later"]
    last.close()


async def test_edits_that_are_stored_by_now_are_not_offered(
    editor: UserProfileEditor, sandbox: Sandbox, somebody_else: Callable[..., None]
) -> None:
    editor.settings.ExecutionRole = ROLE
    somebody_else(ExecutionRole=ROLE)
    later = await again(editor, sandbox)
    assert later.question.state is None
    later.close()


async def test_over_a_profile_that_changed_meanwhile_they_are_merged_and_what_both_changed_is_named(
    editor: UserProfileEditor, sandbox: Sandbox, somebody_else: Callable[..., None]
) -> None:
    editor.settings.ExecutionRole = ROLE
    editor.settings.StudioWebPortal = "DISABLED"
    somebody_else(ExecutionRole=THEIRS)
    later = await again(editor, sandbox)
    assert "changed since" in later.question.state["text"]
    browser_sends(later.question, do="restore")
    assert "Execution role" in later.place.state["notice"]["text"]
    assert later.settings.StudioWebPortal == "DISABLED"
    assert "clash" in [problem.rule for problem in later.problems]
    later.close()


async def test_edits_that_the_person_gave_up_for_another_profile_are_not_offered_again(
    editor: UserProfileEditor,
) -> None:
    editor.settings.ExecutionRole = ROLE
    editor.finder.profile.rows = [["bare", "bare", ""]]
    browser_sends(editor.finder.profile, do="choose", value="bare")
    browser_sends(editor.question, do="switch")
    await settled(editor)
    assert editor.draft.name == "bare"
    browser_sends(editor.finder.profile, do="choose", value="analyst-1")
    await settled(editor)
    assert editor.draft.name == "analyst-1"
    assert editor.question.state is None


async def test_a_disk_that_takes_nothing_is_said_and_stops_no_edit(
    sandbox: Sandbox, domains: dict[str, str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PROFILE_WIDGETS_DATA_DIR", str(tmp_path / "file"))
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    editor.settings.ExecutionRole = ROLE
    assert "not kept on disk" in editor.place.state["notice"]["text"]
    outcome = await editor.submit()
    assert outcome.status == "refused"
    assert "PROFILE_WIDGETS_DATA_DIR" in outcome.text
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]
    editor.close()


# -- conflicts -----------------------------------------------------------------------------------------------------


async def test_a_conflict_can_be_merged_and_sent(
    editor: UserProfileEditor, somebody_else: Callable[..., None], sagemaker: Any
) -> None:
    editor.settings.StudioWebPortal = "DISABLED"
    somebody_else(ExecutionRole=THEIRS)
    assert (await editor.submit()).status == "conflict"
    assert editor.response.state["table"]["heads"] == ["Setting", "Loaded", "Theirs", "Yours"]
    browser_sends(editor.response, do="merge")
    assert "no field was changed by both" in editor.place.state["notice"]["text"]
    assert [change.path for change in editor.changes] == ["UserSettings.StudioWebPortal"]
    assert (await editor.submit()).ok
    found = sagemaker.describe_user_profile(DomainId=editor.draft.domain_id, UserProfileName="analyst-1")
    assert (found["UserSettings"]["ExecutionRole"], found["UserSettings"]["StudioWebPortal"]) == (THEIRS, "DISABLED")


async def test_a_merge_of_the_same_field_is_said_and_theirs_is_one_press_away(
    editor: UserProfileEditor, somebody_else: Callable[..., None]
) -> None:
    editor.settings.ExecutionRole = ROLE
    somebody_else(ExecutionRole=THEIRS)
    await editor.submit()
    browser_sends(editor.response, do="merge")
    assert "both changed Execution role" in editor.place.state["notice"]["text"]
    (row,) = [each for each in editor.review.state["problems"] if "Somebody else" in each["message"]]
    browser_sends(editor.review, do="fix", id=row["fixes"][0][0])
    assert editor.changes == ()


async def test_theirs_can_be_overwritten(editor: UserProfileEditor, somebody_else: Callable[..., None]) -> None:
    editor.settings.ExecutionRole = ROLE
    somebody_else(ExecutionRole=THEIRS)
    await editor.submit()
    browser_sends(editor.response, do="overwrite")
    assert (editor.changes[0].before, editor.changes[0].after) == (THEIRS, ROLE)
    assert (await editor.submit()).ok


async def test_what_a_submit_changed_can_be_put_back(editor: UserProfileEditor, sagemaker: Any) -> None:
    before = editor.settings.ExecutionRole
    editor.settings.ExecutionRole = ROLE
    assert (await editor.submit()).ok
    assert ["putback", "Put back what was there before"] in editor.response.state["actions"]
    browser_sends(editor.response, do="putback")
    assert editor.settings.ExecutionRole == before
    assert (await editor.submit()).ok
    found = sagemaker.describe_user_profile(DomainId=editor.draft.domain_id, UserProfileName="analyst-1")
    assert found["UserSettings"]["ExecutionRole"] == before


async def test_an_earlier_submit_can_be_put_back_after_a_reload_too(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    before = editor.settings.ExecutionRole
    assert editor.tools.state["earlier"] is False
    editor.settings.ExecutionRole = ROLE
    assert (await editor.submit()).ok
    later = await again(editor, sandbox)
    assert later.tools.state["earlier"] is True
    browser_sends(later.tools, do="earlier")
    (action, words), *_ = later.question.state["actions"]
    assert words.endswith("Execution role")
    browser_sends(later.question, do=action)
    assert later.settings.ExecutionRole == before
    assert [change.path for change in later.changes] == ["UserSettings.ExecutionRole"]
    later.close()


# -- rights, apps, members that are not known ----------------------------------------------------------------------


async def test_who_may_not_update_exports_for_the_administrator(editor: UserProfileEditor, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    editor.settings.ExecutionRole = ROLE
    await editor.submit()
    button = editor.review.state["button"]
    assert (button["kind"], button["text"]) == ("export", "Export for your administrator")
    assert button["enabled"] is True
    assert button["file"] == "update-analyst-1.json"
    assert len(editor.changes) == 1
    browser_sends(editor.review, do="exported")
    sandbox.allow()
    browser_sends(editor.response, do="retry")
    await settled(editor)
    assert editor.result is not None
    assert editor.result.ok
    assert editor.review.state["button"]["kind"] == "submit"


async def test_running_apps_are_named_before_security_groups_are_sent(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    sandbox.run_app(editor.draft.domain_id, "analyst-1", "JupyterLab", "default")
    await editor.load(editor.draft.domain_id, "analyst-1")
    await settled(editor)
    editor.settings.SecurityGroups = ["sg-0a1b2c3d4e5f60718"]
    said = " ".join(row["message"] for row in editor.review.state["problems"])
    assert "JupyterLab" in said
    assert "default" in said
    outcome = await editor.submit()
    assert outcome.status == "refused"
    sandbox.stop_app(editor.draft.domain_id, "analyst-1")
    assert (await editor.submit()).ok


async def test_a_section_with_members_that_are_not_known_refuses_edits_and_names_the_upgrade(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    stored = {"CanvasAppSettings": {"Paint": "oil"}}
    sandbox.put_raw(editor.draft.domain_id, "bare", stored)
    await editor.load(editor.draft.domain_id, "bare")
    editor.form.reveal("UserSettings.CanvasAppSettings.KendraSettings.Status")
    canvas = next(each for each in editor.form.children if each.place == "UserSettings.CanvasAppSettings")
    field = canvas.child("KendraSettings").child("Status")
    assert "Upgrade boto3" in field.locked
    browser_sets(field, value="ENABLED")
    assert editor.changes == ()
    assert field.value is None


# -- a kernel that died --------------------------------------------------------------------------------------------


async def test_a_submit_that_a_dead_kernel_left_is_brought_to_its_end_when_the_profile_is_opened(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    editor.settings.ExecutionRole = ROLE
    with sandbox.hold("UpdateUserProfile") as held:
        sending = editor._tasks.start(editor.submit())
        await until(lambda: held.wait_until_reached(0))
        sending.cancel()  # a cancelled submit leaves its intent, as a kill does
        await until(lambda: not editor.draft.busy)
    later = await again(editor, sandbox)
    await settled(later)
    assert later.result is not None
    assert later.result.ok
    assert later.response.state["outcome"] == "done"
    assert later.settings.ExecutionRole == ROLE
    assert later.question.state is None
    later.close()


async def test_a_lifecycle_configuration_of_another_app_is_told_once_the_account_was_asked(
    editor: UserProfileEditor, sagemaker: Any
) -> None:
    await settled(editor)
    found = sagemaker.list_studio_lifecycle_configs()["StudioLifecycleConfigs"]
    other = next(each for each in found if each["StudioLifecycleConfigAppType"] != "JupyterLab")
    editor.settings.JupyterLabAppSettings.LifecycleConfigArns = [other["StudioLifecycleConfigArn"]]
    await settled(editor)
    said = " ".join(row["message"] for row in editor.review.state["problems"])
    assert f"is made for {other['StudioLifecycleConfigAppType']}" in said


# -- one thing at a time -------------------------------------------------------------------------------------------


async def test_while_another_profile_is_loading_nothing_is_sent(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor.settings.ExecutionRole = ROLE
    with sandbox.hold("DescribeUserProfile") as held:
        loading = editor._tasks.start(editor.load(domains[RESEARCH], "bare"))
        await until(lambda: held.wait_until_reached(0))
        assert editor.review.state["button"]["enabled"] is False
        assert (await editor.submit()).status == "refused"
        held.release()
    await until(loading.done)
    assert editor.draft.name == "bare"
    assert not [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]


async def test_while_a_request_is_under_way_no_other_profile_is_opened(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor.settings.ExecutionRole = ROLE
    with sandbox.hold("UpdateUserProfile") as held:
        sending = editor._tasks.start(editor.submit())
        await until(lambda: held.wait_until_reached(0))
        await editor.load(domains[RESEARCH], "bare")
        assert editor.draft.name == "analyst-1"
        assert "under way" in editor.place.state["notice"]["text"]
        held.release()
    await until(sending.done)
    assert editor.result is not None
    assert editor.result.ok


async def test_what_was_refused_for_one_profile_is_not_said_of_another(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    editor.settings.ExecutionRole = ROLE
    await editor.submit()
    assert editor.review.state["button"]["kind"] == "export"
    sandbox.allow()
    await editor.load(domains[RESEARCH], "bare")
    assert editor.review.state["button"]["kind"] == "submit"


async def test_edits_are_kept_until_the_other_profile_could_be_read(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    editor.settings.ExecutionRole = ROLE
    sandbox.deny("sagemaker:DescribeUserProfile")
    editor.finder.profile.rows = [["bare", "bare", ""]]
    browser_sends(editor.finder.profile, do="choose", value="bare")
    browser_sends(editor.question, do="switch")
    await settled(editor)
    assert editor.settings.ExecutionRole == ROLE
    sandbox.allow()
    later = await again(editor, sandbox)
    assert offered(later) == ["restore", "forget", "later"]
    later.close()


async def test_what_has_no_way_back_is_named_and_nothing_false_is_said(
    editor: UserProfileEditor, domains: dict[str, str]
) -> None:
    await editor.load(domains[RESEARCH], "bare")
    editor.settings.ExecutionRole = ROLE
    assert (await editor.submit()).ok
    browser_sends(editor.response, do="putback")
    assert editor.changes == ()
    assert "Nothing of it can be put back: Execution role" in editor.place.state["notice"]["text"]


async def test_an_old_question_is_gone_once_something_is_sent(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor.settings.ExecutionRole = ROLE
    browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
    await until(lambda: editor.question.state is not None)
    with sandbox.hold("UpdateUserProfile") as held:
        sending = editor._tasks.start(editor.submit())
        await until(lambda: held.wait_until_reached(0))
        browser_sends(editor.question, do="switch")
        editor._deeds.answered("switch")  # as an answer that was on its way already
        held.release()
    await until(sending.done)
    assert editor.result is not None
    assert editor.result.ok
    assert (editor.settings.ExecutionRole, editor.changes) == (ROLE, ())


async def test_a_domain_that_is_chosen_while_a_profile_loads_stays_chosen(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    with sandbox.hold("DescribeUserProfile") as held:
        loading = editor._tasks.start(editor.load(domains[RESEARCH], "bare"))
        await until(lambda: held.wait_until_reached(0))
        browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
        held.release()
    await until(loading.done)
    await settled(editor)
    assert editor.finder.domain_id == domains["studio-sso"]
    assert editor.form.busy == ""
    assert not editor.is_open


async def test_a_new_profile_that_nobody_edited_keeps_nothing(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains["studio-sso"], create=True, connection=sandbox.connection).ready()
    editor.settings.ExecutionRole = ROLE
    browser_sends(editor.tools, do="undo")
    editor.close()
    later = await UserProfileEditor(domains["studio-sso"], create=True, connection=sandbox.connection).ready()
    assert later.question.state is None
    later.close()
