"""Lists: pages, filters, orders and tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox

RESEARCH = "d-9xk2m4tq7abc"
STUDIO_SSO = "d-4hw8zr1ns5ke"
Refused = Callable[..., dict[str, Any]]


def names(answer: Any, list_name: str = "UserProfiles", member: str = "UserProfileName") -> list[str]:
    return [row[member] for row in answer[list_name]]


def test_a_page_has_ten_rows_unless_told_otherwise(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.populate(profiles=25)
    first = sagemaker.list_user_profiles(UserProfileNameContains="user-0")
    second = sagemaker.list_user_profiles(UserProfileNameContains="user-0", NextToken=first["NextToken"])
    third = sagemaker.list_user_profiles(UserProfileNameContains="user-0", NextToken=second["NextToken"])
    assert [len(page["UserProfiles"]) for page in (first, second, third)] == [10, 10, 5]
    assert "NextToken" not in third
    assert names(first) + names(second) + names(third) == [f"user-{n:05d}" for n in range(1, 26)]


def test_a_page_has_at_most_a_hundred_rows(sagemaker: Any, refused: Refused) -> None:
    for size in (0, 101):
        assert refused(sagemaker.list_user_profiles, MaxResults=size)["Code"] == "ValidationException"
    assert len(sagemaker.list_user_profiles(MaxResults=1)["UserProfiles"]) == 1


def test_ten_thousand_profiles_are_listed_once_each(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.populate(10_000)
    seen: list[str] = []
    for page in sagemaker.get_paginator("list_user_profiles").paginate(
        DomainIdEquals=RESEARCH, PaginationConfig={"PageSize": 100}
    ):
        seen.extend(names(page))
    assert len(seen) == len(set(seen)) == 10_005


def test_rows_added_between_two_pages_shift_nothing(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.populate(profiles=12)
    filtered = {"UserProfileNameContains": "user-0", "SortOrder": "Descending"}
    first = sagemaker.list_user_profiles(**filtered)
    sagemaker.create_user_profile(DomainId=RESEARCH, UserProfileName="user-0-late")
    second = sagemaker.list_user_profiles(**filtered, NextToken=first["NextToken"])
    assert names(first) + names(second) == [f"user-{n:05d}" for n in range(12, 0, -1)]


def test_a_token_is_good_for_its_own_request_only(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.populate(profiles=12)
    token = sagemaker.list_user_profiles(DomainIdEquals=RESEARCH)["NextToken"]
    assert refused(sagemaker.list_user_profiles, NextToken=token)["Code"] == "ValidationException"
    for bad in ("rubbish", "", "W10=", "e30="):
        assert refused(sagemaker.list_user_profiles, NextToken=bad)["Code"] == "ValidationException"


@pytest.mark.parametrize("place", [[], [True], [True, [1], "x"], [{}], [-1], ["x"]])
def test_a_token_whose_inside_was_changed_is_refused(
    sandbox: Sandbox, sagemaker: Any, refused: Refused, place: list[Any]
) -> None:
    sandbox.populate(profiles=12)
    image = {"ImageName": "research-pytorch", "MaxResults": 1}
    calls: list[tuple[Any, dict[str, Any]]] = [(sagemaker.list_user_profiles, {}), (sagemaker.list_aliases, image)]
    for call, named in calls:
        token = call(**named)["NextToken"]
        digest = json.loads(base64.urlsafe_b64decode(token))[0]
        forged = base64.urlsafe_b64encode(json.dumps([digest, *place]).encode()).decode()
        assert refused(call, **named, NextToken=forged)["Code"] == "ValidationException"


def test_profiles_are_filtered_by_domain_and_by_part_of_the_name(sagemaker: Any) -> None:
    assert names(sagemaker.list_user_profiles(DomainIdEquals=STUDIO_SSO)) == ["marin-r", "nina-okafor", "jonas-weber"]
    assert names(sagemaker.list_user_profiles(UserProfileNameContains="LY")) == ["analyst-1"]
    assert names(sagemaker.list_user_profiles(DomainIdEquals="d-nowhere")) == []


def test_profiles_are_sorted_by_creation_unless_told_otherwise(sagemaker: Any) -> None:
    rows = sagemaker.list_user_profiles()["UserProfiles"]
    assert [row["CreationTime"] for row in rows] == sorted(row["CreationTime"] for row in rows)
    rows = sagemaker.list_user_profiles(SortBy="LastModifiedTime", SortOrder="Descending")["UserProfiles"]
    assert [row["LastModifiedTime"] for row in rows] == sorted((r["LastModifiedTime"] for r in rows), reverse=True)


def test_images_are_sorted_and_filtered(sagemaker: Any) -> None:
    by_name = sagemaker.list_images(SortBy="IMAGE_NAME", SortOrder="ASCENDING")
    found = names(by_name, "Images", "ImageName")
    assert found == sorted(found)
    assert names(sagemaker.list_images(NameContains="rust"), "Images", "ImageName") == ["code-editor-rust"]
    newest = sagemaker.list_images()["Images"]
    assert newest[0]["CreationTime"] > newest[-1]["CreationTime"]
    recent = datetime.now(timezone.utc) - timedelta(days=100)
    young = names(sagemaker.list_images(CreationTimeAfter=recent), "Images", "ImageName")
    old = names(sagemaker.list_images(CreationTimeBefore=recent), "Images", "ImageName")
    assert sorted(young) == ["code-editor-rust", "rsession-bioconductor"]
    assert sorted(young + old) == sorted(found)


def test_image_versions_carry_numbers_statuses_and_reasons(sagemaker: Any, refused: Refused) -> None:
    versions = sagemaker.list_image_versions(ImageName="rsession-bioconductor", SortBy="VERSION")["ImageVersions"]
    assert [(v["Version"], v["ImageVersionStatus"]) for v in versions] == [(2, "CREATE_FAILED"), (1, "CREATED")]
    assert "AccessDenied" in versions[0]["FailureReason"]
    assert refused(sagemaker.list_image_versions, ImageName="nothing")["Code"] == "ResourceNotFound"


def test_image_versions_are_found_by_number_and_by_alias(sagemaker: Any, refused: Refused) -> None:
    described = sagemaker.describe_image_version(ImageName="research-pytorch", Alias="1.1")
    assert described["Version"] == 2
    assert sagemaker.describe_image_version(ImageName="research-pytorch", Version=1)["Version"] == 1
    assert sagemaker.describe_image_version(ImageName="research-pytorch")["Version"] == 3
    assert sagemaker.list_aliases(ImageName="research-pytorch", Version=3)["SageMakerImageVersionAliases"] == [
        "1.2",
        "stable-1.2",
    ]
    assert refused(sagemaker.describe_image_version, ImageName="custom-r", Version=9)["Code"] == "ResourceNotFound"
    assert sagemaker.describe_image(ImageName="custom-r")["DisplayName"] == "R 4.4"


def test_lifecycle_configurations_are_filtered_by_app_type(sagemaker: Any, refused: Refused) -> None:
    rows = sagemaker.list_studio_lifecycle_configs(AppTypeEquals="JupyterLab", SortBy="Name", SortOrder="Ascending")
    assert names(rows, "StudioLifecycleConfigs", "StudioLifecycleConfigName") == ["lab-git-identity", "lab-pip-mirror"]
    described = sagemaker.describe_studio_lifecycle_config(StudioLifecycleConfigName="lab-pip-mirror")
    assert described["StudioLifecycleConfigAppType"] == "JupyterLab"
    assert described["StudioLifecycleConfigContent"]
    missing = refused(sagemaker.describe_studio_lifecycle_config, StudioLifecycleConfigName="none")
    assert missing["Code"] == "ResourceNotFound"


def test_app_image_configurations_are_listed_with_their_kind(sagemaker: Any) -> None:
    rows = sagemaker.list_app_image_configs(NameContains="rust")["AppImageConfigs"]
    assert [row["AppImageConfigName"] for row in rows] == ["code-editor-rust-config"]
    described = sagemaker.describe_app_image_config(AppImageConfigName="custom-r-image-config")
    assert described["KernelGatewayImageConfig"]["KernelSpecs"][0]["Name"] == "ir"


def test_apps_are_listed_by_owner_deleted_ones_included(sagemaker: Any, refused: Refused) -> None:
    lead = sagemaker.list_apps(DomainIdEquals=RESEARCH, UserProfileNameEquals="ML-lead")["Apps"]
    assert [(a["AppType"], a["Status"]) for a in lead] == [("KernelGateway", "InService")]
    lab = sagemaker.list_apps(DomainIdEquals=RESEARCH, SpaceNameEquals="analyst-1-lab")["Apps"]
    assert [(a["AppType"], a["Status"]) for a in lab] == [("JupyterLab", "Deleted")]
    both = refused(sagemaker.list_apps, UserProfileNameEquals="ml-lead", SpaceNameEquals="analyst-1-lab")
    assert both["Code"] == "ValidationException"


def test_spaces_tell_their_owner(sagemaker: Any) -> None:
    rows = sagemaker.list_spaces(DomainIdEquals=RESEARCH, SpaceNameContains="lab")["Spaces"]
    assert [row["SpaceName"] for row in rows] == ["analyst-1-lab"]
    described = sagemaker.describe_space(DomainId=RESEARCH, SpaceName="Analyst-1-lab")
    if "OwnershipSettings" not in described:
        pytest.skip("this botocore does not know the owner of a space")
    assert described["OwnershipSettings"] == {"OwnerUserProfileName": "analyst-1"}
    assert rows[0]["OwnershipSettingsSummary"] == {"OwnerUserProfileName": "analyst-1"}


def test_an_app_is_described_by_its_one_owner(sagemaker: Any, refused: Refused) -> None:
    named = {"DomainId": RESEARCH, "AppType": "KernelGateway", "AppName": "custom-r-ml-g4dn-xlarge"}
    assert sagemaker.describe_app(**named, UserProfileName="ml-lead")["Status"] == "InService"
    assert refused(sagemaker.describe_app, **named)["Code"] == "ValidationException"
    assert refused(sagemaker.describe_app, **named, UserProfileName="bare")["Code"] == "ResourceNotFound"


def test_tags_are_listed_added_overwritten_and_deleted(sagemaker: Any, refused: Refused) -> None:
    arn = sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="analyst-1")["UserProfileArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "sales"}, {"Key": "floor", "Value": "2"}])
    listed = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}
    assert listed == {"floor": "2", "person": "Ines Duarte", "team": "sales"}
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["floor", "unknown"])
    assert len(sagemaker.list_tags(ResourceArn=arn)["Tags"]) == 2
    many = [{"Key": f"k{n}", "Value": ""} for n in range(49)]
    assert "50" in refused(sagemaker.add_tags, ResourceArn=arn, Tags=many)["Message"]
    unknown = refused(sagemaker.list_tags, ResourceArn=arn + "0")
    assert unknown["Code"] == "ResourceNotFound"
