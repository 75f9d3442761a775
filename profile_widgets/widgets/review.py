"""What will be sent: the changes, the problems and the exact request; then the button."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.problems import Problem
from profile_widgets.formats import EXPORTERS, export
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import path_label
from profile_widgets.widgets.board import contrast
from profile_widgets.widgets.code import KitWidget

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

log = logging.getLogger(__name__)

PATH_LABEL_OF_REQUEST = "The request"
NONE_WORD = "None"
"""The text with which AWS removes an image version (service contract, "Update semantics")."""


class Review(KitWidget):
    """Show a draft's review. ``on_action`` is called with ``submit``, ``discard`` or ``go`` and a path."""

    state = traitlets.Dict(help="Title, problems, changes and button.").tag(sync=True)
    formats: traitlets.List[Any] = traitlets.List(help="Rows of format and label.").tag(sync=True)
    format = traitlets.Unicode("json", help="The format that the request is shown in.").tag(
        sync=True, echo_update=False
    )
    text = traitlets.Unicode(help="The request in that format.").tag(sync=True)

    def __init__(self, *, on_action: Callable[[str, str], None], layout: Any) -> None:
        self._on_action = on_action
        self._draft: ProfileDraft | None = None
        rows = [[each.name, each.label] for each in sorted(EXPORTERS.values(), key=lambda each: each.rank)]
        super().__init__(_kind="review", formats=rows, layout=layout)
        self.on_msg(self._receive)
        self.observe(self._reformat, names="format")

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self._on_action(str(content.get("do", "")), str(content.get("path", "")))

    def show(self, draft: ProfileDraft, problems: tuple[Problem, ...], *, busy: str = "") -> None:
        """Show what a draft would send."""
        self._draft = draft
        changes = draft.changes
        with self.hold_sync():
            self.state = {
                "title": _title(draft, changes),
                "problems": [_problem_row(problem) for problem in problems],
                "changes": [_change_row(change, create=draft.create) for change in changes],
                "button": _button(draft, problems, changes, busy),
                "discard": bool(changes) and not busy,
            }
            self._reformat()

    def _reformat(self, _change: object = None) -> None:
        if self._draft is not None:
            name = self.format if self.format in EXPORTERS else "json"
            try:
                self.text = export(self._draft.request(), self._draft.operation, name)
            except Exception as error:
                log.exception("The request cannot be written as %s", name)
                self.text = f"The request cannot be shown in this form: {error}"


def _title(draft: ProfileDraft, changes: tuple[Change, ...]) -> str:
    if draft.create:
        return f"Review: a new profile{f' {draft.name}' if draft.name else ''}"
    if not changes:
        return f"Review: no changes to {draft.name}"
    return f"Review: {len(changes)} change{'s' if len(changes) > 1 else ''} to {draft.name}"


def _problem_row(problem: Problem) -> dict[str, str]:
    name = path_label(problem.path) if problem.path else PATH_LABEL_OF_REQUEST
    return {"path": problem.path, "label": name, "severity": problem.severity, "message": problem.message}


def _change_row(change: Change, *, create: bool) -> dict[str, str]:
    before, after = contrast(change.before, change.after)
    return {
        "label": path_label(change.path),
        "path": change.path,
        "before": before,
        "after": after,
        "note": "" if create else effect(change),
    }


def effect(change: Change) -> str:  # noqa: PLR0911 - one sentence a case
    """Say what a change of an existing profile does, as far as the service contract knows it."""
    if change.after is None:
        return "Left out; AWS keeps what is stored."
    if change.after in ([], "", {}):
        return "An explicit empty value is sent."
    if change.after == NONE_WORD:
        return "“None” is sent, with which AWS removes the stored value."
    listed = isinstance(change.after, list)
    if change.before is not None:
        return "The whole list is replaced." if listed else "Replaces the stored value."
    if listed:
        return "Set on this profile; an empty list clears it again."
    if change.path.endswith(".SageMakerImageVersionArn"):
        return "Set on this profile; “None” removes it again."
    return "Set on this profile from now on; AWS has no way to unset it again, only to change it."


def _button(draft: ProfileDraft, problems: Iterable[Problem], changes: tuple[Change, ...], busy: str) -> dict[str, Any]:
    verb = "Create" if draft.create else "Update"
    stops = sum(problem.blocks for problem in problems)
    if busy:
        reason = busy
    elif stops:
        reason = f"{stops} problem{'s' if stops > 1 else ''} to mend first"
    elif not changes and not draft.create:
        reason = "Nothing to send: no setting was changed"
    else:
        reason = ""
    text = f"{verb} {draft.name or 'the profile'}"
    return {"text": text, "enabled": not reason, "reason": reason, "busy": bool(busy)}
