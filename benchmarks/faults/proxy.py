"""A proxy in front of the sandbox that loses, cuts, delays and forges what passes through it."""

from __future__ import annotations

import contextlib
import http.client
import json
import select
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.credentials import Credentials

from profile_widgets.aws.connection import Connection
from profile_widgets.sandbox import Sandbox

READ = "DescribeUserProfile"
WRITES = ("CreateUserProfile", "UpdateUserProfile")
PAGE = b"<html><script>alert(1)</script>Bad gateway</html>"
PATIENCE = 10.0
"""Seconds after which a proxy that waits for something gives up."""

FORGED = {
    "429": (429, {"Content-Type": "text/plain"}, b"Too many requests"),
    "500": (500, {"Content-Type": "application/x-amz-json-1.1"}, b'{"__type":"InternalFailure","message":"Oh."}'),
    "503": (503, {"Content-Type": "application/x-amz-json-1.1"}, b'{"__type":"ServiceUnavailable","message":"Oh."}'),
    "502 page": (502, {"Content-Type": "text/html"}, PAGE),
}
"""Answers of the proxy's own, for requests that it does not pass on."""

BROKEN: dict[str, Callable[[bytes], tuple[int, dict[str, str], bytes]]] = {
    "empty answer": lambda _body: (200, {}, b""),
    "garbled answer": lambda _body: (200, {"Content-Type": "application/x-amz-json-1.1"}, b"\xff\xfe<\x00garbage"),
    "not json": lambda _body: (200, {"Content-Type": "text/html"}, b"<html>Log in to the network</html>"),
    "answered by a gateway's page": lambda _body: (502, {"Content-Type": "text/html"}, PAGE),
    "500 all the same": lambda _body: FORGED["500"],
    "503 all the same": lambda _body: FORGED["503"],
}
"""What the client gets in place of the answer to a request that was passed on."""


class Proxy:
    """Pass requests on to the sandbox, but for what is planned.

    ``faults`` names, by operation, what goes wrong with the next request of it; ``always`` with every one.
    ``late_sights`` is how many of the next reads are answered as the one before them was. ``before`` and ``after`` hold
    what to call, once, before a request of an operation is passed on, and before its answer is. ``applied`` are the
    writes that the sandbox took, ``asked`` all that came here, with the profile's name.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.port = sandbox.port
        self.faults: dict[str, str] = {}
        self.always: dict[str, str] = {}
        self.before: dict[str, Callable[[], None]] = {}
        self.after: dict[str, Callable[[], None]] = {}
        self.late_sights = 0
        self.last_sight: tuple[int, dict[str, str], bytes] = (503, {}, b"")
        self.applied: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.reads = 0
        self.change = threading.Condition()
        self.held = 0
        self.connections: set[socket.socket] = set()
        self._at = 0
        self._server: ThreadingHTTPServer | None = None
        self.open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._at}"

    @property
    def connection(self) -> Connection:
        return Connection(region="eu-west-1", endpoint_url=self.url, credentials=Credentials("key", "secret"))

    def open(self) -> None:
        """Listen, at the same port as before."""
        if self._server is None:
            self._server = Server(("127.0.0.1", self._at), type("BoundRelay", (Relay,), {"proxy": self}))
            self._at = self._server.server_address[1]
            serve = self._server.serve_forever
            threading.Thread(target=serve, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and break those off that are open."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for each in list(self.connections):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def calm(self) -> None:
        """Go back to passing everything on."""
        self.open()
        for plan in (self.faults, self.always, self.before, self.after):
            plan.clear()
        self.late_sights = 0

    def wait_until_idle(self) -> None:
        """Wait until no request is held back."""
        with self.change:
            self.change.wait_for(lambda: self.held == 0, PATIENCE)


class Server(ThreadingHTTPServer):
    """Serve in threads that end with the process; a client that breaks off is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


class Relay(BaseHTTPRequestHandler):
    """Handle one connection of a proxy."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def setup(self) -> None:
        super().setup()
        self.proxy.connections.add(self.connection)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation in WRITES:
            self.proxy.asked.append((operation, json.loads(body)["UserProfileName"]))
        fault = self.proxy.faults.pop(operation, "") or self.proxy.always.get(operation, "")
        if meet := self.proxy.before.pop(operation, None):
            meet()
        if fault in FORGED:
            self._reply(*FORGED[fault])
        elif fault == "request lost":
            self._reset()
        elif fault == "request hangs":
            self._hang()
        elif fault == "request arrives late":
            self._deliver_late(operation, body)
        else:
            self._answer(operation, body, fault)

    def _answer(self, operation: str, body: bytes, fault: str) -> None:
        status, headers, answer = self._see(body) if operation == READ else self._pass_on(operation, body)
        if meet := self.proxy.after.pop(operation, None):
            meet()
        if fault == "answer lost":
            self._reset()
        elif fault == "answer hangs":
            self._hang()
        elif fault == "answer cut short":
            self._reply(status, headers, answer[: len(answer) // 2], announced=len(answer))
            self.close_connection = True
        elif fault in BROKEN:
            self._reply(*BROKEN[fault](answer))
        else:
            self._reply(status, headers, answer)

    def _see(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Read, or repeat an earlier read; while a late write is on its way, all reads but the first wait for it."""
        with self.proxy.change:
            if self.proxy.reads:
                self.proxy.change.wait_for(lambda: self.proxy.held == 0, PATIENCE)
            if self.proxy.late_sights:
                self.proxy.late_sights -= 1
                return self.proxy.last_sight
        sight = self._pass_on(READ, body)
        with self.proxy.change:
            self.proxy.last_sight = sight
            self.proxy.reads += 1
            self.proxy.change.notify_all()
        return sight

    def _deliver_late(self, operation: str, body: bytes) -> None:
        """Pass a write on only after the next read, when nobody waits for its answer any more."""
        with self.proxy.change:
            self.proxy.held, self.proxy.reads = 1, 0
            self.proxy.change.wait_for(lambda: self.proxy.reads > 0, PATIENCE)
        self._pass_on(operation, body)
        with self.proxy.change:
            self.proxy.held = 0
            self.proxy.change.notify_all()
        self._reset()

    def _pass_on(self, operation: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=30)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            connection.request("POST", self.path, body, kept)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if operation in WRITES and answer.status == 200:
            self.proxy.applied.append((operation, json.loads(body)["UserProfileName"]))
        return answer.status, dict(answer.getheaders()), content

    def _reply(self, status: int, headers: dict[str, str], body: bytes, announced: int | None = None) -> None:
        head = [f"HTTP/1.1 {status} Said"]
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding"):
                head.append(f"{name}: {value}")
        head.append(f"Content-Length: {len(body) if announced is None else announced}")
        with contextlib.suppress(OSError):  # whoever asked may be gone
            self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def _hang(self) -> None:
        """Say nothing until whoever asked gives up."""
        with contextlib.suppress(OSError, ValueError):
            select.select([self.connection], [], [], PATIENCE)
        self.close_connection = True

    def _reset(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        """Close what is still open; a reset connection is not."""
        self.proxy.connections.discard(self.connection)
        if self.connection.fileno() != -1:
            with contextlib.suppress(OSError):
                super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
