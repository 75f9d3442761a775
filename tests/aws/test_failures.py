"""Every way to fail has a class and one plain sentence."""

from __future__ import annotations

import re
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botocore import exceptions as botocore_exceptions

from profile_widgets import errors
from profile_widgets.aws import failures, transport
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import outcome_unknown
from profile_widgets.aws.wording import INSTEAD, REFUSALS, Scene
from profile_widgets.errors import (
    AccessDenied,
    BadResponse,
    CredentialsError,
    GatewayError,
    LimitExceeded,
    ProfileInUse,
    ProfileNotFound,
    Throttled,
    ValidationRefused,
)
from profile_widgets.sandbox import Sandbox

OPERATIONS = ("CreateUserProfile", "UpdateUserProfile", "DescribeUserProfile", "DeleteUserProfile", "DescribeDomain")
Refused = Callable[[Awaitable[object]], Awaitable[GatewayError]]
CANARY = "CANARYTOKENCANARY"


def update(domain_id: str, **settings: Any) -> dict[str, Any]:
    return {"DomainId": domain_id, "UserProfileName": "analyst-1", "UserSettings": settings}


# --- completeness -----------------------------------------------------------------------------------------------------


def test_every_error_shape_of_the_operations_has_a_class() -> None:
    import botocore.session

    model = botocore.session.Session().get_service_model("sagemaker")
    shapes = {shape.name for name in OPERATIONS for shape in model.operation_model(name).error_shapes}
    assert shapes
    without = sorted(name for name in shapes if failures.class_for(name) is None)
    assert without == [], f"These error shapes have no class in failures.CLASSES: {without}"


def test_every_class_of_the_tree_can_come_out_and_has_a_sentence() -> None:
    classes = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GatewayError)}
    kinds = set(failures.CLASSES) | {kind for kind, _ in transport.TRANSPORT.values()} | {GatewayError}
    assert kinds | {errors.PolicyRefused, errors.StillInProgress} == classes
    assert set(failures.CLASSES) <= set(REFUSALS)


def test_no_error_code_stands_for_two_classes() -> None:
    codes = [code for codes in failures.CLASSES.values() for code in codes]
    assert len(codes) == len(set(codes))


def test_every_exception_of_the_installed_botocore_is_told_in_words() -> None:
    class Anything(dict[str, Any]):
        def __missing__(self, _key: str) -> str:
            return "x"

    found = [kind for kind in vars(botocore_exceptions).values() if isinstance(kind, type)]
    kinds: list[Any] = [kind for kind in found if issubclass(kind, botocore_exceptions.BotoCoreError)]
    assert len(kinds) > 60
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, kind.fmt.format_map(Anything()))
        error.kwargs = {}
        known = failures.translate(error, Scene("DescribeUserProfile", region="eu-west-1"))
        assert known is not None, kind.__name__
        assert str(known)


def test_a_mistake_of_the_program_is_not_dressed_up_as_a_failed_call() -> None:
    for mistake in (AttributeError("x"), KeyError("x"), AssertionError("x"), ZeroDivisionError("x")):
        assert failures.translate(mistake, Scene("DescribeUserProfile")) is None


# --- what AWS refuses -------------------------------------------------------------------------------------------------


async def test_a_profile_that_does_not_exist_is_named_with_its_domain_and_region(
    refused: Refused, gateway: Gateway, domain_id: str
) -> None:
    error = await refused(gateway.describe_user_profile(domain_id, "nobody"))
    assert isinstance(error, ProfileNotFound)
    for part in ("“nobody”", domain_id, "eu-west-1"):
        assert part in str(error)
    assert error.request_id


async def test_a_domain_that_does_not_exist_is_named_with_its_region(refused: Refused, gateway: Gateway) -> None:
    error = await refused(gateway.describe_domain("d-nowhere"))
    assert isinstance(error, ProfileNotFound)
    assert "There is no domain d-nowhere in region eu-west-1" in str(error)


async def test_a_missing_permission_names_caller_and_action_and_what_still_works(
    refused: Refused, gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile", "sagemaker:ListUserProfiles")
    error = await refused(gateway.update_user_profile(update(domain_id)))
    assert isinstance(error, AccessDenied)
    assert str(error).startswith("arn:aws:iam::123456789012:user/sandbox may not use sagemaker:UpdateUserProfile for ")
    assert "export the request for your administrator" in str(error)
    assert not outcome_unknown(error)
    assert "You can still type" in str(await refused(gateway.list_user_profiles(domain_id)))


@pytest.mark.parametrize("operation", [*INSTEAD, "DeleteUserProfile", "AddTags"])
async def test_a_missing_permission_without_aws_words_still_names_action_and_caller(operation: str) -> None:
    response: Any = {
        "Error": {"Code": "AccessDeniedException", "Message": ""},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    error = botocore_exceptions.ClientError(response, operation)
    known = failures.translate(error, Scene(operation, caller="arn:aws:iam::1:user/ana"))
    assert isinstance(known, AccessDenied)
    assert str(known).startswith(f"arn:aws:iam::1:user/ana may not use sagemaker:{operation}")


async def test_a_role_that_may_not_be_passed_on_says_so(
    refused: Refused, gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    message = (
        "User: arn:aws:iam::1:user/ana is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/x"
    )
    sandbox.fail_next("UpdateUserProfile", code="AccessDeniedException", message=message)
    error = await refused(gateway.update_user_profile(update(domain_id)))
    assert "arn:aws:iam::1:user/ana may not use iam:PassRole" in str(error)
    assert "execution role" in str(error)


async def test_findings_of_the_service_are_paths_of_the_request(
    refused: Refused, gateway: Gateway, domain_id: str
) -> None:
    settings = {
        "ExecutionRole": "x" * 20,
        "JupyterLabAppSettings": {
            "CustomImages": [
                {"ImageName": "a", "AppImageConfigName": "b"},
                {"ImageName": "!", "AppImageConfigName": "b"},
            ]
        },
    }
    error = await refused(gateway.update_user_profile(update(domain_id, **settings)))
    assert isinstance(error, ValidationRefused)
    paths = [path for path, _ in error.findings]
    assert paths == ["UserSettings.ExecutionRole", "UserSettings.JupyterLabAppSettings.CustomImages[1].ImageName"]
    assert all("regular expression pattern" in words for _, words in error.findings)
    assert "UserSettings.ExecutionRole" in str(error)


async def test_what_boto3_refuses_by_itself_is_not_sent(
    refused: Refused, gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    error = await refused(gateway.update_user_profile(update(domain_id, Nope=1, ExecutionRole=3)))
    assert isinstance(error, ValidationRefused)
    assert {path for path, _ in error.findings} == {"UserSettings.Nope", "UserSettings.ExecutionRole"}
    assert sandbox.calls == ()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("ResourceInUse", ProfileInUse, "running apps use it"),
        ("ResourceLimitExceeded", LimitExceeded, "Service Quotas"),
        ("ExpiredTokenException", CredentialsError, "login has expired.*aws sso login.*nothing is lost"),
        ("UnrecognizedClientException", CredentialsError, "does not know these credentials"),
        ("InvalidSignatureException", CredentialsError, "secret key"),
        ("MissingAuthenticationTokenException", CredentialsError, "unsigned"),
        ("OptInRequired", CredentialsError, "not opted in"),
        ("RequestTimeTooSkewed", CredentialsError, "clock"),
        ("InternalFailure", BadResponse, "failure on its side.*Load the profile again"),
        ("ServiceUnavailable", BadResponse, "failure on its side"),
        ("UnknownOperationException", BadResponse, "does not know UpdateUserProfile. Check the endpoint"),
        ("SerializationException", ValidationRefused, "refused the content"),
        ("ThrottlingException", Throttled, "slow down"),
        ("SomethingNew", GatewayError, r"refused UpdateUserProfile .*\(SomethingNew\). AWS said: <b>why</b>"),
    ],
)
async def test_each_code_has_its_class_and_says_what_to_do(
    refused: Refused,
    gateway: Gateway,
    sandbox: Sandbox,
    domain_id: str,
    code: str,
    kind: type[GatewayError],
    words: str,
) -> None:
    sandbox.fail_next("UpdateUserProfile", code=code, message="<b>why</b>")
    error = await refused(gateway.update_user_profile(update(domain_id)))
    assert type(error) is kind
    assert error.code == code
    assert error.message == "<b>why</b>"
    assert re.search(words, str(error)), str(error)
    assert [call.operation for call in sandbox.calls] == ["UpdateUserProfile"], "a write is sent once"


async def test_a_clock_that_is_wrong_is_told_from_the_words_of_the_signature_error(
    refused: Refused, gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    message = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)"
    sandbox.fail_next("DescribeUserProfile", code="InvalidSignatureException", message=message)
    assert "clock" in str(await refused(gateway.describe_user_profile(domain_id, "analyst-1")))


async def test_the_session_token_in_aws_words_is_told_to_nobody(
    gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    message = (
        "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for "
        f"this request should have been\n'POST\n/\n\nx-amz-security-token:{CANARY}\n\nhost;x-amz-date\n'"
    )
    sandbox.fail_next("DescribeUserProfile", code="SignatureDoesNotMatch", message=message)
    with pytest.raises(CredentialsError) as caught:
        await gateway.describe_user_profile(domain_id, "analyst-1")
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert CANARY not in caught.value.message


async def test_a_profile_that_exists_already_says_what_to_do(
    refused: Refused, gateway: Gateway, domain_id: str
) -> None:
    error = await refused(gateway.create_user_profile({"DomainId": domain_id, "UserProfileName": "analyst-1"}))
    assert isinstance(error, ProfileInUse)
    assert "has a user profile “analyst-1” already. Open that one, or choose another name." in str(error)


async def test_a_new_login_is_taken_up_after_credentials_were_refused(
    refused: Refused, sandbox: Sandbox, domain_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    gateway = Gateway(Connection())
    error = await refused(gateway.describe_domain(domain_id))
    assert isinstance(error, CredentialsError)
    assert "No AWS credentials were found. Log in" in str(error)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "sandbox")
    assert (await gateway.describe_domain(domain_id)).domain_id == domain_id
    gateway.close()


# --- throttling, failures of AWS, other servers -----------------------------------------------------------------------


async def test_reads_get_over_throttling_and_writes_do_not_try(
    refused: Refused, gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.throttle(2)
    assert (await gateway.describe_user_profile(domain_id, "analyst-1")).name == "analyst-1"
    assert len(sandbox.calls) == 3
    sandbox.throttle(1)
    assert isinstance(await refused(gateway.update_user_profile(update(domain_id))), Throttled)
    assert len(sandbox.calls) == 4


async def test_throttling_for_ever_ends_in_words(refused: Refused, sandbox: Sandbox, domain_id: str) -> None:
    gateway = Gateway(sandbox.connection.replace(attempts=2))
    sandbox.throttle()
    error = await refused(gateway.describe_user_profile(domain_id, "analyst-1"))
    assert isinstance(error, Throttled)
    assert error.retryable
    assert len(sandbox.calls) == 2
    gateway.close()


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("502 Bad Gateway", BadResponse, "failure on its side (502)"),
        ("503 Service Unavailable", BadResponse, "failure on its side (503)"),
        ("429 Too Many Requests", Throttled, "slow down"),
        ("403 Forbidden", BadResponse, "answered HTTP 403 without an AWS error"),
        ("404 Not Found", BadResponse, "it is not SageMaker"),
        ("302 Found", BadResponse, "a proxy, a login page"),
    ],
)
async def test_a_web_page_in_place_of_an_answer_is_told_as_such(
    refused: Refused, wire: Any, status: str, kind: type[GatewayError], words: str
) -> None:
    server = wire(wire.reply(b"<html><script>alert(1)</script></html>", status=status, kind="text/html"))
    gateway = Gateway(server.connection())
    error = await refused(gateway.update_user_profile(update("d-1")))
    assert type(error) is kind
    assert words in str(error)
    assert "<script>" not in str(error)
    assert len(server.requests) == 1
    gateway.close()
