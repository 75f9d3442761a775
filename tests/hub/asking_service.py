"""A web server that answers who it thinks is asking: over HTTP, over a websocket, and beside a file for everybody."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import tornado.web
import tornado.websocket

from profile_widgets.page.hub import HubIdentity, hub_place


class Asked:
    """What the handlers share: the visitor, or the sign-in, or 403."""

    def initialize(self, identity: HubIdentity) -> None:
        """Take the identity."""
        self.identity = identity


class Page(Asked, tornado.web.RequestHandler):
    """Answer who asks."""

    async def get(self) -> None:
        """Send unknown ones to the Hub."""
        visitor = await self.identity.visitor(self)
        if visitor is not None:
            self.set_header("X-Token", self.xsrf_token)
            self.finish(visitor.to_json())
            return
        address = self.identity.login_url(self)
        if address is None:
            raise tornado.web.HTTPError(403)
        self.redirect(address)

    async def post(self) -> None:
        """Answer who asks, if the request can only come from our page."""
        visitor = await self.identity.visitor(self)
        if visitor is None:
            raise tornado.web.HTTPError(403)
        self.check_xsrf_cookie()
        self.finish(visitor.to_json())


class Socket(Asked, tornado.websocket.WebSocketHandler):
    """Say who opened this websocket."""

    async def get(self, *arguments: Any, **options: Any) -> None:
        """Refuse unknown ones before the handshake."""
        self.visitor = await self.identity.visitor(self)
        if self.visitor is None:
            raise tornado.web.HTTPError(403)
        await super().get(*arguments, **options)

    async def open(self, *_arguments: str, **_options: str) -> None:
        """Say it."""
        assert self.visitor is not None
        await self.write_message(self.visitor.to_json())

    async def on_message(self, _message: str | bytes) -> None:
        """Say who is at the other end by now."""
        found = await self.identity.visitor(self)
        await self.write_message(found.to_json() if found else "nobody")


class File(Asked, tornado.web.StaticFileHandler):
    """A file for whoever is somebody."""

    def initialize(self, identity: HubIdentity, path: str) -> None:  # type: ignore[override]
        """Take the identity and the folder."""
        Asked.initialize(self, identity)
        tornado.web.StaticFileHandler.initialize(self, path)

    async def prepare(self) -> None:
        """Refuse unknown ones."""
        if await self.identity.visitor(self) is None:
            raise tornado.web.HTTPError(403)


async def main() -> None:
    """Serve until the Hub ends it."""
    place, identity = hub_place(os.environ), HubIdentity.from_environment(os.environ, seconds=1)
    prefix, given = place.base_url, {"identity": identity}
    routes = [
        (prefix, Page, given),
        (f"{prefix}socket", Socket, given),
        (f"{prefix}files/(.*)", File, {**given, "path": str(Path(__file__).parent)}),
        *identity.handlers(prefix),
    ]
    tornado.web.Application(routes, cookie_secret=os.environ.get("TEST_COOKIE_SECRET") or os.urandom(32)).listen(
        place.port, place.ip
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
