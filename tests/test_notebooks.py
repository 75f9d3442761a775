"""The notebooks run from top to bottom, in kernels of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from profile_widgets.page import page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"


def executed(notebook: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Any:
    """Return the notebook with its outputs; an exception in a cell fails the test with its traceback."""
    for name, value in sandbox_environment({}, environment).items():
        monkeypatch.setenv(name, value)
    read = nbformat.read(notebook, as_version=4)
    NotebookClient(read, timeout=120, kernel_name="python3").execute()
    return read


def views(notebook: Any) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum(VIEW in output.get("data", {}) for output in outputs)


def printed(notebook: Any, cell_id: str) -> str:
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return "".join(output.get("text", "") for output in cell.outputs)


def test_the_page_shows_its_editor_on_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        notebook = executed(page_notebook(), monkeypatch, sandbox.environment)
    assert views(notebook) == 1
    assert [output.output_type for cell in notebook.cells for output in cell.outputs] == ["execute_result"]


def test_the_lesson_needs_no_aws_settings_and_ends_with_the_change_in_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notebook = executed(NOTEBOOKS / "tour.ipynb", monkeypatch, {})
    assert views(notebook) == 2
    assert "analyst-1" in printed(notebook, "list")
    assert "IdleTimeoutInMinutes" in printed(notebook, "wrong")
    assert printed(notebook, "refused").startswith("refused")
    assert printed(notebook, "submit").startswith("done")
    assert printed(notebook, "conflict").startswith("conflict")
    assert "done" in printed(notebook, "merge")
    assert "one press: Set InstanceType to system" in printed(notebook, "check")


def test_the_commands_do_in_a_notebook_what_their_lesson_says(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(NOTEBOOKS / "commands.ipynb", monkeypatch, {})
    assert views(notebook) == 1
    assert '"UserProfileArn": "arn:aws:sagemaker' in printed(notebook, "first")
    assert "analyst-1\n" in printed(notebook, "shape")
    assert "Nothing was sent" in printed(notebook, "refused")
    assert "UserProfileArn: arn:aws:sagemaker" in printed(notebook, "cell")
    assert "[REQUIRED]" in printed(notebook, "skeleton")
    (loaded,) = [cell for cell in notebook.cells if cell.id == "load-request"]
    assert "after='DISABLED'" in loaded.outputs[-1]["data"]["text/plain"]
    assert "AWS::SageMaker::UserProfile" in printed(notebook, "export")
    assert "aws_sagemaker_user_profile" in printed(notebook, "terraform")


@pytest.mark.parametrize("name", ["tour.ipynb", "commands.ipynb"])
def test_every_step_of_a_lesson_is_explained(name: str) -> None:
    cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    assert cells[0].cell_type == "markdown"
    in_a_row = 0
    for cell in cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        assert in_a_row <= 2, cell.source
