"""A submit that was cut off by a kill is taken up: its end is found, or it is sent again, once in all."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, Step
from profile_widgets.editing.store import Store
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Load, Proxy, loaded, sent, stored

UPDATE, CREATE = "UpdateUserProfile", "CreateUserProfile"
HOUR = timedelta(hours=1)


def journal(gateway: Gateway, name: str = "analyst-1") -> Journal:
    return Journal(Store().profile(gateway.where, DOMAIN, name))


async def cut_off(gateway: Gateway, settings: dict[str, Any], **changes: Any) -> Intent:
    """Leave behind what a kernel leaves that was killed when it had written down an update."""
    before = await gateway.describe_user_profile(DOMAIN, "analyst-1")
    request = {"DomainId": DOMAIN, "UserProfileName": "analyst-1", "UserSettings": settings}
    intent = dataclasses.replace(Intent.of(UPDATE, gateway.where, request, before), **changes)
    journal(gateway).begin(intent)
    return intent


def creation_cut_off(gateway: Gateway, settings: dict[str, Any], **changes: Any) -> Intent:
    request = {"DomainId": DOMAIN, "UserProfileName": "new-1", "UserSettings": settings}
    intent = dataclasses.replace(Intent.of(CREATE, gateway.where, request, None), **changes)
    journal(gateway, "new-1").begin(intent)
    return intent


def write(sagemaker: Any, settings: dict[str, Any]) -> None:
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=settings)


class TestNothing:
    async def test_without_a_submit_that_was_cut_off_there_is_nothing_to_take_up(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load()
        calls = len(sandbox.calls)
        assert await draft.take_up() is None
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok
        calls = len(sandbox.calls)
        assert await draft.take_up() is None
        assert len(sandbox.calls) == calls

    async def test_nor_while_no_profile_is_open(self, gateway: Gateway) -> None:
        assert await ProfileDraft(gateway).take_up() is None

    async def test_one_that_another_window_is_busy_with_is_left_to_it(
        self, load: Load, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        draft = await load()
        with Store().profile(gateway.where, DOMAIN, "analyst-1").lock():
            assert await draft.take_up() is None
        assert sent(sandbox) == []
        assert journal(gateway).pending() is not None

    async def test_one_of_another_profile_is_not_ours(self, load: Load, gateway: Gateway) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        assert await (await load("bare")).take_up() is None
        assert journal(gateway).pending() is not None

    async def test_a_data_directory_that_cannot_be_used_holds_nothing_up(self, load: Load, gateway: Gateway) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        draft = await load()
        folder = draft.folder
        assert folder is not None
        (folder.path / "lock").unlink(missing_ok=True)
        (folder.path / "lock").mkdir()
        assert await draft.take_up() is None


class TestAnUpdate:
    async def test_one_that_arrived_is_done_and_taken_for_loaded(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        write(sagemaker, {"SecurityGroups": ["sg-1"]})
        draft.settings.StudioWebPortal = "DISABLED"
        steps: list[Step] = []
        outcome = await draft.take_up(steps.append)
        assert outcome is not None
        assert (outcome.status, outcome.ok, outcome.resent) == (DONE, True, False)
        assert outcome.arn.endswith("/analyst-1")
        assert sent(sandbox) == [UPDATE]
        assert draft.request()["UserSettings"] == {"StudioWebPortal": "DISABLED"}
        assert [step.key for step in steps][-1] == "verify"
        assert journal(gateway).pending() is None
        assert [point.status for point in journal(gateway).points()] == [DONE]

    async def test_a_young_one_that_left_no_trace_is_sent_again(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        outcome = await (await load()).take_up()
        assert outcome is not None
        assert (outcome.status, outcome.ok, outcome.resent) == (DONE, True, True)
        assert sent(sandbox) == [UPDATE]
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]

    @pytest.mark.parametrize("hours", [-1, 1])
    async def test_an_older_one_is_not_and_says_what_it_was(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, hours: int
    ) -> None:
        intent = await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        journal(gateway).note(dataclasses.replace(intent, begun=intent.begun - hours * HOUR))
        draft = await load()
        outcome = await draft.take_up()
        assert outcome is not None
        assert outcome.status == REFUSED
        assert outcome.text.startswith("Your change of 2")
        assert "did not arrive; nothing was sent again" in outcome.text
        assert outcome.request == intent.request
        assert sent(sandbox) == []
        assert await draft.take_up() is None
        assert journal(gateway).points() == ()

    async def test_one_that_was_sent_again_already_is_not_sent_a_third_time(
        self, load: Load, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]}, resent=True)
        outcome = await (await load()).take_up()
        assert outcome is not None
        assert outcome.status == REFUSED
        assert sent(sandbox) == []

    async def test_that_it_is_sent_again_is_on_disk_before_it_is(self, shaky: Gateway, proxy: Proxy) -> None:
        await cut_off(shaky, {"SecurityGroups": ["sg-1"]})
        seen: list[Intent | None] = []
        proxy.before[UPDATE] = lambda: seen.append(journal(shaky).pending())
        assert await (await loaded(shaky)).take_up() is not None
        assert [intent.resent for intent in seen if intent is not None] == [True]

    async def test_one_that_aws_accepted_is_never_sent_again(
        self, load: Load, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        intent = await cut_off(gateway, {"SecurityGroups": ["sg-1"]}, accepted=True)
        draft = await load()
        outcome = await draft.take_up()
        assert outcome is not None
        assert outcome.status == UNKNOWN
        assert "AWS accepted the request, but analyst-1 still reads as before" in outcome.text
        assert journal(gateway).pending() == intent
        journal(gateway).note(dataclasses.replace(intent, begun=intent.begun - HOUR))
        again = await draft.take_up()
        assert again is not None
        assert again.status == FAILED
        assert "was accepted by AWS, but analyst-1 is as it was" in again.text
        assert journal(gateway).pending() is None
        assert sent(sandbox) == []

    async def test_when_somebody_else_wrote_since_it_is_a_conflict(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        write(sagemaker, {"SecurityGroups": ["sg-2"]})
        outcome = await (await load()).take_up()
        assert outcome is not None
        assert outcome.status == CONFLICT
        assert outcome.theirs is not None
        assert [change.path for change in outcome.differences] == ["UserSettings.SecurityGroups"]
        assert stored(sagemaker)["SecurityGroups"] == ["sg-2"]
        assert sent(sandbox) == [UPDATE]  # theirs
        assert journal(gateway).pending() is None

    async def test_one_that_aws_failed_is_told_as_that(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        sandbox.fail_next(UPDATE, reason="The subnet is full.")
        write(sagemaker, {"SecurityGroups": ["sg-1"]})
        draft = await load()
        outcome = await draft.take_up()
        assert outcome is not None
        assert (outcome.status, outcome.text) == (FAILED, "analyst-1 ended as Update_Failed: The subnet is full.")
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok

    async def test_one_that_is_still_under_way_is_followed(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        sandbox.delay = 60
        write(sagemaker, {"SecurityGroups": ["sg-1"]})
        texts: list[str] = []

        def rest(step: Step) -> None:
            texts.append(step.text)
            if step.text == "AWS says Updating":
                sandbox.settle()

        outcome = await (await load()).take_up(rest)
        assert outcome is not None
        assert outcome.ok
        assert "AWS says Updating" in texts

    async def test_when_the_profile_cannot_be_read_the_next_one_takes_it_up(
        self, load: Load, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        draft = await load()
        sandbox.deny("sagemaker:DescribeUserProfile")
        outcome = await draft.take_up()
        assert outcome is not None
        assert outcome.status == UNKNOWN
        assert outcome.text.startswith("It is not known how this ended. Your change of 2")
        sandbox.allow()
        again = await draft.take_up()
        assert again is not None
        assert again.ok
        assert sent(sandbox) == [UPDATE]

    async def test_two_windows_that_open_at_once_take_it_up_once(
        self, load: Load, gateway: Gateway, sandbox: Sandbox
    ) -> None:
        await cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        drafts = [await load(), await load()]
        outcomes = await asyncio.gather(*(draft.take_up() for draft in drafts))
        assert [outcome.status for outcome in outcomes if outcome is not None] == [DONE]
        assert sent(sandbox) == [UPDATE]


class TestACreation:
    async def test_one_that_arrived_is_done(
        self, load: Load, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        intent = creation_cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        sagemaker.create_user_profile(**intent.request)
        draft = await load("new-1")
        outcome = await draft.take_up()
        assert outcome is not None
        assert (outcome.ok, outcome.operation) == (True, CREATE)
        assert draft.changes == ()
        assert sent(sandbox) == [CREATE]

    async def test_a_young_one_that_made_nothing_is_sent_again(
        self, load: Load, gateway: Gateway, sagemaker: Any
    ) -> None:
        creation_cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        draft = await load("new-1", create=True)
        outcome = await draft.take_up()
        assert outcome is not None
        assert (outcome.ok, outcome.resent) == (True, True)
        assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}
        assert not draft.create

    async def test_an_older_one_is_not(self, load: Load, gateway: Gateway, sandbox: Sandbox) -> None:
        intent = creation_cut_off(gateway, {})
        journal(gateway, "new-1").note(dataclasses.replace(intent, begun=intent.begun - HOUR))
        outcome = await (await load("new-1", create=True)).take_up()
        assert outcome is not None
        assert outcome.status == REFUSED
        assert outcome.text.startswith("Your creation of")
        assert outcome.text.endswith("Nothing was created.")
        assert sent(sandbox) == []

    async def test_when_somebody_else_made_one_of_that_name_it_is_a_conflict(
        self, load: Load, gateway: Gateway, sagemaker: Any
    ) -> None:
        creation_cut_off(gateway, {"SecurityGroups": ["sg-1"]})
        sagemaker.create_user_profile(
            DomainId=DOMAIN, UserProfileName="New-1", UserSettings={"SecurityGroups": ["sg-2"]}
        )
        outcome = await (await load("new-1")).take_up()
        assert outcome is not None
        assert outcome.status == CONFLICT
        assert "There is a user profile New-1 now" in outcome.text
        assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-2"]}
