"""What stands against a draft: the constraints of its request, and what AWS cannot undo or would lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from profile_widgets.checks import check
from profile_widgets.checks.problems import ERROR, INFORMATION, Problem, ordered
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, join
from profile_widgets.model.labels import label

SETTINGS = "UserSettings"


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
    """Let a stored value that the installed model does not know pass: it is newer, not wrong."""
    if problem.rule != "enum":
        return problem
    stored = documents.get({SETTINGS: loaded}, problem.path)
    if stored is None or stored != documents.get(request, problem.path):
        return problem
    text = "Stored so, and kept. The installed botocore does not know this value; a newer boto3 may."
    return replace(problem, severity=INFORMATION, message=text)


def _removals(removed: Iterable[Change]) -> Iterator[Problem]:
    for change in removed:
        text = "AWS has no way to unset this: leaving it out keeps what is stored. Go back to the loaded value"
        cure = " or clear it (an empty list is sent)." if isinstance(change.before, list) else ", or set another one."
        yield Problem(join(SETTINGS, change.path), ERROR, text + cure, "unset")


def _losses(request: Mapping[str, Any], unknown: Iterable[str]) -> Iterator[Problem]:
    for path in unknown:
        top = documents.steps(path)[:2]
        if len(top) == 2 and top[0] == SETTINGS and str(top[1]) in request.get(SETTINGS, {}):
            text = (
                f"{label(str(top[1]))} holds “{path.rpartition('.')[2]}”, which the installed botocore does not know and "
                "cannot send, so that changing this section could lose it. Upgrade boto3, then change it."
            )
            yield Problem(join(*top), ERROR, text, "unknown-stored")
        elif top and top[0] == SETTINGS:
            text = "Stored in this profile, not known to the installed botocore, and left as it is. A newer boto3 may know it."
            yield Problem(path, INFORMATION, text, "unknown-stored")


