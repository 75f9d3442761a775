"""What stands against a draft: constraints and rules, what AWS cannot undo or would lose, and what others changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from profile_widgets.aws.protocol import AppSummary, Described, DescribedDomain
from profile_widgets.checks import check
from profile_widgets.checks.clearing import clearing, cure
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, Problem, ordered, shown
from profile_widgets.editing.stranger import losses
from profile_widgets.errors import InvalidSettingsError
from profile_widgets.model import documents
from profile_widgets.model.complaints import complaints
from profile_widgets.model.documents import Change, join
from profile_widgets.model.merging import Clash
from profile_widgets.model.shapes import CREATE, shape

SETTINGS = "UserSettings"
NEWER = frozenset({"enum", "pattern", "maximum"})
"""The rules that a value stored by a newer AWS may break. Botocore checks none of them, so such a value can be sent."""


@dataclass(frozen=True)
class Standing:
    """Hold what a request is judged by.

    ``loaded`` and ``wanted`` are the settings as they were loaded and as they are edited, ``removed`` the changes of
    the request that take something away, ``unknown`` the paths of members in the stored profile that the installed
    botocore does not know, ``apps`` the profile's apps (``None``: not looked up), ``clashes`` the fields that somebody
    else changed too, ``lifecycles`` the app types of lifecycle configurations by ARN (``None``: not known).
    """

    loaded: Mapping[str, Any] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)
    removed: Iterable[Change] = ()
    unknown: Iterable[str] = ()
    domain: DescribedDomain | None = None
    apps: Iterable[AppSummary] | None = None
    clashes: Iterable[Clash] = ()
    lifecycles: Mapping[str, str] | None = None


def judge(
    request: Mapping[str, Any], operation: str, standing: Standing, refused: Iterable[Problem] = ()
) -> tuple[Problem, ...]:
    """Return every finding about a request that was made from a loaded profile; ``refused`` is what a policy says."""
    loaded = standing.loaded
    found = check(
        request,
        operation,
        None if standing.domain is None else standing.domain.document,
        loaded=None if operation == CREATE else loaded,
        apps=None if standing.apps is None else [_row(app) for app in standing.apps],
        lifecycles=standing.lifecycles,
    )
    judged = [_kept(problem, request, loaded) for problem in found]
    judged += _removals(standing.removed, standing.domain)
    judged += losses(request, standing.unknown)
    judged += _clashes(standing.clashes, standing.wanted)
    judged += refused
    return ordered(judged)


def _row(app: AppSummary) -> dict[str, str]:
    """Return an app as ListApps shows it."""
    return {"AppName": app.name, "AppType": app.kind, "Status": app.status, "SpaceName": app.space}


def _kept(problem: Problem, request: Mapping[str, Any], loaded: Mapping[str, Any]) -> Problem:
    """Let a stored value that the installed model does not allow pass: it is newer, not wrong."""
    if problem.rule not in NEWER or not problem.blocks:
        return problem
    sent = documents.get(request, problem.path)
    if not any(documents.same(sent, stored) for stored in _stored({SETTINGS: loaded}, problem.path)):
        return problem
    text = "Stored so, and kept. The installed botocore does not know this value; a newer boto3 may."
    return replace(problem, severity=INFORMATION, message=text, fixes=())


def _stored(loaded: Mapping[str, Any], path: str) -> list[Any]:
    """Return what is stored at a path; where it leads through a list, at any position, for items may have moved."""
    found: list[Any] = [loaded]
    for step in documents.steps(path):
        if isinstance(step, int):
            found = [item for node in found if isinstance(node, list) for item in node]
        else:
            found = [node[step] for node in found if isinstance(node, Mapping) and step in node]
    return found


def held_by_apps(changed: Iterable[str], running: Iterable[AppSummary]) -> Iterator[Problem]:
    """Refuse what AWS refuses while apps run, when they were looked up just now (service contract, "Errors")."""
    names = ", ".join(f"{app.kind} “{app.name}”" for app in running)
    if names and "SecurityGroups" in changed:
        text = f"AWS refuses other security groups while apps run. Stop these, then send again: {names}."
        yield Problem(join(SETTINGS, "SecurityGroups"), ERROR, text, "running-apps")


def _removals(removed: Iterable[Change], domain: DescribedDomain | None) -> Iterator[Problem]:
    """Refuse what AWS would not do: a member that is left out keeps its stored value."""
    inherited = (domain.settings if domain is not None else None) or {}
    for change in removed:
        path, below = change.path, change.path.removeprefix(f"{SETTINGS}.")
        fixes = [Fix("Back to the loaded value", (Change(path, None, change.before),))]
        way = clearing(below, change.before)
        if way is not None and not documents.same(way.value, change.before):
            fixes.append(Fix(way.label, (Change(path, None, way.value),)))
        given = documents.get(inherited, below)
        if given is not None and not documents.same(given, change.before):
            fixes.append(Fix("Set the domain's value here", (Change(path, None, given),)))
        said = f"Go back to the loaded value, or {cure(below, change.before)}."
        text = f"AWS has no way to unset this: left out, it stays as stored. {said}"
        yield Problem(path, ERROR, text, "unset", tuple(fixes))


def _clashes(clashes: Iterable[Clash], wanted: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the fields that somebody else changed too, as long as they differ from what is stored."""
    for clash in clashes:
        if documents.same(documents.get(wanted, clash.path), clash.theirs):
            continue
        path = join(SETTINGS, clash.path)
        said = "took it out" if clash.theirs is None else f"made it {shown(clash.theirs)}"
        fixes = () if clash.theirs is None else (Fix("Take theirs", (Change(path, None, clash.theirs),)),)
        text = f"Somebody else {said} meanwhile. What you see here would replace that."
        yield Problem(path, WARNING, text, "clash", fixes)


def must_be_readable(described: Described) -> None:
    """Raise :class:`~profile_widgets.errors.InvalidSettingsError` when stored settings have no place in the model."""
    found = tuple(complaints(shape(SETTINGS), described.settings, SETTINGS)) if described.settings is not None else ()
    if found:
        said = " ".join(f"{each.path}: {each.message}" for each in found)
        text = (
            f"What AWS holds of {described.name} cannot be edited here. {said} "
            "Upgrade boto3, or correct the profile with the AWS CLI, then load it again."
        )
        raise InvalidSettingsError(text, found)
