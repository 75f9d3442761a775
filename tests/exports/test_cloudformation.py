"""The template is what CloudFormation takes, and says what it could not express."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.formats import EXPORTERS, cloudformation, export
from profile_widgets.formats.reading import read
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, Member, input_member, walk
from tests.documents import DOMAIN, ODD, requests, smallest
from tests.exports.conftest import CALLS, DOCUMENTS, Holder
from tests.exports.tables import TABLE, installed_date, installed_table, written
from tests.exports.told import restored, told

IN_A_TEMPLATE = 50
"""How many profiles are judged at once."""
MADE_UP = ("E1150", "E1156")
"""Rules on what real security groups and roles look like, which made-up ones need not."""


def properties(text: str) -> dict[str, Any]:
    template = yaml.safe_load(text)
    assert list(template["Resources"]) == [cloudformation.RESOURCE]
    resource = template["Resources"][cloudformation.RESOURCE]
    assert resource["Type"] == "AWS::SageMaker::UserProfile"
    found: dict[str, Any] = resource["Properties"]
    return found


def findings(texts: list[str]) -> list[str]:
    """Return what cfn-lint says of the resources of several templates, put into one."""
    from cfnlint.api import lint

    head, _, _ = texts[0].partition("Resources:\n")
    bodies = (text.partition("Resources:\n")[2] for text in texts)
    resources = (
        body.replace(f"  {cloudformation.RESOURCE}:", f"  {cloudformation.RESOURCE}{index}:", 1)
        for index, body in enumerate(bodies)
    )
    found = lint(head + "Resources:\n" + "\n".join(resources) + "\n", regions=["us-east-1"])
    return [str(each) for each in found if each.rule.id not in MADE_UP]


def profile(**members: Any) -> dict[str, Any]:
    return {"DomainId": DOMAIN, "UserProfileName": "alice", "UserSettings": members}


def test_two_hundred_profiles_are_made_as_the_templates_describe_them(holder: Holder) -> None:
    texts: list[str] = []

    @DOCUMENTS
    @given(CALLS)
    def holds(call: tuple[str, dict[str, Any]]) -> None:
        operation, request = call[0], {**call[1], "UserProfileName": f"{call[1]['UserProfileName']}-{len(texts)}"}
        text = export(request, operation, "cloudformation")
        texts.append(text)
        described = properties(text)
        assert restored(described, told(text)) == request
        with holder.room(operation, request["UserProfileName"]):
            holder.send(operation, described)
            assert holder.holds(described) == described

    holds()
    for first in range(0, len(texts), IN_A_TEMPLATE):
        assert findings(texts[first : first + IN_A_TEMPLATE]) == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(requests(CREATE))
def test_the_kit_reads_its_own_template_back(request: dict[str, Any]) -> None:
    text = export(request, CREATE, "cloudformation")
    reading = read(text)
    assert reading.format == "cloudformation"
    assert restored(reading.request, told(text)) == request


def alone(path: str, member: Member) -> Any:
    """Return a value of ``member`` that holds what a path leads to, and what cannot be left away."""
    if not path:
        return smallest(member)
    step, _, rest = path.partition(".")
    if step.startswith("[]"):
        return [alone(rest, member.item)]
    name, list_, _ = step.partition("[]")
    below = alone(f"[].{rest}" if list_ else rest, member.members[name]) if list_ else alone(rest, member.members[name])
    return {name: below} if member.kind == "union" else {**smallest(member), name: below}


def each_member_alone() -> Iterator[dict[str, Any]]:
    """Make a profile for each member of the settings, with little beside it."""
    settings_ = input_member(UPDATE).members["UserSettings"]
    for number, (path, _) in enumerate(walk(settings_)):
        yield {**profile(**alone(path, settings_)), "UserProfileName": f"p{number}"}


def test_every_member_is_written_or_told() -> None:
    texts = []
    for request in each_member_alone():
        texts.append(export(request, UPDATE, "cloudformation"))
        assert restored(properties(texts[-1]), told(texts[-1])) == request
    assert findings(texts) == []


def test_what_the_resource_type_lacks_stands_at_its_place() -> None:
    text = export(profile(CanvasAppSettings={"KendraSettings": {"Status": "ENABLED"}}), CREATE, "cloudformation")
    assert f"    # AWS::SageMaker::UserProfile as its schema of {cloudformation.table()['date']} has it" in text
    assert text.endswith(
        f"""    Properties:
      DomainId: {DOMAIN}
      UserProfileName: alice
      # Left out: AWS::SageMaker::UserProfile has no CanvasAppSettings in UserSettings.
      # UserSettings.CanvasAppSettings = {{"KendraSettings": {{"Status": "ENABLED"}}}}"""
    )


@pytest.mark.parametrize(
    ("settings_", "path"),
    [
        ({"StudioWebPortalSettings": {"HiddenMlTools": ["Models", "ToolOfTomorrow"]}}, ".HiddenMlTools[1]"),
        ({"StudioWebPortalSettings": {"HiddenMlTools": ["Models", "Models"]}}, ".HiddenMlTools[1]"),
        ({"DefaultLandingUri": "{{resolve:ssm:/x}}"}, ".DefaultLandingUri"),
        ({"DefaultLandingUri": "x" * 1024}, ".DefaultLandingUri"),
        ({"SecurityGroups": ["sg-1"] * 6}, ".SecurityGroups"),
        ({"CustomPosixUserConfig": {"Uid": 10000, "Gid": "many"}}, ".CustomPosixUserConfig"),
        ({"CustomPosixUserConfig": {"Uid": 10000, "Gid": 1}}, ".CustomPosixUserConfig"),
        ({"ExecutionRole": True}, ".ExecutionRole"),
    ],
)
def test_a_value_that_the_resource_type_refuses_is_told(settings_: dict[str, Any], path: str) -> None:
    text = export(profile(**settings_), UPDATE, "cloudformation")
    assert [where for where, _ in told(text)] == [where for where, _ in told(text) if where.endswith(path)] != []
    assert restored(properties(text), told(text)) == profile(**settings_)


def test_a_name_that_no_path_can_hold_is_told_as_json() -> None:
    text = export(profile(**{"a.b\n": 1}), UPDATE, "cloudformation")
    assert '# UserSettings["a.b\\n"] = 1' in text.split("      ")[-1]


def test_half_a_character_is_written_as_an_escape() -> None:
    request = {**profile(DefaultLandingUri="a\ud83d"), "Odd\ude00": ["\ud83d"]}
    text = export(request, CREATE, "cloudformation")
    assert text.encode()
    assert properties(text) == profile(DefaultLandingUri="a\ud83d")
    assert '# ["Odd\\ude00"] = ["\\ud83d"]' in text


def test_a_tag_without_a_value_cannot_be_given() -> None:
    tags = [{"Key": "team", "Value": ""}, {"Key": "stage", "Value": "test"}]
    text = export({**profile(), "Tags": tags}, CREATE, "cloudformation")
    assert told(text) == [("Tags[0]", tags[0])]
    assert properties(text)["Tags"] == tags[1:]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    [ODD, "-dash", "null", "Yes", "0123", "1e3", "~", "2024-01-01", "é\u2028", "a: b", "# x", "!Ref x", "{}", "\x85"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(TEXTS)
def test_any_text_is_read_as_it_was(text: str) -> None:
    assert yaml.safe_load(f"x: {cloudformation.scalar(text)}") == {"x": text}


def test_a_profile_that_exists_is_to_be_imported_and_kept() -> None:
    text = export(profile(), UPDATE, "cloudformation")
    assert "DeletionPolicy: Retain" in text
    assert findings([text]) == []
    assert "DeletionPolicy" not in export(profile(), CREATE, "cloudformation")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_empty_request_is_a_template_without_properties(operation: str) -> None:
    assert properties(export({}, operation, "cloudformation")) == {}


def test_the_table_is_that_of_the_installed_schema() -> None:
    table = json.loads(TABLE.read_text("utf-8"))
    if installed_date() < table["date"]:
        pytest.skip("the installed cfn-lint is older than the table")
    assert TABLE.read_text("utf-8") == written(installed_table()), "run scripts/tables"


def test_it_describes_a_whole_profile() -> None:
    assert EXPORTERS["cloudformation"].whole
    assert EXPORTERS["terraform"].whole
