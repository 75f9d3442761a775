from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.editors import Editor
from profile_widgets.widgets.fields import hint
from tests.widgets.conftest import browser_sends, browser_sets

SPEC = "JupyterLabAppSettings.DefaultResourceSpec"
SIZE = "SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb"


def field(form: SettingsEditor, path: str) -> Any:
    def below(editors: Any) -> Iterator[Editor]:
        for each in editors:
            yield each
            yield from below(getattr(each, "children", ()))

    return next(each for each in below(form.children) if each.path == path)


def test_a_text_goes_to_the_model_and_an_emptied_box_is_absent(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, "DefaultLandingUri")
    browser_sets(box, value="studio::")
    assert settings.to_document() == {"DefaultLandingUri": "studio::"}
    browser_sets(box, value=None)
    assert settings.to_document() == {}


def test_an_empty_text_is_sent_only_when_asked_for(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, "DefaultLandingUri")
    browser_sends(box, do="empty")
    assert settings.to_document() == {"DefaultLandingUri": ""}
    assert box.value == ""
    assert form.board["DefaultLandingUri"]["origin"] == "empty"


def test_the_model_shows_in_the_box(form: SettingsEditor, settings: Structure) -> None:
    settings.DefaultLandingUri = "app:JupyterServer:"
    assert field(form, "DefaultLandingUri").value == "app:JupyterServer:"


def test_digits_become_a_number(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, SIZE)
    browser_sets(box, value=" 120 ")
    assert settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb == 120
    assert box.hint == "5 to 16,384"


@pytest.mark.parametrize("typed", ["4x", "1e3", "1_000", "12.5", "٣", "9" * 5000, "--1"])
def test_what_is_no_number_stays_as_typed_and_is_reported(
    form: SettingsEditor, settings: Structure, typed: str
) -> None:
    browser_sets(field(form, SIZE), value=typed)
    assert settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb == typed
    assert "whole number" in form.board[SIZE]["problems"][0]["message"]


def test_a_number_out_of_range_is_kept_and_reported_not_clamped(form: SettingsEditor, settings: Structure) -> None:
    browser_sets(field(form, SIZE), value="3")
    assert settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb == 3
    assert form.board[SIZE]["problems"] == [{"severity": "error", "message": "From 5 to 16,384; this is 3."}]


def test_a_number_may_be_emptied(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, SIZE)
    browser_sets(box, value="90")
    browser_sets(box, value="")
    assert settings.to_document() == {}


def test_a_short_enum_travels_with_its_field_and_a_long_one_once_for_the_form(form: SettingsEditor) -> None:
    assert [row[0] for row in field(form, "StudioWebPortal").choices] == ["ENABLED", "DISABLED"]
    lab, server = (
        field(form, f"{SPEC}.InstanceType"),
        field(form, "JupyterServerAppSettings.DefaultResourceSpec.InstanceType"),
    )
    assert lab.choices == []
    assert lab.choices_from == server.choices_from
    ((_names, choices),) = form.shared_choices("AppInstanceType")
    rows = choices.rows
    assert [row[0] for row in rows] == list(shape("AppInstanceType").enum)


def test_a_stored_value_that_the_model_does_not_know_is_shown_and_kept() -> None:
    settings = UserSettings.from_document({"StudioWebPortal": "ENABLED_NEXT_YEAR"})
    form = SettingsEditor(settings)
    form.expand()
    assert field(form, "StudioWebPortal").value == "ENABLED_NEXT_YEAR"
    assert settings.to_document() == {"StudioWebPortal": "ENABLED_NEXT_YEAR"}
    form.close()


def test_a_list_is_set_emptied_and_left_out(form: SettingsEditor, settings: Structure) -> None:
    groups = field(form, "SecurityGroups")
    browser_sets(groups, value=["sg-1", "sg-2"])
    assert settings.SecurityGroups == ("sg-1", "sg-2")
    browser_sets(groups, value=[])
    assert settings.to_document() == {"SecurityGroups": []}
    browser_sends(groups, do="unset")
    assert settings.to_document() == {}
    browser_sends(groups, do="empty")
    assert groups.value == []


def test_none_is_offered_where_aws_documents_it_and_nowhere_else(form: SettingsEditor, settings: Structure) -> None:
    version = field(form, f"{SPEC}.SageMakerImageVersionArn")
    assert "none" in [row[0] for row in version.menu]
    assert "none" not in [row[0] for row in field(form, f"{SPEC}.LifecycleConfigArn").menu]
    browser_sends(version, do="none")
    assert settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn == "None"


def test_back_to_the_loaded_value() -> None:
    settings = UserSettings.from_document({"SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"})
    form = SettingsEditor(settings)
    form.expand()
    groups = field(form, "SecurityGroups")
    browser_sets(groups, value=["sg-2"])
    browser_sends(groups, do="reset")
    assert settings.SecurityGroups == ("sg-1",)
    assert groups.value == ["sg-1"]
    form.close()


def test_leaving_out_a_stored_value_is_said_to_change_nothing() -> None:
    settings = UserSettings.from_document({"StudioWebPortal": "ENABLED"})
    form = SettingsEditor(settings)
    form.expand()
    reasons = {row[0]: row[2] for row in field(form, "StudioWebPortal").menu}
    assert "keeps a stored value" in reasons["unset"]
    assert {row[0]: row[2] for row in field(form, "DefaultLandingUri").menu}["unset"] == ""
    form.close()


@pytest.mark.parametrize("forged", [7, {"a": 1}, [1, 2], True, [["nested"]]])
def test_a_value_of_another_type_from_the_browser_changes_nothing(
    form: SettingsEditor, settings: Structure, forged: Any, caplog: pytest.LogCaptureFixture
) -> None:
    browser_sets(field(form, "DefaultLandingUri"), value=forged)
    assert "null, a text or a list of texts" in caplog.text
    assert settings.to_document() == {}


def test_a_menu_action_that_is_not_offered_is_ignored(form: SettingsEditor, settings: Structure) -> None:
    browser_sends(field(form, "DefaultLandingUri"), do="format-disk")
    browser_sends(field(form, "DefaultLandingUri"), do=None)
    assert settings.to_document() == {}


def test_the_path_that_a_browser_writes_does_not_move_the_field(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, "DefaultLandingUri")
    browser_sets(box, path="ExecutionRole")
    browser_sets(box, value="studio::")
    assert settings.to_document() == {"DefaultLandingUri": "studio::"}


def test_every_field_has_a_label_its_name_at_aws_and_help(form: SettingsEditor) -> None:
    role = field(form, "ExecutionRole")
    assert (role.label, role.api) == ("Execution role", "ExecutionRole")
    assert role.help == "The execution role for the user."


def test_a_bound_is_hinted_in_words() -> None:
    assert hint(shape("CustomImage").members["ImageVersionNumber"]) == "0 or more"
    assert hint(shape("UserSettings").members["SecurityGroups"]) == "up to 5"
    assert hint(shape("UserSettings").members["ExecutionRole"]) == ""


def test_half_a_character_becomes_a_mark_that_can_travel(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, "DefaultLandingUri")
    browser_sets(box, value="a\ud83d")
    assert settings.DefaultLandingUri == "a\ufffd"
    assert box.value == "a\ufffd"


def test_a_refused_value_is_taken_out_of_the_input_again(form: SettingsEditor, settings: Structure) -> None:
    box = field(form, "DefaultLandingUri")
    browser_sets(box, value="studio::")
    browser_sets(box, value=["a", "b"])
    assert (settings.DefaultLandingUri, box.value) == ("studio::", "studio::")


# -- going back to the domain's value ----------------------------------------------------------------------------

STORED = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/Own",
    "SecurityGroups": ["sg-own"],
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {"SageMakerImageVersionArn": "arn"},
        "CustomImages": [{"ImageName": "a", "AppImageConfigName": "b", "ImageVersionNumber": 1}],
    },
}
DEFAULTS = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/Domain",
    "SecurityGroups": ["sg-domain"],
    "StudioWebPortal": "ENABLED",
    "KernelGatewayAppSettings": {"LifecycleConfigArns": ["arn:domain"]},
    "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "d", "AppImageConfigName": "e"}]},
}


@pytest.fixture
def stored() -> Iterator[SettingsEditor]:
    made = SettingsEditor(UserSettings.from_document(STORED), defaults=DEFAULTS)
    made.expand()
    yield made
    made.close()


def menu(editor: Any) -> dict[str, tuple[str, str]]:
    return {action: (text, reason) for action, text, reason in editor.menu}


@pytest.mark.parametrize(
    ("path", "way_round"),
    [
        ("ExecutionRole", "set another one, or delete the profile and create it anew, which loses its home folder"),
        ("SecurityGroups", "clear it instead"),
        pytest.param(
            f"{SPEC}.SageMakerImageVersionArn",
            "send “None” instead",
            marks=pytest.mark.skipif(
                "None" not in (shape("ResourceSpec").members["SageMakerImageVersionArn"].pattern or ""),
                reason="the installed botocore does not know the word None",
            ),
        ),
        ("JupyterLabAppSettings.CustomImages", "clear it instead"),
        (SPEC, "change its values"),
    ],
)
def test_where_aws_has_no_way_back_the_menu_names_the_way_round(
    stored: SettingsEditor, path: str, way_round: str
) -> None:
    _, reason = menu(field(stored, path))["unset"]
    assert way_round in reason


@pytest.mark.skipif("AutoMountHomeEFS" not in shape("UserSettings").members, reason="newer than this botocore")
def test_a_member_with_a_word_for_the_domains_value_names_it() -> None:
    form = SettingsEditor(UserSettings.from_document({"AutoMountHomeEFS": "Enabled"}))
    form.expand()
    assert "choose DefaultAsDomain instead" in menu(field(form, "AutoMountHomeEFS"))["unset"][1]
    form.close()


def test_what_is_not_stored_can_be_left_to_the_domain(stored: SettingsEditor) -> None:
    assert menu(field(stored, "StudioWebPortal"))["unset"] == ("Not set (follow the domain)", "")
    assert menu(field(stored, "DefaultLandingUri"))["unset"] == ("Not set (leave it out)", "")


def test_inside_an_item_everything_can_be_left_out_because_lists_are_sent_whole(stored: SettingsEditor) -> None:
    number = field(stored, "JupyterLabAppSettings.CustomImages[0].ImageVersionNumber")
    assert menu(number)["unset"][1] == ""
    assert "inherit" not in menu(number)


def test_the_domains_value_is_set_here_when_asked_for(stored: SettingsEditor) -> None:
    portal = field(stored, "StudioWebPortal")
    assert "it will not follow the domain" in menu(portal)["inherit"][0]
    browser_sends(portal, do="inherit")
    assert stored.settings.StudioWebPortal == portal.value == "ENABLED"
    assert "already" in menu(portal)["inherit"][1]
    browser_sets(portal, value="DISABLED")
    assert menu(portal)["inherit"][1] == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("KernelGatewayAppSettings.LifecycleConfigArns", ["arn:domain"]),
        ("JupyterLabAppSettings.CustomImages", [{"ImageName": "d", "AppImageConfigName": "e"}]),
    ],
)
def test_a_whole_list_of_the_domains_is_set_here(stored: SettingsEditor, path: str, value: Any) -> None:
    top, name = path.split(".")
    browser_sends(field(stored, path), do="inherit")
    assert stored.settings.to_document()[top][name] == value
    assert "already" in menu(field(stored, path))["inherit"][1]


@pytest.mark.parametrize("path", ["SecurityGroups", "DefaultLandingUri"])
def test_the_domains_value_is_not_offered_where_there_is_none_or_aws_adds_it(stored: SettingsEditor, path: str) -> None:
    editor = field(stored, path)
    assert "inherit" not in menu(editor)
    before = stored.settings.to_document()
    browser_sends(editor, do="inherit")
    assert stored.settings.to_document() == before
