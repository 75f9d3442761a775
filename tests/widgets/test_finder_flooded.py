"""Whatever a browser sends to the lists of domains and profiles: one question is under way, and the last one wins."""

from __future__ import annotations

import asyncio

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.app import UserProfileEditor
from tests.widgets.conftest import RESEARCH, browser_sends, settled, until

FLOOD = 200


def names(editor: UserProfileEditor) -> list[str]:
    return [row[0] for row in editor.finder.profile.rows]


def under_way(editor: UserProfileEditor) -> int:
    return len(editor._tasks._running)


@pytest.mark.parametrize(
    ("chooser", "content", "operation"),
    [
        ("profile", {"do": "search", "text": "x{}"}, "ListUserProfiles"),
        ("domain", {"do": "search", "text": "x{}"}, "ListDomains"),
        ("profile", {"do": "choose", "value": "x{}"}, "ListUserProfiles"),
        ("domain", {"do": "choose", "value": "d-{}"}, "DescribeDomain"),
    ],
)
async def test_of_a_flood_of_questions_the_first_and_the_last_are_asked_one_after_the_other(
    sandbox: Sandbox, domains: dict[str, str], chooser: str, content: dict[str, str], operation: str
) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    before = len(sandbox.calls)
    with sandbox.hold(operation) as held:
        for number in range(FLOOD):
            browser_sends(
                getattr(editor.finder, chooser), **{key: each.format(number) for key, each in content.items()}
            )
            if not number:
                await asyncio.to_thread(held.wait_until_reached)
        assert under_way(editor) == 1
        held.release()
        await settled(editor)
    calls = [dict(call.parameters) for call in sandbox.calls[before:] if call.operation == operation]
    assert len(calls) <= 2
    if operation != "ListDomains":  # those are looked through here
        assert [str(FLOOD - 1) in str(call) for call in calls] == [False, True]
    if content["do"] == "search":
        assert getattr(editor.finder, chooser).note.startswith("Nothing found.")
        assert getattr(editor.finder, chooser).sought == f"x{FLOOD - 1}"
    assert not getattr(editor.finder, chooser).busy
    editor.close()


async def test_of_profiles_that_are_chosen_while_one_is_read_the_last_is_opened_and_said_at_once(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    browser_sends(editor.finder.profile, do="search", text="")
    await settled(editor)
    before = len(sandbox.calls)
    with sandbox.hold("DescribeUserProfile") as held:
        browser_sends(editor.finder.profile, do="choose", value="ml-lead")
        await asyncio.to_thread(held.wait_until_reached)
        for _ in range(FLOOD):
            for name in ("data-scientist-1", "bare"):
                browser_sends(editor.finder.profile, do="choose", value=name)
        assert under_way(editor) == 1
        assert editor.finder.profile.status["text"] == "Loading bare"
        held.release()
        await settled(editor)
    named = [call.parameters.get("UserProfileName") for call in sandbox.calls[before:]]
    assert [name for name in named if name][:2] == ["ml-lead", "bare"]
    assert "data-scientist-1" not in named
    assert (editor.draft.name, editor.finder.profile.value, editor.form.busy) == ("bare", "bare", "")


async def test_a_domain_that_is_chosen_while_a_profile_waits_to_be_read_is_where_one_is(
    editor: UserProfileEditor, sandbox: Sandbox, domains: dict[str, str]
) -> None:
    browser_sends(editor.finder.profile, do="search", text="")
    await settled(editor)
    browser_sends(editor.finder.domain, do="search", text="")
    await settled(editor)
    with sandbox.hold("DescribeUserProfile") as held:
        browser_sends(editor.finder.profile, do="choose", value="ml-lead")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(editor.finder.profile, do="choose", value="bare")
        browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
        held.release()
        await settled(editor)
    assert (editor.is_open, editor.finder.domain_id) == (False, domains["studio-sso"])
    assert "nina-okafor" in names(editor)
    assert editor.form.busy == ""


async def test_a_domain_from_the_list_wins_over_one_that_was_typed_before_and_is_looked_up_still(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    await settled(editor)
    with sandbox.hold("DescribeDomain") as held:
        browser_sends(editor.finder.domain, do="choose", value="d-nowhere")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(editor.finder.domain, do="choose", value=domains["studio-sso"])
        held.release()
        await settled(editor)
    assert editor.finder.domain_id == editor.finder.domain.value == domains["studio-sso"]
    assert editor.place.state["notice"] is None
    editor.close()


async def test_another_connection_does_not_wait_for_what_the_old_one_is_asked(
    editor: UserProfileEditor, sandbox: Sandbox
) -> None:
    await settled(editor)
    with sandbox.hold("ListUserProfiles") as held:
        browser_sends(editor.finder.profile, do="search", text="lead")
        await asyncio.to_thread(held.wait_until_reached)
        editor.leave()
        editor.finder.restart()
        assert not editor.finder.profile.busy
        browser_sends(editor.finder.domain, do="search", text="")
        await until(lambda: bool(editor.finder.domain.rows))
        held.release()
        await settled(editor)
    assert names(editor) == []
    assert editor.finder.domain.origin is None
