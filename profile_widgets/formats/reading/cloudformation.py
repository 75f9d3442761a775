"""A request in a CloudFormation template: its resource of type ``AWS::SageMaker::UserProfile``.

What only the stack can tell is left out, and said. It takes along what would say something else without it: the whole
list that it stands in, and the structure that cannot be without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.intrinsics import VARIABLE, Function, NotToldError, Teller, function
from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.formats.reading.repairs import read_json, read_yaml
from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.shapes import CREATE, UPDATE, Member, input_member, shape

TYPE = "AWS::SageMaker::UserProfile"
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_CALL = re.compile(r'[:\-\[,][^\S\n]*!(?:Ref|Sub|GetAtt|Join|ImportValue|If|Select|Split|FindInMap)\b'
                   r'|"?(?:Fn::[A-Z][A-Za-z]{1,30}|Ref)"?[^\S\n]*:')  # fmt: skip
_NAME = re.compile(r"""(?:^|[{,])\s*["']?(DomainId|UserProfileName|UserSettings|Properties)["']?\s*:""", re.MULTILINE)


def looks_like(text: str) -> int:
    """Tell how much a text looks like a template with a user profile in it, or like its properties."""
    if TYPE in text:
        return 99
    if "Fn::" not in text and "Ref" not in text and "!" not in text:
        return 0
    begins = text.lstrip()[:1]
    return 97 if begins and begins not in "$%#" and _NAME.search(text[:2000]) and _CALL.search(text) else 0


class _Nothing:
    """Stand for a value that is left out because the template says so."""


_NOTHING = _Nothing()


@dataclass(frozen=True)
class _Untold:
    """Stand for a value that only the stack can tell: ``what`` says, in a template's words, which part of it."""

    what: tuple[str, ...]


@importer("cloudformation", label="CloudFormation", rank=5, looks_like=looks_like, whole=True)
def read(text: str, context: Context) -> Found:
    """Read the user profile's resource in a template in JSON or YAML, the resource alone, or its properties."""
    found = Found(tells=False)
    template = read_json(text, found) if text.lstrip().startswith("{") else read_yaml(text, found, tags=True)
    properties = _properties(template, found)
    document = _Resolver(template, found).request(properties)
    found.document = document
    if context.operation == UPDATE:
        only = [each for each in document if each not in input_member(UPDATE).members]
        for each in (each for each in only if each in input_member(CREATE).members):
            del document[each]
            found.warn("Left out: a user profile that exists takes it no more.", each)
    return found


def _properties(template: Any, found: Found) -> dict[str, Any]:
    """Return the properties of the template's user profile."""
    if not isinstance(template, dict):
        raise FormatError("It holds no template: it must be an object with Resources.")
    inner = template.get("Resources", template)
    if _is_profile(inner):
        resources = {"": inner}
    else:
        resources = {name: each for name, each in inner.items() if _is_profile(each)} if isinstance(inner, dict) else {}
    if not resources and (bare := _bare(template)):
        return bare
    if not resources:
        raise FormatError(f"There is no resource of type {TYPE} in it.")
    if len(resources) > 1:
        names = ", ".join(str(name)[:60] for name in list(resources)[:5])
        found.refuse(f"There are {len(resources)} user profiles in this template ({names}): leave one of them.")
    properties = next(iter(resources.values())).get("Properties") or {}
    if not isinstance(properties, dict) or function(properties) is not None:
        raise FormatError("The Properties of its user profile are no object.")
    return properties


def _is_profile(resource: Any) -> bool:
    return isinstance(resource, dict) and resource.get("Type") == TYPE


def _bare(template: dict[str, Any]) -> dict[str, Any]:
    """Return the properties in lines that were cut out of a template; nothing when these are none."""
    inner = template.get("Properties", template)
    known = input_member(CREATE).members
    return inner if isinstance(inner, dict) and any(name in known for name in inner) else _settings(inner)


def _settings(inner: Any) -> dict[str, Any]:
    known = shape("UserSettings").members
    return {"UserSettings": inner} if isinstance(inner, dict) and any(name in known for name in inner) else {}


class _Resolver:
    """Turn a resource's properties into a request: functions that can be told, and CloudFormation's free types."""

    def __init__(self, template: dict[str, Any], found: Found) -> None:
        self.teller, self.found = Teller(template), found
        parts = [template.get(each) for each in ("Parameters", "Resources")]
        self.names = {name for each in parts if isinstance(each, dict) for name in each}

    def request(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Return the request that the properties make."""
        document = self._structure(properties, input_member(CREATE), "", in_list=False)
        return document if isinstance(document, dict) else {}

    def _value(self, value: Any, member: Member | None, path: str, *, in_list: bool) -> Any:
        """Return a value of a request, :data:`_NOTHING`, or an :class:`_Untold` for what only a stack can tell."""
        called = function(value)
        if called is not None:
            return self._called(called, member, path, in_list=in_list)
        if isinstance(value, dict):
            return self._structure(value, member, path, in_list=in_list)
        if isinstance(value, list):
            return self._list(value, member, path)
        if isinstance(value, str):
            return self._text(value, member, path)
        return _typed(value, member)

    def _list(self, value: list[Any], member: Member | None, path: str) -> Any:
        item = member.item if member is not None and member.kind == "list" else None
        items = [self._value(each, item, join(path, index), in_list=True) for index, each in enumerate(value)]
        untold = [what for each in items if isinstance(each, _Untold) for what in each.what]
        return _Untold(tuple(untold)) if untold else [each for each in items if each is not _NOTHING]

    def _structure(self, value: dict[str, Any], member: Member | None, path: str, *, in_list: bool) -> Any:
        """Return a structure; it cannot be told when a member cannot that it needs, or that a list's item has."""
        kept: dict[str, Any] = {}
        untold: dict[str, _Untold] = {}
        taken = False
        for name, each in value.items():
            node = member.members.get(name) if member is not None else None
            inner = self._value(each, node, _place(path, name), in_list=in_list)
            if isinstance(inner, _Untold):
                untold[name] = inner
                taken = taken or in_list or (node is not None and node.required)
            elif inner is not _NOTHING:
                kept[name] = inner
        if path and untold and (taken or (not kept and member is not None and member.required)):
            return _Untold(tuple(what for each in untold.values() for what in each.what))
        for name, each in untold.items():
            self._leave_out(each, value[name], _place(path, name))
        return _NOTHING if value and not kept and path else kept

    def _leave_out(self, untold: _Untold, value: Any, path: str) -> None:
        what = ", ".join(dict.fromkeys(untold.what[:3])) + (" and more" if len(untold.what) > 3 else "")
        self.found.untold.append(path)
        begin = f"Left out: only the stack can tell what {what} is."
        end = "Put its value there."
        if isinstance(value, list):
            end = "The whole list is left out, for a part of it would be another list. Put the values there."
        elif isinstance(value, dict) and function(value) is None and len(value) > len(untold.what):
            end = "The whole structure is left out, for it cannot be without. Put the values there."
        self.found.warn(f"{begin} {end}", path)

    def _called(self, called: Function, member: Member | None, path: str, *, in_list: bool) -> Any:
        if called.name == "Ref" and called.value == "AWS::NoValue":
            return _NOTHING
        self.teller.used.clear()
        try:
            value = self.teller.tell(called)
        except NotToldError:
            return _Untold((str(called),))
        self._say_defaults(value, path)
        return self._value(value, member, path, in_list=in_list)

    def _say_defaults(self, value: Any, path: str) -> None:
        names = self.teller.used
        if names:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            which = f"parameter {names[0][:60]}" if len(names) == 1 else f"parameters {', '.join(names[:5])}"
            is_it = "the default" if len(names) == 1 and value == self.teller.defaults[names[0]] else "with the default"
            end = "s" if len(names) > 1 else ""
            self.found.tell(f"Read as {shown[:60]}, {is_it}{end} of the template's {which}.", path)

    def _text(self, value: str, member: Member | None, path: str) -> Any:
        """Return a plain text; a dynamic reference in it cannot be told, a variable in it is no variable."""
        at = value.find("{{resolve:")
        if at >= 0:
            return _Untold((value[at : at + 60],))
        names = [name for literal, name in VARIABLE.findall(value[:2000]) if not literal]
        meant = [name for name in names if name.startswith("AWS::") or name.partition(".")[0] in self.names]
        if meant:
            text = f"${{{meant[0][:60]}}} stands in this text as it is written: without !Sub nothing is put there."
            self.found.warn(text, path)
        return _typed(value, member)


def _place(path: str, name: str) -> str:
    return join(path, name) if can_stand_in_a_path(name) else path


def _typed(value: Any, member: Member | None) -> Any:
    """Give a value the model's type, as CloudFormation does: a number for a text, a text for a number."""
    if member is None:
        return value
    if member.kind in ("string", "enum") and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if member.kind == "integer" and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value
