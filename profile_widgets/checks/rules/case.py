"""What a rule sees: a request, the profile as it is stored, its domain, and what runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from profile_widgets.checks.problems import Fix, shown
from profile_widgets.checks.rules.reading import structure, word
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.shapes import CREATE, UPDATE

SETTINGS = "UserSettings"
RUNNING = frozenset({"InService", "Pending"})
"""The statuses of apps that are up, or on their way up."""

NAMED = 5
"""How many running apps a message names; the others are counted."""

_APP = re.compile(r"([A-Za-z][A-Za-z0-9]{0,60})AppSettings")


@dataclass(frozen=True)
class App:
    """Hold the settings of one kind of app: ``JupyterLab`` for the member ``JupyterLabAppSettings``."""

    kind: str
    member: str
    settings: Mapping[str, Any]
    spec: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Return where these settings are in a request."""
        return f"{SETTINGS}.{self.member}"

    @property
    def spec_path(self) -> str:
        """Return where the default resources are in a request."""
        return f"{SETTINGS}.{self.member}.DefaultResourceSpec"


@dataclass(frozen=True)
class Case:
    """Hold what is judged, and what is known around it.

    ``request`` is what boto3 would get. ``domain`` is a DescribeDomain answer, ``loaded`` the profile's own settings as
    they are stored, ``apps`` rows of ListApps; ``None`` says that it is not known. ``lifecycle_types`` are the kinds of
    app that lifecycle configurations are made for (``JupyterLab``, ...) by ARN, as far as they are known.
    """

    operation: str
    request: Mapping[str, Any]
    domain: Mapping[str, Any] | None = None
    loaded: Mapping[str, Any] | None = None
    apps: tuple[Mapping[str, Any], ...] | None = None
    lifecycle_types: Mapping[str, str] | None = None

    # -- whose values --------------------------------------------------------------------------------------------

    @property
    def creates(self) -> bool:
        """Tell whether the profile is made by this request."""
        return self.operation == CREATE

    @property
    def updates(self) -> bool:
        """Tell whether the profile is there already."""
        return self.operation == UPDATE

    @cached_property
    def sent(self) -> Mapping[str, Any]:
        """Return the settings in the request."""
        return structure(self.request, SETTINGS)

    @cached_property
    def own(self) -> Mapping[str, Any]:
        """Return the profile's own settings as they will be: what is sent over what is stored, member by member."""
        return {**self.loaded, **self.sent} if self.loaded else self.sent

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """Return what the domain gives its profiles; empty when that is not known."""
        return structure(self.domain, "DefaultUserSettings")

    @property
    def complete(self) -> bool:
        """Tell whether all own settings are known: what is not sent may be stored otherwise."""
        return self.creates or self.loaded is not None

    @property
    def inherits(self) -> bool:
        """Tell whether what is inherited is known."""
        return self.domain is not None

    def in_force(self, name: str, *section: str) -> str:
        """Return a text that is in force below a section: the profile's own over the domain's, ``""`` for none."""
        value = structure(self.own, *section).get(name)
        return value if isinstance(value, str) else word(structure(self.defaults, *section), name)

    @cached_property
    def apps_settings(self) -> tuple[App, ...]:
        """Return the profile's own settings of apps, newer kinds of app included."""
        return tuple(_apps(self.own))

    @cached_property
    def inherited_apps(self) -> tuple[App, ...]:
        """Return the settings of apps that the domain gives."""
        return tuple(_apps(self.defaults))

    # -- what changes --------------------------------------------------------------------------------------------

    def sends(self, path: str) -> bool:
        """Tell whether this request is answerable for a path: a create for every one, an update for what it sends."""
        if self.creates:
            return True
        first, _, rest = path.partition(".")
        return documents.top(rest) in self.sent if first == SETTINGS else documents.top(path) in self.request

    def stored(self, path: str) -> Any:
        """Return what the profile holds at a path of the request, ``None`` where it holds nothing or is not known."""
        return documents.get({SETTINGS: self.loaded or {}}, path)

    def changes(self, path: str) -> bool:
        """Tell whether the request sends a text at a path that is not known to be stored there."""
        sent = documents.get(self.request, path)
        return isinstance(sent, str) and sent != self.stored(path)

    # -- ways out ------------------------------------------------------------------------------------------------

    def change(self, path: str, after: Any) -> Change:
        """Return the change of the request that puts a value at a path."""
        return Change(path, documents.get(self.request, path), after)

    def setting(self, path: str, after: Any, label: str = "") -> Fix:
        """Return the way out that sets a value."""
        return Fix(label or f"Set {path.rpartition('.')[2]} to {after}", (self.change(path, after),))

    def leaving_out(self, *paths: str, label: str = "") -> tuple[Fix, ...]:
        """Return the way out that takes members out; there is none for what is stored, which AWS does not unset."""
        if any(self.stored(path) is not None for path in paths):
            return ()
        names = " and ".join(path.rpartition(".")[2] for path in paths)
        return (Fix(label or f"Take {names} out", tuple(self.change(path, None) for path in paths)),)

    # -- what runs -----------------------------------------------------------------------------------------------

    @cached_property
    def running(self) -> str:
        """Return the running apps by name, in words; ``""`` when none runs or they were not looked up."""
        names = [_app_name(each) for each in self.apps or () if word(each, "Status") in RUNNING]
        more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
        named = names[:NAMED] + more
        return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _apps(settings: Mapping[Any, Any]) -> Iterator[App]:
    for name, value in settings.items():
        kind = _APP.fullmatch(name) if isinstance(name, str) else None
        if kind is not None and structure(value) is value:
            yield App(kind[1], name, value, structure(value, "DefaultResourceSpec"))


def _app_name(row: Mapping[str, Any]) -> str:
    space = word(row, "SpaceName")
    return f"{word(row, 'AppType')} {shown(word(row, 'AppName'))}" + (f" in space {shown(space)}" if space else "")
