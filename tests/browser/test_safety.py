"""What the page must not do: run text, ask other hosts, leave anything behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect

from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import DOMAIN, Lab, Witness, run
from tests.browser.page_driver import LAB, LONG, ProfilePage, foreign

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]

SCRIPT = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
SIZE = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"
LARGEST = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.MaximumEbsVolumeSizeInGb"
SHEETS = "[...document.querySelectorAll('style')].filter(one => one.textContent.includes('.pw-')).length"


def nothing_ran(page: ProfilePage) -> bool:
    made = page.root.locator(".pw :is(img, script, iframe)").count()
    return page.tab.evaluate("window.ran === undefined") and not made


# -- text stays text -----------------------------------------------------------------------------------------------


def test_script_text_that_is_typed_never_runs(open_voila: OpenPage) -> None:
    page = open_voila()
    page.begin_profile("research", "analyst-2")
    page.add_item("Tags", "Tags")
    page.type("Tags[0].Key", "note")
    page.type("Tags[0].Value", SCRIPT)
    page.expand("JupyterLab app")
    page.add_item(f"{LAB}.CodeRepositories", "Git repositories")
    page.type(f"{LAB}.CodeRepositories[0].RepositoryUrl", SCRIPT)
    page.expand("Execution role and security groups")
    page.paste("UserSettings.SecurityGroups", f"{SCRIPT} sg-1")
    expect(page.box(f"{LAB}.CodeRepositories[0].RepositoryUrl")).to_have_attribute("aria-invalid", "true")
    expect(page.request).to_contain_text("onerror=window.ran=1")
    for tab in page.root.get_by_role("tab").all():
        tab.click()
        expect(page.request).to_contain_text("onerror")
    assert nothing_ran(page)


def test_script_text_that_aws_holds_or_says_never_runs(open_voila: OpenPage, sandbox: Sandbox) -> None:
    settings: dict[str, Any] = {
        "ExecutionRole": SCRIPT,
        "SecurityGroups": [SCRIPT],
        "SharingSettings": {"NotebookOutputOption": SCRIPT, SCRIPT: SCRIPT},
        "JupyterLabAppSettings": {"CodeRepositories": [{"RepositoryUrl": SCRIPT}], "LifecycleConfigArns": [SCRIPT]},
        SCRIPT: {SCRIPT: SCRIPT},
    }
    sandbox.put_raw(DOMAIN, "bare", settings)
    page = open_voila()
    page.open_profile("research", "bare")
    page.button("Expand all").click()
    expect(page.box("UserSettings.ExecutionRole")).to_have_value(SCRIPT)
    page.type(SIZE, "30")
    page.type(LARGEST, "60")
    sandbox.fail_next("UpdateUserProfile", reason=SCRIPT)
    page.submit("Update bare", "This did not work")
    expect(page.root.get_by_role("alert").filter(has_text="Update_Failed")).to_contain_text("onerror")
    sandbox.fail_next("DescribeUserProfile", code="ValidationException", message=SCRIPT)
    page.button("Load the profile again").click()
    expect(page.root.get_by_role("alert").filter(has_text="onerror").first).to_be_visible()
    assert nothing_ran(page)


# -- no other host -------------------------------------------------------------------------------------------------


def test_the_whole_path_asks_this_machine_and_nobody_else(open_voila: OpenPage, witness: Witness) -> None:
    page = open_voila()
    page.open_profile("research", "ml-lead")
    page.button("Expand all").click()
    page.type(SIZE, "120")
    page.submit("Update ml-lead", "Updated")
    assert len(witness.urls) > 5
    assert any(url.startswith("ws:") for url in witness.urls)
    assert foreign(witness.urls) == []


# -- life of a form in JupyterLab ----------------------------------------------------------------------------------


def execute(tab: Page, code: str) -> None:
    """Run code in the kernel of the notebook, beside its cells."""
    asked = "code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code}).done"
    reply = tab.evaluate(f"async code => (await ({asked})(code)).content.status", code)
    assert reply == "ok"


def output(page: ProfilePage, number: int) -> ProfilePage:
    """Return the editor in the output of a cell that shows one."""
    cell = page.tab.locator(".jp-Notebook .jp-CodeCell").nth(number)
    return ProfilePage(page.tab, cell.locator(".jp-Cell-outputArea"))


@pytest.fixture
def two_editors(lab: Lab) -> str:
    """Return a notebook with an editor in its second cell and another one in its third."""
    sources = (
        "from profile_widgets import UserProfileEditor",
        "one = UserProfileEditor(); one",
        "two = UserProfileEditor(); two",
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, lab.folder / "two.ipynb")
    return "two.ipynb"


def test_two_editors_on_one_page_do_not_know_of_each_other(
    open_lab: OpenPage, two_editors: str, sandbox: Sandbox
) -> None:
    page = open_lab(two_editors)
    one, two = output(page, 1), output(page, 2)
    one.open_profile("research", "analyst-1")
    two.open_profile("research", "ml-lead")
    one.expand("Space storage")
    expect(two.header("Space storage")).to_have_attribute("aria-expanded", "false")
    one.type(SIZE, "30")
    two.expand("Space storage")
    two.type(SIZE, "150")
    expect(one.change_row("Default size, GB")).to_contain_text("30")
    expect(two.change_row("Default size, GB")).to_contain_text("150")
    one.submit("Update analyst-1", "Updated")
    expect(two.box(SIZE)).to_have_value("150")
    two.submit("Update ml-lead", "Updated")
    sent = [call.parameters["UserProfileName"] for call in sandbox.calls if call.operation == "UpdateUserProfile"]
    assert sent == ["analyst-1", "ml-lead"]


def test_a_cell_that_runs_again_shows_an_editor_that_works(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    page.type(SIZE, "30")
    run(page.tab, "notebook:run-all-cells")
    expect(page.button("Update analyst-1")).to_have_count(0)
    expect(page.chooser("Domain")).to_have_value("", timeout=LONG)
    expect(page.chooser("Domain")).to_have_count(1)
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    expect(page.box(SIZE)).to_have_value("20")
    page.type(SIZE, "40")
    page.submit("Update analyst-1", "Updated")


def test_an_editor_that_is_shown_twice_keeps_both_views_alike(open_lab: OpenPage, two_editors: str) -> None:
    page = open_lab(two_editors)
    execute(page.tab, "two.close()")
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    execute(page.tab, "one.settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb = 55")
    expect(page.box(SIZE)).to_have_value("55")


def test_a_closed_editor_leaves_nothing_on_the_page(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    page.button("Expand all").click()
    page.type(SIZE, "30")
    page.chooser("User profile").click()
    expect(page.tab.get_by_role("status").filter(has_text="choices")).to_have_count(1)  # spoken to screen readers
    execute(page.tab, "editor.close()")
    expect(page.tab.locator("[class^='pw'], [class*=' pw']")).to_have_count(0)


@pytest.mark.long
def test_style_sheets_of_ours_do_not_grow_with_every_editor(open_lab: OpenPage) -> None:
    page = open_lab()
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    expect(page.box(SIZE)).to_be_visible()
    before = page.tab.evaluate(SHEETS)
    execute(page.tab, "editor.close()")
    run(page.tab, "notebook:run-all-cells")
    expect(page.chooser("Domain")).to_have_value("", timeout=LONG)
    page.open_profile("research", "analyst-1")
    page.expand("Space storage")
    expect(page.box(SIZE)).to_be_visible()
    assert page.tab.evaluate(SHEETS) == before
