"""The routes of a closed page: the page, its kernel, its files; there are no others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from profile_widgets.page.arriving import sent_onward
from profile_widgets.page.gate import GATE, Closed, Gate
from profile_widgets.page.settings import INSTANCE, TEMPLATE
from profile_widgets.page.using import is_use
from profile_widgets.served import Visitor

START = "profile_widgets_start"
"""The name, among tornado's settings, of what gives a visitor's kernel its environment and starts it."""
_KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

StartKernel = Callable[[Visitor, dict[str, Any]], Awaitable[tuple[str, "asyncio.Task[Any]"]]]


class _OwnKernels:
    """Jupyter's kernel manager, as one visitor's page sees it."""

    def __init__(self, manager: Any, page: Page) -> None:
        self._manager, self._page = manager, page

    async def start_kernel(self, **options: Any) -> str:
        return await self._page.begin(options)

    def get_kernel(self, _kernel_id: str) -> Any:
        return self._page.kernel

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)


class Page(Closed, TornadoVoilaHandler):  # type: ignore[misc]
    """Show the notebook to a visitor, with a kernel of their own."""

    is_the_page = True
    kernel: asyncio.Task[Any] | None = None
    _kernel_id = ""
    _left = False

    @property
    def kernel_manager(self) -> Any:
        """What starts the visitor's kernel, in the visitor's name."""
        return _OwnKernels(self.settings["kernel_manager"], self)

    async def get(self, path: str | None = None) -> None:  # noqa: ARG002 - Voila would look for a file of that name
        """Write the page, while the kernel runs the notebook."""
        if sent_onward(self, self.settings["base_url"]):  # another site would take a kernel for nothing
            return
        _ = self.xsrf_token  # without this cookie the page may not end its kernel when it is left
        try:
            await TornadoVoilaHandler.get(self, path=None)
        finally:
            if self._left and self._kernel_id:
                await self._gate.kernels.end(self._kernel_id)
            else:
                self._gate.kernels.loaded(self._kernel_id)

    def on_connection_close(self) -> None:
        """Remember that the page was left before it was there, so that its kernel goes too."""
        super().on_connection_close()
        self._left = True

    @property
    def _gate(self) -> Gate:
        gate: Gate = self.settings[GATE]
        return gate

    async def begin(self, options: dict[str, Any]) -> str:
        """Begin to start the visitor's kernel; return its id. What comes of it is :attr:`kernel`."""
        assert self.visitor is not None
        start: StartKernel = self.settings[START]
        self._kernel_id, self.kernel = await start(self.visitor, options)
        return self._kernel_id

    def write(self, chunk: Any) -> None:
        """Write a part of the page; give up when its kernel could not be started: Voila would wait for ever."""
        if self.kernel is not None and self.kernel.done():
            kernel, self.kernel = self.kernel, None  # once: the page that says so is written here too
            kernel.result()
        super().write(chunk)


class OwnList(Closed, JupyterHandler):
    """List a visitor's own kernels."""

    async def get(self) -> None:
        """Write their models."""
        assert self.visitor is not None
        gate: Gate = self.settings[GATE]
        models = [_model(self, kernel_id) for kernel_id in gate.kernels.of(self.visitor)]
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(models))


class OneKernel(Closed, KernelHandler):
    """Tell how a kernel is and how long it stays, or end it."""

    async def get(self, kernel_id: str) -> None:
        """Write its model; ``ends_in`` is the seconds until it is ended when nothing happens on its page."""
        self.finish(json.dumps(_model(self, kernel_id)))

    async def delete(self, kernel_id: str) -> None:
        """End it."""
        await self.settings[GATE].kernels.end(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()


class Stay(Closed, JupyterHandler):
    """Begin a kernel's idle time anew."""

    def post(self, kernel_id: str) -> None:
        """Do it."""
        self.settings[GATE].kernels.stay(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)


class Leave(Closed, JupyterHandler):
    """End a kernel when its page is left: the front end's last word."""

    async def post(self, kernel_id: str) -> None:
        """Do it."""
        await self.settings[GATE].kernels.end(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)


class Health(Closed, web.RequestHandler):
    """Say that the page's server lives, to whoever watches over it."""

    def get(self) -> None:
        """Answer with nothing but which page this is."""
        self.set_header(INSTANCE, self.settings[INSTANCE])
        self.set_status(HTTPStatus.NO_CONTENT)


class Channels(Closed, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """Carry messages between a page and its kernel."""

    async def open(self, kernel_id: str) -> None:
        """Begin; from now on the gate asks now and then whether the visitor is still there."""
        self.settings[GATE].watch(self)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message on; what a person does begins the idle time anew, what the front end does by itself not."""
        if is_use(ws_message, self.selected_subprotocol):
            self.settings[GATE].kernels.stay(self.kernel_id)
        super().on_message(ws_message)


class Extension(Closed, FileFindHandler):
    """Serve the front-end parts of the widget libraries."""


def routes(app: Any, at: Callable[[str], str]) -> list[Any]:
    """Return the routes of a page of Voila's; ``at`` puts a path behind the page's base URL."""
    page = {
        "notebook_path": _beside(app.notebook_path, app.root_dir),
        "template_paths": app.template_paths,
        "config": app.config,
        "voila_configuration": app.voila_configuration,
    }
    static = {"paths": app.static_paths}
    extensions = {"path": app.labextensions_path, "no_cache_paths": ["/"]}
    return [
        (at(""), Page, page),
        (at("api/kernels"), OwnList),
        (at(f"api/kernels/{_KERNEL}"), OneKernel),
        (at(f"api/kernels/{_KERNEL}/stay"), Stay),
        (at(f"api/kernels/{_KERNEL}/channels"), Channels),
        (at(f"voila/api/shutdown/{_KERNEL}"), Leave),
        (at(rf"voila/templates/({TEMPLATE}/static/[\w-]+(?:[./][\w-]+)*)"), TemplateStaticFileHandler),
        (at("voila/health"), Health),
        (at("voila/static/(.+)"), MultiStaticFileHandler, static),
        (at("voila/labextensions/(.+)"), Extension, extensions),
    ]


def _beside(path: str, folder: str) -> str:
    import os.path

    return os.path.relpath(path, folder)


def _model(handler: web.RequestHandler, kernel_id: str) -> dict[str, Any]:
    model: dict[str, Any] = handler.settings["kernel_manager"].kernel_model(kernel_id)
    gate: Gate = handler.settings[GATE]
    return {**model, "ends_in": round(gate.kernels.ends_in(kernel_id), 1)}
