"""Many visitors at once: a closed page with a kernel each, beside a page in Voila with one Text, by bare clients.

The clients speak Jupyter's protocol over websockets and draw nothing: browsers of 20 people do not run on the server.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.page import one_text
from benchmarks.programs import environment
from benchmarks.table import Row
from tests.hostile.client import Address, Page, Person, Refused

VISITORS = 20
PATIENCE = 300.0
"""Seconds that the last of them may take."""
SECRET = "0123456789abcdef" * 2
POLICY = """\
version: 1
title: For the benchmark
contact: nobody
profile: {template: "{user}", domain_id: d-9xk2m4tq7abc}
rules:
  - for: everyone
    profiles: own
    operations: ["sts:GetCallerIdentity", DescribeUserProfile, UpdateUserProfile, DescribeDomain, ListDomains, ListApps]
    edit: [DefaultLandingUri]
    read: ["*"]
"""
STORED = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}}
Figures = dict[str, float]


def visits(count: int) -> dict[str, Figures]:
    """Return what `count` visitors at once cost on the closed page (``ours``) and on one with a Text (``floor``)."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for name, page in (("floor", _text_page), ("ours", _closed_page)):
            with page(Path(folder), count) as (address, people, pid, ready):
                found[name] = _together(address, people, pid, ready)
    return found


def visitor_rows(figures: dict[str, Figures], count: int) -> list[Row]:
    """Return the rows of many visitors."""
    ours, floor = figures["ours"], figures["floor"]
    titles = {
        "median": f"first widget, {count} visitors at once (median), s",
        "p95": "... 95 of 100, s",
        "opened": "... own profile on the page (median), s",
        "cpu": "CPU of a visitor's kernel, s",
        "memory": "memory of a visitor's kernel, MiB",
        "server": "memory of the server, MiB",
    }
    rows = [Row(title, page=ours[key], floor=floor.get(key), digits=1) for key, title in titles.items()]
    times = Row("first widget, times the floor's", page=ours["median"] / floor["median"], digits=2)
    return [*rows[:2], times, *rows[2:]]


Started = tuple[Address, list[Person], int, Callable[[Page], bool]]


@contextmanager
def _text_page(folder: Path, count: int) -> Iterator[Started]:
    from profile_widgets.page import PageServer

    with PageServer(one_text(folder), environment=environment({})) as page:
        people = [Person(f"visitor-{number:03d}") for number in range(1, count + 1)]
        yield Address(page.url), people, page.pid or 0, lambda _page: True


@contextmanager
def _closed_page(folder: Path, count: int) -> Iterator[Started]:
    from profile_widgets.page import PageServer, page_notebook
    from profile_widgets.page.closing import Closing
    from profile_widgets.sandbox import Sandbox

    policy, audit = folder / "policy.yaml", folder / "audit"
    policy.write_text(POLICY)
    audit.mkdir(mode=0o700)
    closing = Closing(
        policy=str(policy),
        audit=str(audit / "audit.jsonl"),
        identity="proxy",
        secret=SECRET,
        max_kernels=count + 1,
    )
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox())
        around = {**environment(sandbox.environment), "PROFILE_WIDGETS_DATA_DIR": str(folder / "data")}
        page = stack.enter_context(PageServer(page_notebook(), environment=around, closing=closing))
        people = []
        for number in range(1, count + 1):
            name = f"visitor-{number:03d}"
            sandbox.put_raw("d-9xk2m4tq7abc", name, STORED)
            people.append(Person(name, {closing.header: name, closing.secret_header: SECRET}))
        yield Address(page.url), people, page.pid or 0, _is_open


def _is_open(page: Page) -> bool:
    """Tell whether the visitor's profile is on the page."""
    states = page.channels.copied().values()
    return any(state.get("_kind") == "review" and state.get("state") for state in states)


def _together(address: Address, people: list[Person], pid: int, ready: Callable[[Page], bool]) -> Figures:
    """Let everybody come at once; then look at what their kernels hold."""
    Page(address, people[0]).leave()  # the first visit of all reads modules from the disk
    first: list[float] = []
    opened: list[float] = []
    pages: list[Page] = []
    start = threading.Barrier(len(people))

    def come(person: Person) -> None:
        start.wait()
        began = time.perf_counter()
        page = Page(address, person, seconds=PATIENCE)
        page.states(PATIENCE)
        first.append(time.perf_counter() - began)
        pages.append(page)
        while not ready(page) and time.perf_counter() - began < PATIENCE:
            time.sleep(0.05)
        opened.append(time.perf_counter() - began)

    threads = [threading.Thread(target=come, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(first) < len(people) or not all(map(ready, pages)):
        raise Refused(f"{len(people) - len(first)} of {len(people)} visitors did not get the page")
    figures = _held(pid)
    for page in pages:
        page.leave()
    ordered = sorted(first)
    return {
        "median": statistics.median(ordered),
        "p95": ordered[max(0, -(-len(ordered) * 95 // 100) - 1)],
        "opened": statistics.median(opened),
        **figures,
    }


def _held(pid: int) -> Figures:
    """Return what the server's kernels hold and have used, by the median of them."""
    import psutil

    server = psutil.Process(pid)
    kernels: list[Any] = [each for each in server.children() if "ipykernel_launcher" in " ".join(each.cmdline())]
    memory = [each.memory_full_info().uss / 2**20 for each in kernels]
    used = [each.cpu_times().user + each.cpu_times().system for each in kernels]
    return {
        "memory": statistics.median(memory),
        "cpu": statistics.median(used),
        "server": server.memory_full_info().uss / 2**20,
    }


def cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
