"""What happens when AWS refuses, does not answer, or the person stops waiting; and what the debug log tells."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults.proxy import Proxy
from profile_widgets.errors import AccessDenied, CredentialsError, LimitExceeded, ProfileInUse, Unreachable
from profile_widgets.magics.errors import MagicError, StoppedError
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import DOMAIN, WHERE, Notebook, sent

PORTAL = ("--user-settings", "StudioWebPortal=ENABLED")
NEW = ("--domain-id", DOMAIN, "--user-profile-name", "bob")
BEFORE = 30.0


# -- AWS ------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_and_the_request_is_sent(notebook: Notebook, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:DescribeDomain", "sagemaker:DescribeUserProfile")
    ran = notebook.update(*WHERE, *PORTAL)
    assert ran.error is None, ran
    assert "The domain could not be read, so its rules were not checked. " in ran.stderr
    assert "The profile could not be read, so what it holds was not looked at. " in ran.stderr
    assert sent(sandbox) == ["UpdateUserProfile"]
    assert "You can still" not in ran.stderr  # advice for those who edit, and the request is on its way
    assert ran.stderr.count("Ask your administrator for that permission.\n") == 2


@pytest.mark.parametrize(
    ("denied", "kind", "reason"),
    [("sagemaker:UpdateUserProfile", AccessDenied, "may not use sagemaker:UpdateUserProfile")],
)
def test_a_refusal_is_a_sentence_with_its_cause(
    denied: str, kind: type[Exception], reason: str, notebook: Notebook, sandbox: Sandbox
) -> None:
    sandbox.deny(denied)
    ran = notebook.update(*WHERE, *PORTAL)
    assert reason in ran.text
    assert isinstance(ran.error, MagicError)
    assert isinstance(ran.error.__cause__, kind)
    assert "go on editing" not in ran.text
    assert ran.stdout == ""


def test_a_write_is_tried_once(notebook: Notebook, sandbox: Sandbox) -> None:
    sandbox.fail_next("UpdateUserProfile", code="ResourceLimitExceeded", message="Too many.")
    ran = notebook.update(*WHERE, *PORTAL)
    assert isinstance(ran.error, MagicError)
    assert isinstance(ran.error.__cause__, LimitExceeded)
    assert sent(sandbox) == ["UpdateUserProfile"]


def test_a_profile_that_is_there_is_not_created_again(notebook: Notebook, sandbox: Sandbox) -> None:
    ran = notebook.create(*WHERE)
    assert isinstance(ran.error, MagicError)
    assert isinstance(ran.error.__cause__, ProfileInUse)
    assert "has a user profile “analyst-1” already" in ran.text
    assert sent(sandbox) == ["CreateUserProfile"]


def test_a_profile_that_is_not_there_is_said_once(notebook: Notebook) -> None:
    ran = notebook.update("--domain-id", DOMAIN, "--user-profile-name", "nobody")
    assert "There is no user profile “nobody” in domain" in ran.text
    assert ran.stderr == ""


def test_without_credentials_nothing_is_sent(
    notebook: Notebook, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    ran = notebook.update(*WHERE)
    assert isinstance(ran.error, MagicError)
    assert isinstance(ran.error.__cause__, CredentialsError)
    assert ran.text.endswith("Nothing was sent.")
    assert sandbox.calls == ()


def test_nobody_at_the_endpoint_is_said_and_nothing_is_sent(notebook: Notebook, sandbox: Sandbox) -> None:
    ran = notebook.update(*WHERE, "--endpoint-url", "http://127.0.0.1:9", "--cli-connect-timeout", "1")
    assert isinstance(ran.error, MagicError)
    assert isinstance(ran.error.__cause__, Unreachable)
    assert ran.text.endswith("Nothing was sent.")
    assert sandbox.calls == ()


def test_a_read_timeout_counts(notebook: Notebook, sandbox: Sandbox) -> None:
    with sandbox.hold("DescribeDomain"):
        ran = notebook.update(*WHERE, "--cli-read-timeout", "1", "--cli-connect-timeout", "1")
    assert ran.text == "127.0.0.1 took the request but did not answer in time. Try again. Nothing was sent."
    assert sent(sandbox) == []


@pytest.fixture
def proxy(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy(sandbox)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    yield proxy
    proxy.close()


@pytest.mark.parametrize("fault", ["answer lost", "500 all the same", "garbled answer"])
def test_a_lost_answer_is_found_out_and_printed_as_if_it_had_come(
    fault: str, notebook: Notebook, proxy: Proxy, sandbox: Sandbox
) -> None:
    proxy.faults["UpdateUserProfile"] = fault
    ran = notebook.update(*WHERE, *PORTAL, "--output", "text")
    assert ran.error is None, ran
    assert ran.stdout.endswith("/analyst-1\n")
    assert "Reading what analyst-1 holds." in ran.stderr
    assert sent(sandbox) == ["UpdateUserProfile"]


# -- the debug log -------------------------------------------------------------------------------------------------


def test_debug_writes_down_what_happens_beside_the_answer_and_hides_secrets(
    notebook: Notebook, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary+secret/key")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "canarytoken" * 9)
    quiet = notebook.update(*WHERE)
    sandbox.reset()
    ran = notebook.update(*WHERE, "--debug")
    assert (ran.error, ran.stdout) == (None, quiet.stdout)
    assert "UpdateUserProfile" in ran.stderr
    assert "DescribeUserProfile" in ran.stderr
    assert ran.stderr.splitlines()[-1] == f"These lines are also in {tmp_path / 'data' / 'debug.log'}."
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "data").rglob("*.log*"))
    assert "UpdateUserProfile" in kept
    for text in (ran.stderr, kept):
        assert "canary" not in text
        assert not re.search(r"Signature=[0-9a-f]{8}", text)


# -- interrupts ----------------------------------------------------------------------------------------------------


def interrupted(notebook: Notebook, sandbox: Sandbox, operation: str, *arguments: str) -> Any:
    """Run a magic and press Ctrl-C while the answer of ``operation`` is held back."""
    with sandbox.hold(operation) as held:

        def press() -> None:
            if held.wait_until_reached(BEFORE):
                os.kill(os.getpid(), signal.SIGINT)

        presser = threading.Thread(target=press)
        presser.start()
        ran = notebook.update(*arguments)
        presser.join()
    return ran


def test_an_interrupt_before_the_request_says_that_nothing_was_sent(notebook: Notebook, sandbox: Sandbox) -> None:
    ran = interrupted(notebook, sandbox, "DescribeDomain", *WHERE, *PORTAL)
    assert isinstance(ran.error, StoppedError)
    assert ran.text == "Stopped. Nothing was sent."
    assert sent(sandbox) == []


def test_an_interrupt_during_the_request_says_that_its_end_is_not_known(notebook: Notebook, sandbox: Sandbox) -> None:
    ran = interrupted(notebook, sandbox, "UpdateUserProfile", *WHERE, *PORTAL)
    assert isinstance(ran.error, StoppedError)
    assert isinstance(ran.error, KeyboardInterrupt)
    assert ran.text.startswith("Stopped. UpdateUserProfile was on its way: whether AWS does it is not known here.")
    assert ran.stdout == ""
    assert notebook.update(*WHERE).error is None
