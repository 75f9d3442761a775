"""The debug log: what a connection's clients send and get, line by line, in memory and in a file, without secrets.

Only the connection's own clients are listened to, by hooks of their own; no logger of Python's is touched.
"""

from __future__ import annotations

import os
import stat
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from profile_widgets.aws.redaction import Redactor

if TYPE_CHECKING:
    from io import TextIOWrapper

KEPT_LINES = 2000
"""How many lines are kept in memory."""

LONGEST_BODY = 16_384
"""How many characters of a request's or answer's body are written; the rest is counted."""

LARGEST_FILE = 5 * 2**20
"""How many bytes the file may have before it is put aside, under the name of the one put aside before."""

DIRECTORY = "PROFILE_WIDGETS_DATA_DIR"
FILE = "debug.log"
ASIDE = "debug.old.log"

Listener = Callable[[str], None]


class DebugLog:
    """Keep what a connection's clients send and get while it is turned on.

    Secrets are taken out before a line is kept, told or written; :attr:`redactor` knows them. Safe to use from several
    threads; the lines of one entry stay together.

    Example::

        >>> log = DebugLog()
        >>> log.turn(on=True, file=os.devnull)
        >>> stop = log.listen(lambda line: print(line.split("Z  ")[1]))
        >>> log.write("password=hunter22")
        password=(taken out)
        >>> stop()
    """

    def __init__(self) -> None:
        self.redactor = Redactor()
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._listeners: list[Listener] = []
        self._on = False
        self._given: str | None = None
        self._refused: Path | None = None
        self._lock = threading.Lock()  # of the lines and listeners, held for moments
        self._order = threading.RLock()  # of entries; a listener may write an entry of its own

    def __repr__(self) -> str:
        return f"DebugLog({'on' if self._on else 'off'}, {len(self._lines)} lines)"

    @property
    def on(self) -> bool:
        """Return whether entries are taken."""
        return self._on

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last :data:`KEPT_LINES` lines. They stay when the log is turned off."""
        with self._lock:
            return tuple(self._lines)

    @property
    def file(self) -> Path | None:
        """Return the file that is written, None while the log is off and when that file cannot be written."""
        target = self._target() if self._on else None
        return None if target is None or target == self._refused else target

    def turn(self, *, on: bool, file: str | None = None) -> None:
        """Turn the log on or off. ``file`` None takes the default: :func:`default_file`."""
        with self._order:
            self._on, self._given, self._refused = on, file, None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each new line, in the thread that does the work; call the result to listen no more.

        A listener that fails is not called again.
        """
        with self._lock:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    def write(self, text: str, *, body: str = "") -> None:
        """Add an entry of one or several lines, free of secrets; nothing while the log is off. Never raises OSError.

        ``body`` follows the text, at most its first :data:`LONGEST_BODY` characters; secrets are taken out before it
        is cut, so that no half of one is left.
        """
        if not self._on:
            return
        now = datetime.now(timezone.utc)
        stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
        whole = self.redactor.clean(body)
        rest = len(whole) - LONGEST_BODY
        parts = [self.redactor.clean(text), whole[:LONGEST_BODY], f"... and {rest} characters more" if rest > 0 else ""]
        first, *others = "\n".join(filter(None, parts)).splitlines() or [""]
        lines = [f"{stamp}  {_visible(first)}", *(f"    {_visible(line)}" for line in others)]
        with self._order:
            trouble = self._append(lines)
            lines += [f"{stamp}  {trouble}"] if trouble else []
            with self._lock:
                self._lines.extend(lines)
                listeners = list(self._listeners)
            for line in lines:
                self._tell(listeners, line)

    def _tell(self, listeners: list[Listener], line: str) -> None:
        for listener in listeners:
            try:
                listener(line)
            except Exception:  # noqa: BLE001 - whatever a listener does wrong, the request goes on
                self._forget(listener)

    def _forget(self, listener: Listener) -> None:
        with self._lock, suppress(ValueError):
            self._listeners.remove(listener)

    def _target(self) -> Path | None:
        """Return the file as it is named; None when it leads through a home directory that is not known."""
        try:
            return Path(self._given).expanduser().absolute() if self._given else default_file()
        except (RuntimeError, OSError):
            return None

    def _append(self, lines: list[str]) -> str:
        """Write to the file; return a sentence the first time that this does not work."""
        target = self._target()
        if target is None or target == self._refused:
            return ""
        try:
            with _opened(target) as file:
                file.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            self._refused = target
            return f"The file {target} cannot be written ({error.strerror or error}), so this log is in memory only."
        return ""


def default_file() -> Path:
    """Return the log's file when none is named: in ``PROFILE_WIDGETS_DATA_DIR``, else where logs of a user belong.

    Raises OSError or RuntimeError for a user without a home directory.
    """
    from platformdirs import user_log_path

    named = os.environ.get(DIRECTORY, "")
    folder = Path(named).expanduser() if named else user_log_path("profile-widgets", appauthor=False)
    return folder.absolute() / FILE


def _opened(path: Path) -> TextIOWrapper:
    """Open a file for appending that only its owner can read; one that has grown too large is put aside first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileNotFoundError):
        if path.name == FILE and path.stat().st_size > LARGEST_FILE:
            path.replace(path.with_name(ASIDE))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if os.name == "posix" and stat.S_ISREG(os.fstat(descriptor).st_mode):
        with suppress(PermissionError):  # a file of somebody else's that we may write keeps its mode
            os.fchmod(descriptor, 0o600)
    return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - a descriptor


def _visible(line: str) -> str:
    """Return a line in which no character moves a cursor or changes a colour."""
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape").decode() for each in line
    )
