"""Which editor a member gets.

Keys are looked up in this order: ``"Owner.Member"``, the shape's name, the kind of node (``structures`` is a list of
structures). A special input for a shape is one class with ``@editor_for("RoleArn")``; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from profile_widgets.errors import ShapeError
from profile_widgets.model.shapes import Member

if TYPE_CHECKING:
    from profile_widgets.widgets.editors import Editor

EDITORS: dict[str, type[Editor]] = {}
"""Every editor class by key."""

E = TypeVar("E", bound="type[Editor]")


def editor_for(*keys: str) -> Callable[[E], E]:
    """Register an editor class under keys; a key that is taken is an error."""

    def register(editor: E) -> E:
        for key in keys:
            if key in EDITORS:
                raise ValueError(f"There is an editor for {key!r} already: {EDITORS[key].__name__}.")
            EDITORS[key] = editor
        return editor

    return register


def editor_class(member: Member) -> type[Editor]:
    """Return the editor class for a member; raises :class:`~profile_widgets.errors.ShapeError` when there is none."""
    kind = "structures" if member.is_structure_list else member.kind
    for key in (member.key, member.shape, kind):
        if key in EDITORS:
            return EDITORS[key]
    raise ShapeError(f"There is no editor for {member.key} ({member.shape}, {kind}).")
