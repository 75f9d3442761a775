"""Every way to break one constraint of an operation's input tree, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from profile_widgets.model.shapes import Member, input_member
from tests.documents import SAMPLES, smallest


@dataclass(frozen=True)
class Broken:
    """Hold a request that breaks ``rule`` at ``path`` and nothing else; ``what`` says how."""

    operation: str
    path: str
    rule: str
    what: str
    request: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.operation} {self.path}: {self.what}"


def every_break(operation: str) -> Iterator[Broken]:
    """Yield each broken request of an operation."""
    root = input_member(operation)
    for path, rule, what, request in _below(root, lambda value: value):
        yield Broken(operation, path, rule, what, request)


def _below(member: Member, put: Any, path: str = "") -> Iterator[tuple[str, str, str, Any]]:
    """Yield what can be broken at and below a node; ``put`` builds the whole request around a value of it."""
    for suffix, rule, what, value in _own(member):
        yield _joined(path, suffix), rule, what, put(value)
    if member.is_structure:
        union = member.kind == "union"
        for name, child in member.members.items():
            around = {} if union else smallest(member)

            def put_child(value: Any, name: str = name, around: dict[str, Any] = around) -> Any:
                return put({**around, name: value})

            yield _joined(path, name), "type", "null", put_child(None)
            yield from _below(child, put_child, _joined(path, name))
    elif member.kind == "list":
        sound = smallest(member.item)
        place = f"{path}[1]" if (member.maximum or 9) > 1 else f"{path}[0]"
        before = [sound] if place.endswith("[1]") else []
        yield place, "type", "null", put([*before, None])
        yield from _below(member.item, lambda value: put([*before, value]), place)


def _joined(path: str, suffix: str) -> str:
    return f"{path}.{suffix}" if path and suffix else path or suffix


def _own(member: Member) -> Iterator[tuple[str, str, str, Any]]:
    """Yield (path below the node, rule, words, value) for each constraint of one node."""
    if member.is_structure:
        yield from _structures(member)
    elif member.kind == "list":
        yield from _lists(member)
    elif member.kind == "integer":
        yield from _numbers(member)
    else:
        yield from _texts(member)


def _structures(member: Member) -> Iterator[tuple[str, str, str, Any]]:
    yield "", "type", "a text for a structure", "text"
    yield "", "type", "a list for a structure", []
    sound = smallest(member)
    yield "NoSuchMember", "unknown", "an unknown member", {**sound, "NoSuchMember": 1}
    if member.kind == "union":
        yield "", "union", "no kind", {}
        two = {name: smallest(each) for name, each in list(member.members.items())[:2]}
        if len(two) == 2:
            yield "", "union", "two kinds", two
    for name, child in member.members.items():
        if child.required:
            yield name, "required", f"without {name}", {key: each for key, each in sound.items() if key != name}


def _lists(member: Member) -> Iterator[tuple[str, str, str, Any]]:
    yield "", "type", "a text for a list", "text"
    yield "", "type", "a structure for a list", {}
    if member.minimum:
        yield "", "minimum", "too few", [smallest(member.item)] * (int(member.minimum) - 1)
    if member.maximum is not None:
        yield "", "maximum", "too many", [smallest(member.item)] * (int(member.maximum) + 1)


def _numbers(member: Member) -> Iterator[tuple[str, str, str, Any]]:
    yield "", "type", "a text for a number", "12000"
    yield "", "type", "a boolean for a number", True
    yield "", "type", "a fraction for a whole number", 12000.5
    if member.minimum is not None:
        yield "", "minimum", "too small", int(member.minimum) - 1
    if member.maximum is not None:
        yield "", "maximum", "too large", int(member.maximum) + 1


def _texts(member: Member) -> Iterator[tuple[str, str, str, Any]]:
    yield "", "type", "a number for a text", 5
    yield "", "type", "a list for a text", ["text"]
    if member.kind == "enum":
        yield "", "enum", "a value that does not exist", "no.such.value"
        yield "", "enum", "a known value in other letters", member.enum[0].swapcase()
        yield "", "enum", "an empty text", ""
        return
    sound = SAMPLES.get(member.shape, "x")
    if member.minimum:
        yield "", "minimum", "too short", sound[: int(member.minimum) - 1]
    if member.maximum is not None:
        yield "", "maximum", "too long", sound + "x" * (int(member.maximum) + 1 - len(sound))
    if member.pattern is not None:
        core = member.pattern.removeprefix("^").removesuffix("$")  # older models write them
        if core != ".*":
            yield "", "pattern", "another text", "!" * max(int(member.minimum or 1), 1)
        if not core.endswith((".*", "(.*)", "|None)", r"\S*", "]*)")):
            yield "", "pattern", "a sound text and more", sound + "!"
        yield "", "pattern", "a line feed at its end", sound + "\n"
