"""Nobody there, nobody in time, or nobody to trust: what the network does to a call."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions as botocore_exceptions
from botocore.credentials import Credentials

from profile_widgets.aws import failures
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import outcome_unknown
from profile_widgets.aws.wording import Scene
from profile_widgets.errors import GatewayError, Unreachable

CANARY = "CANARYTOKENCANARY"
UPDATE: dict[str, Any] = {"DomainId": "d-1", "UserProfileName": "analyst-1", "UserSettings": {}}
Refused = Callable[[Awaitable[object]], Awaitable[GatewayError]]


@pytest.fixture
def closed_port() -> int:
    """Return a port of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def connection(url: str, **settings: Any) -> Connection:
    given = {"region": "eu-west-1", "endpoint_url": url, "credentials": Credentials("k", "s"), "attempts": 1}
    return Connection(**{**given, **settings})


async def test_a_sandbox_that_stopped_is_asked_after(refused: Refused, closed_port: int) -> None:
    gateway = Gateway(connection(f"http://127.0.0.1:{closed_port}"))
    error = await refused(gateway.update_user_profile(UPDATE))
    assert isinstance(error, Unreachable)
    assert "127.0.0.1 could not be reached. Is the sandbox still running" in str(error)
    assert not outcome_unknown(error)
    gateway.close()


async def test_a_host_that_does_not_exist_is_named(refused: Refused) -> None:
    gateway = Gateway(connection("https://sagemaker.does-not-exist.invalid"))
    error = await refused(gateway.describe_domain("d-1"))
    assert isinstance(error, Unreachable)
    assert "sagemaker.does-not-exist.invalid could not be reached. Check the network" in str(error)
    gateway.close()


async def test_a_region_that_leads_nowhere_asks_what_was_meant() -> None:
    scene = Scene("DescribeDomain", region="eu-west-9", endpoint="https://api.sagemaker.eu-west-9.amazonaws.com")
    failed = botocore_exceptions.EndpointConnectionError(endpoint_url=scene.endpoint)
    known = failures.translate(failed, scene)
    assert "knows no region “eu-west-9”. Did you mean eu-west-1?" in str(known)


async def test_a_server_that_hangs_is_left_after_the_read_timeout_and_the_outcome_of_a_write_is_open(
    refused: Refused, wire: Any
) -> None:
    server = wire(wire.HANG)
    gateway = Gateway(server.connection(read_timeout=0.2))
    error = await refused(gateway.update_user_profile(UPDATE))
    assert isinstance(error, Unreachable)
    assert "took the request but did not answer in time. Load the profile again" in str(error)
    assert outcome_unknown(error)
    assert len(server.requests) == 1
    gateway.close()


async def test_reads_of_a_server_that_hangs_end_within_one_connect_and_one_read_timeout(
    refused: Refused, wire: Any
) -> None:
    server = wire(wire.HANG)
    gateway = Gateway(server.connection(connect_timeout=0.3, read_timeout=0.4, attempts=5))
    assert isinstance(await refused(gateway.describe_domain("d-1")), Unreachable)
    assert len(server.requests) == 1, "two times 0.4 do not fit into 0.7"
    gateway.close()


async def test_a_broken_connection_is_tried_again_for_reads_only(refused: Refused, wire: Any) -> None:
    server = wire(wire.RESET, wire.reply({"DomainId": "d-1"}))
    gateway = Gateway(server.connection())
    assert (await gateway.describe_domain("d-1")).domain_id == "d-1"
    assert len(server.requests) == 2
    server.steps = [wire.RESET]
    error = await refused(gateway.update_user_profile(UPDATE))
    assert isinstance(error, Unreachable)
    assert "broke before the answer was whole" in str(error)
    assert outcome_unknown(error)
    assert len(server.requests) == 3
    gateway.close()


async def test_a_proxy_that_is_not_there_is_named_without_its_password(
    refused: Refused, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ana:{CANARY}@127.0.0.1:{closed_port}")
    gateway = Gateway(connection("https://sagemaker.example.invalid"))
    error = await refused(gateway.describe_domain("d-1"))
    assert isinstance(error, Unreachable)
    assert "The proxy 127.0.0.1 could not be reached. Check HTTPS_PROXY" in str(error)
    assert CANARY not in str(error) + error.message
    gateway.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a certificate for 127.0.0.1 that nobody signed, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def tls_url(certificate: Path, wire: Any) -> str:
    """Return the address of a server with that certificate, which knows one domain."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    url: str = wire(wire.reply({"DomainId": "d-1"}), tls=context).url
    return url


async def test_a_certificate_that_nobody_signed_is_refused_naming_the_setting(
    refused: Refused, tls_url: str, certificate: Path
) -> None:
    gateway = Gateway(connection(tls_url))
    error = await refused(gateway.describe_domain("d-1"))
    assert isinstance(error, Unreachable)
    assert "TLS certificate of 127.0.0.1 could not be verified" in str(error)
    assert "ca_bundle" in str(error)
    gateway.connection.ca_bundle = str(certificate)
    assert (await gateway.describe_domain("d-1")).domain_id == "d-1"
    gateway.close()


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
async def test_verification_can_be_turned_off(tls_url: str) -> None:
    gateway = Gateway(connection(tls_url, verify=False))
    assert (await gateway.describe_domain("d-1")).domain_id == "d-1"
    gateway.close()


CLI_CASES: list[tuple[dict[str, Any], dict[str, str], bool]] = [
    ({}, {}, False),
    ({"ca_bundle": "PEM"}, {}, True),
    ({"verify": False}, {}, True),
    ({}, {"AWS_CA_BUNDLE": "PEM"}, True),
    ({}, {"REQUESTS_CA_BUNDLE": "PEM"}, True),
    ({}, {"AWS_PROFILE": "trusting"}, True),
    ({"profile": "trusting", "verify": False}, {"AWS_CA_BUNDLE": "/nowhere.pem"}, True),
]
"""Settings, environment, and whether the server with the certificate is trusted then."""


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize(("settings", "environment", "trusted"), CLI_CASES, ids=str)
async def test_certificates_are_trusted_where_the_aws_cli_trusts_them(
    settings: dict[str, Any],
    environment: dict[str, str],
    trusted: bool,
    tls_url: str,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = certificate.with_name("config")
    config.write_text(
        f"[profile trusting]\nca_bundle = {certificate}\naws_access_key_id = k\naws_secret_access_key = s\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name, value in environment.items():
        monkeypatch.setenv(name, value.replace("PEM", str(certificate)))
    given = {
        name: value.replace("PEM", str(certificate)) if isinstance(value, str) else value
        for name, value in settings.items()
    }
    options = {
        "ca_bundle": f"--ca-bundle={given.get('ca_bundle')}",
        "verify": "--no-verify-ssl",
        "profile": "--profile=trusting",
    }
    assert _cli_gets_through(tls_url, [options[name] for name in given]) is trusted
    gateway = Gateway(connection(tls_url, **given))
    if trusted:
        assert (await gateway.describe_domain("d-1")).domain_id == "d-1"
    else:
        with pytest.raises(Unreachable, match=r"certificate of 127.0.0.1 could not be verified"):
            await gateway.describe_domain("d-1")
    gateway.close()


def _cli_gets_through(url: str, options: list[str]) -> bool:
    command = [sys.executable, "-m", "awscli", f"--endpoint-url={url}", "--region=eu-west-1", *options]
    command += ["sagemaker", "describe-domain", "--domain-id=d-1"]
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_MAX_ATTEMPTS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 or "SSL validation failed" in done.stderr, done.stderr
    return done.returncode == 0
