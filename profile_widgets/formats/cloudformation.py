"""The profile as a CloudFormation template with one resource of type ``AWS::SageMaker::UserProfile``.

What the resource type takes is data, ``cloudformation.json`` beside this module: the part of the resource's published
schema that says what may be written, with its date (``scripts/tables`` makes it anew). What the type does not take
stands in a comment at its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from profile_widgets.formats.leaving_out import Items, Leaf, LeftOut, Members, Part, fit, seen, stays_outside
from profile_widgets.formats.registry import exporter
from profile_widgets.model.documents import same
from profile_widgets.model.shapes import UPDATE, Member, input_member

RESOURCE = "UserProfile"
"""The resource's name in the template."""
VERSION = "2010-09-09"
IMPORTED = (
    "# This profile exists already: bring it into the stack by importing it, not by creating it.",
    "# CloudFormation imports resources that have a DeletionPolicy.",
)
_PATIENCE = 0.2
"""Seconds that a pattern may take; one that takes longer is not held against a value."""
_DYNAMIC = "{{resolve:"
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "object": ((Mapping,), "a structure"),
    "array": ((list, tuple), "a list"),
    "string": ((str,), "a text"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
}
_PLAIN = re.compile(r"(?:[A-Za-z][\w.-]*|arn:[\w./:-]*[\w./-]|s3://[\w./-]+)", re.ASCII)
_WORDS = re.compile(r"~|null|true|false|yes|no|on|off|y|n", re.IGNORECASE)
"""Texts that YAML 1.1 takes for something else."""


@cache
def table() -> Mapping[str, Any]:
    """Return what the resource type takes, read once: ``type``, ``date``, ``properties``, ``definitions``."""
    text = resources.files("profile_widgets.formats").joinpath("cloudformation.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True)
class SchemaPlace:
    """Describe one place of the resource type; ``member`` is the API's node for it, if the installed model has one."""

    name: str
    schema: Mapping[str, Any]
    node: Member | None

    @property
    def item(self) -> SchemaPlace:
        """Return the place of a list's items."""
        below = self.node.item if self.node is not None and self.node.kind == "list" else None
        return SchemaPlace(self.name, _resolved(self.schema.get("items", {})), below)

    def member(self, name: str) -> SchemaPlace | None:
        """Return the place of a member; ``None`` when the resource type has no such member."""
        found = self.schema.get("properties", {}).get(name)
        if found is None:
            return None
        return SchemaPlace(name, _resolved(found), self.node.members.get(name) if self.node is not None else None)

    def lacks(self, name: str) -> str:
        """Say in a sentence that the resource type has no such member."""
        where = f" in {self.name}" if self.name else ""
        return f"{table()['type']} has no {seen(json.dumps(name)[1:-1])}{where}."

    def needs(self, name: str) -> bool:
        """Tell whether the structure that stands here cannot be written without this member of it."""
        return bool(self.name) and name in self.schema.get("required", ())

    def collide(self, one: Any, other: Any) -> bool:
        """Tell whether a list that holds each value once cannot hold both."""
        return bool(self.schema.get("uniqueItems")) and same(one, other)

    def refusal(self, value: Any) -> str:
        """Say in a sentence why the resource type does not take this value here; ``""`` when it does."""
        expected, words = _KINDS.get(self.schema.get("type", ""), ((object,), ""))
        if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
            return f"{self.name} takes {words}."
        if "enum" in self.schema and value not in self.schema["enum"]:
            return f"{self.name} does not take this value there."
        if isinstance(value, str):
            return self._refused_text(value)
        if isinstance(value, (list, tuple)):
            return self._outside(len(value), "Items", " items")
        return "" if isinstance(value, Mapping) else self._outside(value, "imum", "")

    def _outside(self, measure: Any, word: str, unit: str) -> str:
        low, high = self.schema.get(f"min{word}"), self.schema.get(f"max{word}")
        if low is not None and measure < low:
            return f"{self.name} takes at least {low}{unit} there."
        return f"{self.name} takes at most {high}{unit} there." if high is not None and measure > high else ""

    def _refused_text(self, value: str) -> str:
        if _DYNAMIC in value:
            return "CloudFormation would take this text for a dynamic reference."
        if why := self._outside(len(value), "Length", " characters"):
            return why
        pattern = self.schema.get("pattern")
        if pattern is None or _bare(pattern) == _bare((self.node.pattern if self.node is not None else None) or ""):
            return ""
        return "" if _fits(pattern, value) else f"{self.name} takes texts of another form there: {seen(pattern)}"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = {**table()["definitions"][schema["$ref"]], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


def _bare(pattern: str) -> str:
    return pattern.removeprefix("^").removesuffix("$")


def _fits(pattern: str, value: str) -> bool:
    import regex

    try:
        return regex.search(pattern, value, timeout=_PATIENCE) is not None
    except (regex.error, TimeoutError):
        return True


@exporter("cloudformation", label="CloudFormation", suffix="yaml", rank=5, whole=True)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return a template in YAML; what the resource type does not take stands in it as a comment.

    The template of a profile that exists keeps the profile when the stack is deleted, for its home folder would go with
    it.
    """
    facts = table()
    whole = fit(request, SchemaPlace("", facts, input_member(operation)))
    lines = [f'AWSTemplateFormatVersion: "{VERSION}"', "Resources:"]
    if operation == UPDATE:
        lines += [f"  {line}" for line in IMPORTED]
    lines += [f"  {RESOURCE}:", f"    Type: {facts['type']}"]
    if operation == UPDATE:
        lines += ["    DeletionPolicy: Retain", "    UpdateReplacePolicy: Retain"]
    body = _lines(whole, "      ") if isinstance(whole, Members) else []
    if any(line.lstrip().startswith("#") for line in body):
        lines.append(f"    # {facts['type']} as its schema of {facts['date']} has it; the rest is told in comments.")
    empty = not isinstance(whole, Members) or not whole.parts or stays_outside(whole)
    return "\n".join([*lines, "    Properties: {}" if empty else "    Properties:", *body])


def _lines(structure: Members, indent: str) -> list[str]:
    lines: list[str] = []
    for name, _place, part in structure.parts:
        lines += _entry(name, part, indent)
    return lines


def _entry(name: str, part: Part, indent: str) -> list[str]:
    if isinstance(part, LeftOut):
        return [f"{indent}{line}" for line in part.comment()]
    if isinstance(part, Leaf):
        return [f"{indent}{scalar(name)}: {scalar(part.value)}"]
    if not part.parts:
        return [f"{indent}{scalar(name)}: {'{}' if isinstance(part, Members) else '[]'}"]
    nothing = stays_outside(part) is not None
    head = [] if nothing else [f"{indent}{scalar(name)}:"]
    inner = indent if nothing else f"{indent}  "
    if isinstance(part, Members):
        return head + _lines(part, inner)
    return head + [line for each in part.parts for line in _item(each, inner)]


def _item(part: Part, indent: str) -> list[str]:
    if isinstance(part, Items):
        raise TypeError("The resource type has no lists of lists.")
    if isinstance(part, LeftOut):
        return [f"{indent}{line}" for line in part.comment()]
    if isinstance(part, Leaf):
        return [f"{indent}- {scalar(part.value)}"]
    lines = _lines(part, f"{indent}  ") or [f"{indent}  {{}}"]
    first = next(at for at, line in enumerate(lines) if not line.lstrip().startswith("#"))
    lines[first] = f"{indent}- {lines[first].removeprefix(indent)[2:]}"
    return lines


def scalar(value: str | float) -> str:
    """Return a text, a number or a truth value as YAML: in double quotes unless nobody could read it otherwise.

    Example::

        >>> scalar("ml.t3.medium"), scalar("yes"), scalar(3)
        ('ml.t3.medium', '"yes"', '3')
    """
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _WORDS.fullmatch(value):
        return value
    return seen(json.dumps(value, ensure_ascii=False))
