"""Skeletons are those of the AWS CLI but for the values of enums, which it draws by chance."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from botocore.utils import ArgumentGenerator

from profile_widgets.formats.skeletons import KINDS, skeleton
from profile_widgets.model.shapes import OPERATIONS, Member, input_member, service_model, walk


def without_enums(member: Member, value: Any) -> Any:
    """Return a skeleton of the CLI with ours for each value that it drew by chance."""
    if member.kind == "enum":
        return ""
    if isinstance(value, dict):
        return {name: without_enums(member.members[name], each) for name, each in value.items()}
    return [without_enums(member.item, each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("operation", OPERATIONS)
def test_input_is_what_the_cli_prints(operation: str) -> None:
    theirs = ArgumentGenerator().generate_skeleton(service_model().operation_model(operation).input_shape)
    wanted = without_enums(input_member(operation), theirs)
    assert skeleton(operation) == json.dumps(wanted, indent=4)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_output_is_what_the_cli_prints(operation: str) -> None:
    generator = ArgumentGenerator(use_member_names=True)
    theirs = generator.generate_skeleton(service_model().operation_model(operation).output_shape)
    assert skeleton(operation, "output") == json.dumps(theirs, indent=4)
    assert json.loads(skeleton(operation, "output")) == {"UserProfileArn": "UserProfileArn"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_yaml_input_holds_the_same_with_comments(operation: str) -> None:
    text = skeleton(operation, "yaml-input")
    assert yaml.safe_load(text) == json.loads(skeleton(operation))
    lines = text.splitlines()
    assert lines[0].startswith("DomainId: ''  # [REQUIRED] ")
    assert any("StudioWebPortal: ''" in line and "Valid values are: ENABLED, DISABLED." in line for line in lines)
    nodes = walk(input_member(operation))
    lists = [path.rpartition(".")[2] for path, each in nodes if each.kind == "list" and each.item.enum]
    for name in lists:
        assert any(f"{name}:" in line and "Valid values are: " in line for line in lines)


def test_another_kind_is_refused_naming_those_that_exist() -> None:
    with pytest.raises(ValueError, match=f"choose one of {', '.join(KINDS)}"):
        skeleton("CreateUserProfile", "xml")
