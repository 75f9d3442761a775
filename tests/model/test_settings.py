"""Settings: absent, empty and set are three different things, and nothing is lost between a document and its model."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import traitlets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.checks import check_structure
from profile_widgets.errors import InvalidSettingsError, ShapeError
from profile_widgets.model import Structure, model_class, shape
from profile_widgets.model.settings import member_traits
from tests.documents import documents

UserSettings = model_class("UserSettings")
CreateRequest = model_class("CreateUserProfileRequest")


def holding(**values: Any) -> Structure:
    return UserSettings.from_document(values)


def on_lab(instance_type: str) -> dict[str, Any]:
    return {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": instance_type}}}


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(documents("UserSettings"))
def test_a_thousand_random_valid_documents_come_out_of_the_model_as_they_went_in(document: dict[str, Any]) -> None:
    assert check_structure(shape("UserSettings"), document) == ()
    before = copy.deepcopy(document)
    made = UserSettings.from_document(document)
    assert made.to_document() == document == before
    made.assign(None)
    assert made.to_document() == {}
    made.assign(document)
    assert made.to_document() == document


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(documents("UserSettings"), documents("UserSettings"))
def test_assigning_a_second_document_leaves_nothing_of_the_first(first: dict[str, Any], second: dict[str, Any]) -> None:
    made = UserSettings.from_document(first)
    made.assign(second)
    assert made.to_document() == second


class TestAbsentEmptyAndSet:
    def test_a_new_model_is_an_empty_document(self) -> None:
        assert UserSettings().to_document() == {}
        assert UserSettings().is_absent

    def test_a_leaf_is_absent_empty_or_set(self) -> None:
        model = UserSettings()
        model.DefaultLandingUri = "studio::"
        assert model.to_document() == {"DefaultLandingUri": "studio::"}
        model.DefaultLandingUri = ""
        assert model.to_document() == {"DefaultLandingUri": ""}
        model.DefaultLandingUri = None
        assert model.to_document() == {}

    def test_a_list_is_absent_empty_or_set_and_cannot_be_changed_behind_the_back(self) -> None:
        model = UserSettings()
        model.SecurityGroups = ["sg-1"]
        assert model.SecurityGroups == ("sg-1",)
        assert model.to_document() == {"SecurityGroups": ["sg-1"]}
        model.SecurityGroups = ()
        assert model.to_document() == {"SecurityGroups": []}
        model.SecurityGroups = None
        assert model.to_document() == {}

    def test_a_structure_is_absent_empty_or_set(self) -> None:
        model = UserSettings()
        model.SharingSettings = {"NotebookOutputOption": "Allowed"}
        assert model.to_document() == {"SharingSettings": {"NotebookOutputOption": "Allowed"}}
        model.SharingSettings = {}
        assert model.to_document() == {"SharingSettings": {}}
        model.SharingSettings = None
        assert model.to_document() == {}

    def test_a_list_of_structures_is_absent_empty_or_set(self) -> None:
        lab = UserSettings().JupyterLabAppSettings
        lab.CustomImages = [{"ImageName": "a", "AppImageConfigName": "b"}]
        assert lab.CustomImages[0].ImageName == "a"
        lab.CustomImages = []
        assert lab.to_document() == {"CustomImages": []}
        lab.CustomImages = None
        assert lab.to_document() == {}

    def test_zero_is_a_value(self) -> None:
        model = UserSettings()
        model.JupyterLabAppSettings.CustomImages = [{"ImageVersionNumber": 0}]
        assert model.to_document()["JupyterLabAppSettings"] == {"CustomImages": [{"ImageVersionNumber": 0}]}

    def test_reading_a_nested_structure_does_not_make_it_present(self) -> None:
        model = UserSettings()
        assert model.JupyterLabAppSettings.DefaultResourceSpec.InstanceType is None
        assert model.to_document() == {}
        assert model.JupyterLabAppSettings.is_absent

    def test_setting_a_leaf_brings_the_structures_above_it(self) -> None:
        model = UserSettings()
        model.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        assert model.to_document() == on_lab("ml.t3.large")

    def test_taking_the_only_leaf_out_again_takes_them_away(self) -> None:
        model = UserSettings()
        model.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
        model.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = None
        assert model.to_document() == {}

    def test_a_structure_that_was_loaded_stays_when_its_only_leaf_goes(self) -> None:
        model = holding(SharingSettings={"NotebookOutputOption": "Allowed"})
        model.SharingSettings.NotebookOutputOption = None
        assert model.to_document() == {"SharingSettings": {}}

    def test_none_in_a_document_is_absent(self) -> None:
        assert holding(ExecutionRole=None, SharingSettings=None).to_document() == {}


class TestIdentity:
    def test_a_nested_structure_stays_the_same_object_whatever_is_assigned(self) -> None:
        model = UserSettings()
        spec = model.JupyterLabAppSettings.DefaultResourceSpec
        model.assign({"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}})
        model.JupyterLabAppSettings = {"DefaultResourceSpec": {"InstanceType": "ml.t3.xlarge"}}
        model.assign(None)
        assert model.JupyterLabAppSettings.DefaultResourceSpec is spec
        spec.InstanceType = "ml.m5.large"
        assert model.to_document() == on_lab("ml.m5.large")

    def test_a_structure_of_another_model_is_copied(self) -> None:
        theirs = holding(SharingSettings={"NotebookOutputOption": "Allowed"})
        ours = UserSettings(SharingSettings=theirs.SharingSettings)
        theirs.SharingSettings.NotebookOutputOption = "Disabled"
        assert ours.to_document() == {"SharingSettings": {"NotebookOutputOption": "Allowed"}}

    def test_items_that_stay_in_a_list_stay_the_same_objects(self) -> None:
        lab = UserSettings().JupyterLabAppSettings
        lab.CustomImages = [{"ImageName": "a"}, {"ImageName": "b"}]
        first, second = lab.CustomImages
        lab.CustomImages = (second, {"ImageName": "c"}, first)
        assert lab.CustomImages[0] is second
        assert lab.CustomImages[2] is first
        places = [item.path.removeprefix("JupyterLabAppSettings.") for item in lab.CustomImages]
        assert places == ["CustomImages[0]", "CustomImages[1]", "CustomImages[2]"]

    def test_an_item_that_comes_twice_is_copied(self) -> None:
        lab = UserSettings().JupyterLabAppSettings
        lab.CustomImages = [{"ImageName": "a"}]
        lab.CustomImages = (lab.CustomImages[0], lab.CustomImages[0])
        lab.CustomImages[1].ImageName = "b"
        assert lab.to_document() == {"CustomImages": [{"ImageName": "a"}, {"ImageName": "b"}]}

    def test_changing_a_document_later_does_not_change_the_model(self) -> None:
        document: dict[str, Any] = {"SecurityGroups": ["sg-1"]}
        model = UserSettings.from_document(document)
        document["SecurityGroups"].append("sg-2")
        out = model.to_document()
        out["SecurityGroups"].append("sg-3")
        assert model.SecurityGroups == ("sg-1",)


class TestRefusal:
    def test_every_unknown_member_and_every_wrong_type_is_named(self) -> None:
        with pytest.raises(InvalidSettingsError) as caught:
            UserSettings.from_document(
                {
                    "ExecutionRol": "x",
                    "SecurityGroups": "sg-1",
                    "SharingSettings": [],
                    "JupyterLabAppSettings": {
                        "CustomImages": [{"ImageName": 5, "Colour": "red"}],
                        "CodeRepositories": "no",
                    },
                    "CustomPosixUserConfig": {"Uid": True},
                }
            )
        assert {problem.path: problem.rule for problem in caught.value.problems} == {
            "ExecutionRol": "unknown",
            "SecurityGroups": "type",
            "SharingSettings": "type",
            "JupyterLabAppSettings.CustomImages[0].ImageName": "type",
            "JupyterLabAppSettings.CustomImages[0].Colour": "unknown",
            "JupyterLabAppSettings.CodeRepositories": "type",
            "CustomPosixUserConfig.Uid": "type",
        }
        assert all(problem.path in str(caught.value) for problem in caught.value.problems)
        assert "Did you mean ExecutionRole?" in str(caught.value)

    @pytest.mark.parametrize("name", ["", "a.b", "a[0]", "["])
    def test_a_member_name_that_no_path_can_hold_is_refused_at_its_structure(self, name: str) -> None:
        with pytest.raises(InvalidSettingsError) as caught:
            UserSettings.from_document({"SharingSettings": {name: 1}})
        (problem,) = caught.value.problems
        assert problem.path == "SharingSettings"
        assert f"“{name}”" in problem.message

    def test_a_refused_document_changes_nothing(self) -> None:
        model = holding(ExecutionRole="role")
        with pytest.raises(InvalidSettingsError):
            model.assign({"SecurityGroups": ["sg-1"], "Colour": "red"})
        assert model.to_document() == {"ExecutionRole": "role"}

    @pytest.mark.parametrize("document", ["text", 5, ["list"]])
    def test_what_is_no_document_is_refused(self, document: Any) -> None:
        with pytest.raises(InvalidSettingsError, match="Takes a structure"):
            UserSettings.from_document(document)

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("ExecutionRole", 5),
            ("ExecutionRole", ["role"]),
            ("SecurityGroups", "sg-1"),
            ("SecurityGroups", ["sg-1", 5]),
            ("SecurityGroups", [None]),
            ("SharingSettings", "x"),
            ("CustomPosixUserConfig.Uid", True),
            ("CustomPosixUserConfig.Uid", 1.5),
            ("JupyterLabAppSettings.CustomImages", {"ImageName": "a"}),
            ("JupyterLabAppSettings.CustomImages", ["a"]),
        ],
    )
    def test_a_value_of_the_wrong_type_is_refused_and_the_old_one_kept(self, path: str, value: Any) -> None:
        model = holding(ExecutionRole="role", SecurityGroups=["sg-1"], SharingSettings={})
        before = model.to_document()
        with pytest.raises(traitlets.TraitError, match=path.rpartition(".")[2]):
            model.put(path, value)
        assert model.to_document() == before

    def test_a_text_where_a_number_belongs_is_kept_for_the_checks_to_report(self) -> None:
        model = UserSettings()
        model.CustomPosixUserConfig.Uid = "ten thousand"
        assert model.to_document() == {"CustomPosixUserConfig": {"Uid": "ten thousand"}}

    def test_a_misspelt_member_is_refused_with_the_nearest_one(self) -> None:
        with pytest.raises(AttributeError, match="Did you mean ExecutionRole"):
            UserSettings().ExecutionRoles = "x"
        with pytest.raises(TypeError, match="Did you mean ExecutionRole"):
            UserSettings(ExecutionRoles="x")

    def test_a_shape_that_is_no_structure_has_no_class(self) -> None:
        with pytest.raises(ShapeError, match="RoleArn is a string"):
            model_class("RoleArn")
        with pytest.raises(ShapeError, match="no shape 'NoSuchThing'"):
            model_class("NoSuchThing")


class TestOtherStructures:
    """The same classes serve any structure of SageMaker, with kinds of values that user settings do not have today."""

    def test_true_and_false_are_values_and_nothing_else_is(self) -> None:
        model = model_class("ModelAccessConfig")()
        for value in (True, False):
            model.AcceptEula = value
            assert model.to_document() == {"AcceptEula": value}
        for wrong in (1, "true"):
            with pytest.raises(traitlets.TraitError, match="AcceptEula takes True or False"):
                model.AcceptEula = wrong
        model.AcceptEula = None
        assert model.to_document() == {}

    def test_numbers_may_have_fractions_and_are_no_booleans(self) -> None:
        model = model_class("AutoMLDataSplitConfig")(ValidationFraction=0.25)
        assert model.to_document() == {"ValidationFraction": 0.25}
        with pytest.raises(traitlets.TraitError, match="takes a number"):
            model.ValidationFraction = True

    def test_what_cannot_be_edited_is_kept_as_it_is(self) -> None:
        document = {"ContainerDefinition": {"Environment": {"A": "b"}}}
        made = model_class("ContainerDefinition").from_document(document["ContainerDefinition"])
        assert made.to_document() == document["ContainerDefinition"]


class TestPaths:
    def test_a_value_is_put_at_a_path_through_structures_and_lists(self) -> None:
        model = UserSettings()
        model.put("JupyterLabAppSettings.CustomImages", [{"ImageName": "a"}])
        model.put("JupyterLabAppSettings.CustomImages[0].ImageName", "b")
        assert model.to_document() == {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "b"}]}}

    @pytest.mark.parametrize(
        "path",
        ["", "Colour", "SharingSettings.Colour", "SecurityGroups[0]", "JupyterLabAppSettings.CustomImages[0].ImageName",
         "explicit", "root.ExecutionRole", "ExecutionRole.X", "JupyterLabAppSettings[0]"],
    )  # fmt: skip
    def test_a_path_that_leads_nowhere_is_a_key_error(self, path: str) -> None:
        with pytest.raises(KeyError):
            UserSettings().put(path, "x")

    def test_a_structure_knows_its_place(self) -> None:
        request = CreateRequest()
        assert request.path == ""
        assert request.UserSettings.JupyterLabAppSettings.path == "UserSettings.JupyterLabAppSettings"
        assert request.UserSettings.JupyterLabAppSettings.root is request


class TestClasses:
    def test_every_trait_carries_the_documentation_of_its_member(self) -> None:
        for name, trait in member_traits(UserSettings).items():
            assert trait.help == shape("UserSettings").members[name].help.text
            assert trait.help

    def test_a_class_is_made_once(self) -> None:
        assert model_class("UserSettings") is UserSettings
        assert type(UserSettings().SharingSettings) is model_class("SharingSettings")

    def test_the_printed_form_makes_the_same_model(self) -> None:
        model = holding(SecurityGroups=[], SharingSettings={"NotebookOutputOption": "Allowed"})
        made = eval(repr(model), {"UserSettings": UserSettings})
        assert made.to_document() == model.to_document()

    @given(st.data())
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    def test_any_nested_structure_stands_alone_too(self, data: st.DataObject) -> None:
        nested = [name for name, each in shape("UserSettings").members.items() if each.is_structure]
        name = shape("UserSettings").members[data.draw(st.sampled_from(nested))].shape
        document = data.draw(documents(name))
        assert model_class(name).from_document(document).to_document() == document
