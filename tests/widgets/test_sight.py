"""What a policy lets be seen: documents without what is hidden, findings that quote nothing of it."""

from __future__ import annotations

from typing import Any

from profile_widgets import Policy
from profile_widgets.checks.problems import ERROR, Fix, Problem
from profile_widgets.editing.starting import Source
from profile_widgets.model.documents import Change
from profile_widgets.served import Visitor
from profile_widgets.widgets.sight import EVERYTHING, UNSAID, Sight, sight_of

ROLE, LAB = "UserSettings.ExecutionRole", "UserSettings.JupyterLabAppSettings"
TYPE, IMAGE = f"{LAB}.DefaultResourceSpec.InstanceType", f"{LAB}.DefaultResourceSpec.SageMakerImageArn"
SECRET = "arn:aws:iam::123456789012:role/of-the-vault"
RULES: dict[str, Any] = {
    "for": "everyone",
    "profiles": "any",
    "operations": ["UpdateUserProfile", "DescribeUserProfile"],
    "edit": ["JupyterLabAppSettings.DefaultResourceSpec.InstanceType", "StudioWebPortal"],
    "read": ["JupyterLabAppSettings.*", "SecurityGroups", "CustomPosixUserConfig.*"],
    "hide": ["ExecutionRole"],
    "allow": {"JupyterLabAppSettings.DefaultResourceSpec.InstanceType": {"values": ["ml.t3.medium", "ml.t3.large"]}},
    "defaults": {"StudioWebPortal": "ENABLED"},
    "help": {"StudioWebPortal": "Our own words."},
}


def policy(whose: Any = None, **rules: Any) -> Policy:
    """Return a policy with one rule for everyone; a member that is given as ``None`` is left out of it."""
    rule = {name: value for name, value in (RULES | rules).items() if value is not None}
    named = {"profile": whose} if whose else {}
    return Policy.from_document({"version": 1, "title": "Of a test", "contact": "the team", "rules": [rule], **named})


def sight(**rules: Any) -> Sight:
    return sight_of(policy(**rules).grant(Visitor("alice", (), "demo")))


def test_without_a_policy_everything_is_seen_and_may_be_done() -> None:
    assert sight_of(None) is EVERYTHING
    assert EVERYTHING.shows(ROLE)
    assert EVERYTHING.edits("")
    assert EVERYTHING.lock(ROLE) == EVERYTHING.help(ROLE) == ""
    assert EVERYTHING.seen({"ExecutionRole": SECRET}) == {"ExecutionRole": SECRET}


def test_the_same_grant_has_the_same_sight() -> None:
    grant = policy().grant(None)
    assert sight_of(grant) is sight_of(grant)


def test_a_member_is_hidden_read_or_edited_from_either_root() -> None:
    through = sight()
    assert not through.shows(ROLE)
    assert not through.shows("ExecutionRole")
    assert through.shows(IMAGE)
    assert "Of a test" in through.lock(IMAGE)
    assert "the team" in through.lock(IMAGE)
    assert through.lock(TYPE) == ""
    assert through.edits(TYPE)
    assert not through.edits(LAB)
    assert through.lock(LAB) == ""


def test_a_document_is_seen_without_what_is_hidden_and_without_what_nothing_is_left_of() -> None:
    held = {
        "ExecutionRole": SECRET,
        "SharingSettings": {"S3OutputPath": "s3://hidden/"},
        "SecurityGroups": [],
        "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a", "AppImageConfigName": "b"}]},
        "": "no name of AWS's",
    }
    assert sight().seen(held) == {"SecurityGroups": [], "JupyterLabAppSettings": held["JupyterLabAppSettings"]}
    answer = {"UserProfileArn": "arn", "Status": "InService", "UserSettings": held}
    assert sight().answer(answer)["UserSettings"].keys() == {"SecurityGroups", "JupyterLabAppSettings"}
    assert sight().answer(answer)["UserProfileArn"] == "arn"


def test_values_are_accepted_as_far_as_the_policy_goes() -> None:
    through = sight()
    assert through.accepts(TYPE, "ml.t3.large")
    assert not through.accepts(TYPE, "ml.p4d.24xlarge")
    assert not through.accepts(IMAGE, None)
    assert through.accepts(LAB, {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}})
    assert not through.accepts(LAB, {"DefaultResourceSpec": {"SageMakerImageArn": "a"}})
    assert not through.accepts(LAB, {})


def test_of_a_source_stays_what_may_be_set_and_the_rest_is_named_unless_it_is_hidden() -> None:
    settings = {
        "ExecutionRole": SECRET,
        "SecurityGroups": ["sg-1"],
        "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large", "SageMakerImageArn": "a"}},
    }
    found, left = sight().settable(Source("a preset", settings, tags={"team": "a"}))
    assert found.settings == {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}}
    assert found.tags == {}
    assert left == ["UserSettings.SecurityGroups", IMAGE]


def test_a_list_of_structures_is_set_whole_or_not_at_all() -> None:
    path = "JupyterLabAppSettings.CodeRepositories.RepositoryUrl"
    through = sight(edit=[path], allow={path: {"pattern": "https://ours/.*"}}, defaults=None)
    list_of = f"{LAB}.CodeRepositories"
    assert through.adds(list_of)
    assert through.accepts(list_of, [{"RepositoryUrl": "https://ours/a"}])
    assert not through.accepts(list_of, [{"RepositoryUrl": "https://ours/a"}, {"RepositoryUrl": "https://theirs/b"}])
    assert not sight().adds(f"{LAB}.CustomImages")


def test_a_finding_about_what_is_hidden_says_nothing_of_it() -> None:
    held = {"UserSettings": {"ExecutionRole": SECRET}}
    about = Problem(ROLE, ERROR, f"{SECRET} is no role.", "rule")
    quoting = Problem(IMAGE, ERROR, f"The role {SECRET} cannot read this image.", "rule")
    plain = Problem(IMAGE, ERROR, "This is no image.", "rule")
    told = sight().problems([about, quoting, plain], held)
    assert [(each.path, each.message) for each in told] == [
        ("", f"{UNSAID} Ask the team."),
        (IMAGE, f"{UNSAID} Ask the team."),
        (IMAGE, "This is no image."),
    ]


def test_a_way_out_that_the_policy_refuses_is_not_offered() -> None:
    def fix(path: str, value: Any) -> Fix:
        return Fix(f"Set {value}", (Change(path, None, value),))

    ways = (fix(TYPE, "ml.t3.large"), fix(TYPE, "ml.p4d.24xlarge"), fix(IMAGE, None), fix("UserSettings.Odd", 1))
    (told,) = sight().problems([Problem(TYPE, ERROR, "Choose.", "rule", ways)])
    assert [each.label for each in told.fixes] == ["Set ml.t3.large"]


def test_how_much_may_be_changed_is_counted() -> None:
    some, every = sight().count()
    assert (some, every > 50) == (2, True)
    assert sight(operations=["DescribeUserProfile"]).count()[0] == 0
