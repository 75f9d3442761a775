"""Python values inside shorthand, YAML and loose JSON: each stays one value, whatever its text looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profile_widgets import UserSettings
from profile_widgets.magics.asking import ask
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.requesting import gather
from profile_widgets.model.shapes import CREATE, UPDATE

SLY = "x,StudioWebPortal=DISABLED"
NAMES: dict[str, Any] = {
    "sly": SLY,
    "comma": "a,b",
    "quotes": "it's \"x\" \\' ",
    "blanks": " a ",
    "backslash": "a\\",
    "empty": "",
    "count": 3,
    "folder": Path("a/b"),
    "groups": ["sg-1", "sg-2"],
    "one": ["sg-1"],
    "none": [],
    "unknown": [None],
    "images": [{"ImageName": "a,b", "ImageVersionNumber": 2, "AppImageConfigName": "c"}],
    "app": {"LifecycleConfigArns": [], "DefaultResourceSpec": {"InstanceType": "system"}},
    "model": UserSettings.from_document({"StudioWebPortal": "ENABLED"}),
    "name": "DefaultLandingUri=x,StudioWebPortal",
    "member": "DefaultLandingUri",
    "piece": "StudioWebPortal=ENABLED,DefaultLandingUri=y",
    "lines": "DISABLED\nDefaultLandingUri: x",
    "flow": "DISABLED, DefaultLandingUri: x",
    "members": 'x","DefaultLandingUri":"y',
    "word": "null",
}


def asked_for(line: str, operation: str = UPDATE, **more: Any) -> dict[str, Any]:
    return gather(ask(operation, line, None, {**NAMES, **more})).request


def settings(value: str, **more: Any) -> Any:
    found = asked_for(f"--user-settings {value}", **more)
    assert found == asked_for(f"--user-settings={value}", **more)
    return found["UserSettings"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("DefaultLandingUri={sly}", {"DefaultLandingUri": SLY}),
        ("DefaultLandingUri=$sly", {"DefaultLandingUri": SLY}),
        ("DefaultLandingUri={comma}", {"DefaultLandingUri": "a,b"}),
        ("DefaultLandingUri={quotes}", {"DefaultLandingUri": NAMES["quotes"]}),
        ("DefaultLandingUri={blanks},ExecutionRole=x", {"DefaultLandingUri": " a ", "ExecutionRole": "x"}),
        ("DefaultLandingUri={backslash}", {"DefaultLandingUri": "a\\"}),
        ("DefaultLandingUri=s3://{folder}/{comma}/x", {"DefaultLandingUri": "s3://a/b/a,b/x"}),
        ("\"DefaultLandingUri='x {quotes}'\"", {"DefaultLandingUri": f"x {NAMES['quotes']}"}),
        ("{member}={comma}", {"DefaultLandingUri": "a,b"}),
        ("SharingSettings={S3OutputPath={empty}}", {"SharingSettings": {"S3OutputPath": ""}}),
        ("SharingSettings={S3OutputPath={sly}}", {"SharingSettings": {"S3OutputPath": SLY}}),
        ("SecurityGroups={comma},{blanks}", {"SecurityGroups": ["a,b", " a "]}),
        ("SecurityGroups=[{comma},b]", {"SecurityGroups": ["a,b", "b"]}),
    ],
)  # fmt: skip
def test_a_text_in_shorthand_stays_one_text(value: str, found: dict[str, Any]) -> None:
    assert settings(value) == found


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12))
def test_no_text_adds_anything_to_the_shorthand_around_it(text: str) -> None:
    try:
        found = settings("DefaultLandingUri=a{text},StudioWebPortal={text}", text=text)
    except MagicError as error:
        assert "cannot stand there in shorthand" in str(error)  # noqa: PT017 - both ways out are right
        return
    assert found == {"DefaultLandingUri": f"a{text}", "StudioWebPortal": text}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("SecurityGroups={groups}", {"SecurityGroups": ["sg-1", "sg-2"]}),
        ("SecurityGroups={one},StudioWebPortal=ENABLED", {"SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"}),
        ("SecurityGroups={none}", {"SecurityGroups": []}),
        ("KernelGatewayAppSettings={app}", {"KernelGatewayAppSettings": NAMES["app"]}),
        ("JupyterLabAppSettings={CustomImages={images}}", {"JupyterLabAppSettings": {"CustomImages": NAMES["images"]}}),
        (
            "KernelGatewayAppSettings={CustomImages=[{ImageName={comma},ImageVersionNumber={count}}]}",
            {"KernelGatewayAppSettings": {"CustomImages": [{"ImageName": "a,b", "ImageVersionNumber": 3}]}},
        ),
    ],
)  # fmt: skip
def test_lists_structures_and_numbers_in_shorthand_are_themselves(value: str, found: dict[str, Any]) -> None:
    assert settings(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("{piece}", {"StudioWebPortal": "ENABLED", "DefaultLandingUri": "y"}),
        ("{model}", {"StudioWebPortal": "ENABLED"}),
        ("{app}", NAMES["app"]),
        (
            "{piece},ExecutionRole={comma}",
            {"StudioWebPortal": "ENABLED", "DefaultLandingUri": "y", "ExecutionRole": "a,b"},
        ),
    ],
)  # fmt: skip
def test_a_value_that_is_the_whole_or_begins_it_is_taken_as_if_it_were_typed(value: str, found: dict[str, Any]) -> None:
    assert settings(value) == found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("{name}=a", "{name}"),
        ("SecurityGroups={unknown}", "{unknown}"),
        ("DefaultLandingUri={backslash},ExecutionRole={quotes}", "{backslash} and {quotes}"),
        ("SharingSettings@=file://{comma}", "{comma}"),
        ('"DefaultLandingUri=\'{opened}"', "{opened}"),
    ],
)
def test_what_shorthand_has_no_words_for_is_refused(value: str, shown: str) -> None:
    with pytest.raises(MagicError) as caught:
        settings(value, opened="a'")
    assert str(caught.value).startswith(f"{shown} cannot stand there in shorthand and stay as it is.")


def test_shorthand_that_is_wrong_without_the_values_is_told_as_ever() -> None:
    with pytest.raises(MagicError, match=r"^--user-settings: Expected =, found \{ \(column 23\)\.$"):
        settings("DefaultLandingUri={comma},{")


@pytest.mark.parametrize("line", ["{member}=a,{member}=b", "'{member}: a\n{again}: b'"])
def test_no_member_is_lost_to_another_of_the_same_name(line: str) -> None:
    with pytest.raises(MagicError, match=r"^\{member\}.*: two members of one structure get the same name\.$"):
        settings(line, again=NAMES["member"])


def test_tags_keep_what_stands_in_them() -> None:
    found = asked_for("--tags Key={comma},Value={quotes} Key=a,Value={count}", CREATE)
    assert found["Tags"] == [{"Key": "a,b", "Value": NAMES["quotes"]}, {"Key": "a", "Value": "3"}]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("'StudioWebPortal: {lines}'", {"StudioWebPortal": NAMES["lines"]}),
        ("'{StudioWebPortal: {flow}}'", {"StudioWebPortal": NAMES["flow"]}),
        ("'{StudioWebPortal: {word}}'", {"StudioWebPortal": "null"}),
        ("'{SecurityGroups: {groups}}'", {"SecurityGroups": ["sg-1", "sg-2"]}),
        ("'HomeEfsFileSystemUid: {count}'", {"HomeEfsFileSystemUid": 3}),
    ],
)
def test_in_yaml_a_value_stays_one_value(line: str, found: dict[str, Any]) -> None:
    assert settings(line) == found


def test_in_a_whole_request_a_value_stays_one_value() -> None:
    assert asked_for("--cli-input-yaml 'DomainId: {lines}'") == {"DomainId": NAMES["lines"]}
    assert asked_for('--cli-input-json \'{"DomainId": "{members}",}\'') == {"DomainId": NAMES["members"]}
    assert asked_for("--cli-input-json '{\"DomainId\": {members},}'") == {"DomainId": NAMES["members"]}


def test_a_value_in_the_name_of_a_file_is_part_of_the_name(tmp_path: Path) -> None:
    (tmp_path / "a=b,c.json").write_text(json.dumps({"StudioWebPortal": "ENABLED"}), "utf-8")
    assert settings("file://{place}/a=b,c.json", place=tmp_path) == {"StudioWebPortal": "ENABLED"}
