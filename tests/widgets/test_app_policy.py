"""The page under a policy: the visitor's own profile, what may be changed of it, and words for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from profile_widgets import Connection, UserProfileEditor, auditing, served
from profile_widgets.aws.gateway import Gateway
from profile_widgets.checks.policy import Policy
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.store import Store
from profile_widgets.errors import LockedFieldError, PolicyRefused
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor
from tests.widgets.conftest import RESEARCH, alive, browser_sends, browser_sets, settled

ROLE = "arn:aws:iam::123456789012:role/SageMakerAdministrator"
INSTANCE = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
ALICE = Visitor("analyst-1", (), "proxy")
Make = Callable[..., Any]


def policy(domain_id: str, **whose: Any) -> Policy:
    rule = {
        "for": "everyone",
        "profiles": "own",
        "operations": ["*", "UpdateUserProfile"],
        "edit": [INSTANCE, "DefaultLandingUri"],
        "read": ["*"],
        "allow": {INSTANCE: {"values": ["ml.t3.medium", "ml.t3.large"]}},
    }
    profile = {**(whose or {"template": "{user}"}), "domain_id": domain_id}
    return Policy.from_document({"version": 1, "title": "Tests", "contact": "ops", "profile": profile, "rules": [rule]})


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "audit.jsonl"
    monkeypatch.setenv(served.AUDIT, str(path))
    return path


@pytest.fixture
async def opened(sandbox: Sandbox, domains: dict[str, str], audit: Path) -> Any:
    assert audit.parent.is_dir()
    bound = policy(domains[RESEARCH])
    made = await UserProfileEditor(connection=sandbox.connection, policy=bound, visitor=ALICE).ready()
    await settled(made)
    yield made
    made.close()


def notice(editor: UserProfileEditor) -> str:
    return str((editor.place.state["notice"] or {"text": ""})["text"])


def writes(sandbox: Sandbox) -> list[str]:
    reads = ("Describe", "List", "Get")
    return [each.operation for each in sandbox.calls if not each.operation.startswith(reads)]


async def test_the_visitors_own_profile_is_opened_and_an_allowed_change_is_sent(
    opened: UserProfileEditor, sandbox: Sandbox, audit: Path
) -> None:
    assert (opened.draft.name, notice(opened)) == ("analyst-1", "")
    assert opened.grant is opened.draft.grant
    opened.settings.put(INSTANCE, "ml.t3.large")
    browser_sends(opened.review, do="submit")
    await settled(opened)
    assert opened.result is not None
    assert opened.result.status == "done", opened.result.text
    assert writes(sandbox) == ["UpdateUserProfile"]
    (row,) = auditing.read(audit, operation="UpdateUserProfile", outcome="done")
    assert (row.visitor, row.profile, [each.path for each in row.changes]) == (
        "analyst-1",
        "analyst-1",
        [f"UserSettings.{INSTANCE}"],
    )


async def test_a_locked_setting_is_refused_by_every_way_of_the_editor(
    opened: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str], audit: Path
) -> None:
    place = {"DomainId": domains[RESEARCH], "UserProfileName": "analyst-1"}
    with pytest.raises(LockedFieldError):
        opened.settings.ExecutionRole = ROLE
    with pytest.raises(LockedFieldError):
        opened.settings.put(INSTANCE, "ml.p4d.24xlarge")
    await opened.load_request(json.dumps({**place, "UserSettings": {"ExecutionRole": ROLE}}))
    assert "Execution role" in notice(opened)
    assert opened.changes == ()
    for request in ({**place, "UserSettings": {"ExecutionRole": ROLE}}, {**place, "UserProfileName": "ml-lead"}):
        with pytest.raises(PolicyRefused):
            await opened.gateway.update_user_profile({"UserSettings": {"DefaultLandingUri": "studio::"}, **request})
        with pytest.raises(PolicyRefused):
            opened.connection.client("sagemaker").update_user_profile(**request)
    with pytest.raises(PolicyRefused):
        await opened.gateway.ask("DescribeUserProfile", {**place, "UserProfileName": "ml-lead"})
    with pytest.raises(LockedFieldError):
        opened.connection.endpoint_url = "http://127.0.0.1:1"
    assert writes(sandbox) == []
    where = {row.where for row in auditing.read(audit, outcome="refused by policy")}
    assert where == {"model", "wire"}


async def test_another_profile_is_not_opened_and_the_page_says_why(opened: UserProfileEditor, sandbox: Sandbox) -> None:
    seen = len(sandbox.calls)
    await opened.load(opened.draft.domain_id, "ml-lead")
    assert "Tests" in notice(opened)
    assert "ml-lead" in notice(opened)
    assert opened.draft.name == "analyst-1"
    assert [call.operation for call in sandbox.calls[seen:]] == []


async def test_no_trait_that_a_page_can_set_brings_a_forbidden_value_to_the_wire(
    opened: UserProfileEditor, sandbox: Sandbox, sagemaker: Any
) -> None:
    opened.form.expand()
    place = {"DomainId": opened.draft.domain_id, "UserProfileName": "analyst-1"}
    before = sagemaker.describe_user_profile(**place)["UserSettings"]
    for value in (ROLE, [ROLE], True, "ml.p4d.24xlarge", 7):
        for widget in tuple(alive().values()):
            for name in ("value", "locked", "expanded", "path", "menu", "choices", "state", "disabled"):
                if name in widget.keys:
                    browser_sets(widget, **{name: value})
            for action in ("empty", "unset", "none", "add", "remove", "reset"):
                browser_sends(widget, do="act", action=action, path="UserSettings.ExecutionRole", value=value)
    browser_sends(opened.connecting, do="apply", values={"endpoint_url": "http://127.0.0.1:1", "verify": "false"})
    browser_sends(opened.review, do="submit")
    await settled(opened)
    sandbox.settle()
    after = sagemaker.describe_user_profile(**place)["UserSettings"]
    after["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] = before["JupyterLabAppSettings"][
        "DefaultResourceSpec"
    ]["InstanceType"]
    assert {**after, "DefaultLandingUri": ""} == {**before, "DefaultLandingUri": ""}
    assert opened.connection.endpoint_url == sandbox.endpoint_url
    assert {call.operation for call in sandbox.calls} & {"CreateUserProfile", "DeleteUserProfile", "AddTags"} == set()


async def test_a_request_that_was_given_is_laid_over_as_far_as_the_policy_allows_or_not_at_all(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    bound = policy(domains[RESEARCH])
    for settings, changed in (({"DefaultLandingUri": "studio::"}, 1), ({"ExecutionRole": ROLE}, 0)):
        request = {"UserSettings": {"DefaultLandingUri": "studio::", **settings}}
        editor = UserProfileEditor(connection=sandbox.connection, policy=bound, visitor=ALICE, request=request)
        try:
            await editor.ready()
            await settled(editor)
            assert editor.is_open
            assert len(editor.changes) == changed
            assert bool(changed) is not ("Execution role" in notice(editor))
        finally:
            editor.close()


async def test_a_change_that_was_broken_off_in_wider_times_is_not_sent_again(
    sandbox: Sandbox, domains: dict[str, str], audit: Path, tmp_path: Path
) -> None:
    place = {"DomainId": domains[RESEARCH], "UserProfileName": "analyst-1"}
    gateway, store = Gateway(sandbox.connection), Store(tmp_path / "data")
    now = await gateway.describe_user_profile(*place.values())
    request = {**place, "UserSettings": {"ExecutionRole": ROLE}}
    folder = store.of(ALICE).profile(gateway.where, *place.values())
    Journal(folder).begin(Intent.of("UpdateUserProfile", gateway.where, request, now))
    gateway.close()
    bound = policy(domains[RESEARCH])
    editor = UserProfileEditor(connection=sandbox.connection, policy=bound, visitor=ALICE, store=store)
    editor.draft.pauses = (0.05,)
    try:
        await editor.ready()
        await settled(editor)
        assert editor.result is not None
        assert (editor.result.status, "Execution role" in editor.result.text) == ("failed", True)
        assert writes(sandbox) == []
        (row,) = auditing.read(audit, operation="UpdateUserProfile")
        assert (row.outcome, row.where) == ("refused by policy", "wire")
    finally:
        editor.close()


async def test_the_connection_that_was_given_is_left_alone(sandbox: Sandbox, domains: dict[str, str]) -> None:
    given = sandbox.connection.replace()
    bound = policy(domains[RESEARCH])
    editor = await UserProfileEditor(connection=given, policy=bound, visitor=ALICE).ready()
    try:
        assert given.guard is None
        assert editor.connection.guard is not None
        with pytest.raises(LockedFieldError, match="connection of its own"):
            UserProfileEditor(connection=editor.connection, policy=bound, visitor=ALICE)
    finally:
        editor.close()


async def test_a_profile_is_found_by_its_single_sign_on_user(sandbox: Sandbox, domains: dict[str, str]) -> None:
    sso = next(each for name, each in domains.items() if name != RESEARCH)
    bound = policy(sso, sso="{user}")
    visitor = Visitor("marin.keller@northwind.example", (), "jupyterhub")
    editor = await UserProfileEditor(connection=sandbox.connection, policy=bound, visitor=visitor).ready()
    try:
        assert (editor.draft.domain_id, editor.draft.name, notice(editor)) == (sso, "marin-r", "")
        editor.settings.DefaultLandingUri = "studio::"
        assert (await editor.submit()).status == "done"
    finally:
        editor.close()


async def test_a_visitor_without_a_profile_is_told_so(sandbox: Sandbox, domains: dict[str, str]) -> None:
    sso = next(each for name, each in domains.items() if name != RESEARCH)
    for bound, name, words in (
        (policy(sso, sso="{user}"), "nobody@northwind.example", "No user profile"),
        (policy(domains[RESEARCH]), "nobody", "nobody"),
    ):
        editor = await UserProfileEditor(connection=sandbox.connection, policy=bound, visitor=Visitor(name)).ready()
        try:
            await settled(editor)
            assert words in notice(editor)
            assert not editor.is_open
        finally:
            editor.close()


ENVIRONMENTS: dict[str, tuple[dict[str, str], str]] = {
    "nobody": ({}, "did not say who"),
    "a garbled visitor": ({served.VISITOR: "{"}, "cannot be read"),
    "a visitor of an unknown source": (
        {served.VISITOR: '{"name": "analyst-1", "groups": [], "source": "query string"}'},
        "cannot be read",
    ),
    "no profile": ({served.VISITOR: ALICE.to_json(), served.WHOSE: '{"error": "You have none."}'}, "You have none."),
    "a garbled profile": ({served.VISITOR: ALICE.to_json(), served.WHOSE: '["d", "x"]'}, "cannot be read"),
    "a missing policy": ({served.VISITOR: ALICE.to_json(), served.POLICY: "/nowhere/policy.yaml"}, "policy"),
    "an audit in a bad place": ({served.VISITOR: ALICE.to_json(), served.AUDIT: "/nowhere/audit.jsonl"}, "audit"),
}


@pytest.mark.parametrize(("environment", "words"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
async def test_a_served_page_closes_when_the_server_did_not_say_all_it_must(
    sandbox: Sandbox, domains: dict[str, str], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    monkeypatch.setenv(served.POLICY, "administrator")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    calls = len(sandbox.calls)
    for given in ((), (domains[RESEARCH], "analyst-1")):
        editor = await UserProfileEditor(*given, connection=sandbox.connection).ready()
        try:
            await settled(editor)
            assert words in notice(editor)
            assert not editor.is_open
            assert editor.children == (editor.place,)
            known = environment.get(served.VISITOR) == ALICE.to_json()
            assert ("You are analyst-1 (from your company's sign-in)." in editor.place.state["acting"]) is known
            assert ("does not know who you are" in editor.place.state["acting"]) is not known
            with pytest.raises(PolicyRefused):
                editor.connection.client("sts").get_caller_identity()
            with pytest.raises(LockedFieldError):
                editor.settings.ExecutionRole = ROLE
        finally:
            editor.close()
    assert len(sandbox.calls) == calls


async def test_a_served_page_takes_visitor_and_profile_from_its_server(
    sandbox: Sandbox, domains: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(served.POLICY, "self-service")
    monkeypatch.setenv(served.VISITOR, ALICE.to_json())
    whose = {"DomainId": domains[RESEARCH], "UserProfileName": "analyst-1"}
    monkeypatch.setenv(served.WHOSE, json.dumps(whose))
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    try:
        assert (editor.visitor, editor.draft.name) == (ALICE, "analyst-1")
        assert editor.connecting.state["locked"]
    finally:
        editor.close()


async def test_without_a_policy_nothing_is_guarded(editor: UserProfileEditor) -> None:
    assert editor.grant is None
    assert editor.visitor is None
    assert isinstance(editor.connection, Connection)
    assert editor.connection.guard is None
