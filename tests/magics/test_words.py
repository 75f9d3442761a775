"""The words of a line: split as a shell does, with Python values in them, and JSON left alone."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profile_widgets import UserSettings
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.words import Word, words

NAMES: dict[str, Any] = {
    "name": "alice",
    "folder": Path("requests"),
    "count": 7,
    "flag": True,
    "nothing": None,
    "odd": "two words, \"quotes\" 'and' {braces} $dollars --option",
    "option": "--region",
    "groups": ["sg-1", "sg-2"],
    "request": {"UserSettings": {"ExecutionRole": "arn"}},
    "person": SimpleNamespace(id="ana", team=SimpleNamespace(name="research")),
    "Key": "nobody meant this",
}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def split(line: str, **more: Any) -> list[str]:
    return [word.text for word in words(line, {**NAMES, **more})]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", []),
        ("--a b", ["--a", "b"]),
        ("--a 'b c' \"d e\" f\\ g", ["--a", "b c", "d e", "f g"]),
        ("--tags Key=a,Value='b c'", ["--tags", "Key=a,Value=b c"]),
        ("--a=''", ["--a="]),
        ("--a ''", ["--a", ""]),
        ("# no comment", ["#", "no", "comment"]),
        ("a\u00a0b\n c", ["a", "b", "c"]),
    ],
)
def test_a_line_is_split_as_a_shell_splits_it(line: str, found: list[str]) -> None:
    assert split(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{name}", "alice"),
        ("{ name }", "alice"),
        ("x-{name}-y", "x-alice-y"),
        ("'{name}'", "alice"),
        ("$name", "alice"),
        ('"$name"', "alice"),
        ("'$name'", "$name"),
        ("$$name", "$name"),
        ("{{name}}", "{name}"),
        ("$person.team.name", "research"),
        ("$name.json", "alice.json"),
        ("file://$folder/a", "file://requests/a"),
        ("{person.team.name}", "research"),
        ("{request['UserSettings']['ExecutionRole']}", "arn"),
        ('{request["UserSettings"]}', '{"ExecutionRole": "arn"}'),
        ("{groups[-1]}", "sg-2"),
        ("{name.upper()}", "ALICE"),
        ("{count + 1}", "8"),
        ("{[each for each in groups if each != name][0]}", "sg-1"),
        ("{flag}", "true"),
        ("{groups}", '["sg-1", "sg-2"]'),
        ("{odd}", NAMES["odd"]),
        ("$undefined", "$undefined"),
        ("5$", "5$"),
    ],
)
def test_a_python_value_is_put_in(line: str, found: str) -> None:
    assert split(line) == [found]


def test_a_settings_model_is_written_as_json() -> None:
    model = UserSettings.from_document({"SecurityGroups": [], "StudioWebPortal": "ENABLED"})
    assert json.loads(split("{model}", model=model)[0]) == model.to_document()
    assert json.loads(split("{model}", model={"UserSettings": model, "At": Path("a")})[0]) == {
        "UserSettings": model.to_document(),
        "At": "a",
    }


def test_a_value_that_begins_with_dashes_is_no_option() -> None:
    assert words("{option} --region {option}", NAMES) == [
        Word("--region", given=True),
        Word("--region"),
        Word("--region", given=True),
    ]
    assert words("--region={option}", NAMES) == [Word("--region=--region")]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '{"name": {"Key": "name"}}',
        "{}",
        "[]",
        '[{"Key": "{nobody}", "Value": "b"}]',
        "{StudioWebPortal: ENABLED}",
        "CanvasAppSettings={KendraSettings={Status=ENABLED}}",
        "Key=a,Value={b=c}",
        "[].{Arn: UserProfileArn}",
        "{Arn: UserProfileArn, Name: name}",
        "{'Key': name}",
        "{1}",
        "{name, Key}",
        "${1}",
    ],
)
def test_what_is_json_yaml_shorthand_or_a_query_is_no_python(text: str) -> None:
    assert split(shlex.quote(text)) == [text]


@given(_JSON)
def test_no_json_document_is_ever_changed_unless_it_names_a_variable(document: Any) -> None:
    text = json.dumps(document)
    assert [word.text for word in words(f"--user-settings {shlex.quote(text)}", {})] == ["--user-settings", text]


def test_inside_json_a_value_is_written_as_json_writes_it() -> None:
    line = shlex.quote('{"Role": "{odd}", "Path": "s3://$name/{name}", "Uid": {count}, "Groups": {groups}}')
    assert json.loads(split(line)[0]) == {
        "Role": NAMES["odd"],
        "Path": "s3://$name/alice",
        "Uid": 7,
        "Groups": ["sg-1", "sg-2"],
    }
    assert split(shlex.quote('{"a": {name}}')) == ['{"a": "alice"}']


@given(st.text(max_size=20))
def test_a_value_never_breaks_the_json_around_it(value: str) -> None:
    line = shlex.quote('{"a": "x{value}y", "b": [{value}]}')
    assert json.loads(split(line, value=value)[0]) == {"a": f"x{value}y", "b": [value]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("--domain-id {missing}", r"There is no Python variable missing, .* write \{\{missing\}\}\."),
        ("{missing.id}", "There is no Python variable missing"),
        ("{request['nothing']}", "failed: KeyError: 'nothing'"),
        ("{person.nothing}", "AttributeError"),
        ("{nothing}", r"\{nothing\} is None"),
        ("$nothing", r"\$nothing is None"),
        ("{person}", "None"),
        ("--a 'b", "A quote is not closed: --a 'b"),
        ("--a b\\", "A backslash stands at the end"),
    ],
)
def test_what_cannot_be_put_in_is_a_sentence(line: str, reason: str) -> None:
    if line == "{person}":  # any object has a text
        assert split(line)[0].startswith("namespace(")
        return
    with pytest.raises(MagicError, match=reason):
        split(line)


def test_a_value_that_json_cannot_hold_is_a_sentence() -> None:
    with pytest.raises(MagicError, match=r"\{bad\} cannot be written as JSON: it holds a object\."):
        split("{bad}", bad=[object()])
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(MagicError, match="cannot be written as JSON"):
        split("{loop}", loop=loop)
