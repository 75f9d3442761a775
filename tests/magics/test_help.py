"""What help says: the synopsis, one option, and every member below it, in AWS's own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.magics.documentation import help_text
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import options
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member
from tests.magics.conftest import UPDATE as MAGIC
from tests.magics.conftest import Notebook

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parent / "reference.json").read_text("utf-8"))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_synopsis_names_every_option_with_what_it_is_for(operation: str) -> None:
    text = help_text(operation)
    for row in options(operation).values():
        usage = row.usage if row.required else f"[{row.usage}]"
        assert text.count(usage) >= 1
        assert f"\n  {row.usage}\n" in text
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_option_has_its_own_help(operation: str) -> None:
    for row in options(operation).values():
        text = help_text(operation, [row.flag])
        assert text.startswith(row.usage)
        assert row.widget.split()[0] in text


def test_help_of_a_structure_tells_every_member_of_the_reference() -> None:
    text = help_text(UPDATE, ["user-settings"])
    for path in REFERENCE[UPDATE]["members"]:
        name = path.rpartition(".")[2]
        assert not path.startswith("UserSettings.") or name.endswith("[]") or f" {name} -> (" in text
    sharing = input_member(UPDATE).members["UserSettings"].members["SharingSettings"]
    assert sharing.help.summary in " ".join(text.split())
    assert "One of: Allowed, Disabled." in text


def test_help_can_be_asked_for_a_part_of_a_structure() -> None:
    path = "JupyterLabAppSettings.CustomImages[]"
    text = help_text(UPDATE, ["--user-settings", path])
    assert text.startswith(f"--user-settings {path} (list of structures)")
    assert "ImageName -> (string) [required]" in text
    assert "ExecutionRole" not in text
    assert "Key -> (string) [required]" in help_text(CREATE, ["--tags"])


def test_several_options_can_be_asked_for_at_once() -> None:
    text = help_text(UPDATE, ["--region", "output"])
    assert "--region <value>" in text
    assert "--output json|yaml|yaml-stream|text|table" in text


@pytest.mark.parametrize(
    ("topics", "reason"),
    [
        (["--regoin"], "update_user_profile has no option --regoin. Did you mean --region?"),
        (["--user-settings", "JupyterLabAppSetings"], "Did you mean JupyterLabAppSettings?"),
        (["--user-settings", "ExecutionRole.x"], "has no member “x”. It has none."),
        (["--region", "x"], "has no option --x."),
    ],
)
def test_a_topic_that_is_not_there_is_named(topics: list[str], reason: str) -> None:
    with pytest.raises(MagicError) as caught:
        help_text(UPDATE, topics)
    assert reason in str(caught.value)


def test_help_is_shown_in_the_cell(notebook: Notebook) -> None:
    assert notebook.run(f"%{MAGIC} help").stdout == help_text(UPDATE)
    shown = notebook.run(f"%{MAGIC} --output help").stdout
    assert shown == notebook.run(f"%{MAGIC} help --output").stdout
    assert shown.startswith("--output json|yaml|yaml-stream|text|table\n")


def test_a_question_mark_shows_the_synopsis(notebook: Notebook) -> None:
    found = notebook.shell.object_inspect(f"%{MAGIC}")
    assert found["docstring"].strip() == help_text(UPDATE).strip()
