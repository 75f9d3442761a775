"""What goes over the wire for one form, and how long building takes; each in a process of its own.

``python -m benchmarks.forms counts SUBJECT`` and ``python -m benchmarks.forms times ROUNDS SUBJECT...`` print JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from typing import Any

from benchmarks.wire import WIRE, breakdown, install, summed


async def counts(name: str) -> dict[str, Any]:
    """Return the figures of first display, of the section that opens most widgets, of edits and of closing."""
    from benchmarks.subjects import SUBJECTS

    subject = SUBJECTS[name]
    form = await subject.build()
    shown = WIRE.take()
    sections = len(subject.sections(form))
    result: dict[str, Any] = {"display": summed(shown), "display_parts": breakdown(shown), "sections": sections}
    subject.close(form)

    largest: list[Any] = []
    position = 0
    for index in range(sections if subject.lazy else 1):
        form = await subject.build()
        WIRE.take()
        subject.open(form, subject.sections(form)[index])
        messages = WIRE.take()
        if not largest or summed(messages)["opens"] > summed(largest)["opens"]:
            largest, position = messages, index
        subject.close(form)
    result |= {"largest": position, "section": summed(largest), "section_parts": breakdown(largest)}
    result |= await _edits(subject)
    return result


async def _edits(subject: Any) -> dict[str, Any]:
    gc.collect()
    before = set(WIRE.open)
    form = await subject.build()
    for section in subject.sections(form):
        subject.open(form, section)
    WIRE.take()
    sent: list[tuple[str, list[Any]]] = []
    for path, act in subject.edits(form):
        act()
        sent.append((path, WIRE.take()))
    most = max(sent, key=lambda each: (len(each[1]), summed(each[1])["kib"]))
    subject.close(form)
    await asyncio.sleep(0)
    rows = [(path, len(messages), summed(messages)["kib"]) for path, messages in sent]
    return {
        "edit": summed(most[1]),
        "edit_parts": breakdown(most[1]),
        "edits": rows,
        "alive": len(WIRE.open - before),
    }


async def times(rounds: int, names: list[str]) -> dict[str, Any]:
    """Return the median milliseconds of building each subject, in turns, and of opening a section and an edit."""
    from benchmarks.subjects import SUBJECTS

    spent: dict[str, dict[str, list[float]]] = {name: {"build": [], "section": [], "edit": []} for name in names}
    for turn in range(rounds + 1):  # the first round warms up
        for name in names:
            each = await _once(SUBJECTS[name])
            for step, seconds in each.items() if turn else ():
                spent[name][step].extend(seconds)
    return {
        name: {step: statistics.median(seconds) * 1000 for step, seconds in steps.items()}
        for name, steps in spent.items()
    }


async def _once(subject: Any) -> dict[str, list[float]]:
    from ipywidgets import Widget

    gc.collect()
    began = time.perf_counter()
    form = await subject.build()
    built = time.perf_counter() - began
    opened, edited = [], []
    for section in subject.sections(form):
        began = time.perf_counter()
        subject.open(form, section)
        opened.append(time.perf_counter() - began)
    for _, act in subject.edits(form):
        began = time.perf_counter()
        act()
        edited.append(time.perf_counter() - began)
    subject.close(form)
    await asyncio.sleep(0)
    Widget.close_all()
    WIRE.take()
    return {"build": [built], "section": [max(opened)], "edit": edited}


def main(arguments: list[str]) -> None:
    """Print one measurement as JSON."""
    install()
    what, *rest = arguments
    result = asyncio.run(counts(rest[0]) if what == "counts" else times(int(rest[0]), rest[1:]))
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
