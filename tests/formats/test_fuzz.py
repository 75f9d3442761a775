"""Whatever a text holds, reading it ends soon: with a request, or with the documented error and a sentence.

Each test has a limit many times what it takes; no seconds are asserted in it. What a text of 100 kB takes is printed.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats import EXPORTERS, export
from profile_widgets.formats.parameters import parameter
from profile_widgets.formats.reading import IMPORTERS, read
from profile_widgets.formats.shorthand import shorthand
from profile_widgets.formats.skeletons import skeleton
from profile_widgets.model.shapes import CREATE, UPDATE, input_member
from tests.documents import ODD

MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
LONG = 100_000
SETTINGS = input_member(CREATE).members["UserSettings"]
NAMES = [None, *sorted(IMPORTERS)]

REQUEST = {
    "DomainId": "d-abc123",
    "UserProfileName": "alice",
    "Tags": [{"Key": "team", "Value": ODD}],
    "UserSettings": {
        "ExecutionRole": "arn:aws:iam::123456789012:role/X",
        "SecurityGroups": ["sg-1", "sg-2"],
        "KernelGatewayAppSettings": {"CustomImages": [{"ImageName": "a", "ImageVersionNumber": 3}]},
    },
}
COMMAND = "aws sagemaker update-user-profile --domain-id d-abc123 --user-settings "
REAL = [
    *(export(REQUEST, CREATE, name) for name in EXPORTERS),
    skeleton(UPDATE),
    skeleton(UPDATE, "yaml-input"),
    COMMAND + '\'{"ExecutionRole": "x"}\' \\\n --profile ml | jq .',
    COMMAND + "SecurityGroups=sg-1,KernelGatewayAppSettings={CustomImages=[{ImageName=a}]}",
    "s = {'a': [1]}\nclient.update_user_profile(DomainId=f'{s}', **s)",
    "Resources:\n  A:\n    Type: AWS::SageMaker::UserProfile\n    Properties: {DomainId: !Ref X}\n",
]
"""Texts that people have, to be spoilt."""

UNITS = [
    "[", "{", "(", "]", "'", '"', "{'a':", '{"a":', "[[1],", "- ", "a: ", "? ", "&a *a ", "*a ", "\\", "\\'", '\\"',
    "'''", '"""', "`", "$(", "$x ", "${", "“", "\u2019", "“a ", "\u2019a ", "\u2013a ", "--a ", "a=", "a=b,", "a,b=",
    "[a,", "{a=", "@=", "<<E\n", "<a ", "<a>", "&&", "|", "#", "\n", "\r\n", "\t", "\x00", "\u00a0", "\ud83d", "😀",
    "9", "9.", "-", "+", "1+", "a.", "a(", "f'{a}'", "**a,", "lambda:", "!Ref ", "!a [", "!!int ", "%", "aws ",
    "aws sagemaker ", "aws sagemaker update-user-profile ", "$(cat a) ", "update-user-profile ",
    "update_user_profile(", "x=x\n", "X=$X\n", "cat <<E\n", "cat > a <<E\n", "null,", "<<: *a\n", "\\\n", "^\n",
    "`\n", "---\n", ">>> ", "|\n", "DomainId: d\n", '{"a":1},', "Key=a,Value=b ", "client('sagemaker',", "A=B ",
    "$'", "<<<", "- &a [*a]\n", "a: {b: ", "'a':{", "Session(", "{{", "}}", ",", ":", "=", " ", "“{", "\u200b", "0",
    "e", "Tags=[", "$(cat <<E\n", "E\n)", "E\n", "X+=$X\n", "X=(", "set X=%X%\n", "%X%", "%X", "{{x}}", "{{ ", "${X:-",
    "@'\n", "\n'@", "@{", '@"\n', "\\ #a\n", "--profile is your ", "echo '", "> a\n", "read X\n", "for X in ",
    "}", "xargs -I% ", "&quot;", "1 \n", "$X = 'a'\n", "if a; then\n", '{""a"":', "tee a <<E\n", "(a ",
]  # fmt: skip
SCRIPTS = [
    "A=1;", "A=1&", "$a=1;", "read A;", "for A in b;", "((A++));", "declare -u A;", "(A=1);", "f(){ ", "( ", "{ ",
    "param(", "Param($a='x',", "echo -e x > s.json;", "cat > s.json <<E\nE\n", "$(", "!X!", "%1 ", "%~", "s.json ",
    "PS C:\\> ", '"aws ', "'aws ", "bash -c '", 'ssh "', "A=1 ", 'A="$A" ', "export A ", "*.json ", "\\\n>> ",
    "aws iam create-user-profile --x y\n", "# aws sagemaker update-user-profile --x\n", "'", '"', "\\", "}", "C:\\a ",
]  # fmt: skip
"""What scripts hold before a command, again and again."""

PROGRAMS = [
    "Session(", "s=boto3.Session()\n", "boto3.client('x',config=", "client(", "Config(", "s.client('sagemaker').",
    "s=s.client('sagemaker')\n", "partial(a.update_user_profile,", "s.Session(),",
]  # fmt: skip
"""What pieces of Python hold before a call."""

HEADS = (
    "",
    COMMAND,
    "c.update_user_profile(UserSettings=",
    "Type: AWS::SageMaker::UserProfile\nProperties:\n  A: ",
    '{"A": ',
    "A: ",
)
"""How a text of each format begins."""


def outcome(call: Callable[[], Any]) -> str:
    """Return what became of a text; anything but a value or the documented error fails the test."""
    refusal: FormatError | None = None
    try:
        call()
    except FormatError as error:
        refusal = error
    if refusal is None:
        return "read"
    assert str(refusal).endswith(".")
    assert min(refusal.line, refusal.column) >= 0
    return "refused"


def spoilt(text: str, chance: random.Random) -> str:
    """Return a text with a few things done to it that people and programs do."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(0, 12))
        text = chance.choice(
            [
                text[:at] + text[end:],
                text[:at] + chance.choice(UNITS + SCRIPTS) + text[at:],
                text[:at] + chance.choice(UNITS) + text[end:],
                text[:at] + text[at:end] * 3 + text[end:],
                text[at:] + text[:at],
                text[:at],
            ]
        )
    return text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.timeout(120)
def test_spoilt_texts_of_every_format_are_read_or_refused(name: str | None) -> None:
    chance = random.Random(20)
    for text in REAL:
        for _ in range(60):
            outcome(partial(read, spoilt(text, chance), name))


@pytest.mark.timeout(120)
@MANY
@given(
    st.sampled_from(NAMES),
    st.text(max_size=40) | st.lists(st.sampled_from(UNITS + SCRIPTS + PROGRAMS), max_size=12).map("".join),
)
def test_any_text_is_read_or_refused(name: str | None, text: str) -> None:
    outcome(partial(read, text, name))
    for head in HEADS:
        outcome(partial(read, head + text, name))


@pytest.mark.timeout(120)
@MANY
@given(st.lists(st.sampled_from(UNITS), max_size=12).map("".join))
def test_any_value_of_an_option_is_read_or_refused(text: str) -> None:
    outcome(lambda: shorthand(text, SETTINGS, files=str.upper))
    outcome(lambda: parameter(SETTINGS, [text]))
    outcome(lambda: parameter(input_member(CREATE).members["Tags"], [text, text]))


@pytest.mark.long
@pytest.mark.timeout(150)
@pytest.mark.parametrize("head", HEADS)
def test_long_texts_end_soon(head: str) -> None:
    slowest = (0.0, "")
    units = UNITS[HEADS.index(head) % 2 :: 2] if head else UNITS  # each of them bare, and behind every other head
    for unit in units:
        text = (head + unit * (LONG // len(unit)))[:LONG]
        begin = time.perf_counter()
        outcome(partial(read, text))
        slowest = max(slowest, (time.perf_counter() - begin, unit))
    print(f"100 kB of {slowest[1]!r} behind {head[:20]!r}: {slowest[0]:.2f} s")


@pytest.mark.timeout(150)
@pytest.mark.parametrize(
    ("units", "tail"),
    [
        (SCRIPTS, f"\nsetlocal enabledelayedexpansion\n{COMMAND}file://s.json"),
        (PROGRAMS, "\nc.update_user_profile(DomainId='d-abc123')"),
    ],
)
def test_long_texts_before_a_request_end_soon(units: list[str], tail: str) -> None:
    slowest = (0.0, "")
    for unit in units:
        begin = time.perf_counter()
        outcome(partial(read, unit * (LONG // len(unit)) + tail))
        slowest = max(slowest, (time.perf_counter() - begin, unit))
    print(f"100 kB of {slowest[1]!r} before {tail[-20:]!r}: {slowest[0]:.2f} s")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", UNITS)
def test_long_values_end_soon(unit: str) -> None:
    text = "a=" + unit * (LONG // len(unit))
    outcome(lambda: shorthand(text, SETTINGS))
    outcome(lambda: parameter(SETTINGS, [text[2:]]))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(set(EXPORTERS) & set(IMPORTERS) - {"cloudformation"}))  # that takes 5 groups
def test_a_long_request_is_read_in_every_format(name: str) -> None:
    groups = [f"sg-{n:017x}" for n in range(4000)]
    request = {**REQUEST, "UserSettings": {"SecurityGroups": groups}}
    text = export(request, CREATE, name)
    begin = time.perf_counter()
    reading = read(text)
    print(f"{len(text):,} characters of {name}: {time.perf_counter() - begin:.2f} s")
    assert reading.format == name
    assert reading.request["UserSettings"] == {"SecurityGroups": groups}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_longer_than_a_mebibyte_is_refused(name: str | None) -> None:
    for text in ("x" * (1 << 20) + "x", "é" * (1 << 19) + "é"):
        with pytest.raises(FormatError, match="longer than 1 MiB"):
            read(text, name)


def test_no_text_makes_a_file_be_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary", "utf-8")
    values = [f"file://{secret}", f"fileb://{secret}", f"$(cat {secret})", f"ExecutionRole@=file://{secret}"]
    texts = [f"{COMMAND}{value}" for value in values] + [f"{COMMAND}x < {secret}", f"a: !include {secret}"]
    for text in [*texts, json.dumps({"UserSettings": f"file://{secret}"})]:
        try:
            told = repr(read(text))
        except FormatError as error:
            told = str(error)
        assert "canary" not in told
