"""What a policy grants: nothing that no rule names, what rules add up to, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.checks.policy.members import leaves
from profile_widgets.served import Visitor
from tests.checks.policy.policies import ALICE, CHANGES, DOMAIN, IDLE, LAB, NEWER, OWN, TYPE, grant, policy

CANVAS = "UserSettings.CanvasAppSettings"
DOMAIN_ANSWER = {
    "DefaultUserSettings": {
        "JupyterLabAppSettings": {
            "AppLifecycleManagement": {"IdleSettings": {"MinIdleTimeoutInMinutes": 90, "MaxIdleTimeoutInMinutes": 480}}
        }
    }
}


def test_what_no_rule_names_is_hidden_and_not_granted() -> None:
    found = policy({"for": {"users": ["bob"]}, "read": ["*"], "edit": ["*"], "operations": ["*"]}).grant(ALICE)
    assert {found.access(each) for each in leaves()} == {"hidden"}
    assert found.operations == frozenset()
    assert not found.may("sagemaker:DescribeUserProfile")
    assert found.scope(*OWN)
    assert found.findings({}, {"UserSettings": {"StudioWebPortal": "ENABLED"}})


def test_somebody_unknown_gets_what_everyone_gets_and_no_profile() -> None:
    rules: list[dict[str, Any]] = [
        {"read": ["StudioWebPortal"], "operations": CHANGES},
        {"for": {"groups": ["ml"]}, "read": ["*"]},
    ]
    for nobody in (None, Visitor(""), Visitor("  ", ("ml",))):
        found = policy(*rules).grant(nobody)
        assert found.access("StudioWebPortal") == "read"
        assert found.access("ExecutionRole") == "hidden"
        assert "not known who you are" in found.scope(*OWN)


def test_rules_for_a_user_a_group_and_everyone_add_up() -> None:
    found = grant(
        {"read": ["StudioWebPortal"]},
        {"for": {"users": ["alice"]}, "edit": ["DefaultLandingUri"]},
        {"for": {"groups": ["ml"]}, "edit": [TYPE]},
        {"for": {"groups": ["finance"], "users": ["bob"]}, "edit": ["ExecutionRole"]},
    )
    assert [found.access(each) for each in ("StudioWebPortal", "DefaultLandingUri", TYPE, "ExecutionRole")] == [
        "read", "edit", "edit", "hidden",
    ]  # fmt: skip


def test_names_and_groups_are_compared_letter_by_letter_when_something_is_granted() -> None:
    rule = {"for": {"users": ["Alice"], "groups": ["ML"]}, "edit": ["StudioWebPortal"], "operations": CHANGES}
    assert policy(rule).grant(ALICE).access("StudioWebPortal") == "hidden"


def test_what_is_forbidden_to_a_name_is_forbidden_in_capital_letters_too() -> None:
    rules = (
        {"edit": ["StudioWebPortal"], "operations": CHANGES},
        {"for": {"users": ["alice"]}, "deny": ["StudioWebPortal"]},
    )
    assert policy(*rules).grant(Visitor("ALICE")).access("StudioWebPortal") == "read"
    assert policy(*rules).grant(Visitor("bob")).access("StudioWebPortal") == "edit"


@pytest.mark.parametrize("word", ["hide", "deny"])
@pytest.mark.parametrize("order", [1, -1])
def test_hide_and_deny_win_over_any_edit_whatever_the_order(word: str, order: int) -> None:
    rules = [{"edit": ["*"], "read": ["*"]}, {word: ["CanvasAppSettings.*"]}][::order]
    found = grant(*rules)
    assert found.access("CanvasAppSettings.DirectDeploySettings.Status") == {"hide": "hidden", "deny": "read"}[word]
    assert found.access("StudioWebPortal") == "edit"
    assert found.findings({}, nested(f"{CANVAS}.DirectDeploySettings.Status", "ENABLED"))


def test_a_deny_shows_nothing_that_no_rule_shows() -> None:
    assert grant({"deny": ["ExecutionRole"]}).access("ExecutionRole") == "hidden"


def test_a_structure_has_the_most_that_is_below_it_and_positions_do_not_matter() -> None:
    found = grant({"read": ["JupyterLabAppSettings.*"], "edit": [f"{LAB}.CustomImages.ImageName"]})
    assert found.access("UserSettings") == "edit"
    assert found.access("") == "edit"
    assert found.access(LAB) == "edit"
    assert found.access(f"{LAB}.CodeRepositories") == "read"
    assert found.access(CANVAS) == "hidden"
    assert found.access(f"{LAB}.CustomImages[7].ImageName") == "edit"
    assert found.access("JupyterLabAppSettings.CustomImages[7].AppImageConfigName") == "read"
    assert found.access(f"{LAB}.CustomImages") == "edit"


@pytest.mark.parametrize("path", ["a..b", "[", ".", "A.B", "UserSettings.Nope", "x" * 5000])
def test_what_is_no_path_and_what_the_model_does_not_know_is_hidden(path: str) -> None:
    found = grant({"edit": ["*"]})
    assert found.access(path) == "hidden"
    assert found.why(path)
    assert found.allowed(path) is None
    assert found.default(path) is None


def test_an_unknown_member_may_be_shown_and_never_changed() -> None:
    found = grant({"edit": ["*"], "read": ["*"]})
    assert found.access("UserSettings.NewAppSettings.Mode") == "read"
    assert (
        found.findings({}, {"UserSettings": {"NewAppSettings": {"Mode": "x"}}})[0].path == "UserSettings.NewAppSettings"
    )


def test_nothing_is_to_be_edited_without_an_operation_that_changes() -> None:
    found = policy({"edit": ["StudioWebPortal"], "operations": ["DescribeUserProfile"]}).grant(ALICE)
    assert found.access("StudioWebPortal") == "read"
    assert "change nothing" in found.why("StudioWebPortal")


def test_why_names_the_policy_and_whom_to_ask_and_is_empty_for_what_may_be_edited() -> None:
    found = grant({"read": ["*"], "edit": ["StudioWebPortal"], "hide": ["CanvasAppSettings"]})
    assert found.why("StudioWebPortal") == ""
    assert found.why("ExecutionRole").startswith("Locked by the policy “Test”: a role decides about rights")
    assert found.why("ExecutionRole").endswith("Ask ml-help@example.com.")
    assert found.why(CANVAS) == "Kept from you by the policy “Test”. Ask ml-help@example.com."
    assert "which profile it is" in found.why("DomainId")


def test_a_star_for_operations_reads_and_nothing_else() -> None:
    found = policy({"operations": ["*", "iam:*", "List*"]}).grant(ALICE)
    assert found.may("sagemaker:ListUserProfiles")
    assert found.may("ListUserProfiles")
    assert found.may("secretsmanager:ListSecrets")
    for each in ("UpdateUserProfile", "DeleteUserProfile", "CreatePresignedDomainUrl", "iam:PassRole", "AddTags",
                 "secretsmanager:GetSecretValue", "s3:GetObject", "iam:CreateRole", "*", ""):  # fmt: skip
        assert not found.may(each), each


# -- values, help, defaults ----------------------------------------------------------------------------------------


def test_limits_of_several_rules_add_up_and_a_rule_without_one_lifts_them() -> None:
    small = {"edit": [TYPE], "allow": {TYPE: {"values": ["ml.t3.medium"]}}}
    large = {"for": {"groups": ["ml"]}, "edit": [TYPE], "allow": {TYPE: {"families": ["ml.g5"]}}}
    found = grant(small, large).allowed(TYPE)
    assert found is not None
    assert [found.accepts(each) for each in ("ml.t3.medium", "ml.g5.xlarge", "ml.t3.large")] == [True, True, False]
    alone = grant(small, large, visitor=Visitor("bob")).allowed(TYPE)
    assert alone is not None
    assert not alone.accepts("ml.g5.xlarge")
    assert grant(small, {"edit": [TYPE]}).allowed(TYPE) is None


@NEWER
def test_a_bound_of_the_domain_is_the_domains_and_accepts_nothing_before_it_is_known() -> None:
    found = grant({"edit": [IDLE], "allow": {IDLE: {"min": "domain", "max": "domain"}}})
    before = found.allowed(IDLE)
    assert before is not None
    assert not before.accepts(120)
    assert "not known yet" in before.says
    found.know_domain(DOMAIN_ANSWER)
    after = found.allowed(IDLE)
    assert after is not None
    assert (after.minimum, after.maximum, after.says) == (90, 480, "Allowed here: 90 to 480.")
    assert [after.accepts(each) for each in (89, 90, 480, 481, True, "120", None)] == [False, True, True, *[False] * 4]
    found.know_domain({})
    unset = found.allowed(IDLE)
    assert unset is not None
    assert not any(unset.accepts(each) for each in (60, 120, 525_600))
    assert "the domain sets no bound" in unset.says
    found.know_domain({"DefaultUserSettings": nested(IDLE, 120)["UserSettings"]})
    own = found.allowed(IDLE)
    assert own is not None
    assert [own.accepts(each) for each in (119, 120, 121)] == [False, True, False]
    found.know_domain(None)
    assert found.findings({}, nested(IDLE, 120))


def nested(path: str, value: Any) -> dict[str, Any]:
    for name in reversed(path.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


@NEWER
def test_one_bound_may_be_a_number_and_the_other_the_domains() -> None:
    found = grant({"edit": [IDLE], "allow": {IDLE: {"min": 60, "max": "domain"}}})
    found.know_domain(DOMAIN_ANSWER)
    assert found.findings({}, nested(IDLE, 60)) == ()
    assert found.findings({}, nested(IDLE, 481))


@NEWER
def test_a_policy_may_name_a_number_for_a_domain_that_sets_no_bound() -> None:
    found = grant({"edit": [IDLE], "allow": {IDLE: {"max": "domain or 600"}}})
    found.know_domain({})
    free = found.allowed(IDLE)
    assert free is not None
    assert free.says == "Allowed here: 60 to 600."  # 60 is AWS's
    found.know_domain(DOMAIN_ANSWER)
    assert found.findings({}, nested(IDLE, 480)) == ()
    assert found.findings({}, nested(IDLE, 481))


def test_help_and_defaults_are_the_organisations_and_only_for_whom_they_are_for() -> None:
    rules: tuple[dict[str, Any], ...] = (
        {"edit": [TYPE, f"{LAB}.CodeRepositories.RepositoryUrl"], "help": {LAB: "Your lab.", TYPE: "Small."},
         "defaults": {TYPE: "ml.t3.medium", f"{LAB}.CodeRepositories": [{"RepositoryUrl": "https://git.example/a"}]}},
        {"for": {"groups": ["ml"]}, "edit": [TYPE], "help": {TYPE: "Larger."}, "defaults": {TYPE: "ml.m5.large"}},
        {"for": {"users": ["bob"]}, "hide": [TYPE]},
    )  # fmt: skip
    found = grant(*rules)
    assert (found.help(LAB), found.help(f"{LAB}.CodeRepositories"), found.help(TYPE)) == ("Your lab.", "", "Larger.")
    assert found.defaults == {
        "UserSettings": {
            "JupyterLabAppSettings": {
                "DefaultResourceSpec": {"InstanceType": "ml.m5.large"},
                "CodeRepositories": [{"RepositoryUrl": "https://git.example/a"}],
            }
        }
    }
    assert found.findings({}, found.defaults) == ()
    found.default(f"{LAB}.CodeRepositories").clear()
    assert found.default(f"{LAB}.CodeRepositories")
    hidden = grant(*rules, visitor=Visitor("bob"))
    assert (hidden.default(TYPE), hidden.help(TYPE)) == (None, "")
    assert "DefaultResourceSpec" not in hidden.defaults["UserSettings"]["JupyterLabAppSettings"]


# -- reach ---------------------------------------------------------------------------------------------------------


def test_own_is_the_derived_profile_alone() -> None:
    found = grant({"read": ["*"]})
    assert found.own == OWN
    assert found.scope(DOMAIN, "alice") == ""
    assert found.scope(DOMAIN, "Alice") == ""  # AWS does not tell capital letters apart in profile names
    for domain, name in ((DOMAIN, "bob"), ("d-other", "alice"), (DOMAIN, "alice-2"), (DOMAIN, ""), ("", "alice")):
        assert "keeps you from the profile" in found.scope(domain, name)


def test_domains_and_any_reach_as_far_as_they_say() -> None:
    found = grant({"profiles": "domain", "domains": ["d-x", "d-y"], "read": ["*"]})
    assert [found.scope(each, "bob") == "" for each in ("d-x", "d-y", "d-z")] == [True, True, False]
    assert grant({"profiles": "any", "read": ["*"]}).scope("d-z", "bob") == ""


def test_what_is_granted_on_one_profile_is_not_granted_on_another() -> None:
    helpdesk = {
        "for": {"groups": ["ml"]},
        "profiles": "any",
        "operations": ["DescribeUserProfile"],
        "read": ["StudioWebPortal"],
    }
    found = policy({"operations": CHANGES, "edit": ["*"], "read": ["*"]}, helpdesk).grant(ALICE)
    assert found.scope(DOMAIN, "bob", "DescribeUserProfile") == ""
    assert found.scope(DOMAIN, "bob", "UpdateUserProfile")
    assert found.scope(DOMAIN, "alice", "UpdateUserProfile") == ""
    theirs, mine = found.on(DOMAIN, "bob"), found.on(*OWN)
    assert (theirs.access("StudioWebPortal"), mine.access("StudioWebPortal")) == ("read", "edit")
    assert (theirs.access("ExecutionRole"), mine.access("ExecutionRole")) == ("hidden", "read")
    assert not theirs.may("UpdateUserProfile")
    assert mine.may("UpdateUserProfile")
    assert theirs.findings({}, nested("UserSettings.StudioWebPortal", "ENABLED"))
    assert mine.findings({}, nested("UserSettings.StudioWebPortal", "ENABLED")) == ()


def test_what_a_rule_hides_stays_hidden_on_every_profile() -> None:
    found = policy({"hide": ["ExecutionRole"], "operations": CHANGES}, {"profiles": "any", "read": ["*"]}).grant(ALICE)
    assert found.on(DOMAIN, "bob").access("ExecutionRole") == "hidden"


@NEWER
def test_a_narrowed_grant_still_knows_the_domain() -> None:
    found = grant({"edit": [IDLE], "allow": {IDLE: {"max": "domain"}}})
    found.know_domain(DOMAIN_ANSWER)
    narrowed = found.on(*OWN).allowed(IDLE)
    assert narrowed is not None
    assert narrowed.maximum == 480


def test_a_profile_that_was_found_must_be_the_one_that_the_rule_names() -> None:
    rules = policy({"operations": CHANGES, "edit": ["*"]})
    assert rules.grant(ALICE, (DOMAIN, "alice")).own == OWN
    for wrong in ((DOMAIN, "bob"), ("d-other", "alice")):
        assert rules.grant(ALICE, wrong).own is None
        assert "not what the policy says" in rules.grant(ALICE, wrong).scope(*wrong)


def test_without_a_domain_or_with_a_look_up_nothing_is_own_before_it_is_found() -> None:
    for whose in ({"template": "{user}"}, {"sso": "{user}@example.com"}):
        rules = policy({"operations": CHANGES}, profile=whose)
        assert "not been found yet" in rules.grant(ALICE).scope(DOMAIN, "alice")
        assert rules.grant(ALICE, OWN).scope(*OWN) == ""


def test_a_name_that_makes_no_profile_name_has_the_reason_told() -> None:
    found = policy({"operations": CHANGES}).grant(Visitor("alice@example.com"))
    assert found.own is None
    assert "makes no profile name" in found.scope(DOMAIN, "alice")
