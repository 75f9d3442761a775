"""Voila, open: a page for whoever sits at this machine, which no other site's page can reach."""

from __future__ import annotations

import functools
import tempfile
from typing import Any

from tornado import web
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from profile_widgets.page.arriving import check_place, refuse, sent_onward
from profile_widgets.page.hosts import Hosts
from profile_widgets.page.kernels import Refused

HOSTS = "profile_widgets_hosts"
"""The page's names, among tornado's settings."""


class Placed(web.RequestHandler):
    """Stand before a handler of Voila's: look first how a request comes. Put first among a class's bases."""

    def set_default_headers(self) -> None:
        """Leave out which server this is."""
        super().set_default_headers()
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")

    async def prepare(self, **_options: Any) -> None:
        """Refuse what comes by a foreign name or from another site; only then what the handler itself prepares."""
        try:
            check_place(self, self.settings[HOSTS])
            is_page = isinstance(self, TornadoVoilaHandler)
            if is_page and sent_onward(self, self.settings["base_url"]):
                return
        except Refused as refused:
            refuse(self, refused)
            return
        prepared = super().prepare()
        if prepared is not None:
            await prepared


class PlacedApplication(web.Application):
    """A tornado application of which no route can be reached by a foreign name."""

    def get_handler_delegate(
        self, request: Any, target_class: Any, target_kwargs: Any = None, path_args: Any = None, path_kwargs: Any = None
    ) -> Any:
        """Return what handles a request: a handler that looks first how it comes."""
        return super().get_handler_delegate(request, placed(target_class), target_kwargs, path_args, path_kwargs)


class OpenVoila(Voila):  # type: ignore[misc]
    """Voila, as an open page runs it: with all of its routes."""

    name = "voila"
    hosts: tuple[str, ...] = ()

    def start(self) -> None:
        """Serve until told to stop."""
        self.connection_dir = tempfile.mkdtemp(prefix="voila_", dir=self.connection_dir_root)
        self.app = PlacedApplication(**self.init_settings())
        self.app.settings.update({**self.tornado_settings, HOSTS: Hosts(self.hosts)})
        self.app.add_handlers(".*$", self.init_handlers())
        self.listen()


@functools.cache
def placed(handler_class: type[web.RequestHandler]) -> type[web.RequestHandler]:
    """Return a handler's class that looks first how a request comes."""
    return type(f"Placed{handler_class.__name__}", (Placed, handler_class), {})
