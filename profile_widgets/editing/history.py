"""Undo and redo: every edit of a settings tree as a step back and forth, across all fields.

Example::

    history = History(settings)
    settings.ExecutionRole = "arn:aws:iam::123456789012:role/SageMakerRole"
    history.undo()                                                         # 'Execution role'
    settings.to_document()                                                 # {}
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from profile_widgets.model import documents
from profile_widgets.model.documents import Document
from profile_widgets.model.labels import path_label
from profile_widgets.model.settings import Structure

STEPS = 100
"""How many edits can be taken back."""


@dataclass(frozen=True)
class Edit:
    """Remember one edit: the whole document before and after, and what it changed, in words."""

    before: Document
    after: Document
    label: str


class History:
    """Follow a settings tree from its root; what one batch changes is one step.

    Whole documents are kept, at most :data:`STEPS` of them: a step back is then right whatever happened between.
    ``restore`` makes the tree hold a document, ``model.assign`` unless told otherwise.
    """

    def __init__(self, model: Structure, restore: Callable[[Document], None] | None = None) -> None:
        self._model = model
        self._restore = restore or model.assign
        self._past: deque[Edit] = deque(maxlen=STEPS)
        self._future: list[Edit] = []
        self._now = model.held()
        self._aside = False
        model.on_change(self._changed)
        model.tree.remember(self._remembered)

    @property
    def back(self) -> str:
        """Return what :meth:`undo` would take back, in words; empty when there is nothing."""
        return self._past[-1].label if self._past else ""

    @property
    def forth(self) -> str:
        """Return what :meth:`redo` would do again, in words; empty when there is nothing."""
        return self._future[-1].label if self._future else ""

    def undo(self) -> str:
        """Take the last edit back; returns what it was, empty when there was none."""
        with self._model.batch():
            if not self._past:
                return ""
            edit = self._past.pop()
            self._future.append(edit)
            self._show(edit.before)
            return edit.label

    def redo(self) -> str:
        """Do again what was taken back last; returns what it was, empty when there was nothing."""
        with self._model.batch():
            if not self._future:
                return ""
            edit = self._future.pop()
            self._past.append(edit)
            self._show(edit.after)
            return edit.label

    def rebase(self, moved: Callable[[Document], Document]) -> None:
        """Move every step onto another base, because what was loaded changed: ``moved`` returns a document there."""
        with self._model.lock:
            self._past = deque(_moved(self._past, moved), maxlen=STEPS)
            self._future = list(_moved(self._future, moved))
            self._now = moved(self._now)

    def clear(self) -> None:
        """Forget every step."""
        with self._model.lock:
            self._past.clear()
            self._future.clear()
            self._now = self._model.held()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Change the tree in the block without making a step of it."""
        with self._model.lock:
            before, self._aside = self._aside, True
            try:
                yield
            finally:
                self._aside = before
                self._now = self._model.held()

    def _remembered(self) -> Callable[[], None]:
        """Look at the steps before a batch that may be refused."""
        past, future, now = tuple(self._past), list(self._future), self._now

        def put_back() -> None:
            self._past, self._future, self._now = deque(past, maxlen=STEPS), future, now

        return put_back

    def _show(self, document: Document) -> None:
        with self.aside(), self._model.batch():
            self._restore(document)

    def _changed(self, _changes: object) -> None:
        if self._aside:
            return
        now = self._model.held()
        changes = documents.diff(self._now, now)
        if changes:
            one = path_label(changes[0].path) if len(changes) == 1 else f"{len(changes)} settings"
            self._past.append(Edit(self._now, now, one))
            self._future.clear()
            self._now = now


def _moved(edits: Iterable[Edit], moved: Callable[[Document], Document]) -> Iterator[Edit]:
    """Move steps onto another base; a step that changes nothing there is left out."""
    for edit in edits:
        before, after = moved(edit.before), moved(edit.after)
        if not documents.same(before, after):
            yield Edit(before, after, edit.label)
