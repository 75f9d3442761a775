"""The two domains: one that signs people in by IAM, one by IAM Identity Center."""

from __future__ import annotations

from typing import Any, Final

from profile_widgets.sandbox.seed import network, storage

RESEARCH: Final = "d-9xk2m4tq7abc"
STUDIO_SSO: Final = "d-4hw8zr1ns5ke"

ROLE: Final = "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20250520T093901"
LIFECYCLE: Final = "arn:aws:sagemaker:{region}:123456789012:studio-lifecycle-config/"
DISTRIBUTION: Final = "arn:aws:sagemaker:{region}:819792524951:image/sagemaker-distribution-cpu"
JUPYTER_SERVER: Final = "arn:aws:sagemaker:{region}:470317259841:image/jupyter-server-3"

_RESEARCH_DEFAULTS: Final[dict[str, Any]] = {
    "ExecutionRole": ROLE,
    "SecurityGroups": [network.NOTEBOOKS],
    "SharingSettings": {
        "NotebookOutputOption": "Allowed",
        "S3OutputPath": f"s3://{storage.STUDIO_BUCKET}/sharing",
        "S3KmsKeyId": storage.STUDIO_KEY,
    },
    "JupyterServerAppSettings": {
        "DefaultResourceSpec": {"SageMakerImageArn": JUPYTER_SERVER, "InstanceType": "system"},
    },
    "KernelGatewayAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"},
        "CustomImages": [{"ImageName": "custom-r", "AppImageConfigName": "custom-r-image-config"}],
    },
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {
            "SageMakerImageArn": DISTRIBUTION,
            "SageMakerImageVersionAlias": "2.4.1",
            "InstanceType": "ml.t3.medium",
            "LifecycleConfigArn": LIFECYCLE + "lab-git-identity",
        },
        "LifecycleConfigArns": [LIFECYCLE + "lab-git-identity"],
        "CodeRepositories": [{"RepositoryUrl": "https://github.com/aws/amazon-sagemaker-examples"}],
        "AppLifecycleManagement": {
            "IdleSettings": {
                "LifecycleManagement": "ENABLED",
                "IdleTimeoutInMinutes": 120,
                "MinIdleTimeoutInMinutes": 60,
                "MaxIdleTimeoutInMinutes": 480,
            }
        },
    },
    "CodeEditorAppSettings": {
        "DefaultResourceSpec": {"SageMakerImageArn": DISTRIBUTION, "InstanceType": "ml.t3.medium"},
        "AppLifecycleManagement": {
            "IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 120},
        },
    },
    "CanvasAppSettings": {
        "WorkspaceSettings": {
            "S3ArtifactPath": "s3://northwind-canvas-artifacts-123456789012/research",
            "S3KmsKeyId": storage.CANVAS_KEY,
        },
        "TimeSeriesForecastingSettings": {"Status": "DISABLED"},
        "DirectDeploySettings": {"Status": "DISABLED"},
        "GenerativeAiSettings": {
            "AmazonBedrockRoleArn": "arn:aws:iam::123456789012:role/service-role/"
            "AmazonSagemakerCanvasBedrockRole-20250520T093900",
        },
        "EmrServerlessSettings": {
            "ExecutionRoleArn": "arn:aws:iam::123456789012:role/service-role/"
            "AmazonSageMakerCanvasEMRSExecutionAccess-20250520T093900",
            "Status": "ENABLED",
        },
    },
    "SpaceStorageSettings": {
        "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 5, "MaximumEbsVolumeSizeInGb": 100},
    },
    "DefaultLandingUri": "studio::",
    "StudioWebPortal": "ENABLED",
    "StudioWebPortalSettings": {"HiddenAppTypes": ["JupyterServer"], "HiddenMlTools": ["DataWrangler"]},
    "AutoMountHomeEFS": "Enabled",
}

_SSO_DEFAULTS: Final[dict[str, Any]] = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerDataScientistRole",
    "SharingSettings": {"NotebookOutputOption": "Disabled"},
    "JupyterServerAppSettings": {"DefaultResourceSpec": {"InstanceType": "system"}},
    "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
    "RStudioServerProAppSettings": {"AccessStatus": "ENABLED", "UserGroup": "R_STUDIO_USER"},
    "RSessionAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
    "DefaultLandingUri": "studio::",
    "StudioWebPortal": "ENABLED",
}

DOMAINS: Final[tuple[dict[str, Any], ...]] = (
    {
        "age": 412,
        "changed": 6,
        "tags": {"team": "research", "cost-centre": "4711"},
        "detail": {
            "DomainId": RESEARCH,
            "DomainName": "research",
            "HomeEfsFileSystemId": storage.HOME_EFS,
            "AuthMode": "IAM",
            "DefaultUserSettings": _RESEARCH_DEFAULTS,
            "DomainSettings": {
                "SecurityGroupIds": [network.DOMAIN_BOUNDARY],
                "ExecutionRoleIdentityConfig": "USER_PROFILE_NAME",
                "DockerSettings": {"EnableDockerAccess": "DISABLED"},
            },
            "SecurityGroupIdForDomainBoundary": network.DOMAIN_BOUNDARY,
            "AppNetworkAccessType": "VpcOnly",
            "AppSecurityGroupManagement": "Service",
            "SubnetIds": [network.SUBNET_A, network.SUBNET_B],
            "VpcId": network.RESEARCH_VPC,
            "KmsKeyId": storage.STUDIO_KEY,
            "Url": f"https://{RESEARCH}.studio.{{region}}.sagemaker.aws",
            "TagPropagation": "ENABLED",
            "DefaultSpaceSettings": {
                "ExecutionRole": ROLE,
                "SecurityGroups": [network.NOTEBOOKS],
                "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
            },
        },
    },
    {
        "age": 265,
        "changed": 40,
        "tags": {"team": "platform"},
        "detail": {
            "DomainId": STUDIO_SSO,
            "DomainName": "studio-sso",
            "HomeEfsFileSystemId": storage.SSO_HOME_EFS,
            "SingleSignOnManagedApplicationInstanceId": "ins-66845d1f0a3c92be",
            "AuthMode": "SSO",
            "DefaultUserSettings": _SSO_DEFAULTS,
            "DomainSettings": {
                "RStudioServerProDomainSettings": {
                    "DomainExecutionRoleArn": "arn:aws:iam::123456789012:role/SageMakerRStudioDomainRole",
                    "DefaultResourceSpec": {"InstanceType": "system"},
                }
            },
            "AppNetworkAccessType": "PublicInternetOnly",
            "SubnetIds": [network.SHARED_SUBNET],
            "VpcId": network.SHARED_VPC,
            "Url": f"https://{STUDIO_SSO}.studio.{{region}}.sagemaker.aws",
        },
    },
)
