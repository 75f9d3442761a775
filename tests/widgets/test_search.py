from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.checks import Problem
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.board import board
from profile_widgets.widgets.search import FILTERS, above, matches, places
from profile_widgets.widgets.structures import SectionEditor
from tests.widgets.conftest import browser_sends, browser_sets

SETTINGS = shape("UserSettings")
SPEC = "JupyterLabAppSettings.DefaultResourceSpec"
IMAGES = "JupyterLabAppSettings.CustomImages"
ROLE = "arn:aws:iam::123456789012:role/Élan"
DOCUMENT = {
    "ExecutionRole": ROLE,
    "CanvasAppSettings": {},
    "JupyterLabAppSettings": {
        "CustomImages": [
            {"ImageName": "one", "AppImageConfigName": "a"},
            {"ImageName": "two", "AppImageConfigName": "b"},
        ]
    },
}


def looked(
    text: str,
    only: str = "all",
    *,
    now: dict[str, Any] = DOCUMENT,
    loaded: dict[str, Any] = DOCUMENT,
    defaults: dict[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
) -> tuple[str, ...]:
    values = (now, loaded, defaults or {})
    return matches(SETTINGS, values, board(SETTINGS, *values, problems), text, only)


@pytest.mark.parametrize(
    "text",
    [
        "instance type jupyterlab app",
        "JUPYTERLAB type INSTANCE app",
        f"{SPEC}.InstanceType",
        "JupyterLab app \u203a Default resources \u203a Instance type",
        "jupyterlabapp instancetype",
    ],
)
def test_a_field_is_found_by_all_words_in_any_order_and_case(text: str) -> None:
    assert looked(text) == (f"{SPEC}.InstanceType",)


def test_a_field_is_found_by_its_help() -> None:
    help_text = SETTINGS.members["ExecutionRole"].help.text
    assert "ExecutionRole" in looked(help_text)


def test_a_sections_name_finds_everything_in_it() -> None:
    found = looked("CanvasAppSettings")
    assert found == tuple(each.path for each in places("UserSettings") if each.path.startswith("CanvasAppSettings."))
    assert looked("canvas app kendra") == ("CanvasAppSettings.KendraSettings.Status",)


def test_a_value_is_found_with_and_without_its_accents() -> None:
    assert looked("role/elan") == looked("ÉLAN role") == ("ExecutionRole",)


def test_what_is_inherited_and_what_was_loaded_is_found_too() -> None:
    defaults = {"DefaultLandingUri": "studio::relative/here"}
    assert looked("relative/here", defaults=defaults) == ("DefaultLandingUri",)
    assert looked("elan", now={}) == ("ExecutionRole",)


def test_a_word_inside_an_item_finds_that_items_field() -> None:
    now = DOCUMENT | {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "one"}, {"ImageName": "zebra"}]}}
    assert looked("zebra", now=now, loaded=now) == (f"{IMAGES}[1].ImageName",)
    assert looked("zebra custom images", now=now, loaded=now) == (f"{IMAGES}[1].ImageName",)


def test_the_name_of_an_items_member_finds_the_list_empty_or_not() -> None:
    assert IMAGES in looked("App image configuration jupyterlab")
    assert IMAGES in looked("AppImageConfigName jupyterlab", now={}, loaded={})


def test_words_that_stand_nowhere_find_nothing() -> None:
    assert looked("zzz") == ()
    assert looked("instance zzz") == ()


def test_no_words_find_everything() -> None:
    assert looked("  ") == tuple(each.path for each in places("UserSettings"))


def test_the_filter_of_what_is_set_holds_the_explicitly_empty_too() -> None:
    assert looked("", "set") == ("ExecutionRole", "CanvasAppSettings", IMAGES)


def test_the_filter_of_changes_holds_what_was_taken_away() -> None:
    now = {"ExecutionRole": ROLE, "StudioWebPortal": "ENABLED"}
    found = looked("", "changed", now=now, loaded={"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]})
    assert set(found) == {"StudioWebPortal", "SecurityGroups"}


def test_the_filter_of_problems_leaves_out_what_is_only_good_to_know() -> None:
    problems = (
        Problem("ExecutionRole", "error", "x"),
        Problem(f"{IMAGES}[1].ImageName", "warning", "y"),
        Problem("SpaceStorageSettings", "error", "z"),
        Problem("StudioWebPortal", "information", "i"),
    )
    found = looked("", "problems", problems=problems)
    assert found == ("ExecutionRole", f"{IMAGES}[1].ImageName", "SpaceStorageSettings")


def test_words_and_a_filter_must_both_hold() -> None:
    assert looked("role", "set") == ("ExecutionRole",)
    assert looked("custom two", "set") == (f"{IMAGES}[1].ImageName",)
    assert looked("canvas", "set") == ("CanvasAppSettings",)
    assert looked("landing", "set") == ()


def test_a_filter_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="choose all, open, set, changed, problems"):
        looked("", "everything")


def test_searching_changes_no_document() -> None:
    before = repr(DOCUMENT)
    for name in FILTERS:
        looked("role one two", name)
    assert repr(DOCUMENT) == before


def test_a_path_leads_through_its_parts() -> None:
    assert above("A.B[2].C") == ("", "A", "A.B", "A.B[2]", "A.B[2].C")
    assert above("") == ("",)


def test_only_what_is_shown_at_all_is_found() -> None:
    root = shape("CreateUserProfileRequest")
    empty: tuple[dict[str, Any], ...] = ({}, {}, {})
    found = matches(root, (empty[0], empty[1], empty[2]), {}, "settings", within=("UserSettings.CanvasAppSettings",))
    assert found
    assert all(path.startswith("UserSettings.CanvasAppSettings.") for path in found)
    assert "Tags" not in matches(root, (empty[0], empty[1], empty[2]), {}, "", within=("UserSettings",))


# -- a form that is searched -------------------------------------------------------------------------------------


@pytest.fixture
def settings() -> Structure:
    return UserSettings.from_document(DOCUMENT)


@pytest.fixture
def form(settings: Structure) -> Iterator[SettingsEditor]:
    made = SettingsEditor(settings)
    yield made
    made.close()


def section(form: SettingsEditor, title: str) -> SectionEditor:
    found: SectionEditor = next(each for each in form.children if each.title == title)
    return found


def opened(form: SettingsEditor) -> list[str]:
    return [each.title for each in form.children if each.expanded]


def test_a_search_opens_the_sections_that_hold_matches_and_closes_them_again(form: SettingsEditor) -> None:
    section(form, "Canvas app").expanded = True
    form.look_for("instance type")
    assert form.only is not None
    assert f"{SPEC}.InstanceType" in form.only["paths"]
    assert "JupyterLab app" in opened(form)
    form.look_for("")
    assert form.only is None
    assert opened(form) == ["Canvas app"]


def test_a_search_that_finds_much_opens_nothing(form: SettingsEditor) -> None:
    form.look_for("settings")
    assert form.look.shown > 40
    assert opened(form) == []


def test_a_narrower_search_closes_what_it_no_longer_needs(form: SettingsEditor) -> None:
    form.look_for("instance type")
    form.look_for("instance type code editor")
    assert opened(form) == ["Code Editor app"]


def test_a_section_that_was_closed_by_hand_and_opened_again_stays_open(form: SettingsEditor) -> None:
    form.look_for("kendra")
    canvas = section(form, "Canvas app")
    browser_sets(canvas, expanded=False)
    browser_sets(canvas, expanded=True)
    form.look_for("")
    assert opened(form) == ["Canvas app"]


def test_a_field_that_was_mended_stays_and_a_new_problem_joins(form: SettingsEditor, settings: Structure) -> None:
    settings.ExecutionRole = "junk"
    form.look_for("", "problems")
    assert form.only == {"paths": ["ExecutionRole"]}
    settings.ExecutionRole = ROLE.replace("É", "E")
    assert form.look.counts["problems"] == 0
    assert form.only == {"paths": ["ExecutionRole"]}
    settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb = 1
    assert len(form.only["paths"]) > 1
    assert form.look.shown > form.look.counts["problems"]


def test_another_profile_is_searched_anew(form: SettingsEditor, settings: Structure) -> None:
    form.look_for("", "set")
    settings.assign({"StudioWebPortal": "ENABLED"})
    form.compare_with(settings.to_document(), {})
    assert form.only == {"paths": ["StudioWebPortal"]}


def test_a_search_changes_no_setting(form: SettingsEditor, settings: Structure) -> None:
    for text in ("role", "zzz", "jupyterlab", ""):
        for name in FILTERS:
            form.look_for(text, name)
    assert settings.to_document() == DOCUMENT


def test_what_a_link_leads_to_is_shown_whatever_is_searched_for(form: SettingsEditor) -> None:
    form.look_for("kendra")
    form.reveal("StudioWebPortal")
    assert form.only is not None
    assert form.only["paths"][-1] == "StudioWebPortal"


def test_an_item_that_is_added_under_a_search_is_seen(form: SettingsEditor, settings: Structure) -> None:
    settings.JupyterLabAppSettings.CustomImages[1].ImageName = "zebra"
    form.look_for("zebra")
    images: Any = section(form, "JupyterLab app").child("CustomImages")
    browser_sends(images, do="add")
    assert form.only is not None
    assert IMAGES in form.only["paths"]


def test_of_the_sections_that_a_search_hides_none_is_opened(form: SettingsEditor) -> None:
    form.look_for("settings")
    form.look_for("landing page")
    form.look_for("landing page", "problems")
    form.expand()
    assert opened(form) == []


def test_how_many_each_filter_would_show_is_counted(form: SettingsEditor, settings: Structure) -> None:
    settings.StudioWebPortal = "ENABLED"
    every = len(places("UserSettings"))
    assert form.look.counts == {"all": every, "open": every, "set": 4, "changed": 1, "problems": 1}
    form.look_for("access to studio")
    assert form.look.counts["changed"] == 1


def test_a_form_that_shows_everything_says_nothing_of_it_at_first(form: SettingsEditor) -> None:
    assert "only" not in form.get_state()
    form.look_for("kendra")
    assert form.get_state()["only"] == form.only


def test_a_form_of_an_item_is_searched_like_any_other(settings: Structure) -> None:
    form = SettingsEditor(settings.JupyterLabAppSettings.CustomImages[1])
    form.look_for("two")
    assert form.only == {"paths": [f"{IMAGES}[1].ImageName"]}
    form.look_for("image version")
    assert form.only == {"paths": [f"{IMAGES}[1].ImageVersionNumber"]}
    form.close()
