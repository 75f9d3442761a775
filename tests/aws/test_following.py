"""A user profile is followed until it comes to rest."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from profile_widgets.aws import following
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Status
from profile_widgets.errors import (
    AccessDenied,
    BadResponse,
    CredentialsError,
    ProfileFailedError,
    ProfileNotFound,
    StillInProgress,
    Unreachable,
)
from profile_widgets.sandbox import Sandbox

FAST: dict[str, Any] = {"interval": 0.01, "longest_interval": 0.03}


def profile(wire: Any, status: str, **more: Any) -> bytes:
    answer: bytes = wire.reply({"DomainId": "d-1", "UserProfileName": "ana", "Status": status, **more})
    return answer


@pytest.fixture
def seen() -> list[Status]:
    return []


async def test_a_new_profile_is_followed_from_pending_to_in_service(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, seen: list[Status]
) -> None:
    sandbox.delay = 0.2
    await gateway.create_user_profile({"DomainId": domain_id, "UserProfileName": "ana"})
    described = await gateway.follow(domain_id, "ana", on_status=seen.append, not_found_is_pending=True, **FAST)
    assert described.status == "InService"
    names = [status.name for status in seen]
    assert set(names) <= {"", "Pending", "InService"}
    assert names.index("InService") == len(names) - 1
    assert [status.elapsed for status in seen] == sorted(status.elapsed for status in seen)


async def test_an_update_that_fails_raises_with_aws_reason(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, seen: list[Status]
) -> None:
    sandbox.fail_next("UpdateUserProfile", reason="The <b>role</b>\nis gone.")
    sandbox.delay = 0.1
    await gateway.update_user_profile({"DomainId": domain_id, "UserProfileName": "analyst-1", "UserSettings": {}})
    with pytest.raises(
        ProfileFailedError, match=r"“analyst-1” ended as Update_Failed. AWS's reason: The <b>role</b> is gone"
    ) as caught:
        await gateway.follow(domain_id, "analyst-1", on_status=seen.append, **FAST)
    assert caught.value.status == "Update_Failed"
    assert caught.value.failure_reason == "The <b>role</b>\nis gone."
    assert seen[-1].failed


async def test_a_failure_without_a_reason_says_that(wire: Any) -> None:
    gateway = Gateway(wire(profile(wire, "Failed")).connection())
    with pytest.raises(ProfileFailedError, match=r"ended as Failed. AWS gave no reason"):
        await gateway.follow("d-1", "ana", **FAST)
    gateway.close()


async def test_a_profile_that_does_not_appear_yet_is_waited_for_only_after_a_create(
    wire: Any, seen: list[Status]
) -> None:
    missing = wire.reply({"__type": "ResourceNotFound", "Message": "no UserProfile"}, status="400 Bad Request")
    server = wire(missing, missing, profile(wire, "Pending"), profile(wire, "InService"))
    gateway = Gateway(server.connection())
    described = await gateway.follow("d-1", "ana", on_status=seen.append, not_found_is_pending=True, **FAST)
    assert described.name == "ana"
    assert [status.name for status in seen] == ["", "", "Pending", "InService"]
    assert seen[0].note
    server.steps = [missing]
    with pytest.raises(ProfileNotFound):
        await gateway.follow("d-1", "ana", **FAST)
    gateway.close()


async def test_a_profile_that_was_there_and_vanished_is_not_waited_for(wire: Any) -> None:
    missing = wire.reply({"__type": "ResourceNotFound", "Message": "no UserProfile"}, status="400 Bad Request")
    gateway = Gateway(wire(profile(wire, "Pending"), missing).connection())
    with pytest.raises(ProfileNotFound):
        await gateway.follow("d-1", "ana", not_found_is_pending=True, **FAST)
    gateway.close()


async def test_a_profile_that_never_appears_is_given_up(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "APPEARING_SECONDS", 0.05)
    missing = wire.reply({"__type": "ResourceNotFound", "Message": "no UserProfile"}, status="400 Bad Request")
    gateway = Gateway(wire(missing).connection())
    with pytest.raises(ProfileNotFound):
        await gateway.follow("d-1", "ana", not_found_is_pending=True, **FAST)
    gateway.close()


async def test_an_unknown_status_is_never_success_and_is_told(wire: Any, seen: list[Status]) -> None:
    gateway = Gateway(wire(profile(wire, "Hibernating")).connection())
    with pytest.raises(StillInProgress, match=r"was still “Hibernating” after .*load the profile again") as caught:
        await gateway.follow("d-1", "ana", on_status=seen.append, timeout=0.1, **FAST)
    assert caught.value.status == "Hibernating"
    assert caught.value.retryable
    assert "does not know the status “Hibernating”" in seen[0].note
    gateway.close()


async def test_looks_without_an_answer_are_forgiven_a_few_times(wire: Any, seen: list[Status]) -> None:
    garbage, busy = wire.reply(b"<html>"), wire.reply(b"", status="503 Service Unavailable")
    server = wire(
        profile(wire, "Updating"), garbage, busy, profile(wire, "Updating"), wire.RESET, profile(wire, "InService")
    )
    gateway = Gateway(server.connection(attempts=1))
    await gateway.follow("d-1", "ana", on_status=seen.append, **FAST)
    assert [status.name for status in seen] == ["Updating", "Updating", "Updating", "Updating", "Updating", "InService"]
    assert seen[1].note.startswith("No answer for now: ")
    gateway.close()


async def test_a_service_that_stays_away_ends_the_following(wire: Any) -> None:
    server = wire(profile(wire, "Updating"), wire.RESET)
    gateway = Gateway(server.connection(attempts=1))
    with pytest.raises((Unreachable, BadResponse)):
        await gateway.follow("d-1", "ana", **FAST)
    assert len(server.requests) == 1 + following.UNANSWERED
    gateway.close()


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDeniedException", AccessDenied), ("ExpiredTokenException", CredentialsError)]
)
async def test_a_refusal_ends_the_following_at_once(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, code: str, kind: type[Exception]
) -> None:
    sandbox.fail_next("DescribeUserProfile", code=code)
    with pytest.raises(kind):
        await gateway.follow(domain_id, "analyst-1", **FAST)
    assert len(sandbox.calls) == 1


async def test_pauses_grow_to_the_longest(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def remember(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", remember)
    steps = [profile(wire, "Updating")] * 12 + [profile(wire, "InService")]
    gateway = Gateway(wire(*steps).connection())
    await gateway.follow("d-1", "ana")
    assert len(pauses) == 12
    assert 1.6 <= pauses[0] <= 2.4
    assert all(8.0 <= pause <= 12.0 for pause in pauses[-5:])
    assert len(set(pauses)) == 12, "chance spreads them"
    gateway.close()


async def test_following_can_be_cancelled(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    sandbox.delay = 60
    await gateway.update_user_profile({"DomainId": domain_id, "UserProfileName": "analyst-1", "UserSettings": {}})
    looked = asyncio.Event()
    task = asyncio.ensure_future(gateway.follow(domain_id, "analyst-1", on_status=lambda _status: looked.set()))
    await looked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_deletion_is_followed_until_the_profile_is_gone(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, seen: list[Status]
) -> None:
    sandbox.delay = 0.1
    await gateway.delete_user_profile(domain_id, "bare")
    await gateway.follow_deletion(domain_id, "bare", on_status=seen.append, **FAST)
    assert {status.name for status in seen} <= {"Deleting", ""}
    assert seen[-1].note == "The profile is gone."
    with pytest.raises(ProfileNotFound):
        await gateway.describe_user_profile(domain_id, "bare")


async def test_a_deletion_that_fails_raises_with_aws_reason(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    sandbox.fail_next("DeleteUserProfile", reason="In use.")
    await gateway.delete_user_profile(domain_id, "bare")
    with pytest.raises(ProfileFailedError, match=r"Delete_Failed"):
        await gateway.follow_deletion(domain_id, "bare", **FAST)
