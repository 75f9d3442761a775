"""The operations of AWS that the kit itself calls, and what IAM calls them.

A wildcard in a policy stands for those of them that only read: whatever else AWS has must be named.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

PROFILE = "sagemaker:{}UserProfile"
DESCRIBE, CREATE, UPDATE, DELETE = (PROFILE.format(each) for each in ("Describe", "Create", "Update", "Delete"))

READS = {
    "sts:GetCallerIdentity": "sts:GetCallerIdentity",
    DESCRIBE: DESCRIBE,
    "sagemaker:DescribeDomain": "sagemaker:DescribeDomain",
    "sagemaker:DescribeSpace": "sagemaker:DescribeSpace",
    "sagemaker:ListAliases": "sagemaker:ListAliases",
    "sagemaker:ListAppImageConfigs": "sagemaker:ListAppImageConfigs",
    "sagemaker:ListApps": "sagemaker:ListApps",
    "sagemaker:ListCodeRepositories": "sagemaker:ListCodeRepositories",
    "sagemaker:ListDomains": "sagemaker:ListDomains",
    "sagemaker:ListImageVersions": "sagemaker:ListImageVersions",
    "sagemaker:ListImages": "sagemaker:ListImages",
    "sagemaker:ListStudioLifecycleConfigs": "sagemaker:ListStudioLifecycleConfigs",
    "sagemaker:ListTags": "sagemaker:ListTags",
    "sagemaker:ListTrainingPlans": "sagemaker:ListTrainingPlans",
    "sagemaker:ListUserProfiles": "sagemaker:ListUserProfiles",
    "ec2:DescribeSecurityGroups": "ec2:DescribeSecurityGroups",
    "efs:DescribeFileSystems": "elasticfilesystem:DescribeFileSystems",
    "fsx:DescribeFileSystems": "fsx:DescribeFileSystems",
    "iam:ListRoles": "iam:ListRoles",
    "kms:ListAliases": "kms:ListAliases",
    "pricing:GetProducts": "pricing:GetProducts",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
    "secretsmanager:ListSecrets": "secretsmanager:ListSecrets",
}
"""What the kit reads, and IAM's action for it."""

WRITES = {
    CREATE: CREATE,
    UPDATE: UPDATE,
    DELETE: DELETE,
    "sagemaker:AddTags": "sagemaker:AddTags",
    "sagemaker:DeleteTags": "sagemaker:DeleteTags",
}
"""What changes a profile, and IAM's action for it."""

KNOWN = {**READS, **WRITES}
ON_A_PROFILE = (DESCRIBE, CREATE, UPDATE, DELETE, "sagemaker:ListTags", "sagemaker:AddTags", "sagemaker:DeleteTags")
"""What is asked about one profile, by its name or its ARN."""


def full(operation: str) -> str:
    """Return an operation with its service, which is SageMaker where none is written."""
    return operation if ":" in operation else f"sagemaker:{operation}"


def meant(operation: str) -> tuple[str, ...]:
    """Return what an entry of a policy stands for: itself, or the reading operations that a wildcard matches.

    Example::

        >>> meant("sagemaker:*Domains"), meant("UpdateUserProfile")
        (('sagemaker:ListDomains',), ('sagemaker:UpdateUserProfile',))
    """
    if operation == "*":
        return tuple(READS)
    wanted = full(operation)
    return tuple(each for each in READS if fnmatchcase(each, wanted)) if "*" in wanted else (wanted,)
