"""What will be sent: the changes, the problems and the exact request; then the button."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.problems import Problem
from profile_widgets.editing.exporting import document_for
from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.formats import EXPORTERS, export
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import path_label
from profile_widgets.widgets.board import contrast, finding
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.effects import effect
from profile_widgets.widgets.sight import LEFT_OUT, sight_of

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

log = logging.getLogger(__name__)

PATH_LABEL_OF_REQUEST = "The request"
EXPORT = "Export for your administrator"
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


class Review(KitWidget):
    """Show a draft's review.

    ``on_action`` is called with ``submit``, ``discard``, ``exported``, ``go`` and a path, or ``fix`` and its id.
    """

    state = traitlets.Dict(help="Title, problems, changes and button.").tag(sync=True)
    formats: traitlets.List[Any] = traitlets.List(help="Rows of format and label.").tag(sync=True)
    format = traitlets.Unicode("json", help="The format that the request is shown in.").tag(
        sync=True, echo_update=False
    )
    hide = traitlets.Bool(False, help="Put made-up account ids in place of the real ones.").tag(
        sync=True, echo_update=False
    )
    text = traitlets.Unicode(help="The request in that format.").tag(sync=True)

    def __init__(self, *, on_action: Callable[[str, str], None], layout: Any) -> None:
        self._on_action = on_action
        self._draft: ProfileDraft | None = None
        rows = [[each.name, each.label] for each in sorted(EXPORTERS.values(), key=lambda each: each.rank)]
        super().__init__(_kind="review", formats=rows, layout=layout)
        self.on_msg(self._receive)
        self.observe(self._reformat, names=["format", "hide"])

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            action = str(content.get("do", ""))
            self._on_action(action, str(content.get("id" if action == "fix" else "path", "")))

    def show(
        self,
        draft: ProfileDraft,
        problems: tuple[Problem, ...],
        *,
        busy: str = "",
        read_only: str = "",
        note: str = "",
    ) -> None:
        """Show what a draft would send.

        ``busy`` says what is under way, ``read_only`` why this caller cannot send it: then it can be exported instead,
        ``note`` what else there is to know beside the button.
        """
        self._draft = draft
        sight = sight_of(draft.rights.grant)
        changes = tuple(change for change in draft.changes if sight.shows(change.path))
        problems = sight.problems(
            problems, draft.model.held(), *({SETTINGS: each} for each in (draft.loaded, draft.defaults))
        )
        with self.hold_sync():
            self.state = {
                "title": _title(draft, changes),
                "problems": [_problem_row(problem) for problem in problems],
                "changes": [_change_row(change, draft) for change in changes],
                "button": _button(draft, problems, changes, busy, read_only),
                "discard": bool(changes) and not busy,
                "note": note,
            }
            self._reformat()

    def _reformat(self, _change: object = None) -> None:
        if self._draft is not None:
            name = self.format if self.format in EXPORTERS else "json"
            if self.state["button"]["kind"] == "export":
                button = self.state["button"] | {"file": _file(self._draft, EXPORTERS[name].suffix)}
                self.state = self.state | {"button": button}
            try:
                whole = document_for(self._draft, name)
                seen = sight_of(self._draft.rights.grant).seen(whole)
                self.text = export(seen, self._draft.operation, name, hide_account_ids=self.hide)
                self.state = self.state | {"subtitle": "" if documents.same(seen, whole) else LEFT_OUT}
            except Exception as error:
                log.exception("The request cannot be written as %s", name)
                self.text = f"The request cannot be shown in this form: {error}"


def _title(draft: ProfileDraft, changes: tuple[Change, ...]) -> str:
    if draft.create:
        return f"Review: a new profile{f' {draft.name}' if draft.name else ''}"
    if not changes:
        return f"Review: no changes to {draft.name}"
    return f"Review: {len(changes)} change{'s' if len(changes) > 1 else ''} to {draft.name}"


def _problem_row(problem: Problem) -> dict[str, Any]:
    name = path_label(problem.path) if problem.path else PATH_LABEL_OF_REQUEST
    return {"path": problem.path, "label": name, **finding(problem)}


def _change_row(change: Change, draft: ProfileDraft) -> dict[str, str]:
    before, after = contrast(change.before, change.after)
    return {
        "label": path_label(change.path),
        "path": change.path,
        "before": before,
        "after": after,
        "note": effect(change, create=draft.create, defaults=draft.defaults, apps=draft.apps),
    }


def _button(
    draft: ProfileDraft, problems: Iterable[Problem], changes: tuple[Change, ...], busy: str, read_only: str
) -> dict[str, Any]:
    verb = "Create" if draft.create else "Update"
    stops = sum(problem.blocks for problem in problems)
    if busy:
        reason = busy
    elif stops:
        reason = f"{stops} problem{'s' if stops > 1 else ''} to mend first"
    elif not changes and not draft.create:
        reason = f"Nothing to {'export' if read_only else 'send'}: no setting was changed"
    else:
        reason = ""
    button = {
        "text": EXPORT if read_only else f"{verb} {draft.name or 'the profile'}",
        "enabled": not reason,
        "reason": reason or read_only,
        "busy": bool(busy),
        "kind": "export" if read_only else "submit",
    }
    return button | ({"file": ""} if read_only else {})


def _file(draft: ProfileDraft, suffix: str) -> str:
    """Return a file name for the request, of letters that every system takes."""
    verb = "create" if draft.create else "update"
    return f"{verb}-{_ODD.sub('-', draft.name)[:63] or 'profile'}.{suffix}"
