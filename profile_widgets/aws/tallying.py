"""Which refused attempts are written down one by one, and how many the others were, minute by minute.

What is repeated fills a disk, and hides what is not. So attempts at the same members are written down a few times in a
minute, others in all as often as a file can bear, and the rest is counted, each operation for itself.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

MINUTE = 60.0
MOST_ALIKE = 20
"""How many attempts of a minute at the same members, by the same operation, are written down one by one."""
MOST_REFUSALS = 200
"""How many attempts of a minute are written down one by one in all."""
MOST_MEMBERS = 100
"""How many members are named of those that attempts were made at which are only counted."""
MOST_KINDS = 20
OTHERS = "(other operations)"
"""How many operations are counted each for itself, and where the others go."""

Attempt = tuple[str, tuple[str, ...]]
"""An operation, and the paths of what it should have changed."""


@dataclass
class Rest:
    """Hold attempts that are only counted; ``members`` are the first of those that were tried, without positions."""

    operation: str
    where: str
    profile: tuple[str, str]
    call: str = field(default_factory=lambda: secrets.token_hex(8))
    count: int = 0
    members: dict[str, None] = field(default_factory=dict)


class Tally:
    """Count the refused attempts of a visitor. Several threads may use it; nothing here waits for a disk.

    Example::

        tally = Tally()
        tally.begin(time.monotonic())
        tally.take("sagemaker:UpdateUserProfile", ("UserSettings.ExecutionRole",), "model")  # None: write it down
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = float("-inf")
        self._written = 0
        self._alike: Counter[Attempt] = Counter()
        self._rests: dict[str, Rest] = {}

    def is_over(self, now: float) -> bool:
        """Tell whether the minute is over that was begun last; ``now`` is the monotonic clock's."""
        return now - self._began >= MINUTE

    def begin(self, now: float, written: Iterable[Attempt] = ()) -> None:
        """Begin a minute in which ``written`` was written down already, by other processes of the same visitor."""
        with self._lock:
            self._began, self._alike = now, Counter((name, _members(paths)) for name, paths in written)
            self._written = sum(self._alike.values())

    def take(
        self, operation: str, paths: Iterable[str], where: str, profile: tuple[str, str] = ("", "")
    ) -> Rest | None:
        """Take up an attempt; return ``None`` when it is to be written down by itself, else what it counts into."""
        paths = tuple(paths)
        with self._lock:
            attempt = operation, _members(paths)
            if self._written < MOST_REFUSALS and self._alike[attempt] < MOST_ALIKE:
                self._written += 1
                self._alike[attempt] += 1
                return None
        return self.count(operation, paths, where, profile)

    def count(self, operation: str, paths: Iterable[str], where: str, profile: tuple[str, str] = ("", "")) -> Rest:
        """Count an attempt that is not written down by itself."""
        with self._lock:
            known = operation in self._rests or len(self._rests) < MOST_KINDS
            name = operation if known else OTHERS
            rest = self._rests.setdefault(name, Rest(name, where, profile))
            rest.count += 1
            rest.profile = rest.profile if rest.profile == profile else ("", "")
            for each in _members(paths):
                if len(rest.members) < MOST_MEMBERS:
                    rest.members.setdefault(each)
            return rest

    def rests(self) -> tuple[Rest, ...]:
        """Return what was only counted, and forget it."""
        with self._lock:
            found, self._rests = tuple(self._rests.values()), {}
            return found

    def put_back(self, rests: Iterable[Rest]) -> None:
        """Take back what could not be written down, so that it can be later."""
        with self._lock:
            for each in rests:
                now = self._rests.setdefault(each.operation, each)
                if now is not each:
                    now.count += each.count

    @property
    def has_rests(self) -> bool:
        """Tell whether something was only counted that nobody has written down."""
        return bool(self._rests)


def _members(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths without positions of lists, each once, and not more than are named."""
    return tuple(sorted({re.sub(r"\[\d+\]", "", each) for each in paths})[:MOST_MEMBERS])
