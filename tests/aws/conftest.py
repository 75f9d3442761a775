"""A sandbox, and a raw server on the loopback address that answers with whatever bytes a test wants."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.session import get_session

from profile_widgets.aws.catalog import Catalog
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.errors import GatewayError
from profile_widgets.sandbox import Sandbox

HANG = object()
"""A step: take the request and never answer."""

RESET = object()
"""A step: take the request and break the connection off."""


def reply(
    body: Any = b"", status: str = "200 OK", length: int | None = None, kind: str = "application/x-amz-json-1.1"
) -> bytes:
    """Return an HTTP answer; ``length`` is announced in place of the body's own."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    announced = len(content) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {announced}\r\nConnection: close\r\n"
    return f"{head}x-amzn-RequestId: r-1\r\n\r\n".encode() + content


class Wire:
    """Answer each request with the next step of a script; the last step answers all that follow."""

    def __init__(self, *steps: Any, tls: ssl.SSLContext | None = None) -> None:
        self.steps = list(steps)
        self.tls = tls
        self.requests: list[bytes] = []
        self.arrived = threading.Semaphore(0)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self._socket.getsockname()[1]}"

    def connection(self, **settings: Any) -> Connection:
        given = {"region": "eu-west-1", "endpoint_url": self.url, "credentials": Credentials("key", "secret", "token")}
        return Connection(**{**given, **settings})

    def operations(self) -> list[str]:
        heads = [request.split(b"\r\n\r\n")[0].decode() for request in self.requests]
        targets = [line for head in heads for line in head.splitlines() if line.lower().startswith("x-amz-target")]
        return [target.rpartition(".")[2] for target in targets]

    def close(self) -> None:
        self._over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        if self.tls is not None:
            try:
                peer = self.tls.wrap_socket(peer, server_side=True)
            except OSError:  # the client does not trust us
                peer.close()
                return
        with peer:
            request = self._take(peer)
            if request:
                with self._lock:
                    self.requests.append(request)
                    step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
                self.arrived.release()
                self._play(peer, step)

    def _play(self, peer: socket.socket, step: Any) -> None:
        if step is HANG:
            self._over.wait()
        elif step is RESET:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif callable(step):
            step()
        elif isinstance(step, tuple):
            for part in step:
                self._play(peer, part)
        else:
            peer.sendall(step)

    @staticmethod
    def _take(peer: socket.socket) -> bytes:
        taken = b""
        while b"\r\n\r\n" not in taken:
            part = peer.recv(65536)
            if not part:
                return b""
            taken += part
        head, _, body = taken.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        while lengths and len(body) < int(lengths[0]):
            body += peer.recv(65536)
        return head + b"\r\n\r\n" + body


class Wires:
    """Start servers, each with a script: bytes, HANG, RESET, a function to call, or a tuple of these."""

    HANG = HANG
    RESET = RESET
    reply = staticmethod(reply)

    def __init__(self) -> None:
        self.made: list[Wire] = []

    def __call__(self, *steps: Any, tls: ssl.SSLContext | None = None) -> Wire:
        self.made.append(Wire(*steps, tls=tls))
        return self.made[-1]


@pytest.fixture
def wire() -> Iterator[Wires]:
    """Return a starter of raw servers, which end with the test."""
    wires = Wires()
    yield wires
    for server in wires.made:
        server.close()


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """Return a sandbox as seeded, without delays."""
    shared_sandbox.reset()
    shared_sandbox.delay = 0.0
    shared_sandbox.answer_delay = 0.0
    return shared_sandbox


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    """Return a gateway to the sandbox."""
    gateway = Gateway(sandbox.connection)
    yield gateway
    gateway.close()


@pytest.fixture
def needs() -> Callable[..., None]:
    """Return a function that leaves a test out when the installed botocore lacks an operation, or a member of it."""
    return _needs


def _needs(service: str, operation: str, member: str = "") -> None:
    model: Any = get_session().get_service_model(service)
    if operation not in model.operation_names:
        pytest.skip(f"the installed botocore has no {operation}")
    shape = model.operation_model(operation).input_shape
    if member and member not in (shape.members if shape is not None else ()):
        pytest.skip(f"{operation} of the installed botocore has no {member}")


@pytest.fixture(scope="session")
def domain_id() -> str:
    """Return the id of the seed's IAM domain."""
    return "d-9xk2m4tq7abc"


@pytest.fixture
def refused() -> Callable[[Awaitable[object]], Awaitable[GatewayError]]:
    """Return a function that awaits a call which must be refused, and returns its error."""
    return _refused


async def _refused(call: Awaitable[object]) -> GatewayError:
    """Return the error of a call, which must be one sentence or a few, without a traceback or markup of ours."""
    with pytest.raises(GatewayError) as caught:
        await call
    error, text = caught.value, str(caught.value)
    assert text.endswith((".", "?")) or "AWS said:" in text
    assert "Traceback" not in text
    assert "\n" not in text
    assert len(text) < 800
    assert error.operation
    assert error.code
    return error


@pytest.fixture
def catalog(gateway: Gateway) -> Iterator[Catalog]:
    """Return a catalog of the sandbox's account."""
    catalog = Catalog(gateway)
    yield catalog
    catalog.close()
