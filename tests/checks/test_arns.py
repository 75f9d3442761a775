from __future__ import annotations

import pytest

from profile_widgets.checks.arns import (
    TARGETS,
    Home,
    cleaned,
    is_a_name,
    is_another_role,
    is_beyond_the_list,
    is_not_there,
    is_of_another_image,
    is_session,
    read_arn,
    remarks,
    role_in,
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
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/AmazonSageMaker-ExecutionRole-20250520T093901/SageMaker",
            "role",
            f"arn:aws:iam::{ACCOUNT}:role/service-role/AmazonSageMaker-ExecutionRole-20250520T093901",
        ),
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


def test_what_was_assumed_about_the_role_of_a_session_is_said() -> None:
    (said,) = remarks(f"arn:aws:sts::{ACCOUNT}:assumed-role/Analyst/alice", "role", HOME)
    assert said.text.endswith("role/Analyst (if the role has no path).")
    (said,) = remarks(f"arn:aws:sts::{ACCOUNT}:assumed-role/AmazonSageMaker-ExecutionRole-1/alice", "role", HOME)
    assert said.text.endswith("(if the console made the role).")


def test_an_access_point_of_s3_is_no_bucket() -> None:
    for home in (HOME, Home()):
        (said,) = remarks(f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/foo", "s3", home)
        assert said.text.startswith("This is the ARN of an S3 access point. This field takes the address (s3://…)")
        assert said.values == ()


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("arn:aws-cn:s3:::bucket/key", "s3", "This place in S3 is in the partition aws-cn, the domain in aws"),
        (
            "arn:aws:ec2:us-east-1:123456789012:security-group/sg-1",
            "security-group",
            "This security group is in us-east-1, the domain in eu-west-1.",
        ),
        (
            "arn:aws:ec2:eu-west-1:210987654321:security-group/sg-1",
            "security-group",
            f"This security group is of account 210987654321, the domain of {ACCOUNT}.",
        ),
        (
            "arn:aws:sagemaker:eu-west-1:210987654321:image/lab",
            "image-name",
            "This SageMaker image is of account 210987654321: one of AWS's own, or one that was shared.",
        ),
        (f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/A/alice", "role", "This session of a role is in the partition"),
    ],
)  # fmt: skip
def test_no_value_is_offered_that_would_hide_that_it_is_of_elsewhere(value: str, kind: str, words: str) -> None:
    first, second = remarks(value, kind, HOME)
    assert first.text.startswith("This is the ARN of ")
    assert (first.values, second.values) == ((), ())
    assert second.text.startswith(words)


def test_an_arn_that_says_itself_where_it_is_from_is_offered_with_a_word() -> None:
    first, second = remarks("arn:aws:sagemaker:us-east-1:123456789012:image-version/lab/3", "image", HOME)
    assert first.values == ("arn:aws:sagemaker:us-east-1:123456789012:image/lab",)
    assert (second.severity, second.values) == (INFORMATION, ())
    assert "us-east-1" in second.text


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


def test_what_is_in_no_list_may_be_deleted_or_of_elsewhere_where_the_account_is_not_known() -> None:
    assert is_not_there("role", "role", ROLE).text.endswith("it may have been deleted, or be of another account.")
    for kind, value, home in (("role", ROLE, HOME), ("role", "Analyst", Home()), ("efs", "fs-1", Home())):
        assert is_not_there(kind, kind, value, home).text.endswith("it may have been deleted.")


def test_what_is_missing_among_the_versions_of_an_image_is_missing_there_alone() -> None:
    for image in ("lab", RIGHT["image"]):
        said = is_not_there("image-version-number", "image version", "9", HOME, image)
        assert said.text.startswith("No such image version was in the list of “lab” when")


# -- roles and images ----------------------------------------------------------------------------------------------


def test_the_role_of_a_session_is_known_by_name() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/Analyst/alice"
    assert (is_session(session), role_in(session)) == (True, "Analyst")
    assert (is_session(ROLE), role_in(ROLE)) == (False, "Analyst")
    assert (is_session("Analyst"), role_in("Analyst")) == (False, "")
    said = is_another_role(session, [ROLE])
    assert said.text == f"This is the ARN of a session of a role. This field takes the ARN of the role: here, {ROLE}."
    assert said.values == (ROLE,)
    lost = is_another_role(ROLE.replace("service-role/", ""), [ROLE])
    assert lost.text == f"No role was in the list under this ARN, but there is one of this name: {ROLE}."
    gone = is_not_there("role", "role", session, HOME)
    assert gone.text == "This is the ARN of a session of a role, and no role “Analyst” was in the list just now."


def test_a_version_of_another_image_is_told_from_one_of_the_image_beside_it() -> None:
    version = RIGHT["image-version"]
    for image in (RIGHT["image"], "lab", "LAB", "", "None"):
        assert is_of_another_image(version, image) is None
    for image in ("custom-r", f"{SAGEMAKER}:image/custom-r"):
        said = is_of_another_image(version, image)
        assert said is not None
        assert said.text == "This is a version of “lab”, and the image is “custom-r”."
    elsewhere = is_of_another_image(version, "arn:aws:sagemaker:eu-west-1:819792524951:image/lab", INFORMATION)
    assert elsewhere is not None
    assert elsewhere.severity == INFORMATION
    assert elsewhere.text.endswith("of another account or region.")
    assert is_of_another_image("None", "custom-r") is None
    assert is_of_another_image(RIGHT["image"], "custom-r") is None
