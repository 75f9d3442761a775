"""The magics in a real kernel: streams, errors that stop "run all", interrupts, completion, and the editor."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import DOMAIN, UPDATE, WHERE, sent

jupyter_client = pytest.importorskip("jupyter_client")

LONG = 60.0
WHO = " ".join(WHERE)
VIEW = "application/vnd.jupyter.widget-view+json"
EDITOR = """
from ipywidgets.widgets.widget import _instances
from profile_widgets import UserProfileEditor
editor = [each for each in _instances.values() if isinstance(each, UserProfileEditor)][-1]
await editor.ready()
print(editor.draft.create, editor.request())
"""


@dataclass
class Cell:
    """Hold what a cell did."""

    status: str = ""
    stdout: str = ""
    stderr: str = ""
    traceback: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


class Kernel:
    """Run cells in a kernel and collect what comes back."""

    def __init__(self, client: Any, manager: Any) -> None:
        self.client = client
        self.manager = manager

    def run(self, code: str, meanwhile: Callable[[], None] = lambda: None) -> Cell:
        asked = self.client.execute(code, store_history=False)
        meanwhile()
        return self.collect(asked)

    def collect(self, asked: str) -> Cell:
        cell = Cell()
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                setattr(cell, content["name"], getattr(cell, content["name"]) + content["text"])
            elif kind == "error":
                cell.traceback = content["traceback"]
            elif kind in ("display_data", "execute_result"):
                cell.shown += content["data"]
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while not cell.status:
            reply = self.client.get_shell_msg(timeout=LONG)
            if reply["parent_header"].get("msg_id") == asked:
                cell.status = reply["content"]["status"]
        return cell


@pytest.fixture(scope="module")
def kernel(running: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = {
        **kept,
        **running.environment,
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "IPYTHONDIR": str(home / "ipython"),
        "PROFILE_WIDGETS_DATA_DIR": str(home / "data"),
    }
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(env=environment, cwd=str(home))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=LONG)
    made = Kernel(client, manager)
    assert made.run("%load_ext profile_widgets").status == "ok"
    yield made
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


@pytest.fixture
def account(running: Sandbox) -> Sandbox:
    running.reset()
    running.allow()
    return running


def test_a_cell_prints_the_answer_and_notes_go_to_the_other_stream(kernel: Kernel, account: Sandbox) -> None:
    cell = kernel.run(f"%{UPDATE} {WHO} --user-settings StudioWebPortal=DISABLED --output text --no-paginate")
    assert (cell.status, cell.shown) == ("ok", [])
    assert cell.stdout == f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN}/analyst-1\n"
    assert "warning     UserSettings.StudioWebPortal: " in cell.stderr
    assert "--no-paginate" in cell.stderr
    assert sent(account) == ["UpdateUserProfile"]


def test_debug_lines_land_in_the_cell_that_asked(kernel: Kernel, account: Sandbox) -> None:
    del account
    cell = kernel.run(f"%{UPDATE} {WHO} --debug")
    assert cell.status == "ok"
    assert "UpdateUserProfile" in cell.stderr


def test_an_error_is_one_sentence_and_stops_the_cells_behind_it(kernel: Kernel, account: Sandbox) -> None:
    # All three stand in the kernel's queue when the second fails: what arrives later is run.
    ahead = kernel.client.execute("import time; time.sleep(1)")
    first = kernel.client.execute(f"%{UPDATE} {WHO} --user-settings ExecutionRole=x")
    second = kernel.client.execute("print('never')")
    assert kernel.collect(ahead).status == "ok"
    cell = kernel.collect(first)
    assert cell.status == "error"
    assert cell.traceback == ["Nothing was sent: the request has 2 errors, which stand above."]
    assert kernel.collect(second).status in ("aborted", "error")
    assert sent(account) == []


def test_an_interrupt_ends_the_cell_with_what_is_known(kernel: Kernel, account: Sandbox) -> None:
    with account.hold("UpdateUserProfile") as held:

        def press() -> None:
            assert held.wait_until_reached(LONG)
            kernel.manager.interrupt_kernel()

        cell = kernel.run(f"%{UPDATE} {WHO}", press)
    assert cell.status == "error"
    assert cell.traceback[0].startswith("Stopped. UpdateUserProfile was on its way")
    assert kernel.run("1 + 1").status == "ok"


def test_tab_completes(kernel: Kernel, account: Sandbox) -> None:
    del account
    code = f"%%{UPDATE} --domain-id {DOMAIN}\n--user-profile-name ml"
    reply = kernel.client.complete(code, reply=True, timeout=LONG)["content"]
    assert reply["matches"] == ["ml-lead"]
    assert code[reply["cursor_start"] : reply["cursor_end"]] == "ml"


def test_auto_prompt_opens_the_editor_filled_with_what_was_given(kernel: Kernel, account: Sandbox) -> None:
    given = "--user-settings StudioWebPortal=ENABLED,DefaultLandingUri=studio::"
    cell = kernel.run(f"%{UPDATE} {WHO} {given} --cli-auto-prompt")
    assert cell.status == "ok", cell
    assert VIEW in cell.shown
    cell = kernel.run(EDITOR)
    assert cell.stdout.startswith("False ")
    assert "'StudioWebPortal': 'ENABLED'" in cell.stdout
    assert "'DefaultLandingUri': 'studio::'" in cell.stdout
    assert sent(account) == []


def test_auto_prompt_prints_the_answer_later_as_it_was_asked_for(kernel: Kernel, account: Sandbox) -> None:
    cell = kernel.run(f"%{UPDATE} {WHO} --query UserProfileArn --output text --color on --cli-auto-prompt")
    assert cell.status == "ok", cell
    assert "the page decides" in cell.stderr
    shown = f"{EDITOR}\nprint(editor.response.query, editor.response.output)"
    assert kernel.run(shown).stdout.endswith("\nUserProfileArn text\n")
    refused = kernel.run(f"%{UPDATE} {WHO} --query 'a[' --cli-auto-prompt")
    assert (refused.status, refused.shown) == ("error", [])
    assert refused.traceback[0].startswith("--query, column ")
    assert sent(account) == []


def test_auto_prompt_by_the_environment_opens_a_creation_that_is_not_complete(kernel: Kernel, account: Sandbox) -> None:
    assert kernel.run("%env AWS_CLI_AUTO_PROMPT=on-partial").status == "ok"
    try:
        cell = kernel.run(f"%create_user_profile --domain-id {DOMAIN} --tags Key=team,Value=research")
        assert VIEW in cell.shown
        assert "'Key': 'team'" in kernel.run(EDITOR).stdout
        assert sent(account) == []
        assert VIEW not in kernel.run(f"%{UPDATE} {WHO}").shown
        assert kernel.run(f"%{UPDATE} --no-cli-auto-prompt").status == "error"
        assert sent(account) == ["UpdateUserProfile"]
    finally:
        kernel.run("import os; del os.environ['AWS_CLI_AUTO_PROMPT']")


def test_a_notebook_has_no_pager(kernel: Kernel, account: Sandbox) -> None:
    del account
    assert kernel.run("%env PAGER=false").status == "ok"
    cell = kernel.run(f"%{UPDATE} --generate-cli-skeleton")
    assert cell.stdout.startswith("{\n")
    assert kernel.run(f"%{UPDATE} help").stdout.startswith("Update a SageMaker user profile")


def test_no_thread_of_an_earlier_cell_is_left(kernel: Kernel, account: Sandbox) -> None:
    del account
    count = "import threading; print(sum('profile-widgets-magic' in each.name for each in threading.enumerate()))"
    for _ in range(3):
        kernel.run(f"%{UPDATE} {WHO}")
    assert kernel.run(count).stdout.strip() == "0"
