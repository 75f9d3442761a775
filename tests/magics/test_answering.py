"""An answer is tried before it is asked for: what cannot be printed is said while nothing is sent yet."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from profile_widgets.magics.errors import MagicError
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import DOMAIN, WHERE, Notebook, sent

PORTAL = ("--user-settings", "StudioWebPortal=ENABLED")
ARN = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN}/analyst-1"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("--output", "text", "--query", "[UserProfileArn,{a:UserProfileArn}]"), "has no form as text"),
        (("--output", "text", "--query", "[?contains(UserProfileArn,'analyst-1')]|keys(@)"), "keys"),
        (("--query", "keys(UserProfileArn)"), "keys"),
    ],
)
def test_an_answer_that_could_not_be_printed_is_refused_before_anything_is_sent(
    given: tuple[str, ...], reason: str, notebook: Notebook, sandbox: Sandbox
) -> None:
    ran = notebook.update(*WHERE, *PORTAL, *given)
    assert isinstance(ran.error, MagicError)
    assert reason in ran.text
    assert "was done" not in ran.text
    assert (ran.stdout, sent(sandbox)) == ("", [])


def test_what_is_tried_looks_like_the_answer_that_comes(notebook: Notebook, sandbox: Sandbox) -> None:
    mixed = "[UserProfileArn, {a: UserProfileArn}][?contains(to_string(@), 'analyst-1')]"
    ran = notebook.update(*WHERE, *PORTAL, "--output", "text", "--query", mixed)
    assert "has no form as text" in ran.text
    assert sent(sandbox) == []


def test_only_the_answer_itself_can_tell_and_then_it_is_said_that_the_write_was_done(
    notebook: Notebook, sandbox: Sandbox
) -> None:
    mixed = "[UserProfileArn, {a: UserProfileArn}][?contains(to_string(@), ':123456789012:')]"
    ran = notebook.update(*WHERE, *PORTAL, "--output", "text", "--query", mixed)
    assert isinstance(ran.error, MagicError)
    assert ran.text.startswith("UpdateUserProfile was done; its answer cannot be printed so: The answer is a list")
    assert f'{{"UserProfileArn": "{ARN}"}}' in ran.text
    assert sent(sandbox) == ["UpdateUserProfile"]


class _Full:
    """Be a stream that takes nothing."""

    encoding = "utf-8"

    def __init__(self, error: type[BaseException]) -> None:
        self._error = error

    def write(self, _text: str) -> int:
        raise self._error("no space left")

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (OSError, "UpdateUserProfile was done; its answer cannot be printed so: no space left"),
        (KeyboardInterrupt, "Stopped. UpdateUserProfile was done; its answer was not printed to its end."),
    ],
)
def test_a_stream_that_takes_nothing_does_not_hide_that_the_write_was_done(
    kind: type[BaseException], reason: str, notebook: Notebook, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = " ".join((*WHERE, *PORTAL))
    caught: list[BaseException] = []

    def call() -> None:
        magic: Any = notebook.shell.find_line_magic("update_user_profile")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", _Full(kind))
            try:
                magic(line)
            except BaseException as error:  # noqa: BLE001 - an interrupt is no Exception
                caught.append(error)

    call()
    assert str(caught[0]).startswith(reason)
    assert isinstance(caught[0], KeyboardInterrupt) == (kind is KeyboardInterrupt)
    assert sent(sandbox) == ["UpdateUserProfile"]
