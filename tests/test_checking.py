"""What the check command reads around a request, and what it makes of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.checking import CannotCheckError, report
from profile_widgets.cli import main

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"
GROUPS = {"SecurityGroups": ["sg-0a1b2c3d4e5f60718"]}
DOMAIN = {"DomainId": "d-abc123", "AuthMode": "SSO", "AppNetworkAccessType": "VpcOnly", "DefaultUserSettings": {}}


@pytest.fixture(autouse=True)
def _folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, document: Any) -> str:
    Path(name).write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return name


def request(**settings: Any) -> str:
    return written("request.json", {**NAMES, "UserSettings": settings})


def test_a_way_out_is_told_under_its_finding() -> None:
    found = report(request(JupyterServerAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}))
    assert found.stops
    assert found.lines[0].startswith(
        "error       UserSettings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType:"
    )
    assert found.lines[0].endswith("[instance-type-of-app]")
    assert found.lines[1].strip() == "a way out: Set InstanceType to system"
    assert found.lines[-1] == "UpdateUserProfile: 1 error, 0 notes."


def test_the_domain_changes_the_findings() -> None:
    file = request(StudioWebPortal="ENABLED")
    assert not report(file, "create").stops
    found = report(file, "create", domain=written("domain.json", DOMAIN))
    assert [line.split()[1] for line in found.lines if line.startswith("error")] == [
        "UserSettings.SecurityGroups:",
        "SingleSignOnUserIdentifier:",
        "SingleSignOnUserValue:",
    ]


@pytest.mark.parametrize(
    "stored",
    [
        {**NAMES, "Status": "InService", "UserSettings": {"ExecutionRole": ROLE}},
        {"DomainId": "d-abc123", "UserProfileName": "Alice", "UserSettings": {"ExecutionRole": ROLE}},
        {"ExecutionRole": ROLE},
        {"ExecutionRole": ROLE, "SettingsOfNextYear": {}},
        f"UserProfileName: alice\nCreationTime: 2026-01-01T00:00:00+00:00\nUserSettings:\n  ExecutionRole: {ROLE}\n",
    ],
)
def test_the_stored_profile_changes_the_findings(stored: Any) -> None:
    file = request(ExecutionRole=ROLE)
    assert any("iam:PassRole" in line for line in report(file).lines)
    assert not any("iam:PassRole" in line for line in report(file, stored=written("stored", stored)).lines)


def test_a_profile_without_settings_is_known_to_have_none() -> None:
    file = request(StudioWebPortal="ENABLED")
    domain = written("domain.json", DOMAIN)
    assert len(report(file, domain=domain).lines) == 1
    for stored in ({}, NAMES):
        lines = report(file, domain=domain, stored=written("stored.json", stored)).lines
        assert lines[0].startswith("information UserSettings.SecurityGroups: Stored so already")


@pytest.mark.parametrize(
    ("options", "content", "sentence"),
    [
        ("domain", None, "none.json cannot be read: "),
        ("domain", "{", "x.json is neither JSON nor YAML: line 1, column 2"),
        ("domain", [], "x.json holds no answer of describe-domain: it must be an object with DomainId and more."),
        ("domain", {"Colour": 1}, "x.json holds no answer of describe-domain: there is none of DomainId, "),
        ("domain", {"DomainId": "d-other"}, "x.json is about DomainId d-other, and the request about d-abc123."),
        ("stored", [], "x.json holds no user profile: it must be describe-user-profile's answer, or its UserSettings."),
        ("stored", {"Colour": 1}, "x.json holds no answer of describe-user-profile: there is none of DomainId, "),
        ("stored", {**NAMES, "UserProfileName": "bob"}, "x.json is about UserProfileName bob, and the request about"),
        ("stored", {"UserSettings": []}, "x.json holds no user profile: its UserSettings is no object."),
    ],
)
def test_a_file_of_something_else_is_refused_in_one_sentence(
    options: str, content: Any, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "none.json" if content is None else written("x.json", content)
    assert main(["check", request(**GROUPS), f"--{options}", name]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"profile-widgets: {sentence}")
    assert error.count("\n") == 1


def test_a_profile_that_is_created_is_not_stored() -> None:
    with pytest.raises(CannotCheckError, match="this request creates one: leave it out"):
        report(request(**GROUPS), "create", stored=written("stored.json", {}))


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotCheckError, match="one of the files only"):
        report("-", domain="-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(DOMAIN).encode())))
    assert report(request(**GROUPS), domain="-").lines[-1] == "UpdateUserProfile: 0 errors, 2 notes."
