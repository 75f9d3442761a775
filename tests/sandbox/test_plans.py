"""Training plans and the Git repositories of the account: described, listed, filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from profile_widgets.sandbox.service_model import installed_model

Refused = Callable[..., dict[str, Any]]
needs_plans = pytest.mark.skipif(
    "ListTrainingPlans" not in installed_model().operations, reason="this botocore does not know training plans"
)


def names(answer: Any) -> list[str]:
    return [row["TrainingPlanName"] for row in answer["TrainingPlanSummaries"]]


@needs_plans
def test_plans_are_listed_by_name_and_described_by_name_or_arn(sagemaker: Any, refused: Refused) -> None:
    listed = sagemaker.list_training_plans()
    assert names(listed) == sorted(names(listed))
    row = next(row for row in listed["TrainingPlanSummaries"] if row["Status"] == "Active")
    assert row["TrainingPlanArn"].startswith("arn:aws:sagemaker:eu-west-1:123456789012:training-plan/")
    assert (row["TotalInstanceCount"], row["AvailableInstanceCount"], row["InUseInstanceCount"]) == (2, 1, 1)
    assert row["ReservedCapacitySummaries"][0]["InstanceType"] == "ml.p5.48xlarge"
    for name in (row["TrainingPlanName"], row["TrainingPlanArn"]):
        described = sagemaker.describe_training_plan(TrainingPlanName=name)
        assert described["TrainingPlanArn"] == row["TrainingPlanArn"]
    assert refused(sagemaker.describe_training_plan, TrainingPlanName="nothing")["Code"] == "ResourceNotFound"
    image = "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/nothing"
    assert refused(sagemaker.describe_training_plan, TrainingPlanName=image)["Code"] == "ResourceNotFound"


@needs_plans
def test_plans_are_filtered_by_status_and_by_when_they_begin(sagemaker: Any) -> None:
    def of(*statuses: str) -> list[str]:
        return names(sagemaker.list_training_plans(Filters=[{"Name": "Status", "Value": s} for s in statuses]))

    assert of("Active") == ["genomics-p5-winter"]
    assert of("Active", "Scheduled") == ["genomics-p5-winter", "language-p4d-quarter"]
    assert of("Pending") == []
    now = datetime.now(timezone.utc)
    assert names(sagemaker.list_training_plans(StartTimeAfter=now)) == ["language-p4d-quarter"]
    before = names(sagemaker.list_training_plans(StartTimeBefore=now - timedelta(days=30)))
    assert before == ["protein-trn1-autumn"]


@needs_plans
def test_a_plan_that_never_began_is_sorted_before_those_that_did(sagemaker: Any) -> None:
    by_start = sagemaker.list_training_plans(SortBy="StartTime", SortOrder="Ascending")
    assert names(by_start) == [
        "vision-p5-spring",
        "protein-trn1-autumn",
        "genomics-p5-winter",
        "language-p4d-quarter",
    ]
    assert "StartTime" not in by_start["TrainingPlanSummaries"][0]
    pages = sagemaker.get_paginator("list_training_plans").paginate(
        SortBy="StartTime", SortOrder="Descending", MaxResults=1
    )
    assert [name for page in pages for name in names(page)] == names(by_start)[::-1]


@needs_plans
def test_what_the_sandbox_does_not_do_with_plans_is_refused_by_name(sagemaker: Any, refused: Refused) -> None:
    answer = refused(sagemaker.create_training_plan, TrainingPlanName="mine", TrainingPlanOfferingId="tpo-0123456789")
    assert (answer["Status"], "CreateTrainingPlan" in answer["Message"]) == (501, True)


def test_repositories_are_listed_by_name_with_their_addresses(sagemaker: Any, refused: Refused) -> None:
    rows = sagemaker.list_code_repositories()["CodeRepositorySummaryList"]
    assert [row["CodeRepositoryName"] for row in rows] == ["churn-model", "genomics-notebooks", "sagemaker-examples"]
    assert (
        rows[0]["GitConfig"]["RepositoryUrl"] == "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/churn-model"
    )
    described = sagemaker.describe_code_repository(CodeRepositoryName="Genomics-Notebooks")
    assert described["GitConfig"] == rows[1]["GitConfig"]
    assert (
        described["CodeRepositoryArn"] == "arn:aws:sagemaker:eu-west-1:123456789012:code-repository/genomics-notebooks"
    )
    assert refused(sagemaker.describe_code_repository, CodeRepositoryName="none")["Code"] == "ResourceNotFound"


def test_repositories_are_filtered_and_sorted(sagemaker: Any) -> None:
    def found(**parameters: Any) -> list[str]:
        rows = sagemaker.list_code_repositories(**parameters)["CodeRepositorySummaryList"]
        return [row["CodeRepositoryName"] for row in rows]

    assert found(NameContains="GENO") == ["genomics-notebooks"]
    assert found(SortBy="LastModifiedTime", SortOrder="Descending")[0] == "churn-model"
    assert found(SortBy="CreationTime")[0] == "sagemaker-examples"
    month = datetime.now(timezone.utc) - timedelta(days=30)
    assert found(LastModifiedTimeAfter=month) == ["churn-model"]
    assert found(CreationTimeBefore=month, MaxResults=2) == ["churn-model", "genomics-notebooks"]
