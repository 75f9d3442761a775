"""Spaces with their owners, and the apps that run, or ran, in them and for the profiles."""

from __future__ import annotations

from typing import Any, Final

from profile_widgets.sandbox.seed.domains import RESEARCH, STUDIO_SSO

SPACES: Final[tuple[dict[str, Any], ...]] = (
    {
        "domain": RESEARCH,
        "name": "analyst-1-lab",
        "owner": "analyst-1",
        "sharing": "Private",
        "age": 100,
        "settings": {
            "AppType": "JupyterLab",
            "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
            "SpaceStorageSettings": {"EbsStorageSettings": {"EbsVolumeSizeInGb": 20}},
        },
    },
    {
        "domain": RESEARCH,
        "name": "genomics-editor",
        "owner": "data-scientist-1",
        "sharing": "Private",
        "age": 40,
        "settings": {
            "AppType": "CodeEditor",
            "SpaceStorageSettings": {"EbsStorageSettings": {"EbsVolumeSizeInGb": 50}},
        },
    },
    {
        "domain": RESEARCH,
        "name": "reading-group",
        "owner": "ml-lead",
        "sharing": "Shared",
        "age": 75,
        "settings": {"AppType": "JupyterLab"},
    },
    {
        "domain": STUDIO_SSO,
        "name": "nina-lab",
        "owner": "nina-okafor",
        "sharing": "Private",
        "age": 60,
        "settings": {"AppType": "JupyterLab"},
    },
)

APPS: Final[tuple[dict[str, Any], ...]] = (
    {
        "domain": RESEARCH,
        "space": "genomics-editor",
        "type": "CodeEditor",
        "name": "default",
        "instance": "ml.t3.large",
        "status": "InService",
        "age": 0.2,
    },
    {
        "domain": RESEARCH,
        "user": "ml-lead",
        "type": "KernelGateway",
        "name": "custom-r-ml-g4dn-xlarge",
        "instance": "ml.g4dn.xlarge",
        "status": "InService",
        "age": 1.5,
    },
    {
        "domain": RESEARCH,
        "space": "analyst-1-lab",
        "type": "JupyterLab",
        "name": "default",
        "instance": "ml.t3.medium",
        "status": "Deleted",
        "age": 0.9,
    },
    {
        "domain": STUDIO_SSO,
        "user": "marin-r",
        "type": "RStudioServerPro",
        "name": "default",
        "instance": "system",
        "status": "InService",
        "age": 4,
    },
)
