"""What AWS refuses, fails or does not have: a sentence, the edits kept, and nothing half done."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import DONE, FAILED, REFUSED, UNKNOWN, Step
from profile_widgets.errors import (
    AccessDenied,
    ProfileFailedError,
    ProfileInUse,
    ProfileNotFound,
    ProfileWidgetsError,
    Throttled,
)
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Load, sent, stored


class TestLoading:
    @pytest.mark.parametrize(("domain_id", "name"), [(DOMAIN, "nobody"), ("d-000000000000", "analyst-1")])
    async def test_a_profile_or_domain_that_does_not_exist_is_an_error_in_words(
        self, gateway: Any, domain_id: str, name: str
    ) -> None:
        draft = ProfileDraft(gateway, domain_id, name)
        with pytest.raises(ProfileNotFound) as caught:
            await draft.load()
        assert name in str(caught.value) or domain_id in str(caught.value)

    async def test_what_cannot_be_opened_leaves_everything_as_it_was(self, load: Load) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        request = draft.request()
        with pytest.raises(ProfileNotFound):
            await draft.open(DOMAIN, "nobody")
        assert draft.name == "analyst-1"
        assert draft.request() == request

    @pytest.mark.parametrize(
        "odd",
        [
            {"ExecutionRole": 5},
            {"SecurityGroups": ["sg-1", 7]},
            {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": 7}]}},
        ],
    )
    async def test_what_has_no_place_in_the_model_leaves_everything_as_it_was(
        self, load: Load, sandbox: Sandbox, gateway: Any, odd: dict[str, Any]
    ) -> None:
        sandbox.put_raw(DOMAIN, "bare", odd)
        draft = await load("new-1", create=True)
        draft.settings.SecurityGroups = ["sg-1"]
        request, opened = draft.request(), draft.opened
        told: list[object] = []
        draft.model.on_change(told.append)
        with pytest.raises(ProfileWidgetsError, match="cannot be edited here") as caught:
            await draft.open(DOMAIN, "bare")
        assert f"UserSettings.{next(iter(odd))}" in str(caught.value)
        assert "load it again" in str(caught.value)
        with pytest.raises(ProfileWidgetsError):
            draft.take(await gateway.describe_user_profile(DOMAIN, "bare"))
        assert (draft.request(), draft.opened, draft.create) == (request, opened, True)
        assert (draft.described, draft.loaded, told) == (None, {}, [])

    async def test_without_permission_to_read_it_is_access_denied(self, load: Load, sandbox: Sandbox) -> None:
        sandbox.deny("sagemaker:DescribeUserProfile")
        with pytest.raises(AccessDenied):
            await load()


async def edited(load: Load) -> ProfileDraft:
    draft = await load()
    draft.settings.SecurityGroups = ["sg-1"]
    return draft


class TestSending:
    async def test_without_permission_to_update_nothing_changes_and_the_edits_stay(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        before = stored(sagemaker)
        draft = await edited(load)
        sandbox.deny("sagemaker:UpdateUserProfile")
        steps: list[Step] = []
        outcome = await draft.submit(steps.append)
        assert outcome.status == FAILED
        assert isinstance(outcome.error, AccessDenied)
        assert outcome.text == str(outcome.error)
        assert outcome.request_id
        assert steps[-1] == Step("send", "UpdateUserProfile was refused", "failed")
        assert stored(sagemaker) == before
        assert draft.settings.SecurityGroups == ("sg-1",)

    async def test_without_permission_to_read_again_nothing_is_sent(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)
        sandbox.deny("sagemaker:DescribeUserProfile")
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert outcome.text.startswith("Nothing was sent.")
        assert sent(sandbox) == []

    async def test_a_throttled_write_is_not_repeated_by_itself_and_works_when_tried_again(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await edited(load)
        sandbox.throttle(1, "UpdateUserProfile")
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert isinstance(outcome.error, Throttled)
        assert outcome.error.retryable
        assert sent(sandbox) == ["UpdateUserProfile"]
        assert (await draft.submit()).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]

    async def test_a_throttled_read_is_asked_again(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)
        sandbox.throttle(1, "DescribeUserProfile")
        assert (await draft.submit()).ok

    async def test_an_update_that_ends_badly_shows_awss_reason_and_can_be_tried_again(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        before = stored(sagemaker)
        draft = await edited(load)
        sandbox.fail_next("UpdateUserProfile", reason="<b>Subnet</b> is full.")
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert isinstance(outcome.error, ProfileFailedError)
        assert outcome.text == "AWS ended this as Update_Failed: <b>Subnet</b> is full."
        assert stored(sagemaker) == before
        assert draft.settings.SecurityGroups == ("sg-1",)
        assert (await draft.submit()).ok

    async def test_an_update_that_ends_badly_without_a_reason_says_so(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)
        sandbox.fail_next("UpdateUserProfile", reason=" ")
        assert "AWS ended this as Update_Failed" in (await draft.submit()).text

    async def test_awss_findings_come_back_as_problems_of_their_fields(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)
        sandbox.fail_next(
            "UpdateUserProfile",
            code="ValidationException",
            message="2 validation errors detected: Value 'x' at 'userSettings.executionRole' failed to satisfy "
            "constraint: Member must be a role; Value 'y' at 'userSettings.jupyterLabAppSettings.customImages.2."
            "member.imageName' failed to satisfy constraint: Member must be there",
        )
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert [(problem.path, problem.message, problem.rule) for problem in outcome.problems] == [
            ("UserSettings.ExecutionRole", "Member must be a role", "aws"),
            ("UserSettings.JupyterLabAppSettings.CustomImages[1].ImageName", "Member must be there", "aws"),
        ]

    async def test_running_apps_that_stand_in_the_way_are_seen_before_anything_is_sent(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await edited(load)
        sandbox.run_app(DOMAIN, "analyst-1")
        outcome = await draft.submit()
        assert outcome.status == REFUSED
        assert [problem.path for problem in outcome.problems if problem.blocks] == ["UserSettings.SecurityGroups"]
        assert sent(sandbox) == []

    async def test_where_apps_may_not_be_listed_aws_tells_that_they_stand_in_the_way(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await edited(load)
        sandbox.deny("sagemaker:ListApps")
        sandbox.run_app(DOMAIN, "analyst-1")
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert isinstance(outcome.error, ProfileInUse)
        assert "InService" in outcome.error.message
        assert outcome.point == ""

    async def test_a_profile_that_is_gone_is_not_written(self, load: Load, sandbox: Sandbox, sagemaker: Any) -> None:
        draft = await load("bare")
        draft.settings.StudioWebPortal = "ENABLED"
        sagemaker.delete_user_profile(DomainId=DOMAIN, UserProfileName="bare")
        outcome = await draft.submit()
        assert outcome.status == FAILED
        assert isinstance(outcome.error, ProfileNotFound)
        assert sent(sandbox) == []

    async def test_when_reading_back_is_forbidden_the_end_is_not_known(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)

        def lock(step: Step) -> None:
            if step.key == "send" and step.state == "done":
                sandbox.deny("sagemaker:DescribeUserProfile")

        outcome = await draft.submit(lock)
        assert outcome.status == UNKNOWN
        assert outcome.text.startswith("It is not known how this ended.")
        assert outcome.arn.endswith("/analyst-1")
        assert draft.settings.SecurityGroups == ("sg-1",)

    async def test_what_the_service_stores_otherwise_is_shown_not_hidden(self, load: Load, sandbox: Sandbox) -> None:
        draft = await edited(load)

        def meddle(step: Step) -> None:
            if step.key == "send" and step.state == "done":
                sandbox.put_raw(DOMAIN, "analyst-1", {"SecurityGroups": ["sg-2"]})

        outcome = await draft.submit(meddle)
        assert (outcome.status, outcome.ok) == (DONE, False)
        assert "does not hold exactly" in outcome.text
        first = outcome.differences[0]
        assert ("SecurityGroups", ["sg-1"], ["sg-2"]) in [(c.path, c.before, c.after) for c in outcome.differences]
        assert first.before != first.after
        assert draft.loaded == {"SecurityGroups": ["sg-2"]}
