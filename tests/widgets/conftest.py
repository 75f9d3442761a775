"""What the widget tests share: a witness that every widget is freed, and a way to speak as the page does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ipywidgets import Widget
from ipywidgets.widgets import widget as ipywidgets_widget


def alive() -> dict[str, Widget]:
    """Return every widget that is open."""
    return dict(ipywidgets_widget._instances)


@pytest.fixture(autouse=True)
def _no_widget_is_left_behind() -> Iterator[None]:
    before = set(alive())
    yield
    left = {key: widget for key, widget in alive().items() if key not in before}
    for widget in left.values():
        widget.close()
    assert not left, f"left open: {[type(widget).__name__ for widget in left.values()]}"


def browser_sets(widget: Widget, **state: Any) -> None:
    """Set traits as a message from the page does."""
    message = {"content": {"data": {"method": "update", "state": state}}, "buffers": []}
    widget._handle_msg(message)


def browser_sends(widget: Widget, **content: Any) -> None:
    """Send a custom message as the page does."""
    message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
    widget._handle_msg(message)
