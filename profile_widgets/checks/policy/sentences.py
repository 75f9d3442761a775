"""The sentences about what a policy refuses that are the same wherever it is refused."""

from __future__ import annotations

from profile_widgets.checks.problems import Problem
from profile_widgets.model.labels import path_label


def asking(text: str, contact: str) -> str:
    """Return a sentence with whom to ask, where that is known.

    >>> asking("Locked.", "ops@example.com"), asking("Locked.", "")
    ('Locked. Ask ops@example.com.', 'Locked.')
    """
    return f"{text} Ask {contact}." if contact else text


def said(problems: tuple[Problem, ...], what: str) -> str:
    """Return the sentence about findings that were refused: the first one, and how many more there are.

    ``what`` is what is refused: ``edit``, ``change``.
    """
    first, rest = problems[0], len(problems) - 1
    more = f" {rest:,} more {f'{what} is' if rest == 1 else f'{what}s are'} refused too." if rest else ""
    return f"{path_label(first.path) or 'The request'}: {first.message}{more}"
