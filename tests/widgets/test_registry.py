from __future__ import annotations

import pytest

from profile_widgets.errors import ShapeError
from profile_widgets.model.shapes import OPERATIONS, Member, input_member, shape, walk
from profile_widgets.widgets import fields, structures
from profile_widgets.widgets.registry import EDITORS, editor_class, editor_for


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_node_of_the_installed_model_has_an_editor(operation: str) -> None:
    for path, member in walk(input_member(operation)):
        assert editor_class(member), path


def test_the_key_of_owner_and_member_wins_over_shape_and_kind() -> None:
    spec = shape("ResourceSpec").members
    assert editor_class(spec["SageMakerImageVersionArn"]) is fields.ImageVersionField
    assert editor_class(spec["SageMakerImageArn"]) is fields.TextField


def test_unions_and_lists_of_structures_have_their_own_editors() -> None:
    configs = shape("UserSettings").members["CustomFileSystemConfigs"]
    assert editor_class(configs) is structures.ItemsEditor
    assert editor_class(configs.item) is structures.UnionEditor


def test_a_key_can_be_taken_once() -> None:
    with pytest.raises(ValueError, match="'string' already: TextField"):
        editor_for("string")(fields.TextField)


def test_a_kind_without_an_editor_is_named() -> None:
    with pytest.raises(ShapeError, match=r"Owner\.Name"):
        editor_class(Member(owner="Owner", name="Name", shape="Odd", kind="hologram"))


def test_the_registry_holds_an_editor_class_for_each_key() -> None:
    assert set(EDITORS) >= {
        "string",
        "integer",
        "number",
        "boolean",
        "enum",
        "list",
        "structure",
        "union",
        "structures",
    }
    assert all(isinstance(editor, type) for editor in EDITORS.values())
