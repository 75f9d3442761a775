"""What Binder does with ``binder/``, on this machine: the page and the lesson inside JupyterLab's server."""

from __future__ import annotations

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from packaging.requirements import Requirement
from playwright.sync_api import expect

from profile_widgets.page import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
OPENED = ("voila/render/notebooks/user_profile.ipynb", "lab/tree/notebooks/tour.ipynb")
"""What the README's links open: the page, and the lesson."""


def pins() -> list[Requirement]:
    """Return what Binder installs in one version only."""
    text = (ROOT / "binder" / "requirements.txt").read_text("utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith(".")]


# -- the configuration, looked at by repo2docker itself, which needs no Docker for that ------------------------------


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """Return the recipe that repo2docker makes of this repository."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


def test_repo2docker_reads_the_configuration_and_finds_each_part_of_it(dockerfile: str) -> None:
    assert "Building conda environment for python=3.12" in dockerfile
    assert "environment.py-3.12" in dockerfile.replace("-2e", ".").replace("-2d", "-")  # a Python that it supports
    assert "RUN ./binder/postBuild" in dockerfile
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


def test_repo2docker_installs_when_the_whole_repository_is_there(dockerfile: str) -> None:
    """``.[app]`` is this repository: an image that installs before it is copied could not be built."""
    copied = re.search(r"^COPY .*src/ \$\{REPO_DIR\}/$", dockerfile, re.MULTILINE)
    installed = re.search(r'^RUN .*pip install .*-r "binder/requirements.txt"$', dockerfile, re.MULTILINE)
    assert copied
    assert installed
    assert copied.start() < installed.start()


def test_what_binder_pins_is_what_the_kit_allows_and_what_it_stands_on() -> None:
    wanted = [Requirement(text) for text in importlib.metadata.requires("profile-widgets") or ()]
    for pin in pins():
        (version,) = [each.version for each in pin.specifier if each.operator == "=="]
        mine = [each for each in wanted if each.name == pin.name and "test" not in str(each.marker)]
        assert mine, pin
        assert all(each.specifier.contains(version) for each in mine), pin
    assert {"voila", "ipywidgets", "anywidget", "moto", "boto3"} == {pin.name for pin in pins()}


@pytest.mark.long
def test_what_binder_installs_can_be_had() -> None:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "-r", "binder/requirements.txt"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("path", OPENED)
def test_the_readme_opens_on_binder_what_is_there(path: str) -> None:
    links = re.findall(r"https://mybinder\.org/v2/gh/[^)\s]+", (ROOT / "README.md").read_text("utf-8"))
    opened = [parse_qs(urlsplit(link).query)["urlpath"][0] for link in links]
    assert sorted(opened) == sorted(OPENED)
    assert (ROOT / path.partition("notebooks/")[1] / path.partition("notebooks/")[2]).is_file()


# -- what it makes, started as Binder starts it ---------------------------------------------------------------------


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


@pytest.mark.browser
def test_binder_opens_the_page_on_the_sandbox(browser: Browser, server: str) -> None:
    tab = browser.new_page()
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(urlsplit(request.url.removeprefix("blob:")).netloc))
    tab.goto(f"{server}voila/render/notebooks/user_profile.ipynb")
    tab.get_by_text("Sandbox", exact=True).first.wait_for(timeout=60_000)
    expect(tab.get_by_text("This is Binder", exact=False).first).to_be_visible()  # in whose name it acts
    assert hosts == {urlsplit(server).netloc}
    assert tab.locator("#pwp-page").count() == 1


@pytest.mark.browser
def test_binder_opens_the_lesson_in_jupyterlab(browser: Browser, server: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{server}lab/tree/notebooks/tour.ipynb")
    tab.get_by_role("heading", name=re.compile("A tour of profile_widgets")).first.wait_for(timeout=60_000)
