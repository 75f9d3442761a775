"""What both halves of the thousand share."""

from __future__ import annotations

import secrets

from benchmarks.faults.running import run_all

RUNS = 100
PARTS = 5


def submit_with_faults() -> None:
    """Submit a hundred times, with one random fault each; whatever is wrong is told with how to see it again."""
    seed = secrets.randbelow(1_000_000)
    results = run_all(RUNS, seed)
    wrong = [(number, each.fault, each.complaints) for number, each in enumerate(results) if each.complaints]
    assert len(results) == RUNS
    assert not wrong, f"python -m benchmarks.faults --runs {RUNS} --seed {seed} shows: {wrong}"
