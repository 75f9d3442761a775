from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.checks import Fix, Problem
from profile_widgets.model.documents import Change
from profile_widgets.model.settings import Structure
from profile_widgets.widgets.structures import SectionEditor
from tests.widgets.conftest import alive, browser_sends, browser_sets

ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


@pytest.fixture
def settings() -> Structure:
    return UserSettings.from_document(
        {
            "ExecutionRole": ROLE,
            "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a", "AppImageConfigName": "b"}]},
            "CustomFileSystemConfigs": [{"EFSFileSystemConfig": {"FileSystemId": "fs-12345678"}}],
        }
    )


@pytest.fixture
def form(settings: Structure) -> Iterator[SettingsEditor]:
    made = SettingsEditor(settings)
    yield made
    made.close()


def section(form: SettingsEditor, title: str) -> SectionEditor:
    found: SectionEditor = next(each for each in form.children if each.title == title)
    return found


def test_all_members_have_a_section_in_their_group(form: SettingsEditor) -> None:
    covered = [path for each in form.children for path in each.covered()]
    assert sorted(covered) == sorted(form.settings.member.members)
    headings = list(dict.fromkeys(each.group for each in form.children))
    assert headings[0] == "Access and network"
    assert headings[-1] == "Studio Classic"


def test_a_closed_section_has_made_no_editor_yet(form: SettingsEditor) -> None:
    assert [each.children for each in form.children] == [()] * len(form.children)


def test_a_section_makes_its_editors_once_when_the_page_opens_it(form: SettingsEditor) -> None:
    lab = section(form, "JupyterLab app")
    browser_sets(lab, expanded=True)
    made = lab.children
    assert [child.name for child in made] == list(lab.target.member.members)
    browser_sets(lab, expanded=False)
    browser_sets(lab, expanded=True)
    assert lab.children is made


def test_every_section_can_be_opened_and_closed_at_once(form: SettingsEditor) -> None:
    browser_sends(form, do="expand")
    assert all(each.expanded and each.children for each in form.children)
    browser_sends(form, do="collapse")
    assert not any(each.expanded for each in form.children)


def test_an_untouched_form_leaves_the_document_as_it_was(form: SettingsEditor, settings: Structure) -> None:
    before = settings.to_document()
    form.expand()
    assert settings.to_document() == before
    assert not any(entry.get("changed") for entry in form.board.values())


def test_an_untouched_empty_form_holds_nothing() -> None:
    settings = UserSettings()
    form = SettingsEditor(settings)
    form.expand()
    assert settings.to_document() == {}
    form.close()


def test_the_board_says_what_changed_and_what_is_wrong(form: SettingsEditor, settings: Structure) -> None:
    settings.ExecutionRole = "junk"
    entry = form.board["ExecutionRole"]
    assert entry["changed"]
    assert entry["was"] == ROLE
    assert any("20 characters" in problem["message"] for problem in entry["problems"])
    settings.ExecutionRole = ROLE
    assert form.board["ExecutionRole"] == {"origin": "set"}


def test_inherited_values_show_through(settings: Structure) -> None:
    form = SettingsEditor(settings, defaults={"StudioWebPortal": "ENABLED", "ExecutionRole": "other"})
    assert form.board["StudioWebPortal"] == {"origin": "domain", "ghost": "ENABLED"}
    assert form.board["ExecutionRole"] == {"origin": "set", "ghost": "other"}
    form.close()


def test_a_structure_below_the_root_has_a_form_of_its_own(settings: Structure) -> None:
    form = SettingsEditor(settings.CanvasAppSettings)
    (only,) = form.children
    assert only.expanded
    browser_sets(only.child("KendraSettings").child("Status"), value="ENABLED")
    assert settings.to_document()["CanvasAppSettings"] == {"KendraSettings": {"Status": "ENABLED"}}
    assert "CanvasAppSettings.KendraSettings.Status" in form.board
    form.close()


def test_revealing_a_path_opens_the_sections_on_the_way(form: SettingsEditor) -> None:
    form.reveal("JupyterLabAppSettings.CustomImages[0].ImageName")
    lab = section(form, "JupyterLab app")
    assert lab.expanded
    items = lab.child("CustomImages")
    assert items is not None
    name: Any = items.children[0].child("ImageName")
    assert name.value == "a"


def test_an_error_in_a_handler_becomes_a_sentence_and_loses_nothing(
    form: SettingsEditor, settings: Structure, caplog: pytest.LogCaptureFixture
) -> None:
    form.expand()
    role = section(form, "Execution role and security groups").child("ExecutionRole")
    before = settings.to_document()
    browser_sets(role, value=["a list where a text belongs"])
    assert settings.to_document() == before
    assert form.notice["severity"] == "error"
    assert "Execution role" in form.notice["text"]
    assert "Traceback" not in form.notice["text"]
    assert "was not taken" in caplog.text
    browser_sets(role, value=ROLE + "2")
    assert form.notice is None


def test_closing_frees_every_widget(settings: Structure) -> None:
    before = set(alive())
    form = SettingsEditor(settings)
    form.expand()
    assert len(set(alive()) - before) > 100
    form.close()
    assert set(alive()) == before
    settings.ExecutionRole = "a closed form hears nothing"


def test_two_forms_on_one_model_follow_each_other(form: SettingsEditor, settings: Structure) -> None:
    other = SettingsEditor(settings)
    for each in (form, other):
        each.expand()
    first = section(form, "Execution role and security groups").child("ExecutionRole")
    second: Any = section(other, "Execution role and security groups").child("ExecutionRole")
    browser_sets(first, value=ROLE + "-x")
    assert second.value == ROLE + "-x"
    other.close()
    browser_sets(first, value=ROLE)
    assert settings.ExecutionRole == ROLE


# -- ways out of a finding ---------------------------------------------------------------------------------------

PORTAL = Fix(
    "Switch Studio on, and open it first",
    (Change("StudioWebPortal", None, "ENABLED"), Change("DefaultLandingUri", None, "studio::")),
)


def needs_portal(settings: Structure) -> tuple[Problem, ...]:
    """Judge as a rule would: Studio is to be switched on."""
    off = settings.StudioWebPortal is None
    return (Problem("StudioWebPortal", "error", "Studio is off.", "portal", (PORTAL,)),) if off else ()


def test_a_way_out_is_taken_with_one_press_and_in_one_edit(settings: Structure) -> None:
    form = SettingsEditor(settings, judge=lambda: needs_portal(settings))
    told: list[Any] = []
    settings.on_change(told.append)
    ((fix, label),) = form.board["StudioWebPortal"]["problems"][0]["fixes"]
    assert label == PORTAL.label
    browser_sends(form, do="fix", id=fix)
    assert (settings.StudioWebPortal, settings.DefaultLandingUri) == ("ENABLED", "studio::")
    assert len(told) == 1
    assert "problems" not in form.board["StudioWebPortal"]
    form.close()


def test_a_way_out_that_is_gone_changes_nothing_and_says_so(settings: Structure) -> None:
    form = SettingsEditor(settings, judge=lambda: needs_portal(settings))
    ((fix, _),) = form.board["StudioWebPortal"]["problems"][0]["fixes"]
    settings.StudioWebPortal = "DISABLED"
    for wanted in (fix, "forged", None, ["x"]):
        browser_sends(form, do="fix", id=wanted)
        assert settings.StudioWebPortal == "DISABLED"
        assert "gone already" in form.notice["text"]
    form.close()


def test_whoever_holds_the_request_takes_the_way_out(settings: Structure) -> None:
    taken: list[Fix] = []
    form = SettingsEditor(settings, judge=lambda: needs_portal(settings), on_fix=taken.append)
    browser_sends(form, do="fix", id=form.board["StudioWebPortal"]["problems"][0]["fixes"][0][0])
    assert taken == [PORTAL]
    assert settings.StudioWebPortal is None
    form.close()


def test_no_way_out_is_taken_while_the_form_is_loading(settings: Structure) -> None:
    form = SettingsEditor(settings, judge=lambda: needs_portal(settings))
    form.busy = "Loading alice …"
    browser_sends(form, do="fix", id=form.board["StudioWebPortal"]["problems"][0]["fixes"][0][0])
    assert settings.StudioWebPortal is None
    assert "under way" in form.notice["text"]
    form.close()


# -- sections that cannot be changed -----------------------------------------------------------------------------

WHY = "JupyterLab app holds “NewThing”, which the installed botocore does not know. Upgrade boto3."


def test_a_locked_section_says_why_and_its_fields_too(form: SettingsEditor, settings: Structure) -> None:
    lab = section(form, "JupyterLab app")
    lab.expanded = True
    form.compare_with(settings.to_document(), {}, locked={"JupyterLabAppSettings": WHY})
    assert form.board["JupyterLabAppSettings"]["problems"][0]["message"] == WHY
    spec: Any = lab.child("DefaultResourceSpec")
    images: Any = lab.child("CustomImages")
    assert spec.child("InstanceType").locked == images.locked == images.children[0].child("ImageName").locked == WHY
    form.expand()
    role: Any = section(form, "Execution role and security groups").child("ExecutionRole")
    assert role.locked == ""


def test_a_locked_section_refuses_every_edit_in_the_kernel(form: SettingsEditor, settings: Structure) -> None:
    form.expand()
    form.compare_with(settings.to_document(), {}, locked={"JupyterLabAppSettings": WHY})
    before, lab = settings.to_document(), section(form, "JupyterLab app")
    images: Any = lab.child("CustomImages")
    name = images.children[0].child("ImageName")
    browser_sets(name, value="other")
    assert name.value == "a"
    for target, message in (
        (name, {"do": "empty"}),
        (name, {"do": "unset"}),
        (images, {"do": "add"}),
        (images, {"do": "remove", "index": 0}),
        (images, {"do": "paste", "text": "[]"}),
        (lab, {"do": "unset"}),
        (lab, {"do": "empty"}),
    ):
        form.notice = None
        browser_sends(target, **message)
        assert form.notice is not None
        assert form.notice["text"] == WHY
        assert settings.to_document() == before


def test_a_way_out_that_leads_into_a_locked_section_is_refused(settings: Structure) -> None:
    form = SettingsEditor(settings, judge=lambda: needs_portal(settings))
    form.compare_with(settings.to_document(), {}, locked={"DefaultLandingUri": WHY})
    browser_sends(form, do="fix", id=form.board["StudioWebPortal"]["problems"][0]["fixes"][0][0])
    assert settings.StudioWebPortal is None
    assert form.notice["text"] == WHY
    form.close()


def test_what_a_program_changed_in_a_locked_section_can_be_put_back(form: SettingsEditor, settings: Structure) -> None:
    form.expand()
    before = settings.to_document()
    form.compare_with(before, {}, locked={"JupyterLabAppSettings": WHY})
    settings.JupyterLabAppSettings.CustomImages = ()
    browser_sends(section(form, "JupyterLab app"), do="reset")
    assert settings.to_document() == before


def test_another_profile_brings_its_own_locks(form: SettingsEditor, settings: Structure) -> None:
    form.expand()
    form.compare_with(settings.to_document(), {}, locked={"JupyterLabAppSettings": WHY})
    form.compare_with(settings.to_document(), {})
    images: Any = section(form, "JupyterLab app").child("CustomImages")
    assert images.locked == ""
    browser_sends(images, do="add")
    assert len(settings.JupyterLabAppSettings.CustomImages) == 2
