"""The table of options: everything of AWS's reference is in it, no row is empty, and the page is made of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import botocore
import pytest
from ipywidgets.widgets.widget import _instances

from profile_widgets import UserProfileEditor, UserSettings
from profile_widgets.formats.cli_command import option as option_for
from profile_widgets.magics import table
from profile_widgets.magics.environment import OUTPUTS
from profile_widgets.magics.options import CHOICE, KINDS, PLACES, ROWS, options
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member, walk
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import DOMAIN

HERE = Path(__file__).parent
REFERENCE: dict[str, Any] = json.loads((HERE / "reference.json").read_text("utf-8"))
PAGE = HERE.parents[1] / "docs" / "options.md"


def rows_of_the_page() -> list[list[str]]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_option_of_the_reference_is_there_for_its_command(operation: str) -> None:
    assert set(REFERENCE[operation]["options"]) <= set(options(operation))


def test_options_of_the_newer_reference_are_there_for_both_commands() -> None:
    of_the_request = {option_for(name).removeprefix("--") for name in input_member(CREATE).members}
    shared = set(REFERENCE[CREATE]["options"]) - of_the_request
    assert shared <= set(options(UPDATE))
    assert {row.name for row in ROWS} == shared


def test_choices_are_those_of_the_reference() -> None:
    for name, choices in REFERENCE["choices"].items():
        assert set(options(CREATE)[name].choices) == set(choices)
    assert set(REFERENCE["choices"]["output"]) == set(OUTPUTS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_of_the_reference_is_in_the_installed_model_or_on_the_page(operation: str) -> None:
    of_the_page = {cells[0].strip("`") for cells in rows_of_the_page()}
    assert set(REFERENCE[operation]["members"]) <= of_the_page
    installed = {path for path, _ in walk(input_member(operation))}
    assert set(REFERENCE[operation]["members"]) <= installed


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_of_the_request_has_an_option(operation: str) -> None:
    by_member = {row.member.name: row for row in options(operation).values() if row.member is not None}
    assert list(by_member) == list(input_member(operation).members)
    for name, row in by_member.items():
        assert row.flag == option_for(name)
        assert row.required == input_member(operation).members[name].required
        assert set(row.operations) == {each for each in OPERATIONS if name in input_member(each).members}


def test_no_row_is_empty() -> None:
    for operation in OPERATIONS:
        for row in options(operation).values():
            assert all((row.name, row.summary, row.widget, row.python, row.usage))
            assert row.kind in KINDS
            assert bool(row.choices) == (row.kind == CHOICE) or row.member is not None
    for cells in rows_of_the_page():
        assert len(cells) == 5
        assert all(cell.strip("` ") for cell in cells)


def test_the_page_is_what_the_table_makes() -> None:
    """Newer and older botocores know other members: their rows may be more or fewer, and not different."""
    written, made = PAGE.read_text("utf-8").splitlines(), table.document().splitlines()
    by_place = {line.split("|")[1]: line for line in written if line.startswith("| `")}
    for line in made:
        if line.startswith("| `"):
            assert by_place.get(line.split("|")[1], line) == line
        else:
            assert line in written
    of_the_options = [line for line in written if line.startswith("| `--")]
    assert set(of_the_options) == {line for line in made if line.startswith("| `--")}


def test_what_the_page_says_of_python_is_there() -> None:
    settings = UserSettings()
    for path, member in walk(input_member(UPDATE)):
        parts = path.split(".")
        if parts[0] != "UserSettings" or "[]" in path or len(parts) < 2:
            continue
        holder: Any = settings
        for name in parts[1:-1]:
            holder = getattr(holder, name)
        assert holder.has_trait(parts[-1]), (path, member)


def test_the_python_of_every_option_runs_as_it_is_written(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(Path(botocore.__file__).with_name("cacert.pem").read_text("utf-8"))
    (tmp_path / "config").write_text("[profile ml]\nregion = eu-west-1\n")
    text, request = '{"UserSettings": {}}', {"DomainId": DOMAIN, "UserProfileName": "analyst-1"}
    theirs: dict[str, Any] = {
        "text": text, "request": request, "document": {}, "answer": {"UserProfileArn": "arn"}, "domain_id": DOMAIN,
        "user_profile_name": "analyst-1", "editor": UserProfileEditor(create=True, connection=sandbox.connection),
    }  # fmt: skip
    try:
        for cells in rows_of_the_page():
            if cells[0].startswith("`--"):
                exec(table.PYTHON_IMPORTS + cells[4].strip("`"), dict(theirs))
    finally:
        for each in [each for each in _instances.values() if isinstance(each, UserProfileEditor)]:
            each.close()
    named = {name for name in theirs if f"`{name}`" in table.HEAD}
    assert named == set(theirs)
    assert table.PYTHON_IMPORTS.strip() in table.HEAD


def test_settings_alone_are_taken_and_that_is_documented() -> None:
    for name in ("cli-input-json", "cli-input-yaml"):
        assert (
            "The settings alone are taken as UserSettings; the AWS CLI refuses them." in options(UPDATE)[name].summary
        )


def test_every_known_place_belongs_to_a_member() -> None:
    assert set(PLACES) == {*input_member(CREATE).members, *input_member(UPDATE).members}
