"""One window with the page in it: what a person presses there, and what stands on it, since when."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

from profile_widgets import Connection, UserProfileEditor
from profile_widgets.editing.outcome import Outcome
from profile_widgets.editing.store import Store
from tests.widgets.conftest import browser_sends

DOMAIN = "d-9xk2m4tq7abc"
NAME = "analyst-1"
BOUND = 25.0
"""Seconds after which a fault must have been told: the promise of the page."""

EDITS: dict[str, Any] = {
    "StudioWebPortal": "DISABLED",
    "SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb": 30,
}
"""What is edited in these tests."""

INSIDES = re.compile(
    r"Traceback|<class|<module|<function| object at 0x|<\w+\.\w+ |\w+(?:Error|Exception)\(|\w+\('|Errno|"
    r"\bboto3\.|\bbotocore\.|urllib3|None\b(?! of)|\{'|\bself\.|File \"|line \d+, in "
)
"""What no person should read: tracebacks, and Python's own way to write things."""


class Window:
    """Be a window with an editor. ``told`` are the texts that came onto the page, with seconds since the last press."""

    def __init__(self, connection: Connection, domain_id: str = "", name: str = "", **options: Any) -> None:
        self.told: list[tuple[float, str]] = []
        self._pressed = time.monotonic()
        self._known: set[str] = set()
        self.editor = UserProfileEditor(domain_id, name, connection=connection, **options)
        finder, editor = self.editor.finder, self.editor
        for part in (editor.place, finder.domain, finder.profile, editor.question, editor.response, editor.review):
            part.observe(self._look, names=["state", "note", "status"])
        self._look()

    async def ready(self) -> Window:
        """Wait until what was asked for is there, or could not be had."""
        await self.editor.ready()
        await self.quiet()
        return self

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        while running := tuple(self.editor._tasks._running):
            await asyncio.wait([asyncio.wrap_future(future) for future in running])

    def close(self) -> None:
        """Close the window, as a person does: without a word to anybody."""
        self.editor.close()

    # -- what a person does ------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Edit what these tests edit."""
        for path, value in EDITS.items():
            self.editor.settings.put(path, value)

    def choose(self, name: str = NAME) -> None:
        """Choose a user profile in the list, or type it."""
        self._press()
        browser_sends(self.editor.finder.profile, do="choose", value=name)

    def choose_domain(self, domain_id: str) -> None:
        """Choose a domain in the list, or type its id."""
        self._press()
        browser_sends(self.editor.finder.domain, do="choose", value=domain_id)

    def look_into(self, operation: str, text: str = "") -> None:
        """Open the list that an operation fills, and type into it."""
        self._press()
        finder = self.editor.finder
        browser_sends(finder.domain if operation == "ListDomains" else finder.profile, do="search", text=text)

    def submit(self) -> None:
        """Press the button."""
        self._press()
        assert self.editor.review.state["button"]["kind"] == "submit", self.editor.review.state["button"]
        browser_sends(self.editor.review, do="submit")

    def answer(self, action: str) -> None:
        """Press what is offered under the outcome or the question."""
        for part in (self.editor.response, self.editor.question):
            if part.state is not None and action in offered(part):
                self._press()
                browser_sends(part, do=action)
                return
        raise AssertionError(f"{action} is not offered: {offered(self.editor.response)}{offered(self.editor.question)}")

    def _press(self) -> None:
        self._pressed, self.told = time.monotonic(), []
        self._known = set(self.texts())

    # -- what stands there -------------------------------------------------------------------------------------------

    @property
    def outcome(self) -> Outcome:
        """Return how the last submit ended, as the page knows it."""
        assert self.editor.result is not None
        return self.editor.result

    @property
    def notice(self) -> str:
        """Return the sentence at the top of the page."""
        return str((self.editor.place.state["notice"] or {"text": ""})["text"])

    def texts(self) -> list[str]:
        """Return every text on the page but the settings' own values."""
        editor = self.editor
        states = [editor.place.state, editor.question.state, editor.response.state, editor.review.state]
        notes = [(each.note, each.status) for each in (editor.finder.domain, editor.finder.profile)]
        return list(strings([*states, *notes, editor.form.busy, editor.form.board, editor.tools.state]))

    def _look(self, _change: object = None) -> None:
        now, texts = time.monotonic() - self._pressed, self.texts()
        self.told += [(now, text) for text in texts if text not in self._known]
        self._known = set(texts)

    async def says_at_last(self, words: str) -> None:
        """Wait, without a limit but the test's own, until a text with these words stands there."""
        while not any(words in text for text in self.texts()):
            assert self.editor._tasks._running, f"“{words}” was not said, but: {self.told}"
            await asyncio.sleep(0.02)
        self.is_clean()

    async def says(self, words: str) -> float:
        """Wait until a text with these words came since the last press; return after how many seconds it did.

        ``words`` may be several, with a bar between them, where a race on the wire decides. Fails when none has come
        within the promised time or at the end of what was under way, and when anything came that nobody should read.
        """
        ways = words.split("|")
        while not (when := [seconds for seconds, text in self.told if any(each in text for each in ways)]):
            waited = time.monotonic() - self._pressed
            assert waited < BOUND, f"“{words}” was not said within {BOUND:g} s, but: {self.told}"
            assert self.editor._tasks._running, f"“{words}” was not said, but: {self.told}"
            await asyncio.sleep(0.02)
        assert when[0] < BOUND
        self.is_clean()
        return when[0]

    def is_clean(self) -> None:
        """Assert that nothing stands or stood there that only a programmer would read."""
        dirty = [text for text in (*self.texts(), *(text for _, text in self.told)) if INSIDES.search(text)]
        assert not dirty, dirty

    def keeps_the_edits(self) -> None:
        """Assert that every edit is still there, and on disk for whoever comes later."""
        editor = self.editor
        assert {change.path.removeprefix("UserSettings."): change.after for change in editor.changes} == EDITS
        assert drafts(editor.draft.where, editor.draft.name) == 1


def offered(part: Any) -> list[str]:
    """Return the actions under an outcome or a question."""
    return [action for action, _ in (part.state or {"actions": []})["actions"]]


def drafts(where: str, name: str = NAME) -> int:
    """Return how many drafts of a profile are on disk."""
    return len(Store().profile(where, DOMAIN, name).names("draft-"))


def strings(node: Any) -> Iterator[str]:
    """Yield every text in a state."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from strings(value)
