"""The audit: who asked AWS for what, one JSON object a line, in a file that only its owner can read.

Values are not written down, only digests of them: HMAC-SHA256 with a key of the file's own, kept beside it under the
same mode. Without a key, a value of few bits (an instance type, a number of minutes) could be found by trying. Whoever
has the key can do that still: keep it where the file is, and hand it to nobody who is only to read the lines.

Whoever runs the page's kernels owns the file, so it is no proof against them; CloudTrail is.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from profile_widgets.aws import places
from profile_widgets.errors import StoreError
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.served import Visitor

LARGEST = 10 * 2**20
"""How many bytes a file may have before it is put aside. What was put aside is kept: when it goes is for its owner."""
MOST_REFUSALS = 60
"""How many refused attempts of one kernel are written down one by one in a minute; the others are counted."""
MINUTE = 60.0
LONGEST = 400
"""How many characters of a text are written down."""

MOST_GROUPS = 50
"""How many of a visitor's groups are written down."""

DONE = "done"
BY_POLICY = "refused by policy"
BY_AWS = "refused by AWS"
FAILED = "failed"
UNKNOWN = "unknown"
"""How a call ended; :data:`BY_AWS` and :data:`FAILED` are followed by a colon and AWS's or botocore's word for it."""

MODEL, DRAFT, WIRE, GUARD = "model", "draft", "wire", "guard"
"""Where an attempt was refused: when it was set, when it was submitted, or on its way out; and what the guard asked."""


class AuditLog:
    """Write down each call to AWS, and each attempt that the policy refused.

    ``apart_from`` are folders that are served: the file must not be in one. Several threads and processes may write one
    file. Nothing is read or written before the first line, or :meth:`check`.

    Example::

        log = AuditLog("/var/log/profile-widgets/audit.jsonl", Visitor("alice", ("ml",), "proxy"))
        log.check()
        log.write("sagemaker:UpdateUserProfile", "done", profile=("d-abc123", "alice"))
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        visitor: Visitor | None = None,
        *,
        apart_from: Iterable[str | os.PathLike[str]] = (),
        largest: int = LARGEST,
    ) -> None:
        self.path = Path(path).expanduser().absolute()
        self.visitor = visitor
        self.caller = ""
        self._apart_from = tuple(Path(each) for each in apart_from)
        self._largest = largest
        self._key = b""
        self._lock = threading.Lock()
        self._minute, self._refusals, self._left_out = 0.0, 0, 0

    def check(self) -> None:
        """Raise :class:`~profile_widgets.errors.StoreError` with a sentence when nothing can be written down here."""
        with self._lock, self._told(), self._opened():
            self._secret()

    def write(
        self,
        operation: str,
        outcome: str,
        *,
        profile: tuple[str, str] = ("", ""),
        changes: Iterable[Change] = (),
        request_id: str = "",
        where: str = WIRE,
        reason: str = "",
        call: str = "",
    ) -> str:
        """Write one line down, and return the ``call`` that it has, a new one unless told.

        ``profile`` is the domain's id and the profile's name. A later line of the same call replaces an earlier one
        for whoever reads the file. Raises :class:`~profile_widgets.errors.StoreError` when the line is not on its way
        to the disk.
        """
        call = call or secrets.token_hex(8)
        with self._lock, self._told():
            line = {
                "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                "call": call,
                "visitor": self.visitor.name if self.visitor is not None else "",
                "groups": list(self.visitor.groups[:MOST_GROUPS]) if self.visitor is not None else [],
                "source": self.visitor.source if self.visitor is not None else "",
                "caller": self.caller,
                "operation": operation,
                "domain": str(profile[0])[:LONGEST],
                "profile": str(profile[1])[:LONGEST],
                "changes": self._digests(changes),
                "request_id": request_id,
                "outcome": outcome,
                "where": where,
                "reason": reason[:LONGEST],
            }
            self._append(line)
        return call

    def refused(
        self,
        operation: str,
        reason: str,
        *,
        where: str,
        profile: tuple[str, str] = ("", ""),
        changes: Iterable[Change] = (),
    ) -> None:
        """Write down an attempt that the policy refused; of very many in a minute, how many there were.

        Never raises for the disk: what was refused is not done, whether it is written down or not.
        """
        with self._lock:
            now, left_out = time.monotonic(), 0
            if now - self._minute >= MINUTE:
                self._minute, self._refusals, left_out, self._left_out = now, 0, self._left_out, 0
            self._refusals += 1
            if self._refusals > MOST_REFUSALS:
                self._left_out += 1
                return
        with contextlib.suppress(StoreError):
            if left_out:
                more = f"{left_out} more attempts in the minute before."
                self.write(operation, BY_POLICY, profile=profile, where=where, reason=more)
            self.write(operation, BY_POLICY, profile=profile, where=where, reason=reason, changes=changes)

    # -- the file ------------------------------------------------------------------------------------------------

    def _digests(self, changes: Iterable[Change]) -> list[dict[str, Any]]:
        return [
            {"path": each.path[:LONGEST], "before": self._digest(each.before), "after": self._digest(each.after)}
            for each in changes
        ]

    def _digest(self, value: Any) -> str | None:
        """Return a text that two equal values share in this file, ``None`` for absent."""
        if value is None:
            return None
        text = json.dumps(documents.copied(value), sort_keys=True, default=str).encode("ascii")
        return hmac.new(self._secret(), text, hashlib.sha256).hexdigest()

    def _secret(self) -> bytes:
        """Return the file's key; made when there is none, by whoever is first."""
        if not self._key:
            self._key = places.key(self.path.with_name(f"{self.path.name}.key"))
        return self._key

    def _append(self, line: Mapping[str, Any]) -> None:
        """Write one line at once, so that the lines of several processes do not mix; a short write is an error."""
        data = json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"
        with self._opened() as descriptor:
            if os.write(descriptor, data) != len(data):
                os.write(descriptor, b"\n")  # the half line is garbled, and the next one is not
                raise OSError(f"only a part of a line could be written to {self.path}")

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        """Open the file for appending; one that has grown too large is put aside first."""
        places.must_be_safe(self.path, self._apart_from)
        with places.locked(self.path.with_name(f"{self.path.name}.lock")):
            with contextlib.suppress(FileNotFoundError):
                if self.path.lstat().st_size >= self._largest:
                    self.path.rename(_aside(self.path))
            descriptor = places.opened(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the disk says into a sentence."""
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(f"The audit cannot be written to {self.path}: {why}.") from error


def _aside(path: Path) -> Path:
    """Return a free name beside a file, with the time in it."""
    stamp = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}"
    for number in range(1000):
        found = path.with_name(f"{path.name}.{stamp}-{number:03d}")
        if not found.exists():
            return found
    raise OSError(f"there are too many files {path.name}.{stamp}-*")
