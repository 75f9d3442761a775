"""A request in a CloudFormation template: its resource of type ``AWS::SageMaker::UserProfile``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.formats.syntax import Tagged, json_document, yaml_document
from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.shapes import CREATE, UPDATE, Member, input_member

TYPE = "AWS::SageMaker::UserProfile"
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")


def looks_like(text: str) -> int:
    """Tell how much a text looks like a template with a user profile in it."""
    return 99 if TYPE in text else 0


@dataclass(frozen=True)
class _Function:
    """Hold a call of one of CloudFormation's functions, as ``!Ref X`` or ``{"Ref": "X"}``."""

    name: str
    value: Any


class _Nothing:
    """Stand for a value that is left out."""


_NOTHING = _Nothing()


@importer("cloudformation", label="CloudFormation", rank=5, looks_like=looks_like)
def read(text: str, context: Context) -> Found:
    """Read the user profile's resource in a template in JSON or YAML, or the resource alone."""
    as_json = text.lstrip().startswith("{")
    template = json_document(text) if as_json else yaml_document(text, tags=True)
    found = Found(tells=False)
    properties = _properties(template, found)
    resolver = _Resolver(_defaults(template), found)
    document = resolver.value(properties, input_member(CREATE), "")
    found.document = {} if document is _NOTHING else document
    if context.operation == UPDATE:
        only = [each for each in found.document if each not in input_member(UPDATE).members]
        for each in (each for each in only if each in input_member(CREATE).members):
            del found.document[each]
            found.warn("Left out: a user profile that exists takes it no more.", each)
    return found


def _properties(template: Any, found: Found) -> Any:
    """Return the properties of the template's user profile."""
    if not isinstance(template, dict):
        raise FormatError("It holds no template: it must be an object with Resources.")
    inner = template.get("Resources", template)
    if _is_profile(inner):
        resources = {"": inner}
    else:
        resources = {name: each for name, each in inner.items() if _is_profile(each)} if isinstance(inner, dict) else {}
    if not resources:
        raise FormatError(f"There is no resource of type {TYPE} in it.")
    if len(resources) > 1:
        names = ", ".join(str(name)[:60] for name in list(resources)[:5])
        found.refuse(f"There are {len(resources)} user profiles in this template ({names}): leave one of them.")
    return next(iter(resources.values())).get("Properties") or {}


def _is_profile(resource: Any) -> bool:
    return isinstance(resource, dict) and resource.get("Type") == TYPE


def _defaults(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a template that have a value without being given one."""
    parameters = template.get("Parameters")
    rows = parameters.items() if isinstance(parameters, dict) else ()
    plain = (str, int, float)
    defaults = {name: each["Default"] for name, each in rows if isinstance(each, dict) and "Default" in each}
    return {name: value for name, value in defaults.items() if isinstance(value, plain) and value != ""}


def _function(value: Any) -> _Function | None:
    """Return a value as the call of a function, in the short form of YAML or in the long one."""
    if isinstance(value, Tagged):
        return _Function(value.name, value.value)
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name in ("Ref", "Condition") or name.startswith("Fn::"):
            return _Function(name.removeprefix("Fn::"), value[name])
    return None


class _Resolver:
    """Turn a resource's properties into a request: functions that can be told, and CloudFormation's free types."""

    def __init__(self, defaults: dict[str, Any], found: Found) -> None:
        self.defaults, self.found = defaults, found

    def value(self, value: Any, member: Member | None, path: str) -> Any:
        """Return a value of a request; :data:`_NOTHING` for one that only a stack can tell."""
        function = _function(value)
        if function is not None:
            return self._called(function, member, path)
        if isinstance(value, dict):
            return self._structure(value, member, path)
        if isinstance(value, list):
            item = member.item if member is not None and member.kind == "list" else None
            items = [self.value(each, item, join(path, index)) for index, each in enumerate(value)]
            return [each for each in items if each is not _NOTHING]
        return _typed(value, member)

    def _structure(self, value: dict[str, Any], member: Member | None, path: str) -> Any:
        kept = {}
        for name, each in value.items():
            place = join(path, name) if can_stand_in_a_path(name) else path
            inner = self.value(each, member.members.get(name) if member is not None else None, place)
            if inner is not _NOTHING:
                kept[name] = inner
        return _NOTHING if value and not kept and path else kept

    def _called(self, function: _Function, member: Member | None, path: str) -> Any:
        if function.name == "Ref" and function.value == "AWS::NoValue":
            return _NOTHING
        value = self._told(function)
        if value is None:
            text = f"Left out: only the stack can tell what {_shown(function)} is. Put its value there."
            self.found.warn(text, path)
            return _NOTHING
        if function.name == "Ref":
            text = f"Read as {str(value)[:60]}, the default of the template's parameter {function.value}."
            self.found.tell(text, path)
        return self.value(value, member, path)

    def _told(self, function: _Function) -> Any:
        """Return what a function gives, where the template alone tells it."""
        value = function.value
        if function.name == "Ref" and isinstance(value, str):
            return self.defaults.get(value)
        if function.name == "Sub" and isinstance(value, str):
            return self._filled(value)
        if function.name == "Join" and isinstance(value, list) and len(value) == 2 and isinstance(value[1], list):
            parts = [self._text(each) for each in value[1]]
            return str(value[0]).join(map(str, parts)) if None not in parts else None
        return None

    def _text(self, value: Any) -> Any:
        function = _function(value)
        if function is not None:
            value = self._told(function)
        return value if isinstance(value, (str, int, float)) else None

    def _filled(self, text: str) -> str | None:
        names = [name for literal, name in _VARIABLE.findall(text) if not literal]
        if any(name not in self.defaults for name in names):
            return None
        return _VARIABLE.sub(lambda found: f"${{{found[2]}}}" if found[1] else str(self.defaults[found[2]]), text)


def _shown(function: _Function) -> str:
    value = function.value
    name = value if isinstance(value, str) else ".".join(value) if _are_texts(value) else "..."
    return f"!{function.name[:60]} {name[:60]}"


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _typed(value: Any, member: Member | None) -> Any:
    """Give a value the model's type, as CloudFormation does: a number for a text, a text for a number."""
    if member is None:
        return value
    if member.kind in ("string", "enum") and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if member.kind == "integer" and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value
