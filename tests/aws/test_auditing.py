"""The audit's file: its own, whole, and where nobody else can put or read it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from profile_widgets import auditing
from profile_widgets.aws import auditing as writing
from profile_widgets.aws.auditing import MORE, MOST_CHANGES, AuditLog
from profile_widgets.aws.tallying import MOST_ALIKE, MOST_KINDS, MOST_MEMBERS, MOST_REFUSALS, OTHERS, Tally
from profile_widgets.errors import StoreError
from profile_widgets.model.documents import Change
from profile_widgets.served import Visitor

ALICE = Visitor("alice", ("ml",), "proxy")
UPDATE = "sagemaker:UpdateUserProfile"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def write(log: AuditLog, outcome: str = "done", value: object = "ml.t3.large") -> str:
    return log.write(UPDATE, outcome, profile=("d-1", "alice"), changes=[Change("UserSettings.X", None, value)])


def test_a_line_says_who_did_what_and_holds_no_value(path: Path) -> None:
    log = AuditLog(path, ALICE)
    log.caller = "arn:aws:sts::123456789012:assumed-role/Page/alice"
    write(log)
    (line,) = path.read_text().splitlines()
    found = json.loads(line)
    assert (found["visitor"], found["groups"], found["source"]) == ("alice", ["ml"], "proxy")
    assert (found["operation"], found["domain"], found["profile"], found["outcome"]) == (UPDATE, "d-1", "alice", "done")
    assert found["caller"].endswith("/alice")
    assert found["time"].endswith("+00:00")
    assert found["changes"][0]["before"] is None
    assert len(found["changes"][0]["after"]) == 64
    assert "ml.t3.large" not in line


def test_equal_values_have_equal_digests_in_one_file_and_others_in_another(path: Path) -> None:
    write(AuditLog(path, ALICE))
    write(AuditLog(path, Visitor("bob")))
    write(AuditLog(path, ALICE), value="ml.t3.xlarge")
    other = path.with_name("other.jsonl")
    write(AuditLog(other, ALICE))
    first, second, third = (row.changes[0].after for row in auditing.read(path))
    assert first == second
    assert len({first, third, auditing.read(other)[0].changes[0].after}) == 3


def test_nobody_else_can_read_the_file_its_key_or_its_lock(path: Path) -> None:
    old = os.umask(0)
    try:
        write(AuditLog(path, ALICE))
    finally:
        os.umask(old)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes == {"audit.jsonl": 0o600, "audit.jsonl.key": 0o600, "audit.jsonl.lock": 0o600}


def test_a_later_line_of_a_call_says_how_it_ended(path: Path) -> None:
    log = AuditLog(path, ALICE)
    call = log.write(UPDATE, "unknown")
    log.write(UPDATE, "done", request_id="r-1", call=call)
    (row,) = auditing.read(path)
    assert (row.outcome, row.request_id) == ("done", "r-1")


def make_link(path: Path) -> None:
    target = path.with_name("target")
    target.touch(0o600)
    path.symlink_to(target)


def make_hard_link(path: Path) -> None:
    target = path.with_name("target")
    target.touch(0o600)
    path.hardlink_to(target)


def make_writable(path: Path) -> None:
    path.touch()
    path.chmod(0o620)


def make_folder_writable(path: Path) -> None:
    path.parent.chmod(0o770)


def make_upper_folder_writable(path: Path) -> None:
    path.parent.parent.chmod(0o777)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_key_of_others(path: Path) -> None:
    key = path.with_name("audit.jsonl.key")
    key.write_bytes(b"k" * 32)
    key.chmod(0o660)


def make_linked_key(path: Path) -> None:
    key = path.with_name("audit.jsonl.key")
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    key.with_name("mine").hardlink_to(key)


def make_empty_key(path: Path) -> None:
    path.with_name("audit.jsonl.key").touch(0o600)


UNSAFE = (
    make_link, make_hard_link, make_writable, make_folder_writable, make_upper_folder_writable, make_pipe,
    make_key_of_others, make_linked_key, make_empty_key,
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX's")
@pytest.mark.parametrize("make", UNSAFE, ids=lambda each: each.__name__)
@pytest.mark.timeout(20)
def test_a_place_that_is_not_ours_alone_is_refused(tmp_path: Path, make: object) -> None:
    folder = tmp_path / "upper" / "lower"
    folder.mkdir(parents=True, mode=0o700)
    path = folder / "audit.jsonl"
    make(path)  # type: ignore[operator]
    with pytest.raises(StoreError, match=r"\.$"):
        AuditLog(path, ALICE).check()


def test_a_linked_or_missing_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for folder in ("link", "missing"):
        with pytest.raises(StoreError):
            AuditLog(tmp_path / folder / "audit.jsonl").check()


def test_a_served_folder_is_refused_however_it_is_named(tmp_path: Path) -> None:
    served = tmp_path / "served"
    (served / "below").mkdir(parents=True, mode=0o700)
    for place in (served, served / "below", served / "below" / ".." / "below"):
        with pytest.raises(StoreError, match="served"):
            AuditLog(place / "audit.jsonl", apart_from=(served,)).check()
    AuditLog(tmp_path / "audit.jsonl", apart_from=(served,)).check()


def test_a_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    path.touch()
    path.chmod(0o644)
    write(AuditLog(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_has_grown_is_put_aside_and_nothing_is_lost(path: Path) -> None:
    log = AuditLog(path, ALICE, largest=2000)
    calls = [write(log) for _ in range(20)]
    aside = [each for each in path.parent.iterdir() if "T" in each.name]
    assert len(aside) > 1
    assert path.stat().st_size < 2000 + 700
    assert [row.call for row in auditing.read(path)] == calls
    assert {stat.S_IMODE(each.stat().st_mode) for each in aside} == {0o600}


def _many(path: str, number: int, calls: int) -> None:
    log = AuditLog(path, Visitor(f"v{number}"), largest=20_000)
    for _ in range(calls):
        write(log)


def test_lines_of_several_processes_and_threads_stay_whole(path: Path) -> None:
    program = "import sys; from tests.aws.test_auditing import _many; _many(sys.argv[1], int(sys.argv[2]), 40)"
    root = Path(__file__).parents[2]
    commands = [[sys.executable, "-c", program, str(path), str(number)] for number in range(2)]
    processes = [subprocess.Popen(command, cwd=root) for command in commands]
    threads = [threading.Thread(target=_many, args=(str(path), number, 40)) for number in range(2, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for process in processes:
        assert process.wait(120) == 0
    rows = auditing.read(path)
    assert rows.garbled == 0
    assert sorted({row.visitor for row in rows}) == ["v0", "v1", "v2", "v3", "v4"]
    assert len(rows) == 200
    assert len({row.changes[0].after for row in rows}) == 1


def refuse(log: AuditLog, path: str, count: int = 1) -> None:
    for index in range(count):
        log.refused(UPDATE, "Locked.", where="model", changes=[Change(path, None, index)])


def let_the_minute_pass(log: AuditLog) -> None:
    log._tally._began -= 60.0


def counted(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the rows that are about attempts which were only counted."""
    rows = [row for row in auditing.read(path) if "ore attempts" in row.reason]
    return [(row.operation, row.reason.partition(", ")[0], tuple(each.path for each in row.changes)) for row in rows]


def test_attempts_at_one_member_hide_no_attempt_at_another(path: Path) -> None:
    log = AuditLog(path, ALICE)
    refuse(log, "UserSettings.ExecutionRole", 500)
    refuse(log, "UserSettings.SecurityGroups")
    tried = [row.changes[0].path for row in auditing.read(path) if row.changes]
    assert tried == ["UserSettings.ExecutionRole"] * MOST_ALIKE + ["UserSettings.SecurityGroups"]
    assert counted(path) == [(UPDATE, MORE.partition(", ")[0], ())]  # said at once, for a kernel may be killed


def end_the_minute(log: AuditLog) -> None:
    log.end_minute()


def write_of_any_kind(log: AuditLog) -> None:
    let_the_minute_pass(log)
    log.write("sagemaker:DescribeUserProfile", "done")


def another_refusal(log: AuditLog) -> None:
    let_the_minute_pass(log)
    refuse(log, "UserSettings.X")


@pytest.mark.parametrize("end", [end_the_minute, write_of_any_kind, another_refusal])
def test_what_was_only_counted_is_written_down_in_the_end(path: Path, end: Callable[[AuditLog], None]) -> None:
    log = AuditLog(path, ALICE)
    refuse(log, "UserSettings.CodeRepositories[7]", 500)
    end(log)
    text = f"{500 - MOST_ALIKE} more attempts within a minute"
    assert counted(path) == [(UPDATE, text, ("UserSettings.CodeRepositories",))]
    assert not log._tally.has_rests


def test_a_count_is_written_down_when_the_process_ends(path: Path) -> None:
    code = (
        "from tests.aws.test_auditing import *; import pathlib\n"
        f"refuse(AuditLog({str(path)!r}, ALICE), 'UserSettings.ExecutionRole', 100)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})
    assert [each[1] for each in counted(path)] == [f"{100 - MOST_ALIKE} more attempts within a minute"]


def test_the_next_page_of_a_visitor_begins_where_the_last_one_ended(path: Path) -> None:
    refuse(AuditLog(path, ALICE), "UserSettings.ExecutionRole", MOST_ALIKE)
    refuse(AuditLog(path, ALICE), "UserSettings.ExecutionRole", 3)
    refuse(AuditLog(path, Visitor("bob")), "UserSettings.ExecutionRole", 3)
    found = [row.visitor for row in auditing.read(path) if row.changes]
    assert found == ["alice"] * MOST_ALIKE + ["bob"] * 3


def test_nobody_fills_the_disk_with_ever_other_attempts(path: Path) -> None:
    log = AuditLog(path, ALICE)
    for index in range(MOST_REFUSALS + 300):
        refuse(log, f"UserSettings.X{index}")
    log.end_minute()
    rows = auditing.read(path)
    assert len(rows) == MOST_REFUSALS + 1
    assert len(rows[-1].changes) == MOST_MEMBERS
    assert rows[-1].reason.startswith("300 more")


def test_ever_other_operations_are_counted_together() -> None:
    tally = Tally()
    for index in range(MOST_KINDS + 5):
        tally.count(f"x:Get{index}", (), "wire")
    rests = {each.operation: each.count for each in tally.rests()}
    assert len(rests) == MOST_KINDS + 1
    assert rests[OTHERS] == 5


def test_an_attempt_that_cannot_be_written_down_is_counted_until_it_can(path: Path) -> None:
    log = AuditLog(path, ALICE)
    log.check()
    path.parent.chmod(0o777)
    refuse(log, "UserSettings.X", 2)
    log.end_minute()
    path.parent.chmod(0o700)
    log.end_minute()
    assert counted(path) == [(UPDATE, "2 more attempts within a minute", ("UserSettings.X",))]


def test_a_line_is_never_longer_than_a_reader_takes(path: Path) -> None:
    long = "\U0001f600" * 1000
    visitor = Visitor(long, (long,) * 1000, "proxy")
    changes = [Change(f"UserSettings.{long}{index}", None, index) for index in range(7000)]
    log = AuditLog(path, visitor)
    log.caller = long
    log.write(long, long, profile=(long, long), changes=changes, request_id=long, reason=long)
    assert path.stat().st_size < 2**20
    rows = auditing.read(path)
    assert (len(rows), rows.garbled) == (1, 0)
    assert (len(rows[0].changes), rows[0].more) == (MOST_CHANGES, 7000 - MOST_CHANGES)
    log.write(UPDATE, "done", changes=[*changes[:-1], changes[0]])
    first, second = (row.more_digest for row in auditing.read(path))
    assert len(first) == len(second) == 64
    assert first != second


@pytest.mark.skipif(os.name != "posix", reason="locks are POSIX's")
def test_a_lock_that_another_process_holds_ends_a_line_and_not_the_page(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(writing, "PATIENCE", 0.05)
    monkeypatch.setattr(writing, "IMPATIENCE", 0.05)
    log = AuditLog(path, ALICE)
    log.check()
    with path.with_name("audit.jsonl.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refuse(log, "UserSettings.X")
        with pytest.raises(StoreError, match="does not let go"):
            write(log)
    log.end_minute()
    assert [each[1] for each in counted(path)] == ["1 more attempts within a minute"]


def test_a_key_whose_maker_was_killed_is_taken_all_the_same(path: Path) -> None:
    write(AuditLog(path, ALICE))
    key = path.with_name("audit.jsonl.key")
    other = key.with_name(f"{key.name}.0123456789abcdef")
    other.hardlink_to(key)
    write(AuditLog(path, ALICE))
    assert not other.exists()
    assert len({row.changes[0].after for row in auditing.read(path)}) == 1


def test_a_refused_attempt_stays_refused_when_it_cannot_be_written_down(tmp_path: Path) -> None:
    AuditLog(tmp_path / "missing" / "audit.jsonl").refused(UPDATE, "Locked.", where="model")


def test_whoever_the_visitor_is_a_line_stays_a_line(path: Path) -> None:
    name = 'x\n{"visitor": "bob"}\x00\u2028\udcff'
    log = AuditLog(path, Visitor(name))
    log.write(UPDATE, "done", profile=(name * 1000, name), reason=name)
    assert len(path.read_bytes().splitlines()) == 1
    (row,) = auditing.read(path)
    assert row.visitor == name
