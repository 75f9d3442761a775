"""By which names a page may be called: a foreign name that resolves to this machine (DNS rebinding) is not one."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from profile_widgets.page.closing import LOOPBACK_NAMES

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?")


class Hosts:
    """Know the names of a page.

    ``names`` are allowed with any port, or with the port they are written with. This machine's own names are always
    allowed, and with ``any_address`` every plain IP address: no name can be made to stand for those.

    >>> hosts = Hosts(["profiles.example.com"])
    >>> hosts.knows("profiles.example.com"), hosts.knows("localhost:8866"), hosts.knows("evil.example.net")
    (True, True, False)
    >>> hosts.is_same("https://profiles.example.com", "profiles.example.com")
    True
    """

    def __init__(self, names: Iterable[str] = (), *, any_address: bool = False) -> None:
        self._names = {name.lower() for name in (*LOOPBACK_NAMES, *names)}
        self._any_address = any_address

    def knows(self, host: str) -> bool:
        """Tell whether the value of a ``Host`` header is a name of this page."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower()
        return name in self._names or host.lower() in self._names or (self._any_address and _is_address(name))

    def is_same(self, origin: str, host: str, *, secure: bool = False) -> bool:
        """Tell whether an ``Origin`` is the very place that ``host`` names.

        ``secure`` says that the page was asked for by TLS: then its own origin begins with ``https``. Otherwise both
        schemes pass, because not every proxy says what it was asked by.
        """
        try:
            parts = urlsplit(origin)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            return False
        if secure and parts.scheme != "https":
            return False
        usual = {"http": 80, "https": 443}[parts.scheme]
        return _plain(parts.netloc, usual) == _plain(host, usual) and port != 0


def _plain(netloc: str, usual: int) -> str:
    """Return a host and port as browsers write it: without the scheme's usual port."""
    return netloc.lower().removesuffix(f":{usual}")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
