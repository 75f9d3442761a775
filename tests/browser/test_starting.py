"""Starting from another: settings of a profile, of the domain and of presets come into the form on the real page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from profile_widgets.editing.presets import FOLDERS
from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LONG, ProfilePage, overflow
from tests.browser.test_access import ALL, OURS, violations

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
Describe = Callable[[str], dict[str, Any]]
EVIL = "<img src=x onerror=window.ran=1>"
TEAM = f"# Team {EVIL}\n# Big\nUserSettings: {{SharingSettings: {{NotebookOutputOption: Disabled}}}}\n"


@pytest.fixture(scope="module")
def voila(running_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Serve the page with a folder of presets beside the kit's own."""
    folder = tmp_path_factory.mktemp("presets")
    (folder / "team.yaml").write_text(TEAM, "utf-8")
    (folder / f"{EVIL[:4]}.yaml").write_text("UserSettings: {", "utf-8")
    environment = sandbox_environment(os.environ, running_sandbox.environment) | {FOLDERS: str(folder)}
    with PageServer(page_notebook(), environment=environment) as server:
        yield server


def begin(page: ProfilePage) -> Locator:
    """Open the part; returns it."""
    page.button("Start from another").click()
    inside = page.root.locator(".pw-starting")
    expect(inside.get_by_role("radio", name="Another profile")).to_be_checked(timeout=LONG)
    return inside


def read(page: ProfilePage, name: str) -> None:
    page.choose("From user profile", name)
    expect(page.heading(f"From {name}")).to_be_visible(timeout=LONG)


def tick_only(inside: Locator, *labels: str) -> None:
    inside.get_by_role("button", name="Tick no part").click()
    for label in labels:
        inside.get_by_role("checkbox", name=label).check()


@pytest.mark.parametrize("where", ["voila", pytest.param("lab", marks=pytest.mark.long)])
def test_parts_of_another_profile_are_copied_reviewed_and_sent(
    open_voila: OpenPage, request: pytest.FixtureRequest, describe: Describe, sandbox: Sandbox, where: str
) -> None:
    page = open_voila() if where == "voila" else request.getfixturevalue("open_lab")()
    page.open_profile("research", "bare")
    inside = begin(page)
    read(page, "analyst-1")
    tick_only(inside, "JupyterLab app", "Execution role")
    page.button("Copy 2 parts into bare").click()
    expect(inside.get_by_text("copied from analyst-1 into the form of bare", exact=False)).to_be_visible()
    expect(page.change_row("Execution role").first).to_contain_text("SageMakerAnalystRole")
    assert "UpdateUserProfile" not in [call.operation for call in sandbox.calls]
    page.submit("Update bare", "Updated")
    theirs, ours = describe("analyst-1")["UserSettings"], describe("bare")["UserSettings"]
    assert ours == {name: theirs[name] for name in ("ExecutionRole", "JupyterLabAppSettings")}


def test_one_undo_takes_a_copy_back(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    inside = begin(page)
    read(page, "ml-lead")
    expect(inside.get_by_text("Only a new profile takes this.")).to_be_visible()
    inside.get_by_role("button", name="Copy 15 parts into analyst-1").click()
    expect(inside.get_by_text("Undo takes it back", exact=False)).to_be_visible()
    expect(inside.get_by_text("AWS unsets nothing that is left out:", exact=False)).to_be_visible()
    page.button("Undo").click()
    expect(page.heading("Review: no changes to analyst-1")).to_be_visible()
    expect(inside.get_by_role("button", name="Copy 15 parts into analyst-1")).to_have_attribute(
        "aria-disabled", "false"
    )


def test_a_new_profile_starts_from_another_with_its_tags(open_voila: OpenPage, aws: Any, describe: Describe) -> None:
    page = open_voila()
    page.begin_profile("research", "lead-2")
    inside = begin(page)
    read(page, "ml-lead")
    inside.get_by_role("checkbox", name="Tags").check()
    inside.get_by_role("button", name="Copy 17 parts into lead-2").click()
    expect(inside.get_by_text("copied from ml-lead", exact=False)).to_be_visible()
    page.submit("Create lead-2", "Created")
    made = describe("lead-2")
    assert made["UserSettings"] == describe("ml-lead")["UserSettings"]
    tags = aws("list-tags", "--resource-arn", made["UserProfileArn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "platform", "on-call": "yes"}


def test_what_the_domain_gives_becomes_the_profiles_own_by_keys_alone(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "bare")
    page.button("Start from another").focus()
    keys = page.tab.keyboard
    keys.press("Enter")
    first = page.root.get_by_role("radio", name="Another profile")
    expect(first).to_be_checked(timeout=LONG)
    first.focus()
    keys.press("ArrowRight")
    expect(page.heading("From the defaults of research")).to_be_visible(timeout=LONG)
    expect(page.root.get_by_text("it no longer follows", exact=False)).to_be_visible()
    copy = page.root.get_by_role("button", name="Copy 13 parts into bare")
    expect(copy).to_be_visible()
    for _ in range(60):
        if copy.evaluate("node => node === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Enter")
    expect(page.root.get_by_role("heading", name="copied from the defaults of research")).to_be_focused()
    keys.press("Shift+Tab")
    expect(page.button("See the changes")).to_be_focused()
    keys.press("Enter")
    expect(page.root.get_by_role("heading", name="changes to bare")).to_be_focused()


def test_presets_of_the_kit_and_of_a_folder_are_offered_and_sent(open_voila: OpenPage, describe: Describe) -> None:
    page = open_voila()
    page.open_profile("research", "bare")
    inside = begin(page)
    inside.get_by_role("radio", name="A preset").check()
    team = inside.get_by_role("radio", name=f"Team {EVIL}")
    expect(team).to_have_accessible_description("Big")
    expect(inside.get_by_text(f"{EVIL[:4]}.yaml: This cannot be read as YAML", exact=False)).to_be_visible()
    expect(inside.get_by_role("radio", name="Lean Studio for analysts")).to_be_visible()
    inside.get_by_role("radio", name="GPU development").check()
    page.button("Copy 3 parts into bare").click()
    expect(inside.get_by_text("nothing stops it", exact=False)).to_be_visible()
    team.check()
    page.button("Copy 1 part into bare").click()
    expect(page.change_row("Notebook output")).to_be_visible()
    assert page.tab.evaluate("window.ran === undefined")
    page.submit("Update bare", "Updated")
    stored = describe("bare")["UserSettings"]
    assert stored["CodeEditorAppSettings"]["DefaultResourceSpec"] == {"InstanceType": "ml.g5.xlarge"}
    assert stored["SharingSettings"] == {"NotebookOutputOption": "Disabled"}


def test_without_permission_to_describe_it_is_said_and_the_form_goes_on(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = open_voila()
    page.open_profile("research", "bare")
    inside = begin(page)
    sandbox.deny("sagemaker:DescribeUserProfile")
    page.choose("From user profile", "ml-lead")
    expect(inside.get_by_text("Nothing can be copied from there", exact=False)).to_be_visible(timeout=LONG)
    sandbox.allow("sagemaker:DescribeUserProfile")
    page.choose("From user profile", "ml-lead")
    expect(page.heading("From ml-lead")).to_be_visible(timeout=LONG)


def test_a_file_is_what_load_a_request_is_for(open_voila: OpenPage) -> None:
    page = open_voila()
    inside = begin(page)
    inside.get_by_role("button", name="A file, or a text? Load a request").click()
    expect(page.root.get_by_label("Paste a request")).to_be_visible()
    expect(page.button("Load a request")).to_be_focused()


AGAIN = ("voila-dark", "lab-light", "lab-dark")


@pytest.mark.parametrize(
    "look", ["voila-light", *(pytest.param(each, marks=pytest.mark.long) for each in (*AGAIN, "narrow"))]
)
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    open_voila: OpenPage, request: pytest.FixtureRequest, look: str
) -> None:
    where, _, theme = look.partition("-")
    if where == "lab":
        page = request.getfixturevalue("open_lab")(dark=theme == "dark", reduced_motion="reduce")
    else:
        size = {"viewport": {"width": 360, "height": 740}} if where == "narrow" else {}
        page = open_voila(f"?theme={theme or 'light'}", reduced_motion="reduce", **size)
    part = OURS if where == "lab" else ALL
    page.open_profile("research", "analyst-1")
    inside = begin(page)
    found = {"begun": violations(page.tab, part)}
    read(page, "ml-lead")
    found["profile"] = violations(page.tab, part)
    inside.get_by_role("radio", name="A preset").check()
    inside.get_by_role("radio", name="GPU development").check()
    page.button("Copy 3 parts into analyst-1").click()
    expect(inside.get_by_text("Undo takes it back", exact=False)).to_be_visible()
    found["preset"] = violations(page.tab, part)
    assert {state: each for state, each in found.items() if each} == {}
    assert where == "lab" or overflow(page.tab) <= 0
