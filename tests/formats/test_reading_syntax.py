"""JSON and YAML are read strictly and within bounds, and every refusal has its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.syntax import Tagged, deeper_than, json_document, place, yaml_document

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8) | st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "0123",
        "1e3",
        "0E0",
        "1.5",
        "2024-01-01",
        "<<",
        "- a",
        "a: b",
        "# x",
        "!Ref x",
        "&a",
        "*a",
        "'",
        '"',
        "a\nb",
        "\t",
    ]
)
_LEAVES = _TEXTS | st.integers(-(10**12), 10**12) | st.booleans() | st.none() | st.sampled_from([0.5, -1.25, 1e20])
_TREES = st.dictionaries(
    _TEXTS,
    st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3)),
    max_size=3,
)


@QUICK
@given(_TREES)
def test_what_others_write_is_read_back(tree: Any) -> None:
    assert json_document(json.dumps(tree)) == tree
    assert yaml_document(yaml.safe_dump(tree, allow_unicode=True)) == tree
    assert yaml_document(yaml.safe_dump(tree, default_flow_style=True)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes", "yes"),
        ("a: on", "on"),
        ("a: 0123", "0123"),
        ("a: 0x1f", "0x1f"),
        ("a: 1_000", "1_000"),
        ("a: 12:30:45", "12:30:45"),
        ("a: 2024-01-01", "2024-01-01"),
        ("a: .5", ".5"),
        ("a: .inf", ".inf"),
        ("a: 12", 12),
        ("a: -1.5e+3", -1500.0),
        ("a: 1e3", "1e3"),
        ("a: true", True),
        ("a: 'true'", "true"),
        ("a: !!str 12", "12"),
        ("a: !!int '12'", 12),
        ("a: ~", None),
        ("a:", None),
        ("a: |\n  x\n  y\n", "x\ny\n"),
        ("a: >-\n  x\n  y\n", "x y"),
        ('a: "\\u00e9\\n"', "é\n"),
        ("a: &x [1, 2]\nb: *x", None),
    ],
)
def test_only_what_json_has_is_more_than_a_text(text: str, value: Any) -> None:
    document = yaml_document(text)
    if "b" in document:
        assert document == {"a": [1, 2], "b": [1, 2]}
        assert document["a"] is not document["b"]
    else:
        assert document == {"a": value}
        assert type(document["a"]) is type(value)


def test_merge_keys_are_written_out_and_what_stands_there_wins() -> None:
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\none: {<<: *b, y: 5}\nboth: {<<: [*b, *m]}\n'<<': text\n"
    document = yaml_document(text)
    assert document["one"] == {"x": 1, "y": 5}
    assert document["both"] == {"x": 1, "y": 2, "z": 4}
    assert document["<<"] == "text"


def test_tags_of_others_are_kept_where_they_are_asked_for() -> None:
    document = yaml_document("a: !Ref x\nb: !Sub [y]\n", tags=True)
    assert isinstance(document["a"], Tagged)
    assert (document["a"].name, document["a"].value, document["a"].line, document["a"].column) == ("Ref", "x", 1, 4)
    assert document["b"].value == ["y"]
    with pytest.raises(FormatError, match=r"The tag !Ref has no meaning in a request \(line 1, column 4\)"):
        yaml_document("a: !Ref x")


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ('{"a": 1,\n "b" 2}', 2, 6, "Expecting ':' delimiter"),
        ('{"a": 1', 1, 8, "It ends too early"),
        ('{"a": 1} x', 1, 10, "Extra data"),
        ('{"a": {"b": 1,\n "b": 2}}', 2, 2, "b stands twice in one object"),
        ('{"a": NaN}', 1, 7, "NaN is no value of JSON"),
        ('{"a": 1e999}', 1, 7, "A number is too large"),
        ('{"a": ' + "9" * 5000 + "}", 1, 7, "A number has very many digits"),
        ('{"\\u0061": 1, "a": 2}', 0, 0, "a stands twice"),
        ("[" * 101 + "]" * 101, 0, 0, "nested more than 100 deep"),
        ("[" * 100_000, 0, 0, "nested more than 100 deep"),
        (json.dumps("x" * (1 << 20)), 0, 0, "longer than 1 MiB"),
    ],
)
def test_json_is_refused_with_its_place(text: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        json_document(text)
    error = caught.value
    assert (error.format, error.line, error.column) == ("json", line, column)
    assert sentence in str(error)
    assert str(error).endswith(".")


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("a: [1\nb: 2\n", 2, 2, "It breaks off: while parsing a flow sequence"),
        ("a: 1\na: 2\n", 2, 1, "a stands twice in one mapping"),
        ("a: 1\n--- \nb: 2\n", 2, 1, "A second document begins"),
        ("a: *x\n", 1, 4, "*x repeats what stands nowhere before it"),
        ("a: &x [*x]\n", 1, 8, "*x repeats what stands nowhere before it"),
        ("? [a]\n: b\n", 1, 3, "A name is a list or a mapping"),
        ("<<: a\n", 1, 5, "<< takes a mapping"),
        ("a: !!int x\n", 1, 4, "The tag !!int does not fit its value"),
        ("a: !!python/object:os.system x\n", 1, 4, "does not fit"),
        ("a: !!binary eA==\n", 1, 4, "does not fit"),
        (f"a: {'9' * 5000}\n", 1, 4, "A number has very many digits"),
        ("a: 1.0e+999\n", 1, 4, "A number is too large"),
        ("a: \x07\n", 1, 4, "A character that YAML does not allow"),
        ("a: \ud83d\n", 1, 4, "Half a character"),
        ("[" * 101 + "]" * 101, 1, 101, "nested more than 100 deep"),
        ("- " * 50_000, 1, 201, "nested more than 100 deep"),
        (BOMB, 6, 8, "It stands for more than 200,000 values"),
    ],
)
def test_yaml_is_refused_with_its_place(text: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        yaml_document(text)
    error = caught.value
    assert sentence in str(error)
    assert (error.format, error.line, error.column) == ("yaml", line, column)


def test_yaml_is_read_the_same_without_the_fast_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x [1, yes]\nb: {<<: {c: 1}, d: *x}\n'e': !!str 1\n"
    fast = yaml_document(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert yaml_document(text) == fast
    with pytest.raises(FormatError, match="stands twice"):
        yaml_document("a: 1\na: 2")
    with pytest.raises(FormatError, match="A character that YAML does not allow"):
        yaml_document("a: \x07")


def test_places_count_from_one() -> None:
    assert [place("ab\nc", offset) for offset in range(4)] == [(1, 1), (1, 2), (1, 3), (2, 1)]


@pytest.mark.parametrize(
    ("value", "depth", "deeper"), [([], 1, False), ([[]], 1, True), ({"a": [1]}, 2, False), (1, 0, False)]
)
def test_depth_is_counted_without_recursion(value: Any, depth: int, deeper: bool) -> None:
    assert deeper_than(value, depth) == deeper
