"""Reads that are older than the write, failures that are older than it, and our own failures after it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Described
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import DONE, FAILED, UNKNOWN, Step
from profile_widgets.errors import InvalidSettingsError
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, Load, Proxy, loaded, sent, stored

REASON = "The subnet was full last month."


@pytest.fixture
def failed(sandbox: Sandbox, sagemaker: Any) -> str:
    """Return the name of a profile whose creation failed some time ago."""
    sandbox.fail_next("CreateUserProfile", reason=REASON)
    sagemaker.create_user_profile(DomainId=DOMAIN, UserProfileName="broken-1")
    return "broken-1"


async def edited(gateway: Gateway, name: str) -> ProfileDraft:
    draft = await loaded(gateway, name)
    draft.settings.SecurityGroups = ["sg-1"]
    return draft


async def test_a_failure_of_before_is_not_blamed_on_a_request_that_did_not_arrive(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox, failed: str
) -> None:
    draft = await edited(shaky, failed)
    calls = sent(sandbox)
    proxy.always["UpdateUserProfile"] = "request lost"
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert outcome.text.startswith("The request did not arrive, though it was sent twice.")
    assert outcome.text.endswith("broken-1 is as it was.")
    assert REASON not in outcome.text
    assert sent(sandbox) == calls
    assert draft.settings.SecurityGroups == ("sg-1",)
    proxy.calm()
    assert (await draft.submit()).ok


async def test_a_first_look_that_still_sees_the_old_failure_is_followed_by_another(
    shaky: Gateway, proxy: Proxy, sagemaker: Any, failed: str
) -> None:
    draft = await edited(shaky, failed)
    steps: list[Step] = []

    def watch(step: Step) -> None:
        steps.append(step)
        if step.key == "send" and step.state == "working":
            proxy.late_sights = 2

    outcome = await draft.submit(watch)
    assert (outcome.status, outcome.ok) == (DONE, True)
    assert stored(sagemaker, failed) == {"SecurityGroups": ["sg-1"]}
    assert "Nothing of it is to be seen yet; looking again" in [step.text for step in steps]


async def test_an_accepted_update_that_leaves_no_trace_on_a_failed_profile_is_not_known(
    shaky: Gateway, proxy: Proxy, failed: str
) -> None:
    draft = await edited(shaky, failed)

    def watch(step: Step) -> None:
        if step.key == "send" and step.state == "working":
            proxy.late_sights = 100

    outcome = await draft.submit(watch)
    assert outcome.status == UNKNOWN
    assert "AWS accepted the request, but broken-1 is still Failed" in outcome.text
    assert REASON not in outcome.text


async def test_a_new_failure_of_a_failed_profile_is_told(gateway: Gateway, sandbox: Sandbox, failed: str) -> None:
    draft = await edited(gateway, failed)
    sandbox.fail_next("UpdateUserProfile", reason=REASON)
    outcome = await draft.submit()
    assert (outcome.status, outcome.text) == (FAILED, f"AWS ended this as Update_Failed: {REASON}")


async def test_a_sight_from_before_the_update_is_no_difference_yet(
    shaky: Gateway, proxy: Proxy, sandbox: Sandbox
) -> None:
    draft = await edited(shaky, "analyst-1")

    def watch(step: Step) -> None:
        if step.key == "send" and step.state == "working":
            proxy.late_sights = 2

    outcome = await draft.submit(watch)
    assert (outcome.status, outcome.ok, outcome.differences) == (DONE, True, ())
    assert sent(sandbox) == ["UpdateUserProfile"]
    assert draft.changes == ()


async def test_what_is_read_back_and_cannot_be_edited_is_told_with_the_differences(
    load: Load, sandbox: Sandbox
) -> None:
    draft = await load()
    draft.settings.SecurityGroups = ["sg-1"]

    def meddle(step: Step) -> None:
        if step.key == "send" and step.state == "done":
            sandbox.put_raw(DOMAIN, "analyst-1", {"ExecutionRole": 5})

    outcome = await draft.submit(meddle)
    assert outcome.status == DONE
    assert not outcome.ok
    assert isinstance(outcome.error, InvalidSettingsError)
    assert "UserSettings.ExecutionRole" in outcome.text
    assert draft.settings.SecurityGroups == ("sg-1",)
    assert not draft.busy


class DefectiveGateway(Gateway):
    """Be a gateway with a defect: following fails in a way that nobody foresaw."""

    async def follow(self, *_names: Any, **_options: Any) -> Described:
        raise ZeroDivisionError("a defect")


@pytest.fixture
def defective(sandbox: Sandbox) -> Iterator[Gateway]:
    gateway = DefectiveGateway(sandbox.connection)
    yield gateway
    gateway.close()


async def test_a_defect_of_ours_after_the_write_ends_as_not_known(
    defective: Gateway, sagemaker: Any, caplog: pytest.LogCaptureFixture
) -> None:
    draft = await edited(defective, "analyst-1")
    outcome = await draft.submit()
    assert outcome.status == UNKNOWN
    assert "ZeroDivisionError" in outcome.text
    assert "Load analyst-1 again" in outcome.text
    assert isinstance(outcome.error, ZeroDivisionError)
    assert "Traceback" in caplog.text
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
    assert not draft.busy
    assert outcome.arn.endswith("/analyst-1")


async def test_a_submit_that_is_cancelled_leaves_the_draft_free(load: Load, sandbox: Sandbox) -> None:
    draft = await load()
    draft.settings.SecurityGroups = ["sg-1"]
    with sandbox.hold("UpdateUserProfile") as held:
        task = asyncio.ensure_future(draft.submit())
        assert await asyncio.to_thread(held.wait_until_reached)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not draft.busy
    assert draft.settings.SecurityGroups == ("sg-1",)


async def test_the_changes_are_those_of_one_profile_though_another_is_taken_meanwhile(
    load: Load, gateway: Gateway
) -> None:
    draft = await load("bare")
    other = await gateway.describe_user_profile(DOMAIN, "ml-lead")
    seen: list[Any] = []
    reader = threading.Thread(target=lambda: seen.append(draft.changes), name="reader")
    with draft.model.batch():
        reader.start()
        reader.join(0.2)
        assert seen == []
        draft.take(other)
    await asyncio.to_thread(reader.join, 10)
    assert seen == [()]
