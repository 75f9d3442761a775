"""Roles and the caller, as IAM and STS tell them."""

from __future__ import annotations

from typing import Any, Final

CALLER: Final = "sandbox"
ACCOUNT_ALIAS: Final = "northwind-research"

_SAGEMAKER: Final = {"Service": "sagemaker.amazonaws.com"}

ROLES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "AmazonSageMaker-ExecutionRole-20250520T093901",
        "path": "/service-role/",
        "description": "SageMaker execution role created from the SageMaker AI AWS Management Console.",
        "principal": _SAGEMAKER,
        "age": 186,
        "policies": {
            "StudioBuckets": {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
                "Resource": "arn:aws:s3:::*sagemaker*",
            }
        },
    },
    {
        "name": "SageMakerDataScientistRole",
        "description": "Notebooks, training and experiments of the data scientists.",
        "principal": _SAGEMAKER,
        "age": 410,
    },
    {
        "name": "SageMakerMlEngineerRole",
        "description": "Pipelines, endpoints and the model registry.",
        "principal": _SAGEMAKER,
        "age": 395,
    },
    {
        "name": "SageMakerAnalystRole",
        "description": "Canvas and SQL, read access to the curated buckets.",
        "principal": _SAGEMAKER,
        "age": 240,
    },
    {
        "name": "SageMakerRStudioDomainRole",
        "description": "Lets the RStudio Workbench domain reach License Manager.",
        "principal": _SAGEMAKER,
        "age": 260,
    },
    {
        "name": "AmazonSagemakerCanvasBedrockRole-20250520T093900",
        "path": "/service-role/",
        "description": "Lets SageMaker Canvas fine-tune foundation models in Amazon Bedrock.",
        "principal": {"Service": ["sagemaker.amazonaws.com", "bedrock.amazonaws.com"]},
        "age": 186,
    },
    {
        "name": "AmazonSageMakerCanvasEMRSExecutionAccess-20250520T093900",
        "path": "/service-role/",
        "description": "Lets SageMaker Canvas run large data jobs on EMR Serverless.",
        "principal": {"Service": ["sagemaker.amazonaws.com", "emr-serverless.amazonaws.com"]},
        "age": 186,
    },
    {
        "name": "AmazonSageMakerCanvasForecastRole-20250520T093900",
        "path": "/service-role/",
        "description": "Lets SageMaker Canvas forecast time series.",
        "principal": {"Service": ["sagemaker.amazonaws.com", "forecast.amazonaws.com"]},
        "age": 186,
    },
    {
        "name": "EmrRuntimeRole-clickstream",
        "description": "Runtime role of the clickstream cluster.",
        "principal": {"Service": "ec2.amazonaws.com"},
        "age": 530,
    },
    {
        "name": "EmrRuntimeRole-genomics",
        "description": "Runtime role of the genomics cluster.",
        "principal": {"Service": "ec2.amazonaws.com"},
        "age": 75,
    },
    {
        "name": "ModelRegistryWriter",
        "description": "Assumed from the research account to register models.",
        "principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "age": 610,
    },
    {
        "name": "lambda-nightly-cost-report",
        "description": "Sends the cost report every night.",
        "principal": {"Service": "lambda.amazonaws.com"},
        "age": 880,
    },
    {
        "name": "ecs-ingest-task",
        "description": "Loads the partner files.",
        "principal": {"Service": "ecs-tasks.amazonaws.com"},
        "age": 720,
    },
    {
        "name": "OrganizationAccountAccessRole",
        "description": "Access from the management account.",
        "principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "age": 1460,
    },
)
