"""A sandbox, and a shell whose ``aws`` prints its arguments."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from profile_widgets.sandbox import Sandbox

ShellArguments = Callable[[str], list[str]]

ECHO = """#!/bin/sh
for each in "$@"; do printf '%s\\0' "$each"; done
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def shell_arguments(tmp_path_factory: pytest.TempPathFactory) -> ShellArguments:
    """Return what runs a command line by a real shell and gives the arguments that ``aws`` got."""
    folder = tmp_path_factory.mktemp("bin")
    stand_in = folder / "aws"
    stand_in.write_text(ECHO, "utf-8")
    stand_in.chmod(0o755)
    return lambda text: _run(text, folder)


def _run(text: str, folder: Path) -> list[str]:
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", text.encode()], env=environment, capture_output=True, check=True, timeout=60)
    return done.stdout.decode().split("\0")[:-1]
