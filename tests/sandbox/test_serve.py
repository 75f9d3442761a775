"""The sandbox as a process of its own, and the AWS CLI as its independent reader."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox

RESEARCH = "d-9xk2m4tq7abc"
SERVE = [sys.executable, "-c", "from profile_widgets.sandbox import serve; serve(delay=0)"]


@pytest.fixture
def aws() -> str:
    """Return the AWS CLI of this environment."""
    beside = Path(sys.executable).with_name("aws")
    found = str(beside) if beside.exists() else shutil.which("aws")
    assert found, "The AWS CLI is not installed; it is one of the test extra."
    return found


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start a sandbox in a process of its own; return it with the environment that it printed."""
    process = subprocess.Popen(SERVE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while not lines[-1].startswith("Stop"):
        lines.append(process.stdout.readline())
        assert lines[-1], "the sandbox ended early"
    assert lines[0].startswith("SageMaker sandbox: http://127.0.0.1:")
    yield process, dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to(served: Any, number: signal.Signals) -> None:
    process, _ = served
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def test_the_aws_cli_works_with_what_it_prints(served: Any, aws: str) -> None:
    _, exported = served

    def run(*arguments: str) -> Any:
        ran = subprocess.run(
            [aws, *arguments, "--output", "json"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **exported},
        )
        return json.loads(ran.stdout) if ran.stdout.strip() else None

    settings = json.dumps({"JupyterLabAppSettings": {"CodeRepositories": []}})
    named = ("--domain-id", RESEARCH, "--user-profile-name", "analyst-1")
    before = run("sagemaker", "describe-user-profile", *named)
    run("sagemaker", "update-user-profile", *named, "--user-settings", settings)
    after = run("sagemaker", "describe-user-profile", *named)
    assert after["UserSettings"]["JupyterLabAppSettings"].pop("CodeRepositories") == []
    assert before["UserSettings"]["JupyterLabAppSettings"].pop("CodeRepositories")
    assert after["UserSettings"] == before["UserSettings"]
    assert len(run("sagemaker", "list-user-profiles", "--page-size", "3")["UserProfiles"]) == 8


def test_the_aws_cli_tells_a_refusal_in_the_words_of_aws(sandbox: Sandbox, aws: str) -> None:
    ran = subprocess.run(
        [aws, "sagemaker", "update-user-profile", "--domain-id", RESEARCH, "--user-profile-name", "bare",
         "--user-settings", "StudioWebPortal=on"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **sandbox.environment},
    )  # fmt: skip
    assert ran.returncode != 0
    assert "An error occurred (ValidationException) when calling the UpdateUserProfile operation" in ran.stderr
    assert "Member must satisfy enum value set: [ENABLED, DISABLED]" in ran.stderr


def test_the_aws_cli_reads_lists_in_pages_and_prefixes_and_prices(sandbox: Sandbox, aws: str) -> None:
    sandbox.populate(profiles=0, roles=1_100)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **sandbox.environment, "AWS_MAX_ATTEMPTS": "1"}
        return subprocess.run([aws, *arguments], capture_output=True, text=True, check=False, env=environment)

    assert run("iam", "list-roles", "--page-size", "1000", "--query", "length(Roles)").stdout.strip() == "1114"
    listed = run("s3", "ls", "s3://sagemaker-studio-123456789012-lhlbozhzvv/").stdout
    assert [line.split()[1] for line in listed.splitlines()] == ["sharing-archive/", "sharing/", "user-profiles/"]
    wanted = "Type=TERM_MATCH,Field=usagetype,Value=EU-Studio:CodeEditor-ml.t3.medium"
    found = json.loads(run("pricing", "get-products", "--service-code", "AmazonSageMaker", "--filters", wanted).stdout)
    assert json.loads(found["PriceList"][0])["product"]["attributes"]["instanceName"] == "ml.t3.medium"
    sandbox.break_pages("iam:ListRoles", code="ServiceFailure", message="half a list")
    broken = run("iam", "list-roles")
    assert "An error occurred (ServiceFailure) when calling the ListRoles operation" in broken.stderr
