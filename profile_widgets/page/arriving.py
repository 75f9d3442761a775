"""How a request comes to a page: by which name, from which site, and as what.

Browsers say so themselves (``Host``, ``Origin``, ``Sec-Fetch-*``), and no site can make them lie. A page is called by
its own names only, and what changes something comes from the page itself.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from tornado import web
from tornado.websocket import WebSocketHandler

from profile_widgets.page.clues import log_clue
from profile_widgets.page.hosts import Hosts
from profile_widgets.page.kernels import Refused
from profile_widgets.page.settings import TEMPLATE

NAME = "This page is not known by the name that your browser asks for. Use the address that you were given."
ELSEWHERE = "Another site's page asked for this. Open the address itself."
NOT_A_NAME = "the name in Host is none of the page's: add it with --allowed-host, and let the proxy pass Host on."
NOT_THE_PAGE = (
    "Origin does not fit Host, or is missing: let the proxy pass both on, and X-Forwarded-Proto say how it was asked."
)
_ONWARD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Opening the page</title>'
    '<script src="{script}"></script></head><body><p><a href="">Open the page</a></p></body></html>'
)


def check_place(handler: web.RequestHandler, hosts: Hosts) -> None:
    """Raise Refused unless a request calls the page by a name of its own and comes from where it must."""
    headers = handler.request.headers
    names, origins = headers.get_list("Host"), headers.get_list("Origin")
    if len(names) != 1 or not hosts.knows(names[0]):
        raise Refused(HTTPStatus.MISDIRECTED_REQUEST, NAME, NOT_A_NAME)
    is_socket = isinstance(handler, WebSocketHandler)
    changes = is_socket or handler.request.method not in ("GET", "HEAD")
    secure = _is_secure(headers.get_list("X-Forwarded-Proto"), headers.get_list("X-Scheme"))
    if changes and any(not hosts.is_same(origin, names[0], secure=secure) for origin in origins):
        raise Refused(HTTPStatus.FORBIDDEN, ELSEWHERE, NOT_THE_PAGE)
    if is_socket and len(origins) != 1:
        raise Refused(HTTPStatus.FORBIDDEN, ELSEWHERE, NOT_THE_PAGE)  # every browser says where a socket comes from


def sent_onward(handler: web.RequestHandler, base_url: str) -> bool:
    """Answer a request for the page that comes from another site, and tell whether it did.

    A link there is answered with a small document that opens the page by itself once somebody looks at it: a site that
    only sends browsers here, many times over, starts no kernel. Raise Refused for pictures, frames and what a browser
    fetches ahead.
    """
    headers = handler.request.headers
    ahead = headers.get("Sec-Purpose", "").startswith("prefetch")
    if ahead or headers.get("Sec-Fetch-Dest", "document") != "document":
        raise Refused(HTTPStatus.FORBIDDEN, ELSEWHERE)
    if headers.get("Sec-Fetch-Site") != "cross-site":
        return False
    script = f"{base_url}voila/templates/{TEMPLATE}/static/onward.js"
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    web.RequestHandler.finish(handler, _ONWARD.format(script=html.escape(script)))
    return True


def _is_secure(*told: Iterable[str]) -> bool:
    """Tell whether a proxy says that it was asked by TLS; the first of several was nearest to the browser.

    No site can make a browser send these headers with a request that a page would take.
    """
    return any(value.split(",")[0].strip().lower() in ("https", "wss") for values in told for value in values)


def refuse(handler: web.RequestHandler, refused: Refused) -> Any:
    """Answer with a refusal's status and sentence."""
    log_clue(handler, refused.clue)
    handler.set_status(refused.status)
    handler.set_header("Content-Type", "text/plain; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    return web.RequestHandler.finish(handler, refused.sentence)
