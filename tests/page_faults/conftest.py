"""An account, a line to it on which faults happen, and windows that ask through this line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import boto3
import pytest
import pytest_asyncio

from profile_widgets.sandbox import Sandbox
from tests.page_faults.line import Line
from tests.page_faults.window import DOMAIN, EDITS, NAME, Window

Open = Callable[..., Awaitable[Window]]


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox as seeded, without delays."""
    shared_sandbox.delay = 0.0
    yield shared_sandbox
    shared_sandbox.reset()


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[Line]:
    """Return the line that leads to the sandbox."""
    line = Line(sandbox)
    yield line
    line.close()


@pytest.fixture
def sagemaker(sandbox: Sandbox) -> Any:
    """Return another way to the sandbox, which shares nothing with ours."""
    session = boto3.Session(aws_access_key_id="other", aws_secret_access_key="other", region_name="eu-west-1")
    return session.client("sagemaker", endpoint_url=sandbox.endpoint_url)


@pytest_asyncio.fixture
async def open_window(line: Line) -> AsyncIterator[Open]:
    """Return what opens the page on a profile through the line, with few tries and short pauses."""
    opened: list[Window] = []

    async def open_one(domain_id: str = DOMAIN, name: str = NAME, **options: Any) -> Window:
        attempts = options.pop("attempts", 2)
        window = Window(line.connection.replace(attempts=attempts), domain_id, name, **options)
        window.editor.draft.pauses = (0.02, 0.05, 0.1)
        opened.append(window)
        return await window.ready()

    yield open_one
    for window in opened:
        window.close()


def stored(sagemaker: Any, name: str = NAME) -> dict[str, Any]:
    """Return the settings that a profile has."""
    found = sagemaker.describe_user_profile(DomainId=DOMAIN, UserProfileName=name)
    return dict(found.get("UserSettings", {}))


def with_edits(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with the edits of these tests in them, and nothing else changed."""
    from profile_widgets.model import documents

    for path, value in EDITS.items():
        settings = documents.put(settings, path, value)
    return settings


def lift(line: Line, sandbox: Sandbox) -> None:
    """Take every fault away."""
    line.calm()
    sandbox._account.faults.clear()
