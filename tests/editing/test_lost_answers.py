"""Answers that never come: the profile itself tells what happened, and no write is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, Step
from profile_widgets.errors import ProfileNotFound
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Proxy, loaded, sent, stored

DONE_ALL_THE_SAME = (
    "answer lost", "answer cut short", "answered by a gateway's page", "empty answer", "garbled answer", "not json",
    "500 all the same", "503 all the same",
)  # fmt: skip
NOT_DONE = ("request lost", "500", "503", "502 page")


@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
async def test_an_update_whose_answer_does_not_come_is_found_to_be_done(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = await loaded(shaky, "analyst-1")
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["UpdateUserProfile"] = fault
    steps: list[Step] = []
    outcome = await draft.submit(steps.append)
    assert (outcome.status, outcome.ok) == (DONE, True)
    assert outcome.arn.endswith("/analyst-1")
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
    assert sent(sandbox) == ["UpdateUserProfile"]
    assert Step("send", "No clear answer came; reading what the profile holds", "done") in steps
    assert draft.changes == ()


@pytest.mark.parametrize("fault", NOT_DONE)
async def test_an_update_that_did_not_arrive_is_sent_once_more(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = await loaded(shaky)
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["UpdateUserProfile"] = fault
    steps: list[Step] = []
    outcome = await draft.submit(steps.append)
    assert (outcome.status, outcome.ok, outcome.resent) == (DONE, True, True)
    assert len(proxy.asked) == 2
    assert sent(sandbox) == ["UpdateUserProfile"]
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
    assert Step("send", "Sending the change once more: UpdateUserProfile", "working") in steps


async def test_one_that_did_not_arrive_twice_is_not_sent_a_third_time_and_the_next_try_works(
    shaky: Gateway, proxy: Proxy, sagemaker: Any
) -> None:
    before = stored(sagemaker)
    draft = await loaded(shaky)
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.always["UpdateUserProfile"] = "request lost"
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert outcome.text.startswith("The request did not arrive, though it was sent twice.")
    assert outcome.text.endswith("analyst-1 is as it was.")
    assert "Load the profile again" not in outcome.text
    assert len(proxy.asked) == 2
    assert stored(sagemaker) == before
    assert draft.settings.SecurityGroups == ("sg-1",)
    proxy.calm()
    assert (await draft.submit()).ok


async def test_a_write_that_arrives_while_we_look_is_not_sent_again(
    sandbox: Sandbox, proxy: Proxy, sagemaker: Any
) -> None:
    gateway = Gateway(proxy.connection.replace(read_timeout=0.3))
    draft = await loaded(gateway)
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["UpdateUserProfile"] = "request arrives late"
    outcome = await draft.submit()
    gateway.close()
    assert (outcome.status, outcome.ok, outcome.resent) == (DONE, True, False)
    assert sent(sandbox) == ["UpdateUserProfile"]
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]


async def test_when_somebody_else_wrote_and_ours_did_not_arrive_it_is_a_conflict(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await loaded(shaky)
    draft.settings.SecurityGroups = ["sg-1"]
    theirs = {"SharingSettings": {"NotebookOutputOption": "Disabled"}}
    proxy.faults["UpdateUserProfile"] = "request lost"
    proxy.before["UpdateUserProfile"] = lambda: sagemaker.update_user_profile(
        DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=theirs
    )
    outcome = await draft.submit()
    assert outcome.status == CONFLICT
    assert outcome.theirs is not None
    assert "Notebook sharing" in outcome.text
    assert sent(sandbox) == ["UpdateUserProfile"]  # theirs
    assert draft.settings.SecurityGroups == ("sg-1",)


async def test_what_is_in_use_for_a_moment_is_sent_once_more(shaky: Gateway, sandbox: Sandbox, sagemaker: Any) -> None:
    draft = await loaded(shaky)
    draft.settings.SecurityGroups = ["sg-1"]
    sandbox.fail_next("UpdateUserProfile", code="ResourceInUse", message="The domain is being updated.")
    outcome = await draft.submit()
    assert (outcome.ok, outcome.resent) == (True, True)
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]


@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
async def test_a_creation_whose_answer_does_not_come_is_found_to_be_done(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = await loaded(shaky, "new-1", create=True)
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["CreateUserProfile"] = fault
    outcome = await draft.submit()
    assert (outcome.status, outcome.ok) == (DONE, True)
    assert outcome.arn.endswith("/new-1")
    assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}
    assert sent(sandbox) == ["CreateUserProfile"]
    assert not draft.create


@pytest.mark.parametrize("fault", NOT_DONE)
async def test_a_creation_that_did_not_arrive_is_sent_once_more(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = await loaded(shaky, "new-1", create=True)
    proxy.faults["CreateUserProfile"] = fault
    outcome = await draft.submit()
    assert (outcome.ok, outcome.resent) == (True, True)
    assert stored(sagemaker, "new-1") == {}
    assert sent(sandbox) == ["CreateUserProfile"]


async def test_a_creation_that_did_not_arrive_twice_made_nothing(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox
) -> None:
    draft = await loaded(shaky, "new-1", create=True)
    proxy.always["CreateUserProfile"] = "request lost"
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert outcome.text.endswith("Nothing was created.")
    assert sent(sandbox) == []
    assert draft.create
    proxy.calm()
    assert (await draft.submit()).ok


async def test_a_profile_that_is_gone_after_a_lost_answer_is_told_as_gone(
    shaky: Gateway, proxy: Proxy, sagemaker: Any
) -> None:
    draft = await loaded(shaky, "bare")
    draft.settings.StudioWebPortal = "ENABLED"
    proxy.faults["UpdateUserProfile"] = "answer lost"

    def take_away(step: Step) -> None:
        if step.key == "send" and step.state == "done":
            sagemaker.delete_user_profile(DomainId=DOMAIN, UserProfileName="bare")

    outcome = await draft.submit(take_away)
    assert outcome.status == FAILED
    assert isinstance(outcome.error, ProfileNotFound)
    assert "created" not in outcome.text


async def test_a_read_that_breaks_is_asked_again(shaky: Gateway, proxy: Proxy) -> None:
    proxy.faults["DescribeUserProfile"] = "answer cut short"
    draft = await loaded(shaky, "analyst-1")
    assert draft.described is not None
