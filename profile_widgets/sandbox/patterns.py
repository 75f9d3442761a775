r"""Match values against AWS's patterns, in full, in Java's sense and within a bounded time.

Three traps, each met by a test: AWS anchors every pattern though few of them say so; tag patterns use ``\p{L}``, which
Python's ``re`` cannot compile; and the pattern of RepositoryUrl runs for seconds on a short bad input.
"""

from __future__ import annotations

from functools import lru_cache

import regex

SECONDS_PER_MATCH = 0.5
"""The longest that one match may take; a value that needs more is refused."""

LINEAR_EQUIVALENTS = {
    # A piece is one or more letters and perhaps a slash, at least three pieces: the same texts as one letter and
    # perhaps a slash, at least three times. More than 1016 pieces do not fit into the 1024 characters allowed.
    r"https://([.\-_a-zA-Z0-9]+/?){3,1016}": r"https://(?:[.\-_a-zA-Z0-9]/?){3,}",
}


def linear(pattern: str) -> str:
    """Return a pattern of the same texts that is matched in linear time, where the given one is known not to be."""
    return LINEAR_EQUIVALENTS.get(pattern.removeprefix("^").removesuffix("$"), pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    text = linear(pattern)
    # Java's \d and \w are ASCII; \p{..} must stay Unicode, so only the patterns without it get the flag.
    flags = 0 if r"\p{" in text else regex.ASCII
    return regex.compile(text, flags)


def matches(pattern: str, value: str) -> bool:
    r"""Tell whether the whole value matches; False also when the match would take too long.

    >>> matches(r"d-(-*[a-z0-9]){1,61}", "d-9xk2m4tq7abc")
    True
    >>> matches(r"[\p{L}\p{N} ]*", "équipe 7")
    True
    """
    try:
        return _compiled(pattern).fullmatch(value, timeout=SECONDS_PER_MATCH) is not None
    except TimeoutError:
        return False
