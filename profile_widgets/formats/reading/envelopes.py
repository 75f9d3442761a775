"""What people paste around a request: DescribeUserProfile's answer, or the settings alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.registry import CertainError, Found
from profile_widgets.model.shapes import CREATE, UPDATE, input_member, service_model, shape

SETTINGS = "UserSettings"
METADATA = "ResponseMetadata"
_OTHERS = (
    "DescribeDomain", "DescribeSpace", "DescribeApp", "DescribeStudioLifecycleConfig", "ListUserProfiles",
    "ListDomains", "ListApps", "ListSpaces",
)  # fmt: skip
"""Calls whose answers people have at hand beside DescribeUserProfile's."""


def opened(found: Found) -> dict[str, Any]:
    """Return the request in a document; raises :class:`FormatError` when there is none."""
    document = found.document
    if isinstance(document, list) and len(document) == 1 and isinstance(document[0], Mapping):
        found.tell("The one item of this list is read.")
        document = document[0]
    if not isinstance(document, Mapping):
        what = {list: "a list", str: "a text", type(None): "nothing"}.get(type(document), "one value")
        raise FormatError(f"It holds no request: it must be an object with DomainId and more, and is {what}.")
    inner = dict(document)
    if inner.pop(METADATA, None) is not None or METADATA in document:
        found.tell(f"{METADATA} is left out: it belongs to the answer of a call.")
    if not inner.keys() <= _members() and (other := _whose(frozenset(inner))):
        raise CertainError(f"It is {other}, and a request to create or update a user profile is wanted.")
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


def _whose(names: frozenset[str]) -> str:
    """Return whose answer or request a document of such members is, if it is of another call; else ``""``."""
    model = service_model()
    if names == {"UserProfileArn"}:
        return "the answer of a create or update"
    if names <= _members() | _of_answers():
        return ""
    for name in (each for each in _OTHERS if each in model.operation_names):
        answer = model.operation_model(name).output_shape
        if answer is not None and names <= answer.members.keys():
            return f"{name}'s answer"
    for name in ("CreateDomain", "UpdateDomain", "CreateSpace", "UpdateSpace"):
        asked = model.operation_model(name).input_shape if name in model.operation_names else None
        if asked is not None and names <= asked.members.keys() and names & {"DomainName", "DefaultUserSettings"}:
            return f"a request of {name}"
    return ""


def _are_settings(document: Mapping[str, Any]) -> bool:
    known = shape(SETTINGS).members
    return any(name in known for name in document) and not _members() & document.keys()


def _from_answer(answer: dict[str, Any], found: Found) -> dict[str, Any]:
    left = sorted(_of_answers() & answer.keys())
    found.tell(f"This is DescribeUserProfile's answer: {', '.join(left)} can be read only, and is left out.")
    return {name: value for name, value in answer.items() if name not in left}
