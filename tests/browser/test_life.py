"""The page's life: what it says while it starts, when its kernel is gone, and before it is ended for idleness."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from profile_widgets.page.door import Door
from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LONG, ProfilePage
from tests.browser.test_access import ALL, violations
from tests.page.conftest import write_notebook

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]

SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
WATCHDOG, STILL = 20_000, "The page is still starting: nothing has come after 20 seconds."
GRACE = 1000
"""Milliseconds in which a key that was already on its way does not press the button."""
AGAIN = "Load the page again"
KERNEL = "**/api/kernels/*"
SCRIPTS = "**/voila/**/static/voila.js*"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Serve a notebook with one button that waits until a file is there."""
    folder = tmp_path_factory.mktemp("small")
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(folder / 'go')!r}).exists(): time.sleep(0.05)"
    notebook = write_notebook(
        folder / "small.ipynb", wait, "import ipywidgets", "ipywidgets.Button(description='here')"
    )
    with PageServer(notebook) as server:
        yield server


@pytest.fixture
def go(small: PageServer) -> Iterator[Path]:
    """Return the file that lets the notebook go on."""
    file = small.notebook.parent / "go"
    yield file
    file.touch()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Return a tab with a clock of its own, which a test moves on."""
    place = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme="dark", reduced_motion="reduce")
    opened = place.new_page()
    opened.clock.install()
    yield opened
    opened.unroute_all(behavior="ignoreErrors")
    opened.goto("about:blank")
    place.close()


def begin(tab: Page, server: PageServer) -> None:
    tab.goto(server.url, wait_until="commit")
    expect(tab.locator("#pwp-loading")).to_be_visible(timeout=LONG)


def text_of(tab: Page) -> str:
    return tab.locator("#pwp-loading-text").inner_text()


# -- while it starts -----------------------------------------------------------------------------------------------


def test_a_page_says_that_it_is_starting_before_its_kernel_has_answered_and_what_it_waits_for(
    tab: Page, small: PageServer, go: Path
) -> None:
    go.unlink(missing_ok=True)
    begin(tab, small)
    expect(tab.locator("#pwp-kernel")).to_be_attached(timeout=LONG)
    tab.clock.fast_forward(1000)
    expect(tab.get_by_role("status")).to_have_text("Building A small page ...")
    expect(tab.get_by_text(STILL)).to_have_count(0)
    tab.clock.fast_forward(WATCHDOG)
    expect(tab.get_by_role("alert")).to_contain_text(f"{STILL} Its kernel was started, but has shown nothing yet")
    expect(tab.get_by_role("button", name=AGAIN)).to_be_visible()
    assert violations(tab, ALL) == []
    go.touch()
    expect(tab.get_by_role("button", name="here")).to_be_visible(timeout=LONG)
    expect(tab.get_by_role("alert")).to_have_count(0)
    expect(tab.locator("#pwp-loading")).to_be_hidden()


def test_the_watchdog_knows_scripts_that_do_not_come_from_a_kernel_out_of_reach(
    tab: Page, small: PageServer, go: Path
) -> None:
    go.touch()
    tab.route(SCRIPTS, lambda route: route.abort())
    begin(tab, small)
    tab.wait_for_load_state()
    tab.clock.fast_forward(WATCHDOG)
    expect(tab.get_by_role("alert")).to_contain_text("The browser does not have the page's own scripts yet")
    tab.unroute(SCRIPTS)
    tab.route_web_socket("**/channels*", lambda socket: socket.close())
    tab.get_by_role("button", name=AGAIN).click()
    tab.wait_for_function("window.jupyterapp?.widgetManager?.kernel")
    tab.clock.fast_forward(WATCHDOG)
    expect(tab.get_by_role("alert").first).to_contain_text("may block WebSockets")


@pytest.mark.long
def test_a_page_without_widgets_is_not_waited_for(browser: Browser, tmp_path: Path) -> None:
    with PageServer(write_notebook(tmp_path / "text.ipynb", "print('only words')")) as server:
        tab = browser.new_page()
        tab.goto(server.url)
        expect(tab.get_by_text("only words")).to_be_visible()
        expect(tab.locator("#pwp-loading")).to_be_hidden()
        tab.close()


# -- when its kernel is gone ---------------------------------------------------------------------------------------


@pytest.fixture
def edited(open_voila: OpenPage) -> ProfilePage:
    """Return the page with a profile open and one edit made."""
    page = open_voila(reduced_motion="reduce")
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    return page


def kill_the_kernel(page: ProfilePage, voila: PageServer) -> None:
    assert voila.pid is not None
    children = psutil.Process(voila.pid).children(recursive=True)
    (kernel,) = [each for each in children if any(page.kernel in part for part in each.cmdline())]
    os.kill(kernel.pid, signal.SIGKILL)


def test_a_page_whose_kernel_is_gone_says_what_is_kept_and_takes_nothing_more(
    edited: ProfilePage, voila: PageServer, sandbox: Sandbox, witness: Any
) -> None:
    witness.expected |= {"Kernel connection disconnected"}
    kill_the_kernel(edited, voila)
    edited.says("The kernel behind this page has stopped, so nothing on it works any more.")
    edited.says("1 change that was not sent is kept, and offered again when you open the same profile.")
    again, keys, box = edited.button(AGAIN), edited.tab.keyboard, edited.box(SIZE)
    expect(again).to_be_focused()
    box.focus()
    keys.type("9")
    expect(box).to_have_value("30")
    expect(again).to_be_focused()
    keys.press("Tab")
    assert edited.tab.evaluate("document.getElementById('pwp-page').contains(document.activeElement)") is False
    again.focus()
    assert violations(edited.tab, ALL) == []
    assert "UpdateUserProfile" not in [call.operation for call in sandbox.calls]
    edited.tab.wait_for_timeout(GRACE)
    keys.press("Enter")
    expect(edited.chooser("Domain")).to_have_value("", timeout=LONG)
    edited.open_profile("research", "analyst-1")
    edited.button("Restore these edits").click()
    expect(edited.change_row("Default size, GB")).to_contain_text("30")


@pytest.mark.long
def test_a_connection_that_comes_back_goes_on_where_it_was(edited: ProfilePage) -> None:
    offline = edited.tab.context.set_offline
    edited.tab.evaluate("window.jupyterapp.widgetManager.kernel._ws.close()")
    offline(True)
    edited.says("The connection to this page's kernel is lost. Trying to reach it again")
    offline(False)
    expect(edited.tab.get_by_text("is lost. Trying to reach it again")).to_have_count(0, timeout=LONG)
    edited.type(SIZE, "40")
    expect(edited.change_row("Default size, GB")).to_contain_text("40")


@pytest.mark.long
@pytest.mark.parametrize("status", [403, 302])
def test_who_is_signed_out_is_told(edited: ProfilePage, status: int) -> None:
    edited.tab.route(KERNEL, lambda route: route.fulfill(status=status, headers={"Location": "/elsewhere"}))
    edited.tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    edited.says("You are signed out, so nothing on this page works any more.")
    edited.says("1 change that was not sent is kept")


# -- when nobody is there ------------------------------------------------------------------------------------------

HEADERS = {"X-Forwarded-User": "alice", "X-Page-Secret": "0123456789abcdef" * 2}
IDLE_SECONDS = 14


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Open a door to a closed page that may stand untouched for some seconds."""
    notebook = tmp_path_factory.mktemp("brief") / "small.ipynb"
    write_notebook(notebook, "import ipywidgets", "ipywidgets.Button(description='here')")
    audit = tmp_path_factory.mktemp("audit") / "audit.jsonl"
    closing = Closing(
        policy="read-only",
        identity="proxy",
        secret="0123456789abcdef" * 2,
        audit=str(audit),
        idle_minutes=IDLE_SECONDS / 60,
    )
    with PageServer(notebook, own_page=False, closing=closing) as server, Door(server.port, HEADERS) as door:
        yield door


@pytest.mark.parametrize("then", ["stay", pytest.param("leave", marks=pytest.mark.long)])
def test_an_idle_page_warns_before_it_is_ended_and_can_stay(browser: Browser, brief: Door, then: str) -> None:
    tab = browser.new_page(reduced_motion="reduce")
    problems: list[str] = []
    tab.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    tab.goto(brief.url)
    expect(tab.get_by_role("button", name="here")).to_be_visible(timeout=LONG)
    stay = tab.get_by_role("button", name="Stay")
    expect(stay).to_be_visible(timeout=LONG)
    expect(tab.get_by_role("alert")).to_contain_text("This page has been idle, and ends in 7 seconds.")
    if then == "leave":
        stay.click()
        expect(stay).to_have_count(0)
        tab.get_by_text("Nothing was done on this page for a while, so the server has ended it.").wait_for(timeout=LONG)
        expect(tab.get_by_role("button", name=AGAIN)).to_be_visible()
    else:
        tab.keyboard.press("Shift")  # whoever presses a key is there
        expect(stay).to_have_count(0)
    assert problems == []
    tab.close()
