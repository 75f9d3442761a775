"""What an update keeps, replaces, clears and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.service_model import installed_model

RESEARCH = "d-9xk2m4tq7abc"
ALIAS = {"DomainId": RESEARCH, "UserProfileName": "analyst-1"}
LEAD = {"DomainId": RESEARCH, "UserProfileName": "ml-lead"}
VERSION = "arn:aws:sagemaker:eu-west-1:123456789012:image-version/research-pytorch/2"
Refused = Callable[..., dict[str, Any]]

takes_none = pytest.mark.skipif(
    "None" not in installed_model().shape("ImageVersionArn")["pattern"],
    reason="the patterns of this botocore do not take the word None",
)


def update(sagemaker: Any, settings: dict[str, Any], named: dict[str, str] = ALIAS) -> Any:
    sagemaker.update_user_profile(**named, UserSettings=settings)
    return sagemaker.describe_user_profile(**named)["UserSettings"]


def test_a_merge_keeps_omitted_members_at_every_depth(sagemaker: Any) -> None:
    before = sagemaker.describe_user_profile(**ALIAS)["UserSettings"]
    after = update(sagemaker, {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}})
    assert after["JupyterLabAppSettings"]["DefaultResourceSpec"] == {
        **before["JupyterLabAppSettings"]["DefaultResourceSpec"],
        "InstanceType": "ml.t3.large",
    }
    del before["JupyterLabAppSettings"]["DefaultResourceSpec"], after["JupyterLabAppSettings"]["DefaultResourceSpec"]
    assert after == before


def test_a_replace_keeps_omitted_top_level_members_only(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.semantics = "replace"
    before = sagemaker.describe_user_profile(**ALIAS)["UserSettings"]
    sent = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}}
    assert update(sagemaker, sent) == {**before, **sent}


@pytest.mark.parametrize("semantics", ["merge", "replace"])
def test_lists_are_replaced_whole_and_an_empty_one_clears(sandbox: Sandbox, sagemaker: Any, semantics: Any) -> None:
    sandbox.semantics = semantics
    one = [{"RepositoryUrl": "https://github.com/northwind-research/one"}]
    after = update(sagemaker, {"JupyterLabAppSettings": {"CodeRepositories": one, "CustomImages": []}})
    assert after["JupyterLabAppSettings"]["CodeRepositories"] == one
    assert after["JupyterLabAppSettings"]["CustomImages"] == []
    assert update(sagemaker, {"SecurityGroups": []})["SecurityGroups"] == []


def test_an_unknown_way_of_merging_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="'merge' or 'replace'"):
        sandbox.semantics = "guess"  # type: ignore[assignment]


@takes_none
def test_the_word_none_clears_an_image_version(sagemaker: Any) -> None:
    before = sagemaker.describe_user_profile(**LEAD)["UserSettings"]
    assert before["JupyterLabAppSettings"]["DefaultResourceSpec"]["SageMakerImageVersionArn"] == VERSION
    after = update(
        sagemaker, {"JupyterLabAppSettings": {"DefaultResourceSpec": {"SageMakerImageVersionArn": "None"}}}, LEAD
    )
    assert "SageMakerImageVersionArn" not in after["JupyterLabAppSettings"]["DefaultResourceSpec"]
    assert after["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] == "ml.g5.2xlarge"


@takes_none
def test_what_the_word_none_clears_is_a_switch(sandbox: Sandbox, sagemaker: Any) -> None:
    none = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": "None"}}}
    assert update(sagemaker, none)["JupyterLabAppSettings"]["DefaultResourceSpec"]["LifecycleConfigArn"] == "None"
    sandbox.none_clears = {"LifecycleConfigArn"}
    assert "LifecycleConfigArn" not in update(sagemaker, none)["JupyterLabAppSettings"]["DefaultResourceSpec"]


def test_posix_ids_are_for_create_only(sagemaker: Any, refused: Refused) -> None:
    posix = {"CustomPosixUserConfig": {"Uid": 200001, "Gid": 1001}}
    answer = refused(sagemaker.update_user_profile, **LEAD, UserSettings=posix)
    assert (answer["Code"], "CustomPosixUserConfig" in answer["Message"]) == ("ValidationException", True)
    sagemaker.create_user_profile(DomainId=RESEARCH, UserProfileName="posix", UserSettings=posix)


@pytest.mark.parametrize("where", ["of the profile itself", "in a space of the profile"])
def test_security_groups_stay_while_apps_run(sandbox: Sandbox, sagemaker: Any, refused: Refused, where: str) -> None:
    name = "data-scientist-1" if where.startswith("in") else "bare"
    named = {"DomainId": RESEARCH, "UserProfileName": name}
    if name == "bare":
        sandbox.run_app(RESEARCH, name, "KernelGateway", "r-session", "ml.t3.large")
    answer = refused(sagemaker.update_user_profile, **named, UserSettings={"SecurityGroups": ["sg-0a1b2c3d4e5f60718"]})
    assert (answer["Code"], "SecurityGroups" in answer["Message"]) == ("ResourceInUse", True)
    update(sagemaker, {"StudioWebPortal": "ENABLED"}, named)


def test_security_groups_change_once_the_app_is_deleted(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.run_app(RESEARCH, "analyst-1", app_name="lab")
    sagemaker.delete_app(**ALIAS, AppType="JupyterLab", AppName="lab")
    assert update(sagemaker, {"SecurityGroups": ["sg-0a1b2c3d4e5f60718"]})["SecurityGroups"] == ["sg-0a1b2c3d4e5f60718"]


def test_members_that_the_model_does_not_know_are_stored_shown_and_kept(
    sandbox: Sandbox, sagemaker: Any, wire: Any
) -> None:
    stored = {"FutureSettings": {"Mode": "NEW"}, "StudioWebPortal": "PAUSED", "SharingSettings": {"Colour": "red"}}
    sandbox.put_raw(RESEARCH, "bare", stored)
    named = {"DomainId": RESEARCH, "UserProfileName": "bare"}
    sagemaker.update_user_profile(**named, UserSettings={"DefaultLandingUri": "studio::"})
    wire.request("POST", "/", json.dumps(named), {"X-Amz-Target": "SageMaker.DescribeUserProfile"})
    assert json.loads(wire.getresponse().read())["UserSettings"] == {**stored, "DefaultLandingUri": "studio::"}


def test_members_that_the_model_does_not_know_are_ignored_in_requests(sandbox: Sandbox, wire: Any) -> None:
    body = b'{"DomainId":"d-9xk2m4tq7abc","UserProfileName":"bare","Odd":1,"UserSettings":{"Future":{"A":1}}}'
    wire.request("POST", "/", body, {"X-Amz-Target": "SageMaker.UpdateUserProfile"})
    assert wire.getresponse().read()
    wire.request("POST", "/", body, {"X-Amz-Target": "SageMaker.DescribeUserProfile"})
    assert b"Future" not in wire.getresponse().read()
    assert sandbox.calls[0].parameters["UserSettings"] == {"Future": {"A": 1}}
