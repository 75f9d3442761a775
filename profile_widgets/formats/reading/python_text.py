"""Values in a piece of Python, read without running it: literals, names that are set to literals, and little more.

Python's own parser is not asked: a piece that people paste holds prompts, magics and prose, and hostile ones make it
use up its stack.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from profile_widgets.formats.reading.python_names import Names
from profile_widgets.formats.reading.python_tokens import CLOSING, refuse, tokens
from profile_widgets.formats.syntax import MAX_DEPTH, MAX_DIGITS, json_document

_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)\}|[{}]")
_CONSTANTS = {"True": True, "False": False, "None": None, "true": True, "false": False, "null": None}
_BETWEEN = frozenset({"and", "else", "for", "if", "in", "is", "not", "or"})
_BEFORE = frozenset({"await", "lambda", "not", "yield"})
_SPENT = 200_000
_PLAIN_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*|[0-9]{1,3}|)\}|[{}]")


@dataclass(frozen=True)
class Unknown:
    """Stand for a value that the text does not tell: ``text`` is how it is written, ``why`` a part of a sentence."""

    text: str
    why: str = field(default="", compare=False)


class Python:
    """Read values in a piece of Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = self.depth = self.spent = self.level = 0
        self.resolving: set[str] = set()
        self.names = Names(self.tokens)

    def word(self, at: int) -> str:
        """Return the token at a position, nothing behind the last."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def kind(self, at: int) -> str:
        """Return the kind of the token at a position."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def refuse(self, message: str) -> NoReturn:
        """Raise the error for where reading stands."""
        offset = self.tokens[self.at].offset if self.at < len(self.tokens) else len(self.text)
        refuse(message, self.text, offset)

    def value_at(self, at: int, end: int | None = None) -> Any:
        """Return the value between two positions; reading goes on from where it stood."""
        before = self.at, self.depth
        self.at, self.depth = at, 0
        try:
            value = self.value()
            return value if end in (None, self.at) else self._unknown(at)
        finally:
            self.at, self.depth = before

    # -- reading -----------------------------------------------------------------------------------------------------

    def here(self) -> str:
        """Return the token at which reading stands; inside brackets, line ends are skipped."""
        while self.depth and self.kind(self.at) == "line":
            self.at += 1
        return self.word(self.at)

    def value(self) -> Any:
        """Read one value; :class:`Unknown` for an expression that is no literal."""
        begin = self.at
        self.here()
        self.level += 1
        try:
            found = self._sum() if self.level <= MAX_DEPTH + 1 else self._too_deep()
        finally:
            self.level -= 1
        self._spend(1 + len(found) // 50 if isinstance(found, str) else 1)
        if self.here() in ("", ",", ")", "]", "}", ":", ";") or self.kind(self.at) == "line":
            return found
        literal = not isinstance(found, Unknown) and self.here() not in _BETWEEN and self.depth
        if literal and self.kind(self.at) in ("name", "string", "number"):
            self.refuse(f"A comma is missing before {self.here()[:60]}")
        return self._skipped(begin)

    def _spend(self, much: int) -> None:
        """Count what is read: names that stand for names can stand for very much."""
        self.spent += much
        if self.spent > _SPENT:
            self.refuse("It stands for more than any request holds")

    def _skipped(self, begin: int) -> Unknown:
        """Go to the end of an expression that nobody reads."""
        depth = 0
        while self.at < len(self.tokens):
            here = self.here()
            if depth == 0 and (here in (",", ")", "]", "}", ";") or self.kind(self.at) == "line"):
                break
            depth += (here in CLOSING) - (here in CLOSING.values())
            self.at += 1
        return self._unknown(begin)

    def _unknown(self, begin: int) -> Unknown:
        while self.kind(begin) == "line":
            begin += 1
        if begin >= len(self.tokens):
            return Unknown("")
        last = self.tokens[min(max(begin, self.at - 1), len(self.tokens) - 1)]
        return Unknown(" ".join(self.text[self.tokens[begin].offset : last.offset + len(last.text)].split()))

    def _sum(self) -> Any:
        begin = self.at
        found = self._atom()
        while self.here() == "+" and isinstance(found, (str, list)):
            self.at += 1
            more = self._atom()
            if isinstance(found, str) and isinstance(more, str):
                found += more
            elif isinstance(found, list) and isinstance(more, list):
                found = [*found, *more]
            else:
                return self._skipped(begin)
        return found

    def _atom(self) -> Any:
        here, begin = self.here(), self.at
        kind = self.kind(self.at)
        if kind == "string":
            return self._formatted(begin)
        if kind == "number" or here == "-":
            return self._number()
        if here in CLOSING:
            return self._bracket(here)
        if here in _BEFORE:
            return self._skipped(begin)
        self.at += 1
        if kind != "name":
            self.at = begin
            self.refuse(f"Expected a value, found {here or 'the end'}")
        return self._called(begin) if self.word(self.at) in ("(", "[", ".") else self.named(here, begin)

    def named(self, name: str, use: int) -> Any:
        """Return what a name stands for at a position."""
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        binding = self.names.binding(name, use)
        if binding is None:
            return Unknown(name, self.names.why_not(name, use))
        if name in self.resolving or len(self.resolving) > MAX_DEPTH:
            return Unknown(name)
        self.resolving.add(name)
        try:
            value = self.value_at(binding.value, binding.end)
        finally:
            self.resolving.discard(name)
        return Unknown(name) if isinstance(value, (dict, list)) and self.names.may_change(name, use) else value

    def _called(self, begin: int) -> Any:
        """Read a name with something behind it: an item of a dict, ``dict(...)``, a text in JSON."""
        if self.word(self.at) == "[":
            return self._item(begin)
        after = begin + 2
        while self.kind(after) == "line":
            after += 1
        pairs = self.word(after) in (")", "**") or self.word(after + 1) == "="
        if self.word(begin) == "dict" and self.word(self.at) == "(" and pairs:
            self.at += 1
            return self.keywords(")")
        if "".join(self.word(each) for each in range(begin, begin + 4)) == "json.loads(":
            self.at = begin + 4
            self.depth += 1
            text = self.value()
            self.depth -= 1
            if isinstance(text, str) and self.here() == ")":
                self.at += 1
                self._spend(len(text) // 5)
                return json_document(text)
        self.at = begin
        return self._skipped(begin)

    def _item(self, begin: int) -> Any:
        """Read ``name['item']['item']``."""
        found = self.named(self.word(begin), begin)
        while self.word(self.at) == "[" and self.word(self.at + 2) == "]" and isinstance(found, (dict, list)):
            key = self.value_at(self.at + 1)
            if isinstance(found, dict):
                found = found.get(key, Unknown("")) if isinstance(key, str) else Unknown("")
            else:
                found = found[key] if isinstance(key, int) and -1 < key < len(found) else Unknown("")
            self.at += 3
        if not isinstance(found, Unknown) and self.word(self.at) not in ("[", "(", "."):
            return found
        self.at = begin
        return self._skipped(begin)

    def keywords(self, closing: str) -> dict[str, Any]:
        """Read ``name=value, **more`` up to ``closing``, behind the bracket that opens them."""
        self._enter()
        found: dict[str, Any] = {}
        while self.here() not in (closing, ""):
            if self.here() == "**":
                self.at += 1
                more = self.value()
                twice = [each for each in more if each in found] if isinstance(more, dict) else []
                if twice:
                    self.refuse(f"{str(twice[0])[:60]} stands twice")
                self._merge(found, more)
            else:
                name = self.here()
                if self.kind(self.at) != "name" or self.word(self.at + 1) != "=":
                    self.refuse(f"Expected name=value, found {name}")
                if name in found:
                    self.refuse(f"{name} stands twice")
                self.at += 2
                found[name] = self.value()
            self._comma(closing)
        self._leave(closing)
        return found

    @staticmethod
    def _merge(found: dict[str, Any], more: Any) -> None:
        """Take in the items of ``**more``; what is not known is kept under its own name."""
        if isinstance(more, dict):
            found.update(more)
        else:
            text = more.text if isinstance(more, Unknown) else repr(more)[:60]
            found[f"**{text}"] = Unknown(text)

    def _enter(self) -> None:
        self.depth += 1
        if self.depth + len(self.resolving) > MAX_DEPTH:
            self._too_deep()

    def _too_deep(self) -> NoReturn:
        self.refuse(f"It is nested more than {MAX_DEPTH} deep, which no request is")

    def _leave(self, closing: str) -> None:
        if self.here() != closing:
            self.refuse(f"Expected {closing}, found {self.here() or 'the end'}")
        self.depth -= 1
        self.at += bool(closing)

    def _comma(self, closing: str) -> None:
        if self.here() == ",":
            self.at += 1
        elif self.here() != closing:
            self.refuse(f"Expected a comma or {closing or 'the end'}, found {self.here() or 'the end'}")

    def _bracket(self, opening: str) -> Any:
        closing = CLOSING[opening]
        begin = self.at
        self.at += 1
        self._enter()
        read = self._mapping if opening == "{" else self._items
        found, commas = read(closing)
        if found is None:  # a set or a comprehension
            self.depth -= 1
            self.at = begin
            return self._skipped(begin)
        self._leave(closing)
        return found[0] if opening == "(" and len(found) == 1 and not commas else found

    def _items(self, closing: str) -> tuple[Any, int]:
        found: list[Any] = []
        commas = 0
        while self.here() not in (closing, ""):
            spread = self.here() == "*"
            self.at += spread
            value = self.value()
            if isinstance(value, Unknown) and " for " in value.text:
                return None, 0
            found += value if spread and isinstance(value, list) else [value]
            commas += self.here() == ","
            self._comma(closing)
        return found, commas

    def _mapping(self, closing: str) -> tuple[Any, int]:
        found: dict[str, Any] = {}
        written: set[Any] = set()
        while self.here() not in (closing, ""):
            if self.here() == "**":
                self.at += 1
                self._merge(found, self.value())
            else:
                at = self.at
                name = self.value()
                if self.here() != ":":
                    return None, 0
                if isinstance(name, (Unknown, dict, list)):
                    self.at = at
                    self.refuse("A name is no text")
                if name in written:
                    self.at = at
                    self.refuse(f"{str(name)[:60]} stands twice in one dict")
                written.add(name)
                self.at += 1
                found[name if isinstance(name, str) else str(name)] = self.value()
            self._comma(closing)
        return found, 0

    def _number(self) -> Any:
        begin = self.at
        self.at += self.here() == "-"
        text = self.here()
        self.at += 1
        if self.kind(self.at - 1) != "number" or len(text) > MAX_DIGITS:
            self.at = begin
            self.refuse("A minus stands before what is no number" if len(text) <= MAX_DIGITS else "A very long number")
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            self.at = begin
            self.refuse(f"{text[:60]} is no number")
        return -value if self.word(begin) == "-" and isinstance(value, (int, float)) else value

    def _formatted(self, begin: int) -> Any:
        """Read a text, and its fields when ``.format(...)`` stands behind it."""
        text = self._strings()
        if "".join(self.word(each) for each in range(self.at, self.at + 3)) != ".format(":
            return text
        self.at += 3
        self._enter()
        given: dict[str, Any] = {}
        while isinstance(text, str) and self.here() not in (")", ""):
            keyword = self.kind(self.at) == "name" and self.word(self.at + 1) == "="
            name = self.here() if keyword else str(len(given))
            self.at += 2 * keyword
            given[name] = self.value()
            self._comma(")")
        self.depth -= 1
        filled = self._with_fields(text, given) if isinstance(text, str) and self.here() == ")" else None
        if filled is None:
            self.at = begin
            return self._skipped(begin)
        self.at += 1
        return filled

    def _with_fields(self, text: str, given: dict[str, Any]) -> str | None:
        """Return a text of ``str.format`` with its fields filled in; ``None`` where one is not known."""
        known = True
        count = iter(range(len(text)))

        def fill(found: re.Match[str]) -> str:
            nonlocal known
            if found[0] in ("{{", "}}"):
                return found[0][0]
            name = found[1] if found[1] is not None else " "
            value = given.get(name or str(next(count)))
            known = known and isinstance(value, (str, int))
            self._spend(len(value) // 50 if isinstance(value, str) else 1)
            return str(value)

        filled = _PLAIN_FIELD.sub(fill, text)
        return filled if known else None

    def _strings(self) -> Any:
        """Read one string, or several that stand side by side; fields of an f-string are filled in where known."""
        begin = self.at
        parts: list[str] = []
        known = True
        while self.here() and self.kind(self.at) == "string":
            part = self._string(self.word(self.at))
            known = known and part is not None
            parts.append(part or "")
            self.at += 1
        return "".join(parts) if known else self._unknown(begin)

    def _string(self, text: str) -> str | None:
        prefix = text[: len(text) - len(text.lstrip("rRbBuUfF"))].lower()
        try:
            value = ast.literal_eval(prefix.replace("f", "") + text[len(prefix) :])
        except (ValueError, SyntaxError, MemoryError):
            self.refuse("A string cannot be read")
        if not isinstance(value, str):
            self.refuse("Bytes stand where a text belongs")
        return self._filled(value) if "f" in prefix else value

    def _filled(self, text: str) -> str | None:
        """Return an f-string with its fields filled in; ``None`` where one is not known."""
        known = True

        def field(found: re.Match[str]) -> str:
            nonlocal known
            if found[0] in ("{{", "}}"):
                return found[0][0]
            value = self.named(found[1], self.at) if found[1] else None
            self._spend(len(value) // 50 if isinstance(value, str) else 1)
            known = known and isinstance(value, (str, int))
            return str(value)

        filled = _FIELD.sub(field, text)
        return filled if known else None
