"""Where a magic writes: stdout holds what the AWS CLI's would, everything else goes to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from profile_widgets.checks.problems import Problem

LABEL = 11
"""How many columns the word for a finding's severity takes."""


def note(text: str) -> None:
    """Write a sentence to stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def is_notebook(ip: Any) -> bool:
    """Tell whether the shell is a kernel's, which shows widgets and has no terminal."""
    return getattr(ip, "kernel", None) is not None


def in_terminal(ip: Any) -> bool:
    """Tell whether stdout is a terminal that a person reads."""
    return not is_notebook(ip) and sys.stdout.isatty()


def width(ip: Any) -> int:
    """Return how many columns a table may have: the terminal's, else the 80 that the AWS CLI takes."""
    return shutil.get_terminal_size().columns if in_terminal(ip) else 80


def put(ip: Any, text: str, pager: str | None) -> None:
    """Write a text to stdout; in a terminal, one that is longer than the screen goes through a pager.

    ``pager`` is its command, ``""`` for none and ``None`` for IPython's own.
    """
    lines = text.count("\n") + 1
    if pager == "" or not in_terminal(ip) or lines < shutil.get_terminal_size().lines:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from IPython.core.page import page

    os.environ.setdefault("LESS", "-R")
    page(text, pager_cmd=pager)


def without_advice(error: BaseException) -> str:
    """Return what an error says, without what the editor's page could still do: there is none here."""
    from profile_widgets.aws.wording import INSTEAD

    advice = INSTEAD.get(getattr(error, "operation", ""), "")
    return str(error).removesuffix(advice).rstrip()


def lines_of(problems: Iterable[Problem]) -> Iterator[str]:
    """Return findings as lines: how grave, where, what, and ways out."""
    for problem in problems:
        yield f"{problem.severity:<{LABEL}} {problem.path or 'the request'}: {problem.message}"
        for fix in problem.fixes:
            yield f"{'':<{LABEL}}   a way out: {fix.label}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    Example::

        >>> counted(1, "error"), counted(2, "error")
        ('1 error', '2 errors')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
