"""The seed: believable, consistent, and valid by botocore's own reading of the model."""

from __future__ import annotations

import re
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.seed import catalogue, domains, profiles, spaces
from profile_widgets.sandbox.service_model import installed_model
from profile_widgets.sandbox.validation import validate

RESEARCH = "d-9xk2m4tq7abc"
STUDIO_SSO = "d-4hw8zr1ns5ke"
DOCUMENTS = [
    *(pytest.param(d["detail"]["DefaultUserSettings"], id=d["detail"]["DomainName"]) for d in domains.DOMAINS),
    *(pytest.param(p["settings"], id=p["name"]) for p in profiles.PROFILES if "settings" in p),
]


def described(sagemaker: Any, name: str, domain: str = RESEARCH) -> dict[str, Any]:
    found: dict[str, Any] = sagemaker.describe_user_profile(DomainId=domain, UserProfileName=name)
    return found


def members(document: Any) -> set[str]:
    if isinstance(document, dict):
        return set(document).union(*(members(child) for child in document.values()))
    return set().union(*(members(item) for item in document)) if isinstance(document, list) else set()


def stored(sandbox: Sandbox, kind: str) -> list[dict[str, Any]]:
    store = sandbox._account.store
    with store.lock:
        return [resource.detail for resource in store.all(kind)]


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("domain", "DescribeDomainResponse"),
        ("user-profile", "DescribeUserProfileResponse"),
        ("space", "DescribeSpaceResponse"),
        ("app", "DescribeAppResponse"),
        ("image", "DescribeImageResponse"),
        ("app-image-config", "DescribeAppImageConfigResponse"),
        ("studio-lifecycle-config", "DescribeStudioLifecycleConfigResponse"),
    ],
)
def test_every_resource_is_valid_by_botocore_and_by_the_sandbox(sandbox: Sandbox, kind: str, shape: str) -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    details = stored(sandbox, kind)
    assert details
    for detail in details:
        known = {name: value for name, value in detail.items() if not name.endswith(("Time", "Timestamp"))}
        report = ParamValidator().validate(known, model.shape_for(shape))
        assert not report.has_errors(), report.generate_report()
        validate(installed_model(), installed_model().shape(shape), known)


def test_the_profiles_are_in_the_states_that_a_lesson_needs(sagemaker: Any) -> None:
    rich = described(sagemaker, "analyst-1")["UserSettings"]["JupyterLabAppSettings"]
    assert {"DefaultResourceSpec", "CustomImages", "LifecycleConfigArns", "CodeRepositories"} <= set(rich)
    assert "UserSettings" not in described(sagemaker, "bare")
    failed = described(sagemaker, "new-hire-7")
    assert (failed["Status"], "security group" in failed["FailureReason"]) == ("Failed", True)
    person = described(sagemaker, "marin-r", STUDIO_SSO)
    assert person["SingleSignOnUserIdentifier"] == "UserName"
    assert person["UserSettings"]["RStudioServerProAppSettings"]["AccessStatus"] == "ENABLED"
    assert "RSessionAppSettings" in person["UserSettings"]


def test_one_profile_has_nearly_every_structure_that_the_installed_model_knows(sagemaker: Any) -> None:
    top = set(installed_model().shape("UserSettings")["members"])
    lead = set(described(sagemaker, "ml-lead")["UserSettings"])
    assert top - lead <= {"RStudioServerProAppSettings", "RSessionAppSettings"} or len(top - lead) <= 4


def test_no_member_of_the_seed_is_misspelled(sandbox: Sandbox) -> None:
    """Members that the installed model does not know are left out in silence: a newer one, or a slip of the pen."""
    written = set().union(*(members(p.values[0]) for p in DOCUMENTS))
    kept = members([d["DefaultUserSettings"] for d in stored(sandbox, "domain")]).union(
        members([d.get("UserSettings", {}) for d in stored(sandbox, "user-profile")])
    )
    newest = installed_model().has_shape("StudioResourceSpecTrainingPlanArn")
    assert written - kept == set() or not newest


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings_name_only_what_the_account_has(document: Any) -> None:
    text = str(document)
    lifecycles = {entry["name"] for entry in catalogue.LIFECYCLE_CONFIGS}
    assert set(re.findall(r"studio-lifecycle-config/([\w-]+)", text)) <= lifecycles
    images = {entry["ImageName"] for entry in catalogue.IMAGES}
    assert set(re.findall(r"'ImageName': '([\w-]+)'", text)) <= images
    configs = {entry["AppImageConfigName"] for entry in catalogue.APP_IMAGE_CONFIGS}
    assert set(re.findall(r"'AppImageConfigName': '([\w-]+)'", text)) <= configs


def test_spaces_and_apps_belong_to_profiles_of_their_domain() -> None:
    people = {(p["domain"], p["name"]) for p in profiles.PROFILES}
    assert {(s["domain"], s["owner"]) for s in spaces.SPACES} <= people
    rooms = {(s["domain"], s["name"]) for s in spaces.SPACES}
    for app in spaces.APPS:
        assert (app["domain"], app.get("user")) in people or (app["domain"], app.get("space")) in rooms
    assert {app["status"] for app in spaces.APPS} == {"InService", "Deleted"}


def test_the_region_is_everywhere_the_one_asked_for(client_of: Any) -> None:
    with Sandbox(region="us-west-2") as sandbox:
        client = client_of(sandbox)
        text = str(client.describe_domain(DomainId=RESEARCH)) + str(described(client, "ml-lead"))
        assert "arn:aws:sagemaker:us-west-2:" in text
        assert "eu-west-1" not in text
        assert "{region}" not in text
