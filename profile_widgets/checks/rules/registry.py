"""The registry of rules: what AWS asks beyond the shape of a request (service contract, "Rules beyond the shape")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, Problem
from profile_widgets.checks.rules.case import Case

STORED = "Stored so already, and not touched by this request."
"""How a finding begins that is not this request's doing."""


class Finding(NamedTuple):
    """Hold what a rule found: ``paths`` from the request's root, the place where it is best shown first."""

    severity: str
    paths: tuple[str, ...]
    message: str
    fixes: tuple[Fix, ...] = ()


Findings = Iterator[Finding]
Find = Callable[[Case], Findings]


def error(paths: str | tuple[str, ...], message: str, *fixes: Fix) -> Finding:
    """Return a finding that stops the request."""
    return Finding(ERROR, (paths,) if isinstance(paths, str) else paths, message, fixes)


def warning(paths: str | tuple[str, ...], message: str, *fixes: Fix) -> Finding:
    """Return a finding that may surprise."""
    return Finding(WARNING, (paths,) if isinstance(paths, str) else paths, message, fixes)


def information(paths: str | tuple[str, ...], message: str) -> Finding:
    """Return a finding that is good to know."""
    return Finding(INFORMATION, (paths,) if isinstance(paths, str) else paths, message)


@dataclass(frozen=True)
class Rule:
    """Describe a rule: its number in the service contract, its name, where it looks and what it may find there.

    In ``paths``, ``*`` stands for any name or part of one, ``[*]`` for any position in a list.
    """

    number: int
    name: str
    paths: tuple[str, ...]
    severities: tuple[str, ...]
    find: Find


RULES: dict[str, Rule] = {}
"""Every rule by name."""


def rule(number: int, name: str, *, paths: tuple[str, ...], severities: tuple[str, ...]) -> Callable[[Find], Find]:
    """Register a generator ``find(case)`` of findings as a rule; a name or number that is taken is an error.

    A rule takes any document without raising, and changes nothing::

        @rule(12, "volume-sizes", paths=("UserSettings.SpaceStorageSettings.*",), severities=(ERROR,))
        def volume_sizes(case: Case) -> Findings:
            yield error("UserSettings.SpaceStorageSettings", "The default is larger than the largest: swap them.")
    """

    def register(find: Find) -> Find:
        taken = next((each for each in RULES.values() if name == each.name or number == each.number), None)
        if taken is not None:
            raise ValueError(f"There is a rule {taken.number}, {taken.name!r}, already.")
        RULES[name] = Rule(number, name, paths, severities, find)
        return find

    return register


def findings(case: Case) -> Iterator[Problem]:
    """Yield what the rules find about a case.

    A finding stands at the first of its places that the request is answerable for. One that the request did not make
    stops nothing: it says that it is stored so, and what is only information is not said at all.
    """
    if case.updates and not case.sent:
        return
    for each in RULES.values():
        for found in each.find(case):
            place = next(filter(case.sends, found.paths), None)
            if place is not None:
                yield Problem(place, found.severity, found.message, each.name, found.fixes)
            elif found.severity != INFORMATION:
                yield Problem(found.paths[0], INFORMATION, f"{STORED} {found.message}", each.name)
