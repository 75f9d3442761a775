"""Reading the audit: rows, filters, and a table that no text in it can break."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from profile_widgets import auditing
from profile_widgets.auditing import Row, read, table


def line(**changes: Any) -> str:
    found = {
        "time": "2026-01-02T03:04:05.678+00:00",
        "call": "c1",
        "visitor": "alice",
        "groups": ["ml"],
        "source": "proxy",
        "caller": "arn:aws:sts::123456789012:assumed-role/Page/alice",
        "operation": "sagemaker:UpdateUserProfile",
        "domain": "d-1",
        "profile": "alice",
        "changes": [{"path": "UserSettings.ExecutionRole", "before": None, "after": "ab"}],
        "request_id": "r-1",
        "outcome": "done",
        "where": "wire",
        "reason": "",
    }
    return json.dumps({**found, **changes})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "audit.jsonl"
    rows = [
        line(),
        line(call="c2", visitor="bob", profile="bob", time="2026-01-03T00:00:00+00:00", outcome="refused by policy"),
        line(call="c3", operation="sagemaker:DescribeUserProfile", changes=[], outcome="refused by AWS: X"),
        line(call="c4", time="2026-01-02T04:04:05+01:00", changes=[{"path": "Tags", "before": "a", "after": None}]),
    ]
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("filters", "calls"),
    [
        ({}, ["c1", "c2", "c3", "c4"]),
        ({"visitor": "BOB"}, ["c2"]),
        ({"profile": "Alice"}, ["c1", "c3", "c4"]),
        ({"operation": "DescribeUserProfile"}, ["c3"]),
        ({"operation": "sagemaker:UpdateUserProfile"}, ["c1", "c2", "c4"]),
        ({"operation": "UpdateUser"}, []),
        ({"outcome": "refused"}, ["c2", "c3"]),
        ({"operation": "updateuserProfile"}, ["c1", "c2", "c4"]),
        ({"operation": "SageMaker:describeuserprofile"}, ["c3"]),
        ({"path_prefix": "UserSettings.Exec"}, []),
        ({"path_prefix": "UserSettings.ExecutionRole"}, ["c1", "c2"]),
        ({"path_prefix": "ExecutionRole"}, ["c1", "c2"]),
        ({"path_prefix": "UserSettings"}, ["c1", "c2"]),
        ({"since": datetime(2026, 1, 3)}, ["c2"]),  # noqa: DTZ001 - a time without a zone is UTC
        ({"until": datetime(2026, 1, 2, 3, 4, 5, 600000, tzinfo=timezone.utc)}, ["c4"]),
        ({"visitor": "alice", "outcome": "done", "path_prefix": "Tags"}, ["c4"]),
    ],
)
def test_filters_leave_what_was_asked_for(path: Path, filters: dict[str, Any], calls: list[str]) -> None:
    assert [row.call for row in read(path, **filters)] == calls


def test_a_long_line_is_read_and_one_without_end_is_not(path: Path) -> None:
    changes = [{"path": f"UserSettings.X{each}", "before": None, "after": "a" * 64} for each in range(20_000)]
    with path.open("a") as file:
        file.write(line(call="long", changes=changes) + "\n" + "x" * (2 * auditing.LONGEST_LINE + 5) + "\n")
        file.write(line(call="last") + "\n")
    rows = read(path)
    assert [row.call for row in rows][-2:] == ["long", "last"]
    assert rows.garbled == 1


def test_changes_that_a_line_does_not_hold_are_counted(path: Path) -> None:
    path.write_text(line(more=6900, more_digest="f" * 64) + "\n")
    (row,) = read(path)
    assert (row.more, row.more_digest) == (6900, "f" * 64)
    assert "ExecutionRole and 6,900 more" in table([row])


GARBLED = ["", "{", "[]", "null", '"x"', "{}", line(changes="x"), line(time="yesterday"), line(groups=[1]), "\x00\xff",
           line(visitor=None), line(changes=[{"path": 1, "before": None, "after": None}]), "[" * 10_000,
           line(more=-1), line(more="1"), line(more=True), line(more_digest=1)]  # fmt: skip


def test_garbled_lines_are_counted_and_told(path: Path) -> None:
    with path.open("a", encoding="latin-1") as file:
        file.writelines(f"{each}\n" for each in GARBLED)
        file.write(line(call="c5")[:40])  # what a full disk leaves
    rows = read(path)
    assert len(rows) == 4
    assert rows.garbled == len(GARBLED)  # the empty one is no line, the half one is
    assert f"{len(GARBLED)} lines could not be read." in table(rows)


def test_what_was_put_aside_comes_first_in_its_order(path: Path) -> None:
    for stamp, call in (("20260102T000000-000", "b"), ("20260101T000000-001", "a2"), ("20260101T000000-000", "a1")):
        path.with_name(f"audit.jsonl.{stamp}").write_text(line(call=call) + "\n")
    path.with_name("audit.jsonl.key").write_bytes(b"\xff" * 32)
    assert [row.call for row in read(path)] == ["a1", "a2", "b", "c1", "c2", "c3", "c4"]


def test_the_table_shows_who_changed_what(path: Path) -> None:
    text = table(read(path, visitor="alice", operation="UpdateUserProfile"))
    assert "2026-01-02 03:04:05  alice    proxy  sagemaker:UpdateUserProfile  d-1/alice  ExecutionRole  done" in text
    assert "Nothing fits." in table(read(path, visitor="nobody"))


def test_a_path_is_compared_by_whole_steps_and_below_lists(path: Path) -> None:
    change = {"path": "UserSettings.A.Images[2].Name", "before": None, "after": "a"}
    path.write_text(line(changes=[change]) + "\n")
    for wanted, fits in (
        ("A", 1),
        ("A.Images", 1),
        ("usersettings.a.images[2]", 1),
        ("A.Im", 0),
        ("A.Images.Name", 1),
        ("A.Images[1]", 0),
    ):
        assert len(read(path, path_prefix=wanted)) == fits, wanted


def test_what_was_asked_for_and_is_nowhere_in_the_file_is_told(path: Path) -> None:
    rows = read(path, operation="UpdateUser", path_prefix="ExecutionRoles", visitor="alice")
    there = "sagemaker:UpdateUserProfile, sagemaker:DescribeUserProfile"
    assert rows.nowhere == (
        f"No row of this file has the operation 'UpdateUser'; there are {there}.",
        "No row of this file has the path 'ExecutionRoles'; there are ExecutionRole, Tags.",
    )
    assert "has the operation 'UpdateUser'" in table(rows)
    assert read(path, visitor="bob", operation="DescribeUserProfile").nowhere == ()  # each is somewhere


def test_a_wide_table_says_where_and_why_an_attempt_was_refused(path: Path) -> None:
    path.write_text(line(outcome="refused by policy", where="draft", reason="Locked.\nSo.") + "\n")
    assert "Locked" not in table(read(path))
    wide = table(read(path), wide=True)
    assert "draft       Locked.\\nSo." in wide
    assert "Refused at  Reason" in wide


def test_no_text_of_anybody_moves_the_cursor_or_makes_a_line_of_its_own(path: Path) -> None:
    evil = "x\x1b[2J\r\n\u202e\u2028bob"
    changes = [{"path": evil, "before": None, "after": "a"}] * 9
    path.write_text(line(visitor=evil, profile=evil, outcome=evil, request_id=evil, changes=changes) + "\n")
    text = table(read(path))
    assert len(text.splitlines()) == 3
    assert not set("\x1b\r\u202e\u2028") & set(text)
    assert "and 6 more" in text


def test_a_row_can_be_printed_as_json(path: Path) -> None:
    row: Row = read(path)[0]
    assert json.loads(json.dumps(row.to_document()))["changes"] == [
        {"path": "UserSettings.ExecutionRole", "before": None, "after": "ab"}
    ]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        read(tmp_path / "missing")
