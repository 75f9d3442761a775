"""What every command shares: its name, how it speaks, how it fails, and how it is told to stop."""

from __future__ import annotations

import importlib.util
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

PROGRAM = "profile-widgets"


class CommandError(Exception):
    """Say in one sentence why a command cannot go on; ``status`` is the exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a text; what the terminal cannot show is written as an escape."""
    to = sys.stdout if stream is None else stream
    encoding = to.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=to)


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Let a page that cannot be started end a command with its sentence."""
    from profile_widgets.page import PageError

    try:
        yield
    except PageError as error:
        raise CommandError(str(error)) from error


def stop_on_signals() -> None:
    """Let the signals that ask a process to end do what Ctrl-C does: leave every ``with`` block in order."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def require(*modules: str) -> None:
    """Raise CommandError when a library that a command needs is not installed."""
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        names = " and ".join(missing)
        raise CommandError(f"This needs {names}, which the kit brings along as: pip install 'profile-widgets[app]'")
