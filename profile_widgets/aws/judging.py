"""What a policy says of one call to AWS: whether it may be made, on whom, and what it would change.

A write is compared, leaf by leaf, with what is stored at that moment, as AWS tells it to the judge alone. What the
judge does not know how to judge is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.policy.operations import KNOWN
from profile_widgets.checks.policy.sentences import asking, said
from profile_widgets.checks.problems import Problem
from profile_widgets.errors import GatewayError, PolicyRefused
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.merging import over

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Grant

SAGEMAKER = "sagemaker"
SETTINGS, TAGS = "UserSettings", "Tags"
DOMAIN, NAME = "DomainId", "UserProfileName"
CREATE, UPDATE, DELETE = "CreateUserProfile", "UpdateUserProfile", "DeleteUserProfile"
ADD_TAGS, DELETE_TAGS = "AddTags", "DeleteTags"
WRITES = frozenset({CREATE, UPDATE, DELETE, ADD_TAGS, DELETE_TAGS})
"""The writes that can be judged."""
READS = ("Describe", "List", "Get")
"""How operations begin that read; all others write."""
OF_A_PROFILE = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:user-profile/([^/]+)/([^/]+)")

Ask = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Asks SageMaker past the guard: an operation that reads, and its request."""


@dataclass(frozen=True)
class Judged:
    """Hold what was found of a call that may be made: on whose ``profile``, and what it ``changes``."""

    profile: tuple[str, str] = ("", "")
    changes: tuple[Change, ...] = ()
    writes: bool = False


class CallRefused(PolicyRefused):
    """Say that the policy forbids a call; ``judged`` and ``record`` are what the audit says, without any value."""

    def __init__(self, text: str, *, judged: Judged, record: str = "", **facts: Any) -> None:
        super().__init__(text, **facts)
        self.judged = judged
        self.record = record or text


def is_read(operation: str) -> bool:
    """Tell whether an operation's name says that it reads.

    Example::

        >>> is_read("ListDomains"), is_read("UpdateDomain")
        (True, False)
    """
    return operation.startswith(READS)


class Judge:
    """Judge calls by a grant; ``ask`` is its own way to SageMaker."""

    def __init__(self, grant: Grant, ask: Ask) -> None:
        self._grant = grant
        self._ask = ask

    def judge(self, service: str, operation: str, request: Mapping[str, Any], members: Mapping[str, Any]) -> Judged:
        """Return what a call would do; ``members`` are those that the operation can have.

        Raises :class:`~profile_widgets.errors.PolicyRefused`.
        """
        name = f"{service}:{operation}"
        if name not in KNOWN:
            raise refusal(f"{name} is nothing that this page asks for, so it is not sent.", name)
        if not self._grant.may(name):
            raise refusal(
                asking(f"{name} is not granted by the policy “{self._grant.title}”.", self._grant.contact), name
            )
        if service == SAGEMAKER and operation in WRITES:
            return self._write(operation, request)
        if not is_read(operation):
            raise refusal(f"{name} was not sent: no policy can tell what it would change.", name)
        if service == SAGEMAKER:
            return Judged(self._read(operation, request, members))
        return Judged()

    # -- reads ---------------------------------------------------------------------------------------------------

    def _read(self, operation: str, request: Mapping[str, Any], members: Mapping[str, Any]) -> tuple[str, str]:
        """Return the profile that is read, or the domain; raise when it is not within reach."""
        if "ResourceArn" in members:
            return self._of_arn(operation, request)
        place = next((each for each in (DOMAIN, f"{DOMAIN}Equals") if each in members), "")
        if not place:
            return "", ""
        domain_id = _text(request, place, operation)
        name = next((_text(request, each, operation) for each in (NAME, f"{NAME}Equals") if each in members), "")
        if operation == "DescribeDomain":  # whose profile is in a domain may see what it inherits
            own = self._grant.own
            name = own[1] if own is not None and own[0] == domain_id else name
            self._within(domain_id, name, operation)
            return domain_id, ""
        self._within(domain_id, name, operation)
        return domain_id, name

    def _within(self, domain_id: str, name: str, operation: str) -> None:
        said = self._grant.scope(domain_id, name, f"{SAGEMAKER}:{operation}")
        if said:
            raise refusal(said, operation, profile=(domain_id, name))

    def _of_arn(self, operation: str, request: Mapping[str, Any]) -> tuple[str, str]:
        found = OF_A_PROFILE.fullmatch(_text(request, "ResourceArn", operation))
        if found is None:
            raise refusal(f"{operation} was not sent: its ResourceArn is not a user profile's.", operation)
        self._within(found[1], found[2], operation)
        return found[1], found[2]

    # -- writes --------------------------------------------------------------------------------------------------

    def _write(self, operation: str, request: Mapping[str, Any]) -> Judged:
        if operation in (ADD_TAGS, DELETE_TAGS):
            profile = self._of_arn(operation, request)
            before, afters = self._tags(operation, request)
        else:
            profile = _text(request, DOMAIN, operation), _text(request, NAME, operation)
            self._within(*profile, operation)
            before, afters = self._settings(operation, request, profile)
        if operation not in (CREATE, UPDATE) and self._grant.own_user:
            self._profile(operation, profile)
        grant = self._grant.on(*profile)
        grant.know_domain(self._domain(profile[0]))
        changes = documents.diff(before, afters[0])
        if operation == DELETE:
            return Judged(profile, (), writes=True)
        found = {each: None for after in afters for each in grant.findings(before, after, operation)}
        if found:
            text = f"Nothing was changed. {said(tuple(found), 'change')}"
            record = said(grant.without_values(found), "change")
            raise refusal(text, operation, tuple(found), profile=profile, changes=changes, record=record)
        return Judged(profile, changes, writes=True)

    def _settings(
        self, operation: str, request: Mapping[str, Any], profile: tuple[str, str]
    ) -> tuple[Document, tuple[Document, ...]]:
        """Return what is stored, and what may be afterwards: AWS does not say whether it merges a structure."""
        wanted = {name: value for name, value in request.items() if name not in (DOMAIN, NAME)}
        if operation != UPDATE:
            return {}, (wanted,)
        answer = self._profile(operation, profile)
        before = {SETTINGS: answer.get(SETTINGS) or {}}
        sent = wanted.get(SETTINGS, {})
        if not isinstance(sent, Mapping):
            raise refusal(f"{operation} was not sent: its {SETTINGS} are no structure.", operation, profile=profile)
        rest = {name: value for name, value in wanted.items() if name != SETTINGS}
        merged = {SETTINGS: over(before[SETTINGS], sent), **rest}
        return before, (merged, {SETTINGS: {**before[SETTINGS], **sent}, **rest})

    def _tags(self, operation: str, request: Mapping[str, Any]) -> tuple[Document, tuple[Document, ...]]:
        """Return a profile's tags as they are, and as they would be."""
        arn = _text(request, "ResourceArn", operation)
        now: dict[Any, Any] = {}
        asked, seen = {"ResourceArn": arn}, {""}
        while True:
            answer = self._stored(operation, "ListTags", asked)
            now.update((each.get("Key"), each.get("Value")) for each in answer.get(TAGS) or ())
            token = str(answer.get("NextToken") or "")
            if token in seen:
                break
            seen.add(token)
            asked = {"ResourceArn": arn, "NextToken": token}
        after = dict(now)
        try:
            if operation == ADD_TAGS:
                after.update((each["Key"], each["Value"]) for each in request.get(TAGS) or ())
            else:
                after = {key: value for key, value in now.items() if key not in (request.get("TagKeys") or ())}
        except (TypeError, KeyError) as error:
            raise refusal(f"{operation} was not sent: its tags cannot be read.", operation) from error
        return _tagged(now), (_tagged(after),)

    def _profile(self, operation: str, profile: tuple[str, str]) -> Mapping[str, Any]:
        """Return a profile as it is stored now; raise when it was the visitor's own and is somebody else's now."""
        answer = self._stored(operation, "DescribeUserProfile", {DOMAIN: profile[0], NAME: profile[1]})
        user = self._grant.own_user
        if user and self._is_own(profile) and answer.get("SingleSignOnUserValue") != user:
            text = f"{operation} was not sent: the profile {profile[1]} belongs to another single sign-on user by now."
            raise refusal(asking(text, self._grant.contact), operation, profile=profile)
        return answer

    def _is_own(self, profile: tuple[str, str]) -> bool:
        own = self._grant.own
        return own is not None and own[0] == profile[0] and own[1].lower() == profile[1].lower()

    def _stored(self, operation: str, question: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is stored now; without it nothing is sent."""
        try:
            return self._ask(question, request)
        except GatewayError as error:
            text = f"{operation} was not sent, because what it would change could not be read before. {error}"
            raise refusal(text, operation, retryable=error.retryable) from error

    def _domain(self, domain_id: str) -> Mapping[str, Any] | None:
        """Return the domain for the bounds that a policy leaves to it; without it, no value is within them."""
        try:
            return self._ask("DescribeDomain", {DOMAIN: domain_id})
        except GatewayError:
            return None


def refusal(
    text: str,
    operation: str,
    problems: tuple[Problem, ...] = (),
    *,
    profile: tuple[str, str] = ("", ""),
    changes: tuple[Change, ...] = (),
    retryable: bool = False,
    record: str = "",
) -> CallRefused:
    """Make the error of a call that is not made; ``record`` is what the audit says instead of ``text``."""
    name = operation.rpartition(":")[2]
    judged = Judged(profile, changes, writes=not is_read(name))
    return CallRefused(text, problems=problems, operation=name, retryable=retryable, judged=judged, record=record)


def _text(request: Mapping[str, Any], member: str, operation: str) -> str:
    """Return a member that is a text; "" for one that is absent."""
    found = request.get(member)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise refusal(f"{operation} was not sent: its {member} is no text.", operation)
    return found


def _tagged(tags: Mapping[Any, Any]) -> Document:
    return {TAGS: [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
