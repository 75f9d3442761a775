"""What became of a write, judged from what was read before it and what is read after it.

SageMaker tells the end of a write by the profile's status alone, and a read may be older than the write. So a failure
or a settled status counts only when something about the profile is not as it was before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from profile_widgets.aws.protocol import FAILED, SUCCEEDED, Described
from profile_widgets.model import documents
from profile_widgets.model.documents import Change

SETTINGS = "UserSettings"
NONE = "None"
"""AWS's word for clearing a member: when it is gone, that is as asked."""

HELD = "held"
OTHERWISE = "otherwise"
UNTOUCHED = "untouched"
MISSING = "missing"
FAILURE = "failure"
OLD_FAILURE = "old failure"
MOVING = "moving"
GONE = "gone"


def digest(document: Any) -> str:
    """Return a short text that two documents share when they are equal, whatever the order of their members.

    Example::

        >>> digest({"a": 1, "b": []}) == digest({"b": [], "a": 1})
        True
    """
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Before:
    """Hold what a profile was like before a write, as far as a later look needs it.

    ``digest`` is of its settings as they came over the wire, with what botocore does not know.
    """

    digest: str
    status: str
    failure_reason: str = ""
    modified: datetime | None = None

    @classmethod
    def of(cls, described: Described) -> Before:
        """Return what to remember of a profile."""
        settings = digest(described.raw.get(SETTINGS))
        return cls(settings, described.status, described.failure_reason, described.modified)

    def same_settings(self, described: Described) -> bool:
        """Tell whether a profile's settings are as they were."""
        return digest(described.raw.get(SETTINGS)) == self.digest

    def is_now(self, described: Described) -> bool:
        """Tell whether nothing was written since: the settings are as they were, and so is the time of change."""
        return described.modified == self.modified and self.same_settings(described)


@dataclass(frozen=True)
class Verdict:
    """Say what is to be seen of a write.

    ``happened`` is ``held`` (ready, and all is as asked), ``otherwise`` (ready, what was asked for is there, but
    something else is not as before), ``untouched`` (exactly as before: the write left no trace yet), ``missing``
    (ready, neither as before nor as asked), ``failure`` (a failure status that was not there before), ``old failure``
    (the failure of before: no trace yet), ``moving`` (not at rest) or ``gone`` (no such profile, but there was one).
    ``differences`` is what is not as expected, ``asked`` those of them that the write asked for; both are empty unless
    the profile is ready.
    """

    happened: str
    differences: tuple[Change, ...] = ()
    asked: tuple[Change, ...] = ()

    @property
    def may_change(self) -> bool:
        """Tell whether the next look may show something else, because this one may be older than the write."""
        return self.happened in (UNTOUCHED, MISSING, OLD_FAILURE, MOVING)

    @property
    def no_trace(self) -> bool:
        """Tell whether the profile is as if the write had never been."""
        return self.happened in (UNTOUCHED, OLD_FAILURE)

    @property
    def arrived(self) -> bool:
        """Tell whether the profile is ready and holds what was asked for."""
        return self.happened in (HELD, OTHERWISE)


def judge_write(
    before: Before | None, now: Described | None, *, expected: Mapping[str, Any], changed: Iterable[str]
) -> Verdict:
    """Judge a write from the profile as it is ``now``; ``None`` stands for no profile.

    ``before`` is the profile as it was read just before an update, ``None`` for a creation. ``expected`` are the
    settings that the profile shall have, ``changed`` the top-level members that the write asked for.

    Example::

        judge_write(None, described, expected={"SecurityGroups": []}, changed=["SecurityGroups"]).happened    # 'held'
    """
    if now is None:
        return Verdict(UNTOUCHED if before is None else GONE)
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
    if not asked:
        return Verdict(OTHERWISE if differences else HELD, differences)
    as_before = before is not None and before.status not in FAILED and before.is_now(now)
    return Verdict(UNTOUCHED if as_before else MISSING, differences, asked)


def _trace(profile: Before | Described) -> tuple[Any, ...]:
    """Return what a write would change of a profile that is at rest."""
    return profile.status, profile.failure_reason, profile.modified
