"""The gate of a closed page: every request passes it, whatever the route, before anything else is looked at."""

from __future__ import annotations

import functools
import html
import json
import logging
import weakref
from collections.abc import Iterable
from http import HTTPStatus
from http.client import responses
from typing import Any

from tornado import web

from profile_widgets.page.arriving import check_place
from profile_widgets.page.clues import log_clue
from profile_widgets.page.headers import HEADERS
from profile_widgets.page.hosts import Hosts
from profile_widgets.page.identity import Identity, ProxyIdentity
from profile_widgets.page.kernels import Kernels, Refused
from profile_widgets.served import Visitor

GATE = "profile_widgets_gate"
"""The gate's name among tornado's settings."""
WHO = "This page does not know who you are, so it shows nothing. Come to it by your company's sign-in."
LATER = "It could not be found out who you are, because the sign-in does not answer. Load the page again in a while."
NOTHING = "There is no page at this address."
BROKEN = "The page could not be shown. The cause is in the log of the server; load the page again in a while."
MOST_BODY = 1024 * 1024
"""Bytes of a request's body: the page itself sends a few hundred."""
MOST_HEADERS = 64 * 1024
UNVOUCHED_SECONDS = 180.0
"""How long a websocket stays open without any word of the proxy: browsers let a hidden page speak once a minute."""
_GOING_AWAY = 1001
_log = logging.getLogger("profile_widgets.page")
_SIGNED_OUT = 1008
"""The code with which a websocket is closed whose visitor is not known any more: a violation of policy."""
_RETRY_SECONDS = {HTTPStatus.TOO_MANY_REQUESTS: 30, HTTPStatus.SERVICE_UNAVAILABLE: 120}


class Gate:
    """Decide who comes in: by the name that is asked for, by where the request comes from, by who sends it.

    ``open_routes`` are the handlers of an identity's own routes, such as a sign-in's answer: they alone need no
    visitor.
    """

    def __init__(self, identity: Identity, kernels: Kernels, hosts: Hosts, open_routes: Iterable[type] = ()) -> None:
        self.identity, self.kernels, self.hosts = identity, kernels, hosts
        self._open_routes = tuple(open_routes)
        self._sockets: weakref.WeakSet[Any] = weakref.WeakSet()

    async def admit(self, handler: web.RequestHandler) -> Visitor | None:
        """Return the visitor, None on an open route; raise Refused for everybody and everything else."""
        check_place(handler, self.hosts)
        if isinstance(handler, self._open_routes):
            return None
        visitor = await self._visitor(handler)
        if visitor is None:
            clue = self.identity.why_nobody(handler) if isinstance(self.identity, ProxyIdentity) else ""
            raise Refused(HTTPStatus.FORBIDDEN, WHO, clue)
        kernel_id = handler.path_kwargs.get("kernel_id")
        if kernel_id is not None and not self.kernels.is_own(kernel_id, visitor):
            await self.kernels.end_former(visitor)
            raise Refused(HTTPStatus.NOT_FOUND, NOTHING)  # the same for a foreign kernel and for one that is not there
        if kernel_id is not None:
            self.kernels.vouched(kernel_id)
        return visitor

    def watch(self, socket: Any) -> None:
        """Remember an open websocket, so that its visitor is asked for again."""
        self._sockets.add(socket)

    def close_sockets(self, kernel_id: str) -> None:
        """Close the websockets of a kernel that has ended: nothing else would tell its page."""
        for socket in tuple(self._sockets):
            if socket.kernel_id == kernel_id:
                self._sockets.discard(socket)
                socket.close(_GOING_AWAY, "ended")

    async def ask_again(self) -> None:
        """Close the websockets of those who are not who they were: signed out, or in other groups.

        What a proxy said when a websocket was opened says nothing of now. There each request about the kernel is the
        proxy's word anew, and the page sends one every 15 seconds: without any for long, the websocket is closed, and a
        page that is still there opens another.
        """
        for socket in tuple(self._sockets):
            if not self.identity.knows_later and self.kernels.unvouched(socket.kernel_id) > UNVOUCHED_SECONDS:
                self._sockets.discard(socket)
                socket.close(_GOING_AWAY, "not heard of")
                continue
            try:
                visitor = await self.identity.visitor(socket)
            except web.HTTPError:
                continue  # whoever knows them does not answer just now
            if visitor is None or not self.kernels.is_own(socket.kernel_id, visitor):
                self._sockets.discard(socket)
                socket.close(_SIGNED_OUT, "signed out")

    async def _visitor(self, handler: web.RequestHandler) -> Visitor | None:
        try:
            return await self.identity.visitor(handler)
        except web.HTTPError as error:
            raise Refused(HTTPStatus(error.status_code), LATER) from error


class Closed(web.RequestHandler):
    """Stand before a handler: ask the gate first, answer with our headers, and fail without saying why.

    Put first among a class's bases; :func:`closed` does that.
    """

    visitor: Visitor | None = None

    def set_default_headers(self) -> None:
        """Set the page's headers, and leave out which server this is."""
        super().set_default_headers()
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def prepare(self, **_options: Any) -> None:
        """Ask the gate; only then what the handler itself prepares."""
        gate: Gate = self.settings[GATE]
        try:
            self.visitor = await gate.admit(self)
        except Refused as refused:
            log_clue(self, refused.clue)
            address = gate.identity.login_url(self) if self._may_sign_in(refused) else None
            if address is None:
                raise
            self.redirect(address)
            return
        prepared = super().prepare()
        if prepared is not None:
            await prepared

    @property
    def content_security_policy(self) -> str:
        """The policy of every answer, in place of Jupyter's."""
        return HEADERS["Content-Security-Policy"]

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what went wrong; a refusal is nothing that went wrong.

        Not as tornado does it: an address's query may hold what is none of a log's business.
        """
        if not isinstance(value, (Refused, web.HTTPError)):
            _log.error("Failed: %s", summary(self), exc_info=(typ, value, tb))

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer a refusal with its own status."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        super().send_error(int(error.status) if isinstance(error, Refused) else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write one sentence: as JSON for a script, otherwise as a page."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        sentence = error.sentence if isinstance(error, Refused) else ""
        if status_code in _RETRY_SECONDS:
            self.set_header("Retry-After", str(_RETRY_SECONDS[HTTPStatus(status_code)]))
        self.set_header("Cache-Control", "no-store")
        if "/api/" in self.request.path:
            self.set_header("Content-Type", "application/json")
            words = sentence or (BROKEN if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else NOTHING)
            web.RequestHandler.finish(self, json.dumps({"message": words}))  # Jupyter's own adds what it noticed
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        web.RequestHandler.finish(self, self._error_page(status_code, sentence))

    def _may_sign_in(self, refused: Refused) -> bool:
        return refused.sentence == WHO and self.request.method == "GET" and is_page(self)

    def _error_page(self, status_code: int, sentence: str) -> str:
        words = {"status_code": status_code, "status_message": responses.get(status_code, "Refused")}
        base_url = self.settings.get("base_url", "/")
        try:
            template = self.settings["voila_jinja2_env"].get_template("error.html")
            return str(template.render(**words, sentence=sentence, base_url=base_url))
        except Exception:  # noqa: BLE001 - a broken template must not turn a refusal into a traceback
            return f"<!DOCTYPE html><title>{status_code}</title><p>{html.escape(sentence or NOTHING)}</p>"


def summary(handler: web.RequestHandler) -> str:
    """Return a request in few words for the log: without its query, where people put tokens and secrets."""
    return f"{handler.request.method} {handler.request.path[:200]} ({handler.request.remote_ip})"


def log_refused(handler: web.RequestHandler) -> None:
    """Write a line for each request that was refused or failed."""
    status = handler.get_status()
    if status >= HTTPStatus.BAD_REQUEST:
        _log.warning("%d %s", status, summary(handler))


class Nothing(web.RequestHandler):
    """Answer every address that is no route."""

    def initialize(self, **_options: Any) -> None:
        """Take what tornado gives the handler that this stands for."""

    def prepare(self) -> None:
        """Refuse, once the gate has let the visitor in."""
        raise Refused(HTTPStatus.NOT_FOUND, NOTHING)


class ClosedApplication(web.Application):
    """A tornado application of which no route goes round the gate."""

    def get_handler_delegate(
        self, request: Any, target_class: Any, target_kwargs: Any = None, path_args: Any = None, path_kwargs: Any = None
    ) -> Any:
        """Return what handles a request: never a handler that does not stand behind the gate."""
        return super().get_handler_delegate(request, closed(target_class), target_kwargs, path_args, path_kwargs)

    def listen(self, port: int, address: str | None = None, **options: Any) -> Any:
        """Listen; what is larger than a page of ours ever sends is not read."""
        return super().listen(port, address, max_body_size=MOST_BODY, max_header_size=MOST_HEADERS, **options)


@functools.cache
def closed(handler_class: type[web.RequestHandler]) -> type[web.RequestHandler]:
    """Return a handler's class with the gate before it."""
    if issubclass(handler_class, Closed):
        return handler_class
    if handler_class is web.ErrorHandler:
        return closed(Nothing)
    return type(f"Closed{handler_class.__name__}", (Closed, handler_class), {})


def is_page(handler: web.RequestHandler) -> bool:
    """Tell whether a handler answers with the page itself."""
    return bool(getattr(handler, "is_the_page", False))
