"""Choosing what exists in the account, in real Voila and JupyterLab: with mouse and keyboard, allowed and refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LAB, LONG, ProfilePage, overflow
from tests.browser.test_access import ALL, OURS, violations
from tests.browser.test_keyboard import walk_to

pytestmark = pytest.mark.browser

OpenPage = Callable[..., ProfilePage]
Describe = Callable[[str], dict[str, Any]]

ACCOUNT = "123456789012"
ROLE, GROUPS = "UserSettings.ExecutionRole", "UserSettings.SecurityGroups"
SPEC = f"{LAB}.DefaultResourceSpec"
CANVAS = "UserSettings.CanvasAppSettings"
FILES = "UserSettings.CustomFileSystemConfigs"
SHARING = "UserSettings.SharingSettings"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
AGAIN = "Read the list again"
LISTS = {
    ROLE: "iam:ListRoles",
    GROUPS: "ec2:DescribeSecurityGroups",
    f"{SPEC}.SageMakerImageArn": "sagemaker:ListImages",
    f"{SPEC}.LifecycleConfigArn": "sagemaker:ListStudioLifecycleConfigs",
    f"{LAB}.CustomImages[0].AppImageConfigName": "sagemaker:ListAppImageConfigs",
    f"{SHARING}.S3OutputPath": "s3:ListAllMyBuckets",
    f"{SHARING}.S3KmsKeyId": "kms:ListAliases",
    f"{CANVAS}.IdentityProviderOAuthSettings[0].SecretArn": "secretsmanager:ListSecrets",
    f"{FILES}[0].EFSFileSystemConfig.FileSystemId": "elasticfilesystem:DescribeFileSystems",
    f"{FILES}[1].FSxLustreFileSystemConfig.FileSystemId": "fsx:DescribeFileSystems",
}
"""Fields that offer a list, and the permission to read it."""
FREE = {
    ROLE: f"{ROLE_ARN}Typed",
    GROUPS: "sg-0123456789abcdef0",
    f"{SPEC}.SageMakerImageArn": f"{SAGEMAKER}:image/typed",
    f"{SPEC}.LifecycleConfigArn": f"{SAGEMAKER}:studio-lifecycle-config/typed",
    f"{LAB}.CustomImages[0].AppImageConfigName": "typed",
    f"{SHARING}.S3OutputPath": "s3://typed/folder",
    f"{SHARING}.S3KmsKeyId": "alias/typed",
    f"{CANVAS}.IdentityProviderOAuthSettings[0].SecretArn": f"{SECRET}typed-a1b2c3",
    f"{FILES}[0].EFSFileSystemConfig.FileSystemId": "fs-0123456789abcdef9",
    f"{FILES}[1].FSxLustreFileSystemConfig.FileSystemId": "fs-0123456789abcdef8",
}  # fmt: skip
"""What can be typed there all the same."""


def options(page: ProfilePage, path: str) -> Locator:
    return page.at(path).get_by_role("option")


def drop_down(page: ProfilePage, path: str) -> Locator:
    """Open the list of a field with its arrow, and return its rows."""
    page.box(path).scroll_into_view_if_needed()
    page.at(path).get_by_role("button", name="Show choices").click()
    expect(page.box(path)).to_have_attribute("aria-expanded", "true")
    return options(page, path)


def filled(page: ProfilePage, path: str) -> Locator:
    """Open the list of a field, wait for its rows and return them, without the one that reads them again."""
    rows = drop_down(page, path).filter(has_not_text=AGAIN)
    expect(rows.first).to_be_visible(timeout=LONG)
    return rows


def offered(page: ProfilePage, path: str, words: str) -> None:
    """Take the row with these words from the list of a field."""
    drop_down(page, path).filter(has_text=words).first.click(timeout=LONG)


def said_politely(tab: Page, words: str) -> None:
    expect(tab.get_by_role("status").filter(has_text=words).first).to_be_attached()


def marked(page: ProfilePage, path: str) -> str:
    """Return the text of the row that the box points at."""
    return page.box(path).evaluate(  # type: ignore[no-any-return]
        "node => document.getElementById(node.getAttribute('aria-activedescendant'))?.innerText ?? ''"
    )


def operations(sandbox: Sandbox) -> list[str]:
    return [call.operation for call in sandbox.calls]


def open_all(page: ProfilePage) -> None:
    """Open every section, with two file systems in their list."""
    page.open_profile("research", "analyst-1")
    page.button("Expand all").click()
    expect(page.header("TensorBoard app")).to_have_attribute("aria-expanded", "true")
    expect(page.box("UserSettings.TensorBoardAppSettings.DefaultResourceSpec.TrainingPlanArn")).to_be_visible()
    page.add_item(FILES, "Custom file systems", "EFS file system")
    page.add_item(FILES, "Custom file systems", "FSx for Lustre file system")


def test_somebody_who_knows_no_arn_sets_up_jupyterlab(
    open_voila: OpenPage, describe: Describe, sandbox: Sandbox
) -> None:
    page = open_voila()
    page.begin_profile("research", "newcomer")
    page.expand("Execution role and security groups")
    offered(page, ROLE, "SageMakerDataScientistRole")
    page.expand("JupyterLab app")
    offered(page, f"{SPEC}.SageMakerImageArn", "Research PyTorch")
    offered(page, f"{SPEC}.SageMakerImageVersionArn", "research-pytorch version")
    offered(page, f"{LAB}.LifecycleConfigArns", "lab-git-identity")
    page.tab.keyboard.press("Escape")
    offered(page, f"{SPEC}.LifecycleConfigArn", "lab-git-identity")
    page.search(f"{SPEC}.InstanceType", "t3.large", "ml.t3.large")
    page.add_item(f"{LAB}.CodeRepositories", "Git repositories")
    offered(page, f"{LAB}.CodeRepositories[0].RepositoryUrl", "genomics-notebooks")
    page.submit("Create newcomer", "Created")
    settings = describe("newcomer")["UserSettings"]
    config = f"{SAGEMAKER}:studio-lifecycle-config/lab-git-identity"
    assert settings["ExecutionRole"].startswith(ROLE_ARN)
    lab = settings["JupyterLabAppSettings"]
    version = lab["DefaultResourceSpec"].pop("SageMakerImageVersionArn")
    assert version.startswith(f"{SAGEMAKER}:image-version/research-pytorch/")
    assert lab == {
        "DefaultResourceSpec": {
            "SageMakerImageArn": f"{SAGEMAKER}:image/research-pytorch",
            "InstanceType": "ml.t3.large",
            "LifecycleConfigArn": config,
        },
        "LifecycleConfigArns": [config],
        "CodeRepositories": [{"RepositoryUrl": "https://github.com/northwind-research/genomics-notebooks.git"}],
    }
    assert operations(sandbox).count("ListRoles") == 1


def test_an_open_form_has_asked_for_no_list(open_voila: OpenPage, sandbox: Sandbox) -> None:
    page = open_voila()
    open_all(page)
    asked = set(operations(sandbox))
    lists = {permission.partition(":")[2] for permission in LISTS.values()}
    assert not asked & {*lists, "ListImageVersions", "ListAliases", "ListBuckets", "ListFileSystems"}


@pytest.mark.long
def test_every_list_that_is_refused_leaves_a_note_and_plain_text_until_it_is_allowed(
    open_voila: OpenPage, sandbox: Sandbox
) -> None:
    page = open_voila()
    open_all(page)
    sandbox.deny(*LISTS.values())
    for path, permission in LISTS.items():
        drop_down(page, path)
        expect(page.at(path).get_by_text(permission).first).to_be_visible(timeout=LONG)
        expect(options(page, path)).to_have_text([AGAIN])
        page.tab.keyboard.press("Escape")
        page.tab.keyboard.press("Control+A")
        page.tab.keyboard.type(FREE[path])
        page.tab.keyboard.press("Tab")
        if path == GROUPS:
            expect(page.entries(path).filter(has_text=FREE[path])).to_be_visible()
        else:
            expect(page.box(path)).to_have_value(FREE[path])
            expect(page.box(path)).to_have_attribute("aria-invalid", "false")
        expect(page.at(path).get_by_text(permission).locator("visible=true")).to_have_count(1)
    expect(page.root.get_by_role("alert")).to_have_count(0)
    for path, permission in LISTS.items():
        sandbox.allow(permission)
        rows = drop_down(page, path)
        rows.filter(has_text=AGAIN).click()
        expect(rows.filter(has_not_text=AGAIN).first).to_be_visible(timeout=LONG)
        expect(page.at(path).get_by_text(permission)).to_have_count(0)
        sandbox.deny(permission)
        page.tab.keyboard.press("Escape")


def test_the_keyboard_alone_finds_and_chooses_and_a_screen_reader_hears_it(open_voila: OpenPage) -> None:
    page = open_voila(reduced_motion="reduce")
    page.open_profile("research", "analyst-1")
    tab, keyboard = page.tab, page.tab.keyboard
    page.expand("Execution role and security groups")
    box = page.box(ROLE)
    expect(box).to_have_role("combobox")
    expect(box).to_have_accessible_name("Execution role")
    expect(box).to_have_attribute("aria-expanded", "false")
    walk_to(tab, box)
    keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    listbox = page.at(ROLE).get_by_role("listbox")
    assert box.get_attribute("aria-controls") == listbox.get_attribute("id")
    said_politely(tab, "choices")
    expect(options(page, ROLE).and_(tab.locator("[aria-selected=true]"))).to_contain_text("SageMakerAnalystRole")
    assert marked(page, ROLE).startswith("SageMakerAnalystRole")
    keyboard.press("Control+A")
    keyboard.type("genomics")
    expect(options(page, ROLE)).to_have_count(2)
    said_politely(tab, "1 choice")
    keyboard.press("ArrowDown")
    assert marked(page, ROLE).startswith("EmrRuntimeRole-genomics")
    keyboard.press("Enter")
    expect(box).to_have_value(f"{ROLE_ARN}EmrRuntimeRole-genomics")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value(f"{ROLE_ARN}EmrRuntimeRole-genomics")
    groups = page.box(GROUPS)
    walk_to(tab, groups)
    keyboard.type("emr-cl")
    expect(options(page, GROUPS)).to_have_count(2)
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(page.entries(GROUPS).filter(has_text="emr-clients")).to_be_visible()


def test_the_mouse_searches_in_a_filled_field_and_the_value_comes_back(
    open_voila: OpenPage, describe: Describe
) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    box, keyboard, held = page.box(ROLE), page.tab.keyboard, f"{ROLE_ARN}SageMakerAnalystRole"
    expect(box).to_have_value(held)
    box.click()
    expect(options(page, ROLE).filter(has_not_text=AGAIN).first).to_be_visible(timeout=LONG)
    keyboard.type("data sci")
    expect(box).to_have_value("data sci")
    keyboard.press("Escape")
    expect(box).to_have_value(held)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.click()
    keyboard.type("datasci")
    options(page, ROLE).filter(has_text="SageMakerDataScientistRole").first.click(timeout=LONG)
    expect(box).to_have_value(f"{ROLE_ARN}SageMakerDataScientistRole")
    page.submit("Update analyst-1", "Updated")
    assert describe("analyst-1")["UserSettings"]["ExecutionRole"] == f"{ROLE_ARN}SageMakerDataScientistRole"


def test_an_inherited_role_is_shown_by_its_name(open_voila: OpenPage) -> None:
    page = open_voila()
    page.begin_profile("research", "newcomer")
    page.expand("Execution role and security groups")
    expect(page.box(ROLE)).to_have_attribute("placeholder", re.compile(r"^[^:/]+, from the domain$"))
    expect(page.box(ROLE)).to_have_attribute("title", re.compile(f"^{ROLE_ARN}"))


def test_what_was_pasted_or_deleted_is_recognised(open_voila: OpenPage) -> None:
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("JupyterLab app")
    path = f"{SPEC}.LifecycleConfigArn"
    page.type(path, f"{SAGEMAKER}:image/custom-r")
    expect(page.at(path).get_by_text("This is the ARN of a SageMaker image.")).to_be_visible()
    page.type(path, f"{SAGEMAKER}:studio-lifecycle-config/of-last-year")
    drop_down(page, path)
    page.tab.keyboard.press("Escape")
    expect(page.at(path).get_by_text("No such lifecycle configuration was in the list")).to_be_visible()
    offered(page, path, "lab-pip-mirror")
    expect(page.at(path).get_by_text("No such lifecycle configuration")).to_have_count(0)
    page.expand("Execution role and security groups")
    page.type(ROLE, f'"{ROLE_ARN}SageMakerAnalystRole",')
    page.at(ROLE).get_by_role("button", name=f"Use {ROLE_ARN}SageMakerAnalystRole").click()
    expect(page.box(ROLE)).to_have_value(f"{ROLE_ARN}SageMakerAnalystRole")


@pytest.mark.long
def test_five_thousand_roles_are_searched_and_never_more_than_200_shown(open_voila: OpenPage, sandbox: Sandbox) -> None:
    sandbox.populate(0, roles=5000)
    before = len(sandbox.calls)
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    rows = drop_down(page, ROLE)
    expect(page.at(ROLE).get_by_text("The first 200 of 5,0")).to_be_visible(timeout=LONG)
    said_politely(page.tab, "choices. The first 200 of 5,0")
    expect(rows).to_have_count(201)
    page.tab.keyboard.press("Control+A")
    page.tab.keyboard.type("04321")
    expect(rows).to_have_count(2)
    page.tab.keyboard.press("ArrowDown")
    page.tab.keyboard.press("Enter")
    expect(page.box(ROLE)).to_have_value("arn:aws:iam::123456789012:role/team-04321-studio")
    assert operations(sandbox)[before:].count("ListRoles") == 6


@pytest.mark.long
def test_lists_in_trouble_say_so_and_the_form_goes_on(
    open_voila: OpenPage, sandbox: Sandbox, describe: Describe
) -> None:
    sandbox.populate(0, roles=1500)
    sandbox.loop_pages("iam:ListRoles")
    sandbox.break_pages(
        "ListStudioLifecycleConfigs", code="AccessDeniedException", message="Not this page.", status=400
    )
    page = open_voila()
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    page.expand("JupyterLab app")
    filled(page, ROLE)
    expect(page.at(ROLE).get_by_text("went round in circles")).to_be_visible(timeout=LONG)
    page.tab.keyboard.press("Escape")
    config = f"{SPEC}.LifecycleConfigArn"
    filled(page, config)
    expect(page.at(config).get_by_text("The list broke off half-way")).to_be_visible(timeout=LONG)
    page.tab.keyboard.press("Escape")
    sandbox.throttle(None, "ListImages")
    image = f"{SPEC}.SageMakerImageArn"
    drop_down(page, image)
    expect(page.at(image).get_by_text("You can still type or paste an image.").first).to_be_visible(timeout=LONG)
    page.type(ROLE, f"{ROLE_ARN}SageMakerDataScientistRole")
    page.submit("Update analyst-1", "Updated")
    assert describe("analyst-1")["UserSettings"]["ExecutionRole"] == f"{ROLE_ARN}SageMakerDataScientistRole"


@pytest.mark.long
def test_names_with_markup_and_odd_letters_stay_text(open_voila: OpenPage, sandbox: Sandbox) -> None:
    sandbox.populate(0, odd=True)
    page = open_voila()
    open_all(page)
    for path in (ROLE, f"{SPEC}.SageMakerImageArn", f"{LAB}.CustomImages[0].ImageName"):
        filled(page, path)
        page.tab.keyboard.press("Control+A")
        page.tab.keyboard.type("<img")
        expect(options(page, path).filter(has_text="onerror")).to_be_visible()
        page.tab.keyboard.press("ArrowDown")
        page.tab.keyboard.press("Enter")
        expect(page.at(path).get_by_text("onerror").locator("visible=true")).not_to_have_count(0)
    assert page.tab.locator("img[onerror], script:text('odd')").count() == 0


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_serious_in_an_open_list_in_voila(open_voila: OpenPage, theme: str) -> None:
    page = open_voila(f"?theme={theme}", reduced_motion="reduce")
    assert look(page, ALL) == {}


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_an_open_list_in_jupyterlab(open_lab: OpenPage, dark: bool) -> None:
    page = open_lab(dark=dark, reduced_motion="reduce")
    assert look(page, OURS) == {}


def look(page: ProfilePage, part: str) -> dict[str, list[str]]:
    """Return what axe finds while a list is open, of rows, of groups and of a refusal, and with advice shown."""
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    filled(page, ROLE)
    page.tab.keyboard.press("ArrowDown")
    found = {"roles": violations(page.tab, part)}
    page.tab.keyboard.press("Escape")
    filled(page, GROUPS)
    found["groups"] = violations(page.tab, part)
    page.tab.keyboard.press("Escape")
    page.type(ROLE, f"{SAGEMAKER}:image/custom-r")
    expect(page.at(ROLE).get_by_text("This is the ARN of a SageMaker image.")).to_be_visible()
    found["advice"] = violations(page.tab, part)
    return {state: each for state, each in found.items() if each}


@pytest.mark.long
def test_on_360_pixels_a_list_is_as_wide_as_its_field(open_voila: OpenPage) -> None:
    page = open_voila(viewport={"width": 360, "height": 740})
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    for path in (ROLE, GROUPS):
        filled(page, path)
        assert overflow(page.tab) <= 0
        pop = page.at(path).get_by_role("listbox").bounding_box()
        assert pop is not None
        assert pop["x"] >= 0
        assert pop["x"] + pop["width"] <= 360
        options(page, path).first.click()
        page.tab.keyboard.press("Escape")
    assert overflow(page.tab) <= 0
