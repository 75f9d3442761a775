"""A request is read from whatever form people paste, judged, and refused with a reason and a place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import profile_widgets
from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import IMPORTERS, Found, importer, read
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
REQUEST = {**NAMES, "UserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}}
COMMAND = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice --user-settings "
TEMPLATE = "Resources:\n  A:\n    Type: AWS::SageMaker::UserProfile\n    Properties: "

SAME = {
    "json": json.dumps(REQUEST),
    "yaml": "DomainId: d-abc123\nUserProfileName: alice\nUserSettings:\n"
    f"  ExecutionRole: {ROLE}\n  SecurityGroups: [sg-1]\n",
    "cli": f"{COMMAND}'ExecutionRole={ROLE},SecurityGroups=sg-1'",
    "boto3": f"client.update_user_profile(**{REQUEST!r})",
    "cloudformation": TEMPLATE + json.dumps(REQUEST),
}

PARTS_LEFT_OUT = shutil.ignore_patterns("__pycache__", "static", "sandbox", "widgets")
READER = """
from profile_widgets.formats.reading.registry import Found, importer

@importer("telegram", label="a telegram", rank=99, looks_like=lambda text: 100 * text.startswith("STOP "))
def read(text, context):
    return Found({"UserProfileName": text[5:]})
"""
WRITER = """
from profile_widgets.formats.registry import exporter

@exporter("letter", label="Letter", suffix="txt", rank=99)
def write(request, operation):
    return "Dear AWS"
"""


class TestTelling:
    @pytest.mark.parametrize("name", sorted(SAME))
    def test_each_format_is_told_from_the_text_and_says_the_same(self, name: str) -> None:
        told, asked = read(SAME[name]), read(SAME[name], name)
        assert told == asked
        assert (told.format, told.request, told.problems) == (name, REQUEST, ())

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("  \n{\n}", "json"),
            ("\ufeff{}", "json"),
            ("{DomainId: d}", "yaml"),
            ("# aws sagemaker update-user-profile --cli-input-yaml file://a.yaml\nDomainId: d", "yaml"),
            ("UserSettings:\n  StudioWebPortal: ENABLED", "yaml"),
            ("StudioWebPortal: ENABLED", "yaml"),
            ("{'DomainId': 'd'}", "boto3"),
            ('{"DomainId": "d", "UserSettings": None or True}', "json"),
            ("DomainId='d', UserProfileName='x'", "boto3"),
            ("request = {'DomainId': 'd'}", "boto3"),
            ('request = {\n    "DomainId": "d",\n}', "boto3"),
            ("$ aws sagemaker create-user-profile --domain-id d", "cli"),
            ("AWS_PROFILE=x aws sagemaker create-user-profile --domain-id d", "cli"),
            ("# aws sagemaker create-user-profile --domain-id d", "cli"),
            ("Then run:\n\naws sagemaker create-user-profile --domain-id d", "cli"),
            ("aws sagemaker update-user-profile --cli-input-yaml '\nDomainId: d\n'", "cli"),
            ("--domain-id d --user-profile-name x", "cli"),
            ("%update_user_profile --domain-id d", "cli"),
            ('{"Type": "AWS::SageMaker::UserProfile", "Properties": {}}', "cloudformation"),
        ],
    )
    def test_by_example(self, text: str, name: str) -> None:
        try:
            found = read(text).format
        except FormatError as error:
            found = error.format
        assert found == name

    def test_json_with_pythons_quotes_in_it_is_a_dict_of_python(self) -> None:
        reading = read('{"DomainId": "d", "UserSettings": {"SecurityGroups": [\'sg-1\']}}')
        assert (reading.format, reading.request["UserSettings"]) == ("boto3", {"SecurityGroups": ["sg-1"]})

    @pytest.mark.parametrize("name", [None, "json"])
    @pytest.mark.parametrize(
        "text",
        [
            '{"DomainId":"d-abc123","UserProfileName":"alice"}, "UserSettings":{"SecurityGroups":[]}}',
            '{"DomainId":"d-abc123"}\n{"UserProfileName":"alice"}',
            '{"DomainId":"d-abc123",}\n{"UserProfileName":"alice"}',
        ],
    )
    def test_no_part_of_a_broken_json_text_is_read_as_something_else(self, text: str, name: str | None) -> None:
        with pytest.raises(FormatError, match="A second value begins behind the first") as caught:
            read(text, name)
        assert caught.value.format == "json"
        assert caught.value.line

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('resource "aws_sagemaker_user_profile" "a" {\n  domain_id = "d"\n}', "Terraform cannot be read here"),
            ('new sagemaker.CfnUserProfile(this, "P", {domainId: "d"})', "A CDK program cannot be read here"),
            ('client.send(new UpdateUserProfileCommand({DomainId: "d"}))', "other SDKs cannot be read here"),
            ("Update-SMUserProfile -DomainId d", "Tools for PowerShell cannot be read here"),
        ],
    )
    def test_a_form_that_is_known_and_cannot_be_read_is_named(self, text: str, words: str) -> None:
        with pytest.raises(FormatError, match=words):
            read(text)

    def test_the_reason_of_indented_yaml_is_told(self) -> None:
        with pytest.raises(FormatError, match=r"YAML\. The tag !Odd has no meaning in a request \(line 1, column 13\)"):
            read("  DomainId: !Odd x\n")

    @pytest.mark.parametrize("text", ["hello", "Please add alice to the domain.", "12", "[1, 2]", "- a\n- b\n"])
    def test_what_is_none_of_them_is_told_what_there_is(self, text: str) -> None:
        with pytest.raises(FormatError, match=r"This (looks like none|cannot be read as)") as caught:
            read(text)
        assert caught.value.line >= 0

    @pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff"])
    def test_nothing_is_nothing(self, text: str) -> None:
        with pytest.raises(FormatError, match="There is nothing to read"):
            read(text)

    def test_a_format_or_operation_that_does_not_exist_is_refused_naming_those_that_do(self) -> None:
        with pytest.raises(ValueError, match="'toml': choose one of "):
            read("x", "toml")
        with pytest.raises(ValueError, match="CreateUserProfile or UpdateUserProfile"):
            read("x", operation="DeleteUserProfile")


class TestOperation:
    @pytest.mark.parametrize(
        ("text", "operation"),
        [
            ("DomainId: d", None),
            ("Tags: []", CREATE),
            ("SingleSignOnUserValue: x", CREATE),
            ("aws sagemaker create-user-profile --domain-id d", CREATE),
            ("x.update_user_profile(DomainId='d')", UPDATE),
            (TEMPLATE + "{Tags: []}", None),
        ],
    )
    def test_it_is_what_the_text_tells(self, text: str, operation: str | None) -> None:
        assert read(text).operation == operation

    def test_what_the_text_is_meant_for_is_what_it_is_judged_by(self) -> None:
        text = json.dumps({**NAMES, "Colour": 1, "Tag": []})
        assert "UpdateUserProfileRequest has no member “Colour”" in read(text, operation=UPDATE).problems[0].message
        assert read(text, operation=UPDATE).operation is None

    def test_a_template_gives_an_update_what_an_update_takes(self) -> None:
        text = TEMPLATE + json.dumps({**NAMES, "Tags": [], "SingleSignOnUserValue": "x"})
        reading = read(text, operation=UPDATE)
        assert reading.request == NAMES
        assert [each.path for each in reading.problems] == ["Tags", "SingleSignOnUserValue"]
        assert not reading.refused


class TestJudgement:
    @pytest.mark.parametrize("name", sorted(SAME))
    def test_what_waits_to_be_filled_in_is_said_in_every_format(self, name: str) -> None:
        reading = read(SAME[name].replace("SageMakerRole", "your-role"), name)
        (said,) = reading.problems
        assert (said.path, said.severity, said.rule) == ("UserSettings.ExecutionRole", "warning", "placeholder")
        assert reading.request["UserSettings"]["ExecutionRole"].endswith("your-role")

    def test_a_member_that_does_not_exist_is_named_with_the_nearest(self) -> None:
        reading = read(json.dumps({"UserSettings": {"ExecutionRoll": ROLE}}))
        assert reading.refused
        (problem,) = reading.problems
        assert (problem.path, problem.rule) == ("UserSettings.ExecutionRoll", "unknown")
        assert problem.message.endswith("Did you mean ExecutionRole?")

    @pytest.mark.parametrize(
        ("document", "path", "words"),
        [
            ({"DomainId": 1}, "DomainId", "Takes a text, not “1”: put it in quotes."),
            ({"DomainId": ["d"]}, "DomainId", "Takes a text, not “['d']”."),
            ({"UserSettings": []}, "UserSettings", "Takes a structure"),
            ({"UserSettings": {"SecurityGroups": "sg-1"}}, "UserSettings.SecurityGroups", "Takes a list of texts"),
            ({"DomainId": None}, "DomainId", "null is not a value here: leave the member out"),
            ({"Tags": [{"Key": "a"}, None]}, "Tags[1]", "null is not a value"),
        ],
    )
    def test_what_the_model_cannot_hold_is_refused_with_its_path(self, document: Any, path: str, words: str) -> None:
        reading = read(json.dumps(document))
        assert reading.refused
        (problem, *_) = [each for each in reading.problems if words in each.message]
        assert (problem.path, problem.rule) == (path, "type")

    def test_what_is_only_not_good_is_read(self) -> None:
        assert not read(json.dumps({"DomainId": "", "UserSettings": {"ExecutionRole": "x"}})).refused

    def test_a_hundred_mistakes_are_enough(self) -> None:
        reading = read(json.dumps({f"Member{n}": 1 for n in range(1000)}))
        assert len(reading.problems) == 101
        assert reading.problems[-1].message.startswith("More than 100")

    def test_odd_names_of_members_are_said_where_a_path_can_stand(self) -> None:
        reading = read(json.dumps({"UserSettings": {"a.b": 1, "[0]": None, "": {"x": None}, "\ud83d": 1}}))
        assert {each.path for each in reading.problems} <= {"UserSettings", "UserSettings.x"}


class TestEnvelopes:
    def test_settings_alone_are_read_as_the_settings_of_a_request(self) -> None:
        reading = read(json.dumps(REQUEST["UserSettings"]))
        assert reading.request == {"UserSettings": REQUEST["UserSettings"]}
        assert [each.severity for each in reading.problems] == ["information"]

    def test_an_answer_of_describe_user_profile_is_read_as_a_request(self) -> None:
        answer = {
            **REQUEST,
            "UserProfileArn": "arn:x",
            "Status": "InService",
            "CreationTime": 1.5,
            "HomeEfsFileSystemUid": "1",
        }
        reading = read(json.dumps(answer))
        assert reading.request == REQUEST
        assert reading.operation is None
        assert "CreationTime, HomeEfsFileSystemUid, Status, UserProfileArn" in reading.problems[0].message
        assert not reading.refused

    def test_the_answer_of_boto3_is_read_without_what_is_about_the_call(self) -> None:
        reading = read(json.dumps({**REQUEST, "UserProfileArn": "arn:x", "ResponseMetadata": {"HTTPStatusCode": 200}}))
        assert (reading.request, reading.refused) == (REQUEST, False)
        assert "ResponseMetadata is left out" in reading.problems[0].message

    @pytest.mark.parametrize("prompt", ["", "$ ", "[me@host ~]$ ", "> "])
    def test_an_answer_is_read_below_the_command_that_asked_for_it(self, prompt: str) -> None:
        command = f"{prompt}aws sagemaker describe-user-profile \\\n  --domain-id d-abc123 --user-profile-name alice\n"
        for answer in (json.dumps({**REQUEST, "UserProfileArn": "arn:x"}, indent=4), SAME["yaml"]):
            reading = read(command + answer)
            assert (reading.request, reading.refused) == (REQUEST, False)

    def test_the_one_item_of_a_list_is_read(self) -> None:
        reading = read(json.dumps([REQUEST]))
        assert (reading.request, len(reading.problems)) == (REQUEST, 1)

    @pytest.mark.parametrize(
        ("document", "whose"),
        [
            ({"DomainId": "d", "DomainArn": "x", "DefaultUserSettings": {}}, "DescribeDomain's answer"),
            ({"UserProfiles": []}, "ListUserProfiles's answer"),
            ({"DomainName": "x", "AuthMode": "IAM", "DefaultUserSettings": {}, "SubnetIds": [], "VpcId": "v",
              "Tags": []}, "a request of CreateDomain"),
            ({"UserProfileArn": "x"}, "the answer of a create or update"),
        ],
    )  # fmt: skip
    def test_the_answer_of_another_call_is_named(self, document: Any, whose: str) -> None:
        with pytest.raises(FormatError, match=f"It is {whose}, and a request to create or update"):
            read(json.dumps(document))


class TestRepairs:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('{“DomainId”: “d-abc123”, „UserProfileName”: "alice"}', ["Typographic quotes"]),
            ('{\n  // mine\n  "DomainId": "d-abc123", # here\n  "UserProfileName": /* she */ "alice"\n}', ["Comments"]),
            ('// mine\n{"DomainId": "d-abc123", "UserProfileName": "alice"}', ["Comments"]),
            ('{"DomainId": "d-abc123", "UserProfileName": "alice",\n}', ["A comma with nothing behind it"]),
            ('{"DomainId":\u00a0"d-abc123",\u00a0"UserProfileName": "alice"}', ["Spaces of another kind"]),
            ('"DomainId": "d-abc123",\n"UserProfileName": "alice"\n', ["The braces around it"]),
            ("DomainId:\u00a0d-abc123\nUserProfileName: alice\n", ["Spaces of another kind"]),
            ("“DomainId”: “d-abc123”\n“UserProfileName”: “alice”\n", ["Typographic quotes"]),
            ('```json\n{"DomainId": "d-abc123", "UserProfileName": "alice"}\n```', ["Read from the block"]),
            ("Use this:\n\n```\nDomainId: d-abc123\nUserProfileName: alice\n```\nDone.", ["Read from the block"]),
            (f"```yaml\n{TEMPLATE}{{DomainId: d-abc123, UserProfileName: alice}}\n```", ["Read from the block"]),
        ],
    )
    def test_what_a_chat_or_a_wiki_did_is_put_right_and_said(self, text: str, said: list[str]) -> None:
        reading = read(text)
        assert (reading.request, reading.refused) == (NAMES, False)
        assert len(reading.problems) == len(said)
        for problem, words in zip(reading.problems, said, strict=True):
            assert problem.message.startswith(words)

    def test_indentation_of_other_spaces_is_indentation(self) -> None:
        reading = read("UserSettings:\n\u00a0\u00a0StudioWebPortal:\u00a0ENABLED\n\u00a0\u00a0SecurityGroups: [sg-1]\n")
        assert reading.request == {"UserSettings": {"StudioWebPortal": "ENABLED", "SecurityGroups": ["sg-1"]}}

    def test_texts_keep_what_would_be_put_right_outside_of_them(self) -> None:
        odd = "“a”, // b # c /* d */ \u00a0 ,} ,]"
        text = json.dumps({**NAMES, "UserSettings": {"ExecutionRole": odd}}, ensure_ascii=False)
        assert read(text).problems == ()
        assert read(f"{text[:-1]},}}").request["UserSettings"] == {"ExecutionRole": odd}
        yaml = f"UserSettings:\n  ExecutionRole: “a”\n  DefaultLandingUri: {'a ' * 60}\n    \u00a0b: c\n"
        assert read("UserSettings:\n  ExecutionRole: “a”\n").request == {"UserSettings": {"ExecutionRole": "“a”"}}
        assert read(yaml.replace(": c", "c")).request["UserSettings"]["DefaultLandingUri"].endswith("a \u00a0bc")

    @pytest.mark.parametrize(
        ("text", "line", "column"),
        [
            ("{“DomainId”: “d”,\n “UserSettings” 2}", 2, 17),
            ('"DomainId": "d", "UserSettings" 2', 1, 33),
            ('```\n{"DomainId": "d" 2}\n```', 2, 18),
            ('{"DomainId": "d",} /* 2', 1, 20),
        ],
    )
    def test_what_is_wrong_besides_keeps_its_place(self, text: str, line: int, column: int) -> None:
        with pytest.raises(FormatError) as caught:
            read(text, "json")
        assert (caught.value.line, caught.value.column) == (line, column)
        assert f"(line {line}, column {column})" in str(caught.value)


class TestRegistry:
    def test_every_format_is_registered_with_its_place(self) -> None:
        assert set(SAME) == set(IMPORTERS)
        ranks = [each.rank for each in IMPORTERS.values()]
        assert len(set(ranks)) == len(ranks)
        for name, each in IMPORTERS.items():
            assert (each.name, bool(each.label)) == (name, True)

    def test_a_format_is_one_new_module(self, tmp_path: Path) -> None:
        shutil.copytree(Path(profile_widgets.__file__).parent, tmp_path / "profile_widgets", ignore=PARTS_LEFT_OUT)
        (tmp_path / "profile_widgets/formats/reading/telegram.py").write_text(READER, "utf-8")
        (tmp_path / "profile_widgets/formats/letter.py").write_text(WRITER, "utf-8")
        program = (
            "from profile_widgets.formats import export; from profile_widgets.formats.reading import read\n"
            "from profile_widgets.cli import main\n"
            "print(read('STOP alice').request, export({}, 'UpdateUserProfile', 'letter')); main(['check', '--help'])"
        )
        asked = [sys.executable, "-c", program]
        answer = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True).stdout
        assert answer.startswith("{'UserProfileName': 'alice'} Dear AWS\n")
        assert "telegram" in answer

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_no_likeness_of_a_text_is_out_of_bounds(self, operation: str) -> None:
        for text in (*SAME.values(), "", "\x00", operation):
            for each in IMPORTERS.values():
                assert 0 <= each.looks_like(text) <= 100

    def test_a_name_can_be_taken_once(self) -> None:
        with pytest.raises(ValueError, match="'json' already"):
            importer("json", label="x", rank=9, looks_like=len)(lambda _text, _context: Found())
