"""Edits that were not sent, kept on disk and offered again."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from tests.editing.conftest import DOMAIN, Load

ROLE = "arn:aws:iam::123456789012:role/service-role/Another"

HOLD = """
import sys, time
from pathlib import Path
from profile_widgets.editing.store import ProfileFolder, Store
let_go = ProfileFolder(Store(Path(sys.argv[1])), sys.argv[2]).hold(sys.argv[3])
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def held_elsewhere(file: Path) -> Iterator[None]:
    """Let another process hold a draft, and kill it in the end."""
    command = [sys.executable, "-c", HOLD, str(file.parents[2]), file.parent.name, file.stem]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.kill()


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("draft-*") if each.is_file()]


async def left(load: Load, name: str = "analyst-1", **settings: Any) -> None:
    """Edit in a window, and close it."""
    draft = await load(name)
    draft.edit_settings(draft.settings.to_document() | settings)
    draft.keeper.close()


async def test_what_was_edited_is_found_by_the_next_window(load: Load) -> None:
    (await load()).settings.ExecutionRole = ROLE
    later = await load()
    (kept,) = later.keeper.found()
    assert later.changes == ()
    assert [(change.path, change.after) for change in kept.changes] == [("UserSettings.ExecutionRole", ROLE)]


async def test_restoring_puts_the_edits_on_top_and_forgets_the_older_file(load: Load) -> None:
    await left(load, ExecutionRole=ROLE)
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


async def test_what_was_typed_since_the_question_appeared_stays_under_what_is_restored(load: Load) -> None:
    await left(load, ExecutionRole=ROLE, SecurityGroups=["sg-kept00001"])
    later = await load()
    (kept,) = later.keeper.found()
    later.settings.StudioWebPortal = "DISABLED"
    later.settings.SecurityGroups = ["sg-typed0001"]
    assert later.keeper.restore(kept) == ()
    assert later.settings.StudioWebPortal == "DISABLED"
    assert later.settings.ExecutionRole == ROLE
    assert later.settings.SecurityGroups == ("sg-kept00001",)
    later.history.undo()
    assert later.settings.SecurityGroups == ("sg-typed0001",)


async def test_what_was_typed_of_a_new_profile_stays_too(load: Load) -> None:
    earlier = await load("", create=True)
    earlier.model.UserProfileName = "analyst-9"
    earlier.edit(earlier.model.to_document() | {"UserSettings": {"ExecutionRole": ROLE, "CanvasAppSettings": {}}})
    earlier.keeper.close()
    later = await load("", create=True)
    (kept,) = later.keeper.found()
    canvas = {"TimeSeriesForecastingSettings": {"Status": "ENABLED"}}
    typed = {"StudioWebPortal": "DISABLED", "CanvasAppSettings": canvas}
    later.edit({**later.model.to_document(), "UserProfileName": "typed", "UserSettings": typed})
    later.keeper.restore(kept)
    assert later.name == "analyst-9"
    assert later.settings.to_document() == {**typed, "ExecutionRole": ROLE}


class TestOpenWindows:
    async def test_edits_of_one_are_offered_as_such_and_only_copied(self, load: Load, data_folder: Path) -> None:
        open_one = await load()
        open_one.settings.ExecutionRole = ROLE
        other = await load()
        (kept,) = other.keeper.found()
        assert kept.live
        other.keeper.restore(kept)
        assert other.settings.ExecutionRole == ROLE
        assert len(files(data_folder)) == 2
        other.keeper.throw_away(kept)
        assert len(files(data_folder)) == 2
        open_one.discard()
        assert len(files(data_folder)) == 1

    async def test_once_closed_its_edits_are_left_over(self, load: Load, data_folder: Path) -> None:
        open_one = await load()
        open_one.settings.ExecutionRole = ROLE
        open_one.keeper.close()
        open_one.keeper.close()
        other = await load()
        (kept,) = other.keeper.found()
        assert not kept.live
        other.keeper.throw_away(kept)
        assert files(data_folder) == []

    async def test_one_that_was_closed_since_it_was_found_goes_unless_it_was_edited_since(
        self, load: Load, data_folder: Path
    ) -> None:
        open_one, other = await load(), await load()
        open_one.settings.ExecutionRole = ROLE
        (seen,) = other.keeper.found()
        open_one.settings.StudioWebPortal = "DISABLED"
        (newer,) = other.keeper.found()
        open_one.keeper.close()
        other.keeper.throw_away(seen)
        assert len(files(data_folder)) == 1
        other.keeper.throw_away(newer)
        assert files(data_folder) == []

    async def test_another_profile_in_the_same_window_lets_go_of_the_first_ones_edits(self, load: Load) -> None:
        draft = await load()
        draft.settings.ExecutionRole = ROLE
        await draft.open(DOMAIN, "bare")
        (kept,) = (await load()).keeper.found()
        assert not kept.live

    async def test_a_kernel_that_is_killed_lets_go(self, load: Load, data_folder: Path) -> None:
        await left(load, ExecutionRole=ROLE)
        (file,) = files(data_folder)
        with held_elsewhere(file):
            (kept,) = (await load()).keeper.found()
            assert kept.live
        (kept,) = (await load()).keeper.found()
        assert not kept.live


async def test_opening_sweeps_but_never_what_an_open_window_keeps(load: Load, data_folder: Path) -> None:
    open_one = await load()
    open_one.settings.ExecutionRole = ROLE
    (held,) = files(data_folder)
    await left(load, StudioWebPortal="DISABLED")
    for file in files(data_folder):
        os.utime(file, (0, 0))
    await load()
    assert files(data_folder) == [held]


async def test_what_cannot_be_deleted_is_said_and_nothing_raises(
    load: Load, data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await left(load, StudioWebPortal="DISABLED")
    draft = await load()
    (kept,) = draft.keeper.found()
    draft.settings.ExecutionRole = ROLE
    for file in files(data_folder):
        file.unlink()
        file.mkdir()
    draft.keeper.forget()
    assert "could not be deleted" in draft.keeper.note
    assert "cannot be deleted" in caplog.text
    draft.keeper.throw_away(kept)
    assert draft.keeper.found() == ()


async def test_a_time_without_its_zone_is_left_alone(load: Load, data_folder: Path) -> None:
    await left(load, ExecutionRole=ROLE)
    (file,) = files(data_folder)
    held = json.loads(file.read_text("utf-8"))
    held["document"]["kept"] = "2024-05-01T12:00:00"
    file.write_text(json.dumps(held), "utf-8")
    await left(load, ExecutionRole=ROLE)
    assert len((await load()).keeper.found()) == 1


async def test_a_home_that_is_not_known_stops_no_profile_from_being_opened(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROFILE_WIDGETS_DATA_DIR", "~no-such-person/kept")
    draft = await load()
    assert draft.keeper.found() == ()
    draft.settings.ExecutionRole = ROLE
    assert "not kept on disk" in draft.keeper.note
    assert "PROFILE_WIDGETS_DATA_DIR" in draft.keeper.note
