"""What ``--generate-cli-skeleton`` prints: a request with nothing in it, to be filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from profile_widgets.model.shapes import Member, input_member, service_model

INPUT, YAML_INPUT, OUTPUT = KINDS = ("input", "yaml-input", "output")
"""What can be asked for: a request in JSON, the same in YAML with comments, an answer in JSON."""

_SPACE = re.compile(r"\s+")


def skeleton(operation: str, kind: str = INPUT) -> str:
    """Return the skeleton of an operation's request, or of its answer, without a line feed at its end.

    Texts are ``""``, enums too (the CLI picks one of their values by chance, which then cannot be told from a choice),
    numbers 0, and lists hold one item. An answer holds each member's name as its value. Raises :class:`ValueError` for
    another kind.

    Example::

        >>> print(skeleton("CreateUserProfile", "output"))
        {
            "UserProfileArn": "UserProfileArn"
        }
    """
    if kind == YAML_INPUT:
        return "\n".join(_yaml(input_member(operation), ""))
    if kind not in KINDS:
        raise ValueError(f"There is no skeleton {kind!r}: choose one of {', '.join(KINDS)}.")
    document = empty(input_member(operation)) if kind == INPUT else _answer(operation)
    return json.dumps(document, indent=4)


def empty(member: Member) -> Any:
    """Return a member's value in a skeleton."""
    if member.is_structure:
        return {name: empty(each) for name, each in member.members.items()}
    if member.kind == "list":
        return [empty(member.item)]
    return {"integer": 0, "number": 0.0, "boolean": True}.get(member.kind, "")


def _answer(operation: str) -> Any:
    return _named(service_model().operation_model(operation).output_shape, "")


def _named(node: Any, name: str) -> Any:
    """Return a sample of an answer's shape: texts hold the name of their member."""
    if node is None:
        return {}
    if node.type_name == "structure":
        return {each: _named(inner, each) for each, inner in node.members.items()}
    if node.type_name == "list":
        return [_named(node.member, node.member.name)]
    samples: Mapping[str, Any] = {"integer": 0, "long": 0, "float": 0.0, "double": 0.0, "boolean": True}
    return samples.get(node.type_name, name)


def _yaml(member: Member, indent: str) -> Iterator[str]:
    for name, each in member.members.items():
        value = _leaf(each)
        yield f"{indent}{name}:{f' {value}' if value else ''}{_comment(each)}"
        yield from _inside(each, indent)


def _inside(member: Member, indent: str) -> Iterator[str]:
    """Yield the lines below a member: a structure's members, or a list's one item."""
    if member.is_structure:
        yield from _yaml(member, f"{indent}  ")
    elif member.kind == "list" and member.item.is_structure:
        for number, line in enumerate(_yaml(member.item, f"{indent}  ")):
            yield line if number else f"{indent}- {line[len(indent) + 2 :]}"
    elif member.kind == "list":
        yield f"{indent}- {_leaf(member.item)}"


def _leaf(member: Member) -> str:
    return "" if member.is_structure or member.kind == "list" else json.dumps(empty(member)).replace('""', "''")


def _comment(member: Member) -> str:
    """Return what is known of a member: whether it must be given, its help's first sentence, and its values."""
    enum = member.item.enum if member.kind == "list" else member.enum
    parts = [
        "[REQUIRED]" if member.required else "",
        _SPACE.sub(" ", member.help.summary),
        f"Valid values are: {', '.join(enum)}." if enum else "",
    ]
    text = " ".join(each for each in parts if each)
    return f"  # {text}" if text else ""
