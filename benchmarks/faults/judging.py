"""The judge: what the service holds, how often it was written, and whether the editor told the truth about it.

It asks the sandbox past the proxy and shares nothing with the editor but the words of its outcomes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.faults.kinds import Kind
from benchmarks.faults.subject import Ending, Job
from benchmarks.faults.world import Run, World


def judge(world: World, run: Run, job: Job, kind: Kind, endings: list[Ending | None]) -> dict[str, str]:
    """Return what is wrong, by kind of wrong; nothing when all is well."""
    found = world.stored(run.name)
    settings = (found or {}).get("UserSettings") or {}
    applied = [name for _, name in world.proxy.applied].count(run.name)
    first, last = endings[0], endings[-1]
    ready = found is not None and found["Status"] == "InService"
    there = ready and bool(applied) and all(settings.get(name) == value for name, value in run.sent.items())
    wrong: dict[str, str] = {}
    asked = [name for _, name in world.proxy.asked].count(run.name)
    if applied > 1 or asked > 2:
        wrong["doubled"] = f"{asked} writes were sent, {applied} were applied"
    lost = _lost(last, there=there, applied=applied, overwritten=run.theirs_last)
    if lost:
        wrong["lost"] = lost
    recorded = _recorded(job)
    untrue = _untrue(last, there=there, overwritten=run.theirs_last, recorded=recorded) or _forgotten(job, last)
    if untrue:
        wrong["untrue"] = untrue
    dropped = "" if run.deleted else _dropped(run, settings, there=there or bool(applied))
    if dropped:
        wrong["dropped"] = dropped
    if first is not None and first.status != "done" and not first.kept:
        wrong["edits gone"] = f"after {first.status}"
    ends = kind.created if run.create else kind.ends
    if not kind.cuts and (first is None or first.status not in ends):
        wrong["unexpected"] = f"{first.status if first else 'nothing'}: {first.text if first else ''}"
    return wrong


def _lost(last: Ending | None, *, there: bool, applied: int, overwritten: bool) -> str:
    if last is not None and last.status == "done" and not (there or overwritten):
        return f"told as done, but it is not there; {applied} writes were applied"
    return ""


def _untrue(last: Ending | None, *, there: bool, overwritten: bool, recorded: bool) -> str:
    """Return what the editor said that is not so."""
    if last is None:  # nobody was there to be told; what is there must be on record, and what is not must not
        return "" if there == recorded else f"there: {there}, on record as done: {recorded}"
    if last.status == "unknown":
        return f"still unknown when everything can be read: {last.text}"
    if last.status == "done" and last.ok and not there:
        return "told as done and as asked"
    if last.status != "done" and there:
        return f"told as {last.status}, but it is there: {last.text}"
    if overwritten and last.status == "done" and last.ok:
        return "somebody else wrote over it, and nothing was said"
    return ""


def _dropped(run: Run, settings: dict[str, Any], *, there: bool) -> str:
    """Return what nobody touched and is not as it was."""
    expected = {**(run.base or {}), **run.theirs}
    for name in expected.keys() | settings.keys():
        if there and name in run.sent and name not in (run.theirs if run.theirs_last else ()):
            continue
        if settings.get(name) != expected.get(name) and not (run.create and name in run.sent):
            return f"{name} is {settings.get(name)!r} and was {expected.get(name)!r}"
    return ""


def _recorded(job: Job) -> bool:
    """Tell whether a restore point says that the submit was done."""
    points = [json.loads(path.read_text()) for path in Path(job.directory).rglob("point-*.json")]
    return "done" in [each["document"]["status"] for each in points]


def _forgotten(job: Job, last: Ending | None) -> str:
    """Return what the journal still holds of a submit that has its end."""
    if not Path(job.directory).is_dir():
        return ""
    pending = list(Path(job.directory).rglob("intent-*.json"))
    if pending and not (last is not None and last.status == "unknown"):
        return f"{len(pending)} intents have no end: {json.loads(pending[0].read_text())['document']['id']}"
    return ""
