"""Which profile is a visitor's own: what the policy's rule says, looked up in AWS where the rule alone cannot tell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.policy.whose import SSO
from profile_widgets.checks.problems import shown
from profile_widgets.errors import GatewayError, ProfileNotFound, WhoseError

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.checks.policy import Policy, WhoseRule
    from profile_widgets.served import Visitor

MOST_PROFILES = 1000
"""How many profiles of a domain are looked at for a single sign-on user."""
KEPT_SECONDS = 300.0
"""For how long it is remembered which single sign-on users a domain's profiles belong to."""
PAGE = 100

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
_known: dict[tuple[str, str], tuple[float, dict[str, list[str]]]] = {}
_knowing = threading.Lock()


@dataclass(frozen=True)
class Whose:
    """Name a visitor's own profile, as AWS writes it."""

    domain_id: str
    name: str

    @property
    def own(self) -> tuple[str, str]:
        """Return the pair that ``Policy.grant`` takes."""
        return self.domain_id, self.name


def find(connection: Connection, policy: Policy, visitor: Visitor) -> Whose:
    """Return the visitor's own profile, which exists. Blocks; asks AWS for what the policy's rule does not say.

    A guarded connection asks past its guard. Raises :class:`~profile_widgets.errors.WhoseError` with a sentence: nobody
    known, no profile, two of them, no permission to look.

    Example::

        find(Connection(), Policy.load("self-service"), Visitor("alice", source="proxy")).own
    """
    rule = policy.whose
    if rule is None:
        raise WhoseError(f"The policy “{policy.title}” does not say which profile is whose.")
    ask = _asker(connection)
    name, domain_id = rule.name_for(visitor), rule.domain_for(visitor)
    try:
        domain_id = domain_id or _only_domain(ask)
        if rule.kind == SSO:
            name = _by_user(ask, connection.resolved_endpoint, domain_id, name)
        answer = ask("DescribeUserProfile", {"DomainId": domain_id, "UserProfileName": name})
    except ProfileNotFound as error:
        raise WhoseError(f"There is no user profile {name} in the domain {domain_id}.{_contact(policy)}") from error
    except GatewayError as error:
        raise WhoseError(f"Your user profile could not be looked up. {error}") from error
    return Whose(str(answer["DomainId"]), str(answer["UserProfileName"]))


def without_asking(rule: WhoseRule | None, visitor: Visitor | None) -> Whose | None:
    """Return what the rule alone says, ``None`` when AWS has to be asked; raises WhoseError for a rule that refuses."""
    if rule is None or visitor is None:
        return None
    name, domain_id = rule.name_for(visitor), rule.domain_for(visitor)
    return None if rule.kind == SSO or not domain_id else Whose(domain_id, name)


def _contact(policy: Policy) -> str:
    return f" Ask {policy.contact}." if policy.contact else ""


def _asker(connection: Connection) -> Ask:
    from profile_widgets.aws.guarding import Guard

    guard = connection.guard
    if guard is None:  # a guard that lets nothing pass, for its own questions alone
        guard = Guard(None)
        connection.replace().protect(guard)
    return guard._ask  # noqa: SLF001 - what it asks past itself is for its own floor alone


def _only_domain(ask: Ask) -> str:
    found = [str(row.get("DomainId", "")) for row in _rows(ask, "ListDomains", {}, "Domains")]
    if len(found) == 1:
        return found[0]
    count = "no domain" if not found else f"{len(found)} domains"
    raise WhoseError(f"The account has {count} in this region, and the policy does not say which one is meant.")


def _by_user(ask: Ask, where: str, domain_id: str, value: str) -> str:
    """Return the profile of a single sign-on user."""
    with _knowing:
        kept = _known.get((where, domain_id))
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS or value not in kept[1]:
            kept = _known[where, domain_id] = (time.monotonic(), _users(ask, domain_id))
    names = kept[1].get(value, [])
    if len(names) == 1:
        return names[0]
    if not names:
        raise WhoseError(f"No user profile of the domain {domain_id} belongs to {shown(value)}.")
    raise WhoseError(
        f"{len(names)} user profiles of the domain {domain_id} belong to {shown(value)}: keep one of them."
    )


def _users(ask: Ask, domain_id: str) -> dict[str, list[str]]:
    """Return the names of a domain's profiles by their single sign-on users."""
    found: dict[str, list[str]] = {}
    for row in _rows(ask, "ListUserProfiles", {"DomainIdEquals": domain_id}, "UserProfiles"):
        name = str(row.get("UserProfileName", ""))
        answer = ask("DescribeUserProfile", {"DomainId": domain_id, "UserProfileName": name})
        found.setdefault(str(answer.get("SingleSignOnUserValue") or ""), []).append(name)
    return found


def _rows(ask: Ask, operation: str, request: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a list to its end; raises WhoseError for one that has none, or is too long."""
    token, seen, count = "", {""}, 0
    while True:
        paging = {"MaxResults": PAGE, **({"NextToken": token} if token else {})}
        answer = ask(operation, {**request, **paging})
        for row in answer.get(key) or ():
            count += 1
            if count > MOST_PROFILES:
                raise WhoseError("There are too many profiles to look at each: name people in a mapping file.")
            yield row
        token = str(answer.get("NextToken") or "")
        if token in seen:
            if token:
                raise WhoseError("AWS's pages went round in circles, so nobody can be looked up.")
            return
        seen.add(token)
