"""The base of every editor, with the one binding between model and view.

An editor is bound to one member of one structure. ``pull`` shows the model's value, ``push`` sets it; one guard keeps
a value from going round. Nothing else in the package moves a setting between a widget and the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.model.documents import join
from profile_widgets.model.labels import label
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets.code import KitWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from profile_widgets.widgets.form import SettingsEditor

RESET = "reset"
EMPTY = "empty"
UNSET = "unset"
NONE = "none"


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
        words = member.help
        told = {
            "label": label(member.name or member.shape),
            "api": member.name or member.shape,
            "help": words.summary,
            "more": words.rest,
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
        if isinstance(content, dict) and not self.form.refuses():
            with self.form.guarded(self.place):
                self.act(str(content.get("do", "")), content)

    def act(self, action: str, _content: Mapping[str, Any]) -> None:
        """Do what the page asks for; an action that is not offered is ignored."""
        if action == RESET:
            self.assign(self.form.loaded_value(self.place))
        elif action == UNSET:
            self.assign(None)

    def assign(self, value: Any) -> None:
        """Set the model's value from outside the input, so that the input shows it."""
        with self.structure.lock:
            setattr(self.structure, self.name, value)

    def unset_row(self) -> list[str]:
        """Return the menu row for leaving the member out, with the reason where that changes nothing at AWS."""
        stored = self.form.loaded_value(self.place) is not None
        reason = "AWS keeps a stored value until another one is set" if stored else ""
        return [UNSET, "Not set (leave it out)", reason]

    def refresh(self) -> None:
        """Bring the path and the menu up to date after a load or a move."""
        self.path = self.place

    def close(self) -> None:
        """Unbind, and close this widget, once; its layout belongs to the form."""
        if not self._closed:
            self._closed = True
            self.unbind()
        super().close()
