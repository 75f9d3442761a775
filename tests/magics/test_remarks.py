"""What is said of options that decide nothing: beside a skeleton, and beside the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from profile_widgets.magics.errors import MagicError
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import WHERE, Cli, Notebook

PROFILE = ("--profile", "nosuch")


@pytest.mark.parametrize("kind", ["input", "output"])
def test_a_skeleton_for_a_profile_that_is_not_there_is_refused_as_the_cli_does(
    kind: str, notebook: Notebook, aws: Cli, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[profile ml]\nregion=eu-west-1\n")
    given = (*WHERE, "--generate-cli-skeleton", kind)
    theirs = aws.anew("sagemaker", "update-user-profile", *given, *PROFILE, code=255)
    ran = notebook.update(*given, *PROFILE)
    assert isinstance(ran.error, MagicError)
    assert ran.text.startswith("The AWS configuration files hold no profile “nosuch”.")
    assert ran.stdout == theirs.stdout == ""
    monkeypatch.setenv("AWS_PROFILE", "nosuch")
    assert "hold no profile “nosuch”" in notebook.update(*given).text
    ran = notebook.update(*given, "--profile", "ml")
    assert ran.error is None
    assert "--profile" not in ran.stderr
    assert sandbox.calls == ()


def test_the_yaml_skeleton_needs_its_profile_too(notebook: Notebook) -> None:
    assert "no profile “nosuch”" in notebook.update("--generate-cli-skeleton", "yaml-input", *PROFILE).text


@pytest.mark.parametrize("kind", ["input", "yaml-input", "output"])
def test_where_nothing_is_sent_the_other_options_of_the_connection_decide_nothing(
    kind: str, notebook: Notebook
) -> None:
    given = ("--region", "zz", "--endpoint-url", "nowhere", "--no-verify-ssl", "--generate-cli-skeleton", kind)
    ran = notebook.update(*WHERE, *given)
    assert ran.error is None
    said = "Nothing is sent for a skeleton, so --region, --endpoint-url and --no-verify-ssl decide nothing.\n"
    assert said in ran.stderr
    assert "Nothing is sent for a skeleton" not in notebook.update(*WHERE, "--generate-cli-skeleton", kind).stderr


def test_the_skeleton_of_a_request_is_the_same_whatever_stands_beside_it(notebook: Notebook) -> None:
    plain = notebook.update("--generate-cli-skeleton")
    ran = notebook.update("--generate-cli-skeleton", "input", "--query", "DomainId", "--domain-id", "d-1")
    assert plain.stderr == ""
    assert ran.stdout == plain.stdout
    assert (
        ran.stderr == "The skeleton of a request is always the same whole, so --query and --domain-id decide nothing.\n"
    )
    assert notebook.update(*WHERE, "--generate-cli-skeleton", "output", "--query", "UserProfileArn").stderr == ""


def test_a_skeleton_wins_over_the_editor_and_says_so(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = notebook.update("--generate-cli-skeleton", "--cli-auto-prompt")
    assert ran.error is None
    assert ran.stdout == notebook.update("--generate-cli-skeleton").stdout
    assert ran.stderr == "--generate-cli-skeleton wins, so --cli-auto-prompt opens no editor.\n"
    both = notebook.update("--generate-cli-skeleton", "--cli-auto-prompt", "--no-cli-auto-prompt")
    assert both.text.startswith("Give one of --cli-auto-prompt and --no-cli-auto-prompt")
    monkeypatch.setenv("AWS_CLI_AUTO_PROMPT", "on")
    assert notebook.update("--generate-cli-skeleton").stderr == ""
