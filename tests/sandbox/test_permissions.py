"""IAM's judgement of single requests."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.sandbox.permissions import Policy, judge_all, matches

ALICE = "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/alice"
UPDATE = "sagemaker:UpdateUserProfile"


def statement(effect: str = "Allow", action: Any = UPDATE, resource: Any = "*", **more: Any) -> Policy:
    return Policy.read({"Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]})


@pytest.mark.parametrize(
    ("action", "resource", "verdict"),
    [
        (UPDATE, ALICE, "allowed"),
        ("sagemaker:Update*", "*", "allowed"),
        ("SAGEMAKER:updateuserprofile", "*", "allowed"),
        (["iam:*", "sagemaker:?pdateUserProfile"], [ALICE], "allowed"),
        ("sagemaker:Describe*", "*", "not allowed"),
        (UPDATE, ALICE.replace("alice", "bob"), "not allowed"),
        (UPDATE, ALICE.replace("alice", "Alice"), "not allowed"),
        (UPDATE, "arn:aws:sagemaker:*:*:user-profile/*/al", "not allowed"),
    ],
)
def test_actions_are_read_in_any_case_and_resources_to_the_letter(action: Any, resource: Any, verdict: str) -> None:
    assert statement(action=action, resource=resource).judge(UPDATE, ALICE, {}) == verdict


def test_one_denial_outweighs_every_allowance_whatever_the_order() -> None:
    allow, deny = statement(action="*"), statement("Deny", resource=ALICE)
    for policies in ([allow, deny], [deny, allow]):
        assert judge_all(policies, UPDATE, ALICE, {}) == "denied"
        assert judge_all(policies, UPDATE, ALICE + "-2", {}) == "allowed"
    assert judge_all([], UPDATE, ALICE, {}) == "not allowed"


def test_what_is_not_named_is_meant_by_not_action_and_not_resource() -> None:
    policy = Policy.read({"Statement": {"Effect": "Deny", "NotAction": "sts:*", "NotResource": ALICE}})
    assert policy.judge(UPDATE, ALICE, {}) == "not allowed"
    assert policy.judge(UPDATE, ALICE + "-2", {}) == "denied"
    assert policy.judge("sts:AssumeRole", ALICE + "-2", {}) == "not allowed"


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"aws:SourceIdentity": ["alice", "bob"]}}, {"aws:sourceidentity": ["bob"]}, True),
        ({"StringEquals": {"aws:SourceIdentity": "alice"}}, {"aws:sourceidentity": ["eve"]}, False),
        ({"StringEquals": {"aws:SourceIdentity": "alice"}}, {}, False),
        ({"StringEqualsIfExists": {"aws:SourceIdentity": "alice"}}, {}, True),
        ({"StringNotEquals": {"aws:SourceIdentity": "alice"}}, {}, True),
        ({"StringLike": {"k": "ml.t3.*"}}, {"k": ["ml.p4d.24xlarge", "ml.t3.medium"]}, True),
        ({"ForAllValues:StringLike": {"k": "ml.t3.*"}}, {"k": ["ml.p4d.24xlarge", "ml.t3.medium"]}, False),
        ({"ForAllValues:StringLike": {"k": "ml.t3.*"}}, {}, True),
        ({"ForAnyValue:StringNotLike": {"k": "ml.t3.*"}}, {}, False),
        (
            {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/V"}},
            {"aws:principalarn": ["arn:aws:iam::1:role/V"]},
            True,
        ),
        ({"Null": {"aws:SourceIdentity": "false"}}, {}, False),
        ({"Null": {"aws:SourceIdentity": "true"}}, {}, True),
        ({"StringEquals": {"a": "1", "b": "2"}}, {"a": ["1"]}, False),
        ({"StringEquals": {"a": "${aws:username}-*"}}, {"a": ["eve-*"], "aws:username": ["eve"]}, True),
        ({"StringEquals": {"a": "${aws:username}-*"}}, {"a": ["eve-1"], "aws:username": ["eve"]}, False),
        ({"StringEquals": {"a": "${aws:username}"}}, {"a": ["${aws:username}"]}, False),
        ({"StringNotEquals": {"a": "${aws:username}"}}, {"a": ["eve"], "aws:username": ["eve"]}, False),
    ],
)
def test_a_statement_counts_only_when_its_condition_holds(condition: Any, context: Any, holds: bool) -> None:
    said = statement(Condition=condition).judge(UPDATE, ALICE, context)
    assert said == ("allowed" if holds else "not allowed")


def test_a_variable_stands_for_what_is_known_and_for_nothing_when_nothing_is() -> None:
    pattern = "arn:aws:sagemaker:*:*:user-profile/*/${aws:SourceIdentity}"
    assert matches(pattern, ALICE, {"aws:sourceidentity": ["alice"]})
    assert not matches(pattern, ALICE, {"aws:sourceidentity": ["*"]})
    assert not matches(pattern, ALICE, {"aws:username": ["alice"]})


def test_a_denial_by_a_variable_is_one() -> None:
    policy = statement("Deny", Condition={"StringEquals": {"aws:username": "${aws:username}"}})
    assert policy.judge(UPDATE, ALICE, {"aws:username": ["alice"]}) == "denied"


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        {"Statement": []},
        {"Statements": []},
        {"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": 7, "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"k": "v"}}}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Unless": {}}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "${aws:username, 'nobody'}"}},
        {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"k": "${*}"}}}},
    ],
)
def test_a_policy_that_is_not_understood_is_not_taken(document: Any) -> None:
    with pytest.raises(ValueError, match=r"policy|statement|Effect|Action|condition|Expecting|braces"):
        Policy.read(document)


def test_a_trust_policy_is_about_who_asks() -> None:
    account = Policy.read(
        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "a"}}}, trust=True
    )
    assert account.judge("sts:AssumeRole", "", {}, frozenset({"a"})) == "allowed"
    assert account.judge("sts:AssumeRole", "", {}, frozenset({"b"})) == "not allowed"
    service = {"Effect": "Allow", "Action": "*", "Principal": {"Service": "a"}}
    assert (
        Policy.read({"Statement": service}, trust=True).judge("sts:AssumeRole", "", {}, frozenset({"a"}))
        == "not allowed"
    )
