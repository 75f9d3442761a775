"""What became of a submit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from profile_widgets.checks.problems import Problem
from profile_widgets.model.documents import Change

OnStep: TypeAlias = "Callable[[Step], None]"
REFUSED = "refused"
CONFLICT = "conflict"
DONE = "done"
FAILED = "failed"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """Report one step of a submit: ``state`` is ``working``, ``done`` or ``failed``; ``text`` says what, in words."""

    key: str
    text: str
    state: str


@dataclass(frozen=True)
class Outcome:
    """Say how a submit ended.

    ``status`` is ``refused`` (nothing was sent: see ``problems``), ``conflict`` (nothing was sent: the profile changed
    meanwhile), ``done`` (sent, settled and read back), ``failed`` (AWS refused or failed it) or ``unknown`` (the answer
    was lost and reading back did not settle it). ``text`` is a sentence. ``differences`` is what the profile holds
    otherwise than the request asked for, empty when it holds exactly that.
    """

    status: str
    text: str
    operation: str = ""
    request: dict[str, Any] = field(default_factory=dict)
    arn: str = ""
    request_id: str = ""
    response: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    differences: tuple[Change, ...] = ()
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the profile now holds what was asked for."""
        return self.status == DONE and not self.differences
