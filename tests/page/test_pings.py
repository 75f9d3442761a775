"""A websocket that answers stays open, however long the page stands."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.websocket import WebSocketHandler, websocket_connect

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from profile_widgets.page.settings import closed_settings, voila_settings
from tests.page.conftest import write_notebook
from tests.page.visits import SECRET, Visit, message, said

FASTER = 60


class Line(WebSocketMixin, WebSocketHandler):
    """What Jupyter does with pings, without a kernel behind it."""

    log = logging.getLogger(__name__)

    def check_origin(self, origin: str) -> bool:
        return bool(origin)

    def prepare(self) -> None:
        """Let everybody in."""


@pytest.fixture(params=["open", "closed"])
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A websocket with the page's own settings, sixty times as fast."""
    settings = voila_settings(1, own_page=True)
    if request.param == "closed":
        settings = closed_settings(settings, "127.0.0.1", "/")
    pings: dict[str, Any] = settings["Voila"]["tornado_settings"]
    application = web.Application([("/", Line)], **{name: value / FASTER for name, value in pings.items()})
    socket, port = bind_unused_port()
    server = HTTPServer(application)
    server.add_socket(socket)
    yield f"ws://127.0.0.1:{port}/"
    server.stop()
    await server.close_all_connections()


async def test_a_websocket_that_answers_is_not_closed_at_its_first_pings(address: str) -> None:
    socket = await websocket_connect(address)
    reading = asyncio.ensure_future(socket.read_message())  # answers the pings meanwhile
    done, _ = await asyncio.wait([reading], timeout=2.5)  # five pings
    assert not done, "the websocket was closed"
    socket.close()
    assert await reading is None


@pytest.mark.long
@pytest.mark.parametrize("closing", [None, Closing(identity="proxy", secret=SECRET)], ids=["open", "closed"])
async def test_a_page_that_stands_for_more_than_two_pings_keeps_its_websocket(
    tmp_path: Path, closing: Closing | None
) -> None:
    notebook = write_notebook(tmp_path / "small.ipynb", "print('here')")
    with PageServer(notebook, closing=closing) as server:
        visit = Visit.of(server.port, "alice")
        async with visit.connected(visit.open()) as socket:
            until = time.monotonic() + 70
            while time.monotonic() < until:
                await socket.write_message(message("kernel_info_request"))
                assert (await said(socket, "kernel_info_reply"))["content"]["status"] == "ok"
                await asyncio.sleep(5)
