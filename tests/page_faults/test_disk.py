"""The disk takes nothing: edits go on, a submit is refused before it is sent, and both are said."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.page_faults.conftest import Open, stored, with_edits
from tests.page_faults.faults import DONE
from tests.page_faults.line import Line
from tests.page_faults.window import EDITS, drafts


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_stops_a_submit_before_it_is_sent(line: Line, sagemaker: Any, open_window: Open) -> None:
    window, before = await open_window(), stored(sagemaker)
    window.edit()
    with full_disk():
        window.submit()
        await window.says("Nothing was sent, because it could not be written down before.")
        await window.quiet()
    assert "its disk is full. Make room there, or set PROFILE_WIDGETS_DATA_DIR" in window.outcome.text
    assert window.outcome.status == "refused"
    assert "UpdateUserProfile" not in line.calls
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    await window.quiet()
    assert stored(sagemaker) == with_edits(before)
    assert drafts(window.editor.draft.where) == 0


async def test_a_full_disk_is_said_while_editing_and_the_next_edit_is_kept_again(
    sagemaker: Any, open_window: Open
) -> None:
    window, before = await open_window(), stored(sagemaker)
    with full_disk():
        window.edit()
        await window.says("Your edits are not kept on disk, so a reload would lose them.")
    assert len(window.editor.changes) == len(EDITS)
    window.editor.settings.StudioWebPortal = "ENABLED"
    window.editor.settings.StudioWebPortal = "DISABLED"
    window.keeps_the_edits()
    assert "not kept on disk" not in window.notice
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before)


async def test_a_data_directory_that_is_none_is_said_and_stops_nothing_but_the_submit(
    line: Line, sagemaker: Any, open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(sagemaker)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PROFILE_WIDGETS_DATA_DIR", str(tmp_path / "file"))
    window = await open_window()
    window.edit()
    await window.says("Your edits are not kept on disk")
    window.submit()
    await window.says("Nothing was sent, because it could not be written down before.")
    await window.quiet()
    monkeypatch.setenv("PROFILE_WIDGETS_DATA_DIR", str(tmp_path / "folder"))
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
