"""What is in "Start from another": from where settings are copied, which of them, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.problems import ERROR, INFORMATION, Problem
from profile_widgets.editing import presets, starting
from profile_widgets.editing.presets import Preset, Shelf
from profile_widgets.editing.starting import SETTINGS, TAGS, Source
from profile_widgets.editing.threads import in_thread
from profile_widgets.errors import GatewayError, InvalidSettingsError, ProfileWidgetsError
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import BETWEEN, label, path_label
from profile_widgets.widgets.board import contrast
from profile_widgets.widgets.briefly import in_order, said
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.finder import UNDER_WAY
from profile_widgets.widgets.sources import DOMAIN, ORGANISATION, PRESET, PROFILE, Sources
from profile_widgets.widgets.structures import child_widgets
from profile_widgets.widgets.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from profile_widgets.widgets.app import UserProfileEditor

SUCCESS = "success"
REPLACE, ADD = "replace", "add"
NOT_OPEN = "Open a user profile, or begin a new one, for it to go into."
FOLLOWS_NO_MORE = "What is copied stays with the profile: where the domain changes later, it no longer follows."
SHOWN = 30
"""How many changes of a part are told one by one."""
NO_TAGS = "Its tags could not be read, and are not offered."
ORGANISATIONS = "your organisation's values"
NOT_GRANTED = "Left out, for the policy does not let you set this"
NOTHING = "It sets nothing of its own: there is nothing to copy."


class Starting(KitWidget):
    """Choose where settings are copied from, and which; then they go into the form as one edit.

    ``source`` is what was chosen and read, ``add`` whether only that is copied which is not set yet.
    """

    children = child_widgets("The lists to choose a profile or a domain from.")
    state = record("kind, busy, presets, broken, source, parts, way, create, into, stop and report.")

    def __init__(self, editor: UserProfileEditor, *, folders: Iterable[str | os.PathLike[str]], layout: Any) -> None:
        self._editor = editor
        self._folders = tuple(folders)
        self._asked = self._serial = 0
        self._turns = Turns(editor.start)
        self._busy = ""
        self._report: dict[str, Any] | None = None
        self._tags_asked: Source | None = None
        self._told = 0
        self._looking = False
        self.shelf = Shelf()
        self.preset = ""
        self.kind = self.kinds[0]
        self.add = False
        self.source: Source | None = None
        self.sources = Sources(editor, on_profile=self._profile_chosen, on_domain=self._domain_chosen, layout=layout)
        super().__init__(_kind="starting", layout=layout)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self._editor.guard(self._do)(content)

    def _do(self, content: Mapping[str, Any]) -> None:
        """Do what the page asks for; what it may not ask for does nothing."""
        action, value, names = content.get("do"), content.get("value"), content.get("names")
        path = content.get("path")
        if action == "kind" and value in self.kinds:
            self.turn_to(str(value))
        elif action == "preset" and isinstance(value, str):
            self.take_preset(value)
        elif action == "way" and value in (REPLACE, ADD):
            self.add = value == ADD
            self.show()
        elif action == "copy" and isinstance(names, list):
            self.copy([name for name in names if isinstance(name, str)])
        elif action == "file":
            self._editor.loader.expanded = True
        elif action == "go" and isinstance(path, str) and self._editor.is_open:
            self._editor.form.reveal(path)

    @property
    def kinds(self) -> list[str]:
        """Return from what kinds of sources can be copied here; where only one's own profile can be opened, of none."""
        others = [] if self._editor.finder.is_fixed else [PROFILE]
        own = [ORGANISATION] if self._editor.form.sight.defaults() else []
        return [*others, DOMAIN, PRESET, *own]

    def begin(self) -> None:
        """Show what can be copied from; where nothing is to be chosen first, read it."""
        self.show()
        if self.kind == DOMAIN and self.sources.domain_id:
            self._domain_chosen(self.sources.settle())

    async def fetch(self, *, profile: str = "", domain_id: str = "", preset: str = "") -> list[str]:
        """Read a source as if it had been chosen on the page; returns the names of the parts that are proposed.

        Raises :class:`ValueError` for a preset that is not there.
        """
        self.kind = PRESET if preset else PROFILE if profile else DOMAIN
        domain_id = domain_id or self._editor.finder.domain_id
        if preset:
            await self.look_for_presets()
            if preset not in [each.name for each in self.shelf.presets]:
                known = ", ".join(each.name for each in self.shelf.presets)
                raise ValueError(f"There is no preset {preset!r}: choose one of {known}.")
            self.take_preset(preset)
        elif profile:
            await self.take_profile(self.sources.settle(domain_id), profile)
        else:
            await self.take_domain(self.sources.settle(domain_id))
        return [row["name"] for row in (self.state or {}).get("parts", ()) if row["on"]]

    # -- where from ----------------------------------------------------------------------------------------------

    def turn_to(self, kind: str) -> None:
        """Copy from another kind of source: another profile, a domain's defaults or a preset."""
        if kind == self.kind:
            return
        self.kind = kind
        self._forget()
        self.show()
        if kind == DOMAIN and self.sources.domain_id:
            self._domain_chosen(self.sources.settle())
        elif kind == PROFILE and self.sources.profile.value:
            self._profile_chosen(self.sources.settle(), self.sources.profile.value)
        elif kind == ORGANISATION:
            self._hold(Source(ORGANISATIONS, self._editor.form.sight.defaults(), tags={}))
        elif kind == PRESET:
            self._editor.start(self.look_for_presets())

    def _forget(self) -> int:
        """Let go of what was chosen; returns the number of the next choice."""
        self._asked += 1
        self.source, self._report, self._busy, self.preset = None, None, "", ""
        return self._asked

    def _profile_chosen(self, domain_id: str, name: str) -> None:
        self._await(f"Reading {name} …", lambda: self.take_profile(domain_id, name))

    def _domain_chosen(self, domain_id: str) -> None:
        if self.kind == DOMAIN:
            self._await("Reading the domain …", lambda: self.take_domain(domain_id))
        else:
            self._forget()
            self.show()

    def _await(self, busy: str, take: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Read a source when what is read now has come; that one is not shown any more."""
        ticket = self._forget()
        self._busy = busy
        self.show()

        async def unless_overtaken() -> None:
            if ticket == self._asked:
                await take()

        self._turns.ask("source", unless_overtaken)

    async def take_profile(self, domain_id: str, name: str) -> None:
        """Read another profile, to copy from it; a new profile may take its tags too."""

        async def read() -> Source:
            return starting.of_profile(await self._editor.gateway.describe_user_profile(domain_id, name))

        await self._take(f"Reading {name} …", read)

    async def take_domain(self, domain_id: str) -> None:
        """Read the default settings of a domain, to copy from them."""

        async def read() -> Source:
            return starting.of_domain(await self._editor.gateway.describe_domain(domain_id))

        await self._take("Reading the domain …", read)

    async def _take(self, busy: str, read: Callable[[], Awaitable[Source]]) -> None:
        """Read a source; the last one asked for wins, and what cannot be read is said."""
        ticket = self._forget()
        self._busy = busy
        self.show()
        source, trouble = None, ""
        try:
            source = await read()
        except ProfileWidgetsError as error:
            trouble = str(error)
        finally:
            if ticket == self._asked:
                self._busy = ""
                self._hold(source, trouble)

    def _hold(self, source: Source | None, trouble: str = "") -> None:
        if source is not None:
            source = self._within_policy(source)
        self.source = source
        self._serial += 1
        if trouble:
            self.say(ERROR, f"Nothing can be copied from there. {trouble}")
        elif source is not None and not (source.settings or source.tags):
            self.say(INFORMATION, NOTHING, source.said)
        else:
            self.show()

    def _within_policy(self, source: Source) -> Source:
        """Return what of a source the policy lets be set, and say what was left out."""
        found, left = self._editor.form.sight.settable(source)
        if not left:
            return found
        told = Problem("", INFORMATION, f"{NOT_GRANTED}: {starting.listed(left)}.", "copy")
        return replace(found, said=(*found.said, told))

    async def look_for_presets(self) -> None:
        """Read the presets; the disk may take its time, and is asked once at a time, whatever a browser sends."""
        if self._looking:
            return
        self._looking = True
        try:
            self.shelf = await in_thread(presets.shelf, presets.folders(self._folders))
        finally:
            self._looking = False
        self.show()

    def take_preset(self, name: str) -> None:
        """Choose a preset by the name of its file."""
        preset = next((each for each in self.shelf.presets if each.name == name), None)
        if preset is not None and self.kind == PRESET:
            self._forget()
            self.preset = name
            self._hold(starting.of_preset(preset))

    # -- copying -------------------------------------------------------------------------------------------------

    def copy(self, names: Iterable[str]) -> tuple[Change, ...]:
        """Copy these top-level settings into the form, as one edit that Undo takes back; says what came of it."""
        editor, source = self._editor, self.source
        if source is None:
            return ()
        if self._stop():
            self.say(INFORMATION, self._stop())
            return ()
        try:
            copied = starting.copy(editor.draft, source, names, add=self.add)
        except InvalidSettingsError as error:
            self.say(ERROR, "The form cannot hold this. Nothing was changed.", error.problems)
            return ()
        self.say(SUCCESS, self._done(source, copied.changes), copied.said)
        return copied.changes

    def _stop(self) -> str:
        """Say why nothing can be copied now; empty when it can."""
        editor = self._editor
        if not editor.is_open:
            return NOT_OPEN
        return UNDER_WAY if editor.sending else editor.form.busy

    @property
    def _into(self) -> str:
        return self._editor.draft.name or "the new profile"

    def _done(self, source: Source, changes: tuple[Change, ...]) -> str:
        if not changes:
            return f"The form of {self._into} holds all of it already."
        count = "1 setting" if len(changes) == 1 else f"{len(changes)} settings"
        stops = sum(problem.blocks for problem in self._editor.problems)
        found = f"{stops} problem{'s' if stops > 1 else ''} to mend" if stops else "nothing stops it"
        return f"{count} copied from {source.title} into the form of {self._into}, {found}. Undo takes it back."

    def say(self, severity: str, title: str, problems: Iterable[Problem] = ()) -> None:
        """Show what came of it."""
        self._report = {"severity": severity, "title": title, "rows": [self._row(each) for each in problems]}
        self._told = self._editor.draft.opened
        self.show()

    def _row(self, problem: Problem) -> dict[str, str]:
        link = problem.path if self._editor.is_open and problem.path.startswith(f"{SETTINGS}.") else ""
        told = {"path": link, "label": path_label(link) if link else ""}
        return {"severity": problem.severity, "message": problem.message, **told}

    # -- showing -------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show what is chosen, and what copying it would change."""
        if self._told != self._editor.draft.opened and self.source is not None:  # what is said was of another profile
            self._report = None
        with self._editor.draft.model.lock, self.hold_sync():
            self.children = self.sources.shown(self.kind)
            self.state = {
                "kind": self.kind,
                "kinds": self.kinds,
                "busy": self._busy,
                "presets": [self._preset_row(each) for each in self.shelf.presets],
                "broken": list(self.shelf.broken),
                "source": self._source(),
                "parts": self._parts(),
                "way": ADD if self.add else REPLACE,
                "create": self._editor.draft.create,
                "into": self._into if self._editor.is_open else "",
                "stop": self._stop(),
                "report": self._report,
            }
        self._ask_for_tags()

    def _preset_row(self, preset: Preset) -> dict[str, Any]:
        return {
            "name": preset.name,
            "title": preset.title,
            "about": preset.about,
            "chosen": preset.name == self.preset,
        }

    def _source(self) -> dict[str, Any] | None:
        source = self.source
        if source is None:
            return None
        here = self.kind == DOMAIN and source.domain_id == self._editor.draft.domain_id
        rows = [] if self._report else [self._row(each) for each in source.said]
        return {
            "serial": self._serial,
            "title": source.title,
            "hint": FOLLOWS_NO_MORE if here else "",
            "rows": rows,
        }

    def _parts(self) -> list[dict[str, Any]]:
        if self.source is None:
            return []
        if self._editor.is_open:
            offered = starting.parts(self._editor.draft, self.source, add=self.add)
        else:  # what can be copied, and what that changes, is known when it is known where to
            offered = tuple(starting.Part(name, value) for name, value in self.source.settings.items())
        found = {each.name: each for each in offered}
        return [self._part_row(found[name]) for name in in_order(found)]

    def _part_row(self, part: starting.Part) -> dict[str, Any]:
        return {
            "name": part.name,
            "label": label(part.name),
            "words": said(part.value),
            "changes": len(part.changes) if self._editor.is_open else None,
            "moves": [_move(change) for change in part.changes[:SHOWN]],
            "reason": part.reason,
            "on": not part.reason and (part.name != TAGS or self.kind == PRESET),
        }

    def restart(self) -> None:
        """Forget what was read and chosen of an account; presets are of none."""
        self.sources.restart()
        self._turns.drop()
        if self.kind != PRESET:
            self._forget()
        self.show()

    # -- tags ----------------------------------------------------------------------------------------------------

    def _ask_for_tags(self) -> None:
        """Ask for the tags of the profile that is copied from, once, when they can be copied at all."""
        source, editor = self.source, self._editor
        if source is None or source.tags is not None or not source.arn or source is self._tags_asked:
            return
        if editor.is_open and editor.draft.create:
            self._tags_asked = source
            self._turns.ask("tags", lambda: self._read_tags(source))

    async def _read_tags(self, source: Source) -> None:
        if self.source is not source:
            return
        try:
            found = replace(source, tags=await self._editor.gateway.list_tags(source.arn))
        except GatewayError as error:
            told = Problem("", INFORMATION, f"{NO_TAGS} {error}", "copy")
            found = replace(source, said=(*source.said, told))
        if self.source is source:
            self.source = self._tags_asked = found
            self.show()

    def close(self) -> None:
        """Close it and its lists."""
        self.children = ()
        self.sources.close()
        super().close()


def _move(change: Change) -> list[str]:
    """Return what a change is about below its part, and its value before and after, in words."""
    _part, _, below = path_label(change.path).partition(BETWEEN)
    return [below, *contrast(change.before, change.after)]
