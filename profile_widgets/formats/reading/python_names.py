"""The names in a piece of Python: where each is set, and what may change what it holds.

It errs on one side. What could set a name again, anywhere, counts as if it did; what could change a list or a dict in
place counts as if it did. A name that counts so is one whose value the text does not tell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from profile_widgets.formats.reading.python_tokens import Token, partners

_COMPOUND = frozenset(
    {"async", "case", "class", "def", "elif", "else", "except", "finally", "for", "if", "try", "while", "with"}
)
_AUGMENTED = frozenset({"+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", "**=", "<<=", ">>="})
_CHANGES = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault",
     "sort", "update"}
)  # fmt: skip
_HARMLESS = frozenset(
    {"copy", "debug", "deepcopy", "dict", "display", "dump", "dumps", "info", "isinstance", "len", "list", "pformat",
     "pp", "pprint", "print", "repr", "set", "sorted", "str", "tuple", "type"}
)  # fmt: skip
_ALWAYS = -1
_STEPS = 100_000


class Binding(NamedTuple):
    """Hold where a name is set: its token, and the tokens at which its value begins and ends (-1: not a plain one)."""

    at: int
    value: int
    end: int


class Names:
    """Tell what the names in a piece of Python are set to.

    Example::

        >>> from profile_widgets.formats.reading.python_tokens import tokens
        >>> names = Names(tokens("a = 'x'; b = a"))
        >>> names.binding("a", 6)
        Binding(at=0, value=2, end=3)
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.partners = partners(tokens)
        self.bindings: dict[str, list[Binding]] = {}
        self.touched: dict[str, tuple[int, int]] = {}
        self.everything_touched = False
        self._shares: dict[str, list[int]] = {}
        self._shared: list[tuple[int, set[str]]] = []
        self._stars = 0
        self._innermost = self._blocks()
        self._begins = [begin for begin, _, _ in self._innermost]
        self._find()

    def binding(self, name: str, use: int) -> Binding | None:
        """Return where a name that is used at a position is set: once in the whole text, before, and in sight."""
        found = self.bindings.get(name, [])
        if len(found) != 1 or found[0].value < 0 or not found[0].at < use or found[0].at < self._stars:
            return None
        begin, end = self._block(found[0].at)
        return found[0] if begin <= use < end else None

    def why_not(self, name: str, use: int) -> str:
        """Return why the text does not tell what a name is, as a part of a sentence, or nothing."""
        found = self.bindings.get(name, [])
        if len(found) > 1:
            return ", because it is set in more than one place"
        return ", because it is set further down" if found and found[0].at > use else ""

    def may_change(self, name: str, use: int) -> bool:
        """Tell whether a list or a dict that a name holds may be another at a position than where it is set."""
        return self.everything_touched or self.touched.get(name, (use, use))[0] < use

    def mentioned(self, begin: int, end: int) -> Iterator[str]:
        """Yield the names that are read between two positions: no attributes, no names of arguments."""
        for at in range(begin, end):
            if self.kind(at) == "name" and self.word(at - 1) != "." and self.word(at + 1) not in ("=", "("):
                yield self.word(at)

    def word(self, at: int) -> str:
        """Return the token at a position, nothing before the first and behind the last."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def kind(self, at: int) -> str:
        """Return the kind of the token at a position."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    # -- statements --------------------------------------------------------------------------------------------------

    def _top(self, begin: int, end: int) -> Iterator[int]:
        """Yield the positions between two that are in no brackets; brackets count by their opening one."""
        at = begin
        while at < end:
            yield at
            at = max(at, self.partners[at]) + 1

    def _statements(self) -> Iterator[tuple[int, int]]:
        """Yield where each statement begins and ends."""
        begin = 0
        for at in self._top(0, len(self.tokens)):
            if self.kind(at) == "line" or self.word(at) == ";":
                if begin < at:
                    yield begin, at
                begin = at + 1
        if begin < len(self.tokens):
            yield begin, len(self.tokens)

    def _lines(self) -> Iterator[tuple[int, int, bool]]:
        """Yield where each line's statement begins, its indent, and whether it begins a function or a class."""
        for begin, _ in self._statements():
            line = self.tokens[begin - 1] if begin else None
            if line is not None and line.kind != "line":
                continue
            indent = self.tokens[begin].offset - (line.offset + 1 if line else 0)
            word = self.word(begin)
            yield begin, indent, word in ("def", "class") or (word == "async" and self.word(begin + 1) == "def")

    def _blocks(self) -> list[tuple[int, int, int]]:
        """Return the positions from which another function or class is the innermost one, with its bounds."""
        bounds = [[0, len(self.tokens)]]
        stack: list[tuple[int, int]] = []
        found = [(0, 0)]
        for begin, indent, opens in self._lines():
            while stack and stack[-1][0] >= indent:
                bounds[stack.pop()[1]][1] = begin
            found.append((begin, stack[-1][1] if stack else 0))
            if opens:
                bounds.append([begin + 1, len(self.tokens)])
                stack.append((indent, len(bounds) - 1))
                found.append((begin + 2, len(bounds) - 1))
        return [(begin, bounds[block][0], bounds[block][1]) for begin, block in found]

    def _block(self, at: int) -> tuple[int, int]:
        """Return where the innermost function or class around a position begins and ends."""
        _, begin, end = self._innermost[bisect_right(self._begins, at) - 1]
        return begin, end

    # -- what sets and changes names ---------------------------------------------------------------------------------

    def _find(self) -> None:
        for begin, end in self._statements():
            self._statement(begin, end)
        brackets: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.kind == "name" and self.word(at - 1) != ".":
                self._inside(at, token.text)
                self._chain(at, token.text)
                self._given(at, token.text, brackets[-1] if brackets else -1)
            elif self.partners[at] > at:
                brackets.append(at)
            elif self.partners[at] >= 0:
                brackets.pop()
        self._spread()

    def _bind(self, at: int, value: int = -1, end: int = -1) -> None:
        self.bindings.setdefault(self.word(at), []).append(Binding(at, value, end))

    def _bind_all(self, begin: int, end: int) -> None:
        for at in range(begin, end):
            if self.kind(at) == "name" and self.word(at - 1) != ".":
                self._bind(at)

    def _touch(self, name: str, first: int, last: int) -> None:
        before = self.touched.get(name, (first, last))
        self.touched[name] = min(before[0], first), max(before[1], last)

    def _share(self, at: int, targets: set[str], others: set[str]) -> None:
        """Note that a change of what ``targets`` hold may be one of what ``others`` hold."""
        for name in targets:
            self._shares.setdefault(name, []).append(len(self._shared))
        self._shared.append((at, others))

    def _statement(self, begin: int, end: int) -> None:
        while begin < end and self.word(begin) in _COMPOUND and self.word(begin + 1) != "=":
            colon = self._head(begin, end)
            begin = colon + 1
        first = self.word(begin)
        if begin >= end:
            return
        if first in ("import", "from"):
            imported = [at for at in range(begin, end) if self.word(at) == "import"]
            if imported:
                self._bind_all(imported[0] + 1, end)
                self._stars = max(self._stars, begin if self.word(imported[0] + 1) == "*" else 0)
        elif first == "del":
            self._deleted(begin + 1, end)
        else:
            self._assignment(begin, end)

    def _head(self, begin: int, end: int) -> int:
        """Read what a compound statement sets up to its colon, and return where that is."""
        colon = next((at for at in self._top(begin, end) if self.word(at) == ":"), end)
        at = begin + (self.word(begin) == "async")
        if self.word(at) in ("def", "class"):
            self._bind(at + 1)
            if self.word(at) == "def" and self.word(at + 2) == "(":
                self._parameters(at + 3, max(self.partners[at + 2], at + 3))
        elif self.word(at) == "case":
            self._bind_all(at + 1, colon)
        return colon

    def _parameters(self, begin: int, end: int) -> None:
        for at in self._top(begin, end):
            if self.kind(at) == "name" and (at == begin or self._behind(at) in (",", "*", "**")):
                self._bind(at)

    def _behind(self, at: int) -> str:
        """Return the token before a position, line ends left out."""
        at -= 1
        while self.kind(at) == "line":
            at -= 1
        return self.word(at)

    def _deleted(self, begin: int, end: int) -> None:
        for at in self._top(begin, end):
            if self.kind(at) == "name" and self.word(at - 1) != ".":
                self._touch(self.word(at), _ALWAYS, at)
                if self.word(at + 1) not in (".", "["):
                    self._bind(at)

    def _assignment(self, begin: int, end: int) -> None:
        equals = []
        for at in self._top(begin, end):
            if self.word(at) in _AUGMENTED:
                self._bind_all(begin, min(at, begin + 1))
                self._touch(self.word(begin), _ALWAYS, at)
                return
            if self.word(at) == "lambda":
                break
            if self.word(at) == "=":
                equals.append(at)
        if not equals:
            return
        value = equals[-1] + 1
        targets: set[str] = set()
        for target, stop in zip([begin, *(each + 1 for each in equals)], equals, strict=False):
            targets |= self._target(target, stop, value, end)
        others = set() if self._is_copy(value) else set(self.mentioned(value, end))
        self._share(begin, targets, targets | others)

    def _is_copy(self, at: int) -> bool:
        return self.word(at) == "deepcopy" or (self.word(at) == "copy" and self.word(at + 2) == "deepcopy")

    def _target(self, begin: int, end: int, value: int, stop: int) -> set[str]:
        """Read one side of an assignment that is set, and return the names that hold the value or a part of it."""
        colon = next((at for at in self._top(begin, end) if self.word(at) == ":"), end)
        self._bind_all(colon, end)
        parts = self._parts(begin, colon)
        values = self._parts(value, stop)
        paired = len(parts) == len(values) and not any(self.word(each) == "*" for each, _ in values)
        held = set()
        for (at, after), (start, close) in zip(parts, values if paired else [(-1, -1)] * len(parts), strict=True):
            if self.kind(at) == "name" and self.word(at + 1) in (".", "[") and self._trailers_end(at + 1) == after:
                held.add(self.word(at))
                self._touch(self.word(at), _ALWAYS, at)
            elif after == at + 1 and self.kind(at) == "name":
                self._bind(at, *((value, stop) if len(parts) == 1 else (start, close)))
                held.add(self.word(at))
            else:
                self._bind_all(at, after)
                held |= set(self.mentioned(at, after))
        return held

    def _parts(self, begin: int, end: int) -> list[tuple[int, int]]:
        """Return the bounds of what commas set apart."""
        commas = [at for at in self._top(begin, end) if self.word(at) == ","]
        bounds = zip([begin, *(each + 1 for each in commas)], [*commas, end], strict=True)
        return [(first, last) for first, last in bounds if first < last]

    def _trailer_end(self, at: int) -> int:
        """Return where one ``.name``, ``[...]`` or ``(...)`` ends that begins at a position; there if none does."""
        if self.word(at) == "." and self.kind(at + 1) == "name":
            return at + 2
        return self.partners[at] + 1 if self.word(at) in ("[", "(") and self.partners[at] > at else at

    def _trailers_end(self, at: int) -> int:
        """Return where a chain of them ends."""
        while at < (after := self._trailer_end(at)):
            at = after
        return at

    def _inside(self, at: int, word: str) -> None:
        """Read what a name sets that may stand inside an expression."""
        if self.word(at + 1) == ":=":
            self._bind(at)
            self._share(at, {word}, {self.word(at + 2)})
        elif word == "as" and self.kind(at + 1) == "name":
            self._bind(at + 1)
        elif word == "lambda":
            end = at + 1
            while self.kind(end) in ("name", "sign") and self.word(end) not in (":", "lambda"):
                end += 1
            self._parameters(at + 1, end)
        elif word == "for":
            self._loop(at + 1)

    def _loop(self, at: int) -> None:
        begin = at
        while self.kind(at) in ("name", "sign") and self.word(at) not in ("in", "for"):
            at += 1
        if self.word(at) != "in":
            return
        self._bind_all(begin, at)
        end = at + 1
        while end < len(self.tokens) and self.kind(end) != "line" and self.word(end) not in (":", "for"):
            end += 1
        self._share(at, set(self.mentioned(begin, at)), set(self.mentioned(at + 1, end)))

    def _chain(self, at: int, name: str) -> None:
        """Note a change by what stands behind a name: an item that is set, a method that changes it."""
        end = at + 1
        changing = False
        while end < (after := self._trailer_end(end)):
            changing |= self.word(end) == "." and self.word(end + 1) in _CHANGES and self.word(after) == "("
            end = after
        if changing or (end > at + 1 and (self.word(end) == "=" or self.word(end) in _AUGMENTED)):
            self._touch(name, _ALWAYS, at)

    def _given(self, at: int, name: str, opening: int) -> None:
        """Note a name that is handed to a function which may change what it holds."""
        callee = self.word(opening - 1)
        ready = self.word(opening) == "(" and self.kind(opening - 1) == "name" and self.word(at + 1) in (",", ")")
        if not ready or callee in _HARMLESS or callee in _CHANGES or self.word(opening - 2) == "def":
            return
        before = self._behind(at)
        if before in ("(", ",") or (before == "=" and self.word(opening - 2) != "."):
            self._touch(name, at, at)

    def _spread(self) -> None:
        """Carry changes from names to those that may hold the same list or dict."""
        waiting = list(self.touched)
        steps = 0
        while waiting and not self.everything_touched:
            name = waiting.pop()
            first, last = self.touched[name]
            for index in self._shares.get(name, ()):
                at, others = self._shared[index]
                if last <= at:
                    continue
                for other in others:
                    steps += 1
                    before = self.touched.get(other)
                    self._touch(other, first, last)
                    if self.touched[other] != before:
                        waiting.append(other)
            self.everything_touched = steps > _STEPS
