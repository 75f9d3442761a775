"""What was about to be sent, written down before it is, and what was there before, kept to be put back."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone
from typing import Any

from profile_widgets.aws.protocol import Described
from profile_widgets.editing.store import ProfileFolder
from profile_widgets.editing.verdict import SETTINGS, Before, digest
from profile_widgets.errors import StoreError
from profile_widgets.model import documents
from profile_widgets.model.documents import Document

log = logging.getLogger(__name__)

INTENT = "intent-"
POINT = "point-"


@dataclass(frozen=True)
class Intent:
    """Hold one submit, so that its end can be found by whoever comes after a kill.

    ``request`` is what boto3 gets, ``base`` the profile's own settings before it (``{}`` for a creation), ``before``
    what a later look is compared with, ``None`` for a creation. ``accepted`` tells that AWS took it, ``resent`` that it
    went out, or was about to go out, a second time.
    """

    id: str
    operation: str
    where: str
    domain_id: str
    name: str
    request: Document = field(repr=False)
    request_digest: str
    begun: datetime
    base: Document = field(default_factory=dict, repr=False)
    before: Before | None = None
    accepted: bool = False
    resent: bool = False

    @classmethod
    def of(cls, operation: str, where: str, request: Document, before: Described | None) -> Intent:
        """Return the intent to send ``request`` over the profile as it was just read; ``None`` for a creation."""
        now = datetime.now(timezone.utc)
        return cls(
            id=f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}",
            operation=operation,
            where=where,
            domain_id=request.get("DomainId", ""),
            name=request.get("UserProfileName", ""),
            request=request,
            request_digest=digest(request),
            begun=now,
            base=dict(before.settings or {}) if before is not None else {},
            before=Before.of(before) if before is not None else None,
        )

    @property
    def sent(self) -> Document:
        """Return the settings in the request: whole top-level members."""
        found: Document = self.request.get(SETTINGS, {})
        return found

    @property
    def wanted(self) -> Document:
        """Return the settings that the profile shall have."""
        return {**self.base, **self.sent}

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the top-level members that the request changes."""
        return documents.changed_members(self.base, self.wanted)

    def document(self) -> Document:
        """Return the intent as it is written down."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        before = None if self.before is None else {**vars(self.before), "modified": _text(self.before.modified)}
        return plain | {"begun": _text(self.begun), "before": before}


@dataclass(frozen=True)
class RestorePoint:
    """Hold what a submit changed: the profile's own settings ``before``, and those that were ``wanted``.

    ``status`` is the submit's outcome, ``unknown`` while it has not been seen. ``changed`` are the top-level members.
    """

    id: str
    time: datetime
    operation: str
    before: Document = field(repr=False)
    wanted: Document = field(repr=False)
    changed: tuple[str, ...]
    status: str

    def document(self) -> Document:
        """Return the point as it is written down."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return plain | {"time": _text(self.time), "changed": list(self.changed)}


class Journal:
    """Keep the intents and restore points of one profile. Every call may block for as long as the disk does."""

    def __init__(self, folder: ProfileFolder) -> None:
        self.folder = folder

    def begin(self, intent: Intent) -> None:
        """Write down that ``intent`` is about to be sent, durably; an earlier one is forgotten.

        One that cannot be read here (damaged, or of another version) stays: a newer version may know its end.
        Raises :class:`~profile_widgets.errors.StoreError`; then nothing must be sent.
        """
        earlier = [name for name in self.folder.names(INTENT) if _intent(self.folder.read(name)) is not None]
        self.folder.write(INTENT + intent.id, intent.document(), durable=True)
        for name in earlier:
            self._remove(name)

    def note(self, intent: Intent, *, durable: bool = False) -> None:
        """Write down what is new about a pending intent. Raises :class:`~profile_widgets.errors.StoreError`."""
        self.folder.write(INTENT + intent.id, intent.document(), durable=durable)

    def done(self, intent: Intent, status: str, *, keep: bool = True) -> str:
        """Write down how ``intent`` ended, and with ``keep`` what it changed; return the restore point's id, or "".

        Never raises: the submit has ended, whatever the disk says.
        """
        kept = ""
        if keep:
            try:
                self.folder.write(POINT + intent.id, _point(intent, status).document())
                kept = intent.id
            except StoreError as error:
                log.warning("No restore point is kept: %s", error)
        self._remove(INTENT + intent.id)
        self.folder.sweep()
        return kept

    def pending(self) -> Intent | None:
        """Return the newest submit that has no end yet."""
        found = (_intent(self.folder.read(name)) for name in self.folder.names(INTENT))
        return next((intent for intent in found if intent is not None), None)

    def points(self) -> tuple[RestorePoint, ...]:
        """Return what submits changed, newest first; one whose end was not seen is among them."""
        kept = {point.id: point for name in self.folder.names(POINT) if (point := _kept(self.folder.read(name)))}
        pending = self.pending()
        if pending is not None:
            kept.setdefault(pending.id, _point(pending, "unknown"))
        return tuple(sorted(kept.values(), key=lambda point: point.id, reverse=True))

    def _remove(self, name: str) -> None:
        try:
            self.folder.remove(name)
        except StoreError as error:
            log.warning("The end of a submit could not be written down: %s", error)


def _point(intent: Intent, status: str) -> RestorePoint:
    return RestorePoint(intent.id, intent.begun, intent.operation, intent.base, intent.wanted, intent.changed, status)


def _intent(document: Mapping[str, Any] | None) -> Intent | None:
    """Return an intent from what its file holds; ``None``, with a word in the log, when that is not one."""
    if document is None:
        return None
    try:
        found = Intent(**{**document, "begun": _time(document["begun"])})
        if found.before is not None:
            before = dict(document["before"])
            moment = before.get("modified")
            found = replace(found, before=Before(**before | {"modified": None if moment is None else _time(moment)}))
        whole = digest(found.request) == found.request_digest and _are_documents(document["request"], document["base"])
    except (KeyError, TypeError, ValueError) as error:
        log.warning("A submit that was written down cannot be read: %s", error)
        return None
    return found if whole else None


def _kept(document: Mapping[str, Any] | None) -> RestorePoint | None:
    """Return a restore point from what its file holds; ``None``, with a word in the log, when that is not one."""
    if document is None:
        return None
    try:
        plain = {**document, "time": _time(document["time"]), "changed": tuple(document["changed"])}
        found = RestorePoint(**plain)
        whole = _are_documents(document["before"], document["wanted"])
    except (KeyError, TypeError, ValueError) as error:
        log.warning("A restore point cannot be read: %s", error)
        return None
    return found if whole else None


def _are_documents(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(timezone.utc).isoformat()


def _time(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment
