"""Undo and redo across all fields of a settings tree."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from profile_widgets.editing.history import STEPS, History
from profile_widgets.model import model_class
from profile_widgets.model.labels import path_label
from tests.documents import documents as settings_documents

WHERE = path_label("JupyterLabAppSettings.DefaultResourceSpec.InstanceType")
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


def tree() -> Any:
    return model_class("UserSettings")()


def test_an_edit_is_taken_back_and_done_again() -> None:
    settings = tree()
    history = History(settings)
    settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    assert history.back == WHERE
    history.undo()
    assert settings.to_document() == {}
    assert (history.back, history.forth) == ("", WHERE)
    history.redo()
    assert settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType == "ml.t3.large"


def test_what_one_batch_changed_is_one_step() -> None:
    settings = tree()
    history = History(settings)
    with settings.batch():
        settings.ExecutionRole = ROLE
        settings.StudioWebPortal = "ENABLED"
    assert history.back == "2 settings"
    history.undo()
    assert settings.to_document() == {}


def test_a_new_edit_after_an_undo_forgets_what_was_taken_back() -> None:
    settings = tree()
    history = History(settings)
    settings.ExecutionRole = ROLE
    history.undo()
    settings.StudioWebPortal = "ENABLED"
    assert history.forth == ""
    assert history.redo() == ""


def test_with_nothing_to_take_back_nothing_happens() -> None:
    settings = tree()
    assert History(settings).undo() == ""


def test_an_explicit_empty_list_and_an_absent_one_are_different_steps() -> None:
    settings = tree()
    history = History(settings)
    settings.SecurityGroups = ()
    settings.SecurityGroups = None
    history.undo()
    assert settings.to_document() == {"SecurityGroups": []}
    history.undo()
    assert settings.to_document() == {}


def test_text_that_is_no_number_comes_back_as_it_was_typed() -> None:
    settings = tree()
    history = History(settings)
    volumes = settings.SpaceStorageSettings.DefaultEbsStorageSettings
    volumes.DefaultEbsVolumeSizeInGb = "plenty"
    volumes.DefaultEbsVolumeSizeInGb = 60
    history.undo()
    assert volumes.DefaultEbsVolumeSizeInGb == "plenty"


def test_changes_made_aside_are_no_step() -> None:
    settings = tree()
    history = History(settings)
    with history.aside():
        settings.ExecutionRole = ROLE
    assert history.back == ""
    settings.StudioWebPortal = "ENABLED"
    history.undo()
    assert settings.to_document() == {"ExecutionRole": ROLE}


def test_only_so_many_steps_are_kept() -> None:
    settings = tree()
    history = History(settings)
    for number in range(STEPS + 5):
        settings.ExecutionRole = f"{ROLE}{number}"
    while history.undo():
        pass
    assert settings.ExecutionRole == f"{ROLE}4"


def test_an_item_of_a_list_that_was_edited_stays_the_same_item_when_it_is_taken_back() -> None:
    settings = tree()
    settings.JupyterLabAppSettings.CustomImages = [{"ImageName": "a", "AppImageConfigName": "a"}]
    history = History(settings)
    (item,) = settings.JupyterLabAppSettings.CustomImages
    item.ImageName = "b"
    history.undo()
    assert settings.JupyterLabAppSettings.CustomImages == (item,)
    assert item.ImageName == "a"


@given(st.lists(settings_documents("UserSettings"), min_size=1, max_size=4))
def test_undoing_everything_and_redoing_it_ends_where_it_was(steps: list[dict[str, Any]]) -> None:
    settings = tree()
    history = History(settings)
    for document in steps:
        settings.assign(document)
    while history.undo():
        pass
    assert settings.to_document() == {}
    while history.redo():
        pass
    assert settings.to_document() == steps[-1]
