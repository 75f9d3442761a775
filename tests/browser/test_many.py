"""Ten thousand profiles behind one chooser, and whose profile is opened in a Studio: as people meet it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from profile_widgets.aws.studio import VARIABLE
from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN
from tests.browser.page_driver import LONG, ProfilePage, overflow
from tests.browser.test_access import ALL, violations

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]

MANY = 10_000
NOT_OURS = 2
"""Rows that are no profile: the one for a new profile, and the one that reads on."""
FOUND = "Found in the metadata of this Studio"


@pytest.fixture(scope="module", autouse=True)
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the file that the kernels of this module take for Studio's metadata; it does not exist yet."""
    path = tmp_path_factory.mktemp("studio") / "resource-metadata.json"
    os.environ[VARIABLE] = str(path)
    yield path
    del os.environ[VARIABLE]


@pytest.fixture
def studio(metadata: Path) -> Iterator[Callable[..., None]]:
    """Return a function that makes this the Studio of a profile or space of the domain "research"."""

    def write(**members: str) -> None:
        arn = "arn:aws:sagemaker:eu-west-1:123456789012:app/x/y/JupyterLab/default"
        metadata.write_text(json.dumps({"AppType": "JupyterLab", "DomainId": DOMAIN, "ResourceArn": arn, **members}))

    yield write
    metadata.unlink(missing_ok=True)


@pytest.fixture
def crowd(sandbox: Sandbox) -> Sandbox:
    """Return the sandbox with ten thousand profiles more in the domain "research"."""
    sandbox.populate(MANY, domain_id=DOMAIN)
    return sandbox


@pytest.fixture
def open_crowd(open_voila: OpenPage, crowd: Sandbox) -> OpenPage:
    """Return a function that opens the page in Voila, where ten thousand profiles are."""
    assert crowd.endpoint_url
    return open_voila


def asked(sandbox: Sandbox, operation: str = "ListUserProfiles") -> list[dict[str, Any]]:
    return [dict(call.parameters) for call in sandbox.calls if call.operation == operation]


def options(page: ProfilePage) -> Locator:
    return page.root.get_by_role("option")


def marked(page: ProfilePage, box: Locator) -> str:
    """Return the text of the row that a screen reader is told to be the active one."""
    row = box.get_attribute("aria-activedescendant")
    return str(page.tab.evaluate("id => document.getElementById(id)?.textContent ?? ''", row)) if row else ""


def open_list(page: ProfilePage) -> Locator:
    """Choose the domain and open its list of profiles with the keyboard."""
    page.choose("Domain", "research")
    box = page.chooser("User profile")
    box.focus()
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options(page)).to_have_count(100 + NOT_OURS)
    return box


def test_the_list_of_ten_thousand_opens_with_one_page_and_says_what_each_row_is(
    open_voila: OpenPage, crowd: Sandbox
) -> None:
    page = open_voila()
    open_list(page)
    assert [call["MaxResults"] for call in asked(crowd)] == [100]
    expect(page.root.get_by_text("eu-west-1 · account 1234-5678-9012").last).to_be_visible()
    rows = options(page).all_inner_texts()
    assert all(re.search(r"^user-\d+\s+InService · changed .+ ago$", text) for text in rows[1:4]), rows[1:4]
    expect(page.root.get_by_text("The 100 changed last are shown; type to search for others.")).to_be_visible()


def test_the_last_row_reads_on_by_keyboard_and_the_first_new_row_is_marked(
    open_voila: OpenPage, crowd: Sandbox
) -> None:
    page = open_voila()
    box = open_list(page)
    before = options(page).all_inner_texts()
    box.press("ArrowUp")
    assert marked(page, box) == "Show more (100 of many)"
    box.press("Enter")
    expect(options(page)).to_have_count(200 + 1)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    rows = options(page).all_inner_texts()
    assert rows[: len(before) - 1] == before[:-1]
    assert marked(page, box) == options(page).nth(len(before) - 1).text_content()
    assert len(asked(crowd)) == 2
    expect(page.root.get_by_text("The 200 changed last are shown; type to search for others.")).to_be_visible()
    box.press("Enter")
    name = rows[len(before) - 1].split()[0]
    expect(page.button(f"Update {name}")).to_be_visible(timeout=LONG)


@pytest.mark.long
def test_the_last_row_reads_on_by_mouse_too(open_crowd: OpenPage) -> None:
    page = open_crowd()
    box = open_list(page)
    options(page).filter(has_text="Show more").click()
    expect(options(page)).to_have_count(200 + 1)
    expect(box).to_be_focused()


def test_typing_searches_on_the_server_and_the_choice_opens(open_voila: OpenPage, crowd: Sandbox) -> None:
    page = open_voila()
    box = open_list(page)
    page.tab.keyboard.type("user-0012", delay=20)
    expect(options(page)).to_have_count(10 + 1)
    assert 2 <= len(asked(crowd)) <= 4, "every key is a call"
    assert asked(crowd)[-1]["UserProfileNameContains"] == "user-0012"
    expect(page.root.get_by_text("10 found.")).to_be_visible()
    for _ in range(3):
        box.press("ArrowDown")
    assert marked(page, box).startswith("user-00121")
    box.press("Enter")
    expect(page.button("Update user-00121")).to_be_visible(timeout=LONG)
    expect(page.chooser("User profile")).to_have_value("user-00121")
    assert all(call["MaxResults"] == 100 for call in asked(crowd))


def test_what_is_found_is_told_to_a_screen_reader(open_crowd: OpenPage) -> None:
    page = open_crowd()
    box = open_list(page)
    said = page.tab.locator("body > .pw-sr[role=status]")
    expect(said).to_have_text("100 choices")
    box.press_sequentially("user-0999")
    expect(said).to_have_text("10 choices")
    box.fill("no-such-name")
    expect(said).to_have_text("Nothing found.")
    described = str(box.get_attribute("aria-describedby")).split()
    assert all(page.tab.locator(f"[id='{one}']").count() == 1 for one in described)


def test_what_is_typed_in_full_is_opened_without_waiting_for_the_list(open_crowd: OpenPage) -> None:
    page = open_crowd()
    page.choose("Domain", "research")
    box = page.chooser("User profile")
    box.fill("user-07777")
    box.press("Enter")
    expect(page.button("Update user-07777")).to_be_visible(timeout=LONG)


@pytest.mark.long
def test_a_list_that_is_refused_leaves_typing(open_voila: OpenPage, crowd: Sandbox) -> None:
    crowd.deny("sagemaker:ListUserProfiles")
    page = open_voila()
    page.choose("Domain", "research")
    box = page.chooser("User profile")
    box.click()
    expect(page.root.get_by_text("may not use sagemaker:ListUserProfiles").first).to_be_visible()
    box.fill("user-00001")
    box.press("Enter")
    expect(page.button("Update user-00001")).to_be_visible(timeout=LONG)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_open_list(open_crowd: OpenPage, theme: str) -> None:
    page = open_crowd(f"?theme={theme}", reduced_motion="reduce")
    box = open_list(page)
    assert violations(page.tab, ALL) == []
    box.press("ArrowUp")
    assert violations(page.tab, ALL) == []
    box.fill("no-such-name")
    expect(page.root.get_by_text("Nothing found.").first).to_be_visible()
    assert violations(page.tab, ALL) == []


def test_the_open_list_fits_a_screen_of_360_pixels(open_crowd: OpenPage) -> None:
    page = open_crowd(viewport={"width": 360, "height": 740})
    open_list(page)
    assert overflow(page.tab) <= 0
    box = options(page).nth(1).bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 360


# -- whose profile ---------------------------------------------------------------------------------------------------


def test_in_a_space_the_profile_of_its_owner_opens_and_another_one_is_one_press_away(
    open_lab: OpenPage, studio: Callable[..., None], sandbox: Sandbox
) -> None:
    studio(SpaceName="analyst-1-lab")
    page = open_lab()
    expect(page.button("Update analyst-1")).to_be_visible(timeout=LONG)
    expect(page.root.get_by_text(f"{FOUND}, as the owner of the space “analyst-1-lab”.")).to_be_visible()
    assert asked(sandbox) == []
    assert violations(page.tab, "{include: [['.pw']]}") == []
    link = page.root.get_by_role("button", name="Choose another (User profile)")
    link.press("Enter")
    box = page.chooser("User profile")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    options(page).filter(has_text="bare").click()
    expect(page.button("Update bare")).to_be_visible(timeout=LONG)
    expect(page.root.get_by_text(FOUND)).to_have_count(0)


@pytest.mark.long
def test_in_a_shared_space_the_domain_is_chosen_and_the_person_asked(
    open_lab: OpenPage, studio: Callable[..., None]
) -> None:
    studio(SpaceName="reading-group")
    page = open_lab()
    page.says("The Studio space “reading-group” is shared, so it does not tell whose profile you want.")
    expect(page.chooser("Domain")).to_have_value("research")
    page.choose("User profile", "ml-lead")
    expect(page.button("Update ml-lead")).to_be_visible(timeout=LONG)


def test_a_served_page_opens_nobodys_profile_by_itself(
    open_voila: OpenPage, studio: Callable[..., None], sandbox: Sandbox
) -> None:
    studio(UserProfileName="analyst-1")
    page = open_voila()
    page.chooser("Domain").click()
    expect(options(page)).to_have_count(2)
    expect(page.root.get_by_text(FOUND)).to_have_count(0)
    expect(page.chooser("Domain")).to_have_value("")
    assert asked(sandbox, "DescribeUserProfile") == []
