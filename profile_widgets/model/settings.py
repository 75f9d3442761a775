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
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar, cast

import traitlets

from profile_widgets.errors import InvalidSettingsError
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document, join
from profile_widgets.model.shapes import Member, shape
from profile_widgets.model.traits import MemberTrait, trait_for

Listener = Callable[[tuple[Change, ...]], None]


class Structure(traitlets.HasTraits):
    """Be the base of every generated settings class.

    A structure is absent until one of its members is set or ``explicit`` is true (then it is sent even as ``{}``). A change
    anywhere below reaches the listeners of the root with its path. All changes of a tree happen under the root's ``lock``.
    """

    member: ClassVar[Member]
    """The node of the service model that this class was made from."""
    explicit = traitlets.Bool(False, help="Send this structure even when nothing in it is set.")

    def __init__(self, owner: Structure | None = None, slot: str = "", **values: Any) -> None:
        self.owner = owner
        self.slot = slot
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._held: list[Change] | None = None
        super().__init__(**values)
        self.observe(self._bubble, names=traitlets.All)

    # -- the tree ------------------------------------------------------------------------------------------------

    @property
    def root(self) -> Structure:
        """Return the structure at the top of this tree."""
        return self if self.owner is None else self.owner.root

    @property
    def lock(self) -> Any:
        """Return the re-entrant lock under which this tree changes."""
        return self.root._lock

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
        """Return the structure and member name that a path leads to; raises :class:`KeyError` for a path that leads nowhere."""
        *way, last = documents.steps(path)
        node: Any = self
        for step in way:
            try:
                node = node[step] if isinstance(step, int) else getattr(node, step)
            except (AttributeError, IndexError, TypeError) as missing:
                raise KeyError(f"{path}: there is no {step!r}.") from missing
        if not isinstance(node, Structure) or last not in node.member.members:
            raise KeyError(f"{path}: there is no {last!r}.")
        return node, str(last)

    # -- absent, empty, set --------------------------------------------------------------------------------------

    @property
    def is_absent(self) -> bool:
        """Tell whether this structure is left out of the document."""
        return not self.explicit and not any(self._present())

    def _present(self) -> Iterator[str]:
        for name in self.member.members:
            value = self._trait_values.get(name)
            if value is not None and not (isinstance(value, Structure) and value.is_absent):
                yield name

    def to_document(self) -> Document:
        """Return a plain dict: absent members left out, empty ones kept, tuples as lists."""
        with self.lock:
            return {name: _plain(self._trait_values[name]) for name in self._present()}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Structure:
        """Make a structure from a plain dict.

        Raises :class:`~profile_widgets.errors.InvalidSettingsError` naming every member that this model does not know and
        every value of the wrong type. ``from_document(d).to_document() == d`` for every valid ``d``.
        """
        made = cls()
        made.assign(document)
        return made

    def assign(self, document: Mapping[str, Any] | None) -> None:
        """Make this structure hold exactly ``document``; ``None`` makes it absent. Raises as :meth:`from_document`."""
        complaints = list(_complaints(self.member, document, "")) if document is not None else []
        if complaints:
            raise InvalidSettingsError(f"{type(self).__name__}: " + " ".join(complaints))
        with self.lock, self.batch():
            self._assign(document)

    def _assign(self, document: Mapping[str, Any] | None) -> None:
        for name, member in self.member.members.items():
            value = None if document is None else document.get(name)
            current = self._trait_values.get(name)
            if member.is_structure:
                if value is not None or current is not None:
                    getattr(self, name)._assign(value)
            elif not documents.same(_plain(current), value):
                setattr(self, name, copy.deepcopy(value))
        self.explicit = document is not None

    # -- changes -------------------------------------------------------------------------------------------------

    def on_change(self, listener: Listener) -> None:
        """Call ``listener`` with a tuple of changes (paths from the root) after each change in the tree below the root."""
        self.root._listeners.append(listener)

    def off_change(self, listener: Listener) -> None:
        """Stop calling ``listener``; one that is not there is no error."""
        if listener in self.root._listeners:
            self.root._listeners.remove(listener)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect the changes made in the block and tell the listeners once, at its end."""
        root = self.root
        with self.lock:
            if root._held is not None:
                yield
                return
            root._held = []
            try:
                yield
            finally:
                held, root._held = tuple(root._held), None
                if held:
                    root._tell(held)

    def _bubble(self, event: Any) -> None:
        old, new = _plain(event.old), _plain(event.new)
        if event.name == "explicit":
            name, before, after = "", {} if old else None, {} if new else None
        else:
            name, before, after = event.name, old, new
        change = Change(join(self.path, name), before, after)
        root = self.root
        if root._held is not None:
            root._held.append(change)
        else:
            root._tell((change,))

    def _tell(self, changes: tuple[Change, ...]) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper():
            if name not in self.member.members:
                raise AttributeError(_unknown(self.member, name))
            with self.lock:
                super().__setattr__(name, value)
        else:
            super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.from_document({self.to_document()!r})"


def _plain(value: Any) -> Any:
    if isinstance(value, Structure):
        return value.to_document()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if value is traitlets.Undefined else value


def _unknown(member: Member, name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, member.members, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{member.shape} has no member {name!r} in the installed botocore.{hint}"


def _complaints(member: Member, value: Any, path: str) -> Iterator[str]:
    if member.is_structure:
        if not isinstance(value, Mapping):
            yield f"{path or member.shape} takes a structure, not {value!r}."
            return
        for name, nested in value.items():
            if name not in member.members:
                yield f"{join(path, name)}: {_unknown(member, name)}"
            elif nested is not None:
                yield from _complaints(member.members[name], nested, join(path, name))
    elif member.is_structure_list:
        if not isinstance(value, (list, tuple)):
            yield f"{path} takes a list, not {value!r}."
            return
        for index, item in enumerate(value):
            yield from _complaints(member.item, item, join(path, index))
    else:
        trait = trait_for(member)
        trait.name = path
        try:
            trait.validate(None, value)
        except traitlets.TraitError:
            yield f"{path} takes {trait.expected}, not {value!r}."


@lru_cache(maxsize=None)
def model_class(name: str) -> type[Structure]:
    """Return the settings class of a structure of the service model, made once.

    Raises :class:`~profile_widgets.errors.ShapeError` when the installed model has no such shape.

    Example::

        >>> model_class("CanvasAppSettings").__name__
        'CanvasAppSettings'
    """
    member = shape(name)
    body: dict[str, Any] = {each: trait_for(node) for each, node in member.members.items()}
    body |= {"member": member, "__doc__": member.help.text or name, "__module__": __name__}
    return cast("type[Structure]", type(name, (Structure,), body))


def member_traits(cls: type[Structure]) -> dict[str, MemberTrait]:
    """Return the traits of a settings class that stand for members of the service model."""
    return {name: trait for name, trait in cls.class_traits().items() if isinstance(trait, MemberTrait)}
