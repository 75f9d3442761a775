"""The closed panels of the page: the connection, and the loader of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.front.stage import LOOKS, Stage

pytestmark = pytest.mark.browser

Show = Callable[..., Stage]


def field(name: str, label: str, kind: str, value: str | None = None, **more: Any) -> dict[str, Any]:
    blank = {"placeholder": "", "help": f"About {label}.", "choices": [], "problem": ""}
    return {"name": name, "label": label, "kind": kind, "value": value} | blank | more


ROLE = "UserSettings.ExecutionRole"
REGIONS = [["eu-west-1", "Europe (Ireland)"], ["eu-central-1", "Europe (Frankfurt)"], ["us-east-1", "US East"]]
FIELDS = [
    field("profile", "AWS profile", "suggest", "ml", choices=[["ml", ""], ["prod", ""]]),
    field("region", "Region", "suggest", placeholder="eu-west-1, from AWS_REGION", choices=REGIONS),
    field("endpoint_url", "Endpoint URL", "text"),
    field("verify", "Check certificates", "flag", "true"),
    field("ca_bundle", "CA bundle", "text"),
    field("read_timeout", "Read timeout", "number", "20"),
    field("unsigned", "Do not sign requests", "flag", "false"),
]
VALUES = {
    "profile": "ml",
    "region": None,
    "endpoint_url": None,
    "verify": True,
    "ca_bundle": None,
    "read_timeout": "20",
    "unsigned": False,
}
CONNECTION = {
    "summary": "profile ml · eu-west-1",
    "locked": "",
    "fields": FIELDS,
    "facts": [["Account", "123456789012"]],
    "busy": False,
    "notice": None,
    "log": None,
}


def panel(expanded: bool = True, **parts: Any) -> dict[str, Any]:
    return {"connection": {"_kind": "connection", "expanded": expanded, "state": CONNECTION | parts}}


def loader(expanded: bool = True, **parts: Any) -> dict[str, Any]:
    state = {"busy": False, "path": False, "report": None} | parts
    return {"loader": {"_kind": "loader", "expanded": expanded, "state": state}}


def wrong(name: str, problem: str) -> list[dict[str, Any]]:
    return [each | ({"problem": problem} if each["name"] == name else {}) for each in FIELDS]


def report(severity: str, title: str = "Read.", *rows: dict[str, Any]) -> dict[str, Any]:
    return {"severity": severity, "title": title, "rows": list(rows)}


# -- the connection ------------------------------------------------------------------------------------------------


def test_a_closed_connection_says_in_a_line_what_it_is(stage: Show) -> None:
    page = stage(panel(expanded=False))
    opener = page.tab.get_by_role("button", name="Connection")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.tab.get_by_text("profile ml · eu-west-1")).to_be_visible()
    expect(page.tab.get_by_label("Region")).to_be_hidden()
    opener.press("Enter")
    assert page.trait("expanded") is True
    expect(page.tab.get_by_role("combobox", name="Region")).to_be_visible()


def test_a_connection_that_is_not_known_yet_says_that_it_loads(stage: Show) -> None:
    page = stage({"connection": {"_kind": "connection", "expanded": True, "state": None}})
    expect(page.tab.get_by_text("Loading…")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Use this connection")).to_be_hidden()
    page.tell(state=CONNECTION)
    expect(page.tab.get_by_text("Loading…")).to_be_hidden()
    expect(page.tab.get_by_role("combobox", name="AWS profile")).to_have_value("ml")


def test_only_the_button_sends_what_was_typed(stage: Show) -> None:
    page = stage(panel())
    region = page.tab.get_by_role("combobox", name="Region")
    region.fill(" eu-central-1 ")
    page.press("Escape", "Enter")
    page.tab.get_by_role("button", name="More", exact=True).press("Enter")
    page.tab.get_by_label("Check certificates").press("Space")
    page.tab.get_by_label("Read timeout").fill("")
    page.press("Tab")
    assert page.heard == []
    expect(page.tab.get_by_text("3 not in use yet")).to_be_visible()
    page.tab.get_by_role("button", name="Use this connection").press("Enter")
    changed = {"region": "eu-central-1", "verify": False, "read_timeout": None}
    assert page.heard == [{"do": "apply", "values": VALUES | changed}]


def test_a_region_is_chosen_with_the_keyboard(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_role("combobox", name="Region").press("ArrowDown")
    expect(page.tab.get_by_role("option")).to_have_count(3)
    page.press("ArrowDown", "ArrowDown", "Enter")
    expect(page.tab.get_by_role("combobox", name="Region")).to_have_value("eu-central-1")


def test_a_refused_connection_keeps_what_was_typed_and_goes_to_the_first_problem(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_role("combobox", name="Region").fill("eu-central-1")
    page.tab.get_by_role("button", name="More", exact=True).click()
    page.tab.get_by_label("CA bundle").fill("/no.pem")
    page.tab.get_by_role("button", name="More", exact=True).click()
    page.tab.get_by_role("button", name="Use this connection").click()
    page.state(busy=True)
    expect(page.tab.get_by_role("button", name="Use this connection")).to_have_attribute("aria-disabled", "true")
    page.state(busy=False, fields=wrong("ca_bundle", "There is no such file."))
    bundle = page.tab.get_by_label("CA bundle")
    expect(bundle).to_be_focused()
    expect(bundle).to_have_value("/no.pem")
    expect(bundle).to_have_attribute("aria-invalid", "true")
    expect(bundle).to_have_accessible_description("error: There is no such file. About CA bundle.")
    expect(page.tab.get_by_role("combobox", name="Region")).to_have_value("eu-central-1")
    expect(page.tab.get_by_text("2 not in use yet")).to_be_visible()


def test_a_connection_in_use_shows_the_kernels_values(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_role("combobox", name="Region").fill("EU-CENTRAL-1")
    page.tab.get_by_role("button", name="Use this connection").click()
    page.state(busy=True)
    used = [each | ({"value": "eu-central-1"} if each["name"] == "region" else {}) for each in FIELDS]
    notice = {"severity": "success", "text": "Requests are signed as alice."}
    page.state(busy=False, fields=used, notice=notice)
    expect(page.tab.get_by_role("combobox", name="Region")).to_have_value("eu-central-1")
    expect(page.tab.get_by_text("not in use yet")).to_have_count(0)
    expect(page.tab.get_by_role("status").get_by_text("Requests are signed as alice.")).to_be_visible()


def test_what_was_typed_outlives_closing(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_role("combobox", name="Region").fill("us-east-1")
    page.tab.get_by_role("button", name="Connection", exact=True).click()
    page.state(fields=[])
    expect(page.tab.get_by_text("1 not in use yet")).to_be_visible()
    page.tell(expanded=True)
    page.state(fields=FIELDS)
    expect(page.tab.get_by_role("combobox", name="Region")).to_have_value("us-east-1")


def test_nothing_is_asked_twice_while_the_kernel_is_at_work(stage: Show) -> None:
    page = stage(panel(busy=True))
    expect(page.tab.get_by_role("status").get_by_text("Connecting…")).to_be_visible()
    page.tab.get_by_role("button", name="Use this connection").press("Enter")
    page.tab.get_by_role("button", name="Look for credentials again").press("Enter")
    assert page.heard == []
    page.state(busy=False)
    page.press("Enter")
    assert page.heard == [{"do": "renew"}]


def test_a_connection_that_somebody_else_chose_is_facts_without_inputs(stage: Show) -> None:
    page = stage(panel(locked="Whoever serves this page chose the connection.", fields=[]))
    expect(page.tab.get_by_text("Whoever serves this page chose the connection.")).to_be_visible()
    expect(page.tab.get_by_text("123456789012")).to_be_visible()
    expect(page.tab.locator(".pw-connection").get_by_role("textbox")).to_have_count(0)
    expect(page.tab.get_by_role("button", name="Use this connection")).to_be_hidden()


def test_the_debug_log_grows_at_its_end_and_is_not_read_out(stage: Show) -> None:
    page = stage(panel(log={"file": "/var/log/debug.log", "text": "one\ntwo", "note": "Keys are left out."}))
    log = page.tab.get_by_role("region", name="Debug log")
    page.message(do="log", text="three\nfour\n")
    expect(log).to_have_text("one\ntwo\nthree\nfour\n", use_inner_text=True)
    assert log.get_attribute("aria-live") is None
    page.state(log={"file": "/var/log/debug.log", "text": "three\nfour\nfive", "note": ""})
    expect(log).to_have_text("one\ntwo\nthree\nfour\nfive\n", use_inner_text=True)
    expect(page.tab.get_by_text("Also written to /var/log/debug.log")).to_be_visible()
    page.message(do="log", text="\n".join(f"line {number}" for number in range(2400)))
    assert log.evaluate("node => node.textContent.split('\\n').length - 1") == 2000
    assert log.evaluate("node => node.scrollHeight - node.scrollTop - node.clientHeight") < 2
    log.evaluate("node => { node.scrollTop = 5; }")
    page.message(do="log", text="last")
    expect(log).to_contain_text("last")
    assert log.evaluate("node => node.scrollTop") < 50
    with page.tab.expect_download() as saved:
        page.tab.get_by_role("button", name="Download the debug log").press("Enter")
    assert saved.value.suggested_filename == "profile-widgets-debug.log"
    assert saved.value.path().read_text(encoding="utf-8").endswith("line 2399\nlast")


# -- the loader ----------------------------------------------------------------------------------------------------


def test_text_pasted_into_the_empty_box_is_read_at_once(stage: Show) -> None:
    page = stage(loader())
    page.copy('{"DomainId": "d-1"}')
    area = page.tab.get_by_label("Paste a request")
    area.focus()
    page.press("Control+v")
    page.tab.wait_for_function("window.heard.length")
    assert page.heard == [{"do": "load", "text": '{"DomainId": "d-1"}'}]
    page.press("Control+v")
    expect(area).to_have_value('{"DomainId": "d-1"}{"DomainId": "d-1"}')
    assert len(page.heard) == 1


def test_typed_text_is_read_with_the_button_and_nothing_is_not_sent(stage: Show) -> None:
    page = stage(loader())
    read = page.tab.get_by_role("button", name="Read it")
    read.press("Enter")
    expect(page.tab.get_by_label("Paste a request")).to_be_focused()
    page.tab.keyboard.type("DomainId: d-1")
    read.press("Enter")
    assert page.heard == [{"do": "load", "text": "DomainId: d-1"}]


def test_a_refused_text_stays_and_the_report_has_the_focus(stage: Show) -> None:
    page = stage(loader())
    area = page.tab.get_by_label("Paste a request")
    area.fill("aws s3 ls")
    page.tab.get_by_role("button", name="Read it").click()
    page.state(busy=True)
    expect(page.tab.get_by_role("status").get_by_text("Reading…")).to_be_visible()
    page.state(busy=False)
    page.state(report=report("error", "Nothing was changed.", {"severity": "error", "message": "No."}))
    expect(page.tab.get_by_role("heading", name="Nothing was changed.")).to_be_focused()
    expect(area).to_have_value("aws s3 ls")
    page.tab.get_by_role("button", name="Clear the text").press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value("")


def test_a_report_leads_to_the_settings_and_offers_its_fixes(stage: Show) -> None:
    page = stage(loader())
    page.tab.get_by_label("Paste a request").fill("{}")
    page.tab.get_by_role("button", name="Read it").click()
    row = {"severity": "warning", "label": "Execution role", "path": ROLE, "message": "Left out."}
    page.state(report=report("success", "1 setting was changed.", row | {"fixes": [["f1", "Use the domain's"]]}))
    expect(page.tab.get_by_label("Paste a request")).to_have_value("")
    expect(page.tab.get_by_role("heading", name="1 setting was changed.")).to_be_focused()
    page.tab.get_by_role("button", name="Go to Execution role").press("Enter")
    page.tab.get_by_role("button", name="Use the domain's").press("Enter")
    assert page.heard[1:] == [{"do": "go", "path": ROLE}, {"do": "fix", "id": "f1"}]


def test_a_file_is_read_in_the_page(stage: Show) -> None:
    page = stage(loader())
    with page.tab.expect_file_chooser() as chosen:
        page.tab.get_by_role("button", name="Upload a file").press("Enter")
    content = {"name": "alice.yaml", "mimeType": "text/yaml", "buffer": "\ufeffDomainId: größe".encode()}
    chosen.value.set_files(content)  # type: ignore[arg-type]
    page.tab.wait_for_function("window.heard.length")
    assert page.heard == [{"do": "load", "text": "DomainId: größe", "name": "alice.yaml"}]
    expect(page.tab.get_by_label("Paste a request")).to_have_value("DomainId: größe")


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"a" * (2**20 + 1)], ids=["picture", "too large"])
def test_a_file_that_cannot_be_a_request_is_refused_in_the_page(stage: Show, content: bytes) -> None:
    page = stage(loader())
    with page.tab.expect_file_chooser() as chosen:
        page.tab.get_by_role("button", name="Upload a file").click()
    chosen.value.set_files({"name": "a.bin", "mimeType": "text/plain", "buffer": content})
    expect(page.tab.get_by_role("heading", name="a.bin cannot be read.")).to_be_focused()
    assert page.heard == []


def test_a_file_dropped_on_the_box_is_read(stage: Show) -> None:
    page = stage(loader())
    page.tab.get_by_label("Paste a request").evaluate(
        """node => {
          const carried = new DataTransfer();
          carried.items.add(new File(["{}"], "a.json"));
          for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, {dataTransfer: carried, bubbles: true, cancelable: true});
            if (node.dispatchEvent(event)) throw new Error(`${type} was left to the browser`);
          }
        }"""
    )
    page.tab.wait_for_function("window.heard.length")
    assert page.heard == [{"do": "load", "text": "{}", "name": "a.json"}]


def test_a_file_of_the_kernels_machine_is_named_only_where_that_is_allowed(stage: Show) -> None:
    page = stage(loader())
    expect(page.tab.get_by_role("button", name="Read this file")).to_be_hidden()
    page.state(path=True)
    page.tab.get_by_label("Or a file on the notebook's machine").fill(" ~/alice.yaml ")
    page.press("Enter")
    assert page.heard == [{"do": "path", "path": "~/alice.yaml"}]
    page.state(busy=True)
    page.press("Enter")
    assert len(page.heard) == 1


# -- both ----------------------------------------------------------------------------------------------------------


@LOOKS
def test_open_panels_fit_and_axe_finds_nothing_serious(stage: Show, dark: bool, width: int) -> None:
    long = "x" * 300
    log = {"file": f"/{long}", "text": long, "note": ""}
    rows = [{"severity": "error", "label": "", "path": "", "message": long}]
    state: dict[str, Any] = {"fields": wrong("ca_bundle", f"No {long}."), "facts": [["ARN", long]], "log": log}
    both = panel(**state) | loader(path=True, report=report("warning", long, *rows))
    page = stage({"stack": {"_kind": "stack", "flow": "row", "children": list(both)}} | both, dark=dark, width=width)
    page.tab.get_by_role("button", name="More", exact=True).click()
    expect(page.tab.get_by_label("Read timeout")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Read this file")).to_be_visible()
    assert page.overflow() <= 0
    assert page.axe() == []
