"""The forms that are compared: the kit's two, and two that anyone could make, all for an empty UserSettings.

Each knows how to build itself, to open a section and to take an edit as the page sends them, and to be closed.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/service-role/DataScience"
IDLE = "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
EDITS: tuple[tuple[str, Any], ...] = (
    ("ExecutionRole", ROLE),
    (IDLE, "240"),
    (IDLE, "5"),  # refused: a problem appears
    ("JupyterLabAppSettings.DefaultResourceSpec.InstanceType", "ml.t3.large"),
    ("SecurityGroups", ["sg-0123456789abcdef0"]),
    ("StudioWebPortalSettings.HiddenAppTypes", []),
    ("ExecutionRole", None),
)
"""Paths below UserSettings, and values as the page sends them: text, number, wrong number, choice, lists, unset."""


def page_sets(widget: Any, **state: Any) -> None:
    """Set traits as a message from the page does."""
    widget._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


class Subject(ABC):
    """One form to measure."""

    lazy = False
    """Whether sections are built when they are opened; otherwise opening one is like opening any other."""

    @abstractmethod
    async def build(self) -> Any:
        """Return the form, ready to be shown."""

    @abstractmethod
    def sections(self, form: Any) -> list[Any]:
        """Return what can be opened, as :meth:`open` takes it."""

    @abstractmethod
    def open(self, form: Any, section: Any) -> None:
        """Open a section as the page does."""

    @abstractmethod
    def edits(self, form: Any) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield edits: what is edited, and the act."""

    def close(self, form: Any) -> None:
        """Close the form as its documentation says."""
        form.close()


class Ours(Subject):
    """The kit's SettingsEditor."""

    lazy = True

    async def build(self) -> Any:
        from profile_widgets import SettingsEditor, UserSettings

        return SettingsEditor(UserSettings())

    def sections(self, form: Any) -> list[Any]:
        return list(range(len(self.editor(form).children)))

    def open(self, form: Any, section: Any) -> None:
        page_sets(self.editor(form).children[section], expanded=True)

    def editor(self, form: Any) -> Any:
        """Return the form with the sections."""
        return form

    def edits(self, form: Any) -> Iterator[tuple[str, Callable[[], None]]]:
        fields = {each.place: each for each in _below(self.editor(form))}
        root = self.editor(form).settings.path
        for path, value in EDITS:
            field = fields[f"{root}.{path}" if root else path]
            yield path, lambda field=field, value=value: page_sets(field, value=value)  # type: ignore[misc]


def _below(editor: Any) -> Iterator[Any]:
    for child in getattr(editor, "children", ()):
        yield from _below(child) if getattr(child, "children", ()) else (child,)


class Page(Ours):
    """The kit's UserProfileEditor with a stored profile of the sandbox that the environment names."""

    async def build(self) -> Any:
        from profile_widgets import UserProfileEditor

        return await UserProfileEditor(os.environ["BENCHMARK_DOMAIN"], os.environ["BENCHMARK_PROFILE"]).ready()

    def editor(self, form: Any) -> Any:
        return form.form


class Plain(Subject):
    """A stock Accordion: for each structure a box of Texts, for the loose members one more."""

    async def build(self) -> Any:
        import ipywidgets

        from benchmarks.schema import leaves
        from profile_widgets.model import shape

        boxes: dict[str, list[Any]] = {}
        for path in leaves(shape("UserSettings")):
            title, _, name = path.rpartition(".")
            text = ipywidgets.Text(description=name, continuous_update=False)
            boxes.setdefault(title.partition(".")[0] or "Other", []).append(text)
        children = [ipywidgets.VBox(texts) for texts in boxes.values()]
        return ipywidgets.Accordion(children=children, titles=tuple(boxes))

    def sections(self, form: Any) -> list[Any]:
        return list(range(len(form.children)))

    def open(self, form: Any, section: Any) -> None:
        page_sets(form, selected_index=section)

    def edits(self, form: Any) -> Iterator[tuple[str, Callable[[], None]]]:
        text = form.children[0].children[0]
        yield "a text", lambda: page_sets(text, value=ROLE)


class JsonSchema(Subject):
    """ipywidgets-jsonschema's form of the same structure."""

    def __init__(self) -> None:
        self._schema: Any = None

    async def build(self) -> Any:
        from ipywidgets_jsonschema import Form

        if self._schema is None:
            from benchmarks.schema import json_schema
            from profile_widgets.model import shape

            self._schema = json_schema(shape("UserSettings"))
        return Form(self._schema).widget

    def sections(self, form: Any) -> list[Any]:
        return [each for each in form.children if type(each).__name__ == "Accordion"]

    def open(self, _form: Any, section: Any) -> None:
        page_sets(section, selected_index=0)

    def edits(self, form: Any) -> Iterator[tuple[str, Callable[[], None]]]:
        text = next(each for each in _widgets(form) if type(each).__name__ == "Text")
        yield "a text", lambda: page_sets(text, value=ROLE)


def _widgets(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _widgets(child)


SUBJECTS: dict[str, Subject] = {"ours": Ours(), "page": Page(), "plain": Plain(), "jsonschema": JsonSchema()}
