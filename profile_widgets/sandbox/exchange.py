"""One HTTP exchange as the sandbox sees it: what was asked, what was answered, and the record of it."""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

JSON_TYPE = "application/x-amz-json-1.1"
CALLS_KEPT = 20_000


@dataclass(frozen=True)
class Question:
    """A request, read to its end."""

    method: str
    target: str
    """The request line's target: path and query as they were sent."""
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.split("?", 1)[0]


@dataclass(frozen=True)
class Reply:
    """An answer, whole."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of_json(cls, status: int, document: Mapping[str, Any]) -> Reply:
        """Write an answer of AWS's JSON protocol, with a request id."""
        body = json.dumps(document, separators=(",", ":")).encode()
        return cls(status, (("Content-Type", JSON_TYPE), ("x-amzn-RequestId", str(uuid.uuid4()))), body)


@dataclass(frozen=True)
class Call:
    """One call that reached the sandbox."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    time: float
    """When it arrived, in seconds since the epoch."""
    caller: str = ""
    """The ARN of who asked; empty when the credentials were refused."""
    source_identity: str = ""
    """What the caller's session says, for good, of the person behind it."""


@dataclass
class CallRecord:
    """Keep the latest calls, in the order in which they arrived."""

    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, call: Call) -> None:
        """Write a call down."""
        with self._lock:
            self._calls.append(call)

    def all(self) -> tuple[Call, ...]:
        """Return the calls so far."""
        with self._lock:
            return tuple(self._calls)

    def clear(self) -> None:
        """Forget the calls so far."""
        with self._lock:
            self._calls.clear()
