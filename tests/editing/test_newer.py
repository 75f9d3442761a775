"""Profiles that hold more than the installed botocore knows: nothing is lost, and what could be is refused."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.aws.gateway import Gateway
from profile_widgets.checks import INFORMATION, Problem
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.judgement import NEWER as NEWER_RULES
from profile_widgets.editing.judgement import Standing, judge
from profile_widgets.editing.outcome import REFUSED
from profile_widgets.model import documents as documents_of
from profile_widgets.model import shape
from profile_widgets.model.halves import escaped
from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.merging import merged
from tests.documents import documents
from tests.editing.conftest import DOMAIN, Load, sent, stored

DOCUMENTS = 1000
NEWER = {
    "SecurityGroups": ["sg-1"],
    "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}, "NewThing": {"On": True}},
    "NewAppSettings": {"Deep": [{"Value": 1}]},
}


async def raw(gateway: Gateway, name: str = "bare") -> dict[str, Any]:
    """Return the settings that are stored, with what botocore does not know."""
    return dict((await gateway.describe_user_profile(DOMAIN, name)).raw.get("UserSettings", {}))


def of_the_model(draft: ProfileDraft) -> list[Problem]:
    """Return the findings about the model's constraints; rules say more."""
    return [problem for problem in draft.problems if problem.rule in NEWER_RULES]


class TestUnknownMembers:
    async def test_other_sections_can_be_changed_and_nothing_is_dropped(
        self, load: Load, sandbox: Sandbox, gateway: Gateway
    ) -> None:
        sandbox.put_raw(DOMAIN, "bare", NEWER)
        draft = await load("bare")
        assert {(problem.path, problem.severity) for problem in draft.problems} == {
            ("UserSettings.JupyterLabAppSettings.NewThing", INFORMATION),
            ("UserSettings.NewAppSettings", INFORMATION),
        }
        draft.settings.SecurityGroups = ["sg-2"]
        draft.settings.CanvasAppSettings.KendraSettings.Status = "ENABLED"
        assert (await draft.submit()).ok
        assert await raw(gateway) == {
            **NEWER,
            "SecurityGroups": ["sg-2"],
            "CanvasAppSettings": {"KendraSettings": {"Status": "ENABLED"}},
        }

    async def test_the_section_that_holds_one_refuses_to_be_changed(
        self, load: Load, sandbox: Sandbox, gateway: Gateway
    ) -> None:
        sandbox.put_raw(DOMAIN, "bare", NEWER)
        draft = await load("bare")
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        (problem,) = [problem for problem in draft.problems if problem.blocks]
        assert (problem.path, problem.rule) == ("UserSettings.JupyterLabAppSettings", "unknown-stored")
        assert "“NewThing”" in problem.message
        assert "Upgrade boto3" in problem.message
        assert (await draft.submit()).status == REFUSED
        assert sent(sandbox) == []
        assert await raw(gateway) == NEWER

    async def test_a_kind_of_file_system_that_is_not_known_is_not_lost_either(
        self, load: Load, sandbox: Sandbox, gateway: Gateway
    ) -> None:
        if "CustomFileSystemConfigs" not in shape("UserSettings").members:
            pytest.skip("the installed botocore has no file systems")
        newer = {"CustomFileSystemConfigs": [{"NewFileSystemConfig": {"Id": "x"}}]}
        sandbox.put_raw(DOMAIN, "bare", newer)
        draft = await load("bare")
        assert draft.changes == ()
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok
        assert await raw(gateway) == {**newer, "SecurityGroups": ["sg-1"]}
        draft.settings.CustomFileSystemConfigs = ()
        assert "unknown-stored" in [problem.rule for problem in draft.problems if problem.blocks]

    def test_a_name_that_no_path_can_hold_does_not_break_the_judgement(self) -> None:
        request = {"DomainId": DOMAIN, "UserProfileName": "a"}
        assert judge(request, "UpdateUserProfile", Standing(unknown=["x-y", "a b.c"])) == ()

    @pytest.mark.parametrize("name", ["New[0", "New.Thing", "New]", ".", "a..b", "New\ud83d["])
    async def test_such_a_member_is_told_at_its_parent_and_guarded_there(
        self, load: Load, sandbox: Sandbox, name: str
    ) -> None:
        lab = {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium", name: 1}}
        sandbox.put_raw(DOMAIN, "bare", {"JupyterLabAppSettings": lab, name: {"On": True}})
        draft = await load("bare")
        assert sorted((problem.path, problem.severity) for problem in draft.problems) == [
            ("UserSettings", INFORMATION),
            ("UserSettings.JupyterLabAppSettings.DefaultResourceSpec", INFORMATION),
        ]
        assert all(escaped(name) in problem.message for problem in draft.problems)
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        (stop,) = [problem for problem in draft.problems if problem.blocks]
        assert (stop.path, stop.rule) == ("UserSettings.JupyterLabAppSettings", "unknown-stored")
        assert f"“{escaped(name)}”" in stop.message


class TestNewerValues:
    SPEC = "UserSettings.JupyterLabAppSettings.DefaultResourceSpec"

    async def test_a_newer_instance_type_is_kept_and_is_information_only(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        newer = {"DefaultResourceSpec": {"InstanceType": "ml.z9.big"}}
        sandbox.put_raw(DOMAIN, "bare", {"JupyterLabAppSettings": newer})
        draft = await load("bare")
        assert draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType == "ml.z9.big"
        assert draft.changes == ()
        draft.settings.JupyterLabAppSettings.CodeRepositories = [{"RepositoryUrl": "https://example.org/handbook"}]
        (problem,) = of_the_model(draft)
        assert (problem.path, problem.severity) == (f"{self.SPEC}.InstanceType", INFORMATION)
        sent_spec = draft.request()["UserSettings"]["JupyterLabAppSettings"]["DefaultResourceSpec"]
        assert sent_spec == {"InstanceType": "ml.z9.big"}
        draft.settings.JupyterLabAppSettings.CodeRepositories = None
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok
        assert stored(sagemaker, "bare")["JupyterLabAppSettings"] == newer

    async def test_another_unknown_value_than_the_stored_one_is_an_error(self, load: Load, sandbox: Sandbox) -> None:
        sandbox.put_raw(DOMAIN, "bare", {"StudioWebPortal": "SOMETIMES"})
        draft = await load("bare")
        draft.settings.StudioWebPortal = "NEVER"
        (problem,) = draft.problems
        assert (problem.path, problem.blocks) == ("UserSettings.StudioWebPortal", True)

    async def test_a_stored_item_may_move_in_its_list(self, load: Load, sandbox: Sandbox) -> None:
        if "StudioWebPortalSettings" not in shape("UserSettings").members:
            pytest.skip("the installed botocore has no list of known values")
        sandbox.put_raw(DOMAIN, "bare", {"StudioWebPortalSettings": {"HiddenMlTools": ["JumpStart", "NewTool"]}})
        draft = await load("bare")
        draft.settings.StudioWebPortalSettings.HiddenMlTools = ["NewTool"]
        assert [problem.severity for problem in of_the_model(draft)] == [INFORMATION]
        draft.settings.StudioWebPortalSettings.HiddenMlTools = ["NewTool", "OtherTool"]
        assert [problem.blocks for problem in of_the_model(draft)] == [True, False]

    async def test_a_stored_text_that_breaks_an_older_pattern_or_bound_is_kept_too(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        stored_spec = {"LifecycleConfigArn": "lcc:new-form", "InstanceType": "ml.t3.medium"}
        sandbox.put_raw(DOMAIN, "bare", {"JupyterLabAppSettings": {"DefaultResourceSpec": stored_spec}})
        draft = await load("bare")
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        assert [(each.path, each.severity) for each in of_the_model(draft)] == [
            (f"{self.SPEC}.LifecycleConfigArn", INFORMATION)
        ]


async def test_the_locked_sections_are_named_with_what_they_hold(load: Load, sandbox: Sandbox) -> None:
    sandbox.put_raw(DOMAIN, "bare", NEWER)
    draft = await load("bare")
    (path,) = draft.locked
    assert path == "UserSettings.JupyterLabAppSettings"
    assert "NewThing = “{'On': True}”" in draft.locked[path]
    assert "Upgrade boto3" in draft.locked[path]


def with_strangers(document: dict[str, Any], where: list[str]) -> dict[str, Any]:
    """Return settings with members that no botocore knows, at the top and inside the named structures."""
    found = copy.deepcopy(document)
    found["Stranger"] = {"Deep": [1, {"Deeper": None}, "text"]}
    for name in where:
        if isinstance(found.get(name), dict):
            found[name]["Stranger"] = ["kept"]
    return found


async def edit_and_submit(gateway: Gateway, before: dict[str, Any], edit: dict[str, Any]) -> bool:
    """Change sections that hold no stranger; tell whether something was sent. Everything else must be as before."""
    free = {name: value for name, value in edit.items() if "Stranger" not in before.get(name, ())}
    free.pop("CustomPosixUserConfig", None)  # AWS takes it on create only
    draft = ProfileDraft(gateway, DOMAIN, "bare")
    await draft.load()
    wanted = merged(draft.settings.to_document(), free, "merge", ())
    draft.settings.assign(wanted)
    for stop in [documents_of.steps(problem.path)[1] for problem in draft.problems if problem.blocks]:
        wanted = {name: value for name, value in wanted.items() if name != stop or name in draft.loaded}
        wanted |= {stop: draft.loaded[stop]} if stop in draft.loaded else {}
        free.pop(str(stop), None)
        draft.settings.assign(wanted)  # what AWS's rules forbid is left as it is
    outcome = await draft.submit()
    after = await raw(gateway)
    if outcome.status == REFUSED:
        assert outcome.text.startswith("Nothing to send"), outcome
        assert after == before
        return False
    assert outcome.ok, outcome
    assert after == {**before, **{name: wanted[name] for name in free}}
    return True


@pytest.mark.parametrize("count", [DOCUMENTS // 5, pytest.param(DOCUMENTS, marks=pytest.mark.long)])
def test_nothing_that_was_not_touched_is_ever_dropped(shared_sandbox: Sandbox, count: int) -> None:
    names = [name for name, member in shape("UserSettings").members.items() if member.is_structure]
    gateway = Gateway(shared_sandbox.connection)
    submitted: list[bool] = []

    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(documents(), documents(), st.lists(st.sampled_from(names), max_size=3))
    def holds(stored_before: dict[str, Any], edit: dict[str, Any], where: list[str]) -> None:
        before = with_strangers(stored_before, where)
        shared_sandbox.put_raw(DOMAIN, "bare", before)
        submitted.append(asyncio.run(edit_and_submit(gateway, before, edit)))

    shared_sandbox.reset()
    shared_sandbox.none_clears = ()
    try:
        holds()
    finally:
        shared_sandbox.none_clears = ("SageMakerImageVersionArn",)
        gateway.close()
    assert sum(submitted) > count / 3
