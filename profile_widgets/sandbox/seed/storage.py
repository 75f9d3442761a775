"""Buckets, keys, secrets and file systems."""

from __future__ import annotations

from typing import Any, Final

from profile_widgets.sandbox.seed.network import SUBNET_A

STUDIO_BUCKET: Final = "sagemaker-studio-123456789012-lhlbozhzvv"
STUDIO_KEY: Final = "3f1a9c52-7d40-4be8-9a61-0c5b2e84d7f3"
CANVAS_KEY: Final = "8b27e6d4-19fc-4a53-b0e8-6d91c3fa5047"
SHARED_EFS: Final = "fs-0123456789abcdef0"
HOME_EFS: Final = "fs-0fedcba9876543210"
SSO_HOME_EFS: Final = "fs-0a9b8c7d6e5f40312"
GENOMICS_LUSTRE: Final = "fs-0c0ffee1234567890"

BUCKETS: Final = (
    STUDIO_BUCKET,
    "sagemaker-{region}-123456789012",
    "northwind-research-curated-123456789012",
    "northwind-research-landing-123456789012",
    "northwind-canvas-artifacts-123456789012",
)
OBJECTS: Final[dict[str, tuple[str, ...]]] = {
    STUDIO_BUCKET: (
        "sharing/analysts/churn.ipynb",
        "sharing/ml-lead/evaluation.ipynb",
        "sharing-archive/2024/notes.ipynb",
        "user-profiles/analyst-1/canvas/readme.txt",
    ),
    "sagemaker-{region}-123456789012": ("pytorch-training-2026/output/model.tar.gz", "xgboost-2025/model.tar.gz"),
    "northwind-research-curated-123456789012": (
        "customers/2025/part-0.parquet",
        "customers/2026/part-0.parquet",
        "sensors/part-0.parquet",
        "README.md",
    ),
    "northwind-canvas-artifacts-123456789012": (
        "research/Canvas/analyst-1/model.json",
        "research/Canvas/ml-lead/model.json",
        "finance/Canvas/model.json",
    ),
}
"""What lies in the buckets, all of it empty: enough to have prefixes."""
KEYS: Final[tuple[dict[str, Any], ...]] = (
    {"id": STUDIO_KEY, "alias": "alias/studio-sharing", "description": "Shared notebook outputs"},
    {"id": CANVAS_KEY, "alias": "alias/canvas-artifacts", "description": "Artifacts of SageMaker Canvas"},
    {
        "id": "c94d0b7e-52a6-4f18-8d3b-71e0f95a2c6d",
        "alias": "alias/warehouse",
        "description": "The data warehouse and its backups",
    },
)
SECRETS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "canvas/snowflake-oauth",
        "suffix": "qWbTzK",
        "description": "OAuth client of SageMaker Canvas for Snowflake",
        "token": "6f0d1f5e-4c52-4d6c-8f7b-90a6a4b6f301",
    },
    {
        "name": "canvas/salesforce-oauth",
        "suffix": "HnVxRd",
        "description": "OAuth client of SageMaker Canvas for Salesforce Data Cloud",
        "token": "6f0d1f5e-4c52-4d6c-8f7b-90a6a4b6f302",
    },
    {
        "name": "warehouse/analyst",
        "suffix": "LmPcYj",
        "description": "Sign-in of the analysts to the data warehouse",
        "token": "6f0d1f5e-4c52-4d6c-8f7b-90a6a4b6f303",
    },
)
EFS_FILE_SYSTEMS: Final[tuple[dict[str, Any], ...]] = (
    {"id": SHARED_EFS, "name": "research-shared", "bytes": 3_412_987_658_240},
    {"id": HOME_EFS, "name": "studio-home-research", "bytes": 91_268_055_040},
    {"id": SSO_HOME_EFS, "name": "studio-home-sso", "bytes": 7_516_192_768},
)
FSX_FILE_SYSTEMS: Final[tuple[dict[str, Any], ...]] = (
    {"id": GENOMICS_LUSTRE, "name": "genomics-scratch", "subnet": SUBNET_A, "gib": 1200, "mount": "genomics"},
)
