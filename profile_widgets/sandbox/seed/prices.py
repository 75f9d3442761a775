"""A price list for Studio's instance types. EVERY FIGURE IS MADE UP: only its form is AWS's.

A price is a rate per vCPU of the family, times the vCPUs of the size, times the factor of the region. What a family has
per vCPU is rounded, and unknown families have a rate too, so that new instance types have a price.
"""

from __future__ import annotations

from typing import Final

VCPUS: Final[dict[str, int]] = {"medium": 2, "large": 2, "xlarge": 4}
"""The vCPUs of a size; a size with a number in front has that many times four."""

FAMILIES: Final[dict[str, tuple[float, float, str]]] = {
    "t3": (0.025, 2, "Standard Instances"),
    "m": (0.0575, 4, "Standard Instances"),
    "c": (0.051, 2, "Compute Optimized"),
    "r": (0.0755, 8, "Memory Optimized"),
    "g": (0.21, 4, "Accelerated Computing"),
    "p": (0.52, 8, "Accelerated Computing"),
    "trn": (0.22, 4, "Accelerated Computing"),
    "inf": (0.11, 4, "Accelerated Computing"),
}
"""By the beginning of a family's name: made-up US dollars and GiB per vCPU, and AWS's word for the kind."""
OTHER_FAMILY: Final = (0.09, 4.0, "Standard Instances")

COMPONENTS: Final[tuple[tuple[str, str, float], ...]] = (
    ("Studio-JupyterLab", "Studio:JupyterLab-", 1.0),
    ("studio-codeeditor", "Studio:CodeEditor-", 1.0),
    ("Studio-Notebook", "Studio:KernelGateway-", 1.0),
    ("RStudio:RSession", "RStudio:RSession-", 1.1),
    ("TensorBoard", "TensorBoard:", 1.0),
    ("Notebook", "Notebk:", 1.0),
    ("Training", "Train:", 1.05),
)
"""What an instance can be paid for: AWS's word, the beginning of its usage type, and a made-up factor."""

REGIONS: Final[dict[str, tuple[str, str, float]]] = {
    "us-east-1": ("US East (N. Virginia)", "USE1", 1.0),
    "us-west-2": ("US West (Oregon)", "USW2", 1.0),
    "eu-west-1": ("EU (Ireland)", "EU", 1.12),
    "eu-central-1": ("EU (Frankfurt)", "EUC1", 1.18),
    "ap-southeast-2": ("Asia Pacific (Sydney)", "APS2", 1.26),
}
"""AWS's name of a region in price lists, its mark in usage types, and a made-up factor."""

NOT_OFFERED: Final = ("system", "ml.geospatial.interactive", "ml.p4de.24xlarge", "ml.trn1.2xlarge")
"""The types that are in no price list here, as some are in none of AWS's."""
FREE: Final = ("ml.t3.medium",)
"""The types that have a row for the free months too, at a price of zero."""
PUBLISHED: Final = "2026-01-02T00:00:00Z"
