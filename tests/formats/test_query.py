"""A JMESPath query finds what the AWS CLI's ``--query`` finds, and says where it goes wrong."""

from __future__ import annotations

import json
from typing import Any

import jmespath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.query import LONGEST, compiled, copies, query

QUICK = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
DOCUMENT = {
    "UserProfileArn": "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/a",
    "UserSettings": {
        "SecurityGroups": ["sg-1", "sg-2"],
        "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "x"}]},
    },
    "Number": 3,
    "Nothing": None,
}
PIECES = st.sampled_from(
    ["UserProfileArn", "UserSettings", ".", "*", "[]", "[0]", "[?", "]", "[", "{", "}", "a:", ",", "@", "|", "||", "&&",
     "&", "!", "==", "=", "<", ">=", "(", ")", "length(", "sort_by(", "join(',', ", "keys(@)", "nope(", "'x'", '"y"',
     "`1`", "`{`", "'", '"', "`", " ", "\n", "-1", "[::0]", "[::-1]", "é", "\\", "\ud83d", "\x00", "$", "max(", "#"]
)  # fmt: skip


@pytest.mark.parametrize(
    "expression",
    ["UserProfileArn", "UserSettings.SecurityGroups[]", "Missing", "{a: Number, b: Nothing}", "keys(UserSettings)",
     "UserSettings.*.CustomImages[].ImageName", "[UserProfileArn, Number]", "UserSettings | SecurityGroups[-1]", "@",
     "length(UserSettings.SecurityGroups) > `1`", "'text'", "to_string(Number)"],
)  # fmt: skip
def test_a_query_finds_what_jmespath_finds(expression: str) -> None:
    assert query(expression, DOCUMENT) == jmespath.search(expression, DOCUMENT)


@pytest.mark.parametrize(
    ("expression", "line", "column", "sentence"),
    [
        ("", 1, 1, "The query is empty."),
        ("UserProfileArn.", 1, 16, "The query is not complete: something is missing at its end."),
        ("a[?b", 1, 5, "The query is not complete: something is missing at its end."),
        ("a b", 1, 3, "“b” was not expected here."),
        ("a |\n  b c", 2, 5, "“c” was not expected here."),
        ("a = b", 1, 3, "“=” is no part of JMESPath. Compare with ==."),
        ("a.#", 1, 3, "“#” is no part of JMESPath."),
        ("a == 'b", 1, 6, "The query has a ' that is not closed."),
        ('`"a`', 1, 1, '`"a` cannot be read: Bad token "a.'),
        ("@ | lenght(@)", 1, 5, "JMESPath has no function lenght(). Did you mean length()?"),
        ("a || lenght(@)", 1, 6, "JMESPath has no function lenght(). Did you mean length()?"),
        ("length()", 1, 1, "length() takes 1 argument, not 0."),
        ("join(',')", 1, 1, "join() takes 2 arguments, not 1."),
        ("not_null()", 1, 1, "not_null() takes at least 1 argument, not 0."),
        ("Number | abs('x')", 1, 10, "abs() takes a number, and the query gives it a string."),
        ("length(Number)", 1, 1, "length() takes a string or an array or an object, and the query gives it a number."),
        ("&Number", 1, 1, "The query is a reference to an expression (&), which is for functions only."),
        ("UserSettings.SecurityGroups[::0]", 0, 0, "The query does not fit the answer: slice step cannot be zero."),
        ("`a\n`1`", 1, 1, "`a `1` cannot be read: Bad token a."),
        ("(" * 5000, 1, 1, "The query is nested too deeply."),
        ("a" * (LONGEST + 1), 1, 1, "The query is longer than 20,000 characters."),
    ],
)
def test_a_query_that_cannot_be_used_says_where_and_why(expression: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        query(expression, DOCUMENT)
    assert (caught.value.format, caught.value.line, caught.value.column) == ("jmespath", line, column)
    assert str(caught.value) == sentence


def test_a_function_that_is_not_there_is_refused_before_there_is_an_answer() -> None:
    with pytest.raises(FormatError, match=r"has no function nope\(\). It has abs, avg, "):
        compiled("UserProfileArn || nope(@)")


def test_a_function_that_is_called_twice_has_no_place() -> None:
    with pytest.raises(FormatError) as caught:
        query("[abs(`1`), abs('x')]", {})
    assert (caught.value.line, caught.value.column) == (0, 0)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@QUICK
@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=12))
def test_whatever_is_typed_is_answered_as_jmespath_does_or_refused_with_a_sentence(expression: str) -> None:
    expected: Any = None
    try:
        expected = jmespath.search(expression, DOCUMENT)
    except Exception:  # noqa: BLE001 - whatever it is, ours must be the documented one
        expected = FormatError
    try:
        found = query(expression, DOCUMENT)
    except FormatError as refused:
        text = str(refused)
        assert text.endswith((".", "?"))
        text.encode()
        assert "\n" not in text
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("expression", "most"),
    [
        ("UserProfileArn", 1),
        ("{a: UserProfileArn, b: UserSettings.SecurityGroups[0]}", 2),
        ("[@,@]|[@,@]|[@,@]", 8),
        ("[@,@][].[@,@]", 4),
        ("map(&[@,@], [@,@])", 4),
        ("to_string([to_string([@])])", 4),
        ("join(to_string(@), `[1, 2, 3]`)", 120),
        ("map(&[@,@], `[[1, 2], [3]]`[])", 6),
        ('`{"a": [1, 2], "b": {"c": 3}}`.*', 3),
        ("][", 0),
    ],
)
def test_how_often_an_answer_is_copied_is_known_before_it_is(expression: str, most: int) -> None:
    assert copies(expression) == most


@QUICK
@given(st.recursive(
    st.sampled_from(["@", "UserProfileArn", "UserSettings", "keys(@)"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} | {two[1]}"),
        inner.map(lambda one: f"to_string([{one}])"),
        inner.map(lambda one: f"join(to_string({one}), ['a', 'b', 'c'])"),
        inner.map(lambda one: f"[*].[{one}]"),
    ),
    max_leaves=8,
))  # fmt: skip
def test_no_query_makes_more_of_an_answer_than_is_known_before(expression: str) -> None:
    try:
        found = query(expression, DOCUMENT)
    except FormatError:
        return
    whole = len(json.dumps(DOCUMENT)) + len(expression)
    assert len(json.dumps(found)) <= 2 * whole * copies(expression)
