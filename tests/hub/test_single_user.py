"""The page as what a real JupyterHub starts for each person: two servers, from the deployment's own configuration."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.browser.page_driver import ProfilePage
from tests.hostile.client import Channels, Page, Refused
from tests.hub.company import TYPE, Company, address, change_type, company, person, sign_in_with
from tests.hub.running import Hub, let_in, refused

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def office(hub_proxy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("servers")
    settings = {"PROFILES_AUDIT": str(folder / "audit"), "PROFILES_AWS_PROFILE": "person-{name}"}
    with company(folder, hub_proxy, "single_user.py", **settings) as running:
        yield running


def opened(hub: Hub, client: httpx.Client, name: str) -> None:
    """Have the Hub start somebody's server, and wait until it lets them in."""
    client.get("/hub/spawn", follow_redirects=False)  # followed, it would open the page and take a kernel
    for _ in range(600):
        if refused(client, f"/user/{name}/voila/health") == 204:
            let_in(client, f"/user/{name}/")
            return
        time.sleep(0.2)
    raise AssertionError(hub.log)


def test_each_changes_their_own_profile_with_their_own_credentials(browser: Browser, office: Company) -> None:
    for name, value in (("alice", "ml.t3.large"), ("bob", "ml.t3.medium")):
        page = ProfilePage(sign_in_with(browser, office.hub, name, f"/user/{name}/", "/hub/spawn"))
        change_type(page, name, value)
        assert office.stored(name, TYPE) == value
        told = {line["call"]: line for line in office.audit(f"{name}.jsonl") if "Update" in line["operation"]}
        assert [(line["visitor"], line["outcome"]) for line in told.values()] == [(name, "done")]
        page.tab.context.close()
    writes = [call for call in office.sandbox.calls if call.operation == "UpdateUserProfile"]
    assert [(call.caller.rpartition("/")[2], call.source_identity) for call in writes] == [
        ("alice", "alice"),
        ("bob", "bob"),
    ]


def test_nobody_reaches_the_server_or_the_kernel_of_somebody_else(office: Company) -> None:
    hub = office.hub
    with hub.sign_in("alice") as alice, hub.sign_in("bob") as bob:
        opened(hub, alice, "alice")
        opened(hub, bob, "bob")
        there = address(hub, "/user/bob/")
        with Page(there, person(bob, "bob", "/user/bob/")) as page:
            assert alice.get("/user/bob/").status_code == 403
            kernel = f"/user/bob/api/kernels/{page.kernel}"
            for path in ("/user/bob/", "/user/alice/"):  # what her browser sends, and her own server's cookie by hand
                her = person(alice, "alice", path)
                for method in ("GET", "DELETE"):
                    assert there.ask(kernel, her, method).status == 403
                with pytest.raises(Refused, match="403"):
                    Channels(there, her, page.kernel, page.channels.session)
            assert page.alive()


def test_an_administrator_of_the_hub_is_nobody_on_a_persons_server(office: Company) -> None:
    with office.hub.sign_in("alice") as alice:
        opened(office.hub, alice, "alice")
    with office.hub.sign_in("root-of-all") as administrator:
        assert administrator.get("/hub/api/users/alice").status_code == 200
        asked = administrator.get("/user/alice/")  # the Hub asks whether she means it
        assert asked.url.path == "/hub/api/oauth2/authorize"
        form: dict[str, object] = {"_xsrf": re.findall(r'name="_xsrf"\s+value="([^"]*)"', asked.text)[0]}
        form["scopes"] = re.findall(r'name="scopes"[^>]*value="([^"]*)"', asked.text)
        reply = administrator.post(asked.url, data=form)
        assert reply.url.path == "/user/alice/"
        assert reply.status_code == 403
        assert "does not know who you are" in reply.text
