"""What became of a submit: its steps while they run, then the answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from profile_widgets.editing.outcome import CONFLICT, DONE, Outcome, Step
from profile_widgets.model.labels import path_label
from profile_widgets.widgets.board import words
from profile_widgets.widgets.code import KitWidget, record

LOOKS = {"done": "done", "failed": "failed", "refused": "failed", "conflict": "failed", "unknown": "unknown"}
TITLES = {
    "done": "Done",
    "failed": "This did not work",
    "refused": "Nothing was sent",
    "conflict": "Changed by somebody else meanwhile",
    "unknown": "It is not known how this ended",
}


class Response(KitWidget):
    """Show the steps of a submit and its outcome. ``on_action`` is called with the id of an action that was pressed."""

    state = record("Outcome, steps, facts, response and actions.")

    def __init__(self, *, on_action: Callable[[str], None], layout: Any) -> None:
        self._on_action = on_action
        self._steps: dict[str, dict[str, Any]] = {}
        super().__init__(_kind="result", layout=layout)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        offered = [action for action, _ in (self.state or {}).get("actions", [])]
        if isinstance(content, dict) and content.get("do") in offered:
            self._on_action(str(content["do"]))

    def begin(self, title: str) -> None:
        """Show that a submit begins."""
        self._steps = {}
        self._show("working", title, "")

    def step(self, step: Step) -> None:
        """Show a step as it begins and as it ends."""
        now = time.time()
        row = self._steps.setdefault(step.key, {"started": now})
        row |= {"text": step.text, "state": step.state}
        if step.state != "working":
            row["seconds"] = round(now - row["started"], 1)
        state = self.state or {}
        self._show("working", state.get("title", ""), "")

    def end(self, outcome: Outcome) -> None:
        """Show how a submit ended."""
        facts = [["ARN", outcome.arn], ["Request id", outcome.request_id]]
        facts += [
            [path_label(each.path), f"asked for {words(each.before)}; holds {words(each.after)}"]
            for each in (outcome.differences if outcome.status == DONE else ())
        ]
        actions = [["reload", "Load it again"]] if outcome.status == CONFLICT else []
        if outcome.status in ("failed", "unknown"):
            actions = [["retry", "Try again"], ["reload", "Load the profile again"]]
        title = TITLES[outcome.status]
        if outcome.status == DONE and not outcome.differences:
            title = "Created" if outcome.operation.startswith("Create") else "Updated"
        self._show(
            LOOKS[outcome.status],
            title,
            outcome.text,
            facts=[row for row in facts if row[1]],
            response=json.dumps(outcome.response, indent=2, default=str) if outcome.response else "",
            actions=actions,
        )

    def ask(self, title: str, text: str, actions: list[list[str]]) -> None:
        """Ask the person to choose among actions."""
        self._steps = {}
        self._show("unknown", title, text, actions=actions)

    def clear(self) -> None:
        """Show nothing."""
        self._steps = {}
        self.state = None

    def _show(self, look: str, title: str, text: str, **rest: Any) -> None:
        blank: dict[str, Any] = {"facts": [], "response": "", "actions": []}
        steps = [dict(row) for row in self._steps.values()]
        self.state = blank | {"outcome": look, "title": title, "text": text, "steps": steps} | rest
