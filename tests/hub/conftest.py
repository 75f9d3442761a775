"""The proxy that JupyterHub needs, fetched into a cache once."""

from __future__ import annotations

import subprocess

import pytest

from tests.hub.running import ROOT


@pytest.fixture(scope="session")
def hub_proxy() -> str:
    """Return the path of configurable-http-proxy; skip where neither it nor npm is to be had."""
    pytest.importorskip("jupyterhub", reason="JupyterHub is not installed here")
    found = subprocess.run([ROOT / "scripts" / "hub-proxy"], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(found.stderr.strip().splitlines()[-1])
    return found.stdout.strip().splitlines()[-1]
