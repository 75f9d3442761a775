"""The form: an editor for a whole structure, without any AWS.

Example::

    settings = UserSettings.from_document({"CanvasAppSettings": {"KendraSettings": {"Status": "ENABLED"}}})
    form = SettingsEditor(settings)            # display it; the model and the form follow each other
    form = SettingsEditor(settings.CanvasAppSettings)
    form.close()
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets
import traitlets

from profile_widgets.checks import Problem, check_structure
from profile_widgets.checks.policy import Grant
from profile_widgets.checks.problems import ERROR, WARNING, Fix
from profile_widgets.errors import LockedFieldError
from profile_widgets.model import documents
from profile_widgets.model.documents import Document, join
from profile_widgets.model.labels import path_label
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets.board import board, fix_of
from profile_widgets.widgets.code import Code, KitWidget, record
from profile_widgets.widgets.editors import Editor
from profile_widgets.widgets.fields import Choices
from profile_widgets.widgets.groups import Part, arranged
from profile_widgets.widgets.instances import details
from profile_widgets.widgets.pricing import Pricing
from profile_widgets.widgets.refusals import Refusals, sentence
from profile_widgets.widgets.search import Look
from profile_widgets.widgets.sight import BEYOND, READ_ONLY, sight_of
from profile_widgets.widgets.structures import ItemsEditor, SectionEditor, child_widgets
from profile_widgets.widgets.suggestions import Offering

log = logging.getLogger(__name__)

Judge = Callable[[], "tuple[Problem, ...]"]
OnFix = Callable[[Fix], None]


class SettingsEditor(KitWidget):
    """Edit a settings structure in collapsible sections that are built when they are first opened.

    ``settings`` is any structure of a settings model; what is typed goes to the model at once and what is set in the
    model is shown at once. ``loaded`` is the document of the model's root to compare with (what it holds now, when
    left out), ``defaults`` a document of the same root with inherited values, ``judge`` a function that returns the
    problems to show (the constraints of the model, when left out), ``on_fix`` what takes a way out that a finding
    offers (it patches the model, when left out), ``code`` front-end modules that are on the page already, ``catalog``
    what offers the values that exist in the account (fields take free text alone, when left out), ``grant`` what a
    policy lets be seen and changed (everything, when left out): hidden members are not made at all, locked ones say by
    whom and why. :meth:`close` frees every widget that the form made.
    """

    children = child_widgets("The sections, in order.")
    board = traitlets.Dict(help="What stands beside each field, by path.").tag(sync=True)
    busy = traitlets.Unicode(help="What is being waited for, or empty.").tag(sync=True)
    notice = record("A sentence for the person: severity, title, text.")
    toolbar = traitlets.Bool(True, help="Whether all sections can be opened and closed at once.").tag(sync=True)
    only = record("What a search leaves to be seen: a list of paths.")

    def __init__(
        self,
        settings: Structure,
        *,
        loaded: Mapping[str, Any] | None = None,
        defaults: Mapping[str, Any] | None = None,
        judge: Judge | None = None,
        on_fix: OnFix | None = None,
        code: Mapping[str, Code] | None = None,
        catalog: Offering | None = None,
        grant: Grant | None = None,
        **looks: Any,
    ) -> None:
        self.settings = settings
        self.catalog = catalog
        self.sight = sight_of(grant)
        self.refusals = Refusals()
        self.loaded: Document = dict(settings.root.to_document() if loaded is None else loaded)
        self.defaults: Document = dict(defaults or {})
        self.locked_sections: dict[str, str] = {}
        self.unset = ""
        self.pricing: Pricing | None = None
        self._judge = judge or self._constraints
        self._on_fix = on_fix or self._patch
        self._look = Look(self)
        self._lent = dict(code or {})
        self._code: dict[str, Code] = {}
        self._choices: dict[tuple[str, ...], Choices] = {}
        layout = ipywidgets.Layout()
        self._shared = layout
        self.need("kit", "form")
        super().__init__(_kind="form", layout=layout, **looks)
        self.children = self._own = tuple(self._sections())
        self.on_msg(self._receive)
        settings.on_change(self._changed)
        self.refresh_board()

    # -- what it shows -------------------------------------------------------------------------------------------

    def _sections(self) -> Iterator[Editor]:
        settings, member = self.settings, self.settings.member
        if member.shape != "UserSettings":
            owner = settings.owner or settings
            if self.sight.shows(settings.path):
                yield SectionEditor(self, owner, member, target=settings, expanded=True)
            return
        shown = {name: each for name, each in member.members.items() if self.sight.shows(join(settings.path, name))}
        loose = [name for name, each in shown.items() if not each.is_structure]
        nested = [name for name, each in shown.items() if each.is_structure]
        for heading, entry in arranged(nested, loose):
            if isinstance(entry, Part):
                yield SectionEditor(
                    self,
                    settings,
                    member,
                    target=settings,
                    members=entry.members,
                    title=entry.title,
                    group=heading,
                    api="",
                    help=entry.help,
                    more="",
                )
            else:
                yield SectionEditor(self, settings, member.members[entry], group=heading)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return every finding about what the form holds now, as far as the policy lets it be read."""
        return self.sight.problems(self._judge(), self.settings.root.held(), self.loaded, self.defaults)

    def _constraints(self) -> tuple[Problem, ...]:
        root = self.settings.root
        return check_structure(root.member, root.held())

    def refresh_board(self) -> None:
        """Say again what stands beside each field."""
        root = self.settings.root
        with root.lock, self.hold_sync():
            now, loaded, defaults = (self.sight.seen(each) for each in (root.held(), self.loaded, self.defaults))
            locked = {path: why for path, why in self.locked_sections.items() if self.sight.shows(path)}
            entries = board(root.member, now, loaded, defaults, self.problems, locked)
            self.refusals.mark(entries)
            if self.unset:
                entries.setdefault("", {})["unset"] = self.unset
            self.board = entries
            self._look.again()

    def compare_with(
        self,
        loaded: Mapping[str, Any],
        defaults: Mapping[str, Any],
        locked: Mapping[str, str] | None = None,
        unset: str = "",
        *,
        grant: Grant | None = None,
    ) -> None:
        """Show the form against another loaded document, other inherited values and other locked sections.

        ``locked`` are the paths of sections that cannot be changed here, each with the reason in a sentence, ``unset``
        is what a setting holds that is neither set nor inherited, in words; empty when that is not known. ``grant`` is
        what a policy lets be seen of this one; what was granted stays when it is left out.
        """
        self.refusals.clear()
        if grant is not None:
            self.see_through(grant)
        self.unset = unset
        self.loaded, self.defaults, self.locked_sections = dict(loaded), dict(defaults), dict(locked or {})
        with self.hold_sync():
            for section in self.children:
                section.refresh()
            self.refresh_board()
            self._look.anew()

    def see_through(self, grant: Grant | None) -> None:
        """Make the form's own sections anew where another grant shows other members."""
        if grant is self.sight.grant:
            return
        old, self.sight = self._own, sight_of(grant)
        self._look.release()
        self._own = tuple(self._sections())
        self.children = (*(each for each in self.children if each not in old), *self._own)
        for section in old:
            section.close()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the state to send; a form that shows everything does not say so in its first message."""
        state = super().get_state(key, drop_defaults)
        if key is None and self.only is None:
            state.pop("only", None)
        return state

    def _changed(self, _changes: object) -> None:
        self.refresh_board()

    # -- searching -----------------------------------------------------------------------------------------------

    def look_for(self, text: str, filter: str = "all") -> None:  # noqa: A002 - the word that people use
        """Show only the fields that hold all words of ``text`` and that ``filter`` lets through.

        ``filter`` is ``all``, ``open`` (what may be changed), ``set``, ``changed`` or ``problems``; another one is a
        :class:`ValueError`. Sections with matches are opened while they are few, and closed again when the search ends.
        Values are not touched.

        Example::

            form.look_for("instance type jupyterlab")
            form.look_for("", "changed")
            form.look_for("")                                                   # everything again
        """
        with self.settings.lock, self.hold_sync():
            self._look.at(text, filter)

    @property
    def look(self) -> Look:
        """Return what is searched for, and how many fields each filter would show."""
        return self._look

    def keep_in_view(self, path: str) -> None:
        """Show a path whatever is searched for."""
        self._look.add((path,))

    def closed(self, section: SectionEditor) -> None:
        """Leave a section alone that was closed by hand: the end of a search does not close it again."""
        self._look.forget(section)

    # -- for the editors in it -----------------------------------------------------------------------------------

    def need(self, *modules: str) -> None:
        """See that modules of front-end code are on the page."""
        for module in (each for each in modules if each not in {**self._code, **self._lent}):
            self._code[module] = Code(module, layout=self._shared)

    def choices_for(self, member: Member, values: Sequence[str] = ()) -> str:
        """Return the model id of the choices of a long enum, or of these values of it, made once for the form."""
        key = (member.shape, *(values or member.enum))
        if key not in self._choices:
            rows = self.choice_rows(member.shape, values or member.enum)
            self._choices[key] = Choices(_kind="choices", rows=rows, layout=self._shared)
        return str(self._choices[key].model_id)

    def choice_rows(self, shape: str, values: Iterable[str]) -> list[list[str]]:
        """Return rows of value and detail for values of an enum."""
        say = details(shape)
        return [[value, say(value) if say else ""] for value in values]

    def shared_choices(self, shape: str) -> tuple[tuple[tuple[str, ...], Choices], ...]:
        """Return the choices of a long enum, or of some of its values, that fields have asked for, with the values."""
        return tuple((key[1:], each) for key, each in self._choices.items() if key[0] == shape)

    def loaded_value(self, path: str) -> Any:
        """Return what was loaded at a path, ``None`` where nothing was."""
        return documents.get(self.loaded, path)

    def inherited_value(self, path: str) -> Any:
        """Return the domain's value at a path, ``None`` where it has none; items of lists inherit nothing."""
        return None if "[" in path else documents.get(self.defaults, path)

    def lock_on(self, path: str) -> str:
        """Return why the value at a path cannot be changed here; empty when it can."""
        return self.stored_lock(path) or (self.sight.lock(path) if path else "")

    def stored_lock(self, path: str) -> str:
        """Return why what is stored at a path cannot be changed, whoever asks; empty when it can."""
        return next((why for section, why in self.locked_sections.items() if documents.is_within(path, section)), "")

    def locked_words(self, path: str, *, adding: bool = False) -> tuple[str, str]:
        """Return what stands at a locked field, and the reason behind it; both empty where it can be edited.

        With ``adding`` it is about whether items can be added to a list, and taken out.
        """
        why = self.sight.lock(path) or (BEYOND if adding and not self.sight.adds(path) else "")
        return (READ_ONLY, why) if why else (self.lock_on(path), "")

    @contextmanager
    def guarded(self, path: str) -> Iterator[list[Exception]]:
        """Run a handler: one refresh at its end, and every error a sentence on the page and a traceback in the log.

        What the policy refuses is a sentence at the field of the path. The list that the block is given holds the error
        afterwards; what was changed is as it was before then.
        """
        failed: list[Exception] = []
        refused = self.refusals.drop(path)
        try:
            with self.settings.batch():
                yield failed
            self.notice = None
        except LockedFieldError as error:
            failed.append(error)
            log.info("A change at %s was refused: %s", path, error)
            self.refuse(path, error)
            refused = False
        except Exception as error:
            failed.append(error)
            log.exception("A change at %s was not taken", path)
            where = path_label(path) if path else "the form"
            self.say(ERROR, f"This change at {where} was not taken: {error}")
        if refused:
            self.refresh_board()

    def refuse(self, path: str, error: LockedFieldError) -> None:
        """Say at the field of a path that the policy did not let it be changed; above the form for what has none."""
        if not path or not self.sight.shows(path):
            self.say(ERROR, sentence(path, error))
            return
        self.refusals.take(path, sentence(path, error))
        self.refresh_board()

    def take_back(self) -> None:
        """Give up what was typed and refused: every field shows what is set."""
        if self.refusals.clear():
            for section in self.children:
                section.refresh()
            self.refresh_board()

    def refuses(self, path: str = "") -> bool:
        """Tell whether an edit at a path is refused, and say why on the page.

        What is typed into a form that is being loaded would be lost, and a locked section cannot be sent.
        """
        reason = f"{self.busy.rstrip(' …')} was under way: this edit was not taken. Make it again." if self.busy else ""
        # What the policy locks, the model's guard refuses, and writes down who tried; a form alone has none.
        guarded = self.settings.tree.guard is not None
        reason = reason or self.stored_lock(path) or ("" if guarded or not path else self.sight.lock(path))
        if reason:
            self.say(WARNING, reason)
        return bool(reason)

    def say(self, severity: str, text: str, title: str = "") -> None:
        """Show a sentence above the form."""
        self.notice = {"severity": severity, "text": text, "title": title}

    # -- moving about --------------------------------------------------------------------------------------------

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        action = content.get("do") if isinstance(content, dict) else None
        if action in ("expand", "collapse"):
            with self.guarded(""):
                self.expand(action == "expand")
        elif action == "fix":
            self.mend(content.get("id"))

    def mend(self, fix_id: object) -> None:
        """Take the way out with this id that a finding offers; when there is none any more, say so."""
        if self.refuses():
            return
        fix = fix_of(self.problems, fix_id)
        if fix is None:
            self.say(WARNING, "This finding is gone already: nothing was changed.")
        elif not any(self.refuses(change.path) for change in fix.changes):
            with self.guarded(""):
                self._on_fix(fix)

    def _patch(self, fix: Fix) -> None:
        root = self.settings.root
        with root.batch():
            root.assign(documents.patch(root.to_document(), fix.changes), ground=self.loaded)

    def expand(self, expanded: bool = True) -> None:
        """Open or close all sections; of those that a search hides, none is opened."""
        for section in self.children:
            if not expanded or self._look.shows(section):
                section.expanded = expanded

    def reveal(self, path: str) -> None:
        """Open the sections on the way to a path and put the focus on its field, whatever is searched for."""
        self.keep_in_view(path)
        editors: Sequence[Editor] = self.children
        while editors:
            editor = next((each for each in editors if _leads(each, path)), None)
            if editor is None:
                break
            if isinstance(editor, SectionEditor):
                editor.expanded = True
                editor.build()
            editors = editor.children if isinstance(editor, (SectionEditor, ItemsEditor)) else ()
        self.send({"do": "focus", "path": path})

    def close(self) -> None:
        """Close every widget that this form made."""
        self.settings.off_change(self._changed)
        children, self.children = self.children, ()
        for child in (*children, *self._choices.values(), *self._code.values()):
            child.close()
        super().close()
        self._shared.close()


def _leads(editor: Editor, path: str) -> bool:
    covered = editor.covered() if isinstance(editor, SectionEditor) else [editor.place]
    return any(documents.is_within(path, place) for place in covered)
