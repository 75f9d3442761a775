"""How faults come, and what belongs to one: the words that it is told with and what the page offers then."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from profile_widgets.sandbox import Sandbox
from tests.page_faults.line import Line, Rule, done_and, through

Arm: TypeAlias = "Callable[[Line, Sandbox], object]"
READ, WRITE, CREATE = "DescribeUserProfile", "UpdateUserProfile", "CreateUserProfile"
DONE = "reading it back shows exactly what was asked for"
GARBAGE = b"\xff\xfe<\x00garbage"


class Fault(NamedTuple):
    """Say how a fault comes, the words of which one must be said, and what is offered under the outcome then."""

    arm: Arm
    words: str
    offers: tuple[str, ...] = ("retry", "reload")


def on(operation: str, rule: Rule) -> Arm:
    """Return what sets a rule on the line."""
    return lambda line, _sandbox: line.rules.update({operation: rule})


def denied(operation: str) -> Arm:
    """Return what takes the permission for an operation away."""
    return lambda _line, sandbox: sandbox.deny(f"sagemaker:{operation}")


def throttled(operation: str | None = None, times: int | None = None) -> Arm:
    """Return what throttles an operation, or all; for ever, unless told how often."""
    return lambda _line, sandbox: sandbox.throttle(times, operation)


def dead(line: Line, _sandbox: Sandbox) -> None:
    """Let nobody be there."""
    line.close()


def later(arm: Arm, answer: Rule = through, write: str = WRITE) -> Arm:
    """Return what lets a fault come when the write was done, just before it is answered."""
    return lambda line, sandbox: line.rules.update({write: done_and(lambda: arm(line, sandbox), answer)})
