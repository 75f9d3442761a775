from __future__ import annotations

from profile_widgets.checks import Problem
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.board import board, words

SETTINGS = shape("UserSettings")


def test_a_form_with_nothing_to_say_has_an_empty_board() -> None:
    assert board(SETTINGS, {}, {}, {}, ()) == {}


def test_origin_tells_set_empty_and_inherited_apart() -> None:
    now = {"ExecutionRole": "r", "SecurityGroups": [], "CanvasAppSettings": {}}
    entries = board(SETTINGS, now, now, {"StudioWebPortal": "ENABLED"}, ())
    assert {path: entry["origin"] for path, entry in entries.items()} == {
        "ExecutionRole": "set",
        "SecurityGroups": "empty",
        "CanvasAppSettings": "empty",
        "StudioWebPortal": "domain",
    }


def test_a_change_says_what_was() -> None:
    entries = board(
        SETTINGS, {"SecurityGroups": ["b"]}, {"SecurityGroups": ["a"], "StudioWebPortal": "ENABLED"}, {}, ()
    )
    assert entries["SecurityGroups"] == {"origin": "set", "changed": True, "was": "a"}
    assert entries["StudioWebPortal"] == {"changed": True, "was": "ENABLED"}


def test_what_is_inside_a_lists_items_is_not_counted_again() -> None:
    now = {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "new"}]}}
    before = {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "old"}]}}
    entries = board(SETTINGS, now, before, {}, ())
    path = "JupyterLabAppSettings.CustomImages"
    assert entries[path]["origin"] == "set"
    assert entries[f"{path}[0].ImageName"] == {"inner": True, "changed": True, "was": "old"}


def test_problems_stand_at_their_paths() -> None:
    problems = (Problem("ExecutionRole", "error", "one", "x"), Problem("ExecutionRole", "warning", "two", "y"))
    assert board(SETTINGS, {}, {}, {}, problems)["ExecutionRole"]["problems"] == [
        {"severity": "error", "message": "one"},
        {"severity": "warning", "message": "two"},
    ]


def test_values_are_put_in_words_and_cut() -> None:
    assert words(None) == "not set"
    assert words("") == "an empty text"
    assert words({}) == "an empty structure"
    assert words({"Key": "a", "Value": 1}) == "Key: a, Value: 1"
    assert len(words("x" * 1000)) == 200
