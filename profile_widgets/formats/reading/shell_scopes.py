"""Which parts of a script have variables of their own: what stands in ``( ... )``, and functions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

SUBSHELL, FUNCTION = "subshell", "function"
"""Kinds of parts: no variable that is set in the first is known behind it, only a local one of the second."""

_BLANKS = 200
"""How many spaces are looked over before a bracket."""

_SIGN = re.compile(
    r"(?P<skipped>\\.|(?<!\w)'[^']*'|\"(?:[^\"\\]|\\.)*\"|(?:^|(?<=\s))\#[^\n]*)"
    r"|(?P<function>(?:^|(?<=[;&|{}\s]))"
    r"(?:function[^\S\n]+[\w:-]+(?:[^\S\n]*\(\))?|[A-Za-z_][\w-]*[^\S\n]*\([^\S\n]*\))\s*\{)"
    r"|(?P<sign>[(){}])",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_SENT_ON = re.compile(r"[^\S\n]*(?:\|(?!\|)|&(?!&))")
_KEYWORD = re.compile(r"(?:^|\W)(?:then|do|else)\Z")


class Scopes:
    r"""Tell in which part of a script a position stands that is over at the script's end.

    Example::

        >>> Scopes("( A=1 )\n").around(3)
        'subshell'
    """

    def __init__(self, text: str, skipped: Sequence[tuple[int, int]] = ()) -> None:
        for begin, end in skipped:
            text = text[:begin] + re.sub(r"[^\n]", " ", text[begin:end]) + text[end:]
        self.text = text
        self.closed: dict[str, list[tuple[int, int]]] = {SUBSHELL: [], FUNCTION: []}
        self._open: list[tuple[str, str, int]] = []
        self._braces = 0
        for found in _SIGN.finditer(text):
            if found.lastgroup == "function":
                self._push("{", FUNCTION, found.end())
            elif found.lastgroup == "sign":
                self._take(found[0], found.start())
        self.in_function = any(kind == FUNCTION for _, kind, _ in self._open)

    def around(self, at: int) -> str:
        """Return the kind of the part that a position stands in, and that has ended; ``""`` for none."""
        for kind, spans in self.closed.items():
            before = bisect_right(spans, (at, len(self.text) + 1)) - 1
            if before >= 0 and at <= spans[before][1]:
                return kind
        return ""

    def _push(self, sign: str, kind: str, at: int) -> None:
        self._open.append((sign, kind, at))
        self._braces += sign == "{"

    def _take(self, sign: str, at: int) -> None:
        if sign == "(":
            self._push(sign, SUBSHELL if self._is_subshell(at) else "", at)
        elif sign == "{":
            self._push(sign, "", at)
        elif sign == ")" and self._open and self._open[-1][0] == "(":
            self._close(at)
        elif sign == "}" and self._braces:
            while self._open[-1][0] != "{":
                self._open.pop()
            self._braces -= 1
            self._close(at)

    def _is_subshell(self, at: int) -> bool:
        """Tell whether a bracket stands where a command begins, or behind ``$``."""
        if self.text.startswith("((", at):
            return False
        before = self.text[max(0, at - _BLANKS) : at].rstrip(" \t")
        return before[-1:] in ("", *"\n\r;&|{()!$") or _KEYWORD.search(before[-5:]) is not None

    def _close(self, end: int) -> None:
        sign, kind, begin = self._open.pop()
        kind = SUBSHELL if sign == "{" and not kind and _SENT_ON.match(self.text, end + 1) else kind
        if kind:
            spans = self.closed[kind]
            while spans and spans[-1][0] > begin:
                spans.pop()
            spans.append((begin, end))
