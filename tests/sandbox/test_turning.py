"""Lists that never end, and lists that end half-way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox

ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]
BUCKET = "sagemaker-studio-123456789012-lhlbozhzvv"


@dataclass(frozen=True)
class Turned:
    """One list: how boto3 calls it, the sandbox's name for it, its rows, a small page, and its tokens."""

    service: str
    operation: str
    name: str
    rows: str
    identity: str
    parameters: dict[str, Any]
    token: str
    next_token: str

    def asker(self, sandbox: Sandbox, known_of: ClientMaker) -> Callable[..., Any]:
        """Return what asks for the page of a token, the first one without."""
        call = getattr(known_of(sandbox, self.service, self.operation, self.token), self.operation)
        return lambda token="": call(**self.parameters, **({self.token: token} if token else {}))

    def names(self, answer: Any) -> list[str]:
        return [row[self.identity] if self.identity else row for row in answer[self.rows]]


LISTS = [
    Turned("iam", "list_roles", "iam:ListRoles", "Roles", "RoleName", {"MaxItems": 5}, "Marker", "Marker"),
    Turned("kms", "list_aliases", "kms:ListAliases", "Aliases", "AliasName", {"Limit": 2}, "Marker", "NextMarker"),
    Turned(
        "ec2", "describe_security_groups", "ec2:DescribeSecurityGroups", "SecurityGroups", "GroupId",
        {"MaxResults": 5}, "NextToken", "NextToken",
    ),
    Turned(
        "secretsmanager", "list_secrets", "secretsmanager:ListSecrets", "SecretList", "ARN",
        {"MaxResults": 1}, "NextToken", "NextToken",
    ),
    Turned(
        "efs", "describe_file_systems", "elasticfilesystem:DescribeFileSystems", "FileSystems", "FileSystemId",
        {"MaxItems": 1}, "Marker", "NextMarker",
    ),
    Turned(
        "s3", "list_buckets", "s3:ListAllMyBuckets", "Buckets", "Name",
        {"MaxBuckets": 2}, "ContinuationToken", "ContinuationToken",
    ),
    Turned(
        "s3", "list_objects_v2", "s3:ListBucket", "CommonPrefixes", "Prefix",
        {"Bucket": BUCKET, "Delimiter": "/", "MaxKeys": 1}, "ContinuationToken", "NextContinuationToken",
    ),
    Turned(
        "sagemaker", "list_user_profiles", "ListUserProfiles", "UserProfiles", "UserProfileName",
        {"MaxResults": 2, "UserProfileNameContains": "a"}, "NextToken", "NextToken",
    ),
    Turned(
        "sagemaker", "list_images", "ListImages", "Images", "ImageName", {"MaxResults": 2}, "NextToken", "NextToken"
    ),
]  # fmt: skip
WHOLE = [
    Turned(
        "fsx", "describe_file_systems", "fsx:DescribeFileSystems", "FileSystems", "FileSystemId", {},
        "NextToken", "NextToken",
    ),
    Turned("iam", "list_roles", "iam:ListRoles", "Roles", "RoleName", {"MaxItems": 1000}, "Marker", "Marker"),
    Turned("ec2", "describe_vpcs", "ec2:DescribeVpcs", "Vpcs", "VpcId", {}, "NextToken", "NextToken"),
    Turned("sagemaker", "list_domains", "ListDomains", "Domains", "DomainId", {}, "NextToken", "NextToken"),
    Turned(
        "pricing", "get_products", "pricing:GetProducts", "PriceList", "",
        {
            "ServiceCode": "AmazonSageMaker",
            "Filters": [{"Type": "TERM_MATCH", "Field": "instanceName", "Value": "ml.t3.medium"}],
        },
        "NextToken", "NextToken",
    ),
]  # fmt: skip


def named(entry: Turned) -> str:
    return entry.name


@pytest.mark.parametrize("entry", LISTS, ids=named)
def test_pages_go_round_for_ever_between_two_tokens(sandbox: Sandbox, known_of: ClientMaker, entry: Turned) -> None:
    ask = entry.asker(sandbox, known_of)
    sandbox.loop_pages(entry.name)
    pages: list[list[str]] = []
    tokens: list[str] = []
    answer = ask()
    for _ in range(6):
        pages.append(entry.names(answer))
        tokens.append(answer[entry.next_token])
        answer = ask(tokens[-1])
    assert tokens == [tokens[0], tokens[1]] * 3
    assert tokens[0] != tokens[1]
    assert pages == [pages[0], pages[1]] * 3
    assert set(pages[0]).isdisjoint(pages[1])
    sandbox.mend_pages(entry.name)
    assert ask()[entry.next_token] not in tokens


@pytest.mark.parametrize("entry", LISTS, ids=named)
def test_the_page_after_so_many_fails_whenever_it_is_asked_for(
    sandbox: Sandbox, known_of: ClientMaker, refused: Refused, entry: Turned
) -> None:
    ask = entry.asker(sandbox, known_of)
    sandbox.break_pages(entry.name)
    first = ask()
    assert entry.names(first)
    for _ in range(3):
        answer = refused(ask, token=first[entry.next_token])
        assert (answer["Code"], answer["Status"]) == ("InternalFailure", 500)
    assert entry.names(ask()) == entry.names(first)
    sandbox.mend_pages()
    assert entry.names(ask(first[entry.next_token]))


@pytest.mark.parametrize("entry", WHOLE, ids=named)
def test_a_list_of_one_page_goes_round_and_breaks_too(
    sandbox: Sandbox, known_of: ClientMaker, refused: Refused, entry: Turned
) -> None:
    ask = entry.asker(sandbox, known_of)
    sandbox.loop_pages(entry.name)
    first = ask()
    second = ask(first[entry.next_token])
    third = ask(second[entry.next_token])
    assert first[entry.next_token] != second[entry.next_token]
    assert first[entry.next_token] == third[entry.next_token]
    assert entry.names(first) == entry.names(second) == entry.names(third)
    sandbox.mend_pages()
    sandbox.break_pages(entry.name, code="Teapot", message="half a list")
    assert refused(ask, token=ask()[entry.next_token])["Message"] == "half a list"


def test_several_pages_may_come_before_the_list_breaks(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.populate(profiles=50)
    sandbox.break_pages("ListUserProfiles", after=3, code="ServiceUnavailable", message="later")
    answer = sagemaker.list_user_profiles()
    for _ in range(2):
        answer = sagemaker.list_user_profiles(NextToken=answer["NextToken"])
    assert refused(sagemaker.list_user_profiles, NextToken=answer["NextToken"])["Status"] == 503


def test_the_first_page_can_break_as_well(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.break_pages("ListImages", after=0)
    assert refused(sagemaker.list_images)["Status"] == 500
    sagemaker.list_domains()


def test_lists_with_different_filters_go_round_each_for_itself(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.loop_pages("ListImages")
    one = sagemaker.list_images(MaxResults=1, NameContains="r")
    other = sagemaker.list_images(MaxResults=1, NameContains="o")
    for first, text in ((one, "r"), (other, "o")):
        second = sagemaker.list_images(MaxResults=1, NameContains=text, NextToken=first["NextToken"])
        assert text in second["Images"][0]["ImageName"]
        assert second["Images"] != first["Images"]


def test_a_loop_is_recorded_as_it_was_asked(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.loop_pages("ListDomains")
    token = sagemaker.list_domains()["NextToken"]
    sagemaker.list_domains(NextToken=token)
    assert [call.parameters for call in sandbox.calls] == [{}, {"NextToken": token}]


def test_what_has_no_pages_cannot_go_round(sandbox: Sandbox) -> None:
    for name in ("DescribeDomain", "iam:GetRole", "s3:GetObject"):
        with pytest.raises(ValueError, match="no list that comes in pages"):
            sandbox.loop_pages(name)
        with pytest.raises(ValueError, match="no list that comes in pages"):
            sandbox.break_pages(name)
    with pytest.raises(ValueError, match="no operation 'ListEverything'"):
        sandbox.loop_pages("ListEverything")


def test_a_reset_mends_the_pages(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.loop_pages("ListDomains")
    sandbox.break_pages("ListImages", after=0)
    sandbox.reset()
    assert "NextToken" not in sagemaker.list_domains()
    sagemaker.list_images()


def test_an_object_of_s3_is_left_alone_while_lists_go_round(sandbox: Sandbox, client_of: ClientMaker) -> None:
    s3 = client_of(sandbox, "s3")
    sandbox.loop_pages("s3:ListBucket")
    s3.put_object(Bucket=BUCKET, Key="list-type=2", Body=b"<ListBucketResult/>")
    assert s3.get_object(Bucket=BUCKET, Key="list-type=2")["Body"].read() == b"<ListBucketResult/>"
    assert "Contents" in s3.list_objects(Bucket=BUCKET)
    s3.head_bucket(Bucket=BUCKET)
