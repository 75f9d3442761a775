"""Plain words for AWS's member names.

A table holds what splitting the name cannot give; everything else, members that AWS adds next month included, is split
at its capitals: ``ExecutionRole`` reads "Execution role".
"""

from __future__ import annotations

import re

from profile_widgets.model import documents

_PROPER = (
    "ARN", "ARNs", "Bedrock", "Canvas", "CPU", "EBS", "EC2", "EFS", "EMR", "FSx", "GB", "GPU", "IAM", "ID", "IDs",
    "Jupyter", "JupyterLab", "JupyterServer", "KMS", "Lustre", "ML", "OAuth", "POSIX", "RSession", "RStudio", "S3",
    "SageMaker", "SSO", "URI", "URL", "VPC",
)  # fmt: skip
_NAMES = {word.lower(): word for word in _PROPER}
_WORDS = re.compile(
    "|".join(
        [
            rf"(?:{'|'.join(sorted(_PROPER, key=len, reverse=True))})(?![a-z])",  # names first, whole
            r"[A-Z]+(?=[A-Z][a-z])",
            r"[A-Z]?[a-z]+",
            r"[A-Z]+",
            r"\d+",
        ]
    )
)

LABELS = {
    "AccessStatus": "RStudio access",
    "AmazonBedrockRoleArn": "Bedrock role",
    "AmazonForecastRoleArn": "Forecast role",
    "AppImageConfigName": "App image configuration",
    "AppLifecycleManagement": "Idle shutdown",
    "AssumableRoleArns": "Roles to assume on EMR",
    "AutoMountHomeEFS": "Mount the home EFS folder",
    "BuiltInLifecycleConfigArn": "Built-in lifecycle configuration",
    "CanvasAppSettings": "Canvas app",
    "CodeEditorAppSettings": "Code Editor app",
    "CodeRepositories": "Git repositories",
    "CrossAccountModelRegisterRoleArn": "Role in the other account",
    "CustomFileSystemConfigs": "Custom file systems",
    "CustomImages": "Custom images",
    "CustomPosixUserConfig": "POSIX identity",
    "DefaultEbsStorageSettings": "EBS volumes of spaces",
    "DefaultEbsVolumeSizeInGb": "Default size, GB",
    "DefaultLandingUri": "Landing page",
    "DefaultResourceSpec": "Default resources",
    "DomainId": "Domain",
    "EFSFileSystemConfig": "EFS file system",
    "EmrServerlessSettings": "EMR Serverless",
    "EmrSettings": "EMR clusters",
    "ExecutionRoleArn": "Execution role",
    "ExecutionRoleArns": "Execution roles on EMR",
    "ExecutionRoleSessionNameMode": "Session name of the execution role",
    "FSxLustreFileSystemConfig": "FSx for Lustre file system",
    "FileSystemId": "File system",
    "FileSystemPath": "Path on the file system",
    "GenerativeAiSettings": "Generative AI",
    "Gid": "Group id (GID)",
    "HiddenAppTypes": "Hidden apps",
    "HiddenInstanceTypes": "Hidden instance types",
    "HiddenMlTools": "Hidden ML tools",
    "HiddenSageMakerImageVersionAliases": "Hidden image versions",
    "IdentityProviderOAuthSettings": "OAuth data sources",
    "IdleSettings": "Idle settings",
    "IdleTimeoutInMinutes": "Idle timeout, minutes",
    "ImageVersionNumber": "Image version",
    "InstanceType": "Instance type",
    "JupyterLabAppSettings": "JupyterLab app",
    "JupyterServerAppSettings": "Jupyter server app",
    "KendraSettings": "Kendra document search",
    "KernelGatewayAppSettings": "Kernel gateway app",
    "LifecycleConfigArn": "Default lifecycle configuration",
    "LifecycleConfigArns": "Lifecycle configurations",
    "MaxIdleTimeoutInMinutes": "Longest idle timeout, minutes",
    "MaximumEbsVolumeSizeInGb": "Largest size, GB",
    "MinIdleTimeoutInMinutes": "Shortest idle timeout, minutes",
    "NotebookOutputOption": "Notebook output in shared notebooks",
    "RSessionAppSettings": "RSession app",
    "RStudioServerProAppSettings": "RStudio",
    "S3ArtifactPath": "Artifacts in S3",
    "S3FileSystemConfig": "S3 folder",
    "S3KmsKeyId": "KMS key for S3",
    "S3OutputPath": "Shared notebooks in S3",
    "S3Uri": "S3 location",
    "SageMakerImageArn": "Image",
    "SageMakerImageName": "Image",
    "SageMakerImageVersionAlias": "Image version alias",
    "SageMakerImageVersionArn": "Image version",
    "SecretArn": "Secret",
    "SharingSettings": "Notebook sharing",
    "SingleSignOnUserIdentifier": "Single sign-on identifier",
    "SingleSignOnUserValue": "Single sign-on user",
    "SpaceStorageSettings": "Space storage",
    "StudioWebPortal": "Access to Studio",
    "StudioWebPortalSettings": "Studio interface",
    "TensorBoardAppSettings": "TensorBoard app",
    "TrainingPlanArn": "Training plan",
    "Uid": "User id (UID)",
    "UserGroup": "RStudio group",
    "UserSettings": "Settings",
}
"""Words for member names, by name."""


BETWEEN = " \u203a "
"""What stands between the words of a path: a small angle to the right."""


def label(name: str) -> str:
    """Return a member's name in plain words.

    Example::

        >>> label("LifecycleConfigArns"), label("SageMakerS3UriOfOAuth")
        ('Lifecycle configurations', 'SageMaker S3 URI of OAuth')
    """
    if name in LABELS:
        return LABELS[name]
    words = [_NAMES.get(word.lower(), word.lower()) for word in _WORDS.findall(name)]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:]


def path_label(path: str) -> str:
    """Return a path in plain words, positions counted from one.

    Example::

        >>> path_label("UserSettings.JupyterLabAppSettings.CustomImages[1].ImageName").split(BETWEEN)
        ['JupyterLab app', 'Custom images 2', 'Image name']
    """
    words: list[str] = []
    for step in documents.steps(path):
        if isinstance(step, int):
            words[-1:] = [f"{words[-1]} {step + 1}" if words else f"Item {step + 1}"]
        elif step != "UserSettings" or path == "UserSettings":
            words.append(label(step))
    return BETWEEN.join(words)
