"""What a person may do on the page beside typing: one table of actions for each part that offers some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.problems import INFORMATION, WARNING
from profile_widgets.editing import reconciling
from profile_widgets.editing.journal import RestorePoint
from profile_widgets.editing.outcome import DONE
from profile_widgets.model.labels import label, path_label
from profile_widgets.widgets.finder import UNDER_WAY
from profile_widgets.widgets.search import ALL

if TYPE_CHECKING:
    from profile_widgets.widgets.app import UserProfileEditor

Deed = Callable[..., Any]
EARLIER = "point"
"""The action that puts an earlier submit back; its id follows behind a colon."""
LISTED = 8
"""How many earlier submits are offered."""
NO_WAY_BACK = "AWS cannot unset these again, only delete and recreate the profile, and its home directory with it"


class Deeds:
    """Carry out what is pressed. An action that is not in a table does nothing: the page decides nothing."""

    def __init__(self, editor: UserProfileEditor) -> None:
        self._editor = editor
        self._review: dict[str, Deed] = {
            "submit": lambda _: editor.start(editor.submit()),
            "discard": lambda _: self.reset(),
            "go": editor.form.reveal,
            "fix": editor.form.mend,
            "exported": lambda _: None,
        }
        self._response: dict[str, Deed] = {
            "retry": lambda: editor.start(editor.submit()),
            "reload": self.reload,
            "merge": self.merge,
            "overwrite": self.overwrite,
            "putback": self.put_back,
            "switch": self.switch,
            "stay": self.stay,
            "stop": editor.stop,
            "restore": editor.opening.restore,
            "forget": editor.opening.forget,
            "later": self.leave_it,
            "export": lambda: editor.review.send({"do": "download"}),
            "load-here": lambda: editor.loader.answer(here=True),
            "load-there": lambda: editor.loader.answer(here=False),
        }
        self._tools: dict[str, Deed] = {
            "search": lambda content: self.look_for(text=str(content.get("text", ""))),
            "filter": lambda content: self.look_for(only=str(content.get("value", ""))),
            "undo": lambda _: self.step(editor.draft.history.undo, "Taken back"),
            "redo": lambda _: self.step(editor.draft.history.redo, "Done again"),
            "expand": lambda _: self.expand(),
            "collapse": lambda _: editor.form.expand(False),
            "reset": lambda _: self.reset(),
            "effective": lambda _: editor.toggle_effective(),
            "earlier": lambda _: self.show_earlier(),
        }

    def leave_it(self) -> None:
        """Ask no more: a request that was loaded goes nowhere, edits that were kept stay so."""
        self._editor.question.clear()
        self._editor.loader.pending = None

    def reviewed(self, action: str, argument: str) -> None:
        """Do what was pressed in the review."""
        if action in self._review:
            self._review[action](argument)

    def answered(self, action: str) -> None:
        """Do what was pressed in a result or a question."""
        name, _, argument = action.partition(":")
        if name == EARLIER:
            self.put_back(argument)
        elif action in self._response:
            self._response[action]()

    def tooled(self, action: str, content: Mapping[str, Any]) -> None:
        """Do what was pressed in the tools."""
        if action in self._tools:
            self._tools[action](content)

    # -- moving about --------------------------------------------------------------------------------------------

    def look_for(self, *, text: str | None = None, only: str | None = None) -> None:
        """Show what a text and a filter leave."""
        self._editor.tools.look_for(self._editor.form, text=text, only=only)

    def expand(self) -> None:
        """Open all sections: really all, where nobody has chosen a filter yet."""
        if self._editor.form.look.untouched:
            self.look_for(only=ALL)
        self._editor.form.expand()

    def step(self, move: Callable[[], str], word: str) -> None:
        """Take an edit back, or do it again, and say which."""
        self._editor.form.take_back()
        with self._editor.form.settings.batch():
            said = move()
        if said:
            self._editor.tools.told = f"{word}: {said}"
            self._editor.show()

    def reset(self) -> None:
        """Go back to what was loaded; not while a request is on its way."""
        if not self._editor.sending:
            self._editor.form.take_back()
            self._editor.draft.discard()

    # -- conflicts -----------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Edit from what is stored now."""
        editor = self._editor
        if editor.sending:
            return
        theirs = editor.result.theirs if editor.result is not None else None
        if theirs is None or editor.draft.create:  # edits that were not sent stay kept, and are offered again
            editor.start(editor.load(editor.draft.domain_id, editor.draft.name))
            return
        reconciling.take_theirs(editor.draft, theirs)
        self._settled("Loaded as it is now. Your edits are one step back: Undo brings them again.")

    def merge(self) -> None:
        """Put our edits on top of theirs."""
        theirs = self._theirs()
        if theirs is None:
            return
        clashes = reconciling.merge(self._editor.draft, theirs)
        if clashes:
            names = ", ".join(path_label(clash.path) for clash in clashes)
            self._settled(f"Merged. You both changed {names}: look at what is said there, then send.", WARNING)
        else:
            self._settled("Merged: your edits stand on top of theirs, and no field was changed by both. Now send.")

    def overwrite(self) -> None:
        """Want ours over theirs."""
        theirs = self._theirs()
        if theirs is not None:
            reconciling.overwrite(self._editor.draft, theirs)
            self._settled("What you send now replaces their values: the table of changes shows what it takes away.")

    def _theirs(self) -> Any:
        result = self._editor.result
        return None if result is None or result.theirs is None or self._editor.sending else result.theirs

    def _settled(self, text: str, severity: str = INFORMATION) -> None:
        self._editor.response.clear()
        self._editor.opening.show()
        self._editor.say(severity, text)

    def show_earlier(self) -> None:
        """List the submits that can be put back, newest first."""
        rows = [[f"{EARLIER}:{point.id}", _named(point)] for point in self._editor.points[:LISTED]]
        if rows:
            text = "Choose a change that was sent from here: what it replaced comes back into the form, to be reviewed."
            self._editor.question.ask("Put back what was there before", text, [*rows, ["later", "Close"]], asked=True)

    def put_back(self, point_id: str = "") -> None:
        """Edit back what a submit changed, the last one unless told otherwise; the person reviews and sends it."""
        editor = self._editor
        wanted = point_id or (editor.result.point if editor.result is not None else "")
        point = next((each for each in editor.points if each.id == wanted), None)
        if point is None or editor.sending:
            return
        held = editor.settings.held()
        lost = reconciling.put_back(editor.draft, point.before, point.wanted)
        nothing = editor.settings.held() is held
        text = "What was there before is in the form again. Review it, then send."
        names = ", ".join(path_label(path) for path in lost)
        if lost:
            text = f"{text} Not {names}: {NO_WAY_BACK}."
        if nothing and not lost:
            text = "Nothing to put back: the profile holds what was there before."
        elif nothing:
            text = f"Nothing of it can be put back: {names}. {NO_WAY_BACK}."
        editor.question.clear()
        editor.response.clear()
        editor.say(WARNING if lost else INFORMATION, text)

    # -- another profile -----------------------------------------------------------------------------------------

    def switch(self) -> None:
        """Do what was asked for, and give up what was not sent."""
        self._editor.question.clear()
        if self._editor.sending:
            self._editor.say(INFORMATION, UNDER_WAY)
            self._editor.finder.show()
            return
        self._editor.opening.giving_up = True
        self._editor.go_on()

    def stay(self) -> None:
        """Stay where we are."""
        self._editor.question.clear()
        self._editor.opening.giving_up = False
        self._editor.finder.show()


def _named(point: RestorePoint) -> str:
    """Say when something was sent, and what it changed."""
    names = ", ".join(label(name) for name in point.changed)
    ending = "" if point.status == DONE else f" ({point.status})"
    return f"{point.time.astimezone():%d %b %H:%M}: {names}{ending}"
