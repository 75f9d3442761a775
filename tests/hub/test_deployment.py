"""The files of the deployment: what they start is what the command line takes, and what they name exists."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from profile_widgets.cli import build_parser
from tests.hub.running import ROOT

DEPLOY = ROOT / "deploy"


def values() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "helm" / "values.yaml").read_text())
    assert isinstance(found, dict)
    return found


def test_what_the_pods_start_is_a_command_of_ours() -> None:
    program, *arguments = values()["singleuser"]["cmd"]
    assert program == "profile-widgets"
    options = build_parser().parse_args(arguments)
    assert options.identity == "hub"
    assert options.app
    assert options.policy == values()["singleuser"]["extraFiles"]["policy"]["mountPath"]
    assert options.audit.startswith(values()["singleuser"]["storage"]["extraVolumeMounts"][0]["mountPath"])


@pytest.mark.parametrize("name", ["service.py", "single_user.py"])
def test_what_the_hub_starts_is_a_command_of_ours(name: str) -> None:
    text = (DEPLOY / "jupyterhub" / name).read_text()
    found = re.search(r"^PAGE = \[(.*)\]$", text, re.MULTILINE)
    assert found
    program, *arguments = re.findall(r'"([^"]*)"', found[1])
    assert program == "profile-widgets"
    assert build_parser().parse_args([*arguments, "--policy", "self-service"]).identity == "hub"


def test_pods_reach_names_and_aws_and_not_the_nodes_metadata() -> None:
    person = values()["singleuser"]
    assert person["cloudMetadata"]["blockWithIptables"]
    assert person["networkPolicy"]["enabled"]
    allowed = person["networkPolicy"]["egressAllowRules"]
    assert [name for name, may in allowed.items() if may] == ["dnsPortsPrivateIPs"]
    first = person["networkPolicy"]["egress"][0]
    assert "169.254.0.0/16" in first["to"][0]["ipBlock"]["except"]
    assert [port["port"] for port in first["ports"]] == [443]


def test_no_file_of_the_deployment_holds_a_secret() -> None:
    for file in DEPLOY.rglob("*.*"):
        assert not re.search(r"(?i)(secret|token|password)\s*[:=]\s*['\"]?\w{8,}", file.read_text()), file
