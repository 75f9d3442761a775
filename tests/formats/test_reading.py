"""A request is read from whatever form people paste, judged, and refused with a reason and a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

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

    def test_json_with_pythons_words_in_it_is_a_dict_of_python(self) -> None:
        reading = read('{"DomainId": "d", "UserSettings": {"SecurityGroups": ["sg-1",],},}')
        assert (reading.format, reading.request["UserSettings"]) == ("boto3", {"SecurityGroups": ["sg-1"]})

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


class TestRegistry:
    def test_every_format_is_registered_with_its_place(self) -> None:
        assert set(SAME) == set(IMPORTERS)
        ranks = [each.rank for each in IMPORTERS.values()]
        assert len(set(ranks)) == len(ranks)
        for name, each in IMPORTERS.items():
            assert (each.name, bool(each.label)) == (name, True)

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_no_likeness_of_a_text_is_out_of_bounds(self, operation: str) -> None:
        for text in (*SAME.values(), "", "\x00", operation):
            for each in IMPORTERS.values():
                assert 0 <= each.looks_like(text) <= 100

    def test_a_name_can_be_taken_once(self) -> None:
        with pytest.raises(ValueError, match="'json' already"):
            importer("json", label="x", rank=9, looks_like=len)(lambda _text, _context: Found())
