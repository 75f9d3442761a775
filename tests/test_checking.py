"""What the check command reads around a request, and what it makes of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.checking import CannotCheckError, check_file
from profile_widgets.cli import main

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
GROUPS = {"SecurityGroups": ["sg-0a1b2c3d4e5f60718"]}
DOMAIN = {"DomainId": "d-abc123", "AuthMode": "SSO", "AppNetworkAccessType": "VpcOnly", "DefaultUserSettings": {}}


@pytest.fixture(autouse=True)
def _folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, document: Any) -> str:
    Path(name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return name


def request(**settings: Any) -> str:
    return written("request.json", {**NAMES, "UserSettings": settings})


def test_a_way_out_is_told_under_its_finding() -> None:
    found = check_file(request(JupyterServerAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}))
    assert found.stops
    assert found.lines[0].startswith(
        "error       UserSettings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType:"
    )
    assert found.lines[0].endswith("[instance-type-of-app]")
    assert found.lines[1].strip() == "a way out: Set InstanceType to system"
    assert found.lines[-1] == "UpdateUserProfile: 1 error, 0 notes."


def test_the_domain_changes_the_findings() -> None:
    file = request(StudioWebPortal="ENABLED")
    assert not check_file(file, operation="create").stops
    found = check_file(file, operation="create", domain=written("domain.json", DOMAIN))
    assert [line.split()[1] for line in found.lines if line.startswith("error")] == [
        "UserSettings.SecurityGroups:",
        "SingleSignOnUserIdentifier:",
        "SingleSignOnUserValue:",
    ]


@pytest.mark.parametrize(
    "stored",
    [
        {**NAMES, "Status": "InService", "UserSettings": {"ExecutionRole": ROLE}},
        {"DomainId": "d-abc123", "UserProfileName": "Alice", "UserSettings": {"ExecutionRole": ROLE}},
        {"ExecutionRole": ROLE},
        {"ExecutionRole": ROLE, "SettingsOfNextYear": {}},
        f"UserProfileName: alice\nCreationTime: 2026-01-01T00:00:00+00:00\nUserSettings:\n  ExecutionRole: {ROLE}\n",
    ],
)
def test_the_stored_profile_changes_the_findings(stored: Any) -> None:
    file = request(ExecutionRole=ROLE)
    assert any("iam:PassRole" in line for line in check_file(file).lines)
    assert not any("iam:PassRole" in line for line in check_file(file, stored=written("stored", stored)).lines)


def test_a_profile_without_settings_is_known_to_have_none() -> None:
    file = request(StudioWebPortal="ENABLED")
    domain = written("domain.json", DOMAIN)
    assert len(check_file(file, domain=domain).lines) == 1
    for stored in ({}, NAMES):
        lines = check_file(file, domain=domain, stored=written("stored.json", stored)).lines
        assert lines[0].startswith("information UserSettings.SecurityGroups: Stored so already")


@pytest.mark.parametrize(
    ("options", "content", "sentence"),
    [
        ("domain", None, "none.json cannot be read: "),
        ("domain", "{", "x.json is neither JSON nor YAML: It ends too early (line 1, column 2)."),
        ("domain", [], "x.json holds no answer of describe-domain: it must be an object with DomainId and more."),
        ("domain", {"Colour": 1}, "x.json holds no answer of describe-domain: there is none of DomainId, "),
        ("domain", {"DomainId": "d-other"}, "x.json is about DomainId d-other, and the request about d-abc123."),
        ("stored", [], "x.json holds no user profile: it must be describe-user-profile's answer, or its UserSettings."),
        ("stored", {"Colour": 1}, "x.json holds no answer of describe-user-profile: there is none of DomainId, "),
        ("stored", {**NAMES, "UserProfileName": "bob"}, "x.json is about UserProfileName bob, and the request about"),
        ("stored", {"UserSettings": []}, "x.json holds no user profile: its UserSettings is no object."),
    ],
)
def test_a_file_of_something_else_is_refused_in_one_sentence(
    options: str, content: Any, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "none.json" if content is None else written("x.json", content)
    assert main(["check", request(**GROUPS), f"--{options}", name]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"profile-widgets: {sentence}")
    assert error.count("\n") == 1


def test_a_profile_that_is_created_is_not_stored() -> None:
    with pytest.raises(CannotCheckError, match="this request creates one: leave it out"):
        check_file(request(**GROUPS), operation="create", stored=written("stored.json", {}))


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotCheckError, match="one of the files only"):
        check_file("-", domain="-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(DOMAIN).encode())))
    assert check_file(request(**GROUPS), domain="-").lines[-1] == "UpdateUserProfile: 0 errors, 2 notes."


COMMAND = """$ aws sagemaker update-user-profile \\
    --domain-id d-abc123 --user-profile-name alice \\
    --user-settings file://settings.json
"""
TEMPLATE = """Resources:
  Alice:
    Type: AWS::SageMaker::UserProfile
    Properties: {DomainId: d-abc123, UserProfileName: alice, UserSettings: {ExecutionRole: !GetAtt Role.Arn}}
"""


@pytest.mark.parametrize(
    ("name", "text", "format_", "operation"),
    [
        ("a.json", json.dumps(NAMES), "json", "UpdateUserProfile"),
        ("a.yml", "DomainId: d-abc123\nUserProfileName: alice\n", "yaml", "UpdateUserProfile"),
        ("a.sh", COMMAND.replace("update", "create"), "cli", "CreateUserProfile"),
        ("a.py", f"client.create_user_profile(**{NAMES})", "boto3", "CreateUserProfile"),
        ("a.yaml", TEMPLATE, "cloudformation", "CreateUserProfile"),
    ],
)
def test_every_format_is_told_from_the_file(name: str, text: str, format_: str, operation: str) -> None:
    written("settings.json", GROUPS)
    found = check_file(Path(written(name, text)))
    assert (found.format, found.operation, found.stops) == (format_, operation, False)
    assert found.request["UserProfileName"] == "alice"


def test_a_file_that_a_command_names_is_read_where_the_check_runs() -> None:
    file = written("update.sh", COMMAND)
    (problem,) = [each for each in check_file(file).problems if each.blocks]
    assert problem.path == "UserSettings"
    assert "file://settings.json cannot be read: No such file or directory" in problem.message
    written("settings.json", GROUPS)
    assert check_file(file).request["UserSettings"] == GROUPS
    Path("settings.json").write_bytes(b"\xff")
    assert any("not a text in UTF-8" in line for line in check_file(file).lines)


def test_what_is_no_plain_file_is_not_waited_for() -> None:
    file = written("update.sh", COMMAND.replace("settings.json", "/dev/stdin"))
    assert any("it is no plain file" in line for line in check_file(file).lines)


def test_what_a_template_leaves_to_the_stack_is_a_note() -> None:
    found = check_file(written("template.yaml", TEMPLATE))
    assert not found.stops
    assert "only the stack can tell what !GetAtt Role.Arn is" in found.lines[0]


def test_a_template_is_checked_as_a_creation_without_what_only_its_stack_can_tell() -> None:
    file = written("template.yaml", TEMPLATE.replace("d-abc123", "!Ref Domain").replace(
        "ExecutionRole:", "CustomPosixUserConfig: {Uid: 10001, Gid: 1001}, ExecutionRole:"))  # fmt: skip
    found = check_file(file)
    assert (found.operation, found.errors) == ("CreateUserProfile", 0)
    assert check_file(file, operation="update").errors == 1
    stored = written("stored.json", {**NAMES, "UserSettings": {}})
    tagged = written("tagged.yaml", TEMPLATE.replace("UserSettings:", "Tags: [{Key: a, Value: b}], UserSettings:"))
    assert (check_file(tagged, stored=stored).operation, check_file(tagged, stored=stored).errors) == (
        "UpdateUserProfile", 0
    )  # fmt: skip


def test_properties_cut_out_of_a_template_are_told_from_yaml() -> None:
    found = check_file(written("a.yaml", "DomainId: !Ref D\nUserProfileName: alice\n"))
    assert (found.format, found.errors) == ("cloudformation", 0)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_what_powershell_writes_is_read(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("be") else ""
    Path("a.json").write_bytes((mark + json.dumps({**NAMES, "UserSettings": GROUPS})).encode(encoding))
    assert check_file("a.json").request["UserSettings"] == GROUPS
    Path("settings.json").write_bytes((mark + json.dumps(GROUPS)).encode(encoding))
    assert check_file(written("update.sh", COMMAND)).request["UserSettings"] == GROUPS


def test_an_answer_that_does_not_name_its_domain_is_of_any() -> None:
    stored = written("stored.json", {"DomainId": "", "UserProfileName": "alice", "UserSettings": {}})
    assert not check_file(request(**GROUPS), stored=stored).stops


def test_a_comma_too_many_is_the_same_in_every_file() -> None:
    text = json.dumps({**NAMES, "UserSettings": GROUPS})[:-1] + ",}"
    for name in ("a.json", "a.txt", "a"):
        found = check_file(written(name, text))
        assert (found.format, found.errors, len(found.problems)) == ("json", 0, 3)
        assert any("A comma with nothing behind it" in line for line in found.lines)


def test_a_file_that_cannot_be_read_is_a_report_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", written("a.json", '{"DomainId":\n "d" 1}'), "--output", "json"]) == 2
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert set(document) == {"operation", "format", "errors", "problems", "request"}
    assert (document["format"], document["errors"], document["request"]) == ("json", 1, None)
    (problem,) = document["problems"]
    assert (problem["severity"], problem["line"], problem["column"]) == ("error", 2, 6)
    assert problem["message"] in printed.err
    assert main(["check", "none.json", "--output", "json"]) == 2
    assert "cannot be read" in json.loads(capsys.readouterr().out)["problems"][0]["message"]


def test_a_finding_is_told_once() -> None:
    found = check_file(request(Colour="blue", SecurityGroups="sg-1", StudioWebPortal=None))
    paths = [each.path for each in found.problems]
    assert sorted(paths) == ["UserSettings.Colour", "UserSettings.SecurityGroups", "UserSettings.StudioWebPortal"]


def test_a_report_for_programs_holds_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    file = request(JupyterServerAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}})
    assert main(["check", file, "--output", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads(json.dumps(check_file(file).to_document()))
    assert (document["operation"], document["format"], document["errors"]) == ("UpdateUserProfile", "json", 1)
    (problem,) = document["problems"]
    assert problem["severity"] == "error"
    assert problem["rule"] == "instance-type-of-app"
    assert problem["path"].endswith(".InstanceType")
    assert problem["fixes"][0]["changes"][0]["after"] == "system"
    assert main(["check", request(**GROUPS), "--output", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["request"]["UserSettings"] == GROUPS


def test_a_format_that_is_asked_for_is_not_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_file(written("request.txt", "{DomainId: d-abc123, UserProfileName: alice}"), "yaml").format == "yaml"
    assert check_file(request(**GROUPS), "JSON").format == "json"
    assert main(["check", request(**GROUPS), "--format", "cli"]) == 2
    assert "request.json: This cannot be read as an AWS CLI command." in capsys.readouterr().err
    assert main(["check", request(**GROUPS), "--format", "toml"]) == 2
    assert "There is no format 'toml': choose one of " in capsys.readouterr().err


def test_a_skeleton_that_nobody_filled_in_is_told() -> None:
    from profile_widgets.formats.skeletons import skeleton

    found = check_file(written("skeleton.json", skeleton("UpdateUserProfile")))
    assert {each.path for each in found.problems if each.blocks} == {"", "DomainId", "UserProfileName"}
    assert any(each.rule == "placeholder" for each in found.problems)
