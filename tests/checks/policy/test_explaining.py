"""A policy is explained in a table: what somebody may do with it, and what its author should know."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets import Policy
from profile_widgets.checks.policy import explain
from profile_widgets.checks.policy.explaining import leaves_host_open, warnings
from profile_widgets.served import Visitor
from tests.checks.policy.policies import CHANGES, DOMAIN, LAB, TYPE, policy

RULES: tuple[dict[str, Any], ...] = (
    {"operations": CHANGES, "edit": ["StudioWebPortal"], "read": ["ExecutionRole"]},
    {"for": {"groups": ["ml"]}, "edit": [TYPE], "allow": {TYPE: {"families": ["ml.g5"]}}},
)


def lines(text: str, begin: str) -> list[list[str]]:
    return [each.split(maxsplit=2) for each in text.splitlines() if each.startswith(begin)]


def test_the_table_tells_member_by_member_what_a_visitor_may() -> None:
    said = explain(policy(*RULES), Visitor("alice"), ("ml",))
    assert said.startswith("Test: what alice of ml may do\n")
    assert f"Own profile  alice in {DOMAIN}" in said
    assert "Operations   sagemaker:DescribeUserProfile, sagemaker:UpdateUserProfile" in said
    assert "To ask       ml-help@example.com" in said
    assert lines(said, "StudioWebPortal ") == [["StudioWebPortal", "edit", "any that AWS takes"]]
    assert lines(said, TYPE.removeprefix("UserSettings."))[0][1:] == ["edit", "any of ml.g5."]
    assert lines(said, "ExecutionRole ")[0][1] == "read"
    assert "a role decides about rights" in lines(said, "ExecutionRole ")[0][2]
    assert lines(said, "CanvasAppSettings") == [["CanvasAppSettings.*", "hidden"]]
    assert "2 to change, 1 to look at" in said


def test_a_group_alone_and_somebody_unknown_are_explained_too() -> None:
    assert "what (anybody) of ml may do" in explain(policy(*RULES), groups=("ml",))
    unknown = explain(policy(*RULES))
    assert "what somebody unknown may do" in unknown
    assert "1 to change, 1 to look at" in unknown


def test_why_somebody_has_no_profile_is_told() -> None:
    assert "none: “a@b.example” makes no profile name" in explain(policy(*RULES), Visitor("a@b.example"))
    assert "looked up in" in explain(policy(*RULES, profile={"sso": "{user}"}), Visitor("alice"))
    assert "Name this person in a mapping file" in explain(policy(*RULES), Visitor("a@b.example"))
    assert "(a text that matches https" in explain(Policy.load("self-service"), Visitor("alice"))
    assert "the domain is found when the page opens" in explain(Policy.load("self-service"), Visitor("alice"))
    assert "none: the policy does not say" in explain(Policy.load("administrator"), Visitor("alice"))


def test_what_a_terminal_would_obey_is_shown_and_not_sent() -> None:
    said = explain(policy(*RULES, title="Übersicht"), Visitor("a\x1b[31mb"), ("g\x07",))
    assert not any(each in said for each in "\x1b\x07")
    assert said.startswith("Übersicht: what a\\x1b[31mb of g\\x07 may do")


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (({"operations": CHANGES, "edit": ["ExecutionRole"]},), "rules[0] (everyone) opens ExecutionRole for any"),
        (({"operations": CHANGES, "edit": [TYPE]},), "instance types without a limit"),
        (({"operations": CHANGES, "profiles": "any", "edit": ["StudioWebPortal"]},), "on the profiles of others"),
        (({"operations": ["DescribeUserProfile"], "edit": ["StudioWebPortal"]},), "nothing changes"),
        (
            ({"operations": CHANGES}, {"operations": ["CreateUserProfile"], "edit": ["StudioWebPortal"]}),
            "rules[1] (everyone) opens members, and UpdateUserProfile, which only other rules grant",
        ),
        (({"operations": CHANGES},), "no rule lets anybody edit"),
        (({"operations": ["UpdateUserProfile"], "edit": ["StudioWebPortal"]},), "no profile can be opened"),
        (({"read": ["*"]},), "can ask AWS for nothing"),
    ],
)  # fmt: skip
def test_the_author_is_warned(rules: tuple[dict[str, Any], ...], sentence: str) -> None:
    found = list(warnings(policy(*rules)))
    assert any(sentence in each for each in found), found
    assert sentence in explain(policy(*rules))


@pytest.mark.parametrize(
    ("pattern", "is_open"),
    [
        (r"https://git\.example/.*", False), (r"^https://git\.example/(a|b)/.*$", False),
        (r"https://git\.example", False),
        (r"s3://our-bucket/.*", False), (r"https://git\.example/[a|b]+", False), ("arn:aws:iam::1:role/.*", False),
        (r"https://git\.example.*", True), ("https://git.example/.*", True), (r"https://.*\.example/.*", True),
        (r"https://git\.example/.*|.*", True), (r"https?://git\.example/.*", True), ("https.*", True),
        (r"https://(git|hub)\.example/.*", True), (r"s3://our-.*", True),
    ],
)  # fmt: skip
def test_a_pattern_that_leaves_the_host_open_is_told(pattern: str, is_open: bool) -> None:
    assert leaves_host_open(pattern) is is_open
    url = f"{LAB}.CodeRepositories.RepositoryUrl"
    rule = {"operations": CHANGES, "edit": [url], "allow": {url: {"pattern": pattern}}}
    assert any("more hosts than one" in each for each in warnings(policy(rule))) is is_open


def test_the_rules_that_count_are_named_and_those_that_nearly_do_too() -> None:
    said = explain(policy(*RULES, {"for": {"users": ["Alice"]}, "read": ["*"]}), Visitor("alice"), ("ml",))
    assert "Rules        rules[1] (the group ml)" not in said
    assert "Rules        rules[0] (everyone), rules[1] (the group ml)\n" in said
    assert "rules[2] (Alice) is for this name or group in other capital letters" in said
    assert "Rules        none" in explain(policy(RULES[1]))


def test_a_group_that_no_rule_names_is_told_with_those_that_are() -> None:
    assert "No rule names the group mll, so being in it changes nothing: the rules name ml." in explain(
        policy(*RULES), Visitor("alice"), ("mll",)
    )
    assert "No rule names the group" not in explain(policy(*RULES), Visitor("alice"), ("ml", "ML"))
    assert "the rules name no group" in explain(Policy.load("read-only"), None, ("ml",))


def test_a_policy_without_surprises_has_no_warnings() -> None:
    allow = {"ExecutionRole": {"pattern": "arn:aws:iam::123456789012:role/Lab.*"}, TYPE: {"families": ["ml.t3"]}}
    limited = {"operations": CHANGES, "edit": ["ExecutionRole", TYPE], "read": [f"{LAB}.*"], "allow": allow}
    assert list(warnings(policy(limited))) == []
    for name in ("self-service", "read-only"):
        assert list(warnings(Policy.load(name))) == []
    assert len(list(warnings(Policy.load("administrator")))) == 1
