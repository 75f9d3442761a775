"""The settings in force: every value that a profile has, its own and the domain's, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.model import documents
from profile_widgets.model.documents import join
from profile_widgets.model.halves import escaped
from profile_widgets.model.labels import BETWEEN, path_label
from profile_widgets.model.shapes import Member, shape
from profile_widgets.widgets.board import words
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.groups import Part, arranged
from profile_widgets.widgets.sight import sight_of

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft

SETTINGS = "UserSettings"
UNKNOWN = "Not known to the installed botocore"
"""The heading over members that AWS stores and this model lacks."""
ORIGINS = {"set": "set here", "empty": "explicitly empty", "domain": "from the domain"}
TOGETHER = "set here together with the domain's"
STILL = "explicitly empty here; the domain's still apply"

Rows = list[list[str]]
Leaf = tuple[str, Any, Any]


class Effective(KitWidget):
    """Show the settings in force. ``on_action`` is called with ``go`` and a path, or with ``close``."""

    state = record("Title, note and rows of group, label, path, value and origin.")

    def __init__(self, *, on_action: Callable[[str, str], None], layout: Any) -> None:
        self._on_action = on_action
        super().__init__(_kind="effective", layout=layout)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        action = content.get("do") if isinstance(content, dict) else None
        path = str(content.get("path", "")) if action == "go" else ""
        if action == "close" or path:
            self._on_action(str(action), path)

    @property
    def is_shown(self) -> bool:
        """Tell whether the settings in force are shown."""
        return self.state is not None

    def toggle(self, draft: ProfileDraft) -> None:
        """Show the settings in force, or hide them."""
        if self.is_shown:
            self.state = None
        else:
            self._show(draft)

    def refresh(self, draft: ProfileDraft) -> None:
        """Bring what is shown up to date."""
        if self.is_shown:
            self._show(draft)

    def _show(self, draft: ProfileDraft) -> None:
        member, raw = shape(SETTINGS), draft.described.raw if draft.described is not None else {}
        sight = sight_of(draft.rights.grant)
        found = rows(member, draft.settings.held(), draft.defaults, SETTINGS)
        unknown = unknown_rows(member, raw.get(SETTINGS), SETTINGS) if sight.grant is None else []
        edited = "With your edits, as they will be once they are sent." if draft.changes else ""
        self.state = {
            "title": f"Settings in force{f' for {draft.name}' if draft.name else ''}",
            "note": " ".join(filter(None, (draft.domain_note, edited, sight.gap(draft)))),
            "rows": [*(row for row in found if sight.shows(row[2])), *unknown],
        }


def rows(member: Member, own: Mapping[str, Any], defaults: Mapping[str, Any], root: str = "") -> Rows:
    """Return ``[group, label, path, value, origin]`` for every value in force, in words, in the order of the form.

    ``own`` are the profile's settings and ``defaults`` the domain's, both described by ``member``; ``root`` leads to
    them from the root of the form's model.

    Example::

        >>> rows(shape("UserSettings"), {"SecurityGroups": ["sg-2"]}, {"SecurityGroups": ["sg-1"]})[0][1:4]
        ['Security groups', 'SecurityGroups', 'sg-1, sg-2']
    """
    loose = [name for name, each in member.members.items() if not each.is_structure]
    nested = [name for name, each in member.members.items() if each.is_structure]
    return [
        [heading, path_label(path), join(root, path), *_in_words(path, mine, inherited)]
        for heading, entry in arranged(nested, loose)
        for name in (entry.members if isinstance(entry, Part) else (entry,))
        for path, mine, inherited in _leaves(member.members[name], own.get(name), defaults.get(name), name)
    ]


def _leaves(member: Member, own: Any, inherited: Any, path: str) -> Iterator[Leaf]:
    if own is None and inherited is None:
        return
    if not member.is_structure:
        yield path, own, inherited
        return
    mine, theirs = own or {}, inherited or {}
    if not mine and not theirs:
        yield path, own, inherited
    for name, child in member.members.items():
        yield from _leaves(child, mine.get(name), theirs.get(name), join(path, name))


def _in_words(path: str, own: Any, inherited: Any) -> tuple[str, str]:
    """Return the value in force and where it comes from."""
    name = path.rpartition(".")[2]
    origin = ORIGINS[documents.origin(own, inherited)]
    held = inherited if own is None else documents.effective({name: own}, {name: inherited})[name]
    if own is not None and inherited and name in documents.AGGREGATED:
        origin = TOGETHER if own else STILL
    if isinstance(held, (list, tuple)) and len(held) > 1 and isinstance(held[0], Mapping):
        return f"{len(held)} items: {words(held)}", origin
    return words(held), origin


# -- members that the installed botocore does not know ---------------------------------------------------------------


def unknown_rows(member: Member, raw: Any, root: str = "") -> Rows:
    """Return rows as :func:`rows` for the members of stored settings that ``member`` lacks.

    ``raw`` are the settings as JSON as they came over the wire; a null counts as absent, as botocore takes it.

    Example::

        >>> unknown_rows(shape("UserSettings"), {"CanvasAppSettings": {"Paint": "oil"}})[0][2:]
        ['CanvasAppSettings', 'oil', 'set here']
    """
    return [
        [UNKNOWN, _label(path, name), join(root, path) if path else "", words(value), ORIGINS["set"]]
        for path, name, value in _strangers(member, raw, "")
    ]


def _label(path: str, name: str) -> str:
    return BETWEEN.join(filter(None, (path_label(path) if path else "", words(escaped(name)))))


def _strangers(member: Member, raw: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield ``(path of the structure, name, value)`` for each member that a structure's shape lacks."""
    if member.is_structure and isinstance(raw, Mapping):
        for name, value in raw.items():
            if name in member.members:
                yield from _strangers(member.members[name], value, join(path, name))
            elif value is not None and name != "__type":
                yield path, str(name), value
    elif member.kind == "list" and isinstance(raw, (list, tuple)):
        for index, item in enumerate(raw):
            yield from _strangers(member.item, item, join(path, index))
