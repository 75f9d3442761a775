"""Edits that were not sent, kept on disk and offered again."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from tests.editing.conftest import DOMAIN, Load

ROLE = "arn:aws:iam::123456789012:role/service-role/Another"


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("draft-*") if each.is_file()]


async def test_what_was_edited_is_found_by_the_next_window(load: Load) -> None:
    (await load()).settings.ExecutionRole = ROLE
    later = await load()
    (kept,) = later.keeper.found()
    assert later.changes == ()
    assert [(change.path, change.after) for change in kept.changes] == [("UserSettings.ExecutionRole", ROLE)]


async def test_restoring_puts_the_edits_on_top_and_forgets_the_older_file(load: Load) -> None:
    (await load()).settings.ExecutionRole = ROLE
    later = await load()
    (kept,) = later.keeper.found()
    assert later.keeper.restore(kept) == ()
    assert later.settings.ExecutionRole == ROLE
    assert later.keeper.found() == ()
    (again,) = (await load()).keeper.found()
    assert again.settings["ExecutionRole"] == ROLE


async def test_restoring_is_one_edit_that_can_be_taken_back(load: Load) -> None:
    earlier = await load()
    earlier.settings.ExecutionRole = ROLE
    earlier.settings.StudioWebPortal = "DISABLED"
    later = await load()
    later.keeper.restore(later.keeper.found()[0])
    assert later.history.back == "2 settings"
    later.history.undo()
    assert later.changes == ()


async def test_a_draft_of_a_profile_that_changed_meanwhile_is_merged_by_field(load: Load, sagemaker: Any) -> None:
    earlier = await load()
    earlier.settings.ExecutionRole = ROLE
    earlier.settings.SecurityGroups = ["sg-mine0001"]
    theirs = {"SecurityGroups": ["sg-theirs01"], "StudioWebPortal": "DISABLED"}
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=theirs)
    later = await load()
    (kept,) = later.keeper.found()
    (clash,) = later.keeper.restore(kept)
    assert (clash.path, clash.theirs, clash.ours) == ("SecurityGroups", ["sg-theirs01"], ["sg-mine0001"])
    assert later.settings.StudioWebPortal == "DISABLED"
    assert later.settings.ExecutionRole == ROLE
    (said,) = [problem for problem in later.problems if problem.rule == "clash"]
    later.mend(said.fixes[0])
    assert later.settings.SecurityGroups == ("sg-theirs01",)
    assert [problem for problem in later.problems if problem.rule == "clash"] == []


async def test_nothing_edited_keeps_nothing(load: Load, data_folder: Path) -> None:
    draft = await load()
    draft.settings.ExecutionRole = ROLE
    assert len(files(data_folder)) == 1
    draft.discard()
    assert files(data_folder) == []


async def test_a_submit_that_succeeded_keeps_nothing(load: Load, data_folder: Path) -> None:
    draft = await load()
    draft.settings.ExecutionRole = ROLE
    assert (await draft.submit()).ok
    assert files(data_folder) == []


async def test_a_new_profile_is_kept_under_its_domain_with_its_name_and_tags(load: Load) -> None:
    draft = await load("", create=True)
    draft.model.UserProfileName = "analyst-9"
    draft.model.Tags = [{"Key": "team", "Value": "blue"}]
    draft.settings.ExecutionRole = ROLE
    later = await load("", create=True)
    (kept,) = later.keeper.found()
    later.keeper.restore(kept)
    assert later.model.to_document() == draft.model.to_document()
    assert (await load()).keeper.found() == ()


async def test_two_windows_keep_their_edits_apart(load: Load) -> None:
    one, two = await load(), await load()
    one.settings.ExecutionRole = ROLE
    two.settings.StudioWebPortal = "DISABLED"
    found = (await load()).keeper.found()
    assert [kept.settings.get("ExecutionRole") == ROLE for kept in found] == [False, True]
    assert found[0].settings["StudioWebPortal"] == "DISABLED"


async def test_another_profile_is_not_offered_them(load: Load) -> None:
    (await load()).settings.ExecutionRole = ROLE
    assert (await load("bare")).keeper.found() == ()


async def test_files_are_for_their_owner_only(load: Load, data_folder: Path) -> None:
    (await load()).settings.ExecutionRole = ROLE
    (file,) = files(data_folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 99}', b"\xff\xfe"])
async def test_a_damaged_file_is_left_alone(load: Load, data_folder: Path, damage: bytes) -> None:
    (await load()).settings.ExecutionRole = ROLE
    (file,) = files(data_folder)
    file.write_bytes(damage)
    assert (await load()).keeper.found() == ()


async def test_a_draft_with_members_that_are_not_known_is_left_alone(load: Load, data_folder: Path) -> None:
    (await load()).settings.ExecutionRole = ROLE
    (file,) = files(data_folder)
    held = json.loads(file.read_text("utf-8").replace("ExecutionRole", "NewerRole"))
    file.write_text(json.dumps(held), "utf-8")
    assert (await load()).keeper.found() == ()
    assert file.exists()


async def test_a_folder_that_cannot_be_written_is_said_and_stops_no_edit(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", store=Store(tmp_path / "file"))
    await draft.load()
    draft.settings.ExecutionRole = ROLE
    assert draft.settings.ExecutionRole == ROLE
    assert "not kept on disk" in draft.keeper.note
    assert "PROFILE_WIDGETS_DATA_DIR" in draft.keeper.note
