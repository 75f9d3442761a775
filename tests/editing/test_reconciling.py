"""Two people at one profile: take theirs, merge, overwrite; and putting back what was there before."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.protocol import Described
from profile_widgets.editing import reconciling
from profile_widgets.editing.journal import Journal
from profile_widgets.editing.outcome import CONFLICT
from profile_widgets.model.shapes import shape
from tests.editing.conftest import DOMAIN, Load, stored

MINE = "arn:aws:iam::123456789012:role/service-role/Mine"
THEIRS = "arn:aws:iam::123456789012:role/service-role/Theirs"
HANDBOOK = [{"RepositoryUrl": "https://example.org/handbook"}]


def somebody_else(sagemaker: Any, **settings: Any) -> None:
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=settings)


async def test_merging_keeps_the_fields_of_both(load: Load, sagemaker: Any) -> None:
    draft = await load()
    draft.settings.JupyterLabAppSettings.CodeRepositories = HANDBOOK
    somebody_else(
        sagemaker,
        ExecutionRole=THEIRS,
        JupyterLabAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.t3.xlarge"}},
    )
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert outcome.theirs is not None
    assert reconciling.merge(draft, outcome.theirs) == ()
    assert (await draft.submit()).ok
    found = stored(sagemaker)
    assert found["ExecutionRole"] == THEIRS
    assert found["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] == "ml.t3.xlarge"
    assert found["JupyterLabAppSettings"]["CodeRepositories"] == HANDBOOK


async def conflict(load: Load, sagemaker: Any) -> tuple[Any, Described]:
    draft = await load()
    draft.settings.ExecutionRole = MINE
    somebody_else(sagemaker, ExecutionRole=THEIRS, StudioWebPortal="DISABLED")
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert outcome.theirs is not None
    return draft, outcome.theirs


async def test_a_field_that_both_changed_is_named_and_theirs_is_one_press_away(load: Load, sagemaker: Any) -> None:
    draft, theirs = await conflict(load, sagemaker)
    (clash,) = reconciling.merge(draft, theirs)
    assert (clash.path, clash.theirs, clash.ours) == ("ExecutionRole", THEIRS, MINE)
    (said,) = [problem for problem in draft.problems if problem.rule == "clash"]
    assert THEIRS in said.message
    draft.mend(said.fixes[0])
    assert draft.changes == ()


async def test_a_merge_that_keeps_ours_can_be_sent(load: Load, sagemaker: Any) -> None:
    draft, theirs = await conflict(load, sagemaker)
    reconciling.merge(draft, theirs)
    assert (await draft.submit()).ok
    assert (stored(sagemaker)["ExecutionRole"], stored(sagemaker)["StudioWebPortal"]) == (MINE, "DISABLED")


async def test_taking_theirs_gives_up_our_edits_and_undo_brings_them_again(load: Load, sagemaker: Any) -> None:
    draft, theirs = await conflict(load, sagemaker)
    reconciling.take_theirs(draft, theirs)
    assert (draft.changes, draft.settings.ExecutionRole) == ((), THEIRS)
    draft.history.undo()
    assert draft.settings.ExecutionRole == MINE


async def test_overwriting_wants_our_sections_and_leaves_their_others(load: Load, sagemaker: Any) -> None:
    draft, theirs = await conflict(load, sagemaker)
    reconciling.overwrite(draft, theirs)
    assert [(change.path, change.before, change.after) for change in draft.changes] == [
        ("UserSettings.ExecutionRole", THEIRS, MINE)
    ]
    assert (await draft.submit()).ok
    assert stored(sagemaker)["StudioWebPortal"] == "DISABLED"


async def test_what_a_submit_changed_is_put_back_through_the_same_protocol(load: Load, sagemaker: Any) -> None:
    before = stored(sagemaker)
    draft = await load()
    draft.settings.ExecutionRole = MINE
    draft.settings.JupyterLabAppSettings.CodeRepositories = [{"RepositoryUrl": "https://example.org/handbook"}]
    outcome = await draft.submit()
    assert outcome.ok
    assert draft.folder is not None
    point = next(each for each in Journal(draft.folder).points() if each.id == outcome.point)
    lost = reconciling.put_back(draft, point.before, point.wanted)
    assert (await draft.submit()).ok
    found = stored(sagemaker)
    assert found["ExecutionRole"] == before["ExecutionRole"]
    assert lost == () or found["JupyterLabAppSettings"].get("CodeRepositories") == []


async def test_what_aws_cannot_unset_is_named_when_the_rest_is_put_back(load: Load) -> None:
    draft = await load("bare")
    draft.settings.ExecutionRole = MINE
    draft.settings.SecurityGroups = ["sg-0a1b2c3d"]
    assert (await draft.submit()).ok
    lost = reconciling.put_back(draft, {}, {"ExecutionRole": MINE, "SecurityGroups": ["sg-0a1b2c3d"]})
    assert lost == ("ExecutionRole",)
    assert draft.request()["UserSettings"] == {"SecurityGroups": []}


async def test_putting_back_leaves_what_was_changed_since(load: Load) -> None:
    draft = await load()
    before = draft.settings.to_document()
    draft.settings.ExecutionRole = MINE
    assert (await draft.submit()).ok
    wanted = draft.settings.to_document()
    draft.settings.StudioWebPortal = "DISABLED"
    assert (await draft.submit()).ok
    reconciling.put_back(draft, before, wanted)
    assert [change.path for change in draft.changes] == ["UserSettings.ExecutionRole"]


async def test_taking_edits_back_after_theirs_were_taken_takes_nothing_of_theirs_back(
    load: Load, sagemaker: Any
) -> None:
    draft = await load()
    draft.settings.ExecutionRole = MINE
    somebody_else(sagemaker, SecurityGroups=["sg-0a1b2c3d4e5f60718"], StudioWebPortal="DISABLED")
    outcome = await draft.submit()
    assert outcome.theirs is not None
    reconciling.take_theirs(draft, outcome.theirs)
    draft.history.undo()
    assert [change.path for change in draft.changes] == ["UserSettings.ExecutionRole"]
    assert draft.settings.SecurityGroups == ("sg-0a1b2c3d4e5f60718",)


async def test_taking_edits_back_after_a_merge_leaves_what_they_changed(load: Load, sagemaker: Any) -> None:
    draft = await load()
    draft.settings.DefaultLandingUri = "studio::"
    draft.settings.ExecutionRole = MINE
    somebody_else(sagemaker, StudioWebPortal="DISABLED")
    outcome = await draft.submit()
    assert outcome.theirs is not None
    reconciling.merge(draft, outcome.theirs)
    draft.history.undo()
    draft.history.undo()
    assert draft.changes == ()
    assert draft.settings.StudioWebPortal == "DISABLED"


async def test_what_was_sent_can_be_taken_back_as_a_new_edit(load: Load, sagemaker: Any) -> None:
    draft = await load()
    before = draft.settings.ExecutionRole
    draft.settings.ExecutionRole = MINE
    assert (await draft.submit()).ok
    draft.history.undo()
    assert [(change.before, change.after) for change in draft.changes] == [(MINE, before)]
    assert (await draft.submit()).ok
    assert stored(sagemaker)["ExecutionRole"] == before


async def test_a_structure_that_appeared_as_a_whole_is_put_back_as_far_as_its_members_can_be(load: Load) -> None:
    draft = await load("bare")
    wanted = {
        "JupyterLabAppSettings": {
            "CodeRepositories": HANDBOOK,
            "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"},
            "CustomImages": [],
        },
        "CanvasAppSettings": {},
    }
    draft.edit_settings(wanted)
    lost = reconciling.put_back(draft, {}, wanted)
    assert lost == ("JupyterLabAppSettings.DefaultResourceSpec.InstanceType",)
    assert draft.settings.to_document()["JupyterLabAppSettings"] == {
        "CodeRepositories": [],
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"},
        "CustomImages": [],
    }


@pytest.mark.skipif("AutoMountHomeEFS" not in shape("UserSettings").members, reason="newer than this botocore")
async def test_the_home_folders_mount_is_put_back_by_following_the_domain_again(load: Load) -> None:
    draft = await load("bare")
    draft.settings.AutoMountHomeEFS = "Enabled"
    assert (await draft.submit()).ok
    assert reconciling.put_back(draft, {}, {"AutoMountHomeEFS": "Enabled"}) == ()
    assert draft.request()["UserSettings"] == {"AutoMountHomeEFS": "DefaultAsDomain"}
    draft.settings.AutoMountHomeEFS = None
    (said,) = [problem for problem in draft.problems if problem.rule == "unset"]
    assert [fix.label for fix in said.fixes] == ["Back to the loaded value", "Choose DefaultAsDomain"]
