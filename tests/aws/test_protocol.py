"""The plain types that the floors above import."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import AppSummary, ProfileGateway, Status, outcome_unknown
from profile_widgets.errors import AccessDenied, BadResponse, GatewayError, ProfileInUse, Throttled, Unreachable


@pytest.mark.parametrize("module", ["protocol", "gateway", "connection", "failures"])
def test_importing_the_floor_imports_neither_boto3_nor_botocore(module: str) -> None:
    code = f"import sys, profile_widgets.aws.{module}; print([m for m in ('boto3', 'botocore') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_the_gateway_keeps_the_protocol() -> None:
    def takes(gateway: ProfileGateway) -> ProfileGateway:
        return gateway

    gateway = Gateway()
    assert takes(gateway) is gateway
    gateway.close()


def test_every_status_of_the_installed_model_is_known_and_only_in_service_is_success() -> None:
    import botocore.session

    shape: Any = botocore.session.Session().get_service_model("sagemaker").shape_for("UserProfileStatus")
    statuses = shape.enum
    assert all(Status(name).known for name in statuses)
    assert [name for name in statuses if Status(name).succeeded] == ["InService"]
    assert {name for name in statuses if Status(name).failed} == {"Failed", "Update_Failed", "Delete_Failed"}


def test_a_status_that_nobody_knows_is_neither_success_nor_settled() -> None:
    status = Status("Hibernating")
    assert [status.succeeded, status.failed, status.settled, status.known] == [False] * 4


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (Unreachable("x", code="ReadTimeoutError"), True),
        (Unreachable("x", code="ConnectionClosedError"), True),
        (Unreachable("x", code="ConnectTimeoutError"), False),
        (Unreachable("x", code="EndpointConnectionError"), False),
        (Unreachable("x", code="SettingsRegion"), False),
        (BadResponse("x", code="503"), True),
        (ProfileInUse("x", code="ResourceInUse"), True),
        (AccessDenied("x"), False),
        (Throttled("x"), False),
        (GatewayError("x"), False),
    ],
)
def test_after_which_errors_a_write_may_have_been_done(error: GatewayError, unknown: bool) -> None:
    assert outcome_unknown(error) is unknown


def test_an_app_that_is_up_or_coming_up_is_running() -> None:
    assert AppSummary("default", "JupyterLab", "InService").running
    assert AppSummary("default", "JupyterLab", "Pending").running
    assert not AppSummary("default", "JupyterLab", "Deleted").running
