"""A closed page, visited over plain HTTP and real websockets: who gets in, and to which kernel."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from tests.page.conftest import write_notebook
from tests.page.visits import NOBODYS_KERNEL, SECRET, Visit, ended, kernel_in, message, said

TOLD = """
import json, os
from ipywidgets import Text
told = {name: value for name, value in os.environ.items() if name.startswith(("PROFILE_WIDGETS_", "JUPYTERHUB_"))}
text = Text(json.dumps(told))
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    folder = tmp_path_factory.mktemp("closed")
    notebook = write_notebook(folder / "small.ipynb", TOLD, "print(text.value)")
    (folder / "beside.png").write_bytes(b"not for visitors")
    closing = Closing(identity="proxy", secret=SECRET, groups_header="X-Groups", hosts=("profiles.example.com",))
    surroundings = {"JUPYTERHUB_API_TOKEN": "of-the-server", "PROFILE_WIDGETS_VISITOR": "of-the-server"}
    with PageServer(notebook, closing=closing, environment={**os.environ, **surroundings}) as server:
        yield server


@pytest.fixture(scope="module")
def alice(page: PageServer) -> Visit:
    return Visit.of(page.port, "alice")


@pytest.fixture(scope="module")
def bob(page: PageServer) -> Visit:
    return Visit.of(page.port, "bob")


@pytest.fixture(scope="module")
def kernel_of_alice(alice: Visit) -> str:
    return alice.open()


ROUTES = ("", "api/kernels", f"api/kernels/{NOBODYS_KERNEL}", "voila/static/voila.js", "voila/files/beside.png", "x")


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-User": "alice"},
        {"X-Page-Secret": SECRET},
        {"X-Forwarded-User": "alice", "X-Page-Secret": "a-guess-of-thirty-two-characters!"},
        {"X-Forwarded-User": "", "X-Page-Secret": SECRET},
        {"X-Forwarded-User": "alice,bob", "X-Page-Secret": SECRET},
        {"X_Forwarded_User": "alice", "X_Page_Secret": SECRET},
        {"X-Forwarded-User": "alice", "X-Page-Secret": SECRET, "X-Groups": "ml,,"},
    ],
    ids=["nothing", "no secret", "no name", "a guess", "an empty name", "two names", "underscores", "odd groups"],
)
def test_nobody_gets_in_without_a_name_and_the_proxys_secret(
    page: PageServer, path: str, headers: dict[str, str]
) -> None:
    answer = Visit(page.port, headers).get(path)
    assert answer.status == 403
    assert "does not know who you are" in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example.net", "127.0.0.1.evil.example.net", "localhost.", "", "profiles.example.com:x"]
)
def test_a_foreign_host_is_refused_before_anything_else(page: PageServer, alice: Visit, host: str) -> None:
    for visit in (alice, Visit(page.port)):
        answer = visit.get("", Host=host)
        assert answer.status == 421
        assert "not known by the name" in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "Profiles.Example.com"])
def test_the_pages_own_names_are_known(alice: Visit, host: str) -> None:
    assert alice.get("api/kernels", Host=host).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/beside.png",
        "voila/files/small.ipynb",
        "small.ipynb",
        "voila/render/small.ipynb",
        "voila/tree",
        "voila/api/contents/",
        "voila/api/themes/x",
        "api/contents",
        "api/sessions",
        "api/terminals",
        "login",
        "logout",
        "metrics",
        f"voila/query/{NOBODYS_KERNEL}",
        f"voila/execution/{NOBODYS_KERNEL}",
        f"api/kernels/{NOBODYS_KERNEL}/restart",
        "voila/templates/lab/static/voila.js",
        "voila/templates/profile_widgets/static/../conf.json",
        "voila/templates/profile_widgets/static/%2e%2e/conf.json",
        "voila/static/../../../../../../etc/passwd",
        "voila/static/%2e%2e/%2e%2e/app.py",
        "voila/labextensions/../../kernels/python3/kernel.json",
        "voila/labextensions/%2e%2e/%2e%2e/kernels/python3/kernel.json",
    ],
)
def test_there_is_no_other_route(alice: Visit, path: str) -> None:
    answer = alice.get(path)
    assert answer.status in (403, 404), answer.text
    assert "not for visitors" not in answer.text


def test_a_kernel_is_told_whose_it_is_and_nothing_of_the_servers_own(page: PageServer) -> None:
    visit = Visit.of(page.port, "carol", X_Groups="ml, admins")
    text = visit.get("").text.replace("&#34;", '"')
    told = json.loads(
        text[text.index('{"PROFILE_WIDGETS') : text.index("}", text.index("PROFILE_WIDGETS_VISITOR")) + 3].split("\n")[
            0
        ]
    )
    assert json.loads(told.pop("PROFILE_WIDGETS_VISITOR")) == {
        "name": "carol",
        "groups": ["ml", "admins"],
        "source": "proxy",
    }
    assert not [name for name in told if name.startswith("JUPYTERHUB_")]


def test_each_visitor_is_told_of_their_own_kernels_only(alice: Visit, bob: Visit, kernel_of_alice: str) -> None:
    assert [each["id"] for each in alice.get("api/kernels").document] == [kernel_of_alice]
    assert bob.get("api/kernels").document == []
    model = alice.get(f"api/kernels/{kernel_of_alice}").document
    assert model["id"] == kernel_of_alice
    assert 0 < model["ends_in"] <= 30 * 60


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "api/kernels/{}"),
        ("DELETE", "api/kernels/{}"),
        ("POST", "api/kernels/{}/stay"),
        ("POST", "voila/api/shutdown/{}"),
    ],
)
def test_a_foreign_kernel_and_none_at_all_look_alike(
    alice: Visit, bob: Visit, kernel_of_alice: str, method: str, path: str
) -> None:
    foreign = bob.change(method, path.format(kernel_of_alice))
    nobodys = bob.change(method, path.format(NOBODYS_KERNEL))
    assert (foreign.status, foreign.text) == (nobodys.status, nobodys.text) == (404, nobodys.text)
    assert {*foreign.headers} == {*nobodys.headers}
    assert alice.get(f"api/kernels/{kernel_of_alice}").status == 200


async def test_a_visitor_talks_to_their_own_kernel(alice: Visit, kernel_of_alice: str) -> None:
    async with alice.connected(kernel_of_alice) as socket:
        await socket.write_message(message("kernel_info_request"))
        assert (await said(socket, "kernel_info_reply"))["content"]["status"] == "ok"


async def test_a_foreign_kernel_opens_no_websocket(bob: Visit, kernel_of_alice: str) -> None:
    for kernel_id in (kernel_of_alice, NOBODYS_KERNEL):
        with pytest.raises(HTTPClientError) as refused:
            async with bob.connected(kernel_id):
                pass
        assert refused.value.code == 404


@pytest.mark.parametrize("origin", ["http://evil.example.net", "null", "https://127.0.0.1", "file://", None])
async def test_a_websocket_comes_from_the_page_itself(alice: Visit, kernel_of_alice: str, origin: str | None) -> None:
    with pytest.raises(HTTPClientError) as refused:
        async with alice.connected(kernel_of_alice, origin):
            pass
    assert refused.value.code == 403


async def test_a_websocket_is_asked_who_it_is(page: PageServer, kernel_of_alice: str) -> None:
    for headers in ({}, {"X-Forwarded-User": "alice"}, {"X-Forwarded-User": "alice", "X-Page-Secret": "x" * 32}):
        with pytest.raises(HTTPClientError) as refused:
            async with Visit(page.port, headers).connected(kernel_of_alice):
                pass
        assert refused.value.code == 403


async def test_code_sent_over_a_websocket_is_not_run(alice: Visit, kernel_of_alice: str) -> None:
    code = {"code": "import os; os._exit(1)", "silent": True}
    async with alice.connected(kernel_of_alice) as socket:
        for channel in ("shell", "control"):
            await socket.write_message(message("execute_request", code, channel))
        await socket.write_message(message("comm_info_request"))
        assert (await said(socket, "comm_info_reply"))["content"]["status"] == "ok"


@pytest.mark.parametrize("header", ["X-XSRFToken", "Cookie"])
def test_another_site_cannot_end_a_kernel(alice: Visit, kernel_of_alice: str, header: str) -> None:
    token = "2|a1b2c3d4|00000000000000000000000000000000|1700000000"
    only = {"X-XSRFToken": {"X_XSRFToken": token}, "Cookie": {"Cookie": f"_xsrf={token}"}}[header]
    assert alice.ask("DELETE", f"api/kernels/{kernel_of_alice}", **only).status == 403
    foreign = alice.change("DELETE", f"api/kernels/{kernel_of_alice}", Origin="http://evil.example.net")
    assert foreign.status == 403
    assert alice.get(f"api/kernels/{kernel_of_alice}").status == 200


@pytest.mark.parametrize("kind", ["image", "iframe", "script", "empty", "embed"])
def test_another_sites_picture_or_frame_takes_no_kernel(alice: Visit, kernel_of_alice: str, kind: str) -> None:
    assert alice.get("", Sec_Fetch_Dest=kind).status == 403
    assert [each["id"] for each in alice.get("api/kernels").document] == [kernel_of_alice]


@pytest.mark.parametrize("path", ["", "api/kernels", "voila/static/voila.js", "x", "voila/health"])
def test_every_answer_has_the_headers_and_says_nothing_of_the_server(page: PageServer, alice: Visit, path: str) -> None:
    for visit in (alice, Visit(page.port)):
        headers = visit.get(path, Sec_Fetch_Dest="image").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src-attr 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(headers)


def test_a_link_on_another_site_takes_no_kernel_and_leads_on_to_the_page(alice: Visit, kernel_of_alice: str) -> None:
    answer = alice.get("?theme=dark", Sec_Fetch_Dest="document", Sec_Fetch_Site="cross-site")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    script = re.search(r'<script src="/([^"]+)">', answer.text)
    assert script, answer.text
    assert "location.replace" in alice.get(script[1]).text
    assert alice.get("", Sec_Purpose="prefetch;prerender").status == 403
    assert [each["id"] for each in alice.get("api/kernels").document] == [kernel_of_alice]


async def test_behind_tls_nothing_that_came_without_it_speaks_to_the_page(alice: Visit, kernel_of_alice: str) -> None:
    there = {"Host": "profiles.example.com", "X_Forwarded_Proto": "https, http"}
    with pytest.raises(HTTPClientError) as refused:
        async with alice.connected(kernel_of_alice, "http://profiles.example.com", **there):
            pass
    assert refused.value.code == 403
    async with alice.connected(kernel_of_alice, "https://profiles.example.com", **there) as socket:
        await socket.write_message(message("kernel_info_request"))
        assert (await said(socket, "kernel_info_reply"))["content"]["status"] == "ok"


def test_whoever_watches_over_the_server_needs_no_name(page: PageServer) -> None:
    assert Visit(page.port).get("voila/health").status == 204
    assert Visit(page.port).get("voila/health", Host="evil.example.net").status == 421


def test_a_kernel_that_its_visitor_ends_is_gone_for_everybody(page: PageServer) -> None:
    visit = Visit.of(page.port, "erin")
    kernel_id = visit.open()
    assert visit.change("DELETE", f"api/kernels/{kernel_id}").status == 204
    assert visit.get(f"api/kernels/{kernel_id}").status == 404


async def test_who_has_lost_a_group_has_lost_the_kernels_of_that_time(page: PageServer) -> None:
    before, after = Visit.of(page.port, "dave", X_Groups="admins"), Visit.of(page.port, "dave")
    kernel_id = before.open()
    async with before.connected(kernel_id) as socket:
        assert after.get(f"api/kernels/{kernel_id}").status == 404
        assert before.get(f"api/kernels/{kernel_id}").status == 404
        await ended(socket)


# -- limits --------------------------------------------------------------------------------------------------------


@pytest.fixture
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    notebook = write_notebook(tmp_path_factory.mktemp("narrow") / "small.ipynb", "print('here')")
    closing = Closing(
        identity="proxy", secret=SECRET, base_url="/my/page/", max_kernels=2, kernels_per_visitor=1, idle_minutes=0.1
    )
    with PageServer(notebook, closing=closing) as server:
        yield server


async def test_a_visitor_takes_no_more_than_their_share_and_a_page_left_alone_ends(narrow: PageServer) -> None:
    alice, bob, carol = (Visit.of(narrow.port, name) for name in ("alice", "bob", "carol"))
    for visit in (alice, bob, carol):
        visit.base_url = "/my/page/"
    kernel_id = alice.open()
    async with alice.connected(kernel_id):
        more = alice.get("")
        assert (more.status, more.headers["Retry-After"]) == (429, "30")
        assert "You have 1 of these pages open" in more.text
        kernel_of_bob = bob.open()
        too_many = carol.get("")
        assert too_many.status == 503
        assert "All places of this page are taken" in too_many.text
        until = time.monotonic() + 60
        while alice.get(f"api/kernels/{kernel_id}").status == 200:  # connected, and still ended
            assert bob.change("POST", f"api/kernels/{kernel_of_bob}/stay").status == 204
            assert time.monotonic() < until
            await asyncio.sleep(0.5)
    assert bob.get(f"api/kernels/{kernel_of_bob}").status == 200
    assert carol.open()


async def go_on_writing(line: WebSocketClientConnection, text: str) -> None:
    while True:
        await line.write_message(text)
        await asyncio.sleep(0.2)


async def test_a_page_that_nobody_touches_ends_however_often_its_websocket_opens_again(narrow: PageServer) -> None:
    alice, bob = (Visit.of(narrow.port, name) for name in ("alice", "bob"))
    alice.base_url = bob.base_url = "/my/page/"
    untouched, used = alice.open(), bob.open()
    asked_states = message("comm_msg", {"comm_id": "1", "data": {"method": "request_states"}})
    changed = message("comm_msg", {"comm_id": "1", "data": {"method": "update", "state": {}}})
    until = time.monotonic() + 60
    async with bob.connected(used) as line:
        using = asyncio.ensure_future(go_on_writing(line, changed))
        while (await asyncio.to_thread(alice.get, f"api/kernels/{untouched}")).status == 200:
            assert time.monotonic() < until
            with suppress(HTTPClientError, WebSocketClosedError):  # it may have ended just now
                async with alice.connected(untouched) as socket:
                    await socket.write_message(message("kernel_info_request"))
                    await socket.write_message(asked_states)
            await asyncio.sleep(0.5)
        using.cancel()
    assert bob.get(f"api/kernels/{used}").status == 200


@pytest.mark.parametrize("proxied", [True, False], ids=["closed", "open"])
def test_the_log_says_once_why_requests_are_refused_and_holds_nothing_of_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], proxied: bool
) -> None:
    notebook = write_notebook(tmp_path / "small.ipynb", "print('here')")
    closing = Closing(identity="proxy", secret=SECRET, groups_header="X-Groups") if proxied else None
    with PageServer(notebook, closing=closing) as server:
        for _ in range(3):
            Visit(server.port).get("")
            Visit(server.port, {"X-Page-Secret": "a-guess"}).get("")
            Visit(server.port, {"X-Page-Secret": SECRET}).get("")
            Visit.of(server.port, "mallory mallory").get("")
            Visit.of(server.port, "mallory", X_Groups="mallory,,").get("")
            Visit.of(server.port, "mallory").get("", Host="evil.example.net")
            Visit.of(server.port, "mallory").change("DELETE", "api/kernels", Origin="http://evil.example.net")
    logged = capfd.readouterr().err
    of_both = ["the name in Host is none of the page's", "Origin does not fit Host"]
    of_a_proxy = ["no X-Page-Secret came", "X-Page-Secret does not hold the secret", "no X-Forwarded-User came"]
    of_a_proxy += ["X-Forwarded-User holds what is no name", "X-Groups holds no list of groups"]
    for reason in of_both + of_a_proxy:
        assert logged.count(reason) == (1 if proxied or reason in of_both else 0), logged
    assert not [word for word in (SECRET, "mallory", "evil", "a-guess") if word in logged]


def test_the_log_holds_no_query_and_no_secret(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    notebook = write_notebook(tmp_path / "small.ipynb", "print('here')")
    with PageServer(notebook, closing=Closing(identity="proxy", secret=SECRET)) as server:
        alice = Visit.of(server.port, "alice", Referer="http://evil.example.net/?referred")
        for path in ("", "x", f"api/kernels/{NOBODYS_KERNEL}", f"api/kernels/{NOBODYS_KERNEL}/channels"):
            Visit(server.port).get(f"{path}?token={SECRET}&X-Forwarded-User=mallory")
            alice.ask("DELETE", f"{path}?token={SECRET}")
    logged = capfd.readouterr().err
    assert "403 GET /x" in logged
    assert not [word for word in (SECRET, "mallory", "referred", "token") if word in logged]


def test_the_first_bytes_say_that_the_page_is_starting_before_there_is_a_kernel(alice: Visit) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", alice.port, timeout=60)
    try:
        connection.request("GET", "/", headers=alice.headers)
        reply = connection.getresponse()
        seen = b""
        while b"<main" not in seen:  # the kernel's part of the document comes after this
            part = reply.read1(4096)
            assert part, seen
            seen += part
        assert b"Starting A small page ..." in seen
        assert b"pwp-kernel" not in seen
        rest = reply.read().decode()
    finally:
        connection.close()
    assert alice.change("DELETE", f"api/kernels/{kernel_in(rest)}").status == 204


def test_a_page_that_is_left_before_it_is_there_keeps_no_place(page: PageServer) -> None:
    grace = Visit.of(page.port, "grace")
    for _ in range(3):  # as many as a visitor may have
        connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
        connection.request("GET", "/", headers=grace.headers)
        assert connection.getresponse().status == 200
        connection.close()
    assert grace.get("").status == 429
    until = time.monotonic() + 90
    while grace.get("").status != 200:
        assert time.monotonic() < until
        time.sleep(0.2)
