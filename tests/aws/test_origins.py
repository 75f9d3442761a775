"""What is used where a connection says nothing, and where that comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from profile_widgets.aws import sessions
from profile_widgets.aws.connection import Connection
from profile_widgets.errors import CredentialsError

CONFIG = """\
[default]
region = eu-north-1
ca_bundle = /etc/mine.pem
[profile ml]
region = eu-central-1
services = mine
endpoint_url = https://all.example.org
[profile plain]
endpoint_url = https://ana:hunter22@all.example.org
[profile alone]
ignore_configured_endpoint_urls = true
endpoint_url = https://all.example.org
[services mine]
sagemaker =
  endpoint_url = https://sagemaker.example.org
"""
NOTHING = ("", "")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the path of a configuration file with four profiles."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    path = tmp_path / "config"
    path.write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    return str(path)


def test_what_the_files_say_is_found_with_its_profile_and_file(config: str) -> None:
    assert Connection().origins() == {
        "profile": ("default", ""),
        "region": ("eu-north-1", f"the profile default in {config}"),
        "endpoint_url": NOTHING,
        "ca_bundle": ("/etc/mine.pem", f"the profile default in {config}"),
    }


def test_it_is_the_connections_own_profile_that_counts(config: str) -> None:
    found = Connection(profile="ml").origins()
    assert found["region"] == ("eu-central-1", f"the profile ml in {config}")
    assert found["endpoint_url"] == ("https://sagemaker.example.org", f"the services mine in {config}")
    assert found["ca_bundle"] == NOTHING


def test_a_profile_that_the_environment_names_counts_as_well(config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ml")
    found = Connection().origins()
    assert found["profile"] == ("ml", "AWS_PROFILE")
    assert found["region"] == ("eu-central-1", f"the profile ml in {config}")


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("AWS_DEFAULT_REGION", "region"),
        ("AWS_REGION", "region"),
        ("AWS_ENDPOINT_URL", "endpoint_url"),
        ("AWS_ENDPOINT_URL_SAGEMAKER", "endpoint_url"),
        ("AWS_CA_BUNDLE", "ca_bundle"),
        ("AWS_PROFILE", "profile"),
        ("AWS_DEFAULT_PROFILE", "profile"),
    ],
)
def test_the_environment_counts_before_the_files(name: str, setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "https://elsewhere.example.org")
    assert Connection(profile="ml").origins()[setting] == ("https://elsewhere.example.org", name)


def test_the_file_of_credentials_counts_before_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "credentials").write_text("[ml]\nregion = us-east-2\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    connection = Connection(profile="ml")
    assert connection.origins()["region"] == ("us-east-2", f"the profile ml in {tmp_path / 'credentials'}")
    assert connection.resolved_region == "us-east-2"


def test_the_certificates_of_the_requests_library_count_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/theirs.pem")
    assert Connection(profile="ml").origins()["ca_bundle"] == ("/etc/theirs.pem", "REQUESTS_CA_BUNDLE")
    assert Connection().origins()["ca_bundle"][0] == "/etc/mine.pem"


def test_no_password_is_repeated() -> None:
    assert Connection(profile="plain").origins()["endpoint_url"][0] == "https://all.example.org"


@pytest.mark.parametrize("content", ["", "[[broken", "\x00\xff", "[profile ml]\nservices =\n  a = b\nregion =\n"])
def test_files_that_cannot_be_read_count_for_empty(content: str, config: str) -> None:
    Path(config).write_bytes(content.encode("latin-1"))
    assert Connection(profile="ml").origins() == {
        "profile": ("default", ""), "region": NOTHING, "endpoint_url": NOTHING, "ca_bundle": NOTHING
    }  # fmt: skip


def test_a_profile_that_is_not_there_has_nothing() -> None:
    connection = Connection(profile="not-there")
    assert connection.origins()["region"] == NOTHING
    with pytest.raises(CredentialsError):
        _ = connection.resolved_region


@pytest.mark.parametrize("profile", [None, "default", "ml", "plain", "alone"])
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-east-2"},
        {"AWS_DEFAULT_REGION": "us-east-2", "AWS_PROFILE": "ml"},
        {"AWS_PROFILE": "plain", "AWS_DEFAULT_PROFILE": "ml"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SAGEMAKER": "http://127.0.0.1:2"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"},
    ],
    ids=str,
)
def test_it_is_what_botocore_uses(
    profile: str | None, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    connection = Connection(profile=profile)
    found = connection.origins()
    session = sessions.make(profile, None, None)
    assert found["region"][0] == connection.resolved_region
    if not (found["endpoint_url"][0] or found["region"][0]):
        return
    used = session.client("sagemaker", region_name="eu-west-1").meta.endpoint_url.replace("ana:hunter22@", "")
    assert used == (found["endpoint_url"][0] or "https://api.sagemaker.eu-west-1.amazonaws.com")
    assert (profile or session.profile_name) == (profile or found["profile"][0])
