"""What is kept on disk: where, for whose eyes, how much, and what happens when the disk does not want to."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from profile_widgets.editing import store
from profile_widgets.editing.store import ProfileFolder, Store
from profile_widgets.errors import InUseElsewhere, StoreError

WHERE = "https://api.sagemaker.eu-west-1.amazonaws.com"
DAY = 86400
posix = pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
HOLD = """
import sys, time
from pathlib import Path
from profile_widgets.editing.store import Store
with Store(Path(sys.argv[1])).profile(sys.argv[2], "d-1", "alice").lock():
    print("held", flush=True)
    time.sleep(60)
"""
FILL = """
import resource, sys
from pathlib import Path
from profile_widgets.editing.store import Store
from profile_widgets.errors import StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    Store(Path(sys.argv[1])).profile(sys.argv[2], "d-1", "alice").write("draft-1", {"a": "b" * 100})
except StoreError as error:
    print(error)
"""


@pytest.fixture
def folder(tmp_path: Path) -> ProfileFolder:
    return Store(tmp_path / "data").profile(WHERE, "d-1", "alice")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def made_before(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


class TestPlace:
    def test_the_environment_names_the_directory_each_time_it_is_asked(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        kept = Store()
        monkeypatch.setenv(store.DIRECTORY, str(tmp_path / "one"))
        assert kept.directory == tmp_path / "one"
        monkeypatch.setenv(store.DIRECTORY, "~/two")
        assert kept.directory == Path.home() / "two"
        monkeypatch.delenv(store.DIRECTORY)
        assert kept.directory.name == "profile-widgets"
        assert kept.directory.is_absolute()

    def test_a_home_that_is_not_known_is_told_with_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(store.DIRECTORY, "~no-such-person/kept")
        kept = Store()
        with pytest.raises(StoreError, match=f"~no-such-person/kept cannot be used: .* Set {store.DIRECTORY} to"):
            _ = kept.directory
        kept.sweep()
        folder = kept.profile(WHERE, "d-1", "alice")
        assert (folder.names(""), folder.read("draft-1"), folder.held("draft-1")) == ([], None, False)
        folder.sweep()
        with pytest.raises(StoreError):
            folder.write("draft-1", {})
        with pytest.raises(StoreError), folder.lock():
            pass
        with pytest.raises(StoreError):
            folder.hold("draft-1")

    def test_a_relative_directory_stays_where_it_was_when_the_process_moves(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv(store.DIRECTORY, "kept")
        kept = Store()
        kept.profile(WHERE, "d-1", "alice").write("draft-1", {})
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert kept.directory == tmp_path / "kept"
        assert kept.profile(WHERE, "d-1", "alice").names("") == ["draft-1"]

    def test_nothing_is_made_before_something_is_kept(self, tmp_path: Path) -> None:
        folder = Store(tmp_path / "data").profile(WHERE, "d-1", "alice")
        assert folder.read("draft-1") is None
        assert folder.names("") == []
        folder.sweep()
        folder.remove("draft-1")
        assert list(tmp_path.iterdir()) == []

    def test_each_profile_of_each_sagemaker_has_its_own_folder_whatever_the_case_of_its_name(self) -> None:
        kept = Store(Path("data"))
        paths = [
            kept.profile(*names).path
            for names in [
                (WHERE, "d-1", "alice"),
                (WHERE, "d-1", "bob"),
                (WHERE, "d-2", "alice"),
                ("http://127.0.0.1:1", "d-1", "alice"),
                (WHERE, "d-1", ""),
            ]
        ]
        assert len(set(paths)) == len(paths)
        assert kept.profile(WHERE, "d-1", "Alice").path == paths[0]


class TestFiles:
    def test_what_is_written_is_read(self, folder: ProfileFolder) -> None:
        document = {"Größe": ["", None, 1, True, {"a\ud83d": "\u2028"}]}
        folder.write("draft-1", document, durable=True)
        assert folder.read("draft-1") == document
        folder.write("draft-1", {})
        assert folder.read("draft-1") == {}
        folder.remove("draft-1")
        assert folder.read("draft-1") is None

    def test_names_come_newest_first_and_by_prefix(self, folder: ProfileFolder) -> None:
        for number, name in enumerate(["draft-b", "draft-a", "point-c"]):
            folder.write(name, {})
            made_before(folder.path / f"{name}.json", 100 - number)
        assert folder.names("draft-") == ["draft-a", "draft-b"]
        assert folder.names("") == ["point-c", "draft-a", "draft-b"]

    @posix
    def test_only_the_owner_can_read_it_whatever_the_umask(self, folder: ProfileFolder) -> None:
        before = os.umask(0)
        try:
            folder.write("draft-1", {})
            with folder.lock():
                pass
        finally:
            os.umask(before)
        assert [mode(path) for path in (folder.path, folder.path.parent, folder.path.parent.parent)] == [0o700] * 3
        assert {mode(path) for path in folder.path.iterdir()} == {0o600}

    @posix
    def test_a_folder_that_is_open_to_others_is_closed(self, folder: ProfileFolder) -> None:
        folder.path.mkdir(parents=True, mode=0o755)
        folder.path.chmod(0o755)
        folder.write("draft-1", {})
        assert mode(folder.path) == 0o700

    @pytest.mark.parametrize("name", ["../draft", "a/b", "", ".", "-x", "Draft", "a" * 101, "a\n", "lock/"])
    def test_a_name_that_leads_elsewhere_is_refused(self, folder: ProfileFolder, name: str) -> None:
        for use in (folder.read, folder.remove, lambda given: folder.write(given, {})):
            with pytest.raises(ValueError, match="not a name for a file"):
                use(name)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b'{"format": "another 1", "document": {}}',
            b'{"document": {}}',
            b"[" * 100_000,
        ],
    )
    def test_what_is_damaged_or_foreign_is_left_alone(
        self, folder: ProfileFolder, content: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        folder.write("draft-1", {})
        (folder.path / "draft-1.json").write_bytes(content)
        with caplog.at_level(logging.WARNING):
            assert folder.read("draft-1") is None
        assert "left alone" in caplog.text
        assert (folder.path / "draft-1.json").read_bytes() == content

    @posix
    def test_links_are_neither_read_nor_written_through(self, folder: ProfileFolder, tmp_path: Path) -> None:
        folder.write("draft-1", {"ours": True})
        elsewhere = tmp_path / "elsewhere"
        elsewhere.write_bytes((folder.path / "draft-1.json").read_bytes())
        (folder.path / "draft-2.json").symlink_to(elsewhere)
        assert folder.read("draft-2") is None
        before = elsewhere.read_bytes()
        folder.write("draft-2", {"ours": False})
        assert elsewhere.read_bytes() == before
        assert folder.read("draft-2") == {"ours": False}

    @posix
    def test_a_link_in_the_place_of_the_folder_is_refused(self, folder: ProfileFolder, tmp_path: Path) -> None:
        (tmp_path / "trap").mkdir()
        folder.path.parent.mkdir(parents=True)
        folder.path.symlink_to(tmp_path / "trap")
        with pytest.raises(StoreError, match="in the way"):
            folder.write("draft-1", {})
        assert list((tmp_path / "trap").iterdir()) == []


class TestBounds:
    def test_what_is_too_large_is_refused_and_what_was_there_stays(self, folder: ProfileFolder) -> None:
        folder.write("draft-1", {"a": 1})
        with pytest.raises(StoreError, match="too large"):
            folder.write("draft-1", {"a": "x" * store.LARGEST})
        assert folder.read("draft-1") == {"a": 1}

    def test_a_file_that_has_become_too_large_is_not_read(self, folder: ProfileFolder) -> None:
        folder.write("draft-1", {})
        with (folder.path / "draft-1.json").open("ab") as file:
            file.write(b" " * store.LARGEST)
        assert folder.read("draft-1") is None

    def test_of_each_prefix_the_newest_stay(self, folder: ProfileFolder) -> None:
        for number in range(store.MOST + 5):
            for prefix in ("point", "draft"):
                folder.write(f"{prefix}-{number:02}", {})
                made_before(folder.path / f"{prefix}-{number:02}.json", 1000 - number)
        folder.sweep()
        assert folder.names("point-") == [f"point-{number:02}" for number in range(store.MOST + 4, 4, -1)]
        assert len(folder.names("draft-")) == store.MOST

    def test_what_is_old_goes_but_never_a_submit_without_its_end(self, folder: ProfileFolder) -> None:
        for name in ("draft-1", "point-1", "intent-1", "draft-2"):
            folder.write(name, {})
            made_before(folder.path / f"{name}.json", 31 * DAY if name != "draft-2" else 29 * DAY)
        folder.sweep()
        assert sorted(folder.names("")) == ["draft-2", "intent-1"]

    def test_what_a_kill_left_half_written_goes_after_a_while(self, folder: ProfileFolder) -> None:
        folder.write("draft-1", {})
        half = folder.path / "draft-2.0123456789abcdef.half"
        half.write_bytes(b"{")
        folder.sweep()
        assert half.exists()
        made_before(half, 2 * store.LEFTOVER)
        folder.sweep()
        assert not half.exists()
        assert folder.names("") == ["draft-1"]

    def test_every_profiles_folder_is_swept(self, tmp_path: Path) -> None:
        kept = Store(tmp_path)
        kept.sweep()
        folders = [kept.profile(WHERE, "d-1", name) for name in ("alice", "bob")]
        for folder in folders:
            folder.write("draft-1", {})
            made_before(folder.path / "draft-1.json", 31 * DAY)
        kept.sweep()
        assert [folder.names("") for folder in folders] == [[], []]


class TestFailures:
    def test_a_file_in_the_place_of_the_directory_is_told_with_what_to_do(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("")
        folder = Store(tmp_path / "data").profile(WHERE, "d-1", "alice")
        with pytest.raises(StoreError) as caught:
            folder.write("draft-1", {})
        assert str(tmp_path / "data") in str(caught.value)
        assert f"set {store.DIRECTORY} to another directory" in str(caught.value)
        with pytest.raises(StoreError), folder.lock():
            pass

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no limits on files")
    def test_a_full_disk_is_told_as_that(self, tmp_path: Path) -> None:
        told = subprocess.run(
            [sys.executable, "-c", FILL, str(tmp_path), WHERE], capture_output=True, text=True, check=True
        ).stdout
        assert "its disk is full. Make room there" in told
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
    def test_a_folder_that_may_not_be_written_is_told_as_that(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir(mode=0o500)
        with pytest.raises(StoreError, match="may not be written"):
            Store(tmp_path / "data").profile(WHERE, "d-1", "alice").write("draft-1", {})

    def test_a_number_that_cannot_be_written_out_is_told(self, folder: ProfileFolder) -> None:
        if not hasattr(sys, "get_int_max_str_digits"):
            pytest.skip("this Python writes out any number")
        with pytest.raises(StoreError, match="cannot be written down"):
            folder.write("draft-1", {"a": 10**5000})

    def test_what_cannot_be_replaced_leaves_nothing_half_done(self, folder: ProfileFolder) -> None:
        folder.write("draft-1", {})
        (folder.path / "draft-2.json").mkdir()
        with pytest.raises(StoreError):
            folder.write("draft-2", {})
        assert sorted(path.name for path in folder.path.iterdir()) == ["draft-1.json", "draft-2.json"]


class TestLock:
    def test_a_second_holder_is_turned_away_at_once_in_the_same_thread_too(self, tmp_path: Path) -> None:
        one, two = (Store(tmp_path).profile(WHERE, "d-1", name) for name in ("alice", "ALICE"))
        with one.lock(), pytest.raises(InUseElsewhere), two.lock():
            pass
        with two.lock():
            pass

    def test_so_is_another_thread_and_a_lock_may_be_let_go_in_another_one(self, folder: ProfileFolder) -> None:
        seen: list[type[BaseException]] = []

        def enter() -> None:
            try:
                with folder.lock():
                    pass
            except InUseElsewhere as error:
                seen.append(type(error))

        held = folder.lock()
        held.__enter__()
        other = threading.Thread(target=enter)
        other.start()
        other.join(10)
        assert seen == [InUseElsewhere]
        letting_go = threading.Thread(target=held.__exit__, args=(None, None, None))
        letting_go.start()
        letting_go.join(10)
        with folder.lock():
            pass

    def test_another_profile_is_free(self, tmp_path: Path) -> None:
        one, two = (Store(tmp_path).profile(WHERE, "d-1", name) for name in ("alice", "bob"))
        with one.lock(), two.lock():
            pass

    def test_a_process_that_is_killed_lets_go(self, folder: ProfileFolder, tmp_path: Path) -> None:
        command = [sys.executable, "-c", HOLD, str(tmp_path / "data"), WHERE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(InUseElsewhere), folder.lock():
                pass
            holder.kill()
        with folder.lock():
            pass

    def test_it_is_let_go_when_what_is_done_under_it_fails(self, folder: ProfileFolder) -> None:
        with pytest.raises(ZeroDivisionError), folder.lock():
            raise ZeroDivisionError
        with folder.lock():
            pass


class TestHolding:
    def test_a_held_file_is_known_as_such_until_it_is_let_go(self, folder: ProfileFolder) -> None:
        assert not folder.held("draft-1")
        let_go = folder.hold("draft-1")
        assert folder.held("draft-1")
        assert not folder.held("draft-2")
        with pytest.raises(StoreError):
            folder.hold("draft-1")
        let_go()
        assert not folder.held("draft-1")
        assert list(folder.path.iterdir()) == []

    def test_it_is_never_swept_and_what_the_dead_held_is(self, folder: ProfileFolder) -> None:
        for name in ("draft-1", "draft-2"):
            folder.write(name, {})
            made_before(folder.path / f"{name}.json", 31 * DAY)
        let_go = folder.hold("draft-1")
        (folder.path / "live-draft-9").touch()
        for name in ("live-draft-1", "live-draft-9"):
            made_before(folder.path / name, 2 * store.LEFTOVER)
        folder.sweep()
        assert folder.names("") == ["draft-1"]
        assert sorted(path.name for path in folder.path.iterdir()) == ["draft-1.json", "live-draft-1"]
        assert folder.held("draft-1")
        let_go()


def test_a_file_says_of_what_version_it_is(folder: ProfileFolder) -> None:
    folder.write("draft-1", {"a": 1})
    held = json.loads((folder.path / "draft-1.json").read_text())
    assert held == {"format": store.FORMAT, "document": {"a": 1}}
