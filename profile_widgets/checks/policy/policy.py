"""A policy: who may see and change what, by which rules, and which profile is whose own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from profile_widgets.checks.policy import loading
from profile_widgets.checks.policy.acting import AssumeRole
from profile_widgets.checks.policy.grants import Grant
from profile_widgets.checks.policy.rules import Rule
from profile_widgets.checks.policy.whose import SSO, WhoseRule
from profile_widgets.errors import PolicyError, WhoseError
from profile_widgets.served import Visitor


@dataclass(frozen=True, eq=False)
class Policy:
    """Hold a policy that was read and found sound.

    ``title`` and ``contact`` are what the page shows, ``source`` names the file, ``document`` is what it says.
    ``whose`` tells a visitor's own profile, ``assume_role`` the role to take on for them; either may be ``None``.

    Example::

        from profile_widgets import Policy, UserProfileEditor

        policy = Policy.load("self-service.yaml")
        UserProfileEditor(policy=policy)
    """

    title: str
    contact: str
    source: str
    document: dict[str, Any] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    whose: WhoseRule | None = field(default=None, repr=False)
    assume_role: AssumeRole | None = None

    @classmethod
    def load(cls, source: str | Path) -> Policy:
        """Return the policy in a file, or a ready one: ``self-service``, ``read-only``, ``administrator``.

        Raises :class:`PolicyError` with everything that is wrong, by line and path.

        Example::

            >>> Policy.load("read-only").title
            'Read only'
        """
        text, name, folder = loading.text_of(source)
        return cls._of(loading.parsed(text, name, folder), str(source))

    @classmethod
    def from_document(cls, document: Any, source: str = "") -> Policy:
        """Return the policy that a plain document says; a mapping file stands beside ``source``, a path."""
        located = loading.plain(document)
        folder = Path(source).parent if source else None
        return cls._of(loading.assembled(located, Path(source).name or "policy", folder), source)

    @classmethod
    def _of(cls, parts: loading.Parts, source: str) -> Policy:
        said = parts.document
        return cls(said["title"], said["contact"], source, said, parts.rules, parts.whose, parts.assume_role)

    def grant(self, visitor: Visitor | None, own: tuple[str, str] | None = None) -> Grant:
        """Return what the policy grants a visitor; ``None`` is somebody unknown, for whom only everyone's rules count.

        ``own`` is the visitor's own profile as it was found, ``(DomainId, UserProfileName)``. It is needed where the
        policy's rule looks the name up or names no domain; otherwise it must be what the rule says, or nothing is
        the visitor's own.
        """
        somebody = visitor if visitor is not None and visitor.name.strip() else None
        mine = [rule for rule in self.rules if rule.is_for(somebody)]
        nearly = [rule for rule in self.rules if rule not in mine and rule.nearly_for(somebody)]
        place, why_not = self._own(somebody, own)
        grant = Grant(somebody, self.title, self.contact, mine, nearly, place, why_not)
        if place is not None and somebody is not None and self.whose is not None and self.whose.kind == SSO:
            grant.own_user = self.whose.name_for(somebody)
        return grant

    def _own(self, visitor: Visitor | None, found: tuple[str, str] | None) -> tuple[tuple[str, str] | None, str]:
        """Return the visitor's own profile, or ``None`` and the sentence that says why there is none."""
        if visitor is None:
            return None, "It is not known who you are, so no profile is your own."
        if self.whose is None:
            return None, ""
        try:
            name, domain = self.whose.name_for(visitor), self.whose.domain_for(visitor)
        except WhoseError as error:
            return None, str(error)
        if self.whose.kind == SSO:
            name = found[1] if found is not None else ""
        domain = domain or (found[0] if found is not None else "")
        if not name or not domain:
            return None, "Your own profile has not been found yet."
        if found is not None and (found[0] != domain or found[1].lower() != name.lower()):
            return None, "What was found as your profile is not what the policy says."
        return (domain, name), ""


__all__ = ["Policy", "PolicyError"]
