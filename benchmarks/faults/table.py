"""The table: one row for each kind of fault, what the editor told, and what was wrong with it."""

from __future__ import annotations

from collections import Counter

from benchmarks.faults.running import Result

TOLD = ("done", "refused", "failed", "conflict", "unknown", "cut off")
IN_THE_END = ("done", "refused", "failed", "conflict", "never sent")
WRONG = ("lost", "doubled", "untrue", "dropped", "edits gone", "stuck", "unexpected")
NOTES = """\
told: how the submit ended; cut off: its process was killed, or the person stopped waiting. In the end: what is told
once the fault is gone and what has no end was taken up, or submitted again; never sent: it was cut off before anything
was written down, or after everything was. Twice: sent a second time, for the first one left no trace.
lost: told as done, but not stored; doubled: applied twice, or sent a third time; untrue: any other difference between
what was told and what is stored; dropped: a setting that nobody touched is not as it was; edits gone: not done, and not
in the draft any more; stuck: the next try does not work though the fault is gone; unexpected: another end than this
fault should have."""


def table(results: list[Result]) -> str:
    """Return the results as plain text, figures to the right; a zero is a dot, but for what may never be."""
    groups: dict[str, list[Result]] = {}
    for each in results:
        groups.setdefault(each.fault, []).append(each)
    heads = ("fault", "runs", *TOLD, "|", *IN_THE_END, "|", "twice", *WRONG)
    rows = [_row(name, groups[name]) for name in sorted(groups)] + [_row("all", results)]
    widths = [max(len(line[place]) for line in (heads, *rows)) for place in range(len(heads))]
    lines = [
        "  ".join(
            f"{cell:<{widths[0]}}" if not at else f"{cell:>{widths[at]}}" for at, cell in enumerate(line)
        ).rstrip()
        for line in (heads, *rows)
    ]
    rule = "-" * max(map(len, lines))
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _row(name: str, results: list[Result]) -> tuple[str, ...]:
    told, last = Counter(each.first for each in results), Counter(each.last for each in results)
    wrong = Counter(word for each in results for word in each.complaints)
    twice = sum(each.resent for each in results)
    figures = [_figure(told[word]) for word in TOLD], [_figure(last[word]) for word in IN_THE_END]
    return (
        *(name, str(len(results)), *figures[0], "|", *figures[1], "|", _figure(twice)),
        *(str(wrong[word]) for word in WRONG),
    )


def _figure(count: int) -> str:
    return str(count) if count else "."
