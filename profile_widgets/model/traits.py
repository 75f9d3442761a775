"""The trait types of settings structures: one for each kind of node.

``None`` means absent everywhere; ``""``, ``()`` and an explicit empty structure are values that are sent. A value of
the wrong type is refused with a message that names the member; whether a value is *good* (patterns, enums, bounds) is
for :mod:`profile_widgets.checks`, which never refuses but reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.model.problems import shown
from profile_widgets.model.shapes import Member

if TYPE_CHECKING:
    from profile_widgets.model.settings import Structure


class MemberTrait(traitlets.TraitType[Any, Any]):
    """Hold the value of one member; ``member`` is its node in the service model."""

    allow_none = True
    default_value = None
    expected = "a value"

    def __init__(self, member: Member, **kwargs: Any) -> None:
        super().__init__(default_value=None, allow_none=True, help=member.help.text, **kwargs)
        self.member = member

    def validate(self, obj: Any, value: Any) -> Any:  # noqa: ARG002 - traitlets' signature
        """Return the value as it is kept; refuse one of the wrong type."""
        return value

    def refuse(self, obj: Any, value: Any) -> Any:
        """Raise the error for a value of the wrong type."""
        where = f"{type(obj).__name__}.{self.name}" if obj is not None else self.member.key
        raise traitlets.TraitError(f"{where} takes {self.expected}, or None for absent; got {shown(value)}.")


class Text(MemberTrait):
    """Hold a text (a string or an enum value)."""

    expected = "a text"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept a ``str``."""
        return value if isinstance(value, str) else self.refuse(obj, value)


class WholeNumber(MemberTrait):
    """Hold a whole number, or the text that somebody typed where a number belongs.

    Such a text is kept, so that nothing typed is lost, and reported by the checks. A boolean is not a number.
    """

    expected = "a whole number"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept an ``int`` that is not a ``bool``, or a ``str``."""
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            return self.refuse(obj, value)
        return value


class Number(MemberTrait):
    """Hold a number, or the text that somebody typed where a number belongs."""

    expected = "a number"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept an ``int`` or ``float`` that is not a ``bool``, or a ``str``."""
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return self.refuse(obj, value)
        return value


class Flag(MemberTrait):
    """Hold true or false."""

    expected = "True or False"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept a ``bool``."""
        return value if isinstance(value, bool) else self.refuse(obj, value)


class Opaque(MemberTrait):
    """Keep a value of a kind that the kit cannot edit, whatever it is."""


class Leaves(MemberTrait):
    """Hold a list of plain values as a tuple: ``list.append`` would tell nobody."""

    expected = "a list of texts or numbers"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept a list or tuple of values of the item's type."""
        if not isinstance(value, (list, tuple)):
            return self.refuse(obj, value)
        wanted = _ITEM_TYPES.get(self.member.item.kind, (str,))
        for item in value:
            if not isinstance(item, wanted) or (isinstance(item, bool) and bool not in wanted):
                self.refuse(obj, value)
        return tuple(value)


_ITEM_TYPES: dict[str, tuple[type, ...]] = {"integer": (int, str), "number": (int, float, str), "boolean": (bool,)}


class Nested(MemberTrait):
    """Hold a nested structure, which is always there and may itself be absent, empty or set.

    Assigning a dict or a structure copies it in; ``{}`` makes it explicitly empty and ``None`` absent. The nested
    object stays the same one, so that whoever is bound to it stays bound.
    """

    expected = "a dict or a structure"

    def default(self, obj: Any = None) -> Any:
        """Make the nested structure when it is first read."""
        return obj.make_child(self.member, self.name)

    def get(self, obj: Any, cls: Any = None) -> Any:
        """Return the nested structure; made under the lock, so that two threads that read first get the same one."""
        with obj.lock:
            return super().get(obj, cls)

    def set(self, obj: Any, value: Any) -> None:
        """Copy ``value`` into the nested structure."""
        from profile_widgets.model.settings import Structure

        if isinstance(value, Structure):
            value = None if value.is_absent else value.to_document()
        if value is not None and not isinstance(value, Mapping):
            self.refuse(obj, value)
        self.get(obj, type(obj)).assign(value)


class NestedList(MemberTrait):
    """Hold a list of structures as a tuple; dicts are turned into structures."""

    expected = "a list of dicts or structures"

    def validate(self, obj: Any, value: Any) -> Any:
        """Accept a list or tuple of dicts and structures; structures that live elsewhere, or come twice, are copied."""
        if not isinstance(value, (list, tuple)):
            return self.refuse(obj, value)
        adopted: list[Structure] = []
        for item in value:
            adopted.append(self._adopt(obj, value, item, adopted))
        return tuple(adopted)

    def _adopt(self, obj: Any, value: Any, item: Any, adopted: list[Structure]) -> Structure:
        from profile_widgets.model.settings import Structure, model_class

        if isinstance(item, Structure):
            ours = item.owner is obj and item.slot == self.name
            if ours and not any(item is each for each in adopted):
                return item
            item = item.to_document()
        if not isinstance(item, Mapping):
            self.refuse(obj, value)
        child = model_class(self.member.item.shape).from_document(item)
        child.owner, child.slot = obj, self.name or ""
        return child


def trait_for(member: Member) -> MemberTrait:
    """Return the trait for a member, chosen by its kind."""
    if member.is_structure:
        return Nested(member)
    if member.kind == "list":
        return NestedList(member) if member.item.is_structure else Leaves(member)
    kinds: dict[str, type[MemberTrait]] = {
        "integer": WholeNumber,
        "number": Number,
        "boolean": Flag,
        "opaque": Opaque,
    }
    return kinds.get(member.kind, Text)(member)
