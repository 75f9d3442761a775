"""Account ids do not leave the kit when they are to be hidden, whatever the format."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.formats import EXPORTERS, export, hide_account_ids
from profile_widgets.model.shapes import UPDATE

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
OURS, THEIRS = "246813579246", "975318642975"
REQUEST: dict[str, Any] = {
    "DomainId": "d-abc",
    "UserProfileName": "alice",
    "UserSettings": {
        "ExecutionRole": f"arn:aws:iam::{OURS}:role/Analyst",
        "SharingSettings": {
            "NotebookOutputOption": "Allowed",
            "S3OutputPath": f"s3://sagemaker-eu-west-1-{OURS}/shared",
            "S3KmsKeyId": f"arn:aws:kms:eu-west-1:{THEIRS}:key/1234abcd-12ab-34cd-56ef-123456789012",
        },
        "CanvasAppSettings": {
            "ModelRegisterSettings": {"CrossAccountModelRegisterRoleArn": f"arn:aws:iam::{THEIRS}:role/Canvas"}
        },
    },
}


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_no_format_tells_an_account(name: str) -> None:
    plain, hidden = export(REQUEST, UPDATE, name), export(REQUEST, UPDATE, name, hide_account_ids=True)
    assert OURS in plain
    assert OURS not in hidden
    assert THEIRS not in hidden
    assert plain.count(OURS) == hidden.count("111122223333")
    assert plain.count(THEIRS) == hidden.count("444455556666")
    assert "1234abcd-12ab-34cd-56ef-123456789012" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "12345678901", "1234567890123", "d-abc 2024-01-01T00:00:00", "fs-12345678901200001",
        "12345678-1234-1234-1234-123456789012", "1732240000.123", "65535", "",
        "d-998877665544", '{"DomainId": "d-998877665544"}', "--domain-id d-998877665544 ",
        "arn:aws:s3:::b/d-998877665544", "1234-5678-9012-3456", "123-1234-5678-9012",
        "sha256:0123456789abcdef0123456789abcdefa246813579246b0123456789abcdef0a",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert hide_account_ids(text) == text


@pytest.mark.parametrize(
    "text", ["{}", "arn:aws:iam::{}:root", "my-bucket-{}", "{}.dkr.ecr.eu-west-1.amazonaws.com", "a{}b", "/{}/", "_{}_"]
)
def test_an_account_id_is_found_wherever_it_stands(text: str) -> None:
    assert hide_account_ids(text.format(OURS)) == text.format("111122223333")


def test_names_in_an_arn_keep_their_dates_and_domains_their_ids() -> None:
    role = "arn:aws:iam::{}:role/service-role/AmazonSageMaker-ExecutionRole-202505200939"
    assert hide_account_ids(role.format(OURS)) == role.format("111122223333")
    profile = "arn:aws:sagemaker:eu-west-1:{}:user-profile/d-998877665544/alice"
    assert hide_account_ids(profile.format(OURS)) == profile.format("111122223333")


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::{0}:role/x-{0}", "arn:aws:iam::{0}:role/x-{0}-y", "s3://d-{0}", "s3://d-{0}/x",
        "s3://sagemaker-studio-{0}-abc123", "arn:aws:s3:::sagemaker-{0}-x/y", "prod-d-{0}", "d-{0}-x", "prod{0}",
        "arn:aws-cn:sagemaker:cn-north-1:{0}:app/x", '"arn:aws:iam::{0}:role/x" {0}', "arn:${{x}}:iam::{0}:role/y",
    ],
)  # fmt: skip
@pytest.mark.parametrize("account", [OURS, "998877665544", "202505200939"])
def test_an_account_is_hidden_in_every_place_of_accounts(text: str, account: str) -> None:
    hidden = hide_account_ids(text.format(account))
    assert hidden == text.format("111122223333")
    assert hide_account_ids(hidden) == hidden


def test_the_form_of_the_console_is_the_same_account() -> None:
    assert hide_account_ids("2468-1357-9246 is 246813579246, and 9753-1864-2975 (975318642975) is not") == (
        "1111-2222-3333 is 111122223333, and 4444-5555-6666 (444455556666) is not"
    )


@pytest.mark.parametrize(
    "image",
    [
        "arn:aws:sagemaker:us-east-1:081325390199:image/jupyter-server-3",
        "arn:aws:sagemaker:eu-west-1:470317259841:image-version/datascience-1.0/1",
        "arn:aws:sagemaker:eu-west-1:819792524951:image/sagemaker-distribution-cpu",
    ],
)
def test_aws_own_images_keep_the_account_that_everybody_knows(image: str) -> None:
    assert hide_account_ids(image) == image
    own = image.replace(image.split(":")[4], OURS)
    assert hide_account_ids(own) == own.replace(OURS, "111122223333")


@QUICK
@given(
    st.lists(
        st.sampled_from(
            [OURS, "202505200939", "9988-7766-5544", "998877665544", "d-", "arn:aws:iam::", ":role/x-", " ", "/", "s3://",
             "-", "111122223333", "081325390199", "4444-5555-6666", '"', "\\", "arn:aws:s3:::", "a",
             "0123456789abcdef", ":"]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_what_is_hidden_stays_as_it_is(text: str) -> None:
    once = hide_account_ids(text)
    assert hide_account_ids(once) == once
    assert len(once) == len(text)


@QUICK
@given(st.lists(st.integers(0, 10**12 - 1).map("{:012d}".format), max_size=12), st.text("x:-/ .", max_size=3))
def test_different_accounts_stay_different_and_one_stays_one(accounts: list[str], between: str) -> None:
    joined = f"{between}:".join(accounts)
    made_up = re.findall("[0-9]{12}", hide_account_ids(joined))
    assert len(made_up) == len(accounts)
    assert len(set(zip(accounts, made_up, strict=True))) == len(set(accounts)) == len(set(made_up))


@QUICK
@given(st.lists(st.sampled_from([OURS, THEIRS, "111122223333", "123456789012", "000000000000", " x "])))
def test_hiding_twice_is_hiding_once(parts: list[str]) -> None:
    once = hide_account_ids(",".join(parts))
    assert hide_account_ids(once) == once
