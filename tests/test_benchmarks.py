"""The benchmark runs, and its figures that do not depend on the machine are within the aims."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORM = "open the form: catalog calls"
VERDICT = re.compile(r"<= [0-9.]+.*: .*(reached|MISSED)$")


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=170).stdout


@pytest.fixture(scope="module")
def counts() -> dict[str, Any]:
    return {name: json.loads(run("benchmarks.forms", "counts", name)) for name in ("ours", "plain")}


def test_the_form_opens_few_widgets_and_sends_little(counts: dict[str, Any]) -> None:
    assert counts["ours"]["display"]["opens"] <= 40
    assert counts["ours"]["display"]["kib"] <= 40
    assert 0 < counts["ours"]["section"]["opens"] <= 60


def test_no_edit_sends_more_than_two_messages(counts: dict[str, Any]) -> None:
    sent = {path: messages for path, messages, _ in counts["ours"]["edits"]}
    assert len(sent) >= 5
    assert all(1 <= messages <= 2 for messages in sent.values()), sent


def test_a_closed_form_leaves_nothing_open_and_the_count_would_see_it(counts: dict[str, Any]) -> None:
    assert counts["ours"]["alive"] == 0
    assert counts["plain"]["alive"] > 0


@pytest.mark.long
def test_one_table_with_a_row_for_every_figure_of_the_forms_is_printed() -> None:
    printed = run("benchmarks", "--rounds", "1", "--only", "forms")
    heading, _, *rows = printed.split("\n\n")[1].splitlines()
    assert heading.split() == ["SettingsEditor", "UserProfileEditor", "Accordion", "jsonschema", "aim"]
    assert len(rows) == 12
    assert sum(bool(VERDICT.search(row)) for row in rows) == 6
    assert all(len(re.findall(r"  +[\d,.]+", row)) >= 4 for row in rows), printed


@pytest.mark.long
def test_many_visitors_at_once_are_measured_beside_a_page_with_one_text() -> None:
    printed = run("benchmarks", "--rounds", "1", "--only", "visitors", "--visitors", "3")
    rows = [re.split(r"  +", row.strip()) for row in printed.split("\n\n")[1].splitlines()[2:]]
    assert rows[0][0] == "first widget, 3 visitors at once (median), s"
    assert len(rows) == 7
    assert all(float(figure) > 0 for row in rows for figure in row[1:])


@pytest.mark.long
def test_imports_and_the_sandbox_are_measured_too() -> None:
    printed = run("benchmarks", "--rounds", "1", "--only", "starts")
    rows = printed.split("\n\n")[1].splitlines()[2:]
    assert [row.split("  ")[0].rpartition(",")[0] for row in rows] == [
        "import profile_widgets",
        "... and UserProfileEditor",
        "sandbox listens",
        "sandbox describes (median)",
    ]


@pytest.mark.long
def test_choosing_is_measured_against_a_bare_page_and_the_form_reads_no_list() -> None:
    printed = run("benchmarks", "--rounds", "1", "--only", "catalog")
    rows = [re.split(r"  +", row.strip()) for row in printed.split("\n\n")[1].splitlines()[2:]]
    per_list = ["... calls, all of it", "... rows", "... KiB"]
    lists = ["first of 5,000 roles, ms", "first of 10,000 profiles, ms", "first of 200 images, ms"]
    assert [row[0] for row in rows] == [*(title for each in lists for title in (each, *per_list)), FORM]
    figures = [float(row[1].replace(",", "")) for row in rows]
    assert figures[1:12:4] == [6, 1, 3]  # with those of the seed, the last page is begun
    assert figures[2:12:4] == [200, 100, 100]
    assert all(figure < 64 for figure in figures[3:12:4])
    assert figures[12] == 0


@pytest.mark.long
def test_judging_is_measured_against_botocores_validation_of_the_same_request() -> None:
    printed = run("benchmarks", "--rounds", "3", "--only", "checks")
    rows = printed.split("\n\n")[1].splitlines()[2:]
    assert [row.split("  ")[0] for row in rows] == [
        "check, full document, ms",
        "... the same again, ms",
        "an edit to shown findings (median), ms",
        "... in validations",
    ]
    assert sum(bool(VERDICT.search(row)) for row in rows) == 3
