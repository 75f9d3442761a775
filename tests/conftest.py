"""What all tests share: the browser that is installed here, and a clean AWS environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REAL = ("browser", "hub", "magics", "page")
"""Folders whose tests drive a browser, a server or a kernel of their own: a busy machine is late."""
NEVER_AGAIN = ("test_faults.py", "test_gate.py", "test_payloads.py", "test_policy.py", "test_safety.py")
"""What of them must hold each time: one script that ran, one locked setting that changed, one write too many."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # as root, Chromium does not start otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "run what drives a real browser, server or kernel once more when it fails; the summary names it as RERUN"
    parser.addoption("--once-more", action="store_true", help=text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--once-more"):
        for item in items:
            place = item.path.relative_to(Path(__file__).parent)
            if place.parts[0] in REAL and place.name not in NEVER_AGAIN:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True, scope="session")
def _no_aws_settings_of_the_person() -> Iterator[None]:
    """Keep every test away from the credentials, profiles and endpoints of whoever runs it."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("AWS_")}
    os.environ.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )
    yield
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"):
        os.environ.pop(name, None)
    os.environ.update(kept)


@pytest.fixture(autouse=True, scope="session")
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep drafts, journals and restore points of the tests away from those of whoever runs them."""
    kept, folder = os.environ.get("PROFILE_WIDGETS_DATA_DIR"), tmp_path_factory.mktemp("data") / "profile-widgets"
    os.environ["PROFILE_WIDGETS_DATA_DIR"] = str(folder)
    yield folder
    if kept is None:
        del os.environ["PROFILE_WIDGETS_DATA_DIR"]
    else:
        os.environ["PROFILE_WIDGETS_DATA_DIR"] = kept


@pytest.fixture(autouse=True)
def data_folder(_data_folder: Path) -> Path:
    """Begin each test without anything kept by another one; return where it is kept."""
    shutil.rmtree(_data_folder, ignore_errors=True)
    return _data_folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the installed Chromium: CHROMIUM, or the first that is found."""
    names = (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    assert found, "No Chromium is installed: run scripts/chromium, or leave these tests out with -m 'not browser'."
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Return a headless Chromium.

    One for each module, not for the session: while Playwright's own loop lives, asynchronous tests cannot run in the
    same thread.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGUMENTS))
        yield chromium
        chromium.close()
