"""What stops a request, what is said and where, and what happens when AWS does not answer as it should."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from profile_widgets import check
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.requesting import RAW, binary_members, decoded
from profile_widgets.model.shapes import OPERATIONS, Member, input_member
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import DOMAIN, SSO_DOMAIN, UPDATE, WHERE, Notebook, sent, settings

PORTAL = ("--user-settings", "StudioWebPortal=ENABLED")
NEW = ("--domain-id", DOMAIN, "--user-profile-name", "bob")
BEFORE = 30.0


# -- what is checked before anything is sent -----------------------------------------------------------------------


def test_a_request_with_errors_is_not_sent_and_says_so_in_the_words_of_the_check(
    notebook: Notebook, sandbox: Sandbox
) -> None:
    bad = {"ExecutionRole": "x", "JupyterServerAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}}
    notebook.shell.user_ns["bad"] = bad
    ran = notebook.run(f"%{UPDATE} {' '.join(WHERE)} --user-settings {{bad}}")
    found = check({"DomainId": DOMAIN, "UserProfileName": "analyst-1", "UserSettings": bad})
    assert isinstance(ran.error, MagicError)
    assert ran.error.problems == found
    errors = sum(problem.blocks for problem in found)
    assert ran.text == f"Nothing was sent: the request has {errors} errors, which stand above."
    assert ran.stdout == ""
    for problem in found:
        assert f"{problem.severity:<11} {problem.path}: {problem.message}\n" in ran.stderr
        assert all(f"a way out: {fix.label}\n" in ran.stderr for fix in problem.fixes)
    assert sandbox.calls == ()


def test_what_the_domain_demands_is_checked_too(notebook: Notebook, sandbox: Sandbox) -> None:
    ran = notebook.create("--domain-id", SSO_DOMAIN, "--user-profile-name", "bob")
    assert isinstance(ran.error, MagicError)
    assert "SingleSignOnUser" in ran.stderr
    assert any("SingleSignOnUser" in problem.path for problem in ran.error.problems)
    assert sent(sandbox) == []


def test_what_the_profile_holds_is_known_to_the_check(notebook: Notebook, sagemaker: Any) -> None:
    given = ("--user-settings", "JupyterLabAppSettings={LifecycleConfigArns=[]}")
    ran = notebook.update(*WHERE, *given)
    request = {
        "DomainId": DOMAIN,
        "UserProfileName": "analyst-1",
        "UserSettings": {"JupyterLabAppSettings": {"LifecycleConfigArns": []}},
    }
    domain = sagemaker.describe_domain(DomainId=DOMAIN)
    assert ran.error is None
    assert len(ran.stderr.splitlines()) >= len(check(request, domain=domain, loaded=settings(sagemaker)))


def test_a_finding_that_is_no_error_is_told_and_stops_nothing(notebook: Notebook, sagemaker: Any) -> None:
    ran = notebook.update(*WHERE, "--user-settings", "StudioWebPortal=DISABLED")
    assert ran.error is None
    assert ran.stderr.startswith("warning     UserSettings.StudioWebPortal: ")
    assert ran.stdout.startswith("{\n")
    assert settings(sagemaker)["StudioWebPortal"] == "DISABLED"


def test_what_is_no_variable_is_sent_as_it_stands_and_that_is_told(notebook: Notebook, sagemaker: Any) -> None:
    ran = notebook.run(f"%{UPDATE} {' '.join(WHERE)} --user-settings DefaultLandingUri=$nosuch/$nosuch")
    assert ran.error is None
    assert ran.stderr.count("$nosuch is no Python variable and is taken as it stands.\n") == 1
    assert settings(sagemaker)["DefaultLandingUri"] == "$nosuch/$nosuch"
    ran = notebook.update(*WHERE, "--user-settings", '{"DefaultLandingUri": "{nosuch}"}')
    told = "It holds “{nosuch}”, which looks like something to be filled in: put the value there."
    assert ran.stderr.count(f"warning     UserSettings.DefaultLandingUri: {told}\n") == 1
    assert settings(sagemaker)["DefaultLandingUri"] == "{nosuch}"


def test_a_semicolon_at_the_end_is_no_part_of_a_value_and_what_stands_behind_it_stops_the_command(
    notebook: Notebook, sandbox: Sandbox, sagemaker: Any
) -> None:
    command = f"%{UPDATE} {' '.join(WHERE)} --user-settings DefaultLandingUri=studio::"
    assert notebook.run(f"{command};").error is None
    assert settings(sagemaker)["DefaultLandingUri"] == "studio::"
    before = sent(sandbox)
    ran = notebook.run(f"{command}; ls")
    assert isinstance(ran.error, MagicError)
    assert "behind it stands “ls”" in ran.text
    assert sent(sandbox) == before


def test_everything_that_is_missing_is_named_at_once(notebook: Notebook) -> None:
    assert notebook.update().text.startswith("--domain-id and --user-profile-name are missing.")
    ran = notebook.create("--cli-input-json", f'{{"DomainId": "{DOMAIN}"}}')
    assert ran.text == "--user-profile-name is missing. `%create_user_profile help` tells of each."


def test_an_unknown_member_is_named_with_the_nearest_one(notebook: Notebook, sandbox: Sandbox) -> None:
    for given in (
        ("--user-settings", "ExecutionRol=x"),
        ("--cli-input-json", '{"UserSettings": {"ExecutionRol": "x"}}'),
    ):
        ran = notebook.update(*WHERE, *given)
        assert isinstance(ran.error, MagicError)
        assert "Did you mean ExecutionRole?" in ran.text + ran.stderr
    ran = notebook.update(*WHERE, "--cli-input-json", '{"Tags": []}')
    assert isinstance(ran.error, MagicError)
    assert sent(sandbox) == []


def test_what_an_option_replaces_in_a_file_stops_nothing(notebook: Notebook) -> None:
    whole = '{"DomainId": 5, "UserProfileName": "analyst-1", "UserSettings": {"Nothing": 1}}'
    given = ("--domain-id", DOMAIN, "--user-settings", "StudioWebPortal=ENABLED")
    assert notebook.update(*given, "--cli-input-json", whole).error is None
    assert "Nothing was sent" in notebook.update(*given[:2], "--cli-input-json", whole).text


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("--cli-input-json", "{]"), r"--cli-input-json: .*column 2"),
        (("--cli-input-json", "file://bad.json"), r"--cli-input-json: .*line 2, column 7"),
        (("--cli-input-yaml", "a: [b"), r"--cli-input-yaml: "),
        (("--user-settings", "{'a': "), r"--user-settings: "),
        (("--user-settings", "a={b"), r"--user-settings: .*column \d+"),
        (("--user-settings", "file://nowhere.json"), r"--user-settings: nowhere.json cannot be read: No such file"),
        (("--cli-input-json", "file://nowhere.json"), r"--cli-input-json: nowhere.json cannot be read"),
        (("--user-profile-name", "file://bytes"), r"--user-profile-name: bytes is not a text in UTF-8\."),
        (("--cli-input-json", "request.json"), r"To read the file, write file://request.json"),
        (("--cli-input-json", "{}", "--cli-input-yaml", "{}"), "Give one of --cli-input-json and --cli-input-yaml"),
        (("--query", "a[", *PORTAL), r"--query, column \d: The query is not complete"),
        (("--query", "lenght(@)"), r"Did you mean length\(\)\?"),
        (("--query", "length(UserProfileArn, `1`)"), "takes 1 argument"),
        (("--endpoint-url", "nowhere"), r"must begin with http:// or https:// and name a host\. Nothing was sent\."),
        (("--ca-bundle", "nowhere.pem"), "The file of certificate authorities 'nowhere.pem' does not exist"),
        (("--profile", "nobody"), "hold no profile “nobody”.* Nothing was sent"),
        (("--region", "eu-wst-1"), "There is no AWS region “eu-wst-1”. Did you mean eu-west-1"),
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_is_sent(
    given: tuple[str, ...], reason: str, notebook: Notebook, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "request.json").write_text("{}")
    (tmp_path / "bad.json").write_text('{"UserSettings":\n {"a" 1}}')
    ran = notebook.update(*WHERE, *given)
    assert isinstance(ran.error, MagicError), ran
    assert re.search(reason, ran.text), ran.text
    assert sent(sandbox) == []
    assert ran.stdout == ""


def test_a_wrong_profile_is_named_with_those_that_exist(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[profile research]\nregion=eu-west-1\n[profile ml]\nregion=eu-west-1\n")
    assert "Did you mean “research”? They hold research, ml." in notebook.update(*WHERE, "--profile", "resarch").text
    monkeypatch.setenv("AWS_PROFILE", "mll")
    assert "hold no profile “mll”" in notebook.update(*WHERE).text


@pytest.mark.parametrize("variable", ["AWS_DEFAULT_OUTPUT", "AWS_CLI_AUTO_PROMPT"])
def test_a_variable_with_an_unknown_word_is_named(
    variable: str, notebook: Notebook, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "jsn")
    assert notebook.update(*WHERE).text.startswith(f"{variable} is “jsn”. Choose one of ")
    assert sent(sandbox) == []


# -- Python --------------------------------------------------------------------------------------------------------


def test_variables_of_the_notebook_and_of_a_function_are_put_in(notebook: Notebook, sagemaker: Any) -> None:
    ran = notebook.run(
        f"""
        d, wanted = "{DOMAIN}", {{"StudioWebPortal": "ENABLED", "DefaultLandingUri": "studio::"}}
        def update(person, arn="x"):
            %{UPDATE} --domain-id $d --user-profile-name {{person}} --user-settings {{wanted}} --output text
        for each in ("analyst-1", "bare"):
            update(each)
        """
    )
    assert ran.error is None, ran
    assert [line.rpartition("/")[2] for line in ran.stdout.splitlines()] == ["analyst-1", "bare"]
    assert settings(sagemaker, "bare") == {"StudioWebPortal": "ENABLED", "DefaultLandingUri": "studio::"}


def test_a_cell_gives_a_request_as_yaml(notebook: Notebook, sagemaker: Any) -> None:
    body = "DomainId: d-wrong\nUserProfileName: analyst-1\nUserSettings:\n  # a comment\n  SecurityGroups: []\n"
    ran = notebook.run(f"%%{UPDATE} --cli-input-yaml - --domain-id {DOMAIN}\n{body}")
    assert ran.error is None, ran
    assert settings(sagemaker)["SecurityGroups"] == []


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("--user-settings -", "SecurityGroups: []\n"),
        ("--user-settings -", '{"SecurityGroups": []}\n'),
        ("--cli-input-json -", '{"UserSettings": {"SecurityGroups": []}}'),
        ("", "--user-settings SecurityGroups=[]\n"),
        ("--user-settings", "SecurityGroups=[]"),
    ],
)
def test_a_cell_gives_the_value_of_one_option_or_more_options(
    line: str, body: str, notebook: Notebook, sagemaker: Any
) -> None:
    ran = notebook.run(f"%%{UPDATE} {' '.join(WHERE)} {line}\n{body}")
    if line == "--user-settings":
        assert "--user-settings needs a value" in ran.text
    else:
        assert ran.error is None, ran
        assert settings(sagemaker)["SecurityGroups"] == []


def test_a_filled_in_skeleton_sends_every_choice_that_was_made_in_it(notebook: Notebook, sagemaker: Any) -> None:
    text = notebook.update("--generate-cli-skeleton", "yaml-input").stdout
    before = settings(sagemaker)
    empty = "%%{} --cli-input-yaml - --domain-id {} --user-profile-name analyst-1\n{}"
    ran = notebook.run(empty.format(UPDATE, DOMAIN, text))
    assert isinstance(ran.error, MagicError)
    assert "error       the request: Nothing is left to send: " in ran.stderr
    assert settings(sagemaker) == before
    chosen = text.replace("StudioWebPortal: ''", "StudioWebPortal: DISABLED")
    assert notebook.run(empty.format(UPDATE, DOMAIN, chosen)).error is None
    assert settings(sagemaker)["StudioWebPortal"] == "DISABLED"


def test_a_skeleton_with_nothing_but_names_in_it_stops_unless_an_option_gives_more(
    notebook: Notebook, sandbox: Sandbox, tmp_path: Path
) -> None:
    names = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
    whole = json.loads(notebook.update("--generate-cli-skeleton").stdout)
    (tmp_path / "filled.json").write_text(json.dumps({**whole, **names}))
    ran = notebook.update("--cli-input-json", "file://filled.json")
    assert ran.text == "Nothing was sent: the request has 1 error, which stands above."
    assert "Nothing is left to send but names: " in ran.stderr
    assert sent(sandbox) == []
    assert notebook.update("--cli-input-json", "file://filled.json", *PORTAL).error is None
    assert sent(sandbox) == ["UpdateUserProfile"]


def test_an_error_shows_its_sentence_without_a_traceback_and_can_be_caught(notebook: Notebook) -> None:
    shown = notebook.run(f"%{UPDATE} --nothing")
    assert "Traceback" not in shown.stdout + shown.stderr
    assert shown.stdout == ""
    caught = notebook.run(
        f"""
        from profile_widgets.magics.errors import MagicError
        try:
            get_ipython().run_line_magic("{UPDATE}", "--nothing")
        except MagicError as error:
            print("caught:", error)
        """
    )
    assert caught.stdout.startswith("caught: update_user_profile has no option --nothing.")


# -- options that change nothing here ------------------------------------------------------------------------------


def test_options_without_an_effect_say_so(notebook: Notebook) -> None:
    ran = notebook.update(*WHERE, "--no-paginate", "--cli-binary-format", "base64")
    assert "The answer to UpdateUserProfile comes in one piece, so --no-paginate changes nothing of it." in ran.stderr
    assert "No member of UpdateUserProfile is binary, so --cli-binary-format changes nothing." in ran.stderr
    assert not any(binary_members(operation) for operation in OPERATIONS)


def test_a_binary_member_would_be_decoded() -> None:
    blob = Member("Owner", "Data", "Blob", "opaque", type_name="blob")
    assert decoded(blob, "aGk=", "base64") == b"hi"
    assert decoded(blob, "aGk=", RAW) == b"aGk="
    with pytest.raises(MagicError, match=r"Data is not base64: .* add --cli-binary-format raw-in-base64-out"):
        decoded(blob, "not base64!", "base64")
    request = {"Tags": [{"Key": "a", "Value": "aGk="}], "UserSettings": {"SecurityGroups": ["aGk="]}, "Newer": 1}
    assert decoded(input_member(OPERATIONS[0]), request, "base64") == request
    assert decoded(Member("Owner", "Name", "Text", "string", type_name="string"), "aGk=", "base64") == "aGk="


# -- the editor in place of sending --------------------------------------------------------------------------------


def test_a_terminal_has_no_editor_and_says_so(
    notebook: Notebook, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "The editor needs a notebook" in notebook.update("--cli-auto-prompt").text
    monkeypatch.setenv("AWS_CLI_AUTO_PROMPT", "on")
    assert "The editor needs a notebook" in notebook.update(*WHERE).text
    assert sent(sandbox) == []
    assert notebook.update(*WHERE, "--no-cli-auto-prompt").error is None
    monkeypatch.setenv("AWS_CLI_AUTO_PROMPT", "on-partial")
    assert notebook.update(*WHERE).error is None
    assert "The editor needs a notebook" in notebook.update().text
    assert "The editor needs a notebook" in notebook.update(*WHERE, "--user-settings", "ExecutionRole=x").text
    both = notebook.update("--cli-auto-prompt", "--no-cli-auto-prompt").text
    assert both == "Give one of --cli-auto-prompt and --no-cli-auto-prompt, not both."


def test_the_configuration_can_ask_for_the_editor_too(notebook: Notebook, tmp_path: Path) -> None:
    keys = "aws_access_key_id = key\naws_secret_access_key = secret\n"
    profile = f"[profile ml]\ncli_auto_prompt = off\n{keys}"
    (tmp_path / "config").write_text(f"[default]\ncli_auto_prompt = on\n{profile}")
    assert "The editor needs a notebook" in notebook.update(*WHERE).text
    assert notebook.update(*WHERE, "--profile", "ml").error is None


def test_what_is_stored_beside_the_request_is_not_repeated_with_every_update(notebook: Notebook) -> None:
    where = ("--domain-id", DOMAIN, "--user-profile-name", "analyst-1")
    assert "StudioWebPortal" in notebook.update(*where, "--user-settings", "StudioWebPortal=DISABLED").stderr
    second = notebook.update(*where, "--user-settings", "SharingSettings={NotebookOutputOption=Disabled}")
    assert second.error is None
    assert "StudioWebPortal" not in second.stderr


def test_a_section_with_a_member_that_botocore_does_not_know_is_not_sent(notebook: Notebook, sandbox: Sandbox) -> None:
    sandbox.put_raw(DOMAIN, "analyst-1", {"JupyterLabAppSettings": {"NewMember": "x"}})
    given = ("--user-settings", "JupyterLabAppSettings={DefaultResourceSpec={InstanceType=ml.t3.large}}")
    ran = notebook.update(*WHERE, *given)
    assert isinstance(ran.error, MagicError)
    assert "Upgrade boto3" in ran.stderr
    assert sent(sandbox) == []
    assert notebook.update(*WHERE, "--user-settings", "StudioWebPortal=ENABLED").error is None
