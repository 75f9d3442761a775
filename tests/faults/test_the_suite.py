"""The suite itself: it would see a lie, it can be repeated, and it prints what it found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults.judging import judge
from benchmarks.faults.kinds import KINDS
from benchmarks.faults.running import Result, planned
from benchmarks.faults.subject import PATIENT, Ending, Job
from benchmarks.faults.table import WRONG, table
from benchmarks.faults.world import DOMAIN, Run, World

NUMBERS = iter(range(10_000, 20_000))
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are to be killed are forked")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


def ending(status: str, **changes: Any) -> Ending:
    told: dict[str, Any] = {"text": "", "ok": status == "done", "resent": False, "differs": 0, "kept": True}
    return Ending(status=status, **told | changes)


def judged(world: World, told: Ending | None, *, written: int, fault: str = "none") -> set[str]:
    """Judge what was told of an update that went through the proxy so many times."""
    run = Run.planned(next(NUMBERS), 7, fault, create=False)
    world.prepare(run)
    job = Job(world.proxy.url, str(world.directory / run.name), DOMAIN, run.name, create=False)
    for _ in range(written):
        client: Any = world.gateways[PATIENT].connection.client("sagemaker", write=True)
        client.update_user_profile(DomainId=DOMAIN, UserProfileName=run.name, UserSettings=run.sent)
        world.stored(run.name)
    return set(judge(world, run, job, KINDS[fault], [told]))


def test_the_truth_is_no_complaint(world: World) -> None:
    assert judged(world, ending("done"), written=1) == set()
    assert judged(world, ending("failed"), written=0, fault="write lost for ever") == set()


@pytest.mark.parametrize(
    ("told", "written", "wrong"),
    [
        (ending("done"), 0, {"lost", "untrue"}),
        (ending("done"), 2, {"doubled"}),
        (ending("failed"), 1, {"untrue", "unexpected"}),
        (ending("unknown"), 1, {"untrue", "unexpected"}),
        (ending("failed", kept=False), 0, {"edits gone", "unexpected"}),
        (None, 1, {"untrue", "unexpected"}),
    ],
)
def test_a_lie_is_seen(world: World, told: Ending | None, written: int, wrong: set[str]) -> None:
    assert judged(world, told, written=written) == wrong


def test_what_nobody_touched_is_watched(world: World) -> None:
    run = Run.planned(next(NUMBERS), 7, "none", create=False)
    world.prepare(run)
    world.sandbox.put_raw(DOMAIN, run.name, {**(run.base or {}), "Stranger": "another"})
    job = Job(world.proxy.url, str(world.directory / run.name), DOMAIN, run.name, create=False)
    assert "dropped" in judge(world, run, job, KINDS["none"], [ending("refused")])


def test_a_seed_names_the_same_runs_again_and_every_kind_of_fault_has_its_turn() -> None:
    one, two = (list(planned(200, 5)) for _ in range(2))
    facts = [[(run.fault, run.create, run.edit, run.semantics) for run in runs] for runs in (one, two)]
    assert facts[0] == facts[1]
    assert facts[0] != [(run.fault, run.create, run.edit, run.semantics) for run in planned(200, 6)]
    counted = Counter(run.fault for run in planned(1000, 5))
    assert set(counted) == set(KINDS)
    assert max(counted.values()) - min(counted.values()) <= 1
    runs = list(planned(1000, 5))
    assert 200 < sum(run.create for run in runs) < 400
    assert 400 < sum(run.semantics == "merge" for run in runs) < 600


def test_the_table_has_a_row_for_each_fault_and_one_for_all() -> None:
    results = [
        Result("none", "done", "done"),
        Result("none", "failed", "failed", resent=True, complaints={"untrue": "it is there"}),
        Result("disk full", "refused", "refused"),
    ]
    heads, _, full, none, _, together = table(results).splitlines()
    assert heads.split()[:3] == ["fault", "runs", "done"]
    assert full.split()[:3] == ["disk", "full", "1"]
    assert none.split()[:3] == ["none", "2", "1"]
    assert together.split()[:2] == ["all", "3"]
    assert together.split()[-len(WRONG) :] == ["0", "0", "1", "0", "0", "0", "0"]


def test_it_runs_from_the_command_line() -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.faults",
        "--runs",
        "3",
        "--seed",
        "1",
        "--only",
        "write answer lost, done",
    ]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    assert printed.startswith("3 submits, ")
    assert "seed 1," in printed
    assert printed.endswith("No runs with anything wrong.\n")
