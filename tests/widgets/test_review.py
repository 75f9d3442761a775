from __future__ import annotations

import pytest

from profile_widgets.model.documents import Change
from profile_widgets.widgets.board import contrast
from profile_widgets.widgets.review import effect

SPEC = "UserSettings.JupyterLabAppSettings.DefaultResourceSpec"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("UserSettings.StudioWebPortal", None, "ENABLED"), "no way to unset"),
        (Change("UserSettings.StudioWebPortal", "ENABLED", "DISABLED"), "Replaces"),
        (Change("UserSettings.SecurityGroups", None, ["sg-1"]), "an empty list clears it"),
        (Change("UserSettings.SecurityGroups", None, []), "explicit empty"),
        (Change("UserSettings.SecurityGroups", ["sg-1"], []), "explicit empty"),
        (Change("UserSettings.SecurityGroups", ["sg-1"], ["sg-2"]), "whole list"),
        (Change(f"{SPEC}.SageMakerImageVersionArn", None, "arn"), "removes it again"),
        (Change(f"{SPEC}.SageMakerImageVersionArn", "arn", "None"), "AWS removes"),
        (Change("UserSettings.CanvasAppSettings", None, {}), "explicit empty"),
        (Change("UserSettings.StudioWebPortal", "ENABLED", None), "keeps what is stored"),
    ],
)
def test_what_a_change_does_is_said_as_the_contract_knows_it(change: Change, words: str) -> None:
    assert words in effect(change)


def test_two_long_values_never_look_the_same() -> None:
    before, after = contrast("x" * 500 + "a", "x" * 500 + "b")
    assert before != after
    assert max(len(before), len(after)) < 210
    assert contrast(None, ["y" * 500])[0] == "not set"
