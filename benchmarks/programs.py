"""Measurements run in processes of their own, so that none leaves anything to the next."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment without the person's AWS settings, and with Python's compiled modules kept between runs.

    They are kept in a folder of their own, so that first runs compile and later ones do not, whoever installed what.
    """
    from profile_widgets.page.settings import sandbox_environment

    around = sandbox_environment(os.environ, {"AWS_EC2_METADATA_DISABLED": "true", **(extra or {})})
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**around, "PYTHONPYCACHEPREFIX": compiled()}


@cache
def compiled() -> str:
    """Return the folder for compiled modules, which goes when this process ends."""
    folder = tempfile.mkdtemp(prefix="benchmarks-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run(*command: str, extra: Mapping[str, str] | None = None) -> Any:
    """Run Python with arguments, and return the JSON that it prints last."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment(extra), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
