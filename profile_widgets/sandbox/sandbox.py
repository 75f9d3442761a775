"""A SageMaker on the loopback address, with a seeded account behind it."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from copy import deepcopy
from types import TracebackType
from typing import TYPE_CHECKING, Any

from profile_widgets.sandbox import holdings
from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.exchange import CallRecord
from profile_widgets.sandbox.front import Front
from profile_widgets.sandbox.merging import Semantics
from profile_widgets.sandbox.others import MotoServices
from profile_widgets.sandbox.roles import numbered
from profile_widgets.sandbox.server import LOOPBACK, LoopbackServer
from profile_widgets.sandbox.service_model import installed_model
from profile_widgets.sandbox.state import Store
from profile_widgets.sandbox.steering import Steering

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection


class Sandbox(Steering):
    """Play SageMaker, and the services around it, for one account and region, without an AWS account.

    It listens on 127.0.0.1 only, in threads of this process, from `start` (or ``with``) until `stop`. `port` 0 takes a
    free one. `delay` is the time in seconds that a profile stays in Pending, Updating or Deleting; `semantics` says how
    an update treats members that were not sent: ``"merge"`` keeps them at every depth, ``"replace"`` replaces top-level
    members whole. `seed` False starts with an empty account.

    >>> with Sandbox() as sandbox:
    ...     sandbox.endpoint_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        port: int = 0,
        region: str = "eu-west-1",
        delay: float = 0.0,
        semantics: Semantics = "merge",
        seed: bool = True,
    ) -> None:
        self._asked_port = port
        self._seed = seed
        self._account = Account(installed_model(), Store(region), delay=delay, semantics=semantics)
        self._others = MotoServices(region, seed)
        self._record = CallRecord()
        self._front = Front(self._account, self._others, self._record)
        self._server: LoopbackServer | None = None
        self._fill()

    def _fill(self) -> None:
        if self._seed:
            holdings.fill(self._account)

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> Sandbox:
        """Listen; return this sandbox. Starting a running one changes nothing. OSError if the port is taken."""
        if self._server is None:
            self._front.stopping.clear()
            self._server = LoopbackServer(self._front, self._asked_port)
        return self

    def stop(self) -> None:
        """Let held and late answers go, close every connection and listen no more; what the account holds stays."""
        if self._server is not None:
            self._account.faults.release()
            self._front.stopping.set()
            self._server.close()
            self._server = None

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def settle(self) -> None:
        """Bring every profile and app that is in a passing status to its end now, whatever `delay` said.

        >>> with Sandbox(delay=3600) as sandbox:
        ...     sandbox.settle()
        """
        with self._account.store.lock:
            self._account.store.settle()

    def reset(self) -> None:
        """Go back to the seed: resources, other services, switches, record of calls; `delay` and such stay."""
        with self._account.store.lock:
            self._account.store.clear()
            self._fill()
        self._account.faults.clear()
        self._account.callers.clear()
        self._front.page_faults.mend()
        self._others.reset()
        self._record.clear()

    # --- how to reach it ----------------------------------------------------------------------------------------------

    @property
    def region(self) -> str:
        """Return the region whose account this is."""
        return self._account.region

    @property
    def port(self) -> int:
        """Return the port; RuntimeError unless the sandbox runs."""
        if self._server is None:
            raise RuntimeError("The sandbox is not running. Call start() or use it in a with statement.")
        return self._server.port

    @property
    def endpoint_url(self) -> str:
        """Return the address for ``endpoint_url=`` and ``--endpoint-url``."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def connection(self) -> Connection:
        """Return a new Connection to this sandbox, with its own made-up credentials."""
        from botocore.credentials import Credentials

        from profile_widgets.aws.connection import Connection

        return Connection(
            region=self.region, endpoint_url=self.endpoint_url, credentials=Credentials("sandbox", "sandbox")
        )

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables with which the AWS CLI and boto3 talk to this sandbox and to nothing else.

        Example: ``subprocess.run(["aws", "sagemaker", "list-domains"], env={**os.environ, **sandbox.environment})``
        """
        unproxied = [name for name in (os.environ.get("NO_PROXY", ""), LOOPBACK) if name]
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_SESSION_TOKEN": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": ",".join(unproxied),
        }

    def warm(self) -> None:
        """Load IAM, EC2, S3 and the other services now, in the background, rather than at their first request.

        The first request to a service takes up to some seconds otherwise, for moto is large.
        """
        threading.Thread(target=self._others.warm, name="sandbox-warm", daemon=True).start()

    # --- what it holds ------------------------------------------------------------------------------------------------

    def run_app(
        self,
        domain_id: str,
        profile: str,
        app_type: str = "JupyterLab",
        app_name: str = "default",
        instance_type: str = "ml.t3.medium",
    ) -> str:
        """Let an app of a profile be InService; return its ARN."""
        store = self._account.store
        with store.lock:
            user = store.get("user-profile", domain_id, profile)
            entry = {
                "domain": domain_id,
                "user": user.detail["UserProfileName"],
                "type": app_type,
                "name": app_name,
                "instance": instance_type,
                "status": "InService",
                "age": 0,
            }
            return holdings.add_app(self._account, entry).arn

    def stop_app(self, domain_id: str, profile: str, app_type: str = "JupyterLab", app_name: str = "default") -> None:
        """Let an app of a profile be Deleted."""
        store = self._account.store
        with store.lock:
            store.get("app", domain_id, "UserProfileName", profile, app_type, app_name).detail["Status"] = "Deleted"

    def put_raw(self, domain_id: str, profile: str, settings: Mapping[str, Any] | None) -> None:
        """Store settings unchecked, so that they can hold what the installed model does not know; None: no settings.

        A profile that does not exist is made.
        """
        store = self._account.store
        with store.lock:
            user = store.find("user-profile", domain_id, profile)
            if user is None:
                user = holdings.add_profile(self._account, {"domain": domain_id, "name": profile, "age": 0})
            if settings is None:
                user.detail.pop("UserSettings", None)
            else:
                user.detail["UserSettings"] = deepcopy(dict(settings))
            store.touch(user)

    def populate(
        self,
        profiles: int = 10_000,
        roles: int = 0,
        images: int = 0,
        domain_id: str | None = None,
        *,
        odd: bool = False,
    ) -> None:
        """Add many profiles (``user-00001``...) to a domain, the first one unless it is named, and roles and images.

        Images (``many-00001``...) have three versions each. With `odd`, every list also gets things whose names and
        descriptions are as strange as AWS allows: HTML, scripts that run from right to left, emoji.

        Example: ``sandbox.populate(profiles=0, roles=5_000, images=200, odd=True)``
        """
        store = self._account.store
        if profiles or domain_id or odd:
            with store.lock:
                first = next(store.all("domain"), None)
                if domain_id is None and first is None:
                    raise ValueError("The account has no domain to put profiles into.")
                domain = domain_id or (first.detail["DomainId"] if first else "")
                store.get("domain", domain)
                holdings.add_many_profiles(self._account, domain, profiles)
                if odd:
                    holdings.add_odd(self._account, domain)
        with store.lock:
            holdings.add_many_images(self._account, images)
        if roles:
            self._others.add_roles(numbered(roles))
        if odd:
            self._others.add_oddities()
