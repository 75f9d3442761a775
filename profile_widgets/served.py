"""Whether who looks at the page may be somebody else than whose kernel this is, and who that is.

What a server tells its kernels goes through their environment, which no browser can write.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

SERVED = "PROFILE_WIDGETS_SERVED"
"""Set by the kit's own page server for its kernels."""
VISITOR = "PROFILE_WIDGETS_VISITOR"
"""Who the page was opened by, as :meth:`Visitor.to_json` writes it."""
POLICY = "PROFILE_WIDGETS_POLICY"
"""What the visitor may do: a policy's file, or the name of one that the kit brings along."""
AUDIT = "PROFILE_WIDGETS_AUDIT"
"""The file that each call to AWS is written into."""
WHOSE = "PROFILE_WIDGETS_WHOSE"
"""The visitor's own profile: a JSON object with ``DomainId`` and ``UserProfileName``, or with ``error``, a sentence."""
ACTS_AS = "PROFILE_WIDGETS_ACTS_AS"
"""A sentence for the page: in whose name it asks AWS."""
LENT = "PROFILE_WIDGETS_LENT"
"""Set when AWS credentials of the visitor's own take the place of the server's: ``1`` for some, ``0`` for none."""

SOURCES = ("aws", "jupyterhub", "proxy", "demo", "")
"""Where it is known from who a visitor is, the most trusted first: own credentials, a Hub, a header, nothing."""


@dataclass(frozen=True)
class Visitor:
    """Name who opened a page, the groups they are in, and where that is known from (one of :data:`SOURCES`).

    >>> Visitor.from_json(Visitor("alice", ("ml",), "proxy").to_json()).groups
    ('ml',)
    """

    name: str
    groups: tuple[str, ...] = ()
    source: str = ""

    def to_json(self) -> str:
        """Return the visitor as a JSON object."""
        return json.dumps({"name": self.name, "groups": list(self.groups), "source": self.source})

    @classmethod
    def from_json(cls, text: str) -> Visitor:
        """Return the visitor that :meth:`to_json` wrote; raise ValueError for anything else."""
        found = json.loads(text)
        if not isinstance(found, dict) or set(found) != {"name", "groups", "source"}:
            raise ValueError("A visitor is an object with name, groups and source.")
        name, groups, source = found["name"], found["groups"], found["source"]
        texts = isinstance(groups, list) and all(isinstance(each, str) and each for each in groups)
        if not isinstance(name, str) or not name.strip() or not texts or source not in SOURCES:
            raise ValueError("A visitor has a name, groups that are texts, and a known source.")
        return cls(name, tuple(groups), source)


def is_served() -> bool:
    """Tell whether this kernel stands behind a page that Voila serves.

    Then its visitors neither choose where the server's credentials are sent nor read the server's files. Voila names
    itself in ``SERVER_SOFTWARE`` of each kernel it starts, as CGI does; a kernel that it heats before a visitor comes
    has names that begin with ``VOILA_`` only.
    """
    if os.environ.get(SERVED) or os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    return any(name.startswith("VOILA_") for name in os.environ)
