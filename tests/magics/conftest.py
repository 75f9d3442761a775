"""A real IPython shell and the real AWS CLI on the same sandbox, each told where it is by the environment alone."""

from __future__ import annotations

import atexit
import io
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from profile_widgets import magics
from profile_widgets.magics import account
from profile_widgets.sandbox import Sandbox
from tests.exports.warm import Warm

DOMAIN = "d-9xk2m4tq7abc"
SSO_DOMAIN = "d-4hw8zr1ns5ke"
CREATE, UPDATE = "create_user_profile", "update_user_profile"
WHERE = ("--domain-id", DOMAIN, "--user-profile-name", "analyst-1")


@dataclass(frozen=True)
class Ran:
    """Hold what a cell did: its two streams, and the error that it ended with."""

    stdout: str
    stderr: str
    error: BaseException | None = None

    @property
    def text(self) -> str:
        """Return what the error says."""
        return str(self.error or "")


class Notebook:
    """Run cells in a shell, as a person does."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def run(self, cell: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            result = self.shell.run_cell(cell)
        error = result.error_before_exec or result.error_in_exec
        shown = out.getvalue()
        if error is not None and str(error) and shown.endswith(f"{error}\n"):
            shown = shown[: -len(str(error)) - 1]  # IPython shows errors there
        return Ran(shown, err.getvalue(), error)

    def update(self, *arguments: str) -> Ran:
        return self.run(f"%{UPDATE} {shlex.join(arguments)}")

    def create(self, *arguments: str) -> Ran:
        return self.run(f"%{CREATE} {shlex.join(arguments)}")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sandbox:
    """Return a sandbox as seeded, which the environment of this process leads to, and a home without AWS files."""
    running.reset()
    running.allow()
    running.delay = running.answer_delay = 0.0
    for name in [each for each in os.environ if each.startswith("AWS_") or each == "PAGER"]:
        monkeypatch.delenv(name)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("PROFILE_WIDGETS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    account.forget()
    return running


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return one shell for all tests: it is a singleton in spirit, and expects to live as long as its process."""
    quiet = Config()
    quiet.HistoryManager.enabled = False
    quiet.InteractiveShell.cache_size = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        make: Any = InteractiveShell
        shell = make(config=quiet)
        atexit.unregister(shell.atexit_operations)
        yield shell
        shell.atexit_operations()
        shell.restore_sys_module_state()


@pytest.fixture
def notebook(sandbox: Sandbox, shell: Any) -> Iterator[Notebook]:
    """Return a shell in which the magics are loaded, and nothing else was done."""
    del sandbox
    shell.reset()
    magics.load(shell)
    yield Notebook(shell)
    magics.unload(shell)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with Warm(tmp_path_factory.mktemp("warm")) as running:
        yield running


PROGRAM = """\
import importlib, sys
import awscli
importlib.reload(awscli)  # it tells botocore by the environment where its data is
from awscli.clidriver import main
sys.exit(main())
"""
"""The AWS CLI from its beginning: no configuration or option of an earlier call is left in it."""


@dataclass(frozen=True)
class Cli:
    """Run the real AWS CLI on the sandbox; ``anew`` is slower, and knows nothing of what was configured before."""

    warm: Warm
    program: Path

    def __call__(self, *arguments: str, code: int = 0) -> Ran:
        return self._run(str(self.warm.folder / "aws"), "sagemaker", *arguments, code=code)

    def anew(self, *arguments: str, code: int = 0) -> Ran:
        return self._run(str(self.warm.folder / "python"), str(self.program), *arguments, code=code)

    def _run(self, *command: str, code: int) -> Ran:
        ended = subprocess.run(
            command, env=self.warm.environment({}), capture_output=True, encoding="utf-8", check=False, timeout=60
        )
        assert (ended.returncode == 0) == (code == 0), ended.stderr
        return Ran(ended.stdout, ended.stderr)


@pytest.fixture
def aws(warm: Warm, sandbox: Sandbox) -> Cli:
    del sandbox
    program = warm.folder / "cli.py"
    program.write_text(PROGRAM, "utf-8")
    return Cli(warm, program)


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture
def sagemaker(session: boto3.Session, sandbox: Sandbox) -> Any:
    """Return a plain boto3 client, which tells what the sandbox holds by another way than ours."""
    return session.client("sagemaker", endpoint_url=sandbox.endpoint_url)


def stored(sagemaker: Any, name: str = "analyst-1", domain: str = DOMAIN) -> dict[str, Any]:
    """Return a profile as the sandbox holds it, with its tags, without times."""
    found = sagemaker.describe_user_profile(DomainId=domain, UserProfileName=name)
    tags = sagemaker.list_tags(ResourceArn=found["UserProfileArn"])["Tags"]
    facts = {each: value for each, value in found.items() if "Time" not in each and each != "ResponseMetadata"}
    return {**facts, "HomeEfsFileSystemUid": "", "Tags": sorted(tags, key=lambda tag: str(tag["Key"]))}


def settings(sagemaker: Any, name: str = "analyst-1") -> dict[str, Any]:
    """Return the settings of a profile."""
    return dict(stored(sagemaker, name).get("UserSettings", {}))


def sent(sandbox: Sandbox) -> list[str]:
    """Return the writes that reached the sandbox."""
    return [each.operation for each in sandbox.calls if each.operation in ("UpdateUserProfile", "CreateUserProfile")]
