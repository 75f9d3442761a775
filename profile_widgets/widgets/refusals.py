"""What was typed and what the policy did not take: it stays in its box, with a sentence, until it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from profile_widgets.checks.problems import ERROR
from profile_widgets.model import documents

if TYPE_CHECKING:
    from profile_widgets.errors import LockedFieldError
    from profile_widgets.widgets.board import Board


class Refusals:
    """Hold the sentences of a form's refused edits, by the path of the field. The settings know nothing of them.

    Example::

        refusals.take("ExecutionRole", "Not changed. Locked by the policy.")
        "ExecutionRole" in refusals
    """

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def __contains__(self, path: object) -> bool:
        """Tell whether the last edit of a field was refused."""
        return path in self._said

    def take(self, path: str, text: str) -> None:
        """Remember why the edit of a field was refused."""
        self._said[path] = text

    def drop(self, path: str) -> bool:
        """Forget the refusal at a path; tell whether there was one."""
        return self._said.pop(path, None) is not None

    def clear(self) -> bool:
        """Forget them all; tell whether there were any."""
        had = bool(self._said)
        self._said.clear()
        return had

    def mark(self, entries: Board) -> None:
        """Put each sentence on the board. Nothing of it is in the settings, so it is no problem to count."""
        for path, text in self._said.items():
            said: dict[str, Any] = {"severity": ERROR, "message": text, "passing": True}
            entry = entries.setdefault(path, {})
            entry["refused"] = True
            entry.setdefault("problems", []).insert(0, said)


def sentence(path: str, error: LockedFieldError) -> str:
    """Return why an edit at a path was refused, in the policy's words for it."""
    told = [each.message for each in error.problems if documents.touch(each.path, path)]
    return f"Not changed. {told[0] if told else error}"
