from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.protocol import AppSummary
from profile_widgets.model.documents import Change
from profile_widgets.model.shapes import shape, walk
from profile_widgets.widgets.effects import TAKEN_AT_START, effect

LAB = "UserSettings.JupyterLabAppSettings"
SPEC = f"{LAB}.DefaultResourceSpec"
APPS = (
    AppSummary("default", "JupyterLab", "InService", "alice"),
    AppSummary("mine", "CodeEditor", "InService", "alice"),
    AppSummary("old", "JupyterLab", "Deleted", "alice"),
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("UserSettings.StudioWebPortal", None, "ENABLED"), "Cannot be unset afterwards"),
        (Change("UserSettings.StudioWebPortal", None, "ENABLED"), "loses its home folder"),
        (Change("UserSettings.StudioWebPortal", "ENABLED", "DISABLED"), "Replaces the stored value"),
        (Change("UserSettings.StudioWebPortal", "ENABLED", None), "keeps what is stored"),
        (Change("UserSettings.SecurityGroups", None, ["sg-1"]), "An empty list clears it again"),
        (Change("UserSettings.SecurityGroups", ["sg-1"], []), "Clears the list"),
        (Change("UserSettings.SecurityGroups", ["sg-1"], ["sg-2"]), "Replaces the whole list"),
        (Change("UserSettings.DefaultLandingUri", "studio::", ""), "empty text"),
        (Change("UserSettings.CanvasAppSettings", None, {}), "empty structure"),
        (Change(f"{SPEC}.SageMakerImageVersionArn", None, "arn"), "“None” removes it again"),
        (Change(f"{SPEC}.SageMakerImageVersionArn", "arn", "None"), "AWS removes"),
        (Change(f"{SPEC}.LifecycleConfigArn", "arn", "None"), "not documented"),
        (Change("UserSettings.AutoMountHomeEFS", None, "Enabled"), "DefaultAsDomain follows the domain again"),
        (Change("UserSettings.CustomPosixUserConfig.Uid", 10000, 10001), "only when a profile is created"),
        (Change("UserSettings.RStudioServerProAppSettings.UserGroup", "R", "A"), "pages disagree"),
        (Change("UserSettings.ExecutionRole", "a", "b"), "Private spaces only"),
        (Change("JupyterLabAppSettings.CustomImages", None, [{"ImageName": "a"}]), "Running apps must be restarted"),
    ],
)
def test_what_a_change_does_is_said_as_the_contract_knows_it(change: Change, words: str) -> None:
    assert words in effect(change)


@pytest.mark.parametrize(
    ("change", "defaults", "words"),
    [
        (Change("UserSettings.SecurityGroups", None, ["sg-2"]), {"SecurityGroups": ["sg-1"]}, "Adds to the domain's"),
        (Change("UserSettings.SecurityGroups", ["a"], ["b"]), {"SecurityGroups": ["sg-1"]}, "the domain's apply too"),
        (Change("UserSettings.SecurityGroups", ["a"], []), {"SecurityGroups": ["sg-1"]}, "still apply: sg-1."),
        (Change("UserSettings.ExecutionRole", None, "b"), {"ExecutionRole": "a"}, "No longer follows the domain"),
        (Change(f"{SPEC}.InstanceType", None, "x"), {}, "Cannot be unset"),
    ],
)
def test_what_the_domain_gives_is_part_of_it(change: Change, defaults: dict[str, Any], words: str) -> None:
    assert words in effect(change, defaults=defaults)


def test_the_running_apps_that_have_to_restart_are_named() -> None:
    instance = Change(f"{SPEC}.InstanceType", "ml.t3.medium", "ml.t3.large")
    assert "Restart to take it up: JupyterLab default." in effect(instance, apps=APPS)
    role = effect(Change("UserSettings.ExecutionRole", "a", "b"), apps=APPS)
    assert "JupyterLab default, CodeEditor mine." in role
    assert "when the app starts next" in effect(instance, apps=())
    assert "must be restarted" in effect(instance, apps=None)


def test_of_many_running_apps_the_first_are_named() -> None:
    many = [AppSummary(f"a{index}", "JupyterLab", "InService") for index in range(9)]
    said = effect(Change("UserSettings.ExecutionRole", "a", "b"), apps=many)
    assert "JupyterLab a0, JupyterLab a1, JupyterLab a2 and 6 more" in said


def test_security_groups_are_refused_while_apps_run() -> None:
    said = effect(Change("UserSettings.SecurityGroups", ["a"], ["b"]), apps=APPS)
    assert "AWS refuses this while apps run: stop JupyterLab default, CodeEditor mine." in said
    assert "refuses" not in effect(Change("UserSettings.SecurityGroups", ["a"], ["b"]), apps=APPS[2:])


def test_a_setting_that_no_app_reads_at_its_start_asks_for_no_restart() -> None:
    assert effect(Change("UserSettings.StudioWebPortal", "ENABLED", "DISABLED"), apps=APPS) == (
        "Replaces the stored value."
    )


@pytest.mark.parametrize(
    ("change", "defaults", "said"),
    [
        (Change("UserProfileName", None, "bob"), {}, "Cannot be changed later."),
        (Change("Tags", None, [{"Key": "a", "Value": "b"}]), {}, ""),
        (Change("UserSettings.StudioWebPortal", None, "ENABLED"), {}, ""),
        (Change("UserSettings.StudioWebPortal", None, "ENABLED"), {"StudioWebPortal": "X"}, "Does not follow"),
        (Change("UserSettings.SecurityGroups", None, ["a"]), {"SecurityGroups": ["b"]}, "The domain's apply too"),
        (Change("UserSettings.CustomPosixUserConfig.Uid", None, 10000), {}, "Cannot be changed later."),
        (Change("UserSettings.RStudioServerProAppSettings.UserGroup", None, "R"), {}, "may not let"),
    ],
)
def test_a_new_profile_learns_what_can_be_set_only_now(change: Change, defaults: dict[str, Any], said: str) -> None:
    found = effect(change, create=True, defaults=defaults)
    assert said in found if said else found == ""


def test_every_member_that_the_tables_name_exists_or_existed() -> None:
    names = {member.name for _, member in walk(shape("UserSettings"))}
    newer = {"AutoMountHomeEFS", "BuiltInLifecycleConfigArn", "CustomImages"}
    assert names | newer >= TAKEN_AT_START
