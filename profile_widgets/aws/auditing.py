"""The audit: who asked AWS for what, one JSON object a line, in a file that only its owner can read.

Values are not written down, only digests of them: HMAC-SHA256 with a key of the file's own, kept beside it under the
same mode. Without a key, a value of few bits (an instance type, a number of minutes) could be found by trying. Whoever
has the key can do that still: keep it where the file is, and hand it to nobody who is only to read the lines.

Whoever runs the page's kernels owns the file, so it is no proof against them; CloudTrail is.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from profile_widgets import auditing as reading
from profile_widgets.auditing import WIRE
from profile_widgets.aws import places
from profile_widgets.aws.tallying import MINUTE, Attempt, Rest, Tally
from profile_widgets.errors import StoreError
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.served import Visitor

LARGEST = 10 * 2**20
"""How many bytes a file may have before it is put aside. What was put aside is kept: when it goes is for its owner."""
LONGEST = 400
"""How many characters of a text are written down."""
MOST_GROUPS = 50
"""How many of a visitor's groups are written down."""
MOST_CHANGES = 100
"""How many changes are written down each for itself; of more, how many they are and one digest of all of them."""
PATIENCE, IMPATIENCE = 5.0, 0.5
"""For how many seconds a line waits for another process that holds the file, and one about a refused attempt."""
TAIL = 2**18
"""How many bytes at the end of the file are looked at for what was refused to the same visitor a moment ago."""

MORE = "More attempts than are written down one by one: they are counted, and told when the minute ends."

DONE = "done"
BY_POLICY = "refused by policy"
BY_AWS = "refused by AWS"
FAILED = "failed"
UNKNOWN = "unknown"
"""How a call ended; :data:`BY_AWS` and :data:`FAILED` are followed by a colon and AWS's or botocore's word for it."""


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
        self._tally = Tally()
        self._timer: threading.Timer | None = None

    def check(self) -> None:
        """Raise :class:`~profile_widgets.errors.StoreError` with a sentence when nothing can be written down here."""
        with self._alone(PATIENCE), self._told(), self._opened(PATIENCE):
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
        if self._tally.has_rests and self._tally.is_over(time.monotonic()):
            self._write_rests(PATIENCE)
        facts = {"request_id": request_id, "where": where, "reason": reason, "call": call}
        return self._write(operation, outcome, PATIENCE, profile, tuple(changes), **facts)

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

        ``reason`` is written down as it is: it must hold no value. Never raises for the disk: what was refused is not
        done, whether it is written down or not. What could not be written down is counted.
        """
        changes = tuple(changes)
        attempt: tuple[str, list[str], str, tuple[str, str]] = (
            operation,
            [each.path for each in changes],
            where,
            profile,
        )
        rest: Rest | None = None
        try:
            self._begin_minute()
            rest = self._tally.take(*attempt)
            if rest is None:
                self._write(operation, BY_POLICY, IMPATIENCE, profile, changes, where=where, reason=reason)
            elif rest.count == 1:
                self._write(rest.operation, BY_POLICY, IMPATIENCE, profile, where=where, reason=MORE, call=rest.call)
        except StoreError:
            if rest is None:
                self._tally.count(*attempt)
        if self._tally.has_rests:
            self._end_later()

    def end_minute(self) -> None:
        """Write down how many attempts were only counted; never raises for the disk. For whoever ends a page."""
        self._timer = None
        with contextlib.suppress(StoreError):
            self._write_rests(IMPATIENCE)

    # -- refused attempts ------------------------------------------------------------------------------------------

    def _begin_minute(self) -> None:
        now = time.monotonic()
        if self._tally.is_over(now):
            self._write_rests(IMPATIENCE)
            self._tally.begin(now, self._of_this_minute())

    def _end_later(self) -> None:
        """Write the count down when the minute is over, or when this process ends before."""
        if self._timer is None:
            atexit.unregister(self.end_minute)
            atexit.register(self.end_minute)
            self._timer = threading.Timer(MINUTE, self.end_minute)
            self._timer.daemon = True
            self._timer.start()

    def _write_rests(self, patience: float) -> None:
        rests = list(self._tally.rests())
        try:
            while rests:
                rest = rests[0]
                reason = f"{rest.count:,} more attempts within a minute, of which these are the members."
                tried = tuple(Change(path, None, None) for path in rest.members)
                facts = {"where": rest.where, "call": rest.call}
                self._write(rest.operation, BY_POLICY, patience, rest.profile, tried, reason=reason, **facts)
                rests.pop(0)
        finally:
            self._tally.put_back(rests)

    def _of_this_minute(self) -> Iterator[Attempt]:
        """Yield what was refused to the same visitor within the last minute, also by other processes."""
        try:
            with self._told():
                places.must_be_safe(self.path, self._apart_from)
                descriptor = places.opened(self.path, os.O_RDONLY)
                with os.fdopen(descriptor, "rb") as file:
                    file.seek(max(0, os.fstat(descriptor).st_size - TAIL))
                    lines = file.read(TAIL).splitlines()
        except StoreError:
            return
        oldest = datetime.now(timezone.utc) - timedelta(seconds=MINUTE)
        visitor = _short(self.visitor.name) if self.visitor is not None else ""
        for row in filter(None, (reading.row(line.decode("ascii", "replace")) for line in lines)):
            if row.visitor == visitor and row.outcome == BY_POLICY and row.time >= oldest:
                yield row.operation, tuple(each.path for each in row.changes)

    # -- the file ------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _alone(self, patience: float) -> Iterator[None]:
        """Let one thread in at a time."""
        if not self._lock.acquire(timeout=patience):
            raise StoreError(f"Another line is being written to {self.path}, and does not end.")
        try:
            yield
        finally:
            self._lock.release()

    def _write(
        self,
        operation: str,
        outcome: str,
        patience: float,
        profile: tuple[str, str],
        changes: tuple[Change, ...] = (),
        **facts: str,
    ) -> str:
        """Write one line; ``facts`` are its ``call``, ``request_id``, ``where`` and ``reason``."""
        call = facts.get("call") or secrets.token_hex(8)
        visitor = self.visitor if self.visitor is not None else Visitor("")
        with self._alone(patience), self._told():
            line: dict[str, Any] = {
                "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                "call": call,
                "visitor": _short(visitor.name),
                "groups": [_short(each) for each in visitor.groups[:MOST_GROUPS]],
                "source": visitor.source,
                "caller": _short(self.caller),
                "operation": _short(operation),
                "domain": _short(str(profile[0])),
                "profile": _short(str(profile[1])),
                "changes": self._digests(changes[:MOST_CHANGES]),
                "request_id": _short(facts.get("request_id", "")),
                "outcome": _short(outcome),
                "where": facts.get("where", WIRE),
                "reason": _short(facts.get("reason", "")),
            }
            rest = changes[MOST_CHANGES:]
            if rest:
                line["more"] = len(rest)
                line["more_digest"] = self._digest([[each.path, each.before, each.after] for each in rest])
            self._append(line, patience)
        return call

    def _digests(self, changes: Iterable[Change]) -> list[dict[str, Any]]:
        return [
            {"path": _short(each.path), "before": self._digest(each.before), "after": self._digest(each.after)}
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

    def _append(self, line: Mapping[str, Any], patience: float) -> None:
        """Write one line at once, so that the lines of several processes do not mix; a short write is an error."""
        data = json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"
        with self._opened(patience) as descriptor:
            if os.write(descriptor, data) != len(data):
                os.write(descriptor, b"\n")  # the half line is garbled, and the next one is not
                raise OSError(f"only a part of a line could be written to {self.path}")

    @contextlib.contextmanager
    def _opened(self, patience: float) -> Iterator[int]:
        """Open the file for appending; one that has grown too large is put aside first."""
        places.must_be_safe(self.path, self._apart_from)
        with places.locked(self.path.with_name(f"{self.path.name}.lock"), patience):
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


def _short(text: str) -> str:
    return text[:LONGEST]


def _aside(path: Path) -> Path:
    """Return a free name beside a file, with the time in it."""
    stamp = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}"
    for number in range(1000):
        found = path.with_name(f"{path.name}.{stamp}-{number:03d}")
        if not found.exists():
            return found
    raise OSError(f"there are too many files {path.name}.{stamp}-*")
