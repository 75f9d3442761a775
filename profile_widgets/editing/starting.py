"""Starting from another: settings of a profile, of a domain's defaults or of a preset come into a draft, as one edit.

Nothing is sent. What is copied stands in the form as changes, and one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.problems import INFORMATION, WARNING, Problem
from profile_widgets.editing.judgement import must_be_readable
from profile_widgets.editing.laying import over
from profile_widgets.errors import InvalidSettingsError
from profile_widgets.model import documents
from profile_widgets.model.complaints import complaints
from profile_widgets.model.documents import Change, Document, join
from profile_widgets.model.halves import escaped
from profile_widgets.model.labels import label, path_label
from profile_widgets.model.shapes import shape

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import Described, DescribedDomain
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.editing.presets import Preset

SETTINGS, TAGS = "UserSettings", "Tags"
ONLY_AT_CREATION = frozenset({"CustomPosixUserConfig"})
"""The settings that UpdateUserProfile refuses (service contract, "Update semantics")."""
OF_A_NETWORK = frozenset({"SecurityGroups", "CustomFileSystemConfigs"})
"""The settings that name things in the network of one domain."""
ONLY_NEW = "Only a new profile takes this."
NAMED = 4
"""How many settings a sentence names."""


@dataclass(frozen=True)
class Source:
    """Hold what can be copied: ``settings`` as those of a profile, and ``tags`` by key (``None``: not known).

    ``title`` names where it is from in a sentence, ``said`` is what cannot be copied from there, and why.
    ``domain_id`` is the domain that it is from, ``arn`` the profile whose tags can be asked for, ``""`` for none.
    """

    title: str
    settings: Document = field(repr=False)
    tags: Mapping[str, str] | None = None
    said: tuple[Problem, ...] = ()
    domain_id: str = ""
    arn: str = ""


def of_profile(described: Described) -> Source:
    """Return a stored profile as a source; raises :class:`~profile_widgets.errors.InvalidSettingsError`.

    DescribeUserProfile tells no tags: they come from ListTags, if at all.
    """
    must_be_readable(described)
    said = tuple(_strangers(described.unknown, SETTINGS))
    settings = _filled(described.settings)
    return Source(described.name, settings, None, said, described.domain_id, described.arn)


def of_domain(domain: DescribedDomain) -> Source:
    """Return the DefaultUserSettings of a domain as a source; raises as :func:`of_profile`."""
    found = tuple(complaints(shape(SETTINGS), domain.settings or {}, "DefaultUserSettings"))
    if found:
        said = " ".join(f"{each.path}: {each.message}" for each in found)
        raise InvalidSettingsError(f"What AWS holds of {domain.name} cannot be copied here. {said}", found)
    told = tuple(_strangers(domain.unknown, "DefaultUserSettings"))
    title = f"the defaults of {domain.name or domain.domain_id}"
    return Source(title, _filled(domain.settings), None, told, domain.domain_id)


def of_preset(preset: Preset) -> Source:
    """Return a preset as a source."""
    tags = {str(each.get("Key", "")): str(each.get("Value", "")) for each in preset.request.get(TAGS) or ()}
    return Source(f"“{preset.title}”", _filled(preset.request.get(SETTINGS)), tags, preset.said)


def _filled(settings: Mapping[str, Any] | None) -> Document:
    """Return settings without the structures that hold nothing: they set nothing."""
    return {name: documents.copied(value) for name, value in (settings or {}).items() if _sets(value)}


def _sets(value: Any) -> bool:
    return any(map(_sets, value.values())) if isinstance(value, Mapping) else value is not None


def _strangers(unknown: Iterable[str], root: str) -> Iterator[Problem]:
    for path in unknown:
        name = path.removeprefix(f"{root}.")
        if name != path:
            text = f"“{escaped(name)}” is not copied: the installed botocore does not know it. A newer boto3 may."
            yield Problem("", WARNING, text, "unknown-stored")


# -- what can be copied ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """Describe a top-level member of a source, Tags included: its value there, and what copying it changes here.

    ``reason`` says why it cannot be copied, else it is empty.
    """

    name: str
    value: Any
    changes: tuple[Change, ...] = ()
    reason: str = ""


def parts(draft: ProfileDraft, source: Source, *, add: bool = False) -> tuple[Part, ...]:
    """Return what a source offers a draft, in the order of the model; ``add`` is as in :func:`copy`."""
    with draft.model.lock:
        names = [name for name in shape(SETTINGS).members if name in source.settings]
        found = [_part(draft, name, source.settings[name], add=add) for name in names]
        tags = _theirs(source)
        if draft.create and tags:
            before, after = _own_tags(draft), _tags(draft, tags, add=add)
            changes = documents.diff({TAGS: before} if before else {}, {TAGS: after})
            refused = draft.rights.against(changes)
            found.append(Part(TAGS, tags, reason=refused) if refused else Part(TAGS, tags, changes))
        return tuple(found)


def _part(draft: ProfileDraft, name: str, value: Any, *, add: bool) -> Part:
    reason = draft.locked.get(join(SETTINGS, name), "")
    if name in ONLY_AT_CREATION and not draft.create:
        reason = ONLY_NEW
    if reason:
        return Part(name, value, reason=reason)
    own = draft.settings.held().get(name)
    after = _proposed(draft, name, value, add=add)
    changes = documents.diff({} if own is None else {name: own}, {name: after})
    refused = draft.rights.against(Change(join(SETTINGS, each.path), each.before, each.after) for each in changes)
    return Part(name, value, reason=refused) if refused else Part(name, value, changes)


def _proposed(draft: ProfileDraft, name: str, value: Any, *, add: bool) -> Any:
    """Return a member as it is after the copy.

    What is stored cannot be unset: it stays where the source has nothing. What was only edited here gives way.
    """
    own, stored = draft.settings.held().get(name), draft.loaded.get(name)
    if not isinstance(value, Mapping):
        return documents.copied(value if own is None or not add else own)
    return over(value, own or {}) if add else over(stored or {}, value)


def _own_tags(draft: ProfileDraft) -> list[dict[str, str]]:
    return list(draft.model.held().get(TAGS) or ())


def _theirs(source: Source) -> dict[str, str]:
    """Return the tags that can be copied: those of AWS itself cannot be set by anybody else."""
    return {key: value for key, value in (source.tags or {}).items() if not key.lower().startswith("aws:")}


def _tags(draft: ProfileDraft, theirs: Mapping[str, str], *, add: bool) -> list[dict[str, str]]:
    own = {str(each.get("Key", "")): str(each.get("Value", "")) for each in _own_tags(draft)}
    return [{"Key": key, "Value": value} for key, value in ({**theirs, **own} if add else {**own, **theirs}).items()]


# -- copying ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Copied:
    """Say what a copy changed, and what is to be said about it."""

    changes: tuple[Change, ...] = ()
    said: tuple[Problem, ...] = ()


def copy(draft: ProfileDraft, source: Source, names: Iterable[str], *, add: bool = False) -> Copied:
    """Copy top-level members of a source into a draft, as one edit that can be undone.

    The members become as the source has them, except that what the draft's profile has stored and the source lacks
    stays: AWS unsets nothing that is left out. With ``add`` only that is copied which the draft does not set yet.
    Members that are not named stay as they are, and those that cannot be copied are said. Raises
    :class:`~profile_widgets.errors.InvalidSettingsError`, and changes nothing, when the model cannot hold the result.

    Example::

        source = of_profile(await gateway.describe_user_profile("d-abc123", "alice"))
        copy(draft, source, ["JupyterLabAppSettings"]).changes
    """
    with draft.model.lock:
        before, wanted = draft.model.to_document(), set(names)
        offered = [part for part in parts(draft, source, add=add) if part.name in wanted]
        taken = [part for part in offered if not part.reason]
        settings = before.get(SETTINGS) or {}
        for part in taken:
            if part.name != TAGS:
                settings = {**settings, part.name: _proposed(draft, part.name, part.value, add=add)}
        document = {**before, SETTINGS: settings} if settings else dict(before)
        if any(part.name == TAGS for part in taken):
            document[TAGS] = _tags(draft, _theirs(source), add=add)
        said = (*_left_out(offered), *source.said, *_staying(draft, taken, add=add), *_elsewhere(draft, source, taken))
        if not documents.same(before, document):
            draft.edit(document)
        return Copied(documents.diff(before, draft.model.to_document()), said)


def _left_out(offered: Iterable[Part]) -> Iterator[Problem]:
    for part in offered:
        if part.reason:
            yield Problem(join(SETTINGS, part.name), WARNING, f"Not copied. {part.reason}", "copy")


def _staying(draft: ProfileDraft, taken: Iterable[Part], *, add: bool) -> Iterator[Problem]:
    """Say which stored values stay in the members that were copied."""
    if draft.create or add:
        return
    pairs = [(part.name, draft.loaded.get(part.name), part.value) for part in taken if part.name != TAGS]
    kept = [
        change.path
        for name, stored, value in pairs
        if isinstance(stored, Mapping)
        for change in documents.diff({name: over(stored, value)}, {name: value})
    ]
    if kept:
        text = f"Stays as it is stored, for AWS unsets nothing that is left out: {listed(kept)}."
        yield Problem("", INFORMATION, text, "copy")


def _elsewhere(draft: ProfileDraft, source: Source, taken: Iterable[Part]) -> Iterator[Problem]:
    if source.domain_id in ("", draft.domain_id):
        return
    for part in taken:
        if part.name in OF_A_NETWORK and part.changes:
            text = f"{label(part.name)} are of the network of {source.domain_id}: see that this domain has them too."
            yield Problem(join(SETTINGS, part.name), WARNING, text, "copy")


def listed(paths: list[str]) -> str:
    """Name settings by their labels: the first ones by name, the others by their number.

    Example::

        >>> listed(["ExecutionRole", "SecurityGroups"])
        'Execution role, Security groups'
    """
    few, rest = ", ".join(path_label(path) for path in paths[:NAMED]), len(paths) - NAMED
    return f"{few} and {rest} more" if rest > 0 else few
