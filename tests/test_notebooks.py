"""The notebooks run from top to bottom, in kernels of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from profile_widgets.lessons import Lesson, administrators
from profile_widgets.page import page_notebook
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
OAUTH = "CanvasAppSettings.IdentityProviderOAuthSettings.SecretArn"
NO_ANSWERS: Mapping[str, tuple[str, str]] = {}
DISKS = "settings.SpaceStorageSettings.DefaultEbsStorageSettings.MaximumEbsVolumeSizeInGb"
TOUR = {
    "profiles": ("answer = 8", "answer = 5"),
    "role": ('answer = "SecurityGroups"', 'answer = "ExecutionRole"'),
    "origins": (
        'answer = dict(ExecutionRole="domain", SecurityGroups="both", StudioWebPortal="domain")',
        (
            'answer = dict(ExecutionRole="here", SecurityGroups="both", StudioWebPortal="domain", '
            'TensorBoardAppSettings="default")'
        ),
    ),
    "change": (f"{DISKS} = 299", f"{DISKS} = 300"),
    "smallest": ("answer = 5", "answer = 60"),
    "parts": (
        'answer = ["ExecutionRole", "JupyterLabAppSettings"]',
        'answer = ["JupyterLabAppSettings", "JupyterServerAppSettings", "SpaceStorageSettings"]',
    ),
    "merged": (
        'answer = {"StudioWebPortal": "mine", "ExecutionRole": "mine"}',
        'answer = {"StudioWebPortal": "mine", "ExecutionRole": "theirs"}',
    ),
    "action": ('answer = "UpdateUserProfile"', 'answer = "sagemaker:UpdateUserProfile"'),
    "export": ('answer = {"json", "terraform"}', 'answer = {"cloudformation", "terraform"}'),
    "mended": (
        'del settings_asked["Canvas"]',
        (
            'settings_asked["ExecutionRole"] = "arn:aws:iam::123456789012:role/AnalystRole"\n'
            'settings_asked["JupyterServerAppSettings"]["DefaultResourceSpec"]["InstanceType"] = "system"'
        ),
    ),
}
"""A wrong answer and the right one to each question of the tour, as a learner writes them."""
ADMINISTRATORS = {
    "count": ("answer = 110", "answer = 10"),
    "mended": (
        'policy_text = policy_text.replace("UserProfil,", "UserProfile,")',
        'policy_text = policy_text.replace("InstanceTyp:", "InstanceType:")',
    ),
    "access": (
        f'answer = {{"{administrators.TYPE}": "edit", "ExecutionRole": "hidden", "{OAUTH}": "hidden"}}',
        f'answer = {{"{administrators.TYPE}": "edit", "ExecutionRole": "read", "{OAUTH}": "hidden"}}',
    ),
    "roles": (
        'rule["edit"].append("ExecutionRole")',
        f'rule["allow"]["ExecutionRole"] = {{"values": {sorted(administrators.ROLES)}}}',
    ),
    "own": (
        'answer = {"template": "{user}", "domain_id": "d-9xk2m4tq7abc"}',
        'answer = {"template": "{local}", "email_domain": "northwind.example", "domain_id": "d-9xk2m4tq7abc"}',
    ),
    "calls": ("answer = 2", "answer = 0"),
    "audit": ('answer = "InstanceType"', 'answer = "UserSettings.ExecutionRole"'),
    "option": ('answer = "--insecure-demo"', 'answer = "--secret-file"'),
}


def executed(
    notebook: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: Mapping[str, str],
    answers: Mapping[str, tuple[str, str]] = NO_ANSWERS,
) -> Any:
    """Return the notebook with its outputs; an exception in a cell fails the test with its traceback."""
    for name, value in sandbox_environment({}, environment).items():
        monkeypatch.setenv(name, value)
    read = nbformat.read(notebook, as_version=4)
    for name, (wrong, right) in answers.items():
        (cell,) = [cell for cell in read.cells if cell.id == f"q-{name}"]
        cell.source = answered(cell.source, wrong, right)
    NotebookClient(read, timeout=120, kernel_name="python3").execute()
    return read


def answered(source: str, wrong: str, right: str) -> str:
    """Return a question's cell with a wrong answer and, after it, the right one in place of the dots."""
    lines = source.splitlines()
    dots = next(number for number, line in enumerate(lines) if line == "..." or line.startswith("answer = "))
    check = lines[-1]
    assert check.startswith("lesson.check(")
    return "\n".join([*lines[:dots], wrong, f"print({check})", right, f"print({check})"])


def views(notebook: Any) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum(VIEW in output.get("data", {}) for output in outputs)


def printed(notebook: Any, cell_id: str) -> str:
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def test_the_page_shows_its_editor_on_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        notebook = executed(page_notebook(), monkeypatch, sandbox.environment)
    assert views(notebook) == 1
    assert [output.output_type for cell in notebook.cells for output in cell.outputs] == ["execute_result"]


@pytest.mark.long
def test_the_tour_needs_no_aws_settings_and_runs_to_its_end_with_no_question_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notebook = executed(NOTEBOOKS / "tour.ipynb", monkeypatch, {})
    assert views(notebook) == 2
    assert "analyst-1" in printed(notebook, "list")
    assert "IdleTimeoutInMinutes" in printed(notebook, "wrong")
    assert printed(notebook, "refused").startswith("refused")
    assert "one press: Set InstanceType to system" in printed(notebook, "mend")
    assert printed(notebook, "submit").startswith("done")
    assert printed(notebook, "conflict").startswith("conflict")
    assert "done" in printed(notebook, "merge")
    assert printed(notebook, "readonly").startswith("failed")
    assert "aws sagemaker update-user-profile" in printed(notebook, "export")
    assert "one press: Set InstanceType to system" in printed(notebook, "check")
    for name in TOUR:
        assert printed(notebook, f"q-{name}").startswith("Not"), name
    assert printed(notebook, "end").startswith("0 of 10 questions")


def test_the_tour_tells_wrong_answers_from_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(NOTEBOOKS / "tour.ipynb", monkeypatch, {}, TOUR)
    for name in TOUR:
        wrong, right = printed(notebook, f"q-{name}").splitlines()
        assert wrong.startswith("Not yet. "), name
        assert right.startswith("Right. "), name
    assert printed(notebook, "submit").startswith("done")
    assert printed(notebook, "end") == "10 of 10 questions are answered rightly. Well done."


@pytest.mark.long
def test_the_administrators_lesson_runs_to_its_end_with_no_question_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(NOTEBOOKS / "administrators.ipynb", monkeypatch, {})
    assert views(notebook) == 1
    assert printed(notebook, "load").count("Did you mean") == 2
    assert "1 to change" in printed(notebook, "explain")
    assert printed(notebook, "refused").count("Locked by the policy") == 2
    assert printed(notebook, "allowed").startswith("done")
    assert printed(notebook, "audit").count("refused by policy") == 2
    assert "would not be safe" in printed(notebook, "unsafe")
    assert [line.split()[-1] for line in printed(notebook, "nobody").splitlines() if ":  " in line] == ["403"] * 3
    for name in ADMINISTRATORS:
        assert printed(notebook, f"q-{name}").startswith("Not"), name


def test_the_administrators_lesson_tells_wrong_answers_from_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(NOTEBOOKS / "administrators.ipynb", monkeypatch, {}, ADMINISTRATORS)
    for name in ADMINISTRATORS:
        told = printed(notebook, f"q-{name}")
        assert told.startswith("Not yet. "), name
        assert "\nRight. " in told, name
    assert "by a name of elsewhere: 421" in printed(notebook, "nobody")
    assert printed(notebook, "end").endswith("8 of 8 questions are answered rightly. Well done.")


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


@pytest.mark.parametrize("lesson", ["tour", "administrators"])
def test_every_question_of_a_lesson_is_asked_in_its_notebook_and_none_besides(lesson: str) -> None:
    cells = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4).cells
    asked = [cell.id.removeprefix("q-") for cell in cells if cell.cell_type == "code" and cell.id.startswith("q-")]
    assert asked == list(Lesson(lesson).questions)
    sections = [cell.source for cell in cells if cell.source.startswith("## ")]
    assert len(sections) - len(asked) == 2  # tidying up, and where to go from here


@pytest.mark.parametrize("name", ["tour.ipynb", "administrators.ipynb", "commands.ipynb"])
def test_every_step_of_a_lesson_is_explained(name: str) -> None:
    cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    assert cells[0].cell_type == "markdown"
    in_a_row = 0
    for cell in cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        assert in_a_row <= 2, cell.source
