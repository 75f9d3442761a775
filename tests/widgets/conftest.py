"""What the widget tests share: a witness that every widget is freed, and a way to speak as the page does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import boto3
import pytest
import pytest_asyncio
from ipywidgets import Widget
from ipywidgets.widgets import widget as ipywidgets_widget

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.model.settings import Structure
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.app import UserProfileEditor

RESEARCH = "research"


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


# -- a form alone ------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings() -> Structure:
    return UserSettings()


@pytest.fixture
def form(settings: Structure) -> Iterator[SettingsEditor]:
    made = SettingsEditor(settings)
    made.expand()
    yield made
    made.close()


# -- the page on a sandbox -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    yield shared
    shared.reset()


@pytest.fixture
def sagemaker(sandbox: Sandbox) -> Any:
    return boto3.client(
        "sagemaker",
        endpoint_url=sandbox.endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def domains(sagemaker: Any) -> dict[str, str]:
    return {domain["DomainName"]: domain["DomainId"] for domain in sagemaker.list_domains()["Domains"]}


@pytest_asyncio.fixture
async def editor(sandbox: Sandbox, domains: dict[str, str]) -> AsyncIterator[UserProfileEditor]:
    made = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    yield made
    made.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; the test's own time limit ends it."""
    while not holds():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.02)


async def settled(editor: UserProfileEditor) -> None:
    """Wait until the editor has nothing under way."""
    while running := tuple(editor._tasks._running):
        await asyncio.wait([asyncio.wrap_future(future) for future in running])
