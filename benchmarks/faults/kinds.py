"""The faults: what goes wrong, and how a submit that meets it may end.

A fault is a function that is called when the profile is loaded and edited, just before the submit; it may return what
to do at steps of the submit. The ends are those that the editor may tell; whether it told the truth is judged apart.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.faults.proxy import BROKEN, FORGED, READ
from benchmarks.faults.world import DOMAIN, THEIRS, Run, World
from profile_widgets.editing.store import Store

Steps: TypeAlias = "dict[tuple[str, str], Callable[[], None]]"
Arm: TypeAlias = "Callable[[World, Run], Steps | None]"
SENDING, SENT, READ_BACK = ("send", "working"), ("send", "done"), ("verify", "done")
HTML = "<b onclick=alert(1)>The subnet</b> is full."


@dataclass(frozen=True)
class Kind:
    """Be one kind of fault.

    ``ends`` are the statuses that an update may end with, ``created`` those of a creation, empty when there is none.
    ``hasty`` lets reads time out soon. ``cuts`` says that the submit ends without an outcome, and ``die`` names the
    step at which its process kills itself; ``child`` runs it in a process of its own, whose files have at most
    ``limit`` bytes.
    """

    name: str
    arm: Arm
    ends: frozenset[str]
    created: frozenset[str]
    hasty: bool = False
    cuts: bool = False
    child: bool = False
    die: tuple[str, str] | None = None
    limit: int = 0


KINDS: dict[str, Kind] = {}


def kind(name: str, ends: str, created: str | None = None, **traits: Any) -> Callable[[Arm], Arm]:
    """Register a kind of fault. ``created`` is as ``ends`` unless given; ``""`` when it is for updates only."""

    def register(arm: Arm) -> Arm:
        assert name not in KINDS
        words = ends if created is None else created
        KINDS[name] = Kind(name, arm, frozenset(ends.split()), frozenset(words.split()), **traits)
        return arm

    return register


# -- nothing, and what the write's own answer says -------------------------------------------------------------------


@kind("none", "done")
def _none(_world: World, _run: Run) -> None:
    pass


for _times, _name in ((2, "twice"), (None, "for ever")):

    @kind(f"write throttled {_name}", "failed")
    def _throttle_write(world: World, run: Run, times: int | None = _times) -> None:
        world.sandbox.throttle(times, run.operation)


for _answer in FORGED:

    @kind(f"write {_answer}, not done", "failed" if _answer == "429" else "done")
    def _forge(world: World, run: Run, answer: str = _answer) -> None:
        world.proxy.faults[run.operation] = answer

    @kind(f"write {_answer} for ever", "failed")
    def _forge_always(world: World, run: Run, answer: str = _answer) -> None:
        world.proxy.always[run.operation] = answer


for _answer in (*BROKEN, "answer lost", "answer cut short"):

    @kind(f"write {_answer}, done", "done")
    def _break(world: World, run: Run, answer: str = _answer) -> None:
        world.proxy.faults[run.operation] = answer


@kind("write lost before it arrives", "done")
def _lost(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "request lost"


@kind("write lost for ever", "failed")
def _lost_always(world: World, run: Run) -> None:
    world.proxy.always[run.operation] = "request lost"


@kind("write answered never", "done", hasty=True)
def _hangs(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "answer hangs"


@kind("write hangs before it arrives", "done", hasty=True)
def _hangs_before(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "request hangs"


@kind("write arrives late", "done", hasty=True)
def _late(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "request arrives late"


@kind("write refused: no connection", "failed")
def _refuse(world: World, _run: Run) -> Steps:
    return {SENDING: world.proxy.close}


@kind("write refused: login expired", "failed")
def _expired(world: World, run: Run) -> None:
    world.sandbox.fail_next(run.operation, code="ExpiredTokenException", message="The security token is expired.")


@kind("write refused: access denied", "failed")
def _denied(world: World, run: Run) -> None:
    world.sandbox.deny(f"sagemaker:{run.operation}")


@kind("write refused: in use", "done", "failed")
def _in_use(world: World, run: Run) -> None:
    world.sandbox.fail_next(run.operation, code="ResourceInUse", message="The domain is being updated.")


@kind("write refused: in use for ever", "failed", "failed")
def _in_use_always(world: World, run: Run) -> None:
    for _ in range(5):
        world.sandbox.fail_next(run.operation, code="ResourceInUse", message="Running apps.")


@kind("write ends in a failure, with markup", "failed")
def _fails(world: World, run: Run) -> None:
    world.sandbox.fail_next(run.operation, reason=HTML)


# -- reads -----------------------------------------------------------------------------------------------------------


@kind("read throttled once", "done")
def _throttle_read(world: World, run: Run) -> Steps | None:
    return sometimes_later(run, lambda: world.sandbox.throttle(1, READ))


@kind("read throttled twice", "done failed")
def _throttle_reads(world: World, run: Run) -> Steps | None:
    return sometimes_later(run, lambda: world.sandbox.throttle(2, READ))


@kind("reads throttled for ever", "failed")
def _throttle_before(world: World, _run: Run) -> None:
    world.sandbox.throttle(None, READ)


@kind("reads throttled for ever after the write", "unknown")
def _throttle_after(world: World, _run: Run) -> Steps:
    return {SENT: lambda: world.sandbox.throttle(None, READ)}


for _answer in ("answer lost", "answer cut short", "empty answer", "garbled answer", "500", "503", "502 page"):

    @kind(f"read {_answer}", "done")
    def _break_read(world: World, run: Run, answer: str = _answer) -> Steps | None:
        return sometimes_later(run, lambda: world.proxy.faults.update({READ: answer}))


@kind("read answered never", "done", hasty=True)
def _read_hangs(world: World, run: Run) -> Steps | None:
    return sometimes_later(run, lambda: world.proxy.faults.update({READ: "answer hangs"}))


@kind("reads 500 for ever after the write", "unknown")
def _read_fails(world: World, _run: Run) -> Steps:
    return {SENT: lambda: world.proxy.always.update({READ: "500"})}


@kind("everything gone after the write", "unknown")
def _all_gone(world: World, _run: Run) -> Steps:
    return {SENT: world.proxy.close}


@kind("everything gone before the submit", "failed")
def _all_gone_before(world: World, _run: Run) -> None:
    world.proxy.close()


@kind("read refused: login expired", "failed")
def _read_expired(world: World, _run: Run) -> None:
    for _ in range(5):
        world.sandbox.fail_next(READ, code="ExpiredTokenException", message="The security token is expired.")


@kind("read refused after the write: login expired", "unknown")
def _read_expired_after(world: World, _run: Run) -> Steps:
    return {SENT: lambda: world.sandbox.fail_next(READ, code="ExpiredTokenException")}


@kind("read refused: access denied", "failed", "unknown")
def _read_denied(world: World, _run: Run) -> None:
    world.sandbox.deny(f"sagemaker:{READ}")


@kind("read refused after the write: access denied", "unknown")
def _read_denied_after(world: World, _run: Run) -> Steps:
    return {SENT: lambda: world.sandbox.deny(f"sagemaker:{READ}")}


@kind("reads older than the write", "done")
def _stale(world: World, run: Run) -> Steps:
    return {SENDING: lambda: setattr(world.proxy, "late_sights", run.rng.randint(1, 3))}


@kind("reads older than the write for long", "unknown", "done unknown")
def _stale_long(world: World, _run: Run) -> Steps:
    return {SENDING: lambda: setattr(world.proxy, "late_sights", 1000)}


# -- somebody else ---------------------------------------------------------------------------------------------------


@kind("somebody else writes before", "conflict", "refused")
def _other_before(world: World, run: Run) -> None:
    world.write_of_others(run, THEIRS)


@kind("somebody else writes in between", "done", "failed")
def _other_between(world: World, run: Run) -> None:
    world.proxy.before[run.operation] = lambda: world.write_of_others(run, THEIRS)


@kind("somebody else writes the same section in between", "done", "failed")
def _other_same_section(world: World, run: Run) -> None:
    theirs = {"SecurityGroups": ["sg-theirs"]}
    world.proxy.before[run.operation] = lambda: world.write_of_others(run, theirs)


@kind("somebody else writes the same in between", "done", "failed")
def _other_same(world: World, run: Run) -> None:
    world.proxy.before[run.operation] = lambda: world.write_of_others(run, run.sent)


@kind("somebody else writes in between, and ours is lost", "conflict", "")
def _other_and_lost(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "request lost"
    world.proxy.before[run.operation] = lambda: world.write_of_others(run, THEIRS)


@kind("somebody else writes what we read too late", "done", "failed")
def _other_unseen(world: World, run: Run) -> None:
    world.write_of_others(run, THEIRS)
    world.proxy.late_sights = 1


@kind("somebody else's update is under way", "conflict", "")
def _under_way(world: World, run: Run) -> None:
    def begin() -> None:
        world.sandbox.delay = 0.1
        world.other_editor.update_user_profile(DomainId=DOMAIN, UserProfileName=run.name, UserSettings=THEIRS)
        run.theirs = THEIRS

    world.proxy.before[run.operation] = begin


@kind("somebody else's update is under way before", "conflict", "")
def _under_way_before(world: World, run: Run) -> None:
    world.sandbox.delay = 0.1
    world.other_editor.update_user_profile(DomainId=DOMAIN, UserProfileName=run.name, UserSettings=THEIRS)
    run.theirs = THEIRS


@kind("somebody else writes over ours at once", "done", "")
def _other_after(world: World, run: Run) -> Steps:
    theirs = {name: value for name, value in OVER.items() if name in run.sent} or THEIRS
    return {SENT: lambda: world.write_of_others(run, theirs, last=True)}


OVER = {"SecurityGroups": ["sg-theirs"]}


@kind("somebody else deletes the profile before", "failed", "")
def _deleted_before(world: World, run: Run) -> None:
    world.deletion_by_others(run)


@kind("somebody else deletes the profile in between", "failed", "")
def _deleted_between(world: World, run: Run) -> None:
    world.proxy.before[run.operation] = lambda: world.deletion_by_others(run)


@kind("somebody else deletes the profile, and our answer is lost", "failed", "")
def _deleted_after(world: World, run: Run) -> None:
    world.proxy.faults[run.operation] = "answer lost"
    world.proxy.after[run.operation] = lambda: world.deletion_by_others(run)


@kind("another window sends it", "refused")
def _sent_elsewhere(world: World, run: Run) -> None:
    store = Store(world.directory / run.name)
    world.held.enter_context(store.profile(world.proxy.url, DOMAIN, run.name).lock())


# -- the disk, the person, and death ---------------------------------------------------------------------------------


@kind("data directory in the way", "refused")
def _no_directory(world: World, run: Run) -> None:
    place = world.directory / f"run-{run.number}"
    place.rename(world.directory / f"away-{run.number}")
    place.write_text("")


@kind("waiting is stopped", "", cuts=True)
def _stopped(_world: World, run: Run) -> Steps:
    from asyncio import current_task

    def stop() -> None:
        task = current_task()
        assert task is not None
        task.cancel()

    return {run.rng.choice([("compare", "working"), SENDING, SENT, ("follow", "working"), ("follow", "done")]): stop}


@kind("disk full", "refused", child=True, limit=100)
def _full(_world: World, _run: Run) -> None:
    pass


DEATHS = {
    "killed before the journal": ("compare", "done"),
    "killed after the journal": SENDING,
    "killed after the answer": SENT,
    "killed while following": ("follow", "working"),
    "killed before the read-back": ("follow", "done"),
    "killed before the journal's end": READ_BACK,
}
for _name, _step in DEATHS.items():

    @kind(_name, "", child=True, cuts=True, die=_step)
    def _die(_world: World, _run: Run) -> None:
        pass


def kill(process: int) -> None:
    """Kill a process that may have ended already."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def sometimes_later(run: Run, act: Callable[[], Any]) -> Steps | None:
    """Act now, or when the write has been answered."""
    if run.rng.random() < 0.5:
        return {SENT: act}
    act()
    return None


OUTSIDE = (
    "killed on the wire, not arrived",
    "killed on the wire, arrived",
    "killed before the answer",
    "killed at any moment",
    "killed twice",
    "killed twice, lost twice",
)
"""Deaths that come from outside of the process: see :mod:`benchmarks.faults.running`."""

for _name in OUTSIDE:
    kind(_name, "", child=True, cuts=True)(_none)
