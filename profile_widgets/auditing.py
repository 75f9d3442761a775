"""Reading the audit: who changed what, as rows and as a table.

Example::

    rows = read("/var/log/profile-widgets/audit.jsonl", visitor="alice", outcome="refused")
    print(table(rows))
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

LONGEST_LINE = 2**24
"""How many characters a line may have; a longer one is garbled. The kit writes none of more than 2**20."""

MODEL, DRAFT, WIRE, GUARD = "model", "draft", "wire", "guard"
"""Where an attempt was refused: when it was set, when it was submitted, or on its way out; and what the guard asked."""
COLUMNS = ("Time (UTC)", "Visitor", "From", "Operation", "Profile", "Changed", "Outcome", "Request")
WIDE = (*COLUMNS, "Refused at", "Reason")
NAMED = 3
"""How many changed paths a row of the table names."""
OFFERED = 8
"""How many values a file has are named to whoever asked for one that it does not have."""


@dataclass(frozen=True)
class Changed:
    """Say that a value changed: digests of before and after, ``None`` for absent; equal digests are equal values."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Row:
    """Describe one call to AWS, or one attempt that the policy refused, as the audit holds it.

    ``more`` says how many changes there are that ``changes`` does not hold; ``more_digest`` is one of all of those.
    """

    time: datetime
    call: str
    visitor: str
    source: str
    caller: str
    operation: str
    domain: str
    profile: str
    changes: tuple[Changed, ...]
    request_id: str
    outcome: str
    where: str
    reason: str
    groups: tuple[str, ...] = ()
    more: int = 0
    more_digest: str = ""

    def to_document(self) -> dict[str, Any]:
        """Return the row as plain values, the time as ISO 8601."""
        rest = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("time", "changes")}
        changes = [{"path": each.path, "before": each.before, "after": each.after} for each in self.changes]
        return {"time": self.time.isoformat(), **rest, "groups": list(self.groups), "changes": changes}


_TEXTS = tuple(name for name, each in Row.__dataclass_fields__.items() if each.type == "str" and name != "more_digest")
"""What each line holds that is a text."""


@dataclass
class Rows(Sequence[Row]):
    """Hold the rows that were asked for, in the order of the file, and how many lines could not be read.

    ``nowhere`` says, a sentence each, which of the values that were asked for stand in no row of the whole file.
    """

    rows: list[Row] = field(default_factory=list)
    garbled: int = 0
    nowhere: tuple[str, ...] = ()

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)


def read(
    path: str | Path,
    *,
    visitor: str = "",
    profile: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    operation: str = "",
    outcome: str = "",
    path_prefix: str = "",
) -> Rows:
    """Return the rows of an audit file that fit, one for each call, those put aside before it first.

    Texts are compared without regard to case. ``operation`` is ``UpdateUserProfile`` or
    ``sagemaker:UpdateUserProfile``; ``outcome`` is how an outcome begins; ``path_prefix`` is a changed path or the
    first steps of one, with ``UserSettings`` or without it; ``since`` is in, ``until`` is out; a time without a zone is
    UTC. Raises OSError when the file cannot be read.
    """
    found, calls = Rows(), dict[str, Row]()
    for line in _lines(Path(path)):
        each = row(line)
        if each is None:
            found.garbled += 1
        else:
            calls[each.call] = each  # a later line of a call says how it ended
    since, until = (None if each is None else _utc(each) for each in (since, until))

    asked = {"visitor": visitor, "profile": profile, "operation": operation, "outcome": outcome, "path": path_prefix}
    asked = {name: text for name, text in asked.items() if text}
    found.rows = [
        row
        for row in calls.values()
        if (since is None or row.time >= since)
        and (until is None or row.time < until)
        and all(_FITS[name](row, text.casefold()) for name, text in asked.items())
    ]
    found.nowhere = tuple(_nowhere(calls.values(), asked)) if calls else ()
    return found


def _on_path(row: Row, wanted: str) -> bool:
    """Tell whether a row changes what a path names, or anything below it: whole steps, positions of lists or none."""
    steps = wanted.removeprefix(_SETTINGS.casefold())
    for each in row.changes:
        whole = each.path.casefold()
        path = whole.removeprefix(_SETTINGS.casefold())
        for begun in (whole, path, re.sub(r"\[[0-9]+]", "", path)):
            if begun == steps or begun.startswith((f"{steps}.", f"{steps}[")):
                return True
    return False


_SETTINGS = "UserSettings."
_FITS: Mapping[str, Callable[[Row, str], bool]] = {
    "visitor": lambda row, wanted: row.visitor.casefold() == wanted,
    "profile": lambda row, wanted: row.profile.casefold() == wanted,
    "operation": lambda row, wanted: wanted in (row.operation.casefold(), row.operation.casefold().partition(":")[2]),
    "outcome": lambda row, wanted: row.outcome.casefold().startswith(wanted),
    "path": _on_path,
}
_HAS: Mapping[str, Callable[[Row], Iterable[str]]] = {
    "visitor": lambda row: [row.visitor],
    "profile": lambda row: [row.profile],
    "operation": lambda row: [row.operation],
    "outcome": lambda row: [row.outcome],
    "path": lambda row: [each.path.removeprefix(_SETTINGS) for each in row.changes],
}


def _nowhere(rows: Iterable[Row], asked: Mapping[str, str]) -> Iterator[str]:
    """Yield which values no row has, with those that most rows have."""
    rows = list(rows)
    for name, text in asked.items():
        if any(_FITS[name](row, text.casefold()) for row in rows):
            continue
        counts = Counter(each for row in rows for each in _HAS[name](row) if each)
        there = ", ".join(each for each, _ in counts.most_common(OFFERED)) or "none"
        more = f" and {len(counts) - OFFERED:,} more" if len(counts) > OFFERED else ""
        yield f"No row of this file has the {name} {text!r}; there {'is' if len(counts) < 2 else 'are'} {there}{more}."


def table(rows: Iterable[Row], *, wide: bool = False) -> str:
    """Return rows as a table of plain text, ``wide`` with where and why an attempt was refused.

    Below it stands what was asked for and occurs nowhere, and how many lines were garbled, when there were any.
    """
    names = WIDE if wide else COLUMNS
    cells = [list(names), *([visible(cell) for cell in _cells(row)[: len(names)]] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(names))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    if len(cells) == 1:
        lines.append("Nothing fits.")
    lines += map(visible, getattr(rows, "nowhere", ()))
    garbled = getattr(rows, "garbled", 0)
    if garbled:
        lines.append(f"{garbled} {'line' if garbled == 1 else 'lines'} could not be read.")
    return "\n".join(lines)


def _lines(path: Path) -> Iterator[str]:
    aside = sorted(path.parent.glob(f"{_literal(path.name)}.[0-9]*T[0-9]*-[0-9]*"))
    for each in (*aside, path):
        with each.open(encoding="utf-8", errors="replace", newline="\n") as file:
            while line := file.readline(LONGEST_LINE + 1):
                if line.strip():
                    yield line
                while len(line) > LONGEST_LINE and not line.endswith("\n"):  # the rest of it is not looked at
                    line = file.readline(LONGEST_LINE + 1)


def _literal(name: str) -> str:
    import glob

    return glob.escape(name)


def row(line: str) -> Row | None:
    """Return what a line of an audit says, ``None`` when it is none."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        found = json.loads(line)
        changes = tuple(_changed(each) for each in found["changes"])
        texts = {name: found[name] for name in _TEXTS}
        more, more_digest = found.get("more", 0), found.get("more_digest", "")
        if not all(isinstance(each, str) for each in (*texts.values(), more_digest, *found["groups"])):
            return None
        if type(more) is not int or more < 0:
            return None
        time = _utc(datetime.fromisoformat(found["time"]))
        groups = tuple(found["groups"])
        return Row(time=time, changes=changes, groups=groups, more=more, more_digest=more_digest, **texts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _changed(found: Mapping[str, Any]) -> Changed:
    path, before, after = found["path"], found["before"], found["after"]
    if not isinstance(path, str) or not all(isinstance(each, (str, type(None))) for each in (before, after)):
        raise TypeError("a change holds texts")
    return Changed(path, before, after)


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=timezone.utc) if time.tzinfo is None else time


def _cells(row: Row) -> list[str]:
    names = [each.path.removeprefix(_SETTINGS) for each in row.changes]
    rest = len(names[NAMED:]) + row.more
    more = f" and {rest:,} more" if rest else ""
    place = "/".join(filter(None, (row.domain, row.profile)))
    return [
        f"{row.time.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}",
        row.visitor or "(nobody known)",
        row.source or "-",
        row.operation,
        place or "-",
        ", ".join(names[:NAMED]) + more or "-",
        row.outcome,
        row.request_id or "-",
        (row.where if row.reason else "") or "-",
        row.reason or "-",
    ]


def visible(text: str) -> str:
    """Return a text in which no character moves a cursor, changes a colour or the direction of writing."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
