"""A draft as text in one of the registered formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.formats import EXPORTERS, export
from profile_widgets.model.documents import Document

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft


def document_for(draft: ProfileDraft, format: str) -> Document:  # noqa: A002 - the word that people type
    """Return what a format is given: the request, or the whole profile where the format describes one.

    An update's request holds the settings that changed; a template that held only those would take the others away.
    """
    known = EXPORTERS.get(format)
    with draft.model.lock:
        if known is None or not known.whole or draft.create:
            return draft.request()
        settings = draft.settings.to_document()
        names = {"DomainId": draft.domain_id, "UserProfileName": draft.name}
        return names | ({SETTINGS: settings} if settings else {})


def written(draft: ProfileDraft, format: str, *, hide_account_ids: bool = False) -> str:  # noqa: A002
    """Return a draft in a format; raises :class:`ValueError` naming the formats that exist.

    ``hide_account_ids`` puts made-up ones in place of the account ids in the text.

    Example::

        written(draft, "terraform", hide_account_ids=True)
    """
    return export(document_for(draft, format), draft.operation, format, hide_account_ids=hide_account_ids)
