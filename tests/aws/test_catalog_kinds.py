"""What each list offers: the right value, words that say what it is, and what fits the place first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from profile_widgets.aws.catalog import Catalog
from profile_widgets.aws.catalog.identity import trust
from profile_widgets.aws.catalog.storage import FOLDERS, place_in_s3
from profile_widgets.aws.gateway import Gateway
from profile_widgets.sandbox import Sandbox
from tests.aws.pages import detail, fitting, operations

ACCOUNT = "123456789012"
BUCKET = "northwind-research-curated-123456789012"


# --- roles ------------------------------------------------------------------------------------------------------------


async def test_roles_that_sagemaker_can_assume_are_marked_and_first(catalog: Catalog) -> None:
    found = await catalog.offers("role")
    marked = [offer.detail.startswith("SageMaker can assume it · ") for offer in found.rows]
    assert marked == [offer.fits for offer in found.rows] == sorted(marked, reverse=True)
    assert "SageMakerDataScientistRole" in fitting(found)
    assert "lambda-nightly-cost-report" not in fitting(found)
    offer = next(each for each in found.rows if each.name == "AmazonSageMaker-ExecutionRole-20250520T093901")
    assert offer.value == f"arn:aws:iam::{ACCOUNT}:role/service-role/AmazonSageMaker-ExecutionRole-20250520T093901"
    assert "path /service-role/" in offer.detail
    assert "created " in offer.detail


@pytest.mark.parametrize(
    ("service", "who", "name"),
    [
        ("forecast.amazonaws.com", "Amazon Forecast", "AmazonSageMakerCanvasForecastRole-20250520T093900"),
        ("bedrock.amazonaws.com", "Amazon Bedrock", "AmazonSagemakerCanvasBedrockRole-20250520T093900"),
        ("emr-serverless.amazonaws.com", "EMR Serverless", "AmazonSageMakerCanvasEMRSExecutionAccess-20250520T093900"),
        ("lambda.amazonaws.com", "lambda.amazonaws.com", "lambda-nightly-cost-report"),
    ],
)
async def test_roles_of_another_service_fit_where_that_one_assumes_them(
    catalog: Catalog, service: str, who: str, name: str
) -> None:
    found = await catalog.offers("role", about={"service": service})
    assert fitting(found) == {name}
    assert found.rows[0].detail.startswith(f"{who} can assume it · ")


async def test_roles_for_emr_are_those_of_clusters_and_of_this_account(catalog: Catalog) -> None:
    found = await catalog.offers("emr-role")
    assert fitting(found) == {"EmrRuntimeRole-clickstream", "EmrRuntimeRole-genomics"}
    assert found.note == "Roles of other accounts cannot be listed: paste their ARN."


def role_list(*policies: Any) -> bytes:
    """Return IAM's answer with a role for each trust policy."""
    from urllib.parse import quote

    members = "".join(
        f"<member><Path>/</Path><RoleName>r{number}</RoleName><RoleId>AROA{number}</RoleId>"
        f"<Arn>arn:aws:iam::{ACCOUNT}:role/r{number}</Arn><CreateDate>2025-05-20T09:39:01Z</CreateDate>"
        f"<AssumeRolePolicyDocument>{quote(json.dumps(policy))}</AssumeRolePolicyDocument></member>"
        for number, policy in enumerate(policies)
    )
    body = f"<ListRolesResult><IsTruncated>false</IsTruncated><Roles>{members}</Roles></ListRolesResult>"
    return f"<ListRolesResponse>{body}<ResponseMetadata/></ListRolesResponse>".encode()


def allows(principal: Any, action: Any = "sts:AssumeRole", effect: str = "Allow") -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Principal": principal, "Action": action}]}


async def test_the_execution_role_and_the_account_are_recognised_in_a_trust_policy(wire: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/Execution"
    answer = role_list(
        allows({"AWS": role}),
        allows({"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]}),
        allows({"AWS": ACCOUNT}),
        allows({"AWS": "arn:aws:iam::210987654321:root"}),
    )
    gateway = Gateway(wire(wire.reply(answer, kind="text/xml")).connection())
    catalog = Catalog(gateway)
    assert fitting(await catalog.offers("emr-role", about={"role": role})) == {"r0", "r1", "r2"}
    assert fitting(await catalog.offers("emr-role")) == {"r1", "r2"}
    gateway.close()


@pytest.mark.parametrize(
    ("policy", "services"),
    [
        (allows({"Service": "sagemaker.amazonaws.com"}), {"sagemaker.amazonaws.com"}),
        (allows({"Service": ["sagemaker.amazonaws.com.cn"]}, ["sts:TagSession", "sts:*"]), {"sagemaker.amazonaws.com"}),
        (allows({"Service": "sagemaker.amazonaws.com"}, "sts:TagSession"), set()),
        (allows({"Service": "sagemaker.amazonaws.com"}, "STS:AssumeRole"), {"sagemaker.amazonaws.com"}),
        (allows({"Service": "sagemaker.amazonaws.com"}, "sts:Assume*"), {"sagemaker.amazonaws.com"}),
        (allows({"Service": "sagemaker.amazonaws.com"}, "sts:Assume?ole"), {"sagemaker.amazonaws.com"}),
        (allows({"Service": "sagemaker.amazonaws.com"}, "sts:AssumeRoleWith*"), set()),
        (allows({"Service": "sagemaker.amazonaws.com"}, "sts:[A]ssumeRole"), set()),
        (allows({"Service": "sagemaker.amazonaws.com"}, "*?" * 50_000), set()),
        (allows({"Service": "sagemaker.amazonaws.com"}, effect="Deny"), set()),
        ({"Statement": allows({"Service": "ec2.amazonaws.com"})["Statement"][0]}, {"ec2.amazonaws.com"}),
        (
            {
                "Statement": allows({"Service": ["a.amazonaws.com", "b.amazonaws.com"]})["Statement"]
                + allows({"Service": "a.amazonaws.com"}, "*", "Deny")["Statement"]
            },
            {"b.amazonaws.com"},
        ),
        (
            {
                "Statement": [
                    *allows({"Service": "a.amazonaws.com"})["Statement"],
                    allows({"Service": "a.amazonaws.com"}, effect="Deny")["Statement"][0]
                    | {"Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}},
                ]
            },
            {"a.amazonaws.com"},
        ),
        (allows("*"), set()),
        (allows({"Federated": "cognito"}), set()),
        (allows({"Service": [1, None, {}]}), set()),
        ({"Statement": "x"}, set()),
        ("not a policy", set()),
        (None, set()),
        ({}, set()),
    ],
)
def test_a_trust_policy_is_read_as_iam_reads_it(policy: Any, services: set[str]) -> None:
    assert trust(policy).services == services


# --- network ----------------------------------------------------------------------------------------------------------


async def test_security_groups_of_the_domains_vpc_come_first(
    catalog: Catalog, sandbox: Sandbox, domain_id: str
) -> None:
    found = await catalog.offers("security-group", about={"domain": domain_id})
    assert {"studio-notebooks", "emr-clients"} <= fitting(found)
    assert "rstudio-workbench" not in fitting(found)
    assert [offer.fits for offer in found.rows] == sorted((offer.fits for offer in found.rows), reverse=True)
    assert detail(found, "studio-notebooks") == (
        "in the domain's VPC · vpc-0c1f5d2a9b7e34f68 · Studio apps of every profile"
    )
    assert next(offer.value for offer in found.rows if offer.name == "studio-notebooks") == "sg-0a1b2c3d4e5f60718"
    assert sorted(operations(sandbox)) == ["DescribeDomain", "DescribeSecurityGroups"]


async def test_security_groups_are_listed_though_the_domain_is_not_described(
    catalog: Catalog, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.deny("sagemaker:DescribeDomain")
    found = await catalog.offers("security-group", about={"domain": domain_id})
    assert len(found.rows) > 5
    assert all(offer.fits for offer in found.rows)
    assert found.note.startswith("Which groups are in the domain's VPC is not known, so none is marked. ")
    assert "may not use sagemaker:DescribeDomain" in found.note
    assert "edit the profile" not in found.note
    assert not found.refused


async def test_without_a_domain_every_security_group_fits(catalog: Catalog, sandbox: Sandbox) -> None:
    found = await catalog.offers("security-group")
    assert all(offer.fits for offer in found.rows)
    assert operations(sandbox) == ["DescribeSecurityGroups"]


# --- lifecycle configurations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "fits"),
    [
        ("JupyterLab", {"lab-git-identity", "lab-pip-mirror"}),
        ("CodeEditor", {"code-editor-auto-stop-idle"}),
        ("KernelGateway", {"kernel-gateway-proxy"}),
        ("JupyterServer", {"server-git-extension", "server-auto-shutdown"}),
    ],
)
async def test_lifecycle_configurations_of_the_app_come_first(
    catalog: Catalog, sandbox: Sandbox, app: str, fits: set[str]
) -> None:
    found = await catalog.offers("lifecycle-config", about={"app": app})
    assert fitting(found) == fits
    assert {offer.name for offer in found.rows[: len(fits)]} == fits
    assert len(found.rows) == 6
    assert found.rows[0].value.endswith(f":studio-lifecycle-config/{found.rows[0].name}")
    assert f"for {app}" in found.rows[0].detail
    await catalog.offers("lifecycle-config", "git", {"app": "CodeEditor"})
    assert operations(sandbox) == ["ListStudioLifecycleConfigs"]


# --- storage ----------------------------------------------------------------------------------------------------------


async def test_keys_are_offered_by_alias_and_those_of_aws_come_last(catalog: Catalog) -> None:
    found = await catalog.offers("kms-key")
    assert fitting(found) == {"studio-sharing", "canvas-artifacts", "warehouse"}
    assert {offer.name: offer.value for offer in found.rows}["studio-sharing"] == (
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/3f1a9c52-7d40-4be8-9a61-0c5b2e84d7f3"
    )
    assert found.note == "Keys without an alias are not listed: paste their ARN."
    assert await catalog.known("kms-key", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/without-alias") is None


async def test_a_key_with_two_aliases_is_one_row(wire: Any) -> None:
    prefix = f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/"
    rows = [{"AliasName": f"alias/{name}", "AliasArn": prefix + name, "TargetKeyId": "k-1"} for name in ("a", "b")]
    unused = {"AliasName": "alias/aws/ebs", "AliasArn": f"{prefix}aws/ebs"}
    gateway = Gateway(wire(wire.reply({"Aliases": [*rows, unused], "Truncated": False})).connection())
    (offer,) = (await Catalog(gateway).offers("kms-key")).rows
    assert (offer.name, offer.value) == ("a, b", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k-1")
    gateway.close()


async def test_buckets_come_first_and_then_what_lies_in_one(catalog: Catalog, sandbox: Sandbox) -> None:
    client = sandbox.connection.client("s3")
    for key in ("team-a/raw/1.csv", "team-a/2.csv", "team-b/3.csv", "loose.csv", "a <b> &amp; c/x"):
        client.put_object(Bucket=BUCKET, Key=key, Body=b"")
    buckets = await catalog.offers("s3")
    assert f"s3://{BUCKET}" in [offer.value for offer in buckets.rows]
    assert [offer.name for offer in (await catalog.offers("s3", "s3://northwind-research-cur")).rows] == [BUCKET]
    below = await catalog.offers("s3", f"s3://{BUCKET}/")
    assert {f"s3://{BUCKET}/{name}/" for name in ("team-a", "team-b", "a <b> &amp; c")} <= {
        offer.value for offer in below.rows
    }
    assert not any("loose" in offer.value for offer in below.rows)
    found = await catalog.offers("s3", f"s3://{BUCKET}/team-")
    assert [offer.name for offer in found.rows] == ["team-a/", "team-b/"]
    deeper = await catalog.offers("s3", f"s3://{BUCKET}/team-a/")
    assert [offer.value for offer in deeper.rows] == [f"s3://{BUCKET}/team-a/raw/"]
    empty = await catalog.offers("s3", f"s3://{BUCKET}/team-a/raw/")
    assert empty.note == f"There are no folders in s3://{BUCKET}/team-a/raw/: it can be used as it is."
    assert operations(sandbox).count("ListAllMyBuckets") == 1


async def test_a_bucket_that_was_chosen_says_how_its_folders_are_found(catalog: Catalog) -> None:
    assert (await catalog.offers("s3")).note == FOLDERS
    chosen = await catalog.offers("s3", f"s3://{BUCKET}")
    assert (chosen.rows[0].value, chosen.note) == (f"s3://{BUCKET}", FOLDERS)
    assert FOLDERS not in (await catalog.offers("s3", f"s3://{BUCKET}/")).note


async def test_repeated_spaces_of_a_folder_are_kept_and_seen(catalog: Catalog, sandbox: Sandbox) -> None:
    client = sandbox.connection.client("s3")
    for key in ("run-2024  x/in/1.csv", "run-2024 x/2.csv"):
        client.put_object(Bucket=BUCKET, Key=key, Body=b"")
    found = {offer.name: offer.value for offer in (await catalog.offers("s3", f"s3://{BUCKET}/run-2024  x")).rows}
    assert found["run-2024\N{OPEN BOX}\N{OPEN BOX}x/"] == f"s3://{BUCKET}/run-2024  x/"
    below = await catalog.offers("s3", f"s3://{BUCKET}/run-2024  x/")
    assert [offer.value for offer in below.rows] == [f"s3://{BUCKET}/run-2024  x/in/"]


async def test_a_bucket_that_may_not_be_looked_into_leaves_the_list_of_buckets(
    catalog: Catalog, sandbox: Sandbox
) -> None:
    sandbox.deny("s3:ListBucket")
    found = await catalog.offers("s3", f"s3://{BUCKET}/")
    assert found.refused
    assert "may not use s3:ListBucket" in found.note
    assert (await catalog.offers("s3")).rows


async def test_a_bucket_that_does_not_exist_has_its_sentence(catalog: Catalog) -> None:
    found = await catalog.offers("s3", "s3://nobody-made-this-bucket/")
    assert found.refused
    assert "NoSuchBucket" in found.note


@pytest.mark.parametrize(
    ("typed", "bucket", "folder"),
    [
        ("s3://my-bucket/", "my-bucket", ""),
        ("s3://my-bucket/a/b/c", "my-bucket", "a/b/"),
        ("s3://my-bucket", "", ""),
        ("s3:///x", "", ""),
        ("s3://UPPER/x", "", ""),
        ("s3://a b/x", "", ""),
        ("my-bucket/a", "", ""),
        ("https://my-bucket/a", "", ""),
        ("", "", ""),
    ],
)
def test_a_typed_address_tells_bucket_and_folder(typed: str, bucket: str, folder: str) -> None:
    place = place_in_s3(typed, {"bucket": "of-before"})
    assert (place.get("bucket", ""), place.get("folder", "")) == (bucket, folder)


async def test_secrets_are_offered_by_arn_and_never_opened(catalog: Catalog, sandbox: Sandbox) -> None:
    found = await catalog.offers("secret", "snowflake")
    (offer,) = found.rows
    assert offer.value == f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:canvas/snowflake-oauth-qWbTzK"
    assert offer.name == "canvas/snowflake-oauth"
    assert offer.detail.startswith("OAuth client of SageMaker Canvas for Snowflake")
    assert operations(sandbox) == ["ListSecrets"]


async def test_file_systems_are_called_by_their_name(catalog: Catalog) -> None:
    efs = {offer.name: offer for offer in (await catalog.offers("efs")).rows}
    assert efs["research-shared"].value == "fs-0123456789abcdef0"
    assert efs["research-shared"].fits
    assert "available" in efs["research-shared"].detail
    (fsx,) = (await catalog.offers("fsx")).rows
    assert (fsx.value, fsx.name, fsx.fits) == ("fs-0c0ffee1234567890", "genomics-scratch", True)
    assert fsx.detail.startswith("Lustre · 1,200 GiB")


async def test_file_systems_that_studio_cannot_mount_do_not_fit(wire: Any) -> None:
    rows = [
        {"FileSystemId": "fs-1", "FileSystemType": "LUSTRE", "Lifecycle": "AVAILABLE", "StorageCapacity": 1200},
        {"FileSystemId": "fs-2", "FileSystemType": "WINDOWS", "Lifecycle": "AVAILABLE", "Tags": [{"Key": "Name"}]},
        {"FileSystemId": "fs-3", "FileSystemType": "LUSTRE", "Lifecycle": "DELETING"},
    ]
    gateway = Gateway(wire(wire.reply({"FileSystems": rows})).connection())
    found = await Catalog(gateway).offers("fsx")
    assert [(offer.value, offer.fits) for offer in found.rows] == [("fs-1", True), ("fs-2", False), ("fs-3", False)]
    assert found.rows[1].detail == "Windows · available"
    gateway.close()


# --- plans and repositories -------------------------------------------------------------------------------------------


async def test_plans_that_are_over_or_for_others_do_not_fit(wire: Any, needs: Any) -> None:
    needs("sagemaker", "ListTrainingPlans")

    def plan(name: str, status: str, **more: Any) -> dict[str, Any]:
        return {"TrainingPlanName": name, "TrainingPlanArn": f"arn:{name}", "Status": status, **more}

    capacity = [{"ReservedCapacityArn": "a", "ReservedCapacityType": "x", "InstanceType": "ml.p5.48xlarge"}]
    rows = [
        plan("over", "Expired"),
        plan("studio", "Active", TargetResources=["studio-apps"], ReservedCapacitySummaries=capacity),
        plan("training", "Active", TargetResources=["training-job"]),
        plan("any", "Scheduled", StartTime=1767225600, EndTime=1769904000),
    ]
    rows[1] |= {"TotalInstanceCount": 2, "AvailableInstanceCount": 1}
    gateway = Gateway(wire(wire.reply({"TrainingPlanSummaries": rows})).connection())
    found = await Catalog(gateway).offers("training-plan")
    assert fitting(found) == {"studio", "any"}
    assert detail(found, "studio") == "Active · 2 \N{MULTIPLICATION SIGN} ml.p5.48xlarge, 1 free"
    assert detail(found, "any") == "Scheduled · 2026-01-01 to 2026-02-01"
    assert detail(found, "training") == "Active · for training-job"
    gateway.close()


async def test_repositories_in_use_come_before_those_that_sagemaker_knows(catalog: Catalog, domain_id: str) -> None:
    found = await catalog.offers("repository", about={"domain": domain_id, "profile": "analyst-1"})
    used = [" · used " in offer.detail for offer in found.rows]
    assert any(used)
    assert used == sorted(used, reverse=True)
    assert "https://github.com/aws/amazon-sagemaker-examples" in [offer.value for offer in found.rows]
    assert detail(found, "amazon-sagemaker-examples") == "github.com/aws · used in this domain"
    assert len({offer.value for offer in found.rows}) == len(found.rows)


@pytest.mark.parametrize(
    ("url", "whence"),
    [
        ("https://github.com/aws/examples.git", "github.com/aws"),
        ("https://git.example.com/team/sub/examples/", "git.example.com/team/sub"),
        ("https://ana:secret@git.example.com/team/examples", "git.example.com/team"),
        ("ssh://git@git.example.com:2222/team/examples.git", "git.example.com:2222/team"),
        ("git@github.com:aws/examples.git", "github.com:aws"),
        ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/examples", "git-codecommit.eu-west-1.amazonaws.com"),
        ("https://github.com/aws/examples?token=a/b#c/d", "github.com/aws"),
    ],
)
async def test_a_repository_says_from_whom_it_is(wire: Any, url: str, whence: str) -> None:
    row = {"CodeRepositoryName": "examples", "CodeRepositoryArn": "arn:x", "GitConfig": {"RepositoryUrl": url}}
    answer = wire.reply({"CodeRepositorySummaryList": [row | {"CreationTime": 1, "LastModifiedTime": 1}]})
    gateway = Gateway(wire(answer).connection())
    (offer,) = (await Catalog(gateway).offers("repository")).rows
    assert offer.detail.partition("/v1/")[0].partition(" · ")[0] == whence
    assert "secret" not in offer.detail
    gateway.close()


@pytest.mark.parametrize("refused", ["DescribeDomain", "DescribeUserProfile", "ListCodeRepositories"])
async def test_each_source_of_repositories_may_be_refused(
    catalog: Catalog, sandbox: Sandbox, domain_id: str, refused: str
) -> None:
    sandbox.deny(f"sagemaker:{refused}")
    found = await catalog.offers("repository", about={"domain": domain_id, "profile": "analyst-1"}, whole=True)
    assert found.rows
    assert not found.refused
    assert f"may not use sagemaker:{refused}" in found.note


async def test_repositories_are_refused_when_every_source_is(
    catalog: Catalog, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.deny("sagemaker:*")
    assert (await catalog.offers("repository", about={"domain": domain_id})).refused
