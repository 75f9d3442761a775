"""Roles that are assumed: whose credentials they are, for how long, and what IAM lets them do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config

from profile_widgets.sandbox import Sandbox

RESEARCH = "d-9xk2m4tq7abc"
ARN = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{RESEARCH}/"
EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
SESSION = "arn:aws:sts::123456789012:assumed-role/Visitor/alice"
Refused = Callable[..., dict[str, Any]]


def own_only(name: str) -> dict[str, Any]:
    actions = ["sagemaker:DescribeUserProfile", "sagemaker:UpdateUserProfile"]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": ARN + name}]}


@pytest.fixture
def sts(sandbox: Sandbox, client_of: Callable[..., Any]) -> Any:
    return client_of(sandbox, "sts")


@pytest.fixture
def role(sandbox: Sandbox) -> str:
    return sandbox.add_role("Visitor")


@pytest.fixture
def as_alice(sandbox: Sandbox, sts: Any, role: str) -> Callable[..., Any]:
    """Return what makes a client with the credentials of a role that was assumed for alice."""

    def make(service: str = "sagemaker", policy: Any = None, **answer: Any) -> Any:
        asked = {"Policy": json.dumps(policy)} if policy else {}
        answer = answer or sts.assume_role(RoleArn=role, RoleSessionName="alice", SourceIdentity="alice.a", **asked)
        return client_with(sandbox, answer["Credentials"], service)

    return make


def client_with(sandbox: Sandbox, keys: dict[str, Any], service: str = "sagemaker") -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name="eu-west-1",
        endpoint_url=sandbox.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_the_session_is_who_asks_from_then_on(sandbox: Sandbox, as_alice: Callable[..., Any]) -> None:
    as_alice().describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")
    assert as_alice("sts").get_caller_identity()["Arn"] == SESSION
    seen = [(call.operation, call.caller, call.source_identity) for call in sandbox.calls]
    assert seen[1] == ("DescribeUserProfile", SESSION, "alice.a")
    assert seen[0] == ("AssumeRole", "arn:aws:iam::123456789012:user/sandbox", "")


def test_the_answer_says_what_sts_says(sts: Any, role: str) -> None:
    answer = sts.assume_role(
        RoleArn=role, RoleSessionName="a@b.example", DurationSeconds=900, Policy=json.dumps(EVERYTHING)
    )
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Visitor/a@b.example")
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":a@b.example")
    assert 0 < answer["PackedPolicySize"] <= 100
    assert 0 < answer["Credentials"]["Expiration"].timestamp() - time.time() <= 900
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert "SourceIdentity" not in answer


def test_a_session_policy_leaves_one_profile_of_what_the_role_may(
    as_alice: Callable[..., Any], refused: Refused
) -> None:
    client = as_alice(policy=own_only("bare"))
    client.update_user_profile(DomainId=RESEARCH, UserProfileName="BARE", UserSettings={})
    answer = refused(client.update_user_profile, DomainId=RESEARCH, UserProfileName="analyst-1", UserSettings={})
    assert answer["Code"] == "AccessDeniedException"
    assert answer["Message"] == (
        f"User: {SESSION} is not authorized to perform: sagemaker:UpdateUserProfile on resource: {ARN}analyst-1 "
        "because no session policy allows the sagemaker:UpdateUserProfile action"
    )
    assert refused(client.add_tags, ResourceArn=ARN + "bare", Tags=[])["Code"] == "AccessDeniedException"
    assert refused(client.list_domains)["Code"] == "AccessDeniedException"


def test_a_session_policy_gives_nothing_that_the_role_has_not(
    sandbox: Sandbox, as_alice: Callable[..., Any], refused: Refused
) -> None:
    sandbox.enforce("Visitor", own_only("analyst-1"))
    client = as_alice(policy=EVERYTHING)
    client.describe_user_profile(DomainId=RESEARCH, UserProfileName="analyst-1")
    said = refused(client.describe_user_profile, DomainId=RESEARCH, UserProfileName="bare")["Message"]
    assert said.endswith("because no identity-based policy allows the sagemaker:DescribeUserProfile action")
    sandbox.enforce("Visitor", None)
    client.describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")


def test_a_denial_in_so_many_words_is_told_as_one(
    sandbox: Sandbox, as_alice: Callable[..., Any], refused: Refused
) -> None:
    deny = {"Effect": "Deny", "Action": "sagemaker:Update*", "Resource": "*"}
    sandbox.enforce("Visitor", EVERYTHING, {"Statement": deny})
    said = refused(as_alice().update_user_profile, DomainId=RESEARCH, UserProfileName="bare")["Message"]
    assert said.endswith("with an explicit deny in an identity-based policy")
    sandbox.enforce("Visitor", None)
    client = as_alice(policy={"Statement": [EVERYTHING["Statement"], deny]})
    said = refused(client.update_user_profile, DomainId=RESEARCH, UserProfileName="bare")["Message"]
    assert said.endswith("with an explicit deny in a session policy")


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("iam", "list_roles", "AccessDenied"),
        ("s3", "list_buckets", "AccessDenied"),
        ("kms", "list_aliases", "AccessDeniedException"),
    ],
)
def test_every_service_knows_the_session_and_says_no_in_its_own_form(
    as_alice: Callable[..., Any], refused: Refused, service: str, operation: str, code: str
) -> None:
    getattr(as_alice(service), operation)()
    answer = refused(getattr(as_alice(service, own_only("bare")), operation))
    assert (answer["Code"], SESSION in answer["Message"]) == (code, True)


def test_a_role_passed_on_is_asked_for_too(sandbox: Sandbox, as_alice: Callable[..., Any], refused: Refused) -> None:
    sandbox.enforce("Visitor", own_only("bare"))
    role = "arn:aws:iam::123456789012:role/SageMakerAnalystRole"
    named = {"DomainId": RESEARCH, "UserProfileName": "bare", "UserSettings": {"ExecutionRole": role}}
    assert f"iam:PassRole on resource: {role} " in refused(as_alice().update_user_profile, **named)["Message"]
    sandbox.enforce(
        "Visitor", own_only("bare"), {"Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role}}
    )
    as_alice().update_user_profile(**named)


def test_sagemakers_condition_keys_are_asked_of_the_settings(
    sandbox: Sandbox, as_alice: Callable[..., Any], refused: Refused
) -> None:
    only = {"ForAllValues:StringLike": {"sagemaker:InstanceTypes": "ml.t3.*"}}
    sandbox.enforce("Visitor", {"Statement": {**EVERYTHING["Statement"], "Condition": only}})

    def settings(instance: str) -> dict[str, Any]:
        return {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": instance}}}

    named = {"DomainId": RESEARCH, "UserProfileName": "bare"}
    as_alice().update_user_profile(**named, UserSettings=settings("ml.t3.medium"))
    assert refused(as_alice().update_user_profile, **named, UserSettings=settings("ml.p5.48xlarge"))["Status"] == 400


def test_the_accounts_user_can_be_limited_as_well(sandbox: Sandbox, sagemaker: Any, sts: Any, refused: Refused) -> None:
    sandbox.enforce("sandbox", own_only("bare"))
    sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")
    assert refused(sagemaker.list_domains)["Code"] == "AccessDeniedException"
    arn = sandbox.add_role("Visitor")
    said = refused(sts.assume_role, RoleArn=arn, RoleSessionName="alice")
    assert said["Code"] == "AccessDenied"
    assert sts.get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"RoleSessionName": "a"}, "ValidationError"),
        ({"RoleSessionName": "a b"}, "ValidationError"),
        ({"RoleSessionName": "müller"}, "ValidationError"),
        ({"SourceIdentity": "a" * 65}, "ValidationError"),
        ({"SourceIdentity": "alice/bob"}, "ValidationError"),
        ({"DurationSeconds": 899}, "ValidationError"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"Policy": "{"}, "MalformedPolicyDocument"),
        ({"Policy": json.dumps({"Statement": {"Effect": "Maybe"}})}, "MalformedPolicyDocument"),
        ({"Policy": json.dumps(EVERYTHING) + " " * 2048}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::123456789012:role/Nobody"}, "AccessDenied"),
        ({"RoleArn": "arn:aws:iam::210987654321:role/Visitor"}, "AccessDenied"),
        ({"RoleArn": "arn:aws:iam::123456789012:role/SageMakerAnalystRole"}, "AccessDenied"),
    ],
)
def test_sts_refuses_what_it_refuses_in_aws(sts: Any, role: str, refused: Refused, asked: Any, code: str) -> None:
    assert refused(sts.assume_role, **{"RoleArn": role, "RoleSessionName": "alice", **asked})["Code"] == code


def test_a_trust_policy_says_who_may_be_whom(sandbox: Sandbox, sts: Any, refused: Refused) -> None:
    trusted = {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"], "Principal": {"AWS": "*"}}
    only = {"StringEquals": {"sts:SourceIdentity": ["alice", "bob"]}}
    arn = sandbox.add_role("Visitor", trust_policy={"Statement": {**trusted, "Condition": only}})
    sts.assume_role(RoleArn=arn, RoleSessionName="alice", SourceIdentity="alice")
    for identity in ({"SourceIdentity": "eve"}, {}):
        assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="alice", **identity)["Code"] == "AccessDenied"
    silent = sandbox.add_role("Nameless", trust_policy={"Statement": {**trusted, "Action": "sts:AssumeRole"}})
    sts.assume_role(RoleArn=silent, RoleSessionName="alice")
    answer = refused(sts.assume_role, RoleArn=silent, RoleSessionName="alice", SourceIdentity="alice")
    assert "sts:SetSourceIdentity" in answer["Message"]


def test_a_role_assumed_by_a_session_keeps_the_person_behind_it(
    sandbox: Sandbox, as_alice: Callable[..., Any], refused: Refused
) -> None:
    other = sandbox.add_role("Other", longest=7200)
    chained = as_alice("sts")
    keys = chained.assume_role(RoleArn=other, RoleSessionName="somebody")
    assert keys["SourceIdentity"] == "alice.a"
    client_with(sandbox, keys["Credentials"]).list_domains()
    assert sandbox.calls[-1].source_identity == "alice.a"
    named = {"RoleArn": other, "RoleSessionName": "somebody"}
    assert refused(chained.assume_role, **named, SourceIdentity="bob")["Code"] == "AccessDenied"
    assert refused(chained.assume_role, **named, DurationSeconds=7200)["Code"] == "ValidationError"


def test_credentials_that_ended_or_were_made_up_are_nobodys(
    sandbox: Sandbox, sts: Any, role: str, refused: Refused
) -> None:
    keys = sts.assume_role(RoleArn=role, RoleSessionName="alice")["Credentials"]
    forged = client_with(sandbox, {**keys, "SessionToken": "made up"})
    assert refused(forged.list_domains)["Code"] == "UnrecognizedClientException"
    assert sandbox.calls[-1].caller == ""
    sandbox.expire_sessions()
    assert refused(client_with(sandbox, keys).list_domains)["Code"] == "ExpiredTokenException"
    assert refused(client_with(sandbox, keys, "iam").list_roles)["Code"] == "ExpiredToken"
    sandbox.reset()
    assert refused(client_with(sandbox, keys).list_domains)["Code"] == "UnrecognizedClientException"
    assert refused(client_with(sandbox, keys, "sts").get_caller_identity)["Code"] == "InvalidClientTokenId"


def test_a_role_that_is_added_is_listed_by_iam(sandbox: Sandbox, client_of: Callable[..., Any]) -> None:
    sandbox.add_role("Early")
    iam = client_of(sandbox, "iam")
    assert {"Early", "SageMakerAnalystRole"} <= {role["RoleName"] for role in iam.list_roles()["Roles"]}
    arn = sandbox.add_role("Late", longest=7200)
    found = iam.get_role(RoleName="Late")["Role"]
    assert (found["Arn"], found["MaxSessionDuration"]) == (arn, 7200)


@pytest.mark.parametrize("principal", ["arn:aws:iam::210987654321:role/Theirs", "a b", ""])
def test_policies_are_for_principals_of_the_account(sandbox: Sandbox, principal: str) -> None:
    with pytest.raises(ValueError, match="neither the name nor the ARN"):
        sandbox.enforce(principal, EVERYTHING)
