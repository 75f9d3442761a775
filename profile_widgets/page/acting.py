"""In whose name a visitor's kernel asks AWS, and about which user profile: found out before the kernel starts."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from profile_widgets.page.credentials import Ask, Lender, Loan, RoleSession
from profile_widgets.page.surroundings import nobodys_json, whose_json
from profile_widgets.served import Visitor

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Policy

KEPT_SECONDS = 60.0
"""How long it is believed which profile is a visitor's own: a profile made just now is found after that."""
_THREADS = 4
_UNKNOWN = "Your user profile could not be looked up: AWS did not answer as it should. Load the page again in a while."
_log = logging.getLogger("profile_widgets.page")


@dataclass(frozen=True)
class Acting:
    """What a kernel is told about its visitor's profile and credentials.

    ``loan`` is None while kernels use the server's own credentials; ``configuration`` is what such a kernel is told of
    the server's AWS configuration, whose files it does not read. ``acts_as`` is a sentence, "" for the page's usual
    one.
    """

    whose: str = ""
    acts_as: str = ""
    loan: Loan | None = None
    configuration: Mapping[str, str] = field(default_factory=dict)
    no_credentials: bool = False

    def end(self) -> None:
        """Take back what was lent."""
        if self.loan is not None:
            self.loan.end()

    @property
    def credentials(self) -> Mapping[str, str] | None:
        """What takes the place of the server's credentials in the kernel's environment, empty for no credentials.

        None leaves the server's own there.
        """
        if self.loan is not None:
            return {**self.configuration, **self.loan.environment}
        return {} if self.no_credentials else None


@dataclass
class Actors:
    """Find out how a page acts for its visitors, under one policy.

    ``connection`` is the server's own, ``asking`` a copy of it that lets nothing but questions pass. AWS is asked in
    threads, for one visitor once in :data:`KEPT_SECONDS`.
    """

    policy: Any
    connection: Any
    asking: Any
    lender: Lender
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, "visitors"))
    _kept: dict[Visitor, tuple[float, Any]] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    async def warm(self) -> None:
        """Load boto3 and the service's model before a visitor waits for them; what fails is said to the visitor."""
        with contextlib.suppress(Exception):
            await self._in_thread(self.connection.client, "sts")
            await self._in_thread(self.asking.client, "sagemaker")

    async def acting(self, visitor: Visitor) -> Acting:
        """Return what the kernel of a visitor is told; what could not be found is told as a sentence."""
        from profile_widgets.errors import ProfileWidgetsError

        if self.policy.whose is None and self.policy.assume_role is None:
            return Acting()  # no profile is anybody's own, as under an administrators' policy
        role, configuration = None, {}
        try:
            whose = await self._whose(visitor)
            if self.policy.assume_role is not None:
                role = await self._in_thread(self._role_of, visitor, whose)
                configuration = await self._in_thread(self._configuration)
        except ProfileWidgetsError as error:
            return Acting(whose=nobodys_json(str(error)), no_credentials=self.policy.assume_role is not None)
        except Exception as error:  # noqa: BLE001 - whatever it was, the page says so and shows nothing
            _log.error("A visitor's profile could not be looked up: %s", type(error).__name__)
            return Acting(whose=nobodys_json(_UNKNOWN), no_credentials=self.policy.assume_role is not None)
        told = whose_json(whose.domain_id, whose.name)
        if role is None:
            return Acting(whose=told)
        loan = self.lender.lend(RoleSession(self.connection, role))
        return Acting(whose=told, acts_as=_in_the_name_of(role), loan=loan, configuration=configuration)

    async def _whose(self, visitor: Visitor) -> Any:
        from profile_widgets.aws.whose import find

        kept_at, found = self._kept.get(visitor, (float("-inf"), None))
        if time.monotonic() - kept_at > KEPT_SECONDS:
            found = await self._in_thread(find, self.asking, self.policy, visitor)
            self._kept = {who: each for who, each in self._kept.items() if time.monotonic() - each[0] <= KEPT_SECONDS}
            self._kept[visitor] = (time.monotonic(), found)
        return found

    def _role_of(self, visitor: Visitor, whose: Any) -> Ask:
        assume = self.policy.assume_role
        grant = self.policy.grant(visitor, (whose.domain_id, whose.name))
        caller = self._caller()
        place = f"{caller['partition']}:sagemaker:{self.connection.resolved_region}:{caller['account']}"
        arn = f"arn:{place}:user-profile/{whose.domain_id}/{whose.name.lower()}"
        policy = assume.session_policy(grant, arn)
        return Ask(assume.role_arn, assume.session_name(visitor), policy, assume.duration)

    def _configuration(self) -> dict[str, str]:
        from profile_widgets.aws.lent import handed_on

        return handed_on(self.connection)

    def _caller(self) -> dict[str, str]:
        if not self._known:
            answer = self.connection.client("sts").get_caller_identity()
            self._known = {"account": answer["Account"], "partition": answer["Arn"].split(":")[1]}
        return self._known

    async def _in_thread(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)


def in_domain(policy: Policy, domain_id: str) -> Policy:
    """Return a policy whose visitors have their profiles in this domain, unless it names domains itself."""
    whose = policy.whose
    if not domain_id or whose is None or whose.domain_id or whose.domains:
        return policy
    return dataclasses.replace(policy, whose=dataclasses.replace(whose, domain_id=domain_id))


def _in_the_name_of(role: Ask) -> str:
    name = role.role_arn.rpartition("/")[2]
    return f"This page asks AWS in your name: as {role.session_name}, with the role {name}, limited to your profile."
