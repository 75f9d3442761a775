"""Settings structures as traitlets classes, made at run time from the installed service model.

``model_class("UserSettings")`` has one trait for each member that the installed botocore knows, under AWS's name, with
AWS's documentation as the trait's help. Absent, empty and set are three different things::

    >>> settings = model_class("UserSettings")()
    >>> settings.to_document()
    {}
    >>> settings.SecurityGroups = ()                                     # explicitly empty: sent, clears the list
    >>> settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    >>> settings.to_document()
    {'SecurityGroups': [], 'JupyterLabAppSettings': {'DefaultResourceSpec': {'InstanceType': 'ml.t3.large'}}}
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

import traitlets

from profile_widgets.errors import InvalidSettingsError, ShapeError
from profile_widgets.model import documents
from profile_widgets.model.complaints import complaints, unknown
from profile_widgets.model.documents import Change, Document, join
from profile_widgets.model.shapes import Member, shape
from profile_widgets.model.traits import MemberTrait, trait_for
from profile_widgets.model.tree import Listener, Tree

ABSENT: Mapping[str, Any] = {}
"""Stands for a structure that a ground document does not have."""


class Structure(traitlets.HasTraits):
    """Be the base of every generated settings class.

    A structure is absent until one of its members is set or ``explicit`` is true (then it is sent even as ``{}``). A
    change anywhere below reaches the listeners of the root with its path. All changes of a tree happen under the root's
    ``lock``. An item that was taken out of its list keeps its values and tells nobody any more.
    """

    member: ClassVar[Member]
    """The node of the service model that this class was made from."""
    explicit = traitlets.Bool(False, help="Send this structure even when nothing in it is set.")

    def __init__(self, owner: Structure | None = None, slot: str = "", **values: Any) -> None:
        self.owner = owner
        self.slot = slot
        self._tree = Tree(self)
        self._held: Document | None = None
        strangers = [name for name in values if name not in self.member.members]
        if strangers:
            raise TypeError(" ".join(unknown(self.member, name) for name in strangers))
        self._made = False
        super().__init__(**values)
        self._made = True

    # -- the tree ------------------------------------------------------------------------------------------------

    @property
    def root(self) -> Structure:
        """Return the structure at the top of this tree."""
        return self if self.owner is None else self.owner.root

    @property
    def tree(self) -> Tree:
        """Return what this structure shares with all others of its tree."""
        return self._tree if self.owner is None else self.owner.tree

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Return the re-entrant lock under which this tree changes."""
        return self.tree.lock

    @property
    def attached(self) -> bool:
        """Tell whether this structure is part of its tree; an item that was taken out of its list is not."""
        if self.owner is None:
            return True
        held = self.owner.value(self.slot)
        here = any(each is self for each in held) if isinstance(held, tuple) else held is self
        return here and self.owner.attached

    @property
    def path(self) -> str:
        """Return the path from the root to this structure; ``""`` for the root."""
        if self.owner is None:
            return ""
        siblings = self.owner.value(self.slot)
        if isinstance(siblings, tuple):
            index = next((i for i, each in enumerate(siblings) if each is self), len(siblings))
            return join(self.owner.path, self.slot, index)
        return join(self.owner.path, self.slot)

    def make_child(self, member: Member, slot: str) -> Structure:
        """Make an absent structure of ``member``'s shape that lives in ``slot`` of this one."""
        return model_class(member.shape)(owner=self, slot=slot)

    def value(self, name: str) -> Any:
        """Return a member's value by its name, or ``None`` when it has none yet; makes nothing."""
        return self._trait_values.get(name)

    def put(self, path: str, value: Any) -> None:
        """Set the value at a path below this structure.

        Example::

            settings.put("JupyterLabAppSettings.CustomImages[0].ImageName", "my-image")
        """
        target, name = self.locate(path)
        setattr(target, name, value)

    def locate(self, path: str) -> tuple[Structure, str]:
        """Return the structure and the member name that a path leads to; :class:`KeyError` if it leads nowhere."""
        node: Any = None
        inner: Any = self
        step: documents.Step = ""
        for step in documents.steps(path):
            node = inner
            if isinstance(node, Structure) and step in node.member.members:
                inner = getattr(node, str(step))
            elif isinstance(node, tuple) and isinstance(step, int) and step < len(node):
                inner = node[step]
            else:
                raise KeyError(f"{path}: there is no {step!r}.")
        if not isinstance(node, Structure):
            raise KeyError(f"{path!r} leads to no member.")
        return node, str(step)

    # -- absent, empty, set --------------------------------------------------------------------------------------

    @property
    def is_absent(self) -> bool:
        """Tell whether this structure is left out of the document."""
        return not self.explicit and not self.held()

    def _present(self) -> Iterator[str]:
        for name in self.member.members:
            value = self._trait_values.get(name)
            if value is not None and not (isinstance(value, Structure) and value.is_absent):
                yield name

    def to_document(self) -> Document:
        """Return a plain dict: absent members left out, empty ones kept, tuples as lists."""
        copy_of: Document = documents.copied(self.held())
        return copy_of

    def held(self) -> Document:
        """Return the document as :meth:`to_document` does, but shared, made once for each change: not to be changed."""
        with self.lock:
            if self._held is None:
                self._held = {name: _shared(self._trait_values[name]) for name in self._present()}
            return self._held

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Structure:
        """Make a structure from a plain dict.

        Raises :class:`~profile_widgets.errors.InvalidSettingsError` naming every member that this model does not know
        and every value of the wrong type. ``from_document(d).to_document() == d`` for every valid ``d``.
        """
        made = cls()
        made.assign(document)
        return made

    def assign(self, document: Mapping[str, Any] | None, *, ground: Mapping[str, Any] | None = None) -> None:
        """Make this structure hold exactly ``document``; ``None`` makes it absent. Raises as :meth:`from_document`.

        A structure in ``document`` stays there when its last member is taken out, as an empty one. With ``ground``
        that holds for those only that ``ground`` has too, and for empty ones: the others become absent again.
        """
        found = tuple(complaints(self.member, document)) if document is not None else ()
        if found:
            said = " ".join(f"{each.path}: {each.message}" if each.path else each.message for each in found)
            raise InvalidSettingsError(f"{type(self).__name__}: {said}", found)
        with self.batch():
            _fill(self, document, ground)

    # -- changes -------------------------------------------------------------------------------------------------

    def on_change(self, listener: Listener) -> None:
        """Call ``listener`` with a tuple of changes, paths from the root, after each change anywhere in the tree."""
        self.tree.add(listener)

    def off_change(self, listener: Listener) -> None:
        """Stop calling ``listener``; one that is not there is no error."""
        self.tree.remove(listener)

    def batch(self) -> AbstractContextManager[None]:
        """Collect the changes made in the block, under the lock, and tell the listeners once, at its end."""
        return self.tree.batch()

    def notify_change(self, change: Any) -> None:
        """Forget the documents that a change makes old, and let the tree's guard see it before anybody hears of it."""
        self._forget()
        if self._made:
            self.tree.changed(self, change)

    def tell(self, event: Any) -> None:
        """Let observers and listeners hear of a change, listeners also when an observer raises."""
        try:
            super().notify_change(event)
        finally:
            self._bubble(event)

    def put_back(self, event: Any) -> None:
        """Take a change back that nobody heard of."""
        self._trait_values[event.name] = event.old
        self._forget()

    @contextmanager
    def hold_trait_notifications(self) -> Any:
        """Hold back what observers hear; what is set in the block is one batch, for the guard too."""
        with self.batch():
            try:
                with super().hold_trait_notifications():
                    yield
            finally:
                self._forget()

    def _forget(self) -> None:
        self._held = None
        if self.owner is not None:
            self.owner._forget()  # noqa: SLF001 - its own class

    def _bubble(self, event: Any) -> None:
        if not self.attached:
            return
        if event.name != "explicit":
            self.tree.note(Change(join(self.path, event.name), _plain(event.old), _plain(event.new)))
        elif self.owner is not None and not any(self._present()):  # otherwise the document is the same either way
            self.tree.note(Change(self.path, {} if event.old else None, {} if event.new else None))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Tell type checkers that members exist: which ones is known only at run time."""

    def __setattr__(self, name: str, value: Any) -> None:
        member = name[:1].isupper()
        if member and name not in self.member.members:
            raise AttributeError(unknown(self.member, name))
        if member or name == "explicit":
            with self.lock:
                super().__setattr__(name, value)
        else:
            super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.from_document({self.to_document()!r})"


def _fill(structure: Structure, document: Mapping[str, Any] | None, ground: Mapping[str, Any] | None = None) -> None:
    for name, member in structure.member.members.items():
        value = None if document is None else document.get(name)
        current = structure.value(name)
        if member.is_structure:
            if value is not None or current is not None:
                _fill(getattr(structure, name), value, None if ground is None else ground.get(name, ABSENT))
        elif not documents.same(_plain(current), value):
            kept = _refilled(current, value) if member.is_structure_list else None
            setattr(structure, name, copy.deepcopy(value) if kept is None else kept)
    structure.explicit = document is not None and (ground is not ABSENT or not document)


def _refilled(items: Any, documents_: Any) -> list[Any] | None:
    """Return the items that a list of structures shall hold: those there, filled anew, as far as they go."""
    if not items or not documents_:
        return None
    for item, document in zip(items, documents_, strict=False):
        _fill(item, document)
    return [*items[: len(documents_)], *copy.deepcopy(list(documents_[len(items) :]))]


def _shared(value: Any) -> Any:
    """Return a value as it stands in a document, made once."""
    if isinstance(value, Structure):
        return value.held()
    if isinstance(value, tuple):
        return [_shared(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Structure):
        return value.to_document()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if value is traitlets.Undefined else value


@cache
def model_class(name: str) -> type[Structure]:
    """Return the settings class of a structure of the service model, made once.

    Raises :class:`~profile_widgets.errors.ShapeError` when the installed model has no such structure.

    Example::

        >>> model_class("CanvasAppSettings").__name__
        'CanvasAppSettings'
    """
    member = shape(name)
    if not member.is_structure:
        raise ShapeError(f"{name} is a {member.kind}, not a structure: it has no members to set.")
    body: dict[str, Any] = {each: trait_for(node) for each, node in member.members.items()}
    body |= {"member": member, "__doc__": member.help.text or name, "__module__": __name__}
    return cast("type[Structure]", type(name, (Structure,), body))


def member_traits(cls: type[Structure]) -> dict[str, MemberTrait]:
    """Return the traits of a settings class that stand for members of the service model."""
    return {name: trait for name, trait in cls.class_traits().items() if isinstance(trait, MemberTrait)}
