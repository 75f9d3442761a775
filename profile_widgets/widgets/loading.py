"""Loading a request that was written elsewhere into the form: pasted, uploaded, or from a file beside the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks import Problem
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from profile_widgets.editing import laying
from profile_widgets.editing.threads import in_thread
from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.errors import FormatError, InvalidSettingsError
from profile_widgets.formats.reading import IMPORTERS, Reading, read
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.finder import UNDER_WAY

if TYPE_CHECKING:
    from profile_widgets.widgets.app import UserProfileEditor

SUCCESS = "success"
LONGEST = 1 << 20
"""How many bytes a file may have."""
NO_DOMAIN = "The request names no domain. Choose the domain and the user profile above, then read it again."
NO_NAME = "The request names no user profile. Choose one above, then read it again."
ONLY_NEW = "Only a new profile takes this; it was left out."
PLACE_MEMBERS = ("DomainId", "UserProfileName")


class Loader(KitWidget):
    """Take a request as text, and lay it over what is edited; a request that is refused changes nothing.

    ``files`` tells whether files beside the kernel may be read. ``pending`` is what waits for an answer of the person.
    """

    expanded = traitlets.Bool(False).tag(sync=True, echo_update=False)
    state = record("busy, path and report.")

    def __init__(self, editor: UserProfileEditor, *, files: bool, layout: Any) -> None:
        self._editor = editor
        self._files = files
        self._report: dict[str, Any] | None = None
        self._busy = False
        self._asked = 0
        self.pending: Reading | None = None
        super().__init__(_kind="loader", layout=layout)
        self.on_msg(self._receive)
        self.show()

    def show(self) -> None:
        """Show what is under way, and what became of the last text."""
        self.state = {"busy": self._busy, "path": self._files, "report": self._report}

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        action, text, path = content.get("do"), content.get("text"), content.get("path")
        if action == "load" and isinstance(text, str):
            self._editor.start(self.take(text))
        elif action == "path" and isinstance(path, str) and self._files:
            self._editor.start(self.take(Path(path.strip())))
        elif action == "go" and isinstance(path, str) and self._editor.is_open:
            self._editor.form.reveal(path)

    # -- reading -------------------------------------------------------------------------------------------------

    async def take(self, source: str | Path) -> Reading | None:
        """Read a text, or a file, and put it where it belongs; returns what was read, ``None`` when nothing could be.

        The last one asked for wins. What is wrong is said in the report.
        """
        self._asked += 1
        ticket = self._asked
        self._busy, self._report, self.pending = True, None, None
        self.show()
        reading, trouble = None, ""
        try:
            reading = await in_thread(self._read, source)
        except FormatError as error:
            trouble = str(error)
        finally:
            if ticket == self._asked:
                self._busy = False
                self.show()
        if ticket != self._asked:
            return None
        if reading is None:
            self.say(ERROR, f"Nothing was changed. {trouble}")
        elif reading.refused:
            label = IMPORTERS[reading.format].label
            self.say(ERROR, f"This was read as {label}, and cannot be used. Nothing was changed.", reading.problems)
        else:
            await self._place(reading)
        return reading

    def _read(self, source: str | Path) -> Reading:
        folder = Path.cwd()
        if isinstance(source, Path):
            folder = (folder / source.expanduser()).parent
            source = text_of(source)
        return read(source, files=(lambda name: text_of(folder / Path(name).expanduser())) if self._files else None)

    # -- where it belongs ----------------------------------------------------------------------------------------

    async def _place(self, reading: Reading) -> None:
        """Lay the request over what is open, when it is about that; else open it, or ask."""
        editor, draft = self._editor, self._editor.draft
        domain_id, name, create = target(reading)
        if editor.sending:
            self.say(INFORMATION, UNDER_WAY)
        elif not editor.is_open:
            domain_id = domain_id or editor.finder.domain_id
            if domain_id and (name or create):
                await self._open(reading, domain_id, name, create=create)
            else:
                self.say(WARNING, NO_NAME if domain_id else NO_DOMAIN, reading.problems)
        elif self._fits(reading):
            self.lay(reading)
        else:
            self.pending = reading
            self._ask(draft.name or "the new profile", domain_id or draft.domain_id, name, create=create)

    def _fits(self, reading: Reading) -> bool:
        """Tell whether a request is about what is open."""
        draft = self._editor.draft
        domain_id, name, create = target(reading)
        if domain_id not in ("", draft.domain_id):
            return False
        if draft.create:
            return create or reading.operation is None
        return not create and name.casefold() in ("", draft.name.casefold())

    def _ask(self, here: str, domain_id: str, name: str, *, create: bool) -> None:
        """Ask whether another profile shall be opened; edits that were not sent stay kept."""
        editor = self._editor
        what = f"a new profile {name}".rstrip() if create else name or "a profile"
        elsewhere = "" if domain_id == editor.draft.domain_id else f" in {domain_id}"
        unsent = f" What you edited in {here} stays kept, and is offered again." if editor.draft.changes else ""
        actions = [["load-here", f"Put its settings into {here}"], ["later", "Leave it"]]
        if create or name:
            verb = "Begin" if create else "Open"
            actions.insert(0, ["load-there", f"{verb} {what}{elsewhere}, and put it there"])
        text = f"It is about {what}{elsewhere}, and {here} is open.{unsent}"
        editor.question.ask("Where shall the request go?", text, actions, asked=True)

    def answer(self, *, here: bool) -> None:
        """Do with the request that waits what the person chose."""
        reading, self.pending = self.pending, None
        editor = self._editor
        editor.question.clear()
        if reading is None:
            return
        if here:
            self.lay(reading)
        else:
            domain_id, name, create = target(reading)
            editor.start(self._open(reading, domain_id or editor.draft.domain_id, name, create=create))

    async def _open(self, reading: Reading, domain_id: str, name: str, *, create: bool) -> None:
        """Open the profile that a request is about, or begin it, and lay the request over it."""
        editor = self._editor
        opened = editor.draft.opened
        await editor.load(domain_id, "" if create else name, create=create)
        if editor.is_open and editor.draft.opened != opened:
            self.lay(reading)
        else:
            text = "The profile that this request is about could not be opened; the sentence above says why."
            self.say(ERROR, f"Nothing was changed. {text}", reading.problems)

    # -- the end -------------------------------------------------------------------------------------------------

    def lay(self, reading: Reading) -> tuple[Change, ...]:
        """Put a request into the form, as one edit, and say what came of it."""
        editor, draft = self._editor, self._editor.draft
        if editor.sending or editor.form.busy:
            self.say(INFORMATION, UNDER_WAY)
            return ()
        try:
            with draft.model.lock:
                changes = laying.lay(draft, reading.request)
        except InvalidSettingsError as error:
            self.say(ERROR, "The form cannot hold this request. Nothing was changed.", error.problems)
            return ()
        rest = laying.left_out(draft, reading.request)
        said = (*reading.problems, *(Problem(name, INFORMATION, ONLY_NEW, "format") for name in rest))
        self.say(SUCCESS, self._done(reading, changes), (*said, *self._elsewhere(reading)))
        return changes

    def _link(self, problem: Problem) -> str:
        """Return the path of a finding to go to, "" where the form shows no such place."""
        draft, name = self._editor.draft, documents.top(problem.path) if problem.path else ""
        shown = self._editor.is_open and (name == SETTINGS or (draft.create and name in draft.model.member.members))
        return problem.path if shown and not problem.blocks else ""

    def _done(self, reading: Reading, changes: tuple[Change, ...]) -> str:
        label = IMPORTERS[reading.format].label
        where = self._editor.draft.name or "the new profile"
        if not changes:
            return f"Read as {label}: {where} holds all of it already."
        count = "1 setting" if len(changes) == 1 else f"{len(changes)} settings"
        stops = sum(problem.blocks for problem in self._editor.problems)
        found = f"{stops} problem{'s' if stops > 1 else ''} to mend" if stops else "nothing stops it"
        return f"Read as {label}: {count} put into the form of {where}, {found}. Undo takes it back."

    def _elsewhere(self, reading: Reading) -> list[Problem]:
        """Say where a command would have gone, when that is not where this page sends."""
        said = self._editor.place.state["region"]
        region = reading.connection.get("region")
        if region and said and region != said:
            text = f"The text names the region {region}; this page sends to {said}. See Connection to change that."
            return [Problem("", WARNING, text, "format")]
        return []

    def say(self, severity: str, title: str, problems: tuple[Problem, ...] = ()) -> None:
        """Show what became of a text."""
        self._report = {"severity": severity, "title": title, "rows": [self._row(each) for each in problems]}
        self.show()

    def _row(self, problem: Problem) -> dict[str, str]:
        link = self._link(problem)
        bare = problem.path and not link
        return {
            "severity": problem.severity,
            "path": link,
            "label": path_label(link) if link else "",
            "message": f"{problem.path}: {problem.message}" if bare else problem.message,
        }


def target(reading: Reading) -> tuple[str, str, bool]:
    """Return which domain and user profile a request is about ("" where it does not say), and whether it creates."""
    request: Mapping[str, Any] = reading.request
    creates = reading.operation == CREATE
    if reading.operation is None:
        creates = any(name not in (*PLACE_MEMBERS, "UserSettings") for name in request)
    return str(request.get("DomainId") or ""), str(request.get("UserProfileName") or ""), creates


def text_of(path: Path) -> str:
    """Return the text of a file of at most 1 MiB; raises :class:`~profile_widgets.errors.FormatError`."""
    try:
        with path.expanduser().open("rb") as file:
            raw = file.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise FormatError(f"{path} is longer than 1 MiB, which no request is.")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} is not a text in UTF-8.") from error
