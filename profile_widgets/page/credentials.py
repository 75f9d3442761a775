"""AWS credentials for one visitor's kernel: a role that the server takes on in their name, lent over loopback.

The kernel asks for them as programs in a container do (``AWS_CONTAINER_CREDENTIALS_FULL_URI``), so that boto3 renews
them by itself. boto3 finds no other credentials there (:mod:`profile_widgets.page.surroundings`), and what is lent ends
with the kernel.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

from tornado import httpserver, netutil, web

from profile_widgets.page.closing import LOOPBACK

_TOO_SHORT = timedelta(seconds=30)
"""Credentials with less time left than that may end on their way to AWS."""
_log = logging.getLogger("profile_widgets.page")


@dataclass(frozen=True)
class Ask:
    """Describe an AssumeRole: whose role, under which name it shows in CloudTrail, limited to what, for how long."""

    role_arn: str
    session_name: str
    session_policy: Mapping[str, Any]
    seconds: int = 3600


class RoleSession:
    """Take on a role for one visitor, and again when half of its time is over.

    What was taken on is good until its end: AWS may fail to answer meanwhile. ``connection`` is the server's own;
    nothing is asked before the first :meth:`current`. Safe to use from threads.
    """

    def __init__(self, connection: Any, ask: Ask) -> None:
        self._connection, self._ask = connection, ask
        self._lock = threading.Lock()
        self._found: dict[str, Any] | None = None

    def current(self) -> dict[str, str]:
        """Return the credentials in the form that containers give them; raise what boto3 raises when there are none."""
        with self._lock:
            if self._found is None or self._rest(self._found) < timedelta(seconds=self._ask.seconds / 2):
                self._found = self._renewed(self._found)
            found = self._found
        return {
            "AccessKeyId": found["AccessKeyId"],
            "SecretAccessKey": found["SecretAccessKey"],
            "Token": found["SessionToken"],
            "Expiration": found["Expiration"].astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "RoleArn": self._ask.role_arn,
        }

    def _renewed(self, before: dict[str, Any] | None) -> dict[str, Any]:
        try:
            return self._assume()
        except Exception as error:
            if before is None or self._rest(before) < _TOO_SHORT:
                raise
            _log.warning("A visitor's role could not be taken on again yet: %s", _words(error))
            return before

    def _rest(self, found: Mapping[str, Any]) -> timedelta:
        rest: timedelta = found["Expiration"] - _now()
        return rest

    def _assume(self) -> dict[str, Any]:
        answer = self._connection.client("sts").assume_role(
            RoleArn=self._ask.role_arn,
            RoleSessionName=self._ask.session_name,
            SourceIdentity=self._ask.session_name,
            Policy=json.dumps(self._ask.session_policy, separators=(",", ":")),
            DurationSeconds=self._ask.seconds,
        )
        found: dict[str, Any] = answer["Credentials"]
        return found


@dataclass(frozen=True)
class Loan:
    """What a kernel is told so that it can ask for its credentials, and what ends that."""

    environment: Mapping[str, str]
    end: Callable[[], None]


class Lender:
    """Lend credentials to kernels on this machine, each by an address and a token of its own.

    The tokens are random, compared in constant time, and known to one kernel's environment only. Call :meth:`start`
    where the loop runs.
    """

    def __init__(self) -> None:
        self._lent: dict[str, tuple[bytes, RoleSession]] = {}
        self._server: httpserver.HTTPServer | None = None
        self.port = 0

    def start(self) -> None:
        """Listen on loopback, at a free port."""
        (socket,) = netutil.bind_sockets(0, LOOPBACK)
        self.port = socket.getsockname()[1]
        application = web.Application([(r"/credentials/(\w+)", _Counter, {"lender": self})], log_function=_quiet)
        self._server = httpserver.HTTPServer(application, max_body_size=1024, max_header_size=16 * 1024)
        self._server.add_socket(socket)

    async def stop(self) -> None:
        """Lend nothing more, and close what is open."""
        self._lent.clear()
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()

    def lend(self, session: RoleSession) -> Loan:
        """Return how one kernel comes to a session's credentials."""
        name, token = secrets.token_hex(8), secrets.token_urlsafe(32)
        self._lent[name] = (token.encode("ascii"), session)
        environment = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{LOOPBACK}:{self.port}/credentials/{name}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        }

        def end() -> None:
            self._lent.pop(name, None)

        return Loan(environment, end)

    def session(self, name: str, token: str) -> RoleSession | None:
        """Return the session that was lent under a name, for whoever has its token."""
        expected, session = self._lent.get(name, (b"", None))
        return session if hmac.compare_digest(token.encode("utf-8", "surrogatepass"), expected) else None


class _Counter(web.RequestHandler):
    """Hand out credentials."""

    def initialize(self, lender: Lender) -> None:
        self._lender = lender

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")

    async def get(self, name: str) -> None:
        tokens = self.request.headers.get_list("Authorization")
        own_name = self.request.headers.get_list("Host") == [f"{LOOPBACK}:{self._lender.port}"]
        session = self._lender.session(name, tokens[0]) if len(tokens) == 1 and own_name else None
        if session is None or "Origin" in self.request.headers:
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        try:
            self.finish(json.dumps(await asyncio.to_thread(session.current)))
        except Exception as error:  # noqa: BLE001 - whatever AWS said, the kernel hears that there are none
            _log.error("No role could be taken on for a visitor: %s", _words(error))
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from None

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        self.finish(json.dumps({"code": str(int(status_code)), "message": "There are no credentials for this."}))


def _words(error: BaseException) -> str:
    """Return what AWS said, or the error's kind when it was not AWS."""
    said = getattr(error, "response", {}).get("Error", {}) if hasattr(error, "response") else {}
    return f"{said['Code']}: {said.get('Message', '')}" if said.get("Code") else f"{type(error).__name__}: {error}"


def _quiet(_handler: web.RequestHandler) -> None:
    """Write no line for each request: they are the kernels' own."""


def _now() -> datetime:
    return datetime.now(timezone.utc)
