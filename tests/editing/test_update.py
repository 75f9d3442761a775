"""The main job without a screen: load a profile, edit it, see what will be sent, send it, and read it back."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import DONE, REFUSED, Step
from profile_widgets.model import Change, shape
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Load, sent, stored

NAMES = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
LAB = "UserSettings.JupyterLabAppSettings"
NONE_IS_ALLOWED = "None" in (shape("ResourceSpec").members["SageMakerImageVersionArn"].pattern or "")
NONE_CLEARS = "or send “None” instead" if NONE_IS_ALLOWED else "or set another one"
older = pytest.mark.skipif(not NONE_IS_ALLOWED, reason="the installed botocore does not know the word None")


class TestUntouched:
    @pytest.mark.parametrize("name", ["analyst-1", "bare", "ml-lead", "data-scientist-1", "new-hire-7"])
    async def test_an_untouched_profile_has_no_change_no_problem_and_no_settings_to_send(
        self, load: Load, name: str
    ) -> None:
        draft = await load(name)
        assert draft.changes == ()
        assert [problem for problem in draft.problems if problem.blocks] == []
        assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": name}

    async def test_submitting_it_is_refused_as_nothing_to_send(self, load: Load, sandbox: Sandbox) -> None:
        outcome = await (await load()).submit()
        assert outcome.status == REFUSED
        assert outcome.text.startswith("Nothing to send")
        assert sent(sandbox) == []

    async def test_an_edit_that_was_taken_back_is_no_change(self, load: Load) -> None:
        draft = await load()
        spec = draft.settings.JupyterLabAppSettings.DefaultResourceSpec
        spec.InstanceType = "ml.t3.large"
        spec.InstanceType = "ml.t3.medium"
        draft.settings.KernelGatewayAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        draft.settings.KernelGatewayAppSettings.DefaultResourceSpec.InstanceType = None
        assert draft.changes == ()
        assert draft.request() == NAMES

    async def test_discarding_goes_back_to_what_was_loaded(self, load: Load, sagemaker: Any) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ()
        draft.settings.CanvasAppSettings = None
        draft.discard()
        assert draft.changes == ()
        assert draft.settings.to_document() == stored(sagemaker)


class TestAnUpdate:
    async def test_from_loading_to_reading_back(self, load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
        before = stored(sagemaker)
        draft = await load()
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"

        assert draft.changes == (Change(f"{LAB}.DefaultResourceSpec.InstanceType", "ml.t3.medium", "ml.t3.large"),)
        assert [problem for problem in draft.problems if problem.blocks] == []
        wanted = copy.deepcopy(before)
        wanted["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] = "ml.t3.large"
        request = draft.request()
        assert request == {**NAMES, "UserSettings": {"JupyterLabAppSettings": wanted["JupyterLabAppSettings"]}}

        steps: list[Step] = []
        outcome = await draft.submit(steps.append)
        assert (outcome.status, outcome.ok, outcome.differences) == (DONE, True, ())
        assert outcome.text == "analyst-1 was updated, and reading it back shows exactly what was asked for."
        assert outcome.operation == "UpdateUserProfile"
        assert outcome.request == request
        assert outcome.arn == outcome.response["UserProfileArn"]
        assert outcome.arn.endswith("/analyst-1")
        assert outcome.request_id
        assert stored(sagemaker) == wanted
        assert sent(sandbox) == ["UpdateUserProfile"]

        last = {step.key: step.state for step in steps}
        assert last == dict.fromkeys(("check", "compare", "send", "follow", "verify"), "done")
        assert draft.loaded == draft.settings.to_document() == wanted
        assert draft.request() == NAMES

    async def test_several_sections_travel_whole_and_the_others_stay_at_home(self, load: Load, sagemaker: Any) -> None:
        before = stored(sagemaker)
        draft = await load()
        draft.settings.ExecutionRole = "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"
        draft.settings.CanvasAppSettings.KendraSettings.Status = "ENABLED"
        draft.settings.CodeEditorAppSettings.LifecycleConfigArns = []
        settings = draft.request()["UserSettings"]
        assert list(settings) == ["ExecutionRole", "CanvasAppSettings", "CodeEditorAppSettings"]
        assert settings["CanvasAppSettings"] == {**before["CanvasAppSettings"], "KendraSettings": {"Status": "ENABLED"}}
        assert (await draft.submit()).ok
        after = stored(sagemaker)
        assert after == {**before, **settings}

    async def test_it_is_followed_through_its_statuses(self, load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
        draft = await load()
        sandbox.delay = 60
        draft.settings.DefaultLandingUri = "studio::"
        texts: list[str] = []

        def rest(step: Step) -> None:
            texts.append(step.text)
            if step.text == "AWS says Updating":
                sandbox.settle()

        outcome = await draft.submit(rest)
        assert outcome.ok
        assert "AWS says Updating" in texts
        assert texts.index("AWS says Updating") < texts.index("InService")
        assert stored(sagemaker)["DefaultLandingUri"] == "studio::"

    @pytest.mark.parametrize("semantics", ["merge", "replace"])
    @pytest.mark.parametrize("name", ["bare", "analyst-1", "ml-lead"])
    async def test_it_is_right_whether_the_service_merges_or_replaces(
        self, load: Load, sandbox: Sandbox, sagemaker: Any, semantics: Any, name: str
    ) -> None:
        sandbox.semantics = semantics
        before = stored(sagemaker, name)
        draft = await load(name)
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.m5.xlarge"
        draft.settings.SharingSettings.NotebookOutputOption = "Disabled"
        draft.settings.KernelGatewayAppSettings.LifecycleConfigArns = []
        wanted = draft.settings.to_document()
        assert (await draft.submit()).ok
        assert stored(sagemaker, name) == wanted
        untouched = set(before) - {"JupyterLabAppSettings", "SharingSettings", "KernelGatewayAppSettings"}
        assert {key: wanted[key] for key in untouched} == {key: before[key] for key in untouched}

    async def test_the_name_may_be_typed_in_other_letters(self, load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
        draft = await load("ANALYST-1")
        assert draft.name == "analyst-1"
        draft.settings.StudioWebPortal = "ENABLED"
        assert (await draft.submit()).ok
        assert stored(sagemaker)["StudioWebPortal"] == "ENABLED"
        assert sandbox.calls[-1].operation == "DescribeUserProfile"

    async def test_two_updates_one_after_the_other(self, load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
        draft = await load()
        for groups in (["sg-1"], ["sg-1", "sg-2"]):
            draft.settings.SecurityGroups = groups
            assert (await draft.submit()).ok
            assert stored(sagemaker)["SecurityGroups"] == groups
        assert sent(sandbox) == ["UpdateUserProfile"] * 2


class TestClearing:
    async def test_a_list_is_cleared_by_an_explicit_empty_one(self, load: Load, sagemaker: Any) -> None:
        before = stored(sagemaker)
        draft = await load()
        draft.settings.SecurityGroups = ()
        assert draft.changes == (Change("UserSettings.SecurityGroups", before["SecurityGroups"], []),)
        assert draft.request() == {**NAMES, "UserSettings": {"SecurityGroups": []}}
        assert (await draft.submit()).ok
        assert stored(sagemaker) == {**before, "SecurityGroups": []}

    @pytest.mark.parametrize("semantics", ["merge", "replace"])
    async def test_so_is_a_list_deep_inside(self, load: Load, sandbox: Sandbox, sagemaker: Any, semantics: Any) -> None:
        sandbox.semantics = semantics
        draft = await load()
        draft.settings.JupyterLabAppSettings.CustomImages = ()
        draft.settings.JupyterLabAppSettings.LifecycleConfigArns = ()
        assert (await draft.submit()).ok
        lab = stored(sagemaker)["JupyterLabAppSettings"]
        assert (lab["CustomImages"], lab["LifecycleConfigArns"]) == ([], [])
        assert lab["CodeRepositories"]

    async def test_a_stored_value_cannot_be_unset_and_that_is_said(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load()
        draft.settings.ExecutionRole = None
        (problem,) = draft.problems
        assert (problem.path, problem.rule, problem.blocks) == ("UserSettings.ExecutionRole", "unset", True)
        assert "no way to unset" in problem.message
        outcome = await draft.submit()
        assert outcome.status == REFUSED
        assert outcome.problems == (problem,)
        assert sent(sandbox) == []

    @pytest.mark.parametrize(
        ("path", "cure"),
        [
            ("SecurityGroups", "or clear it"),
            ("JupyterLabAppSettings.CustomImages", "or clear it"),
            ("JupyterLabAppSettings.DefaultResourceSpec.InstanceType", "or set another one"),
            ("JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn", NONE_CLEARS),
            ("CanvasAppSettings", "or change its values"),
        ],
    )
    async def test_the_way_out_is_named(self, load: Load, path: str, cure: str) -> None:
        draft = await load("ml-lead")
        draft.settings.put(path, None)
        problems = [problem for problem in draft.problems if problem.rule == "unset"]
        assert f"UserSettings.{path}" in [problem.path for problem in problems]
        assert all(cure in problem.message for problem in problems)

    @older
    async def test_the_word_none_clears_an_image_version_and_that_counts_as_done(
        self, load: Load, sagemaker: Any
    ) -> None:
        draft = await load("ml-lead")
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn = "None"
        assert [problem for problem in draft.problems if problem.blocks] == []
        outcome = await draft.submit()
        assert (outcome.ok, outcome.differences) == (True, ())
        spec = stored(sagemaker, "ml-lead")["JupyterLabAppSettings"]["DefaultResourceSpec"]
        assert "SageMakerImageVersionArn" not in spec
        assert draft.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn is None

    @older
    async def test_the_word_none_that_is_only_stored_counts_as_done_too(self, load: Load, sandbox: Sandbox) -> None:
        sandbox.none_clears = ()
        try:
            draft = await load("ml-lead")
            draft.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn = "None"
            assert (await draft.submit()).ok
        finally:
            sandbox.none_clears = ("SageMakerImageVersionArn",)


class TestBadInput:
    async def test_a_bad_value_is_refused_with_the_whole_list_and_nothing_is_sent(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load()
        draft.settings.ExecutionRole = "x"
        draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.huge"
        draft.settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb = "many"
        outcome = await draft.submit()
        assert outcome.status == REFUSED
        assert {problem.path for problem in outcome.problems if problem.blocks} == {
            "UserSettings.ExecutionRole",
            f"{LAB}.DefaultResourceSpec.InstanceType",
            "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb",
        }
        assert outcome.problems == draft.problems
        assert sent(sandbox) == []
        assert draft.settings.ExecutionRole == "x"

    async def test_a_draft_that_was_never_loaded_is_not_sent(self, gateway: Any, sandbox: Sandbox) -> None:
        draft = ProfileDraft(gateway, DOMAIN, "analyst-1")
        draft.settings.SecurityGroups = ["sg-1"]
        outcome = await draft.submit()
        assert outcome.status == REFUSED
        assert "Load it first" in outcome.text
        assert list(sandbox.calls) == []


class TestMeanwhile:
    async def test_edits_made_while_a_submit_is_under_way_are_kept(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        with sandbox.hold("UpdateUserProfile") as held:
            task = asyncio.ensure_future(draft.submit())
            assert await asyncio.to_thread(held.wait_until_reached)
            draft.settings.StudioWebPortal = "DISABLED"
            draft.settings.SecurityGroups = ["sg-1", "sg-2"]
            held.release()
            assert (await task).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
        assert draft.request()["UserSettings"] == {"SecurityGroups": ["sg-1", "sg-2"], "StudioWebPortal": "DISABLED"}
        assert (await draft.submit()).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1", "sg-2"]

    async def test_a_second_submit_is_refused_while_the_first_is_under_way(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        with sandbox.hold("UpdateUserProfile") as held:
            task = asyncio.ensure_future(draft.submit())
            assert await asyncio.to_thread(held.wait_until_reached)
            assert draft.busy
            second = await draft.submit()
            assert second.status == REFUSED
            assert "under way" in second.text
            held.release()
            assert (await task).ok
        assert sent(sandbox) == ["UpdateUserProfile"]
        assert not draft.busy

    async def test_a_profile_opened_while_another_is_sent_is_left_alone(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        with sandbox.hold("UpdateUserProfile") as held:
            task = asyncio.ensure_future(draft.submit())
            assert await asyncio.to_thread(held.wait_until_reached)
            await draft.open(DOMAIN, "bare")
            draft.settings.StudioWebPortal = "ENABLED"
            held.release()
            outcome = await task
        assert (outcome.ok, outcome.request["UserProfileName"]) == (True, "analyst-1")
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
        assert draft.request() == {
            "DomainId": DOMAIN,
            "UserProfileName": "bare",
            "UserSettings": {"StudioWebPortal": "ENABLED"},
        }

    async def test_of_two_profiles_asked_for_the_last_one_stays_though_the_first_one_answers_later(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load("bare")
        with sandbox.hold("DescribeUserProfile") as held:
            first = asyncio.ensure_future(draft.open(DOMAIN, "ml-lead"))
            assert await asyncio.to_thread(held.wait_until_reached)
            await draft.open(DOMAIN, "new-1", create=True)
            held.release()
            await first
        assert (draft.name, draft.create, draft.described) == ("new-1", True, None)
        assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": "new-1"}

    async def test_a_watcher_that_fails_does_not_stop_what_was_begun(
        self, load: Load, sagemaker: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]

        def fail(_step: Step) -> None:
            raise RuntimeError("the page is gone")

        assert (await draft.submit(fail)).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
        assert "could not be shown" in caplog.text


class TestInheritance:
    async def test_the_domains_defaults_are_beside_the_profiles_own_values(self, load: Load) -> None:
        draft = await load("bare")
        assert draft.loaded == {}
        assert draft.settings.to_document() == {}
        assert draft.defaults["StudioWebPortal"] == "ENABLED"

    async def test_a_domain_that_may_not_be_read_is_a_note_and_no_obstacle(self, load: Load, sandbox: Sandbox) -> None:
        sandbox.deny("sagemaker:DescribeDomain")
        draft = await load()
        assert draft.defaults == {}
        assert draft.domain is None
        assert draft.domain_note.startswith("What this profile inherits is not shown.")
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok

    async def test_a_domain_without_defaults_has_none(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load("nina-okafor", domain_id="d-4hw8zr1ns5ke")
        assert draft.domain is not None
        assert draft.domain.auth_mode == "SSO"
        assert sandbox.calls
