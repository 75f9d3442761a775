from __future__ import annotations

import pytest

from profile_widgets.checks.arns import (
    TARGETS,
    Home,
    cleaned,
    is_a_name,
    is_beyond_the_list,
    is_not_there,
    read_arn,
    remarks,
    takes_arn,
    takes_name_for,
)
from profile_widgets.checks.problems import INFORMATION, WARNING

ACCOUNT = "123456789012"
HOME = Home(ACCOUNT, "eu-west-1", "aws")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Analyst"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
RIGHT = {
    "role": ROLE,
    "emr-role": ROLE,
    "image": f"{SAGEMAKER}:image/lab",
    "image-version": f"{SAGEMAKER}:image-version/lab/3",
    "lifecycle-config": f"{SAGEMAKER}:studio-lifecycle-config/git",
    "training-plan": f"{SAGEMAKER}:training-plan/spring",
    "secret": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:canvas/oauth-a1b2c3",
    "kms-key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "security-group": "sg-0a1b2c3d4e5f60718",
    "efs": "fs-0123456789abcdef0",
    "fsx": "fs-0123456789abcdef0",
    "s3": "s3://bucket/folder",
    "image-name": "lab",
    "image-version-number": "3",
    "app-image-config": "lab-config",
}
ARNS = [kind for kind, value in RIGHT.items() if read_arn(value) is not None]
PAIRS = [
    (kind, other) for kind in ARNS for other in ARNS if takes_arn(kind) and TARGETS[kind].what != TARGETS[other].what
]
"""Each kind that takes ARNs, with each other kind whose ARN is not one of them."""


# -- reading -------------------------------------------------------------------------------------------------------


def test_an_arn_is_read_into_its_parts() -> None:
    arn = read_arn(ROLE)
    assert arn is not None
    assert (arn.partition, arn.service, arn.region, arn.account) == ("aws", "iam", "", ACCOUNT)
    assert (arn.type, arn.name, arn.last) == ("role", "service-role/Analyst", "Analyst")


def test_a_secret_and_a_bucket_have_their_own_ways_to_write_it() -> None:
    secret = read_arn(RIGHT["secret"])
    assert secret is not None
    assert (secret.type, secret.name) == ("secret", "canvas/oauth-a1b2c3")
    bucket = read_arn("arn:aws-cn:s3:::data/raw:2024/x")
    assert bucket is not None
    assert (bucket.partition, bucket.type, bucket.name) == ("aws-cn", "", "data/raw:2024/x")


@pytest.mark.parametrize(
    "text",
    [
        "", "None", "arn:", "arn:aws", "arn:aws:iam::1:", "arn:aws:::1:role/x", "ARN:aws:iam::1:role/x",
        "arn:gcp:iam::1:role/x", "sg-1", "arn:aws:iam::1:role/" + "x" * 3000,
    ],
)  # fmt: skip
def test_other_text_is_no_arn(text: str) -> None:
    assert read_arn(text) is None


# -- what a value says about itself --------------------------------------------------------------------------------


def test_there_is_a_right_value_for_each_kind() -> None:
    assert set(RIGHT) == set(TARGETS)


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_nothing_is_said_of_a_right_value(kind: str) -> None:
    assert remarks(RIGHT[kind], kind, HOME) == ()
    assert remarks(RIGHT[kind], kind) == ()


@pytest.mark.parametrize("kind", sorted(RIGHT))
@pytest.mark.parametrize("value", ["", "None"])
def test_nothing_is_said_of_what_names_nothing(kind: str, value: str) -> None:
    assert remarks(value, kind, HOME) == ()


def test_nothing_is_said_of_a_kind_that_is_not_known() -> None:
    assert remarks(ROLE, "hologram", HOME) == ()


@pytest.mark.parametrize(("kind", "other"), PAIRS)
def test_an_arn_of_another_kind_is_named_with_what_the_field_takes(kind: str, other: str) -> None:
    (said,) = remarks(RIGHT[other], kind, HOME)
    assert said.severity == WARNING
    assert said.text.startswith(f"This is the ARN of {TARGETS[other].what}.")
    assert f"This field takes the ARN of {TARGETS[kind].what}" in said.text
    assert "It is for the field" in said.text or said.values


def test_something_that_no_field_takes_is_named_too() -> None:
    (user,) = remarks(f"arn:aws:iam::{ACCOUNT}:user/alice", "role", HOME)
    assert user.text.startswith("This is the ARN of an IAM user.")
    assert "It is for" not in user.text
    (topic,) = remarks(f"arn:aws:sns:eu-west-1:{ACCOUNT}:topic", "role", HOME)
    assert "something else (“sns”)" in topic.text


@pytest.mark.parametrize(
    ("value", "kind", "instead"),
    [
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/Analyst/session", "role", f"arn:aws:iam::{ACCOUNT}:role/Analyst"),
        (RIGHT["image-version"], "image", RIGHT["image"]),
        (RIGHT["image"], "image-name", "lab"),
        (RIGHT["image-version"], "image-name", "lab"),
        (RIGHT["image-version"], "image-version-number", "3"),
        (f"{SAGEMAKER}:app-image-config/lab-config", "app-image-config", "lab-config"),
        ("arn:aws:s3:::bucket/folder", "s3", "s3://bucket/folder"),
        (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/sg-1", "security-group", "sg-1"),
        (f"arn:aws:elasticfilesystem:eu-west-1:{ACCOUNT}:file-system/fs-1", "efs", "fs-1"),
        (f"arn:aws:fsx:eu-west-1:{ACCOUNT}:file-system/fs-1", "fsx", "fs-1"),
    ],
)
def test_what_the_field_takes_is_read_from_the_arn_where_it_can_be(value: str, kind: str, instead: str) -> None:
    (said,) = remarks(value, kind, HOME)
    assert said.values == (instead,)
    assert instead in said.text
    assert remarks(instead, kind, HOME) == ()


def test_a_file_system_of_the_other_service_is_not_taken_over() -> None:
    (said,) = remarks(f"arn:aws:fsx:eu-west-1:{ACCOUNT}:file-system/fs-1", "efs", HOME)
    assert said.values == ()
    assert "an FSx file system" in said.text


@pytest.mark.parametrize(
    "around", ['"{}"', " {}", "{}\n", "'{}',", "“{}”", "{}\u200b", "\ufeff{}", "\u202a{}\u202c", '"{}";']
)
def test_what_copying_leaves_around_a_value_can_be_taken_off(around: str) -> None:
    (said,) = remarks(around.format(ROLE), "role", HOME)
    assert (said.severity, said.values) == (WARNING, (ROLE,))


def test_a_character_that_cannot_be_seen_is_found_inside_too() -> None:
    assert remarks(ROLE.replace("role/", "role/\u200b"), "role", HOME)[0].values == (ROLE,)
    assert cleaned(" \u200b ") == ""
    assert remarks(' "" ', "role", HOME)[0].values == ()


def test_another_account_region_and_partition_are_said() -> None:
    (account,) = remarks("arn:aws:iam::210987654321:role/Partner", "role", HOME)
    assert (account.severity, account.text) == (
        INFORMATION,
        f"This IAM role is of account 210987654321, the domain of {ACCOUNT}.",
    )
    (region,) = remarks(f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:image/lab", "image", HOME)
    assert (region.severity, region.text) == (
        INFORMATION,
        "This SageMaker image is in us-east-1, the domain in eu-west-1.",
    )
    (partition,) = remarks(f"arn:aws-cn:iam::{ACCOUNT}:role/A", "role", HOME)
    assert partition.severity == WARNING
    assert "partition aws-cn" in partition.text


def test_a_field_for_another_account_takes_it_without_a_word() -> None:
    assert remarks("arn:aws:iam::210987654321:role/Partner", "role", HOME, elsewhere=True) == ()


def test_where_the_domain_is_not_known_nothing_is_of_elsewhere() -> None:
    assert remarks("arn:aws:iam::210987654321:role/Partner", "role") == ()


def test_the_name_of_a_security_group_is_recognised() -> None:
    (said,) = remarks("default", "security-group", HOME)
    assert "“default” may be the name of one" in said.text


def test_long_and_odd_text_is_cut_and_never_raises() -> None:
    for odd in ("arn:" * 5000, "🙂" * 3000, "arn:aws:iam::1:<img src=x onerror=alert(1)>/x", "arn:aws:x:y:z:\ud800"):
        for kind in TARGETS:
            assert all(len(said.text) < 400 or len(odd) > 400 for said in remarks(odd, kind, HOME))


# -- what the lists add --------------------------------------------------------------------------------------------


def test_what_a_list_cannot_hold_is_not_missed_in_it() -> None:
    assert is_beyond_the_list("arn:aws:iam::210987654321:role/Partner", "role", HOME)
    assert is_beyond_the_list(f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:image/lab", "image", HOME)
    assert is_beyond_the_list(f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:canvas/oauth", "secret", HOME)
    assert not is_beyond_the_list(RIGHT["secret"], "secret", HOME)
    assert not is_beyond_the_list(ROLE, "role", HOME)
    assert not is_beyond_the_list("fs-1", "efs", HOME)


def test_a_name_may_stand_where_an_arn_or_an_id_is_due() -> None:
    assert takes_name_for("role", "Analyst")
    assert takes_name_for("security-group", "default")
    assert not takes_name_for("role", ROLE)
    assert not takes_name_for("security-group", "sg-1")
    assert not takes_name_for("image-name", "lab")
    said = is_a_name("Analyst", "role", [ROLE])
    assert said.text == "“Analyst” is the name of an IAM role; this field takes the ARN."
    assert said.values == (ROLE,)


def test_what_is_in_no_list_may_be_deleted_or_of_elsewhere() -> None:
    assert "of another account" in is_not_there("role", "role").text
    assert is_not_there("efs", "EFS file system").text.endswith("it may have been deleted.")
