"""The text of ``docs/options.md``, where each option and member is: ``python -m profile_widgets.magics.table``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from profile_widgets.magics.options import MAGICS, options, place_of
from profile_widgets.model.labels import BETWEEN, path_label
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, Member, input_member, walk

PYTHON_IMPORTS = "from profile_widgets import Connection, UserProfileEditor, UserSettings\n"
"""What stands above the Python of every row."""

HEAD = f"""\
# Every option, and where it is

What `aws sagemaker create-user-profile` and `aws sagemaker update-user-profile` take on their command line, the magics
`%create_user_profile` and `%update_user_profile` take too, as a line or as a cell, after `%load_ext profile_widgets`.
The same is in the page and in Python; this table says where. `%update_user_profile help` shows it in a notebook, with
AWS's own documentation of each member.

This file is made by `python -m profile_widgets.magics.table` from the table that the magics themselves use, with the
installed botocore. A member that AWS adds later works without it.

The last column is Python that runs below this line:

```python
{PYTHON_IMPORTS}```

In it `editor` is a `UserProfileEditor`, `domain_id`, `user_profile_name` and `text` are texts, `request` is a request,
`document` its `UserSettings` and `answer` AWS's answer, all three as dicts.

## Options

"""

MEMBERS = """
## Members of the request

Each member goes into `--cli-input-json` and `--cli-input-yaml`, as a structure into the option it stands in
(`--user-settings`, `--tags`), and has its own field. `[]` stands for each item of a list. In Python, `settings` is
`editor.settings`, or `UserSettings.from_document(document)` without a page.

"""


def document() -> str:
    """Return the text of ``docs/options.md``."""
    head = ["| option | of | what it is for | in the page | in Python |", "| --- | --- | --- | --- | --- |"]
    below = ["| member | of | kind | in the page | in Python |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([f"{HEAD}{head[0]}", head[1], *option_rows(), MEMBERS + below[0], below[1], *member_rows(), ""])


def option_rows() -> Iterator[str]:
    """Yield a line of the table for each option of either magic."""
    both = {**options(CREATE), **options(UPDATE)}
    for row in both.values():
        purpose = place_of(row.member.name).purpose if row.member is not None else row.summary
        cells = (f"`{row.usage}`", _commands(row.operations), purpose, row.widget, f"`{row.python}`")
        yield _line(cells)


def member_rows() -> Iterator[str]:
    """Yield a line of the table for each member of either request, at every depth."""
    seen: dict[str, tuple[Member, list[str]]] = {}
    for operation in OPERATIONS:
        for path, member in walk(input_member(operation)):
            seen.setdefault(path, (member, []))[1].append(operation)
    for path, (member, operations) in seen.items():
        kind = {"enum": "one of its values", "union": "one of its members"}.get(member.kind, member.kind)
        yield _line((f"`{path}`", _commands(operations), kind, _field(path), f"`{_attribute(path)}`"))


def _field(path: str) -> str:
    """Return where a member's field is: the words of its labels."""
    plain = path.replace("[]", "")
    top, _, inner = plain.partition(".")
    if not inner:
        return place_of(top).widget
    return path_label(plain) if top == "UserSettings" else f"{place_of(top).widget}{BETWEEN}{path_label(inner)}"


def _attribute(path: str) -> str:
    """Return how a member is reached in Python."""
    top, _, inner = path.replace("[]", "[0]").partition(".")
    if top != "UserSettings":
        name = top.removesuffix("[0]")
        place = place_of(name).python
        return f"{place}{top.removeprefix(name)}{f'.{inner}' if inner else ''}"
    return f"settings.{inner}" if inner else "settings"


def _commands(operations: tuple[str, ...] | list[str]) -> str:
    return "both" if len(operations) == len(OPERATIONS) else MAGICS[operations[0]].partition("_")[0]


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(document())
