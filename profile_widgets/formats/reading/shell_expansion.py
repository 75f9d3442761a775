"""What a shell puts in the place of ``$...``, of backticks and of other signs, as far as the text tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from profile_widgets.formats.reading.shell_words import (
    ARGUMENT,
    PIPELINE,
    STANDS_FOR,
    TEMPLATE,
    UNTOLD,
    Unknown,
    Variables,
)
from profile_widgets.formats.syntax import lines_of

LONGEST = 500
"""How many characters behind ``$(`` and ``${`` are looked through for the end."""

PLACEHOLDER = re.compile(r"<[A-Za-z][^<>\n|&;'\"]{0,60}>")
"""What a page puts where a value belongs: ``<domain-id>``."""

MUSTACHE = re.compile(r"\{\{[^{}\n]{0,80}\}\}")
PERCENT = re.compile(r"%([A-Za-z_][\w()]*)%")
DELAYED = re.compile(r"\benabledelayedexpansion\b", re.IGNORECASE)
"""What makes Windows' shell put variables in the place of ``!x!`` too."""


_BANGS = re.compile(r"!([A-Za-z_]\w*)!")
_CHANGED_BANGS = re.compile(r"![A-Za-z_]\w*:[^!\n]{1,80}!")
_BATCH = re.compile(r"%~[A-Za-z]{0,8}[0-9*]|(?<!\w)%[0-9*](?![\w%])")
_NAME = re.compile(r"\$(?:(?:env|global|script|local):)?([A-Za-z_]\w*)")
_SPECIAL = re.compile(r"\$[0-9@*#?$!-]")
_BRACED = re.compile(r"\$\{(?:env:)?([A-Za-z_]\w*|[0-9]+|[@*])([^{}]*)\}")
_DEFAULT = re.compile(r":?[-=]([^$`\\]*)")
_CAT = re.compile(r"\$\(\s*(?:cat\s+|<\s*)([^\s|;&<>()'\"$]+)\s*\)")
_FED = re.compile(r"\$\(\s*cat\s*(?=<<-?[^\S\n]*['\"\\]?\w)")
_HEREDOC = re.compile(r"(?<!<)<<(-?)[^\S\n]*(['\"\\]?)(\w+)")

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_ANSI = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)

MANY = 50
"""How many texts that begin with ``<<`` are looked at."""


@dataclass(frozen=True)
class Expansion:
    """Hold what stands in the place of a piece of text, which ends at ``end``.

    ``unknown`` says that the text does not tell it; ``value`` is then the piece itself. ``items`` are several words in
    its place, ``said`` is a sentence about the value.
    """

    end: int
    value: str
    unknown: Unknown | None = None
    items: tuple[str, ...] | None = None
    said: str = ""


@dataclass(frozen=True)
class Heredoc:
    """Hold where a text behind ``<<EOF`` stands; ``literal`` tells that nothing in it is replaced."""

    at: int
    begin: int
    end: int
    behind: int
    literal: bool
    tabs: bool


def heredoc(text: str, at: int, line_end: int) -> Heredoc | None:
    """Return the text behind a ``<<EOF`` that stands at a position, and begins on the line behind ``line_end``."""
    found = _HEREDOC.match(text, at)
    if found is None:
        return None
    tabs = "\t*" if found[1] else ""
    closing = re.compile(rf"^{tabs}{re.escape(found[3])}[^\S\n]*$", re.MULTILINE).search(text, line_end + 1)
    if closing is None:
        return None
    return Heredoc(at, line_end + 1, closing.start(), closing.end(), bool(found[2]), bool(found[1]))


def heredocs(text: str) -> Iterator[Heredoc]:
    """Yield the texts behind ``<<EOF`` in a text, those within another one left out."""
    behind, without_end = 0, set()
    looked = 0
    for offset, line in lines_of(text):
        found = _HEREDOC.search(line) if offset >= behind and "<<" in line else None
        if found is None or found[3] in without_end:
            continue
        looked += 1
        if looked > MANY:
            return
        each = heredoc(text, offset + found.start(), offset + len(line.rstrip("\n")))
        if each is None:
            without_end.add(found[3])
        else:
            behind = each.behind
            yield each


def expansion(text: str, at: int, variables: Variables) -> Expansion | None:
    """Return what stands in the place of the ``$`` or backtick at a position; ``None`` when it is only that sign."""
    if text.startswith("${{", at):
        end = text.find("}}", at, at + LONGEST)
        return _unknown(text, at, end + 2 if end > 0 else at + 3, PIPELINE)
    if text.startswith("${", at):
        return _braced(text, at, variables)
    if text.startswith("$(", at) or text[at] == "`":
        return _command(text, at)
    named = _NAME.match(text, at)
    if named is not None:
        return _named(named[0], named[1], named.end(), variables)
    special = _SPECIAL.match(text, at)
    if special is not None:
        return _unknown(text, at, special.end(), ARGUMENT if special[0][1] in "0123456789@*" else UNTOLD)
    return None


def fed(text: str, at: int) -> tuple[Heredoc, int] | None:
    """Return the text of a ``$(cat <<EOF ...)`` that stands at a position, and where that ends."""
    begin = _FED.match(text, at)
    if begin is None:
        return None
    line_end = text.find("\n", begin.end())
    found = heredoc(text, begin.end(), line_end) if line_end > 0 else None
    close = re.compile(r"\s*\)").match(text, found.behind) if found is not None else None
    return (found, close.end()) if found is not None and close is not None else None


def filled_in(text: str, at: int, variables: Variables, *, percent: bool) -> Expansion | None:
    """Return what stands in the place of ``<x>``, ``{{x}}`` and, in Windows' shell, ``%x%`` at a position."""
    if text[at] == "<":
        found, why = PLACEHOLDER.match(text, at), STANDS_FOR
    elif text[at] == "{":
        found, why = MUSTACHE.match(text, at), TEMPLATE
    else:
        found, why = PERCENT.match(text, at) if percent else None, UNTOLD
        if found is not None:
            return _in_any_case(found, variables)
        found, why = _BATCH.match(text, at) if percent else None, ARGUMENT
    return _unknown(text, at, found.end(), why) if found is not None else None


def delayed(text: str, at: int, variables: Variables) -> Expansion | None:
    """Return what stands in the place of a ``!x!`` at a position, in a text with :data:`DELAYED`."""
    found = _BANGS.match(text, at)
    if found is not None:
        return _in_any_case(found, variables)
    changed = _CHANGED_BANGS.match(text, at)
    return _unknown(text, at, changed.end()) if changed is not None else None


def _in_any_case(found: re.Match[str], variables: Variables) -> Expansion:
    """Return what a name stands for in Windows' shell, which does not tell capital letters apart."""
    names = {each.lower(): each for each in variables.names}
    return _named(found[0], names.get(found[1].lower(), found[1]), found.end(), variables)


def _unknown(text: str, at: int, end: int, why: str = UNTOLD) -> Expansion:
    return Expansion(end, text[at:end], Unknown(text[at:end], why))


def _named(spelled: str, name: str, end: int, variables: Variables) -> Expansion:
    value = variables.values.get(name)
    if value is None and name in variables.lists:
        value = next(iter(variables.lists[name]), "")
    if value is None:
        return Expansion(end, spelled, Unknown(spelled, variables.unknown.get(name, UNTOLD)))
    items = (value,) if name in variables.whole else None
    return Expansion(end, value, items=items, said=variables.said.get(name, ""))


def _braced(text: str, at: int, variables: Variables) -> Expansion:
    found = _BRACED.match(text, at)
    if found is None:
        return _unknown(text, at, closed(text, at + 1, "{}"))
    name, rest = found[1], found[2]
    if rest in ("[@]", "[*]") and name in variables.lists:
        return Expansion(found.end(), "", items=tuple(variables.lists[name]))
    default = _DEFAULT.fullmatch(rest)
    own = name in variables.names and (variables.values.get(name) != "" or not rest.startswith(":"))
    if default is not None and not own and not PLACEHOLDER.search(rest) and not MUSTACHE.search(rest):
        value = re.sub(r"\A(['\"])(.*)\1\Z", r"\2", default[1], flags=re.DOTALL)
        return Expansion(found.end(), value, said=f"{found[0][:60]} is read as its default, “{value[:60]}”.")
    if rest and not (own and (default is not None or re.match(r":?\?", rest))):
        return _unknown(text, at, found.end(), variables.unknown.get(name, UNTOLD))
    if not re.match(r"[A-Za-z_]", name):
        return _unknown(text, at, found.end(), ARGUMENT)
    return _named(found[0], name, found.end(), variables)


def _command(text: str, at: int) -> Expansion | None:
    """Return what stands for ``$(...)`` or a pair of backticks: only ``$(cat name)`` is known, as a file."""
    file = _CAT.match(text, at)
    if file is not None:
        return Expansion(file.end(), f"file://{file[1]}")
    if text[at] == "`":
        line_end = text.find("\n", at)
        end = text.find("`", at + 1, line_end if line_end >= 0 else len(text))
        return _unknown(text, at, end + 1) if end > 0 else None
    return _unknown(text, at, closed(text, at + 1, "()"))


def closed(text: str, at: int, pair: str) -> int:
    """Return where the bracket at a position is closed; right behind it, when it is not."""
    depth = 0
    for found in re.compile(f"[{re.escape(pair)}]").finditer(text, at, at + LONGEST):
        depth += 1 if found[0] == pair[0] else -1
        if depth == 0:
            return found.end()
    return at + 1


def unescaped(text: str) -> str:
    r"""Return what stands between ``$'`` and ``'``: ``\n`` is a new line there."""
    return _ANSI.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code or found[4]:
        number = int(code, 16) if code else int(found[4], 8) & 0xFF
        return chr(number) if number <= 0x10FFFF else ""
    return _ESCAPES.get(found[5], found[5] if found[5] in "\\'\"?" else f"\\{found[5]}")
