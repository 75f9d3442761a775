"""The networks of the account and the security groups in them."""

from __future__ import annotations

from typing import Any, Final

RESEARCH_VPC: Final = "vpc-0c1f5d2a9b7e34f68"
SHARED_VPC: Final = "vpc-07d3a8e1f6025bc94"
SUBNET_A: Final = "subnet-0a4c9e71d25f8b360"
SUBNET_B: Final = "subnet-0b8d13f64ea9072c5"
SHARED_SUBNET: Final = "subnet-05e6f2b9c8d701a43"

NOTEBOOKS: Final = "sg-0a1b2c3d4e5f60718"
DATABASES: Final = "sg-0b1c2d3e4f5061728"
EMR_CLIENTS: Final = "sg-0d4e5f60718293a4b"
FILE_SYSTEMS: Final = "sg-0e5f6071829a3b4c5"
DOMAIN_BOUNDARY: Final = "sg-0f60718293a4b5c6d"
RSTUDIO: Final = "sg-01728394a5b6c7d8e"

VPCS: Final[tuple[dict[str, Any], ...]] = (
    {"id": RESEARCH_VPC, "name": "research", "cidr": "10.20.0.0/16"},
    {"id": SHARED_VPC, "name": "shared-services", "cidr": "10.30.0.0/16"},
)
SUBNETS: Final[tuple[dict[str, Any], ...]] = (
    {"id": SUBNET_A, "vpc": RESEARCH_VPC, "name": "research-private-a", "cidr": "10.20.0.0/20", "zone": "a"},
    {"id": SUBNET_B, "vpc": RESEARCH_VPC, "name": "research-private-b", "cidr": "10.20.16.0/20", "zone": "b"},
    {"id": SHARED_SUBNET, "vpc": SHARED_VPC, "name": "shared-private-a", "cidr": "10.30.0.0/20", "zone": "a"},
)
SECURITY_GROUPS: Final[tuple[dict[str, Any], ...]] = (
    {"id": NOTEBOOKS, "vpc": RESEARCH_VPC, "name": "studio-notebooks", "description": "Studio apps of every profile"},
    {"id": DATABASES, "vpc": RESEARCH_VPC, "name": "warehouse-clients", "description": "May reach the data warehouse"},
    {"id": EMR_CLIENTS, "vpc": RESEARCH_VPC, "name": "emr-clients", "description": "May reach Livy on the clusters"},
    {"id": FILE_SYSTEMS, "vpc": RESEARCH_VPC, "name": "file-systems", "description": "NFS and Lustre mounts"},
    {
        "id": DOMAIN_BOUNDARY,
        "vpc": RESEARCH_VPC,
        "name": "security-group-for-outbound-nfs-d-9xk2m4tq7abc",
        "description": "Made by SageMaker for the home directories of the domain",
    },
    {"id": RSTUDIO, "vpc": SHARED_VPC, "name": "rstudio-workbench", "description": "RStudio and its sessions"},
)
