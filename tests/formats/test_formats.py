"""A request leaves the kit in several forms, and each gives the same request back to whoever reads it."""

from __future__ import annotations

import ast
import json
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore import xform_name
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.formats import EXPORTERS, export, exporter
from profile_widgets.formats.boto3_snippet import METHODS, literal
from profile_widgets.formats.cli_command import option
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member
from profile_widgets.sandbox import Sandbox
from tests.documents import DOMAIN, ODD, requests
from tests.formats.conftest import ShellArguments

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    [ODD, "-dash", "--dash", "$HOME", "`id`", "a\nb", "'", '"', "\\", "", " ", "null", "yes", "0123", "1e3", "=", "~",
     "2024-01-01", "file:///etc/passwd", "fileb://x", "https://x", "é\u2028名", "a: b", "# x", "%TAGS", "{}", "[1]",
     "*", "!x", "\x85", "\ufeff", "a\x85b"]
)  # fmt: skip
LEAVES = TEXTS | st.integers() | st.booleans()
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
ODD_REQUESTS = st.fixed_dictionaries(
    {"DomainId": TEXTS, "UserProfileName": TEXTS},
    optional={"UserSettings": st.dictionaries(TEXTS, TREES, max_size=3), "Tags": st.lists(TREES, max_size=2)},
)
RICH = {
    "DomainId": DOMAIN,
    "UserProfileName": "bare",
    "UserSettings": {
        "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerAnalystRole",
        "SecurityGroups": [],
        "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": 's3://bucket/it\'s "so" $HOME/ü'},
        "JupyterLabAppSettings": {
            "DefaultResourceSpec": {"InstanceType": "ml.t3.large"},
            "CustomImages": [{"ImageName": "a", "ImageVersionNumber": 3, "AppImageConfigName": "b"}] * 3,
        },
        "KernelGatewayAppSettings": {},
    },
}


def arguments_of(request: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the CLI has to get for a request, as botocore names them."""
    return {f"--{xform_name(member, '-')}": value for member, value in request.items()}


def read_options(arguments: list[str], request: dict[str, Any]) -> dict[str, Any]:
    """Read what the CLI got as the CLI reads it: texts as they are, structures as JSON."""
    assert arguments[:2] == ["sagemaker", "update-user-profile"]
    pairs = dict(each.partition("=")[::2] for each in arguments[2:])
    if "--cli-input-json" in pairs:
        assert len(pairs) == 1
        return arguments_of(json.loads(pairs["--cli-input-json"]))
    texts = {name for name, value in arguments_of(request).items() if isinstance(value, str)}
    return {name: text if name in texts else json.loads(text) for name, text in pairs.items()}


def _options(text: str) -> Any:
    (option,) = shlex.split(text.replace("\\\n", ""))[3:]
    return json.loads(option.removeprefix("--cli-input-json="))


def _keywords(text: str) -> dict[str | None, Any]:
    calls = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)]
    (call,) = [each for each in calls if getattr(each.func, "attr", "") == "update_user_profile"]
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}


class TestTexts:
    @QUICK
    @given(ODD_REQUESTS)
    def test_json_reads_back(self, request: dict[str, Any]) -> None:
        assert json.loads(export(request, UPDATE, "json")) == request

    @QUICK
    @given(ODD_REQUESTS)
    def test_yaml_reads_back(self, request: dict[str, Any]) -> None:
        assert yaml.safe_load(export(request, UPDATE, "yaml")) == request

    @QUICK
    @given(ODD_REQUESTS)
    def test_the_literals_of_the_python_snippet_read_back(self, request: dict[str, Any]) -> None:
        (call,) = [each for each in ast.walk(ast.parse(export(request, UPDATE, "boto3"))) if isinstance(each, ast.Call)
                   and isinstance(each.func, ast.Attribute) and each.func.attr == "update_user_profile"]  # fmt: skip
        assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == request

    @QUICK
    @given(requests(CREATE))
    def test_so_do_requests_that_are_really_sent(self, request: dict[str, Any]) -> None:
        assert json.loads(export(request, CREATE, "json")) == request
        assert yaml.safe_load(export(request, CREATE, "yaml")) == request

    @pytest.mark.parametrize("name", ["json", "yaml", "cli", "boto3"])
    def test_half_a_character_is_written_as_an_escape(self, name: str) -> None:
        request = {"DomainId": "d\ud83d", "UserSettings": {"Odd\ude00": ["a\ud83d"]}}
        text = export(request, UPDATE, name)
        assert text.encode()
        read: dict[str, Callable[[str], Any]] = {
            "json": json.loads,
            "yaml": yaml.safe_load,
            "cli": _options,
            "boto3": _keywords,
        }
        assert read[name](text) == request

    def test_tuples_are_lists_in_every_form(self) -> None:
        request = {"DomainId": "d", "UserSettings": {"SecurityGroups": ("sg-1", "sg-2")}}
        listed = {"DomainId": "d", "UserSettings": {"SecurityGroups": ["sg-1", "sg-2"]}}
        for name in EXPORTERS:
            assert export(request, UPDATE, name) == export(listed, UPDATE, name)

    def test_yaml_writes_a_value_that_comes_twice_out_twice(self) -> None:
        groups = ["sg-1"]
        text = export({"A": {"SecurityGroups": groups}, "B": {"SecurityGroups": groups}}, UPDATE, "yaml")
        assert "&" not in text
        assert "*" not in text

    def test_members_keep_their_order_and_letters_their_shape(self) -> None:
        request = {"UserProfileName": "zoë", "DomainId": "d"}
        assert export(request, UPDATE, "json") == '{\n  "UserProfileName": "zoë",\n  "DomainId": "d"\n}'
        assert export(request, UPDATE, "yaml") == "UserProfileName: zoë\nDomainId: d"


class TestShell:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(request=ODD_REQUESTS)
    def test_a_real_shell_hands_over_what_was_meant(
        self, request: dict[str, Any], shell_arguments: ShellArguments
    ) -> None:
        got = shell_arguments(export(request, UPDATE, "cli"))
        assert read_options(got, request) == arguments_of(request)

    def test_options_are_named_as_the_cli_names_them(self) -> None:
        for operation in OPERATIONS:
            for member in input_member(operation).members:
                assert option(member) == f"--{xform_name(member, '-')}"

    def test_a_text_that_the_cli_would_fetch_travels_inside_json(self) -> None:
        request = {"DomainId": "d", "SingleSignOnUserValue": "file:///etc/passwd"}
        assert "--cli-input-json=" in export(request, CREATE, "cli")
        assert "--cli-input-json" not in export({"DomainId": "d", "X": {"Y": "https://x"}}, CREATE, "cli")


class TestAgainstTheSandbox:
    """Each form is sent by somebody else's program, and the sandbox holds what was meant."""

    @pytest.fixture(autouse=True)
    def _as_seeded(self, sandbox: Sandbox) -> None:
        sandbox.reset()

    def run(self, sandbox: Sandbox, command: list[str], folder: Path) -> str:
        scripts = sysconfig.get_path("scripts")
        environment = {**os.environ, **sandbox.environment, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
        environment |= {"PYTHONUTF8": "1", "AWS_PAGER": ""}
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120, cwd=folder
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def update_holds(self, sandbox: Sandbox) -> bool:
        (call,) = [each for each in sandbox.calls if each.operation == UPDATE]
        return bool(dict(call.parameters) == RICH)

    def test_the_cli_command_updates_the_profile(self, sandbox: Sandbox, tmp_path: Path) -> None:
        out = self.run(sandbox, ["sh", "-c", export(RICH, UPDATE, "cli")], tmp_path)
        assert json.loads(out)["UserProfileArn"].endswith("/bare")
        assert self.update_holds(sandbox)

    def test_the_json_file_updates_the_profile(self, sandbox: Sandbox, tmp_path: Path) -> None:
        (tmp_path / "request.json").write_text(export(RICH, UPDATE, "json"), "utf-8")
        command = "aws sagemaker update-user-profile --cli-input-json file://request.json"
        self.run(sandbox, command.split(), tmp_path)
        assert self.update_holds(sandbox)

    def test_the_python_snippet_updates_the_profile(self, sandbox: Sandbox, tmp_path: Path) -> None:
        (tmp_path / "send.py").write_text(export(RICH, UPDATE, "boto3"), "utf-8")
        out = self.run(sandbox, [sys.executable, "send.py"], tmp_path)
        assert out.strip().endswith("/bare")
        assert self.update_holds(sandbox)

    def test_the_python_snippet_creates_a_profile(self, sandbox: Sandbox, tmp_path: Path) -> None:
        request = {**RICH, "UserProfileName": "new-1", "Tags": [{"Key": "team", "Value": "équipe"}]}
        (tmp_path / "send.py").write_text(export(request, CREATE, "boto3"), "utf-8")
        assert self.run(sandbox, [sys.executable, "send.py"], tmp_path).strip().endswith("/new-1")


class TestRegistry:
    def test_every_format_is_registered_with_its_place(self) -> None:
        ranks = {name: each.rank for name, each in EXPORTERS.items()}
        assert {"json", "yaml", "cli", "boto3"} <= set(ranks)
        assert len(set(ranks.values())) == len(ranks)
        for name, each in EXPORTERS.items():
            assert each.name == name
            assert each.label
            assert each.suffix

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_format_writes_every_operation(self, operation: str) -> None:
        for name in EXPORTERS:
            text = export({"DomainId": "d", "UserProfileName": "a"}, operation, name)
            assert any(each in text for each in ("UserProfileName", "user-profile-name", "user_profile_name"))
        assert set(METHODS) == set(OPERATIONS)

    def test_what_does_not_exist_is_refused_naming_what_does(self) -> None:
        with pytest.raises(ValueError, match="choose one of"):
            export({}, UPDATE, "toml")
        with pytest.raises(ValueError, match="CreateUserProfile or UpdateUserProfile"):
            export({}, "DeleteUserProfile", "json")

    def test_a_name_can_be_taken_once(self) -> None:
        with pytest.raises(ValueError, match="'json' already"):
            exporter("json", label="x", suffix="x", rank=9)(lambda _request, _operation: "")


def test_python_literals_are_laid_out_one_item_a_line_when_they_are_long() -> None:
    assert literal({"A": [1]}) == "{'A': [1]}"
    long = {"Name": "x" * 60, "Items": ["y" * 40, "z"]}
    assert literal(long) == ("{\n    'Name': '" + "x" * 60 + "',\n    'Items': ['" + "y" * 40 + "', 'z'],\n}")
