"""The words of a piece of Python, also of one with prompts, magics and prose around it."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from profile_widgets.errors import FormatError
from profile_widgets.formats.syntax import place

_TOKEN = re.compile(
    r"(?P<space>[^\S\n]+|\\\r?\n|\#[^\n]*)|(?P<line>\n)|(?P<string>[rRbBuUfF]{0,2}(?:'''|\"\"\"|'|\"))"
    r"|(?P<number>[0-9][\w.]*)|(?P<name>[^\W\d]\w*)|(?P<sign>(?:\*\*|//|<<|>>|[-+*/%@&|^:=!<>])=|\*\*|.)",
    re.DOTALL,
)
_ENDS = {
    "'''": re.compile(r"(?:[^\\]|\\.)*?'''", re.DOTALL),
    '"""': re.compile(r'(?:[^\\]|\\.)*?"""', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*'", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*"', re.DOTALL),
}
_PROMPT = re.compile(r"^(?:>>>|[^\S\n]*\.\.\.:?|(?:In |Out)\[\d*\]:)(?=\s|\Z)", re.MULTILINE)
_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"
TYPED = dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_SINGLE, "'")
"""The quotes of word processors, each with the plain one that it stands for."""

_TYPED_TEXT = re.compile(rf"[{_DOUBLE}][^{_DOUBLE}\n\"\\]*[\u201c\u201d]|[{_SINGLE}][^{_SINGLE}\n'\\]*[\u2018\u2019]")
_BEFORE_TEXT = re.compile(r"[\s(\[{,=:+]\Z")
CLOSING = {"(": ")", "[": "]", "{": "}"}
"""The brackets of Python."""


MAX_TOKENS = 50_000
"""How many words of Python are read."""


class Token(NamedTuple):
    """Hold a word of Python: ``kind`` is string, number, name, sign or line (a line's end)."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> list[Token]:
    """Split a piece of Python into its words; a quote without an end is a sign, as an apostrophe in prose."""
    text = without_prompts(text)
    found: list[Token] = []
    open_until = {"'": 0, '"': 0}
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        kind = match.lastgroup or ""
        end = match.end()
        typed = _typed_text(text, at)
        if typed:
            found.append(Token("string", typed, at))
            at += len(typed)
            continue
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


def without_prompts(text: str) -> str:
    """Return a piece of Python with spaces where the prompts of Python and IPython stand."""
    return _PROMPT.sub(lambda found: " " * len(found[0]), text)


def _typed_text(text: str, at: int) -> str:
    """Return the text in a word processor's quotes that begins at a position, in plain ones; nothing if none does."""
    if text[at] not in TYPED or (at and not _BEFORE_TEXT.match(text[at - 1])):
        return ""
    match = _TYPED_TEXT.match(text, at)
    return TYPED[text[at]] + match[0][1:-1] + TYPED[text[at]] if match else ""


def partners(found: list[Token]) -> list[int]:
    """Return, for each token, where its bracket is closed or opened; -1 for what is no bracket or has no partner."""
    where = [-1] * len(found)
    still_open: list[int] = []
    waiting = dict.fromkeys(CLOSING.values(), 0)
    for at, token in enumerate(found):
        if token.kind != "sign":
            continue
        if token.text in CLOSING:
            still_open.append(at)
            waiting[CLOSING[token.text]] += 1
        elif waiting.get(token.text):
            opening = -1
            while opening < 0 or CLOSING[found[opening].text] != token.text:
                opening = still_open.pop()
                waiting[CLOSING[found[opening].text]] -= 1
            where[at], where[opening] = opening, at
    return where


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
