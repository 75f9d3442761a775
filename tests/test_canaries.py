"""Credentials that are looked for everywhere afterwards: no log, no file, no page and no notebook holds one.

The canaries look like real keys, so that they are written differently in URLs, in JSON and in base64; all of these
are looked for. That they were really in use is shown by the calls that the sandbox saw.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from playwright.sync_api import expect

from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.closing import Closing
from profile_widgets.page.door import Door
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, WebSocket

KEY, SECRET, TOKEN, PAGE = "access key", "secret key", "session token", "page secret"
VISITOR = "analyst-1"
IDLE = "UserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
POLICY = """
version: 1
title: Canaries
contact: nobody
profile: {{template: "{{user}}", domain_id: d-9xk2m4tq7abc}}
assume_role: {{role_arn: "{role}"}}
rules:
  - for: everyone
    profiles: own
    operations: [sts:GetCallerIdentity, DescribeUserProfile, UpdateUserProfile, DescribeDomain, ListDomains, ListApps]
    read: ["*"]
    edit: [JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes]
"""


@pytest.fixture(scope="module")
def canaries() -> dict[str, str]:
    """Return made-up secrets of the right look, other ones in each run."""
    return {
        KEY: "AKIA" + base64.b32encode(secrets.token_bytes(10)).decode(),
        SECRET: base64.b64encode(b"\xff\xef" + secrets.token_bytes(28)).decode(),
        TOKEN: "FwoG/" + base64.b64encode(b"\xff\xef" + secrets.token_bytes(112)).decode(),
        PAGE: secrets.token_hex(32),
    }


@pytest.fixture
def aws(canaries: dict[str, str], sandbox: Sandbox) -> dict[str, str]:
    """Return an environment in which boto3 finds the canaries."""
    names = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}
    settings = {**sandbox.environment, **{name: canaries[which] for name, which in names.items()}}
    return sandbox_environment(os.environ, settings)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(delay=0.1) as sandbox:
        yield sandbox


def forms(canary: str) -> set[bytes]:
    """Return how a text may be written: as it is, in a URL, in JSON, as hexadecimal digits, in base64 at any place."""
    plain = canary.encode()
    encoded = {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
    in_a_url = {quote(canary), quote(canary, safe=""), quote_plus(canary)}
    return {plain, plain.hex().encode(), canary.replace("/", "\\/").encode(), *encoded, *map(str.encode, in_a_url)}


def hits(canaries: dict[str, str], places: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return which canary stands in which place."""
    return [(name, place) for name, text in canaries.items() for place, content in places.items() if _in(text, content)]


def _in(canary: str, content: bytes) -> bool:
    return any(form in content for form in forms(canary))


def files(*folders: Path) -> dict[str, bytes]:
    """Return everything that stands in folders."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found}


@pytest.mark.parametrize("written", ["{}", "a={}&b", '{{"token": "{}"}}', "Authorization: {}, Signature"])
def test_a_canary_is_found_however_it_is_written(canaries: dict[str, str], written: str) -> None:
    for name, text in canaries.items():
        content = written.format(text).encode()
        for shift in range(3):
            assert (name, "x") in hits(canaries, {"x": base64.b64encode(b"-" * shift + content)})
        assert (name, "x") in hits(canaries, {"x": content})
        assert (name, "x") in hits(canaries, {"x": quote(content).encode()})


# -- a notebook of one's own, with the debug log on, saved with its widgets ------------------------------------------

CELLS = (
    "from profile_widgets import Connection, UserProfileEditor\n%load_ext profile_widgets",
    "connection = Connection(debug=True)\nconnection",
    'editor = UserProfileEditor("d-9xk2m4tq7abc", "analyst-1", connection=connection)\nawait editor.ready()\neditor',
    'editor.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"',
    "print(await editor.submit())",
    "for name in ('json', 'yaml', 'cli', 'boto3', 'cloudformation', 'terraform'):\n    print(editor.export(name))",
    (
        "%update_user_profile --domain-id d-9xk2m4tq7abc --user-profile-name analyst-1 --debug "
        "--user-settings StudioWebPortal=ENABLED"
    ),
    'editor.settings.StudioWebPortal = "DISABLED"',
    "print(await editor.submit(), editor.problems, editor.changes, editor.draft, connection, vars(editor))",
    "raise RuntimeError(connection)",
)


def test_a_saved_notebook_with_its_widgets_and_the_debug_log_hold_no_credentials(
    sandbox: Sandbox,
    aws: dict[str, str],
    canaries: dict[str, str],
    data_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in aws.items():
        monkeypatch.setenv(name, value)
    echoed = f"The Canonical String should have been 'x-amz-security-token:{canaries[TOKEN]}\n{canaries[KEY]}'"
    sandbox.fail_next("UpdateUserProfile", code="SignatureDoesNotMatch", message=echoed, status=403)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True, store_widget_state=True)
    client.execute()
    saved = tmp_path / "saved.ipynb"
    nbformat.write(notebook, saved)
    failed = [cell.source for cell in notebook.cells for output in cell.outputs if output.output_type == "error"]
    assert failed == [CELLS[-1]], failed
    assert "widgets" in notebook.metadata
    assert "UpdateUserProfile" in [call.operation for call in sandbox.calls]
    places = files(tmp_path, data_folder)
    assert {"debug.log", "saved.ipynb"} <= {Path(place).name for place in places}
    log = next(content for place, content in places.items() if place.endswith("debug.log"))
    assert b"UpdateUserProfile" in log
    assert hits(canaries, places) == []


# -- a page for others -------------------------------------------------------------------------------------------------


class Ear:
    """Keep all that a browser gets: documents, scripts, answers, and what comes through websockets."""

    def __init__(self, tab: Page) -> None:
        self.heard: dict[str, bytes] = {}
        tab.on("websocket", self._listen)
        tab.on("response", lambda response: self._keep(f"headers of {response.url}", str(response.headers)))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._keep(socket.url, frame))
        socket.on("framesent", lambda frame: self._keep(socket.url, frame))

    def _keep(self, place: str, content: str | bytes) -> None:
        self.heard[place] = self.heard.get(place, b"") + (content.encode() if isinstance(content, str) else content)


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that it started."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def lent(kernel: psutil.Process) -> dict[str, str]:
    """Return what a kernel is lent: the token by which it asks for credentials, and these."""
    environment = kernel.environ()
    token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    asked = urllib.request.Request(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": token})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        given = json.load(answer)
    names = ("AccessKeyId", "SecretAccessKey", "Token")
    return {"container token": token, **{f"lent {name}": given[name] for name in names}}


@pytest.fixture
def policy(sandbox: Sandbox, tmp_path: Path) -> Path:
    """Return a policy by which the page takes a role on for each visitor."""
    role = sandbox.add_role("ProfilePage")
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.format(role=role), "utf-8")
    return file


@pytest.fixture
def page(
    canaries: dict[str, str], aws: dict[str, str], policy: Path, tmp_path: Path, data_folder: Path
) -> Iterator[PageServer]:
    """Serve the page to others, with the audit in a folder of its own."""
    (tmp_path / "audit").mkdir(mode=0o700)
    audit = str(tmp_path / "audit" / "audit.jsonl")
    closing = Closing(policy=str(policy), audit=audit, identity="proxy", secret=canaries[PAGE])
    aws["PROFILE_WIDGETS_DATA_DIR"] = str(data_folder)
    with PageServer(page_notebook(), environment=aws, closing=closing) as server:
        yield server


@pytest.mark.browser
def test_a_page_for_others_gives_no_credentials_away(
    page: PageServer,
    browser: Browser,
    sandbox: Sandbox,
    canaries: dict[str, str],
    data_folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Door(page.port, {"X-Forwarded-User": VISITOR, "X-Page-Secret": canaries[PAGE]}) as door:
        tab = browser.new_page()
        ear = Ear(tab)
        echoed = f"The Canonical String should have been 'x-amz-security-token:{canaries[TOKEN]}\n{canaries[KEY]}'"
        sandbox.fail_next("UpdateUserProfile", code="SignatureDoesNotMatch", message=echoed, status=403)
        tab.goto(door.url)
        update = tab.get_by_role("button", name=f"Update {VISITOR}", exact=True)
        expect(update).to_be_visible(timeout=60_000)
        tab.get_by_role("button", name="JupyterLab app", exact=True).click()
        tab.locator(f'[data-path="{IDLE}"] input').first.fill("240")
        tab.keyboard.press("Tab")
        update.click()
        expect(tab.get_by_role("heading", name="This did not work")).to_be_visible(timeout=60_000)
        tab.get_by_role("button", name="Try again", exact=True).click()
        expect(tab.get_by_role("heading", name="Updated")).to_be_visible(timeout=60_000)
        assert page.pid is not None
        (kernel,) = [each for each in family(page.pid) if "ipykernel_launcher" in " ".join(each.cmdline())]
        canaries = {**canaries, **lent(kernel)}
        surroundings = json.dumps(kernel.environ()).encode()
        commands = {f"command {each.pid}": "\n".join(each.cmdline()).encode() for each in family(page.pid)}
        ear.heard["page"] = tab.content().encode()
        tab.close()
    written = {"log": "".join(capfd.readouterr()).encode()}
    places = {**files(tmp_path, data_folder), **ear.heard, **commands, **written}
    audit = next(content for place, content in places.items() if place.endswith("audit.jsonl"))
    assert audit.count(b"UpdateUserProfile") >= 2
    assert any(place.startswith("ws://") for place in places)
    assert hits(canaries, places) == []
    updates = [call for call in sandbox.calls if call.operation == "UpdateUserProfile"]
    assert {call.caller for call in updates} == {f"arn:aws:sts::123456789012:assumed-role/ProfilePage/{VISITOR}"}
    others = {name: text for name, text in canaries.items() if name in (SECRET, TOKEN, PAGE)}
    assert hits(others, {"kernel": surroundings}) == []
