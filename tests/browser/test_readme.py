"""What the README promises an administrator in five minutes: two visitors, each with their own page, and the audit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_driver import LAB, LONG, ProfilePage

pytestmark = pytest.mark.browser

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
DEMO = ("--policy", "self-service", "--visitors", "alice,bob")
ROLE = "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole"
PASTED = json.dumps({"UserSettings": {"ExecutionRole": ROLE}})
TYPE = f"{LAB}.DefaultResourceSpec.InstanceType"


def kit(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "profile_widgets", *arguments]


@pytest.fixture
def demo(data_folder: Path) -> Iterator[dict[str, str]]:
    """Run the README's command; return what it prints: each visitor's address, and where the audit is."""
    assert f"./scripts/demo {' '.join(DEMO)}" in README
    command = kit("demo", *DEMO, "--no-browser")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as run:
        try:
            assert run.stdout is not None
            said = dict[str, str]()
            while "Stop with Ctrl-C." not in said:
                line = run.stdout.readline()
                assert line, "The demo ended before it was ready."
                name, _, rest = line.strip().partition(": ")
                said[name] = rest.strip()
            yield said
        finally:
            run.terminate()
            run.wait(60)
    assert not data_folder.exists() or data_folder.stat().st_mode & 0o077 == 0


def audit(file: str, *filters: str) -> list[dict[str, Any]]:
    """Return the rows that ``profile-widgets audit`` shows."""
    command = kit("audit", file, "--operation", "UpdateUserProfile", "--output", "json", *filters)
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return list(json.loads(answer.stdout)["rows"])


def test_two_visitors_change_what_they_may_are_refused_the_rest_and_stand_in_the_audit(
    demo: dict[str, str], new_tab: Callable[..., Page]
) -> None:
    assert PASTED in README
    for name in ("alice", "bob"):
        page = ProfilePage(new_tab())
        page.tab.goto(demo[name])
        expect(page.root.get_by_text(f"You are {name}", exact=False).first).to_be_visible(timeout=LONG)
        expect(page.button(f"Update {name}")).to_be_visible(timeout=LONG)
        page.button("Load a request").click()
        page.root.get_by_label("Paste a request").fill(PASTED)
        page.button("Read it").click()
        page.says("Locked by the policy “Self-service”")
        page.expand("JupyterLab app")
        page.expand("Default resources")
        offered = page.box(TYPE).locator("option").all_inner_texts()
        chosen = next(option for option in offered if option.startswith("ml.m5.large"))
        page.pick(TYPE, chosen)
        page.submit(f"Update {name}", "Updated")
        rows = audit(demo["The audit"], "--visitor", name)
        changed = {
            (row["outcome"], *(each["path"].removeprefix("UserSettings.") for each in row["changes"])) for row in rows
        }
        assert changed == {
            ("refused by policy", "ExecutionRole"),
            ("done", TYPE.removeprefix("UserSettings.")),
        }
        assert {row["profile"] for row in rows} == {name}
