"""What became of a submit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from profile_widgets.aws.protocol import Described
from profile_widgets.checks.problems import Problem
from profile_widgets.model.documents import Change

log = logging.getLogger(__name__)

OnStep: TypeAlias = "Callable[[Step], None]"
REFUSED = "refused"
CONFLICT = "conflict"
DONE = "done"
FAILED = "failed"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """Report one step of a submit: ``state`` is ``working``, ``done`` or ``failed``; ``text`` says what, in words.

    ``key`` is ``check``, ``compare``, ``send``, ``follow`` or ``verify``, in this order; after an answer that was lost
    ``send`` and ``follow`` may come once more.
    """

    key: str
    text: str
    state: str


class Teller:
    """Tell each step to whoever watches. A watcher that fails does not stop a request that may be on its way."""

    def __init__(self, on_step: OnStep | None) -> None:
        self._on_step = on_step

    def __call__(self, key: str, text: str, state: str) -> None:
        """Tell one step."""
        if self._on_step is not None:
            try:
                self._on_step(Step(key, text, state))
            except Exception:  # whatever it is, it is the watcher's
                log.exception("The step %s could not be shown", key)


@dataclass(frozen=True)
class Outcome:
    """Say how a submit ended.

    ``status`` is ``refused`` (nothing was sent: see ``problems``), ``conflict`` (somebody else wrote the profile
    meanwhile, and it does not hold what was asked for), ``done`` (sent, settled and read back), ``failed`` (AWS refused
    or failed it) or ``unknown`` (what became of it could not be read; taking it up later tells). ``text`` is a
    sentence.

    ``differences`` is what the profile holds otherwise than the request asked for, empty when it holds exactly that;
    after a conflict, what somebody else changed since it was loaded. ``theirs`` is the profile as it was read then.
    ``resent`` tells that the request went out a second time, because the first one had left no trace. ``point`` is the
    id of the restore point that was kept, ``""`` when there is none.
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
    theirs: Described | None = None
    resent: bool = False
    point: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the profile now holds what was asked for."""
        return self.status == DONE and not self.differences
