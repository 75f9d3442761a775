"""The published JSON Schema of policies, and the small part of JSON Schema that it needs.

The loader obeys the very file that editors obey, so that they cannot differ. Findings name the nearest known word.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from profile_widgets.checks.policy.located import Place
from profile_widgets.checks.problems import shown
from profile_widgets.model.documents import same

Complaint = tuple[Place, bool, str]
"""What is wrong: the place, whether the member's name is meant and not its value, and a sentence."""

_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "object": ("named members", lambda value: isinstance(value, dict)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "string": ("a text", lambda value: isinstance(value, str)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "number": ("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)),
    "integer": (
        "a whole number",
        lambda value: not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value)),
    ),
}


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


@cache
def schema() -> dict[str, Any]:
    """Return the published schema (draft 2020-12)."""
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath("schema.json").read_text("utf-8"))
    return found


def complaints(document: Any) -> Iterator[Complaint]:
    """Yield everything about a document that the schema refuses."""
    yield from _any(schema(), document, ())


def _any(rule: dict[str, Any], value: Any, place: Place) -> Iterator[Complaint]:
    if "$ref" in rule:
        yield from _any(schema()["$defs"][rule["$ref"].rpartition("/")[2]], value, place)
    if "anyOf" in rule:
        yield from _alternatives(rule, value, place)
    if "const" in rule and not same(rule["const"], value):
        yield place, False, f"Takes {rule['const']}, not {shown(value)}."
    if "enum" in rule and not any(same(each, value) for each in rule["enum"]):
        yield place, False, f"{shown(value)} is none of {', '.join(rule['enum'])}.{_nearest(value, rule['enum'])}"
    if "type" in rule and not _TYPES[rule["type"]][1](value):
        yield place, False, f"Takes {_TYPES[rule['type']][0]}, not {_kind_of(value)}."
    elif isinstance(value, str):
        yield from _text(rule, value, place)
    elif isinstance(value, dict):
        yield from _object(rule, value, place)
    elif isinstance(value, list):
        yield from _list(rule, value, place)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number(rule, value, place)


def _text(rule: dict[str, Any], value: str, place: Place) -> Iterator[Complaint]:
    if len(value) < rule.get("minLength", 0):
        yield place, False, "Takes a text, and this is empty."
    if len(value) > rule.get("maxLength", len(value)):
        yield place, False, f"At most {rule['maxLength']:,} characters; this has {len(value):,}."
    elif "pattern" in rule and not re.search(rule["pattern"], value):
        about = rule.get("description", f"It has to match {rule['pattern'].replace('(?!' + chr(92) + 'n)', '')}")
        yield place, False, f"{shown(value)} is not written as it must be. {about.removesuffix('.')}."


def _number(rule: dict[str, Any], value: float, place: Place) -> Iterator[Complaint]:
    if "minimum" in rule and not rule["minimum"] <= value <= rule["maximum"]:
        yield place, False, f"From {rule['minimum']:,} to {rule['maximum']:,}; this is {value:,}."


def _list(rule: dict[str, Any], value: list[Any], place: Place) -> Iterator[Complaint]:
    if len(value) < rule.get("minItems", 0):
        yield place, False, "The list is empty: leave it out, or name something."
    if len(value) > rule.get("maxItems", len(value)):
        yield place, False, f"At most {rule['maxItems']:,} items; there are {len(value):,}."
    if "items" in rule:
        for index, each in enumerate(value):
            yield from _any(rule["items"], each, (*place, index))


def _object(rule: dict[str, Any], value: dict[Any, Any], place: Place) -> Iterator[Complaint]:
    known = rule.get("properties", {})
    rest = rule.get("additionalProperties", True)
    for name in rule.get("required", ()):
        if name not in value:
            yield place, False, f"{name} is missing. {_describe(known.get(name, {}))}".strip()
    if len(value) < rule.get("minProperties", 0):
        yield place, False, "Nothing is said here: leave it out, or say something."
    for name, each in value.items():
        inner = (*place, name)
        if "propertyNames" in rule:
            yield from ((inner, True, text) for _, _, text in _any(rule["propertyNames"], name, inner))
        if name in known:
            yield from _any(known[name], each, inner)
        elif rest is False:
            yield inner, True, f"{shown(name)} means nothing here.{_nearest(name, known)}"
        elif isinstance(rest, dict):
            yield from _any(rest, each, inner)


def _alternatives(rule: dict[str, Any], value: Any, place: Place) -> Iterator[Complaint]:
    """Yield the complaints of the alternative that is nearest to the value, when it fits none."""
    found = [(each, tuple(_any(each, value, place))) for each in rule["anyOf"]]
    if any(not complaints for _, complaints in found):
        return
    if isinstance(value, dict):
        names = set(value)
        fitting = [pair for pair in found if names & set(pair[0].get("properties", ()))]
        if fitting:
            best = max(fitting, key=lambda pair: (len(names & set(pair[0].get("required", ()))), -len(pair[1])))
            yield from best[1]
            return
    yield place, False, f"{shown(value)} does not fit. {_describe(rule)}"


def _describe(rule: dict[str, Any]) -> str:
    if "description" in rule:
        return str(rule["description"])
    return _describe(schema()["$defs"][rule["$ref"].rpartition("/")[2]]) if "$ref" in rule else ""


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {dict: "named members", list: "a list", type(None): "nothing"}
    return kinds.get(type(value), shown(value))


def _nearest(wrong: Any, known: Any) -> str:
    near = difflib.get_close_matches(str(wrong)[:60], list(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""
