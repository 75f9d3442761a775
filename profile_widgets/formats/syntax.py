"""JSON and YAML read into plain documents: strictly, within bounds, with the line and column of what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from profile_widgets.errors import FormatError

MAX_BYTES = 1 << 20
"""How long a text may be, in bytes of UTF-8."""

MAX_DEPTH = 100
"""How deep a text may be nested; a request is nested seven deep."""

MAX_VALUES = 200_000
"""How many values a text may stand for, repeated ones (YAML's aliases) counted each time."""

MAX_DIGITS = 300
"""How many digits a number may have."""

DEPTH_SENTENCE = f"It is nested more than {MAX_DEPTH} deep, which no request is."


def place(text: str, offset: int) -> tuple[int, int]:
    r"""Return the line and column, both counted from 1, of a position in a text.

    Example::

        >>> place("a\nbc", 3)
        (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def must_fit(text: str, kind: str) -> None:
    """Raise :class:`FormatError` for a text that is longer than any request."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FormatError("It is longer than 1 MiB, which no request is.", format=kind)


def json_document(text: str) -> Any:
    """Return what a JSON text says.

    Raises :class:`FormatError` for syntax, a name that stands twice in one object, NaN, infinities, and bounds passed.

    Example::

        >>> json_document('{"DomainId": "d-abc123"}')
        {'DomainId': 'd-abc123'}
    """
    must_fit(text, "json")
    try:
        document = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        reason = "It ends too early" if error.pos >= len(text.rstrip()) and text.strip() else error.msg
        raise FormatError(
            f"{reason} (line {error.lineno}, column {error.colno}).",
            format="json", line=error.lineno, column=error.colno,
        ) from error  # fmt: skip
    except _RefusedError as error:
        raise _at(text, error) from None
    except RecursionError:
        raise FormatError(DEPTH_SENTENCE, format="json") from None
    if deeper_than(document, MAX_DEPTH):
        raise FormatError(DEPTH_SENTENCE, format="json")
    return document


def deeper_than(value: Any, depth: int) -> bool:
    """Tell whether lists and objects are nested deeper than ``depth``, without recursion."""
    level = [value]
    for _ in range(depth):
        level = [each for node in level for each in _children(node)]
        if not level:
            return False
    return any(isinstance(node, (dict, list)) for node in level)


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


class _RefusedError(Exception):
    """Carry what is wrong with a JSON text and a pattern that finds the place of it."""

    def __init__(self, message: str, pattern: str, times: int = 1) -> None:
        super().__init__(message)
        self.pattern, self.times = pattern, times


def _at(text: str, error: _RefusedError) -> FormatError:
    found = [each.start() for each in re.finditer(error.pattern, text)]
    if len(found) < error.times:  # written with escapes: no place can be told
        return FormatError(f"{error}.", format="json")
    line, column = place(text, found[error.times - 1])
    return FormatError(f"{error} (line {line}, column {column}).", format="json", line=line, column=column)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                quoted = re.escape(json.dumps(name, ensure_ascii=False))
                raise _RefusedError(f"{name[:60]} stands twice in one object", rf"{quoted}\s*:", 2)
            seen.add(name)
    return document


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _RefusedError("A number has very many digits", re.escape(digits[:MAX_DIGITS]))
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _RefusedError("A number is too large", re.escape(digits))
    return value


def _no_constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no value of JSON", re.escape(name))


# -- YAML ----------------------------------------------------------------------------------------------------------

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?")  # as PyYAML, which writes 1e3 as a text
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TAG = "tag:yaml.org,2002:"


class Tagged:
    """Hold a YAML value with a tag of its own, such as CloudFormation's ``!Ref``: ``name`` is ``Ref``."""

    __slots__ = ("column", "line", "name", "value")

    def __init__(self, name: str, value: Any, line: int, column: int) -> None:
        self.name, self.value, self.line, self.column = name, value, line, column


def yaml_document(text: str, *, tags: bool = False) -> Any:
    """Return what a YAML text says; texts stay as they were typed.

    Only ``true``, ``false``, ``null``, whole numbers and decimal fractions are more than texts: ``yes``, ``0123`` and
    dates are not. Aliases and merge keys are written out. Raises :class:`FormatError` for syntax, a name that stands
    twice, a second document, bounds passed, and tags other than YAML's own unless ``tags``: then :class:`Tagged`.

    Example::

        >>> yaml_document("UserProfileName: 0123")
        {'UserProfileName': '0123'}
    """
    import yaml

    must_fit(text, "yaml")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(tags=tags)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(each for each in (error.context, error.problem) if each)
        builder.refuse(f"It breaks off: {reason}", mark)
    except yaml.reader.ReaderError as error:
        offset = error.position if isinstance(error.position, int) else 0
        line, column = place(text, offset)
        what = f"A character that YAML does not allow ({error.reason})"
        raise FormatError(f"{what} (line {line}, column {column}).", format="yaml", line=line, column=column) from error
    except UnicodeEncodeError as error:
        line, column = place(text, error.start)
        what = "Half a character, which cannot be sent"
        raise FormatError(f"{what} (line {line}, column {column}).", format="yaml", line=line, column=column) from error
    return builder.document


class _Open:
    """Hold a list or mapping that is being read."""

    __slots__ = ("anchor", "before", "key", "mark", "merged", "node", "tag")

    def __init__(self, node: Any, event: Any, before: int) -> None:
        self.node, self.anchor, self.tag, self.mark = node, event.anchor, event.tag, event.start_mark
        self.key: Any = None
        self.merged: list[Any] = []
        self.before = before


_MERGE = object()


class _Builder:
    """Build a document from YAML's events, without recursion and within bounds."""

    def __init__(self, *, tags: bool) -> None:
        self.tags = tags
        self.document: Any = None
        self.documents = 0
        self.values = 0
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}

    def refuse(self, message: str, mark: Any) -> NoReturn:
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
        where = f" (line {line}, column {column})" if line else ""
        raise FormatError(f"{message}{where}.", format="yaml", line=line, column=column)

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        handle = getattr(self, f"_{type(event).__name__}", None)
        if handle is not None:
            handle(event)

    def _DocumentStartEvent(self, event: Any) -> None:  # noqa: N802 - PyYAML's names
        self.documents += 1
        if self.documents > 1:
            self.refuse("A second document begins, and a request is one", event.start_mark)

    def _MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin({}, event)

    def _SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        self._begin([], event)

    def _begin(self, node: Any, event: Any) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise FormatError(
                DEPTH_SENTENCE, format="yaml", line=event.start_mark.line + 1, column=event.start_mark.column + 1
            )
        if self.open and isinstance(self.open[-1].node, dict) and self.open[-1].key is None:
            self.refuse("A name is a list or a mapping", event.start_mark)
        self.open.append(_Open(node, event, self.values))

    def _MappingEndEvent(self, _event: Any) -> None:  # noqa: N802
        done = self.open.pop()
        for each in done.merged:
            for name, value in each.items():
                done.node.setdefault(name, value)
        self._finish(done)

    def _SequenceEndEvent(self, _event: Any) -> None:  # noqa: N802
        self._finish(self.open.pop())

    def _finish(self, done: _Open) -> None:
        node = self._tagged(done.tag, done.node, done.mark)
        if done.anchor:
            self.anchors[done.anchor] = (node, self.values - done.before + 1)
        self._put(node, done.mark)

    def _AliasEvent(self, event: Any) -> None:  # noqa: N802
        if event.anchor not in self.anchors:
            self.refuse(f"*{event.anchor[:60]} repeats what stands nowhere before it", event.start_mark)
        node, size = self.anchors[event.anchor]
        self.values += size
        self._must_end(event.start_mark)
        self._put(_copied(node), event.start_mark)

    def _ScalarEvent(self, event: Any) -> None:  # noqa: N802
        holder = self.open[-1] if self.open else None
        if holder is not None and isinstance(holder.node, dict) and holder.key is None:
            self._name(holder, event)
            return
        plain = event.implicit[0] and event.style in (None, "")
        value = self._resolved(event) if plain else event.value
        if not plain and event.tag is not None:
            value = self._tagged(event.tag, event.value, event.start_mark)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._put(value, event.start_mark)

    def _name(self, holder: _Open, event: Any) -> None:
        if event.value == "<<" and event.style in (None, ""):
            holder.key = _MERGE
            return
        if event.value in holder.node:
            self.refuse(f"{event.value[:60]} stands twice in one mapping", event.start_mark)
        if event.anchor:
            self.anchors[event.anchor] = (event.value, 1)
        holder.key = (event.value,)
        holder.node[event.value] = None

    def _put(self, value: Any, mark: Any) -> None:
        self.values += 1
        self._must_end(mark)
        if not self.open:
            self.document = value
            return
        holder = self.open[-1]
        if isinstance(holder.node, list):
            holder.node.append(value)
        elif holder.key is None:
            if not isinstance(value, str):
                self.refuse("A name is a list or a mapping", mark)
            if value in holder.node:
                self.refuse(f"{value[:60]} stands twice in one mapping", mark)
            holder.key = (value,)
            holder.node[value] = None
        elif holder.key is _MERGE:
            sources = value if isinstance(value, list) else [value]
            if not all(isinstance(each, dict) for each in sources):
                self.refuse("<< takes a mapping, or a list of them", mark)
            holder.merged += sources
            holder.key = None
        else:
            holder.node[holder.key[0]] = value
            holder.key = None

    def _must_end(self, mark: Any) -> None:
        if self.values > MAX_VALUES:
            self.refuse(f"It stands for more than {MAX_VALUES:,} values, which no request has", mark)

    def _resolved(self, event: Any) -> Any:
        text = event.value
        if text in _WORDS:
            return _WORDS[text]
        if _FLOAT.fullmatch(text) or _INTEGER.fullmatch(text):
            return self._number(text, event)
        return text

    def _number(self, text: str, event: Any) -> Any:
        if len(text) > MAX_DIGITS:
            self.refuse("A number has very many digits", event.start_mark)
        if _INTEGER.fullmatch(text):
            return int(text)
        value = float(text)
        if value in (float("inf"), float("-inf")):
            self.refuse("A number is too large", event.start_mark)
        return value

    def _tagged(self, tag: str | None, value: Any, mark: Any) -> Any:
        if tag is None or tag == "!" or tag in (f"{_TAG}str", f"{_TAG}map", f"{_TAG}seq"):
            return value
        if isinstance(value, str) and tag.startswith(_TAG):
            return self._converted(tag.removeprefix(_TAG), value, mark)
        if self.tags and tag.startswith("!"):
            return Tagged(tag[1:], value, mark.line + 1, mark.column + 1)
        return self.refuse(f"The tag {tag[:60]} has no meaning in a request", mark)

    def _converted(self, kind: str, value: str, mark: Any) -> Any:
        fits = {"int": _INTEGER, "float": _FLOAT}
        if kind in fits and fits[kind].fullmatch(value) and len(value) <= MAX_DIGITS:
            return int(value) if kind == "int" else float(value)
        if kind in ("bool", "null") and value in _WORDS:
            return _WORDS[value]
        return self.refuse(f"The tag !!{kind[:60]} does not fit its value", mark)


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _copied(each) for name, each in node.items()}
    return [_copied(each) for each in node] if isinstance(node, list) else node


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with the position at which it begins."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)
