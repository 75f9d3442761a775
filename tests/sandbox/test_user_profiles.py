"""User profiles over HTTP: their whole life, their names and their sign-on fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.operations.profiles import PROFILES_PER_DOMAIN

RESEARCH = "d-9xk2m4tq7abc"
STUDIO_SSO = "d-4hw8zr1ns5ke"
ROLE = "arn:aws:iam::123456789012:role/SageMakerAnalystRole"
Refused = Callable[..., dict[str, Any]]


def settings_of(sagemaker: Any, name: str, domain: str = RESEARCH) -> Any:
    return sagemaker.describe_user_profile(DomainId=domain, UserProfileName=name).get("UserSettings")


def test_a_profile_is_created_described_updated_listed_and_deleted(sagemaker: Any, refused: Refused) -> None:
    named = {"DomainId": RESEARCH, "UserProfileName": "analyst-2"}
    created = sagemaker.create_user_profile(**named, UserSettings={"ExecutionRole": ROLE}, Tags=[])
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{RESEARCH}/analyst-2"
    assert created["UserProfileArn"] == arn

    described = sagemaker.describe_user_profile(**named)
    assert described["UserProfileArn"] == arn
    assert described["Status"] == "InService"
    assert described["UserSettings"] == {"ExecutionRole": ROLE}
    assert described["HomeEfsFileSystemUid"].isdigit()
    assert described["CreationTime"] <= described["LastModifiedTime"]
    assert described["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]

    assert sagemaker.update_user_profile(**named, UserSettings={"StudioWebPortal": "ENABLED"})["UserProfileArn"] == arn
    assert settings_of(sagemaker, "analyst-2") == {"ExecutionRole": ROLE, "StudioWebPortal": "ENABLED"}

    rows = sagemaker.list_user_profiles(UserProfileNameContains="analyst")["UserProfiles"]
    assert [row["UserProfileName"] for row in rows] == ["analyst-1", "analyst-2"]
    assert "UserSettings" not in rows[0]

    sagemaker.delete_user_profile(**named)
    gone = refused(sagemaker.describe_user_profile, **named)
    assert gone["Code"] == "ResourceNotFound"
    assert "does not exist" in gone["Message"]


def test_a_profile_without_settings_has_no_settings_member(sagemaker: Any) -> None:
    assert "UserSettings" not in sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")
    sagemaker.update_user_profile(DomainId=RESEARCH, UserProfileName="bare")
    assert "UserSettings" not in sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="bare")


def test_every_change_has_a_later_time_of_its_own(sagemaker: Any) -> None:
    named = {"DomainId": RESEARCH, "UserProfileName": "bare"}
    times = []
    for _ in range(5):
        sagemaker.update_user_profile(**named, UserSettings={})
        times.append(sagemaker.describe_user_profile(**named)["LastModifiedTime"])
    assert times == sorted(set(times))


def test_names_are_found_in_any_case_and_kept_as_given(sagemaker: Any, refused: Refused) -> None:
    sagemaker.create_user_profile(DomainId=RESEARCH, UserProfileName="Dr-Weber")
    assert (
        sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="dr-weber")["UserProfileName"] == "Dr-Weber"
    )
    twice = refused(sagemaker.create_user_profile, DomainId=RESEARCH, UserProfileName="DR-WEBER")
    assert (twice["Code"], twice["Status"]) == ("ResourceInUse", 400)
    rows = sagemaker.list_user_profiles(UserProfileNameContains="WEBER")["UserProfiles"]
    assert [row["UserProfileName"] for row in rows] == ["jonas-weber", "Dr-Weber"]
    sagemaker.delete_user_profile(DomainId=RESEARCH, UserProfileName="dr-weber")


@pytest.mark.parametrize("operation", ["describe_user_profile", "update_user_profile", "delete_user_profile"])
def test_an_unknown_profile_or_domain_is_not_found(sagemaker: Any, refused: Refused, operation: str) -> None:
    call = getattr(sagemaker, operation)
    assert refused(call, DomainId=RESEARCH, UserProfileName="nobody")["Code"] == "ResourceNotFound"
    assert refused(call, DomainId="d-nowhere", UserProfileName="analyst-1")["Code"] == "ResourceNotFound"


def test_a_create_in_an_unknown_domain_is_not_found(sagemaker: Any, refused: Refused) -> None:
    answer = refused(sagemaker.create_user_profile, DomainId="d-nowhere", UserProfileName="x")
    assert answer["Code"] == "ResourceNotFound"


def test_a_single_sign_on_domain_needs_both_sign_on_fields(sagemaker: Any, refused: Refused) -> None:
    named = {"DomainId": STUDIO_SSO, "UserProfileName": "new-person"}
    for fields in ({}, {"SingleSignOnUserIdentifier": "UserName"}, {"SingleSignOnUserValue": "x@y.example"}):
        assert refused(sagemaker.create_user_profile, **named, **fields)["Code"] == "ValidationException"
    sagemaker.create_user_profile(
        **named, SingleSignOnUserIdentifier="UserName", SingleSignOnUserValue="new.person@northwind.example"
    )
    described = sagemaker.describe_user_profile(**named)
    assert described["SingleSignOnUserValue"] == "new.person@northwind.example"


def test_an_iam_domain_refuses_the_sign_on_fields(sagemaker: Any, refused: Refused) -> None:
    answer = refused(
        sagemaker.create_user_profile,
        DomainId=RESEARCH,
        UserProfileName="x",
        SingleSignOnUserIdentifier="UserName",
        SingleSignOnUserValue="x@y.example",
    )
    assert answer["Code"] == "ValidationException"
    assert "SingleSignOnUserIdentifier" in answer["Message"]


def test_statuses_pass_through_pending_and_updating(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.delay = 60
    named = {"DomainId": RESEARCH, "UserProfileName": "slow"}
    sagemaker.create_user_profile(**named, UserSettings={"StudioWebPortal": "ENABLED"})
    assert sagemaker.describe_user_profile(**named)["Status"] == "Pending"
    for call in (sagemaker.update_user_profile, sagemaker.delete_user_profile):
        busy = refused(call, **named)
        assert busy["Code"] == "ResourceInUse"
        assert "Pending" in busy["Message"]
    sandbox.settle()
    assert sagemaker.describe_user_profile(**named)["Status"] == "InService"

    sagemaker.update_user_profile(**named, UserSettings={"StudioWebPortal": "DISABLED"})
    updating = sagemaker.describe_user_profile(**named)
    assert updating["Status"] == "Updating"
    assert updating["UserSettings"] == {"StudioWebPortal": "ENABLED"}
    assert refused(sagemaker.update_user_profile, **named)["Code"] == "ResourceInUse"
    sandbox.settle()
    done = sagemaker.describe_user_profile(**named)
    assert done["Status"] == "InService"
    assert done["UserSettings"] == {"StudioWebPortal": "DISABLED"}
    assert done["LastModifiedTime"] > updating["LastModifiedTime"]

    sagemaker.delete_user_profile(**named)
    assert sagemaker.describe_user_profile(**named)["Status"] == "Deleting"
    sandbox.settle()
    assert refused(sagemaker.describe_user_profile, **named)["Code"] == "ResourceNotFound"


def test_a_profile_with_running_apps_or_spaces_is_not_deleted(
    sandbox: Sandbox, sagemaker: Any, refused: Refused
) -> None:
    owner = refused(sagemaker.delete_user_profile, DomainId=RESEARCH, UserProfileName="analyst-1")
    assert (owner["Code"], "analyst-1-lab" in owner["Message"]) == ("ResourceInUse", True)
    sandbox.run_app(RESEARCH, "bare")
    runs = refused(sagemaker.delete_user_profile, DomainId=RESEARCH, UserProfileName="bare")
    assert (runs["Code"], "apps" in runs["Message"]) == ("ResourceInUse", True)
    sandbox.stop_app(RESEARCH, "bare")
    sagemaker.delete_user_profile(DomainId=RESEARCH, UserProfileName="bare")


def test_a_domain_takes_so_many_profiles_and_no_more(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.populate(PROFILES_PER_DOMAIN)
    answer = refused(sagemaker.create_user_profile, DomainId=RESEARCH, UserProfileName="one-too-many")
    assert (answer["Code"], str(PROFILES_PER_DOMAIN) in answer["Message"]) == ("ResourceLimitExceeded", True)


def test_tags_of_a_create_are_listed_with_the_profile(sagemaker: Any, refused: Refused) -> None:
    tags = [{"Key": "team", "Value": "Équipe 7"}, {"Key": "Team", "Value": ""}]
    arn = sagemaker.create_user_profile(DomainId=RESEARCH, UserProfileName="tagged", Tags=tags)["UserProfileArn"]
    listed = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in listed} == {"team": "Équipe 7", "Team": ""}
    for bad in ([*tags, tags[0]], [{"Key": "aws:mine", "Value": "x"}]):
        answer = refused(sagemaker.create_user_profile, DomainId=RESEARCH, UserProfileName="other", Tags=bad)
        assert answer["Code"] == "ValidationException"
    assert refused(sagemaker.describe_user_profile, DomainId=RESEARCH, UserProfileName="other")
