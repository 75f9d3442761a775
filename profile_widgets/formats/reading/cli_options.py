"""The options of the two commands, and which words of a line belong to which of them, as the AWS CLI reads it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from profile_widgets.formats.cli_command import option
from profile_widgets.formats.reading.shell_repairs import DASHES, HYPHENS
from profile_widgets.formats.reading.shell_words import Word
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, Member, input_member

FLAG, VALUE, PERHAPS, SEVERAL = 0, 1, "?", "*"
"""How many words an option takes: none, one, one or none, any number."""

GLOBALS: Mapping[str, int] = {
    "--debug": FLAG, "--endpoint-url": VALUE, "--no-verify-ssl": FLAG, "--no-paginate": FLAG, "--output": VALUE,
    "--query": VALUE, "--profile": VALUE, "--region": VALUE, "--version": FLAG, "--color": VALUE,
    "--no-sign-request": FLAG, "--ca-bundle": VALUE, "--cli-read-timeout": VALUE, "--cli-connect-timeout": VALUE,
    "--cli-binary-format": VALUE, "--no-cli-pager": FLAG, "--cli-auto-prompt": FLAG, "--no-cli-auto-prompt": FLAG,
    "--v2-debug": FLAG,
}  # fmt: skip
"""The options of every command of the AWS CLI, of its first and its second version."""

INPUTS = ("--cli-input-json", "--cli-input-yaml")
SKELETON = "--generate-cli-skeleton"
COMMANDS = {"create-user-profile": CREATE, "update-user-profile": UPDATE}
"""The commands that are read, by name."""

MANY_ERRORS = 20
"""How many mistakes of one command are told."""

_NUMBER = re.compile(r"-\d+|-\d*\.\d+")
_DASHED = re.compile(rf"[-{DASHES}]{{1,3}}(?=[A-Za-z])")
_LINES = str.maketrans(dict.fromkeys(DASHES, "-"))


@dataclass
class Given:
    """Hold an option of a command line: its whole name, and the words given for it."""

    name: str
    words: list[Word] = field(default_factory=list)


@dataclass
class Arguments:
    """Hold what a command line says: options in their order, what is wrong with it, and repairs that were made."""

    service: str = ""
    command: str = ""
    options: list[Given] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    repairs: set[str] = field(default_factory=set)


@cache
def options_of(operation: str) -> Mapping[str, Member]:
    """Return the members of an operation by the option that gives them."""
    return {option(name): member for name, member in input_member(operation).members.items()}


@cache
def _own(operation: str) -> Mapping[str, int | str]:
    """Return how many words each option of a command takes, its members' and those of all commands with a request."""
    own: dict[str, int | str] = {**dict.fromkeys(INPUTS, VALUE), SKELETON: PERHAPS}
    for name, member in options_of(operation).items():
        own[name] = SEVERAL if member.kind == "list" else FLAG if member.kind == "boolean" else VALUE
        if member.kind == "boolean":
            own[f"--no-{name[2:]}"] = FLAG
    return own


def arguments(words: Sequence[Word]) -> Arguments:
    """Sort the words behind ``aws``: service, command, options with their words, and what belongs to nothing."""
    return _Sorter(words).sorted()


def _brackets(word: Word) -> int:
    """Return how many brackets of a word are not closed in it."""
    return sum(word.text.count(each) for each in "{[") - sum(word.text.count(each) for each in "}]")


class _Sorter:
    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.found = Arguments()
        named = (COMMANDS[each.text] for each in words if each.text in COMMANDS)
        self.operation = next(named, UPDATE)
        self.known: Mapping[str, int | str] = {**_own(self.operation), **GLOBALS}

    def sorted(self) -> Arguments:
        at = 0
        while at < len(self.words):
            word = self.words[at]
            at += 1
            name, value = self._option(word)
            if name is None:
                self._positional(word)
            elif name:
                at = self._take(name, value, at)
            else:  # the words of an option that nobody knows belong to it
                while at < len(self.words) and not self._is_option(self.words[at]):
                    at += 1
        return self.found

    def _refuse(self, message: str) -> None:
        if len(self.found.errors) < MANY_ERRORS:
            self.found.errors.append(message)

    def _positional(self, word: Word) -> None:
        found = self.found
        if word.unknown:
            self._refuse(f"The command holds {word.unknown[0]}: put what it stands for in its place.")
        elif not found.service:
            found.service = word.text
        elif not found.command:
            found.command = word.text.translate(_LINES)
        elif not self._follows_bare_json():
            self._refuse(f"“{word.text[:60]}” belongs to no option: put a value with spaces in quotes.")

    def _follows_bare_json(self) -> bool:
        """Tell whether a word belongs to JSON whose quotes are missing, which is told where that is read."""
        last = self.found.options[-1].words[-1:] if self.found.options else []
        begun = (each for each in last if each.begins_bare and each.text.startswith(("{", "[")))
        return any('"' not in each.text and _brackets(each) for each in begun)

    def _take(self, name: str, value: Word | None, at: int) -> int:
        """Take an option with its words; return the position behind them."""
        given, takes = Given(name), self.known[name]
        self.found.options.append(given)
        if value is not None:
            given.words.append(value)
            if takes == FLAG:
                self._refuse(f"{name} takes no value.")
            return at
        most = {FLAG: 0, VALUE: 1, PERHAPS: 1}.get(takes, len(self.words))
        while len(given.words) < most and at < len(self.words) and not self._is_option(self.words[at]):
            given.words.append(self.words[at])
            at += 1
        if takes == VALUE and not given.words:
            self.found.options.remove(given)
            self._refuse(f"{name} has no value. One that begins with a dash is written {name}=VALUE.")
        return at

    def _is_option(self, word: Word) -> bool:
        return self._split(word)[0] is not None

    def _option(self, word: Word) -> tuple[str | None, Word | None]:
        """Return the option that a word names, and the value behind its ``=``.

        The name is ``None`` for a word that is no option, and empty for one that nobody knows.
        """
        text, value = self._split(word)
        if text is None:
            return None, None
        names = self._meant(text)
        if len(names) == 1:
            return names[0], value
        if names:
            self._refuse(f"{text[:60]} can be {' or '.join(names[:6])}: write it out.")
        elif len(self.found.errors) < MANY_ERRORS:
            self._refuse(self._unknown(text))
        return "", None

    def _split(self, word: Word) -> tuple[str | None, Word | None]:
        text = word.text
        begin = _DASHED.match(text)
        if begin is None or _NUMBER.fullmatch(text):
            return None, None
        name, equals, _ = text.partition("=")
        plain = f"--{name[begin.end() :].translate(_LINES)}" if begin[0] != "-" and word.begins_bare else name
        if self._meant(plain):
            if plain != name:
                self.found.repairs.add(HYPHENS)
            return plain, word.behind(len(name) + 1) if equals else None
        if not text.startswith("-") or " " in text:
            return None, None
        return name, None

    def _meant(self, text: str) -> list[str]:
        """Return the options that a name stands for: itself, or those that begin with it, the global ones first."""
        if text in self.known:
            return [text]
        if not text.startswith("--") or len(text) < 3:
            return []
        begun = [name for name in GLOBALS if name.startswith(text)]
        return begun or [name for name in self.known if name.startswith(text)]

    def _unknown(self, text: str) -> str:
        others = [each for each in OPERATIONS if each != self.operation and text in options_of(each)]
        command = next(name for name, each in COMMANDS.items() if each == self.operation)
        if others:
            other = next(name for name, each in COMMANDS.items() if each == others[0])
            return f"{command} takes no {text}; {other} does."
        near = difflib.get_close_matches(text[:60], self.known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"There is no option {text[:60]} of {command}.{hint}"
