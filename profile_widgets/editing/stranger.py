"""Members of a stored profile that the installed botocore does not know: kept, shown, and never sent over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from profile_widgets.checks.problems import ERROR, INFORMATION, Problem, shown
from profile_widgets.model import documents
from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped
from profile_widgets.model.labels import label
from profile_widgets.model.shapes import shape

SETTINGS = "UserSettings"
_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")


def losses(request: Mapping[str, Any], unknown: Iterable[str]) -> Iterator[Problem]:
    """Return a finding for each unknown member: an error where the request would send its section."""
    for path in unknown:
        if documents.top(path) != SETTINGS:
            continue
        known, name = _split(path)
        section = _section(known, name)
        if section in request.get(SETTINGS, {}):
            yield Problem(join(SETTINGS, section), ERROR, _refusal(section, name), "unknown-stored")
            continue
        text = "not known to the installed botocore, and left as it is. A newer boto3 may know it."
        if documents.can_stand_in_a_path(name):
            yield Problem(join(*known, name), INFORMATION, f"Stored in this profile, {text}", "unknown-stored")
        else:
            yield Problem(join(*known), INFORMATION, f"Stored in here: “{escaped(name)}”, {text}", "unknown-stored")


def locked_sections(raw: Mapping[str, Any], unknown: Iterable[str]) -> dict[str, str]:
    """Return why a section cannot be changed here, by its path, for each that holds an unknown member.

    ``raw`` is the answer of DescribeUserProfile as it came over the wire.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for path in unknown:
        if documents.top(path) != SETTINGS:
            continue
        known, name = _split(path)
        section = _section(known, name)
        if section in shape(SETTINGS).members:
            node = documents.get(raw, join(*known))
            value = shown(node[name]) if isinstance(node, Mapping) and name in node else "a value"
            found.setdefault(section, []).append((name, value))
    return {
        join(SETTINGS, section): f"{_refusal(section, names[0][0])} Stored: {_listed(names)}."
        for section, names in found.items()
    }


def _listed(names: list[tuple[str, str]]) -> str:
    return ", ".join(f"{escaped(name)} = {value}" for name, value in names)


def _section(known: tuple[documents.Step, ...], name: str) -> str:
    """Return the top-level member that an unknown member lives in, itself where it is one."""
    return str(known[1]) if len(known) > 1 else name


def _refusal(section: str, name: str) -> str:
    return (
        f"{label(section)} holds “{escaped(name)}”, which the installed botocore does not know "
        "and cannot send, so that changing this section could lose it. Upgrade boto3, then change it."
    )


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
