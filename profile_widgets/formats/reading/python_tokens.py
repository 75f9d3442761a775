"""The words of a piece of Python, also of one with prompts, magics and prose around it."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.formats.syntax import place

_TOKEN = re.compile(
    r"(?P<space>[^\S\n]+|\\\r?\n|\#[^\n]*)|(?P<line>\n)|(?P<string>[rRbBuUfF]{0,2}(?:'''|\"\"\"|'|\"))"
    r"|(?P<number>[0-9][\w.]*)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|==|.)",
    re.DOTALL,
)
_ENDS = {
    "'''": re.compile(r"(?:[^\\]|\\.)*?'''", re.DOTALL),
    '"""': re.compile(r'(?:[^\\]|\\.)*?"""', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*'", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*"', re.DOTALL),
}
_PROMPT = re.compile(r"^(?:>>>|\.\.\.|In \[\d*\]:)(?=\s)", re.MULTILINE)


MAX_TOKENS = 50_000
"""How many words of Python are read."""


class Token(NamedTuple):
    """Hold a word of Python: ``kind`` is string, number, name, sign or line (a line's end)."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> list[Token]:
    """Split a piece of Python into its words; a quote without an end is a sign, as an apostrophe in prose."""
    text = _PROMPT.sub(lambda found: " " * len(found[0]), text)
    found: list[Token] = []
    open_until = {"'": 0, '"': 0}
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        kind = match.lastgroup or ""
        end = match.end()
        if kind == "string":
            end = _string_end(text, match, open_until)
            kind = "string" if end else "sign"
            end = end or match.end()
        if len(found) >= MAX_TOKENS:
            refuse(f"It has more than {MAX_TOKENS:,} words, which no call has", text, at)
        if kind != "space":
            found.append(Token(kind, text[at:end], at))
        at = end
    return found


def _string_end(text: str, match: re.Match[str], open_until: dict[str, int]) -> int:
    """Return where a string ends, 0 when it does not."""
    quote = match[0].lstrip("rRbBuUfF")
    if match.end() < open_until.get(quote, 0):
        return 0
    found = _ENDS[quote].match(text, match.end())
    if found is not None:
        return found.end()
    if len(quote) == 3:
        refuse(f"The text that begins with {quote} has no end", text, match.start())
    line_end = text.find("\n", match.end())
    open_until[quote] = len(text) if line_end < 0 else line_end
    return 0


def refuse(message: str, text: str, offset: int) -> NoReturn:
    """Raise the error for a place in a piece of Python."""
    line, column = place(text, offset)
    raise FormatError(f"{message} (line {line}, column {column}).", format="boto3", line=line, column=column)
