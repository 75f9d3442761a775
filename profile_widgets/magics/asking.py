"""What a line and its cell ask for: words, options, and the place of the cell's body among them."""

from __future__ import annotations

from dataclasses import replace

from profile_widgets.magics.continuing import commands, first_command
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import BODY, MAGICS
from profile_widgets.magics.parsing import Asked, parse
from profile_widgets.magics.words import Names, behind_end, is_ended, words


def ask(operation: str, line: str, body: str | None, names: Names) -> Asked:
    """Return what a magic is asked for; ``body`` is the rest of the cell, ``None`` for a magic of one line.

    A first line that a backslash or a quote leaves open goes on in the body, as in a shell. What is left of the body is
    the value of the option whose value is ``-``, or more options when it begins with ``--``. Raises
    :class:`~profile_widgets.magics.errors.MagicError` for every other body, so that none is ignored.

    Example::

        >>> ask("UpdateUserProfile", "--cli-input-yaml -", "DomainId: d-abc123", {}).value("cli-input-yaml")
        'DomainId: d-abc123'
    """
    line, body = first_command(line, body)
    first = words(line, names)
    asked = parse(operation, first)
    if asked.help is not None:
        return asked
    places = [name for name, values in asked.given.items() if values == (BODY,) and asked.table[name].takes_body]
    if places:
        return _with_body(asked, places, body)
    more = commands(body or "").strip()
    if not more:
        return asked
    if not more.startswith("--"):
        example = f"%%{MAGICS[operation]} {line.strip()}".rstrip()
        raise MagicError(
            "It is not said what the body of this cell is. Write the option that it belongs to, with - for its value: "
            f"`{example} --cli-input-yaml -`. A body of options begins with --."
        )
    if is_ended(line):
        raise MagicError(behind_end(more))
    asked = parse(operation, [*first, *words(more, names)])
    for name, values in asked.given.items():
        if values == (BODY,) and asked.table[name].takes_body:
            raise MagicError(f"--{name} - stands in the body of the cell. Write it in the cell's first line.")
    return asked


def _with_body(asked: Asked, places: list[str], body: str | None) -> Asked:
    """Put the body in the place of the one option that asks for it."""
    if len(places) > 1:
        raise MagicError(f"{' and '.join(f'--{name} -' for name in places)}: the cell has one body only.")
    (name,) = places
    if body is None:
        raise MagicError(f"--{name} - takes the body of the cell; this line has none. Begin the cell with %%.")
    if not body.strip():
        raise MagicError(f"--{name} - takes the body of the cell, and it is empty.")
    return replace(asked, given={**asked.given, name: (body,)})
