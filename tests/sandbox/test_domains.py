"""Domains: described, listed, and updated as profiles are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.service_model import installed_model

RESEARCH = "d-9xk2m4tq7abc"
Refused = Callable[..., dict[str, Any]]


def test_both_domains_are_listed(sagemaker: Any) -> None:
    rows = sagemaker.list_domains()["Domains"]
    assert [(row["DomainName"], row["Status"]) for row in rows] == [
        ("research", "InService"),
        ("studio-sso", "InService"),
    ]


def test_a_domain_is_described_with_its_defaults(sagemaker: Any, refused: Refused) -> None:
    domain = sagemaker.describe_domain(DomainId=RESEARCH)
    assert (domain["AuthMode"], domain["AppNetworkAccessType"]) == ("IAM", "VpcOnly")
    assert domain["DefaultUserSettings"]["JupyterLabAppSettings"]["LifecycleConfigArns"]
    assert refused(sagemaker.describe_domain, DomainId="d-nowhere")["Code"] == "ResourceNotFound"


def test_the_defaults_are_merged_like_the_settings_of_a_profile(sagemaker: Any) -> None:
    before = sagemaker.describe_domain(DomainId=RESEARCH)["DefaultUserSettings"]
    sagemaker.update_domain(
        DomainId=RESEARCH,
        DefaultUserSettings={"SharingSettings": {"NotebookOutputOption": "Disabled"}},
        DomainSettingsForUpdate={"ExecutionRoleIdentityConfig": "DISABLED"},
        AppNetworkAccessType="PublicInternetOnly",
    )
    after = sagemaker.describe_domain(DomainId=RESEARCH)
    assert after["DefaultUserSettings"]["SharingSettings"] == {
        **before["SharingSettings"],
        "NotebookOutputOption": "Disabled",
    }
    assert after["DomainSettings"]["ExecutionRoleIdentityConfig"] == "DISABLED"
    assert after["DomainSettings"]["SecurityGroupIds"]
    assert after["AppNetworkAccessType"] == "PublicInternetOnly"


def test_a_domain_has_no_domain_to_take_a_default_from(sagemaker: Any, refused: Refused) -> None:
    if "AutoMountHomeEFS" not in installed_model().shape("UserSettings")["members"]:
        pytest.skip("this botocore does not know AutoMountHomeEFS")
    defaults = {"AutoMountHomeEFS": "DefaultAsDomain"}
    answer = refused(sagemaker.update_domain, DomainId=RESEARCH, DefaultUserSettings=defaults)
    assert answer["Code"] == "ValidationException"


def test_a_domain_is_updating_for_a_while(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.delay = 30
    sagemaker.update_domain(DomainId=RESEARCH)
    assert sagemaker.describe_domain(DomainId=RESEARCH)["Status"] == "Updating"
    assert refused(sagemaker.update_domain, DomainId=RESEARCH)["Code"] == "ResourceInUse"


def test_an_update_can_end_in_failure(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.fail_next("UpdateDomain", reason="The subnet is gone.")
    sagemaker.update_domain(DomainId=RESEARCH, AppNetworkAccessType="PublicInternetOnly")
    domain = sagemaker.describe_domain(DomainId=RESEARCH)
    assert (domain["Status"], domain["FailureReason"]) == ("Update_Failed", "The subnet is gone.")
    assert domain["AppNetworkAccessType"] == "VpcOnly"


def test_a_change_that_the_sandbox_does_not_have_is_refused_by_name(sagemaker: Any, refused: Refused) -> None:
    answer = refused(
        sagemaker.create_domain,
        DomainName="other",
        AuthMode="IAM",
        DefaultUserSettings={},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
    )
    assert (answer["Status"], "CreateDomain" in answer["Message"]) == (501, True)
