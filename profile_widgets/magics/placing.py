"""Python values that stand inside shorthand, YAML or loose JSON: each stays what it is, whatever is in its text.

What a text means is told by a copy of it that holds plain words in the places of the values. Where the text itself
means the same with the values in it, it stays; otherwise it is written anew, with quotes around what needs them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats import syntax
from profile_widgets.formats.parameters import bracketed
from profile_widgets.formats.shorthand import looks_like_shorthand, shorthand
from profile_widgets.magics.errors import MagicError
from profile_widgets.model.halves import escaped

_BARE = re.compile(r"[A-Za-z0-9_./:+-]+")
_FROM_FILE = "\0"
"""What the text of a file begins with while none is read: such a text is not written anew."""

_BRACKETS = ("{", "[")
_FILES = ("file://", "fileb://")
_SHOWN = 60


@dataclass(frozen=True)
class Value:
    """Hold a Python value that was put into a text: where it begins there, and as what.

    ``written`` is the expression. ``is_document`` says that it is a list or a structure, and ``text`` its JSON.
    """

    start: int
    text: str
    written: str
    is_document: bool = False

    @property
    def end(self) -> int:
        """Return where it ends."""
        return self.start + len(self.text)


def placed(text: str, values: Sequence[Value], *, in_shorthand: bool) -> str:
    """Return a text that means what it says with each value as one value.

    ``in_shorthand`` tells whether the option is read as shorthand too. A value that is the whole text, or whole pieces
    of shorthand at its beginning, is taken as if it had been typed. Raises
    :class:`~profile_widgets.magics.errors.MagicError` for one that cannot be written there.

    Example::

        >>> placed("DefaultLandingUri=a,b", [Value(18, "a,b", "{uri}")], in_shorthand=True)
        "DefaultLandingUri='a,b'"
    """
    values = _inside(text, values)
    if not values:
        return text
    stand_ins = _StandIns(text, values)
    sample = stand_ins.sample
    if sample.startswith(_FILES):
        return text
    if in_shorthand and looks_like_shorthand(sample):
        return _in_shorthand(text, stand_ins)
    document = _understood(_document, sample)
    if not isinstance(document, (dict, list)):
        return text
    meant = stand_ins.replaced(document)
    return text if _is_same(meant, _understood(_document, text)) else json.dumps(meant, ensure_ascii=False)


def _inside(text: str, values: Sequence[Value]) -> Sequence[Value]:
    """Return the values without those that make up the text's beginning, each with a comma behind it or nothing."""
    at = 0
    for index, value in enumerate(values):
        if value.start != at or text[value.end : value.end + 1] not in ("", ","):
            return values[index:]
        at = value.end + 1
    return ()


def _in_shorthand(text: str, stand_ins: _StandIns) -> str:
    """Return the text, or the same in other words: with quotes of one kind, or of the other."""
    sample, found = _understood(_pairs, stand_ins.sample), _understood(_pairs, text)
    if sample is None and found is None:
        return text  # it is wrong without the values too, and whoever reads it says how
    if sample is not None:
        meant = stand_ins.replaced(sample, plain=True)
        if meant == found:
            return text
        for quote in "'\"":
            candidate = ",".join(_written_pairs(meant, quote))
            if _FROM_FILE not in candidate and _understood(_pairs, candidate) == meant:
                return candidate
    raise MagicError(
        f"{' and '.join(stand_ins.shown())} cannot stand there in shorthand and stay as it is. "
        "Give the whole value of the option as JSON, or as a Python dictionary."
    )


def _understood(reader: Callable[[str], Any], text: str) -> Any:
    """Return what a text says, ``None`` when it says nothing."""
    try:
        return reader(text)
    except FormatError:
        return None


def _pairs(text: str) -> Any:
    return shorthand(text, files=lambda name: f"{_FROM_FILE}{name}")


def _document(text: str) -> Any:
    return bracketed(text) if text.lstrip().startswith(_BRACKETS) else syntax.yaml_document(text)


class _StandIns:
    """Put plain words, which no notation takes for anything else, in the places of values; and take them out again."""

    def __init__(self, text: str, values: Sequence[Value]) -> None:
        self._values = values
        mark = "V"
        while mark in text:
            mark += "V"
        self._pattern = re.compile(rf"{mark}([0-9]+)\.")
        self.sample, at = "", 0
        for index, value in enumerate(values):
            self.sample += f"{text[at : value.start]}{mark}{index}."
            at = value.end
        self.sample += text[at:]

    def shown(self) -> list[str]:
        """Return the expressions, each once."""
        return list(dict.fromkeys(escaped(value.written[:_SHOWN]) for value in self._values))

    def replaced(self, document: Any, *, plain: bool = False) -> Any:
        """Return a document with the values in their places; ``plain`` makes texts of numbers, as shorthand has them.

        A list or a structure is one where it stands alone, and JSON within a text. Raises
        :class:`~profile_widgets.magics.errors.MagicError` when two members get one name.
        """
        if isinstance(document, dict):
            found = {self._text(str(name)): self.replaced(each, plain=plain) for name, each in document.items()}
            if len(found) < len(document):
                raise MagicError(f"{' and '.join(self.shown())}: two members of one structure get the same name.")
            return found
        if isinstance(document, list):
            return [self.replaced(each, plain=plain) for each in document]
        if not isinstance(document, str):
            return document
        alone = self._pattern.fullmatch(document)
        value = self._values[int(alone[1])] if alone else None
        if value is None or not value.is_document:
            return self._text(document)
        held = json.loads(value.text)
        return _texts(held) if plain else held

    def _text(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._values[int(found[1])].text, text)


def _texts(value: Any) -> Any:
    """Return a document with texts only; ``None`` stays, for shorthand has no word for it."""
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _is_same(meant: Any, found: Any) -> bool:
    """Tell whether a document was read as it was meant; a text may have become a number, as it does when typed."""
    if isinstance(meant, dict):
        return (
            isinstance(found, dict)
            and meant.keys() == found.keys()
            and all(_is_same(each, found[name]) for name, each in meant.items())
        )
    if isinstance(meant, list):
        return isinstance(found, list) and len(meant) == len(found) and all(map(_is_same, meant, found))
    return meant == found or (isinstance(meant, str) and isinstance(found, (int, float)))


def _written_pairs(document: dict[str, Any], quote: str) -> Iterator[str]:
    for name, value in document.items():
        yield f"{name}={_written(value, quote)}"


def _written(value: Any, quote: str) -> str:
    """Return a value in shorthand."""
    if isinstance(value, dict):
        return f"{{{','.join(_written_pairs(value, quote))}}}"
    if isinstance(value, list):
        return f"[{','.join(_written(each, quote) for each in value)}]"
    text = str(value)
    if _BARE.fullmatch(text):
        return text
    return quote + text.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote
