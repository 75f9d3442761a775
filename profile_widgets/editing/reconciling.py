"""Ways out when what is stored and what is edited went apart: take theirs, merge, overwrite, put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.aws.protocol import Described
from profile_widgets.checks.clearing import clearing
from profile_widgets.editing.judgement import must_be_readable
from profile_widgets.model import documents, merging
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.merging import Clash

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft


def take_theirs(draft: ProfileDraft, theirs: Described) -> None:
    """Edit from what is stored now; the edits so far are one step back in the history."""
    draft.take(theirs)


def merge(draft: ProfileDraft, theirs: Described, *, base: Mapping[str, Any] | None = None) -> tuple[Clash, ...]:
    """Put the draft's edits on top of what is stored now; returns the fields that both sides changed.

    ``base`` is what the edits began from, what was loaded unless told otherwise. Where both changed a field the draft
    keeps ours, and a finding at the field offers theirs.
    """
    return _merged(draft, theirs, draft.loaded if base is None else base, draft.settings.to_document())


def _merged(draft: ProfileDraft, theirs: Described, base: Mapping[str, Any], ours: Document) -> tuple[Clash, ...]:
    must_be_readable(theirs)
    with draft.model.batch():
        merged, clashes = merging.merge(base, theirs.settings or {}, ours)
        draft.rebase(theirs)
        draft.edit_settings(merged)
        draft.clashes = clashes
    draft.keeper.keep()
    return clashes


def overwrite(draft: ProfileDraft, theirs: Described) -> None:
    """Want the sections that we changed as we have them, over what is stored now; their other sections stay.

    What we did not edit and a policy does not let us change stays as theirs too, inside those sections.
    """
    must_be_readable(theirs)
    with draft.model.batch():
        ours, base = draft.settings.to_document(), draft.loaded
        wanted = merging.overwrite(theirs.settings or {}, ours, draft.changed)
        draft.rebase(theirs)
        draft.edit_settings(_without_locked(draft, wanted, lambda path: documents.same(*_both(ours, base, path))))
    draft.keeper.keep()


def _without_locked(draft: ProfileDraft, wanted: Document, untouched: Callable[[str], bool]) -> Document:
    """Return ``wanted`` with what is stored wherever we did not edit it and may not change it.

    A list is taken as a whole: at the same place in it may stand another item now. One that we edited stays as it is,
    and a finding says what of it is locked.
    """
    grant, theirs = draft.grant, draft.loaded
    while grant is not None:
        found = (each.path for each in grant.findings({"UserSettings": theirs}, {"UserSettings": wanted}))
        paths = {path.removeprefix("UserSettings.").partition("[")[0] for path in found if "." in path}
        locked = filter(untouched, sorted(paths))
        before, wanted = wanted, documents.patch(wanted, [Change(p, *_both(wanted, theirs, p)) for p in locked])
        if documents.same(before, wanted):
            break
    return wanted


def _both(one: Mapping[str, Any], other: Mapping[str, Any], path: str) -> tuple[Any, Any]:
    return documents.get(one, path), documents.get(other, path)


def put_back(draft: ProfileDraft, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Edit back what a submit changed from ``before`` to ``wanted``; returns the paths that AWS cannot put back.

    Nothing is sent: the edits are reviewed and submitted as any others. What was not set before can only be cleared
    where AWS has a way (:func:`~profile_widgets.checks.clearing.clearing`), also inside a structure that was not there.
    """
    changes: list[Change] = []
    lost: list[str] = []
    for change in documents.diff(wanted, before):
        if change.after is not None:
            changes.append(change)
            continue
        for path, value in _leaves(change.path, change.before):
            way = clearing(path, value)
            if way is None:
                lost.append(path)
            else:
                changes.append(Change(path, value, way.value))
    with draft.model.batch():
        draft.edit_settings(documents.patch(draft.settings.to_document(), changes))
    return tuple(lost)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Return the values in a structure with their paths; an empty one holds nothing that could be put back."""
    if not isinstance(value, Mapping):
        yield path, value
        return
    for name, each in value.items():
        yield from _leaves(documents.join(path, name), each)
