"""Requests that people and AWS's own samples send, with what is known of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.checks import Problem, check, check_structure
from profile_widgets.model import model_class, shape

IDLE = "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings"
KNOWN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("known_requests.json").read_text("utf-8"))


def judged(known: dict[str, Any]) -> tuple[Problem, ...]:
    if known["operation"] == "DefaultUserSettings":
        return check_structure(shape("UserSettings"), known["params"]["DefaultUserSettings"], "DefaultUserSettings")
    return check(known["params"], known["operation"])


def skip_if_older(known: dict[str, Any]) -> None:
    """Leave out what is about members that the installed botocore does not have yet."""
    unknown = [problem.path for problem in judged(known) if problem.rule == "unknown"]
    if unknown and "AutoMountHomeEFS" not in shape("UserSettings").members and known["id"] not in (41, 55):
        pytest.skip(f"the installed botocore has no {unknown[0]}")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known['id']}-{known['botocore']}")
def test_the_kit_agrees_with_what_is_known(known: dict[str, Any]) -> None:
    found = judged(known)
    skip_if_older(known)
    assert any(problem.blocks for problem in found) is (known["botocore"] == "fail"), found


@pytest.mark.parametrize(
    ("number", "path", "rule"),
    [
        (35, f"DefaultUserSettings.{IDLE}.MinIdleTimeoutInMinutes", "minimum"),
        (41, "Tags", "unknown"),
        (55, "DefaultUserSettings.JupyterServerAppSettings.SecurityGroups", "unknown"),
    ],
)
def test_a_refused_one_says_where(number: int, path: str, rule: str) -> None:
    (known,) = [each for each in KNOWN if each["id"] == number]
    skip_if_older(known)
    assert [(problem.path, problem.rule) for problem in judged(known)] == [(path, rule)]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: str(known["id"]))
def test_each_good_one_goes_through_the_model_unchanged(known: dict[str, Any]) -> None:
    skip_if_older(known)
    if known["botocore"] == "pass":
        settings = known["params"].get("UserSettings", known["params"].get("DefaultUserSettings"))
        assert model_class("UserSettings").from_document(settings).to_document() == settings
