"""Editors of structures, of tagged unions and of lists of them: collapsible, and built when they are first opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from profile_widgets.model.documents import join
from profile_widgets.model.labels import label
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets import pasting
from profile_widgets.widgets.editors import EMPTY, RESET, UNSET, Editor
from profile_widgets.widgets.registry import editor_class, editor_for

if TYPE_CHECKING:
    from profile_widgets.widgets.form import SettingsEditor

TOP, NESTED, ITEM = 0, 1, 2
"""How a section looks: a card, a part of a card, an item of a list."""


def child_widgets(help_text: str) -> Any:
    """Return a trait that holds widgets and travels as their model ids."""
    return traitlets.Tuple(help=help_text).tag(sync=True, **ipywidgets.widget_serialization)


class SectionEditor(Editor):
    """Edit the members of one structure under a heading that opens and closes.

    Children are made when the section is first opened. ``members`` are the names that this section shows, all of the
    structure's unless told otherwise.
    """

    title = traitlets.Unicode().tag(sync=True)
    expanded = traitlets.Bool(False).tag(sync=True, echo_update=False)
    children = child_widgets("Editors of the members, in order.")
    level = traitlets.Int(TOP).tag(sync=True)
    group = traitlets.Unicode(help="The heading above this section.").tag(sync=True)
    sealed = traitlets.Unicode(help="Who locks everything in it and why, or empty.").tag(sync=True)
    covers: traitlets.List[Any] = traitlets.List(help="Path prefixes that it sums up, when not its path.").tag(
        sync=True
    )

    def __init__(
        self,
        form: SettingsEditor,
        structure: Structure,
        member: Member,
        *,
        target: Structure | None = None,
        members: Sequence[str] | None = None,
        **looks: Any,
    ) -> None:
        self.target: Structure = target if target is not None else getattr(structure, member.name)
        named = self.target.member.members if members is None else members
        self.members = tuple(name for name in named if form.sight.shows(join(self.target.path, name)))
        self.partial = members is not None
        looks.setdefault("title", label(member.name or member.shape))
        super().__init__(form, structure, member, _kind="section", label="", **looks)
        self.observe(self._toggled, names="expanded")

    # -- the binding: a section shows no value of its own, only what of its structure it covers ------------------

    def bind(self) -> None:
        """Make the fields inside when the section begins open; they bind themselves."""
        if self.expanded:
            self.build()

    def unbind(self) -> None:
        """Unbind nothing."""

    @property
    def place(self) -> str:
        """Return the path of the structure that this section edits."""
        return self.target.path

    def refresh(self) -> None:
        """Bring paths and menus up to date, here and in everything built below."""
        self.path = "" if self.partial else self.place
        self.covers = self.covered() if self.partial else []
        sight = self.form.sight
        locks = [sight.lock(place) for place in self.covered()] if sight.grant is not None else []
        self.sealed = locks[0] if locks and all(locks) else ""
        self.offer_menu()
        for child in self.children:
            child.refresh()

    def covered(self) -> list[str]:
        """Return the path prefixes that this section sums up."""
        return [join(self.place, name) for name in self.members] if self.partial else [self.place]

    def menu_rows(self) -> list[list[str]]:
        """Return what the section's menu offers."""
        rows = [[RESET, "Back to the loaded values", ""]]
        if self.partial or self.level == ITEM:
            return rows
        return [*rows, self.unset_row(), [EMPTY, "Send an empty structure ({})", ""]]

    def offer_menu(self) -> None:
        """Offer what the policy lets be done with all of it; where it locks a part, the way back alone."""
        # A closed section sends no menu: fifteen of them would be a tenth of all that first goes to the page.
        rows = self.menu_rows() if self.children and not self.sealed else []
        if not all(self.form.sight.edits(place) for place in self.covered()):
            rows = [row for row in rows if row[0] == RESET]
        self.menu = rows

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state to send; a section that nobody locks does not say so in its first message."""
        state = super().get_state(key, drop_defaults)
        if key is None and not self.sealed:
            state.pop("sealed", None)
        return state

    # -- opening -------------------------------------------------------------------------------------------------

    def _toggled(self, change: Mapping[str, Any]) -> None:
        if change["new"]:
            with self.form.guarded(self.place):
                self.build()
        else:
            self.form.closed(self)

    def build(self) -> None:
        """Make the editors of this section's members, once."""
        if not self.children:
            with self.target.lock, self.hold_sync():
                self.children = tuple(self.make(name) for name in self.members)
                self.offer_menu()

    def make(self, name: str) -> Editor:
        """Make the editor of one member; a nested structure begins open."""
        member = self.target.member.members[name]
        made = editor_class(member)
        if issubclass(made, SectionEditor):
            return made(self.form, self.target, member, level=NESTED, expanded=True)
        return made(self.form, self.target, member)

    def child(self, name: str) -> Editor | None:
        """Return the editor of a member, if it is built."""
        return next((each for each in self.children if each.name == name), None)

    # -- what the person does ------------------------------------------------------------------------------------

    def act(self, action: str, _content: Mapping[str, Any]) -> None:
        """Put the structure back, empty it, or leave it out."""
        if action == RESET:
            for name in self.members if self.partial else ():
                setattr(self.target, name, self.form.loaded_value(join(self.place, name)))
            if not self.partial:
                self.target.assign(self.form.loaded_value(self.place))
        elif action == UNSET and not self.partial:
            self.target.assign(None)
        elif action == EMPTY and not self.partial:
            self.target.assign({})

    def close(self) -> None:
        """Close everything below, then this widget."""
        children, self.children = self.children, ()
        for child in children:
            child.close()
        super().close()


@editor_for("structure")
class StructureEditor(SectionEditor):
    """Edit a structure: its members in the model's order."""


@editor_for("union")
class UnionEditor(SectionEditor):
    """Edit a tagged union: just the member that is chosen, which was asked for when it was added."""

    def __init__(self, form: SettingsEditor, structure: Structure, member: Member, **looks: Any) -> None:
        super().__init__(form, structure, member, **looks)
        self.target.on_change(self._chosen)

    def _held(self) -> tuple[str, ...]:
        held = tuple(self.target.held()) or tuple(self.target.member.members)
        return tuple(name for name in held if self.form.sight.shows(join(self.target.path, name)))

    def build(self) -> None:
        """Make the editors of the members that are chosen; of all, as long as none is."""
        self.members = self._held()
        super().build()

    def _chosen(self, _changes: object) -> None:
        if self.children and {child.name for child in self.children} != set(self._held()):
            stale, self.children = self.children, ()
            self.build()
            for child in stale:
                child.close()

    def close(self) -> None:
        """Stop following the model, then close."""
        self.target.off_change(self._chosen)
        super().close()


@editor_for("structures")
class ItemsEditor(Editor):
    """Edit a list of structures: add, remove, move; a tagged union's kind is asked first."""

    children = child_widgets("A section for each item, in order.")
    paste_hint = traitlets.Unicode(help="What may be pasted, in words.").tag(sync=True)
    kinds: traitlets.List[Any] = traitlets.List(help="Rows of value and label of a tagged union's kinds.").tag(
        sync=True
    )
    state = traitlets.Unicode("absent", help="absent, empty or set").tag(sync=True)
    locked = traitlets.Unicode(help="Why this cannot be edited, or empty.").tag(sync=True)
    reason = traitlets.Unicode(help="What is behind “Read-only”: who locks it and why.").tag(sync=True)

    def __init__(self, form: SettingsEditor, structure: Structure, member: Member) -> None:
        form.need("searching", "fields")
        union = member.item.kind == "union"
        sight, place = form.sight, join(structure.path, member.name)
        kinds = [[name, label(name)] for name in member.item.members if sight.edits(join(place, name))] if union else []
        super().__init__(form, structure, member, _kind="items", kinds=kinds, paste_hint=pasting.hint(member.item))

    @property
    def items(self) -> tuple[Structure, ...]:
        """Return the items of the model's list."""
        return self.structure.value(self.name) or ()

    def menu_rows(self) -> list[list[str]]:
        """Return what the list's menu offers."""
        return [*self.value_rows(), [EMPTY, "Clear (send an empty list)", ""]]

    def pull(self) -> None:
        """Show a section for each item; those of items that stay are kept."""
        value = self.structure.value(self.name)
        self.state = "absent" if value is None else "set" if value else "empty"
        built = {id(child.target): child for child in self.children}
        before = self.children
        self.children = tuple(
            built.get(id(item)) or self._make(item, position) for position, item in enumerate(self.items, 1)
        )
        for child in before:
            if child not in self.children:
                child.close()
        self._number()
        if self.inherited() is not None:
            self.offer_menu()

    def _number(self) -> None:
        for position, child in enumerate(self.children, 1):
            child.title = self._title(position)
            child.refresh()

    def _title(self, position: int) -> str:
        return f"{label(self.name)} {position}"

    def _make(self, item: Structure, position: int) -> SectionEditor:
        member = self.member.item
        made = editor_class(member)
        title = self._title(position)
        return made(self.form, self.structure, member, target=item, level=ITEM, expanded=True, title=title)

    def refresh(self) -> None:
        """Bring paths and menus up to date, here and in the items."""
        super().refresh()
        self.offer_menu()
        self.locked, self.reason = self.form.locked_words(self.place, adding=True)
        self._number()

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        """Add, remove or move an item, or clear the list."""
        if action in ("add", "paste"):
            self.form.keep_in_view(self.place)
        if action == "add":
            self.add(content.get("kind"))
        elif action == "remove":
            self.remove(content.get("index"))
        elif action == "move":
            self.move(content.get("index"), content.get("to"))
        elif action == "paste":
            self.paste(str(content.get("text", "")))
        elif action == EMPTY:
            self.assign(())
        else:
            super().act(action, content)

    def paste(self, text: str) -> None:
        """Add the items that a pasted text holds; one that cannot be read is refused whole, with the reason."""
        self.assign((*self.items, *pasting.items(self.member.item, text)))

    def add(self, kind: Any = None) -> None:
        """Add an empty item at the end; of a union, one that holds an empty structure of ``kind``."""
        union = [name for name, _ in self.kinds]
        if union and kind not in union:
            raise ValueError(f"Say which kind to add: {', '.join(union)}.")
        self.assign((*self.items, {kind: {}} if union else {}))

    def remove(self, index: Any) -> None:
        """Remove the item at a position; out of range is no error, the item is gone already."""
        kept = tuple(item for position, item in enumerate(self.items) if position != index)
        if len(kept) < len(self.items):
            self.assign(kept)

    def move(self, index: Any, to: Any) -> None:
        """Move an item from one position to another."""
        items = list(self.items)
        if isinstance(index, int) and isinstance(to, int) and 0 <= index < len(items) and 0 <= to < len(items):
            items.insert(to, items.pop(index))
            self.assign(tuple(items))

    def close(self) -> None:
        """Close the items' sections, then this widget."""
        children, self.children = self.children, ()
        for child in children:
            child.close()
        super().close()
