"""The Sandbox class: its life, its addresses, and what it offers to put into the account."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from typing import Any

import boto3
import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.refusals import Refusal

RESEARCH = "d-9xk2m4tq7abc"


def test_it_runs_in_a_with_statement_and_may_run_again(client_of: Any) -> None:
    sandbox = Sandbox()
    with sandbox:
        client_of(sandbox).delete_user_profile(DomainId=RESEARCH, UserProfileName="bare")
        port = sandbox.port
        assert sandbox.start() is sandbox
        assert sandbox.port == port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    sandbox.stop()
    with sandbox:
        names = [row["UserProfileName"] for row in client_of(sandbox).list_user_profiles()["UserProfiles"]]
        assert "bare" not in names


def test_it_has_no_address_unless_it_runs() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = Sandbox().endpoint_url


def test_it_takes_the_port_asked_for_and_says_when_that_is_taken() -> None:
    with Sandbox() as first:
        with pytest.raises(OSError, match="in use"):
            Sandbox(port=first.port).start()
        port = first.port
    with Sandbox(port=port) as second:
        assert second.port == port


def test_a_stop_closes_open_connections(sandbox: Sandbox) -> None:
    wire = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    wire.request("POST", "/", b"{}", {"X-Amz-Target": "SageMaker.ListDomains"})
    wire.getresponse().read()
    sandbox.stop()
    assert wire.sock is not None
    assert wire.sock.recv(1) == b""
    wire.close()


def test_boto3_reaches_it_by_the_environment_alone(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    assert os.environ["NO_PROXY"] == "intranet.example,127.0.0.1"
    client = boto3.Session().client("sagemaker")
    assert client.meta.region_name == "eu-west-1"
    assert len(client.list_domains()["Domains"]) == 2
    assert boto3.Session().client("sts").get_caller_identity()["Account"] == "123456789012"


def test_its_connection_leads_to_it(sandbox: Sandbox) -> None:
    connection = sandbox.connection
    assert (connection.endpoint_url, connection.region) == (sandbox.endpoint_url, "eu-west-1")
    assert connection.credentials.access_key == "sandbox"


def test_it_makes_profiles_of_any_content(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.put_raw(RESEARCH, "made-up", {"ExecutionRole": "no role"})
    described = sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="made-up")
    assert described["UserSettings"] == {"ExecutionRole": "no role"}
    sandbox.put_raw(RESEARCH, "MADE-UP", None)
    later = sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName="made-up")
    assert "UserSettings" not in later
    assert later["LastModifiedTime"] > described["LastModifiedTime"]


def test_it_runs_and_stops_apps(sandbox: Sandbox, sagemaker: Any) -> None:
    arn = sandbox.run_app(RESEARCH, "BARE", "CodeEditor", "editor", "ml.t3.large")
    assert arn.endswith(f":app/{RESEARCH}/bare/codeeditor/editor")
    named = {"DomainId": RESEARCH, "UserProfileName": "bare", "AppType": "CodeEditor", "AppName": "editor"}
    described = sagemaker.describe_app(**named)
    assert (described["Status"], described["ResourceSpec"]) == ("InService", {"InstanceType": "ml.t3.large"})
    sandbox.stop_app(RESEARCH, "bare", "CodeEditor", "editor")
    assert sagemaker.describe_app(**named)["Status"] == "Deleted"


def test_it_says_what_it_cannot_find(sandbox: Sandbox) -> None:
    with pytest.raises(Refusal, match="does not exist"):
        sandbox.run_app(RESEARCH, "nobody")
    with pytest.raises(Refusal, match="does not exist"):
        sandbox.stop_app(RESEARCH, "bare")
    with pytest.raises(Refusal, match="does not exist"):
        sandbox.populate(1, domain_id="d-nowhere")


def test_its_import_loads_neither_moto_nor_boto3_nor_the_judge() -> None:
    code = (
        "import sys, profile_widgets.sandbox as s; s.Sandbox().start().stop();"
        "print([n for n in sys.modules if n.split('.')[0] in ('moto', 'boto3', 'flask', 'werkzeug')"
        " or n.startswith(('profile_widgets.model', 'profile_widgets.checks', 'profile_widgets.editing'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
