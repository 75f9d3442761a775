"""Edits kept on disk, and offered again after a reload, a kernel restart or an expired login.

Each window that edits a profile keeps one file of its own, so that two windows never overwrite each other's. A draft
remembers what its edits began from: restored over a profile that changed meanwhile they are merged, by field.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from profile_widgets.editing.judgement import SETTINGS
from profile_widgets.errors import StoreError
from profile_widgets.model import documents, merging
from profile_widgets.model.complaints import complaints
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.merging import Clash
from profile_widgets.model.shapes import CREATE, input_member

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.editing.store import ProfileFolder

log = logging.getLogger(__name__)

PREFIX = "draft-"
FORMAT = 1
"""The version of what a draft's file holds; another one is left alone."""


@dataclass(frozen=True)
class KeptDraft:
    """Be a draft that an earlier window left: ``base`` is what was loaded there, ``model`` the whole edited request."""

    file: str
    kept: datetime
    create: bool
    base: Document
    model: Document

    @property
    def settings(self) -> Document:
        """Return the settings as they were edited."""
        found: Document = self.model.get(SETTINGS) or {}
        return found

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what was edited and not sent."""
        if self.create:
            return documents.diff({}, {name: value for name, value in self.model.items() if name != "DomainId"})
        return documents.diff({SETTINGS: self.base}, {SETTINGS: self.settings})


class Keeper:
    """Keep the edits of one draft, from each change of its model on.

    ``note`` is a sentence when they cannot be kept (a full disk, a folder that cannot be written), else empty.
    """

    def __init__(self, draft: ProfileDraft) -> None:
        self._draft = draft
        self._file = f"{PREFIX}{uuid.uuid4().hex[:16]}"
        self._folder: ProfileFolder | None = None
        self._written = False
        self._aside = 0
        self.note = ""
        draft.model.on_change(self._changed)

    def begin(self) -> None:
        """Keep what is edited from now on for the profile that was just opened; what was kept before stays."""
        draft = self._draft
        self._folder = draft.store.profile(draft.where, draft.domain_id, "" if draft.create else draft.name)
        self._file, self._written = f"{PREFIX}{uuid.uuid4().hex[:16]}", False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Change the model in the block without keeping it."""
        self._aside += 1
        try:
            yield
        finally:
            self._aside -= 1

    def _changed(self, _changes: object) -> None:
        if not self._aside:
            self.keep()

    def keep(self) -> None:
        """Write down what is edited now; when that is nothing, keep nothing."""
        draft = self._draft
        if self._folder is None:
            return
        try:
            if not draft.changes:
                self.forget()
                return
            self._folder.write(self._file, self._document())
            self._written, self.note = True, ""
        except StoreError as error:
            if not self.note:
                log.warning("Edits are not kept: %s", error)
            self.note = f"Your edits are not kept on disk, so a reload would lose them. {error}"

    def _document(self) -> Document:
        draft = self._draft
        return {
            "format": FORMAT,
            "kept": datetime.now(timezone.utc).isoformat(),
            "domain": draft.domain_id,
            "profile": draft.name,
            "create": draft.create,
            "base": draft.loaded,
            "model": draft.model.held(),
        }

    def forget(self) -> None:
        """Keep nothing of this window's edits any more."""
        if self._folder is not None and self._written:
            self._written = False
            self._folder.remove(self._file)

    # -- what other windows left ---------------------------------------------------------------------------------

    def found(self) -> tuple[KeptDraft, ...]:
        """Return the drafts of earlier windows for this profile, newest first; what cannot be read is left out."""
        if self._folder is None:
            return ()
        names = [name for name in self._folder.names(PREFIX) if name != self._file]
        read = [_read(name, self._folder.read(name)) for name in names]
        fits = [kept for kept in read if kept is not None and kept.create is self._draft.create and kept.changes]
        return tuple(sorted(fits, key=lambda kept: kept.kept, reverse=True))

    def restore(self, kept: KeptDraft) -> tuple[Clash, ...]:
        """Put a draft's edits on top of what is loaded; returns the fields that were changed in the profile too."""
        draft = self._draft
        with draft.model.batch():
            clashes: tuple[Clash, ...] = ()
            if draft.create:
                draft.edit(kept.model | {"DomainId": draft.domain_id})
            else:
                wanted, clashes = merging.merge(kept.base, draft.loaded, kept.settings)
                draft.edit_settings(wanted)
                draft.clashes = clashes
        self.keep()
        self.throw_away(kept)
        return clashes

    def throw_away(self, kept: KeptDraft) -> None:
        """Delete a draft of an earlier window."""
        if self._folder is not None:
            self._folder.remove(kept.file)


def _read(name: str, document: dict[str, Any] | None) -> KeptDraft | None:
    """Return a draft from what its file holds, or ``None`` when that is not one, or has no place in the model."""
    if document is None or document.get("format") != FORMAT:
        return None
    base, model = document.get("base"), document.get("model")
    if not isinstance(base, dict) or not isinstance(model, dict):
        return None
    member, settings = input_member(CREATE), (model.get(SETTINGS) or {}, base)
    if any(True for each in settings for _ in complaints(member, {**model, SETTINGS: each})):
        log.info("The draft %s has members that the installed botocore does not know", name)
        return None
    try:
        when = datetime.fromisoformat(str(document.get("kept")))
    except ValueError:
        return None
    return KeptDraft(name, when, bool(document.get("create")), base, model)
