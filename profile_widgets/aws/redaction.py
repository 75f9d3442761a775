"""What must not stand in a log: keys, tokens, signatures and passwords, by header, by value and by the look of them."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from profile_widgets.aws import endpoints

MARK = "(taken out)"
"""What stands where a secret was."""

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-amz-security-token", "x-amz-sso_bearer_token", "cookie", "set-cookie"}
)
"""Headers whose value is never shown, in small letters."""

SHORTEST = 8
"""How many characters a value must have to be taken out wherever it stands; shorter ones are nobody's key."""

_HARMLESS_TOKENS = (
    "next", "page", "pagination", "continuation", "starting", "client", "request", "creation", "idempotency",
    "max", "min", "num", "total", "input", "output", "prompt", "completion",
)  # fmt: skip
"""What stands before "token" where it is no secret.

Such a token names a page of a list, keeps a call from being made twice, or is counted. Nobody can sign in or sign a
request with one, and who looks into a list that is read page by page needs to see them.
"""

_WORDS_IN_PASS = ("by", "com", "over", "sur", "tres", "under")
"""What makes another word of "pass"."""

_NAME = (
    r"(?:pass(?:word|wd|phrase|code)|pwd|(?<![a-z])sig|(?:private|api)[ _-]?key|access[ _-]?key(?:[ _-]?id)?|"
    r"secret(?:[ _-]?(?:access[ _-]?key|key|string|binary))?|signature|credential|saml[ _-]?assertion|"
    r"(?:device|token|auth|authorization)[ _-]?code|code[ _-]?verifier|"
    f"{''.join(f'(?<!{name})' for name in _WORDS_IN_PASS)}pass|"
    f"{''.join(f'(?<!{name})(?<!{name}[ _-])' for name in _HARMLESS_TOKENS)}token)s?"
)
"""What the name of a secret ends with, as in ``ssoToken``, ``db_passwords`` and ``X-Amz-Signature``."""

_QUOTE = r"\\*[\"']"
"""A quotation mark; within texts of JSON it has backslashes before it."""
_ENTITY = r"\\*&(?:quot|apos|#0*3[49]|#x0*2[27]);"
"""A quotation mark as it stands in XML and HTML."""
_KEY = rf"[\"']key{_QUOTE}\s*:\s*{_QUOTE}[^\"'\\]{{0,128}}?{_NAME}{_QUOTE}"
_TEXT = rf"(?:\"(?:[^\"\\]|\\.)*\"|{_QUOTE}[^\"'\\]*{_QUOTE})"
_BETWEEN = rf"(?:{_TEXT}\s*:\s*(?:{_TEXT}|[\w.+-]{{1,40}})\s*,\s*){{0,3}}?"
"""Other members between the key of a tag and its value."""
_HEAD = re.compile(
    # an option, and what follows it: on its line, as the next item of a list, or of a list in YAML
    rf"(?i)(?<![\w-])--[\w-]{{0,40}}?{_NAME}"
    rf"(?:[ \t]+(?![\s-])|{_QUOTE}\s*,\s*(?=[bru]?{_QUOTE})|[\"']?[ \t]*\r?\n[ \t]*-[ \t]+(?![\s-]))"
    # a name, and its value in the lines below; in an address within an address
    rf"|(?:{_NAME}|(?P<header>authorization|cookie))(?:"
    rf"(?P<block>[ \t]*:[ \t]*\r?\n(?=[ \t]+\S)|{_QUOTE}?[ \t]*:[ \t]*[|>][+-]?[ \t]*\r?\n(?=[ \t]+\S))"
    r"|(?P<encoded>(?:%(?:25)*22)?%(?:25)*3[ad])"
    # a member of JSON, or a name and its value; a header; a tag, whose key and value may change places
    rf"|(?P<member>{_QUOTE}|{_ENTITY})\s*[:=]\s*|[ \t]*[:=][ \t]*)"
    rf"|{_KEY}\s*,\s*{_BETWEEN}{_QUOTE}value(?P<tag>{_QUOTE})\s*:\s*"
    rf"|[\"']value(?P<early>{_QUOTE})\s*:\s*(?={_TEXT}\s*,\s*{_BETWEEN}\\*{_KEY})"
)
"""What stands before a secret; a quotation mark in it says that this is JSON, or Python."""

_QUOTED = re.compile(
    r"[bru]?(?:(?P<plain>\")(?:[^\"\\\r\n]|\\.)*(?P<end>\")?|(?P<single>')(?:[^'\\\r\n]|\\.)*(?P<stop>')?"
    r"|(?P<deep>\\+[\"'])(?:(?!(?<!\\)(?P=deep))[^\r\n])*(?P<close>(?P=deep))?)"
)
_PART = re.compile(rf"{_QUOTED.pattern}|(?P<open>[\[{{])|(?P<shut>[\]}}])|\\+|[^\[\]{{}}\"'\\bru]+|.", re.DOTALL)
_BETWEEN_ENTITIES = re.compile(
    rf"(?P<opened>{_ENTITY})(?:(?!(?<!\\)(?P=opened))[^\r\n])*(?P<closed>(?P=opened))?", re.IGNORECASE
)
_BLOCK = re.compile(r"(?P<indent>[ \t]+)\S[^\r\n]*(?:\r?\n(?P=indent)[^\r\n]*)*")
_NOTHING = re.compile(r"(?i)(?:null|none|true|false)(?=[\s,;&'\"<>\\\]})]|$)")
_BARE = re.compile(rf"(?:{re.escape(MARK)}|[^\s,;&'\"<>])+")
_BARE_MEMBER = re.compile(rf"(?:{re.escape(MARK)}|[^\s,;&'\"<>\\\[\]{{}}()])+")
_BARE_ENCODED = re.compile(rf"(?i)(?:{re.escape(MARK)}|(?!%(?:25)*26)[^\s,;&'\"<>])+")
_REST_OF_LINE = re.compile(r"(?:=\"[^\"\r\n]*\"|[^\"\r\n])+")

_ELEMENT = re.compile(rf"(?i)(<[\w:.-]{{0,60}}{_NAME}(?:\s[^<>]{{0,200}})?>)(?=[^<]*[^<\s])[^<]+")
_LOOKS: tuple[tuple[re.Pattern[str], str], ...] = (
    # what follows "Bearer"
    (re.compile(r"(?i)(\bbearer\s+)[\w.~+/=-]{8,}"), rf"\1{MARK}"),
    # access key ids; session tokens; JSON web tokens; signatures and hashes
    (re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,}"), MARK),
    (re.compile(r"(?<![A-Za-z0-9])(?:FwoG|FQoG|IQoJ|AQoD|AQoE)[\w+/=%.-]{20,}"), MARK),
    (re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), MARK),
    (re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), MARK),
)


class Redactor:
    """Take secrets out of texts: those it was told, and whatever looks like one.

    Safe to use from several threads. What it was told is never shown.

    Example::

        >>> redactor = Redactor()
        >>> redactor.learn("wJalrXUtnFEMI/K7MDENG")
        >>> redactor.clean("key wJalrXUtnFEMI/K7MDENG, or wJalrXUtnFEMI%2FK7MDENG")
        'key (taken out), or (taken out)'
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Redactor()"

    def learn(self, *values: str | None) -> None:
        """Take these values out from now on, also as they look in addresses, in JSON and in XML."""
        with self._lock:
            fresh = {value for value in values if value and len(value) >= SHORTEST} - self._known
            if fresh:
                self._known |= fresh
                forms = {form for value in self._known for form in _forms(value)}
                self._pattern = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))

    def clean(self, text: str) -> str:
        """Return ``text`` without secrets. What is clean already stays as it is, its marks included."""
        text = endpoints.without_signed_text(endpoints.without_user_info(text))
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(MARK, text)
        for secret, instead in _LOOKS:
            text = secret.sub(instead, text)
        return _ELEMENT.sub(rf"\1{MARK}", "".join(_without_named(text)))

    def header(self, name: str, value: str) -> str:
        """Return a header's value, or the mark for one that is secret by its name; :meth:`clean` sees to the rest.

        Example::

            >>> Redactor().header("Authorization", "AWS4-HMAC-SHA256 Credential=x")
            '(taken out)'
        """
        return MARK if name.casefold() in SECRET_HEADERS else value


def _without_named(text: str) -> Iterator[str]:
    """Yield the parts of a text in which no name of a secret is followed by its value."""
    at = 0
    while head := _HEAD.search(text, at):
        yield text[at : head.end()]
        shown, at = _instead(text, head)
        yield shown
    yield text[at:]


def _instead(text: str, head: re.Match[str]) -> tuple[str, int]:
    """Return what to show for the value that follows a name, and where that value ends."""
    start = head.end()
    is_member = any(head[name] for name in ("member", "tag", "early"))
    if head["block"] and (block := _BLOCK.match(text, start)):
        return f"{block['indent']}{MARK}", block.end()
    if quoted := _QUOTED.match(text, start):
        opened = quoted["plain"] or quoted["single"] or quoted["deep"]
        closed = quoted["end"] or quoted["stop"] or quoted["close"] or ""
        return f"{opened}{MARK}{closed}", quoted.end()
    if escaped := _BETWEEN_ENTITIES.match(text, start):
        return f"{escaped['opened']}{MARK}{escaped['closed'] or ''}", escaped.end()
    if is_member and text[start : start + 1] in ("[", "{"):
        end, shut = _end_of_brackets(text, start)
        return f"{text[start]}{MARK}{shut}", end
    if nothing := _NOTHING.match(text, start):
        return nothing[0], nothing.end()
    bare = _kind_of_bare(head, is_member).match(text, start)
    return (MARK, bare.end()) if bare else ("", start)


def _kind_of_bare(head: re.Match[str], is_member: bool) -> re.Pattern[str]:
    """Return what a value without quotation marks looks like behind such a name."""
    if head["encoded"]:
        return _BARE_ENCODED
    if is_member:
        return _BARE_MEMBER
    return _REST_OF_LINE if head["header"] else _BARE


def _end_of_brackets(text: str, start: int) -> tuple[int, str]:
    """Return where a list or structure ends, and its closing bracket; the text's end when it is not closed."""
    depth = 0
    for part in _PART.finditer(text, start):
        depth += bool(part["open"]) - bool(part["shut"])
        if not depth:
            return part.end(), part[0]
    return len(text), ""


def _forms(value: str) -> Iterator[str]:
    """Yield a value in the forms in which it may stand in a text."""
    yield value
    yield quote(value, safe="")
    yield quote(value)
    yield quote_plus(value)
    inner = json.dumps(value)[1:-1]
    yield inner
    yield inner.replace("/", "\\/")
    yield html.escape(value)
