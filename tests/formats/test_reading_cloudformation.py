"""The user profile of a CloudFormation template is read; what only a stack can tell is left out and said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import Reading, read

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
TYPE = "AWS::SageMaker::UserProfile"


def template(properties: str, before: str = "") -> str:
    return f"""AWSTemplateFormatVersion: "2010-09-09"
{before}
Resources:
  Role: {{Type: AWS::IAM::Role}}
  Profile:
    Type: {TYPE}
    Properties:
{properties}
"""


def messages(reading: Reading) -> list[tuple[str, str, str]]:
    return [(each.severity, each.path, each.message) for each in reading.problems]


@pytest.mark.parametrize(
    "text",
    [
        template("      DomainId: d-abc123\n      UserProfileName: alice"),
        json.dumps({"Resources": {"A": {"Type": TYPE, "Properties": NAMES}, "B": {"Type": "AWS::IAM::Role"}}}),
        json.dumps({"Type": TYPE, "Properties": NAMES}),
        json.dumps({"Profile": {"Type": TYPE, "Properties": NAMES, "DependsOn": "Domain"}}),
        f"Profile:\n  Type: {TYPE}\n  Properties: {{DomainId: d-abc123, UserProfileName: alice}}",
    ],
)
def test_the_resource_is_found(text: str) -> None:
    reading = read(text)
    assert (reading.format, reading.operation, reading.request, reading.problems) == ("cloudformation", None, NAMES, ())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("!GetAtt Role.Arn", "!GetAtt Role.Arn"),
        ("!GetAtt [Role, Arn]", "!GetAtt Role.Arn"),
        ("!Ref Role", "!Ref Role"),
        ('!Sub "${Role}-x"', "!Sub ${Role}-x"),
        ("!ImportValue shared", "!ImportValue shared"),
        ('{"Fn::GetAtt": ["Role", "Arn"]}', "!GetAtt Role.Arn"),
        ('{"Ref": "AWS::Region"}', "!Ref AWS::Region"),
        ("!If [A, b, c]", "!If A.b.c"),
        ("!Join ['', [a, !Ref Role]]", "!Join ..."),
    ],
)
def test_what_only_the_stack_can_tell_is_left_out_and_said(value: str, said: str) -> None:
    text = template(
        f"      DomainId: d-abc123\n      UserSettings: {{ExecutionRole: {value}, StudioWebPortal: ENABLED}}"
    )
    reading = read(text)
    assert reading.request == {"DomainId": "d-abc123", "UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert messages(reading) == [
        ("warning", "UserSettings.ExecutionRole",
         f"Left out: only the stack can tell what {said} is. Put its value there.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("!Ref Name", "ml"),
        ('{"Ref": "Name"}', "ml"),
        ('!Sub "${Name}-x-${!Name}"', "ml-x-${Name}"),
        ("!Join ['-', [a, !Ref Name, 1]]", "a-ml-1"),
    ],
)
def test_what_the_template_alone_tells_is_filled_in(value: str, text: str) -> None:
    before = "Parameters:\n  Name: {Type: String, Default: ml}\n  Other: {Type: String}"
    reading = read(template(f"      UserProfileName: {value}", before))
    assert reading.request == {"UserProfileName": text}
    assert not reading.refused


def test_a_default_that_is_taken_is_said() -> None:
    reading = read(template("      UserProfileName: !Ref Name", "Parameters: {Name: {Default: ml}}"))
    assert messages(reading) == [
        ("information", "UserProfileName", "Read as ml, the default of the template's parameter Name.")
    ]


def test_no_value_is_no_member() -> None:
    assert read(template("      UserProfileName: !Ref AWS::NoValue\n      DomainId: d")).request == {"DomainId": "d"}


def test_structures_of_nothing_else_are_left_out_and_items_of_lists_too() -> None:
    text = template("      UserSettings: {SharingSettings: {S3KmsKeyId: !Ref K}, SecurityGroups: [!Ref A, sg-1]}")
    assert read(text).request == {"UserSettings": {"SecurityGroups": ["sg-1"]}}


def test_explicitly_empty_ones_stay() -> None:
    assert read(template("      UserSettings: {SecurityGroups: [], KernelGatewayAppSettings: {}}")).request == {
        "UserSettings": {"SecurityGroups": [], "KernelGatewayAppSettings": {}}
    }


def test_types_are_as_free_as_cloudformations() -> None:
    text = template(
        "      UserProfileName: 123\n      Tags: [{Key: a, Value: true}]\n      UserSettings:\n"
        "        KernelGatewayAppSettings: {CustomImages: [{ImageName: a, ImageVersionNumber: '3'}]}"
    )
    reading = read(text)
    assert not reading.refused
    assert reading.request["UserProfileName"] == "123"
    assert reading.request["Tags"] == [{"Key": "a", "Value": "true"}]
    (image,) = reading.request["UserSettings"]["KernelGatewayAppSettings"]["CustomImages"]
    assert image["ImageVersionNumber"] == 3


def test_two_user_profiles_are_refused_by_name() -> None:
    one: Any = {"Type": TYPE, "Properties": NAMES}
    reading = read(json.dumps({"Resources": {"Alice": one, "Bob": one}}))
    assert reading.refused
    assert "(Alice, Bob): leave one of them" in reading.problems[0].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"# {TYPE}\nResources: {{A: {{Type: AWS::IAM::Role}}}}", f"There is no resource of type {TYPE} in it."),
        (f"# {TYPE}\n- a", "It holds no template"),
        (f"# {TYPE}\nResources: [", "It breaks off"),
        (f'{{"Type": "{TYPE}", }}', "(line 1, column "),
    ],
)
def test_what_is_no_template_is_refused(text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(text)
    assert caught.value.format == "cloudformation"
    assert words in str(caught.value)


def test_a_property_that_does_not_exist_is_named_with_the_nearest() -> None:
    reading = read(template("      UserSettings: {ExecutionRoll: x}"))
    assert reading.refused
    assert reading.problems[0].message.endswith("Did you mean ExecutionRole?")
