"""Edits that were not sent: kept through a reload, offered and never applied by themselves, merged where needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN
from tests.browser.page_driver import LONG, ProfilePage

pytestmark = pytest.mark.browser

Describe = Callable[[str], dict[str, Any]]
OpenPage = Callable[..., ProfilePage]

NAME, ROLE = "analyst-1", "UserSettings.ExecutionRole"
SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
OURS = "arn:aws:iam::123456789012:role/service-role/Ours"
THEIRS = "arn:aws:iam::123456789012:role/service-role/Theirs"
UPDATE = f"Update {NAME}"
RESTORE, FORGET, LATER = "Restore these edits", "Throw them away", "Not now"


@pytest.fixture
def page(open_voila: OpenPage) -> ProfilePage:
    """Return the page with a profile open and two edits made."""
    page = open_voila()
    page.open_profile("research", NAME)
    page.expand("Execution role and security groups")
    page.type(ROLE, OURS)
    page.expand("Space storage")
    page.type(SIZE, "30")
    expect(page.heading(f"Review: 2 changes to {NAME}")).to_be_visible()
    return page


def open_again(page: ProfilePage) -> None:
    """Load the page again, and open the same profile."""
    page.load_again()
    expect(page.chooser("Domain")).to_have_value("")
    page.open_profile("research", NAME)


def is_untouched(page: ProfilePage) -> None:
    """Assert that nothing is edited."""
    expect(page.heading(f"Review: no changes to {NAME}")).to_be_visible()


def test_after_a_reload_they_are_offered_and_restored(page: ProfilePage, sandbox: Sandbox, describe: Describe) -> None:
    open_again(page)
    page.says("were edited just now and never sent")
    is_untouched(page)
    page.button(RESTORE).click()
    expect(page.change_row("Execution role")).to_contain_text(OURS)
    expect(page.change_row("Default size, GB")).to_contain_text("30")
    expect(page.button(RESTORE)).to_be_hidden()
    page.submit(UPDATE, "Updated")
    settings = describe(NAME)["UserSettings"]
    assert settings["ExecutionRole"] == OURS
    assert settings["SpaceStorageSettings"]["DefaultEbsStorageSettings"]["DefaultEbsVolumeSizeInGb"] == 30
    assert [call.operation for call in sandbox.calls].count("UpdateUserProfile") == 1
    open_again(page)
    is_untouched(page)
    expect(page.button(RESTORE)).to_have_count(0)


def test_over_a_profile_that_was_changed_since_they_are_merged_and_that_is_said(
    page: ProfilePage, aws: Callable[..., Any], describe: Describe
) -> None:
    who = ("--domain-id", DOMAIN, "--user-profile-name", NAME)
    aws("update-user-profile", *who, "--user-settings", f"ExecutionRole={THEIRS},StudioWebPortal=DISABLED")
    open_again(page)
    page.says("The profile was changed since")
    is_untouched(page)
    page.expand("Execution role and security groups")
    expect(page.box(ROLE)).to_have_value(THEIRS)
    page.button(RESTORE).click()
    page.says("Restored. Somebody else changed these too: Execution role.")
    expect(page.change_row("Execution role")).to_contain_text(THEIRS)
    expect(page.change_row("Execution role")).to_contain_text(OURS)
    expect(page.root.get_by_text("Somebody else made it").first).to_be_visible()
    page.submit(UPDATE, "Updated")
    settings = describe(NAME)["UserSettings"]
    assert (settings["ExecutionRole"], settings["StudioWebPortal"]) == (OURS, "DISABLED")


def test_what_is_thrown_away_is_not_offered_again_and_what_is_put_off_is(page: ProfilePage) -> None:
    open_again(page)
    page.button(LATER).click()
    expect(page.button(RESTORE)).to_be_hidden()
    is_untouched(page)
    open_again(page)
    page.button(FORGET).click()
    expect(page.button(RESTORE)).to_be_hidden()
    open_again(page)
    is_untouched(page)
    expect(page.button(RESTORE)).to_have_count(0)


def test_a_new_profile_that_was_begun_is_offered_again(open_voila: OpenPage, describe: Describe) -> None:
    page = open_voila()
    page.begin_profile("research", "analyst-2")
    page.expand("Execution role and security groups")
    page.type(ROLE, OURS)
    expect(page.change_row("Execution role")).to_contain_text(OURS)
    page.load_again()
    page.choose("Domain", "research")
    page.choose("User profile", "New profile")
    page.button(RESTORE).click()
    expect(page.box("UserProfileName")).to_have_value("analyst-2", timeout=LONG)
    page.submit("Create analyst-2", "Created")
    assert describe("analyst-2")["UserSettings"]["ExecutionRole"] == OURS
