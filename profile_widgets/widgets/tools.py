"""The tools above the form: search, filters, undo and redo, expand and collapse, reset, the settings in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.search import FILTERS, OPEN

if TYPE_CHECKING:
    from profile_widgets.editing.history import History
    from profile_widgets.widgets.form import SettingsEditor

ACTIONS = ("filter", "undo", "redo", "expand", "collapse", "reset", "effective", "earlier")
"""What the page may ask for beside a search."""


class Tools(KitWidget):
    """Show the tools. ``on_action`` is called with an action and what the page sent with it.

    ``told`` is a sentence that is shown once, for example what was just taken back.
    """

    state = record("Filters with their counts, a note, what can be taken back.")
    query = traitlets.Unicode(help="The search text.").tag(sync=True, echo_update=False)

    def __init__(self, *, on_action: Callable[[str, Mapping[str, Any]], None], layout: Any) -> None:
        self._on_action = on_action
        self._asked = ""
        self._effective = False
        self.told = ""
        super().__init__(_kind="tools", layout=layout)
        self.on_msg(self._receive)
        self.observe(self._typed, names="query")

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        action = content.get("do") if isinstance(content, dict) else None
        if action == "search":
            self._search(str(content.get("text", "")))
        elif action in ACTIONS:
            self._on_action(str(action), content)

    def _typed(self, change: Mapping[str, Any]) -> None:
        self._search(change["new"])

    def _search(self, text: str) -> None:
        # The page tells a search by its text box and by a message: the second of the two is no news.
        if text != self._asked:
            self._asked = text
            self._on_action("search", {"do": "search", "text": text})

    @property
    def effective(self) -> bool:
        """Tell whether the settings in force are shown."""
        return self._effective

    @effective.setter
    def effective(self, shown: bool) -> None:
        self._effective = shown
        if self.state is not None:
            self.state = self.state | {"effective": shown}

    def look_for(self, form: SettingsEditor, *, text: str | None = None, only: str | None = None) -> None:
        """Have a form show what a text and a filter leave; what is not given stays, an unknown filter does nothing."""
        wanted = form.look.filter if only is None else only
        if wanted not in FILTERS:
            return
        form.look_for(form.look.text if text is None else text, wanted)
        self._asked = self.query = form.look.text
        if self.state is not None:
            self.state = self.state | _look(form)

    def show(self, history: History, form: SettingsEditor, *, changed: bool, earlier: bool = False) -> None:
        """Show what can be searched and taken back.

        ``changed`` tells whether there is anything to reset, ``earlier`` whether an earlier submit can be put back.
        """
        told, self.told = self.told, ""
        look = _look(form)
        self.state = look | {
            "note": told or look["note"],
            "undo": _step(history.back),
            "redo": _step(history.forth),
            "reset": {"enabled": changed},
            "effective": self._effective,
            "earlier": earlier,
        }


def _look(form: SettingsEditor) -> dict[str, Any]:
    look, counts = form.look, form.look.counts
    offered = {name: label for name, label in FILTERS.items() if name != OPEN or form.sight.grant is not None}
    filters = [[name, label, counts[name]] for name, label in offered.items()]
    return {
        "filter": look.filter,
        "filters": filters,
        "note": note(look.shown, counts[look.filter]) if look.active else "",
    }


def note(shown: int, matching: int) -> str:
    """Say how many settings a search leaves; those that matched before and are still shown are named too.

    Example::

        >>> note(7, 7), note(3, 2)
        ('7 settings match', '2 settings match, 1 more did and is still shown')
    """
    said = (
        "No setting matches" if not matching else "1 setting matches" if matching == 1 else f"{matching} settings match"
    )
    rest = shown - matching
    if rest <= 0:
        return said
    return f"{said}, {rest} {'more did' if matching else 'did'} and {'is' if rest == 1 else 'are'} still shown"


def _step(what: str) -> dict[str, Any]:
    return {"label": what, "enabled": bool(what)}
