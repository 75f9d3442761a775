"""Which settings a search and a filter leave to be seen: pure functions of documents and of the board, and one look.

A search finds words in what stands at a field: label, API name, path, help and values, its own, the loaded one and the
inherited. All words must be there, in any order, in any case, with or without accents. The names of the sections around
a field are part of its path, so that a section's name finds everything in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.problems import ERROR, WARNING
from profile_widgets.model import documents
from profile_widgets.model.documents import Step, join
from profile_widgets.model.labels import BETWEEN, label, path_label
from profile_widgets.model.shapes import Member, shape, walk
from profile_widgets.widgets.board import Board
from profile_widgets.widgets.groups import GROUPS, Part
from profile_widgets.widgets.sight import EVERYTHING, Sight
from profile_widgets.widgets.structures import ItemsEditor, SectionEditor

if TYPE_CHECKING:
    from profile_widgets.widgets.editors import Editor
    from profile_widgets.widgets.form import SettingsEditor

ALL, OPEN, SET, CHANGED, PROBLEMS = "all", "open", "set", "changed", "problems"
FILTERS = {ALL: "All", OPEN: "Yours to change", SET: "Set here", CHANGED: "Changed", PROBLEMS: "Problems"}
"""Every filter with its label; what is open to the person is told apart where a policy locks the rest."""

FEW_FIELDS, FEW_SECTIONS = 40, 8
"""How many matches, in how many sections, are opened to be seen at once."""

Values = tuple[Any, Any, Any]
"""What is there now, what was loaded, and what is inherited."""


@dataclass(frozen=True)
class Place:
    """Describe one field or list of a structure: its path, the paths above it, its words without accents or case.

    ``inner`` are the words of the members that a list's items have.
    """

    path: str
    steps: tuple[Step, ...]
    above: tuple[str, ...]
    member: Member
    words: str
    inner: str = ""


def plain(text: str) -> str:
    """Return a text without accents and case.

    Example::

        >>> plain("Rôle")
        'role'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return text.casefold()


def needles(text: str) -> tuple[str, ...]:
    """Return the words that a search text asks for."""
    return tuple(plain(text).replace(BETWEEN.strip(), " ").split())


def above(path: str) -> tuple[str, ...]:
    """Return a path and every path that it leads through, the empty one included.

    Example::

        >>> above("A.B[2].C")
        ('', 'A', 'A.B', 'A.B[2]', 'A.B[2].C')
    """
    ends = [at for at, letter in enumerate(path) if letter in ".["]
    return ("", *(path[:end] for end in ends), path) if path else ("",)


@cache
def places(shape_name: str) -> tuple[Place, ...]:
    """Return every field and list of a structure, in the model's order; worked out once for a shape."""
    return tuple(_places(shape(shape_name), ""))


def _places(member: Member, path: str) -> Iterator[Place]:
    for name, child in member.members.items():
        place = join(path, name)
        if child.is_structure:
            yield from _places(child, place)
        else:
            inner = _inner(child) if child.is_structure_list else ""
            yield Place(place, documents.steps(place), above(place), child, _words(child, place), inner)


@cache
def _titles() -> dict[str, str]:
    """Return the titles of sections that gather loose members, by member."""
    parts = (entry for _, entries in GROUPS for entry in entries if isinstance(entry, Part))
    return {name: part.title for part in parts for name in part.members}


def _words(member: Member, path: str) -> str:
    known = path.removeprefix("UserSettings.")
    return plain(" ".join((known, path_label(known), _titles().get(known, ""), member.help.text)))


def _inner(member: Member) -> str:
    named = [each for _, each in walk(member.item) if each.name]
    return plain(" ".join(f"{label(each.name)} {each.name} {each.help.text}" for each in named))


def matches(
    member: Member,
    values: Values,
    board: Board,
    text: str,
    filter: str = ALL,  # noqa: A002 - the word that people use
    within: Iterable[str] = ("",),
) -> tuple[str, ...]:
    """Return the paths of the fields, lists and fields of items that a search text and a filter leave to be seen.

    ``values`` are three documents of the same root, which ``member`` describes: now, as loaded, and inherited;
    ``board`` says beside each path what is set, changed and wrong. ``within`` are the paths that are shown at all.
    Raises :class:`ValueError` for a filter that does not exist. Nothing is changed.

    Example::

        >>> from profile_widgets.model import shape
        >>> matches(shape("UserSettings"), ({}, {}, {}), {}, "execution role arn canvas forecast")
        ('CanvasAppSettings.TimeSeriesForecastingSettings.AmazonForecastRoleArn',)
    """
    if filter not in FILTERS:
        raise ValueError(f"{filter!r} is not a filter: choose {', '.join(FILTERS)}.")
    return found(member, values, board, text, within)[filter]


def found(
    member: Member,
    values: Values,
    board: Board,
    text: str,
    within: Iterable[str] = ("",),
    sight: Sight = EVERYTHING,
) -> dict[str, tuple[str, ...]]:
    """Return what :func:`matches` returns, for every filter, as far as ``sight`` goes."""
    wanted, roots = needles(text), frozenset(within)
    hits = dict.fromkeys(filter(sight.shows, _hits(member, values, wanted, roots)))
    below: dict[str, list[str]] = {}
    for hit in hits if wanted else ():
        for place in above(hit):
            below.setdefault(place, []).append(hit)
    result = {ALL: _outermost(hits), OPEN: _outermost({path: None for path in hits if not sight.lock(path)})}
    for name, fits in _FITS.items():
        told = (path for path, entry in board.items() if fits(entry) and not roots.isdisjoint(above(path)))
        result[name] = _outermost(dict.fromkeys(each for path in told for each in _narrowed(path, hits, below, wanted)))
    return result


_FITS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    SET: lambda entry: entry.get("origin") in ("set", "empty"),
    CHANGED: lambda entry: entry.get("changed", False),
    PROBLEMS: lambda entry: any(
        each["severity"] in (ERROR, WARNING) and not each.get("passing") for each in entry.get("problems", ())
    ),
}


def _narrowed(
    path: str, hits: Mapping[str, Any], below: Mapping[str, Sequence[str]], wanted: Sequence[str]
) -> Iterable[str]:
    """Return what a search leaves of a path that a filter lets through; of a list, the fields of its items."""
    if not wanted or any(place in hits for place in above(path)):
        return (path,)
    named = plain(f"{path} {path_label(path)}") if path else ""
    if all(word in named for word in wanted):
        return (path,)
    return [hit for hit in below.get(path, ()) if "[" in hit[len(path) :]]


def _outermost(paths: Mapping[str, Any]) -> tuple[str, ...]:
    """Leave out what lies below another path: that is shown with it."""
    return tuple(path for path in paths if not any(place in paths for place in above(path)[1:-1]))


def _hits(member: Member, values: Values, wanted: Sequence[str], roots: frozenset[str]) -> Iterator[str]:
    for place in places(member.shape):
        here = not roots.isdisjoint(place.above)
        if not wanted:
            if here:
                yield place.path
        elif here or any(root.startswith(place.path) for root in roots):
            yield from _hit(place, place.path, "", values, wanted, roots)


def _hit(
    place: Place, path: str, around: str, values: Values, wanted: Sequence[str], roots: frozenset[str]
) -> Iterator[str]:
    """Yield a field's path when it has the words; of a list of structures, else, those of the fields in its items.

    ``around`` are the words around the structure in which the place lies.
    """
    now, loaded, inherited = (_at(document, place.steps) for document in values)
    lacking = [word for word in wanted if word not in place.words and word not in around]
    missing = [word for word in lacking if word not in place.inner]
    nested = place.member.is_structure_list
    was = None if documents.same(now, loaded) else loaded
    told = [was, inherited] if nested else [now, was, inherited]
    if _none_missing(missing, told) and not roots.isdisjoint(above(path)):
        yield path
        return
    if not nested or not now or not _none_missing(missing, [now]):  # what its items lack, none of them has
        return
    words = f"{around} {place.words}"
    for index, item in enumerate(now):
        for inner in places(place.member.item.shape):
            yield from _hit(inner, join(path, index, inner.path), words, (item, None, None), wanted, roots)


def _none_missing(missing: Sequence[str], values: Iterable[Any]) -> bool:
    if not missing:
        return True
    said = plain(" ".join(_texts(values)))
    return bool(said) and all(word in said for word in missing)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, (list, tuple)):
        yield from (text for each in value for text in _texts(each))
    elif value is not None:
        yield str(value).lower()


def _at(document: Any, steps: Iterable[Step]) -> Any:
    for step in steps:
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


class Look:
    """Hold what a form is searched for, what it shows of it, and which sections were opened for that.

    What is shown stays until the text or the filter changes: a field that was just mended does not vanish under the
    cursor, and a new match is added.
    """

    def __init__(self, form: SettingsEditor) -> None:
        self._form = form
        self._shown: dict[str, None] = {}
        self._opened: list[SectionEditor] = []
        self._known: dict[str, tuple[str, ...]] | None = None
        self.text, self.filter = "", ALL
        self.untouched = False

    @property
    def active(self) -> bool:
        """Tell whether anything may be hidden."""
        return bool(needles(self.text)) or self.filter != ALL

    @property
    def counts(self) -> dict[str, int]:
        """Return how many fields match the text now, by filter."""
        return {name: len(paths) for name, paths in self._found().items()}

    @property
    def shown(self) -> int:
        """Return how many fields, lists and items are shown because they match or did so before."""
        return len(_outermost(self._shown)) if self.active else self.counts[ALL]

    def shows(self, section: SectionEditor) -> bool:
        """Tell whether a section is to be seen."""
        covered = section.covered()
        return not self.active or any(documents.touch(path, place) for path in self._shown for place in covered)

    def _found(self) -> dict[str, tuple[str, ...]]:
        if self._known is None:
            form = self._form
            root = form.settings.root
            now, loaded, defaults = (form.sight.seen(each) for each in (root.held(), form.loaded, form.defaults))
            within = [path for section in form.children for path in section.covered()]
            values = (now, loaded, defaults)
            self._known = found(root.member, values, form.board, self.text, within, form.sight)
        return self._known

    def at(self, text: str, filter: str) -> None:  # noqa: A002 - the word that people use
        """Look for a text with a filter; raises :class:`ValueError` for a filter that does not exist."""
        if filter not in FILTERS:
            raise ValueError(f"{filter!r} is not a filter: choose {', '.join(FILTERS)}.")
        self.text, self.filter, self.untouched = text, filter, False
        self.anew()

    def begin(self, filter: str) -> None:  # noqa: A002 - the word that people use
        """Show what a filter leaves before anybody looked for anything, in sections that are as closed as ever."""
        self.filter, self.untouched = filter, True
        self.anew()

    def anew(self) -> None:
        """Show just what matches now, in sections that are opened while they are few."""
        self._known = None
        paths = self._found()[self.filter] if self.active else ()
        self._shown = dict.fromkeys(paths)
        self._form.only = {"paths": list(paths)} if self.active else None
        sections = [section for section in self._form.children if _leads(section, paths)]
        few = not self.untouched and len(paths) <= FEW_FIELDS and len(sections) <= FEW_SECTIONS
        for section in tuple(self._opened):
            if not few or not _leads(section, paths):
                self.forget(section)
                section.expanded = False
        for section in sections if few else ():
            self._open(section, paths)

    def again(self) -> None:
        """Show what matches now, after an edit, beside what is shown already."""
        self._known = None
        if self.active:
            self.add(self._found()[self.filter])

    def add(self, paths: Iterable[str]) -> None:
        """Show paths beside what is shown already."""
        fresh = [path for path in paths if not any(place in self._shown for place in above(path))]
        if self.active and fresh:
            self._shown |= dict.fromkeys(fresh)
            self._form.only = {"paths": list(self._shown)}

    def forget(self, section: SectionEditor) -> None:
        """Leave a section as it is from now on."""
        self._opened = [each for each in self._opened if each is not section]

    def release(self) -> None:
        """Leave all sections as they are from now on: they are to be made anew."""
        self._opened.clear()

    def _open(self, section: SectionEditor, paths: Sequence[str]) -> None:
        if not section.expanded:
            section.expanded = True
            self._opened.append(section)
        for child in _sections(section.children):
            if _leads(child, paths):
                self._open(child, paths)


def _sections(editors: Iterable[Editor]) -> Iterator[SectionEditor]:
    for editor in editors:
        if isinstance(editor, SectionEditor):
            yield editor
        elif isinstance(editor, ItemsEditor):
            yield from _sections(editor.children)


def _leads(section: SectionEditor, paths: Iterable[str]) -> bool:
    """Tell whether one of the paths is the section's, or below it."""
    covered = frozenset(section.covered())
    return any(not covered.isdisjoint(above(path)) for path in paths)
