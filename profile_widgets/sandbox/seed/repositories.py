"""Git repositories that the account has associated with SageMaker."""

from __future__ import annotations

from typing import Any, Final

CODE_REPOSITORIES: Final[tuple[dict[str, Any], ...]] = (
    {
        "CodeRepositoryName": "churn-model",
        "age": 330,
        "changed": 20,
        "GitConfig": {
            "RepositoryUrl": "https://git-codecommit.{region}.amazonaws.com/v1/repos/churn-model",
            "Branch": "main",
        },
    },
    {
        "CodeRepositoryName": "genomics-notebooks",
        "age": 140,
        "GitConfig": {
            "RepositoryUrl": "https://github.com/northwind-research/genomics-notebooks.git",
            "Branch": "develop",
            "SecretArn": "arn:aws:secretsmanager:{region}:123456789012:secret:warehouse/analyst-LmPcYj",
        },
    },
    {
        "CodeRepositoryName": "sagemaker-examples",
        "age": 400,
        "GitConfig": {"RepositoryUrl": "https://github.com/aws/amazon-sagemaker-examples"},
    },
)
