"""A page of one's own: other sites cannot reach it, though it knows nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from profile_widgets.page import PageServer
from tests.page.conftest import write_notebook
from tests.page.visits import NOBODYS_KERNEL, Visit, message, said

EVIL = "evil.example.net"


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    notebook = write_notebook(tmp_path_factory.mktemp("opened") / "small.ipynb", "print('here')")
    with PageServer(notebook, hosts=["my.example.com"]) as server:
        yield Visit(server.port)


@pytest.fixture(scope="module")
def kernel(visit: Visit) -> str:
    return visit.open()


@pytest.mark.parametrize("path", ["", f"api/kernels/{NOBODYS_KERNEL}", "voila/static/voila.js", "x"])
def test_a_foreign_name_that_resolves_to_this_machine_reaches_nothing(visit: Visit, path: str) -> None:
    for host in (EVIL, f"{EVIL}:{visit.port}", f"127.0.0.1.{EVIL}", "10.0.0.1", ""):
        answer = visit.get(path, Host=host)
        assert answer.status == 421, host
        assert "not known by the name" in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:1", "my.example.com", "My.example.com:443"])
def test_this_machines_names_and_the_allowed_ones_are_known(visit: Visit, host: str) -> None:
    assert visit.get("voila/static/voila.js", Host=host).status == 200


async def test_a_foreign_site_opens_no_websocket(visit: Visit, kernel: str) -> None:
    place = f"{EVIL}:{visit.port}"
    attempts = [
        (f"http://{place}", {"Host": place}, 421),
        (f"http://{place}", {}, 403),
        ("null", {}, 403),
        (None, {}, 403),
    ]
    for origin, headers, status in attempts:
        with pytest.raises(HTTPClientError) as refused:
            async with visit.connected(kernel, origin, **headers):
                pass
        assert refused.value.code == status, origin


@pytest.mark.parametrize("origin", ["", "http://my.example.com"])
async def test_the_page_itself_opens_one(visit: Visit, kernel: str, origin: str) -> None:
    headers = {"Host": "my.example.com"} if origin else {}
    async with visit.connected(kernel, origin, **headers) as socket:
        await socket.write_message(message("kernel_info_request"))
        assert (await said(socket, "kernel_info_reply"))["content"]["status"] == "ok"


def test_a_foreign_site_ends_no_kernel(visit: Visit, kernel: str) -> None:
    assert visit.change("POST", f"voila/api/shutdown/{kernel}", Origin=f"http://{EVIL}").status == 403
    assert visit.get(f"api/kernels/{kernel}").status == 200


@pytest.mark.parametrize("kind", ["image", "iframe", "script"])
def test_a_foreign_sites_picture_or_frame_starts_no_kernel(visit: Visit, kind: str) -> None:
    answer = visit.get("", Sec_Fetch_Dest=kind)
    assert (answer.status, "pwp-kernel" in answer.text) == (403, False)


def test_a_foreign_sites_link_leads_on_and_starts_no_kernel_by_itself(visit: Visit) -> None:
    answer = visit.get("", Sec_Fetch_Dest="document", Sec_Fetch_Site="cross-site")
    assert answer.status == 200
    assert "onward.js" in answer.text
    assert "pwp-kernel" not in answer.text
    assert visit.get("voila/templates/profile_widgets/static/onward.js").status == 200


def test_no_answer_says_which_server_this_is(visit: Visit) -> None:
    for path in ("", "voila/static/voila.js", "x/y"):
        headers = visit.get(path, Sec_Fetch_Dest="image").headers
        assert "Server" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_name_may_be_allowed_on_the_command_line(tmp_path: Path) -> None:
    from tests.test_cli import address_in, running

    notebook = write_notebook(tmp_path / "small.ipynb", "print('here')")
    with running("serve", str(notebook), "--no-browser", "--allowed-host", "my.example.com", until="Stop with") as (
        _,
        printed,
    ):
        port = int(address_in(printed, "page:").rstrip("/").rpartition(":")[2])
        visit = Visit(port)
        assert visit.get("voila/static/voila.js", Host="my.example.com").status == 200
        assert visit.get("voila/static/voila.js", Host=EVIL).status == 421
