"""A policy's YAML read into a plain document that remembers where each value stands.

Read strictly and within bounds: a name that stands twice, a tag, a merge key and a second document are refused, and
aliases are written out within a bound, so that a small file cannot stand for a huge one.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Finding: TypeAlias = "tuple[int, int, str, str]"
"""What is wrong: line and column (from 1, 0 when not known), path, message."""
Place: TypeAlias = "tuple[str | int, ...]"

MAX_BYTES = 256 * 1024
"""How long a policy may be, in bytes of UTF-8."""
MAX_DEPTH = 20
"""How deep a policy may be nested."""
MAX_VALUES = 50_000
"""How many values a policy may stand for, repeated ones counted each time."""
MAX_DIGITS = 18
MOST_FINDINGS = 100

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def written(place: Place) -> str:
    """Return a place as people write it: ``rules[0].edit[2]``.

    Example::

        >>> written(("rules", 0, "edit", 2))
        'rules[0].edit[2]'
    """
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


class Located:
    """Hold a document, where its values stand, and what is wrong with its YAML."""

    def __init__(self) -> None:
        self.document: Any = None
        self.marks: dict[Place, tuple[int, int]] = {}
        self.names: dict[Place, tuple[int, int]] = {}
        self.findings: list[Finding] = []

    def at(self, place: Place, *, name: bool = False) -> tuple[int, int]:
        """Return the line and column of a value, or of a member's name; those of what it lies in when not known."""
        if name and place in self.names:
            return self.names[place]
        for end in range(len(place), -1, -1):
            if place[:end] in self.marks:
                return self.marks[place[:end]]
        return (0, 0)

    def finding(self, place: Place, message: str, *, name: bool = False) -> Finding:
        """Return a finding about a value, or about a member's name."""
        return (*self.at(place, name=name), written(place), message)


class _StopError(Exception):
    """End the reading: what is wrong stands in the findings."""


class _Open:
    __slots__ = ("anchor", "key", "node", "place", "size")

    def __init__(self, node: Any, place: Place, anchor: str | None, size: int) -> None:
        self.node, self.place, self.anchor, self.size = node, place, anchor, size
        self.key: str | None = None


def read(text: str, max_bytes: int = MAX_BYTES) -> Located:
    """Return what a YAML text says, with its findings; the document is not to be used when there are any."""
    import yaml

    builder = _Builder()
    located = builder.located
    if len(text.encode("utf-8", "replace")) > max_bytes:
        located.findings.append((0, 0, "", f"It is longer than {max_bytes // 1024} KiB, which no policy is."))
        return located
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except _StopError:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(each for each in (error.context, error.problem) if each)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
        located.findings.append((line, column, "", f"This is no YAML: {reason}."))
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        located.findings.append((*_strange(text), "", "A character stands here that YAML does not allow."))
    return located


def _strange(text: str) -> tuple[int, int]:
    found = re.search("[^\\x09\\x0a\\x0d\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]", text)
    offset = found.start() if found else 0
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Builder:
    """Build a document from YAML's events, without recursion."""

    def __init__(self) -> None:
        self.located = Located()
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.documents = 0
        self.values = 0

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        handle = getattr(self, f"_{type(event).__name__}", None)
        if handle is not None:
            handle(event)

    def _note(self, event: Any, message: str, place: Place | None = None) -> None:
        mark = event.start_mark
        where = written(self._place() if place is None else place)
        self.located.findings.append((mark.line + 1, mark.column + 1, where, message))
        if len(self.located.findings) >= MOST_FINDINGS:
            raise _StopError

    def _stop(self, event: Any, message: str) -> None:
        self._note(event, message)
        raise _StopError

    def _place(self) -> Place:
        """Return the place of the value that comes next."""
        if not self.open:
            return ()
        holder = self.open[-1]
        if isinstance(holder.node, list):
            return (*holder.place, len(holder.node))
        return holder.place if holder.key is None else (*holder.place, holder.key)

    def _DocumentStartEvent(self, event: Any) -> None:  # noqa: N802 - PyYAML's names
        self.documents += 1
        if self.documents > 1:
            self._stop(event, "A second document begins, and a policy is one.")

    def _MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin({}, event)

    def _SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin([], event)

    def _begin(self, node: Any, event: Any) -> None:
        if len(self.open) >= MAX_DEPTH:
            self._stop(event, f"It is nested more than {MAX_DEPTH} deep, which no policy is.")
        if self._awaits_name():
            self._stop(event, "A name is a list or a mapping.")
        self._untagged(event)
        place = self._place()
        self._mark(event, place)
        self.open.append(_Open(node, place, event.anchor, self.values))

    def _MappingEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    def _SequenceEndEvent(self, event: Any) -> None:  # noqa: N802
        self._end(event)

    def _end(self, event: Any) -> None:
        done = self.open.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.node, self.values - done.size + 1)
        self._put(done.node, event)

    def _AliasEvent(self, event: Any) -> None:  # noqa: N802
        if event.anchor not in self.anchors:
            self._stop(event, f"*{event.anchor[:60]} repeats what is not finished before it.")
        node, size = self.anchors[event.anchor]
        self.values += size
        self._bounded(event)
        if self._awaits_name():
            self._stop(event, "A name is written out, not repeated.")
        self._mark(event, self._place())
        self._put(_copied(node), event)

    def _ScalarEvent(self, event: Any) -> None:  # noqa: N802
        if self._awaits_name():
            self._name(event)
            return
        plain = event.implicit[0] and event.style in (None, "")
        self._untagged(event)
        value = self._resolved(event) if plain else event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._mark(event, self._place())
        self._put(value, event)

    def _name(self, event: Any) -> None:
        holder = self.open[-1]
        if event.value == "<<" and event.style in (None, ""):
            self._note(event, "<< does not merge here: write the members out, or repeat a whole value by *name.")
        if event.value in holder.node:
            self._note(event, f"{event.value[:60]} stands twice.", (*holder.place, event.value))
        holder.key = event.value
        self.located.names[self._place()] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _untagged(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            self._note(event, f"The tag {event.tag[:60]} has no meaning in a policy.")

    def _awaits_name(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].node, dict) and self.open[-1].key is None

    def _mark(self, event: Any, place: Place) -> None:
        self.located.marks[place] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _put(self, value: Any, event: Any) -> None:
        self.values += 1
        self._bounded(event)
        if not self.open:
            self.located.document = value
            return
        holder = self.open[-1]
        if isinstance(holder.node, list):
            holder.node.append(value)
        elif holder.key is not None:
            holder.node[holder.key] = value
            holder.key = None

    def _bounded(self, event: Any) -> None:
        if self.values > MAX_VALUES:
            self._stop(event, f"It stands for more than {MAX_VALUES:,} values, which no policy has.")

    def _resolved(self, event: Any) -> Any:
        text = event.value
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            if len(text) > MAX_DIGITS:
                self._note(event, "A number has very many digits.")
                return 0
            return int(text) if _INTEGER.fullmatch(text) else float(text)
        return text


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _copied(each) for name, each in node.items()}
    return [_copied(each) for each in node] if isinstance(node, list) else node
