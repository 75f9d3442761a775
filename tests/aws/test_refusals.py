"""AWS's findings, mapped back to the members of the request."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.refusals import botocore_findings, member_path, service_findings


@pytest.fixture(scope="module")
def update() -> Any:
    import botocore.session

    model = botocore.session.Session().get_service_model("sagemaker")
    return model.operation_model("UpdateUserProfile").input_shape


TEXT = (
    "3 validation errors detected: Value 'x' at 'userSettings.executionRole' failed to satisfy constraint: Member must "
    "satisfy regular expression pattern: ^arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+$; Value '[a; b]' "
    "at 'userSettings.securityGroups' failed to satisfy constraint: Member must satisfy constraint: [Member must have "
    "length less than or equal to 32]; Value at 'userSettings.jupyterLabAppSettings.customImages.2.member.imageName' "
    "failed to satisfy constraint: Member must not be null"
)


def test_each_finding_gets_the_path_that_the_kit_uses(update: Any) -> None:
    findings = service_findings(TEXT, update)
    assert [path for path, _ in findings] == [
        "UserSettings.ExecutionRole",
        "UserSettings.SecurityGroups",
        "UserSettings.JupyterLabAppSettings.CustomImages[1].ImageName",
    ]
    assert findings[0][1].startswith("Member must satisfy regular expression pattern: ^arn")
    assert findings[1][1] == "Member must satisfy constraint: [Member must have length less than or equal to 32]"
    assert findings[2][1] == "Member must not be null"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (
            "userSettings.rStudioServerProAppSettings.accessStatus",
            "UserSettings.RStudioServerProAppSettings.AccessStatus",
        ),
        (
            "userSettings.customFileSystemConfigs.1.member.eFSFileSystemConfig.fileSystemId",
            "UserSettings.CustomFileSystemConfigs[0].EFSFileSystemConfig.FileSystemId",
        ),
        ("userSettings.sharingSettings.s3OutputPath", "UserSettings.SharingSettings.S3OutputPath"),
        (
            "userSettings.jupyterLabAppSettings.customImages[2].imageName",
            "UserSettings.JupyterLabAppSettings.CustomImages[2].ImageName",
        ),
        ("userSettings.newThing.innerPart", "UserSettings.NewThing.InnerPart"),
        ("domainId", "DomainId"),
    ],
)
def test_members_get_their_own_spelling(update: Any, theirs: str, ours: str) -> None:
    assert member_path(theirs, update) == ours


def test_every_member_of_the_request_finds_its_way_back(update: Any) -> None:
    def walk(shape: Any, theirs: str, ours: str) -> None:
        assert member_path(theirs, update) == ours
        if shape.type_name == "structure":
            for name, inner in shape.members.items():
                camel = name[:1].lower() + name[1:]
                walk(inner, f"{theirs}.{camel}" if theirs else camel, f"{ours}.{name}" if ours else name)
        elif shape.type_name == "list":
            walk(shape.member, f"{theirs}.3.member", f"{ours}[2]")

    for name, inner in update.members.items():
        walk(inner, name[:1].lower() + name[1:], name)


@pytest.mark.parametrize(
    "text", ["", "Something else", "1 validation error detected: ", "Value at '' failed to satisfy"]
)
def test_a_text_without_findings_has_none(text: str) -> None:
    assert service_findings(text, None) == ()


def test_a_hostile_text_is_read_in_bounded_time() -> None:
    text = "1 validation error detected: " + "Value 'x' at 'a" * 200_000
    assert service_findings(text, None) == ()
    assert len(service_findings(TEXT + "; Value ' at '" * 50_000, None)) == 3


def test_botocores_own_findings_have_paths_too() -> None:
    import boto3
    from botocore.exceptions import ParamValidationError

    client = boto3.client("sagemaker", region_name="eu-west-1", aws_access_key_id="k", aws_secret_access_key="s")
    request: dict[str, Any] = {
        "DomainId": "d-1",
        "Wrong": 1,
        "UserSettings": {
            "ExecutionRole": 3,
            "SecurityGroups": [1],
            "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a"}]},
            "SpaceStorageSettings": {
                "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 1, "MaximumEbsVolumeSizeInGb": 7}
            },
            "CustomFileSystemConfigs": [
                {},
                {"EFSFileSystemConfig": {"FileSystemId": "f"}, "FSxLustreFileSystemConfig": {}},
            ],
        },
    }
    with pytest.raises(ParamValidationError) as caught:
        client.update_user_profile(**request)
    paths = {path for path, _ in botocore_findings(caught.value.kwargs["report"])}
    assert {
        "UserProfileName",
        "Wrong",
        "UserSettings.ExecutionRole",
        "UserSettings.SecurityGroups[0]",
        "UserSettings.JupyterLabAppSettings.CustomImages[0].AppImageConfigName",
        "UserSettings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb",
        "UserSettings.CustomFileSystemConfigs[0]",
    } <= paths
