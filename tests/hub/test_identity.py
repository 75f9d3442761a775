"""Who is asking, as the page learns it from a real Hub, and what it does not believe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import httpx
import pytest
import tornado.web
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from profile_widgets.page import free_port
from profile_widgets.served import Visitor
from tests.hub.running import Hub, refused, websocket_headers, websocket_url

PAGE = "/services/profiles/"
KEY = "k" * 64
CONFIGURATION = """
import sys
c.JupyterHub.services.append({
    "name": "profiles",
    "url": os.environ["TEST_SERVICE_URL"],
    "command": [sys.executable, "-m", "tests.hub.asking_service"],
    "environment": {"PYTHONPATH": os.environ["PYTHONPATH"]},
    "oauth_no_confirm": True,
})
c.JupyterHub.services.append({"name": "office", "api_token": os.environ["TEST_KEY"]})
c.JupyterHub.load_roles.append(
    {"name": "visitors", "scopes": ["access:services!service=profiles"], "groups": ["profiles"]}
)
c.JupyterHub.load_roles.append(
    {"name": "office", "scopes": ["admin:users", "groups", "tokens", "access:services"], "services": ["office"]}
)
"""
FETCHED = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def hub(hub_proxy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    address = {"TEST_SERVICE_URL": f"http://127.0.0.1:{free_port()}", "TEST_KEY": KEY}
    with Hub(tmp_path_factory.mktemp("hub"), hub_proxy, CONFIGURATION, address) as running:
        running.await_path(PAGE, 200, 302)
        yield running


@pytest.fixture
def office(hub: Hub) -> Iterator[httpx.Client]:
    """Return who changes people and groups at the Hub."""
    headers = {"Authorization": f"token {KEY}"}
    with httpx.Client(base_url=f"{hub.url}/hub/api/", headers=headers, timeout=60) as client:
        yield client


def visitor_of(client: httpx.Client) -> Visitor:
    reply = client.get(PAGE)
    assert reply.status_code == 200, reply.text
    return Visitor.from_json(reply.text)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what the page hears of the Hub within the second that it believes an answer."""
    for _ in range(300):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("The page did not hear of it.")


def test_each_is_who_the_hub_says_with_the_groups_it_says(hub: Hub) -> None:
    with hub.sign_in("alice") as alice, hub.sign_in("bob") as bob:
        assert visitor_of(alice) == Visitor("alice", ("profiles", "data-science"), "jupyterhub")
        assert visitor_of(bob) == Visitor("bob", ("profiles",), "jupyterhub")


def test_who_is_not_allowed_this_service_is_nobody_and_does_not_run_in_circles(hub: Hub) -> None:
    with hub.sign_in("mallory") as mallory:
        reply = mallory.get(PAGE)
        assert reply.status_code == 403
        assert reply.url.path == "/hub/api/oauth2/authorize"


def test_who_is_not_signed_in_is_sent_to_the_hub(hub: Hub) -> None:
    with httpx.Client(base_url=hub.url) as nobody:
        reply = nobody.get(f"{PAGE}?theme=dark")
        assert reply.status_code == 302
        assert reply.headers["Location"].startswith("/hub/api/oauth2/authorize?")
        assert "state=" in reply.headers["Location"]
        has_proof = metadata.version("jupyterhub") >= "6"  # before, JupyterHub had no proof key
        assert ("code_challenge=" in reply.headers["Location"]) == has_proof


def test_a_sign_in_comes_back_to_what_was_asked_for(hub: Hub) -> None:
    with hub.sign_in("alice") as alice:
        assert alice.get(f"{PAGE}?theme=dark").url.query == b"theme=dark"


def test_a_token_in_an_address_or_a_header_says_nothing(hub: Hub, office: httpx.Client) -> None:
    scopes = {"scopes": ["access:services!service=profiles", "read:users:name!user", "read:users:groups!user"]}
    token = office.post("users/alice/tokens", json=scopes).json()["token"]
    with httpx.Client(base_url=hub.url) as nobody:
        assert nobody.get("/hub/api/user", headers={"Authorization": f"token {token}"}).json()["name"] == "alice"
        assert refused(nobody, f"{PAGE}?token={token}") == 302
        assert refused(nobody, PAGE, headers={"Authorization": f"token {token}"}) == 302
        assert refused(nobody, PAGE, headers={"Authorization": f"token {KEY}"}) == 302
        assert refused(nobody, PAGE, headers={"Cookie": f"service-profiles={token}"}) == 302
        with pytest.raises(InvalidStatus, match="403"), connect(websocket_url(hub, f"{PAGE}socket?token={token}")):
            pass


def test_a_websocket_belongs_to_the_cookie_that_it_comes_with(hub: Hub) -> None:
    address = websocket_url(hub, f"{PAGE}socket")
    with hub.sign_in("alice") as alice, hub.sign_in("bob") as bob:
        for client, name in ((alice, "alice"), (bob, "bob")):
            client.get(PAGE)
            with connect(address, additional_headers=websocket_headers(client, PAGE)) as socket:
                assert json.loads(socket.recv())["name"] == name
    with pytest.raises(InvalidStatus, match="403"), connect(address):
        pass


def test_a_script_of_another_page_on_this_host_gets_files_only(hub: Hub) -> None:
    with hub.sign_in("alice") as alice:
        token = alice.get(PAGE).headers["X-Token"]
        assert refused(alice, f"{PAGE}files/conftest.py", headers=FETCHED) == 200
        assert refused(alice, PAGE, headers=FETCHED) == 302
        assert alice.post(PAGE, headers=FETCHED).status_code == 403
        known = {**FETCHED, "X-XSRFToken": token}
        assert Visitor.from_json(alice.post(PAGE, headers=known).text).name == "alice"


def test_a_sign_in_ends_in_the_browser_that_began_it_only(hub: Hub) -> None:
    with hub.sign_in("alice") as alice, hub.sign_in("bob") as bob:
        begun = bob.get(PAGE, follow_redirects=False).headers["Location"]
        answer = bob.get(begun, follow_redirects=False).headers["Location"]
        assert "oauth_callback?code=" in answer
        assert alice.get(answer).status_code == 403
        reply = bob.get(answer, follow_redirects=False)
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert visitor_of(bob).name == "bob"


def test_who_signs_out_of_the_hub_is_nobody_here(hub: Hub) -> None:
    with hub.sign_in("alice") as alice:
        visitor_of(alice)
        cookies = {"Cookie": alice.build_request("GET", PAGE).headers["Cookie"]}
        alice.get("/hub/logout")
        with httpx.Client(base_url=hub.url) as thief:
            until(lambda: refused(thief, PAGE, headers=cookies) == 302)


def test_a_revoked_token_ends_a_visit_and_an_open_websocket_hears_of_it(hub: Hub, office: httpx.Client) -> None:
    address = websocket_url(hub, f"{PAGE}socket")
    with hub.sign_in("bob") as bob:
        visitor_of(bob)
        with connect(address, additional_headers=websocket_headers(bob, PAGE)) as socket:
            assert json.loads(socket.recv())["name"] == "bob"

            def is_nobody() -> bool:
                socket.send("Who am I?")
                return socket.recv() == "nobody"

            assert not is_nobody()
            revoke_all(office, "bob")
            until(is_nobody)
        until(lambda: refused(bob, PAGE) == 302)


def revoke_all(office: httpx.Client, name: str) -> None:
    """Take back every token that somebody's visits hold."""
    for token in office.get(f"users/{name}/tokens").json()["api_tokens"]:
        gone = office.delete(f"users/{name}/tokens/{token['id']}").status_code
        assert gone in (204, 404)  # those of one sign-in go together


def test_a_change_of_groups_is_heard_and_who_lost_access_is_refused(hub: Hub, office: httpx.Client) -> None:
    with hub.sign_in("bob") as bob:
        visitor_of(bob)
        try:
            office.post("groups/data-science/users", json={"users": ["bob"]})
            until(lambda: "data-science" in visitor_of(bob).groups)
            office.request("DELETE", "groups/profiles/users", json={"users": ["bob"]})
            until(lambda: refused(bob, PAGE) == 403)
        finally:
            office.request("DELETE", "groups/data-science/users", json={"users": ["bob"]})
            office.post("groups/profiles/users", json={"users": ["bob"]})


def test_while_the_hub_does_not_answer_nobody_is_known(tmp_path: Path) -> None:
    port, secret = free_port(), "s" * 40
    environment = {
        **os.environ,
        "TEST_COOKIE_SECRET": secret,
        "JUPYTERHUB_API_TOKEN": "t",
        "JUPYTERHUB_API_URL": f"http://127.0.0.1:{free_port()}/hub/api",
        "JUPYTERHUB_CLIENT_ID": "service-profiles",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:services!service=profiles"]',
        "JUPYTERHUB_SERVICE_NAME": "profiles",
        "JUPYTERHUB_SERVICE_PREFIX": PAGE,
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
    }
    cookie = tornado.web.create_signed_value(secret, "service-profiles", "a token").decode()
    with (tmp_path / "log").open("wb") as log:
        service = subprocess.Popen([sys.executable, "-m", "tests.hub.asking_service"], env=environment, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            until(lambda: answers(client))
            assert refused(client, PAGE) == 302
            assert refused(client, PAGE, headers={"Cookie": f"service-profiles={cookie}"}) == 503
    finally:
        service.terminate()
        service.wait()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/").status_code == 404
    except httpx.TransportError:
        return False
