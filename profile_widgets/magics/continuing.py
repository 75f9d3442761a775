"""Which lines of a cell belong together, as in a shell: backslashes at the end, open quotes, lines of comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_BACKSLASH = "\\"
_QUOTES = "\"'"


def first_command(line: str, body: str | None) -> tuple[str, str | None]:
    r"""Return a cell's first line with the lines that continue it, and the rest of the body.

    A quote that no line closes takes nothing: the first line alone is what is wrong.

    Example::

        >>> first_command("--region x " + chr(92), "--cli-input-yaml -\nUserSettings: {}")
        ('--region x  --cli-input-yaml -', 'UserSettings: {}')
    """
    if body is not None and line.lstrip().startswith("#"):
        return "", body
    quote, goes_on = _end_of(line, "")
    if body is None or not (quote or goes_on):
        return line, body
    below = body.split("\n")
    text, count, closed = next(_texts([line, *below]))
    return (line, body) if quote and not closed else (text, "\n".join(below[count - 1 :]))


def commands(body: str) -> str:
    r"""Return the options of a body with the lines joined that belong together, and without lines of comment.

    Example::

        >>> commands("# where\n--domain-id d-abc123\n--debug")
        '--domain-id d-abc123\n--debug'
    """
    return "\n".join(text for text, _, _ in _texts(body.split("\n")))


def _texts(lines: Iterable[str]) -> Iterator[tuple[str, int, bool]]:
    """Yield texts of one line or more, how many lines were read up to its end, and whether all quotes are closed."""
    text, quote, goes_on, count = "", "", False, 0
    for count, line in enumerate(lines, start=1):
        if not quote and line.lstrip().startswith("#"):
            continue
        quote, goes_on = _end_of(line, quote)
        if goes_on:
            text += line.rstrip()[:-1] + ("" if quote else " ")
        elif quote:
            text += f"{line}\n"
        else:
            yield text + line, count, True
            text = ""
    if quote or goes_on:
        yield text, count, not quote


def _end_of(line: str, quote: str) -> tuple[str, bool]:
    """Return the quote that is open at a line's end, and whether a backslash takes the end away.

    ``quote`` is the one that is open at its beginning. Blanks behind the backslash do not count, other than in a shell.
    """
    escaped = False
    for char in line.rstrip():
        if escaped:
            escaped = False
        elif char == _BACKSLASH and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
    return quote, escaped
