"""AWS's documentation HTML turned to plain text.

The service model documents each member in a small HTML dialect (``p``, ``code``, ``ul``, ``li``, ``note``, ``a``,
``b``). What comes out holds no markup, so that nothing in it can be taken for HTML by whoever shows it: a ``<`` that is
part of the text and could begin a tag comes out as a typographic one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "ul", "ol", "li", "note", "important", "div", "dl", "dt", "dd", "br", "fullname"})
_SILENT = frozenset({"script", "style"})
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SPACE = re.compile(r"[ \t\r\f\v\n\u00a0]+")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)\s+(?=[A-Z\"'`])")


@dataclass(frozen=True)
class Prose:
    """Hold a documentation text: ``summary`` is its first sentence, ``rest`` what follows (may be empty)."""

    summary: str = ""
    rest: str = ""

    @property
    def text(self) -> str:
        """Return the whole text, paragraphs separated by line feeds."""
        return f"{self.summary}\n{self.rest}".strip()


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self.bullet = False
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self.silent = tag in _SILENT
        if tag in _BLOCKS:
            self._break()
        if tag == "li":
            self.bullet = True

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.bullet and data.strip():
            self.blocks[-1] += "• "
            self.bullet = False
        self.blocks[-1] += data

    def _break(self) -> None:
        if self.blocks[-1].strip():
            self.blocks.append("")


def plain(html: str) -> str:
    """Turn documentation HTML into plain text, one block a line.

    Example::

        >>> plain("<p>The <code>system</code> value.</p>")
        'The system value.'
    """
    collector = _Collector()
    collector.feed(html)
    collector.close()
    lines = (_TAG.sub("\u2039", _SPACE.sub(" ", block)).strip() for block in collector.blocks)
    return "\n".join(line for line in lines if line)


def prose(html: str) -> Prose:
    """Split documentation HTML into its first sentence and the rest, both plain text."""
    text = plain(html)
    if not text:
        return Prose()
    first, _, others = text.partition("\n")
    sentences = _SENTENCE.split(first, maxsplit=1)
    rest = "\n".join(part for part in (*sentences[1:], others) if part)
    return Prose(sentences[0], rest)
