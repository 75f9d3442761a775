"""The user profiles of both domains."""

from __future__ import annotations

from typing import Any, Final

from profile_widgets.sandbox.seed import network, storage
from profile_widgets.sandbox.seed.domains import DISTRIBUTION, JUPYTER_SERVER, LIFECYCLE, RESEARCH, STUDIO_SSO

_ANALYST: Final[dict[str, Any]] = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerAnalystRole",
    "SecurityGroups": [network.DATABASES],
    "SharingSettings": {
        "NotebookOutputOption": "Allowed",
        "S3OutputPath": f"s3://{storage.STUDIO_BUCKET}/sharing/analysts",
    },
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {
            "SageMakerImageArn": DISTRIBUTION,
            "InstanceType": "ml.t3.medium",
            "LifecycleConfigArn": LIFECYCLE + "lab-git-identity",
        },
        "CustomImages": [
            {"ImageName": "research-pytorch", "ImageVersionNumber": 3, "AppImageConfigName": "research-pytorch-lab"},
            {"ImageName": "geospatial-python", "AppImageConfigName": "geospatial-lab"},
        ],
        "LifecycleConfigArns": [LIFECYCLE + "lab-git-identity", LIFECYCLE + "lab-pip-mirror"],
        "CodeRepositories": [
            {"RepositoryUrl": "https://github.com/northwind-research/notebooks"},
            {"RepositoryUrl": "https://github.com/northwind-research/sql-recipes.git"},
        ],
        "AppLifecycleManagement": {
            "IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 180},
        },
        "EmrSettings": {
            "AssumableRoleArns": ["arn:aws:iam::210987654321:role/EMRAssumeRole"],
            "ExecutionRoleArns": ["arn:aws:iam::123456789012:role/EmrRuntimeRole-clickstream"],
        },
    },
    "CanvasAppSettings": {
        "TimeSeriesForecastingSettings": {
            "Status": "ENABLED",
            "AmazonForecastRoleArn": "arn:aws:iam::123456789012:role/service-role/"
            "AmazonSageMakerCanvasForecastRole-20250520T093900",
        },
        "IdentityProviderOAuthSettings": [
            {
                "DataSourceName": "Snowflake",
                "Status": "ENABLED",
                "SecretArn": "arn:aws:secretsmanager:{region}:123456789012:secret:canvas/snowflake-oauth-qWbTzK",
            }
        ],
        "KendraSettings": {"Status": "DISABLED"},
    },
    "SpaceStorageSettings": {
        "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 20, "MaximumEbsVolumeSizeInGb": 200},
    },
}

_DATA_SCIENTIST: Final[dict[str, Any]] = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerDataScientistRole",
    "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.m5.xlarge"}},
    "CodeEditorAppSettings": {
        "DefaultResourceSpec": {
            "InstanceType": "ml.t3.large",
            "LifecycleConfigArn": LIFECYCLE + "code-editor-auto-stop-idle",
        },
        "LifecycleConfigArns": [LIFECYCLE + "code-editor-auto-stop-idle"],
    },
    "StudioWebPortalSettings": {"HiddenInstanceTypes": ["ml.p3.16xlarge", "ml.p4d.24xlarge"]},
}

_LEAD: Final[dict[str, Any]] = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
    "SecurityGroups": [network.EMR_CLIENTS, network.FILE_SYSTEMS],
    "SharingSettings": {
        "NotebookOutputOption": "Allowed",
        "S3OutputPath": f"s3://{storage.STUDIO_BUCKET}/sharing/leads",
        "S3KmsKeyId": storage.STUDIO_KEY,
    },
    "JupyterServerAppSettings": {
        "DefaultResourceSpec": {
            "SageMakerImageArn": JUPYTER_SERVER,
            "InstanceType": "system",
            "LifecycleConfigArn": LIFECYCLE + "server-git-extension",
        },
        "LifecycleConfigArns": [LIFECYCLE + "server-git-extension", LIFECYCLE + "server-auto-shutdown"],
        "CodeRepositories": [{"RepositoryUrl": "https://github.com/northwind-research/pipelines"}],
    },
    "KernelGatewayAppSettings": {
        "DefaultResourceSpec": {
            "InstanceType": "ml.g4dn.xlarge",
            "LifecycleConfigArn": LIFECYCLE + "kernel-gateway-proxy",
        },
        "CustomImages": [
            {"ImageName": "custom-r", "ImageVersionNumber": 1, "AppImageConfigName": "custom-r-image-config"}
        ],
        "LifecycleConfigArns": [LIFECYCLE + "kernel-gateway-proxy"],
    },
    "TensorBoardAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
    "CanvasAppSettings": {
        "ModelRegisterSettings": {
            "Status": "ENABLED",
            "CrossAccountModelRegisterRoleArn": "arn:aws:iam::210987654321:role/ModelRegistryWriter",
        },
        "WorkspaceSettings": {"S3ArtifactPath": "s3://northwind-canvas-artifacts-123456789012/leads"},
        "DirectDeploySettings": {"Status": "ENABLED"},
    },
    "CodeEditorAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.g5.xlarge"},
        "CustomImages": [{"ImageName": "code-editor-rust", "AppImageConfigName": "code-editor-rust-config"}],
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "DISABLED"}},
    },
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {
            "SageMakerImageArn": "arn:aws:sagemaker:{region}:123456789012:image/research-pytorch",
            "SageMakerImageVersionArn": "arn:aws:sagemaker:{region}:123456789012:image-version/research-pytorch/2",
            "InstanceType": "ml.g5.2xlarge",
        },
        "CustomImages": [{"ImageName": "research-pytorch", "AppImageConfigName": "research-pytorch-lab"}],
        "CodeRepositories": [{"RepositoryUrl": "https://github.com/northwind-research/pipelines"}],
    },
    "SpaceStorageSettings": {
        "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 100, "MaximumEbsVolumeSizeInGb": 1000},
    },
    "DefaultLandingUri": "studio::",
    "StudioWebPortal": "ENABLED",
    "CustomPosixUserConfig": {"Uid": 10021, "Gid": 2001},
    "CustomFileSystemConfigs": [
        {"EFSFileSystemConfig": {"FileSystemId": storage.SHARED_EFS, "FileSystemPath": "/projects"}},
        {"FSxLustreFileSystemConfig": {"FileSystemId": storage.GENOMICS_LUSTRE, "FileSystemPath": "/genomics"}},
        {"S3FileSystemConfig": {"S3Uri": "s3://northwind-research-curated-123456789012/", "MountPath": "curated"}},
    ],
    "StudioWebPortalSettings": {
        "HiddenMlTools": ["JumpStart"],
        "HiddenAppTypes": ["KernelGateway"],
        "HiddenInstanceTypes": ["ml.p4d.24xlarge"],
        "HiddenSageMakerImageVersionAliases": [
            {"SageMakerImageName": "sagemaker_distribution", "VersionAliases": ["1.10", "1.11"]}
        ],
    },
    "AutoMountHomeEFS": "Disabled",
}

_R_PERSON: Final[dict[str, Any]] = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerDataScientistRole",
    "SecurityGroups": [network.RSTUDIO],
    "RStudioServerProAppSettings": {"AccessStatus": "ENABLED", "UserGroup": "R_STUDIO_ADMIN"},
    "RSessionAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.r5.xlarge"},
        "CustomImages": [{"ImageName": "rsession-bioconductor", "AppImageConfigName": "rsession-bioconductor-config"}],
    },
}

PROFILES: Final[tuple[dict[str, Any], ...]] = (
    {
        "domain": RESEARCH,
        "name": "analyst-1",
        "age": 210,
        "changed": 3,
        "settings": _ANALYST,
        "tags": {"team": "analytics", "person": "Ines Duarte"},
    },
    {
        "domain": RESEARCH,
        "name": "data-scientist-1",
        "age": 190,
        "changed": 17,
        "settings": _DATA_SCIENTIST,
        "tags": {"team": "research"},
    },
    {"domain": RESEARCH, "name": "bare", "age": 12, "changed": 12},
    {
        "domain": RESEARCH,
        "name": "ml-lead",
        "age": 400,
        "changed": 30,
        "settings": _LEAD,
        "tags": {"team": "platform", "on-call": "yes"},
    },
    {
        "domain": RESEARCH,
        "name": "new-hire-7",
        "age": 2,
        "changed": 2,
        "status": "Failed",
        "reason": "The security group sg-0badbadbadbad0001 does not exist in VPC vpc-0c1f5d2a9b7e34f68. "
        "Delete the user profile and create it again with a security group of the domain's VPC.",
        "settings": {"SecurityGroups": ["sg-0badbadbadbad0001"]},
    },
    {
        "domain": STUDIO_SSO,
        "name": "marin-r",
        "age": 180,
        "changed": 60,
        "person": "marin.keller@northwind.example",
        "settings": _R_PERSON,
        "tags": {"team": "biostatistics"},
    },
    {
        "domain": STUDIO_SSO,
        "name": "nina-okafor",
        "age": 90,
        "changed": 25,
        "person": "nina.okafor@northwind.example",
        "settings": {
            "RStudioServerProAppSettings": {"AccessStatus": "DISABLED"},
            "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.m5.2xlarge"}},
        },
    },
    {
        "domain": STUDIO_SSO,
        "name": "jonas-weber",
        "age": 8,
        "changed": 8,
        "person": "jonas.weber@northwind.example",
    },
)
