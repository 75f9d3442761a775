"""Credentials that were lent to a kernel: what it is told besides, and that it uses no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from profile_widgets.aws.connection import Connection
from profile_widgets.aws.lent import handed_on, trouble
from profile_widgets.served import Visitor
from profile_widgets.widgets.charter import charter

CONFIG = """
[profile page]
region = eu-central-1
ca_bundle = /etc/company.pem
use_fips_endpoint = true
endpoint_url = https://all.example.com
services = inside
aws_access_key_id = of-the-server
aws_secret_access_key = secret
[services inside]
sagemaker =
  endpoint_url = https://sagemaker.example.com
"""
KEYS = "[default]\naws_access_key_id = of-the-server\naws_secret_access_key = secret\n"
LENT = {
    "PROFILE_WIDGETS_LENT": "1",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/credentials/1",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [each for each in os.environ if each.startswith("AWS_")] + ["BOTO_CONFIG"]:
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / ".aws").mkdir()
    return tmp_path


def told(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_what_the_servers_files_say_that_is_no_secret_is_handed_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".aws" / "config").write_text(CONFIG)
    told(monkeypatch, AWS_PROFILE="page")
    assert handed_on(Connection()) == {
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CA_BUNDLE": "/etc/company.pem",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_ENDPOINT_URL": "https://all.example.com",
        "AWS_ENDPOINT_URL_SAGEMAKER": "https://sagemaker.example.com",
    }


def test_an_address_in_the_environment_outweighs_those_in_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".aws" / "config").write_text(CONFIG)
    told(monkeypatch, AWS_PROFILE="page", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert not {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER"} & set(handed_on(Connection()))


def test_nothing_is_said_where_nothing_was_to_be_lent(home: Path) -> None:
    (home / ".aws" / "credentials").write_text(KEYS)
    assert trouble() == ""


def test_a_kernel_that_uses_what_it_was_lent_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, **LENT)
    assert trouble() == ""


@pytest.mark.parametrize("file", [".aws/credentials", ".aws/config", ".boto"])
def test_a_kernel_that_would_use_other_credentials_is_not(
    home: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    (home / file).write_text(KEYS.replace("default", "Credentials") if file == ".boto" else KEYS)
    told(monkeypatch, **LENT)
    assert "other credentials would be used" in trouble()


def test_a_kernel_that_was_to_have_none_has_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, PROFILE_WIDGETS_LENT="0", AWS_EC2_METADATA_DISABLED="true")
    assert trouble() == ""
    (home / ".aws" / "credentials").write_text(KEYS)
    assert "shared-credentials-file" in trouble()


def test_a_kernel_that_was_lent_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, PROFILE_WIDGETS_LENT="1")
    assert "lent no credentials" in trouble()


def test_a_profile_that_is_not_there_is_trouble_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, **LENT, AWS_PROFILE="nowhere")
    assert "other credentials would be used" in trouble()


def test_a_page_whose_kernel_would_use_other_credentials_is_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor("alice", (), "proxy")
    told(monkeypatch, **LENT, PROFILE_WIDGETS_POLICY="administrator", PROFILE_WIDGETS_VISITOR=visitor.to_json())
    told(monkeypatch, PROFILE_WIDGETS_SERVED="1")
    assert charter().trouble == ""
    (home / ".aws" / "credentials").write_text(KEYS)
    assert "other credentials would be used" in charter().trouble
