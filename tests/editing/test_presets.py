"""Presets are request files in a folder; one that is broken is named, and the others still work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from profile_widgets.checks import check
from profile_widgets.editing import presets
from profile_widgets.editing.presets import FOLDERS, folders, read_preset, shelf
from profile_widgets.errors import FormatError
from profile_widgets.model.shapes import CREATE, UPDATE, shape

KIT = ("gpu-development", "jupyterlab-idle-shutdown", "lean-studio")
QUIET = "# Quiet\n# Nothing is shared.\nUserSettings:\n  SharingSettings: {NotebookOutputOption: Disabled}\n"
NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}


@pytest.mark.parametrize("operation", [CREATE, UPDATE])
@pytest.mark.parametrize("name", KIT)
def test_what_comes_with_the_kit_passes_the_check(name: str, operation: str) -> None:
    preset = next(each for each in shelf().presets if each.name == name)
    assert set(preset.request) == {"UserSettings"}
    assert not [each for each in check({**NAMES, **preset.request}, operation) if each.blocks]


def test_what_comes_with_the_kit_has_titles_and_a_line_of_explanation_each() -> None:
    found = shelf()
    assert tuple(each.name for each in found.presets) == KIT
    assert len({each.title for each in found.presets}) == len(KIT)
    assert all(each.about.endswith(".") and len(each.about) < 160 for each in found.presets)
    assert not found.broken
    if "StudioWebPortalSettings" in shape("UserSettings").members:
        assert not [each.said for each in found.presets if each.said]


def test_a_folder_adds_its_own_and_takes_the_place_of_one_with_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "quiet.yml").write_text(QUIET, "utf-8")
    (tmp_path / "lean-studio.json").write_text('{"UserSettings": {"StudioWebPortal": "DISABLED"}}', "utf-8")
    (tmp_path / "notes.txt").write_text("no preset", "utf-8")
    (tmp_path / ".hidden.yaml").write_text("no preset", "utf-8")
    found = {each.name: each for each in shelf([tmp_path]).presets}
    assert set(found) == {*KIT, "quiet"}
    assert (found["quiet"].title, found["quiet"].about) == ("Quiet", "Nothing is shared.")
    assert (found["lean-studio"].title, found["lean-studio"].about) == ("Lean studio", "")
    assert found["lean-studio"].request == {"UserSettings": {"StudioWebPortal": "DISABLED"}}


def test_a_broken_one_is_named_with_the_reason_and_the_others_still_work(tmp_path: Path) -> None:
    (tmp_path / "a-bad.yaml").write_text("UserSettings: {ExecutionRole: ", "utf-8")
    (tmp_path / "b-latin.yaml").write_bytes(b"# caf\xe9\nUserSettings: {}\n")
    (tmp_path / "c-long.json").write_bytes(b" " * (presets.LONGEST + 1))
    (tmp_path / "d-empty.yaml").write_text("# Nothing\nUserSettings: {}\n", "utf-8")
    (tmp_path / "e-wrong.yaml").write_text("UserSettings: {SecurityGroups: sg-1}\n", "utf-8")
    os.mkfifo(tmp_path / "f-pipe.yaml")
    (tmp_path / "g-folder.yaml").mkdir()
    (tmp_path / "quiet.yaml").write_text(QUIET, "utf-8")
    found = shelf([tmp_path])
    assert {each.name for each in found.presets} == {*KIT, "quiet"}
    said = dict(line.split(": ", 1) for line in found.broken)
    assert list(said) == [
        "a-bad.yaml", "b-latin.yaml", "c-long.json", "d-empty.yaml", "e-wrong.yaml", "f-pipe.yaml", "g-folder.yaml",
    ]  # fmt: skip
    assert "line 1" in said["a-bad.yaml"] or "line 2" in said["a-bad.yaml"]
    assert "UTF-8" in said["b-latin.yaml"]
    assert "1 MiB" in said["c-long.json"]
    assert "sets nothing" in said["d-empty.yaml"]
    assert "Security groups: Takes" in said["e-wrong.yaml"]
    assert said["f-pipe.yaml"] == said["g-folder.yaml"] == "It is no file."


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = shelf([tmp_path / "absent"])
    assert len(found.presets) == len(KIT)
    assert "absent cannot be read: No such file or directory" in found.broken[0]


def test_folders_are_named_by_the_environment_and_by_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDERS, os.pathsep.join((str(tmp_path / "one"), "", str(tmp_path / "two"))))
    assert folders([str(tmp_path / "three")]) == tuple(tmp_path / name for name in ("one", "two", "three"))
    monkeypatch.delenv(FOLDERS)
    assert folders() == ()


def test_members_that_the_installed_botocore_does_not_know_are_left_out_and_said() -> None:
    text = """
        UserSettings:
          BrandNewAppSettings: {Size: 3}
          StudioWebPortal: ENABLED
          JupyterLabAppSettings:
            DefaultResourceSpec: {InstanceTyp: ml.t3.medium}
            CustomImages: [{ImageName: a, AppImageConfigName: b, Colour: red}]
    """
    preset = read_preset("x.yaml", text)
    held = preset.request["UserSettings"]
    assert held["StudioWebPortal"] == "ENABLED"
    assert "BrandNewAppSettings" not in held
    assert not held["JupyterLabAppSettings"].get("CustomImages")
    said = " ".join(each.message for each in preset.said)
    assert "BrandNewAppSettings" in said
    assert "Did you mean InstanceType?" in said
    assert "Colour" in said


def test_several_strangers_in_one_list_take_the_list_out_once() -> None:
    text = "UserSettings: {JupyterLabAppSettings: {CustomImages: [{ImageName: a, X: 1}, {ImageName: b, Y: 2}]}}"
    with_other = text.replace("{CustomImages", "{LifecycleConfigArns: [], CustomImages")
    assert read_preset("x.yaml", with_other).request == {
        "UserSettings": {"JupyterLabAppSettings": {"LifecycleConfigArns": []}}
    }


def test_settings_alone_an_answer_and_tags_are_read_and_names_are_not_kept() -> None:
    assert read_preset("x.json", '{"StudioWebPortal": "ENABLED"}').request == {
        "UserSettings": {"StudioWebPortal": "ENABLED"}
    }
    tags = [{"Key": "team", "Value": "x"}]
    document = '{"DomainId": 7, "UserProfileName": "alice", "Tags": [{"Key": "team", "Value": "x"}]}'
    assert read_preset("x.json", document).request == {"Tags": tags}


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("---\n\n#Title\n#\n#  one \n# two\n\nUserSettings: {StudioWebPortal: ENABLED}\n# later", ("Title", "one two")),
        ("\ufeff# Marked\nUserSettings: {StudioWebPortal: ENABLED}", ("Marked", "")),
        ("UserSettings: {StudioWebPortal: ENABLED}\n# no title", ("My preset", "")),
        ("# \u202eevil\u200f\nUserSettings: {StudioWebPortal: ENABLED}", ("evil", "")),
        (f"# {'x' * 500}\n# {'y' * 500}\nStudioWebPortal: ENABLED", (f"{'x' * 80}…", f"{'y' * 300}…")),
    ],
    ids=["lines", "mark", "none", "control", "long"],
)
def test_the_comment_at_the_top_is_title_and_explanation(text: str, header: tuple[str, str]) -> None:
    preset = read_preset("my_preset.yaml", text)
    assert (preset.title, preset.about) == header


def test_what_waits_to_be_filled_in_is_said() -> None:
    (said,) = read_preset("x.yaml", "UserSettings: {ExecutionRole: <your role>}").said
    assert (said.path, said.severity) == ("UserSettings.ExecutionRole", "warning")


@pytest.mark.parametrize("text", ["", "just words", "- 1\n- 2", "{", '{"UserSettings": null}'])
def test_what_is_no_request_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_preset("x.json" if text.startswith("{") else "x.yaml", text)
    assert str(refused.value).endswith(".")
