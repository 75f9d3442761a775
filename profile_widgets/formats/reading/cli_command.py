"""A request in an AWS CLI command as people paste it: from a script, a wiki page, a mail, a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import cli_connection
from profile_widgets.formats.reading.cli_options import (
    COMMANDS,
    INPUTS,
    SKELETON,
    Arguments,
    Given,
    arguments,
    options_of,
)
from profile_widgets.formats.reading.cli_values import Values
from profile_widgets.formats.reading.registry import CertainError, Context, Found, importer
from profile_widgets.formats.reading.shell import Splitter
from profile_widgets.formats.reading.shell_files import piped, plain_text, written_files
from profile_widgets.formats.reading.shell_quoted import Quoted, quotes_around
from profile_widgets.formats.reading.shell_repairs import DASHES, REPAIRS
from profile_widgets.formats.reading.shell_variables import variables_before
from profile_widgets.formats.reading.shell_words import EACH, NOTEBOOK, OUTSIDE, PROGRAM, Line, Variables, Word
from profile_widgets.formats.syntax import place

_DASH = f"[-{DASHES}_]"
_NAMED = re.compile(rf"\b(?:create|update){_DASH}user{_DASH}profile\b")
_AWS = re.compile(r"(?:^|(?<=[\s'\"`$(;&|>#%/\\\u201c\u2018]))aws2?(?:\.exe|\.cmd)?(?=\s|\\\n|`\n|\^\n)", re.MULTILINE)
_SERVICE = re.compile(r"\baws2?(?:\.exe|\.cmd)?\s+(?:\S+\s+){0,9}?sagemaker\s+([a-z][a-z-]+)")
_MAGIC = re.compile(r"^[^\S\n]*%{1,2}(?=(?:create|update)_user_profile\b)", re.MULTILINE)
_FIRST = re.compile(r"\s*(?:```\w*\s+|[$>%]\s+|sudo\s+|[A-Za-z_]\w*=\S*\s+)*(?:\S*[/\\])?aws2?(?:\.exe|\.cmd)?\s")
_OPTIONS = re.compile(rf"\s*[-{DASHES}]{{1,2}}[a-z]+{_DASH}[a-z]")
_OTHER = re.compile(
    r"(?:\s|\\\n|[`^]\r?\n)+(?:--[\w-]+(?:=\S+|\s+[^\s-]\S*)?\s+){0,20}[a-z][a-z0-9-]*\s+(?:[\\`^]\r?\n\s*)?"
)
_COMMAND = re.compile(r"(?:^|[;&|(`'\"$#%>]|\b(?:sudo|do|then|else)|=\S{0,200})[^\S\n]*\Z", re.MULTILINE)
_COMMENTED = re.compile(r"[^\S\n]*(?:#|//|::|REM\b)", re.IGNORECASE)
_XARGS = re.compile(r"\bxargs\b[^\n|;]*?-(?:I|i|-replace=?)[^\S\n]*['\"]?([^\s'\"]+)")
_FOR = re.compile(r"\bfor\b[^\n]*?(%{1,2}[A-Za-z])\s+in\b", re.IGNORECASE)
FAR = 4000
"""How far before the command's name ``aws`` may stand."""

MANY = 50
"""How many mentions of a command are looked at."""


def looks_like(text: str) -> int:
    """Tell how much a text looks like a command."""
    named = _NAMED.search(text) is not None
    if (named or _SERVICE.search(text)) and (_FIRST.match(text) or _MAGIC.match(text)):
        return 97
    if named and _AWS.search(text):
        return 90
    if _OPTIONS.match(text):
        return 60
    return 40 if named or _SERVICE.search(text) else 0


class _QuotedError(FormatError):
    """Say that what stands in quotes is not what is run."""


@dataclass
class _Text:
    """Hold a text with commands in it: variables that it sets, and files that it writes."""

    text: str
    variables: Variables = field(default_factory=Variables)
    files: dict[str, Word | None] = field(default_factory=dict)
    repairs: set[str] = field(default_factory=set)


@importer("cli", label="an AWS CLI command", rank=3, looks_like=looks_like)
def read(text: str, context: Context) -> Found:
    """Read ``aws sagemaker create-user-profile`` or ``update-user-profile``, or the same as a magic's line."""
    text, repairs = plain_text(text)
    around = _Text(text, repairs=repairs)
    starts = list(_starts(text))
    if not starts:
        raise FormatError(_nothing(text))
    around.variables = variables_before(text, starts[0])
    commands = _commands(around, starts)
    start, line = commands[0]
    if start != starts[0] or _quotes(text, start) is not None:
        around.variables = _variables(text, start)
        line = _line(around, start)
    around.files = written_files(text, around.variables, start)
    found = Found()
    if len(commands) > 1:
        found.refuse("There are two commands in this text, and one can be read at a time: leave one of them.")
    return _command(around, line, context, found)


def _commands(around: _Text, starts: list[int]) -> list[tuple[int, Line]]:
    """Return the commands of a text that are meant, each with where it begins: no mention, no old one in a comment."""
    alive = [each for each in starts if not _is_comment(around.text, each)]
    given = _giving_options(around, alive)
    if not given and len(alive) < len(starts):
        given = _giving_options(around, starts)
    given = given or [(starts[0], _line(around, starts[0]))]
    others = {}
    for start, line in given:
        sorted_words = arguments(_without_prefix(line.words))
        if sorted_words.command in COMMANDS and sorted_words.service.lower() not in ("sagemaker", "?"):
            others[start] = f"This is {sorted_words.service[:60]}'s {sorted_words.command}, not SageMaker's."
    ours = [each for each in given if each[0] not in others]
    if not ours:
        raise CertainError(others[given[0][0]])
    return ours


def _giving_options(around: _Text, starts: list[int]) -> list[tuple[int, Line]]:
    """Return the commands that are given, and not only spoken of; raise when the only one stands changed in quotes."""
    lines: list[tuple[int, Line]] = []
    refusal: FormatError | None = None
    for start in starts:
        try:
            if not lines or start >= lines[-1][1].end:
                lines.append((start, _line(around, start)))
        except _QuotedError as error:
            refusal = refusal or error
    given = [each for each in lines if any(word.text.startswith(("-", *DASHES)) for word in each[1].words)]
    if refusal is not None and not given:
        raise refusal
    return given


def _is_comment(text: str, start: int) -> bool:
    return _COMMENTED.match(text, text.rfind("\n", 0, start) + 1, start) is not None


def _variables(text: str, start: int) -> Variables:
    """Return the variables before a command; what is set outside of quotes around it need not be known within them."""
    variables = variables_before(text, start)
    quoted = _quotes(text, start)
    if quoted is None or quoted.typed:
        return variables
    inner = variables_before(re.sub(r"[^\n]", " ", text[: quoted.begin]) + text[quoted.begin :], start)
    for name in variables.names - inner.names:
        inner.forget(name, OUTSIDE)
    return inner


def _nothing(text: str) -> str:
    other = _SERVICE.search(text)
    if other is not None:
        return f"`aws sagemaker {other[1][:60]}` is no command that sends a user profile: {' and '.join(COMMANDS)} do."
    return f"There is neither {' nor '.join(COMMANDS)} in it."


def _starts(text: str) -> Iterator[int]:
    """Yield where commands begin: at ``aws``, at a magic, at the command's name, or at the first option."""
    mentions = [found for _, found in zip(range(MANY), _NAMED.finditer(text), strict=False)]
    begun: list[int] = []
    for found in mentions:
        start = _beginning(text, found.start())
        if start is not None and start not in begun:
            begun.append(start)
    if not begun and mentions:
        begun = [mentions[0].start()]
    if not begun and _OPTIONS.match(text):
        begun = [0]
    yield from begun


def _beginning(text: str, named: int) -> int | None:
    low = max(0, named - FAR)
    for found in reversed(list(_AWS.finditer(text, low, named))):
        if "sagemaker" in text[found.end() : named]:
            return found.start()
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()][-FAR:]
        if _OTHER.fullmatch(text, found.end(), named) and _COMMAND.search(line):
            return found.start()
    magic = text.rfind("%", low, named)
    return named if magic == named - 1 else None


def _quotes(text: str, start: int) -> Quoted | None:
    """Return the quotes around a command; for a mere mention of its name they are none."""
    return quotes_around(text, start) if _AWS.match(text, start) else None


def _line(around: _Text, start: int) -> Line:
    text, quoted = around.text, _quotes(around.text, start)
    fills = _fills(text, start)
    if quoted is not None:
        if quoted.problem:
            row, column = place(text, start)
            raise _QuotedError(f"{quoted.problem[:-1]} (line {row}, column {column}).", line=row, column=column)
        text = text[: quoted.end]
        fills |= {r"\{[^\s{}]*\}": PROGRAM} if quoted.filled else {}
    inline = text[start - 1 : start] == "`" and not text.startswith("``", start - 2)
    line = Splitter(text, around.variables, inline=inline, fills=fills).split(start)
    line.stdin = line.stdin or piped(text, start, around.variables)
    return line


def _fills(text: str, start: int) -> dict[str, str]:
    """Return the signs that what runs the command puts something else in the place of: patterns, and why."""
    before = text[max(0, start - FAR) : start]
    line = before[before.rfind("\n") + 1 :]
    fills = {}
    for found in (*_XARGS.finditer(line), *_FOR.finditer(before)):
        fills[re.escape(found[1])] = EACH
    if re.search(r"\bxargs\b|\bparallel\b|-exec\b", line):
        fills[r"\{\}"] = EACH
    if line.lstrip().startswith(("!", "%")):
        fills[r"\{[A-Za-z_][^\s{}=:,]*\}"] = NOTEBOOK
    return fills


def _command(around: _Text, line: Line, context: Context, found: Found) -> Found:
    words = _without_prefix(line.words)
    given = arguments(words)
    found.operation = COMMANDS.get(given.command, context.operation)
    for each in sorted(around.repairs | line.repairs | given.repairs, key=list(REPAIRS).index):
        found.warn(REPAIRS[each])
    for sentence in line.said:
        found.warn(sentence)
    for message in given.errors:
        found.refuse(message)
    if line.cut:
        found.tell(f"Cut off, because it does not belong to the request: {line.cut[:80]}")
    options = _last(given, found)
    cli_connection.take(options, around.variables, found)
    values = Values(around.text, context.files, around.files, line.stdin, found)
    found.document = _request(options, options_of(found.operation or COMMANDS["update-user-profile"]), values, found)
    return found


def _without_prefix(words: list[Word]) -> list[Word]:
    """Return the words behind ``aws``; where that is missing, with the service put in front."""
    first = words[0].text if words else ""
    if re.fullmatch(r"(?:.*[/\\])?aws2?(?:\.exe|\.cmd)?", first):
        return words[1:]
    named = first.replace("_", "-")
    if named in COMMANDS:
        return [Word("sagemaker"), Word(named), *words[1:]]
    return [Word("sagemaker"), Word("?"), *words]


def _last(given: Arguments, found: Found) -> dict[str, Given]:
    """Return each option as it was given last, which is how the CLI takes it."""
    options: dict[str, Given] = {}
    for each in given.options:
        if each.name in options:
            found.warn(f"{each.name} is given twice; the last one counts, as in the AWS CLI.")
        options[each.name] = each
    if SKELETON in options:
        found.warn(f"{SKELETON} has no meaning here: the command is read as if it were not there.")
    return options


def _request(options: dict[str, Given], members: Any, values: Values, found: Found) -> dict[str, Any]:
    """Return the request: what a cli-input file holds, and over it what the options give."""
    inputs = [each for each in INPUTS if each in options]
    if len(inputs) > 1:
        found.refuse(f"{' and '.join(inputs)} cannot be given together: leave one of them.")
    request: dict[str, Any] = {}
    for name in inputs:
        request |= values.whole(options[name])
    for name, given in options.items():
        positive = name if name in members else f"--{name.removeprefix('--no-')}"
        if positive in members:
            member = members[positive]
            value = name == positive if member.kind == "boolean" else values.of(given, member)
            if value is not None:
                request[member.name] = value
    return request
