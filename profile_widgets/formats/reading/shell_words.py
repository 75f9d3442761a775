"""Words of a command line: their text, where each part of it stands, and what in them nobody resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

UNTOLD = "and the text does not tell what that is"
SEVERAL_WAYS = "which the text sets in more than one way"
ARGUMENT = "which is an argument of a script"
STANDS_FOR = "which stands for a value"
PIPELINE = "which a pipeline fills in"
PROGRAM = "which a program fills in"
TEMPLATE = "which a template fills in"
NOTEBOOK = "which is a variable of a notebook"
EACH = "which stands for one thing after the other"
OUTSIDE = "which the text sets outside of the quotes around the command"
WORKED_OUT = "which PowerShell works out, and that is not done here"
"""Why a part of a word is not known, in a sentence behind its text."""

LONGEST_SHOWN = 60
"""How many characters of an unknown part are repeated."""


@dataclass(frozen=True)
class Unknown:
    """Name a part of a word whose value the text does not tell, and say why.

    Example::

        >>> str(Unknown("$1", ARGUMENT))
        '$1, which is an argument of a script'
    """

    text: str
    why: str = UNTOLD

    def __str__(self) -> str:
        shown = self.text.split("\n")[0]
        more = "…" if len(shown) > LONGEST_SHOWN or shown != self.text else ""
        return f"{shown[:LONGEST_SHOWN]}{more}, {self.why}"


@dataclass
class Word:
    """Hold a word: its text without quotes, where each part of it stands, and what it holds that nobody resolved."""

    text: str = ""
    offset: int = 0
    quoted: bool = False
    unknown: list[Unknown] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, offset: int) -> None:
        """Add a part of the text, which stands at ``offset``."""
        self.parts.append((len(self.text), offset))
        self.text += text

    def source(self, position: int) -> int:
        """Return where a position of the word's text stands in the whole text."""
        begin, offset = max((each for each in self.parts if each[0] <= position), default=(0, self.offset))
        return offset + position - begin

    @property
    def begins_bare(self) -> bool:
        """Tell whether the word begins without a quote."""
        return bool(self.parts) and self.parts[0][1] == self.offset

    def behind(self, position: int) -> Word:
        """Return the part of the word behind a position."""
        begin = self.source(position)
        parts = [(0, begin), *((each - position, offset) for each, offset in self.parts if each > position)]
        bare = self.begins_bare and position > 0 and self.source(position - 1) + 1 == begin
        # the quote in front of it belongs to the word
        return Word(self.text[position:], begin if bare else begin - 1, True, self.unknown, parts)


@dataclass
class Line:
    """Hold a command line: its words, where it ends, what behind it is cut off, and its standard input.

    ``repairs`` are kinds of repair, ``said`` sentences about values that were taken though the text does not settle
    them.
    """

    words: list[Word] = field(default_factory=list)
    end: int = 0
    cut: str = ""
    stdin: Word | None = None
    repairs: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)


@dataclass
class Variables:
    """Hold what a text says about variables.

    ``values`` and ``lists`` are those that it settles, ``unknown`` those that it sets without telling to what, with the
    reason; ``said`` is what to tell about a value when it is used. ``whole`` are those that no shell splits,
    ``unexported`` those of AWS that a shell keeps to itself.
    """

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    unexported: set[str] = field(default_factory=set)

    @property
    def names(self) -> frozenset[str]:
        """Return every name that the text sets."""
        return frozenset((*self.values, *self.lists, *self.unknown))

    def set(self, name: str, value: str | Sequence[str]) -> None:
        """Take an assignment: a second one that differs makes the variable unknown."""
        if name in self.unknown:
            return
        known: Mapping[str, object] = {**self.lists, **self.values}
        settled = value if isinstance(value, str) else list(value)
        if known.get(name, settled) != settled:
            self.forget(name, SEVERAL_WAYS)
        elif isinstance(settled, str):
            self.values[name] = settled
        else:
            self.lists[name] = settled

    def forget(self, name: str, why: str) -> None:
        """Note that the text does not settle a variable."""
        self.values.pop(name, None)
        self.lists.pop(name, None)
        self.unknown[name] = why
