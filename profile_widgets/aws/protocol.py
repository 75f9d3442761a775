"""What the floors above know of AWS: plain frozen records, and the shape of a gateway. Nothing here imports boto3.

A :class:`~profile_widgets.aws.gateway.Gateway` is one implementation of :class:`ProfileGateway`; code that edits
profiles asks for the protocol and never for boto3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from profile_widgets.errors import BadResponse, GatewayError, ProfileInUse, Unreachable

Row = TypeVar("Row")

SUCCEEDED = frozenset({"InService"})
WORKING = frozenset({"Pending", "Updating", "Deleting"})
FAILED = frozenset({"Failed", "Update_Failed", "Delete_Failed"})
"""The statuses of a user profile, by what they mean. A status in none of the three is unknown, and never success."""

NEVER_SENT = frozenset(
    {
        "EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError", "NoRegionError",
        "UnknownRegionError", "InvalidRegionError", "UnknownEndpointError", "EndpointProviderError",
        "EndpointResolutionError", "InvalidEndpointConfigurationError", "InvalidProxiesConfigError",
        "SettingsRegion", "SettingsCABundle",
    }
)  # fmt: skip
"""Codes of :class:`~profile_widgets.errors.Unreachable` that say that the request did not leave this machine."""


def outcome_unknown(error: GatewayError) -> bool:
    """Tell whether a write that ended in ``error`` may have been done all the same.

    True after a timeout, a broken connection, a 5xx, an answer that could not be read, and a ResourceInUse (which may
    be the echo of our own change): describe the profile to learn what happened. False when the request never left, or
    was refused.

    Example::

        >>> outcome_unknown(Unreachable("no answer", code="ReadTimeoutError"))
        True
        >>> outcome_unknown(Unreachable("refused", code="EndpointConnectionError"))
        False
    """
    if isinstance(error, Unreachable):
        return error.code not in NEVER_SENT
    return isinstance(error, (BadResponse, ProfileInUse))


@dataclass(frozen=True)
class Status:
    """Describe where a user profile stands, as :meth:`ProfileGateway.follow` reports it.

    ``name`` is AWS's word, ``""`` while the profile is not to be seen yet; ``elapsed`` counts seconds since the
    following began; ``note`` is a sentence about a poll that found no answer, else empty.
    """

    name: str
    failure_reason: str = ""
    elapsed: float = 0.0
    note: str = ""

    @property
    def succeeded(self) -> bool:
        """Return whether the profile is ready."""
        return self.name in SUCCEEDED

    @property
    def failed(self) -> bool:
        """Return whether the profile ended in a failure status."""
        return self.name in FAILED

    @property
    def settled(self) -> bool:
        """Return whether the status is final, for better or worse."""
        return self.succeeded or self.failed

    @property
    def known(self) -> bool:
        """Return whether the kit knows the status at all."""
        return self.settled or self.name in WORKING


@dataclass(frozen=True)
class Described:
    """Hold what DescribeUserProfile answered.

    ``document`` is the answer as boto3 gave it, without ResponseMetadata; ``settings`` its UserSettings, ``None``
    when the answer holds no such key and ``{}`` when it is there and empty. ``raw`` is the answer's JSON as it came
    over the wire, with the members that the installed botocore does not know; ``unknown`` holds the paths of those
    (``UserSettings.NewAppSettings``).
    """

    domain_id: str
    name: str
    status: str
    document: dict[str, Any] = field(repr=False)
    settings: dict[str, Any] | None = field(repr=False)
    raw: dict[str, Any] = field(repr=False)
    unknown: tuple[str, ...] = ()
    failure_reason: str = ""
    arn: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True)
class DescribedDomain:
    """Hold what DescribeDomain answered; ``settings`` are its DefaultUserSettings, ``None`` when there are none.

    ``auth_mode`` is ``IAM`` or ``SSO``, ``network`` is ``PublicInternetOnly`` or ``VpcOnly``; ``document``, ``raw`` and
    ``unknown`` are as in :class:`Described`.
    """

    domain_id: str
    name: str
    status: str
    document: dict[str, Any] = field(repr=False)
    settings: dict[str, Any] | None = field(repr=False)
    raw: dict[str, Any] = field(repr=False)
    unknown: tuple[str, ...] = ()
    auth_mode: str = ""
    network: str = ""
    arn: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Answer:
    """Hold what a write answered: the response without ResponseMetadata, and the request's id."""

    response: dict[str, Any]
    request_id: str = ""

    @property
    def arn(self) -> str:
        """Return the user profile's ARN, ``""`` when the operation answers none."""
        return str(self.response.get("UserProfileArn", ""))


@dataclass(frozen=True)
class ProfileSummary:
    """Describe one row of ListUserProfiles. It holds no settings: AWS gives them one profile at a time."""

    domain_id: str
    name: str
    status: str = ""
    created: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True)
class DomainSummary:
    """Describe one row of ListDomains."""

    domain_id: str
    name: str
    status: str = ""
    arn: str = ""
    url: str = ""
    created: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True)
class AppSummary:
    """Describe one row of ListApps: ``kind`` is AWS's AppType, ``space`` is ``""`` outside of spaces."""

    name: str
    kind: str
    status: str
    profile: str = ""
    space: str = ""
    created: datetime | None = None

    @property
    def running(self) -> bool:
        """Return whether the app is up, or on its way up."""
        return self.status in {"InService", "Pending"}


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """Hold the rows of a list, and whether the account has more than these.

    ``note`` is a sentence for the person when something about the list is odd, else empty.
    """

    rows: tuple[Row, ...]
    more: bool = False
    note: str = ""


@dataclass(frozen=True)
class Caller:
    """Say who asks: ``name`` is the short form of ``arn`` (``DataScientist/ana`` for an assumed role)."""

    account: str
    arn: str
    name: str


@dataclass(frozen=True)
class Offer:
    """Describe one value that exists in the account and may go into a field.

    ``value`` goes into the field as AWS gave it: an ARN, an id, a name, a number as text. ``name`` is what people call
    it and ``detail`` says more; both are one line without control characters and without overrides of the direction of
    writing. They come from the account and are not to be trusted: show them as text. ``fits`` is false for what exists
    but does not suit this place; it may be chosen all the same.
    """

    value: str
    name: str
    detail: str = ""
    fits: bool = True


@dataclass(frozen=True)
class Offers:
    """Hold the values that a catalog offers, the fitting ones first.

    ``total`` counts the known rows that match the text, of which ``rows`` are the first; ``more`` says that AWS has
    more than was read. ``note`` is a quiet sentence for the person, else empty. ``refused`` says that the list could
    not be read at all, so that the field is free text. ``reading`` says that the list is being read on: ask once more
    with ``whole=True`` for the answer when all of it is there.
    """

    rows: tuple[Offer, ...] = ()
    total: int = 0
    more: bool = False
    note: str = ""
    refused: bool = False
    reading: bool = False


class ProfileGateway(Protocol):
    """Be the way to SageMaker's user profiles.

    Every method may be awaited from any event loop and raises :class:`~profile_widgets.errors.GatewayError`. Cancelling
    the awaiting task returns at once. A read may end in the background; a write that has not been sent is never sent; a
    write that was sent is not taken back, and only a Describe tells what became of it.
    """

    @property
    def where(self) -> str:
        """Return which SageMaker this is: the address that requests go to, without anything secret."""
        ...

    async def describe_user_profile(self, domain_id: str, name: str) -> Described:
        """Return the user profile as it is now."""
        ...

    async def describe_domain(self, domain_id: str) -> DescribedDomain:
        """Return the domain, with the settings that its profiles inherit."""
        ...

    async def create_user_profile(self, request: Mapping[str, Any]) -> Answer:
        """Send CreateUserProfile, once."""
        ...

    async def update_user_profile(self, request: Mapping[str, Any]) -> Answer:
        """Send UpdateUserProfile, once."""
        ...

    async def delete_user_profile(self, domain_id: str, name: str) -> Answer:
        """Send DeleteUserProfile, once."""
        ...

    async def list_domains(self, *, limit: int = 200) -> Listing[DomainSummary]:
        """Return the account's domains in this region."""
        ...

    async def list_user_profiles(
        self, domain_id: str, name_contains: str = "", *, limit: int = 200
    ) -> Listing[ProfileSummary]:
        """Return the domain's user profiles whose names contain a text."""
        ...

    async def list_apps(self, domain_id: str, name: str, *, limit: int = 200) -> Listing[AppSummary]:
        """Return the apps of a user profile."""
        ...

    async def list_lifecycle_configs(self, *, limit: int = 200) -> dict[str, str]:
        """Return the app types of the account's Studio lifecycle configurations, by ARN."""
        ...

    async def list_tags(self, arn: str) -> dict[str, str]:
        """Return a resource's tags."""
        ...

    async def add_tags(self, arn: str, tags: Mapping[str, str]) -> Answer:
        """Add tags to a resource, or change their values."""
        ...

    async def delete_tags(self, arn: str, keys: Iterable[str]) -> Answer:
        """Take tags off a resource."""
        ...

    async def caller(self) -> Caller:
        """Return who the requests are signed as."""
        ...

    async def follow(
        self,
        domain_id: str,
        name: str,
        *,
        on_status: Callable[[Status], None] | None = None,
        not_found_is_pending: bool = False,
        timeout: float = 600.0,
    ) -> Described:
        """Wait until the user profile has come to rest, and return it."""
        ...
