"""The demo's front doors: each lets one visitor in, whatever the browser says of itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import pytest

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from profile_widgets.page.door import Door
from tests.page.conftest import write_notebook
from tests.page.visits import SECRET, Visit, ended, message, said


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    notebook = write_notebook(tmp_path_factory.mktemp("door") / "small.ipynb", "print('here')")
    with PageServer(notebook, closing=Closing(identity="proxy", secret=SECRET)) as server:
        yield server


@pytest.fixture(scope="module")
def doors(page: PageServer) -> Iterator[dict[str, Visit]]:
    with Door(page.port, headers("alice")) as alice, Door(page.port, headers("bob")) as bob:
        yield {"alice": Visit(alice.port), "bob": Visit(bob.port)}


def headers(name: str) -> dict[str, str]:
    return {"X-Forwarded-User": name, "X-Page-Secret": SECRET}


async def test_each_door_leads_to_a_kernel_of_its_own(doors: dict[str, Visit]) -> None:
    kernels = {name: visit.open() for name, visit in doors.items()}
    assert kernels["alice"] != kernels["bob"]
    for name, visit in doors.items():
        assert [each["id"] for each in visit.get("api/kernels").document] == [kernels[name]]
    async with doors["alice"].connected(kernels["alice"]) as channel:
        await channel.write_message(message("kernel_info_request"))
        assert (await said(channel, "kernel_info_reply"))["content"]["status"] == "ok"
    assert doors["bob"].get(f"api/kernels/{kernels['alice']}").status == 404


@pytest.mark.parametrize("name", ["X-Forwarded-User", "x-forwarded-user", "X-Forwarded-User "])
def test_what_a_browser_says_of_itself_is_left_out(doors: dict[str, Visit], name: str) -> None:
    with socket.create_connection(("127.0.0.1", doors["alice"].port), timeout=30) as connection:
        connection.sendall(f"GET /api/kernels HTTP/1.1\r\nHost: 127.0.0.1\r\n{name}: bob\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
    kernels_of_bob = [each["id"] for each in doors["bob"].get("api/kernels").document]
    assert not [kernel for kernel in kernels_of_bob if kernel.encode() in answer]


def test_a_second_request_behind_the_first_is_not_passed_on(doors: dict[str, Visit]) -> None:
    one = b"GET /voila/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    two = b"GET /api/kernels HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", doors["alice"].port), timeout=30) as connection:
        connection.sendall(one + two)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_request_behind_one_that_asks_for_another_protocol_is_not_passed_on(doors: dict[str, Visit]) -> None:
    one = b"GET /voila/health HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: x\r\n\r\n"
    two = b"GET /api/kernels HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-User: bob\r\n\r\n"
    with socket.create_connection(("127.0.0.1", doors["alice"].port), timeout=2) as connection:
        connection.sendall(one + two)
        answer = b""
        with contextlib.suppress(TimeoutError):  # the page may wait for what will not come
            while part := connection.recv(4096):
                answer += part
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_foreign_host_is_refused_behind_a_door_too(doors: dict[str, Visit]) -> None:
    assert doors["alice"].get("", Host="evil.example.net").status == 421


def test_what_is_no_http_is_hung_up_on(doors: dict[str, Visit]) -> None:
    with socket.create_connection(("127.0.0.1", doors["alice"].port), timeout=30) as connection:
        connection.sendall(b"no request at all")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(10) == b""


async def test_a_door_that_is_left_while_somebody_is_inside_says_nothing(
    page: PageServer, capfd: pytest.CaptureFixture[str]
) -> None:
    with Door(page.port, headers("carol")) as door:
        visit = Visit(door.port)
        kernel_id = visit.open()
        async with visit.connected(kernel_id) as channel:
            await asyncio.to_thread(door.__exit__, None, None, None)
            await ended(channel)
    assert "Traceback" not in capfd.readouterr().err
