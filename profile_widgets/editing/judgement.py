"""What stands against a draft: the constraints of its request, and what AWS cannot undo or would lose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from profile_widgets.checks import check, patterns
from profile_widgets.checks.problems import ERROR, INFORMATION, Problem, ordered
from profile_widgets.editing.verdict import NONE
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, join
from profile_widgets.model.halves import escaped
from profile_widgets.model.labels import label
from profile_widgets.model.shapes import shape

SETTINGS = "UserSettings"
CLEARED_BY_NONE = frozenset({"SageMakerImageVersionArn"})
"""The members that the text ``None`` clears, as AWS documents it (service contract, "Update semantics")."""

NEWER = frozenset({"enum", "pattern", "maximum"})
"""The rules that a value stored by a newer AWS may break. Botocore checks none of them, so such a value can be sent."""


_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")


def judge(
    request: Mapping[str, Any],
    operation: str,
    *,
    loaded: Mapping[str, Any],
    removed: Iterable[Change] = (),
    unknown: Iterable[str] = (),
) -> tuple[Problem, ...]:
    """Return every finding about a request that was made from a loaded profile.

    ``loaded`` are the settings as they were loaded, ``removed`` the changes that take something away, ``unknown`` the
    paths of members in the stored profile that the installed botocore does not know.
    """
    found = [_kept(problem, request, loaded) for problem in check(request, operation)]
    found += _removals(removed)
    found += _losses(request, unknown)
    return ordered(found)


def _kept(problem: Problem, request: Mapping[str, Any], loaded: Mapping[str, Any]) -> Problem:
    """Let a stored value that the installed model does not allow pass: it is newer, not wrong."""
    if problem.rule not in NEWER or not problem.blocks:
        return problem
    sent = documents.get(request, problem.path)
    if not any(documents.same(sent, stored) for stored in _stored({SETTINGS: loaded}, problem.path)):
        return problem
    text = "Stored so, and kept. The installed botocore does not know this value; a newer boto3 may."
    return replace(problem, severity=INFORMATION, message=text)


def _stored(loaded: Mapping[str, Any], path: str) -> list[Any]:
    """Return what is stored at a path; where it leads through a list, at any position, for items may have moved."""
    found: list[Any] = [loaded]
    for step in documents.steps(path):
        if isinstance(step, int):
            found = [item for node in found if isinstance(node, list) for item in node]
        else:
            found = [node[step] for node in found if isinstance(node, Mapping) and step in node]
    return found


def _removals(removed: Iterable[Change]) -> Iterator[Problem]:
    for change in removed:
        if isinstance(change.before, list):
            cure = "or clear it (an empty list is sent)."
        elif documents.steps(change.path)[-1] in CLEARED_BY_NONE and _may_be_none(change.path):
            cure = f"or set it to “{NONE}”, which clears it."
        else:
            cure = "or set another one."
        text = f"AWS has no way to unset this: leaving it out keeps what is stored. Go back to the loaded value, {cure}"
        yield Problem(join(SETTINGS, change.path), ERROR, text, "unset")


def _may_be_none(path: str) -> bool:
    member = shape(SETTINGS)
    for step in documents.steps(path):
        member = member.members[str(step)] if member.is_structure else member.item
    return patterns.matches(member.pattern or "", NONE) is True


def _losses(request: Mapping[str, Any], unknown: Iterable[str]) -> Iterator[Problem]:
    for path in unknown:
        if documents.top(path) != SETTINGS:
            continue
        known, name = _split(path)
        section = known[1] if len(known) > 1 else name
        if section in request.get(SETTINGS, {}):
            text = (
                f"{label(str(section))} holds “{escaped(name)}”, which the installed botocore does not know "
                "and cannot send, so that changing this section could lose it. Upgrade boto3, then change it."
            )
            yield Problem(join(SETTINGS, section), ERROR, text, "unknown-stored")
            continue
        text = "not known to the installed botocore, and left as it is. A newer boto3 may know it."
        if documents.can_stand_in_a_path(name):
            yield Problem(join(*known, name), INFORMATION, f"Stored in this profile, {text}", "unknown-stored")
        else:
            yield Problem(join(*known), INFORMATION, f"Stored in here: “{escaped(name)}”, {text}", "unknown-stored")


def _split(path: str) -> tuple[tuple[documents.Step, ...], str]:
    """Split the path of an unknown member into the known way to it and its name, which may hold dots and brackets."""
    member, rest = shape(SETTINGS), path.removeprefix(SETTINGS)
    way: list[documents.Step] = [SETTINGS]
    while (found := _STEP.match(rest)) is not None:
        name, index = found.groups()
        if name is not None and member.is_structure and name in member.members:
            member = member.members[name]
            way.append(name)
        elif index is not None and member.kind == "list":
            member = member.item
            way.append(int(index))
        else:
            break
        rest = rest[found.end() :]
    return tuple(way), rest.removeprefix(".")
