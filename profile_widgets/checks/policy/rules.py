"""One rule of a policy, read and resolved against the installed service model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from profile_widgets.checks.policy.allowed import Limit
from profile_widgets.checks.policy.members import Pattern
from profile_widgets.served import Visitor

EVERYONE = "everyone"
OWN, DOMAIN, ANY = "own", "domain", "any"
"""Which profiles a rule is about: the visitor's own, those of named domains, all."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Rule:
    """Hold one rule: for whom, by which operations, on which profiles, and what of them.

    ``everyone`` is for whoever comes, signed in or not; ``users`` and ``groups`` add up. ``edit`` holds the paths of
    the leaves that it opens; the keys of ``allow``, ``defaults`` and ``help`` are paths from the request's root.
    """

    number: int
    everyone: bool = False
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    profiles: str = OWN
    domains: frozenset[str] = frozenset()
    edit: frozenset[str] = frozenset()
    read: tuple[Pattern, ...] = ()
    hide: tuple[Pattern, ...] = ()
    deny: tuple[Pattern, ...] = ()
    allow: Mapping[str, Limit] = field(default_factory=lambda: _NOTHING, hash=False)
    defaults: Mapping[str, Any] = field(default_factory=lambda: _NOTHING, hash=False)
    help: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)

    def is_for(self, visitor: Visitor | None) -> bool:
        """Tell whether the rule is for a visitor; names and groups are compared letter by letter."""
        if self.everyone or visitor is None:
            return self.everyone
        return visitor.name in self.users or not self.groups.isdisjoint(visitor.groups)

    def nearly_for(self, visitor: Visitor | None) -> bool:
        """Tell whether the rule is for a visitor when capital letters do not count: then what it forbids holds."""
        if self.everyone or visitor is None:
            return self.everyone
        if visitor.name.casefold() in {each.casefold() for each in self.users}:
            return True
        return not {each.casefold() for each in self.groups}.isdisjoint(each.casefold() for each in visitor.groups)

    @property
    def whom(self) -> str:
        """Return for whom the rule is, in words."""
        if self.everyone:
            return EVERYONE
        people = [", ".join(sorted(self.users))] if self.users else []
        return " and ".join([*people, *(f"the group {each}" for each in sorted(self.groups))])
