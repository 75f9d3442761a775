"""A section of a drawn table: its rows, and how wide its columns are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

PADDING = 4
"""How many columns a cell has beside its text."""

BORDER = 2


@dataclass
class Section:
    """Hold a title, a header and rows of texts; ``indent`` says how many structures it lies in.

    ``title`` is None for a section that goes on without one.
    """

    title: str | None
    indent: int = 0
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    _count: int | None = None
    _widest: list[int] = field(default_factory=list)

    def add_header(self, names: list[str]) -> None:
        """Set the names of the columns; raises IndexError when rows before it have fewer."""
        self._measure(names)
        self._count = len(names) if self._count is None else self._count
        self.header = list(names)

    def add_row(self, cells: list[Any]) -> None:
        """Add a row; raises ValueError when the rows before it have another number of cells."""
        self._count = len(cells) if self._count is None else self._count
        if len(cells) != self._count:
            raise ValueError(f"A row has {len(cells)} cells where others have {self._count}.")
        self.rows.append([str(cell) for cell in cells])
        self._measure(self.rows[-1])

    def total_width(self) -> int:
        """Return how many columns the section takes, edges included."""
        edges = BORDER + 2 * self.indent
        return max(columns_of(str(self.title)), sum(width + PADDING for width in self._widest)) + edges

    def column_widths(self, width: int) -> list[int]:
        """Return the columns' widths, which together are ``width``, in proportion to what they hold."""
        natural = [each + PADDING for each in self._widest]
        if not natural:
            return []
        scale = width / float(sum(natural))
        scaled = [round(scale * each) for each in natural]
        over = sum(scaled) - width
        step = -1 if over > 0 else 1
        places = range(len(scaled)) if over > 0 else range(len(scaled) - 1, -1, -1)
        for turn in range(abs(over)):
            scaled[places[turn % len(scaled)]] += step
        return scaled

    def _measure(self, cells: list[str]) -> None:
        if not self._widest:
            self._widest = [columns_of(cell) for cell in cells]
            return
        for index, cell in enumerate(cells):
            self._widest[index] = max(columns_of(cell), self._widest[index])


def turned(section: Section) -> Section:
    """Return a section of one row with a row for each of its columns; any other as it is."""
    if len(section.rows) != 1 or not section.header:
        return section
    made = Section(section.title, section.indent)
    for name, cell in zip(section.header, section.rows[0], strict=False):
        made.add_row([name, cell])
    return made


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; wide and ambiguous characters count for two.

    Example::

        >>> columns_of("abc"), columns_of("名前")
        (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
