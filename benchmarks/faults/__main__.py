"""Submit many times, with one random fault each, and print what became of it: ``python -m benchmarks.faults``."""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
import time

from benchmarks.faults.kinds import KINDS
from benchmarks.faults.running import run_all
from benchmarks.faults.table import NOTES, table


def main() -> int:
    """Print the table; the exit status is 1 when anything was wrong, for none of it depends on the machine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many submits (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="the same runs again: what an earlier table names")
    parser.add_argument("--only", metavar="FAULT", choices=sorted(KINDS), help="this kind of fault only")
    asked = parser.parse_args()
    if asked.runs < 1:
        parser.error("--runs must be at least 1")
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    logging.disable(logging.WARNING)
    began = time.monotonic()
    results = run_all(asked.runs, seed, asked.only)
    spent = time.monotonic() - began
    print(f"{len(results)} submits, {len(KINDS)} kinds of faults, seed {seed}, {spent:.0f} s")
    print(f"\n{table(results)}\n\n{NOTES}")
    wrong = [(number, each) for number, each in enumerate(results) if each.complaints]
    for number, each in wrong:
        print(f"\nrun {number}, {each.fault}: {each.first}, then {each.last}: {each.complaints}")
    print(f"\n{len(wrong) or 'No'} run{'s' * (len(wrong) != 1)} with anything wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
