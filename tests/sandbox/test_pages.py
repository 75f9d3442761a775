"""Every list around a profile comes in pages, with the numbers, tokens and refusals of its own service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config

from profile_widgets.sandbox import Sandbox

ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]
STUDIO_BUCKET = "sagemaker-studio-123456789012-lhlbozhzvv"


@dataclass(frozen=True)
class Paged:
    """One list: how boto3 calls it, where its rows and tokens are, and how it refuses."""

    service: str
    operation: str
    action: str
    rows: str
    identity: str
    size: str
    token: str
    next_token: str
    too_many: int
    refusal: str
    bad_token: str
    flag: str = ""
    smallest: int = 1
    parameters: dict[str, Any] = field(default_factory=dict)

    def ask(self, client: Any, **more: Any) -> Any:
        return getattr(client, self.operation)(**{**self.parameters, **more})

    def names(self, answer: Any) -> list[str]:
        return [row[self.identity] if self.identity else row for row in answer[self.rows]]


ROLES = Paged(
    "iam", "list_roles", "iam:ListRoles", "Roles", "RoleName",
    "MaxItems", "Marker", "Marker", 1001, "ValidationError", "ValidationError", flag="IsTruncated",
)  # fmt: skip
ALIASES = Paged(
    "kms", "list_aliases", "kms:ListAliases", "Aliases", "AliasName",
    "Limit", "Marker", "NextMarker", 101, "ValidationException", "InvalidMarkerException", flag="Truncated",
)  # fmt: skip
KEYS = Paged(
    "kms", "list_keys", "kms:ListKeys", "Keys", "KeyId",
    "Limit", "Marker", "NextMarker", 1001, "ValidationException", "InvalidMarkerException", flag="Truncated",
)  # fmt: skip
GROUPS = Paged(
    "ec2", "describe_security_groups", "ec2:DescribeSecurityGroups", "SecurityGroups", "GroupId",
    "MaxResults", "NextToken", "NextToken", 1001, "InvalidParameterValue", "InvalidNextToken", smallest=5,
)  # fmt: skip
SECRETS = Paged(
    "secretsmanager", "list_secrets", "secretsmanager:ListSecrets", "SecretList", "ARN",
    "MaxResults", "NextToken", "NextToken", 101, "ValidationException", "InvalidNextTokenException",
)  # fmt: skip
EFS = Paged(
    "efs", "describe_file_systems", "elasticfilesystem:DescribeFileSystems", "FileSystems", "FileSystemId",
    "MaxItems", "Marker", "NextMarker", 2**31, "ValidationException", "BadRequest",
)  # fmt: skip
FSX = Paged(
    "fsx", "describe_file_systems", "fsx:DescribeFileSystems", "FileSystems", "FileSystemId",
    "MaxResults", "NextToken", "NextToken", 2**31, "ValidationException", "BadRequest",
)  # fmt: skip
BUCKETS = Paged(
    "s3", "list_buckets", "s3:ListAllMyBuckets", "Buckets", "Name",
    "MaxBuckets", "ContinuationToken", "ContinuationToken", 10_001, "InvalidArgument", "InvalidArgument",
)  # fmt: skip
PRODUCTS = Paged(
    "pricing", "get_products", "pricing:GetProducts", "PriceList", "",
    "MaxResults", "NextToken", "NextToken", 101, "ValidationException", "InvalidNextTokenException",
    parameters={
        "ServiceCode": "AmazonSageMaker",
        "Filters": [{"Type": "TERM_MATCH", "Field": "instanceName", "Value": "ml.t3.medium"}],
    },
)  # fmt: skip


def of_sagemaker(operation: str, action: str, rows: str, identity: str, **parameters: Any) -> Paged:
    return Paged(
        "sagemaker", operation, f"sagemaker:{action}", rows, identity, "MaxResults", "NextToken", "NextToken",
        101, "ValidationException", "ValidationException", parameters=parameters,
    )  # fmt: skip


SAGEMAKER = [
    of_sagemaker("list_domains", "ListDomains", "Domains", "DomainId"),
    of_sagemaker("list_user_profiles", "ListUserProfiles", "UserProfiles", "UserProfileName"),
    of_sagemaker("list_spaces", "ListSpaces", "Spaces", "SpaceName"),
    of_sagemaker("list_apps", "ListApps", "Apps", "AppType"),
    of_sagemaker("list_images", "ListImages", "Images", "ImageName"),
    of_sagemaker(
        "list_image_versions", "ListImageVersions", "ImageVersions", "ImageVersionArn", ImageName="research-pytorch"
    ),
    of_sagemaker("list_aliases", "ListAliases", "SageMakerImageVersionAliases", "", ImageName="research-pytorch"),
    of_sagemaker("list_app_image_configs", "ListAppImageConfigs", "AppImageConfigs", "AppImageConfigName"),
    of_sagemaker(
        "list_studio_lifecycle_configs",
        "ListStudioLifecycleConfigs",
        "StudioLifecycleConfigs",
        "StudioLifecycleConfigName",
    ),
    of_sagemaker("list_code_repositories", "ListCodeRepositories", "CodeRepositorySummaryList", "CodeRepositoryName"),
    of_sagemaker("list_training_plans", "ListTrainingPlans", "TrainingPlanSummaries", "TrainingPlanName"),
]
OTHERS = [ROLES, ALIASES, KEYS, GROUPS, SECRETS, EFS, FSX, BUCKETS, PRODUCTS]


def told(entry: Paged) -> str:
    return entry.action


@pytest.fixture(scope="module")
def account() -> Iterator[Sandbox]:
    """Return one sandbox for the tests that only read, with two file systems of FSx: one alone has no pages."""
    with Sandbox() as running:
        fsx = boto3.client(
            "fsx",
            region_name="eu-west-1",
            endpoint_url=running.endpoint_url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        fsx.create_file_system(FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=["subnet-0a4c9e71d25f8b360"])
        yield running


@pytest.mark.parametrize("entry", [*OTHERS, *SAGEMAKER], ids=told)
def test_a_list_read_in_the_smallest_pages_is_the_whole_list(
    account: Sandbox, known_of: ClientMaker, entry: Paged
) -> None:
    client = known_of(account, entry.service, entry.operation, entry.size)
    whole = entry.names(entry.ask(client))
    assert len(whole) > entry.smallest or not whole
    seen: list[str] = []
    tokens: list[str] = []
    answer = entry.ask(client, **{entry.size: entry.smallest})
    while True:
        page = entry.names(answer)
        seen += page
        token = answer.get(entry.next_token)
        if entry.flag:
            assert answer[entry.flag] is bool(token)
        if not token:
            break
        assert len(page) == entry.smallest
        tokens.append(token)
        answer = entry.ask(client, **{entry.size: entry.smallest, entry.token: token})
    assert seen == whole
    assert len(set(tokens)) == len(tokens) >= 1


@pytest.mark.parametrize("entry", [*OTHERS, *SAGEMAKER], ids=told)
def test_a_page_that_is_too_small_or_too_large_is_refused_in_the_services_own_form(
    account: Sandbox, known_of: ClientMaker, refused: Refused, entry: Paged
) -> None:
    client = known_of(account, entry.service, entry.operation, entry.size)
    for number in (entry.smallest - 1, entry.too_many):
        answer = refused(entry.ask, client=client, **{entry.size: number})
        assert (answer["Code"], answer["Status"], str(number) in answer["Message"]) == (entry.refusal, 400, True)


@pytest.mark.parametrize("entry", [*OTHERS, *SAGEMAKER], ids=told)
def test_a_token_that_was_not_given_out_is_refused(
    account: Sandbox, known_of: ClientMaker, refused: Refused, entry: Paged
) -> None:
    client = known_of(account, entry.service, entry.operation, entry.size)
    for token in ("rubbish", "W10=", "WyJ4IiwgMV0=", "WzEsIDJd"):
        answer = refused(entry.ask, client=client, **{entry.token: token})
        assert (answer["Code"], answer["Status"]) == (entry.bad_token, 400)


def test_a_token_of_one_question_is_no_token_of_another(
    account: Sandbox, client_of: ClientMaker, refused: Refused
) -> None:
    iam = client_of(account, "iam")
    marker = iam.list_roles(MaxItems=1)["Marker"]
    assert iam.list_roles(MaxItems=2, Marker=marker)["Roles"]
    assert refused(iam.list_roles, PathPrefix="/service-role/", Marker=marker)["Code"] == "ValidationError"


def test_the_pages_of_a_filtered_list_hold_only_what_fits(account: Sandbox, client_of: ClientMaker) -> None:
    iam = client_of(account, "iam")
    pages = list(
        iam.get_paginator("list_roles").paginate(PathPrefix="/service-role/", PaginationConfig={"PageSize": 2})
    )
    assert [len(page["Roles"]) for page in pages] == [2, 2]
    ec2 = client_of(account, "ec2")
    filters = [{"Name": "vpc-id", "Values": ["vpc-0c1f5d2a9b7e34f68"]}]
    first = ec2.describe_security_groups(Filters=filters, MaxResults=5)
    second = ec2.describe_security_groups(Filters=filters, MaxResults=5, NextToken=first["NextToken"])
    assert (len(first["SecurityGroups"]), len(second["SecurityGroups"])) == (5, 1)
    assert "NextToken" not in second


def test_ec2_takes_no_ids_together_with_a_page(account: Sandbox, client_of: ClientMaker, refused: Refused) -> None:
    ec2 = client_of(account, "ec2")
    ids = ["sg-0a1b2c3d4e5f60718"]
    assert len(ec2.describe_security_groups(GroupIds=ids)["SecurityGroups"]) == 1
    answer = refused(ec2.describe_security_groups, GroupIds=ids, MaxResults=5)
    assert (answer["Code"], "GroupIds" in answer["Message"]) == ("InvalidParameterCombination", True)
    assert refused(ec2.describe_security_groups, GroupIds=["sg-0123"])["Code"] == "InvalidGroup.NotFound"


def test_lists_have_the_pages_of_the_documentation_when_none_are_asked_for(
    sandbox: Sandbox, client_of: ClientMaker
) -> None:
    sandbox.populate(profiles=0, roles=120)
    assert len(client_of(sandbox, "iam").list_roles()["Roles"]) == 100
    kms = client_of(sandbox, "kms")
    key = kms.list_keys()["Keys"][0]["KeyId"]
    for number in range(60):
        kms.create_alias(AliasName=f"alias/many-{number:02d}", TargetKeyId=key)
    assert len(kms.list_aliases()["Aliases"]) == 50
    assert len(kms.list_aliases(KeyId=key)["Aliases"]) == 50
    assert len(kms.list_aliases(Limit=100)["Aliases"]) > 60
    efs = client_of(sandbox, "efs")
    for number in range(12):
        efs.create_file_system(CreationToken=f"many-{number}")
    assert len(efs.describe_file_systems()["FileSystems"]) == 15
    assert len(client_of(sandbox, "ec2").describe_security_groups()["SecurityGroups"]) > 6


def test_a_role_is_listed_with_what_aws_tells_in_lists(account: Sandbox, client_of: ClientMaker) -> None:
    iam = client_of(account, "iam")
    name = "AmazonSageMaker-ExecutionRole-20250520T093901"
    listed = next(role for role in iam.list_roles()["Roles"] if role["RoleName"] == name)
    single = iam.get_role(RoleName=name)["Role"]
    assert set(listed) == {
        "Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument", "Description",
        "MaxSessionDuration",
    }  # fmt: skip
    assert {member: single[member] for member in listed} == listed
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == sorted(roles_of(iam))


def roles_of(iam: Any) -> set[str]:
    return {role["RoleName"] for role in iam.list_roles()["Roles"]}


# --- S3: prefixes -----------------------------------------------------------------------------------------------------


def prefixes(answer: Any) -> list[str]:
    return [row["Prefix"] for row in answer.get("CommonPrefixes", ())]


def test_buckets_have_prefixes_to_walk_down(account: Sandbox, client_of: ClientMaker) -> None:
    s3 = client_of(account, "s3")
    named = {"Bucket": STUDIO_BUCKET, "Delimiter": "/"}
    assert prefixes(s3.list_objects_v2(**named)) == ["sharing-archive/", "sharing/", "user-profiles/"]
    assert prefixes(s3.list_objects_v2(**named, Prefix="shar")) == ["sharing-archive/", "sharing/"]
    below = s3.list_objects_v2(**named, Prefix="sharing/")
    assert (prefixes(below), below.get("Contents", [])) == (["sharing/analysts/", "sharing/ml-lead/"], [])
    assert prefixes(s3.list_objects_v2(**named, Prefix="nothing/")) == []


def test_prefixes_come_in_pages(account: Sandbox, client_of: ClientMaker) -> None:
    s3 = client_of(account, "s3")
    named = {"Bucket": STUDIO_BUCKET, "Delimiter": "/"}
    first = s3.list_objects_v2(**named, MaxKeys=2)
    assert (prefixes(first), first["IsTruncated"]) == (["sharing-archive/", "sharing/"], True)
    second = s3.list_objects_v2(**named, MaxKeys=2, ContinuationToken=first["NextContinuationToken"])
    assert (prefixes(second), second["IsTruncated"]) == (["user-profiles/"], False)


def test_a_bucket_that_is_not_there_is_said_to_be_so(
    account: Sandbox, client_of: ClientMaker, refused: Refused
) -> None:
    answer = refused(client_of(account, "s3").list_objects_v2, Bucket="no-such-bucket-123456789012")
    assert (answer["Code"], answer["Status"]) == ("NoSuchBucket", 404)


# --- what an empty account has ----------------------------------------------------------------------------------------


def test_an_empty_account_answers_every_list_with_nothing(client_of: ClientMaker) -> None:
    with Sandbox(seed=False) as empty:
        for entry in [*OTHERS, *SAGEMAKER]:
            client = client_of(empty, entry.service)
            if "ImageName" in entry.parameters or not hasattr(client, entry.operation):
                continue
            answer = entry.ask(client)
            assert entry.names(answer) == [], entry.action
            assert not answer.get(entry.next_token), entry.action
        assert client_of(empty, "ec2").describe_vpcs()["Vpcs"] == []
