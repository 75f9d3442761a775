"""The value of an option is read as the AWS CLI reads it, and YAML is taken too."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from awscli.argprocess import ParamError, ParamShorthandParser, unpack_cli_arg
from awscli.arguments import CLIArgument, ListArgument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.parameters import parameter
from profile_widgets.model.shapes import CREATE, Member, input_member, shape
from tests.documents import ODD, documents

MEMBERS = input_member(CREATE).members
SESSION = botocore.session.get_session()
OPERATION = SESSION.get_service_model("sagemaker").operation_model(CREATE)
NAMES = {"DomainId": "domain-id", "UserSettings": "user-settings", "Tags": "tags"}


def oracle(name: str, words: list[str]) -> Any:
    """Return what the CLI makes of the words of an option, or its refusal."""
    structure: Any = OPERATION.input_shape
    model = structure.members[name]
    kind = ListArgument if model.type_name == "list" else CLIArgument
    argument = kind(NAMES[name], model, OPERATION, SESSION.get_component("event_emitter"))
    value: Any = words if model.type_name == "list" else words[0]
    try:
        parsed = ParamShorthandParser()(argument, value, f"process-cli-arg.sagemaker.create-user-profile.{NAMES[name]}")
        return unpack_cli_arg(argument, value) if parsed is None else parsed
    except (ParamError, ValueError, TypeError, AttributeError, IndexError) as error:
        return error


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(documents(), st.sampled_from([None, 2]))
def test_settings_in_json_say_what_they_say(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    assert parameter(MEMBERS["UserSettings"], [text]) == document == oracle("UserSettings", [text])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("DomainId", ["d-abc123"]),
        ("DomainId", [""]),
        ("DomainId", ["{}"]),
        ("DomainId", ["a: b"]),
        ("DomainId", [ODD]),
        ("Tags", ["Key=a,Value=b", "Key=c,Value=d"]),
        ("Tags", ["Key=a,Value=b"]),
        ("Tags", ["Key=a"]),
        ("Tags", ['[{"Key": "a", "Value": "b"}]']),
        ("Tags", ['{"Key": "a", "Value": "b"}', '{"Key": "c", "Value": "d"}']),
        ("Tags", ["[]"]),
        ("UserSettings", ["SecurityGroups=sg-1,sg-2,ExecutionRole=r"]),
        ("UserSettings", ["SecurityGroups=sg-1"]),
        ("UserSettings", [" {} "]),
        ("UserSettings", ["KernelGatewayAppSettings={CustomImages=[{ImageName=a,ImageVersionNumber=2}]}"]),
    ],
)
def test_the_cli_reads_the_same(name: str, words: list[str]) -> None:
    theirs = oracle(name, words)
    assert not isinstance(theirs, Exception), theirs
    assert parameter(MEMBERS[name], words) == theirs


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("UserSettings", [""]),
        ("UserSettings", ["  "]),
        ("UserSettings", ["x"]),
        ("UserSettings", ['{"A": }']),
        ("UserSettings", ["a=b,a=c"]),
        ("Tags", ["Key=a,Value=b Key=c,Value=d"]),
        ("Tags", ["[{"]),
        ("Tags", ["Key"]),
    ],
)
def test_what_the_cli_refuses_is_refused(name: str, words: list[str]) -> None:
    theirs = oracle(name, words)
    if not isinstance(theirs, Exception):  # a value with a space and a `=` in it is one value to both
        assert parameter(MEMBERS[name], words) == theirs
        return
    with pytest.raises(FormatError):
        parameter(MEMBERS[name], words)


@pytest.mark.parametrize(
    "text",
    [
        "StudioWebPortal: ENABLED\nSecurityGroups:\n- sg-1\n",
        "{StudioWebPortal: ENABLED, SecurityGroups: [sg-1]}",
        "---\nStudioWebPortal: ENABLED\nSecurityGroups: [sg-1]",
        '{"StudioWebPortal": "ENABLED", "SecurityGroups": ["sg-1"]}',
        "StudioWebPortal=ENABLED,SecurityGroups=sg-1",
        '"StudioWebPortal": ENABLED\n"SecurityGroups": [sg-1]',
    ],
)
def test_settings_in_every_form(text: str) -> None:
    assert parameter(MEMBERS["UserSettings"], [text]) == {"StudioWebPortal": "ENABLED", "SecurityGroups": ["sg-1"]}


@pytest.mark.parametrize(
    "text", ["- {Key: a, Value: b}", "- Key: a\n  Value: b\n", "Key: a\nValue: b\n", "{Key: a, Value: b}"]
)
def test_lists_in_yaml(text: str) -> None:
    assert parameter(MEMBERS["Tags"], [text]) == [{"Key": "a", "Value": "b"}]


def test_lists_of_texts_take_words_or_brackets() -> None:
    groups = shape("UserSettings").members["SecurityGroups"]
    assert parameter(groups, ["sg-1", "sg-2"]) == ["sg-1", "sg-2"]
    assert parameter(groups, ['["sg-1"]']) == ["sg-1"]
    assert parameter(groups, ["[sg-1, sg-2]"]) == ["sg-1", "sg-2"]
    assert parameter(groups, ["- sg-1\n- sg-2"]) == ["sg-1", "sg-2"]
    assert parameter(groups, []) == []


def test_numbers_are_numbers_or_an_error() -> None:
    number = shape("CustomImage").members["ImageVersionNumber"]
    assert parameter(number, ["3"]) == 3
    with pytest.raises(FormatError, match="ImageVersionNumber takes a number, not “three”"):
        parameter(number, ["three"])


def test_one_value_only_where_one_belongs() -> None:
    with pytest.raises(FormatError, match="DomainId takes one value, not 2"):
        parameter(MEMBERS["DomainId"], ["a", "b"])


class TestFiles:
    FILES = {"settings.json": '{"StudioWebPortal": "ENABLED"}', "name": "alice\n", "~/tags": "Key=a,Value=b"}  # noqa: RUF012

    def read(self, member: Member, word: str) -> Any:
        return parameter(member, [word], files=self.FILES.__getitem__)

    def test_their_text_stands_for_the_value(self) -> None:
        assert self.read(MEMBERS["UserSettings"], "file://settings.json") == {"StudioWebPortal": "ENABLED"}
        assert self.read(MEMBERS["UserProfileName"], "file://name") == "alice\n"
        assert self.read(MEMBERS["Tags"], "file://~/tags") == [{"Key": "a", "Value": "b"}]

    def test_in_shorthand_too(self) -> None:
        assert self.read(MEMBERS["UserSettings"], "DefaultLandingUri@=file://name") == {"DefaultLandingUri": "alice\n"}

    def test_bytes_are_refused(self) -> None:
        with pytest.raises(FormatError, match="fileb:// gives bytes"):
            self.read(MEMBERS["UserSettings"], "fileb://settings.json")

    def test_where_none_are_read_it_says_what_to_do(self) -> None:
        with pytest.raises(FormatError, match="paste the file's content in its place"):
            parameter(MEMBERS["UserSettings"], ["file://settings.json"])


@pytest.mark.parametrize(
    ("text", "format_", "line", "column"),
    [
        ('{"A": 1,\n "B" 2}', "json", 2, 6),
        ("{A: 1,\n B: ]}", "yaml", 2, 5),
        ("A: 1\nA: 2", "yaml", 2, 1),
        ("A=1,\nB=[", "shorthand", 2, 4),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, format_: str, line: int, column: int) -> None:
    with pytest.raises(FormatError) as caught:
        parameter(MEMBERS["UserSettings"], [text])
    assert (caught.value.format, caught.value.line, caught.value.column) == (format_, line, column)
