"""The registry of formats that a request can come in, and what a reader gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.model.problems import ERROR, INFORMATION, WARNING, Problem

Files = Callable[[str], str]


class CertainError(FormatError):
    """Say that a text is certainly of a format, and wrong: reading it as another one could lose a part of it."""


@dataclass(frozen=True)
class Context:
    """Hold what a reader may use: the operation that the text is meant for, and the texts of files by name."""

    operation: str | None = None
    files: Files | None = None


@dataclass
class Found:
    """Hold what a reader found: the document as the text has it, what is to be said, and about the connection.

    ``tells`` is false for a form that serves a creation and an update alike: what is in it does not tell the operation.
    ``untold`` are the paths of members that are given, but not with a value that the text tells.
    """

    document: Any = None
    operation: str | None = None
    problems: list[Problem] = field(default_factory=list)
    connection: dict[str, Any] = field(default_factory=dict)
    tells: bool = True
    untold: list[str] = field(default_factory=list)

    def refuse(self, message: str, path: str = "", rule: str = "format") -> None:
        """Add a problem for which the text is refused."""
        self.problems.append(Problem(path, ERROR, message, rule))

    def warn(self, message: str, path: str = "") -> None:
        """Add what was changed or left out, which a person should look at."""
        self.problems.append(Problem(path, WARNING, message, "format"))

    def tell(self, message: str, path: str = "") -> None:
        """Add what is good to know."""
        self.problems.append(Problem(path, INFORMATION, message, "format"))


Reader = Callable[[str, Context], Found]
Likeness = Callable[[str], int]


@dataclass(frozen=True)
class Importer:
    """Describe a format: its name, a label for people, how much a text looks like it (0 to 100), and its reader.

    A format that is ``whole`` describes a profile as it shall be (CloudFormation), not a change of it.
    """

    name: str
    label: str
    rank: int
    looks_like: Likeness
    read: Reader
    whole: bool = False


IMPORTERS: dict[str, Importer] = {}
"""Every format that can be read, by name."""


def importer(
    name: str, *, label: str, rank: int, looks_like: Likeness, whole: bool = False
) -> Callable[[Reader], Reader]:
    """Register a function ``read(text, context) -> Found`` as a format that can be read; a name taken is an error.

    ``looks_like(text)`` says from 0 (cannot be) to 100 (certainly) how much a text is of this format. The reader raises
    :class:`~profile_widgets.errors.FormatError` for a text that is not.
    """

    def register(read: Reader) -> Reader:
        if name in IMPORTERS:
            raise ValueError(f"There is a format {name!r} already.")
        IMPORTERS[name] = Importer(name, label, rank, looks_like, read, whole)
        return read

    return register
