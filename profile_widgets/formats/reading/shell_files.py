"""What stands beside a command in a text: files that the text writes, numbers of lines, signs of a web page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.shell import Splitter
from profile_widgets.formats.reading.shell_expansion import Heredoc, heredocs
from profile_widgets.formats.reading.shell_repairs import ENTITIES, NUMBERS
from profile_widgets.formats.reading.shell_words import Variables, Word

MANY = 50
"""How many written files are looked at."""

_INTO = re.compile(r"(?<![<>&0-9])(>>?)[^\S\n]*(['\"]?[^\s<>;|&]+)")
_TEE = re.compile(r"\btee[^\S\n]+(-a[^\S\n]+)?(['\"]?[^\s<>;|&-][^\s<>;|&]*)")
_ECHO = re.compile(r"^[^\S\n]*(?:[$%>][^\S\n]+)?(echo|printf)(?=[^\S\n])", re.MULTILINE)
_NUMBERED = re.compile(r"^[^\S\n]*(\d{1,4})(?:[.:|)])?(?=[^\S\n]+\S|[^\S\n]*$)")
_ENTITY = re.compile(r"&(?:quot|#0*34|#0*39|apos|#x2[27]);", re.IGNORECASE)


def plain_text(text: str) -> tuple[str, set[str]]:
    """Return a text without numbers in front of its lines and signs of a web page, and which of these there were."""
    repairs = set()
    if _ENTITY.search(text) and "'" not in text and '"' not in text:
        text = html.unescape(text)
        repairs.add(ENTITIES)
    without = _without_numbers(text)
    if without is not None:
        repairs.add(NUMBERS)
    return without or text, repairs


def _without_numbers(text: str) -> str | None:
    """Return a text with spaces in the place of numbers that count its lines; ``None`` when nothing counts them."""
    lines, last = text.split("\n"), None
    if len([each for each in lines if each.strip()]) < 2:
        return None
    for at, line in enumerate(lines):
        found = _NUMBERED.match(line)
        if found is None and not line.strip():
            continue
        if found is None or (last is not None and int(found[1]) != last + 1):
            return None
        last = int(found[1])
        lines[at] = " " * found.end() + line[found.end() :]
    return "\n".join(lines)


def written_files(text: str, variables: Variables) -> dict[str, Word | None]:
    """Return the files that a text itself writes, by name; ``None`` for one that it writes in several ways."""
    files: dict[str, Word | None] = {}
    splitter = Splitter(text, variables)
    for name, word in (*_by_heredoc(text, splitter), *_by_echo(text, splitter)):
        same = name in files and word is not None and getattr(files[name], "text", None) == word.text
        files[name] = word if name not in files or same else None
    return files


def piped(text: str, start: int, variables: Variables) -> Word | None:
    """Return the text behind a ``<<EOF`` that goes into the command at ``start``: ``cat <<EOF | aws ...``."""
    begin = text.rfind("\n", 0, start) + 1
    if "<<" not in text[begin:start]:
        return None
    into = [each for each in heredocs(text[begin:]) if each.at < start - begin and "|" in text[begin + each.at : start]]
    return _body(into[0], Splitter(text[begin:], variables)) if into else None


def _by_heredoc(text: str, splitter: Splitter) -> Iterator[tuple[str, Word | None]]:
    for each in heredocs(text):
        line = text[text.rfind("\n", 0, each.at) + 1 : each.begin]
        tee = _TEE.search(line)
        into = tee if tee is not None else _INTO.search(line) if "cat" in line else None
        if into is None:
            continue
        name = _name(into[2], splitter)
        more = bool(into[1]) and (tee is not None or into[1] == ">>")
        yield name, None if more else _body(each, splitter)


def _body(found: Heredoc, splitter: Splitter) -> Word | None:
    splitter.substitutions = 0
    try:
        return splitter.body(found)
    except FormatError:
        return None


def _name(written: str, splitter: Splitter) -> str:
    named = Splitter(written, splitter.variables)
    try:
        word = named.word()
    except FormatError:
        word = None
    return word.text if word is not None and not word.unknown else written


def _by_echo(text: str, splitter: Splitter) -> Iterator[tuple[str, Word | None]]:
    """Yield what ``echo '...' > name`` writes."""
    behind = 0
    for _, found in zip(range(MANY), _ECHO.finditer(text), strict=False):
        if found.start() < behind:
            continue
        each = Splitter(text, splitter.variables)
        try:
            line = each.split(found.start(1))
        except FormatError:
            continue
        behind = line.end
        into = _INTO.match(line.cut)
        if into is None:
            continue
        words = [word for word in line.words[1:] if word.text not in ("-n", "-e", "-E", "%s", "%s\n", "%s\\n")]
        name = _name(into[2], splitter)
        yield name, words[0] if len(words) == 1 and into[1] == ">" else None
