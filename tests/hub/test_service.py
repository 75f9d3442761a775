"""The page as a service of a real JupyterHub, from the deployment's own configuration: two people, a kernel each."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from profile_widgets.page import free_port
from profile_widgets.served import VISITOR, Visitor
from tests.browser.page_driver import ProfilePage
from tests.hostile.client import Channels, Page, Refused
from tests.hub.company import TYPE, Company, address, change_type, company, person, sign_in_with
from tests.hub.running import let_in, refused

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
WRITE = "sagemaker:UpdateUserProfile"
ROLE = "arn:aws:iam::123456789012:role/SageMakerMlEngineerRole"
PAGE = "/services/profiles/"


@pytest.fixture(scope="module")
def office(hub_proxy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("service")
    settings = {
        "PROFILES_AUDIT": str(folder / "audit" / "audit.jsonl"),
        "PROFILES_ADDRESS": f"http://127.0.0.1:{free_port()}",
    }
    with company(folder, hub_proxy, "service.py", **settings) as running:
        running.hub.await_path(PAGE, 302)
        yield running


def test_a_visitor_changes_what_the_policy_lets_them_in_their_own_profile(browser: Browser, office: Company) -> None:
    page = ProfilePage(sign_in_with(browser, office.hub, "alice", PAGE))
    change_type(page, "alice", "ml.t3.large")
    assert office.stored("alice", TYPE) == "ml.t3.large"
    assert office.stored("bob", TYPE) is None
    told = {line["call"]: line for line in office.audit("audit.jsonl") if line["operation"] == WRITE}
    assert [(line["visitor"], line["source"], line["outcome"]) for line in told.values()] == [
        ("alice", "jupyterhub", "done")
    ]
    page.tab.context.close()


def test_nobody_reaches_the_kernel_of_somebody_else(office: Company) -> None:
    here = address(office.hub, PAGE)
    with office.hub.sign_in("alice") as alice, office.hub.sign_in("bob") as bob:
        let_in(alice, PAGE)
        let_in(bob, PAGE)
        one, other = person(alice, "alice", PAGE), person(bob, "bob", PAGE)
        with Page(here, other) as page:
            kernel = f"{PAGE}api/kernels/{page.kernel}"
            token = {"X-XSRFToken": one.cookies["_xsrf"]}
            asked = [(kernel, "GET"), (kernel, "DELETE"), (f"{PAGE}voila/api/shutdown/{page.kernel}", "POST")]
            for path, method in asked:
                assert here.ask(path, one, method, headers=token).status == 404
                assert here.ask(path, None, method).status == 403
            listed = {each["id"] for each in json.loads(here.ask(f"{PAGE}api/kernels", one).text)}
            assert page.kernel not in listed
            for somebody in (one, None):
                with pytest.raises(Refused, match=r"40[34]"):
                    Channels(here, somebody or type(one)(), page.kernel, page.channels.session)
            assert page.alive()


def test_a_hand_made_message_for_a_locked_setting_is_refused_and_written_down(office: Company) -> None:
    with office.hub.sign_in("bob") as bob:
        let_in(bob, PAGE)
        with Page(address(office.hub, PAGE), person(bob, "bob", PAGE)) as page:
            field = locked_field(page)
            page.update(field, locked="", value=ROLE)
            for model in of_kind(page, "review"):
                page.press(model, do="submit")
            assert page.alive()
    writes = [call for call in office.sandbox.calls if call.operation == "UpdateUserProfile"]
    assert ROLE not in str([call.parameters for call in writes])
    assert office.stored("bob", "UserSettings.ExecutionRole") is None
    refused = [
        line for line in office.audit("audit.jsonl") if line["visitor"] == "bob" and "refused" in line["outcome"]
    ]
    assert "UserSettings.ExecutionRole" in str(refused), office.audit("audit.jsonl")[-6:]


def of_kind(page: Page, kind: str) -> list[str]:
    return [model for model, state in page.states().items() if state.get("_kind") == kind]


def locked_field(page: Page) -> str:
    """Open the sections of the form, once it is there; return the widget of the execution role."""
    for _ in range(600):
        states = page.states()
        for model, state in states.items():
            if state.get("path") == "UserSettings.ExecutionRole" and state.get("_kind") == "field":
                assert state["locked"]
                return model
            if state.get("expanded") is False:
                page.update(model, expanded=True)
        time.sleep(0.1)
    raise AssertionError("The form did not come.")


def test_who_may_not_open_the_page_gets_no_kernel(office: Company) -> None:
    with office.hub.sign_in("mallory") as mallory:
        assert mallory.get(PAGE).status_code == 403
        assert refused(mallory, f"{PAGE}voila/static/voila.js") == 403


def test_a_kernel_knows_its_visitor_and_none_of_the_hubs_keys(office: Company) -> None:
    with office.hub.sign_in("bob") as bob:
        bob.get(PAGE)
        kernels = office.hub.kernels()
        assert kernels
        for environment in kernels:
            visitor = Visitor.from_json(environment[VISITOR])
            assert visitor.source == "jupyterhub"
            assert "profiles" in visitor.groups
            assert not [name for name in environment if name.startswith(("JUPYTERHUB_", "JPY_API", "CONFIGPROXY_"))]
        assert "bob" in {Visitor.from_json(each[VISITOR]).name for each in kernels}


@pytest.mark.long
def test_who_is_signed_out_elsewhere_loses_the_open_page_too(office: Company) -> None:
    with office.hub.sign_in("alice") as alice:
        let_in(alice, PAGE)
        with Page(address(office.hub, PAGE), person(alice, "alice", PAGE)) as page:
            assert page.alive()
            alice.get("/hub/logout")
            for _ in range(1_500):  # the Hub's word counts for 30 seconds, and is asked for every 30
                if page.channels.broken:
                    break
                time.sleep(0.1)
            assert page.channels.broken
