"""The role that the page takes on for a visitor: named as they are, and limited to what they are granted."""

from __future__ import annotations

import json

import pytest

from profile_widgets import Policy
from profile_widgets.checks.policy import AssumeRole
from profile_widgets.errors import PolicyError, WhoseError
from profile_widgets.served import Visitor
from tests.checks.policy.policies import ALICE, CHANGES, OWN, document, grant, policy

ROLE = AssumeRole("arn:aws:iam::123456789012:role/Page")
PROFILES = "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/"
MINE = f"{PROFILES}d-abc123/alice"


def test_a_policy_says_which_role_and_for_how_long() -> None:
    said = document({"read": ["*"]}, assume_role={"role_arn": ROLE.role_arn})
    assert Policy.from_document(said).assume_role == AssumeRole(ROLE.role_arn, 3600)
    said["assume_role"]["duration"] = 900
    assert Policy.from_document(said).assume_role == AssumeRole(ROLE.role_arn, 900)
    for wrong in ({"role_arn": "Page"}, {"role_arn": ROLE.role_arn, "duration": 60}, {"duration": 900}):
        with pytest.raises(PolicyError):
            policy({"read": ["*"]}, assume_role=wrong)
    assert policy({"read": ["*"]}).assume_role is None


@pytest.mark.parametrize("name", ["alice", "alice@example.com", "a+b=c,d.e-f_g", "a" * 64])
def test_a_session_is_named_as_the_visitor_is(name: str) -> None:
    assert ROLE.session_name(Visitor(name)) == name


@pytest.mark.parametrize("name", ["a", "a" * 65, "a b", "ålice", "alice\n", "", "a/b", "aws:alice", "AD\\alice"])
def test_a_name_that_iam_does_not_take_is_refused_and_not_changed(name: str) -> None:
    with pytest.raises(WhoseError, match="cannot be the name of a session"):
        ROLE.session_name(Visitor(name))


def test_a_session_reaches_the_one_profile_and_what_may_be_read() -> None:
    found = ROLE.session_policy(
        grant({"operations": ["DescribeDomain", "s3:ListBuckets"], "edit": ["StudioWebPortal"]}), MINE
    )
    on_it = ["sagemaker:DescribeUserProfile", "sagemaker:UpdateUserProfile"]
    assert found["Statement"] == [
        {"Effect": "Allow", "Action": on_it, "Resource": MINE},
        {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "sagemaker:DescribeDomain"], "Resource": "*"},
    ]  # fmt: skip


def test_the_profiles_name_is_in_small_letters_as_aws_writes_it() -> None:
    found = ROLE.session_policy(grant(), f"{PROFILES}d-abc123/Alice")
    assert found["Statement"][0]["Resource"] == MINE


@pytest.mark.parametrize(
    "arn", ["*", f"{PROFILES}*", f"{PROFILES}d-abc123/*", "", MINE + "\n", MINE + "/x", "arn:aws:s3:::b"]
)
def test_no_other_kind_of_arn_is_taken(arn: str) -> None:
    with pytest.raises(WhoseError, match="no user profile's ARN"):
        ROLE.session_policy(grant(), arn)


def test_rules_of_different_reach_keep_theirs() -> None:
    rules = (
        {"operations": CHANGES},
        {"operations": ["DescribeUserProfile"], "profiles": "domain", "domains": ["d-x"]},
        {"operations": ["ListTags"], "profiles": "any"},
    )
    found = {
        each["Resource"]: each["Action"] for each in ROLE.session_policy(policy(*rules).grant(ALICE), MINE)["Statement"]
    }
    assert found == {
        MINE: ["sagemaker:DescribeUserProfile", "sagemaker:UpdateUserProfile"],
        f"{PROFILES}d-x/*": ["sagemaker:DescribeUserProfile"],
        f"{PROFILES}*": ["sagemaker:ListTags"],
    }


def test_who_is_granted_nothing_gets_a_session_that_may_nothing() -> None:
    found = ROLE.session_policy(policy({"for": {"users": ["bob"]}, "operations": CHANGES}).grant(ALICE), MINE)
    assert found["Statement"] == [{"Effect": "Deny", "Action": "*", "Resource": "*"}]


def test_roles_may_be_passed_by_who_may_change_one_and_only_those_allowed() -> None:
    arn = "arn:aws:iam::123456789012:role/Small"
    free = ROLE.session_policy(grant({"edit": ["ExecutionRole"]}), MINE)["Statement"][-1]
    bound = ROLE.session_policy(grant({"edit": ["ExecutionRole"], "allow": {"ExecutionRole": {"values": [arn]}}}), MINE)
    assert (free["Action"], free["Resource"]) == ("iam:PassRole", "*")
    assert bound["Statement"][-1]["Resource"] == [arn]
    assert free["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert "PassRole" not in json.dumps(ROLE.session_policy(grant({"edit": ["StudioWebPortal"]}), MINE))


@pytest.mark.parametrize("name", ["self-service", "read-only", "administrator"])
def test_the_session_policies_of_the_ready_ones_fit_into_what_iam_takes(name: str) -> None:
    visitor = Visitor("alice", ("administrators",))
    found = ROLE.session_policy(Policy.load(name).grant(visitor, OWN), MINE)
    assert len(json.dumps(found, separators=(",", ":"))) <= 2048


def test_a_session_policy_that_iam_would_not_take_is_refused() -> None:
    domains = [f"d-{number:040}" for number in range(30)]
    rules = {"operations": CHANGES, "profiles": "domain", "domains": domains}
    with pytest.raises(WhoseError, match="2,048 characters"):
        ROLE.session_policy(policy(rules).grant(ALICE), MINE)
