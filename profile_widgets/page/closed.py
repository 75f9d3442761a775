"""Voila, closed: our gate before every route, our routes instead of Voila's, a kernel for one visitor only."""

from __future__ import annotations

import asyncio
import functools
import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web
from tornado.ioloop import IOLoop
from voila.app import Voila

from profile_widgets.page.acting import Acting, Actors, in_domain
from profile_widgets.page.closing import Closing, identity_of
from profile_widgets.page.credentials import Lender
from profile_widgets.page.gate import BROKEN, GATE, Closed, ClosedApplication, Gate, log_refused
from profile_widgets.page.hosts import Hosts
from profile_widgets.page.identity import Identity
from profile_widgets.page.kernels import Kernels, Refused, keep
from profile_widgets.page.routes import START, Health, routes
from profile_widgets.page.settings import INSTANCE
from profile_widgets.page.surroundings import Surroundings
from profile_widgets.served import Visitor

CULL_SECONDS = 5.0
ASK_SECONDS = 30.0
"""How often a websocket's visitor is asked for again."""


class VisitorProvider(IdentityProvider):
    """Tell Jupyter's handlers who the gate has let in."""

    async def get_user(self, handler: web.RequestHandler) -> User | None:
        """Return the visitor; None where there is none, and for a handler that stands before no gate."""
        visitor = handler.visitor if isinstance(handler, Closed) else None
        return User(visitor.name) if visitor is not None else None

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:  # noqa: ARG002 - Jupyter gives it
        """Return False: there are no tokens, so that no request goes round the checks of its origin."""
        return False

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return none of Jupyter's sign-in pages."""
        return []

    @property
    def login_available(self) -> bool:
        """Whether Jupyter has a sign-in page of its own: no."""
        return False


class OwnOnly(Authorizer):
    """Let a visitor do to kernels what the gate has found to be their own, and nothing else."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:  # noqa: ARG002 - Jupyter's
        """Tell whether the handler stands behind the gate, with this visitor."""
        visitor = handler.visitor if isinstance(handler, Closed) else None
        return resource == "kernels" and visitor is not None and visitor.name == user.username


class ClosedVoila(Voila):  # type: ignore[misc]
    """Voila, as a closed page runs it."""

    name = "voila"
    closing: Closing
    environment: Mapping[str, str]

    def init_settings(self) -> dict[str, Any]:
        """Return tornado's settings: Voila's, and our gate."""
        closing = self.closing
        self.token, self.auto_token = "", False
        self.identity_provider_class, self.authorizer_class = VisitorProvider, OwnOnly
        settings: dict[str, Any] = super().init_settings()
        kernels = Kernels(
            self.kernel_manager,
            in_all=closing.max_kernels,
            per_visitor=closing.kernels_per_visitor,
            idle_seconds=closing.idle_minutes * 60,
        )
        self._identity: Identity = identity_of(closing, self.environment)
        own_routes = self._identity.handlers(self.base_url)
        hosts = Hosts(closing.hosts, any_address=not closing.is_local)
        gate = Gate(self._identity, kernels, hosts, [Health, *(route[1] for route in own_routes)])
        self._gate = gate
        xsrf = {"path": self.base_url, "samesite": "Strict"}
        self._kernels, self._own_routes = kernels, own_routes
        self._actors = self._make_actors()
        self._surroundings = Surroundings(closing.policy, closing.audit, closing.acts_as)
        return {
            **settings,
            GATE: gate,
            START: self.start_kernel,
            INSTANCE: closing.instance,
            "log_function": log_refused,
            "xsrf_cookie_kwargs": xsrf,
        }

    def init_handlers(self) -> list[Any]:
        """Return our routes; Voila's are not among them."""
        return [*self._own_routes, *routes(self, lambda path: self.server_url + path)]

    def start(self) -> None:
        """Serve until told to stop."""
        self.connection_dir = tempfile.mkdtemp(prefix="voila_", dir=self.connection_dir_root)
        self.app = ClosedApplication(**self.init_settings())
        self.app.settings.update(self.tornado_settings)
        self.app.add_handlers(".*$", self.init_handlers())
        loop = IOLoop.current()
        loop.spawn_callback(keep, self._kernels.cull, CULL_SECONDS, self._report)
        loop.spawn_callback(self._warm)
        loop.spawn_callback(keep, self._gate.ask_again, ASK_SECONDS, self._report)
        self.listen()

    def stop(self) -> None:
        """Lend nothing more, and end the kernels."""
        try:
            if self._actors is not None:
                IOLoop.current().run_sync(self._actors.lender.stop)
        finally:
            super().stop()

    def _make_actors(self) -> Actors | None:
        """Return what finds visitors' profiles and credentials; None when there is no policy that says which."""
        if not self.closing.policy:
            return None
        from profile_widgets.aws.connection import Connection
        from profile_widgets.aws.guarding import Guard
        from profile_widgets.checks.policy import Policy

        policy, lender = in_domain(Policy.load(self.closing.policy), self.closing.domain_id), Lender()
        if policy.assume_role is not None:
            lender.start()
        asking = Connection()
        asking.protect(Guard(None))
        return Actors(policy, Connection(), asking, lender)

    async def _warm(self) -> None:
        """Load what the first visitor would otherwise wait for."""
        if self._actors is not None:
            await self._actors.warm()

    def _report(self, error: BaseException) -> None:
        self.log.error("What the page does now and then failed: %s", error, exc_info=error)

    async def start_kernel(self, visitor: Visitor, options: dict[str, Any]) -> tuple[str, asyncio.Task[Any]]:
        """Take a place for a visitor's kernel; return its id and the task that starts it, in surroundings of their own.

        The page is sent meanwhile up to the point where the kernel is needed, so that it says that it is starting.
        """
        kernel_id = await self._kernels.take(visitor)
        self._kernels.when_ended(kernel_id, functools.partial(self._gate.close_sockets, kernel_id))
        return kernel_id, asyncio.ensure_future(self._bring_up(kernel_id, visitor, options))

    async def _bring_up(self, kernel_id: str, visitor: Visitor, options: dict[str, Any]) -> Any:
        try:
            acting = await self._actors.acting(visitor) if self._actors is not None else Acting()
            self._kernels.when_ended(kernel_id, acting.end)
            base: Mapping[str, str] = options.pop("env", {})
            told = self._surroundings.of(base, visitor, acting.whose, acting.credentials, acting.acts_as)
            await self.kernel_manager.start_kernel(kernel_id=kernel_id, env=told, **options)
            if self._kernels.started(kernel_id):
                return self.kernel_manager.get_kernel(kernel_id)
            await self.kernel_manager.shutdown_kernel(kernel_id)
        except BaseException:
            await self._kernels.end(kernel_id)
            raise
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, BROKEN)
