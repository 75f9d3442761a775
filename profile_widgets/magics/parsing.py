"""A magic's words, read as the AWS CLI reads its command line: options, their values, abbreviations."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import (
    CHOICE,
    FLAG,
    LIST,
    MAGICS,
    SECONDS,
    STRING,
    STRUCTURE,
    Option,
    options,
)
from profile_widgets.magics.placing import placed
from profile_widgets.magics.words import Word
from profile_widgets.model.halves import escaped
from profile_widgets.model.shapes import OPERATIONS

HELP = "help"
HELP_OPTION = Word("--help")
"""What the AWS CLI has no help for, and what people type first."""
_SHOWN = 60


@dataclass(frozen=True)
class Asked:
    """Hold what was asked for: the values of each option that was given, by name.

    A flag has no values, an option that may be left without one has its own. ``help`` are the topics of a question for
    help, ``None`` when there was none; ``notes`` are sentences about what was read otherwise than it may be meant.
    """

    operation: str
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    help: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> Mapping[str, Option]:
        """Return the options that there are."""
        return options(self.operation)

    def has(self, name: str) -> bool:
        """Tell whether an option was given."""
        return name in self.given

    def value(self, name: str) -> str | None:
        """Return the one value of an option, ``None`` when it was not given."""
        values = self.given.get(name)
        return values[0] if values else None

    def seconds(self, name: str) -> float | None:
        """Return the seconds that were given, ``None`` when they were not."""
        value = self.value(name)
        return None if value is None else float(value)


def parse(operation: str, words: Sequence[Word]) -> Asked:
    """Read the words of a line; raises :class:`~profile_widgets.magics.errors.MagicError` for what is no option.

    Example::

        >>> parse("UpdateUserProfile", [Word("--domain-id"), Word("d-abc123"), Word("--debug")]).given
        {'domain-id': ('d-abc123',), 'debug': ()}
    """
    if words and words[0] == Word(HELP):
        return Asked(operation, help=tuple(word.text for word in words[1:]))
    if HELP_OPTION in words:
        return Asked(operation, help=_before(words, options(operation)))
    return _Reader(operation, words).read()


def _before(words: Sequence[Word], table: Mapping[str, Option]) -> tuple[str, ...]:
    """Return the option that ``--help`` stands behind, as a topic; nothing when that is complete without it."""
    at = words.index(HELP_OPTION)
    row = table.get(words[at - 1].text.removeprefix("--")) if at and _is_option(words[at - 1]) else None
    return () if row is None or row.kind == FLAG else (row.name,)


class _Reader:
    """Go through the words once."""

    def __init__(self, operation: str, words: Sequence[Word]) -> None:
        self._operation = operation
        self._words = list(words)
        self._at = 0
        self._given: dict[str, tuple[str, ...]] = {}
        self._notes = list(dict.fromkeys(note for word in words for note in word.notes))

    def read(self) -> Asked:
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if not _is_option(word):
                raise self._stray(word)
            name, joined, _ = word.text.partition("=")
            row = self._named(name)
            values = self._values(row, _behind(word, len(name) + 1) if joined else None)
            if values == (HELP,) and row.kind in (STRUCTURE, LIST, CHOICE):
                return Asked(self._operation, help=(row.name,))
            _judge(row, values)
            if row.name in self._given and row.kind != FLAG:
                self._notes.append(f"{row.flag} was given twice; the last one counts.")
            self._given[row.name] = values
        return Asked(self._operation, self._given, notes=tuple(self._notes))

    def _values(self, row: Option, joined: Word | None) -> tuple[str, ...]:
        if row.kind == FLAG:
            if joined is not None:
                raise MagicError(f"{row.flag} takes no value, so leave “={escaped(joined.text[:_SHOWN])}” out.")
            return ()
        if joined is not None:
            return (_whole(row, joined),)
        if row.kind == LIST:
            return self._take_all(row)
        following = self._words[self._at] if self._at < len(self._words) else None
        if following is not None and not _looks_like_option(following):
            self._at += 1
            return (_whole(row, following),)
        if row.otherwise:
            return (row.otherwise,)
        hint = ""
        if following is not None and not _is_option(following):
            hint = f" One that begins with - is joined to it: {row.flag}={escaped(following.text[:_SHOWN])}"
        raise MagicError(f"{row.flag} needs a value: {row.usage}.{hint}")

    def _take_all(self, row: Option) -> tuple[str, ...]:
        taken = []
        while self._at < len(self._words) and not _looks_like_option(self._words[self._at]):
            taken.append(_whole(row, self._words[self._at]))
            self._at += 1
        return tuple(taken)

    def _stray(self, word: Word) -> MagicError:
        shown = escaped(word.text[:_SHOWN])
        before = next((each for each in reversed(self._words[: self._at - 1]) if _is_option(each)), None)
        hint = ""
        if before is not None and "=" not in before.text:
            hint = f" A value with blanks stands in quotes: {before.text} '...'."
        return MagicError(f"“{shown}” belongs to no option; options begin with --.{hint}")

    def _named(self, written: str) -> Option:
        table = options(self._operation)
        name = written[2:]
        if name in table:
            return table[name]
        near = [each for each in table if each.startswith(name)] if name else []
        if len(near) == 1:
            return table[near[0]]
        raise MagicError(_unknown(written, near, self._operation))


def _unknown(written: str, near: Sequence[str], operation: str) -> str:
    """Say that there is no such option, and which one was meant."""
    if near:
        return f"{written} may be {' or '.join(f'--{each}' for each in near)}: write more of it."
    name, magic = written[2:], MAGICS[operation]
    for other in OPERATIONS:
        if other != operation and name in options(other):
            return f"{written} is an option of {MAGICS[other]} alone: AWS takes it only when a profile is created."
    close = difflib.get_close_matches(name[:_SHOWN], options(operation), n=1)
    meant = f"Did you mean --{close[0]}?" if close else f"`%{magic} help` lists them."
    return f"{magic} has no option {escaped(written[:_SHOWN])}. {meant}"


def _behind(word: Word, at: int) -> Word:
    """Return the part of a word that begins at a place, with the values in it."""
    values = tuple(replace(value, start=value.start - at) for value in word.values if value.start >= at)
    return Word(word.text[at:], values=values)


def _whole(row: Option, word: Word) -> str:
    """Return a word as an option's value; Python values within a structure or a request stay what they are."""
    return placed(word.text, word.values, in_shorthand=row.member is not None) if row.takes_body else word.text


def _is_option(word: Word) -> bool:
    return not word.given and word.text.startswith("--")


def _looks_like_option(word: Word) -> bool:
    """Tell whether a word cannot be a value of the option before it: it begins with ``-`` and is no number."""
    if word.given or not word.text.startswith("-") or word.text == "-" or " " in word.text.partition("=")[0]:
        return False
    return not word.text[1:].replace(".", "", 1).isdecimal()


def _judge(row: Option, values: tuple[str, ...]) -> None:
    """Refuse a value that an option cannot have."""
    if row.kind == STRING and row.member is None and not values[0].strip():
        raise MagicError(f"{row.flag} is empty. Give it a value, or leave it out.")
    if row.kind == CHOICE and values[0] not in row.choices:
        close = difflib.get_close_matches(values[0][:_SHOWN], row.choices, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        shown = escaped(values[0][:_SHOWN])
        raise MagicError(f"{row.flag} takes {_one_of(row.choices)}, not “{shown}”.{meant}")
    if row.kind == SECONDS and not (values[0].isascii() and values[0].isdecimal() and len(values[0]) < 10):
        raise MagicError(f"{row.flag} takes whole seconds, 0 to wait for ever, not “{escaped(values[0][:_SHOWN])}”.")


def _one_of(choices: Sequence[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"
