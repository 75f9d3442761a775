"""What a change will do at AWS, in sentences: when it takes hold, and what cannot be taken back.

Everything said here is known from the service contract; where AWS does not settle a matter, nothing is promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.clearing import ANEW, CLEARED_BY_NONE, FOLLOWS_DOMAIN, NONE
from profile_widgets.checks.rules.studio import PRIVATE_ONLY
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.widgets.board import words

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import AppSummary

SETTINGS = "UserSettings"
ONLY_AT_CREATION = frozenset({"CustomPosixUserConfig"})
PERHAPS_ONLY_AT_CREATION = frozenset({"RStudioServerProAppSettings"})
"""Members of which AWS's own pages disagree whether they can be changed later."""
TAKEN_AT_START = frozenset(
    {
        "AutoMountHomeEFS", "BuiltInLifecycleConfigArn", "CodeRepositories", "CustomFileSystemConfigs", "CustomImages",
        "DefaultResourceSpec", "ExecutionRole", "LifecycleConfigArn", "LifecycleConfigArns", "SecurityGroups",
    }
)  # fmt: skip
"""Members that an app reads when it starts: role, image, instance type, lifecycle, files."""
APP_TYPES = {
    "CanvasAppSettings": "Canvas",
    "CodeEditorAppSettings": "CodeEditor",
    "JupyterLabAppSettings": "JupyterLab",
    "JupyterServerAppSettings": "JupyterServer",
    "KernelGatewayAppSettings": "KernelGateway",
    "RSessionAppSettings": "RSessionGateway",
    "RStudioServerProAppSettings": "RStudioServerPro",
    "TensorBoardAppSettings": "TensorBoard",
}
"""The AppType of the apps that a section is about; every other section is about all apps."""
NAMED = 3
"""How many running apps a sentence names."""

NOT_BACK = f"Cannot be unset afterwards: set another value, or {ANEW}."


def effect(
    change: Change,
    *,
    create: bool = False,
    defaults: Mapping[str, Any] | None = None,
    apps: Iterable[AppSummary] | None = None,
) -> str:
    """Say what a change does, in one to three short sentences.

    ``change`` leads from ``UserSettings`` or from the request's root, ``defaults`` are the domain's settings, ``apps``
    the profile's apps as they were looked up (``None``: they were not).

    Example::

        >>> effect(Change("UserSettings.StudioWebPortalSettings.HiddenAppTypes", ["Canvas"], []))
        'Clears the list.'
    """
    path = change.path.removeprefix(f"{SETTINGS}.")
    if change.after is None and not create:
        return "Left out: AWS keeps what is stored."
    if create:
        return " ".join(_on_creation(path, change.path != path, defaults or {}))
    if documents.top(path) in ONLY_AT_CREATION:
        return "AWS takes this only when a profile is created."
    said = [_value(path, change, documents.get(defaults or {}, path))]
    if change.after != {}:
        said.append(_start(path, apps))
    if documents.top(path) in PERHAPS_ONLY_AT_CREATION:
        said.append("AWS's pages disagree whether this can be changed after creation.")
    if documents.top(path) in PRIVATE_ONLY:
        said.append("Private spaces only.")
    return " ".join(filter(None, said))


def _on_creation(path: str, setting: bool, defaults: Mapping[str, Any]) -> Iterable[str]:
    top, name = documents.top(path), _name(path)
    if not setting:
        if top != "Tags":
            yield "Cannot be changed later."
        return
    inherited = documents.get(defaults, path)
    if top in ONLY_AT_CREATION:
        yield "Cannot be changed later."
    elif top in PERHAPS_ONLY_AT_CREATION:
        yield "AWS may not let this be changed later."
    elif inherited is not None and name in documents.AGGREGATED:
        yield "The domain's apply too."
    elif inherited is not None:
        yield "Does not follow the domain."
    if top in PRIVATE_ONLY:
        yield "Private spaces only."


def _value(path: str, change: Change, inherited: Any) -> str:
    """Say what becomes of the stored value, and whether there is a way back."""
    before, after, name = change.before, change.after, _name(path)
    if after in ([], "", {}):
        return _emptied(name, after, inherited)
    if after == NONE:
        if name in CLEARED_BY_NONE:
            return "Sends “None”: AWS removes the stored version."
        return "Sends “None”: AWS's pattern allows it here, what it does is not documented."
    if before is None:
        return _set_anew(name, after, inherited)
    if not isinstance(after, (list, tuple)):
        return "Replaces the stored value."
    added = inherited and name in documents.AGGREGATED
    return "Replaces the whole list; the domain's apply too." if added else "Replaces the whole list."


def _set_anew(name: str, after: Any, inherited: Any) -> str:
    """Say how a value that is set on the profile for the first time can be taken back."""
    if inherited and name in documents.AGGREGATED:
        return "Adds to the domain's. An empty list clears it again."
    if name in FOLLOWS_DOMAIN:
        return "" if after == FOLLOWS_DOMAIN[name] else f"{FOLLOWS_DOMAIN[name]} follows the domain again."
    if isinstance(after, (list, tuple)):
        back = "An empty list clears it again."
    else:
        back = f"“{NONE}” removes it again." if name in CLEARED_BY_NONE else NOT_BACK
    return back if inherited is None else f"{back} No longer follows the domain."


def _emptied(name: str, after: Any, inherited: Any) -> str:
    if after == []:
        still = inherited and name in documents.AGGREGATED
        return f"Clears the list; the domain's still apply: {words(inherited)}." if still else "Clears the list."
    if after == "":
        return "Sends an empty text; AWS does not say what that does."
    return "Sends an empty structure; what is stored inside it stays."


def _start(path: str, apps: Iterable[AppSummary] | None) -> str:
    """Say which apps have to restart, or that AWS refuses this while they run."""
    steps = [step for step in documents.steps(path) if isinstance(step, str)]
    if not TAKEN_AT_START.intersection(steps):
        return ""
    kind = APP_TYPES.get(steps[0], "")
    running = [f"{app.kind} {app.name}" for app in apps or () if app.running and kind in ("", app.kind)]
    names = ", ".join(running[:NAMED]) + (f" and {len(running) - NAMED} more" if len(running) > NAMED else "")
    if running and steps[0] == "SecurityGroups":
        return f"AWS refuses this while apps run: stop {names}."
    if running:
        return f"Restart to take it up: {names}."
    return "Takes effect when the app starts next." if apps is not None else "Running apps must be restarted."


def _name(path: str) -> str:
    return next((step for step in reversed(documents.steps(path)) if isinstance(step, str)), "")
