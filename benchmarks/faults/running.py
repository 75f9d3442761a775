"""One run from its plan to its verdict."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.faults import subject
from benchmarks.faults.judging import judge
from benchmarks.faults.kinds import KINDS, Kind, Steps, kill
from benchmarks.faults.subject import Ending, Job
from benchmarks.faults.world import DOMAIN, Run, World, a_world
from profile_widgets.editing.draft import ProfileDraft


@dataclass
class Result:
    """Say what became of one run: how it ended, after what, and what was wrong with that."""

    fault: str
    first: str = ""
    last: str = ""
    resent: bool = False
    complaints: dict[str, str] = field(default_factory=dict)


def planned(runs: int, seed: int, only: str | None = None) -> Iterator[Run]:
    """Return the runs: every kind of fault about as often as any other, in a random order."""
    rng = random.Random(seed)
    kinds = [only] if only else rng.sample(sorted(KINDS), len(KINDS))
    names = [kinds[number % len(kinds)] for number in range(runs)]
    rng.shuffle(names)
    for number, name in enumerate(names):
        yield Run.planned(number, seed, name, create=rng.random() < 1 / 3 and _may_create(KINDS[name]))


def _may_create(kind: Kind) -> bool:
    return kind.cuts or bool(kind.created)


def run_all(runs: int, seed: int, only: str | None = None) -> list[Result]:
    """Run them all, one after the other, in one account."""
    with a_world() as world:
        results = [run_one(world, run) for run in planned(runs, seed, only)]
        found = secrets(world)
        if found:
            results.append(Result("secrets on disk", complaints={"untrue": f"found in {found}"}))
        return results


def run_one(world: World, run: Run) -> Result:
    """Prepare, run, judge."""
    world.prepare(run)
    (world.directory / run.name).mkdir()
    kind = KINDS[run.fault]
    result = Result(run.fault)
    job = Job(world.proxy.url, str(world.directory / run.name), DOMAIN, run.name, run.create, run.edit)
    being = subject.draft(job, world.gateway(hasty=kind.hasty))
    try:
        endings = run_in_child(world, run, kind, job) if kind.child else world.wait(run_here(world, run, kind, being))
    except Exception as error:
        result.complaints["untrue"] = f"{type(error).__name__}: {error}"
        world.calm()
        return result
    result.first = endings[0].status if endings[0] else "cut off"
    last = endings[-1]
    result.last = last.status if last else "never sent"
    result.resent = any(each is not None and each.resent for each in endings)
    result.complaints = judge(world, run, job, kind, endings)
    if not kind.child and last is not None and last.status != "done" and not run.deleted:
        again = world.wait(try_again(world, run, being, last))
        if again is not None and again.status != "done":
            result.complaints["stuck"] = f"the next try ended as {again.status}: {again.text}"
    return result


async def try_again(world: World, run: Run, being: ProfileDraft, last: Ending) -> Ending | None:
    """Submit once more, now that the fault is gone: what failed as it is, what met somebody else after loading."""
    in_the_way = world.directory / run.name
    if in_the_way.is_file():
        in_the_way.unlink()
    elif last.status != "failed":
        if run.create:
            return None
        await being.load()
        subject.edit(being, run.edit)
    elif run.create and await asyncio.to_thread(world.stored, run.name) is not None:
        return None
    return await subject.submit(being)


async def run_here(world: World, run: Run, kind: Kind, being: ProfileDraft) -> list[Ending | None]:
    """Run in this process; once the fault is gone, what has no end is taken up, or simply submitted again."""
    await subject.load(being)
    subject.edit(being, run.edit)
    steps = await asyncio.to_thread(kind.arm, world, run) or {}
    endings: list[Ending | None] = []
    try:
        endings.append(await asyncio.create_task(subject.submit(being, _watcher(steps))))
    except asyncio.CancelledError:
        endings.append(None)
    await asyncio.to_thread(world.calm)
    if endings[0] is None or endings[0].status == "unknown":
        settled = not being.create and not being.changes  # stopped when all was over, but for saying so
        finish = subject.take_up if settled or run.rng.random() < 0.5 else subject.submit
        endings.append(await finish(being))
    return endings


def _watcher(steps: Steps) -> Any:
    def watch(step: Any) -> None:
        act = steps.pop((step.key, step.state), None)
        if act is not None:
            act()

    return watch


def run_in_child(world: World, run: Run, kind: Kind, job: Job) -> list[Ending | None]:
    """Run in a process that may be killed; let a fresh one take up what has no end."""
    process = world.nursery.begin(job, "submit", die=kind.die, limit=kind.limit)
    _arm_outside(world, run, process)
    signal, told = world.nursery.end()
    world.calm()
    endings = [_ending(told)]
    if signal and run.fault in ("killed twice", "killed twice, lost twice"):
        signal, told = _kill_again(world, run, job)
    if signal or endings[0] is None or endings[0].status == "unknown":
        world.nursery.begin(job, "take up")
        signal, later = world.nursery.end()
        assert signal == 0, signal
        endings.append(_ending(later) or _ending(told))
    return endings


def _kill_again(world: World, run: Run, job: Job) -> tuple[int, Any]:
    """Let a process take up what has no end, and kill it too: while it sends, or at any moment."""
    process = world.nursery.begin(job, "take up")
    killer = threading.Timer(run.rng.uniform(0.0, 0.2), kill, [process])
    twice = run.fault == "killed twice, lost twice"
    if twice or run.rng.random() < 0.5:
        world.proxy.faults[run.operation] = "request lost" if twice else "answer lost"
        world.proxy.before[run.operation] = lambda: kill(process)
    else:
        world.proxy.after["DescribeDomain"] = killer.start
    ended = world.nursery.end()
    killer.cancel()
    world.calm()
    return ended


def _arm_outside(world: World, run: Run, process: int) -> None:
    """Let the process be killed from outside, where the fault says so."""
    if run.fault == "killed on the wire, not arrived":
        world.proxy.faults[run.operation] = "request lost"
        world.proxy.before[run.operation] = lambda: kill(process)
    elif run.fault == "killed on the wire, arrived":
        world.proxy.before[run.operation] = lambda: kill(process)
    elif run.fault == "killed before the answer":
        world.proxy.after[run.operation] = lambda: kill(process)
    elif run.fault == "killed at any moment":
        killer = threading.Timer(run.rng.uniform(0.0, 0.1), kill, [process])
        killer.daemon = True
        world.proxy.after["DescribeDomain"] = killer.start  # the last thing that is loaded
    elif run.fault in ("killed twice", "killed twice, lost twice"):
        lost = run.fault == "killed twice, lost twice" or run.rng.random() < 0.5
        world.proxy.faults[run.operation] = "request lost" if lost else ""
        world.proxy.before[run.operation] = lambda: kill(process)


def _ending(told: Any) -> Ending | None:
    if told is None or told.get("ended", 0) is None:
        return None
    if "raised" in told:
        raise RuntimeError(told["raised"])
    return Ending(**told["ended"])


def secrets(world: World) -> list[str]:
    """Return the files that hold a part of the credentials or of a signature."""
    marks = (b"secret/secret", b"AKIAEXAMPLE", b"token-token", b"Signature", b"AWS4-HMAC")
    files = [path for path in world.directory.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(mark in path.read_bytes() for mark in marks)]
