"""A shell, the AWS CLI and Python send what was exported, and the profile holds what was meant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from profile_widgets.formats import export
from profile_widgets.model.shapes import CREATE, UPDATE
from profile_widgets.sandbox import Sandbox
from tests.documents import DOMAIN
from tests.exports.conftest import CALLS, DOCUMENTS, SOME, Holder
from tests.exports.warm import Warm

SHELLS = ("sh", "bash")
CONFIGURATION = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config"
HARD: dict[str, Any] = {
    "DomainId": DOMAIN,
    "UserProfileName": "hard-1",
    "UserSettings": {
        "DefaultLandingUri": "-dash $HOME `id` \"twice\" 'once' \\ ! \t\n# second line é名前 \u2028 ${x} %TAG",
        "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": 's3://b/it\'s "so" $HOME/ü\\n'},
        "SecurityGroups": [],
        "JupyterServerAppSettings": {},
        "KernelGatewayAppSettings": {"LifecycleConfigArns": [f"{CONFIGURATION}/{number}" for number in range(500)]},
    },
}
"""What goes wrong in a shell."""


def run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def installed(sandbox: Sandbox) -> dict[str, str]:
    """Return the environment in which ``aws`` is the installed one."""
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **sandbox.environment, "PATH": path, "PYTHONUTF8": "1", "AWS_PAGER": ""}


@dataclass
class Programs:
    """Send what was exported with programs, and look what is held then."""

    holder: Holder
    warm: Warm
    folder: Path

    def shell(self, operation: str, request: dict[str, Any], shell: str) -> None:
        environment = self.warm.environment(self.holder.sandbox.environment)
        with self.holder.room(operation, request["UserProfileName"]):
            run([shell, "-c", export(request, operation, "cli")], environment, self.folder)
            assert self.holder.holds(request) == request

    def python(self, operation: str, request: dict[str, Any]) -> None:
        (self.folder / "send.py").write_text(export(request, operation, "boto3"), "utf-8")
        environment = self.warm.environment(self.holder.sandbox.environment)
        with self.holder.room(operation, request["UserProfileName"]):
            out = run([str(self.warm.folder / "python"), "send.py"], environment, self.folder)
            assert out.strip().lower().endswith(f"/{request['UserProfileName'].lower()}")
            assert self.holder.holds(request) == request


@pytest.fixture(scope="module")
def programs(holder: Holder, warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    return Programs(holder, warm, tmp_path_factory.getbasetemp())


@SOME
@given(CALLS, st.sampled_from(SHELLS))
def test_the_shell_command_of_some_documents(programs: Programs, call: tuple[str, dict[str, Any]], shell: str) -> None:
    programs.shell(*call, shell)


@pytest.mark.long
@DOCUMENTS
@given(CALLS, st.sampled_from(SHELLS))
def test_the_shell_command_of_two_hundred_documents(
    programs: Programs, call: tuple[str, dict[str, Any]], shell: str
) -> None:
    programs.shell(*call, shell)


@SOME
@given(CALLS)
def test_the_python_snippet_of_some_documents(programs: Programs, call: tuple[str, dict[str, Any]]) -> None:
    programs.python(*call)


@pytest.mark.long
@DOCUMENTS
@given(CALLS)
def test_the_python_snippet_of_two_hundred_documents(programs: Programs, call: tuple[str, dict[str, Any]]) -> None:
    programs.python(*call)


@pytest.mark.parametrize(("operation", "shell"), [(CREATE, "sh"), (UPDATE, "bash"), (UPDATE, "sh")])
def test_the_installed_aws_in_a_process_of_its_own(holder: Holder, tmp_path: Path, operation: str, shell: str) -> None:
    with holder.room(operation, HARD["UserProfileName"]):
        run([shell, "-c", export(HARD, operation, "cli")], installed(holder.sandbox), tmp_path)
        assert holder.holds(HARD) == HARD


@pytest.mark.parametrize("operation", [CREATE, UPDATE])
def test_python_in_a_process_of_its_own(holder: Holder, tmp_path: Path, operation: str) -> None:
    (tmp_path / "send.py").write_text(export(HARD, operation, "boto3"), "utf-8")
    with holder.room(operation, HARD["UserProfileName"]):
        run([sys.executable, "send.py"], installed(holder.sandbox), tmp_path)
        assert holder.holds(HARD) == HARD


@pytest.mark.parametrize("name", ["json", "yaml"])
def test_a_file_for_the_cli(holder: Holder, warm: Warm, tmp_path: Path, name: str) -> None:
    text = export(HARD, UPDATE, name)
    (tmp_path / "request.json").write_text(text if name == "json" else json.dumps(yaml.safe_load(text)), "utf-8")
    with holder.room(UPDATE, "hard-1"):
        command = "aws sagemaker update-user-profile --cli-input-json file://request.json"
        run(["sh", "-c", command], warm.environment(holder.sandbox.environment), tmp_path)
        assert holder.holds(HARD) == HARD
