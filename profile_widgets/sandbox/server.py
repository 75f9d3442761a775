"""An HTTP/1.1 server on the loopback address that keeps connections alive."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from profile_widgets.sandbox.exchange import Question, Reply

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024

Handle = Callable[[Question], Reply]


class LoopbackServer:
    """Serve a function from questions to replies on 127.0.0.1, each connection in its own thread.

    Nothing listens on another address: a sandbox answers whoever asks, so no other machine may ask.
    """

    def __init__(self, handle: Handle, port: int = 0) -> None:
        self._server = _Server((LOOPBACK, port), _Handler)
        self._server.handle = handle
        self._thread = threading.Thread(target=self._server.accept, name="sandbox", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port that the server listens on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening, close every open connection and wait for their threads."""
        self._server.closing = True
        with contextlib.suppress(OSError):
            socket.create_connection((LOOPBACK, self.port), timeout=1).close()  # wakes the thread that accepts
        self._thread.join(5)
        self._server.server_close()
        self._server.close_connections()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    handle: Handle
    closing = False

    def __init__(self, *arguments: Any) -> None:
        self._connections: dict[socket.socket, threading.Thread | None] = {}
        self._connections_lock = threading.Lock()
        super().__init__(*arguments)

    def accept(self) -> None:
        """Take connections until closing."""
        while not self.closing:
            self.handle_request()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the base class's signature
        """Take no connection once the server closes."""
        return not self.closing

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own, known to `close_connections` from the start."""
        with self._connections_lock:
            self._connections[request] = None
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._connections_lock:
                self._connections.pop(request, None)

    def close_connections(self) -> None:
        with self._connections_lock:
            open_now = dict(self._connections)
        for connection in open_now:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in filter(None, open_now.values()):
            thread.join(5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client breaks a connection off: that is a client's good right."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def version_string(self) -> str:
        return "Server"

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay silent: the sandbox's record of calls says more."""

    def _exchange(self) -> None:
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self.send_error(413)
            return
        reply = self.server.handle(Question(self.command, self.path, self.headers, body))
        self._write(reply)

    def _read_body(self) -> bytes | None:
        """Return the body, None if it is too large or has no readable length."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _read_chunks(self) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        while True:
            try:
                length = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                return None
            size += length
            if size > LARGEST_BODY or length < 0:
                return None
            parts.append(self.rfile.read(length))
            if not length:
                while self.rfile.readline(65537).strip():
                    pass
                return b"".join(parts)
            self.rfile.readline(8)

    def _write(self, reply: Reply) -> None:
        """Send head and body in one piece: two pieces would wait for each other's acknowledgement."""
        headers = [("Date", self.date_time_string()), *reply.headers]
        if not any(name.lower() == "content-length" for name, _ in reply.headers):
            headers.append(("Content-Length", str(len(reply.body))))
        if self.close_connection:
            headers.append(("Connection", "close"))
        phrase = self.responses.get(reply.status, ("",))[0]
        lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
        body = b"" if self.command == "HEAD" else reply.body
        self.wfile.write("\r\n".join(lines).encode("latin-1", "replace") + body)
