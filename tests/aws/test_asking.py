"""A read of any service through the gateway: its permission's name, its members, its bounds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.wording import permission
from profile_widgets.errors import AccessDenied, GatewayError
from profile_widgets.sandbox import Sandbox

Refused = Callable[[Awaitable[object]], Awaitable[GatewayError]]


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("iam", "ListRoles", "iam:ListRoles"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("efs", "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("ec2", "DescribeSecurityGroups", "ec2:DescribeSecurityGroups"),
        ("kms", "ListAliases", "kms:ListAliases"),
        ("secretsmanager", "ListSecrets", "secretsmanager:ListSecrets"),
        ("fsx", "DescribeFileSystems", "fsx:DescribeFileSystems"),
    ],
)
async def test_a_refusal_of_any_service_names_the_permission(
    gateway: Gateway, sandbox: Sandbox, refused: Refused, service: str, operation: str, action: str
) -> None:
    assert "ResponseMetadata" not in await gateway.ask(operation, service=service)
    sandbox.deny(action)
    error = await refused(gateway.ask(operation, service=service))
    assert isinstance(error, AccessDenied)
    assert f"may not use {action}." in str(error)
    assert permission(service, operation) == action


async def test_looking_into_a_bucket_is_a_permission_of_its_own(
    gateway: Gateway, sandbox: Sandbox, refused: Refused
) -> None:
    sandbox.deny("s3:ListBucket")
    bucket = {"Bucket": "northwind-research-curated-123456789012"}
    error = await refused(gateway.ask("ListObjectsV2", bucket, service="s3"))
    assert "may not use s3:ListBucket." in str(error)


async def test_only_reads_are_asked(gateway: Gateway, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="DeleteRole is no read"):
        await gateway.ask("DeleteRole", {"RoleName": "x"}, service="iam")
    assert sandbox.calls == ()


async def test_an_operation_that_botocore_does_not_know_has_a_sentence(
    gateway: Gateway, sandbox: Sandbox, refused: Refused
) -> None:
    error = await refused(gateway.ask("ListFlyingCarpets"))
    assert error.code == "UnknownToBotocore"
    assert "does not know ListFlyingCarpets. Upgrade boto3 to use it." in str(error)
    assert sandbox.calls == ()


async def test_optional_members_are_sent_when_botocore_knows_them(gateway: Gateway, sandbox: Sandbox) -> None:
    await gateway.ask("ListImages", {"MaxResults": 3}, optional={"NameContains": "r", "Colour": "red", "MaxResults": 9})
    assert sandbox.calls[-1].parameters == {"MaxResults": 3, "NameContains": "r"}


async def test_buckets_of_a_server_of_our_own_are_asked_for_by_path(wire: Any) -> None:
    server = wire(wire.reply(b"<ListBucketResult/>", kind="text/xml"))
    gateway = Gateway(server.connection(endpoint_url=server.url.replace("127.0.0.1", "localhost")))
    await gateway.ask("ListObjectsV2", {"Bucket": "my-bucket", "Prefix": "a/"}, service="s3")
    head = server.requests[0].decode()
    assert head.startswith("GET /my-bucket?")
    assert "\r\nHost: localhost:" in head
    assert "AWS4-HMAC-SHA256" in head
    gateway.close()


def test_buckets_of_aws_are_asked_for_by_name() -> None:
    client = Connection(region="eu-west-1", endpoint_url="https://vpce-1.sagemaker.eu-west-1.vpce.amazonaws.com").client
    assert not client("s3").meta.config.s3
