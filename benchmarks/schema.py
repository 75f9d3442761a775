"""The settings' shape as JSON schema, for a peer that makes a form of one."""

from __future__ import annotations

from typing import Any

from profile_widgets.model.shapes import Member

_TYPES = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "opaque": "string"}


def json_schema(member: Member) -> dict[str, Any]:
    """Return the JSON schema (draft 7) of a node with all below it: types, enums, bounds, titles, first sentences.

    Patterns are left out: the peer does not check them, and some of AWS's are no JavaScript expressions.
    """
    schema: dict[str, Any] = {"title": member.name or member.shape, "description": member.help.summary}
    if member.is_structure:
        properties = {name: json_schema(child) for name, child in member.members.items()}
        return {**schema, "type": "object", "properties": properties}
    if member.kind == "list":
        schema |= {"type": "array", "items": json_schema(member.item)}
        return schema | ({"maxItems": member.maximum} if member.maximum is not None else {})
    if member.kind == "enum":
        return {**schema, "type": "string", "enum": list(member.enum)}
    schema["type"] = _TYPES[member.kind]
    low, high = ("minLength", "maxLength") if schema["type"] == "string" else ("minimum", "maximum")
    bounds = {low: member.minimum, high: member.maximum}
    return schema | {name: bound for name, bound in bounds.items() if bound is not None}


def leaves(member: Member) -> list[str]:
    """Return the paths of everything that an empty form has an input for; a list of structures counts as one."""
    found: list[str] = []
    for name, child in member.members.items():
        below = [f"{name}.{path}" for path in leaves(child)] if child.is_structure else [name]
        found.extend(below)
    return found
