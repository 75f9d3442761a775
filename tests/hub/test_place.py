"""What a Hub tells the page in its environment, and what is missing in words."""

from __future__ import annotations

import shlex

import pytest

from profile_widgets.page.hub import HubIdentity, HubPlace, hub_place, refusals
from tests.hub.running import ROOT

SERVICE = {
    "JUPYTERHUB_API_TOKEN": "t",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
    "JUPYTERHUB_CLIENT_ID": "service-profiles",
    "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:services!service=profiles"]',
    "JUPYTERHUB_SERVICE_NAME": "profiles",
    "JUPYTERHUB_SERVICE_PREFIX": "/services/profiles/",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101",
    "JUPYTERHUB_USER": "root",
}
SERVER = {
    **{name: value for name, value in SERVICE.items() if name != "JUPYTERHUB_SERVICE_NAME"},
    "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-alice",
    "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:servers!server=alice/"]',
    "JUPYTERHUB_SERVICE_PREFIX": "/user/alice/",
    "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/alice/",
    "JUPYTERHUB_PUBLIC_URL": "https://hub.example.com/user/alice/",
    "JUPYTERHUB_USER": "alice",
}


@pytest.fixture(autouse=True)
def _with_jupyterhub() -> None:
    pytest.importorskip("jupyterhub")


def test_a_service_is_everybodys() -> None:
    assert hub_place(SERVICE) == HubPlace("127.0.0.1", 10101, "/services/profiles/")


def test_a_persons_own_server_has_an_owner() -> None:
    assert hub_place(SERVER) == HubPlace("0.0.0.0", 8888, "/user/alice/", "hub.example.com", "alice")


def test_a_hub_that_says_all_addresses_by_saying_none_is_understood() -> None:
    assert hub_place({**SERVICE, "JUPYTERHUB_SERVICE_URL": "http://:8888"}).ip == "0.0.0.0"


def test_what_a_hub_told_is_enough() -> None:
    assert refusals(SERVICE) == refusals(SERVER) == ()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JUPYTERHUB_API_TOKEN", "", "JUPYTERHUB_API_TOKEN is not set"),
        ("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1", "has no port"),
        ("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:many", "has no port"),
        ("JUPYTERHUB_OAUTH_ACCESS_SCOPES", "[]", "nobody could come in"),
        ("JUPYTERHUB_OAUTH_ACCESS_SCOPES", "everything", "nobody could come in"),
        ("JUPYTERHUB_OAUTH_ACCESS_SCOPES", '"access:services"', "nobody could come in"),
        ("JUPYTERHUB_ALLOW_WEBSOCKET_COOKIE_AUTH", "0", "forbids cookies on websockets"),
    ],
)
def test_what_is_missing_is_said_and_the_page_does_not_start(name: str, value: str, words: str) -> None:
    environment = {**SERVICE, name: value}
    assert len(refusals(environment)) == 1
    assert words in refusals(environment)[0]
    with pytest.raises(ValueError, match=words):
        HubIdentity.from_environment(environment)


def test_a_process_that_no_hub_started_knows_no_place() -> None:
    with pytest.raises(ValueError, match="JUPYTERHUB_SERVICE_URL"):
        hub_place({})


def test_what_the_documentation_sets_for_a_page_that_runs_by_itself_is_enough() -> None:
    text = (ROOT / "docs" / "jupyterhub.md").read_text()
    block = text.partition("export ")[2].partition("profile-widgets serve")[0]
    environment = dict(each.split("=", 1) for each in shlex.split(block.replace("\\\n", " ")))
    assert refusals(environment) == ()
    assert hub_place(environment) == HubPlace("10.0.0.7", 10101, "/services/profiles/", "hub.example.com")
