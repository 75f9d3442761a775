"""What became of a submit: its steps while they run, then the answer. Questions to the person look the same."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import traitlets

from profile_widgets.checks.policy import Grant
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, UNKNOWN, Outcome, Step
from profile_widgets.errors import AccessDenied, FormatError
from profile_widgets.formats.printing import PRINTERS, show
from profile_widgets.formats.query import copies
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE
from profile_widgets.widgets.board import contrast
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.sight import EVERYTHING, Sight, sight_of

log = logging.getLogger(__name__)

LOOKS = {"done": "done", "failed": "failed", "refused": "failed", "conflict": "failed", "unknown": "unknown"}
TITLES = {
    "done": "Updated",
    "failed": "This did not work",
    "refused": "Nothing was sent",
    "conflict": "Changed by somebody else meanwhile",
    "unknown": "It is not known how this ended",
}
SETTINGS = "UserSettings"
LONGEST_QUERY = 2000
MOST_COPIES = 1000
"""Bounds of a query that a page may ask: one copy of an answer is some hundred bytes."""
HEADS = ["Setting", "Loaded", "Theirs", "Yours"]
AS_LOADED = "as loaded"
STOP = ["stop", "Stop waiting"]
RELOAD = ["reload", "Load the profile again"]
RETRY = ["retry", "Try again"]
EXPORT = ["export", "Export for your administrator"]
PUT_BACK = ["putback", "Put back what was there before"]
TAKE_THEIRS = ["reload", "Take theirs, give up my edits"]
MERGE = ["merge", "Merge: keep both"]
MERGE_OURS = ["merge", "Merge: keep both, mine where both changed"]
OVERWRITE = ["overwrite", "Overwrite theirs with mine"]


class Response(KitWidget):
    """Show the steps of a submit and its outcome. ``on_action`` is called with the id of an action that was offered."""

    state = record("Outcome, steps, facts, response and actions.")
    outputs: traitlets.List[Any] = traitlets.List(help="Rows of output and label; none without a response.").tag(
        sync=True
    )
    output = traitlets.Unicode("json", help="How the response is printed.").tag(sync=True, echo_update=False)
    query = traitlets.Unicode(help="A JMESPath query of the response.").tag(sync=True, echo_update=False)
    query_problem = traitlets.Unicode(help="What is wrong with the query.").tag(sync=True)
    text = traitlets.Unicode(help="The response as printed.").tag(sync=True)

    def __init__(self, *, on_action: Callable[[str], None], layout: Any) -> None:
        self._on_action = on_action
        self._answer: Document = {}
        self._operation = ""
        self._steps: dict[str, dict[str, Any]] = {}
        self._title = ""
        self._offered: list[list[str]] = []
        super().__init__(_kind="result", layout=layout)
        self.on_msg(self._receive)
        self.observe(self._print, names=["output", "query"])

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        # What was offered is known here; the synced state is only what the page was told.
        if isinstance(content, dict) and content.get("do") in [action for action, _ in self._offered]:
            self._on_action(str(content["do"]))

    def begin(self, title: str) -> None:
        """Show that a submit begins."""
        self._steps, self._title, self._answer = {}, title, {}
        self._print()
        self._show("working", "")

    def step(self, step: Step) -> None:
        """Show a step as it begins and as it ends; while AWS works, waiting can be stopped."""
        now = time.time()
        row = self._steps.setdefault(step.key, {"started": now})
        row |= {"text": step.text, "state": step.state}
        if step.state != "working":
            row["seconds"] = round(now - row["started"], 1)
        waiting = step.key == "follow" and step.state == "working"
        self._show("working", "", actions=[STOP] if waiting else [])

    def end(self, outcome: Outcome, grant: Grant | None = None) -> None:
        """Show how a submit ended, as far as the policy lets it be seen."""
        sight = sight_of(grant)
        for row in self._steps.values():
            if row["state"] == "working":
                row |= {"state": "failed"}
        differs = outcome.status == DONE and bool(outcome.differences)
        self._title = TITLES[outcome.status]
        if outcome.status == DONE:
            created = "Created" if outcome.operation == CREATE else self._title
            self._title = "Not all is as asked" if differs else created
        self._answer, self._operation = sight.answer(outcome.response or {}), outcome.operation
        self._print()
        self._show(
            "warning" if differs else LOOKS[outcome.status],
            outcome.text,
            facts=_facts(outcome, sight),
            actions=_actions(outcome),
            table=_table(outcome, sight),
        )

    def _print(self, _change: object = None) -> None:
        """Print the response as it is asked for; while a query is wrong, what was printed before stays."""
        known = sorted(PRINTERS.values(), key=lambda each: each.rank) if self._answer else ()
        self.outputs = [[each.name, each.label] for each in known]
        if not self._answer:
            self.text = self.query_problem = ""
            return
        output = self.output if self.output in PRINTERS else "json"
        query = self.query.strip() or None
        if query is not None and (len(query) > LONGEST_QUERY or copies(query) > MOST_COPIES):
            self.query_problem = "The query is too long, or copies the answer too many times over, to be shown here."
            return
        try:
            self.text = show(self._answer, output, title=self._operation, query=query)
        except FormatError as error:
            self.query_problem = str(error)
        except Exception as error:
            log.exception("The response cannot be printed as %s", output)
            self.query_problem = f"The response cannot be printed so: {error}"
        else:
            self.query_problem = ""

    def ask(self, title: str, text: str, actions: list[list[str]], *, asked: bool = False) -> None:
        """Ask the person to choose among actions; when the person ``asked`` for it, the page goes there."""
        self._steps, self._title, self._answer = {}, title, {}
        self._print()
        self._show("unknown", text, actions=actions, asked=asked)

    def clear(self) -> None:
        """Show nothing."""
        self._steps, self._offered = {}, []
        self.state = None

    def _show(self, look: str, text: str, *, actions: list[list[str]] | None = None, **rest: Any) -> None:
        self._offered = actions or []
        blank: dict[str, Any] = {"facts": [], "actions": self._offered, "table": None}
        steps = [dict(row) for row in self._steps.values()]
        self.state = blank | {"outcome": look, "title": self._title, "text": text, "steps": steps} | rest


def _facts(outcome: Outcome, sight: Sight) -> list[list[str]]:
    facts = [["ARN", outcome.arn], ["Request id", outcome.request_id]]
    differences = outcome.differences if outcome.status == DONE else ()
    for change in (each for each in differences if sight.shows(each.path)):
        asked, holds = contrast(change.before, change.after)
        facts.append([path_label(change.path), f"asked for {asked}; holds {holds}"])
    return [row for row in facts if row[1]]


def _actions(outcome: Outcome) -> list[list[str]]:
    if outcome.status == CONFLICT:
        if outcome.theirs is None:
            return [RELOAD]
        both = any(row[0].endswith(BOTH) for row in three_way(*_sides(outcome)))
        return [TAKE_THEIRS, MERGE_OURS if both else MERGE, OVERWRITE]
    if outcome.status == DONE:
        return [PUT_BACK] if outcome.point and outcome.operation == UPDATE else []
    error = outcome.error
    if outcome.status == FAILED and isinstance(error, AccessDenied) and error.operation in OPERATIONS:
        return [EXPORT, RETRY]
    if outcome.status in (FAILED, UNKNOWN):
        # A profile that was to be created may not be there to load.
        return [RETRY] if outcome.operation == CREATE else [RETRY, RELOAD]
    return []


# -- a conflict: three sides of the same settings ------------------------------------------------------------------

BOTH = " (changed by both)"
ALIKE = " (changed by both, alike)"


def three_way(base: Document, theirs: Document, ours: Document, sight: Sight = EVERYTHING) -> list[list[str]]:
    """Return a row of setting, loaded, theirs and ours, in words, for everything that either side changed.

    Example::

        >>> three_way({"ExecutionRole": "a"}, {"ExecutionRole": "b"}, {"ExecutionRole": "a"})
        [['Execution role', 'a', 'b', 'as loaded']]
    """
    their_paths, our_paths = _changed(base, theirs), _changed(base, ours)
    rows = []
    for path in filter(sight.shows, dict.fromkeys((*their_paths, *our_paths))):
        values = [documents.get(side, path) for side in (base, theirs, ours)]
        said = list(contrast(*values))
        for at, paths in ((1, their_paths), (2, our_paths)):
            if path not in paths and documents.same(values[0], values[at]):
                said[at] = AS_LOADED
        touched = all(any(documents.touch(path, each) for each in paths) for paths in (their_paths, our_paths))
        mark = (ALIKE if documents.same(values[1], values[2]) else BOTH) if touched else ""
        rows.append([f"{path_label(path)}{mark}", *said])
    return rows


def _changed(base: Document, side: Document) -> tuple[str, ...]:
    return tuple(change.path for change in documents.diff(base, side))


def _sides(outcome: Outcome) -> tuple[Document, Document, Document]:
    """Return what was loaded, what somebody else made of it, and what was wanted here."""
    theirs = {SETTINGS: outcome.theirs.settings or {}} if outcome.theirs is not None else {SETTINGS: {}}
    undone = [Change(each.path, each.after, each.before) for each in outcome.differences]
    base = documents.patch(theirs, undone)
    return base, theirs, {SETTINGS: base.get(SETTINGS, {}) | outcome.request.get(SETTINGS, {})}


def _table(outcome: Outcome, sight: Sight) -> dict[str, Any] | None:
    if outcome.status != CONFLICT or outcome.theirs is None:
        return None
    return {"label": "What both sides changed", "heads": HEADS, "rows": three_way(*_sides(outcome), sight)}
