"""CloudFormation's functions, as far as a template alone tells what they give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.syntax import MAX_BYTES, Tagged

VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
"""A variable in the text of ``!Sub``; ``${!X}`` stands for ``${X}`` itself."""
_DYNAMIC = "{{resolve:"
_ELSEWHERE = "AWS::SSM::Parameter::"
"""A parameter of such a type holds the name under which its value is kept elsewhere."""
_LISTS = ("CommaDelimitedList", "List<")
_ROOM = 60


@dataclass(frozen=True)
class Function:
    """Hold a call of one of CloudFormation's functions, as ``!Ref X`` or ``{"Ref": "X"}``."""

    name: str
    value: Any

    def __str__(self) -> str:
        text = _written(_called(self.name, self.value))
        return text if len(text) <= _ROOM else f"{text[:_ROOM]}…"


class NotToldError(Exception):
    """Say that only the stack can tell what a function gives."""


def function(value: Any) -> Function | None:
    """Return a value as the call of a function, in the short form of YAML or in the long one.

    Example::

        >>> str(function({"Fn::GetAtt": ["Role", "Arn"]}))
        '!GetAtt Role.Arn'
    """
    if isinstance(value, Tagged):
        return Function(value.name, value.value)
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        if name in ("Ref", "Condition") or name.startswith("Fn::"):
            return Function(name.removeprefix("Fn::"), value[name])
    return None


def _called(name: str, value: Any) -> dict[str, Any]:
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def _written(value: Any, depth: int = 0) -> str:
    """Return a value as a template has it, in one line; what is deep inside is dots."""
    called = function(value)
    if called is not None:
        inner = called.value
        dotted = called.name == "GetAtt" and isinstance(inner, list) and all(isinstance(each, str) for each in inner)
        return f"!{called.name} {'.'.join(inner) if dotted else _written(inner, depth + 1)}"
    if depth > 3 and isinstance(value, (dict, list)):
        return "…"
    if isinstance(value, list):
        return f"[{', '.join(_written(each, depth + 1) for each in value[:5])}{', …' if len(value) > 5 else ''}]"
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    return repr(value) if value == "" else str(value)[: _ROOM * 2]


class Teller:
    """Tell what functions give in one template: from the defaults of its parameters, and its mappings."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.template = template
        self.used: list[str] = []
        self.spent = 0
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref, "Sub": self._sub, "Join": self._join, "Split": self._split, "Select": self._select,
            "FindInMap": self._find_in_map,
        }  # fmt: skip

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Return the parameters of the template that have a value without being given one."""
        return dict(self._defaults())

    def _defaults(self) -> Iterator[tuple[str, Any]]:
        for name, each in _mapping(self.template.get("Parameters")).items():
            value, kind = _mapping(each).get("Default"), str(_mapping(each).get("Type", "String"))
            if kind.startswith(_ELSEWHERE) or value == "" or not isinstance(value, (str, int, float)):
                continue
            text = _text(value)
            yield name, [part.strip() for part in text.split(",")] if kind.startswith(_LISTS) else text

    def tell(self, called: Function) -> Any:
        """Return what a function gives; raises :class:`NotToldError` where only the stack can tell."""
        handle = self._functions.get(called.name)
        if handle is None:
            raise NotToldError
        return self._kept(handle(called.value))

    def _kept(self, value: Any) -> Any:
        """Return a value, counted: functions in functions must not write out more than a request has."""
        self.spent += len(value) if isinstance(value, (str, list)) else 1
        if self.spent > 4 * MAX_BYTES:
            raise FormatError("Its functions write out more than any request has.")
        if isinstance(value, str) and _DYNAMIC in value:
            raise NotToldError
        return value

    def _value(self, value: Any) -> Any:
        called = function(value)
        return self.tell(called) if called is not None else value

    def _plain(self, value: Any) -> str:
        value = self._value(value)
        if not isinstance(value, (str, int, float)):
            raise NotToldError
        return _text(value)

    def _list(self, value: Any) -> list[Any]:
        value = self._value(value)
        if not isinstance(value, list):
            raise NotToldError
        return value

    def _ref(self, name: Any) -> Any:
        if not isinstance(name, str) or name not in self.defaults:
            raise NotToldError
        if name not in self.used:
            self.used.append(name)
        return self.defaults[name]

    def _sub(self, value: Any) -> str:
        given: Mapping[str, Any] = {}
        if isinstance(value, list) and len(value) == 2:
            value, given = value[0], _mapping(value[1])
        if not isinstance(value, str):
            raise NotToldError

        def put(found: re.Match[str]) -> str:
            if found[1]:
                return f"${{{found[2]}}}"
            name = found[2].strip()
            return str(self._kept(self._plain(given[name] if name in given else self._ref(name))))

        return VARIABLE.sub(put, value)

    def _join(self, value: Any) -> str:
        between, parts = self._two(value)
        if not isinstance(between, str):
            raise NotToldError
        texts = [self._plain(each) for each in self._list(parts)]
        self.spent += len(between) * len(texts)
        self._kept("")
        return between.join(texts)

    def _split(self, value: Any) -> list[str]:
        between, text = self._two(value)
        if not isinstance(between, str) or not between:
            raise NotToldError
        return self._plain(text).split(between)

    def _select(self, value: Any) -> Any:
        at, items = self._two(value)
        index, among = self._plain(at), self._list(items)
        if not index.isdecimal() or len(index) > 6 or int(index) >= len(among):
            raise NotToldError
        return self._value(among[int(index)])

    def _find_in_map(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 3:
            raise NotToldError
        node: Any = self.template.get("Mappings")
        for each in value:
            node = _mapping(node).get(self._plain(each))
        if not isinstance(node, (str, int, float, list)):
            raise NotToldError
        return node

    @staticmethod
    def _two(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, list) or len(value) != 2:
            raise NotToldError
        return value[0], value[1]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
