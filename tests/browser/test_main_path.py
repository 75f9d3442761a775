"""The main job, from the page to what the AWS CLI reads back: create in Voila, update in JupyterLab."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from profile_widgets.sandbox import Sandbox
from tests.browser.page_driver import LAB, ProfilePage

pytestmark = pytest.mark.browser

Describe = Callable[[str], dict[str, Any]]
OpenPage = Callable[..., ProfilePage]

ROLE = "arn:aws:iam::123456789012:role/SageMakerAnalystRole"
GROUPS = ["sg-0a1b2c3d4e5f60718", "sg-0b1c2d3e4f5061728", "sg-0d4e5f60718293a4b"]
CREATED = {
    "ExecutionRole": ROLE,
    "SecurityGroups": GROUPS,
    "SharingSettings": {"NotebookOutputOption": "Allowed", "S3OutputPath": "s3://northwind-studio/analyst-2"},
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.g5.2xlarge"},
        "CustomImages": [
            {"ImageName": "research-pytorch", "ImageVersionNumber": 3, "AppImageConfigName": "research-pytorch-lab"}
        ],
        "CodeRepositories": [
            {"RepositoryUrl": "https://github.com/northwind-research/second"},
            {"RepositoryUrl": "https://github.com/northwind-research/first"},
        ],
    },
    "CodeEditorAppSettings": {
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 90}}
    },
    "SpaceStorageSettings": {
        "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 20, "MaximumEbsVolumeSizeInGb": 100}
    },
    "CustomFileSystemConfigs": [
        {"EFSFileSystemConfig": {"FileSystemId": "fs-0a1b2c3d4e5f60718", "FileSystemPath": "/projects"}},
        {"S3FileSystemConfig": {"S3Uri": "s3://northwind-curated/", "MountPath": "curated"}},
    ],
    "StudioWebPortalSettings": {"HiddenInstanceTypes": ["ml.p4d.24xlarge", "ml.g5.48xlarge"]},
}
TAGS = [{"Key": "team", "Value": "analytics"}, {"Key": "cost-centre", "Value": "4711"}]


def fill_tags(page: ProfilePage) -> None:
    for number, tag in enumerate(TAGS):
        page.add_item("Tags", "Tags")
        page.type(f"Tags[{number}].Key", tag["Key"])
        page.type(f"Tags[{number}].Value", tag["Value"])


def fill_access(page: ProfilePage) -> None:
    page.expand("Execution role and security groups")
    page.type("UserSettings.ExecutionRole", ROLE)
    page.paste("UserSettings.SecurityGroups", f"{GROUPS[0]}, {GROUPS[1]}\n{GROUPS[2]}")
    expect(page.entries("UserSettings.SecurityGroups")).to_have_count(3)
    page.expand("Notebook sharing")
    page.pick("UserSettings.SharingSettings.NotebookOutputOption", "Allowed")
    page.type("UserSettings.SharingSettings.S3OutputPath", "s3://northwind-studio/analyst-2")


def fill_lab(page: ProfilePage) -> None:
    page.expand("JupyterLab app")
    page.search(f"{LAB}.DefaultResourceSpec.InstanceType", "g5.2x", "ml.g5.2xlarge")
    page.add_item(f"{LAB}.CustomImages", "Custom images")
    page.type(f"{LAB}.CustomImages[0].ImageName", "research-pytorch")
    page.type(f"{LAB}.CustomImages[0].ImageVersionNumber", "3")
    page.type(f"{LAB}.CustomImages[0].AppImageConfigName", "research-pytorch-lab")
    repositories = f"{LAB}.CodeRepositories"
    for number, name in enumerate(("first", "superfluous", "second")):
        page.add_item(repositories, "Git repositories")
        page.type(f"{repositories}[{number}].RepositoryUrl", f"https://github.com/northwind-research/{name}")
    page.button("Move up: Git repositories 3").click()
    expect(page.box(f"{repositories}[1].RepositoryUrl")).to_have_value("https://github.com/northwind-research/second")
    page.button("Move up: Git repositories 2").click()
    expect(page.box(f"{repositories}[0].RepositoryUrl")).to_have_value("https://github.com/northwind-research/second")
    page.button("Remove: Git repositories 3").click()
    expect(page.at(f"{repositories}[2]")).to_have_count(0)


def fill_storage(page: ProfilePage) -> None:
    page.expand("Code Editor app")
    idle = "UserSettings.CodeEditorAppSettings.AppLifecycleManagement.IdleSettings"
    page.pick(f"{idle}.LifecycleManagement", "ENABLED")
    page.type(f"{idle}.IdleTimeoutInMinutes", "90")
    page.expand("Space storage")
    volumes = "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings"
    page.type(f"{volumes}.DefaultEbsVolumeSizeInGb", "20")
    page.type(f"{volumes}.MaximumEbsVolumeSizeInGb", "100")
    page.expand("File systems")
    systems = "UserSettings.CustomFileSystemConfigs"
    page.add_item(systems, "Custom file systems", "EFS file system")
    page.type(f"{systems}[0].EFSFileSystemConfig.FileSystemId", "fs-0a1b2c3d4e5f60718")
    page.type(f"{systems}[0].EFSFileSystemConfig.FileSystemPath", "/projects")
    page.add_item(systems, "Custom file systems", "S3 folder")
    page.type(f"{systems}[1].S3FileSystemConfig.S3Uri", "s3://northwind-curated/")
    page.type(f"{systems}[1].S3FileSystemConfig.MountPath", "curated")
    page.expand("Studio interface")
    page.paste("UserSettings.StudioWebPortalSettings.HiddenInstanceTypes", "ml.p4d.24xlarge ml.g5.48xlarge")
    expect(page.entries("UserSettings.StudioWebPortalSettings.HiddenInstanceTypes")).to_have_count(2)


def test_a_profile_that_is_created_in_voila_is_read_back_by_the_aws_cli_exactly(
    open_voila: OpenPage, describe: Describe, aws: Callable[..., dict[str, Any]], sandbox: Sandbox
) -> None:
    page = open_voila()
    page.begin_profile("research", "analyst-2")
    fill_tags(page)
    fill_access(page)
    fill_lab(page)
    fill_storage(page)
    page.submit("Create analyst-2", "Created")
    stored = describe("analyst-2")
    assert stored["UserSettings"] == CREATED
    assert stored["Status"] == "InService"
    assert "SingleSignOnUserIdentifier" not in stored
    tags = aws("list-tags", "--resource-arn", stored["UserProfileArn"])["Tags"]
    assert sorted(tags, key=lambda tag: tag["Key"]) == sorted(TAGS, key=lambda tag: tag["Key"])
    assert [call.operation for call in sandbox.calls].count("CreateUserProfile") == 1
    expect(page.root.get_by_text(stored["UserProfileArn"], exact=True)).to_be_visible()


def test_a_profile_that_is_updated_in_jupyterlab_holds_exactly_the_changes(
    open_lab: OpenPage, describe: Describe, sandbox: Sandbox
) -> None:
    before = describe("analyst-1")
    page = open_lab()
    page.open_profile("research", "analyst-1")
    page.expand("Execution role and security groups")
    page.type("UserSettings.ExecutionRole", "arn:aws:iam::123456789012:role/SageMakerDataScientistRole")
    page.expand("JupyterLab app")
    page.search(f"{LAB}.DefaultResourceSpec.InstanceType", "t3.large", "ml.t3.large")
    page.act(f"{LAB}.CodeRepositories", "Git repositories", "Clear (send an empty list)")
    expect(page.at(f"{LAB}.CodeRepositories").get_by_text("explicitly empty")).to_be_visible()
    page.button("Remove arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/lab-pip-mirror").click()
    expect(page.entries(f"{LAB}.LifecycleConfigArns")).to_have_count(1)
    page.expand("Space storage")
    page.type("UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb", "50")
    expect(page.change_row("Git repositories")).to_contain_text("an empty list")
    page.submit("Update analyst-1", "Updated")

    wanted = copy.deepcopy(before["UserSettings"])
    wanted["ExecutionRole"] = "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"
    wanted["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] = "ml.t3.large"
    wanted["JupyterLabAppSettings"]["CodeRepositories"] = []
    wanted["JupyterLabAppSettings"]["LifecycleConfigArns"].pop()
    wanted["SpaceStorageSettings"]["DefaultEbsStorageSettings"]["DefaultEbsVolumeSizeInGb"] = 50
    after = describe("analyst-1")
    assert after["UserSettings"] == wanted
    assert after["Status"] == "InService"
    same = set(before) - {"UserSettings", "LastModifiedTime"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    (sent,) = [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]
    assert set(sent.parameters["UserSettings"]) == {"ExecutionRole", "JupyterLabAppSettings", "SpaceStorageSettings"}
