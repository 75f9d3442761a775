"""Whose profile is opened when nobody says: never without saying why, never against what the person chose."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.aws import studio
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import SERVED
from profile_widgets.widgets import recognition
from profile_widgets.widgets.app import UserProfileEditor
from profile_widgets.widgets.targets import Target
from tests.widgets.conftest import RESEARCH, browser_sends, settled, until

Tell = Callable[..., None]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, domains: dict[str, str]) -> Tell:
    """Return a function that writes Studio's metadata of a place in the domain "research"."""
    path = tmp_path / "resource-metadata.json"

    def write(text: str = "", region: str = "eu-west-1", account: str = "123456789012", **members: str) -> None:
        arn = f"arn:aws:sagemaker:{region}:{account}:app/x/y/JupyterLab/default"
        told = {"DomainId": domains[RESEARCH], "ResourceArn": arn, **members}
        path.write_text(text or json.dumps(told))
        monkeypatch.setenv(studio.VARIABLE, str(path))

    return write


@pytest.fixture
def open_editor(sandbox: Sandbox) -> Iterator[Callable[..., Any]]:
    """Return a function that makes an editor as a notebook does, and waits until it has come to rest."""
    made: list[UserProfileEditor] = []

    async def open_one(*arguments: Any, **options: Any) -> UserProfileEditor:
        made.append(UserProfileEditor(*arguments, connection=sandbox.connection, **options))
        await made[-1].ready()
        await settled(made[-1])
        return made[-1]

    yield open_one
    for editor in made:
        editor.close()


def notice(editor: UserProfileEditor) -> str:
    return str((editor.place.state["notice"] or {"text": ""})["text"])


def described(sandbox: Sandbox, operation: str = "DescribeUserProfile") -> list[str]:
    return [call.parameters.get("UserProfileName", "") for call in sandbox.calls if call.operation == operation]


async def test_the_profile_that_the_metadata_names_is_opened_and_said_where_from(tell: Tell, open_editor: Any) -> None:
    tell(UserProfileName="analyst-1")
    editor = await open_editor()
    assert (editor.is_open, editor.draft.name) == (True, "analyst-1")
    assert editor.finder.profile.origin == {"text": "Found in the metadata of this Studio.", "link": "Choose another"}
    assert editor.finder.domain.origin is None
    assert notice(editor) == ""


async def test_the_owner_of_a_space_is_opened(tell: Tell, open_editor: Any) -> None:
    tell(SpaceName="genomics-editor")
    editor = await open_editor()
    assert editor.draft.name == "data-scientist-1"
    assert "as the owner of the space “genomics-editor”" in editor.finder.profile.origin["text"]


async def test_another_one_may_be_chosen_and_then_nothing_is_said_of_metadata(tell: Tell, open_editor: Any) -> None:
    tell(UserProfileName="analyst-1")
    editor = await open_editor()
    browser_sends(editor.finder.profile, do="search", text="")
    await settled(editor)
    assert "bare" in [row[0] for row in editor.finder.profile.rows]
    browser_sends(editor.finder.profile, do="choose", value="bare")
    await settled(editor)
    assert editor.draft.name == "bare"
    assert editor.finder.profile.origin is None


async def test_a_shared_space_chooses_the_domain_and_asks_whose_profile(tell: Tell, open_editor: Any) -> None:
    tell(SpaceName="reading-group")
    editor = await open_editor()
    assert not editor.is_open
    assert "“reading-group” is shared" in notice(editor)
    assert "analyst-1" in [row[0] for row in editor.finder.profile.rows]
    assert editor.finder.domain.origin == {"text": "Found in the metadata of this Studio.", "link": ""}


async def test_an_owner_that_may_not_be_learned_is_a_sentence_and_the_domain_is_chosen(
    tell: Tell, open_editor: Any, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sagemaker:DescribeSpace")
    tell(SpaceName="analyst-1-lab")
    editor = await open_editor()
    assert not editor.is_open
    assert "may not use sagemaker:DescribeSpace" in notice(editor)
    assert editor.finder.domain_id == domains[RESEARCH]


async def test_garbage_is_a_sentence_and_the_usual_choice(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell("{")
    editor = await open_editor()
    assert "does not hold what SageMaker writes there" in notice(editor)
    assert {row[1] for row in editor.finder.domain.rows} == set(domains)
    assert (editor.is_open, editor.finder.domain_id) == (False, "")


async def test_a_domain_that_is_not_there_is_a_sentence_and_the_usual_choice(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell(DomainId="d-000000000000", UserProfileName="ana")
    editor = await open_editor()
    assert notice(editor).startswith("The profile that the metadata of this Studio names could not be opened.")
    assert {row[1] for row in editor.finder.domain.rows} == set(domains)
    assert (editor.finder.domain_id, editor.finder.domain.shown, editor.finder.profile.shown) == ("", "", "")
    assert editor.finder.profile.status is None
    assert (editor.finder.domain.origin, editor.finder.profile.origin) == (None, None)


async def test_a_space_that_is_gone_is_a_sentence_about_the_space(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell(SpaceName="nope")
    editor = await open_editor()
    assert f"There is no space “nope” in domain {domains[RESEARCH]}" in notice(editor)
    assert editor.finder.domain_id == domains[RESEARCH]


async def test_a_profile_that_is_gone_is_a_sentence_and_its_domain_stays_chosen(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell(UserProfileName="gone")
    editor = await open_editor()
    assert "could not be opened" in notice(editor)
    assert "gone" in notice(editor)
    assert editor.finder.domain_id == domains[RESEARCH]
    assert "analyst-1" in [row[0] for row in editor.finder.profile.rows]
    assert editor.finder.profile.origin is None


async def test_a_profile_that_may_not_be_read_is_a_sentence_too(
    tell: Tell, open_editor: Any, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sagemaker:Describe*")
    tell(UserProfileName="analyst-1")
    editor = await open_editor()
    assert "may not use sagemaker:DescribeUserProfile" in notice(editor)
    assert editor.finder.domain_id == domains[RESEARCH]


async def test_a_studio_in_another_region_opens_nothing_here(tell: Tell, open_editor: Any, sandbox: Sandbox) -> None:
    tell(UserProfileName="analyst-1", region="us-east-1")
    editor = await open_editor()
    assert not editor.is_open
    assert notice(editor) == (
        "This Studio is in us-east-1, and requests go to eu-west-1: its own profile is not opened."
    )
    assert described(sandbox) == []


async def test_a_studio_of_another_account_opens_nothing_here(tell: Tell, open_editor: Any, sandbox: Sandbox) -> None:
    tell(UserProfileName="analyst-1", account="999999999999")
    editor = await open_editor()
    assert not editor.is_open
    assert notice(editor) == (
        "This Studio is of account 999999999999, and requests are signed for 123456789012: "
        "its own profile is not opened."
    )
    assert described(sandbox) == []


async def test_an_account_that_cannot_be_learned_keeps_nothing_from_being_opened(
    tell: Tell, open_editor: Any, sandbox: Sandbox
) -> None:
    sandbox.deny("sts:GetCallerIdentity")
    sandbox.fail_next("sts:GetCallerIdentity", code="AccessDenied")
    sandbox.fail_next("sts:GetCallerIdentity", code="AccessDenied")
    tell(UserProfileName="analyst-1", account="999999999999")
    editor = await open_editor()
    assert editor.place.state["account"] == ""
    assert editor.draft.name == "analyst-1"


async def test_an_account_that_does_not_come_keeps_nothing_from_being_opened(
    tell: Tell, open_editor: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "CALLER_SECONDS", 0.05)
    sandbox.answer_delay = 0.5
    tell(UserProfileName="analyst-1", account="999999999999")
    editor = await open_editor()
    sandbox.answer_delay = 0
    assert editor.draft.name == "analyst-1"


@pytest.mark.parametrize("how", ["served", "not trusted"])
async def test_on_a_served_page_the_metadata_is_never_looked_at(
    tell: Tell, open_editor: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    tell(SpaceName="analyst-1-lab")
    if how == "served":
        monkeypatch.setenv(SERVED, "1")
    editor = await open_editor(trusted=how == "served")
    assert not editor.is_open
    assert editor.finder.domain_id == ""
    assert described(sandbox, "DescribeSpace") == []


async def test_a_sandbox_does_not_look_where_the_real_studio_writes(
    open_editor: Any, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, domains: dict[str, str]
) -> None:
    path = tmp_path / "real.json"
    path.write_text(json.dumps({"DomainId": domains[RESEARCH], "UserProfileName": "analyst-1"}))
    monkeypatch.setattr(studio, "METADATA", path)
    monkeypatch.delenv(studio.VARIABLE, raising=False)
    assert studio.read() == studio.Found(domains[RESEARCH], "analyst-1")
    editor = await open_editor()
    assert (editor.is_open, described(sandbox)) == (False, [])


async def test_what_the_program_names_is_opened_without_a_look(
    tell: Tell, open_editor: Any, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    tell(SpaceName="analyst-1-lab")
    editor = await open_editor(domains["studio-sso"], "nina-okafor")
    assert editor.draft.name == "nina-okafor"
    assert described(sandbox, "DescribeSpace") == []
    assert editor.finder.profile.origin is None


async def test_a_name_or_a_new_profile_without_a_domain_goes_into_the_domain_of_this_studio(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell(UserProfileName="analyst-1")
    editor = await open_editor(user_profile_name="bare")
    assert (editor.draft.domain_id, editor.draft.name) == (domains[RESEARCH], "bare")
    assert (editor.finder.profile.origin, editor.finder.domain.origin["link"]) == (None, "")
    editor = await open_editor(user_profile_name="bob", create=True)
    assert (editor.draft.create, editor.draft.name, editor.draft.domain_id) == (True, "bob", domains[RESEARCH])


async def test_a_request_that_names_another_profile_asks_before_it_goes_into_this_one(
    tell: Tell, open_editor: Any, domains: dict[str, str]
) -> None:
    tell(UserProfileName="analyst-1")
    request = {
        "DomainId": domains[RESEARCH],
        "UserProfileName": "bare",
        "UserSettings": {"StudioWebPortal": "DISABLED"},
    }
    editor = await open_editor(request=request)
    assert editor.draft.name == "analyst-1"
    assert editor.changes == ()
    assert "bare" in editor.question.state["text"]


async def test_what_the_person_chose_while_aws_was_asked_stays(
    tell: Tell, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    tell(SpaceName="analyst-1-lab")
    with sandbox.hold("DescribeSpace") as held:
        editor = UserProfileEditor(connection=sandbox.connection)
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
        await until(lambda: editor.finder.domain_id == domains["studio-sso"])
        held.release()
        await settled(editor)
    assert (editor.is_open, editor.finder.domain_id) == (False, domains["studio-sso"])
    assert editor.finder.profile.origin is None
    editor.close()


async def test_a_single_domain_is_chosen_by_itself_and_said_why(
    open_editor: Any, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    store = sandbox._account.store
    with store.lock:
        store.remove(store.get("domain", domains["studio-sso"]))
    editor = await open_editor()
    assert editor.finder.domain_id == domains[RESEARCH]
    assert editor.finder.domain.origin == {"text": "The only domain of this account in eu-west-1.", "link": ""}
    assert "analyst-1" in [row[0] for row in editor.finder.profile.rows]
    browser_sends(editor.finder.profile, do="choose", value="bare")
    await settled(editor)
    assert editor.finder.domain.origin["text"].startswith("The only domain")


async def test_where_the_region_of_a_single_domain_comes_from_is_said(
    sandbox: Sandbox, domains: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sandbox._account.store
    with store.lock:
        store.remove(store.get("domain", domains["studio-sso"]))
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    editor = UserProfileEditor(connection=sandbox.connection.replace(region=None))
    await editor.ready()
    await settled(editor)
    text = "The only domain of this account in eu-west-1, the region that AWS_DEFAULT_REGION says."
    assert (editor.finder.domain.origin or {}).get("text") == text
    editor.close()


async def test_what_is_guessed_is_forgotten_when_the_connection_leads_elsewhere(tell: Tell, open_editor: Any) -> None:
    tell(UserProfileName="analyst-1")
    editor = await open_editor()
    await editor.connecting._arrive(moves=True)
    await settled(editor)
    assert editor.finder._guess == Target("")
    assert (editor.finder.domain.origin, editor.finder.profile.origin) == (None, None)
    assert not editor.is_open
