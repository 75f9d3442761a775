"""What one update costs: the magic in a kernel that runs already, beside a whole process of the AWS CLI.

``python -m benchmarks.magic [ROUNDS]`` prints the median milliseconds of both and their ratio as JSON. Both send the
same update to the same sandbox, in turns: the one that the environment names, or one of their own.
"""

from __future__ import annotations

import json
import os
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.table import Row

PATIENCE = 120.0
"""Seconds after which a cell or a process that does not end is an error."""


@contextmanager
def kernel(environment: dict[str, str]) -> Iterator[Callable[[str], None]]:
    """Run a kernel; yields what runs a cell in it and waits for its end."""
    from jupyter_client.manager import KernelManager

    manager: Any = KernelManager(kernel_name="python3")
    manager.start_kernel(env=environment)
    client = manager.blocking_client()
    client.start_channels()

    def run(cell: str) -> None:
        reply = client.execute(cell, reply=True, timeout=PATIENCE)["content"]
        if reply["status"] != "ok":
            raise RuntimeError(f"The cell {cell!r} failed: {reply.get('evalue', reply['status'])}")

    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@contextmanager
def account() -> Iterator[tuple[dict[str, str], list[str]]]:
    """Yield an environment that leads to a sandbox, and the options of an update of one of its profiles."""
    around = dict(os.environ)
    if "BENCHMARK_DOMAIN" in around:
        yield around, _options(around["BENCHMARK_DOMAIN"], around["BENCHMARK_PROFILE"])
        return
    from profile_widgets.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield {**around, **sandbox.environment}, _options("d-9xk2m4tq7abc", "analyst-1")


def _options(domain: str, profile: str) -> list[str]:
    settings = json.dumps({"StudioWebPortal": "ENABLED"})
    return ["--domain-id", domain, "--user-profile-name", profile, "--user-settings", settings]


def updating(rounds: int) -> dict[str, float]:
    """Return the median milliseconds of an update by the magic and by ``aws``, and how many times longer that is."""
    program = str(Path(sys.executable).with_name("aws"))
    with account() as (environment, options), kernel(environment) as run:
        command = [program, "sagemaker", "update-user-profile", *options]
        cell = f"%update_user_profile {shlex.join(options)}"
        acts: dict[str, Callable[[], object]] = {
            "aws": lambda: subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE),
            "magic": lambda: run(cell),
        }
        run("%load_ext profile_widgets")
        spent: dict[str, list[float]] = {name: [] for name in acts}
        for turn in range(rounds + 1):  # the first round warms up
            for name, act in acts.items():
                began = time.perf_counter()
                act()
                if turn:
                    spent[name].append((time.perf_counter() - began) * 1000)
    figures = {name: statistics.median(each) for name, each in spent.items()}
    return {**figures, "ratio": figures["aws"] / figures["magic"]}


def magic_rows(figures: dict[str, float]) -> list[Row]:
    """Return the rows of an update: the magic beside a whole process of the AWS CLI, which stands as the floor."""
    beside: dict[str, Any] = {"floor": figures["aws"], "digits": 0, "most": 0.5, "share_of": "floor"}
    return [
        Row("an update: magic in a warm kernel (floor: an aws process), ms", figures["magic"], **beside),
        Row("... so many times longer takes aws", figures["ratio"], digits=1),
    ]


def main(rounds: int) -> None:
    """Print the figures as JSON."""
    print(json.dumps(updating(rounds)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
