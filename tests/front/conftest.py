"""Stages for the kit's front end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.front.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def stage(browser: Browser) -> Iterator[Callable[..., Stage]]:
    """Return a function that shows widgets on a page; nothing may have gone wrong there when the test ends."""
    stages: list[Stage] = []

    def show(widgets: dict[str, Any], **looks: Any) -> Stage:
        stages.append(Stage(browser, widgets, **looks))
        return stages[-1]

    yield show
    for each in stages:
        each.tab.close()
    assert [wrong for each in stages for wrong in each.wrong] == []
