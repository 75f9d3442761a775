"""What people paste around a request: DescribeUserProfile's answer, or the settings alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.registry import Found
from profile_widgets.model.shapes import CREATE, UPDATE, input_member, service_model, shape

SETTINGS = "UserSettings"


def opened(found: Found) -> dict[str, Any]:
    """Return the request in a document; raises :class:`FormatError` when there is none."""
    document = found.document
    if not isinstance(document, Mapping):
        what = {list: "a list", str: "a text", type(None): "nothing"}.get(type(document), "one value")
        raise FormatError(f"It holds no request: it must be an object with DomainId and more, and is {what}.")
    inner = dict(document)
    if _of_answers() & inner.keys():
        return _from_answer(inner, found)
    if _are_settings(inner):
        found.tell(f"These are settings alone: they are read as {SETTINGS}, and name no domain and no profile.")
        return {SETTINGS: inner}
    if found.operation is None and found.tells and _of_creation() & inner.keys():
        found.operation = CREATE
    return inner


@cache
def _members() -> frozenset[str]:
    return frozenset(input_member(CREATE).members)


@cache
def _of_creation() -> frozenset[str]:
    """Return the members that only a create request has."""
    return _members() - input_member(UPDATE).members.keys()


@cache
def _of_answers() -> frozenset[str]:
    """Return the members that only DescribeUserProfile's answer has."""
    answer = service_model().operation_model("DescribeUserProfile").output_shape
    return frozenset(answer.members) - _members()


def _are_settings(document: Mapping[str, Any]) -> bool:
    known = shape(SETTINGS).members
    return any(name in known for name in document) and not _members() & document.keys()


def _from_answer(answer: dict[str, Any], found: Found) -> dict[str, Any]:
    left = sorted(_of_answers() & answer.keys())
    found.tell(f"This is DescribeUserProfile's answer: {', '.join(left)} can be read only, and is left out.")
    return {name: value for name, value in answer.items() if name not in left}
