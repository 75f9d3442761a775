"""Documents go through the widgets and come out as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.widgets.fields import FieldEditor
from profile_widgets.widgets.structures import ItemsEditor, SectionEditor
from tests.documents import documents
from tests.widgets.conftest import browser_sends, browser_sets

DOCUMENTS = 1000


def editors(parent: Any) -> Iterator[Any]:
    for child in parent.children:
        yield child
        yield from editors(child) if hasattr(child, "children") else ()


def type_in(form: SettingsEditor, document: dict[str, Any]) -> None:
    """Bring a document into an empty form by the messages that a person's hands would cause."""
    for top in form.children:
        _fill(top, document if top.partial else document.get(top.name))


def _fill(section: SectionEditor, document: dict[str, Any] | None) -> None:
    if document is None:
        return
    if not section.partial and not document:
        browser_sends(section, do="empty")
    for child in section.children:
        value = document.get(child.name)
        if value is None:
            continue
        if isinstance(child, SectionEditor):
            _fill(child, value)
        elif isinstance(child, ItemsEditor):
            _fill_items(child, value)
        elif value in ("", []):
            browser_sends(child, do="empty")
        else:
            wire = [str(item) for item in value] if isinstance(value, list) else str(value)
            browser_sets(child, value=wire)


def _fill_items(items: ItemsEditor, values: list[dict[str, Any]]) -> None:
    if not values:
        browser_sends(items, do="empty")
    for index, value in enumerate(values):
        browser_sends(items, do="add", **({"kind": next(iter(value))} if items.kinds else {}))
        _fill(items.children[index], value)


def shown(section: Any) -> dict[str, Any]:
    """Read back what a section's inputs show, as a document of texts."""
    found: dict[str, Any] = {}
    for child in section.children:
        if isinstance(child, FieldEditor):
            if child.value is not None:
                found[child.name] = child.value
        elif isinstance(child, ItemsEditor):
            if child.state != "absent":
                found[child.name] = [shown(item) for item in child.children]
        elif below := shown(child):
            found[child.name] = below
    return found


def as_texts(value: Any) -> Any:
    """Return a document as inputs show it: numbers as texts, structures without content left out."""
    if isinstance(value, dict):
        pairs = {name: as_texts(item) for name, item in value.items()}
        return {name: item for name, item in pairs.items() if item != {}}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    return str(value)


@pytest.mark.parametrize("count", [DOCUMENTS // 5, pytest.param(DOCUMENTS, marks=pytest.mark.long)])
def test_random_documents_survive_model_and_widgets(count: int) -> None:
    reader, writer = UserSettings(), UserSettings()
    showing, typing = SettingsEditor(reader, loaded={}), SettingsEditor(writer, loaded={})
    showing.expand()
    typing.expand()

    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(documents("UserSettings"))
    def survives(document: dict[str, Any]) -> None:
        reader.assign(document)
        assert reader.to_document() == document
        seen: dict[str, Any] = {}
        for top in showing.children:
            part = shown(top)
            seen |= part if top.partial else ({top.name: part} if part else {})
        assert seen == as_texts(document)

        writer.assign(None)
        type_in(typing, document)
        assert writer.to_document() == document

    survives()
    for form in (showing, typing):
        form.close()
