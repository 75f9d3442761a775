"""For whom a page is and what binds it: visitor, policy, own profile and audit, as given or as the server says.

What a server tells its kernels stands in their environment (:mod:`profile_widgets.served`). Whatever of that is missing
or garbled closes the page: nothing is granted then, and a sentence says why.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profile_widgets import served
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from profile_widgets.errors import LockedFieldError, PolicyError, StoreError, WhoseError
from profile_widgets.served import Visitor

if TYPE_CHECKING:
    from profile_widgets.aws.auditing import AuditLog
    from profile_widgets.aws.connection import Connection
    from profile_widgets.aws.guarding import Guard
    from profile_widgets.aws.protocol import ProfileGateway
    from profile_widgets.checks.policy import Grant, Policy

log = logging.getLogger(__name__)

CLOSED = "This page is closed, and shows and changes nothing."
NOBODY = "The server did not say who opened it."
GARBLED = "What the server said about who opened it cannot be read."
FOREIGN = (
    "A policy is set, but another server than `profile-widgets serve` shows this page. There a browser may run code in "
    "the kernel, and no policy would hold."
)
UNBOUND = "The server says who opened it, and does not say what they may do."
NOT_OWN = "What the server said about your own profile cannot be read."
GUARDED = "This connection is guarded by a policy already. Give the editor a connection of its own."


@dataclass(frozen=True)
class Charter:
    """Hold what binds a page. Without ``policy`` and ``trouble`` nothing does.

    ``own`` is the visitor's own profile as far as it is known without asking AWS. ``trouble`` says why the page is
    closed; then ``grant`` grants nothing.
    """

    policy: Policy | None = None
    visitor: Visitor | None = None
    own: tuple[str, str] | None = None
    grant: Grant | None = None
    audit: AuditLog | None = None
    guard: Guard | None = None
    trouble: str = ""

    @property
    def binds(self) -> bool:
        """Tell whether anything binds the page."""
        return self.grant is not None

    @property
    def is_looked_up(self) -> bool:
        """Tell whether AWS has to be asked for the visitor's own profile."""
        known = self.own is not None or (self.grant is not None and self.grant.own is not None)
        whose = self.policy.whose if self.policy is not None else None
        return not self.trouble and not known and whose is not None and self.visitor is not None

    def guarded(self, connection: Connection) -> Connection:
        """Return a copy of a connection that lets through what the charter does, for good; without one, itself.

        Raises :class:`~profile_widgets.errors.LockedFieldError` for a connection that another charter guards.
        """
        if self.guard is None:
            return connection
        if connection.guard is not None:
            raise LockedFieldError(GUARDED)
        made = connection.replace()
        made.protect(self.guard)
        return made

    def draft(self, gateway: ProfileGateway, store: Store | None = None) -> ProfileDraft:
        """Return a draft that is held to the charter; what it keeps on disk is the visitor's alone."""
        kept = (store or Store()).of(self.visitor)
        return ProfileDraft(gateway, store=kept, grant=self.grant, refused=self.refused)

    def look_up(self, connection: Connection) -> Grant:
        """Return the grant with the visitor's own profile in it, and let the guard judge by it. Blocks; asks AWS.

        Raises :class:`~profile_widgets.errors.WhoseError` with a sentence.
        """
        from profile_widgets.aws.whose import find

        if self.policy is None or self.visitor is None or self.guard is None:
            raise LockedFieldError("There is nobody whose profile could be looked up.")
        grant = self.policy.grant(self.visitor, find(connection, self.policy, self.visitor).own)
        self.guard.settle(grant)
        return grant

    def refused(self, operation: str, reason: str, **facts: Any) -> None:
        """Write an attempt down that was refused before it came to a call."""
        if self.audit is not None:
            self.audit.refused(operation, reason, **facts)


def charter(policy: Policy | None = None, visitor: Visitor | None = None) -> Charter:
    """Return what binds a page that was given ``policy`` and ``visitor``, or runs behind a server that gave them.

    What is given comes before what the server says. Reads the environment, the policy's file, and looks whether the
    audit can be written; asks nobody. Never raises for what is wrong with them: the charter is closed then.
    """
    try:
        if policy is None and not os.environ.get(served.POLICY):
            return _unbound()
        return _open(policy, visitor)
    except _ClosedError as error:
        log.warning("The page is closed: %s (%s)", error, error.__cause__ or "see the environment of this kernel")
        return _closed(str(error))


class _ClosedError(Exception):
    """Say why a page is closed."""


def _unbound() -> Charter:
    """Return the charter of a page without a policy; a server that speaks of a visitor must name one."""
    said = [name for name in (served.VISITOR, served.WHOSE, served.AUDIT) if name in os.environ]
    if said:
        raise _ClosedError(UNBOUND)
    return Charter()


def _open(policy: Policy | None, visitor: Visitor | None) -> Charter:
    from profile_widgets.aws import lent
    from profile_widgets.aws.guarding import Guard

    must_be_known = policy is None
    if must_be_known and served.is_served() and not os.environ.get(served.SERVED):
        raise _ClosedError(FOREIGN)
    if must_be_known and (trouble := lent.trouble()):
        raise _ClosedError(trouble)
    policy = policy if policy is not None else _policy(os.environ[served.POLICY])
    own = None
    if visitor is None:
        visitor = _visitor(must_be_known=must_be_known)
        own = _own() if visitor is not None else None
    own = own or _by_rule(policy, visitor)
    audit = _audit(visitor)
    grant = policy.grant(visitor, own)
    if own is not None and grant.own is None:
        raise _ClosedError(grant.scope(*own, "sagemaker:DescribeUserProfile") or NOT_OWN)
    waits = Charter(policy, visitor, own, grant).is_looked_up
    return Charter(policy, visitor, own, grant, audit, Guard(None if waits else grant, audit))


def _closed(why: str) -> Charter:
    from profile_widgets.aws.guarding import Guard
    from profile_widgets.checks.policy import Grant

    grant = Grant(None, "closed", "", ())
    return Charter(grant=grant, guard=Guard(grant), trouble=f"{why} {CLOSED}")


def _policy(source: str) -> Policy:
    from profile_widgets.checks.policy import Policy

    try:
        return Policy.load(source)
    except (PolicyError, OSError, UnicodeDecodeError) as error:
        # what a policy's file holds is for its administrator, and who that is cannot be read
        raise _ClosedError("The server's policy cannot be read; its administrator finds why in the log.") from error


def _visitor(*, must_be_known: bool) -> Visitor | None:
    said = os.environ.get(served.VISITOR, "")
    if not said:
        if must_be_known:
            raise _ClosedError(NOBODY)
        return None
    try:
        return Visitor.from_json(said)
    except (ValueError, RecursionError) as error:
        raise _ClosedError(GARBLED) from error


def _own() -> tuple[str, str] | None:
    """Return the profile that the server found for the visitor; ``None`` when it did not look."""
    said = os.environ.get(served.WHOSE, "")
    if not said:
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _ClosedError(NOT_OWN) from error
    if isinstance(found, dict) and set(found) == {"error"} and isinstance(found["error"], str):
        raise _ClosedError(found["error"])
    names = ("DomainId", "UserProfileName")
    if not isinstance(found, dict) or set(found) != set(names):
        raise _ClosedError(NOT_OWN)
    domain_id, name = (found[each] for each in names)
    if not isinstance(domain_id, str) or not isinstance(name, str) or not domain_id or not name:
        raise _ClosedError(NOT_OWN)
    return domain_id, name


def _by_rule(policy: Policy, visitor: Visitor | None) -> tuple[str, str] | None:
    from profile_widgets.aws.whose import without_asking

    try:
        found = without_asking(policy.whose, visitor)
    except WhoseError:  # the grant says why when their own profile is asked for
        return None
    return found.own if found is not None else None


def _audit(visitor: Visitor | None) -> AuditLog | None:
    from profile_widgets.aws.auditing import AuditLog

    path = os.environ.get(served.AUDIT, "")
    if not path:
        return None
    try:
        here = Path.cwd()
        log = AuditLog(path, visitor, apart_from=() if here == Path(here.anchor) else (here,))
        log.check()
    except StoreError as error:
        raise _ClosedError(f"Nothing can be written into the audit: {error}") from error
    except OSError as error:
        text = f"Nothing can be written into the audit: the folder of this page cannot be read ({error.strerror})."
        raise _ClosedError(text) from error
    return log
