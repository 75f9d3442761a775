"""Check a whole request, as it would be handed to boto3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profile_widgets.checks.constraints import check_structure
from profile_widgets.checks.problems import Problem, ordered
from profile_widgets.model.shapes import OPERATIONS, UPDATE, input_member


def check(params: Mapping[str, Any], operation: str = UPDATE) -> tuple[Problem, ...]:
    """Return every finding about a request, those that stop it first.

    ``params`` is what boto3's method would get, ``operation`` is ``"CreateUserProfile"`` or ``"UpdateUserProfile"``.
    Raises :class:`ValueError` for another operation.

    Example::

        >>> found = check({"DomainId": "d-abc", "UserProfileName": "a", "UserSettings": {"ExecutionRole": "x"}})
        >>> [problem.path for problem in found]
        ['UserSettings.ExecutionRole', 'UserSettings.ExecutionRole']
    """
    if operation not in OPERATIONS:
        raise ValueError(f"{operation!r} is not an operation of this kit: choose {' or '.join(OPERATIONS)}.")
    return ordered(check_structure(input_member(operation), params))
