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
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert hide_account_ids(text) == text


@pytest.mark.parametrize(
    "text", ["{}", "arn:aws:iam::{}:root", "my-bucket-{}", "{}.dkr.ecr.eu-west-1.amazonaws.com", "a{}b", "/{}/", "_{}_"]
)
def test_an_account_id_is_found_wherever_it_stands(text: str) -> None:
    assert hide_account_ids(text.format(OURS)) == text.format("111122223333")


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
