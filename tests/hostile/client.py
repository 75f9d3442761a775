"""A browser without a browser: it opens the page, holds its websocket, and sends whatever it likes."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import websocket

from tests.hostile.frames import read, written

KERNEL = re.compile(r'"kernelId"\s*:\s*"([0-9a-fA-F-]{36})"')
CONTROL = "jupyter.widget.control"
PATIENCE = 120.0
"""Seconds that an answer may take on a machine that is busy with other things."""
States = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What a page said to one HTTP request; status 0: it closed the connection."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Person:
    """Who asks: the headers that the company's front door would add for them, and the cookies of their browser.

    `url` is a front door of their own, if they have one: then they ask there, and nowhere else.
    """

    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict, compare=False)
    url: str = ""


@dataclass
class Address:
    """A page's address. Everything that it says to anybody is searched for `secrets`: what it is, and its text."""

    url: str
    secrets: dict[str, str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    """Secrets that came back, with what stood before them."""

    def of(self, person: Person) -> Address:
        """Return the address by which somebody comes to the page."""
        return Address(person.url, self.secrets, self.found) if person.url else self

    def hear(self, text: str) -> None:
        """Search what was said."""
        for name, secret in self.secrets.items():
            at = text.find(secret)
            if at >= 0:
                self.found.append(f"{name} was read: {text[max(0, at - 70) : at]!r}")

    @property
    def place(self) -> tuple[str, int]:
        found = urlsplit(self.url)
        return found.hostname or "127.0.0.1", found.port or (443 if found.scheme == "https" else 80)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path.rstrip("/")

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Where the page's own requests come from."""
        return f"{urlsplit(self.url).scheme}://{self.host}"

    def ask(
        self,
        path: str,
        person: Person | None = None,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        host: str | None = None,
        body: bytes = b"",
        seconds: float = PATIENCE,
    ) -> Answer:
        """Send one request as it stands, without tidying its path or headers up."""
        person = person or Person()
        if person.url not in ("", self.url):
            asked = {"headers": headers, "host": host, "body": body, "seconds": seconds}
            return self.of(person).ask(path, person, method, **asked)  # type: ignore[arg-type]
        secure = self.url.startswith("https:")
        connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(
            *self.place, timeout=seconds
        )
        extra = list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host if host is not None else self.host)
            for name, value in [*person.headers.items(), *extra]:
                connection.putheader(name, value.encode("utf-8", "surrogateescape"))
            if person.cookies:
                connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in person.cookies.items()))
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            said = connection.getresponse()
            answer = Answer(said.status, {k.lower(): v for k, v in said.getheaders()}, said.read())
            for name, value in re.findall(r"(?:^|,\s*)([\w-]+)=([^;,\s]+)", said.getheader("Set-Cookie", "")):
                person.cookies[name] = value
        except (OSError, http.client.HTTPException, ValueError):
            answer = Answer(0, {}, b"")
        finally:
            connection.close()
        self.hear(f"{answer.headers} {answer.text}")
        return answer


class Refused(Exception):
    """The page did not let somebody in."""


class Page:
    """One visit: the document was fetched, its kernel's channels are open."""

    def __init__(self, address: Address, person: Person | None = None, seconds: float = PATIENCE) -> None:
        self.person = person or Person()
        self.address = address = address.of(self.person)
        answer = address.ask(f"{address.path}/", self.person, seconds=seconds)
        found = KERNEL.search(answer.text)
        if answer.status != 200 or found is None:
            raise Refused(f"{answer.status}: no kernel on the page")
        self.kernel = found.group(1)
        self.session = uuid.uuid4().hex
        self._connect()

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.channels.close()

    def leave(self) -> None:
        """End the kernel, as a page does that is left, and hang up."""
        token = self.person.cookies.get("_xsrf", "")
        headers = {"X-XSRFToken": token, "Origin": self.address.origin}
        self.address.ask(f"{self.address.path}/voila/api/shutdown/{self.kernel}", self.person, "POST", headers=headers)
        self.channels.close()

    def _connect(self) -> None:
        self.channels = Channels(self.address, self.person, self.kernel, self.session, origin=self.address.origin)
        self.control = self._open_control()

    def _open_control(self) -> str:
        comm = uuid.uuid4().hex
        content: dict[str, Any] = {"comm_id": comm, "target_name": CONTROL, "target_module": None, "data": {}}
        self.channels.send("comm_open", content, metadata={"version": "1.0.0"})
        return comm

    def states(self, seconds: float = PATIENCE) -> States:
        """Return what every widget of the kernel holds; TimeoutError when the kernel does not answer."""

        def ask(channels: Channels) -> Callable[[], bool]:
            mark = channels.mirrors
            self.message(self.control, {"method": "request_states"})
            return lambda: channels.mirrors > mark

        return self._ask(ask, seconds)

    def barrier(self, seconds: float = PATIENCE) -> States:
        """Wait until the kernel has read what was sent so far; return the widgets' states as they were told."""

        asked: set[str] = set()

        def ask(channels: Channels) -> Callable[[], bool]:
            asked.add(channels.send("kernel_info_request", {}))
            return lambda: not asked.isdisjoint(channels.answered)

        return self._ask(ask, seconds)

    def _ask(self, ask: Callable[[Channels], Callable[[], bool]], seconds: float) -> States:
        """Ask, and ask again: the server drops what comes too fast."""
        until = time.monotonic() + seconds
        while True:
            channels = self._whole()
            try:
                channels.wait_for(ask(channels), min(8.0, seconds))
                return channels.copied()
            except TimeoutError:
                if time.monotonic() > until:
                    raise

    def _whole(self) -> Channels:
        """Return the channels, opened anew when the server closed them, as it does after nonsense."""
        if self.channels.broken:
            kept = self.channels.copied()
            self.channels.close()
            self._connect()
            self.channels.mirror.update(kept)
        return self.channels

    def message(self, comm: Any, data: Any, buffers: tuple[bytes, ...] = ()) -> None:
        """Send data to a comm."""
        self.channels.send("comm_msg", {"comm_id": comm, "data": data}, buffers=buffers)

    def update(self, model: Any, **state: Any) -> None:
        """Set traits of a widget, as its front end would."""
        self.message(model, {"method": "update", "state": state, "buffer_paths": []})

    def press(self, model: Any, **content: Any) -> None:
        """Send a custom message to a widget, as its front end would."""
        self.message(model, {"method": "custom", "content": content})

    def alive(self) -> bool:
        """Tell whether the kernel answers."""
        try:
            self.barrier()
            return True
        except (TimeoutError, OSError, Refused):
            return False


class Channels:
    """A websocket to a kernel's channels; what comes is kept."""

    def __init__(
        self,
        address: Address,
        person: Person,
        kernel: str,
        session: str,
        *,
        origin: str | None = None,
        host: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Connect; Refused when the page does not take it. `origin` says from which site's page; None: no page."""
        self.address = address = address.of(person)
        self.session = session
        self.messages = 0
        """How many came, but for those that say whether the kernel is busy."""
        self.answered: set[str] = set()
        self.mirror: States = {}
        """The widgets' states, as a front end would hold them."""
        self.mirrors = 0
        """How often all states were told at once."""
        self._news = threading.Condition()
        self._sent = 0
        scheme = "wss" if address.url.startswith("https:") else "ws"
        url = f"{scheme}://{address.host}{address.path}/api/kernels/{kernel}/channels?session_id={quote(session)}"
        told = [f"{name}: {value}" for name, value in {**person.headers, **(headers or {})}.items()]
        try:
            self.socket = websocket.create_connection(
                url,
                timeout=PATIENCE,
                header=told,
                host=host,
                suppress_origin=origin is None,
                origin=origin,
                cookie="; ".join(f"{name}={value}" for name, value in person.cookies.items()) or None,
            )
        except (websocket.WebSocketException, OSError, ValueError) as error:
            address.hear(str(error))
            raise Refused(str(error)[:200]) from error
        self._reader = threading.Thread(target=self._read, name="hostile-reader", daemon=True)
        self._reader.start()

    @property
    def broken(self) -> bool:
        """Tell whether the other side has hung up."""
        return not self._reader.is_alive()

    def send(
        self,
        kind: Any,
        content: Any,
        channel: Any = "shell",
        metadata: Any = None,
        buffers: tuple[bytes, ...] = (),
        header: Mapping[str, Any] | None = None,
    ) -> str:
        """Send a message; return its id."""
        self._sent += 1
        told = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "hostile",
            "session": self.session,
            "version": "5.3",
            "date": "2026-01-01T00:00:00.000000Z",
            **(header or {}),
        }
        message = {
            "header": told,
            "parent_header": {},
            "metadata": metadata or {},
            "content": content,
            "channel": channel,
        }
        if buffers:
            self.raw(written(message, buffers), binary=True)
        else:
            self.raw(json.dumps({**message, "buffers": []}))
        return str(told["msg_id"])

    def raw(self, text: str | bytes, *, binary: bool = False) -> None:
        """Send a frame as it stands; nothing happens when the other side has hung up."""
        with contextlib.suppress(OSError, websocket.WebSocketException):
            if binary:
                self.socket.send_binary(text if isinstance(text, bytes) else text.encode())
            else:
                self.socket.send(text)

    def wait_for(self, came: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something has come; TimeoutError when it does not."""
        until = time.monotonic() + seconds
        with self._news:
            while not came():
                left = until - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise TimeoutError("The kernel did not answer.")
                self._news.wait(min(left, 1.0))

    def copied(self) -> States:
        """Return the states as they are now."""
        with self._news:
            return {model: dict(state) for model, state in self.mirror.items()}

    def _take(self, message: dict[str, Any]) -> None:
        """Keep a message, and follow what it says of widgets."""
        kind, content = message["header"].get("msg_type"), message.get("content", {})
        if kind == "status":
            return
        self.messages += 1
        self.answered.add(message.get("parent_header", {}).get("msg_id", ""))
        data = content.get("data") if kind in ("comm_msg", "comm_open") else None
        if kind == "comm_close":
            self.mirror.pop(content.get("comm_id"), None)
        if not isinstance(data, dict):
            return
        if data.get("method") == "update_states":
            self.mirror = {model: each["state"] for model, each in data["states"].items()}
            self.mirrors += 1
        elif isinstance(data.get("state"), dict) and data.get("method", "update") in ("update", "echo_update"):
            self.mirror.setdefault(content["comm_id"], {}).update(data["state"])

    def close(self) -> None:
        """Hang up: without a word, as a browser does that ends."""
        bare = self.socket.sock
        if bare is not None:
            with contextlib.suppress(OSError):
                bare.shutdown(socket.SHUT_RDWR)  # wakes the reader
            self._reader.join(5)
            bare.close()

    def _read(self) -> None:
        while True:
            try:
                code, data = self.socket.recv_data()
            except websocket.WebSocketTimeoutException:
                continue
            except (websocket.WebSocketException, OSError, ValueError, AttributeError):
                break
            if code == websocket.ABNF.OPCODE_CLOSE:
                break
            message = read(data) if code == websocket.ABNF.OPCODE_BINARY else json.loads(data)
            self.address.hear(data.decode("utf-8", "replace"))
            with self._news:
                self._take(message)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()
