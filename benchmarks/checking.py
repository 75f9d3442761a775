"""What judging costs, beside botocore's validation of the same request: every member set, one item in each list.

``python -m benchmarks.checking ROUNDS`` prints the median milliseconds as JSON. The profile that the environment names
holds the same settings; its editor takes the edits.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.wire import WIRE, install

REPEATED = 20
"""How often a check is repeated in a round: one takes less than a millisecond."""


def complete() -> dict[str, Any]:
    """Return settings with every member of the installed model, and of every kind of file system one."""
    from profile_widgets.model import shape

    settings: dict[str, Any] = _whole(shape("UserSettings"))
    return settings


def _whole(member: Any) -> Any:
    from tests.documents import smallest

    if member.kind == "structure":
        return {name: _whole(each) for name, each in member.members.items()}
    if member.kind == "list" and member.item.kind == "union":
        return [{name: _whole(each)} for name, each in member.item.members.items()][: member.maximum]
    return [_whole(member.item)] if member.kind == "list" else smallest(member)


def judging(rounds: int) -> dict[str, float]:
    """Return the median milliseconds of botocore's validation, of a first check and of the same check again."""
    from botocore.validate import ParamValidator

    from profile_widgets.checks import check, patterns
    from profile_widgets.model.shapes import UPDATE, service_model

    request = {"DomainId": "d-abcdefghij12", "UserProfileName": "complete", "UserSettings": complete()}
    model = service_model().operation_model(UPDATE).input_shape

    def first() -> None:
        patterns.forget()
        check(request)

    acts: dict[str, Callable[[], object]] = {
        "validation": lambda: ParamValidator().validate(request, model),
        "check": first,
        "again": lambda: check(request),
    }
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(rounds + 1):  # the first round warms up
        for name, act in acts.items():
            began = time.perf_counter()
            for _ in range(REPEATED):
                act()
            if turn:
                spent[name].append((time.perf_counter() - began) * 1000 / REPEATED)
    return {name: statistics.median(each) for name, each in spent.items()}


async def editing(rounds: int) -> float:
    """Return the median milliseconds from an edit's message to its findings on the wire, all sections open."""
    from benchmarks.subjects import SUBJECTS

    page = SUBJECTS["page"]
    form = await page.build()
    for section in page.sections(form):
        page.open(form, section)
    spent = []
    for turn in range(rounds + 1):
        for _, act in page.edits(form):
            WIRE.take()
            began = time.perf_counter()
            act()
            if turn:
                spent.append((time.perf_counter() - began) * 1000)
        form.draft.discard()
    page.close(form)
    return statistics.median(spent)


def main(rounds: int) -> None:
    """Print the figures as JSON."""
    install()
    print(json.dumps({**judging(rounds), "edit": asyncio.run(editing(rounds))}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
