"""SageMaker images with their versions and aliases, app image configurations, and lifecycle configurations."""

from __future__ import annotations

from typing import Any, Final

_REGISTRY: Final = "123456789012.dkr.ecr.{region}.amazonaws.com"

IMAGES: Final[tuple[dict[str, Any], ...]] = (
    {
        "ImageName": "research-pytorch",
        "DisplayName": "Research PyTorch",
        "Description": "PyTorch with the research packages",
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
        "age": 310,
        "versions": (
            {"base": f"{_REGISTRY}/research-pytorch:2.2", "aliases": ("1.0",), "age": 310},
            {"base": f"{_REGISTRY}/research-pytorch:2.3", "aliases": ("1.1",), "age": 120},
            {"base": f"{_REGISTRY}/research-pytorch:2.4", "aliases": ("1.2", "stable-1.2"), "age": 21},
        ),
    },
    {
        "ImageName": "geospatial-python",
        "DisplayName": "Geospatial Python",
        "Description": "GDAL, rasterio and friends",
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
        "age": 200,
        "versions": (
            {"base": f"{_REGISTRY}/geospatial:3.8", "aliases": ("3.8.0",), "age": 200},
            {"base": f"{_REGISTRY}/geospatial:3.9", "aliases": ("3.9.0",), "age": 44},
        ),
    },
    {
        "ImageName": "custom-r",
        "DisplayName": "R 4.4",
        "Description": "R with tidyverse and Bioconductor",
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
        "age": 150,
        "versions": ({"base": f"{_REGISTRY}/custom-r:4.4", "aliases": ("4.4.1",), "age": 150},),
    },
    {
        "ImageName": "rsession-bioconductor",
        "DisplayName": "RSession Bioconductor",
        "Description": "RStudio session image",
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
        "age": 90,
        "versions": (
            {"base": f"{_REGISTRY}/rsession-bioc:3.19", "aliases": (), "age": 90},
            {
                "base": f"{_REGISTRY}/rsession-bioc:3.20",
                "aliases": (),
                "age": 9,
                "failure": "The image could not be pulled: AccessDenied on ecr:BatchGetImage.",
            },
        ),
    },
    {
        "ImageName": "code-editor-rust",
        "DisplayName": "Code Editor with Rust",
        "Description": "Toolchain for the feature store clients",
        "RoleArn": "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole",
        "age": 33,
        "versions": ({"base": f"{_REGISTRY}/code-editor-rust:1", "aliases": ("1.0",), "age": 33},),
    },
)

_MOUNT: Final = {"MountPath": "/home/sagemaker-user", "DefaultUid": 1000, "DefaultGid": 100}
_KERNEL_MOUNT: Final = {"MountPath": "/root", "DefaultUid": 0, "DefaultGid": 0}

APP_IMAGE_CONFIGS: Final[tuple[dict[str, Any], ...]] = (
    {
        "AppImageConfigName": "research-pytorch-lab",
        "age": 310,
        "JupyterLabAppImageConfig": {
            "FileSystemConfig": _MOUNT,
            "ContainerConfig": {
                "ContainerArguments": ["jupyter-lab"],
                "ContainerEnvironmentVariables": {"TEAM": "research"},
            },
        },
    },
    {
        "AppImageConfigName": "geospatial-lab",
        "age": 200,
        "JupyterLabAppImageConfig": {"FileSystemConfig": _MOUNT},
    },
    {
        "AppImageConfigName": "custom-r-image-config",
        "age": 150,
        "KernelGatewayImageConfig": {
            "KernelSpecs": [{"Name": "ir", "DisplayName": "R 4.4"}],
            "FileSystemConfig": _KERNEL_MOUNT,
        },
    },
    {
        "AppImageConfigName": "rsession-bioconductor-config",
        "age": 90,
        "KernelGatewayImageConfig": {"KernelSpecs": [{"Name": "ir", "DisplayName": "R"}]},
    },
    {
        "AppImageConfigName": "code-editor-rust-config",
        "age": 33,
        "CodeEditorAppImageConfig": {"FileSystemConfig": _MOUNT},
    },
)

LIFECYCLE_CONFIGS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "lab-git-identity", "app": "JupyterLab", "age": 280, "script": "git config --global pull.rebase true\n"},
    {"name": "lab-pip-mirror", "app": "JupyterLab", "age": 160, "script": "pip config set global.timeout 60\n"},
    {"name": "code-editor-auto-stop-idle", "app": "CodeEditor", "age": 140, "script": "touch /tmp/idle-watch\n"},
    {"name": "kernel-gateway-proxy", "app": "KernelGateway", "age": 390, "script": "export NO_PROXY=169.254.169.254\n"},
    {"name": "server-git-extension", "app": "JupyterServer", "age": 400, "script": "jupyter lab --version\n"},
    {"name": "server-auto-shutdown", "app": "JupyterServer", "age": 395, "script": "echo auto-shutdown\n"},
)
