"""The answer as a drawn table: a section for each structure or list of structures, inner ones set in from the edges.

A table wider than the terminal has the sections of one row turned: a line for each member.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing.registry import Page, printer
from profile_widgets.formats.printing.sections import Section, columns_of, turned
from profile_widgets.model.halves import escaped

_UNEVEN = (
    "The answer has no form as a table: lists in it hold different things together, or rows of different lengths. "
    "Ask for json or yaml, or change the query."
)
_RESET = "\x1b[0m"
_CELL = "\x1b[1m\x1b[34m"
_EDGE = "\x1b[2m\x1b[33m"
"""What a terminal is told for a cell (bright, blue), for the edge of an inner section (dim, yellow), and after it."""


@printer("table", label="Table", suffix="txt", rank=5)
def write(answer: Any, page: Page) -> str:
    """Return the answer as a table under ``page.title``; nothing for what is empty or null."""
    sections: list[Section] = []
    try:
        _lay_out(sections, page.title, answer, 0)
    except (AttributeError, IndexError, TypeError, ValueError):
        raise FormatError(_UNEVEN, format="table") from None
    if not sections:
        return ""
    width = max(section.total_width() for section in sections)
    if width > page.width:
        sections = [turned(section) for section in sections]
        width = max(section.total_width() for section in sections)
    lines = [_written("-" * width, 0, color=page.color, framed=False)]
    for section in sections:
        inner = width - 2 * section.indent
        lines += [_written(line, section.indent, color=page.color) for line in _drawn(section, inner, page.color)]
    return escaped("".join(lines))


def _lay_out(sections: list[Section], title: str | None, node: Any, indent: int) -> None:
    """Add the sections of a node; what is empty has none, and ``title`` None goes on in the last section."""
    if not node:
        return
    if title is not None:
        sections.append(Section(title, indent))
    if isinstance(node, dict):
        _lay_out_structure(sections, node, indent)
    elif isinstance(node, list) and isinstance(node[0], dict):
        _lay_out_structures(sections, title, node, indent)
    elif isinstance(node, list):
        for item in node:
            if _is_plain(item):
                sections[-1].add_row([item])
            elif all(_is_plain(each) for each in item):
                sections[-1].add_row(list(item))
            else:
                _lay_out(sections, None, item, 0)


def _lay_out_structure(sections: list[Section], node: dict[str, Any], indent: int) -> None:
    """Add a row of the plain members, under their names unless it is one only, and sections for the others."""
    plain = sorted(name for name in node if _is_plain(node[name]))
    if len(plain) == 1:
        sections[-1].add_row([plain[0], node[plain[0]]])
    elif plain:
        sections[-1].add_header(plain)
        sections[-1].add_row([node[name] for name in plain])
    for name in sorted(set(node) - set(plain)):
        _lay_out(sections, name, node[name], indent + 1)


def _lay_out_structures(sections: list[Section], title: str | None, nodes: list[dict[str, Any]], indent: int) -> None:
    """Add a row for each structure of a list; a section for each where they hold more than plain members."""
    plain = sorted({name for node in nodes for name in node if _is_plain(node[name])})
    others = sorted({name for node in nodes for name in node if not _is_plain(node[name])})
    sections[-1].add_header(plain)
    for index, node in enumerate(nodes):
        if index and others:
            sections.append(Section(title, indent))
            sections[-1].add_header(plain)
        sections[-1].add_row([node.get(name, "") for name in plain])
        for name in others:
            if name in node:
                _lay_out(sections, name, node[name], indent + 1)


def _drawn(section: Section, width: int, color: bool) -> Iterator[str]:
    """Yield the lines of a section between its edges."""
    if section.title:
        yield _centred(section.title, width)
        if not section.header and not section.rows:
            yield f"+{'-' * (width - 2)}+"
    widths = section.column_widths(width)
    border = "".join(f"{'-' * (each - (1 if index else 2))}+" for index, each in enumerate(widths))
    if section.header:
        yield f"+{border}"
        cells = zip(widths, section.header, strict=False)
        yield "".join(_centred(each, wide, "" if index else "|") for index, (wide, each) in enumerate(cells))
    if section.rows and widths:
        yield f"+{border}"
        for row in section.rows:
            cells = zip(widths, row, strict=False)
            yield "".join(_left(each, wide, "" if index else "|", color) for index, (wide, each) in enumerate(cells))
        yield f"+{border}"


def _centred(text: str, width: int, edge: str = "|") -> str:
    before = width // 2 - columns_of(text) // 2 - 1
    after = width - 1 - (len(edge) + before + columns_of(text))
    return f"{edge}{' ' * before}{text}{' ' * after}|"


def _left(text: str, width: int, edge: str, color: bool) -> str:
    taken = columns_of(text)
    padding = 2 if width >= taken + 2 + len(edge) + 1 else 0
    after = width - 1 - (len(edge) + padding + taken)
    return f"{edge}{' ' * padding}{_CELL + text + _RESET if color else text}{' ' * after}|"


def _written(line: str, indent: int, *, color: bool, framed: bool = True) -> str:
    """Return a line with its edges and its end; in colour a terminal is reset after each piece, as the CLI does."""
    if not color:
        return f"{'|' * indent}{line}{'|' * indent}\n"
    if not framed:
        return f"{line}\n{_RESET}"
    edges = f"{_EDGE}|{_RESET}" * indent
    return "".join(f"{piece}{_RESET}" for piece in (edges, line, edges, "\n"))


def _is_plain(value: Any) -> bool:
    return not isinstance(value, (dict, list))
