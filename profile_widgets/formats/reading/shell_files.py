"""What stands beside a command in a text: files that the text writes, numbers of lines, signs of a web page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.shell import Splitter
from profile_widgets.formats.reading.shell_changes import Changes, mentions
from profile_widgets.formats.reading.shell_expansion import Heredoc, heredocs, unescaped
from profile_widgets.formats.reading.shell_repairs import ENTITIES, NUMBERS
from profile_widgets.formats.reading.shell_words import Line, Variables, Word

MANY = 50
"""How many written files are looked at."""

_INTO = re.compile(r"(?<![<>&0-9])(>>?)[^\S\n]*(['\"]?[^\s<>;|&]+)")
_TEE = re.compile(r"\btee[^\S\n]+(-a[^\S\n]+)?(['\"]?[^\s<>;|&-][^\s<>;|&]*)")
_ECHO = re.compile(r"^[^\S\n]*(?:[$%>][^\S\n]+)?(echo|printf)(?=[^\S\n])", re.MULTILINE)
_IN_FRONT = frozenset({"$", "%", ">", "#", "sudo", "then", "else", "do", "{", "("})
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


@dataclass(frozen=True)
class _Written:
    """Hold a file that a text writes: its name, its content (``None``: it is not plain), and where it is written."""

    name: str
    content: Word | None
    begin: int
    end: int


def written_files(text: str, variables: Variables, start: int) -> dict[str, Word | None]:
    """Return the files that a text writes before the command at ``start``, by name.

    They are ``None`` where the text writes them in several ways, or may change them before the command.
    """
    files: dict[str, Word | None] = {}
    splitter = Splitter(text, variables)
    changes = Changes(text[:start], variables)
    for each in (*_by_heredoc(text, splitter), *_by_echo(text, splitter)):
        if each.begin < start:
            word = None if changes.may_change(each.name, each.end) else each.content
            same = each.name in files and word is not None and getattr(files[each.name], "text", None) == word.text
            files[each.name] = word if each.name not in files or same else None
    return files


def piped(text: str, start: int, variables: Variables) -> Word | None:
    """Return the text behind a ``<<EOF`` that goes into the command at ``start``: ``cat <<EOF | aws ...``."""
    begin = text.rfind("\n", 0, start) + 1
    if "<<" not in text[begin:start]:
        return None
    into = [each for each in heredocs(text[begin:]) if each.at < start - begin and "|" in text[begin + each.at : start]]
    return _body(into[0], Splitter(text[begin:], variables)) if into else None


def _by_heredoc(text: str, splitter: Splitter) -> Iterator[_Written]:
    for each in heredocs(text):
        begin = text.rfind("\n", 0, each.at) + 1
        line = text[begin : each.begin]
        tee = _TEE.search(line)
        into = tee if tee is not None else _INTO.search(line) if "cat" in line else None
        if into is None:
            continue
        name = _name(into[2], splitter)
        more = bool(into[1]) and (tee is not None or into[1] == ">>")
        plain = not more and _is_plain(line) and not mentions(name, line[into.end() :])
        yield _Written(name, _body(each, splitter) if plain else None, each.at, each.behind)


def _is_plain(line: str) -> bool:
    """Tell whether nothing but ``cat`` and ``tee`` stands between a text and the file that it goes into."""
    piece = next((each for each in re.split(r"&&|\|\||;", line) if "<<" in each), "")
    for command in piece.split("|"):
        words = [each for each in command.split() if each not in _IN_FRONT]
        if not words or words[0].rpartition("/")[2] not in ("cat", "tee"):
            return False
    return True


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


def _by_echo(text: str, splitter: Splitter) -> Iterator[_Written]:
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
        if into is not None:
            name = _name(into[2], splitter)
            yield _Written(name, _printed(line) if into[1] == ">" else None, found.start(), line.end)


def _printed(line: Line) -> Word | None:
    """Return what ``echo`` or ``printf`` prints; ``None`` when that is not one text as it stands."""
    printf = line.words[0].text == "printf"
    words = line.words[1:]
    flags = ""
    while words and re.fullmatch(r"--" if printf else r"-[neE]+", words[0].text):
        flags += words.pop(0).text
    if printf and words and re.fullmatch(r"%s(?:\n|\\n)?", words[0].text):
        return words[1] if len(words) == 2 else None
    if len(words) != 1:
        return None
    text = words[0].text
    if printf:
        if re.search(r"%(?!%)", text.replace("%%", "")):
            return None
        text = text.replace("%%", "%")
    if printf or flags.rfind("e") > flags.rfind("E"):
        signs = re.findall(r"\\(.?)", text, re.DOTALL)
        if not set(signs) <= set('abefnrtv\\"' if printf else "abefnrtv\\"):
            return None
        text = unescaped(text)
    return words[0] if text == words[0].text else Word(text, -1, True, words[0].unknown)
