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
from profile_widgets.magics.words import Word, is_ended, words

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


def notes(line: str, **more: Any) -> list[str]:
    return [note for word in words(line, {**NAMES, **more}) for note in word.notes]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("$nosuch", ["$nosuch is no Python variable and is taken as it stands."]),
        ('"a=$nosuch.x/$name"', ["$nosuch.x is no Python variable and is taken as it stands."]),
        ('"{\\"a\\": \\"$nosuch\\"}"', ["$nosuch is no Python variable and is taken as it stands."]),
        (
            '\'{"a": "{nosuch[0]}"}\'',
            ["{nosuch[0]} asks for no Python variable that is there, and is taken as it stands."],
        ),
        ('\'{"a": "{nosuch}"}\'', []),
        ("'$nosuch' $$nosuch {{nosuch}} 5$ ${1} $name {name}", []),
        ("file://$nosuch/a", []),
        ("--user-settings=file://$nosuch/a", []),
        ("A@=file://a/$nosuch", []),
        ("A@=file://a,B=$nosuch", ["$nosuch is no Python variable and is taken as it stands."]),
    ],
)
def test_what_is_taken_as_it_stands_is_told(line: str, told: list[str]) -> None:
    assert notes(line) == told


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("--debug;", ["--debug"]),
        ("--a b ; \n", ["--a", "b"]),
        ("A=studio::;", ["A=studio::"]),
        ("{name};", ["alice"]),
        (";", []),
        ("'a;' \"b;c\" d\\;", ["a;", "b;c", "d;"]),
        ("{';'.join(groups)}", ["sg-1;sg-2"]),
        ("{semi}", ["a;b"]),
    ],
)
def test_a_semicolon_outside_of_quotes_ends_the_command(line: str, found: list[str]) -> None:
    assert split(line, semi="a;b") == found
    assert is_ended(line) == (line.rstrip()[-1:] == ";" and line[-2:] != "\\;")


@pytest.mark.parametrize(
    ("line", "behind"),
    [
        ("--a b; --debug", "--debug"),
        ("--a b;c", "c"),
        ("--debug;;", ";"),
        ("--debug; # {name}", "# {name}"),
        ("--a 'b;' ; 'c", "'c"),
    ],
)
def test_nothing_stands_behind_the_end_of_a_command(line: str, behind: str) -> None:
    with pytest.raises(MagicError) as caught:
        split(line)
    assert str(caught.value).startswith(f"“;” ends the command, as in a shell, and behind it stands “{behind}”. Leave")


def test_a_semicolon_in_a_quote_that_is_not_closed_ends_nothing() -> None:
    with pytest.raises(MagicError, match="A quote is not closed: --a 'b; c"):
        split("--a 'b; c")


@pytest.mark.parametrize("closing", ["}", ",}", ", \n}"])
def test_a_comma_too_many_does_not_make_json_anything_else(closing: str) -> None:
    text = split(shlex.quote(f'{{"b": {{groups}}, "a": "{{odd}},}}"{closing}'))[0]
    assert json.loads(text.removesuffix(closing) + "}") == {"a": f"{NAMES['odd']},}}", "b": NAMES["groups"]}


def test_a_name_with_a_dollar_is_found_in_json_too() -> None:
    line = json.dumps(json.dumps({"Role": "$odd", "Path": "s3://$name/$nosuch"}))
    assert json.loads(split(line)[0]) == {"Role": NAMES["odd"], "Path": "s3://alice/$nosuch"}
    assert split("\"{Role: $name, b: '$name', c: {d: $$name}}\"") == ["{Role: alice, b: 'alice', c: {d: $name}}"]
