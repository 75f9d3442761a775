"""A policy is read strictly, within bounds, and everything wrong with it is told at once, by line and path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from profile_widgets import Policy
from profile_widgets.checks.policy import located
from profile_widgets.errors import PolicyError
from tests.checks.policy.policies import IDLE, NEWER, document, policy

SOUND = """\
version: 1
title: Ours
contact: ml-help@example.com
profile: {template: "{user}"}
rules:
  - for: everyone
    operations: [DescribeUserProfile, UpdateUserProfile]
    edit:
      - JupyterLabAppSettings.DefaultResourceSpec.InstanceType
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def findings(text: str, folder: Path) -> tuple[tuple[int, int, str, str], ...]:
    with pytest.raises(PolicyError) as caught:
        Policy.load(written(folder, text))
    return caught.value.findings


ENABLED = {"values": ["ENABLED"]}
VOLUME = "SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"


def portal(limit: Any, **more: Any) -> dict[str, Any]:
    """Return a rule that opens one member, with a limit for it."""
    return {"edit": ["StudioWebPortal"], "allow": {"StudioWebPortal": limit}, **more}


def told(*rules: dict[str, Any], **more: Any) -> str:
    with pytest.raises(PolicyError) as caught:
        policy(*rules, **more)
    return str(caught.value)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    found = Policy.load(written(tmp_path, SOUND))
    assert (found.title, found.contact) == ("Ours", "ml-help@example.com")
    assert found.source == str(tmp_path / "ours.yaml")
    assert found.document["rules"][0]["for"] == "everyone"


def test_each_finding_names_its_line_column_and_path_and_the_text_names_all(tmp_path: Path) -> None:
    text = SOUND.replace("InstanceType", "InstanceTyp").replace("UpdateUserProfile]", "UpdateUserProfil]")
    with pytest.raises(PolicyError) as caught:
        Policy.load(written(tmp_path, text))
    first, second = caught.value.findings
    assert first[:3] == (7, 39, "rules[0].operations[1]")
    assert second[:3] == (9, 9, "rules[0].edit[0]")
    assert "Did you mean UpdateUserProfile?" in first[3]
    assert "Did you mean JupyterLabAppSettings.DefaultResourceSpec.InstanceType?" in second[3]
    assert str(caught.value).splitlines()[1].startswith("ours.yaml:9:9 rules[0].edit[0]: ")


def test_what_is_wrong_in_a_well_formed_part_is_told_beside_what_is_not_well_formed(tmp_path: Path) -> None:
    ill = SOUND.replace("contact:", "contract:").replace('"{user}"', '"{usr}"').replace("InstanceType", "InstanceTyp")
    ill += "  - for: nobody\n    edit: [ExecutionRol]\n"
    found = findings(ill, tmp_path)
    assert [path for _, _, path, _ in found] == ["", "contract", "profile.template", "rules[0].edit[0]", "rules[1].for"]
    assert "InstanceType" in found[3][3]
    assert [path for *_, path, _ in findings("rules: {}\n", tmp_path)].count("rules") == 1
    assert findings("[]", tmp_path)


def test_a_wrong_name_stands_where_it_is_written(tmp_path: Path) -> None:
    found = findings(SOUND.replace("    edit:", "    edits:"), tmp_path)
    assert found == ((8, 5, "rules[0].edits", "“edits” means nothing here. Did you mean edit?"),)


@pytest.mark.parametrize("name", ["title", "contact", "rules", "version"])
def test_what_a_policy_needs_must_be_there(name: str) -> None:
    said = document({"read": ["*"]})
    del said[name]
    with pytest.raises(PolicyError, match=f"{name} is missing"):
        Policy.from_document(said)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (SOUND + "title: Twice\n", 10, "title stands twice"),
        (SOUND.replace("    operations", "    for: everyone\n    operations"), 7, "for stands twice"),
        (SOUND + "--- \na: 1\n", 10, "second document"),
        (SOUND.replace("for: everyone", "for: !!python/name:os.system everyone"), 6, "no meaning"),
        (SOUND.replace("for: everyone", "<<: {for: everyone}"), 6, "<< does not merge"),
        (SOUND + "x: [1, 2\n", 11, "no YAML"),
        (SOUND + "? [a]\n: 1\n", 10, "A name is a list"),
        (SOUND + "x: *nowhere\n", 10, "repeats what is not finished"),
        (SOUND + "x: \x07\n", 10, "YAML does not allow"),
        (SOUND + "x: &a [*a]\n", 10, "repeats what is not finished"),
        (SOUND + "x: 1234567890123456789012\n", 10, "very many digits"),
        ("", 0, "Takes named members"),
        ("- a\n", 1, "Takes named members"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_of_ours_is_refused_with_its_line(text: str, line: int, sentence: str, tmp_path: Path) -> None:
    found = findings(text, tmp_path)
    assert found[0][0] == line
    assert sentence in found[0][3]


def test_an_alias_repeats_a_whole_value(tmp_path: Path) -> None:
    text = SOUND + "    read: &all [DefaultLandingUri]\n    hide: *all\n"
    rule = Policy.load(written(tmp_path, text)).rules[0]
    assert rule.read == rule.hide


def test_aliases_cannot_stand_for_a_huge_document(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    found = findings(bomb, tmp_path)
    assert f"more than {located.MAX_VALUES:,} values" in found[0][3]
    assert found[0][0] == 5  # ten thousand values are in bounds, a hundred thousand are not


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x: " + "[" * 500 + "]" * 500, "nested more than"),
        ("x: " + "{a: " * 5000 + "}" * 5000, "nested more than"),
        ("# " + "x" * located.MAX_BYTES, "longer than 256 KiB"),
        ("a: 1\n" * 3000, "stands twice"),
    ],
)
def test_bounds_end_in_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    found = findings(text, tmp_path)
    assert sentence in found[0][3]
    assert len(found) <= located.MOST_FINDINGS


def test_a_file_that_is_not_there_and_a_name_that_is_nearly_a_ready_one(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.load(tmp_path / "none.yaml")
    with pytest.raises(PolicyError, match="Did you mean self-service"):
        Policy.load("selfservice")
    with pytest.raises(PolicyError, match="no plain file"):
        Policy.load(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(SOUND.encode() + b"# \xff\xfe\n")
    with pytest.raises(PolicyError, match=r"no text in UTF-8 \(line 10\)"):
        Policy.load(tmp_path / "ours.yaml")


@pytest.mark.parametrize("value", [{1: 2}, {"version": {1, 2}}, None, 3, object()])
def test_a_document_that_yaml_could_not_say_is_refused(value: Any) -> None:
    with pytest.raises(PolicyError):
        Policy.from_document(value)


def test_a_document_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(PolicyError, match="nested deeper"):
        Policy.from_document({"rules": loop})


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"edit": ["JupyterLabAppSetings.*"]}, "Did you mean JupyterLabAppSettings?"),
        ({"hide": ["ExecutionRoll"]}, "Did you mean ExecutionRole?"),
        ({"read": ["SageMakerImageVersionAlas"]}, "DefaultResourceSpec.SageMakerImageVersionAlias?"),
        ({"edit": ["DomainId"]}, "see profiles"),
        ({"operations": ["Delete*"]}, "What changes something is named in full"),
        ({"operations": ["iam:ListRolls"]}, "Did you mean ListRoles?"),
        ({"operations": ["sagemakr:ListApps"]}, "Did you mean sagemaker?"),
        ({"operations": ["sagemaker:CreateDomain"]}, "never asks for “sagemaker:CreateDomain”"),
        ({"operations": ["ec2:GetPasswordData"]}, "never asks for “ec2:GetPasswordData”"),
        ({"operations": ["sts:GetWebIdentityToken"]}, "never asks for “sts:GetWebIdentityToken”"),
        ({"operations": ["codeartifact:GetAuthorizationToken"]}, "no policy grants it"),
        ({"operations": ["s3:GetObject", "secretsmanager:GetSecretValue"]}, "never asks for “s3:GetObject”"),
        ({"profiles": "domain"}, "needs domains"),
        ({"domains": ["d-a"], "read": ["*"]}, "no meaning with profiles: own"),
        ({"profiles": "everything"}, "none of own, domain, any"),
        ({"edit": ["StudioWebPortal"], "allow": {"DefaultLandingUri": {"values": ["studio::"]}}}, "put the limit into"),
        (portal({"values": ["ON"]}), "not a known value"),
        (portal({"min": 1}), "no number"),
        (portal({"pattern": "("}), "no regular expression"),
        (portal(ENABLED, allow={"Studio*": ENABLED, "StudioWebPortal": ENABLED}), "two limits"),
        (portal({"values": ["ENABLED"], "min": 1}), "means nothing here"),
        (portal(ENABLED, allow={"Canvas*": ENABLED}), "lets nobody change such a member"),
        ({"edit": ["DefaultLandingUri"], "defaults": {"StudioWebPortal": "ENABLED"}}, "can be offered to nobody"),
        ({"edit": ["StudioWebPortal"], "defaults": {"StudioWebPortal": "ON"}}, "not a known value"),
        (portal(ENABLED, defaults={"StudioWebPortal": "DISABLED"}), "not what allow says"),
        ({"edit": ["*"], "defaults": {"JupyterLabAppSettings": {}}}, "This is a structure"),
        ({"edit": ["*"], "allow": {"*.*.InstanceType": {"families": ["ml.t4"]}}}, "Did you mean ml.t3?"),
        ({"edit": ["*"], "allow": {"*.IdleTimeoutInMinutes": {"min": 90}}}, "no member"),
        pytest.param({"edit": [IDLE], "allow": {IDLE: {"min": 90, "max": 60}}}, "min is more than max", marks=NEWER),
        ({"edit": [VOLUME], "allow": {VOLUME: {"min": "domain"}}}, "keeps no least"),
        ({"help": {"Nothing": "x"}}, "no member Nothing"),
    ],
)  # fmt: skip
def test_what_the_installed_models_do_not_know_or_cannot_mean_is_refused(rule: dict[str, Any], sentence: str) -> None:
    assert sentence in told(rule)


@pytest.mark.parametrize(
    "path",
    ["ExecutionRole*", "Execution*", "CanvasAppSettings.WorkspaceSettings", "CanvasAppSettings.WorkspaceSettings.*",
     "JupyterLabAppSettings.CustomImages", "Tags", "Tags.*", "*.DefaultResourceSpec.LifecycleConfigArn",
     "CustomFileSystemConfigs", "JupyterLabAppSettings.CodeRepositories[]"],
)  # fmt: skip
def test_what_would_open_only_members_that_need_naming_is_refused_and_says_which(path: str) -> None:
    said = told({"edit": [path]})
    assert "This opens nothing" in said
    assert "by their whole path" in said


def test_a_member_that_an_older_botocore_does_not_have_may_be_marked() -> None:
    found = policy({"edit": ["StudioWebPortal", "MemberOfTomorrow?"], "help": {"MemberOfTomorrow?": "Soon."}})
    assert found.rules[0].edit == {"UserSettings.StudioWebPortal"}


def test_own_profiles_need_a_rule_that_says_which() -> None:
    said = document({"read": ["*"]})
    del said["profile"]
    with pytest.raises(PolicyError, match="add profile"):
        Policy.from_document(said)
    said["rules"][0]["profiles"] = "any"
    assert Policy.from_document(said).whose is None


def test_importing_the_policy_reads_nothing_and_needs_no_boto3() -> None:
    program = (
        "import sys, profile_widgets.checks.policy; "
        "sys.exit([n for n in ('boto3', 'yaml', 'botocore.session', 'regex') if n in sys.modules] or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
