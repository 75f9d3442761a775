"""Accounts that are large, and accounts whose things have odd names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.seed import oddities
from profile_widgets.sandbox.service_model import installed_model
from profile_widgets.sandbox.validation import validate

ClientMaker = Callable[..., Any]
STUDIO_BUCKET = "sagemaker-studio-123456789012-lhlbozhzvv"


@pytest.fixture(scope="module")
def odd() -> Iterator[Sandbox]:
    """Return one sandbox with odd names for the tests that only read."""
    with Sandbox() as running:
        running.populate(profiles=0, odd=True)
        yield running


def rows(client: Any, operation: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator(operation).paginate(**parameters)
    return [row for page in pages for row in page[member]]


# --- large ------------------------------------------------------------------------------------------------------------


def test_five_thousand_roles_come_in_pages_of_a_thousand(sandbox: Sandbox, client_of: ClientMaker) -> None:
    sandbox.populate(profiles=0, roles=5_000)
    iam = client_of(sandbox, "iam")
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1000}))
    assert [len(page["Roles"]) for page in pages] == [1000] * 5 + [14]
    names = [role["RoleName"] for page in pages for role in page["Roles"]]
    assert len(set(names)) == 5_014
    assert names == sorted(names)
    last = iam.get_role(RoleName="team-05000-studio")["Role"]
    assert last["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    dates = [role["CreateDate"] for page in pages for role in page["Roles"] if role["RoleName"].startswith("team-")]
    assert dates == sorted(dates)


def test_populating_twice_adds_what_is_not_there(sandbox: Sandbox, client_of: ClientMaker) -> None:
    sandbox.populate(profiles=0, roles=3)
    sandbox.populate(profiles=0, roles=5)
    names = [role["RoleName"] for role in rows(client_of(sandbox, "iam"), "list_roles", "Roles")]
    assert sum(name.startswith("team-") for name in names) == 5


def test_two_hundred_images_have_three_versions_each(sandbox: Sandbox, client_of: ClientMaker) -> None:
    sandbox.populate(profiles=0, images=200)
    sagemaker = client_of(sandbox)
    assert len(rows(sagemaker, "list_images", "Images", NameContains="many")) == 200
    versions = rows(sagemaker, "list_image_versions", "ImageVersions", ImageName="many-00117")
    assert [version["Version"] for version in versions] == [3, 2, 1]
    aliases = sagemaker.list_aliases(ImageName="many-00117")["SageMakerImageVersionAliases"]
    assert aliases == ["117.0", "117.1", "117.2"]
    newest = sagemaker.list_images(MaxResults=1)["Images"][0]
    assert newest["ImageName"] == "many-00200"


def test_ten_thousand_profiles_are_searched_and_sorted_by_the_server(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.populate(profiles=10_000)
    newest = sagemaker.list_user_profiles(SortBy="CreationTime", SortOrder="Descending", MaxResults=100)
    assert newest["UserProfiles"][0]["UserProfileName"] == "user-10000"
    sagemaker.update_user_profile(DomainId="d-9xk2m4tq7abc", UserProfileName="user-00042")
    changed = sagemaker.list_user_profiles(SortBy="LastModifiedTime", SortOrder="Descending", MaxResults=1)
    assert changed["UserProfiles"][0]["UserProfileName"] == "user-00042"
    found = rows(sagemaker, "list_user_profiles", "UserProfiles", UserProfileNameContains="USER-0004")
    assert [row["UserProfileName"] for row in found] == [f"user-0004{digit}" for digit in range(10)]


def test_profiles_that_come_and_go_while_a_list_is_read_shift_nothing(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.populate(profiles=30)
    filtered = {"UserProfileNameContains": "user-0", "SortOrder": "Descending"}
    first = sagemaker.list_user_profiles(**filtered)
    sagemaker.delete_user_profile(DomainId="d-9xk2m4tq7abc", UserProfileName="user-00021")
    sagemaker.delete_user_profile(DomainId="d-9xk2m4tq7abc", UserProfileName="user-00020")
    second = sagemaker.list_user_profiles(**filtered, NextToken=first["NextToken"])
    assert [row["UserProfileName"] for row in second["UserProfiles"]] == [f"user-{n:05d}" for n in range(19, 9, -1)]


def test_an_account_without_a_domain_takes_roles_and_images_but_no_profiles(client_of: ClientMaker) -> None:
    with Sandbox(seed=False) as empty:
        empty.populate(profiles=0, roles=2, images=1)
        assert len(client_of(empty, "iam").list_roles()["Roles"]) == 2
        assert len(client_of(empty).list_images()["Images"]) == 1
        with pytest.raises(ValueError, match="no domain"):
            empty.populate(profiles=1)


# --- odd --------------------------------------------------------------------------------------------------------------


def test_roles_have_markup_in_their_paths_and_trust_policies_of_every_form(
    odd: Sandbox, client_of: ClientMaker
) -> None:
    found = {role["RoleName"]: role for role in rows(client_of(odd, "iam"), "list_roles", "Roles")}
    strange = found["odd,role=with+all@that.names_allow-"]
    assert strange["Arn"] == "arn:aws:iam::123456789012:role/<img/src=x/onerror=alert(1)>/" + strange["RoleName"]
    assert "<script>" in strange["Description"]
    assert isinstance(found["odd-trust-one-statement"]["AssumeRolePolicyDocument"]["Statement"], dict)
    assert found["odd-trust-anyone"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == "*"
    assert found["odd-trust-nobody"]["AssumeRolePolicyDocument"]["Statement"] == []
    assert max(len(name) for name in found) == 64


def test_images_are_named_in_markup_in_hebrew_and_in_emoji(odd: Sandbox, client_of: ClientMaker) -> None:
    shown = {i["ImageName"]: i["DisplayName"] for i in rows(client_of(odd), "list_images", "Images")}
    assert shown["odd-markup"] == oddities.MARKUP
    assert "\u202e" in shown["odd-right-to-left"]
    assert shown["odd-emoji"] == oddities.EMOJI


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("user-profile", "DescribeUserProfileResponse"),
        ("space", "DescribeSpaceResponse"),
        ("image", "DescribeImageResponse"),
        ("image-version", "DescribeImageVersionResponse"),
        ("app-image-config", "DescribeAppImageConfigResponse"),
        ("studio-lifecycle-config", "DescribeStudioLifecycleConfigResponse"),
        ("training-plan", "DescribeTrainingPlanResponse"),
        ("code-repository", "DescribeCodeRepositoryOutput"),
    ],
)
def test_what_is_odd_is_still_what_aws_allows(odd: Sandbox, kind: str, shape: str) -> None:
    if not installed_model().has_shape(shape):
        pytest.skip(f"this botocore does not know {shape}")
    model = botocore.session.get_session().get_service_model("sagemaker")
    store = odd._account.store
    with store.lock:
        details = [dict(resource.detail) for resource in store.all(kind)]
    assert details
    for detail in details:
        known = {name: value for name, value in detail.items() if name != "Aliases"}  # ListAliases tells them
        report = ParamValidator().validate(known, model.shape_for(shape))
        assert not report.has_errors(), report.generate_report()
        validate(installed_model(), installed_model().shape(shape), json.loads(json.dumps(known)))


def test_the_services_around_have_odd_names_too(odd: Sandbox, client_of: ClientMaker) -> None:
    groups = client_of(odd, "ec2").describe_security_groups()["SecurityGroups"]
    tags = {tag["Value"] for group in groups for tag in group["Tags"]}
    assert oddities.SCRIPT in tags
    described = {
        secret.get("Description", "") for secret in client_of(odd, "secretsmanager").list_secrets()["SecretList"]
    }
    assert any("\u202e" in text for text in described)
    assert oddities.HEBREW in {
        system.get("Name") for system in client_of(odd, "efs").describe_file_systems()["FileSystems"]
    }
    lustre = client_of(odd, "fsx").describe_file_systems()["FileSystems"]
    assert oddities.ARABIC in {tag["Value"] for system in lustre for tag in system["Tags"]}
    assert {system["FileSystemType"] for system in lustre} == {"LUSTRE", "WINDOWS", "OPENZFS"}
    spaces = {space["SpaceDisplayName"] for space in client_of(odd).list_spaces()["Spaces"]}
    assert any("<img" in title for title in spaces)


def test_an_alias_of_aws_may_have_no_key_yet(odd: Sandbox, client_of: ClientMaker) -> None:
    aliases = {alias["AliasName"]: alias for alias in rows(client_of(odd, "kms"), "list_aliases", "Aliases")}
    assert "TargetKeyId" not in aliases["alias/aws/xray"]
    assert aliases["alias/aws/s3"]["TargetKeyId"]
    assert aliases["alias/odd_/-/key"]["TargetKeyId"] == oddities.KEYS[0]["id"]


def test_prefixes_can_be_anything(odd: Sandbox, client_of: ClientMaker) -> None:
    s3 = client_of(odd, "s3")
    found = {row["Prefix"] for row in s3.list_objects_v2(Bucket=STUDIO_BUCKET, Delimiter="/")["CommonPrefixes"]}
    assert {key.partition("/")[0] + "/" for key in oddities.OBJECTS} <= found
    for prefix in found:
        below = s3.list_objects_v2(Bucket=STUDIO_BUCKET, Delimiter="/", Prefix=prefix)
        assert below.get("Contents") or below.get("CommonPrefixes"), prefix


def test_odd_names_stay_out_unless_they_are_asked_for(sandbox: Sandbox, client_of: ClientMaker) -> None:
    sandbox.populate(profiles=1, roles=1, images=1)
    assert rows(client_of(sandbox), "list_images", "Images", NameContains="odd") == []
    sandbox.populate(profiles=0, odd=True)
    assert rows(client_of(sandbox), "list_images", "Images", NameContains="odd")
    sandbox.reset()
    assert rows(client_of(sandbox), "list_images", "Images", NameContains="odd") == []
    assert all("TargetKeyId" in alias for alias in client_of(sandbox, "kms").list_aliases()["Aliases"])
