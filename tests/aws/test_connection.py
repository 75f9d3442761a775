"""Where AWS is and as whom to ask."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import traitlets
from botocore.credentials import Credentials
from botocore.exceptions import ReadTimeoutError

from profile_widgets.aws import sessions
from profile_widgets.aws.connection import Connection
from profile_widgets.errors import CredentialsError, Unreachable
from profile_widgets.sandbox import Sandbox

CANARY = "CANARYSECRETCANARY"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with AWS configuration files that hold the profiles default, ml-prod and ml-dev."""
    (tmp_path / "config").write_text(
        "[default]\nregion = eu-north-1\n[profile ml-prod]\nregion = eu-central-1\n"
        "services = mine\n[services mine]\nsagemaker =\n  endpoint_url = https://sagemaker.example.org\n"
        "[profile ml-dev]\naws_access_key_id = k\naws_secret_access_key = s\n"
        "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = ml-dev\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/ana\nregion = eu-west-1\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


# --- its settings -----------------------------------------------------------------------------------------------------


def test_every_setting_says_what_it_is_for() -> None:
    assert all(trait.help for trait in Connection.class_traits().values())


def test_a_setting_that_does_not_exist_is_refused_with_the_ones_that_do() -> None:
    with pytest.raises(TypeError, match=r"no setting 'regoin'. It has region, "):
        Connection(regoin="eu-west-1")
    with pytest.raises(TypeError, match=r"no setting 'timeout'"):
        Connection().replace(timeout=3)


@pytest.mark.parametrize("name", ["profile", "region", "endpoint_url", "ca_bundle"])
def test_an_empty_text_means_nothing_given(name: str) -> None:
    assert getattr(Connection(**{name: "  "}), name) is None


@pytest.mark.parametrize(
    "settings",
    [{"connect_timeout": -1}, {"attempts": 0}, {"endpoint_url": "sagemaker.example.org"}, {"verify": "no"}],
)
def test_a_value_that_a_setting_cannot_have_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(traitlets.TraitError):
        Connection(**settings)


def test_a_copy_has_the_changes_and_everything_else() -> None:
    credentials = Credentials("key", "secret")
    first = Connection(region="eu-west-1", attempts=2, credentials=credentials)
    second = first.replace(region="eu-central-1")
    assert (second.region, second.attempts, second.credentials) == ("eu-central-1", 2, credentials)
    assert first.region == "eu-west-1"


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_credentials_are_never_shown(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://ana:{CANARY}@{CANARY}@127.0.0.1:9")
    connection = Connection(region="eu-west-1", credentials=Credentials(CANARY, CANARY, CANARY))
    assert repr(connection) == "Connection(region='eu-west-1')"
    assert connection.origins()["endpoint_url"] == ("http://127.0.0.1:9", "AWS_ENDPOINT_URL")
    assert CANARY not in str(connection)
    assert CANARY not in connection.resolved_endpoint
    with pytest.raises(traitlets.TraitError) as caught:
        connection.credentials = CANARY
    assert CANARY not in str(caught.value)
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "user", [f"ana:{CANARY}@", f"{CANARY}@", f":{CANARY}@", f"ana:{CANARY}@x@", f"ana:%40{CANARY}@"]
)
def test_an_address_with_a_user_or_password_is_refused_without_repeating_it(user: str) -> None:
    connection = Connection(endpoint_url="https://127.0.0.1:9")
    with pytest.raises(traitlets.TraitError, match=r"without a user name and password") as caught:
        connection.endpoint_url = f"https://{user}127.0.0.1:9/"
    assert CANARY not in str(caught.value)
    assert connection.endpoint_url == "https://127.0.0.1:9"
    assert Connection(endpoint_url="https://127.0.0.1:9/a@b").endpoint_url == "https://127.0.0.1:9/a@b"


def test_a_connection_is_neither_pickled_nor_copied() -> None:
    connection = Connection(credentials=Credentials(CANARY, CANARY))
    with pytest.raises(TypeError, match=r"replace"):
        pickle.dumps(connection)
    with pytest.raises(TypeError, match=r"replace"):
        copy.deepcopy(connection)


# --- settings that are found as the AWS CLI finds them ----------------------------------------------------------------


def test_making_a_connection_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    assert repr(Connection()) == "Connection()"


@pytest.mark.usefixtures("files")
def test_the_region_comes_from_the_connection_then_the_environment_then_the_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Connection().resolved_region == "eu-north-1"
    assert Connection(profile="ml-prod").resolved_region == "eu-central-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    assert Connection(profile="ml-prod").resolved_region == "us-east-2"
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    assert Connection(profile="ml-prod").resolved_region == "us-west-2"
    assert Connection(profile="ml-prod", region="eu-west-3").resolved_region == "eu-west-3"


@pytest.mark.usefixtures("files")
def test_the_profile_comes_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ml-prod")
    assert Connection().resolved_region == "eu-central-1"
    assert Connection().resolved_endpoint == "https://sagemaker.example.org"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER"])
def test_the_endpoint_comes_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:4567")
    connection = Connection(region="eu-west-1")
    assert connection.resolved_endpoint == "http://127.0.0.1:4567"
    assert connection.is_sandbox
    assert connection.replace(endpoint_url="https://other.example.org").resolved_endpoint == "https://other.example.org"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_PROFILE": "ml-prod"},
        {"AWS_PROFILE": "ml-prod", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SAGEMAKER": "http://127.0.0.1:2"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
    ],
)
def test_the_configured_endpoint_is_the_one_that_botocore_uses(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = sessions.make(None, "eu-west-1", None)
    used = session.client("sagemaker").meta.endpoint_url
    assert used == (
        sessions.configured_endpoint(session, "sagemaker") or "https://api.sagemaker.eu-west-1.amazonaws.com"
    )
    assert Connection(region="eu-west-1").is_sandbox is used.startswith("http://127.0.0.1")


def test_asking_whether_it_is_a_sandbox_makes_no_client() -> None:
    connection = Connection(region="eu-west-1")
    assert not connection.is_sandbox
    assert connection._clients == {}


def test_aws_own_endpoint_is_not_a_sandbox() -> None:
    connection = Connection(region="eu-west-1")
    assert connection.resolved_endpoint == "https://api.sagemaker.eu-west-1.amazonaws.com"
    assert not connection.is_sandbox
    assert not Connection().is_sandbox


def test_a_vpc_endpoint_serves_sagemaker_only_and_a_sandbox_every_service() -> None:
    vpc = Connection(region="eu-west-1", endpoint_url="https://vpce-1.api.sagemaker.eu-west-1.vpce.amazonaws.com")
    assert vpc.client("sts").meta.endpoint_url in {"https://sts.eu-west-1.amazonaws.com", "https://sts.amazonaws.com"}
    local = Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:4567")
    assert local.client("sts").meta.endpoint_url == "http://127.0.0.1:4567"


# --- clients ----------------------------------------------------------------------------------------------------------


def test_reads_are_tried_often_and_writes_once_within_the_given_time() -> None:
    connection = Connection(region="eu-west-1", attempts=4)
    configs: list[Any] = [connection.client("sagemaker", write=write).meta.config for write in (False, True)]
    read, write = configs
    assert (read.retries["total_max_attempts"], write.retries["total_max_attempts"]) == (4, 1)
    assert (read.connect_timeout, read.read_timeout) == (5.0, 20.0)
    assert "profile-widgets" in read.user_agent_extra


def test_a_timeout_of_nought_waits_for_ever() -> None:
    config: Any = Connection(region="eu-west-1", connect_timeout=0, read_timeout=0).client("sagemaker").meta.config
    assert (config.connect_timeout, config.read_timeout) == (None, None)


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_no_other_timeout_takes_the_place_of_none(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULTS_MODE", mode)
    client: Any = Connection(region="eu-west-1", connect_timeout=0, read_timeout=0).client("sagemaker")
    timeout = client._endpoint.http_session._timeout
    assert (timeout.connect_timeout, timeout.read_timeout) == (None, None)


def test_without_a_read_timeout_a_slow_answer_is_waited_for(wire: Any) -> None:
    server = wire((lambda: time.sleep(1.5), wire.reply({"Domains": []})))
    with pytest.raises(ReadTimeoutError):
        server.connection(read_timeout=0.2, attempts=1).client("sagemaker").list_domains()
    client = server.connection(connect_timeout=0, read_timeout=0).client("sagemaker")
    assert client.list_domains()["Domains"] == []


def test_without_timeouts_a_refused_read_is_tried_again(wire: Any) -> None:
    busy = wire.reply({}, "503 Slow Down").replace(b"x-amzn", b"Date: Sun, 22 Nov 2026 03:12:58 GMT\r\nx-amzn", 1)
    server = wire(busy, wire.reply({"Domains": []}))
    client = server.connection(connect_timeout=0, read_timeout=0).client("sagemaker")
    assert client.list_domains()["ResponseMetadata"]["RetryAttempts"] == 1


def test_clients_are_kept_while_the_settings_stay_and_made_anew_when_they_change() -> None:
    connection = Connection(region="eu-west-1")
    first = connection.client("sagemaker")
    assert connection.client("sagemaker") is first
    assert connection.client("sagemaker", write=True) is not first
    connection.region = "eu-west-3"
    assert connection.client("sagemaker").meta.region_name == "eu-west-3"
    connection.renew()
    assert connection.client("sagemaker") is not first


def test_many_threads_get_the_same_client() -> None:
    connection, found = Connection(region="eu-west-1"), []
    threads = [threading.Thread(target=lambda: found.append(connection.client("sagemaker"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_sessions_share_the_service_models() -> None:
    models: list[Any] = [Connection(region="eu-west-1").client("sagemaker").meta.service_model for _ in range(2)]
    first, second = (model._service_description for model in models)
    assert first is second


def test_a_service_on_this_machine_is_reached_without_the_proxy(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert len(sandbox.connection.client("sagemaker").list_domains()["Domains"]) == 2


def test_unsigned_requests_need_no_credentials(wire: Any) -> None:
    server = wire(wire.reply({"Domains": []}))
    connection = server.connection(credentials=None, unsigned=True)
    connection.client("sagemaker").list_domains()
    assert b"authorization:" not in server.requests[0].lower()


def test_requests_are_signed_with_the_given_credentials(wire: Any) -> None:
    server = wire(wire.reply({"Domains": []}))
    server.connection(credentials=Credentials("GIVENKEY", "secret")).client("sagemaker").list_domains()
    assert b"Credential=GIVENKEY/" in server.requests[0]


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("files")
def test_a_profile_that_does_not_exist_is_named_with_the_nearest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Connection(profile="ml-prdo")
    with pytest.raises(
        CredentialsError, match=r"no profile “ml-prdo”. Did you mean “ml-prod”\? They hold ml-prod, ml-dev"
    ):
        wrong.client("sagemaker")
    monkeypatch.setenv("AWS_PROFILE", "xyz")
    with pytest.raises(CredentialsError, match=r"no profile “xyz”. They hold "):
        _ = Connection().resolved_region


def test_without_configuration_files_a_profile_says_so() -> None:
    with pytest.raises(CredentialsError, match=r"no profile at all: run `aws configure`"):
        Connection(profile="ml").client("sagemaker")


def test_a_region_with_a_slip_is_refused_before_anything_is_sent(sandbox: Sandbox) -> None:
    for connection in (Connection(region="eu-wst-1"), sandbox.connection.replace(region="eu-wst-1")):
        with pytest.raises(
            Unreachable, match=r"no AWS region “eu-wst-1”. Did you mean eu-west-1\? Regions with SageMaker"
        ):
            connection.client("sagemaker")
    with pytest.raises(Unreachable, match=r"no AWS region “Ireland”"):
        Connection(region="Ireland").client("sagemaker")


def test_a_region_that_may_be_new_is_left_to_the_network() -> None:
    assert Connection(region="eu-west-9").client("sagemaker").meta.region_name == "eu-west-9"


def test_a_missing_region_says_how_to_set_one() -> None:
    with pytest.raises(Unreachable, match=r"No AWS region is set. Give the connection one"):
        Connection().client("sagemaker")


def test_a_certificate_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreachable, match=r"certificate authorities .*nowhere.pem' does not exist. Correct the conn"):
        Connection(region="eu-west-1", ca_bundle=str(tmp_path / "nowhere.pem")).client("sagemaker")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    with pytest.raises(Unreachable, match=r"nowhere.pem' does not exist. Correct AWS_CA_BUNDLE, which names it.$"):
        Connection(region="eu-west-1").client("sagemaker")


def test_a_certificate_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.pem").write_text("nothing of use")
    with pytest.raises(Unreachable, match=r"notes.pem' cannot be used: it must hold certificates as PEM texts. Corr"):
        Connection(region="eu-west-1", ca_bundle=str(tmp_path / "notes.pem")).client("sagemaker")


def test_a_certificate_file_that_nobody_reads_may_be_missing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere.pem")
    assert len(sandbox.connection.client("sagemaker").list_domains()["Domains"]) == 2


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_name_of_a_certificate_file_turns_no_check_off(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(name, value)
    client: Any = Connection(region="eu-west-1").client("sagemaker")
    assert client._endpoint.http_session._verify is True


def test_a_configuration_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").write_text("this is = no\n[[configuration\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))
    with pytest.raises(CredentialsError, match=r"configuration file .*broken cannot be read"):
        Connection(region="eu-west-1").client("sagemaker")


def test_the_profiles_are_those_of_both_files(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "credentials").write_text("[ml-dev]\naws_access_key_id = k\n[only-keys]\naws_access_key_id = k\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    assert sessions.profiles() == ("default", "ml-prod", "ml-dev", "mfa", "only-keys")


def test_without_files_there_are_no_profiles() -> None:
    assert sessions.profiles() == ()


def test_profiles_of_a_file_that_cannot_be_read_are_an_error_that_names_it(files: Path) -> None:
    (files / "config").write_text("[[broken\n")
    with pytest.raises(CredentialsError, match=r"configuration file .*config cannot be read"):
        sessions.profiles()


@pytest.mark.usefixtures("files")
def test_a_role_that_asks_for_an_mfa_code_is_refused_instead_of_waiting_at_a_terminal() -> None:
    client = Connection(profile="mfa", endpoint_url="http://127.0.0.1:9").client("sagemaker")
    with pytest.raises(CredentialsError, match=r"asks for an MFA code.*`aws sts get-caller-identity --profile mfa`"):
        client.list_domains()


@pytest.mark.usefixtures("files")
def test_it_finds_what_the_aws_cli_finds(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoint_url)
    monkeypatch.setenv("AWS_PROFILE", "ml-dev")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    command = [
        sys.executable,
        "-m",
        "awscli",
        "sagemaker",
        "list-domains",
        "--query",
        "Domains[].DomainId",
        "--output",
        "text",
    ]
    cli = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=True).stdout.split()
    assert [row["DomainId"] for row in Connection().client("sagemaker").list_domains()["Domains"]] == cli
