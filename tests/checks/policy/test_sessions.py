"""IAM, as the sandbox enforces it, refuses with a session's policy what the policy refuses, and knows the person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from profile_widgets.checks.policy import AssumeRole
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor
from tests.checks.policy.policies import CHANGES, policy

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ALICE = Visitor("alice@example.com", (), "proxy")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def profiles(sandbox: Sandbox) -> list[dict[str, str]]:
    rows: list[Any] = list(sandbox.connection.client("sagemaker").list_user_profiles()["UserProfiles"])
    names = ("DomainId", "UserProfileName")
    return [{name: row[name] for name in names} for row in rows if row["DomainId"] == rows[0]["DomainId"]]


def session(sandbox: Sandbox, own: dict[str, str], *operations: str) -> Any:
    """Take the role on as the page does for alice, and return her SageMaker client."""
    rules = policy({"operations": [*CHANGES, *operations], "edit": ["StudioWebPortal"]}, profile={"sso": "{user}"})
    grant = rules.grant(ALICE, (own["DomainId"], own["UserProfileName"]))
    role = AssumeRole(sandbox.add_role("ProfilePage", EVERYTHING))
    plain = sandbox.connection.client("sagemaker")
    said = role.session_policy(grant, plain.describe_user_profile(**own)["UserProfileArn"])
    answer = sandbox.connection.client("sts").assume_role(
        RoleArn=role.role_arn,
        RoleSessionName=role.session_name(ALICE),
        SourceIdentity=role.session_name(ALICE),
        DurationSeconds=role.duration,
        Policy=json.dumps(said),
    )
    keys = answer["Credentials"]
    return boto3.client(
        "sagemaker",
        region_name=plain.meta.region_name,
        endpoint_url=sandbox.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_a_session_reads_and_writes_the_visitors_profile_and_no_other(
    sandbox: Sandbox, profiles: list[dict[str, str]]
) -> None:
    mine, other = profiles[:2]
    client = session(sandbox, mine, "DescribeDomain")
    assert client.describe_user_profile(**mine)["UserProfileName"] == mine["UserProfileName"]
    assert client.describe_domain(DomainId=mine["DomainId"])["DomainId"] == mine["DomainId"]
    client.update_user_profile(**mine, UserSettings={"StudioWebPortal": "ENABLED"})
    call = sandbox.calls[-1]
    assert call.source_identity == "alice@example.com"
    assert call.caller.endswith(":assumed-role/ProfilePage/alice@example.com")
    refused: list[tuple[str, dict[str, Any]]] = [
        ("describe_user_profile", other),
        ("update_user_profile", {**other, "UserSettings": {"StudioWebPortal": "ENABLED"}}),
        ("delete_user_profile", mine),
        ("list_user_profiles", {}),
    ]
    for operation, request in refused:
        with pytest.raises(ClientError, match="not authorized"):
            getattr(client, operation)(**request)
