"""Requests that people and AWS's own samples send, with what is known of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.checks import Problem, check
from profile_widgets.model import model_class, shape
from profile_widgets.model.shapes import CREATE

KNOWN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("known_requests.json").read_text("utf-8"))


def judged(known: dict[str, Any]) -> tuple[Problem, ...]:
    """Return what is found; what a domain gives its profiles is judged as if one profile were to have it."""
    if known["operation"] == "DefaultUserSettings":
        names = {"DomainId": "d-abcdefghij12", "UserProfileName": "data-scientist-1"}
        return check({**names, "UserSettings": known["params"]["DefaultUserSettings"]}, CREATE)
    return check(known["params"], known["operation"])


def skip_if_older(known: dict[str, Any]) -> None:
    """Leave out what is about members that the installed botocore does not have yet."""
    unknown = [problem.path for problem in judged(known) if problem.rule == "unknown"]
    if unknown and "AutoMountHomeEFS" not in shape("UserSettings").members and known["id"] not in (41, 55):
        pytest.skip(f"the installed botocore has no {unknown[0]}")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known['id']}-{known['botocore']}")
def test_a_wrong_one_is_refused_for_its_reason_and_a_good_one_is_not(known: dict[str, Any]) -> None:
    skip_if_older(known)
    found = [[problem.severity, problem.path, problem.rule] for problem in judged(known)]
    expected = known.get("found", [])
    assert [each for each in found if each[0] == "error"] == [each for each in expected if each[0] == "error"]
    assert all(each in found for each in expected)
    assert expected or known["botocore"] == "pass"


def test_the_one_that_fails_while_apps_run_names_them() -> None:
    (known,) = [each for each in KNOWN if each["id"] == 9]
    rows = [{"AppType": "JupyterServer", "AppName": "default", "Status": "InService"}]
    (warning,) = [each for each in check(known["params"], apps=rows) if each.severity == "warning"]
    assert "JupyterServer “default”" in warning.message


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: str(known["id"]))
def test_each_good_one_goes_through_the_model_unchanged(known: dict[str, Any]) -> None:
    skip_if_older(known)
    if known["botocore"] == "pass":
        settings = known["params"].get("UserSettings", known["params"].get("DefaultUserSettings"))
        assert model_class("UserSettings").from_document(settings).to_document() == settings
