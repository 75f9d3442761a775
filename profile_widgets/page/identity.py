"""Who a visitor is, as the server can know it: from a trusted proxy's headers, from a Hub, or from nothing at all.

Nothing in an address, a widget or a cookie that a browser may write says who somebody is. The Hub's own identity is
:mod:`profile_widgets.page.hub`; this module imports no web server, so that it can be read and tested alone.
"""

from __future__ import annotations

import hmac
import re
from typing import Any, Protocol

from profile_widgets.served import SOURCES, Visitor

SECRET_LENGTH = 32
"""Characters that a proxy's secret has at least: 32 random letters and digits are more than 160 bits."""
_DIFFERENT = 8
"""Different characters among them at least: of 32 random hexadecimal digits, fewer are one case in some ten million."""
LONGEST_NAME = 256
MOST_GROUPS = 500
_HEADER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?")
_NAME = re.compile(rf"[!-+\--:<-~]{{1,{LONGEST_NAME}}}")
"""Printable ASCII without spaces, and without ``,`` and ``;``, by which a proxy joins a header that was sent twice."""
_GROUP = re.compile(r"[!-+\--:<-~](?:[ !-+\--:<-~]{0,254}[!-+\--:<-~])?")
_NOT_FOR_NAMES = frozenset({"host", "origin", "cookie", "referer", "user-agent", "connection", "upgrade"})


class Identity(Protocol):
    """Tell who sends a request.

    ``source`` is one of :data:`profile_widgets.served.SOURCES`. ``knows_later`` tells whether asking again about an
    open websocket says who its visitor is now; what stood in headers when it was opened does not. A handler is a
    ``tornado.web.RequestHandler``, for pages, files and websockets alike: each request and each new websocket is asked
    for anew.

    >>> secret = "0123456789abcdef" * 2
    >>> identity = ProxyIdentity("X-Forwarded-User", secret_header="X-Page-Secret", secret=secret)
    >>> identity.source, identity.login_url(None)
    ('proxy', None)
    """

    source: str
    knows_later: bool

    async def visitor(self, handler: Any) -> Visitor | None:
        """Return who sends this request, or None when that is not known beyond doubt. Must not answer it."""

    def handlers(self, base_url: str) -> list[Any]:
        """Return the tornado routes of its own, for example a login's answer: they alone need no visitor."""

    def login_url(self, handler: Any) -> str | None:
        """Return where an unknown visitor's browser is sent to, or None when there is no such place."""


class ProxyIdentity:
    """Believe a proxy's header, but only beside a second header with a secret that the proxy and we alone know.

    Both headers must be there exactly once. A name is printable ASCII without spaces, commas and semicolons; what is
    not is nobody, and so is somebody whose list of groups cannot be read, since a policy may deny by group.
    Raise ValueError for a secret or header names that would not be safe.

    >>> secret = "0123456789abcdef" * 2
    >>> identity = ProxyIdentity("X-Forwarded-User", secret_header="X-Page-Secret", secret=secret)
    >>> identity.read({"X-Forwarded-User": ["alice"], "X-Page-Secret": [secret]}.get)
    Visitor(name='alice', groups=(), source='proxy')
    >>> identity.read({"X-Forwarded-User": ["alice"], "X-Page-Secret": ["guess"]}.get) is None
    True
    """

    knows_later = False

    def __init__(
        self,
        header: str,
        groups_header: str | None = None,
        *,
        secret_header: str,
        secret: str,
        source: str = "proxy",
    ) -> None:
        for fault in header_faults(header, groups_header, secret_header):
            raise ValueError(fault)
        if source not in SOURCES:
            raise ValueError(f"{source!r} is not a source of identity.")
        reason = weakness(secret)
        if reason:
            raise ValueError(reason)
        self.source = source
        self.header, self.groups_header, self.secret_header = header, groups_header, secret_header
        self._secret = secret.encode("ascii")

    async def visitor(self, handler: Any) -> Visitor | None:
        """Return the visitor whom the proxy names, or None."""
        return self.read(handler.request.headers.get_list)

    def handlers(self, base_url: str) -> list[Any]:  # noqa: ARG002 - the protocol gives it
        """Return no routes: a proxy has a sign-in of its own."""
        return []

    def login_url(self, handler: Any) -> str | None:  # noqa: ARG002 - the protocol gives it
        """Return None: who came past the proxy without a name is not sent anywhere."""
        return None

    def read(self, values_of: Any) -> Visitor | None:
        """Return the visitor that headers name; ``values_of(name)`` gives all values of one, or nothing."""
        found = self._read(values_of)
        return found if isinstance(found, Visitor) else None

    def why_nobody(self, handler: Any) -> str:
        """Return why nobody is known by a request, without any value of it; an empty text when somebody is."""
        found = self._read(handler.request.headers.get_list)
        return found if isinstance(found, str) else ""

    def _read(self, values_of: Any) -> Visitor | str:
        """Return the visitor that headers name, or why they name nobody."""
        given = values_of(self.secret_header) or []
        if not self._is_secret(given):
            return _of_one(self.secret_header, given, "does not hold the secret")
        names = values_of(self.header) or []
        if len(names) != 1 or not is_name(names[0]):
            return _of_one(self.header, names, "holds what is no name")
        groups = self._groups(values_of) if self.groups_header else ()
        if groups is None:
            return _of_one(str(self.groups_header), values_of(self.groups_header), "holds no list of groups")
        return Visitor(names[0], groups, self.source)

    def _is_secret(self, values: list[str] | None) -> bool:
        given = values or []
        said = given[0] if len(given) == 1 else ""
        return hmac.compare_digest(said.encode("utf-8", "surrogatepass"), self._secret)

    def _groups(self, values_of: Any) -> tuple[str, ...] | None:
        values = values_of(self.groups_header) or []
        if not values or values == [""]:
            return ()
        groups = [each.strip(" ") for each in values[0].split(",")]
        readable = len(values) == 1 and len(groups) <= MOST_GROUPS and all(_GROUP.fullmatch(each) for each in groups)
        return tuple(dict.fromkeys(groups)) if readable else None


class DemoIdentity:
    """Take everybody for one made-up visitor: for the sandbox only, where nothing is worth hiding.

    >>> DemoIdentity("alice").source
    'demo'
    """

    source = "demo"
    knows_later = True

    def __init__(self, name: str) -> None:
        self._visitor = Visitor(name, (), self.source)

    async def visitor(self, handler: Any) -> Visitor | None:  # noqa: ARG002 - the protocol gives it
        """Return the made-up visitor."""
        return self._visitor

    def handlers(self, base_url: str) -> list[Any]:  # noqa: ARG002 - the protocol gives it
        """Return no routes."""
        return []

    def login_url(self, handler: Any) -> str | None:  # noqa: ARG002 - the protocol gives it
        """Return None: nobody is unknown."""
        return None


def header_faults(header: str, groups_header: str | None, secret_header: str) -> tuple[str, ...]:
    """Return what is wrong with the names of a proxy's headers, a sentence each.

    >>> header_faults("X-Forwarded-User", None, "X-Page-Secret")
    ()
    >>> header_faults("X Foo", None, "X-Page-Secret")
    ("'X Foo' cannot be the header that says who a visitor is: choose another name.",)
    """
    names = [each for each in (header, groups_header, secret_header) if each is not None]
    faults = [
        f"{name!r} cannot be the header that says who a visitor is: choose another name."
        for name in names
        if not _HEADER.fullmatch(name) or name.lower() in _NOT_FOR_NAMES
    ]
    if len({name.lower() for name in names}) != len(names):
        faults.append("The headers for the visitor, the groups and the secret must have different names.")
    return tuple(faults)


def _of_one(header: str, values: list[str], otherwise: str) -> str:
    """Say what is wrong with a header that must come once; its name is the administrator's, its value stays out."""
    if not values:
        return f"nobody is known: no {header} came."
    return f"nobody is known: {header} {'came more than once' if len(values) > 1 else otherwise}."


def is_name(text: str) -> bool:
    """Tell whether a text can be a visitor's name: printable ASCII without spaces, commas and semicolons.

    >>> is_name("alice@example.com"), is_name("alice bob"), is_name("")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def weakness(secret: str) -> str:
    """Return why a text is no secret between a proxy and the page, as a sentence; an empty text when it is one.

    >>> weakness("changeme")
    'The secret is too short: it needs at least 32 characters, for example from `openssl rand -hex 32`.'
    """
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        return "The secret has characters that do not pass through every proxy: use letters and digits."
    if len(secret) < SECRET_LENGTH:
        need = f"it needs at least {SECRET_LENGTH} characters"
        return f"The secret is too short: {need}, for example from `openssl rand -hex 32`."
    if len(set(secret)) < _DIFFERENT:
        return "The secret can be guessed: take a random one, for example from `openssl rand -hex 32`."
    return ""
