"""Training plans, the capacity that the account has reserved: describe and list.

Where the installed botocore does not know them, neither does the sandbox: the operation is unknown, as in a region
that has none.
"""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import Listing, after, before
from profile_widgets.sandbox.refusals import not_found
from profile_widgets.sandbox.state import Resource

_LISTING = Listing(
    answer="TrainingPlanSummaries",
    members=(
        "TrainingPlanArn",
        "TrainingPlanName",
        "Status",
        "StatusMessage",
        "DurationHours",
        "DurationMinutes",
        "StartTime",
        "EndTime",
        "UpfrontFee",
        "CurrencyCode",
        "TotalInstanceCount",
        "AvailableInstanceCount",
        "InUseInstanceCount",
        "TargetResources",
        "ReservedCapacitySummaries",
    ),
    filters={"StartTimeBefore": before("StartTime"), "StartTimeAfter": after("StartTime")},
    sort_keys={"TrainingPlanName": "TrainingPlanName", "StartTime": "StartTime", "Status": "Status"},
)


@operation("DescribeTrainingPlan")
def describe_training_plan(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a plan, which may be named by its ARN too."""
    name = request["TrainingPlanName"]
    plan = account.store.find_arn(name) if ":" in name else account.store.find("training-plan", name)
    if plan is None:
        raise not_found(f"TrainingPlan with name(s) [{name}] does not exist.")
    return plan.detail


@operation("ListTrainingPlans")
def list_training_plans(account: Account, request: Request) -> Answer:
    """Return a page of plans; of several statuses in the filters any will do."""
    wanted = {filter_["Value"] for filter_ in request.get("Filters", ()) if filter_["Name"] == "Status"}

    def keep(plan: Resource) -> bool:
        return not wanted or plan.status in wanted

    return _LISTING.answer_to(request, account.store, "training-plan", keep)
