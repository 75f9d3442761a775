"""Visits to a closed page by people without a browser: plain HTTP, and real websockets of tornado's."""

from __future__ import annotations

import http.client
import json
import re
import uuid
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

SECRET = "a-secret-of-thirty-two-characters"
NOBODYS_KERNEL = "00000000-1111-2222-3333-444444444444"


_ended: weakref.WeakSet[WebSocketClientConnection] = weakref.WeakSet()


@dataclass
class Answer:
    """What a page answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)


@dataclass
class Visit:
    """One visitor, as the proxy lets them through; ``headers`` may say anything else, or nothing."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    base_url: str = "/"

    @classmethod
    def of(cls, port: int, name: str, **headers: str) -> Visit:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(port, {"X-Forwarded-User": name, "X-Page-Secret": SECRET, **said})

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, self.base_url + path, headers={**self.headers, **said})
            reply = connection.getresponse()
            return Answer(reply.status, dict(reply.getheaders()), reply.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def change(self, method: str, path: str, **headers: str) -> Answer:
        """Ask as the page's own script does, with the cookie and the header that belong together."""
        token = "2|a1b2c3d4|00000000000000000000000000000000|1700000000"
        return self.ask(method, path, Cookie=f"_xsrf={token}", X_XSRFToken=token, **headers)

    def open(self) -> str:
        """Load the page, and return the id of the kernel that it came with."""
        answer = self.get("")
        assert answer.status == 200, answer.text
        return kernel_in(answer.text)

    @asynccontextmanager
    async def connected(
        self, kernel_id: str, origin: str | None = "", **headers: str
    ) -> AsyncIterator[WebSocketClientConnection]:
        """Open a websocket to a kernel; raises tornado's HTTPClientError when it is refused."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        place = f"http://127.0.0.1:{self.port}" if origin == "" else origin
        url = f"ws://127.0.0.1:{self.port}{self.base_url}api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}"
        sent = {**self.headers, **({} if place is None else {"Origin": place}), **said}
        socket = await websocket_connect(HTTPRequest(url, headers=sent, request_timeout=60))
        try:
            yield socket
        finally:
            socket.close()
            await ended(socket)


async def ended(socket: WebSocketClientConnection) -> None:
    """Wait until the other side has closed a websocket; it says so once only."""
    while socket not in _ended and await socket.read_message() is not None:
        pass
    _ended.add(socket)


def kernel_in(text: str) -> str:
    found = re.search(r'<script id="pwp-kernel" type="application/json">(.*?)</script>', text)
    assert found, text
    return str(json.loads(found[1])["kernelId"])


def message(kind: str, content: dict[str, Any] | None = None, channel: str = "shell") -> str:
    """Return a message of Jupyter's protocol."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": uuid.uuid4().hex,
        "version": "5.3",
    }
    return json.dumps(
        {"header": header, "parent_header": {}, "metadata": {}, "content": content or {}, "channel": channel}
    )


async def said(socket: WebSocketClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind that the kernel sends."""
    while True:
        text = await socket.read_message()
        assert text is not None, f"the websocket was closed before any {kind}"
        if isinstance(text, str) and (found := json.loads(text))["header"]["msg_type"] == kind:
            return dict(found)
