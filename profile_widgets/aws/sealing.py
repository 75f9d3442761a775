"""The last look at a request: what leaves is what was judged, whatever hooks others put on the client.

Hooks of botocore may change a request until it is handed to the HTTP session. So the session of a guarded client is
one that asks first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.client import BaseClient

TARGET = "X-Amz-Target"
"""The header that names the operation, where the protocol has one."""


@dataclass(frozen=True)
class Seal:
    """Hold what a request is: method, address, operation and body."""

    method: str
    url: str
    target: str
    body: bytes


def of_parts(request: Mapping[str, Any]) -> Seal:
    """Return the seal of a request that botocore has put together, as ``before-call`` shows it."""
    from botocore.awsrequest import create_request_object

    made: Any = create_request_object({**request, "headers": dict(request["headers"])})
    return of_prepared(made.prepare())


def of_prepared(request: Any) -> Seal:
    """Return the seal of a request as it is handed to the HTTP session."""
    return Seal(str(request.method), str(request.url), _text(request.headers.get(TARGET)), _bytes(request.body))


def json_body(request: Mapping[str, Any]) -> Any:
    """Return what the JSON body of a request says; raises ValueError when it is none."""
    found = json.loads(_bytes(request["body"]) or b"{}")
    if not isinstance(found, dict):
        raise ValueError("the body is no object")  # noqa: TRY004 - a ValueError is what the caller refuses by
    return found


def gate(client: BaseClient, passes: Callable[[Any], None]) -> None:
    """Let ``passes`` look at each request of a client right before it leaves; what it raises for stays here."""
    endpoint: Any = client._endpoint  # type: ignore[attr-defined]  # noqa: SLF001 - no hook of botocore's is the last
    endpoint.http_session = _Gate(endpoint.http_session, passes)


class _Gate:
    """Stand where botocore's HTTP session stands."""

    def __init__(self, session: Any, passes: Callable[[Any], None]) -> None:
        self._session = session
        self._passes = passes

    def send(self, request: Any) -> Any:
        """Send a request that passes."""
        self._passes(request)
        return self._session.send(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else "" if value is None else str(value)


def _bytes(body: Any) -> bytes:
    """Return a body as bytes; one that is read from a stream has none that could be compared."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    raise ValueError("the body is a stream")
