"""What became of a submit: its steps while they run, then the answer. Questions to the person look the same."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, UNKNOWN, Outcome, Step
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE
from profile_widgets.widgets.board import contrast
from profile_widgets.widgets.code import KitWidget, record

LOOKS = {"done": "done", "failed": "failed", "refused": "failed", "conflict": "failed", "unknown": "unknown"}
TITLES = {
    "done": "Updated",
    "failed": "This did not work",
    "refused": "Nothing was sent",
    "conflict": "Changed by somebody else meanwhile",
    "unknown": "It is not known how this ended",
}
STOP = ["stop", "Stop waiting"]
RELOAD = ["reload", "Load the profile again"]
RETRY = ["retry", "Try again"]


class Response(KitWidget):
    """Show the steps of a submit and its outcome. ``on_action`` is called with the id of an action that was offered."""

    state = record("Outcome, steps, facts, response and actions.")

    def __init__(self, *, on_action: Callable[[str], None], layout: Any) -> None:
        self._on_action = on_action
        self._steps: dict[str, dict[str, Any]] = {}
        self._title = ""
        self._offered: list[list[str]] = []
        super().__init__(_kind="result", layout=layout)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        # What was offered is known here; the synced state is only what the page was told.
        if isinstance(content, dict) and content.get("do") in [action for action, _ in self._offered]:
            self._on_action(str(content["do"]))

    def begin(self, title: str) -> None:
        """Show that a submit begins."""
        self._steps, self._title = {}, title
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

    def end(self, outcome: Outcome) -> None:
        """Show how a submit ended."""
        for row in self._steps.values():
            if row["state"] == "working":
                row |= {"state": "failed"}
        differs = outcome.status == DONE and bool(outcome.differences)
        self._title = TITLES[outcome.status]
        if outcome.status == DONE:
            created = "Created" if outcome.operation == CREATE else self._title
            self._title = "Not all is as asked" if differs else created
        self._show(
            "warning" if differs else LOOKS[outcome.status],
            outcome.text,
            facts=_facts(outcome),
            response=json.dumps(outcome.response, indent=2, default=str) if outcome.response else "",
            actions=_actions(outcome),
        )

    def ask(self, title: str, text: str, actions: list[list[str]]) -> None:
        """Ask the person to choose among actions."""
        self._steps, self._title = {}, title
        self._show("unknown", text, actions=actions)

    def clear(self) -> None:
        """Show nothing."""
        self._steps, self._offered = {}, []
        self.state = None

    def _show(self, look: str, text: str, *, actions: list[list[str]] | None = None, **rest: Any) -> None:
        self._offered = actions or []
        blank: dict[str, Any] = {"facts": [], "response": "", "actions": self._offered}
        steps = [dict(row) for row in self._steps.values()]
        self.state = blank | {"outcome": look, "title": self._title, "text": text, "steps": steps} | rest


def _facts(outcome: Outcome) -> list[list[str]]:
    facts = [["ARN", outcome.arn], ["Request id", outcome.request_id]]
    for change in outcome.differences if outcome.status == DONE else ():
        asked, holds = contrast(change.before, change.after)
        facts.append([path_label(change.path), f"asked for {asked}; holds {holds}"])
    return [row for row in facts if row[1]]


def _actions(outcome: Outcome) -> list[list[str]]:
    if outcome.status == CONFLICT:
        return [RELOAD]
    if outcome.status in (FAILED, UNKNOWN):
        # A profile that was to be created may not be there to load.
        return [RETRY] if outcome.operation == CREATE else [RETRY, RELOAD]
    return []
