"""Completion of the magics' lines and cells: options, their values, what the account holds, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.magics import account
from profile_widgets.magics.looking import text_of
from profile_widgets.magics.members import offers
from profile_widgets.magics.options import FLAG, LIST, MAGICS, STRUCTURE, Option, options
from profile_widgets.magics.words import Names, is_expression

MOST_FILES = 200
"""How many names of a folder are offered at most."""

FILE = "file://"
HELP = "help"
_NAMES = "|".join(MAGICS.values())
_OPERATIONS = {magic: operation for operation, magic in MAGICS.items()}
_CELL = re.compile(rf"\s*%%({_NAMES})(?=\s|$)")
_BRACED = re.compile(r"\{([^{}]*)\}")
_COMMENT = re.compile(r"^[ \t]*#.*\n", re.MULTILINE)
_LINE = re.compile(rf"\s*(?:[A-Za-z_]\w*\s*=\s*)?%({_NAMES})(?=\s)")


@dataclass(frozen=True)
class Offer:
    """Hold what may come at the cursor: ``fragment`` is what is typed of it already."""

    fragment: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """Hold a command as far as it is typed: whole words, the word at the cursor, and where variables are."""

    operation: str
    done: tuple[str, ...]
    last: str
    names: Names

    @property
    def table(self) -> Mapping[str, Option]:
        """Return the options that there are."""
        return options(self.operation)

    def given(self, wanted: Iterable[str]) -> dict[str, str] | None:
        """Return the options among ``wanted`` that are typed, with their values; a flag's is empty.

        Python values are looked up, and nothing is run for them: ``None`` when only that could tell one.
        """
        found: dict[str, str] = {}
        name = ""
        for word in self.done:
            if word.startswith("--"):
                name, joined, value = word[2:].partition("=")
                row = self.table.get(name)
                if joined or (row is not None and row.kind == FLAG):
                    found[name] = value
            elif name and name not in found:
                found[name] = word
        told = {each: text_of(found[each], self.names) if found[each] else "" for each in wanted if each in found}
        known = {each: value for each, value in told.items() if value is not None}
        return known if len(known) == len(told) else None

    def open_option(self) -> Option | None:
        """Return the option whose value stands at the cursor."""
        for values, word in enumerate(reversed(self.done)):
            if word.startswith("--"):
                row = self.table.get(word[2:]) if "=" not in word else None
                takes = row is not None and row.kind != FLAG and (row.kind == LIST or not values)
                return row if takes else None
        return None


def install(ip: Any) -> None:
    """Let IPython ask for completions of the magics."""
    from IPython.core.completer import context_matcher

    @context_matcher(identifier="profile_widgets.magics", priority=1000)  # type: ignore[untyped-decorator, unused-ignore]
    def matcher(context: Any) -> dict[str, Any]:
        return matches(context, ip.user_ns)

    ip.Completer.custom_matchers.append(matcher)


def remove(ip: Any) -> None:
    """Let IPython ask no more."""
    completer = getattr(ip, "Completer", None)
    if completer is not None:
        kept = [each for each in completer.custom_matchers if not _is_ours(each)]
        completer.custom_matchers[:] = kept


def _is_ours(matcher: Any) -> bool:
    return getattr(matcher, "matcher_identifier", "") == "profile_widgets.magics"


def matches(context: Any, names: Names) -> dict[str, Any]:
    """Return IPython's form of what may come at the cursor."""
    from IPython.core.completer import SimpleCompletion

    text = "\n".join([*context.full_text.split("\n")[: context.cursor_line], context.text_until_cursor])
    typed = typed_so_far(text, names)
    found = Offer("", ()) if typed is None else complete(typed)
    completions = [SimpleCompletion(text=each, type="magic") for each in found.texts]
    return {"completions": completions, "matched_fragment": found.fragment, "suppress": bool(completions)}


def typed_so_far(text: str, names: Names) -> Typed | None:
    """Return the command in a text that ends at the cursor; ``None`` when there is none.

    Example::

        >>> typed_so_far("%update_user_profile --output ta", {}).last
        'ta'
    """
    cell = _CELL.match(text)
    if cell is not None:
        line, _, body = _COMMENT.sub("", _continued(text[cell.end() :])).partition("\n")
        if body.strip() and not body.lstrip().startswith("-"):
            return None  # the body is a document, and no options
        return _typed(cell[1], f"{line} {body}" if body else line, names)
    last = _continued(text).rpartition("\n")[2]
    found = _LINE.match(last)
    return None if found is None else _typed(found[1], last[found.end() :], names)


def _continued(text: str) -> str:
    """Return a text with the lines joined that a backslash, and comments behind it, leave open."""
    return re.sub(r"\\\n(?:[ \t]*#.*\n)*", " ", text)


def _typed(magic: str, text: str, names: Names) -> Typed:
    done, last = split(text)
    return Typed(_OPERATIONS[magic], tuple(done), last, names)


def split(text: str) -> tuple[list[str], str]:
    """Return the whole words of a text and the one that is still open at its end; quotes may be open.

    An expression in braces stays as it is written, quotes and blanks included.

    Example::

        >>> split("--tags 'Key=a b' Key=")
        (['--tags', 'Key=a b'], 'Key=')
    """
    done: list[str] = []
    word, quote, begun, end = "", "", False, 0
    for at, char in enumerate(text):
        if at < end:
            continue
        braced = None if quote or char != "{" else _BRACED.match(text, at)
        if braced is not None and is_expression(braced[1].strip()):
            word, end = word + braced[0], braced.end()
        elif quote:
            quote, word = ("", word) if char == quote else (quote, word + char)
        elif char in "'\"":
            quote, begun = char, True
        elif char.isspace():
            if word or begun:
                done.append(word)
            word, begun = "", False
        else:
            word += char
    return done, word


def complete(typed: Typed) -> Offer:
    """Return what may come at the cursor."""
    last = typed.last
    if typed.done[:1] == (HELP,):
        return Offer(last, _beginning(last, (row.flag for row in typed.table.values())))
    if last.startswith("--"):
        name, joined, value = last[2:].partition("=")
        if joined:
            row = typed.table.get(name)
            return Offer("", ()) if row is None else _values(typed, row, value)
        given = {word[2:].partition("=")[0] for word in typed.done if word.startswith("--")}
        return Offer(last, _beginning(last, (row.flag for row in typed.table.values() if row.name not in given)))
    row = typed.open_option()
    if row is not None:
        return _values(typed, row, last)
    if last.strip("-"):
        return Offer(last, _beginning(last, (HELP,) if not typed.done else ()))
    return replace(complete(replace(typed, last="--")), fragment=last)


def _beginning(fragment: str, choices: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in choices if each.startswith(fragment))


def _values(typed: Typed, row: Option, value: str) -> Offer:
    """Return the values of an option that begin as ``value`` does."""
    if value.startswith(FILE):
        return _files(value.removeprefix(FILE))
    source = _SOURCES.get(row.name)
    if source is not None:
        return Offer(value, _beginning(value, source(typed, value)))
    if row.member is not None and row.kind in (STRUCTURE, LIST):
        return Offer(*offers(row.member, value))
    if row.name.startswith("cli-input-"):
        return Offer(value, _beginning(value, (FILE,)))
    return Offer(value, _beginning(value, row.choices))


def _profiles(_typed: Typed, _value: str) -> Sequence[str]:
    from profile_widgets.aws.sessions import profiles

    try:
        return profiles()
    except ProfileWidgetsError:  # files that cannot be read are told of when the command runs
        return ()


def _regions(_typed: Typed, _value: str) -> Sequence[str]:
    from profile_widgets.aws.regions import known_regions

    return known_regions()


def _domains(typed: Typed, _value: str) -> Sequence[str]:
    given = typed.given(account.PLACE)
    return () if given is None else account.domains(given)


def _user_profiles(typed: Typed, value: str) -> Sequence[str]:
    given = typed.given((*account.PLACE, "domain-id"))
    return () if given is None else account.user_profiles(given, value)


_SOURCES: dict[str, Callable[[Typed, str], Sequence[str]]] = {
    "profile": _profiles,
    "region": _regions,
    "domain-id": _domains,
    "user-profile-name": _user_profiles,
}
"""Where the values of an option are found that no table holds."""


def _files(path: str) -> Offer:
    """Return the names of files that a path may go on with; folders end in ``/``."""
    folder, slash, fragment = path.rpartition("/")
    try:
        place = Path(f"{folder}{slash}" or ".").expanduser()
        found = sorted(each for each in place.iterdir() if each.name.startswith(fragment))[:MOST_FILES]
        shown = [f"{each.name}/" if each.is_dir() else each.name for each in found]
    except (OSError, RuntimeError, ValueError):
        return Offer(fragment, ())
    hidden = fragment.startswith(".")
    return Offer(fragment, tuple(each for each in shown if hidden or not each.startswith(".")))
