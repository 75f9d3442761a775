"""Edits kept on disk, and offered again after a reload, a kernel restart or an expired login.

Each window that edits a profile keeps one file of its own, so that two windows never overwrite each other's. A draft
remembers what its edits began from: restored over a profile that changed meanwhile they are merged, by field.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

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


def edits(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that a person made: a new profile begins with its single sign-on identifier filled in."""
    return tuple(change for change in changes if change.path != "SingleSignOnUserIdentifier")


@dataclass(frozen=True)
class KeptDraft:
    """Be a draft of another window: ``base`` is what was loaded there, ``model`` the whole edited request.

    ``live`` tells that its window was open still, or its kernel alive, when it was found.
    """

    file: str
    kept: datetime
    create: bool
    base: Document
    model: Document
    live: bool = False

    @property
    def settings(self) -> Document:
        """Return the settings as they were edited."""
        found: Document = self.model.get(SETTINGS) or {}
        return found

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what was edited and not sent."""
        if self.create:
            return edits(documents.diff({}, {name: value for name, value in self.model.items() if name != "DomainId"}))
        return documents.diff({SETTINGS: self.base}, {SETTINGS: self.settings})


class Keeper:
    """Keep the edits of one draft, from each change of its model on, and hold their file until :meth:`close`.

    ``note`` is a sentence when they cannot be kept (a full disk, a folder that cannot be written), else empty. Nothing
    here raises :class:`~profile_widgets.errors.StoreError`.
    """

    def __init__(self, draft: ProfileDraft) -> None:
        self._draft = draft
        self._file = f"{PREFIX}{uuid.uuid4().hex[:16]}"
        self._folder: ProfileFolder | None = None
        self._written = False
        self._let_go: Callable[[], None] | None = None
        self._aside = 0
        self.note = ""
        draft.model.on_change(self._changed)

    def begin(self) -> None:
        """Keep what is edited from now on for the profile that was just opened; what was kept before stays."""
        draft = self._draft
        self.close()
        self._folder = draft.store.profile(draft.where, draft.domain_id, "" if draft.create else draft.name)
        self._file, self._written = f"{PREFIX}{uuid.uuid4().hex[:16]}", False
        self._folder.sweep()

    def close(self) -> None:
        """Let go of what is kept: it stays on disk, and is any window's to take up or to throw away."""
        let_go, self._let_go = self._let_go, None
        if let_go is not None:
            let_go()

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

    def keep(self) -> bool:
        """Write down what is edited now, and tell whether it is kept; when that is nothing, keep nothing."""
        with self._draft.model.lock:
            return self._keep()

    def _keep(self) -> bool:
        draft = self._draft
        if self._folder is None:
            return False
        if not edits(draft.changes):
            self.note = ""
            self.forget()
            return True
        try:
            self._hold(self._folder)
            self._folder.write(self._file, self._document())
            self._written, self.note = True, ""
        except StoreError as error:
            if not self.note:
                log.warning("Edits are not kept: %s", error)
            self.note = f"Your edits are not kept on disk, so a reload would lose them. {error}"
            return False
        return True

    def _hold(self, folder: ProfileFolder) -> None:
        """Hold the file; where a disk knows no locks, edits are kept all the same."""
        if self._let_go is None:
            try:
                self._let_go = folder.hold(self._file)
            except StoreError as error:
                log.info("Other windows are not told that these edits are in use: %s", error)

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
            self._written = not self._removed(self._folder, self._file)

    def _removed(self, folder: ProfileFolder, name: str) -> bool:
        """Delete a draft, and tell whether it is gone."""
        try:
            folder.remove(name)
        except StoreError as error:
            log.warning("Edits that were kept cannot be deleted: %s", error)
            self.note = f"Edits that were kept could not be deleted, so they may be offered again. {error}"
            return False
        return True

    # -- what other windows left ---------------------------------------------------------------------------------

    def found(self) -> tuple[KeptDraft, ...]:
        """Return the drafts of other windows for this profile, newest first; what cannot be read is left out.

        Those of windows that are open still are among them, marked ``live``: after a reload the old kernel may live on
        for a while. Never raises.
        """
        folder = self._folder
        if folder is None:
            return ()
        read = [_read(folder, name) for name in folder.names(PREFIX) if name != self._file]
        fits = [kept for kept in read if kept is not None and kept.create is self._draft.create and kept.changes]
        return tuple(sorted(fits, key=lambda kept: kept.kept, reverse=True))

    def restore(self, kept: KeptDraft) -> tuple[Clash, ...]:
        """Put a draft's edits on top of what is edited now; returns the fields that were changed in the profile too.

        Those hold the kept value, and a finding at the field offers the profile's. What was edited here stays where
        the draft has no edit of its own. The draft's file goes, unless its window is open or this one cannot keep it.
        """
        draft = self._draft
        clashes: tuple[Clash, ...] = ()
        with draft.model.batch():
            if draft.create:
                draft.edit(_on_top(draft.model.to_document(), kept.model | {"DomainId": draft.domain_id}))
            else:
                _, clashes = merging.merge(kept.base, draft.loaded, kept.settings)
                wanted, _ = merging.merge(kept.base, draft.settings.to_document(), kept.settings)
                known = {clash.path for clash in clashes}
                draft.edit_settings(wanted)
                draft.clashes = (*(clash for clash in draft.clashes if clash.path not in known), *clashes)
        if self.keep():
            self.throw_away(kept)
        return clashes

    def throw_away(self, kept: KeptDraft) -> None:
        """Delete a draft of another window; one whose window is open still, or went on editing since, stays."""
        if self._folder is not None and not (kept.live and _is_in_use(self._folder, kept)):
            self._removed(self._folder, kept.file)


def _on_top(under: Document, over: Document) -> Document:
    """Return one new profile's request with the edits of another one on top; an empty structure takes nothing out."""
    edits = [
        change
        for change in documents.diff({}, over)
        if not (change.after == {} and documents.get(under, change.path) is not None)
    ]
    return documents.patch(under, edits)


def _is_in_use(folder: ProfileFolder, kept: KeptDraft) -> bool:
    """Tell whether a draft's window is open still, or left other edits than those that were found."""
    if folder.held(kept.file):
        return True
    now = _read(folder, kept.file)
    return now is not None and now.kept != kept.kept


def _read(folder: ProfileFolder, name: str) -> KeptDraft | None:
    """Return a draft from its file, or ``None`` when that holds none, or one that has no place in the model."""
    document = folder.read(name)
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
    if when.tzinfo is None:
        return None
    return KeptDraft(name, when, bool(document.get("create")), base, model, folder.held(name))
