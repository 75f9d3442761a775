"""Rules about the resources that apps start with: instance types, training plans, idle times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, shown
from profile_widgets.checks.rules.case import App, Case
from profile_widgets.checks.rules.reading import arn, number, structure, word
from profile_widgets.checks.rules.registry import Finding, Findings, error, information, rule, warning

SYSTEM = "system"
WITH_TRAINING_PLANS = frozenset({"JupyterLab", "CodeEditor"})
ENABLED = "ENABLED"
SHORTEST, LONGEST = 60, 525_600
"""The bounds of idle times, in minutes: an hour and a year."""

_IDLE = ("AppLifecycleManagement", "IdleSettings")
_MIN, _TIMEOUT, _MAX = "MinIdleTimeoutInMinutes", "IdleTimeoutInMinutes", "MaxIdleTimeoutInMinutes"


@rule(
    1,
    "instance-type-of-app",
    paths=(
        "UserSettings.JupyterServerAppSettings.DefaultResourceSpec.InstanceType",
        "UserSettings.KernelGatewayAppSettings.DefaultResourceSpec.InstanceType",
    ),
    severities=(ERROR, INFORMATION),
)
def instance_type_of_app(case: Case) -> Findings:
    """Ask for ``system`` under JupyterServer; say that Studio's pages do not use KernelGateway's default."""
    for app in case.apps_settings:
        kind = word(app.spec, "InstanceType")
        place = f"{app.spec_path}.InstanceType"
        if app.kind == "JupyterServer" and kind and kind != SYSTEM:
            text = f"JupyterServer apps run on “{SYSTEM}” only, not on {shown(kind)}."
            yield error(place, text, case.setting(place, SYSTEM))
        elif app.kind == "KernelGateway" and kind:
            means = f"Here “{SYSTEM}” means ml.t3.medium. " if kind == SYSTEM else ""
            text = (
                f"{means}Studio's own pages do not use this default: it is for apps that the CLI or CloudFormation "
                "creates without an instance type."
            )
            yield information(place, text)


@rule(
    6,
    "training-plan-of-app",
    paths=("UserSettings.*AppSettings.DefaultResourceSpec.TrainingPlanArn",),
    severities=(WARNING,),
)
def training_plan_of_app(case: Case) -> Findings:
    """Warn of a training plan where the app takes none."""
    for app in case.apps_settings:
        if app.kind not in WITH_TRAINING_PLANS and arn(app.spec, "TrainingPlanArn"):
            place = f"{app.spec_path}.TrainingPlanArn"
            text = f"{app.kind} apps take no training plan; JupyterLab and Code Editor do. Set it there instead."
            yield warning(place, text, *case.leaving_out(place))


@rule(
    11,
    "idle-times",
    paths=("UserSettings.*AppSettings.AppLifecycleManagement.IdleSettings.*",),
    severities=(ERROR, WARNING, INFORMATION),
)
def idle_times(case: Case) -> Findings:
    """Ask for idle times in bounds and in order; warn when they have no effect."""
    given = {each.member: structure(each.settings, *_IDLE) for each in case.inherited_apps}
    for app in case.apps_settings:
        own = structure(app.settings, *_IDLE)
        if own:
            path = f"{app.path}.{'.'.join(_IDLE)}"
            yield from _bounds(own, path)
            yield from _order(case, own, given.get(app.member, {}), path)
            yield from _effect(case, own, app, path)


def _bounds(own: Mapping[str, object], path: str) -> Findings:
    for name in (_MIN, _TIMEOUT, _MAX):
        minutes = number(own, name)
        if minutes is not None and not SHORTEST <= minutes <= LONGEST:
            yield error(f"{path}.{name}", f"From {SHORTEST} to {LONGEST:,} minutes; this is {shown(minutes)}.")


def _order(case: Case, own: Mapping[str, object], given: Mapping[str, object], path: str) -> Findings:
    low, timeout, high = (_minutes(own, name) for name in (_MIN, _TIMEOUT, _MAX))
    if low is not None and high is not None and low > high:
        text = f"The shortest idle time that people may choose ({low:,}) is longer than the longest ({high:,})."
        changes = (case.change(f"{path}.{_MIN}", high), case.change(f"{path}.{_MAX}", low))
        swap = (Fix("Swap the two", changes),) if timeout is None or high <= timeout <= low else ()
        yield error((f"{path}.{_MIN}", f"{path}.{_MAX}"), text, *swap)
    elif timeout is not None:
        yield from _outside(case, path, timeout, own, given)
        if low == timeout == high:
            yield information(f"{path}.{_TIMEOUT}", f"All three are {timeout:,}: nobody can choose another idle time.")


def _outside(
    case: Case, path: str, timeout: int, own: Mapping[str, object], given: Mapping[str, object]
) -> Iterator[Finding]:
    """Yield what is wrong with a timeout beyond a bound; one that only the domain sets may not hold, so it warns."""
    place = f"{path}.{_TIMEOUT}"
    limits = {name: _minutes(own, name) or _minutes(given, name) for name in (_MIN, _MAX)}
    in_order = (limits[_MIN] or SHORTEST) <= (limits[_MAX] or LONGEST)
    for name, kind, sign in ((_MIN, "shortest", 1), (_MAX, "longest", -1)):
        limit, inherited = limits[name], _minutes(own, name) is None
        if limit is None or timeout * sign >= limit * sign:
            continue
        if not inherited:
            text = f"{timeout:,} minutes is beyond the {kind} idle time that people may choose, {limit:,}."
            yield error(place, text, case.setting(place, limit), case.setting(f"{path}.{name}", timeout))
        elif in_order:  # a domain that contradicts itself, or this profile, sets no limit that could be kept
            text = f"{timeout:,} minutes is beyond the {kind} idle time that the domain lets people choose, {limit:,}."
            yield warning(place, text, case.setting(place, limit))


def _minutes(node: Mapping[str, object], name: str) -> int | None:
    minutes = number(node, name)
    return minutes if minutes is not None and SHORTEST <= minutes <= LONGEST else None


def _effect(case: Case, own: Mapping[str, object], app: App, path: str) -> Findings:
    """Yield a warning when idle times are set, and idle shutdown is not on."""
    first = next((name for name in (_TIMEOUT, _MIN, _MAX) if number(own, name) is not None), None)
    if first is None or case.in_force("LifecycleManagement", app.member, *_IDLE) == ENABLED:
        return
    unless = "" if case.inherits or "LifecycleManagement" in own else ", unless the domain enables it"
    text = f"Idle times have no effect without LifecycleManagement {ENABLED}{unless}."
    yield warning(f"{path}.{first}", text, case.setting(f"{path}.LifecycleManagement", ENABLED))
