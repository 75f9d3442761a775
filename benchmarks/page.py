"""The first widget on a page: the kit's own page on the sandbox, and one with a Text, both by Voila in Chromium."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.programs import ROOT, environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

FIRST = {"ours": ".pw input", "floor": "input[type=text]"}
"""What counts as the first widget: an input that is on the screen."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def loads(rounds: int, extra: Mapping[str, str]) -> dict[str, float]:
    """Return the median seconds from address to first widget, in turns, after one load of each to warm up."""
    from playwright.sync_api import sync_playwright

    from profile_widgets.page import PageServer, page_notebook

    with tempfile.TemporaryDirectory() as folder:
        floor = one_text(Path(folder))
        around = environment(extra)
        with (
            PageServer(page_notebook(), environment=around) as ours,
            PageServer(floor, environment=around) as text,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
            spent = _rounds(browser, {"floor": text.url, "ours": ours.url}, rounds)
            browser.close()
    return {name: statistics.median(each) for name, each in spent.items()}


def _chromium() -> str:
    if "CHROMIUM" in os.environ:
        return os.environ["CHROMIUM"]
    command = [ROOT / "scripts" / "chromium"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def one_text(folder: Path) -> Path:
    import nbformat

    cell = nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.Text()")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"title": "One text", "kernelspec": kernel})
    path = folder / "one_text.ipynb"
    nbformat.write(notebook, path)
    return path


def _rounds(browser: Browser, urls: Mapping[str, str], rounds: int) -> dict[str, list[float]]:
    context = browser.new_context()
    spent: dict[str, list[float]] = {name: [] for name in urls}
    for turn in range(rounds + 1):
        for name, url in urls.items():
            seconds = _load(context, url, FIRST[name])
            if turn:
                spent[name].append(seconds)
    context.close()
    return spent


def _load(context: BrowserContext, url: str, first: str) -> float:
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit", timeout=60_000)
    page.locator(first).first.wait_for(timeout=60_000)
    spent = time.perf_counter() - began
    page.goto("about:blank")  # leaving the page ends its kernel
    page.close()
    time.sleep(0.5)  # so that the kernel's end is not measured with the next load
    return spent
