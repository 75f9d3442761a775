"""What became of a write, judged from what was read before it and what is read after it.

SageMaker tells the end of a write by the profile's status alone, and a read may be older than the write. So a failure
or a settled status counts only when something about the profile is not as it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.aws.protocol import FAILED, SUCCEEDED, Described
from profile_widgets.model import documents
from profile_widgets.model.documents import Change

NONE = "None"
"""AWS's word for clearing a member: when it is gone, that is as asked."""

HELD = "held"
OTHERWISE = "otherwise"
MISSING = "missing"
FAILURE = "failure"
OLD_FAILURE = "old failure"
MOVING = "moving"
GONE = "gone"


@dataclass(frozen=True)
class Verdict:
    """Say what is to be seen of a write.

    ``happened`` is ``held`` (ready, and all is as asked), ``otherwise`` (ready, what was asked for is there, but
    something else is not as before), ``missing`` (ready, but not or not yet what was asked for), ``failure`` (a failure
    status that was not there before), ``old failure`` (the failure of before: the write left no trace yet), ``moving``
    (not at rest) or ``gone`` (no such profile). ``differences`` is what is not as expected, ``asked`` those of them
    that the write asked for; both are empty unless the profile is ready.
    """

    happened: str
    differences: tuple[Change, ...] = ()
    asked: tuple[Change, ...] = ()

    @property
    def may_change(self) -> bool:
        """Tell whether the next look may show something else, because this one may be older than the write."""
        return self.happened in (MISSING, OLD_FAILURE, MOVING)


def judge_write(
    before: Described | None, now: Described | None, *, expected: Mapping[str, Any], changed: Iterable[str]
) -> Verdict:
    """Judge a write from the profile as it is ``now``; ``None`` stands for no profile.

    ``before`` is the profile as it was read just before an update, ``None`` for a creation. ``expected`` are the
    settings that the profile shall have, ``changed`` the top-level members that the write asked for.

    Example::

        judge_write(None, described, expected={"SecurityGroups": []}, changed=["SecurityGroups"]).happened    # 'held'
    """
    if now is None:
        return Verdict(GONE)
    if now.status in FAILED:
        return Verdict(OLD_FAILURE if before is not None and _trace(before) == _trace(now) else FAILURE)
    if now.status not in SUCCEEDED:
        return Verdict(MOVING)
    differences = tuple(
        change
        for change in documents.diff(expected, now.settings or {})
        if not (change.before == NONE and change.after is None)
    )
    wanted = frozenset(changed)
    asked = tuple(change for change in differences if documents.top(change.path) in wanted)
    return Verdict(MISSING if asked else OTHERWISE if differences else HELD, differences, asked)


def _trace(described: Described) -> tuple[Any, ...]:
    """Return what a write would change of a profile that is at rest."""
    return described.status, described.failure_reason, described.modified
