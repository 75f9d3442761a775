"""A seeded sandbox, a gateway to it over HTTP, drafts, and a proxy that loses what passes through it."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.credentials import Credentials

from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.sandbox import Sandbox

DOMAIN = "d-9xk2m4tq7abc"
SSO_DOMAIN = "d-4hw8zr1ns5ke"

Load = Callable[..., Awaitable[ProfileDraft]]


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """Return the sandbox as seeded, without delays."""
    shared_sandbox.reset()
    shared_sandbox.delay = 0.0
    shared_sandbox.semantics = "merge"
    return shared_sandbox


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway(sandbox.connection)
    yield gateway
    gateway.close()


@pytest.fixture
def load(gateway: Gateway) -> Load:
    """Return what loads a draft of a profile of the IAM domain, or begins a new one."""

    async def make(name: str = "analyst-1", *, create: bool = False, domain_id: str = DOMAIN) -> ProfileDraft:
        draft = ProfileDraft(gateway, domain_id, name, create=create)
        await draft.load()
        return draft

    return make


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture
def sagemaker(session: boto3.Session, sandbox: Sandbox) -> Any:
    """Return a plain boto3 client, which tells what the sandbox holds by another way than ours."""
    return session.client("sagemaker", endpoint_url=sandbox.endpoint_url)


def stored(sagemaker: Any, name: str = "analyst-1", domain_id: str = DOMAIN) -> dict[str, Any]:
    """Return the settings that a profile has."""
    found = sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name)
    return dict(found.get("UserSettings", {}))


def sent(sandbox: Sandbox) -> list[str]:
    """Return the writes that reached the sandbox."""
    return [each.operation for each in sandbox.calls if each.operation in ("UpdateUserProfile", "CreateUserProfile")]


Fault = Callable[["Relay", bytes], None]


class Proxy:
    """Pass requests on to the sandbox; ``faults`` names, by operation, what goes wrong with the next one.

    ``late_sights`` is how many of the next DescribeUserProfile are answered as the one before them was.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.port = sandbox.port
        self.faults: dict[str, str] = {}
        self.late_sights = 0
        self.last_sight: tuple[int, dict[str, str], bytes] = (503, {}, b"")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundRelay", (Relay,), {"proxy": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def connection(self) -> Connection:
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return Connection(region="eu-west-1", endpoint_url=url, credentials=Credentials("key", "secret"))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class Relay(BaseHTTPRequestHandler):
    """Handle one connection of a proxy."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        fault = self.proxy.faults.pop(operation, "")
        if fault == "request lost":
            self._reset()
            return
        status, headers, answer = self._answer(operation, body)
        if fault == "answer lost":
            self._reset()
            return
        if fault == "answer cut short":
            self._reply(status, headers, answer[: len(answer) // 2], announced=len(answer))
            self.close_connection = True
        elif fault == "answered by a gateway's page":
            self._reply(502, {"Content-Type": "text/html"}, b"<html><script>alert(1)</script>Bad gateway</html>")
        else:
            self._reply(status, headers, answer)

    def _answer(self, operation: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if operation != "DescribeUserProfile":
            return self._pass_on(body)
        if self.proxy.late_sights:
            self.proxy.late_sights -= 1
        else:
            self.proxy.last_sight = self._pass_on(body)
        return self.proxy.last_sight

    def _pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=30)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            connection.request("POST", self.path, body, kept)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, dict(answer.getheaders()), content
        finally:
            connection.close()

    def _reply(self, status: int, headers: dict[str, str], body: bytes, announced: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        """Close what is still open; a reset connection is not."""
        if self.connection.fileno() != -1:
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    proxy = Proxy(sandbox)
    yield proxy
    proxy.close()


@pytest.fixture
def shaky(proxy: Proxy) -> Iterator[Gateway]:
    """Return a gateway whose way leads through the proxy."""
    gateway = Gateway(proxy.connection)
    yield gateway
    gateway.close()
