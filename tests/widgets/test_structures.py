from __future__ import annotations

from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import shape
from tests.widgets.conftest import alive, browser_sends, browser_sets

KINDS = list(shape("CustomFileSystemConfig").members)

LOADED = {
    "JupyterLabAppSettings": {
        "CustomImages": [
            {"ImageName": "one", "AppImageConfigName": "a"},
            {"ImageName": "two", "AppImageConfigName": "b"},
            {"ImageName": "three", "AppImageConfigName": "c"},
        ]
    },
    "CustomFileSystemConfigs": [{"EFSFileSystemConfig": {"FileSystemId": "fs-12345678"}}],
}


@pytest.fixture
def settings() -> Structure:
    return UserSettings.from_document(LOADED)


def editor(form: SettingsEditor, top: str, *names: str) -> Any:
    found: Any = next(each for each in form.children if top in [path.split(".")[0] for path in each.covered()])
    if top not in form.settings.member.members or found.partial:
        names = (top, *names)
    for name in names:
        found = found.child(name)
    return found


def test_an_item_is_added_filled_and_removed(form: SettingsEditor, settings: Structure) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    browser_sends(images, do="add")
    browser_sets(images.children[3].child("ImageName"), value="four")
    browser_sets(images.children[3].child("ImageVersionNumber"), value="2")
    assert settings.JupyterLabAppSettings.CustomImages[3].to_document() == {
        "ImageName": "four",
        "ImageVersionNumber": 2,
    }
    browser_sends(images, do="remove", index=3)
    assert settings.to_document() == LOADED


def test_items_are_moved_and_keep_their_editors(form: SettingsEditor, settings: Structure) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    last = images.children[2]
    browser_sends(images, do="move", index=2, to=0)
    assert [item.ImageName for item in settings.JupyterLabAppSettings.CustomImages] == ["three", "one", "two"]
    assert images.children[0] is last
    assert last.path == "JupyterLabAppSettings.CustomImages[0]"
    assert last.child("ImageName").path == "JupyterLabAppSettings.CustomImages[0].ImageName"
    assert last.title.endswith(" 1")


@pytest.mark.parametrize(
    "message",
    [
        {"do": "remove", "index": 99},
        {"do": "remove"},
        {"do": "remove", "index": "0"},
        {"do": "move", "index": 0, "to": 99},
        {"do": "move", "index": -1, "to": 0},
        {"do": "move", "index": None, "to": []},
    ],
)
def test_positions_that_do_not_exist_change_nothing(
    form: SettingsEditor, settings: Structure, message: dict[str, Any]
) -> None:
    browser_sends(editor(form, "JupyterLabAppSettings", "CustomImages"), **message)
    assert settings.to_document() == LOADED


def test_a_removed_items_editors_are_freed(form: SettingsEditor) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    before = len(alive())
    gone = 1 + len(images.children[0].children)
    browser_sends(images, do="remove", index=0)
    assert len(alive()) == before - gone


def test_a_list_of_structures_is_emptied_left_out_and_put_back(form: SettingsEditor, settings: Structure) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    browser_sends(images, do="empty")
    assert settings.JupyterLabAppSettings.to_document() == {"CustomImages": []}
    assert images.state == "empty"
    browser_sends(images, do="unset")
    assert images.state == "absent"
    browser_sends(images, do="reset")
    assert settings.to_document() == LOADED
    assert images.state == "set"


def test_a_union_asks_its_kind_first(form: SettingsEditor, settings: Structure) -> None:
    configs = editor(form, "CustomFileSystemConfigs")
    assert [row[0] for row in configs.kinds] == KINDS
    browser_sends(configs, do="add", kind="EFSFileSystemConfig")
    item = configs.children[1]
    assert [child.name for child in item.children] == ["EFSFileSystemConfig"]
    browser_sets(item.children[0].child("FileSystemId"), value="fs-87654321")
    added = settings.to_document()["CustomFileSystemConfigs"][1]
    assert added == {"EFSFileSystemConfig": {"FileSystemId": "fs-87654321"}}


def test_a_union_without_a_kind_is_refused_in_words(form: SettingsEditor, settings: Structure) -> None:
    browser_sends(editor(form, "CustomFileSystemConfigs"), do="add", kind="FloppyDisk")
    assert settings.to_document() == LOADED
    assert "EFSFileSystemConfig" in form.notice["text"]


@pytest.mark.skipif(len(KINDS) < 2, reason="the installed botocore knows one kind of file system")
def test_a_union_shows_the_member_that_the_model_chooses(form: SettingsEditor, settings: Structure) -> None:
    item = editor(form, "CustomFileSystemConfigs").children[0]
    settings.CustomFileSystemConfigs[0].assign({KINDS[1]: {}})
    assert [child.name for child in item.children] == [KINDS[1]]


def test_a_structure_is_sent_empty_left_out_and_put_back(form: SettingsEditor, settings: Structure) -> None:
    canvas = editor(form, "CanvasAppSettings")
    browser_sends(canvas, do="empty")
    assert settings.to_document()["CanvasAppSettings"] == {}
    assert form.board["CanvasAppSettings"]["origin"] == "empty"
    browser_sends(canvas, do="reset")
    assert settings.to_document() == LOADED


def test_a_section_of_loose_members_goes_back_to_what_was_loaded(form: SettingsEditor, settings: Structure) -> None:
    files = next(each for each in form.children if each.title == "File systems")
    for name in files.members:
        settings.put(name, () if name == "CustomFileSystemConfigs" else "Disabled")
    settings.StudioWebPortal = "ENABLED"
    browser_sends(files, do="reset")
    assert settings.to_document() == LOADED | {"StudioWebPortal": "ENABLED"}


def test_changing_the_model_rebuilds_only_what_changed(form: SettingsEditor, settings: Structure) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    kept = images.children
    settings.assign(settings.to_document() | {"StudioWebPortal": "DISABLED"})
    assert images.children == kept


def test_several_items_are_pasted_and_what_cannot_be_read_changes_nothing(
    form: SettingsEditor, settings: Structure
) -> None:
    images = editor(form, "JupyterLabAppSettings", "CustomImages")
    browser_sends(images, do="paste", text='[{"ImageName": "four"}, {"ImageName": "five"}]')
    assert [item.ImageName for item in settings.JupyterLabAppSettings.CustomImages] == [
        "one",
        "two",
        "three",
        "four",
        "five",
    ]
    browser_sends(images, do="paste", text='[{"ImageNam": "six"}]')
    assert "ImageName" in form.notice["text"]
    assert len(settings.JupyterLabAppSettings.CustomImages) == 5
