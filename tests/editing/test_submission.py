"""The order of a submit, one at a time, and what it leaves on disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials

from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, Step
from profile_widgets.editing.store import Store
from profile_widgets.errors import StoreError
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, PAUSES, Load, Proxy, loaded, sent, stored

STOPS = [("compare", "working"), ("compare", "done"), ("send", "working"), ("send", "done"), ("follow", "working")]


def journal(draft: ProfileDraft) -> Journal:
    assert draft.folder is not None
    return Journal(draft.folder)


def block(draft: ProfileDraft) -> None:
    """Put a folder in the place of what was written down, so that it cannot be written again."""
    assert draft.folder is not None
    for path in draft.folder.path.glob("intent-*.json"):
        path.unlink()
        path.mkdir()


@pytest.fixture
def in_the_way(data_folder: Path) -> Path:
    """Return a file that stands where a folder should be made."""
    data_folder.mkdir(exist_ok=True)
    file = data_folder / "profiles"
    file.write_text("")
    return file


class TestJournal:
    async def test_what_is_sent_is_on_disk_before_and_has_its_end_there_afterwards(
        self, shaky: Gateway, proxy: Proxy
    ) -> None:
        draft = await loaded(shaky)
        before = dict(draft.loaded)
        draft.settings.SecurityGroups = ["sg-1"]
        seen: list[Intent | None] = []
        proxy.before["UpdateUserProfile"] = lambda: seen.append(journal(draft).pending())
        outcome = await draft.submit()
        (intent,) = seen
        assert intent is not None
        assert intent.request == outcome.request
        assert (intent.base, intent.accepted, intent.resent) == (before, False, False)
        assert intent.where == shaky.where
        assert journal(draft).pending() is None
        (point,) = journal(draft).points()
        assert (point.id, point.status) == (outcome.point, DONE)
        assert (point.before, point.wanted["SecurityGroups"]) == (before, ["sg-1"])

    async def test_that_aws_accepted_it_is_on_disk_while_it_is_followed(self, load: Load) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        seen: list[Intent | None] = []

        def look(step: Step) -> None:
            if (step.key, step.state) == ("send", "done"):
                seen.append(journal(draft).pending())

        assert (await draft.submit(look)).ok
        assert [intent.accepted for intent in seen if intent is not None] == [True]

    async def test_what_cannot_be_written_down_is_not_sent(
        self, load: Load, sandbox: Sandbox, in_the_way: Path
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        outcome = await draft.submit()
        assert outcome.status == REFUSED
        assert isinstance(outcome.error, StoreError)
        assert outcome.text.startswith("Nothing was sent, because it could not be written down before.")
        assert "PROFILE_WIDGETS_DATA_DIR" in outcome.text
        assert sent(sandbox) == []
        assert draft.settings.SecurityGroups == ("sg-1",)
        await asyncio.to_thread(in_the_way.unlink)
        assert (await draft.submit()).ok

    async def test_when_the_disk_fails_after_that_it_is_done_all_the_same(
        self, shaky: Gateway, proxy: Proxy, sagemaker: Any
    ) -> None:
        draft = await loaded(shaky)
        draft.settings.SecurityGroups = ["sg-1"]
        proxy.before["UpdateUserProfile"] = lambda: block(draft)
        outcome = await draft.submit()
        assert (outcome.ok, outcome.resent) == (True, False)
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]

    async def test_what_cannot_be_written_down_is_not_sent_again_either(
        self, shaky: Gateway, proxy: Proxy, sandbox: Sandbox
    ) -> None:
        draft = await loaded(shaky)
        draft.settings.SecurityGroups = ["sg-1"]
        proxy.faults["UpdateUserProfile"] = "request lost"
        proxy.before["UpdateUserProfile"] = lambda: block(draft)
        outcome = await draft.submit()
        assert (outcome.status, outcome.resent) == (FAILED, False)
        assert "did not arrive, and was not sent again" in outcome.text
        assert "PROFILE_WIDGETS_DATA_DIR" in outcome.text
        assert len(proxy.asked) == 1
        assert sent(sandbox) == []
        assert draft.settings.SecurityGroups == ("sg-1",)

    async def test_what_aws_refused_at_once_leaves_no_restore_point(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        sandbox.deny("sagemaker:UpdateUserProfile")
        outcome = await draft.submit()
        assert (outcome.status, outcome.point) == (FAILED, "")
        assert journal(draft).points() == ()
        assert journal(draft).pending() is None

    async def test_no_secret_and_no_signature_is_ever_on_disk(
        self, sandbox: Sandbox, proxy: Proxy, data_folder: Path
    ) -> None:
        marks = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzEXAMPLETOKEN")
        gateway = Gateway(proxy.connection.replace(credentials=Credentials(*marks)))
        held: list[str] = []

        def read(_step: Step) -> None:
            held.extend(path.read_text("utf-8") for path in data_folder.rglob("*") if path.is_file())

        for fault in ("answer lost", "request lost", "502 page"):
            draft = await loaded(gateway)
            draft.settings.SecurityGroups = [f"sg-{len(fault)}"]
            proxy.faults["UpdateUserProfile"] = fault
            assert (await draft.submit(read)).ok
        draft = await loaded(gateway, "new-1", create=True)
        assert (await draft.submit(read)).ok
        sandbox.fail_next("UpdateUserProfile", code="SignatureDoesNotMatch", message=f"Token {marks[2]} is wrong.")
        draft.settings.SecurityGroups = ["sg-9"]
        assert (await draft.submit(read)).status == FAILED
        gateway.close()
        assert any("sg-9" in text for text in held)
        assert not any(mark in text for text in held for mark in (*marks, "AWS4-HMAC", "Signature=", "Credential="))


class TestOneAtATime:
    async def test_a_profile_that_another_window_sends_is_not_sent(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load("ANALYST-1")
        draft.settings.SecurityGroups = ["sg-1"]
        with Store().profile(draft.where, DOMAIN, "analyst-1").lock():
            outcome = await draft.submit()
            assert outcome.status == REFUSED
            assert "is being sent from another window" in outcome.text
            assert sent(sandbox) == []
        assert (await draft.submit()).ok

    async def test_of_two_drafts_that_submit_at_once_one_sends(self, load: Load, sandbox: Sandbox) -> None:
        drafts = [await load(), await load()]
        for number, draft in enumerate(drafts):
            draft.settings.SecurityGroups = [f"sg-{number}"]
        outcomes = await asyncio.gather(*(draft.submit() for draft in drafts))
        assert sorted(outcome.status for outcome in outcomes) == [DONE, REFUSED]
        assert sent(sandbox) == ["UpdateUserProfile"]

    @pytest.mark.parametrize("stop", STOPS)
    async def test_a_submit_that_is_cancelled_lets_the_next_one_through(
        self, load: Load, sagemaker: Any, stop: tuple[str, str]
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]

        def cancel(step: Step) -> None:
            if (step.key, step.state) == stop:
                task.cancel()

        task = asyncio.ensure_future(draft.submit(cancel))
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not draft.busy
        assert (await draft.submit()).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-1"]

    async def test_one_that_is_cancelled_before_it_is_sent_leaves_nothing_to_take_up(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]

        def cancel(step: Step) -> None:
            if (step.key, step.state) == ("compare", "done"):
                task.cancel()

        task = asyncio.ensure_future(draft.submit(cancel))
        with pytest.raises(asyncio.CancelledError):
            await task
        assert journal(draft).pending() is None
        assert sent(sandbox) == []


class TestCompare:
    async def test_a_profile_that_is_being_updated_is_waited_for(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        sandbox.delay = 60
        names = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
        sagemaker.update_user_profile(**names, UserSettings={"StudioWebPortal": "DISABLED"})
        texts: list[str] = []

        def rest(step: Step) -> None:
            texts.append(step.text)
            if step.text.startswith("AWS says"):
                sandbox.settle()

        outcome = await draft.submit(rest)
        assert outcome.status == CONFLICT
        assert "Access to Studio" in outcome.text
        assert "AWS says Updating; waiting until it rests" in texts
        assert sent(sandbox) == ["UpdateUserProfile"]  # theirs

    async def test_one_whose_update_fails_meanwhile_has_been_written_too(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        sandbox.delay = 60
        sandbox.fail_next("UpdateUserProfile", reason="The subnet is full.")
        names = {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
        sagemaker.update_user_profile(**names, UserSettings={"StudioWebPortal": "DISABLED"})
        outcome = await draft.submit(lambda _step: sandbox.settle())
        assert outcome.status == CONFLICT
        assert "its settings read the same as before" in outcome.text

    async def test_a_profile_that_was_loaded_while_it_moved_is_no_conflict_when_it_has_come_to_rest(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        sandbox.delay = 60
        sagemaker.create_user_profile(DomainId=DOMAIN, UserProfileName="young-1")
        draft = await load("young-1")
        assert draft.described is not None
        assert draft.described.status == "Pending"
        sandbox.delay = 0.0
        sandbox.settle()
        draft.settings.SecurityGroups = ["sg-1"]
        assert (await draft.submit()).ok

    async def test_a_read_that_is_older_than_what_was_loaded_is_no_conflict(
        self, shaky: Gateway, proxy: Proxy, sagemaker: Any
    ) -> None:
        old = await loaded(shaky)
        sight = proxy.last_sight
        old.settings.SecurityGroups = ["sg-1"]
        assert (await old.submit()).ok
        old.settings.SecurityGroups = ["sg-2"]
        proxy.last_sight, proxy.late_sights = sight, 2
        assert (await old.submit()).ok
        assert stored(sagemaker)["SecurityGroups"] == ["sg-2"]

    async def test_after_our_own_failed_update_another_try_is_no_conflict_with_ourselves(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        for _ in range(2):
            sandbox.fail_next("UpdateUserProfile", reason="The subnet is full.")
            outcome = await draft.submit()
            assert outcome.status == FAILED
            assert outcome.point
        assert (await draft.submit()).ok


class TestAfterAnEndThatWasNotSeen:
    async def unseen(self, draft: ProfileDraft, sandbox: Sandbox) -> None:
        def lock(step: Step) -> None:
            if (step.key, step.state) == ("send", "done"):
                sandbox.deny("sagemaker:DescribeUserProfile")

        outcome = await draft.submit(lock)
        assert outcome.status == UNKNOWN
        assert outcome.point
        assert [point.status for point in journal(draft).points()] == ["unknown"]
        sandbox.allow()

    async def test_submitting_again_tells_that_it_had_arrived_and_sends_nothing(
        self, load: Load, sandbox: Sandbox
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        await self.unseen(draft, sandbox)
        outcome = await draft.submit()
        assert (outcome.status, outcome.ok) == (DONE, True)
        assert outcome.text == "What you sent before had arrived after all: analyst-1 holds it."
        assert outcome.point
        assert sent(sandbox) == ["UpdateUserProfile"]
        assert draft.changes == ()
        assert [point.status for point in journal(draft).points()] == [DONE]

    async def test_what_was_edited_since_is_kept_and_sent_by_the_next_press(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        await self.unseen(draft, sandbox)
        draft.settings.StudioWebPortal = "DISABLED"
        outcome = await draft.submit()
        assert outcome.ok
        assert "What you changed since was not sent" in outcome.text
        assert "StudioWebPortal" not in outcome.request["UserSettings"]
        assert draft.request()["UserSettings"] == {"StudioWebPortal": "DISABLED"}
        assert (await draft.submit()).ok
        assert stored(sagemaker)["StudioWebPortal"] == "DISABLED"

    async def test_so_it_is_with_a_creation(self, load: Load, sandbox: Sandbox) -> None:
        draft = await load("new-1", create=True)
        draft.settings.SecurityGroups = ["sg-1"]
        await self.unseen(draft, sandbox)
        assert draft.operation == "CreateUserProfile"
        assert (await draft.submit()).ok
        assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": "new-1"}
        assert sent(sandbox) == ["CreateUserProfile"]

    async def test_one_that_had_not_arrived_is_forgotten_for_the_new_one(
        self, shaky: Gateway, proxy: Proxy, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await loaded(shaky)
        draft.settings.SecurityGroups = ["sg-1"]
        proxy.faults["UpdateUserProfile"] = "request lost"
        steps: list[Step] = []

        def cut(step: Step) -> None:
            steps.append(step)
            if (step.key, step.state) == ("send", "done"):
                proxy.close()

        assert (await draft.submit(cut)).status == UNKNOWN
        proxy.calm()
        draft.settings.SecurityGroups = ["sg-2"]
        assert (await draft.submit()).ok
        assert sent(sandbox) == ["UpdateUserProfile"]
        assert stored(sagemaker)["SecurityGroups"] == ["sg-2"]
        assert [point.wanted["SecurityGroups"] for point in journal(draft).points()] == [["sg-2"]]

    async def test_when_somebody_else_wrote_since_it_is_a_conflict(
        self, load: Load, sandbox: Sandbox, sagemaker: Any
    ) -> None:
        draft = await load()
        draft.settings.SecurityGroups = ["sg-1"]
        await self.unseen(draft, sandbox)
        sandbox.put_raw(DOMAIN, "analyst-1", {"SecurityGroups": ["sg-9"]})
        outcome = await draft.submit()
        assert outcome.status == CONFLICT
        assert draft.settings.SecurityGroups == ("sg-1",)
        assert stored(sagemaker)["SecurityGroups"] == ["sg-9"]


async def test_a_draft_that_was_never_loaded_can_create_all_the_same(gateway: Gateway, sagemaker: Any) -> None:
    draft = ProfileDraft(gateway, DOMAIN, "new-1", create=True, pauses=PAUSES)
    draft.settings.SecurityGroups = ["sg-1"]
    assert (await draft.submit()).ok
    assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}


async def test_what_is_sent_is_what_was_pressed_though_more_is_typed_meanwhile(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await load()
    draft.settings.StudioWebPortal = "DISABLED"
    with sandbox.hold("ListApps") as held:
        sending = asyncio.ensure_future(draft.submit())
        while not held.wait_until_reached(0):  # noqa: ASYNC110 - what is waited for has no event of this loop
            await asyncio.sleep(0.01)
        draft.settings.DefaultLandingUri = "studio::relative/later"
        held.release()
        assert (await sending).ok
    assert "DefaultLandingUri" not in stored(sagemaker)
    assert [change.path for change in draft.changes] == ["UserSettings.DefaultLandingUri"]
