"""Each list can be denied and throttled by its own action, and says so as its service does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox

ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]
USER = "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: "
BUCKET = "northwind-research-curated-123456789012"
HERE = "eu-west-1:123456789012"


def denied(action: str, resource: str = "") -> str:
    """Return the words in which IAM denies an action for which there is no policy."""
    on = f"on resource: {resource} " if resource else ""
    return f"{USER}{action} {on}because no identity-based policy allows the {action} action"


LISTS: list[tuple[str, str, dict[str, Any], str, str, int, str]] = [
    ("iam", "list_roles", {}, "iam:ListRoles", "AccessDenied", 403, "arn:aws:iam::123456789012:role/"),
    (
        "iam", "get_role", {"RoleName": "SageMakerAnalystRole"}, "iam:GetRole", "AccessDenied", 403,
        "arn:aws:iam::123456789012:role/SageMakerAnalystRole",
    ),
    ("ec2", "describe_security_groups", {}, "ec2:DescribeSecurityGroups", "UnauthorizedOperation", 403, ""),
    ("ec2", "describe_subnets", {}, "ec2:DescribeSubnets", "UnauthorizedOperation", 403, ""),
    ("ec2", "describe_vpcs", {}, "ec2:DescribeVpcs", "UnauthorizedOperation", 403, ""),
    ("s3", "list_buckets", {}, "s3:ListAllMyBuckets", "AccessDenied", 403, ""),
    ("s3", "list_objects_v2", {"Bucket": BUCKET}, "s3:ListBucket", "AccessDenied", 403, f'"arn:aws:s3:::{BUCKET}"'),
    (
        "s3", "get_object", {"Bucket": BUCKET, "Key": "README.md"}, "s3:GetObject", "AccessDenied", 403,
        f'"arn:aws:s3:::{BUCKET}/README.md"',
    ),
    ("s3", "get_bucket_location", {"Bucket": BUCKET}, "s3:GetBucketLocation", "AccessDenied", 403,
     f'"arn:aws:s3:::{BUCKET}"'),
    ("kms", "list_aliases", {}, "kms:ListAliases", "AccessDeniedException", 400, ""),
    ("kms", "list_keys", {}, "kms:ListKeys", "AccessDeniedException", 400, ""),
    ("secretsmanager", "list_secrets", {}, "secretsmanager:ListSecrets", "AccessDeniedException", 400, ""),
    (
        "efs", "describe_file_systems", {}, "elasticfilesystem:DescribeFileSystems", "AccessDeniedException", 403,
        f"arn:aws:elasticfilesystem:{HERE}:file-system/*",
    ),
    (
        "efs", "describe_file_system_policy", {"FileSystemId": "fs-0123456789abcdef0"},
        "elasticfilesystem:DescribeFileSystemPolicy", "AccessDeniedException", 403,
        f"arn:aws:elasticfilesystem:{HERE}:file-system/*",
    ),
    (
        "fsx", "describe_file_systems", {}, "fsx:DescribeFileSystems", "AccessDeniedException", 400,
        f"arn:aws:fsx:{HERE}:file-system/*",
    ),
    ("pricing", "get_products", {"ServiceCode": "AmazonSageMaker"}, "pricing:GetProducts", "AccessDeniedException",
     400, ""),
    *[
        ("sagemaker", operation, {}, f"sagemaker:{action}", "AccessDeniedException", 400,
         f"arn:aws:sagemaker:{HERE}:{kind}/*")
        for operation, action, kind in [
            ("list_domains", "ListDomains", "domain"),
            ("list_user_profiles", "ListUserProfiles", "user-profile"),
            ("list_spaces", "ListSpaces", "space"),
            ("list_apps", "ListApps", "app"),
            ("list_images", "ListImages", "image"),
            ("list_app_image_configs", "ListAppImageConfigs", "app-image-config"),
            ("list_studio_lifecycle_configs", "ListStudioLifecycleConfigs", "studio-lifecycle-config"),
            ("list_code_repositories", "ListCodeRepositories", "code-repository"),
            ("list_training_plans", "ListTrainingPlans", "training-plan"),
        ]
    ],
    *[
        ("sagemaker", operation, {"ImageName": "custom-r"}, f"sagemaker:{action}", "AccessDeniedException", 400,
         f"arn:aws:sagemaker:{HERE}:image/custom-r")
        for operation, action in [("list_image_versions", "ListImageVersions"), ("list_aliases", "ListAliases")]
    ],
]  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Any:
    with Sandbox() as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_is_denied(account: Sandbox) -> Any:
    yield
    account.allow()
    account.throttle(0)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "refusal"),
    [(*row[:3], row[3:]) for row in LISTS],
    ids=[row[3] for row in LISTS],
)
def test_a_list_that_is_denied_is_refused_in_the_words_of_its_service_and_no_other_list_is(
    account: Sandbox,
    client_of: ClientMaker,
    known_of: ClientMaker,
    refused: Refused,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    refusal: tuple[str, str, int, str],
) -> None:
    action, code, status, resource = refusal
    call = getattr(known_of(account, service, operation), operation)
    account.deny(action)
    answer = refused(call, **parameters)
    words = denied(action, resource)
    if code == "UnauthorizedOperation":
        words = f"You are not authorized to perform this operation. {words}"
    assert answer == {**answer, "Code": code, "Status": status, "Message": words}
    for other_service, other, other_parameters, other_action, *_ in LISTS[:1] + LISTS[2:3] + LISTS[16:17]:
        if other_action != action:
            getattr(client_of(account, other_service), other)(**other_parameters)
    account.allow(action)
    if action != "elasticfilesystem:DescribeFileSystemPolicy":  # this file system has none
        call(**parameters)


def test_a_whole_service_can_be_denied(account: Sandbox, client_of: ClientMaker, refused: Refused) -> None:
    account.deny("s3:*")
    s3 = client_of(account, "s3")
    assert refused(s3.list_buckets)["Code"] == "AccessDenied"
    assert refused(s3.list_objects_v2, Bucket=BUCKET)["Code"] == "AccessDenied"
    client_of(account, "iam").list_roles()


@pytest.mark.parametrize(
    ("service", "operation", "action", "code", "status"),
    [
        ("efs", "describe_file_systems", "elasticfilesystem:DescribeFileSystems", "ThrottlingException", 429),
        ("s3", "list_buckets", "s3:ListAllMyBuckets", "SlowDown", 503),
        ("ec2", "describe_security_groups", "ec2:DescribeSecurityGroups", "RequestLimitExceeded", 503),
        ("pricing", "get_products", "pricing:GetProducts", "ThrottlingException", 400),
        ("kms", "list_aliases", "kms:ListAliases", "ThrottlingException", 400),
        ("iam", "list_roles", "iam:ListRoles", "Throttling", 400),
    ],
)
def test_a_list_that_is_throttled_says_so_with_the_status_of_its_service(
    account: Sandbox,
    client_of: ClientMaker,
    refused: Refused,
    service: str,
    operation: str,
    action: str,
    code: str,
    status: int,
) -> None:
    account.throttle(1, action)
    call = getattr(client_of(account, service), operation)
    answer = refused(call)
    assert (answer["Code"], answer["Status"]) == (code, status)


def test_calls_to_rest_services_are_recorded_with_what_they_asked(account: Sandbox, client_of: ClientMaker) -> None:
    client_of(account, "s3").list_objects_v2(Bucket=BUCKET, Prefix="customers/", Delimiter="/")
    client_of(account, "efs").describe_file_systems(MaxItems=7)
    objects, systems = account.calls[-2:]
    assert objects.operation == "ListBucket"
    assert {"Bucket": BUCKET, "prefix": "customers/", "delimiter": "/"}.items() <= objects.parameters.items()
    assert (systems.operation, systems.parameters) == ("DescribeFileSystems", {"MaxItems": "7"})
