"""The page under a policy, as visitors of a company use it: what is theirs, and what is locked and why."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from profile_widgets import served
from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor
from tests.browser.conftest import DOMAIN
from tests.browser.page_driver import LAB, LONG, ProfilePage, overflow
from tests.browser.test_access import ALL, violations

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
READY = files("profile_widgets.checks.policy").joinpath("ready/self-service.yaml")
IDLE = f"{LAB}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
IMAGE = f"{LAB}.DefaultResourceSpec.SageMakerImageArn"
EVERYTHING = re.compile("^All\\b")
ANALYST, LEAD = "analyst-1", "ml-lead"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the ready policy of the kit, for our domain."""
    folder = tmp_path_factory.mktemp("policy")
    text = READY.read_text("utf-8").replace("# domain_id: d-abc123", f"domain_id: {DOMAIN}")
    (folder / "ours.yaml").write_text(text, "utf-8")
    (folder / "audit").mkdir(mode=0o700)
    return folder


def server_for(name: str, sandbox: Sandbox, place: Path) -> PageServer:
    told = {
        served.VISITOR: Visitor(name, (), "proxy").to_json(),
        served.POLICY: str(place / "ours.yaml"),
        served.AUDIT: str(place / "audit" / "audit.jsonl"),
    }
    return PageServer(page_notebook(), environment=sandbox_environment(os.environ, sandbox.environment) | told)


@pytest.fixture(scope="module")
def voila(running_sandbox: Sandbox, place: Path) -> Iterator[PageServer]:
    """Serve the page to one visitor."""
    with server_for(ANALYST, running_sandbox, place) as server:
        yield server


@pytest.fixture
def theirs(open_voila: OpenPage) -> Callable[..., ProfilePage]:
    """Return a function that opens the page and waits for the visitor's own profile."""

    def open_theirs(query: str = "", **context: Any) -> ProfilePage:
        page = open_voila(query, reduced_motion="reduce", **context)
        expect(page.button(f"Update {ANALYST}")).to_be_visible(timeout=LONG)
        return page

    return open_theirs


@pytest.fixture
def open_voila(new_tab: Callable[..., Any], voila: PageServer, sandbox: Sandbox) -> OpenPage:
    """Return a function that opens the page, on which there may be nothing to choose."""

    assert sandbox.calls == ()

    def open_page(query: str = "", **context: Any) -> ProfilePage:
        tab = new_tab(**context)
        tab.goto(voila.url + query)
        return ProfilePage(tab)

    return open_page


def test_a_visitor_changes_what_is_theirs_and_is_told_why_not_the_rest_by_keys_alone(
    theirs: Callable[..., ProfilePage], describe: Callable[[str], dict[str, Any]]
) -> None:
    page = theirs()
    keys = page.tab.keyboard
    page.says(f"You are {ANALYST} (from your company's sign-in). This page acts as sandbox. Policy: Self-service.")
    expect(page.root.get_by_label("User profile", exact=True)).to_have_attribute("readonly", "")
    expect(page.header("JupyterLab app")).to_be_visible()
    expect(page.header("Execution role and security groups")).to_be_hidden()
    page.root.get_by_role("button", name=EVERYTHING).focus()
    keys.press("Enter")
    expect(page.header("Execution role and security groups")).to_be_visible()
    page.header("JupyterLab app").focus()
    keys.press("Enter")
    expect(page.box(IMAGE)).to_be_visible()
    why = page.at(IMAGE).get_by_role("button", name="Why? (Image)")
    page.box(IMAGE).focus()
    for _ in range(3):
        if not why.evaluate("node => node === document.activeElement"):
            keys.press("Tab")
    keys.press("Enter")
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(page.at(IMAGE).get_by_text("Ask your SageMaker administrators.")).to_be_visible()
    page.box(IDLE).focus()
    keys.press("Control+A")
    keys.type("5")
    keys.press("Tab")
    expect(page.box(IDLE)).to_have_value("5")
    expect(page.at(IDLE).get_by_text("not taken")).to_be_visible()
    expect(page.root.get_by_role("table", name="Changes")).to_have_count(0)
    expect(page.at(IDLE).get_by_text("Not changed. “5” is not allowed. Allowed here: 60 to 480.")).to_be_visible()
    page.box(IDLE).focus()
    keys.press("Control+A")
    keys.type("240")
    keys.press("Tab")
    expect(page.change_row("Idle timeout, minutes")).to_contain_text("240")
    expect(page.at(IDLE).get_by_text("Not changed.")).to_have_count(0)
    page.submit(f"Update {ANALYST}", "Updated")
    assert (
        describe(ANALYST)["UserSettings"]["JupyterLabAppSettings"]["AppLifecycleManagement"]["IdleSettings"][
            "IdleTimeoutInMinutes"
        ]
        == 240
    )


@pytest.mark.parametrize(
    "look", [*(pytest.param(each, marks=pytest.mark.long) for each in ("dark", "light")), "narrow"]
)
def test_axe_finds_nothing_serious_where_much_is_locked(theirs: Callable[..., ProfilePage], look: str) -> None:
    size = {"viewport": {"width": 360, "height": 740}} if look == "narrow" else {}
    page = theirs(f"?theme={'light' if look == 'narrow' else look}", **size)
    page.root.get_by_role("button", name=EVERYTHING).click()
    expect(page.header("Execution role and security groups")).to_be_visible()
    found = {"closed": violations(page.tab, ALL)}
    page.expand("JupyterLab app")
    page.at(IMAGE).get_by_role("button", name="Why? (Image)").click()
    page.type(IDLE, "5")
    expect(page.at(IDLE).get_by_text("Not changed.")).to_be_visible()
    page.expand("Execution role and security groups")
    expect(page.root.get_by_text("Locked by the policy “Self-service”").first).to_be_visible()
    found["open"] = violations(page.tab, ALL)
    page.root.get_by_role("button", name="Yours to change").click()
    expect(page.root.get_by_text("settings match")).to_be_visible()
    found["theirs"] = violations(page.tab, ALL)
    assert {state: each for state, each in found.items() if each} == {}
    assert overflow(page.tab) <= 0


@pytest.mark.long
def test_one_visitor_never_sees_the_draft_of_another(
    theirs: Callable[..., ProfilePage], running_sandbox: Sandbox, place: Path, new_tab: Callable[..., Any]
) -> None:
    page = theirs()
    page.expand("JupyterLab app")
    page.type(IDLE, "240")
    expect(page.change_row("Idle timeout, minutes")).to_contain_text("240")
    with server_for(LEAD, running_sandbox, place) as server:
        tab = new_tab()
        tab.goto(server.url)
        other = ProfilePage(tab)
        expect(other.button(f"Update {LEAD}")).to_be_visible(timeout=LONG)
        expect(other.button("Restore these edits")).to_have_count(0)
        tab.goto("about:blank")
    page.tab.reload()
    expect(page.button("Restore these edits")).to_be_visible(timeout=LONG)
