"""Answers that break on their way, which boto3 lets pass for whole or empty ones."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest

from profile_widgets.aws.exchange import unknown_members
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.workers import Workers
from profile_widgets.errors import BadResponse, GatewayError, Unreachable

PROFILE = {"DomainId": "d-1", "UserProfileName": "alice", "Status": "InService", "UserSettings": {"SecurityGroups": []}}
WHOLE = json.dumps(PROFILE).encode()
UPDATE = {"DomainId": "d-1", "UserProfileName": "alice", "UserSettings": {}}

BROKEN: dict[str, tuple[bytes, int | None, str]] = {
    "cut short inside": (WHOLE[:40], len(WHOLE), "TruncatedAnswer"),
    "cut short to nothing": (b"", len(WHOLE), "TruncatedAnswer"),
    "empty": (b"", None, "EmptyAnswer"),
    "blank": (b"  \n", None, "EmptyAnswer"),
    "not JSON": (b"<html><b>hello</b></html>", None, "GarbledAnswer"),
    "half a JSON": (WHOLE[:40], None, "GarbledAnswer"),
    "not UTF-8": (b'{"DomainId": "\xff\xfe"}', None, "GarbledAnswer"),
    "a JSON list": (b"[]", None, "GarbledAnswer"),
    "a JSON text": (b'"hello"', None, "GarbledAnswer"),
    "a JSON number": (b"42", None, "GarbledAnswer"),
    "null": (b"null", None, "GarbledAnswer"),
    "nested without end": (b"[" * 100_000, None, "GarbledAnswer"),
    "without members": (b"{}", None, "IncompleteAnswer"),
    "with members of another kind": (b'{"DomainId": 1, "UserProfileName": [], "Status": {}}', None, "IncompleteAnswer"),
    "settings that are a text": (b'{"DomainId": "d-1", "UserSettings": "x"}', None, "GarbledAnswer"),
    "a list that is a number": (b'{"DomainId": "d-1", "UserSettings": {"SecurityGroups": 7}}', None, "GarbledAnswer"),
    "a time that is none": (b'{"DomainId": "d-1", "CreationTime": "yesterday"}', None, "GarbledAnswer"),
}


async def at_rest(gateway: Gateway) -> None:
    """Wait until every thread of the gateway is without work."""
    for workers in (gateway._readers, gateway._writers):
        await asyncio.to_thread(rest, workers)


def rest(workers: Workers) -> None:
    for _ in range(2_000):
        if workers._idle == workers._threads:
            return
        time.sleep(0.005)
    pytest.fail("the gateway's threads did not come to rest")


@pytest.fixture(params=list(BROKEN.values()), ids=list(BROKEN))
def broken(request: pytest.FixtureRequest) -> tuple[bytes, int | None, str]:
    found: tuple[bytes, int | None, str] = request.param
    return found


async def test_a_broken_answer_to_a_read_is_asked_for_again_and_then_told(wire: Any, broken: Any) -> None:
    body, length, code = broken
    server = wire(wire.reply(body, length=length))
    gateway = Gateway(server.connection(attempts=3))
    with pytest.raises(BadResponse) as caught:
        await gateway.describe_user_profile("d-1", "alice")
    assert caught.value.code in {code, "TruncatedAnswer", "GarbledAnswer"}  # an older urllib3 or botocore sees it first
    assert caught.value.operation == "DescribeUserProfile"
    assert caught.value.retryable
    assert "Try again." in str(caught.value)
    assert 1 < len(server.requests) <= 9
    gateway.close()


async def test_a_broken_answer_to_a_write_is_not_asked_for_again_and_says_that_its_outcome_is_unknown(
    wire: Any, broken: Any
) -> None:
    body, length, _code = broken
    server = wire(wire.reply(body, length=length))
    gateway = Gateway(server.connection(attempts=5))
    with pytest.raises(BadResponse, match=r"outcome is not known. Load the profile again"):
        await gateway.update_user_profile(UPDATE)
    assert server.operations() == ["UpdateUserProfile"]
    gateway.close()


async def test_a_read_gets_over_a_broken_answer(wire: Any) -> None:
    server = wire(wire.reply(WHOLE[:30], length=len(WHOLE)), wire.reply(b""), wire.reply(WHOLE))
    gateway = Gateway(server.connection())
    assert (await gateway.describe_user_profile("d-1", "alice")).settings == {"SecurityGroups": []}
    assert len(server.requests) == 3
    gateway.close()


async def test_an_error_answer_that_is_cut_short_is_a_broken_answer(wire: Any) -> None:
    body = b'{"__type": "ResourceNotFound", "Message": "gone"}'
    server = wire(wire.reply(body[:20], status="400 Bad Request", length=len(body)))
    gateway = Gateway(server.connection(attempts=1))
    with pytest.raises(BadResponse):
        await gateway.update_user_profile(UPDATE)
    gateway.close()


async def test_an_error_answer_that_is_not_utf8_is_a_broken_answer(wire: Any) -> None:
    server = wire(wire.reply(b'{"__type": "\xff\xfe"}', status="400 Bad Request"))
    gateway = Gateway(server.connection(attempts=1))
    with pytest.raises(BadResponse):
        await gateway.update_user_profile(UPDATE)
    gateway.close()


async def test_an_answer_that_is_reset_inside_its_body_did_not_come(wire: Any) -> None:
    part = wire.reply(WHOLE, length=len(WHOLE))[:-20]
    server = wire((part, wire.RESET))
    gateway = Gateway(server.connection(attempts=1))
    with pytest.raises((Unreachable, BadResponse)):
        await gateway.update_user_profile(UPDATE)
    assert len(server.requests) == 1
    gateway.close()


async def test_delete_may_answer_without_a_body_and_describe_may_not(wire: Any) -> None:
    server = wire(wire.reply(b""))
    gateway = Gateway(server.connection(attempts=1))
    assert (await gateway.delete_user_profile("d-1", "alice")).response == {}
    with pytest.raises(BadResponse, match=r"was empty"):
        await gateway.describe_domain("d-1")
    gateway.close()


async def test_an_empty_answer_to_a_list_is_not_an_empty_list(wire: Any) -> None:
    gateway = Gateway(wire(wire.reply(b"")).connection(attempts=1))
    with pytest.raises(BadResponse):
        await gateway.list_domains()
    gateway.close()


async def test_requests_of_many_threads_do_not_mix_up_their_answers(sandbox: Any, domain_id: str) -> None:
    gateway = Gateway(sandbox.connection)
    names = [row.name for row in (await gateway.list_user_profiles(domain_id)).rows] * 20
    found = await asyncio.gather(*(gateway.describe_user_profile(domain_id, name) for name in names))
    assert [described.name for described in found] == names
    assert [described.raw["UserProfileName"] for described in found] == names
    assert len({described.request_id for described in found}) == len(names)
    gateway.close()


# --- members that the installed botocore does not know ----------------------------------------------------------------


async def test_members_that_botocore_drops_are_kept_and_named(wire: Any) -> None:
    settings = {
        "SecurityGroups": ["sg-12345678"],
        "HolodeckAppSettings": {"Deck": 1},
        "JupyterLabAppSettings": {
            "Warp": True,
            "CustomImages": [{"ImageName": "a", "AppImageConfigName": "b", "Tint": "c"}],
        },
        "CustomFileSystemConfigs": [{"CloudDrive": {"Id": "x"}}],
        "KernelGatewayAppSettings": {"Later": None},
    }
    server = wire(wire.reply({**PROFILE, "UserSettings": settings, "Mood": "good"}))
    gateway = Gateway(server.connection())
    described = await gateway.describe_user_profile("d-1", "alice")
    assert set(described.unknown) == {
        "Mood",
        "UserSettings.HolodeckAppSettings",
        "UserSettings.JupyterLabAppSettings.Warp",
        "UserSettings.JupyterLabAppSettings.CustomImages[0].Tint",
        "UserSettings.CustomFileSystemConfigs[0].CloudDrive",
    }
    assert described.raw["UserSettings"] == settings
    assert described.settings == {
        "SecurityGroups": ["sg-12345678"],
        "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a", "AppImageConfigName": "b"}]},
        "CustomFileSystemConfigs": [{}],
        "KernelGatewayAppSettings": {},
    }
    gateway.close()


async def test_a_profile_put_with_an_unknown_member_is_read_through_boto3(
    gateway: Gateway, sandbox: Any, domain_id: str
) -> None:
    sandbox.put_raw(domain_id, "ana", {"HolodeckAppSettings": {"Deck": "9"}, "StudioWebPortal": "MAYBE"})
    described = await gateway.describe_user_profile(domain_id, "ana")
    assert described.unknown == ("UserSettings.HolodeckAppSettings",)
    assert described.settings == {"StudioWebPortal": "MAYBE"}


@pytest.mark.parametrize(("stored", "read"), [(None, None), ({}, {}), ({"SecurityGroups": []}, {"SecurityGroups": []})])
async def test_absent_and_empty_settings_stay_different(
    gateway: Gateway, sandbox: Any, domain_id: str, stored: Any, read: Any
) -> None:
    sandbox.put_raw(domain_id, "ana", stored)
    assert (await gateway.describe_user_profile(domain_id, "ana")).settings == read


def test_a_document_of_the_model_itself_has_no_unknown_members() -> None:
    import botocore.session

    model = botocore.session.Session().get_service_model("sagemaker")

    def example(shape: Any) -> Any:
        if shape.type_name == "structure":
            return {name: example(inner) for name, inner in shape.members.items()}
        return [example(shape.member)] if shape.type_name == "list" else "x"

    shape = model.shape_for("DescribeUserProfileResponse")
    assert list(unknown_members(example(shape), shape)) == []
    assert list(unknown_members({"UserSettings": "text"}, shape)) == []


# --- cancelling -------------------------------------------------------------------------------------------------------


async def test_cancelling_returns_at_once_while_a_read_hangs(wire: Any) -> None:
    server = wire(wire.HANG)
    gateway = Gateway(server.connection(read_timeout=0))
    task = asyncio.ensure_future(gateway.describe_user_profile("d-1", "alice"))
    await asyncio.to_thread(server.arrived.acquire)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gateway.close()


async def test_a_write_that_waits_for_a_thread_is_never_sent_after_a_cancel(wire: Any) -> None:
    server = wire(wire.HANG, wire.HANG, wire.reply({"UserProfileArn": "arn"}))
    gateway = Gateway(server.connection(read_timeout=0))
    busy = [asyncio.ensure_future(gateway.update_user_profile(UPDATE)) for _ in range(2)]
    for _ in busy:
        await asyncio.to_thread(server.arrived.acquire)
    waiting = asyncio.ensure_future(gateway.delete_user_profile("d-1", "alice"))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    for task in busy:
        task.cancel()
    server._over.set()
    await asyncio.wait(busy)
    await at_rest(gateway)
    assert server.operations() == ["UpdateUserProfile", "UpdateUserProfile"]
    gateway.close()


async def test_a_write_that_is_cancelled_while_it_is_being_prepared_is_never_sent(wire: Any) -> None:
    from botocore.credentials import Credentials

    started, going_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(Credentials):
        def get_frozen_credentials(self) -> Any:
            loop.call_soon_threadsafe(started.set)
            going_on.wait(10)
            return super().get_frozen_credentials()

    server = wire(wire.reply({"UserProfileArn": "arn"}))
    gateway = Gateway(server.connection(credentials=Slow("k", "s")))
    task = asyncio.ensure_future(gateway.update_user_profile(UPDATE))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    going_on.set()
    await at_rest(gateway)
    assert server.requests == []
    gateway.close()


async def test_a_read_that_nobody_waits_for_is_not_tried_again(wire: Any) -> None:
    server = wire(wire.reply(b"", status="503 Service Unavailable"))
    gateway = Gateway(server.connection(attempts=50))
    task = asyncio.ensure_future(gateway.describe_user_profile("d-1", "alice"))
    await asyncio.to_thread(server.arrived.acquire)
    before = len(server.requests)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await at_rest(gateway)
    assert len(server.requests) <= before + 1, "one may have been on its way"
    gateway.close()


async def test_a_closed_gateway_says_so(gateway: Gateway) -> None:
    gateway.close()
    with pytest.raises(GatewayError, match=r"gateway is closed"):
        await gateway.list_domains()


def test_one_gateway_serves_several_event_loops_one_after_another(gateway: Gateway) -> None:
    for _ in range(3):
        assert len(asyncio.run(gateway.list_domains()).rows) == 2


async def test_the_event_loop_goes_on_while_a_call_waits(wire: Any) -> None:
    server = wire(wire.HANG)
    gateway = Gateway(server.connection(read_timeout=0))
    task = asyncio.ensure_future(gateway.list_domains())
    await asyncio.to_thread(server.arrived.acquire)
    ticks = [await asyncio.sleep(0, tick) for tick in range(100)]
    assert len(ticks) == 100
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    gateway.close()
