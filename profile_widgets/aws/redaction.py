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

_NAME = (
    r"(?:aws[_-]?)?(?:secret[_-]?access[_-]?key|secret[_-]?key|access[_-]?key(?:[_-]?id)?|session[_-]?token|"
    r"security[_-]?token|access[_-]?token|refresh[_-]?token|id[_-]?token|bearer[_-]?token|client[_-]?secret|"
    r"device[_-]?code|passw(?:or)?d|x-amz-security-token)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # a member of JSON, also of JSON within a text of JSON; an element of XML; a name and its value; a header
    (re.compile(rf'(?i)(\\*"(?:{_NAME}|token)\\*"\s*:\s*\\*")(?:[^"\\]|\\[^"])*'), rf"\1{MARK}"),
    (re.compile(rf"(?i)(<(?:{_NAME}|token)>)[^<]*"), rf"\1{MARK}"),
    (re.compile(rf"(?i)(\b{_NAME}\s*[=:]\s*)[^\s,;&'\"<>]+"), rf"\1{MARK}"),
    (re.compile(r"(?i)(\bauthorization\s*[=:]\s*)[^\r\n\"]+"), rf"\1{MARK}"),
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
        """Return ``text`` without secrets."""
        pattern = self._pattern
        if pattern is not None:
            text = pattern.sub(MARK, text)
        for secret, instead in _PATTERNS:
            text = secret.sub(instead, text)
        return endpoints.without_secrets(text)

    def header(self, name: str, value: str) -> str:
        """Return a header's value without secrets.

        Example::

            >>> Redactor().header("Authorization", "AWS4-HMAC-SHA256 Credential=x")
            '(taken out)'
        """
        return MARK if name.casefold() in SECRET_HEADERS else self.clean(value)


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
