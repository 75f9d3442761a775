"""The table: one row a figure, what is compared side by side, and the aim with whether it was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HEADINGS = ("", "SettingsEditor", "UserProfileEditor", "Accordion", "jsonschema", "floor", "aim")


@dataclass(frozen=True)
class Row:
    """One figure: the kit's two forms, the two peers, a floor; the aim is for the kit's ``judged`` form.

    ``share_of`` names the column that the aim is a share of: ``most`` 0.1 of a peer, 1.15 of a floor.
    """

    title: str
    ours: float | None = None
    page: float | None = None
    plain: float | None = None
    jsonschema: float | None = None
    floor: float | None = None
    most: float | None = None
    judged: str = "ours"
    share_of: str = ""
    digits: int = 0

    def cells(self) -> tuple[str, ...]:
        """Return the row as text; behind a peer's figure stands how many times ours it is."""
        own = (_number(self.ours, self.digits), _number(self.page, self.digits))
        peers = (self._peer(self.plain), self._peer(self.jsonschema))
        return (self.title, *own, *peers, _number(self.floor, self.digits), self._aim())

    def _peer(self, value: float | None) -> str:
        text = _number(value, self.digits)
        return f"{text} (x{_times(value / self.ours)})" if value and self.ours else text

    @property
    def reached(self) -> bool | None:
        """Whether the aim was reached; ``None`` where there is none."""
        value = getattr(self, self.judged)
        if self.most is None or value is None:
            return None
        return bool(value <= self.most * (getattr(self, self.share_of) if self.share_of else 1))

    def _aim(self) -> str:
        if self.reached is None:
            return ""
        verdict = "reached" if self.reached else "MISSED"
        if not self.share_of:
            return f"<= {self.most:g}: {verdict}"
        share = getattr(self, self.judged) / getattr(self, self.share_of)
        of = self.share_of
        return f"<= {self.most:g} of {of}: {share:.2f}, {verdict}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def table(rows: list[Row]) -> str:
    """Return the rows as plain text, figures to the right."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    used = [place for place in range(len(HEADINGS)) if any(line[place] for line in lines[1:])]
    widths = {place: max(len(line[place]) for line in lines) for place in used}
    left = (0, len(HEADINGS) - 1)
    texts = [
        "  ".join(f"{line[at]:<{widths[at]}}" if at in left else f"{line[at]:>{widths[at]}}" for at in used).rstrip()
        for line in lines
    ]
    return "\n".join([texts[0], "-" * max(map(len, texts)), *texts[1:]])


def form_rows(counts: dict[str, Any], times: dict[str, Any]) -> list[Row]:
    """Return the rows of what forms cost, by the figures of each subject."""

    def row(title: str, pick: str, part: str = "", figures: dict[str, Any] = counts, **looks: Any) -> Row:
        found = {name: each[part][pick] if part else each[pick] for name, each in figures.items()}
        return Row(title, **found, **looks)

    return [
        row("build, ms", "build", figures=times, digits=1, most=0.1, share_of="jsonschema"),
        row("open a section (slowest), ms", "section", figures=times, digits=1),
        row("an edit (median), ms", "edit", figures=times, digits=2),
        row("first display: widgets made (opens)", "opens", "display", most=40),
        row("first display: messages", "messages", "display"),
        row("first display: KiB", "kib", "display", digits=1, most=40),
        row("largest section: widgets made (opens)", "opens", "section", most=60),
        row("largest section: messages", "messages", "section"),
        row("largest section: KiB", "kib", "section", digits=1),
        row("an edit (largest): messages", "messages", "edit", most=2),
        row("an edit (largest): KiB", "kib", "edit", digits=2),
        row("left open after close()", "alive", most=0),
    ]


def check_rows(figures: dict[str, float]) -> list[Row]:
    """Return the rows of judging: against botocore's validation of the same request."""
    floor, edit = figures["validation"], figures["edit"]
    over: dict[str, Any] = {"floor": floor, "digits": 2, "most": 3, "share_of": "floor"}
    return [
        Row("check, full document, ms", figures["check"], **over),
        Row("... the same again, ms", figures["again"], **over),
        Row("an edit to shown findings (median), ms", page=edit, floor=floor, digits=2, most=5, judged="page"),
        Row("... in validations", page=edit / floor, digits=1),
    ]


def memory_rows(figures: dict[str, dict[str, float]]) -> list[Row]:
    """Return the rows of memory: over boto3, and over boto3 with a SageMaker client."""
    forms: dict[str, Any] = {name: each["form"] for name, each in figures.items()}
    client = figures["ours"]["client"]
    over = {name: value - client for name, value in forms.items()}
    return [
        Row("memory over a kernel with boto3, MiB", **forms, digits=1, most=25, judged="page"),
        Row("... and with its SageMaker client, MiB", page=over["page"], digits=1),
    ]


def start_rows(imports: dict[str, float], sandbox: dict[str, float]) -> list[Row]:
    """Return the rows of imports and of the sandbox."""
    floor = imports["floor"]
    over: dict[str, Any] = {"most": 1.15, "share_of": "floor"}
    return [
        Row("import profile_widgets, CPU ms", imports["package"], floor=floor, **over),
        Row("... and UserProfileEditor, CPU ms", page=imports["editor"], floor=floor, **over, judged="page"),
        Row("sandbox listens, ms", sandbox["ready"], most=500),
        Row("sandbox describes (median), ms", sandbox["describe"], digits=1, most=5),
    ]


def page_rows(loads: dict[str, float]) -> list[Row]:
    """Return the row of the first widget in Voila."""
    floor = loads["floor"]
    title = "first widget in Voila, s"
    return [Row(title, page=loads["ours"], floor=floor, digits=2, most=1.3, share_of="floor", judged="page")]
