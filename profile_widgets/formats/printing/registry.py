"""The registry of printers, and the way an answer takes through one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.query import compiled


@dataclass(frozen=True)
class Page:
    """Say what an answer is printed on: a table's title, whether colours are wanted, and the terminal's columns."""

    title: str = ""
    color: bool = False
    width: int = 80


Writer = Callable[[Any, Page], str]


@dataclass(frozen=True)
class Printer:
    """Describe a printer: its name, a label for people, a file name's ending, its rank in a choice, and its writer."""

    name: str
    label: str
    suffix: str
    rank: int
    write: Writer


PRINTERS: dict[str, Printer] = {}
"""Every printer by name, in the AWS CLI's words for ``--output``."""


def printer(name: str, *, label: str, suffix: str, rank: int) -> Callable[[Writer], Writer]:
    """Register a function ``write(answer, page) -> text`` as a printer; a name taken is an error."""

    def register(write: Writer) -> Writer:
        if name in PRINTERS:
            raise ValueError(f"There is a printer {name!r} already.")
        PRINTERS[name] = Printer(name, label, suffix, rank, write)
        return write

    return register


def show(
    answer: Any,
    output: str,
    *,
    title: str = "",
    query: str | None = None,
    color: bool = False,
    width: int = 80,
) -> str:
    """Return ``answer`` as the AWS CLI prints it with ``--output``, its last line's end included.

    boto3's ``ResponseMetadata`` is left out; ``query`` is a JMESPath expression, None for the whole answer (an empty
    one is an error, as it is for the CLI). ``title`` stands over a table (the CLI takes the operation's name);
    ``color`` and ``width``, in columns, count for tables. ``""`` comes for what the CLI prints nothing for.

    json, text and table are byte for byte what the AWS CLI 1 writes; yaml and yaml-stream follow what the AWS CLI 2 is
    documented to write. Raises :class:`~profile_widgets.errors.FormatError` for a query that cannot be used and for an
    answer that the format cannot hold, :class:`ValueError` for an output that does not exist.

    Example::

        >>> print(show({"UserProfileArn": "arn:aws:x"}, "text", query="UserProfileArn"), end="")
        arn:aws:x
    """
    if output not in PRINTERS:
        raise ValueError(f"There is no output {output!r}: choose one of {', '.join(PRINTERS)}.")
    found = _without_metadata(answer)
    if query is not None:
        found = compiled(query)(found)
    try:
        return PRINTERS[output].write(found, Page(title, color, width))
    except RecursionError:
        raise FormatError("The answer is nested too deeply to be printed.", format=output) from None


def _without_metadata(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    return answer
