"""The services around SageMaker: seeded, with the ids that the domains' settings name, and switchable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from botocore import UNSIGNED

from profile_widgets.sandbox import Sandbox

RESEARCH = "d-9xk2m4tq7abc"
ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def account() -> Iterator[Sandbox]:
    """Return one sandbox for the tests that only read: moto's services take a while to load."""
    with Sandbox() as running:
        yield running


def roles(client: Any) -> list[str]:
    return [role["RoleName"] for page in client.get_paginator("list_roles").paginate() for role in page["Roles"]]


def groups(client: Any) -> dict[str, str]:
    return {group["GroupId"]: group["VpcId"] for group in client.describe_security_groups()["SecurityGroups"]}


def file_systems(client: Any) -> list[str]:
    return [system["FileSystemId"] for system in client.describe_file_systems()["FileSystems"]]


def test_the_caller_is_a_user_of_the_account(account: Sandbox, client_of: ClientMaker) -> None:
    caller = client_of(account, "sts").get_caller_identity()
    assert (caller["Account"], caller["Arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/sandbox")


def test_some_roles_may_be_assumed_by_sagemaker_and_some_not(account: Sandbox, client_of: ClientMaker) -> None:
    client = client_of(account, "iam")
    trusts = {role["RoleName"]: str(role["AssumeRolePolicyDocument"]) for role in client.list_roles()["Roles"]}
    assert "sagemaker.amazonaws.com" in trusts["SageMakerAnalystRole"]
    assert "sagemaker.amazonaws.com" not in trusts["lambda-nightly-cost-report"]
    role = client.get_role(RoleName="AmazonSageMaker-ExecutionRole-20250520T093901")["Role"]
    domain = client_of(account).describe_domain(DomainId=RESEARCH)
    assert role["Arn"] == domain["DefaultUserSettings"]["ExecutionRole"]


def test_the_network_has_the_ids_that_the_domain_names(account: Sandbox, client_of: ClientMaker) -> None:
    domain = client_of(account).describe_domain(DomainId=RESEARCH)
    client = client_of(account, "ec2")
    found = groups(client)
    for group in domain["DefaultUserSettings"]["SecurityGroups"]:
        assert found[group] == domain["VpcId"]
    subnets = client.describe_subnets(SubnetIds=domain["SubnetIds"])["Subnets"]
    assert {subnet["VpcId"] for subnet in subnets} == {domain["VpcId"]}
    filtered = client.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [domain["VpcId"]]}])
    assert len(filtered["SecurityGroups"]) == 6
    assert client.describe_vpcs(VpcIds=[domain["VpcId"]])["Vpcs"][0]["Tags"] == [{"Key": "Name", "Value": "research"}]


def test_keys_have_aliases_and_the_ids_that_the_domain_names(account: Sandbox, client_of: ClientMaker) -> None:
    domain = client_of(account).describe_domain(DomainId=RESEARCH)
    client = client_of(account, "kms")
    aliases = {alias["AliasName"]: alias["TargetKeyId"] for alias in client.list_aliases()["Aliases"]}
    key = domain["DefaultUserSettings"]["SharingSettings"]["S3KmsKeyId"]
    assert aliases["alias/studio-sharing"] == key
    assert client.describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == key
    assert client.describe_key(KeyId="alias/studio-sharing")["KeyMetadata"]["Arn"].endswith(f":key/{key}")


def test_secrets_have_the_arns_that_the_profiles_name(account: Sandbox, client_of: ClientMaker) -> None:
    profile = client_of(account).describe_user_profile(DomainId=RESEARCH, UserProfileName="analyst-1")
    arn = profile["UserSettings"]["CanvasAppSettings"]["IdentityProviderOAuthSettings"][0]["SecretArn"]
    client = client_of(account, "secretsmanager")
    assert arn in [secret["ARN"] for secret in client.list_secrets()["SecretList"]]
    assert client.describe_secret(SecretId=arn)["Name"] == "canvas/snowflake-oauth"


def test_file_systems_have_the_ids_that_the_profiles_name(account: Sandbox, client_of: ClientMaker) -> None:
    assert "fs-0123456789abcdef0" in file_systems(client_of(account, "efs"))
    assert file_systems(client_of(account, "fsx")) == ["fs-0c0ffee1234567890"]


def test_file_systems_tell_their_size_and_state(account: Sandbox, client_of: ClientMaker) -> None:
    shared = client_of(account, "efs").describe_file_systems()["FileSystems"][0]
    assert (shared["Name"], shared["LifeCycleState"]) == ("research-shared", "available")
    assert shared["SizeInBytes"]["Value"] > 10**12
    lustre = client_of(account, "fsx").describe_file_systems()["FileSystems"][0]
    assert (lustre["FileSystemType"], lustre["Lifecycle"], lustre["StorageCapacity"]) == ("LUSTRE", "AVAILABLE", 1200)
    assert lustre["CreationTime"]


def test_roles_are_of_different_ages(account: Sandbox, client_of: ClientMaker) -> None:
    ages = [role["CreateDate"] for role in client_of(account, "iam").list_roles()["Roles"]]
    assert len({age.date() for age in ages}) > 8


def test_objects_go_into_buckets_and_come_back(account: Sandbox, client_of: ClientMaker) -> None:
    client = client_of(account, "s3")
    buckets = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    assert "sagemaker-studio-123456789012-lhlbozhzvv" in buckets
    assert "sagemaker-eu-west-1-123456789012" in buckets
    named = {"Bucket": "northwind-research-landing-123456789012", "Key": "a b/ü.txt"}
    client.put_object(**named, Body=b"x" * 300_000)
    assert client.head_object(**named)["ContentLength"] == 300_000
    assert client.get_object(**named)["Body"].read() == b"x" * 300_000
    client.put_object(**named, Body=b"from 123456789012, key 3f1a9c52-7d40-4be8-9a61-0c5b2e84d7f3")
    assert client.get_object(**named)["Body"].read() == b"from 123456789012, key 3f1a9c52-7d40-4be8-9a61-0c5b2e84d7f3"


def test_what_the_sandbox_lacks_of_sagemaker_is_answered_by_moto(account: Sandbox, client_of: ClientMaker) -> None:
    assert client_of(account).list_training_jobs()["TrainingJobSummaries"] == []


def test_what_nobody_has_is_refused_by_name(account: Sandbox, client_of: ClientMaker, refused: Refused) -> None:
    answer = refused(client_of(account).list_subscribed_workteams)
    assert (answer["Status"], "ListSubscribedWorkteams" in answer["Message"]) == (501, True)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("iam", "list_roles"),
        ("ec2", "describe_security_groups"),
        ("s3", "list_buckets"),
        ("kms", "list_keys"),
        ("secretsmanager", "list_secrets"),
        ("efs", "describe_file_systems"),
        ("fsx", "describe_file_systems"),
        ("sts", "get_caller_identity"),
        ("sagemaker", "list_domains"),
    ],
)
def test_unsigned_requests_and_other_regions_reach_the_same_account(
    account: Sandbox, client_of: ClientMaker, service: str, operation: str
) -> None:
    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: timeless(item) for name, item in value.items()}
        if isinstance(value, list):
            return [timeless(item) for item in value]
        return "a moment" if isinstance(value, datetime) else value

    def content(**settings: Any) -> Any:
        answer = getattr(client_of(account, service, **settings), operation)()
        answer.pop("ResponseMetadata")
        answer.pop("Owner", None)
        return timeless(answer)

    assert content() == content(signature_version=UNSIGNED) == content(region_name="us-east-1")


@pytest.mark.parametrize(
    ("service", "operation", "action", "denied", "throttled"),
    [
        ("iam", "list_roles", "iam:ListRoles", "AccessDenied", "Throttling"),
        (
            "ec2",
            "describe_security_groups",
            "ec2:DescribeSecurityGroups",
            "UnauthorizedOperation",
            "RequestLimitExceeded",
        ),
        ("s3", "list_buckets", "s3:ListAllMyBuckets", "AccessDenied", "SlowDown"),
        ("kms", "list_aliases", "kms:ListAliases", "AccessDeniedException", "ThrottlingException"),
        (
            "secretsmanager",
            "list_secrets",
            "secretsmanager:ListSecrets",
            "AccessDeniedException",
            "ThrottlingException",
        ),
        (
            "efs",
            "describe_file_systems",
            "elasticfilesystem:DescribeFileSystems",
            "AccessDeniedException",
            "ThrottlingException",
        ),
        ("fsx", "describe_file_systems", "fsx:DescribeFileSystems", "AccessDeniedException", "ThrottlingException"),
        ("sts", "get_caller_identity", "sts:GetCallerIdentity", "AccessDenied", "Throttling"),
    ],
)
def test_each_service_refuses_in_its_own_form(
    sandbox: Sandbox,
    client_of: ClientMaker,
    refused: Refused,
    service: str,
    operation: str,
    action: str,
    denied: str,
    throttled: str,
) -> None:
    call = getattr(client_of(sandbox, service), operation)
    sandbox.deny(action)
    answer = refused(call)
    assert (answer["Code"], f"not authorized to perform: {action}" in answer["Message"]) == (denied, True)
    sandbox.allow()
    sandbox.throttle(1, action)
    assert refused(call)["Code"] == throttled
    sandbox.fail_next(action, code="InternalFailure", message="no")
    assert refused(call)["Status"] == 500
    assert [f"{call.service}:{call.operation}" for call in sandbox.calls] == [action] * 3


def test_many_roles_are_listed(sandbox: Sandbox, client_of: ClientMaker) -> None:
    sandbox.populate(profiles=0, roles=150, images=30)
    assert len([name for name in roles(client_of(sandbox, "iam")) if name.startswith("team-")]) == 150
    pages = client_of(sandbox).get_paginator("list_images").paginate(NameContains="many")
    assert sum(len(page["Images"]) for page in pages) == 30


def test_a_reset_takes_the_other_services_back_too(sandbox: Sandbox, client_of: ClientMaker) -> None:
    client = client_of(sandbox, "iam")
    client.create_role(RoleName="mine", AssumeRolePolicyDocument="{}")
    assert "mine" in roles(client)
    sandbox.reset()
    assert "mine" not in roles(client)
    assert "SageMakerAnalystRole" in roles(client)


def test_sandboxes_side_by_side_and_one_after_the_other_share_nothing(client_of: ClientMaker) -> None:
    trust = "{}"
    with Sandbox() as one, Sandbox(region="us-west-2") as other:
        client_of(one, "iam").create_role(RoleName="mine", AssumeRolePolicyDocument=trust)
        assert "mine" in roles(client_of(one, "iam"))
        assert "mine" not in roles(client_of(other, "iam"))
        client_of(other, "iam").create_role(RoleName="mine", AssumeRolePolicyDocument=trust)
        client_of(one).delete_user_profile(DomainId=RESEARCH, UserProfileName="bare")
        client_of(other).describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")
        other.reset()
        assert "mine" in roles(client_of(one, "iam"))
        assert "mine" not in roles(client_of(other, "iam"))
        assert groups(client_of(one, "ec2")).keys() >= {"sg-0a1b2c3d4e5f60718"}
        assert groups(client_of(other, "ec2")).keys() >= {"sg-0a1b2c3d4e5f60718"}
        for sandbox in (one, other):
            buckets = client_of(sandbox, "s3").list_buckets()["Buckets"]
            assert f"sagemaker-{sandbox.region}-123456789012" in [bucket["Name"] for bucket in buckets]
    with Sandbox() as third:
        assert "mine" not in roles(client_of(third, "iam"))


def test_a_stopped_sandbox_goes_on_with_what_it_held(client_of: ClientMaker) -> None:
    sandbox = Sandbox()
    with sandbox:
        client_of(sandbox, "iam").create_role(RoleName="mine", AssumeRolePolicyDocument="{}")
        client_of(sandbox, "s3").create_bucket(
            Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    with sandbox:
        assert "mine" in roles(client_of(sandbox, "iam"))
        sandbox.reset()
        client_of(sandbox, "s3").create_bucket(
            Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )


def test_no_answer_shows_the_number_that_moto_knows_the_account_by(account: Sandbox, client_of: ClientMaker) -> None:
    number = account._others._number
    for service, operation in (("iam", "list_roles"), ("ec2", "describe_vpcs"), ("kms", "list_keys")):
        assert number not in str(getattr(client_of(account, service), operation)())


def test_services_can_be_loaded_before_anyone_asks(client_of: ClientMaker) -> None:
    sandbox = Sandbox()
    sandbox.warm()
    with sandbox:
        assert groups(client_of(sandbox, "ec2")).keys() >= {"sg-0a1b2c3d4e5f60718"}


def test_an_empty_account_is_empty(client_of: ClientMaker) -> None:
    with Sandbox(seed=False) as empty:
        assert client_of(empty).list_domains()["Domains"] == []
        assert client_of(empty).list_user_profiles()["UserProfiles"] == []
        assert client_of(empty, "secretsmanager").list_secrets()["SecretList"] == []
