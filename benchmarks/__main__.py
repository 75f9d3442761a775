"""Measure everything and print one table: ``python -m benchmarks [--rounds N] [--only PART ...] [--details]``."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from benchmarks.catalog import catalog_rows
from benchmarks.checking import complete
from benchmarks.magic import magic_rows
from benchmarks.memory import memory
from benchmarks.page import loads
from benchmarks.programs import run
from benchmarks.starting import imports, sandbox
from benchmarks.table import Row, check_rows, form_rows, memory_rows, page_rows, start_rows, table
from benchmarks.visitors import VISITORS, cores, visitor_rows, visits

SUBJECTS = ("ours", "page", "plain", "jsonschema")
PARTS = ("forms", "checks", "memory", "starts", "magic", "catalog", "page", "visitors")
DOMAIN, PROFILE, COMPLETE = "research", "analyst-1", "complete"
NOTES = """\
SettingsEditor, a plain Accordion of Texts and ipywidgets-jsonschema show an empty UserSettings; UserProfileEditor shows
a stored profile of the sandbox, and is built when it has read it. (xN): so many times SettingsEditor's figure.
Floors: boto3 and ipywidgets imported; a page in Voila with one Text; a whole process of the AWS CLI for an update;
botocore's validation of the same request, with every member set, which is also what the profile of the last edit holds;
for the first rows of a list, one bare page of it by boto3.
Aims without a share are figures, not ratios.
Opens include layouts and styles; KiB are data, metadata and buffers of the comm messages. The first section that is
opened brings the fields' code. Edits: text, number, wrong number, choice, lists, unset; the largest one counts.
Memory: the kernel's own (USS), one section open. Times are medians, in turns, and depend on what else the machine does;
opens, messages, KiB and what is left open do not.
Visitors: a closed page with a policy and an audit, and one with a Text as floor; bare clients, on this machine."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Print what the form costs.")
    parser.add_argument("--rounds", type=int, default=15, help="how often each time is taken (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure only these parts")
    parser.add_argument("--details", action="store_true", help="also print where the bytes go, by widget and trait")
    parser.add_argument("--visitors", type=int, default=VISITORS, help="how many come at once (default: %(default)s)")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    if asked.visitors < 1:
        parser.error("--visitors must be at least 1")
    return asked


@contextmanager
def account() -> Iterator[dict[str, str]]:
    """Run a sandbox; yields the environment in which a process finds it, and the profile to open."""
    from botocore.session import get_session

    from profile_widgets.sandbox import Sandbox

    with Sandbox() as running:
        around = running.environment
        client: Any = get_session().create_client(
            "sagemaker",
            endpoint_url=running.endpoint_url,
            region_name=running.region,
            aws_access_key_id=around["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=around["AWS_SECRET_ACCESS_KEY"],
        )
        names = {each["DomainName"]: each["DomainId"] for each in client.list_domains()["Domains"]}
        client.create_user_profile(DomainId=names[DOMAIN], UserProfileName=COMPLETE, UserSettings=complete())
        yield {**around, "BENCHMARK_DOMAIN": names[DOMAIN], "BENCHMARK_PROFILE": PROFILE}


def measure(asked: argparse.Namespace, around: Mapping[str, str]) -> list[Row]:
    """Return the rows of the parts that were asked for."""
    rows: list[Row] = []
    few = max(1, asked.rounds // 3)
    if {"forms", "memory"} & set(asked.only):
        tell("forms: what goes over the wire")
        counts = {name: run("-m", "benchmarks.forms", "counts", name, extra=around) for name in SUBJECTS}
    if "forms" in asked.only:
        tell("forms: time")
        times = run("-m", "benchmarks.forms", "times", str(asked.rounds), *SUBJECTS, extra=around)
        rows += form_rows(counts, times)
        if asked.details:
            details(counts)
    if "checks" in asked.only:
        tell("checks")
        extra = {**around, "BENCHMARK_PROFILE": COMPLETE}
        rows += check_rows(run("-m", "benchmarks.checking", str(asked.rounds), extra=extra))
    if "memory" in asked.only:
        tell("memory")
        rows += memory_rows({name: memory(name, counts[name]["largest"], few, around) for name in SUBJECTS})
    if "starts" in asked.only:
        tell("imports and sandbox")
        rows += start_rows(imports(asked.rounds), sandbox(few))
    if "magic" in asked.only:
        tell("an update by magic and by the AWS CLI")
        rows += magic_rows(run("-m", "benchmarks.magic", str(few), extra=around))
    if "catalog" in asked.only:
        tell("choosing from long lists")
        rows += catalog_rows(run("-m", "benchmarks.catalog", str(asked.rounds)))
    return [*rows, *measure_pages(asked, around)]


def measure_pages(asked: argparse.Namespace, around: Mapping[str, str]) -> list[Row]:
    """Return the rows of pages in Voila: for one who comes, and for many at once."""
    rows: list[Row] = []
    if "page" in asked.only:
        tell("page in Voila")
        rows += page_rows(loads(max(1, asked.rounds // 3), around))
    if "visitors" in asked.only:
        tell(f"{asked.visitors} visitors at once")
        rows += visitor_rows(visits(asked.visitors), asked.visitors)
    return rows


def tell(what: str) -> None:
    """Say on the error stream what is being measured."""
    print(f"measuring {what} ...", file=sys.stderr, flush=True)


def details(counts: Mapping[str, Any]) -> None:
    """Print where the kit's bytes go."""
    for name in ("ours", "page"):
        for part in ("display", "section", "edit"):
            print(f"\n{name}, {part}: widget, trait, times sent, bytes")
            for row in counts[name][f"{part}_parts"][:25]:
                print("  ", *row)
    print()


def environment_line() -> str:
    """Return the versions that the figures depend on."""
    names = ("profile-widgets", "ipywidgets", "anywidget", "botocore", "voila", "ipywidgets-jsonschema")
    return ", ".join(
        [f"Python {platform.python_version()}", f"{cores()} cores", *(f"{name} {version(name)}" for name in names)]
    )


def main() -> int:
    """Print the table; the exit status is 0 whatever the figures are, for they depend on the machine."""
    asked = arguments()
    with account() as around:
        rows = measure(asked, around)
    print(f"{environment_line()}; rounds: {asked.rounds}\n\n{table(rows)}\n\n{NOTES}")
    missed = [row.title for row in rows if row.reached is False]
    print(f"\nAims missed: {'; '.join(missed) if missed else 'none'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
