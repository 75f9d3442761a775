"""What Binder does with ``binder/``, on this machine: the page and the lesson inside JupyterLab's server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest

from profile_widgets.page import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a JupyterLab that was started as Binder starts it."""
    home = tmp_path_factory.mktemp("home")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "HOME": str(home), "PATH": programs}
    subprocess.run([ROOT / "binder" / "postBuild"], env=environment, cwd=ROOT, check=True, timeout=60)
    port = free_port()
    command = ["jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"]
    process = subprocess.Popen(
        [ROOT / "binder" / "start", *command, "--IdentityProvider.token=", "--ServerApp.log_level=ERROR"],
        env=environment,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}/", process)
    finally:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        os.killpg(process.pid, signal.SIGTERM)
        for each in psutil.wait_procs(family, 10)[1]:
            each.kill()
        process.wait()


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}api", timeout=5):
                return address
        except OSError:
            pass
    raise AssertionError(f"JupyterLab ended with status {process.returncode}.")


def test_binder_opens_the_page_on_the_sandbox(browser: Browser, server: str) -> None:
    tab = browser.new_page()
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(urlsplit(request.url.removeprefix("blob:")).netloc))
    tab.goto(f"{server}voila/render/notebooks/user_profile.ipynb")
    tab.get_by_text("Sandbox", exact=True).first.wait_for(timeout=60_000)
    assert hosts == {urlsplit(server).netloc}
    assert tab.locator("#pwp-page").count() == 1


def test_binder_opens_the_lesson_in_jupyterlab(browser: Browser, server: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{server}lab/tree/notebooks/tour.ipynb")
    tab.get_by_role("heading", name=re.compile("A tour of profile_widgets")).first.wait_for(timeout=60_000)
