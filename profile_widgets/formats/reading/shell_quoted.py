"""A command that stands in quotes: what ``ssh``, ``bash -c``, an alias or a program is given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from profile_widgets.formats.reading.shell_repairs import DOUBLE, SINGLE

FAR = 4_000
"""How far before a command a quote may stand that is still open."""

_LONGEST_LINE = 4_000

_SIGN = re.compile(r"\\.|'''|\"\"\"|['\"]|\$\(|`", re.DOTALL)
_GIVEN = re.compile(
    r"(?:(?<=\s)-[a-z]{0,3}c[^\S\n]+|\b(?:ssh|su)[^\S\n][^'\"\n]{0,200}(?<=\s)|\beval[^\S\n]+"
    r"|\b(?:system|popen|run|Popen|call|check_call|check_output)\([^\S\n]*[rRbBfF]{0,2})"
    r"(?P<quote>'''|\"\"\"|'|\")|=[^\S\n]*[rRbBfF]{0,2}(?P<program>'''|\"\"\")"
)
_PROGRAM = re.compile(r"(?:\(\s*|,\s*|=[^\S\n]+)[rRbBfF]{0,2}\Z|(?<!\w)[rRbBfF]{1,2}\Z")
_GOES_ON = re.compile(r"['\"\\\w$`]|[^\S\n]*(?:[+%]|[rRbBfF]{0,2}['\"]|\.(?:format|join)\b)")
_GOES_ON_BELOW = re.compile(r"\s*(?:[+%]|[rRbBfF]{0,2}['\"]|\.(?:format|join)\b)")
_CHANGED = re.compile(r"[$`]|\\(?!\r?\n)")
_ESCAPED = re.compile(r"\\(?!\r?\n)")


@dataclass(frozen=True)
class Quoted:
    """Hold where a text in quotes begins and ends in which a command stands.

    ``problem`` says why what stands there is not what is run; ``filled`` that a program puts values into it; ``typed``
    that these are only a page's quotes.
    """

    begin: int
    end: int
    problem: str = ""
    filled: bool = False
    typed: bool = False


def quotes_around(text: str, start: int) -> Quoted | None:
    """Return the quotes in which the command at a position stands; ``None`` when it stands in none.

    Example::

        >>> quotes_around("ssh host 'aws x' # y", 10)
        Quoted(begin=10, end=15, problem='', filled=False, typed=False)
    """
    before = text[start - 1 : start]
    for typed in (DOUBLE, SINGLE):
        if before and before in typed:
            closing = re.compile(f"[{typed[1]}{typed[3]}]").search(text, start)
            return Quoted(start, closing.start(), typed=True) if closing is not None else None
    opened = _on_line(text, start) or _given(text, start)
    if opened is None:
        return None
    quote, begin = opened
    end = _closing(text, quote, start)
    if end < 0:
        return None
    program = _PROGRAM.search(text[max(0, begin - len(quote) - 20) : begin - len(quote)])
    filled = program is not None and "f" in program[0].lower()
    problem = _problem(text, quote, start, end, program is not None)
    return Quoted(begin, end, problem, filled)


def _on_line(text: str, start: int) -> tuple[str, int] | None:
    """Return the quote that is open on the command's line, and where the text behind it begins."""
    line = max(text.rfind("\n", 0, start) + 1, start - _LONGEST_LINE)
    opened: tuple[str, int] | None = None
    for found in _SIGN.finditer(text, line, start):
        sign = found[0]
        if sign[0] == "\\":
            continue
        if opened is not None and sign == opened[0]:
            opened = None
        elif opened is not None and opened[0][0] == '"' and sign in ("$(", "`"):
            opened = None  # a command of its own, in which quotes begin anew
        elif opened is None and sign[0] in "'\"" and _may_open(text, found.start(), found.end() == start):
            opened = sign, found.end()
    return opened


def _may_open(text: str, at: int, beside: bool) -> bool:
    """Tell whether a quote can be one that opens: it is no apostrophe, and ends no text of several lines."""
    if beside:
        return True
    before = text[max(0, at - 3) : at]
    return re.search(r"(?:[ \t=(\[{,:]|\A)[rRbBfF]{0,2}\Z", before) is not None and (
        text[text.rfind("\n", 0, at) + 1 : at].strip() != ""
    )


def _given(text: str, start: int) -> tuple[str, int] | None:
    """Return the quote on a line above that what runs a script is given, and that is still open."""
    last = next(iter([*_GIVEN.finditer(text, max(0, start - FAR), start)][-1:]), None)
    if last is None:
        return None
    quote = last["quote"] or last["program"]
    return (quote, last.end()) if _closing(text, quote, last.end()) >= start else None


def _closing(text: str, quote: str, at: int) -> int:
    """Return where a quote is closed behind a position; -1 when it is not."""
    if quote != '"':
        return text.find(quote, at)
    found = re.compile(r"\\.|\"", re.DOTALL)
    return next((each.start() for each in found.finditer(text, at) if each[0] == '"'), -1)


def _problem(text: str, quote: str, start: int, end: int, program: bool) -> str:
    """Return why a text in quotes is not what is run."""
    inside = text[start:end]
    changed = _CHANGED if quote[0] == '"' and not program else _ESCAPED if program else None
    if changed is not None and changed.search(inside):
        return "The command stands in quotes, and holds signs that those change: paste the command that is run."
    behind = end + len(quote)
    if _GOES_ON.match(text, behind) or (program and _GOES_ON_BELOW.match(text, behind)):
        return "The text in quotes in which the command stands goes on behind them: paste the command that is run."
    return ""
