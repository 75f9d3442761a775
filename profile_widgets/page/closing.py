"""How a page is closed: whom it lets in, what they may do, and how much of the machine they may take.

A closing is told to the page's process through a pipe, never by its command line or its environment, since it holds
the secret that a proxy shows.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.page.identity import DemoIdentity, Identity, ProxyIdentity, header_faults

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = ("localhost", LOOPBACK, "[::1]")
IDENTITIES = ("none", "proxy", "hub", "demo")
_BASE_URL = re.compile(r"/(?:[A-Za-z0-9@%._~-]+/)*")


@dataclass(frozen=True)
class Closing:
    """Say how a page is closed.

    ``domain_id`` is the domain of the visitors' profiles, for a policy that names none. ``identity`` is one of
    :data:`IDENTITIES`; ``source`` is where a proxy's word comes from: ``demo`` for the demo's own front doors.
    ``hosts`` are the names that browsers may call the page by, besides this machine's own; ``idle_minutes`` is how
    long a page may stand untouched. ``acts_as`` is a sentence for the page, ``instance`` a random text by which a page
    is told from another one that took its port.

    >>> closing = Closing(policy="self-service", identity="proxy", secret="0123456789abcdef" * 2)
    >>> Closing.from_json(closing.to_json()) == closing
    True
    >>> "0123" in repr(closing)
    False
    """

    policy: str = ""
    domain_id: str = ""
    audit: str = ""
    identity: str = "none"
    header: str = "X-Forwarded-User"
    groups_header: str = ""
    secret_header: str = "X-Page-Secret"  # noqa: S105 - a header's name
    secret: str = field(default="", repr=False)
    source: str = "proxy"
    demo_visitor: str = "alice"
    ip: str = LOOPBACK
    base_url: str = "/"
    hosts: tuple[str, ...] = ()
    max_kernels: int = 20
    kernels_per_visitor: int = 3
    idle_minutes: float = 30.0
    acts_as: str = ""
    instance: str = field(default_factory=lambda: secrets.token_hex(8))

    def to_json(self) -> str:
        """Return the closing as one line of JSON, secret included."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Closing:
        """Return the closing that :meth:`to_json` wrote."""
        found: dict[str, Any] = json.loads(text)
        return cls(**{**found, "hosts": tuple(found["hosts"])})

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.ip)

    def faults(self) -> tuple[str, ...]:
        """Return what cannot be meant, a sentence each; empty when the closing makes sense."""
        found = []
        if self.identity not in IDENTITIES:
            found.append(f"{self.identity!r} is not a way to know visitors: choose one of {', '.join(IDENTITIES)}.")
        if not _BASE_URL.fullmatch(self.base_url) or ".." in self.base_url:
            found.append(
                f"{self.base_url!r} is not a base URL: it begins and ends with a slash, for example /profiles/."
            )
        if self.max_kernels < 1 or self.kernels_per_visitor < 1:
            found.append("A limit of kernels must be at least 1.")
        if not 1 <= self.idle_minutes <= 7 * 24 * 60:
            found.append("The idle time is from 1 minute to 7 days (10080 minutes).")
        found += [f"{host!r} is not a host's name." for host in self.hosts if not _is_host(host)]
        if self.identity == "proxy":
            found += header_faults(self.header, self.groups_header or None, self.secret_header)
        return tuple(found)


def identity_of(closing: Closing, environment: Mapping[str, str]) -> Identity:
    """Return the identity that a closing names; raise ValueError when it cannot be had.

    A Hub tells its service or server through ``environment`` who it is.
    """
    if closing.identity == "proxy":
        return ProxyIdentity(
            closing.header,
            closing.groups_header or None,
            secret_header=closing.secret_header,
            secret=closing.secret,
            source=closing.source,
        )
    if closing.identity == "hub":
        from profile_widgets.page.hub import HubIdentity

        identity: Identity = HubIdentity.from_environment(environment)
        return identity
    if closing.identity == "demo":
        return DemoIdentity(closing.demo_visitor)
    raise ValueError("A closed page needs a way to know its visitors.")


def is_loopback(ip: str) -> bool:
    """Tell whether an address can be reached from this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("")
    (True, True, False, False)
    """
    if ip == "localhost":
        return True
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    return (
        re.fullmatch(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", host)
        is not None
    )
