"""What the lists add to what a value says about itself: what does not fit, and what another name or image tells."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.aws.catalog import CATALOG
from profile_widgets.aws.protocol import Offer
from profile_widgets.checks.problems import INFORMATION, WARNING
from profile_widgets.model.shapes import shape
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.suggesting import UNFIT, unfit
from profile_widgets.widgets.suggestions import SUGGESTIONS
from tests.widgets.conftest import RESEARCH, browser_sends, browser_sets
from tests.widgets.test_suggesting import ACCOUNT, CONFIG, IMAGE, LAB, SPEC, Page, field, opened

ROLES = f"arn:aws:iam::{ACCOUNT}:role"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
OF_CONSOLE = "AmazonSageMaker-ExecutionRole-20250520T093901"
VERSION = f"{SPEC}.SageMakerImageVersionArn"
PYTORCH = f"{SAGEMAKER}:image/research-pytorch"

with_plans = pytest.mark.skipif("TrainingPlanArn" not in shape("ResourceSpec").members, reason="newer than botocore")
with_emr = pytest.mark.skipif("EmrSettings" not in shape(LAB).members, reason="newer than this botocore")


@pytest_asyncio.fixture
async def page(sandbox: Sandbox, domains: dict[str, str]) -> AsyncIterator[Page]:
    async with opened(sandbox, domains[RESEARCH]) as made:
        yield made


async def said_of(page: Page, path: str, value: object) -> list[str]:
    """Put a value into a field, and return what is said of it when the lists were asked."""
    browser_sets(page.field(path), value=value)
    await page.settled()
    return page.advice(path)


# -- what does not fit ---------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_told_of_kinds_that_there_are() -> None:
    assert set(UNFIT) <= set(CATALOG)
    assert set(UNFIT) <= {each.kind for each in SUGGESTIONS.values()}


async def test_a_role_that_the_service_cannot_assume_is_told(page: Page) -> None:
    await page.ask("ExecutionRole")
    calls = len(page.calls)
    (said,) = await said_of(page, "ExecutionRole", f"{ROLES}/ecs-ingest-task")
    assert said.startswith("SageMaker cannot assume this role, as its trust policy says. The list says: ")
    assert said.endswith("Loads the partner files.")
    assert page.field("ExecutionRole").advice[0]["severity"] == WARNING
    assert await said_of(page, "ExecutionRole", f"{ROLES}/SageMakerAnalystRole") == []
    bedrock = "CanvasAppSettings.GenerativeAiSettings.AmazonBedrockRoleArn"
    await page.ask(bedrock)
    (said,) = await said_of(page, bedrock, f"{ROLES}/SageMakerAnalystRole")
    assert said.startswith("Amazon Bedrock cannot assume this role")
    assert len(page.calls) == calls


async def test_before_a_list_was_read_nothing_is_known_of_what_fits(page: Page) -> None:
    assert await said_of(page, "ExecutionRole", f"{ROLES}/ecs-ingest-task") == []
    assert page.calls == []


async def test_a_role_for_another_account_need_not_be_assumed_by_sagemaker_here(page: Page) -> None:
    cross = "CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn"
    await page.ask(cross)
    assert await said_of(page, cross, f"{ROLES}/ModelRegistryWriter") == []


async def test_a_group_of_another_vpc_is_told_by_entry(page: Page) -> None:
    await page.ask("SecurityGroups")
    said = await said_of(page, "SecurityGroups", ["sg-0a1b2c3d4e5f60718", "sg-01728394a5b6c7d8e"])
    assert [each.partition(" The list")[0] for each in said] == [
        "“sg-01728394a5b6c7d8e”: This group is in another VPC than the domain."
    ]


async def test_a_configuration_for_another_app_is_told(page: Page) -> None:
    await page.ask(f"{SPEC}.LifecycleConfigArn")
    (said,) = await said_of(page, f"{SPEC}.LifecycleConfigArn", f"{CONFIG}/server-git-extension")
    assert said.startswith("This lifecycle configuration is not for JupyterLab apps. The list says: for JupyterServer")


async def test_a_key_of_awss_own_is_told(page: Page) -> None:
    path = "SharingSettings.S3KmsKeyId"
    answer = await page.ask(path)
    key = next(row[0] for row in answer["rows"] if not row[3])
    (said,) = await said_of(page, path, key)
    assert said.startswith("This is a key of AWS's own")


@with_plans
async def test_a_training_plan_that_is_over_is_told(page: Page) -> None:
    answer = await page.ask(f"{SPEC}.TrainingPlanArn")
    plan = next(row for row in answer["rows"] if not row[3])
    (said,) = await said_of(page, f"{SPEC}.TrainingPlanArn", plan[0])
    assert said == f"Studio's apps cannot start on this training plan. The list says: {plan[2]}."


def test_an_image_for_other_apps_may_be_right_all_the_same() -> None:
    said = unfit(SUGGESTIONS["ImageArn"], Offer(IMAGE, "R 4.4", "for RSession in this domain", fits=False), {})
    assert said.severity == INFORMATION
    assert said.text == "This image may not suit this field. The list says: for RSession in this domain."


@with_emr
async def test_a_role_for_emr_is_judged_again_when_the_execution_role_changes(page: Page) -> None:
    path = f"{LAB}.EmrSettings.ExecutionRoleArns"
    await page.ask(path)
    role = f"{ROLES}/lambda-nightly-cost-report"
    (said,) = await said_of(page, path, [role])
    assert "names neither the execution role" in said
    judged = page.field(path).suggester._judged
    page.form.settings.ExecutionRole = f"{ROLES}/SageMakerAnalystRole"
    assert page.field(path).suggester._judged == judged + 1


# -- versions of another image -------------------------------------------------------------------------------------


async def test_a_version_of_another_image_is_not_called_deleted_and_is_judged_again(page: Page) -> None:
    spec = page.form.settings.JupyterLabAppSettings.DefaultResourceSpec
    spec.SageMakerImageArn = PYTORCH
    await page.ask(VERSION)
    assert await said_of(page, VERSION, f"{SAGEMAKER}:image-version/research-pytorch/3") == []
    spec.SageMakerImageArn = IMAGE
    await page.ask(VERSION)
    assert page.advice(VERSION) == ["This is a version of “research-pytorch”, and the image is “custom-r”."]
    spec.SageMakerImageArn = PYTORCH
    await page.settled()
    assert page.advice(VERSION) == []
    (said,) = await said_of(page, VERSION, f"{SAGEMAKER}:image-version/research-pytorch/9")
    assert said.startswith("No such image version was in the list of “research-pytorch”")
    assert "account" not in said


def test_without_lists_too_the_image_beside_a_version_counts() -> None:
    form = SettingsEditor(UserSettings(), defaults={LAB: {"DefaultResourceSpec": {"SageMakerImageArn": IMAGE}}})
    form.expand()
    box = field(form, VERSION)
    browser_sets(box, value=f"{SAGEMAKER}:image-version/research-pytorch/3")
    assert [row["severity"] for row in box.advice] == [INFORMATION]  # the domain's image; the version may win
    spec = form.settings.JupyterLabAppSettings.DefaultResourceSpec
    spec.SageMakerImageArn = IMAGE
    assert "“custom-r”" in box.advice[0]["message"]
    spec.SageMakerImageArn = PYTORCH
    assert box.advice == []
    form.close()
    spec.SageMakerImageArn = IMAGE
    assert box.advice == []


def test_the_word_that_clears_a_version_is_of_no_image() -> None:
    form = SettingsEditor(UserSettings(), defaults={LAB: {"DefaultResourceSpec": {"SageMakerImageArn": IMAGE}}})
    form.expand()
    browser_sets(field(form, VERSION), value="None")
    assert field(form, VERSION).advice == []
    form.close()


async def test_the_number_of_a_version_is_judged_again_when_the_image_beside_it_changes(page: Page) -> None:
    lab = page.form.settings.JupyterLabAppSettings
    lab.CustomImages = [{"ImageName": "geospatial-python", "AppImageConfigName": "geospatial-lab"}]
    path = f"{LAB}.CustomImages[0].ImageVersionNumber"
    await page.ask(path)
    (said,) = await said_of(page, path, "3")
    assert said.startswith("No such image version was in the list of “geospatial-python”")
    lab.CustomImages[0].ImageName = "research-pytorch"
    await page.settled()
    assert page.advice(path) == []


def test_a_closed_form_leaves_nothing_behind_that_listens() -> None:
    settings = UserSettings()
    before = len(settings.tree._listeners)
    form = SettingsEditor(settings)
    form.expand()
    assert len(settings.tree._listeners) > before + 1
    form.close()
    assert len(settings.tree._listeners) == before


def test_an_item_that_is_taken_out_of_its_list_does_not_listen_any_more() -> None:
    form = SettingsEditor(UserSettings())
    form.expand()
    lab = form.settings.JupyterLabAppSettings
    lab.CustomImages = []
    before = len(form.settings.tree._listeners)
    lab.CustomImages = [{"ImageName": "lab", "AppImageConfigName": "lab", "ImageVersionNumber": 3}]
    field(form, f"{LAB}.CustomImages[0].ImageVersionNumber")
    assert len(form.settings.tree._listeners) == before + 1
    lab.CustomImages = []
    assert len(form.settings.tree._listeners) == before
    form.close()


# -- roles with a path, sessions, and names ------------------------------------------------------------------------


async def test_the_role_of_a_session_is_looked_up_with_its_path(page: Page) -> None:
    box = page.field("ExecutionRole")
    await page.ask("ExecutionRole")
    (said,) = await said_of(page, "ExecutionRole", f"arn:aws:sts::{ACCOUNT}:assumed-role/{OF_CONSOLE}/SageMaker")
    assert said.startswith("This is the ARN of a session of a role. This field takes the ARN of the role: here, ")
    ((fix, label),) = box.advice[0]["fixes"]
    assert label == f"Use {ROLES}/service-role/{OF_CONSOLE}"
    browser_sends(box, do="fix", id=fix)
    await page.settled()
    assert page.form.settings.ExecutionRole == f"{ROLES}/service-role/{OF_CONSOLE}"
    assert box.advice == []


async def test_no_role_is_offered_for_a_session_of_one_that_does_not_exist(page: Page) -> None:
    await page.ask("ExecutionRole")
    (said,) = await said_of(page, "ExecutionRole", f"arn:aws:sts::{ACCOUNT}:assumed-role/Gone/alice")
    assert said == "This is the ARN of a session of a role, and no role “Gone” was in the list just now."
    assert "fixes" not in page.field("ExecutionRole").advice[0]


async def test_a_session_of_another_account_is_not_looked_for_here(page: Page) -> None:
    await page.ask("ExecutionRole")
    said = await said_of(page, "ExecutionRole", f"arn:aws:sts::210987654321:assumed-role/{OF_CONSOLE}/SageMaker")
    assert "arn:aws:iam::210987654321:role/service-role/" in said[0]
    assert "of account 210987654321" in said[1]


async def test_a_role_without_its_path_is_found_by_its_name(page: Page) -> None:
    await page.ask("ExecutionRole")
    (said,) = await said_of(page, "ExecutionRole", f"{ROLES}/{OF_CONSOLE}")
    assert said.startswith("No role was in the list under this ARN, but there is one of this name: ")
    assert [label for _, label in page.field("ExecutionRole").advice[0]["fixes"]] == [
        f"Use {ROLES}/service-role/{OF_CONSOLE}"
    ]


async def test_a_security_group_is_found_by_its_name(page: Page) -> None:
    box = page.field("SecurityGroups")
    (said,) = await said_of(page, "SecurityGroups", ["studio-notebooks"])
    assert "may be the name of one" in said
    assert "fixes" not in box.advice[0]
    await page.ask("SecurityGroups")
    (row,) = box.advice
    assert "is the name of a security group; this field takes the id" in row["message"]
    ((fix, label),) = row["fixes"]
    assert label == "Use sg-0a1b2c3d4e5f60718"
    browser_sends(box, do="fix", id=fix)
    await page.settled()
    assert page.form.settings.SecurityGroups == ("sg-0a1b2c3d4e5f60718",)
    assert box.advice == []


async def test_a_name_of_no_security_group_keeps_what_it_says_about_itself(page: Page) -> None:
    await page.ask("SecurityGroups")
    (said,) = await said_of(page, "SecurityGroups", ["nobody"])
    assert "Ids of security groups begin with sg-" in said


async def test_of_groups_of_one_name_those_of_the_domains_vpc_are_offered(page: Page) -> None:
    answer = await page.ask("SecurityGroups")
    defaults = [row for row in answer["rows"] if row[1] == "default"]
    assert {row[3] for row in defaults} == {0, 1}
    await said_of(page, "SecurityGroups", ["default"])
    offered = [label for _, label in page.field("SecurityGroups").advice[0]["fixes"]]
    assert offered == [f"Use {row[0]}" for row in defaults if row[3]]
