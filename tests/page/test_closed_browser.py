"""A closed page in Chromium: it works under its Content-Security-Policy, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from profile_widgets.page.door import Door
from tests.page.conftest import COUNTER, write_notebook
from tests.page.visits import SECRET

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CONTROLS = """
import ipywidgets
text, button = ipywidgets.Text("typed"), ipywidgets.Button(description="press")
choice, heard = ipywidgets.Dropdown(options=["a"]), ipywidgets.Label()
button.on_click(lambda _: setattr(heard, "value", "heard " + text.value))
ipywidgets.VBox([text, button, choice, heard])
"""
SCRIPTS = """() => {
  window.ran = [];
  const place = document.createElement("div");
  document.body.append(place);
  place.innerHTML = '<img src="x" onerror="window.ran.push(1)"><svg onload="window.ran.push(2)"></svg>';
  const inline = document.createElement("script");
  inline.textContent = "window.ran.push(3)";
  place.append(inline);
  const foreign = document.createElement("script");
  foreign.src = "http://localhost:1/foreign.js";
  foreign.onerror = () => { window.refused = true; };
  place.append(foreign);
  // Later: what the browser's own tools evaluate may evaluate too.
  setTimeout(() => { try { new Function("window.ran.push(4)")(); } catch { window.noEval = true; } });
}"""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    notebook = write_notebook(tmp_path_factory.mktemp("csp") / "small.ipynb", COUNTER, "counter", CONTROLS)
    closing = Closing(identity="proxy", secret=SECRET)
    said = {"X-Forwarded-User": "alice", "X-Page-Secret": SECRET}
    with PageServer(notebook, closing=closing, own_page=False) as server, Door(server.port, said) as opened:
        yield opened


@pytest.fixture(scope="module")
def tab(browser: Browser, door: Door) -> Iterator[Page]:
    """The page, with all that its policy refuses and all that fails on it in ``window.refusals``."""
    context = browser.new_context()
    context.add_init_script(
        "window.refusals = [];"
        "document.addEventListener('securitypolicyviolation',"
        "  (e) => window.refusals.push(`${e.violatedDirective} ${e.blockedURI}`));"
        "window.addEventListener('error', (e) => window.refusals.push(String(e.message)));"
    )
    page = context.new_page()
    page.goto(door.url)
    page.get_by_role("button", name="press", exact=True).wait_for()
    yield page
    context.close()


def test_the_page_works_and_its_policy_refuses_nothing_of_it(tab: Page) -> None:
    tab.get_by_role("button", name="pressed 0").click()
    tab.locator("[data-heard='1']").wait_for()
    tab.get_by_role("button", name="press", exact=True).click()
    tab.get_by_text("heard typed").wait_for()
    assert tab.evaluate("window.refusals") == []


def test_no_script_runs_that_is_not_the_pages_own(tab: Page) -> None:
    tab.evaluate(SCRIPTS)
    tab.wait_for_function("() => window.refused && window.noEval")
    refused = " ".join(tab.evaluate("window.refusals"))
    for directive in ("script-src-attr inline", "script-src-elem inline", "script-src-elem http://localhost:1"):
        assert directive in refused
    assert tab.evaluate("window.ran") == []


def test_the_page_stands_in_no_other_page(browser: Browser, door: Door) -> None:
    other = browser.new_context().new_page()
    other.set_content(f'<iframe src="{door.url}"></iframe>')
    frame = other.frames[-1]
    frame.wait_for_load_state()
    assert "pwp-page" not in frame.content()
    other.close()


def test_a_link_on_another_site_leads_to_the_page(browser: Browser, door: Door) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    link = f'<a href="{door.url}?theme=dark">our profiles</a>'
    context.route("http://wiki.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    page.goto("http://wiki.example/")
    page.get_by_role("link", name="our profiles").click()
    page.get_by_role("button", name="press", exact=True).wait_for()
    assert asked == ["http://wiki.example/", *[f"{door.url}?theme=dark"] * 2]
    context.close()


def test_a_page_that_is_left_ends_its_kernel(browser: Browser, door: Door) -> None:
    page = browser.new_context().new_page()
    page.goto(door.url)
    page.get_by_role("button", name="press", exact=True).wait_for()
    ask = f"(id) => fetch('{door.url}api/kernels/' + id).then((answer) => answer.status)"
    other = browser.new_context().new_page()
    other.goto(f"{door.url}voila/static/voila.js")
    kernel_id = page.evaluate("document.body.dataset.kernelId")
    assert other.evaluate(ask, kernel_id) == 200
    page.goto("about:blank")
    other.wait_for_function(f"(id) => ({ask})(id).then((status) => status === 404)", arg=kernel_id)
