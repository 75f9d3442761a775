"""The way to SageMaker's user profiles: boto3, called in threads of its own, awaited from any event loop."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from profile_widgets.aws import answers, failures, listing
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.exchange import GARBLED, Exchange, converse
from profile_widgets.aws.following import Follower
from profile_widgets.aws.protocol import (
    Answer,
    AppSummary,
    Caller,
    Described,
    DescribedDomain,
    DomainSummary,
    Listing,
    ProfileSummary,
    Status,
)
from profile_widgets.aws.wording import Scene
from profile_widgets.aws.workers import Workers
from profile_widgets.errors import BadResponse, CredentialsError

READERS = 8
WRITERS = 2
"""How many calls run at once. Writes have threads of their own, so that no hanging read holds one up."""


class Gateway:
    """Ask SageMaker, without ever blocking the thread that asks.

    Reads are tried up to ``connection.attempts`` times, as long as another try still fits into one connect and one read
    timeout; writes are tried once. Every method raises :class:`~profile_widgets.errors.GatewayError`.

    Cancelling the awaiting task returns at once. A read may then end in the background, unseen. A write that has not
    been sent is never sent. A write that was sent is not taken back: AWS does it or not, and only a Describe tells.

    Example::

        gateway = Gateway(Connection(region="eu-west-1"))
        described = await gateway.describe_user_profile("d-abc123", "alice")
        described.settings["ExecutionRole"]
        gateway.close()
    """

    def __init__(self, connection: Connection | None = None) -> None:
        self.connection = connection if connection is not None else Connection()
        self._readers = Workers(READERS, "profile-widgets-read")
        self._writers = Workers(WRITERS, "profile-widgets-write")
        self._caller = ""

    @property
    def where(self) -> str:
        """Return which SageMaker this is: the address that requests go to."""
        return self.connection.resolved_endpoint

    def close(self) -> None:
        """Take no more calls. Calls that wait fail, calls that run end in the background. Closing twice is allowed."""
        self._readers.close()
        self._writers.close()

    async def describe_user_profile(self, domain_id: str, name: str) -> Described:
        """Return the user profile as it is now, with the members that the installed botocore does not know."""
        return answers.described(await self._read("DescribeUserProfile", _profile(domain_id, name)))

    async def describe_domain(self, domain_id: str) -> DescribedDomain:
        """Return the domain, with the settings that its profiles inherit."""
        return answers.described_domain(await self._read("DescribeDomain", {"DomainId": domain_id}))

    async def create_user_profile(self, request: Mapping[str, Any]) -> Answer:
        """Send CreateUserProfile with ``request`` as it is, once."""
        return answers.answer(await self._write("CreateUserProfile", request))

    async def update_user_profile(self, request: Mapping[str, Any]) -> Answer:
        """Send UpdateUserProfile with ``request`` as it is, once."""
        return answers.answer(await self._write("UpdateUserProfile", request))

    async def delete_user_profile(self, domain_id: str, name: str) -> Answer:
        """Send DeleteUserProfile, once. The profile's home directory goes with it."""
        return answers.answer(await self._write("DeleteUserProfile", _profile(domain_id, name)))

    def domains(self) -> listing.Pages[DomainSummary]:
        """Return the domains of the account in this region, to be read a page at a time."""
        return self._pages("ListDomains", {}, key="Domains", row=answers.domain_summary)

    async def list_domains(self, *, limit: int = 200) -> Listing[DomainSummary]:
        """Return at most ``limit`` domains of the account in this region."""
        return await listing.collect(self.domains(), limit=limit)

    def user_profiles(
        self, domain_id: str, name_contains: str = "", *, newest: bool = True
    ) -> listing.Pages[ProfileSummary]:
        """Return the user profiles of a domain whose names contain a text, in any case, to be read a page at a time.

        AWS filters, so a domain of ten thousand costs no more than one of ten. A text that no name can contain finds
        nothing, with a note. With ``newest`` the profile that was changed last comes first.
        """
        wanted = name_contains.strip()
        request = {"DomainIdEquals": domain_id}
        if newest:
            request |= {"SortBy": "LastModifiedTime", "SortOrder": "Descending"}
        if wanted.strip("-"):
            request["UserProfileNameContains"] = wanted.strip("-")
        return self._pages(
            "ListUserProfiles",
            request,
            key="UserProfiles",
            row=answers.profile_summary,
            keep=lambda found: wanted.casefold() in found.name.casefold(),
            note="" if listing.can_be_in_a_name(wanted) else listing.no_name(wanted),
        )

    async def list_user_profiles(
        self, domain_id: str, name_contains: str = "", *, limit: int = 200
    ) -> Listing[ProfileSummary]:
        """Return at most ``limit`` user profiles as :meth:`user_profiles` finds them, the oldest first."""
        return await listing.collect(self.user_profiles(domain_id, name_contains, newest=False), limit=limit)

    async def list_apps(self, domain_id: str, name: str, *, limit: int = 200) -> Listing[AppSummary]:
        """Return at most ``limit`` apps of a user profile, the deleted ones of the last day among them."""
        request = {"DomainIdEquals": domain_id, "UserProfileNameEquals": name}
        pages = self._pages("ListApps", request, key="Apps", row=answers.app_summary)
        return await listing.collect(pages, limit=limit)

    async def list_lifecycle_configs(self, *, limit: int = 200) -> dict[str, str]:
        """Return the app types of at most ``limit`` Studio lifecycle configurations of the account, by ARN."""
        pages = self._pages("ListStudioLifecycleConfigs", {}, key="StudioLifecycleConfigs", row=answers.lifecycle)
        return dict((await listing.collect(pages, limit=limit)).rows)

    async def list_tags(self, arn: str) -> dict[str, str]:
        """Return a resource's tags, by key."""
        pages = self._pages("ListTags", {"ResourceArn": arn}, key="Tags", row=answers.tag)
        return dict((await listing.collect(pages, limit=listing.MOST_TAGS)).rows)

    async def add_tags(self, arn: str, tags: Mapping[str, str]) -> Answer:
        """Add tags to a resource, or change their values, once."""
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        return answers.answer(await self._write("AddTags", {"ResourceArn": arn, "Tags": pairs}))

    async def delete_tags(self, arn: str, keys: Iterable[str]) -> Answer:
        """Take the tags with these keys off a resource, once."""
        return answers.answer(await self._write("DeleteTags", {"ResourceArn": arn, "TagKeys": list(keys)}))

    async def caller(self) -> Caller:
        """Return who the requests are signed as, asked of STS; needs no permission, but credentials."""
        if self.connection.unsigned:
            raise CredentialsError(
                "Requests go out unsigned, so nobody is known to send them. Turn off “unsigned” in the connection.",
                operation="GetCallerIdentity",
                code="SettingsUnsigned",
            )
        found = answers.caller(await self._read("GetCallerIdentity", {}, service="sts"))
        self._caller = found.arn
        return found

    async def ask(
        self,
        operation: str,
        request: Mapping[str, Any] | None = None,
        *,
        service: str = "sagemaker",
        optional: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """Return what a read of any service of AWS answers, without ResponseMetadata.

        ``operation`` is one of boto3's that begins with List, Describe or Get, ``service`` boto3's name of the service.
        Members of ``optional`` are sent when the installed botocore knows them. An operation that it does not know is
        a GatewayError. Raises ValueError for what is no read, because reads are tried again.

        Example::

            answer = await gateway.ask("ListRoles", {"MaxItems": 100}, service="iam")
            [role["Arn"] for role in answer["Roles"]]
        """
        if not operation.startswith(("List", "Describe", "Get")):
            raise ValueError(f"{operation} is no read.")
        return (await self._read(operation, request or {}, service, optional)).document

    async def follow(
        self,
        domain_id: str,
        name: str,
        *,
        on_status: Callable[[Status], None] | None = None,
        not_found_is_pending: bool = False,
        timeout: float = 600.0,
        interval: float = 2.0,
        longest_interval: float = 10.0,
    ) -> Described:
        """Describe the user profile again and again until it has come to rest, and return it when it is InService.

        ``on_status`` is called in the caller's event loop after each look. ``not_found_is_pending`` takes a profile
        that is not there for one that is about to be: right after a create. ``interval`` is the first pause in
        seconds; pauses grow to ``longest_interval``, each shortened or lengthened a little by chance. Three looks in
        a row without an answer, and any refusal, end the following with that error.

        Raises :class:`~profile_widgets.errors.ProfileFailedError` for a failure status and
        :class:`~profile_widgets.errors.StillInProgress` after ``timeout`` seconds. An unknown status is never
        success.
        """
        follower = Follower(on_status, timeout, interval, longest_interval)
        return await follower.until_settled(
            partial(self.describe_user_profile, domain_id, name), name, not_found_is_pending=not_found_is_pending
        )

    async def follow_deletion(
        self,
        domain_id: str,
        name: str,
        *,
        on_status: Callable[[Status], None] | None = None,
        timeout: float = 600.0,
        interval: float = 2.0,
        longest_interval: float = 10.0,
    ) -> None:
        """Wait until a user profile that is being deleted is gone; else as :meth:`follow`."""
        follower = Follower(on_status, timeout, interval, longest_interval)
        await follower.until_gone(partial(self.describe_user_profile, domain_id, name), name)

    def _pages(self, operation: str, request: Mapping[str, Any], **how: Any) -> listing.Pages[Any]:
        """Return a list to be read as far as the connection says."""

        async def ask(paging: Mapping[str, Any]) -> Mapping[str, Any]:
            return (await self._read(operation, {**request, **paging})).parsed

        return listing.Pages(ask, **how, paginate=self.connection.paginate)

    async def _read(
        self,
        operation: str,
        request: Mapping[str, Any],
        service: str = "sagemaker",
        optional: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Ask in a reader's thread."""
        exchange = Exchange(operation, dict(request), patience=self._patience(), optional=dict(optional or {}))
        return await self._run(self._readers, exchange, partial(self._ask_patiently, exchange, service))

    async def _write(self, operation: str, request: Mapping[str, Any]) -> Exchange:
        """Send in a writer's thread."""
        exchange = Exchange(operation, dict(request))
        return await self._run(self._writers, exchange, partial(self._ask, exchange, "sagemaker", write=True))

    async def _run(self, workers: Workers, exchange: Exchange, job: Callable[[], None]) -> Exchange:
        """Wait for ``job`` in one of ``workers``; give it up when the waiting is cancelled."""
        future = workers.submit(job)
        try:
            await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            exchange.cancelled.set()
            future.cancel()
            raise
        return exchange

    def _patience(self) -> float:
        """Return how many seconds all attempts of a read may take: one connect and one read timeout."""
        connect, read = self.connection.connect_timeout, self.connection.read_timeout
        return connect + read if connect and read else math.inf

    def _ask_patiently(self, exchange: Exchange, service: str) -> None:
        """Ask; ask again for an answer that broke on its way, which boto3 does not do by itself."""
        exchange.begin()
        for attempt in range(1, self.connection.attempts + 1):
            try:
                self._ask(exchange, service)
            except BadResponse as broken:
                last = attempt == self.connection.attempts or not exchange.has_time_for_another()
                if last or broken.code not in GARBLED:
                    raise
                exchange.cancelled.wait(random.uniform(0.0, min(0.1 * 2**attempt, 2.0)))  # noqa: S311 - not a secret
            else:
                return

    def _ask(self, exchange: Exchange, service: str, *, write: bool = False) -> None:
        """Call boto3 in this thread, and name what goes wrong."""
        scene = Scene(operation=exchange.operation, request=exchange.request, service=service, caller=self._caller)
        try:
            client = self.connection.client(service, write=write)
            exchange.prepare(client)
            scene = failures.set_in(scene, client)
            converse(client, exchange)
        except Exception as error:
            known = failures.translate(error, scene, sent=exchange.attempts > 0)
            if known is None:
                raise
            known.operation = exchange.operation
            self.connection.debug_log.write(f"{exchange.operation} ended in {type(known).__name__}: {known}")
            if known is error:
                raise
            if isinstance(known, CredentialsError):
                self.connection.renew()
                raise known from None  # AWS's own words about a signature repeat the token
            raise known from error


def _profile(domain_id: str, name: str) -> dict[str, str]:
    """Return the request that names one user profile."""
    return {"DomainId": domain_id, "UserProfileName": name}
