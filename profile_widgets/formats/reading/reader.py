"""Read a request from a text in any of the registered formats, and judge whether the model can hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.placeholders import without_placeholders
from profile_widgets.formats.reading import envelopes
from profile_widgets.formats.reading.fillins import fill_ins
from profile_widgets.formats.reading.registry import IMPORTERS, CertainError, Context, Files, Found, Importer
from profile_widgets.formats.reading.strangers import stranger
from profile_widgets.formats.reading.surroundings import within
from profile_widgets.formats.syntax import must_fit
from profile_widgets.model.complaints import complaints
from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.problems import ERROR, INFORMATION, Problem, ordered
from profile_widgets.model.shapes import CREATE, OPERATIONS, Member, input_member

MANY = 100
"""How many problems of one text are told."""

SECOND_BEST = 20
"""How much a text must look like a format for it to be tried when the likeliest one fails."""


SURE = 90
"""How much it must look like a format for what that one is certain about to be the last word."""


@dataclass(frozen=True)
class Reading:
    """Hold a request that was read from a text, and what is to be said about it.

    ``format`` is the format's name. ``operation`` is the one that the text tells, ``None`` when it does not.
    ``request`` is a plain document without untouched placeholders, whose paths are ``left_out``. ``problems`` are
    :class:`~profile_widgets.model.problems.Problem`: with an error among them the text is ``refused``, and must not be
    applied. ``connection`` holds what the text says about the connection, by the names of ``Connection``'s settings.
    ``untold`` are the paths of members that are given, but not with a value that the text tells (``!Ref``).

    Example::

        >>> reading = read("aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice")
        >>> reading.format, reading.operation, reading.request
        ('cli', 'UpdateUserProfile', {'DomainId': 'd-abc123', 'UserProfileName': 'alice'})
    """

    format: str
    operation: str | None
    request: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    connection: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether the text must not be applied."""
        return any(each.severity == ERROR for each in self.problems)


def read(
    text: str,
    format: str | None = None,  # noqa: A002 - what it is called everywhere else
    *,
    operation: str | None = None,
    files: Files | None = None,
) -> Reading:
    """Read a create or update request from a text.

    ``format`` is a name of :data:`~profile_widgets.formats.reading.registry.IMPORTERS`; ``None`` tells it from the
    text. ``operation`` is what the text is taken for when it does not tell. ``files(name)`` gives the text of a file
    that a command names by ``file://``; it raises :class:`OSError` or :class:`UnicodeError` when it cannot. Raises
    :class:`~profile_widgets.errors.FormatError` with a sentence, and line and column where a place can be told, for a
    text that is not of its format; :class:`ValueError` for a format or operation that does not exist.

    Example::

        >>> read("UserProfileName: alice").request
        {'UserProfileName': 'alice'}
    """
    if format is not None and format not in IMPORTERS:
        raise ValueError(f"There is no format {format!r}: choose one of {', '.join(IMPORTERS)}.")
    if operation is not None and operation not in OPERATIONS:
        raise ValueError(f"{operation!r} is not an operation of this kit: choose {' or '.join(OPERATIONS)}.")
    must_fit(text, format or "")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise FormatError("There is nothing to read.", format=format or "")
    context = Context(operation, files)
    return _inner(text, format, context)


def _inner(text: str, name: str | None, context: Context) -> Reading:
    """Read a text; when that fails, what stands within a fence of it, or below the command that it answers."""
    outer: Reading | FormatError
    try:
        outer = _read(text, name, context)
    except FormatError as error:
        outer = error
    if isinstance(outer, Reading) and not outer.refused:
        return outer
    for inner, sentence in within(text):
        try:
            reading = _read(inner, name, context)
        except FormatError as error:
            outer = error if isinstance(outer, FormatError) else outer
            continue
        said = Problem("", INFORMATION, sentence, "format")
        return replace(reading, problems=ordered((*reading.problems, said)))
    if isinstance(outer, FormatError):
        raise outer
    return outer


def _read(text: str, name: str | None, context: Context) -> Reading:
    if name is not None:
        return _reading(IMPORTERS[name], text, context)
    try:
        return _likeliest(text, context)
    except FormatError as error:
        known = stranger(text)
        if known:
            raise FormatError(known) from error
        raise


def _likeliest(text: str, context: Context) -> Reading:
    scores = {each.name: each.looks_like(text) for each in IMPORTERS.values()}
    likely = sorted(IMPORTERS.values(), key=lambda each: (-scores[each.name], each.rank))
    certain = scores[likely[0].name] >= SURE
    first: FormatError | None = None
    for each in likely:
        if first is not None and scores[each.name] < SECOND_BEST:
            break
        try:
            reading = _reading(each, text, context)
        except FormatError as error:
            first = first or error
            if certain and isinstance(error.__cause__, CertainError):
                break
            continue
        if first is None or not reading.refused:
            return reading
    assert first is not None
    if scores[likely[0].name] < SECOND_BEST:
        known = ", ".join(each.label for each in sorted(IMPORTERS.values(), key=lambda each: each.rank))
        raise FormatError(f"This looks like none of the forms in which a request can be read: {known}.")
    raise first


def _reading(chosen: Importer, text: str, context: Context) -> Reading:
    try:
        found = chosen.read(text, context)
        document = envelopes.opened(found)
    except FormatError as error:
        message = f"This cannot be read as {chosen.label}. {error}"
        raise FormatError(message, format=chosen.name, line=error.line, column=error.column) from error
    operation = found.operation
    member = input_member(operation or context.operation or CREATE)
    cleaned = without_placeholders(member, document)
    judged = _limited(_judged(member, cleaned.request))
    problems = (*found.problems, *cleaned.problems, *_unfilled(cleaned.request, found), *judged)
    return Reading(
        chosen.name, operation, cleaned.request, ordered(problems), found.connection, cleaned.left_out,
        tuple(found.untold),
    )  # fmt: skip


def _unfilled(request: Mapping[str, Any], found: Found) -> Iterator[Problem]:
    """Yield what looks as if it waits to be filled in, where nothing is said of the place yet."""
    told = {each.path for each in found.problems}
    return (each for each in fill_ins(request) if each.path not in told)


def _limited(problems: Iterator[Problem]) -> Iterator[Problem]:
    yield from islice(problems, MANY)
    if next(problems, None) is not None:
        yield Problem("", ERROR, f"More than {MANY} such problems; the others are not listed.", "format")


def _judged(member: Member, request: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield why the model cannot hold a request: nulls, unknown members, values of the wrong type."""
    yield from _nulls(request, "")
    yield from (replace(each, message=_quoting(each)) for each in complaints(member, request))


def _quoting(problem: Problem) -> str:
    """Return a complaint, with a hint where a number or a date stands for a text."""
    wanted = "Takes a text, not “"
    plain = problem.message.startswith(wanted) and problem.message[len(wanted)] not in "[{"
    return f"{problem.message[:-1]}: put it in quotes." if plain else problem.message


def _nulls(value: Any, path: str) -> Iterator[Problem]:
    if value is None:
        text = "null is not a value here: leave the member out, or give it a value."
        yield Problem(path, ERROR, text, "type")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _nulls(each, join(path, name) if can_stand_in_a_path(name) else path)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _nulls(each, join(path, index))
