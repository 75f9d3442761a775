"""The kit's own front-end code, sent once for each form.

An anywidget carries its JavaScript with every instance. So every widget of ours has the same tiny loader as its code,
and an invisible :class:`Code` widget brings each module: the form's first, the fields' when the first section opens.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import ipywidgets
import traitlets

MODULES = ("kit", "form", "searching", "fields", "app", "review", "tools", "panels", "starting", "instances")
"""The modules in ``static/`` that renderers live in."""
STYLES = ("kit", "fields", "app", "tools", "panels", "starting", "instances")
"""The modules that bring a style sheet."""


ASSUMED = ("_dom_classes", "_view_count", "tabbable", "tooltip")
"""Traits of ipywidgets' DOMWidget whose empty value is the default of DOMWidgetModel too."""


def _read(name: str) -> str:
    return resources.files("profile_widgets.widgets").joinpath("static").joinpath(name).read_text(encoding="utf-8")


def squeezed(text: str, between: str = "\n") -> str:
    """Return source without indentation, empty lines and lines that are wholly a comment, to send fewer bytes.

    ``between`` joins the lines: a style sheet needs nothing there, a program needs its line feeds.
    """
    lines = (line.strip() for line in text.splitlines())
    kept: list[str] = []
    comment = False
    for line in lines:
        if comment or line.startswith("/*"):
            comment = "*/" not in line
        elif line and not line.startswith("//"):
            kept.append(line)
    return between.join(kept)


@lru_cache(maxsize=1)
def digest() -> str:
    """Return a digest of all front-end code, so that two versions of the kit on one page do not mix."""
    files = ["loader.js", *(f"{module}.js" for module in MODULES), *(f"{module}.css" for module in STYLES)]
    text = "".join(_read(name) for name in files)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def source(name: str) -> str:
    """Return a file of ``static/`` as it is sent."""
    return squeezed(_read(name), "" if name.endswith(".css") else "\n").replace("@KIT@", digest())


@lru_cache(maxsize=1)
def front_end_version() -> str:
    """Return the version range of anywidget's front end that fits the installed package."""
    from anywidget._version import _ANYWIDGET_SEMVER_VERSION

    return str(_ANYWIDGET_SEMVER_VERSION)


def record(help_text: str) -> Any:
    """Return a trait for a plain dict, or ``None`` when there is nothing to show."""
    return traitlets.Union([traitlets.Dict()], default_value=None, allow_none=True, help=help_text).tag(sync=True)


class KitWidget(ipywidgets.DOMWidget):  # type: ignore[misc]
    """Be a widget rendered by anywidget's front end.

    It declares what :class:`anywidget.AnyWidget` would: that class adds traits to each instance, which makes a new
    Python class each time and takes five times as long.
    """

    _model_name = traitlets.Unicode("AnyModel").tag(sync=True)
    _model_module = traitlets.Unicode("anywidget").tag(sync=True)
    _model_module_version = traitlets.Unicode().tag(sync=True)
    _view_name = traitlets.Unicode("AnyView").tag(sync=True)
    _view_module = traitlets.Unicode("anywidget").tag(sync=True)
    _view_module_version = traitlets.Unicode().tag(sync=True)
    _esm = traitlets.Unicode().tag(sync=True)
    _anywidget_id = traitlets.Unicode().tag(sync=True)
    _kind = traitlets.Unicode().tag(sync=True)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state to send; of a whole state, what ipywidgets' front end assumes anyway is left out."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if key is None:
            for name in ASSUMED:
                if not state.get(name, True):
                    del state[name]
        return state

    @traitlets.default("_model_module_version")
    def _front_end(self) -> str:
        return front_end_version()

    @traitlets.default("_view_module_version")
    def _front_end_view(self) -> str:
        return front_end_version()

    @traitlets.default("_anywidget_id")
    def _code_identity(self) -> str:
        return f"pw.{digest()}"

    @traitlets.default("_esm")
    def _loader(self) -> str:
        return source("loader.js")


class Code(KitWidget):
    """Bring one module of front-end code, and its style sheet, to the page. It shows nothing."""

    _css = traitlets.Unicode().tag(sync=True)

    def __init__(self, module: str, **kwargs: object) -> None:
        css = source(f"{module}.css") if module in STYLES else ""
        super().__init__(
            _kind="code",
            _esm=source(f"{module}.js"),
            _css=css,
            _anywidget_id=f"profile_widgets.{module}.{digest()}",
            **kwargs,
        )
