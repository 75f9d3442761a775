"""Two editors on one profile: whoever comes second is told, and nothing of the first one's is lost."""

from __future__ import annotations

import random
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import CONFLICT, DONE, REFUSED
from profile_widgets.model import documents
from profile_widgets.model.labels import path_label
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Load, loaded, sent, stored

EDITS: dict[str, list[Any]] = {
    "SecurityGroups": [["sg-1"], ["sg-2", "sg-3"], []],
    "ExecutionRole": ["arn:aws:iam::123456789012:role/SageMakerDataScientistRole"],
    "JupyterLabAppSettings.DefaultResourceSpec.InstanceType": ["ml.t3.large", "ml.m5.xlarge"],
    "JupyterLabAppSettings.CodeRepositories": [[{"RepositoryUrl": "https://example.org/b"}]],
    "KernelGatewayAppSettings.DefaultResourceSpec.InstanceType": ["ml.t3.large", "ml.c5.large"],
    "SharingSettings.NotebookOutputOption": ["Disabled"],
    "CanvasAppSettings.KendraSettings.Status": ["ENABLED", "DISABLED"],
}


async def edited(load: Load) -> ProfileDraft:
    draft = await load()
    draft.settings.SecurityGroups = ["sg-1"]
    return draft


def edit(draft: ProfileDraft, rng: random.Random, paths: list[str]) -> None:
    """Change some fields to what they are not."""
    for path in paths:
        before = documents.get(draft.loaded, path)
        draft.settings.put(path, rng.choice([value for value in EDITS[path] if value != before] or [before]))


@pytest.mark.parametrize("part", range(4))
async def test_the_second_of_two_editors_is_told_in_a_hundred_cases_of_a_hundred(
    sandbox: Sandbox, gateway: Gateway, sagemaker: Any, part: int
) -> None:
    other = Gateway(sandbox.connection)
    noticed = 0
    for number in range(25):
        rng = random.Random(f"{part}/{number}")
        sandbox.reset()
        first, second = await loaded(other), await loaded(gateway)
        same = rng.random() < 0.3
        paths = rng.sample(sorted(EDITS), 4)
        edit(first, rng, paths[:2])
        edit(second, rng, paths[:2] if same else paths[2:])
        if not first.changes or not second.changes:
            first.settings.SecurityGroups, second.settings.SecurityGroups = ["sg-8"], ["sg-9"]
        wanted = second.request()
        told = await first.submit()
        assert told.status == DONE, told
        after = stored(sagemaker)
        outcome = await second.submit()
        assert stored(sagemaker) == after
        assert second.request() == wanted
        assert outcome.theirs is not None
        assert outcome.theirs.settings == after
        noticed += outcome.status == CONFLICT
    other.close()
    assert noticed == 25


async def test_of_two_who_create_one_profile_the_second_is_refused(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    first, second = await load("new-1", create=True), await load("New-1", create=True)
    first.settings.SecurityGroups = ["sg-1"]
    assert (await first.submit()).ok
    outcome = await second.submit()
    assert outcome.status == REFUSED
    assert outcome.theirs is not None
    assert sent(sandbox) == ["CreateUserProfile"]
    assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}


async def test_a_conflict_says_what_they_changed_and_sends_nothing(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await edited(load)
    theirs = {"CanvasAppSettings": {"KendraSettings": {"Status": "ENABLED"}}}
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=theirs)
    calls = len(sent(sandbox))
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert path_label("CanvasAppSettings.KendraSettings.Status") in outcome.text
    assert [(change.path, change.before, change.after) for change in outcome.differences] == [
        ("UserSettings.CanvasAppSettings.KendraSettings.Status", "DISABLED", "ENABLED")
    ]
    assert len(sent(sandbox)) == calls
    assert draft.settings.SecurityGroups == ("sg-1",)


async def test_after_loading_again_the_change_goes_through(load: Load, sandbox: Sandbox) -> None:
    draft = await edited(load)
    sandbox.put_raw(DOMAIN, "analyst-1", {"SecurityGroups": ["sg-9"]})
    assert (await draft.submit()).status == CONFLICT
    await draft.load()
    assert draft.settings.SecurityGroups == ("sg-9",)
    draft.settings.SecurityGroups = ["sg-1"]
    assert (await draft.submit()).ok


async def test_even_a_change_of_what_botocore_does_not_know_is_noticed(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await edited(load)
    sandbox.put_raw(DOMAIN, "analyst-1", {**stored(sagemaker), "NewAppSettings": {"On": True}})
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert "a member not known here" in outcome.text


async def test_the_same_settings_written_again_are_told_as_that(load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
    draft = await edited(load)
    sandbox.put_raw(DOMAIN, "analyst-1", stored(sagemaker))
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert "was written meanwhile; its settings read the same as before" in outcome.text
    assert outcome.differences == ()
    assert sent(sandbox) == []
    await draft.load()
    draft.settings.SecurityGroups = ["sg-1"]
    assert (await draft.submit()).ok


async def test_many_changes_are_not_all_named(load: Load, sandbox: Sandbox) -> None:
    draft = await edited(load)
    sandbox.put_raw(DOMAIN, "analyst-1", {})
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert len(outcome.differences) > 3
    assert f"and {len(outcome.differences) - 3} more" in outcome.text
