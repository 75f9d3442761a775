"""The connection can be looked at and changed on the page, where that is allowed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from profile_widgets import Connection
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.app import UserProfileEditor
from profile_widgets.widgets.connecting import FIELDS, _wire, judged, standing, summary
from tests.widgets.conftest import RESEARCH, browser_sends, browser_sets, settled, until

CONFIG = """[profile ml]
region = eu-west-1
[profile other]
region = eu-central-1
"""


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(CONFIG, "utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))


@pytest_asyncio.fixture
async def opened(editor: UserProfileEditor) -> AsyncIterator[UserProfileEditor]:
    """Return an editor whose connection panel is open."""
    browser_sets(editor.connecting, expanded=True)
    await settled(editor)
    yield editor


def fields(editor: UserProfileEditor) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in editor.connecting.state["fields"]}


def written_at(file: str) -> str:
    return Path(file).read_text("utf-8")


async def apply(editor: UserProfileEditor, **values: Any) -> None:
    browser_sends(editor.connecting, do="apply", values=values)
    await settled(editor)


async def test_it_is_filled_in_when_it_is_first_opened(editor: UserProfileEditor) -> None:
    assert editor.connecting.state["fields"] == []
    browser_sets(editor.connecting, expanded=True)
    await settled(editor)
    assert list(fields(editor)) == [row[0] for row in FIELDS]
    assert "eu-west-1" in [value for value, _ in fields(editor)["region"]["choices"]]
    facts = dict(editor.connecting.state["facts"])
    assert facts["Account"] == "123456789012"
    assert facts["ARN"].startswith("arn:aws:")
    assert facts["Endpoint"].startswith("http://127.0.0.1")


@pytest.mark.usefixtures("_files")
async def test_everything_wrong_is_said_at_once_at_its_field_and_nothing_is_used(opened: UserProfileEditor) -> None:
    before = repr(opened.connection)
    await apply(
        opened,
        profile="mll",
        region="eu-wst-1",
        endpoint_url="not an address",
        ca_bundle="/nowhere/ca.pem",
        read_timeout="soon",
    )
    problems = {name: row["problem"] for name, row in fields(opened).items() if row["problem"]}
    assert set(problems) >= {"endpoint_url", "read_timeout"}
    assert repr(opened.connection) == before
    assert fields(opened)["region"]["value"] == "eu-west-1", "the page itself keeps what was typed"
    await apply(opened, profile="mll", region="eu-wst-1", ca_bundle="/nowhere/ca.pem")
    problems = {name: row["problem"] for name, row in fields(opened).items() if row["problem"]}
    assert set(problems) == {"profile", "region", "ca_bundle"}
    assert "ml" in problems["profile"]
    assert "other" in problems["profile"]
    assert "eu-west-1" in problems["region"]
    assert repr(opened.connection) == before


async def test_time_limits_are_used_at_once_and_what_is_open_stays_open(opened: UserProfileEditor) -> None:
    await apply(opened, connect_timeout="0", read_timeout="7.5")
    assert (opened.connection.connect_timeout, opened.connection.read_timeout) == (0.0, 7.5)
    assert opened.is_open
    await apply(opened, connect_timeout="", read_timeout="")
    assert (opened.connection.connect_timeout, opened.connection.read_timeout) == (5.0, 20.0)


async def test_another_region_closes_what_is_open_after_asking(
    opened: UserProfileEditor,
) -> None:
    opened.settings.StudioWebPortal = "DISABLED"
    await apply(opened, region="eu-central-1")
    assert opened.connection.region != "eu-central-1"
    assert "give up 1 change" in str(opened.question.state["actions"])
    browser_sends(opened.question, do="switch")
    await settled(opened)
    assert opened.connection.region == "eu-central-1"
    assert not opened.is_open
    assert opened.place.state["region"] == "eu-central-1"
    assert (opened.finder.domain.shown, opened.finder.profile.shown) == ("", "")


async def test_who_stays_keeps_the_connection(opened: UserProfileEditor) -> None:
    opened.settings.StudioWebPortal = "DISABLED"
    await apply(opened, region="eu-central-1")
    browser_sends(opened.question, do="stay")
    await settled(opened)
    assert opened.connection.region == "eu-west-1"
    assert opened.is_open
    assert opened.changes


async def test_unchecked_certificates_stand_on_the_page_as_long_as_they_are(opened: UserProfileEditor) -> None:
    assert opened.place.state["standing"] == []
    await apply(opened, verify=False)
    assert "Certificates are not checked" in str(opened.place.state["standing"])
    opened.connection.verify = True
    assert opened.place.state["standing"] == []


async def test_the_debug_log_comes_to_the_page_without_anything_secret(
    opened: UserProfileEditor,
) -> None:
    sent: list[dict[str, Any]] = []
    opened.connecting.send = lambda content, **_: sent.append(content)
    await apply(opened, debug=True)
    await opened.gateway.list_domains()
    await settled(opened)
    text = "\n".join(each["text"] for each in sent if each["do"] == "log")
    assert "ListDomains" in text
    assert "Credential=" not in text
    assert "ListDomains" in written_at(opened.connecting.state["log"]["file"])


async def test_credentials_are_looked_for_again(opened: UserProfileEditor, sandbox: Sandbox) -> None:
    before = sum(call.operation == "GetCallerIdentity" for call in sandbox.calls)
    browser_sends(opened.connecting, do="renew")
    await settled(opened)
    assert sum(call.operation == "GetCallerIdentity" for call in sandbox.calls) == before + 1
    assert opened.connecting.state["notice"]["severity"] == "success"
    assert opened.is_open


async def test_a_served_page_shows_the_connection_and_changes_nothing_of_it(
    sandbox: Sandbox, domains: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.8")
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    try:
        before = repr(editor.connection)
        browser_sets(editor.connecting, expanded=True)
        await settled(editor)
        assert editor.connecting.state["locked"]
        assert editor.connecting.state["fields"] == []
        assert dict(editor.connecting.state["facts"])["Account"] == "123456789012"
        await apply(editor, endpoint_url="http://127.0.0.1:9", region="us-east-1", debug=True)
        assert repr(editor.connection) == before
    finally:
        editor.close()


async def test_a_text_from_the_page_never_becomes_a_setting_that_does_not_exist(opened: UserProfileEditor) -> None:
    await apply(opened, credentials="x", attempts="99", nonsense=["x"], region={"a": 1})
    assert opened.connection.attempts == 5
    await until(lambda: not opened.connecting.state["busy"])


def test_the_closed_panel_says_what_is_unusual() -> None:
    assert summary(Connection()) == "found as the AWS CLI finds it"
    unusual = Connection(profile="ml", region="eu-west-1", verify=False, debug=True)
    assert summary(unusual) == "profile ml · eu-west-1 · certificates not checked · debug log"
    assert [severity for severity, _ in standing(Connection(verify=False, unsigned=True))] == ["warning", "warning"]


def test_an_empty_input_means_that_it_is_found_as_the_cli_finds_it() -> None:
    changes, problems = judged(Connection(region="eu-west-1"), {"region": " ", "unsigned": "false"})
    assert changes == {"region": None}
    assert problems == {}


def test_a_field_that_nobody_touched_keeps_what_a_program_set_however_exact() -> None:
    connection = Connection(read_timeout=1234567.125, endpoint_url="http://127.0.0.1:1")
    shown = {name: _wire(getattr(connection, name)) for name in ("read_timeout", "endpoint_url", "connect_timeout")}
    assert shown == {"read_timeout": "1234567.125", "endpoint_url": "http://127.0.0.1:1", "connect_timeout": "5"}
    assert judged(connection, {**shown, "debug": "true"}) == ({"debug": True}, {})


@pytest.mark.parametrize("value", ["yes", "", "TRUE", ["true"], {"true": 1}, 2, None])
def test_a_switch_that_is_neither_on_nor_off_is_refused_and_leaves_certificates_checked(value: Any) -> None:
    wanted, problems = judged(Connection(unsigned=True), {"verify": value, "unsigned": value})
    assert wanted == {}
    assert set(problems) == {"verify", "unsigned"}
