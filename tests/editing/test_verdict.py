"""What became of a write, judged without any AWS."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from profile_widgets.aws.protocol import Described
from profile_widgets.editing import verdict
from profile_widgets.editing.verdict import Before, Verdict, digest, judge_write

THEN = datetime(2024, 5, 1, tzinfo=timezone.utc)
LATER = THEN + timedelta(seconds=1)
WANTED = {"SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"}
BEFORE = {"SecurityGroups": ["sg-0"], "StudioWebPortal": "ENABLED"}


def profile(
    status: str, settings: dict[str, Any] | None = None, reason: str = "", modified: datetime | None = THEN
) -> Described:
    raw = {} if settings is None else {"UserSettings": settings}
    return Described("d-1", "alice", status, {}, settings, raw, failure_reason=reason, modified=modified)


def judged(before: Described | None, now: Described | None) -> Verdict:
    then = None if before is None else Before.of(before)
    return judge_write(then, now, expected=WANTED, changed=["SecurityGroups"])


def test_ready_and_as_asked_is_held() -> None:
    assert judged(profile("InService", BEFORE), profile("InService", WANTED)) == Verdict(verdict.HELD)
    assert judged(None, profile("InService", WANTED)) == Verdict(verdict.HELD)


def test_ready_exactly_as_before_left_no_trace_and_may_be_an_older_sight() -> None:
    found = judged(profile("InService", BEFORE), profile("InService", BEFORE))
    assert (found.happened, found.may_change, found.no_trace) == (verdict.UNTOUCHED, True, True)
    assert [change.path for change in found.asked] == ["SecurityGroups"]
    assert found.asked == found.differences


@pytest.mark.parametrize(
    "now",
    [
        profile("InService", BEFORE, modified=LATER),
        profile("InService", {**BEFORE, "SecurityGroups": ["sg-2"]}),
        profile("InService", {**BEFORE, "SecurityGroups": ["sg-2"]}, modified=LATER),
        profile("InService", None),
    ],
)
def test_ready_neither_as_before_nor_as_asked_is_somebody_elses_doing(now: Described) -> None:
    found = judged(profile("InService", BEFORE), now)
    assert (found.happened, found.may_change, found.no_trace, found.arrived) == (verdict.MISSING, True, False, False)


def test_ready_where_it_had_failed_before_is_not_as_before() -> None:
    assert judged(profile("Failed", BEFORE), profile("InService", BEFORE)).happened == verdict.MISSING


def test_a_member_that_botocore_does_not_know_counts_too() -> None:
    newer = Described("d-1", "alice", "InService", {}, BEFORE, {"UserSettings": {**BEFORE, "New": 1}}, modified=THEN)
    assert judged(profile("InService", BEFORE), newer).happened == verdict.MISSING


def test_ready_with_another_section_otherwise_is_final() -> None:
    found = judged(profile("InService", BEFORE), profile("InService", {**WANTED, "StudioWebPortal": "DISABLED"}))
    assert (found.happened, found.may_change, found.asked) == (verdict.OTHERWISE, False, ())
    assert [change.path for change in found.differences] == ["StudioWebPortal"]


def test_the_word_none_that_cleared_its_member_is_as_asked() -> None:
    spec = {"DefaultResourceSpec": {"SageMakerImageVersionArn": "None", "InstanceType": "ml.t3.medium"}}
    now = profile("InService", {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}})
    expected = {"JupyterLabAppSettings": spec}
    assert judge_write(None, now, expected=expected, changed=expected).happened == verdict.HELD


@pytest.mark.parametrize(
    ("before", "now", "happened"),
    [
        (profile("Failed", reason="old"), profile("Failed", reason="old"), verdict.OLD_FAILURE),
        (profile("Failed", reason="old"), profile("Update_Failed", reason="old"), verdict.FAILURE),
        (profile("Failed", reason="old"), profile("Failed", reason="new"), verdict.FAILURE),
        (profile("Failed", reason="old"), profile("Failed", reason="old", modified=LATER), verdict.FAILURE),
        (profile("InService", BEFORE), profile("Update_Failed", reason="new"), verdict.FAILURE),
        (None, profile("Failed", reason="new"), verdict.FAILURE),
    ],
)
def test_a_failure_counts_when_it_was_not_there_before(before: Described, now: Described, happened: str) -> None:
    found = judged(before, now)
    assert found == Verdict(happened)
    assert found.may_change == (happened == verdict.OLD_FAILURE)


@pytest.mark.parametrize("status", ["Pending", "Updating", "Deleting", "Sleeping"])
def test_a_status_that_is_no_end_is_never_success(status: str) -> None:
    found = judged(profile("InService", BEFORE), profile(status, WANTED))
    assert (found.happened, found.may_change) == (verdict.MOVING, True)


def test_no_profile_is_gone_but_before_a_creation_it_is_as_before() -> None:
    assert judged(profile("InService", BEFORE), None) == Verdict(verdict.GONE)
    assert judged(None, None) == Verdict(verdict.UNTOUCHED)


def test_documents_share_a_digest_when_they_are_equal_and_only_then() -> None:
    assert digest({"a": 1, "b": [{"c": ""}]}) == digest({"b": [{"c": ""}], "a": 1})
    different: list[object] = [
        None,
        {},
        {"a": []},
        {"a": {}},
        {"a": ""},
        {"a": "1"},
        {"a": 1},
        {"a": True},
        {"a": [1, 2]},
        {"a": [2, 1]},
    ]
    assert len({digest(each) for each in different}) == len(different)
    assert digest({"New\ud83d": 1})
