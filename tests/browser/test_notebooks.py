"""The notebooks that we ship run from top to bottom."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.browser.conftest import NOTEBOOKS


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    environment = sandbox_environment(os.environ, sandbox.environment) | {"IPYTHONDIR": str(tmp_path)}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute(env=environment)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
