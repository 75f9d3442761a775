"""The witness: a proxy before the sandbox that writes down what is asked, and judges it without the kit's help."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from profile_widgets.sandbox import Sandbox

READS = ("Describe", "List", "Get", "Search")
READABLE = frozenset({"GetCallerIdentity", "DescribeUserProfile", "DescribeDomain", "ListDomains", "ListApps"})
"""What `policy.yaml` lets visitors ask."""
OWN_MEMBERS = ("DomainId", "UserProfileName", "UserSettings")

ALLOWED: dict[str, Callable[[Any], bool]] = {
    "JupyterLabAppSettings.DefaultResourceSpec.InstanceType": lambda value: value in ("ml.t3.medium", "ml.t3.large"),
    "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes": lambda value: (
        isinstance(value, int) and 60 <= value <= 480
    ),
    "DefaultLandingUri": lambda value: value in ("studio::", "app:JupyterLab:"),
    "StudioWebPortalSettings.HiddenMlTools": lambda _value: True,
}
"""What `policy.yaml` beside this lets a visitor change, said once more without the kit."""


@dataclass(frozen=True)
class Seen:
    """One call as it came over the wire, and what in it is forbidden, in words."""

    operation: str
    parameters: Mapping[str, Any]
    forbidden: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        return not self.operation.startswith(READS)


@dataclass
class Witness:
    """Pass every request on to a sandbox, and write it down first.

    ``own`` are the profiles (domain and name) that somebody at the page may touch. A request that is under way counts
    as `busy` until its answer went back.
    """

    sandbox: Sandbox
    own: frozenset[tuple[str, str]] = frozenset()
    strict: bool = False
    """Whether questions are judged too: those that the policy does not grant, and those about others' profiles."""
    seen: list[Seen] = field(default_factory=list)
    knocks: list[str] = field(default_factory=list)
    """Paths that no AWS client asks for: code of the attacker ran in the kernel."""
    busy: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        relay = type("BoundRelay", (_Relay,), {"witness": self})
        self._server = _Server(("127.0.0.1", 0), relay)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def forbidden(self) -> list[str]:
        return [f"{each.operation} {said}" for each in list(self.seen) for said in each.forbidden]

    @property
    def writes(self) -> list[Seen]:
        return [each for each in list(self.seen) if each.writes]

    def note(self, operation: str, parameters: Mapping[str, Any]) -> None:
        """Write a call down."""
        judge = self._judge_read if operation.startswith(READS) else self._judge
        found = tuple(judge(operation, parameters))
        with self._lock:
            self.seen.append(Seen(operation, parameters, found))

    def count(self, by: int) -> None:
        with self._lock:
            self.busy += by

    def _judge_read(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        if not self.strict:
            return
        if operation not in READABLE:
            yield "is not granted"
        asked = parameters.get("UserProfileName") or parameters.get("UserProfileNameEquals")
        if asked and str(asked).lower() not in {name for _, name in self.own}:
            yield f"asks about another profile: {asked}"

    def _judge(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        if operation == "AssumeRole":
            return
        if operation != "UpdateUserProfile":
            yield "is no operation of the visitors"
            return
        place = (str(parameters.get("DomainId")), str(parameters.get("UserProfileName")).lower())
        if self.own and place not in self.own:
            yield f"of another profile: {place[1]}"
        yield from set(parameters) - set(OWN_MEMBERS)
        yield from forbidden(self._stored(*place), parameters.get("UserSettings", {}))

    def _stored(self, domain: str, name: str) -> Mapping[str, Any]:
        asked = json.dumps({"DomainId": domain, "UserProfileName": name}).encode()
        headers = {"X-Amz-Target": "SageMaker.DescribeUserProfile", "Content-Type": "application/x-amz-json-1.1"}
        _, _, body = pass_on(self.sandbox.port, "POST", "/", headers, asked)
        stored: Mapping[str, Any] = json.loads(body).get("UserSettings", {})
        return stored


class Unwatched:
    """Stand where a witness would: nobody sees what goes over the wire of somebody else's page."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.writes: list[Seen] = []
        self.knocks: list[str] = []
        self.busy = 0


def forbidden(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> Iterator[str]:
    """Name each leaf that a request would change and the visitors may not change, or not to that.

    Members are whole when they are sent: what is stored below one and left out counts as taken away, for AWS does not
    say that it merges.
    """
    before = leaves({name: value for name, value in stored.items() if name in sent})
    after = leaves(sent)
    for path in sorted({**before, **after}):
        value = after.get(path)
        if path in before and path in after and before[path] == value:
            continue
        if value == {} and path not in before and any(each.startswith(f"{path}.") for each in (*before, *ALLOWED)):
            continue  # a structure on the way to what is stored, or to what may be set
        if path not in ALLOWED or (path in after and not ALLOWED[path](value)):
            yield path


def leaves(document: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return the values of a document by path: lists whole, empty structures as such."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        place = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and value:
            found.update(leaves(value, place))
        else:
            found[place] = value
    return found


def pass_on(
    port: int, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever asked may be gone."""


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    witness: Witness

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.witness.count(1)
        try:
            self._write_down(body)
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            status, headers, answer = pass_on(self.witness.sandbox.port, self.command, self.path, kept, body)
        finally:
            self.witness.count(-1)
        skipped = ("content-length", "connection", "date", "server", "transfer-encoding")
        lines = [f"{name}: {value}" for name, value in headers if name.lower() not in skipped]
        head = [f"HTTP/1.1 {status} Said", *lines, f"Content-Length: {len(answer)}", "", ""]
        with contextlib.suppress(OSError):
            self.wfile.write("\r\n".join(head).encode("latin-1") + (b"" if self.command == "HEAD" else answer))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass

    def _write_down(self, body: bytes) -> None:
        if "knock" in self.path:
            self.witness.knocks.append(self.path)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation:
            with contextlib.suppress(ValueError):
                self.witness.note(operation, json.loads(body or b"{}"))
            return
        form = re.search(rb"(?:^|&)Action=(\w+)", body)
        if form:
            self.witness.note(form.group(1).decode(), {})
        else:  # S3 and EFS
            self.witness.note(
                f"Get {self.path}" if self.command in ("GET", "HEAD") else f"{self.command} {self.path}", {}
            )

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
