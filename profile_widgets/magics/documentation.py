"""What ``help`` shows: the synopsis of a magic, or one option with every member below it."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator, Sequence

from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import LIST, MAGICS, STRUCTURE, Option, options
from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped
from profile_widgets.model.shapes import CREATE, Member

WIDTH = 96
_SHOWN = 60
_MANY = 12
"""How many values of an enumeration are named."""


def help_text(operation: str, topics: Sequence[str] = ()) -> str:
    """Return the help of a magic, or of the options that ``topics`` name; a member's path may follow its option.

    Raises :class:`~profile_widgets.magics.errors.MagicError` for a topic that there is not.

    Example::

        print(help_text("UpdateUserProfile", ["--user-settings", "JupyterLabAppSettings.CustomImages"]))
    """
    if not topics:
        return _synopsis(operation)
    return "\n".join(_topics(operation, topics))


def docstring(operation: str) -> str:
    """Return the magic's docstring, which ``?`` shows."""
    return _synopsis(operation)


def _synopsis(operation: str) -> str:
    magic, table = MAGICS[operation], options(operation)
    bodies = [row.flag for row in table.values() if row.takes_body]
    verb = "Create" if operation == CREATE else "Update"
    usages = [row.usage if row.required else f"[{row.usage}]" for row in table.values()]
    lines = [
        f"{verb} a SageMaker user profile, as `aws sagemaker {magic.replace('_', '-')}` does.",
        "",
        *(f"    %{magic} {usages[0]}" if not index else f"    {' ' * len(magic)}  {each}"
          for index, each in enumerate(usages)),
        "",
        *_wrapped(f"The body of a cell is the value of the option that has - for its value ({', '.join(bodies)}):", 0),
        "",
        f"    %%{magic} --cli-input-yaml -",
        "    DomainId: d-abc123",
        "    UserProfileName: alice",
        "    UserSettings: {StudioWebPortal: ENABLED}",
        "",
        "A body that begins with -- is more options, and a line of it that begins with # says nothing.",
        "A backslash at the end of a line goes on in the next one, from the first line into the body too.",
        "{name} puts the value of a Python variable in, as one value. A ; ends the command.",
        f"`%{magic} help --user-settings` tells of one option, and of every member of it.",
        "",
        "Options",
    ]  # fmt: skip
    for row in table.values():
        lines += ["", f"  {row.usage}", *_wrapped(row.summary, 6)]
    return "\n".join([*lines, ""])


def _topics(operation: str, topics: Sequence[str]) -> Iterator[str]:
    table, at = options(operation), 0
    while at < len(topics):
        name = topics[at].removeprefix("--")
        row = table.get(name)
        if row is None:
            close = difflib.get_close_matches(name[:_SHOWN], table, n=1)
            meant = f" Did you mean --{close[0]}?" if close else ""
            raise MagicError(f"{MAGICS[operation]} has no option --{escaped(name[:_SHOWN])}.{meant}")
        at += 1
        path = ""
        if row.member is not None and row.kind in (STRUCTURE, LIST) and at < len(topics):
            path = "" if topics[at].startswith("--") else topics[at]
            at += bool(path)
        yield from _option(row, path)


def _option(row: Option, path: str) -> Iterator[str]:
    if path and row.member is not None:
        yield from _member(f"{row.flag} {path}", _found(row, row.member, path))
        return
    if row.member is not None:
        yield from _member(row.usage, row.member)
    else:
        yield row.usage
        yield from _wrapped(row.summary, 4)
    yield ""
    yield from _wrapped(f"In the page: {row.widget}. In Python: {row.python}", 4)
    yield ""


def _found(row: Option, member: Member, path: str) -> Member:
    """Return the member at a path below an option; ``[]`` and numbers of items may stand in it or not."""
    here = member
    for name in path.replace("[]", "").split("."):
        while here.kind == "list":
            here = here.item
        if name not in here.members:
            close = difflib.get_close_matches(name[:_SHOWN], here.members, n=1)
            meant = f" Did you mean {close[0]}?" if close else f" It has {', '.join(here.members) or 'none'}."
            raise MagicError(f"{row.flag}: {here.shape} has no member “{escaped(name[:_SHOWN])}”.{meant}")
        here = here.members[name]
    return here


def _member(title: str, member: Member) -> Iterator[str]:
    yield f"{title} ({_kind(member)})"
    yield from _wrapped(member.help.text, 4)
    yield from _facts(member, 4)
    yield from _below(member, 4)
    yield ""


def _below(member: Member, indent: int) -> Iterator[str]:
    """Yield what is below a member, with the first sentence of its documentation."""
    while member.kind == "list" and member.item.is_structure:
        member = member.item
    for name, each in member.members.items():
        yield ""
        yield f"{' ' * indent}{join(name)} -> ({_kind(each)}){' [required]' if each.required else ''}"
        yield from _wrapped(each.help.summary, indent + 4)
        yield from _facts(each, indent + 4)
        yield from _below(each, indent + 4)


def _kind(member: Member) -> str:
    if member.kind == "list":
        return f"list of {_kind(member.item)}s"
    return {"enum": "string", "union": "structure, one member of it"}.get(member.kind, member.kind)


def _facts(member: Member, indent: int) -> Iterator[str]:
    values = member.item.enum if member.kind == "list" else member.enum
    if values:
        more = f", and {len(values) - _MANY} more" if len(values) > _MANY else ""
        yield from _wrapped(f"One of: {', '.join(values[:_MANY])}{more}.", indent)
    for word, bound in (("At least", member.minimum), ("At most", member.maximum)):
        if bound:
            unit = {"list": " items", "string": " characters"}.get(member.kind, "")
            yield f"{' ' * indent}{word} {bound}{unit}."


def _wrapped(text: str, indent: int) -> Iterator[str]:
    for paragraph in text.splitlines():
        yield from textwrap.wrap(paragraph, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
