"""The installed service model: every node of both requests is one that the kit understands."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from profile_widgets.checks import patterns
from profile_widgets.errors import ShapeError
from profile_widgets.model.settings import member_traits, model_class
from profile_widgets.model.shapes import CREATE, KINDS, OPERATIONS, UPDATE, Member, input_member, shape, walk
from profile_widgets.model.traits import Flag, Leaves, Nested, NestedList, Number, Opaque, Text, WholeNumber, trait_for
from tests.documents import SAMPLES, TEMPLATES

NODES = [(operation, path) for operation in OPERATIONS for path, _ in walk(input_member(operation))]


def node(operation: str, path: str) -> Member:
    return dict(walk(input_member(operation)))[path]


class TestDrift:
    """What fails here after an upgrade of botocore names what AWS added that the kit does not know how to edit."""

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_node_is_of_a_kind_that_can_be_edited(self, operation: str) -> None:
        odd = {path: member.type_name for path, member in walk(input_member(operation)) if member.kind == "opaque"}
        assert odd == {}
        assert all(member.kind in KINDS for _, member in walk(input_member(operation)))

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_structure_has_a_trait_for_each_of_its_members(self, operation: str) -> None:
        root = input_member(operation)
        for member in [root, *(each for _, each in walk(root) if each.is_structure)]:
            assert set(member_traits(model_class(member.shape))) == set(member.members)

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_constraint_is_one_that_is_checked(self, operation: str) -> None:
        understood = {"min", "max", "pattern", "enum", "required", "union"}
        silent = {"sensitive", "box", "deprecated", "deprecatedMessage", "documentation", "document"}
        for path, member in walk(input_member(operation)):
            facts = set(member._node.metadata)
            assert facts <= understood | silent, path
            if member.kind == "enum":
                assert not facts & {"min", "max", "pattern"}, path

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_pattern_can_be_matched_here(self, operation: str) -> None:
        for path, member in walk(input_member(operation)):
            if member.pattern:
                assert patterns.matches(member.pattern, "x") is not None, path

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_text_with_a_pattern_is_explained_in_words_with_an_example_that_fits(self, operation: str) -> None:
        for path, member in walk(input_member(operation)):
            if member.pattern:
                assert member.shape in patterns.WORDS, path
                example = patterns.WORDS[member.shape][1]
                assert patterns.matches(member.pattern, example), path
                assert (member.minimum or 0) <= len(example) <= (member.maximum or 10_000), path

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_the_random_documents_of_these_tests_know_every_pattern(self, operation: str) -> None:
        shapes = {member.shape for _, member in walk(input_member(operation)) if member.pattern}
        assert shapes <= set(SAMPLES)
        assert shapes <= set(TEMPLATES)

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_every_node_has_an_editor(self, operation: str) -> None:
        import profile_widgets.widgets.form  # noqa: F401 - fills the registry
        from profile_widgets.widgets.registry import editor_class

        for _, member in walk(input_member(operation)):
            assert editor_class(member)


class TestMembers:
    def test_the_trees_hold_what_botocores_own_model_holds(self) -> None:
        model = botocore.session.get_session().get_service_model("sagemaker")
        for operation in OPERATIONS:
            theirs: Any = model.operation_model(operation).input_shape
            assert list(input_member(operation).members) == list(theirs.members)
            assert {n for n, m in input_member(operation).members.items() if m.required} == set(theirs.required_members)

    def test_update_has_no_tags_and_no_single_sign_on(self) -> None:
        assert set(input_member(CREATE).members) - set(input_member(UPDATE).members) == {
            "Tags",
            "SingleSignOnUserIdentifier",
            "SingleSignOnUserValue",
        }

    def test_a_member_carries_its_constraints(self) -> None:
        role = shape("UserSettings").members["ExecutionRole"]
        assert (role.kind, role.minimum, role.maximum, role.required) == ("string", 20, 2048, False)
        assert role.key == "UserSettings.ExecutionRole"
        assert role.help.summary.endswith(".")
        groups = shape("UserSettings").members["SecurityGroups"]
        assert (groups.kind, groups.maximum, groups.item.kind, groups.item.maximum) == ("list", 5, "string", 32)
        assert shape("CustomImage").members["ImageName"].required
        assert "ml.t3.medium" in shape("ResourceSpec").members["InstanceType"].enum
        configs = shape("UserSettings").members["CustomFileSystemConfigs"]
        assert configs.is_structure_list
        assert configs.item.kind == "union"

    def test_a_leaf_has_no_members_and_no_items(self) -> None:
        role = shape("RoleArn")
        assert dict(role.members) == {}
        with pytest.raises(ShapeError, match="not a list"):
            _ = role.item

    def test_what_the_model_does_not_have_is_a_shape_error(self) -> None:
        with pytest.raises(ShapeError, match="NoSuchShape"):
            shape("NoSuchShape")
        with pytest.raises(ShapeError, match="NoSuchOperation"):
            input_member("NoSuchOperation")

    def test_a_walk_names_items_of_lists(self) -> None:
        paths = {path for path, _ in walk(input_member(UPDATE))}
        assert "UserSettings.JupyterLabAppSettings.CustomImages[].ImageName" in paths
        assert "UserSettings.SecurityGroups[]" in paths


@pytest.mark.parametrize(
    ("name", "trait"),
    [
        ("RoleArn", Text),
        ("AppInstanceType", Text),
        ("Uid", WholeNumber),
        ("SecurityGroupIds", Leaves),
        ("CustomImages", NestedList),
        ("ResourceSpec", Nested),
        ("CustomFileSystemConfig", Nested),
        # Kinds that no member of a user profile has today, taken from elsewhere in SageMaker:
        ("Double", Number),
        ("Boolean", Flag),
        ("EnvironmentMap", Opaque),
        ("Timestamp", Opaque),
    ],
)
def test_each_kind_of_node_has_its_trait(name: str, trait: type) -> None:
    assert type(trait_for(shape(name))) is trait
