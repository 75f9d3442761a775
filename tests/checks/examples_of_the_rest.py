"""Examples of the rules about people, network, storage, roles and Studio's pages."""

from __future__ import annotations

from typing import Any

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from tests.checks.rule_examples import Example, at, create, defaults, groups, role, update

SSO_DOMAIN, IAM_DOMAIN = {"AuthMode": "SSO"}, {"AuthMode": "IAM"}
PERSON = {"SingleSignOnUserIdentifier": "UserName", "SingleSignOnUserValue": "alice@example.org"}
CLOSED = {"AppNetworkAccessType": "VpcOnly"}
RUNNING = (
    {"AppType": "JupyterLab", "AppName": "default", "Status": "InService", "SpaceName": "alices-lab"},
    {"AppType": "KernelGateway", "AppName": "old", "Status": "Deleted", "UserProfileName": "alice"},
)
STOPPED = (RUNNING[1],)
POSIX = {"CustomPosixUserConfig": {"Uid": 10_000, "Gid": 1_001}}
EFS = {"EFSFileSystemConfig": {"FileSystemId": "fs-0123456789abcdef0", "FileSystemPath": "/shared"}}
LUSTRE = {"FSxLustreFileSystemConfig": {"FileSystemId": "fs-0fedcba9876543210", "FileSystemPath": "/"}}
S3 = "s3://team-bucket/shared"
VERSIONS = "StudioWebPortalSettings.HiddenSageMakerImageVersionAliases"


def sharing(**members: Any) -> dict[str, Any]:
    return {"SharingSettings": members}


def volumes(default: int | None, largest: int | None) -> dict[str, Any]:
    sizes = {"DefaultEbsVolumeSizeInGb": default, "MaximumEbsVolumeSizeInGb": largest}
    known = {name: size for name, size in sizes.items() if size is not None}
    return {"SpaceStorageSettings": {"DefaultEbsStorageSettings": known}}


def volume_at(name: str) -> tuple[str, str]:
    return at(ERROR, f"SpaceStorageSettings.DefaultEbsStorageSettings.{name}")


def hidden(*aliases: str, images: int = 1) -> dict[str, Any]:
    each = {"SageMakerImageName": "sagemaker_distribution", "VersionAliases": list(aliases)}
    return {"StudioWebPortalSettings": {"HiddenSageMakerImageVersionAliases": [each] * images}}


def tags(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in pairs]}


def canvas(**members: Any) -> dict[str, Any]:
    return {"CanvasAppSettings": members}


ARTIFACTS = canvas(WorkspaceSettings={"S3ArtifactPath": S3})
HIDING = at(INFORMATION, "StudioWebPortalSettings")
SSO_NAMES = ("SingleSignOnUserIdentifier", "SingleSignOnUserValue")

EXAMPLES: tuple[Example, ...] = (
    # 8
    create("sharing-output", sharing(NotebookOutputOption="Allowed", S3OutputPath=S3)),
    create("sharing-output", sharing(NotebookOutputOption="Disabled")),
    create("sharing-output", sharing(S3OutputPath=S3), domain=defaults(**sharing(NotebookOutputOption="Allowed"))),
    create("sharing-output", sharing(NotebookOutputOption="Allowed"), domain=defaults(**sharing(S3OutputPath=S3))),
    create("sharing-output", sharing(S3OutputPath=S3), at(WARNING, "SharingSettings.S3OutputPath")),
    create(
        "sharing-output",
        sharing(NotebookOutputOption="Disabled", S3KmsKeyId="1234"),
        at(WARNING, "SharingSettings.S3KmsKeyId"),
    ),
    create(
        "sharing-output", sharing(NotebookOutputOption="Allowed"), at(WARNING, "SharingSettings.NotebookOutputOption")
    ),
    # 9
    create("security-groups", {"SecurityGroups": groups(1, 2)}, domain=CLOSED),
    create("security-groups", {}, domain=CLOSED | defaults(SecurityGroups=groups(1))),
    create("security-groups", {}),
    create("security-groups", {"SecurityGroups": groups(1, 2, 3, 4)}, domain=defaults(SecurityGroups=groups(1))),
    update("security-groups", {"SecurityGroups": groups(1)}, loaded={"SecurityGroups": groups(2)}, apps=STOPPED),
    update("security-groups", {"SecurityGroups": groups(2, 1)}, loaded={"SecurityGroups": groups(1, 2)}, apps=RUNNING),
    create("security-groups", {}, at(ERROR, "SecurityGroups"), domain=CLOSED),
    update("security-groups", {"SecurityGroups": []}, at(ERROR, "SecurityGroups"), domain=CLOSED, loaded={}, apps=()),
    update(
        "security-groups",
        {"StudioWebPortal": "ENABLED"},
        at(INFORMATION, "SecurityGroups"),
        domain=CLOSED,
        loaded={},
    ),
    create("security-groups", {"SecurityGroups": groups(1, 2, 3, 4, 5)}, at(WARNING, "SecurityGroups")),
    create(
        "security-groups",
        {"SecurityGroups": groups(1, 2, 3)},
        at(WARNING, "SecurityGroups"),
        domain=defaults(SecurityGroups=groups(4, 5)),
    ),
    update(
        "security-groups",
        {"SecurityGroups": groups(1)},
        at(WARNING, "SecurityGroups"),
        loaded={"SecurityGroups": groups(2)},
        apps=RUNNING,
    ),
    update("security-groups", {"SecurityGroups": groups(1)}, at(INFORMATION, "SecurityGroups")),
    # 10
    create("single-sign-on", {}, domain=SSO_DOMAIN, more=PERSON),
    create("single-sign-on", {}, domain=IAM_DOMAIN),
    create("single-sign-on", {}, more=PERSON),
    create("single-sign-on", {}, *((ERROR, name) for name in SSO_NAMES), domain=SSO_DOMAIN),
    create("single-sign-on", {}, *((ERROR, name) for name in SSO_NAMES), domain=IAM_DOMAIN, more=PERSON),
    create(
        "single-sign-on",
        {},
        (ERROR, "SingleSignOnUserIdentifier"),
        domain=SSO_DOMAIN,
        more=PERSON | {"SingleSignOnUserIdentifier": "Email"},
    ),
    create(
        "single-sign-on", {}, (ERROR, "SingleSignOnUserIdentifier"), more={"SingleSignOnUserValue": "alice@example.org"}
    ),
    # 12
    create("volume-sizes", volumes(5, 16_384)),
    create("volume-sizes", volumes(20, 20)),
    create("volume-sizes", volumes(200, 100), volume_at("DefaultEbsVolumeSizeInGb")),
    create("volume-sizes", volumes(20, None), volume_at("MaximumEbsVolumeSizeInGb")),
    create("volume-sizes", volumes(4, 100), volume_at("DefaultEbsVolumeSizeInGb")),
    create("volume-sizes", volumes(5, 16_385), volume_at("MaximumEbsVolumeSizeInGb")),
    # 13
    create("landing-page", {"DefaultLandingUri": "studio::", "StudioWebPortal": "ENABLED"}),
    create("landing-page", {"DefaultLandingUri": "studio::"}, domain=defaults(StudioWebPortal="ENABLED")),
    create("landing-page", {"DefaultLandingUri": "app:JupyterServer:", "StudioWebPortal": "DISABLED"}),
    create(
        "landing-page",
        {"DefaultLandingUri": "studio::", "StudioWebPortal": "DISABLED"},
        at(ERROR, "DefaultLandingUri"),
    ),
    create("landing-page", {"DefaultLandingUri": "studio::"}, at(ERROR, "DefaultLandingUri"), domain=defaults()),
    update(
        "landing-page",
        {"StudioWebPortal": "DISABLED"},
        at(ERROR, "StudioWebPortal"),
        loaded={"DefaultLandingUri": "studio::", "StudioWebPortal": "ENABLED"},
    ),
    create("landing-page", {"DefaultLandingUri": "studio::"}, at(WARNING, "DefaultLandingUri")),
    create(
        "landing-page",
        {"StudioWebPortal": "DISABLED"},
        at(WARNING, "StudioWebPortal"),
        domain=defaults(DefaultLandingUri="studio::", StudioWebPortal="ENABLED"),
    ),
    # 14
    create("hidden-in-studio", {"StudioWebPortalSettings": {"HiddenAppTypes": []}}),
    create("hidden-in-studio", {"StudioWebPortalSettings": {"ExecutionRoleSessionNameMode": "STATIC"}}),
    update("hidden-in-studio", {"StudioWebPortal": "ENABLED"}, loaded=hidden("1.10")),
    create("hidden-in-studio", {"StudioWebPortalSettings": {"HiddenAppTypes": ["Canvas"]}}, HIDING),
    create("hidden-in-studio", hidden("1.10", "0.9"), HIDING),
    create(
        "hidden-in-studio",
        hidden("1.9", "1.10.2", "1.10"),
        HIDING,
        at(ERROR, f"{VERSIONS}[0].VersionAliases[1]"),
    ),
    create("hidden-in-studio", hidden("latest"), HIDING, at(ERROR, f"{VERSIONS}[0].VersionAliases[0]")),
    create(
        "hidden-in-studio", hidden(*(f"1.{n}" for n in range(21))), HIDING, at(ERROR, f"{VERSIONS}[0].VersionAliases")
    ),
    create("hidden-in-studio", hidden("1.10", images=6), HIDING, at(ERROR, VERSIONS)),
    # 15
    create("file-systems", {"CustomFileSystemConfigs": [EFS, LUSTRE]}),
    create("file-systems", {"CustomFileSystemConfigs": []}),
    create("file-systems", {"CustomFileSystemConfigs": [EFS, EFS | LUSTRE]}, at(ERROR, "CustomFileSystemConfigs[1]")),
    create("file-systems", {"CustomFileSystemConfigs": [{}]}, at(ERROR, "CustomFileSystemConfigs[0]")),
    create("file-systems", {"CustomFileSystemConfigs": [EFS] * 11}, at(ERROR, "CustomFileSystemConfigs")),
    # 16
    create("posix-identity", POSIX),
    update("posix-identity", {"StudioWebPortal": "ENABLED"}, loaded=POSIX),
    update("posix-identity", POSIX, at(ERROR, "CustomPosixUserConfig")),
    update(
        "posix-identity",
        {"CustomPosixUserConfig": {"Uid": 10_001, "Gid": 1_001}},
        at(ERROR, "CustomPosixUserConfig"),
        loaded=POSIX,
    ),
    create("posix-identity", {"CustomPosixUserConfig": {"Uid": 10_000}}, at(ERROR, "CustomPosixUserConfig.Gid")),
    create(
        "posix-identity",
        {"CustomPosixUserConfig": {"Uid": 9_999, "Gid": 1_000}},
        at(ERROR, "CustomPosixUserConfig.Uid"),
        at(ERROR, "CustomPosixUserConfig.Gid"),
    ),
    # 17
    create("home-as-domain", {"AutoMountHomeEFS": "DefaultAsDomain"}, domain=defaults(AutoMountHomeEFS="Enabled")),
    create("home-as-domain", {"AutoMountHomeEFS": "DefaultAsDomain"}),
    create("home-as-domain", {"AutoMountHomeEFS": "Enabled"}, domain=defaults(AutoMountHomeEFS="DefaultAsDomain")),
    create(
        "home-as-domain",
        {"AutoMountHomeEFS": "DefaultAsDomain"},
        at(ERROR, "AutoMountHomeEFS"),
        domain=defaults(AutoMountHomeEFS="DefaultAsDomain"),
    ),
    # 18
    create("rstudio-group", {"RStudioServerProAppSettings": {"AccessStatus": "ENABLED", "UserGroup": "R_STUDIO_USER"}}),
    create("rstudio-group", {"RStudioServerProAppSettings": {"AccessStatus": "DISABLED"}}),
    create(
        "rstudio-group",
        {"RStudioServerProAppSettings": {"UserGroup": "R_STUDIO_USER"}},
        domain=defaults(RStudioServerProAppSettings={"AccessStatus": "ENABLED"}),
    ),
    create(
        "rstudio-group",
        {"RStudioServerProAppSettings": {"AccessStatus": "DISABLED", "UserGroup": "R_STUDIO_ADMIN"}},
        at(ERROR, "RStudioServerProAppSettings.UserGroup"),
    ),
    create(
        "rstudio-group",
        {"RStudioServerProAppSettings": {"UserGroup": "R_STUDIO_ADMIN"}},
        at(ERROR, "RStudioServerProAppSettings.UserGroup"),
        domain=defaults(),
    ),
    create(
        "rstudio-group",
        {"RStudioServerProAppSettings": {"UserGroup": "R_STUDIO_ADMIN"}},
        at(WARNING, "RStudioServerProAppSettings.UserGroup"),
    ),
    update(
        "rstudio-group",
        {"RStudioServerProAppSettings": {"AccessStatus": "DISABLED"}},
        at(INFORMATION, "RStudioServerProAppSettings"),
    ),
    # 19
    create("canvas", ARTIFACTS),
    update("canvas", ARTIFACTS, loaded=ARTIFACTS),
    update("canvas", ARTIFACTS, loaded={}, domain=defaults(**ARTIFACTS)),
    update(
        "canvas",
        canvas(GenerativeAiSettings={"AmazonBedrockRoleArn": role("bedrock")}),
        loaded=canvas(GenerativeAiSettings={"AmazonBedrockRoleArn": role("bedrock")}),
    ),
    create(
        "canvas",
        {"ExecutionRole": role("alice")}
        | canvas(ModelRegisterSettings={"CrossAccountModelRegisterRoleArn": role("models", "210987654321")}),
    ),
    update("canvas", ARTIFACTS, at(WARNING, "CanvasAppSettings.WorkspaceSettings.S3ArtifactPath"), loaded={}),
    create(
        "canvas",
        canvas(EmrServerlessSettings={"ExecutionRoleArn": role("emr")}),
        at(WARNING, "CanvasAppSettings.EmrServerlessSettings.ExecutionRoleArn"),
    ),
    create(
        "canvas",
        {"ExecutionRole": role("alice")}
        | canvas(ModelRegisterSettings={"CrossAccountModelRegisterRoleArn": role("models")}),
        at(WARNING, "CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn"),
    ),
    # 20
    create("execution-role", {"ExecutionRole": role("alice")}),
    update("execution-role", {"ExecutionRole": role("alice")}, loaded={"ExecutionRole": role("alice")}),
    update("execution-role", {"ExecutionRole": role("alice")}, at(WARNING, "ExecutionRole")),
    update(
        "execution-role",
        {"ExecutionRole": role("alice")},
        at(WARNING, "ExecutionRole"),
        loaded={"ExecutionRole": role("bob")},
        apps=RUNNING,
    ),
    # 21
    create("tags", {}, more=tags(("team", "a"), ("Team", "a"))),
    create("tags", {}, more={"Tags": []}),
    create("tags", {}, (ERROR, "Tags[2].Key"), more=tags(("team", "a"), ("floor", "3"), ("team", "b"))),
    create("tags", {}, (ERROR, "Tags[1].Key"), more=tags(("team", "a"), ("team", "a"), ("team", "a"))),
    create("tags", {}, (ERROR, "Tags[0].Key"), more=tags(("AWS:created", "x"), ("team", "a"))),
    create("tags", {}, (ERROR, "Tags"), more=tags(*((f"key-{n}", "x") for n in range(51)))),
    # 22
    create("private-spaces", {"StudioWebPortal": "ENABLED", "SharingSettings": {"NotebookOutputOption": "Disabled"}}),
    create("private-spaces", {"JupyterLabAppSettings": {}, "SecurityGroups": []}),
    update("private-spaces", {"StudioWebPortal": "ENABLED"}, loaded={"ExecutionRole": role("alice")}),
    create(
        "private-spaces",
        {"ExecutionRole": role("alice"), "CustomFileSystemConfigs": [EFS]},
        at(INFORMATION, "ExecutionRole"),
        at(INFORMATION, "CustomFileSystemConfigs"),
    ),
)
