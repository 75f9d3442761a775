"""Editors of single values and of lists of them: one class for each kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.model.documents import join
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.editors import EMPTY, NONE, Editor
from profile_widgets.widgets.registry import editor_for
from profile_widgets.widgets.suggesting import Suggester
from profile_widgets.widgets.suggestions import offering_for, suggestion_for

if TYPE_CHECKING:
    from profile_widgets.widgets.form import SettingsEditor

_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")

INSTEAD = "fix"
"""What the page asks for when a value that the advice offers is pressed."""
SHORT = 12
"""How many values an enum may have to travel with each of its fields."""


class Wire(traitlets.TraitType[Any, Any]):
    """Hold a value as it travels: ``None`` (absent), a text, or a list of texts. A browser can send nothing else."""

    info_text = "null, a text or a list of texts"

    def validate(self, obj: Any, value: Any) -> Any:
        """Refuse everything else."""
        if value is None:
            return None
        if isinstance(value, str):
            return whole(value)
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return [whole(item) for item in value]
        return self.error(obj, value)


def whole(text: str) -> str:
    """Return a text that can travel: half a character, which some input methods leave behind, becomes a mark."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Choices(KitWidget):
    """Hold the values of a long enum once for all fields of a form; it shows nothing."""

    rows: traitlets.List[Any] = traitlets.List(help="Rows of value and detail.").tag(sync=True)


class FieldEditor(Editor):
    """Edit one value in one input."""

    input = traitlets.Unicode("text", help="text, integer, choice or list").tag(sync=True)
    value = Wire(None, allow_none=True, help="The value as it travels.").tag(sync=True, echo_update=False)
    hint = traitlets.Unicode(help="What is allowed, in words.").tag(sync=True)
    choices: traitlets.List[Any] = traitlets.List(help="Rows of value and detail of a short enum.").tag(sync=True)
    choices_from = traitlets.Unicode(help="The model id of a long enum's choices.").tag(sync=True)
    locked = traitlets.Unicode(help="Why this cannot be edited, or empty.").tag(sync=True)
    reason = traitlets.Unicode(help="What is behind “Read-only”: who locks it and why.").tag(sync=True)
    catalog = traitlets.Unicode(help="What exists in the account and may be chosen, or empty.").tag(sync=True)
    catalog_words = traitlets.Unicode(help="The same in words, in the plural.").tag(sync=True)
    advice: traitlets.List[Any] = traitlets.List(
        help="What is to be said of the value, beside the board's problems: severity, message, fixes."
    ).tag(sync=True)

    _kept = ""  # the path of what was typed and refused, while it stays in the box

    def __init__(self, form: SettingsEditor, structure: Structure, member: Member) -> None:
        form.need("searching", "fields")
        self._listed = 0  # how many values are offered; what the browser says of them is not asked
        self.allowed = form.sight.allowed(join(structure.path, member.name))
        looks = self.fixed()
        looks["choices"], looks["choices_from"] = self.offered(form, member)
        if looks["input"] != "list" and self._listed:
            looks["input"] = "choice"
        suggestion = suggestion_for(member)
        offering = None if self._listed else offering_for(form, join(structure.path, member.name), suggestion)
        self.suggester = suggestion and Suggester(self, suggestion, offering)
        super().__init__(
            form,
            structure,
            member,
            _kind="field",
            **(self.suggester.looks if self.suggester else {}),
            **looks,
        )
        self.observe(self._typed, names="value")

    def fixed(self) -> dict[str, Any]:
        """Return the traits that belong to this class of fields."""
        return {"input": "text"}

    def offered(self, form: SettingsEditor, member: Member) -> tuple[list[list[str]], str]:
        """Return the choices that travel with this field, or the id of the model that holds them."""
        inner = member.item if member.kind == "list" else member
        values: Sequence[str] = inner.enum
        if self.allowed is not None and (values or self.allowed.values is not None):
            values = self.allowed.choices(values)
            if inner.kind in ("integer", "number"):
                values = [str(value) for value in self.allowed.values or ()]
        self._listed = len(values)
        if len(values) > SHORT:
            return [], form.choices_for(inner, values)
        return form.choice_rows(inner.shape, values) if self.allowed else [[value, ""] for value in values], ""

    def hint_words(self) -> str:
        """Return what is allowed: by AWS, or by the policy where that is less."""
        self.allowed = self.form.sight.allowed(self.place)
        if self.allowed is None:
            return hint(self.member)
        values = "1 value" if self._listed == 1 else f"{self._listed} values"
        return f"the policy allows {values}" if self._listed else self.allowed.says.rstrip(".")

    def menu_rows(self) -> list[list[str]]:
        """Return what the field's menu offers."""
        return self.value_rows()

    def refresh(self) -> None:
        """Bring path, menu, lock and advice up to date."""
        super().refresh()
        self.offer_menu()
        locked, reason = self.form.locked_words(self.place)
        self.locked, self.reason = self.fixed().get("locked", "") or locked, reason
        self.hint = self.hint_words()
        if self.suggester:  # another profile may hold the same value in another account
            self.suggester.advise()
        self.settle()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state to send; what most fields have nothing to say about does not travel at first."""
        state = super().get_state(key, drop_defaults)
        if key is None:
            for name in ("catalog", "catalog_words", "advice", "reason"):
                if not state.get(name, True):
                    del state[name]
        return state

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        # A question changes nothing: it is answered while a profile loads, and leaves what the form says alone.
        if isinstance(content, dict) and content.get("do") == "suggest":
            if self.suggester:
                self.suggester.ask(content)
        else:
            super()._receive(widget, content, buffers)
            self.settle()

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        """Take a value that the advice offers."""
        if action == INSTEAD and self.suggester:
            self.suggester.instead(content.get("id"))
        else:
            super().act(action, content)

    def settle(self) -> None:
        """Show the model's value again where what was refused was taken back, or moved away with its item."""
        if self._kept and (self._kept != self.place or self._kept not in self.form.refusals):
            self._give_up()
            with self.moving():
                self.pull()

    def _give_up(self) -> None:
        kept, self._kept = self._kept, ""
        if kept and self.form.refusals.drop(kept):
            self.form.refresh_board()

    def close(self) -> None:
        """Answer no question any more, and close."""
        if self.suggester:
            self.suggester.close()
        self._give_up()
        super().close()

    def _typed(self, change: Mapping[str, Any]) -> None:
        if self._moving:
            return
        failed: Sequence[object] = [change]
        if not self.form.refuses(self.place):
            with self.form.guarded(self.place) as failed:
                self.push(self.from_wire(change["new"]))
                if self.suggester:
                    self.suggester.advise()
        if not failed:
            self._kept = ""
            return
        # What the policy did not take stays to be mended; what nobody can change here goes back.
        refused = self.place in self.form.refusals and not self.form.lock_on(self.place)
        self._kept = self.place if refused else ""
        with self.moving():
            self.pull()
            if refused:
                self.value = change["new"]
                self.send_state("value")  # the browser may have been told of the model's value meanwhile

    def pull(self) -> None:
        """Show the model's value."""
        self.value = self.to_wire(self.structure.value(self.name))
        if self.suggester:
            self.suggester.advise()

    def _moved(self, change: Mapping[str, Any]) -> None:
        self._give_up()
        super()._moved(change)
        if self.inherited() is not None or self.form.sight.default(self.place) is not None:
            self.offer_menu()

    def to_wire(self, value: Any) -> Any:
        """Turn the model's value into what travels."""
        return value

    def from_wire(self, value: Any) -> Any:
        """Turn what travelled into the model's value; what cannot be one is kept as it was typed."""
        return value


@editor_for("string")
class TextField(FieldEditor):
    """Edit a text. An emptied box is absent; an empty text is sent by the menu."""

    def menu_rows(self) -> list[list[str]]:
        """Return what the field's menu offers."""
        return [*super().menu_rows(), [EMPTY, "Clear (send an empty text)", ""]]

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        """Clear the text when asked to."""
        if action == EMPTY:
            self.assign("")
        else:
            super().act(action, content)


@editor_for("ResourceSpec.SageMakerImageVersionArn")
class ImageVersionField(TextField):
    """Edit an image version's ARN, which AWS clears with the word None (documented for this member only)."""

    def menu_rows(self) -> list[list[str]]:
        """Return what the field's menu offers."""
        return [*super().menu_rows(), [NONE, "Send “None”: AWS removes the version", ""]]

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        """Set the word None when asked to."""
        if action == NONE:
            self.assign("None")
        else:
            super().act(action, content)


@editor_for("integer", "number")
class NumberField(FieldEditor):
    """Edit a number. It may be empty, is never clamped, and what is no number stays as it was typed."""

    def fixed(self) -> dict[str, Any]:
        """Return the traits that belong to this class of fields."""
        return {"input": "integer"}

    def to_wire(self, value: Any) -> Any:
        """Turn a number into its digits."""
        return None if value is None else str(value)

    def from_wire(self, value: Any) -> Any:
        """Turn digits into a number."""
        text = value.strip() if isinstance(value, str) else ""
        if _WHOLE.fullmatch(text):
            return int(text)
        if self.member.kind == "number" and _DECIMAL.fullmatch(text):
            return float(text)
        return text or None


@editor_for("enum")
class ChoiceField(FieldEditor):
    """Edit one value of an enum; a stored value that this model does not know is shown and kept."""

    def fixed(self) -> dict[str, Any]:
        """Return the traits that belong to this class of fields."""
        return {"input": "choice"}

    def from_wire(self, value: Any) -> Any:
        """Take an empty choice as absent."""
        return value or None


@editor_for("boolean")
class FlagField(ChoiceField):
    """Edit true or false."""

    def offered(self, _form: SettingsEditor, _member: Member) -> tuple[list[list[str]], str]:
        """Return the two choices, or the one that the policy leaves."""
        rows = [["true", "yes"], ["false", "no"]]
        return [row for row in rows if self.allowed is None or self.allowed.accepts(row[0] == "true")], ""

    def to_wire(self, value: Any) -> Any:
        """Turn a boolean into a word."""
        return None if value is None else str(value).lower()

    def from_wire(self, value: Any) -> Any:
        """Turn a word into a boolean."""
        return {"true": True, "false": False}.get(value or "")


@editor_for("list")
class ListField(FieldEditor):
    """Edit a list of texts. Removing the last one leaves an explicitly empty list, which is sent."""

    def fixed(self) -> dict[str, Any]:
        """Return the traits that belong to this class of fields."""
        return {"input": "list"}

    def menu_rows(self) -> list[list[str]]:
        """Return what the field's menu offers."""
        return [*super().menu_rows(), [EMPTY, "Clear (send an empty list)", ""]]

    def to_wire(self, value: Any) -> Any:
        """Turn a tuple into a list of texts."""
        return None if value is None else [str(item) for item in value]

    def from_wire(self, value: Any) -> Any:
        """Turn a list of texts into a tuple; numbers where the list holds numbers."""
        if value is None:
            return None
        items = [value] if isinstance(value, str) else value
        return tuple(int(item) if self.member.item.kind == "integer" and item.isdecimal() else item for item in items)

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        """Clear the list when asked to."""
        if action == EMPTY:
            self.assign(())
        else:
            super().act(action, content)


@editor_for("opaque")
class OpaqueField(FieldEditor):
    """Show a value of a kind that the kit cannot edit, and keep it."""

    def fixed(self) -> dict[str, Any]:
        """Return the traits that belong to this class of fields."""
        return {"input": "text", "locked": "This kind of value is shown and kept; this version cannot edit it."}

    def menu_rows(self) -> list[list[str]]:
        """Offer nothing."""
        return []

    def to_wire(self, value: Any) -> Any:
        """Show the value as JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=False, default=str)

    def push(self, value: Any) -> None:
        """Set nothing."""


def hint(member: Member) -> str:
    """Say in a few words what AWS allows for a member.

    Example::

        >>> from profile_widgets.model import shape
        >>> hint(shape("IdleSettings").members["IdleTimeoutInMinutes"])
        '60 to 525,600'
    """
    low, high = member.minimum, member.maximum
    if member.kind in ("integer", "number"):
        if low is not None and high is not None:
            return f"{low:,} to {high:,}"
        return f"{low:,} or more" if low is not None else ""
    if member.kind == "list" and high is not None:
        return f"up to {high:,}"
    return ""
