"""What stands around a request where people copy it from: a fence of a wiki, a command whose answer it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t]{0,3}(?:```+|~~~+)[^\n`]*$", re.MULTILINE)
_ASKED = re.compile(r"\s*(?:[^\n{]{0,80}?[>$#%][ \t]{1,9})?aws\s(?:[^{\n]*\\\n)*[^{\n]*\n")
_ANSWER = re.compile(r"\s*(?:\{|[A-Z][A-Za-z]+:)")
_ASKS = re.compile(r"\bdescribe-user-profile\b")


def within(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield what stands inside a text, each with a sentence about what was around it; lines keep their numbers.

    Example::

        >>> list(within("See:\n```json\n{}\n```"))
        [('\n\n{}\n', 'Read from the block between the fences; what stands around it is left out.')]
    """
    fences = list(_FENCE.finditer(text))
    if len(fences) == 2:
        begin, end = fences[0].end() + 1, fences[1].start()
        yield _from(text[:end], begin), "Read from the block between the fences; what stands around it is left out."
    asked = _ASKED.match(text)
    if asked is not None and _ASKS.search(asked[0]) and _ANSWER.match(text, asked.end()):
        yield _from(text, asked.end()), "Read from the answer; the command that asked for it is left out."


def _from(text: str, begin: int) -> str:
    return "\n" * text.count("\n", 0, begin) + text[begin:]
