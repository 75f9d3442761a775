"""Which profile is a visitor's own: what the policy's rule says, looked up in AWS where the rule alone cannot tell."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profile_widgets.auditing import visible
from profile_widgets.checks.policy.sentences import asking
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
MISSED_SECONDS = 60.0
"""For how long somebody who is not among them is not looked for anew, nor anybody after a look that failed."""
PAGE = 100

_log = logging.getLogger("profile_widgets.page")

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class _Users:
    """Hold the names of a domain's profiles by their users, as they were ``at`` a time; or why they are not known."""

    at: float
    names: Mapping[str, list[str]]
    error: GatewayError | WhoseError | None = None

    def tell(self, value: str) -> bool:
        """Tell whether this is new enough to say whose profile a user's is, or that there is none."""
        age = time.monotonic() - self.at
        return age <= (KEPT_SECONDS if value in self.names else MISSED_SECONDS)


_known: dict[tuple[str, str], _Users] = {}
_knowing: dict[tuple[str, str], threading.Lock] = {}


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

    A guarded connection asks past its guard. Raises :class:`~profile_widgets.errors.WhoseError` with a sentence for the
    visitor, whom to ask in it: nobody known, no profile, two of them, no permission to look. What the administrator can
    do about it is in the log alone.

    Example::

        find(Connection(), Policy.load("self-service"), Visitor("alice", source="proxy")).own
    """
    try:
        return _found(connection, policy, visitor)
    except WhoseError as error:
        advice = policy.whose.advice(visitor) if policy.whose is not None else ""
        _log.warning("No user profile for a visitor: %s", visible(f"{error} {advice}".strip()))
        raise WhoseError(asking(str(error), policy.contact)) from error


def _found(connection: Connection, policy: Policy, visitor: Visitor) -> Whose:
    rule = policy.whose
    if rule is None:
        raise WhoseError(f"The policy “{policy.title}” does not say which profile is whose.")
    ask = _asker(connection)
    name, domain_id = rule.name_for(visitor), rule.domain_for(visitor)
    try:
        domain_id = domain_id or _only_domain(ask)
        if rule.kind == SSO:
            answer = _of_user(ask, connection.resolved_endpoint, domain_id, name)
        else:
            answer = ask("DescribeUserProfile", {"DomainId": domain_id, "UserProfileName": name})
    except ProfileNotFound as error:
        raise WhoseError(f"There is no user profile {name} in the domain {domain_id}.") from error
    except GatewayError as error:
        raise WhoseError(f"Your user profile could not be looked up. {error}") from error
    return Whose(str(answer["DomainId"]), str(answer["UserProfileName"]))


def without_asking(rule: WhoseRule | None, visitor: Visitor | None) -> Whose | None:
    """Return what the rule alone says, ``None`` when AWS has to be asked; raises WhoseError for a rule that refuses."""
    if rule is None or visitor is None:
        return None
    name, domain_id = rule.name_for(visitor), rule.domain_for(visitor)
    return None if rule.kind == SSO or not domain_id else Whose(domain_id, name)


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


def _of_user(ask: Ask, where: str, domain_id: str, value: str) -> Mapping[str, Any]:
    """Return what is stored now of the profile of a single sign-on user.

    What is remembered says only which profile to look at: whose it is, it says itself.
    """
    names = _names_of(ask, where, domain_id, value)
    if len(names) > 1:
        text = f"{len(names)} user profiles of the domain {domain_id} belong to {shown(value)}, and one is yours."
        raise WhoseError(text)
    if names:
        answer = ask("DescribeUserProfile", {"DomainId": domain_id, "UserProfileName": names[0]})
        if answer.get("SingleSignOnUserValue") == value:
            return answer
        _known.pop((where, domain_id), None)  # it is somebody else's by now
    raise WhoseError(f"No user profile of the domain {domain_id} belongs to {shown(value)}.")


def _names_of(ask: Ask, where: str, domain_id: str, value: str) -> list[str]:
    """Return the names of the profiles that a user had when they were looked at last."""
    place = where, domain_id
    kept = _known.get(place)
    if kept is None or not kept.tell(value):
        with _knowing.setdefault(place, threading.Lock()):
            kept = _known.get(place)
            if kept is None or not kept.tell(value):
                kept = _known[place] = _looked_at(ask, domain_id)
    if kept.error is not None:
        raise kept.error
    return kept.names.get(value, [])


def _looked_at(ask: Ask, domain_id: str) -> _Users:
    try:
        found, error = _users(ask, domain_id), None
    except (GatewayError, WhoseError) as trouble:
        found, error = {}, trouble
    return _Users(time.monotonic(), found, error)


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
                _log.warning(
                    "More than %d profiles are not looked at: a mapping file can say whose is whose.", MOST_PROFILES
                )
                raise WhoseError("There are too many user profiles to find yours among them.")
            yield row
        token = str(answer.get("NextToken") or "")
        if token in seen:
            if token:
                raise WhoseError("AWS's pages went round in circles, so nobody can be looked up.")
            return
        seen.add(token)
