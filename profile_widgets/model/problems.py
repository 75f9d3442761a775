"""A finding about a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.model.documents import Change
from profile_widgets.model.halves import escaped

ERROR = "error"
WARNING = "warning"
INFORMATION = "information"
SEVERITIES = (ERROR, WARNING, INFORMATION)
"""From what stops a request to what is good to know."""

SHOWN = 60
"""How many characters of a wrong value a message repeats."""


@dataclass(frozen=True)
class Fix:
    """Offer a way out of a finding that one press can take.

    ``label`` says what the press does ("Set InstanceType to system"), ``changes`` are what to patch the document
    with: paths lead from its root, ``after`` is the new value, ``None`` takes a member out.
    """

    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Problem:
    """Say what is wrong, where, and what to do.

    ``path`` leads from the root of the checked document, ``severity`` is one of :data:`SEVERITIES` (an error stops the
    request), ``message`` is a sentence for people, ``rule`` names the check (``minimum``, ``pattern``, ...), ``fixes``
    are ways out that one press can take. Two findings are the same whatever their fixes.

    Example::

        >>> Problem("UserSettings.ExecutionRole", ERROR, "At least 20 characters; this has 4.", "minimum").blocks
        True
    """

    path: str
    severity: str
    message: str
    rule: str = ""
    fixes: tuple[Fix, ...] = field(default=(), compare=False)

    @property
    def blocks(self) -> bool:
        """Tell whether this finding stops the request."""
        return self.severity == ERROR

    def __str__(self) -> str:
        return f"{self.severity}: {self.path or 'request'}: {self.message}"


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems, those that stop the request first, otherwise in their order; doubles are left out."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda each: SEVERITIES.index(each.severity)))


def shown(value: Any) -> str:
    """Return a value as a message repeats it: quoted, and cut when it is long.

    Example::

        >>> shown("t3.large"), shown(["a"])
        ('“t3.large”', "“['a']”")
    """
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to write out the longest numbers
        return "a number of very many digits"
    text = escaped(value if isinstance(value, str) else repr(value))
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"
