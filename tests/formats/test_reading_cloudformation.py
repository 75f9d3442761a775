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
        ("!If [A, b, c]", "!If [A, b, c]"),
        ("!Join ['', [a, !Ref Role]]", "!Join ['', [a, !Ref Role]]"),
        ("!ImportValue {'Fn::Sub': '${X}-role'}", "!ImportValue !Sub ${X}-role"),
        ("!FindInMap [A, !Ref B, c]", "!FindInMap [A, !Ref B, c]"),
        ("'{{resolve:ssm:role:1}}'", "{{resolve:ssm:role:1}}"),
        ("!Select [3, [a]]", "!Select [3, [a]]"),
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
        ("!Sub ['${A}-${Name}-${B}', {A: x, B: !Ref Name}]", "x-ml-ml"),
        ("!Select [1, !Split ['|', 'a|b']]", "b"),
        ("!Select ['0', !Ref Groups]", "sg-1"),
        ("!Join [':', !Ref Groups]", "sg-1:sg-2"),
        ("!FindInMap [Sizes, !Ref Name, size]", "large"),
    ],
)
def test_what_the_template_alone_tells_is_filled_in(value: str, text: str) -> None:
    before = (
        "Parameters:\n  Name: {Type: String, Default: ml}\n  Other: {Type: String}\n"
        "  Groups: {Type: CommaDelimitedList, Default: 'sg-1, sg-2'}\nMappings: {Sizes: {ml: {size: large}}}"
    )
    reading = read(template(f"      UserProfileName: {value}", before))
    assert reading.request == {"UserProfileName": text}
    assert not reading.refused


def test_a_default_that_is_taken_is_said() -> None:
    reading = read(template("      UserProfileName: !Ref Name", "Parameters: {Name: {Default: ml}}"))
    assert messages(reading) == [
        ("information", "UserProfileName", "Read as ml, the default of the template's parameter Name.")
    ]


def test_every_default_that_is_taken_is_said_also_inside_of_other_functions() -> None:
    before = "Parameters: {Name: {Default: ml}, Team: {Default: a}}"
    text = template(
        "      DomainId: !Sub 'd-${Name}'\n      UserProfileName: !Join ['-', [!Ref Name, !Ref Team]]", before
    )
    assert messages(read(text)) == [
        ("information", "DomainId", "Read as d-ml, with the default of the template's parameter Name."),
        ("information", "UserProfileName", "Read as ml-a, with the defaults of the template's parameters Name, Team."),
    ]


def test_the_name_of_a_value_that_is_kept_elsewhere_is_not_the_value() -> None:
    before = "Parameters: {Role: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ml/role}}"
    reading = read(template("      UserSettings: {ExecutionRole: !Ref Role}", before))
    assert (reading.request, reading.untold) == ({}, ("UserSettings.ExecutionRole",))


def test_a_list_of_a_parameter_is_a_list() -> None:
    before = "Parameters: {Groups: {Type: 'List<AWS::EC2::SecurityGroup::Id>', Default: 'sg-1,sg-2'}}"
    reading = read(template("      UserSettings: {SecurityGroups: !Ref Groups}", before))
    assert reading.request == {"UserSettings": {"SecurityGroups": ["sg-1", "sg-2"]}}


def test_a_variable_in_a_text_that_is_not_filled_in_is_said() -> None:
    reading = read(template("      DomainId: d\n      UserProfileName: 'a-${AWS::Region}-${Role.Arn}-${other}'"))
    assert reading.request["UserProfileName"] == "a-${AWS::Region}-${Role.Arn}-${other}"
    (said,) = messages(reading)
    assert "without !Sub nothing is put there" in said[2], "and not once more as something to be filled in"
    (said,) = messages(read(template("      UserProfileName: 'a-${other}'")))
    assert "looks like something to be filled in" in said[2]


def test_functions_cannot_write_out_more_than_a_request_has() -> None:
    before = f"Parameters: {{Name: {{Default: '{'x' * 50_000}'}}}}"
    with pytest.raises(FormatError, match="more than any request"):
        read(template(f"      UserProfileName: !Sub '{'${Name}' * 1000}'", before))


def test_no_value_is_no_member() -> None:
    assert read(template("      UserProfileName: !Ref AWS::NoValue\n      DomainId: d")).request == {"DomainId": "d"}


def test_structures_of_nothing_else_are_left_out() -> None:
    reading = read(template("      UserSettings: {SharingSettings: {S3KmsKeyId: !Ref K}, StudioWebPortal: ENABLED}"))
    assert reading.request == {"UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert reading.untold == ("UserSettings.SharingSettings.S3KmsKeyId",)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ("SecurityGroups: [!Ref A, sg-1]", "SecurityGroups"),
        ("SecurityGroups: [!Ref A]", "SecurityGroups"),
        ("KernelGatewayAppSettings: {CustomImages: [{AppImageConfigName: a, ImageName: !Ref I}]}",
         "KernelGatewayAppSettings.CustomImages"),
        ("KernelGatewayAppSettings: {CustomImages: [{AppImageConfigName: a, ImageVersionNumber: !Ref V}]}",
         "KernelGatewayAppSettings.CustomImages"),
    ],
)  # fmt: skip
def test_a_list_with_an_item_that_cannot_be_told_is_left_out_whole(settings: str, path: str) -> None:
    reading = read(template(f"      UserSettings: {{{settings}, StudioWebPortal: ENABLED}}"))
    assert reading.request == {"UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert reading.untold == (f"UserSettings.{path}",)
    ((severity, place, message),) = messages(reading)
    assert (severity, place) == ("warning", f"UserSettings.{path}")
    assert "The whole list is left out" in message


def test_a_tag_without_its_value_takes_the_tags_with_it() -> None:
    reading = read(template("      DomainId: d\n      Tags: [{Key: a, Value: b}, {Key: c, Value: !Ref V}]"))
    assert reading.request == {"DomainId": "d"}


def test_a_structure_is_not_sent_without_a_member_that_it_needs() -> None:
    posix = "CustomPosixUserConfig: {Uid: !Ref U, Gid: 1001}"
    reading = read(template(f"      UserSettings: {{{posix}, StudioWebPortal: ENABLED}}"))
    assert reading.request == {"UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert reading.untold == ("UserSettings.CustomPosixUserConfig",)
    assert "The whole structure is left out" in reading.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        "DomainId: !Ref D\nUserSettings:\n  ExecutionRole: !GetAtt Role.Arn\n  StudioWebPortal: ENABLED\n",
        "      DomainId: !Ref D\n      UserSettings: {StudioWebPortal: ENABLED}\n",
        "Properties:\n  DomainId: !Ref D\n  UserSettings: {StudioWebPortal: ENABLED}\n",
        '{"DomainId": {"Ref": "D"}, "UserSettings": {"StudioWebPortal": "ENABLED"}}',
    ],
)
def test_properties_cut_out_of_a_template_are_read(text: str) -> None:
    reading = read(text)
    assert (reading.format, reading.request) == ("cloudformation", {"UserSettings": {"StudioWebPortal": "ENABLED"}})
    assert "DomainId" in reading.untold


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
        (f'{{"Type": "{TYPE}" 1}}', "(line 1, column "),
        (f"Type: {TYPE}\nProperties: !Ref X", "are no object"),
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
