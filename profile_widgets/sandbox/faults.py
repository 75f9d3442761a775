"""The switches that make the sandbox refuse, fail, throttle or hold requests, for tests and for lessons."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from profile_widgets.sandbox.refusals import Refusal, throttled

HOLD_SECONDS = 120.0
"""How long a held answer waits at most, so that a forgotten hold cannot hang a test for ever."""


class Hold:
    """Keep the answers of one operation back until `release` is called."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self._reached = threading.Event()
        self._released = threading.Event()

    def release(self) -> None:
        """Let the held answers go, and every later one."""
        self._released.set()

    def wait_until_reached(self, timeout: float = 10.0) -> bool:
        """Wait until an answer is being held; return False if none came within `timeout` seconds."""
        return self._reached.wait(timeout)

    def keep_back(self) -> None:
        """Wait, as the server, for the release."""
        if not self._released.is_set():
            self._reached.set()
            self._released.wait(HOLD_SECONDS)


class Faults:
    """Hold the switches; every method may be called from any thread.

    Operations are named as in the API (``UpdateUserProfile``), those of other services with the service's prefix
    (``iam:ListRoles``).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refusals: dict[str, deque[Refusal]] = {}
        self._reasons: dict[str, deque[str]] = {}
        self._throttles: dict[str, float] = {}
        self._permissions: list[tuple[str, bool]] = []
        self._holds: list[Hold] = []

    def fail_next(self, operation: str, refusal: Refusal) -> None:
        """Answer the next call of an operation with an error."""
        with self._lock:
            self._refusals.setdefault(operation, deque()).append(refusal)

    def fail_later(self, operation: str, reason: str) -> None:
        """Accept the next call of an operation, and let it end in a failure status with that reason."""
        with self._lock:
            self._reasons.setdefault(operation, deque()).append(reason)

    def take_reason(self, operation: str) -> str | None:
        """Return, once, the reason for which the operation shall fail after it was accepted."""
        with self._lock:
            reasons = self._reasons.get(operation)
            return reasons.popleft() if reasons else None

    def throttle(self, times: float | None, operation: str | None) -> None:
        """Throttle so many calls, of one operation or of any; None or infinity: until told otherwise, 0: no more."""
        with self._lock:
            self._throttles[operation or "*"] = math.inf if times is None else times

    def permit(self, actions: tuple[str, ...], allowed: bool) -> None:
        """Allow or deny actions, with wildcards; the last word on an action counts."""
        with self._lock:
            if allowed and not actions:
                self._permissions.clear()
            self._permissions.extend((action, allowed) for action in actions)

    def permits(self, action: str) -> bool:
        """Tell whether the caller may do an action such as ``sagemaker:UpdateUserProfile``."""
        with self._lock:
            for pattern, allowed in reversed(self._permissions):
                if fnmatchcase(action.lower(), pattern.lower()):
                    return allowed
        return True

    def meet(self, operation: str) -> None:
        """Raise the refusal that is due for a call of the operation, if any."""
        with self._lock:
            for key in (operation, "*"):
                left = self._throttles.get(key, 0)
                if left > 0:
                    self._throttles[key] = left - 1
                    raise throttled()
            refusals = self._refusals.get(operation)
            if refusals:
                raise refusals.popleft()

    @contextmanager
    def hold(self, operation: str) -> Iterator[Hold]:
        """Keep the answers of an operation back while the block runs, or until its hold is released."""
        hold = Hold(operation)
        with self._lock:
            self._holds.append(hold)
        try:
            yield hold
        finally:
            hold.release()
            with self._lock:
                if hold in self._holds:
                    self._holds.remove(hold)

    def keep_back(self, operation: str) -> None:
        """Wait while the answer of the operation is held."""
        with self._lock:
            holds = [hold for hold in self._holds if hold.operation == operation]
        for hold in holds:
            hold.keep_back()

    def release(self) -> None:
        """Let every held answer go."""
        with self._lock:
            holds = list(self._holds)
            self._holds.clear()
        for hold in holds:
            hold.release()

    def clear(self) -> None:
        """Forget every switch and let held answers go."""
        self.release()
        with self._lock:
            self._refusals.clear()
            self._reasons.clear()
            self._throttles.clear()
            self._permissions.clear()
