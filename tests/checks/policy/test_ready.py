"""The policies that come with the kit: what they open, and what no star opens, today and with tomorrow's botocore."""

from __future__ import annotations

import re

import pytest

from profile_widgets import Policy
from profile_widgets.checks.policy.loading import READY
from profile_widgets.checks.policy.members import Leaf, Pattern, _naming, leaves
from profile_widgets.checks.policy.operations import WRITES
from profile_widgets.model.shapes import OPERATIONS, Member, input_member, walk
from profile_widgets.served import Visitor
from tests.checks.policy.policies import IDLE, NEWER, OWN, TYPE, policy

ON = IDLE.replace("IdleTimeoutInMinutes", "LifecycleManagement")
NEVER = re.compile(
    r"Role|SecurityGroup|LifecycleConfigArn|FileSystem|Posix|\bUid|\bGid|S3|Kms|Secret|ImageArn|ImageVersion|CustomImages"
    r"|Tags|SingleSignOn|RepositoryUrl|LandingUri|TrainingPlan|MountPath|UserGroup|AccessStatus|HomeEFS|IdentityProvider"
)
"""What the list of members that no wildcard may open comes to, written down here a second time."""


def members() -> list[str]:
    """Walk the installed model: every path of a request that holds a value, without positions of lists."""
    found: dict[str, None] = {}
    for operation in OPERATIONS:
        for path, member in walk(input_member(operation)):
            if member.kind not in ("structure", "union") and not member.is_structure_list and not path.endswith("[]"):
                found[path.replace("[]", "")] = None
    return [each for each in found if each not in ("DomainId", "UserProfileName")]


def test_the_walk_finds_what_the_policy_knows() -> None:
    assert set(members()) == set(leaves())
    assert sum(bool(NEVER.search(each)) for each in members()) > 60


@pytest.mark.parametrize("name", READY)
def test_a_ready_policy_opens_nothing_of_the_never_list_by_a_wildcard(name: str) -> None:
    found = Policy.load(name)
    for rule in found.rules:
        said = found.document["rules"][rule.number].get("edit", [])
        whole = {Pattern(each).path for each in said if "*" not in each}
        opened = [each for each in rule.edit if NEVER.search(each)]
        assert set(opened) <= whole


@pytest.mark.parametrize("star", ["*", "JupyterLabAppSettings.*", "*.DefaultResourceSpec.*", "CanvasAppSettings", "S*"])
def test_no_star_opens_a_member_of_the_never_list(star: str) -> None:
    opened = policy({"edit": [star, "StudioWebPortal"]}).rules[0].edit
    assert [each for each in opened if NEVER.search(each)] == []


@pytest.mark.parametrize("path", [each for each in members() if NEVER.search(each)])
def test_each_member_of_the_never_list_can_be_named(path: str) -> None:
    assert path in policy({"edit": [path]}).rules[0].edit
    assert leaves()[path].naming


@pytest.mark.parametrize(
    ("name", "shape", "kind"),
    [
        ("BedrockRole", "RoleArn", "string"), ("TrustedIssuers", "IssuerList", "enum"), ("NewSecret", "S", "string"),
        ("SubnetIds", "Subnets", "string"), ("Weights", "S3Uri", "string"), ("Mode", "KeyMode", "enum"),
        ("StartupScript", "Text", "string"), ("Anything", "String256", "string"), ("Extra", "Map", "opaque"),
        ("ProfileId", "Number", "integer"), ("AllowedPaths", "PathMode", "enum"), ("MaxSpend", "Money", "integer"),
        ("ProxyHost", "Hosts", "enum"), ("RunAsUid", "Number", "integer"),
    ],
)  # fmt: skip
def test_no_star_opens_a_member_of_tomorrow_that_may_decide_about_rights(name: str, shape: str, kind: str) -> None:
    path = f"UserSettings.NewAppSettings.{name}"
    leaf = Leaf(path, Member("NewAppSettings", name, shape, kind), "")
    naming = _naming(path, leaf.member)
    assert naming
    assert not Pattern("*").opens(Leaf(path, leaf.member, naming))
    assert Pattern(f"NewAppSettings.{name}").opens(Leaf(path, leaf.member, naming))


@pytest.mark.parametrize(("name", "kind"), [("Theme", "enum"), ("FontSize", "integer"), ("Telemetry", "boolean")])
def test_a_star_does_open_a_plain_member_of_tomorrow(name: str, kind: str) -> None:
    assert _naming(f"UserSettings.NewAppSettings.{name}", Member("NewAppSettings", name, name, kind)) == ""


def test_self_service_opens_everyday_settings_and_shows_the_rest() -> None:
    found = Policy.load("self-service").grant(Visitor("alice"), OWN)
    assert {each for each in leaves() if found.access(each) == "edit"} <= {
        TYPE,
        IDLE,
        ON,
        ON.replace("JupyterLab", "CodeEditor"),
        TYPE.replace("JupyterLab", "CodeEditor"),
        IDLE.replace("JupyterLab", "CodeEditor"),
        "UserSettings.JupyterLabAppSettings.CodeRepositories.RepositoryUrl",
        "UserSettings.DefaultLandingUri",
        "UserSettings.StudioWebPortalSettings.HiddenMlTools",
        "UserSettings.StudioWebPortalSettings.HiddenAppTypes",
    }
    assert found.access("ExecutionRole") == "read"
    assert found.access("CanvasAppSettings.IdentityProviderOAuthSettings[0].SecretArn") == "hidden"
    assert [each for each in found.operations if each in WRITES] == ["sagemaker:UpdateUserProfile"]
    for path in (each for each in leaves() if found.access(each) == "edit" and "Hidden" not in each):
        assert found.allowed(path) is not None


@NEWER
def test_self_service_lets_nobody_keep_a_space_running_where_the_domain_sets_no_bound() -> None:
    found = Policy.load("self-service").grant(Visitor("alice"), OWN)
    found.know_domain({})
    for path in (IDLE, IDLE.replace("JupyterLab", "CodeEditor")):
        allowed = found.allowed(path)
        assert allowed is not None
        assert [allowed.accepts(each) for each in (60, 480, 481, 525_600)] == [True, True, False, False]


def test_self_service_refuses_in_words_and_not_in_patterns() -> None:
    found = Policy.load("self-service").grant(Visitor("alice"), OWN)
    for path in (each for each in leaves() if found.access(each) == "edit"):
        allowed = found.allowed(path)
        assert allowed is None or not {*"[]\\"} & set(allowed.says), path


def test_read_only_lets_nobody_change_anything() -> None:
    found = Policy.load("read-only").grant(Visitor("alice"), OWN)
    assert {found.access(each) for each in leaves()} == {"read"}
    assert not [each for each in found.operations if each in WRITES]


def test_administrator_is_for_its_group_alone_and_names_every_member() -> None:
    policy_ = Policy.load("administrator")
    found = policy_.grant(Visitor("alice", ("administrators",)))
    named = {Pattern(each).path for each in policy_.document["rules"][0]["edit"]}
    tomorrow = {path for path, leaf in leaves().items() if leaf.naming and path not in named}  # waits for its name
    assert {found.access(each) for each in leaves() if each not in tomorrow} == {"edit"}
    assert {found.access(each) for each in tomorrow} <= {"read"}
    assert found.scope("d-any", "anybody", "DeleteUserProfile") == ""
    for other in (None, Visitor("alice"), Visitor("administrators"), Visitor("eve", ("Administrators",))):
        nothing = policy_.grant(other)
        assert {nothing.access(each) for each in leaves()} == {"hidden"}
        assert not nothing.operations
        assert nothing.scope("d-any", "anybody")
