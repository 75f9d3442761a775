"""Check a whole request, as it would be handed to boto3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from profile_widgets.checks.constraints import check_structure
from profile_widgets.checks.problems import ERROR, Problem, ordered
from profile_widgets.checks.rules import Case, findings
from profile_widgets.checks.rules.reading import structure
from profile_widgets.model.shapes import OPERATIONS, UPDATE, input_member


def check(
    params: Mapping[str, Any],
    operation: str = UPDATE,
    domain: Mapping[str, Any] | None = None,
    *,
    loaded: Mapping[str, Any] | None = None,
    apps: Iterable[Mapping[str, Any]] | None = None,
    lifecycles: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """Return every finding about a request, those that stop it first: constraints of the model, and AWS's rules.

    ``params`` is what boto3's method would get, ``operation`` is ``"CreateUserProfile"`` or ``"UpdateUserProfile"``.
    What is known around the request sharpens the judgement; ``None`` says that it is not known: ``domain`` is a
    DescribeDomain answer, ``loaded`` the UserSettings that the profile has now, ``apps`` rows of ListApps,
    ``lifecycles`` the app types of Studio lifecycle configurations by ARN. A finding about what is stored, and not
    touched by this request, is information. Raises :class:`ValueError` for another operation.

    Example::

        >>> found = check({"DomainId": "d-abc", "UserProfileName": "a", "UserSettings": {"ExecutionRole": "x"}})
        >>> [problem.path for problem in found]
        ['UserSettings.ExecutionRole', 'UserSettings.ExecutionRole']
    """
    if operation not in OPERATIONS:
        raise ValueError(f"{operation!r} is not an operation of this kit: choose {' or '.join(OPERATIONS)}.")
    stored = loaded if operation == UPDATE else None
    rows = None if apps is None else tuple(apps)
    case = Case(operation, structure(params), domain, stored, rows, lifecycles)
    return ordered(_together(check_structure(input_member(operation), params), findings(case)))


def _together(broken: Iterable[Problem], found: Iterable[Problem]) -> Iterator[Problem]:
    """Yield both; where a constraint stops the request already, a rule adds no finding, only its ways out."""
    stops: dict[str, list[Problem]] = {}
    rest: list[Problem] = []
    for each in broken:
        (stops.setdefault(each.path, []) if each.blocks else rest).append(each)
    for each in found:
        if each.path not in stops:
            rest.append(each)
        elif each.severity == ERROR and each.fixes:
            first, *others = stops[each.path]
            stops[each.path] = [replace(first, fixes=(*first.fixes, *each.fixes)), *others]
    for problems in stops.values():
        yield from problems
    yield from rest
