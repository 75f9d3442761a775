"""The gate: no handler goes round it, and it asks again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

from profile_widgets.page.gate import GATE, ClosedApplication, Gate
from profile_widgets.page.hosts import Hosts
from profile_widgets.page.kernels import Kernels
from profile_widgets.served import Visitor
from tests.page.visits import ended

ALICE = Visitor("alice", ("ml",), "jupyterhub")


class SignIn:
    """A sign-in that somebody can be signed out of, and that can stop answering."""

    source = "jupyterhub"
    knows_later = True

    def __init__(self) -> None:
        self.says: Visitor | None = ALICE
        self.answers = True

    async def visitor(self, _handler: Any) -> Visitor | None:
        if not self.answers:
            raise web.HTTPError(503)
        return self.says

    def handlers(self, base_url: str) -> list[Any]:
        return [(f"{base_url}back", Back)]

    def login_url(self, handler: Any) -> str | None:
        return None if handler.request.arguments else "/sign-in"


class Back(web.RequestHandler):
    def get(self) -> None:
        self.write("signed in")


class Plain(web.RequestHandler):
    """A handler that knows nothing of the gate."""

    def get(self, kernel_id: str = "") -> None:
        self.write(f"inside {kernel_id}".strip())


class Shown(Plain):
    is_the_page = True


class Broken(web.RequestHandler):
    def get(self) -> None:
        raise RuntimeError("a secret of the server")


class Line(WebSocketHandler):
    kernel_id = ""

    def open(self, kernel_id: str) -> None:
        self.kernel_id = kernel_id
        self.settings[GATE].watch(self)

    def on_message(self, message: str | bytes) -> None:
        self.write_message(message)


class Running(set[str]):
    """Stand where Jupyter's manager of kernels stands: the kernels that live."""

    async def shutdown_kernel(self, kernel_id: str) -> None:
        self.discard(kernel_id)


class Place:
    """A gate with an application behind it."""

    def __init__(self, sign_in: SignIn, gate: Gate, port: int, kernel_id: str) -> None:
        self.sign_in, self.gate, self.port, self.kernel_id = sign_in, gate, port, kernel_id

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = HTTPRequest(f"http://127.0.0.1:{self.port}{path}", headers=headers, follow_redirects=False)
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        return answer.code, answer.headers.get("Location") or answer.body.decode()

    @asynccontextmanager
    async def line(self) -> AsyncIterator[WebSocketClientConnection]:
        url = f"ws://127.0.0.1:{self.port}/line/{self.kernel_id}"
        line = await websocket_connect(HTTPRequest(url, headers={"Origin": f"http://127.0.0.1:{self.port}"}))
        try:
            yield line
        finally:
            line.close()
            await ended(line)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    sign_in, running = SignIn(), Running()
    kernels = Kernels(running, in_all=2, per_visitor=1, idle_seconds=60)
    kernel_id = await kernels.take(ALICE)
    running.add(kernel_id)
    kernels.started(kernel_id)
    gate = Gate(sign_in, kernels, Hosts(), [Back])
    routes = [
        ("/", Shown),
        ("/plain", Plain),
        ("/broken", Broken),
        (r"/kernel/(?P<kernel_id>.+)", Plain),
        (r"/line/(?P<kernel_id>.+)", Line),
    ]
    application = ClosedApplication([*routes, *sign_in.handlers("/")])
    application.settings[GATE] = gate
    socket, port = bind_unused_port()
    server = HTTPServer(application)
    server.add_socket(socket)
    yield Place(sign_in, gate, port, kernel_id)
    server.stop()
    await server.close_all_connections()


async def test_a_handler_that_knows_nothing_of_the_gate_stands_behind_it(place: Place) -> None:
    assert await place.get("/plain") == (200, "inside")
    place.sign_in.says = None
    assert (await place.get("/plain"))[0] == 403
    assert (await place.get("/nowhere"))[0] == 403


async def test_an_unknown_visitor_of_the_page_is_sent_to_the_sign_in_and_of_nothing_else(place: Place) -> None:
    place.sign_in.says = None
    assert await place.get("/") == (302, "/sign-in")
    assert (await place.get("/plain"))[0] == 403
    assert (await place.get("/?known=but-not-let-in"))[0] == 403
    assert (await place.get("/", Host="evil.example.net"))[0] == 421


async def test_the_sign_ins_own_route_needs_no_visitor_but_a_known_host(place: Place) -> None:
    place.sign_in.says = None
    assert await place.get("/back") == (200, "signed in")
    assert (await place.get("/back", Host="evil.example.net"))[0] == 421


async def test_a_sign_in_that_does_not_answer_lets_nobody_in(place: Place) -> None:
    place.sign_in.answers = False
    status, text = await place.get("/plain")
    assert status == 503
    assert "the sign-in does not answer" in text


async def test_what_fails_behind_the_gate_is_told_without_its_cause(place: Place) -> None:
    status, text = await place.get("/broken")
    assert status == 500
    assert "secret" not in text
    assert "Traceback" not in text


async def test_a_websocket_lives_while_its_visitor_does(place: Place) -> None:
    async with place.line() as line:
        place.sign_in.answers = False
        await place.gate.ask_again()
        place.sign_in.answers = True
        await place.gate.ask_again()
        await line.write_message("still here")
        assert await line.read_message() == "still here"
        place.sign_in.says = None
        await place.gate.ask_again()
        await ended(line)
        assert line.close_code == 1008


async def test_a_websocket_behind_a_proxy_lives_while_the_proxy_lets_its_page_ask(place: Place) -> None:
    place.sign_in.knows_later = False
    held = place.gate.kernels._places[place.kernel_id]
    async with place.line() as line:
        held.vouched -= 1000
        assert (await place.get(f"/kernel/{place.kernel_id}"))[0] == 200
        await place.gate.ask_again()
        await line.write_message("still here")
        assert await line.read_message() == "still here"
        held.vouched -= 1000
        assert (await place.get("/plain"))[0] == 200  # about no kernel
        await place.gate.ask_again()
        await ended(line)
        assert line.close_code == 1001
    async with place.line() as line:
        await place.gate.ask_again()
        await line.write_message("here again")
        assert await line.read_message() == "here again"


@pytest.mark.parametrize(
    "who",
    [Visitor("bob", ("ml",), "jupyterhub"), Visitor("alice", (), "jupyterhub"), Visitor("alice", ("ml",), "proxy")],
)
async def test_a_websocket_ends_when_its_visitor_is_somebody_else_now(place: Place, who: Visitor) -> None:
    async with place.line() as line:
        place.sign_in.says = who
        await place.gate.ask_again()
        await ended(line)
    with pytest.raises(HTTPClientError) as refused:
        async with place.line():
            pass
    assert refused.value.code == 404


async def test_a_websocket_ends_with_its_kernel(place: Place) -> None:
    async with place.line() as line:
        place.gate.close_sockets("another kernel")
        await line.write_message("still here")
        assert await line.read_message() == "still here"
        place.gate.close_sockets(place.kernel_id)
        await ended(line)
        assert line.close_code == 1001
