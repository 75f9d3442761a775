"""A request that is sent as it is, once; when no answer comes, the profile tells what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.faults.proxy import Proxy
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Answer, Described
from profile_widgets.checks import check
from profile_widgets.editing import direct
from profile_widgets.errors import (
    AccessDenied,
    BadResponse,
    GatewayError,
    ProfileFailedError,
    ProfileInUse,
    ProfileNotFound,
    Unreachable,
    ValidationRefused,
)
from profile_widgets.model.shapes import CREATE, UPDATE
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, sent, stored

PAUSES = (0.05, 0.1)
DONE_ALL_THE_SAME = ("answer lost", "answer cut short", "empty answer", "garbled answer", "503 all the same")
NOT_DONE = ("request lost", "500", "502 page")
CHANGE = {"SecurityGroups": ["sg-1"], "SharingSettings": {"NotebookOutputOption": "Disabled"}}


def update(name: str = "analyst-1", **settings: Any) -> dict[str, Any]:
    return {"DomainId": DOMAIN, "UserProfileName": name, "UserSettings": settings or CHANGE}


def create(**more: Any) -> dict[str, Any]:
    return {**update("bob"), "Tags": [{"Key": "team", "Value": "research"}], **more}


@pytest.fixture
def lossy(proxy: Proxy) -> Iterator[Gateway]:
    gateway = Gateway(proxy.connection.replace(read_timeout=3.0))
    yield gateway
    gateway.close()


async def send(
    gateway: Gateway, operation: str, request: dict[str, Any], *, read: bool = True, told: list[str] | None = None
) -> Answer:
    """Read the profile and send the request, with pauses for tests."""
    before: Described | None = None
    if read:
        try:
            before = await gateway.describe_user_profile(DOMAIN, request["UserProfileName"])
        except ProfileNotFound:
            before = None
    tell = None if told is None else told.append
    return await direct.send(gateway, operation, request, before, tell=tell, pauses=PAUSES, patience=5.0)


async def test_a_request_is_sent_as_it_is(gateway: Gateway, sandbox: Sandbox, sagemaker: Any) -> None:
    told: list[str] = []
    answer = await send(gateway, UPDATE, update(), told=told)
    assert answer.arn.endswith("/analyst-1")
    assert answer.request_id
    assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]
    assert (await send(gateway, CREATE, create())).arn.endswith("/bob")
    assert sent(sandbox) == ["UpdateUserProfile", "CreateUserProfile"]
    assert told == []


@pytest.mark.parametrize("fault", DONE_ALL_THE_SAME)
@pytest.mark.parametrize("operation", [CREATE, UPDATE])
async def test_a_request_whose_answer_does_not_come_is_found_to_be_done(
    operation: str, fault: str, lossy: Gateway, proxy: Proxy, sandbox: Sandbox
) -> None:
    proxy.faults[operation] = fault
    told: list[str] = []
    request = create() if operation == CREATE else update()
    answer = await send(lossy, operation, request, told=told)
    assert answer.response == {"UserProfileArn": answer.arn}
    assert answer.arn.endswith(f"/{request['UserProfileName']}")
    assert sent(sandbox) == [operation]
    (only,) = told
    assert only.endswith(f"Reading what {request['UserProfileName']} holds.")
    assert "Load the profile again" not in only


@pytest.mark.parametrize("fault", NOT_DONE)
@pytest.mark.parametrize("operation", [CREATE, UPDATE])
async def test_a_request_that_did_not_arrive_is_said_and_not_sent_again(
    operation: str, fault: str, lossy: Gateway, proxy: Proxy, sandbox: Sandbox
) -> None:
    proxy.faults[operation] = fault
    with pytest.raises((Unreachable, BadResponse)) as caught:
        await send(lossy, operation, create() if operation == CREATE else update())
    text = str(caught.value)
    assert text.startswith(f"{operation} did not arrive, or was refused. ")
    assert "Run it again." in text
    assert ("nothing was created" in text) == (operation == CREATE)
    assert (caught.value.code, caught.value.retryable) == ("DidNotArrive", True)
    assert sent(sandbox) == []
    assert len(proxy.asked) == 1


async def test_a_request_that_arrives_while_we_look_is_found(lossy: Gateway, proxy: Proxy, sandbox: Sandbox) -> None:
    proxy.faults[UPDATE] = "request arrives late"
    assert (await send(lossy, UPDATE, update())).arn.endswith("/analyst-1")
    assert sent(sandbox) == ["UpdateUserProfile"]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("ml-lead", {"JupyterLabAppSettings": {"DefaultResourceSpec": {"SageMakerImageVersionArn": "None"}}}),
        ("analyst-1", {"SecurityGroups": []}),
        ("analyst-1", {"SharingSettings": {}}),
    ],
)
async def test_what_is_cleared_counts_as_held(
    name: str, settings: dict[str, Any], lossy: Gateway, proxy: Proxy
) -> None:
    if any(problem.rule == "pattern" for problem in check(update(name, **settings))):
        pytest.skip("The installed model does not know this way of clearing.")
    proxy.faults[UPDATE] = "answer lost"
    assert (await send(lossy, UPDATE, update(name, **settings))).arn


async def test_a_profile_is_waited_for_until_it_rests(lossy: Gateway, proxy: Proxy, sandbox: Sandbox) -> None:
    sandbox.delay = 0.3
    proxy.faults[UPDATE] = "answer lost"
    assert (await send(lossy, UPDATE, update())).arn.endswith("/analyst-1")


async def test_somebody_elses_change_is_told_with_what_is_stored(
    lossy: Gateway, proxy: Proxy, sagemaker: Any, sandbox: Sandbox
) -> None:
    def interfere() -> None:
        sagemaker.update_user_profile(**update(SecurityGroups=["sg-2"]))

    proxy.faults[UPDATE] = "request lost"
    proxy.before[UPDATE] = interfere
    with pytest.raises(GatewayError) as caught:
        await send(lossy, UPDATE, update(SecurityGroups=["sg-1"]))
    text = str(caught.value)
    assert text.startswith("It is not known how UpdateUserProfile ended. ")
    assert "analyst-1 is InService and does not hold what was sent: UserSettings.SecurityGroups is “['sg-2']”." in text
    assert not caught.value.retryable
    assert sent(sandbox) == ["UpdateUserProfile"]


async def test_without_a_look_before_it_is_not_claimed_that_nothing_changed(lossy: Gateway, proxy: Proxy) -> None:
    proxy.faults[UPDATE] = "request lost"
    with pytest.raises(GatewayError, match=r"It is not known how UpdateUserProfile ended.*is not set"):
        await send(lossy, UPDATE, update("bare"), read=False)


async def test_a_creation_of_what_was_there_before_did_not_arrive(lossy: Gateway, proxy: Proxy) -> None:
    proxy.faults[CREATE] = "request lost"
    request = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
    with pytest.raises(GatewayError, match=r"analyst-1 was there before, and is as it was. Choose another name"):
        await send(lossy, CREATE, request)


async def test_a_profile_that_went_away_is_told(lossy: Gateway, proxy: Proxy, sagemaker: Any) -> None:
    proxy.faults[UPDATE] = "request lost"
    proxy.before[UPDATE] = lambda: sagemaker.delete_user_profile(DomainId=DOMAIN, UserProfileName="bare")
    with pytest.raises(GatewayError, match="There is no user profile bare now"):
        await send(lossy, UPDATE, update("bare"))


async def test_a_failure_is_told_with_its_reason(lossy: Gateway, proxy: Proxy, sandbox: Sandbox) -> None:
    sandbox.fail_next(UPDATE, reason="No room.")
    proxy.faults[UPDATE] = "answer lost"
    with pytest.raises(ProfileFailedError, match=r"No room\."):
        await send(lossy, UPDATE, update())


async def test_a_profile_that_cannot_be_read_leaves_its_end_unknown(
    lossy: Gateway, proxy: Proxy, sandbox: Sandbox
) -> None:
    proxy.faults[UPDATE] = "answer lost"
    proxy.after[UPDATE] = lambda: sandbox.deny("sagemaker:DescribeUserProfile")
    try:
        with pytest.raises(GatewayError, match=r"It is not known how .* Reading the profile did not tell either: "):
            await send(lossy, UPDATE, update())
    finally:
        sandbox.allow()


async def test_what_was_refused_was_refused(gateway: Gateway, sandbox: Sandbox) -> None:
    with pytest.raises(ProfileInUse):
        await send(gateway, CREATE, update())
    sandbox.fail_next(UPDATE, code="ResourceInUse")
    with pytest.raises(ProfileInUse):
        await send(gateway, UPDATE, update())
    with pytest.raises(ValidationRefused):
        await send(gateway, UPDATE, update(ExecutionRole="x"))
    sandbox.deny("sagemaker:UpdateUserProfile")
    with pytest.raises(AccessDenied):
        await send(gateway, UPDATE, update())
    sandbox.allow()
