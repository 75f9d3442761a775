"""The journal of one profile: what was about to be sent, and what was there before."""

from __future__ import annotations

import dataclasses
import json
import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.aws.protocol import Described
from profile_widgets.editing import store
from profile_widgets.editing.journal import Intent, Journal
from profile_widgets.editing.store import ProfileFolder, Store
from profile_widgets.errors import StoreError

WHERE = "https://api.sagemaker.eu-west-1.amazonaws.com"
BEFORE = {"SecurityGroups": ["sg-0"], "StudioWebPortal": "ENABLED"}
REQUEST = {"DomainId": "d-1", "UserProfileName": "alice", "UserSettings": {"SecurityGroups": ["sg-1"]}}


@pytest.fixture
def folder(tmp_path: Path) -> ProfileFolder:
    return Store(tmp_path).profile(WHERE, "d-1", "alice")


@pytest.fixture
def journal(folder: ProfileFolder) -> Journal:
    return Journal(folder)


def described(raw: dict[str, Any] | None = None, modified: datetime | None = None) -> Described:
    answer = {} if raw is None else {"UserSettings": raw}
    return Described("d-1", "alice", "InService", {}, BEFORE, answer, failure_reason="", modified=modified)


def intent(**changes: Any) -> Intent:
    zone = timezone(timedelta(hours=2))
    before = described({**BEFORE, "New\ud83d[0": 1}, datetime(2024, 5, 1, 12, 30, 0, 123000, zone))
    return dataclasses.replace(Intent.of("UpdateUserProfile", WHERE, REQUEST, before), **changes)


def test_an_intent_is_read_as_it_was_written(journal: Journal) -> None:
    for written in (intent(), intent(accepted=True, resent=True), intent(before=None, base={})):
        journal.begin(written)
        assert journal.pending() == written


def test_it_knows_what_the_profile_shall_hold_and_what_of_that_is_new() -> None:
    assert intent().wanted == {"SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"}
    assert intent().changed == ("SecurityGroups",)
    creation = Intent.of("CreateUserProfile", WHERE, {"DomainId": "d-1", "UserProfileName": "alice"}, None)
    assert (creation.before, creation.wanted, creation.changed) == (None, {}, ())


def test_one_moment_in_two_zones_is_one_moment(journal: Journal) -> None:
    journal.begin(intent())
    read = journal.pending()
    assert read is not None
    assert read.before is not None
    then = datetime(2024, 5, 1, 10, 30, 0, 123000, timezone.utc)
    assert read.before.is_now(described({**BEFORE, "New\ud83d[0": 1}, then))
    assert not read.before.is_now(described({**BEFORE, "New\ud83d[0": 1}, then + timedelta(milliseconds=1)))
    assert not read.before.is_now(described(BEFORE, then))


def test_an_intent_is_pending_until_it_is_done(journal: Journal) -> None:
    assert journal.pending() is None
    begun = intent()
    journal.begin(begun)
    journal.note(dataclasses.replace(begun, accepted=True))
    pending = journal.pending()
    assert pending is not None
    assert pending.accepted
    assert journal.done(begun, "done") == begun.id
    assert journal.pending() is None
    assert journal.done(begun, "done") == begun.id


def test_a_newer_intent_takes_the_place_of_the_older_one(journal: Journal, folder: ProfileFolder) -> None:
    one, two = intent(), intent()
    journal.begin(one)
    journal.begin(two)
    assert journal.pending() == two
    assert folder.names("intent-") == [f"intent-{two.id}"]


class TestRestorePoints:
    def test_a_submit_leaves_what_was_before_and_what_was_wanted(self, journal: Journal) -> None:
        begun = intent()
        journal.begin(begun)
        (unseen,) = journal.points()
        assert unseen.status == "unknown"
        journal.done(begun, "done")
        (point,) = journal.points()
        assert point == dataclasses.replace(unseen, status="done")
        assert (point.id, point.time, point.operation) == (begun.id, begun.begun, "UpdateUserProfile")
        assert (point.before, point.wanted, point.changed) == (BEFORE, begun.wanted, ("SecurityGroups",))

    def test_a_submit_that_left_nothing_behind_leaves_no_point(self, journal: Journal) -> None:
        begun = intent()
        journal.begin(begun)
        assert journal.done(begun, "failed", keep=False) == ""
        assert journal.points() == ()

    def test_the_newest_twenty_stay_newest_first(self, journal: Journal) -> None:
        begun = [intent() for _ in range(store.MOST + 3)]
        for each in begun:
            journal.begin(each)
            journal.done(each, "done")
        assert [point.id for point in journal.points()] == [each.id for each in begun[: -store.MOST - 1 : -1]]

    def test_they_survive_in_another_process_and_for_another_spelling(self, journal: Journal, tmp_path: Path) -> None:
        begun = intent()
        journal.begin(begun)
        journal.done(begun, "done")
        again = Journal(Store(tmp_path).profile(WHERE, "d-1", "ALICE"))
        assert again.points() == journal.points()


class TestDamage:
    @pytest.mark.parametrize(
        "change",
        [
            {"request": {"UserSettings": {"SecurityGroups": ["sg-2"]}}},
            {"request_digest": ""},
            {"begun": "yesterday"},
            {"begun": "2024-05-01T12:00:00"},
            {"begun": None},
            {"before": {"status": "InService"}},
            {"before": 7},
            {"base": []},
            {"stranger": 1},
        ],
    )
    def test_an_intent_that_is_not_whole_is_no_intent(
        self, journal: Journal, folder: ProfileFolder, change: dict[str, Any]
    ) -> None:
        begun = intent()
        journal.begin(begun)
        folder.write(f"intent-{begun.id}", {**begun.document(), **change})
        assert journal.pending() is None
        assert journal.points() == ()

    @pytest.mark.parametrize("change", [{"time": ""}, {"changed": 1}, {"before": None}, {"wanted": []}, {"more": 1}])
    def test_a_point_that_is_not_whole_is_left_out(
        self, journal: Journal, folder: ProfileFolder, change: dict[str, Any]
    ) -> None:
        begun = intent()
        journal.begin(begun)
        journal.done(begun, "done")
        name = f"point-{begun.id}"
        folder.write(name, {**(folder.read(name) or {}), **change})
        assert journal.points() == ()

    @pytest.mark.parametrize("content", [b"{", b'{"format": "profile-widgets 2", "document": {}}'])
    def test_what_cannot_be_read_is_not_deleted_by_the_next_submit(
        self, journal: Journal, folder: ProfileFolder, content: bytes
    ) -> None:
        journal.begin(intent())
        (strange, stranger) = (folder.path / "intent-strange.json", folder.path / "intent-stranger.json")
        strange.write_bytes(content)
        folder.write("intent-stranger", {**intent().document(), "more": 1})
        begun = intent()
        journal.begin(begun)
        assert strange.read_bytes() == content
        assert stranger.exists()
        assert journal.pending() == begun
        journal.done(begun, "done")
        assert sorted(folder.names("intent-")) == ["intent-strange", "intent-stranger"]

    def test_what_cannot_be_begun_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("")
        with pytest.raises(StoreError):
            Journal(Store(tmp_path / "data").profile(WHERE, "d-1", "alice")).begin(intent())

    def test_an_end_that_cannot_be_written_down_is_an_end_all_the_same(
        self, journal: Journal, folder: ProfileFolder, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun = intent()
        journal.begin(begun)
        (folder.path / f"point-{begun.id}.json").mkdir()
        with caplog.at_level(logging.WARNING):
            assert journal.done(begun, "done") == ""
        assert "No restore point is kept" in caplog.text
        assert journal.pending() is None


def test_it_holds_documents_and_nothing_else(journal: Journal, folder: ProfileFolder) -> None:
    begun = intent()
    journal.begin(begun)
    (path,) = folder.path.glob("intent-*.json")
    held = json.loads(path.read_text())["document"]
    assert set(held) == {each.name for each in dataclasses.fields(Intent)}
    assert set(held["before"]) == {"digest", "status", "failure_reason", "modified"}
