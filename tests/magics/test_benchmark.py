"""The benchmark of the magic runs, and both ways send the same update."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.magic import magic_rows

ROOT = Path(__file__).resolve().parents[2]

pytest.importorskip("jupyter_client")


def test_an_update_by_the_magic_is_measured_beside_one_by_the_cli() -> None:
    command = [sys.executable, "-m", "benchmarks.magic", "1"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=170)
    figures = json.loads(ended.stdout)
    assert set(figures) == {"aws", "magic", "ratio"}
    assert all(value > 0 for value in figures.values())
    rows = magic_rows(figures)
    assert rows[0].floor == figures["aws"]
    assert rows[0].reached is not None
