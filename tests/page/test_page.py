"""The page in Chromium: what it fetches, what it says, how it looks around the widgets."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest

from profile_widgets.page import PageServer
from tests.page.conftest import write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SHUT_DOWN = """() => {
  const form = new FormData();
  form.append("_xsrf", (document.cookie.match(/_xsrf=([^;]*)/) ?? ["", ""])[1]);
  navigator.sendBeacon(`/voila/api/shutdown/${document.body.dataset.kernelId}`, form);
}"""
"""What Voila's front end does when its page is left."""
WIDGET = "#pwp-page .jp-OutputArea-output button"


def open_page(browser: Browser, server: PageServer, query: str = "", **context: object) -> Page:
    tab = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    tab.goto(server.url + query)
    tab.locator(WIDGET).wait_for()
    return tab


def kernels_of(server: PageServer) -> list[psutil.Process]:
    assert server.pid is not None
    children = psutil.Process(server.pid).children(recursive=True)
    return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]


def test_the_page_fetches_from_its_own_address_only(browser: Browser, page: PageServer) -> None:
    tab = browser.new_context().new_page()
    hosts: set[str] = set()
    failures: list[str] = []
    tab.on("request", lambda request: hosts.add(urlsplit(request.url.removeprefix("blob:")).netloc))
    tab.on("pageerror", lambda error: failures.append(str(error)))
    tab.on("response", lambda reply: failures.append(reply.url) if reply.status >= 400 else None)
    tab.goto(page.url)
    tab.locator(WIDGET).wait_for()
    tab.wait_for_load_state("networkidle")
    assert hosts == {urlsplit(page.url).netloc}
    assert not failures


def test_a_widget_of_anywidget_works_both_ways(browser: Browser, page: PageServer) -> None:
    tab = open_page(browser, page)
    tab.locator(WIDGET).click()
    tab.locator("[data-heard='1']").wait_for()
    assert tab.locator(WIDGET).inner_text() == "pressed 1"


def test_the_first_bytes_say_that_the_page_is_starting(page: PageServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    connection.request("GET", "/")
    reply = connection.getresponse()
    seen = b""
    while b"<main" not in seen:  # the kernel is started after this point of the document
        part = reply.read1(4096)
        assert part, seen
        seen += part
    connection.close()
    assert b"Starting A small page ..." in seen
    assert b"pwp-kernel" not in seen


def test_the_starting_line_goes_when_the_first_widget_is_there(browser: Browser, page: PageServer) -> None:
    tab = open_page(browser, page)
    tab.locator("#pwp-loading").wait_for(state="hidden")
    assert tab.locator("#pwp-notices > *").count() == 0


def test_the_document_has_a_title_a_language_and_one_main_part(browser: Browser, page: PageServer) -> None:
    tab = open_page(browser, page)
    assert tab.title() == "A small page"
    assert tab.locator("html").get_attribute("lang") == "en"
    assert tab.get_by_role("main").count() == 1
    assert tab.get_by_role("banner").count() == 0


def test_the_sources_of_the_cells_are_left_out(browser: Browser, page: PageServer) -> None:
    assert "secret_of_the_source" not in open_page(browser, page).content()


@pytest.mark.parametrize(
    ("query", "scheme", "dark"),
    [("", "light", False), ("", "dark", True), ("?theme=dark", "light", True), ("?theme=light", "dark", False)],
)
def test_the_theme_is_the_asked_one_or_what_the_browser_prefers(
    browser: Browser, page: PageServer, query: str, scheme: str, dark: bool
) -> None:
    tab = open_page(browser, page, query, color_scheme=scheme)
    assert tab.locator("body").get_attribute("data-jp-theme-light") == ("false" if dark else "true")
    red = tab.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert (red < 128) is dark


def test_a_narrow_screen_does_not_scroll_sideways(browser: Browser, page: PageServer) -> None:
    tab = open_page(browser, page, viewport={"width": 360, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") == 360


def test_a_wide_screen_keeps_lines_readable(browser: Browser, page: PageServer) -> None:
    tab = open_page(browser, page, viewport={"width": 2400, "height": 900})
    box = tab.get_by_role("main").bounding_box()
    assert box is not None
    assert box["width"] == 1100


def test_files_beside_the_notebook_are_not_served(page: PageServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=20)
    for path in ("/voila/files/beside.png", "/voila/files/small.ipynb"):
        connection.request("GET", path)
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 403, path
    connection.close()


@pytest.mark.long
def test_a_lost_kernel_is_said_and_the_page_offers_to_load_again(browser: Browser, page: PageServer) -> None:
    before = {kernel.pid for kernel in kernels_of(page)}
    tab = open_page(browser, page)
    (kernel,) = [each for each in kernels_of(page) if each.pid not in before]
    tab.evaluate(SHUT_DOWN)
    kernel.wait(30)
    notice = tab.get_by_role("alert")
    notice.wait_for()
    tab.get_by_text("The kernel behind this page has stopped").wait_for()
    assert tab.get_by_role("button", name="Load the page again").is_visible()


def test_a_killed_kernel_is_said(browser: Browser, page: PageServer) -> None:
    before = {kernel.pid for kernel in kernels_of(page)}
    tab = open_page(browser, page)
    (kernel,) = [each for each in kernels_of(page) if each.pid not in before]
    kernel.kill()
    tab.get_by_text("The kernel behind this page has stopped").wait_for(timeout=60_000)


def test_a_server_out_of_reach_is_said(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "button.ipynb", "import ipywidgets", "ipywidgets.Button(description='here')")
    with PageServer(notebook) as server:
        tab = open_page(browser, server)
    tab.get_by_text("The connection to this page's kernel is lost").wait_for()


def test_a_failing_notebook_is_a_sentence_without_a_traceback(
    browser: Browser, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notebook = write_notebook(tmp_path / "broken.ipynb", "raise ValueError('a secret of the server')", "'never shown'")
    with PageServer(notebook) as server:
        tab = browser.new_page()
        tab.goto(server.url)
        tab.get_by_text("This page could not be built").wait_for()
        tab.locator("#pwp-loading").wait_for(state="hidden")
        text = tab.content()
    assert "Traceback" not in text
    assert "a secret of the server" not in text
    assert "never shown" not in text
    assert "a secret of the server" in capfd.readouterr().err


@pytest.mark.long
def test_a_slow_start_is_said_after_a_while(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "slow.ipynb", "import time; time.sleep(600)", "'late'")
    with PageServer(notebook) as server:
        tab = browser.new_page()
        tab.goto(server.url, wait_until="commit")
        tab.get_by_text("nothing has come after 20 seconds").wait_for(timeout=60_000)
        assert tab.locator("#pwp-loading").is_visible()


def test_a_notebook_that_is_gone_is_a_sentence(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "short.ipynb", "'here'")
    with PageServer(notebook) as server:
        notebook.unlink()
        tab = browser.new_page()
        hosts: set[str] = set()
        tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        tab.goto(server.url)
        tab.get_by_text("There is no page at this address.").wait_for()
    assert hosts == {urlsplit(server.url).netloc}


def test_a_page_that_is_left_ends_its_kernel(browser: Browser, page: PageServer) -> None:
    before = {kernel.pid for kernel in kernels_of(page)}
    tab = open_page(browser, page)
    (kernel,) = [each for each in kernels_of(page) if each.pid not in before]
    tab.goto("about:blank")
    kernel.wait(30)


def test_the_page_and_its_kernels_end_with_it(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "button.ipynb", "import ipywidgets", "ipywidgets.Button(description='here')")
    with PageServer(notebook) as server:
        open_page(browser, server)
        assert server.pid is not None
        alive = [psutil.Process(server.pid), *kernels_of(server)]
        assert len(alive) == 2
    gone, left = psutil.wait_procs(alive, 20)
    assert not left
    assert {process.pid for process in gone} == {process.pid for process in alive}


def test_the_page_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "button.ipynb", "'here'")
    program = (
        "import sys, time\n"
        "from profile_widgets.page import PageServer\n"
        f"server = PageServer({str(notebook)!r})\n"
        "server.start()\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        page_process = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    page_process.wait(30)
