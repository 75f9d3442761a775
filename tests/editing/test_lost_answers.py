"""Answers that never come: the profile itself tells what happened, and no write is sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import DONE, FAILED, Step
from profile_widgets.errors import ProfileNotFound
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Proxy, sent, stored

DONE_ALL_THE_SAME = ("answer lost", "answer cut short", "answered by a gateway's page")


@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
async def test_an_update_whose_answer_does_not_come_is_found_to_be_done(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = ProfileDraft(shaky, DOMAIN, "analyst-1")
    await draft.load()
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


async def test_an_update_that_did_not_arrive_is_found_not_to_be_done_and_can_be_sent_again(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any
) -> None:
    before = stored(sagemaker)
    draft = ProfileDraft(shaky, DOMAIN, "analyst-1")
    await draft.load()
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["UpdateUserProfile"] = "request lost"
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert outcome.text.startswith("The change did not arrive.")
    assert outcome.differences
    assert sent(sandbox) == []
    assert stored(sagemaker) == before
    assert draft.settings.SecurityGroups == ("sg-1",)
    assert (await draft.submit()).ok


@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
async def test_a_creation_whose_answer_does_not_come_is_found_to_be_done(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any, fault: str
) -> None:
    draft = ProfileDraft(shaky, DOMAIN, "new-1", create=True)
    await draft.load()
    draft.settings.SecurityGroups = ["sg-1"]
    proxy.faults["CreateUserProfile"] = fault
    outcome = await draft.submit()
    assert (outcome.status, outcome.ok) == (DONE, True)
    assert outcome.arn.endswith("/new-1")
    assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}
    assert sent(sandbox) == ["CreateUserProfile"]
    assert not draft.create


async def test_a_creation_that_did_not_arrive_made_nothing(shaky: Gateway, proxy: Proxy, sandbox: Sandbox) -> None:
    draft = ProfileDraft(shaky, DOMAIN, "new-1", create=True)
    await draft.load()
    proxy.faults["CreateUserProfile"] = "request lost"
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert outcome.text.startswith("The request did not arrive.")
    assert outcome.text.endswith("Nothing was created.")
    assert sent(sandbox) == []
    assert draft.create
    assert (await draft.submit()).ok


async def test_a_profile_that_is_gone_after_a_lost_answer_is_told_as_gone(
    shaky: Gateway, proxy: Proxy, sagemaker: Any
) -> None:
    draft = ProfileDraft(shaky, DOMAIN, "bare")
    await draft.load()
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
    draft = ProfileDraft(shaky, DOMAIN, "analyst-1")
    await draft.load()
    assert draft.described is not None
