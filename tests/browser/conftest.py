"""The whole kit as it runs for a person: the sandbox, Voila and JupyterLab beside it, Chromium in front of them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from profile_widgets.page import PageServer, free_port, page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LONG, ProfilePage, foreign

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
DOMAIN = "d-9xk2m4tq7abc"
QUIET_LAB = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
"""JupyterLab's own news would ask another host."""

READY = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.isReady"

Aws = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True, scope="session")
def _patience() -> None:
    expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[Sandbox]:
    """Run a sandbox at a port of its own, so that it comes back there after a stop."""
    with Sandbox(port=free_port(), delay=0.2) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox as it was seeded."""
    running_sandbox.start()
    running_sandbox.reset()
    running_sandbox.delay = 0.2
    yield running_sandbox
    running_sandbox.start()
    running_sandbox.reset()


@pytest.fixture
def aws(sandbox: Sandbox) -> Aws:
    """Return the AWS CLI on the sandbox: a reader that shares no code of ours."""
    program = shutil.which("aws", path=sysconfig.get_path("scripts"))
    assert program, "awscli is not installed beside this Python"

    def run(*arguments: str) -> dict[str, Any]:
        command = [program, "sagemaker", *arguments, "--endpoint-url", sandbox.endpoint_url, "--output", "json"]
        environment = sandbox_environment(os.environ, sandbox.environment)
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)  # type: ignore[no-any-return]

    return run


@pytest.fixture
def describe(aws: Aws) -> Callable[[str], dict[str, Any]]:
    """Return what the AWS CLI says of a profile of the domain "research"."""
    return lambda name: aws("describe-user-profile", "--domain-id", DOMAIN, "--user-profile-name", name)


# -- servers -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def voila(running_sandbox: Sandbox) -> Iterator[PageServer]:
    environment = sandbox_environment(os.environ, running_sandbox.environment)
    with PageServer(page_notebook(), environment=environment) as server:
        yield server


@dataclass
class Lab:
    """A running JupyterLab and the folder that it shows."""

    port: int
    folder: Path

    def url_of_copy(self, notebook: str) -> str:
        """Return the address of a fresh copy of a notebook, in a workspace of its own."""
        name = uuid.uuid4().hex
        shutil.copy(self.folder / notebook, self.folder / f"{name}.ipynb")
        return f"http://127.0.0.1:{self.port}/lab/workspaces/{name}/tree/{name}.ipynb"


def _lab_environment(home: Path, base: Mapping[str, str]) -> dict[str, str]:
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET_LAB))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {**base, "JUPYTER_PREFER_ENV_PATH": "1", **{name: str(home / part) for name, part in folders.items()}}


@pytest.fixture(scope="module")
def lab(running_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Run JupyterLab on a folder with a copy of the page's notebook."""
    home, folder, port = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lab"), free_port()
    shutil.copy(NOTEBOOKS / "user_profile.ipynb", folder)
    options = ("--no-browser", "--allow-root", "--expose-app-in-browser", "--LabApp.extension_manager=readonly")
    open_door = ("--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.port_retries=0")
    where = (f"--port={port}", f"--ServerApp.root_dir={folder}")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", *options, *open_door, *where],
        env=_lab_environment(home, sandbox_environment(os.environ, running_sandbox.environment)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_answer(process, port)
        yield Lab(port, folder)
    finally:
        process.terminate()
        process.wait(20)


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "JupyterLab ended before it answered"
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api")
            if connection.getresponse().status == 200:
                connection.close()
                return
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not answer")


# -- tabs ----------------------------------------------------------------------------------------------------------


@dataclass
class Witness:
    """What a tab asked for and what went wrong in it."""

    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=lambda: {"Cannot send"})  # Jupyter's, of a page that is left meanwhile

    def watch(self, tab: Page) -> None:
        tab.on("request", lambda request: self.urls.append(request.url))
        tab.on("websocket", lambda socket: self.urls.append(socket.url))
        tab.on("pageerror", lambda error: self.errors.append(str(error)))


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def new_tab(browser: Browser, witness: Witness) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a tab; every tab must have asked this machine alone, and shown no traceback."""
    opened: list[Page] = []

    def open_tab(**context: Any) -> Page:
        place = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **context)
        place.set_default_timeout(20_000)
        tab = place.new_page()
        witness.watch(tab)
        opened.append(tab)
        return tab

    yield open_tab
    texts = [tab.locator("body").inner_text() for tab in opened]
    for tab in opened:
        tab.goto("about:blank")  # so that Voila hears of it and ends the kernel
        tab.context.close()
    assert not foreign(witness.urls)
    assert not [text for text in texts if "Traceback" in text]


@pytest.fixture
def open_voila(
    new_tab: Callable[..., Page], voila: PageServer, sandbox: Sandbox, witness: Witness
) -> Iterator[Callable[..., ProfilePage]]:
    """Return a function that opens the page in Voila."""

    def open_page(query: str = "", **context: Any) -> ProfilePage:
        tab = new_tab(**context)
        tab.goto(voila.url + query)
        page = ProfilePage(tab)
        expect(page.chooser("Domain")).to_be_visible(timeout=LONG)
        return page

    assert sandbox.calls == ()
    yield open_page
    assert not set(witness.errors) - witness.expected


@pytest.fixture
def open_lab(new_tab: Callable[..., Page], lab: Lab, sandbox: Sandbox) -> Iterator[Callable[..., ProfilePage]]:
    """Return a function that opens a copy of a notebook in JupyterLab and runs all its cells."""
    opened: list[Page] = []

    def open_page(notebook: str = "user_profile.ipynb", *, dark: bool = False, **context: Any) -> ProfilePage:
        tab = new_tab(viewport={"width": 1400, "height": 1000}, **context)
        tab.goto(lab.url_of_copy(notebook))
        tab.wait_for_function(READY, timeout=LONG)
        opened.append(tab)
        if dark:
            run(tab, "apputils:change-theme", theme="JupyterLab Dark")
            expect(tab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        run(tab, "notebook:run-all-cells")
        page = ProfilePage(tab, tab.locator(".jp-Notebook"))
        expect(page.chooser("Domain").first).to_be_visible(timeout=LONG)
        return page

    assert sandbox.calls == ()
    yield open_page
    for tab in opened:
        tab.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")


def run(tab: Page, command: str, **arguments: Any) -> None:
    """Run a command of JupyterLab's."""
    tab.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [command, arguments])
