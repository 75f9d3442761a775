"""The words of a magic's line: split as a shell splits them, with Python values put in.

``{name}``, ``{name.attribute["key"]}`` and every other Python expression in braces that names something is replaced by
its value, ``$name`` and ``$name.attribute`` outside of single quotes too. A value is put in after the splitting: blanks
and quotes in it stay what they are, and a value that begins with ``--`` is no option. JSON is never taken for an
expression; inside of it a value is written as JSON writes it. A ``;`` outside of quotes ends the command.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.placing import Value
from profile_widgets.model.halves import escaped

Names = Mapping[str, Any]

_QUOTED = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'[^']*'""", re.DOTALL)
_BRACES = re.compile(r"\{\{([^{}\0]*)\}\}|\{([^{}\0]*)\}|(\$\$?)([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_MARK = re.compile("\0([0-9]+)\0")
_END = re.compile(rf"""{_QUOTED.pattern}|["'].*|(;)""", re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
"""A comma before a closing bracket, which readers of JSON forgive here; texts are stepped over."""

_FILE = re.compile(r"(?:^|=)\s*file://[^,]*$")
_SHOWN = 60


@dataclass(frozen=True)
class Word:
    """Hold one word; ``given`` says that it begins with a Python value, and so is no option whatever it looks like.

    ``values`` are the Python values in it that do not stand in JSON; ``notes`` say what was taken as it stands.
    """

    text: str
    given: bool = False
    values: tuple[Value, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class _Place:
    """Hold an expression as it was written, and as it is understood."""

    written: str
    code: str = ""
    """The Python expression; empty for a text that stands for itself."""
    literal: str = ""
    may_stay: bool = False
    """Whether it stays as it is where it cannot be understood: ``$name`` may be meant for AWS."""


def words(text: str, names: Names, look: Callable[[str, Names], Any] | None = None) -> list[Word]:
    """Split a text and put Python values in; ``names`` is where variables are looked up.

    ``look`` finds the value of an expression; without it the expression is run, as Python. Raises
    :class:`~profile_widgets.magics.errors.MagicError` for a quote that is not closed and for a variable that is not
    there.

    Example::

        >>> [word.text for word in words('--domain-id {d} --tags Key=a,Value="b c"', {"d": "d-abc123"})]
        ['--domain-id', 'd-abc123', '--tags', 'Key=a,Value=b c']
    """
    places: list[_Place] = []
    marked, behind = _parted(_marked(text.replace("\0", ""), places))
    if behind is not None and behind.strip():
        raise MagicError(behind_end(_MARK.sub(lambda found: places[int(found[1])].written, behind)))
    lexer = shlex.shlex(marked, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.whitespace += "\u00a0"
    try:
        found = list(lexer)
    except ValueError as error:
        what = "A quote is not closed" if "quotation" in str(error) else "A backslash stands at the end"
        raise MagicError(f"{what}: {escaped(text.strip()[-_SHOWN:])}") from None
    return [_filled(word, places, lambda place: _evaluated(place, names, look)) for word in found]


def is_ended(text: str) -> bool:
    """Tell whether a text holds a ``;`` that ends its command.

    Example::

        >>> is_ended("--debug;"), is_ended("--query 'a;'")
        (True, False)
    """
    return _parted(_marked(text.replace("\0", ""), []))[1] is not None


def behind_end(text: str) -> str:
    """Return the sentence about what stands behind the end of a command."""
    return (
        f"“;” ends the command, as in a shell, and behind it stands “{escaped(text.strip()[:_SHOWN])}”. "
        "Leave the ; out; one that belongs to a value stands in quotes."
    )


def _parted(marked: str) -> tuple[str, str | None]:
    """Return what stands before a ``;`` outside of quotes, and behind it; ``None`` when there is none."""
    end = next((found.start() for found in _END.finditer(marked) if found[1]), None)
    return (marked, None) if end is None else (marked[:end], marked[end + 1 :])


def _marked(text: str, places: list[_Place]) -> str:
    """Return the text with a mark in the place of each expression."""
    single = [found.span() for found in _QUOTED.finditer(text) if found[0].startswith("'")]
    marked, at = "", 0
    while found := _BRACES.search(text, at):
        begin, end = found.span()
        place = _place(found, quoted=any(start <= begin < stop for start, stop in single))
        if place is None:
            end = end if found[3] else begin + 1  # within braces that are no expression a $name may stand
            marked += text[at:end]
        else:
            marked += f"{text[at:begin]}\0{len(places)}\0"
            places.append(place)
        at = end
    return marked + text[at:]


def _place(found: re.Match[str], *, quoted: bool) -> _Place | None:
    doubled, braced, dollars, dollar_name = found.groups()
    if dollar_name is not None:
        if quoted:
            return None
        if dollars == "$$":
            return _Place(found[0], literal=f"${dollar_name}")
        return _Place(found[0], dollar_name, may_stay=True)
    code = (doubled if braced is None else braced).strip()
    if not is_expression(code):
        return None
    return _Place(found[0], literal=f"{{{doubled}}}") if braced is None else _Place(found[0], code)


def is_expression(code: str) -> bool:
    """Tell whether a text between braces is Python that names something, and no part of JSON, YAML or a query."""
    try:
        tree = ast.parse(code, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not isinstance(tree.body, (ast.Tuple, ast.Constant)) and any(
        isinstance(node, ast.Name) for node in ast.walk(tree)
    )


def _filled(word: str, places: list[_Place], evaluated: Callable[[_Place], Any]) -> Word:
    """Return a word with the values in the places of their marks."""
    inside = _inside_json(word) if "\0" in word else None
    text, at, given = "", 0, False
    values: list[Value] = []
    notes: list[str] = []
    for found in _MARK.finditer(word):
        text += word[at : found.start()]
        at = found.end()
        place = places[int(found[1])]
        given = given or (not found.start() and not place.literal)
        in_text = None if inside is None else found.start() in inside
        value = None if place.literal else _value(place, evaluated, in_text, len(text))
        if value is not None:
            text += value.text
            values += [value] if inside is None else []
            continue
        notes += [] if place.literal or _FILE.search(text) else _about_kept(place)
        text += place.literal or place.written
    return Word(text + word[at:], given, tuple(values), tuple(notes))


def _about_kept(place: _Place) -> list[str]:
    """Return the note about an expression that stays; of ``{name}`` whoever reads the request tells, with its path."""
    if place.may_stay:
        return [f"{escaped(place.written[:_SHOWN])} is no Python variable and is taken as it stands."]
    from profile_widgets.formats.reading.fillins import fill_ins

    if any(fill_ins(place.written)):
        return []
    return [f"{escaped(place.written[:_SHOWN])} asks for no Python variable that is there, and is taken as it stands."]


def _inside_json(word: str) -> frozenset[int] | None:
    """Return at which positions marks stand inside a JSON text; ``None`` when the word is not JSON."""
    if not word.lstrip().startswith(("{", "[")):
        return None
    texts = [found.span() for found in re.finditer(r'"(?:[^"\\]|\\.)*"', word)]
    inside = frozenset(
        found.start() for found in _MARK.finditer(word) if any(start < found.start() < end for start, end in texts)
    )
    try:
        filled = _MARK.sub(lambda found: "x" if found.start() in inside else "0", word)
        json.loads(_LAST_COMMA.sub(lambda found: found[1] or "", filled))
    except (ValueError, RecursionError):
        return None
    return inside


def _value(place: _Place, evaluated: Callable[[_Place], Any], in_text: bool | None, start: int) -> Value | None:
    """Return the value of an expression, ``None`` when it stays as it is.

    ``in_text`` says where in JSON it stands, and is itself ``None`` for no JSON.
    """
    try:
        value = evaluated(place)
    except NameError as error:
        if place.may_stay or in_text:
            return None
        name = getattr(error, "name", None) or place.code
        raise MagicError(
            f"There is no Python variable {name}, which {escaped(place.written[:_SHOWN])} asks for. "
            f"For these characters themselves write {{{escaped(place.written[:_SHOWN])}}}."
        ) from None
    except Exception as error:  # whatever it is, it is the expression's
        raise MagicError(f"{escaped(place.written[:_SHOWN])} failed: {type(error).__name__}: {error}") from error
    text = _as_json(value, place.written) if in_text is False else as_text(value, place.written)
    if in_text:
        text = json.dumps(text, ensure_ascii=False)[1:-1]
    return Value(start, text, place.written, _is_document(value))


def _evaluated(place: _Place, names: Names, look: Callable[[str, Names], Any] | None) -> Any:
    """Evaluate an expression; of ``$name.rest`` only as much as there is."""
    if look is not None:
        return look(place.code, names)
    if not place.may_stay:
        return eval(place.code, dict(names))  # noqa: S307 - a person's own Python, in their own kernel
    value, *attributes = place.code.split(".")
    if value not in names:
        raise NameError(value)
    found = names[value]
    for index, attribute in enumerate(attributes):
        if not hasattr(found, attribute):
            return f"{as_text(found, place.written)}.{'.'.join(attributes[index:])}"
        found = getattr(found, attribute)
    return found


def as_text(value: Any, written: str) -> str:
    """Return a Python value as the text of an option: structures and lists as JSON; raises for ``None``."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if value is None or isinstance(value, bool) or _is_document(value):
        return _as_json(value, written)
    return str(value)


def _is_document(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple)) or _document_of(value) is not None


def _as_json(value: Any, written: str) -> str:
    if value is None:
        raise MagicError(f"{escaped(written[:_SHOWN])} is None. Give it a value, or leave the option out.")
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise MagicError(f"{escaped(written[:_SHOWN])} cannot be written as JSON: {error}.") from None


def _plain(value: Any) -> Any:
    """Return what JSON can hold for a settings model, a mapping of another kind, or a path."""
    to_document = _document_of(value)
    if to_document is not None:
        return to_document()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"it holds a {type(value).__name__}")


def _document_of(value: Any) -> Callable[[], Any] | None:
    found = None if isinstance(value, type) else getattr(value, "to_document", None)
    return found if callable(found) else None
