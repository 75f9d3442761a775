"""An answer is printed as the AWS CLI prints it: its own formatters are the judge, and whole processes now and then."""

from __future__ import annotations

import copy
import io
import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import jmespath
import pytest
import yaml
from awscli.formatter import get_formatter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing import PRINTERS, printer, show
from profile_widgets.sandbox import Sandbox
from tests.documents import DOMAIN, ODD, documents

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
TITLE = "UpdateUserProfile"
ANSWER = {"UserProfileArn": f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN}/alice"}
TEXTS = st.sampled_from(["", "a", "名前", "é" * 3, ODD, "a\nb", "\t", "x" * 90, "yes", "1"]) | st.text(
    st.characters(codec="utf-8"), max_size=6
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
NAMES = st.sampled_from(["a", "b", "c", "Name", "名", "x" * 60])
SHAPES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=10
)
REFUSED = object()


class Wrapped(io.StringIO):
    """Take writes as standard output does once the AWS CLI has colours on: each is followed by a reset."""

    def write(self, text: str) -> int:
        return super().write(text + "\x1b[0m")


def of_the_cli(answer: Any, output: str, query: str | None = None, *, color: bool = False) -> Any:
    """Return what the AWS CLI's own formatter writes, ``REFUSED`` when it ends in an exception."""
    chosen = Namespace(query=jmespath.compile(query) if query else None, color="off")
    stream = Wrapped() if color else io.StringIO()
    formatter = get_formatter(output, chosen)
    if color:
        formatter.table._styler = _styler()
    try:
        formatter(TITLE, copy.deepcopy(answer), stream)
    except Exception:  # noqa: BLE001 - whatever it is, the CLI ends with it
        return REFUSED
    return stream.getvalue()


def _styler() -> Any:
    from awscli.table import ColorizedStyler

    return ColorizedStyler.__new__(ColorizedStyler)  # its own making would wrap our standard output


def of_ours(answer: Any, output: str, query: str | None = None, *, color: bool = False) -> Any:
    try:
        return show(answer, output, title=TITLE, query=query, color=color)
    except FormatError:
        return REFUSED


ROUGH = [
    [], {}, [[]], [[], [1]], [[1, 2], [3]], [[1, 2], [3, 4]], [{"a": 1}, {"b": {"c": 1}}], [{"a": 1}, {"a": {"c": 1}}],
    [1, {"a": 1}], [{"a": 1}, 1], ["x", {"a": 1, "b": 2}], [[{"a": [1, 2]}]], [[1, [2, 3]], 4],
    [[[{"a": [1], "b": 2}]]], {"x" * 70: "y" * 70, "b": "c", "d": [{"e": "f" * 90, "g": 1}]}, {"a": [None, None]},
    {"a": {"b": {"c": {"d": [1, "名"]}}}, "e": [[1, 2], [3, 4]]}, [{"a": []}, {"b": {}}], [{}, {}], [[], [], 1],
]  # fmt: skip


@pytest.mark.parametrize("output", ["json", "text", "table"])
@pytest.mark.parametrize("node", ROUGH, ids=json.dumps)
def test_odd_results_of_a_query_are_printed_as_the_aws_cli_prints_them(node: Any, output: str) -> None:
    assert of_ours({"v": node}, output, "v") == of_the_cli({"v": node}, output, "v")
    assert of_ours({"v": node}, output) == of_the_cli({"v": node}, output)


@pytest.mark.parametrize("output", ["json", "text", "table"])
@QUICK
@given(SHAPES)
@example(None)
@example(0)
@example("")
@example(True)
def test_any_result_of_a_query_is_printed_as_the_aws_cli_prints_it(output: str, node: Any) -> None:
    assert of_ours({"v": node}, output, "v") == of_the_cli({"v": node}, output, "v")


@pytest.mark.parametrize("output", ["json", "text", "table"])
@QUICK
@given(st.dictionaries(NAMES, SHAPES, max_size=4))
def test_any_answer_is_printed_as_the_aws_cli_prints_it(output: str, answer: dict[str, Any]) -> None:
    told = {**answer, "ResponseMetadata": {"RequestId": "r-1", "HTTPStatusCode": 200}}
    assert of_ours(told, output) == of_the_cli(told, output)
    assert "ResponseMetadata" in told, "what is printed stays as it was"


@pytest.mark.parametrize("output", ["json", "text", "table"])
@QUICK
@given(documents())
def test_random_settings_are_printed_as_the_aws_cli_prints_them(output: str, document: dict[str, Any]) -> None:
    answer = {**ANSWER, "UserSettings": document}
    assert of_ours(answer, output) == of_the_cli(answer, output)


@QUICK
@given(SHAPES)
def test_tables_in_colour_are_printed_as_the_aws_cli_prints_them(node: Any) -> None:
    assert of_ours({"v": node}, "table", "v", color=True) == of_the_cli({"v": node}, "table", "v", color=True)


@pytest.mark.parametrize("output", ["text", "table"])
def test_what_has_no_form_says_what_to_ask_for_instead(output: str) -> None:
    with pytest.raises(FormatError, match=r"no form as .*Ask for json or yaml, or change the query") as caught:
        show([{"a": 1}, 1], output)
    assert caught.value.format == output


def test_a_narrow_terminal_turns_the_sections_of_one_row() -> None:
    answer = {"UserProfileArn": "x" * 64, "Status": "InService"}
    wide, narrow = (show(answer, "table", title=TITLE, width=width) for width in (100, 80))
    assert (len(wide.splitlines()), len(narrow.splitlines())) == (7, 6)
    assert "|  Status   |" in wide
    assert "|  Status        |  InService" in narrow
    assert narrow == of_the_cli(answer, "table")


def test_times_and_bytes_are_written_as_texts_where_json_and_yaml_have_none() -> None:
    answer: dict[str, Any] = {"At": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "Key": b"\x00\xff"}
    told = {"At": "2026-01-02T03:04:05+00:00", "Key": "AP8="}
    assert json.loads(show(answer, "json")) == told
    assert yaml.safe_load(show(answer, "yaml")) == told
    del answer["Key"]  # which older versions of the CLI cannot print
    assert of_ours(answer, "json") == of_the_cli(answer, "json")


def test_half_a_character_is_written_so_that_a_terminal_can_show_it() -> None:
    for output in PRINTERS:
        show({"a": "x\ud83d", "b": ["\udc00"]}, output, title=TITLE).encode()


# --- yaml, which only the AWS CLI 2 has -------------------------------------------------------------------------------


@QUICK
@given(st.dictionaries(NAMES, SHAPES, min_size=1, max_size=4))
def test_yaml_holds_the_answer_and_a_stream_holds_it_as_an_item(answer: dict[str, Any]) -> None:
    assert yaml.safe_load(show(answer, "yaml")) == answer
    assert yaml.safe_load(show(answer, "yaml-stream") + show(answer, "yaml-stream")) == [answer, answer]


def test_yaml_is_in_blocks_and_in_alphabetical_order_without_anchors() -> None:
    shared = {"b": 1}
    text = show({"Z": shared, "A": [shared, "yes", None, True, "名"], "Empty": {}}, "yaml")
    assert text == "A:\n- b: 1\n- 'yes'\n- null\n- true\n- 名\nEmpty: {}\nZ:\n  b: 1\n"
    assert show({"A": {"B": "c"}}, "yaml-stream") == "- A:\n    B: c\n"


@pytest.mark.parametrize(
    "value", ["1e3", "0o17", "0123", "1_000", "on", "null", "~", "12:30", "2024-01-01", "=", "-.5"]
)
def test_a_text_that_looks_like_something_else_to_yaml_of_any_version_is_quoted(value: str) -> None:
    assert show({"A": value}, "yaml") == f"A: '{value}'\n"


@pytest.mark.parametrize("output", ["json", "yaml", "yaml-stream", "table"])
def test_nothing_is_printed_for_an_operation_that_answers_nothing(output: str) -> None:
    assert show({"ResponseMetadata": {"RequestId": "r-1"}}, output, title="DeleteUserProfile") == ""


# --- the registry -----------------------------------------------------------------------------------------------------


def test_there_is_a_printer_for_each_output_of_the_aws_cli_in_a_fixed_order() -> None:
    assert sorted(PRINTERS, key=lambda name: PRINTERS[name].rank) == ["json", "yaml", "yaml-stream", "text", "table"]
    assert all(each.label and each.suffix and each.write.__doc__ for each in PRINTERS.values())


def test_an_output_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"no output 'xml': choose one of json, table, text, yaml, yaml-stream"):
        show({}, "xml")


def test_a_name_can_be_taken_once() -> None:
    with pytest.raises(ValueError, match=r"There is a printer 'json' already"):
        printer("json", label="JSON", suffix="json", rank=9)(lambda _answer, _page: "")


def test_a_query_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(FormatError, match=r"The query is empty"):
        show({"a": 1}, "json", query="")


def test_an_answer_that_is_nested_too_deeply_is_refused() -> None:
    node: Any = []
    for _ in range(20_000):
        node = [node]
    for output in PRINTERS:
        with pytest.raises(FormatError, match=r"nested too deeply"):
            show({"a": node}, output)


# --- whole processes --------------------------------------------------------------------------------------------------


@pytest.fixture
def aws(sandbox: Sandbox) -> Callable[..., bytes]:
    """Return what runs the AWS CLI against the sandbox and gives its standard output."""

    def run(*options: str) -> bytes:
        where = [f"--endpoint-url={sandbox.endpoint_url}", "--region=eu-west-1"]
        what = ["sagemaker", "describe-user-profile", f"--domain-id={DOMAIN}", "--user-profile-name=bare"]
        command = [sys.executable, "-m", "awscli", *where, *what, *options]
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "PYTHONUTF8": "1"}
        return subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120).stdout

    return run


@pytest.mark.parametrize(
    ("output", "query", "color"),
    [("json", None, False), ("text", None, False), ("table", None, False), ("table", None, True),
     ("json", "UserSettings", True), ("table", "[Status, DomainId]", True), ("text", "Missing", False)],
)  # fmt: skip
def test_whole_processes_of_the_aws_cli_print_the_same_bytes(
    aws: Callable[..., bytes], output: str, query: str | None, color: bool
) -> None:
    options = [f"--output={output}", f"--color={'on' if color else 'off'}"]
    answer = json.loads(aws("--output=json"))
    printed = aws(*options, *([f"--query={query}"] if query else []))
    assert show(answer, output, title="DescribeUserProfile", query=query, color=color).encode() == printed
