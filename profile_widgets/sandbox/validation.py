"""Validate a request on the server's side, with AWS's wording and camelCase paths.

Two stages, as in AWS: a value of the wrong JSON type stops the request at once with a SerializationException; then all
constraints are checked and every finding is told in one ValidationException::

    2 validation errors detected: Value 'x' at 'userSettings.executionRole' failed to satisfy constraint: Member must
    satisfy regular expression pattern: ...; Value ...

A list of plain values is reported at the list, a list of structures item by item from 1
(``userSettings.jupyterLabAppSettings.customImages.2.member.imageName``). Members that the model does not know, and
nulls, are dropped, as AWS drops them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from profile_widgets.sandbox.patterns import matches
from profile_widgets.sandbox.refusals import invalid, malformed
from profile_widgets.sandbox.service_model import ServiceModel, Shape


def validate(model: ServiceModel, shape: Shape, document: Any) -> dict[str, Any]:
    """Return the request without unknown members and nulls; raise a Refusal if it breaks the model."""
    cleaned = clean(model, shape, document)
    findings = list(_findings(model, shape, cleaned, ""))
    if findings:
        count = f"{len(findings)} validation error{'s' if len(findings) > 1 else ''} detected: "
        raise invalid(count + "; ".join(findings))
    return dict(cleaned)


def clean(model: ServiceModel, shape: Shape, value: Any) -> Any:
    """Return the value without unknown members and nulls; raise a Refusal for a value of the wrong JSON type."""
    return _CLEANERS[shape["type"]](model, shape, value)


def known_part(model: ServiceModel, shape_name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the installed model knows of a document of the seed, without items of kinds that it lacks."""
    return dict(_without_unknown_kinds(model, model.shape(shape_name), document))


def _without_unknown_kinds(model: ServiceModel, shape: Shape, value: Any) -> Any:
    if shape["type"] == "structure":
        return {
            name: _without_unknown_kinds(model, model.shape(reference["shape"]), value[name])
            for name, reference in shape["members"].items()
            if name in value
        }
    if shape["type"] == "list":
        member = model.shape(shape["member"]["shape"])
        items = [_without_unknown_kinds(model, member, item) for item in value]
        return [item for item in items if item or not member.get("union")]
    return value


# --- types: the first wrong one stops the request ---------------------------------------------------------------------


def _clean_structure(model: ServiceModel, shape: Shape, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise malformed(
            "Unrecognized collection type" if isinstance(value, list) else f"Unexpected value: {_token(value)}"
        )
    members = shape["members"]
    return {
        name: clean(model, model.shape(members[name]["shape"]), child)
        for name, child in value.items()
        if name in members and child is not None
    }


def _clean_list(model: ServiceModel, shape: Shape, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise malformed(f"Expected list or null, found {_token(value)}")
    member = model.shape(shape["member"]["shape"])
    if any(item is None for item in value):
        raise malformed("NULL_VALUE can not be a member of a list")
    return [clean(model, member, item) for item in value]


def _clean_map(model: ServiceModel, shape: Shape, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise malformed(f"Expected map or null, found {_token(value)}")
    member = model.shape(shape["value"]["shape"])
    return {key: clean(model, member, child) for key, child in value.items() if child is not None}


def _plain(kind: str, *types: type, bits: int | None = None) -> Callable[[ServiceModel, Shape, Any], Any]:
    """Return what accepts a plain JSON value of one kind, in the words that a refusal calls it by."""

    def accept(_model: ServiceModel, _shape: Shape, value: Any) -> Any:
        if type(value) not in types:  # exactly: to Python, True is a number too
            raise malformed(_not_convertible(value, kind))
        if bits is not None and int(value).bit_length() > bits:
            raise malformed(f"NUMBER_VALUE is out of range for {kind}")
        return value

    return accept


_CLEANERS: dict[str, Callable[[ServiceModel, Shape, Any], Any]] = {
    "structure": _clean_structure,
    "list": _clean_list,
    "map": _clean_map,
    "string": _plain("a String", str),
    "blob": _plain("a Blob", str),
    "integer": _plain("an Integer", int, bits=31),
    "long": _plain("a Long", int, bits=63),
    "float": _plain("a Float", int, float),
    "double": _plain("a Double", int, float),
    "boolean": _plain("a Boolean", bool),
    "timestamp": _plain("a Timestamp", int, float),
}


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, (int, float)):
        return "NUMBER_VALUE"
    return "NULL_VALUE" if value is None else "STRING_VALUE"


def _not_convertible(value: Any, kind: str) -> str:
    if isinstance(value, Mapping):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected."
    return f"{_token(value)} can not be converted to {kind}"


# --- constraints: all findings are collected --------------------------------------------------------------------------


def _findings(model: ServiceModel, shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape["type"]
    if kind == "structure":
        yield from _structure_findings(model, shape, value, path)
    elif kind == "list":
        yield from _list_findings(model, shape, value, path)
    else:
        for broken in _broken(shape, value):
            yield _finding(value, path, broken)


def _structure_findings(model: ServiceModel, shape: Shape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    if shape.get("union") and len(value) != 1:
        kinds = ", ".join(shape["members"])
        yield _finding(value, path, f"Member must have exactly one of the following members set: [{kinds}]")
    for name in shape.get("required", ()):
        if name not in value:
            yield f"Value null at '{_child(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, child in value.items():
        yield from _findings(model, model.shape(shape["members"][name]["shape"]), child, _child(path, name))


def _list_findings(model: ServiceModel, shape: Shape, value: list[Any], path: str) -> Iterator[str]:
    for broken in _broken(shape, value):
        yield _finding(value, path, broken)
    member = model.shape(shape["member"]["shape"])
    if member["type"] in ("structure", "list"):
        for index, item in enumerate(value, start=1):
            yield from _findings(model, member, item, f"{path}.{index}.member")
    elif any(True for item in value for _ in _broken(member, item)):
        yield _finding(value, path, f"Member must satisfy constraint: [{', '.join(_constraints(member))}]")


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    """Yield the wording of each constraint of one shape that the value breaks."""
    if isinstance(value, (str, list)):
        if len(value) < shape.get("min", 0):
            yield _MIN_LENGTH.format(shape["min"])
        if "max" in shape and len(value) > shape["max"]:
            yield _MAX_LENGTH.format(shape["max"])
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if "min" in shape and value < shape["min"]:
            yield _MIN_VALUE.format(shape["min"])
        if "max" in shape and value > shape["max"]:
            yield _MAX_VALUE.format(shape["max"])
    if isinstance(value, str):
        if "pattern" in shape and not matches(shape["pattern"], value):
            yield _PATTERN + shape["pattern"]
        if "enum" in shape and value not in shape["enum"]:
            yield _ENUM.format(", ".join(shape["enum"]))


def _constraints(shape: Shape) -> Iterator[str]:
    """Yield the wording of every constraint of a shape, as AWS lists them for the items of a list."""
    numbers = shape["type"] not in ("string", "list")
    if "max" in shape:
        yield (_MAX_VALUE if numbers else _MAX_LENGTH).format(shape["max"])
    if "min" in shape:
        yield (_MIN_VALUE if numbers else _MIN_LENGTH).format(shape["min"])
    if "pattern" in shape:
        yield _PATTERN + shape["pattern"]
    if "enum" in shape:
        yield _ENUM.format(", ".join(shape["enum"]))


_MIN_LENGTH = "Member must have length greater than or equal to {}"
_MAX_LENGTH = "Member must have length less than or equal to {}"
_MIN_VALUE = "Member must have value greater than or equal to {}"
_MAX_VALUE = "Member must have value less than or equal to {}"
_PATTERN = "Member must satisfy regular expression pattern: "
_ENUM = "Member must satisfy enum value set: [{}]"


def _finding(value: Any, path: str, broken: str) -> str:
    return f"Value '{_shown(value)}' at '{path}' failed to satisfy constraint: {broken}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}={_shown(child)}' for name, child in value.items())}}}"
    return str(value)


def _child(path: str, name: str) -> str:
    camel = name[:1].lower() + name[1:]
    return f"{path}.{camel}" if path else camel
