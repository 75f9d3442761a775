"""The base of every editor, with the one binding between model and view.

An editor is bound to one member of one structure. ``pull`` shows the model's value, ``push`` sets it; one guard keeps
a value from going round. Nothing else in the package moves a setting between a widget and the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.clearing import way_round
from profile_widgets.model import documents
from profile_widgets.model.documents import join
from profile_widgets.model.labels import label
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets.board import words
from profile_widgets.widgets.code import KitWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profile_widgets.widgets.form import SettingsEditor

RESET = "reset"
EMPTY = "empty"
UNSET = "unset"
NONE = "none"
INHERIT = "inherit"
ORGANISATION = "organisation"


EMPTIES: dict[str, Any] = {"structure": {}, "union": {}, "list": ()}
"""What is explicitly empty, by kind of node; a text otherwise."""
LONGEST = 60
"""How many characters of a value stand in a menu."""


def brief(value: Any) -> str:
    """Return a value as it stands in a menu.

    Example::

        >>> brief(["a", "b"]), brief(60)
        ('a, b', '60')
    """
    text = words(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class Editor(KitWidget):
    """Edit one member of a structure.

    ``form`` is the form that this editor lives in, ``structure`` the model and ``name`` the member's name in it.
    """

    _form = traitlets.Unicode().tag(sync=True)
    path = traitlets.Unicode(help="Path from the root of the model.").tag(sync=True)
    label = traitlets.Unicode(help="The member's name in plain words.").tag(sync=True)
    api = traitlets.Unicode(help="The member's name as AWS writes it.").tag(sync=True)
    help = traitlets.Unicode(help="The first sentence of AWS's documentation.").tag(sync=True)
    more = traitlets.Unicode(help="The rest of AWS's documentation.").tag(sync=True)
    menu: traitlets.List[Any] = traitlets.List(
        help="Rows of action, label, reason why it cannot be used (or empty)."
    ).tag(sync=True)

    def __init__(self, form: SettingsEditor, structure: Structure, member: Member, **kwargs: Any) -> None:
        self.form = form
        self.structure = structure
        self.member = member
        self.name = member.name
        self._moving = False
        self._closed = False
        words, own = member.help, form.sight.help(self.place) if member.name else ""
        told = {
            "label": label(member.name or member.shape),
            "api": member.name or member.shape,
            "help": own or words.summary,
            "more": f"{words.summary} {words.rest}".rstrip() if own else words.rest,
        }
        for trait, value in (told | kwargs).items():
            setattr(self, trait, value)
        # All of it is known before the comm opens, and so travels in the opening message.
        self.bind()
        self.refresh()
        super().__init__(_form=form.model_id, layout=form.layout)
        self.on_msg(self._receive)

    @property
    def place(self) -> str:
        """Return the path from the model itself; the ``path`` trait is only what the page was told."""
        return join(self.structure.path, self.name)

    # -- the binding ---------------------------------------------------------------------------------------------

    def bind(self) -> None:
        """Follow the model's member, beginning with its value now."""
        self.structure.observe(self._moved, names=self.name)
        self.pull()

    def unbind(self) -> None:
        """Stop following the model."""
        self.structure.unobserve(self._moved, names=self.name)

    @contextmanager
    def moving(self) -> Iterator[bool]:
        """Guard a move of a value; yields ``False`` when one is under way already."""
        if self._moving:
            yield False
            return
        self._moving = True
        try:
            yield True
        finally:
            self._moving = False

    def _moved(self, _change: Mapping[str, Any]) -> None:
        with self.moving() as free:
            if free:
                self.pull()

    def pull(self) -> None:
        """Show the model's value; an editor without an input of its own has nothing to show."""

    def push(self, value: Any) -> None:
        """Set the model's value, under its lock, and remember the step."""
        with self.moving() as free, self.structure.lock:
            if free:
                setattr(self.structure, self.name, value)

    # -- what the person does ------------------------------------------------------------------------------------

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        action = str(content.get("do", ""))
        if not self.form.refuses("" if action == RESET else self.place):  # going back loses nothing
            with self.form.guarded(self.place):
                self.act(action, content)

    def act(self, action: str, _content: Mapping[str, Any]) -> None:
        """Do what the page asks for; an action that is not offered is ignored."""
        if action == RESET:
            self.assign(self.form.loaded_value(self.place))
        elif action == UNSET:
            self.assign(None)
        elif action == INHERIT:
            inherited = self.inherited()
            if inherited is not None:
                self.assign(inherited)
        elif action == ORGANISATION:
            value = self.form.sight.default(self.place)
            if value is not None:
                self.assign(value)

    def assign(self, value: Any) -> None:
        """Set the model's value from outside the input, so that the input shows it."""
        with self.structure.lock:
            setattr(self.structure, self.name, value)

    def inherited(self) -> Any:
        """Return the domain's value that could be set here, ``None`` where there is none or AWS adds it anyway."""
        return None if self.name in documents.AGGREGATED else self.form.inherited_value(self.place)

    def value_rows(self) -> list[list[str]]:
        """Return the menu rows of every single value and list: back, leave out, take the domain's."""
        rows = [[RESET, "Back to the loaded value", ""], self.unset_row()]
        inherited = self.inherited()
        if inherited is not None:
            held = documents.same(inherited, documents.get(self.structure.held(), self.name))
            reason = "This is the value here already" if held else ""
            rows.append([INHERIT, "Set the domain's value here (it will not follow the domain)", reason])
        own = self.form.sight.default(self.place)
        if own is not None:
            held = documents.same(own, documents.get(self.structure.held(), self.name))
            reason = "This is the value here already" if held else ""
            rows.append([ORGANISATION, f"Set your organisation's value: {brief(own)}", reason])
        return rows

    def unset_row(self) -> list[str]:
        """Return the menu row for leaving the member out: with the way round, where AWS keeps what is stored."""
        follows = self.form.inherited_value(self.place) is not None
        stored = None if "[" in self.place else self.form.loaded_value(self.place)  # lists are sent whole
        text = "Not set (follow the domain)" if follows else "Not set (leave it out)"
        return [UNSET, text, "" if stored is None else way_round(self.place, stored)]

    def menu_rows(self) -> list[list[str]]:
        """Return what the menu offers, whoever looks."""
        return []

    def offer_menu(self) -> None:
        """Offer what of the menu the policy lets be done."""
        sight, place = self.form.sight, self.place
        self.menu = [row for row in self.menu_rows() if self.offers(row[0])] if sight.edits(place) else []

    def offers(self, action: str) -> bool:
        """Tell whether the policy lets the value that an action sets be set."""
        sight = self.form.sight
        if sight.grant is None or action in (RESET, ORGANISATION):
            return True
        value = {INHERIT: self.inherited(), NONE: "None", EMPTY: EMPTIES.get(self.member.kind, "")}.get(action)
        return sight.accepts(self.place, value)

    def refresh(self) -> None:
        """Bring the path and the menu up to date after a load or a move."""
        self.path = self.place

    def close(self) -> None:
        """Unbind, and close this widget, once; its layout belongs to the form."""
        if not self._closed:
            self._closed = True
            self.unbind()
        super().close()
