r"""Half characters: lone surrogates, which JSON can escape and Python can hold, but UTF-8 cannot carry.

``"\ud83d"`` is the first half of an emoji. A text that holds one cannot be sent to AWS, to a browser or to a terminal.
"""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def holds_half(text: str) -> bool:
    r"""Tell whether a text holds half a character.

    Example::

        >>> holds_half("\ud83d"), holds_half("😀")
        (True, False)
    """
    return _HALF.search(text) is not None


def escaped(text: str) -> str:
    r"""Return a text with each half character written as JSON and Python write it.

    Example::

        >>> print(escaped("a\ud83db"))
        a\ud83db
    """
    return _HALF.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
