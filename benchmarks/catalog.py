"""What choosing a value that exists costs: the first rows of a list, beside one bare page of the same list by boto3.

``python -m benchmarks.catalog [ROUNDS]`` prints, for 5,000 roles, 10,000 profiles and 200 images, the median
milliseconds of both, the calls until the first rows and until all are read, the rows and their KiB as JSON, and how
many lists are read while the form opens. The account is a sandbox in a process of its own, as AWS is elsewhere.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, cast

from benchmarks.programs import ROOT, environment
from benchmarks.table import Row

ROLES, PROFILES, IMAGES = 5_000, 10_000, 200
LISTS = ("roles", "profiles", "images")
DOMAIN, PROFILE = "d-9xk2m4tq7abc", "analyst-1"
OF_THE_FORM = frozenset(
    {"DescribeDomain", "DescribeUserProfile", "GetCallerIdentity", "ListApps", "ListDomains", "ListTags"}
    | {"ListUserProfiles"}
)
"""What the form may ask to show a profile; everything else that lists is the catalog's."""

OF_THE_CHECKS = "ListStudioLifecycleConfigs"
"""What is asked once to judge a profile: for which apps lifecycle configurations are. A second time is one too many."""

Texts = list[list[str]]


def serve() -> None:
    """Run a large account: print its environment, then after each line of input the calls since the last one."""
    from profile_widgets.sandbox import Sandbox

    with Sandbox() as sandbox:
        sandbox.populate(PROFILES, roles=ROLES, images=IMAGES, domain_id=DOMAIN)
        seen = len(sandbox.calls)
        print(json.dumps(sandbox.environment), flush=True)
        for _ in sys.stdin:
            calls = sandbox.calls
            print(json.dumps([call.operation for call in calls[seen:]]), flush=True)
            seen = len(calls)


@contextmanager
def account() -> Iterator[tuple[dict[str, str], Callable[[], list[str]]]]:
    """Yield the environment of a large account, and what tells the operations since it was last asked."""
    command = [sys.executable, "-m", "benchmarks.catalog", "serve"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(), **pipes) as process:
        told, heard = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

        def calls() -> list[str]:
            told.write("calls\n")
            told.flush()
            found: list[str] = json.loads(heard.readline())
            return found

        try:
            yield json.loads(heard.readline()), calls
        finally:
            told.close()


@dataclass
class Choice:
    """One list: what forgets it, our first rows, the rest of it, and boto3's bare page."""

    forget: Callable[[], object]
    first: Callable[[], Awaitable[Texts]]
    rest: Callable[[], Awaitable[object]]
    bare: Callable[[], object]
    spent: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)


async def _nothing() -> None:
    """Read no further: the next page of profiles is read when somebody asks for it."""


def choices(gateway: Any) -> dict[str, Choice]:
    """Return the lists, as the choosers read them and as boto3 does."""
    from profile_widgets.aws.catalog import Catalog

    client = gateway.connection.client
    catalog = Catalog(gateway)

    def kept(kind: str, bare: Callable[[], object]) -> Choice:
        async def first() -> Texts:
            offers = await catalog.offers(kind)
            return [[row.value, row.name, row.detail] for row in offers.rows]

        async def rest() -> object:
            return await catalog.offers(kind, whole=True)

        return Choice(catalog.forget, first, rest, bare)

    async def profiles() -> Texts:
        pages = gateway.user_profiles(DOMAIN)
        await pages.read()
        return [[row.name, row.status, str(row.modified)] for row in pages.rows]

    newest = {"SortBy": "LastModifiedTime", "SortOrder": "Descending"}
    return {
        "roles": kept("role", lambda: client("iam").list_roles(MaxItems=1000)),
        "profiles": Choice(
            catalog.forget,
            profiles,
            _nothing,
            lambda: client("sagemaker").list_user_profiles(DomainIdEquals=DOMAIN, MaxResults=100, **newest),
        ),
        "images": kept("image", lambda: client("sagemaker").list_images(MaxResults=100)),
    }


async def measure(rounds: int, calls: Callable[[], list[str]]) -> dict[str, Any]:
    """Return the figures of the lists, each taken in turns with its bare page, and of the form."""
    from profile_widgets.aws.gateway import Gateway

    gateway = Gateway()
    figures: dict[str, Any] = {}
    for name, choice in choices(gateway).items():
        for turn in range(rounds + 1):
            choice.forget()
            gc.collect()
            began = time.perf_counter()
            choice.bare()
            choice.floor.append(time.perf_counter() - began)
            calls()
            gc.collect()
            began = time.perf_counter()
            texts = await choice.first()
            choice.spent.append(time.perf_counter() - began)
            if not turn:  # the first makes clients and connections
                choice.spent.clear()
                choice.floor.clear()
            await choice.rest()
            made = calls()
        figures[name] = {
            "ms": statistics.median(choice.spent) * 1000,
            "floor": statistics.median(choice.floor) * 1000,
            "calls": len(made),
            "rows": len(texts),
            "kib": len(json.dumps(texts).encode()) / 1024,
        }
    gateway.close()
    figures["form"] = {"calls": await form_calls(calls)}
    return figures


async def form_calls(calls: Callable[[], list[str]]) -> int:
    """Return how many lists are read that are not the form's own, while it opens and its sections open."""
    from benchmarks.subjects import SUBJECTS

    calls()
    page = SUBJECTS["page"]
    form = await page.build()
    for section in page.sections(form):
        page.open(form, section)
    await asyncio.sleep(0.2)  # whatever it began
    made = calls()
    page.close(form)
    if "DescribeUserProfile" not in made:
        raise RuntimeError(f"The form did not read its profile; it asked {made}.")
    others = [name for name in made if name not in OF_THE_FORM]
    return len(others) - (OF_THE_CHECKS in others)


def figures(rounds: int) -> dict[str, Any]:
    """Return the figures of an account of its own."""
    with account() as (around, calls):
        os.environ.update(around, BENCHMARK_DOMAIN=DOMAIN, BENCHMARK_PROFILE=PROFILE)
        return asyncio.run(measure(rounds, calls))


def catalog_rows(found: dict[str, Any]) -> list[Row]:
    """Return the rows of choosing."""
    rows = []
    for name, count in zip(LISTS, (ROLES, PROFILES, IMAGES), strict=True):
        each, floor = found[name], found[name]["floor"]
        title = f"first of {count:,} {name}, ms"
        aim: dict[str, Any] = {"most": 1.2, "share_of": "floor", "judged": "page"}
        rows += [
            Row(title, page=each["ms"], floor=floor, digits=1, **aim),
            Row("... calls, all of it", page=each["calls"]),
            Row("... rows", page=each["rows"], most=200, judged="page"),
            Row("... KiB", page=each["kib"], digits=1),
        ]
    return [*rows, Row("open the form: catalog calls", page=found["form"]["calls"], most=0, judged="page")]


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        print(json.dumps(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 15)))
