"""Rules about lifecycle configurations: scripts that run when an app starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from profile_widgets.checks.problems import ERROR, WARNING, Fix, shown
from profile_widgets.checks.rules.apps import SYSTEM
from profile_widgets.checks.rules.case import App, Case
from profile_widgets.checks.rules.reading import NONE, arn, items, last_part, words
from profile_widgets.checks.rules.registry import Findings, error, rule, warning

KINDS = ("JupyterServer", "KernelGateway", "JupyterLab", "CodeEditor")
"""The kinds of app that a lifecycle configuration can be made for."""


@rule(
    2,
    "lifecycle-needs-resources",
    paths=("UserSettings.JupyterServerAppSettings.LifecycleConfigArns",),
    severities=(ERROR,),
)
def lifecycle_needs_resources(case: Case) -> Findings:
    """Ask for default resources beside JupyterServer's lifecycle configurations."""
    for app in case.apps_settings:
        alone = app.settings.get("DefaultResourceSpec") is None and items(app.settings, "LifecycleConfigArns")
        if app.kind == "JupyterServer" and alone:
            text = "AWS asks for DefaultResourceSpec beside LifecycleConfigArns: set its InstanceType to “system”."
            fix = case.setting(app.spec_path, {"InstanceType": SYSTEM}, f"Add DefaultResourceSpec, on {SYSTEM}")
            yield error(f"{app.path}.LifecycleConfigArns", text, fix)


@rule(
    3,
    "default-lifecycle-listed",
    paths=("UserSettings.*AppSettings.DefaultResourceSpec.LifecycleConfigArn",),
    severities=(WARNING,),
)
def default_lifecycle_listed(case: Case) -> Findings:
    """Warn of a default lifecycle configuration that is not in the app's list, its own or else the domain's."""
    inherited = {app.member: words(app.settings, "LifecycleConfigArns") for app in case.inherited_apps}
    for app in case.apps_settings:
        default = arn(app.spec, "LifecycleConfigArn")
        if not default or app.kind not in KINDS:
            continue
        own = app.settings.get("LifecycleConfigArns")
        listed = words(app.settings, "LifecycleConfigArns") if own is not None else inherited.get(app.member, [])
        if default not in listed and (own is None or isinstance(own, (list, tuple))):
            text = (
                f"{shown(last_part(default))} is the default, but not in LifecycleConfigArns: "
                f"{app.kind} would fail to start with it. Put it into that list too."
            )
            fixes = (_listing(case, app, default, listed),) if own is not None or case.complete else ()
            yield warning(f"{app.spec_path}.LifecycleConfigArn", text, *fixes)


def _listing(case: Case, app: App, default: str, listed: list[str]) -> Fix:
    """Return the way out that puts the default into the list, which would hide the domain's: so with the domain's."""
    after = [*items(app.settings, "LifecycleConfigArns")] or listed
    place = f"{app.path}.LifecycleConfigArns"
    return case.setting(place, [*after, default], f"Add {shown(last_part(default))} to LifecycleConfigArns")


class _Use(NamedTuple):
    arn: str
    kind: str
    path: str


@rule(
    4,
    "lifecycle-app-type",
    paths=(
        "UserSettings.*AppSettings.DefaultResourceSpec.LifecycleConfigArn",
        "UserSettings.*AppSettings.LifecycleConfigArns[*]",
        "UserSettings.*AppSettings.BuiltInLifecycleConfigArn",
    ),
    severities=(WARNING,),
)
def lifecycle_app_type(case: Case) -> Findings:
    """Warn of a lifecycle configuration that stands for several kinds of app: it is made for one."""
    uses: dict[str, list[_Use]] = {}
    for app in case.apps_settings:
        for use in _uses(app):
            uses.setdefault(use.arn, []).append(use)
    given = {use.arn: use.kind for app in case.inherited_apps for use in _uses(app)} if uses else {}
    for name, places in uses.items():
        yield from _wrong_kind(case, name, places, given.get(name, ""))


def _uses(app: App) -> Iterator[_Use]:
    default, built_in = arn(app.spec, "LifecycleConfigArn"), arn(app.settings, "BuiltInLifecycleConfigArn")
    if default:
        yield _Use(default, app.kind, f"{app.spec_path}.LifecycleConfigArn")
    if built_in:
        yield _Use(built_in, app.kind, f"{app.path}.BuiltInLifecycleConfigArn")
    for index, each in enumerate(items(app.settings, "LifecycleConfigArns")):
        if isinstance(each, str) and each not in ("", NONE):
            yield _Use(each, app.kind, f"{app.path}.LifecycleConfigArns[{index}]")


def _wrong_kind(case: Case, name: str, uses: list[_Use], given: str) -> Findings:
    script = shown(last_part(name))
    made_for = (case.lifecycle_types or {}).get(name)
    for use in uses:
        if made_for is not None and use.kind != made_for:
            yield warning(use.path, f"{script} is made for {made_for}: {use.kind} does not start with it.")
        elif use.kind not in KINDS:
            text = (
                f"Lifecycle configurations are made for {', '.join(KINDS[:-1])} or {KINDS[-1]}, never for {use.kind}."
            )
            yield warning(use.path, text)
    fitting = [use for use in uses if use.kind in KINDS]
    kinds = list(dict.fromkeys(use.kind for use in fitting))
    if made_for is not None or not kinds:
        return
    paths = tuple(use.path for use in fitting)
    only = "It is made for one kind of app, and no other starts with it: take it out where it is wrong."
    if len(kinds) > 1:
        yield warning(paths, f"{script} stands for {', '.join(kinds[:-1])} and {kinds[-1]}. {only}")
    elif given in KINDS and given != kinds[0]:
        yield warning(paths, f"{script} stands for {kinds[0]} here, for {given} in the domain's defaults. {only}")
