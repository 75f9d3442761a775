"""What the findings say: where, what is wrong, what is allowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from profile_widgets.checks import ERROR, INFORMATION, WARNING, Problem, check, check_structure
from profile_widgets.checks.problems import ordered, shown
from profile_widgets.model import Member, shape
from tests.documents import smallest

SETTINGS = shape("UserSettings")


def messages(document: Any) -> dict[str, str]:
    return {problem.path: problem.message for problem in check_structure(SETTINGS, document)}


def lab(**members: Any) -> dict[str, Any]:
    return {"JupyterLabAppSettings": members}


def posix(uid: Any, gid: Any) -> dict[str, Any]:
    return {"CustomPosixUserConfig": {"Uid": uid, "Gid": gid}}


@pytest.mark.parametrize(
    ("document", "path", "message"),
    [
        ({"SecurityGroups": ["sg-1"] * 6}, "SecurityGroups", "At most 5 items; there are 6."),
        ({"ExecutionRole": ""}, "ExecutionRole", "At least 20 characters; this is empty."),
        ({"ExecutionRole": "arn:aws:iam::1"}, "ExecutionRole", "At least 20 characters; this has 14."),
        ({"DefaultLandingUri": "x" * 1024}, "DefaultLandingUri", "At most 1,023 characters; this has 1,024."),
        ({"StudioWebPortal": "on"}, "StudioWebPortal", "“on” is not a known value. Choose ENABLED or DISABLED."),
        ({"SecurityGroups": [5]}, "SecurityGroups[0]", "Takes a text, not “5”: put it in quotes."),
        ({"SecurityGroups": [[]]}, "SecurityGroups[0]", "Takes a text, not “[]”."),
        ({"ExecutionRole": dt.date(2024, 1, 1)}, "ExecutionRole", "Takes a text, not “2024-01-01”: put it in quotes."),
        ({"StudioWebPortal": False}, "StudioWebPortal", "Takes a text, not “false”: put it in quotes."),
        (
            {"ExecutionRole": "arn\ud83d"},
            "ExecutionRole",
            "“arn\\ud83d” holds half a character that cannot be sent. Type it again.",
        ),
        (
            {"StudioWebPortal": "\ude00"},
            "StudioWebPortal",
            "“\\ude00” holds half a character that cannot be sent. Type it again.",
        ),
        ({"SecurityGroups": "sg-1"}, "SecurityGroups", "Takes a list, not “sg-1”."),
        ({"SharingSettings": []}, "SharingSettings", "Takes named members ({...}), not “[]”."),
        (posix(5, 5000), "CustomPosixUserConfig.Uid", "From 10,000 to 4,000,000; this is 5."),
        (posix(True, 5000), "CustomPosixUserConfig.Uid", "Takes a whole number, not “True”."),
        ({"CustomPosixUserConfig": {"Uid": 10000}}, "CustomPosixUserConfig.Gid", "Needed, and missing."),
        (
            {"ExecutionRole": None},
            "ExecutionRole",
            "null is not a value here: leave the member out, or give it a value.",
        ),
        (
            {"ExecutionRol": "x"},
            "ExecutionRol",
            "UserSettings has no member “ExecutionRol” in the installed botocore. Did you mean ExecutionRole?",
        ),
        (
            lab(CustomImages=[{"ImageName": "a b", "AppImageConfigName": "x"}]),
            "JupyterLabAppSettings.CustomImages[0].ImageName",
            "Not an image name: letters, digits, single hyphens and dots, for example my-image; this is “a b”.",
        ),
    ],
)
def test_a_finding_says_where_what_and_what_is_allowed(document: Any, path: str, message: str) -> None:
    assert (path, message) in [(each.path, each.message) for each in check_structure(SETTINGS, document)]


def test_a_wrong_instance_type_is_told_the_nearest_ones_not_all_of_them() -> None:
    (text,) = messages(lab(DefaultResourceSpec={"InstanceType": "ml.t3.larg"})).values()
    assert text.startswith("“ml.t3.larg” is not a known value. The installed botocore knows ")
    assert "Nearest: ml.t3.large" in text


def test_a_union_names_its_kinds_and_what_it_was_given() -> None:
    (text,) = messages({"CustomFileSystemConfigs": [{}]}).values()
    assert text.startswith("Exactly one of EFSFileSystemConfig")
    assert text.endswith("here: none.")
    kinds = list(shape("CustomFileSystemConfig").members)[:2]
    if len(kinds) == 2:
        both = {kind: smallest(shape("CustomFileSystemConfig").members[kind]) for kind in kinds}
        (text,) = messages({"CustomFileSystemConfigs": [both]}).values()
        assert text.endswith(f"here: {' and '.join(kinds)}.")


def test_a_long_wrong_value_is_cut_in_the_message() -> None:
    (text,) = messages({"ExecutionRole": "!" * 2000}).values()
    assert len(text) < 300
    assert text.endswith("…”.")
    assert shown([0] * 10_000).endswith("…”")


def test_a_number_with_more_digits_than_python_prints_is_refused_in_words() -> None:
    found = messages({"CustomPosixUserConfig": {"Uid": 10**5000, "Gid": -(10**5000)}, "ExecutionRole": 10**5000})
    assert found["CustomPosixUserConfig.Uid"] == "From 10,000 to 4,000,000; this is a number of very many digits."
    assert set(found) == {"CustomPosixUserConfig.Uid", "CustomPosixUserConfig.Gid", "ExecutionRole"}


@pytest.mark.parametrize("name", ["", "a.b", "a[0]", "]"])
def test_an_unknown_member_that_no_path_can_name_stands_at_its_structure(name: str) -> None:
    (problem,) = check_structure(SETTINGS, {name: 1}, "UserSettings")
    assert (problem.path, problem.rule) == ("UserSettings", "unknown")


def test_all_findings_come_at_once() -> None:
    request = {
        "DomainId": "nonsense",
        "UserSettings": {"ExecutionRole": "x", "Colour": "red", "SecurityGroups": ["a b", None]},
        "Tags": [],
    }
    found = [problem for problem in check(request, "UpdateUserProfile") if problem.blocks]
    assert [(problem.path, problem.rule) for problem in found] == [
        ("Tags", "unknown"),
        ("DomainId", "pattern"),
        ("UserProfileName", "required"),
        ("UserSettings.Colour", "unknown"),
        ("UserSettings.ExecutionRole", "minimum"),
        ("UserSettings.ExecutionRole", "pattern"),
        ("UserSettings.SecurityGroups[0]", "pattern"),
        ("UserSettings.SecurityGroups[1]", "type"),
    ]
    assert "Tags" not in [problem.path for problem in check(request, "CreateUserProfile")]


@pytest.mark.parametrize("params", [None, "text", [], 5])
def test_what_is_no_request_is_one_finding(params: Any) -> None:
    (problem,) = check(params)
    assert (problem.path, problem.rule) == ("", "type")
    assert str(problem).startswith("error: request: ")


def test_another_operation_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="CreateUserProfile or UpdateUserProfile"):
        check({}, "DeleteUserProfile")


def test_tuples_are_lists() -> None:
    assert messages({"SecurityGroups": ("sg-1",)}) == {}


def test_a_kind_that_cannot_be_checked_is_said() -> None:
    (problem,) = check_structure(shape("EnvironmentMap"), {"A": "b"}, "Environment")
    assert (problem.severity, problem.rule) == (WARNING, "opaque")


def test_numbers_and_booleans_of_other_structures_are_checked_too() -> None:
    assert check_structure(shape("Double"), 1.5) == ()
    assert [each.rule for each in check_structure(shape("Double"), True)] == ["type"]
    assert check_structure(shape("Boolean"), False) == ()
    assert [each.rule for each in check_structure(shape("Boolean"), 1)] == ["type"]


def test_too_short_a_list_is_found() -> None:
    (problem,) = check_structure(shape("Subnets"), [])
    assert (problem.rule, problem.message) == ("minimum", "At least 1 item; there are 0.")


def test_a_pattern_that_cannot_be_tried_is_a_warning_that_stops_nothing() -> None:
    member = Member(owner="Owner", name="Name", shape="Odd", kind="string", pattern="(unclosed")
    (problem,) = check_structure(member, "text", "Owner.Name")
    assert (problem.severity, problem.rule, problem.blocks) == (WARNING, "pattern", False)


def test_findings_that_stop_a_request_come_first_and_once() -> None:
    note, warning, error = (Problem("A", each, "text") for each in (INFORMATION, WARNING, ERROR))
    assert ordered([note, warning, error, error]) == (error, warning, note)
    assert [each.blocks for each in (note, warning, error)] == [False, False, True]
