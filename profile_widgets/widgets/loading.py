"""Loading a request that was written elsewhere into the form: pasted, uploaded, or from a file beside the kernel."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.aws.endpoints import without_secrets
from profile_widgets.checks import Problem
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from profile_widgets.editing import laying
from profile_widgets.editing.threads import in_thread
from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.errors import FormatError, InvalidSettingsError, LockedFieldError
from profile_widgets.formats.reading import IMPORTERS, Reading, read
from profile_widgets.model import documents
from profile_widgets.model.documents import Change
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import CREATE
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.finder import UNDER_WAY

if TYPE_CHECKING:
    from asyncio import Lock

    from profile_widgets.widgets.app import UserProfileEditor

SUCCESS = "success"
LONGEST = 1 << 20
"""How many bytes a file may have."""
WAITS = "It waits: open a user profile, or begin a new one, and it goes into the form."
NO_DOMAIN = f"The request names no domain. {WAITS}"
NO_NAME = f"The request names no user profile. {WAITS}"
NOT_OPENED = f"The profile that this request is about could not be opened. {WAITS}"
GIVEN = "given"
"""The format of a request that a program gave to the editor."""
ONLY_NEW = "Only a new profile takes this; it was left out."
PLACE_MEMBERS = ("DomainId", "UserProfileName")
CONNECTION_WORDS = {
    "profile": "the profile",
    "region": "the region",
    "endpoint_url": "the endpoint",
    "verify": "no-verify-ssl",
    "ca_bundle": "the CA bundle",
    "connect_timeout": "the connect timeout",
    "read_timeout": "the read timeout",
    "unsigned": "no-sign-request",
    "debug": "debug",
    "paginate": "no-paginate",
}
"""What a text may say of the connection, in words."""


class Loader(KitWidget):
    """Take a request as text, and lay it over what is edited; a request that is refused changes nothing.

    ``files`` tells whether files beside the kernel may be read. ``pending`` is what waits for an answer of the person,
    ``waiting`` what waits for a profile to be opened.
    """

    expanded = traitlets.Bool(False).tag(sync=True, echo_update=False)
    state = record("busy, path and report.")

    def __init__(self, editor: UserProfileEditor, *, files: bool, layout: Any) -> None:
        self._editor = editor
        self._files = files
        self._report: dict[str, Any] | None = None
        self._busy = self._locked_out = False
        self._asked = 0
        self.pending: Reading | None = None
        self.waiting: Reading | None = None
        self._turn: Lock | None = None
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
        self._busy, self._report, self.pending, self.waiting = True, None, None, None
        self.show()
        reading, trouble = None, ""
        try:
            reading = await self._in_turn(source, ticket)
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
            self._locked_out = False
            await self._place(reading)
            return None if self._locked_out else reading
        return reading

    async def _in_turn(self, source: str | Path, ticket: int) -> Reading | None:
        """Read one text at a time, whatever a browser sends; one that was overtaken while it waited is not read."""
        from asyncio import Lock

        self._turn = self._turn or Lock()
        async with self._turn:
            return await in_thread(self._read, source) if ticket == self._asked else None

    def _read(self, source: str | Path) -> Reading:
        folder = Path.cwd()
        if isinstance(source, Path):
            folder = (folder / home(source)).parent
            source = text_of(source)
        return read(source, files=(lambda name: text_of(folder / home(Path(name)))) if self._files else None)

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
                self.wait(reading, NO_NAME if domain_id else NO_DOMAIN)
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
            editor.opening.offer()
        else:
            domain_id, name, create = target(reading)
            editor.start(self._open(reading, domain_id or editor.draft.domain_id, name, create=create))

    async def _open(self, reading: Reading, domain_id: str, name: str, *, create: bool) -> None:
        """Open the profile that a request is about, or begin it; the request goes into it when it is there."""
        self.waiting = reading
        await self._editor.load(domain_id, "" if create else name, create=create)
        if self.waiting is reading and not self._editor.form.busy:  # else another one is being opened, and asks
            self.wait(reading, NOT_OPENED)

    def wait(self, reading: Reading, why: str = "") -> None:
        """Keep a request until a profile is open, and say why; what was loaded last wins."""
        self.waiting = reading
        if why:
            self.expanded = True
            self.say(WARNING, why, reading.problems)

    def opened(self) -> bool:
        """Put the request that waits into the profile that was opened; tells whether the person is asked first.

        Opening took away the question where a request shall go: it is asked again, of what is open now.
        """
        reading = self.waiting or self.pending
        self.waiting = self.pending = None
        if reading is None:
            return False
        if self._fits(reading):
            self.lay(reading)
            return False
        self.pending = reading
        domain_id, name, create = target(reading)
        draft = self._editor.draft
        self._ask(draft.name or "the new profile", domain_id or draft.domain_id, name, create=create)
        return True

    # -- the end -------------------------------------------------------------------------------------------------

    def lay(self, reading: Reading) -> tuple[Change, ...]:
        """Put a request into the form, as one edit, and say what came of it."""
        editor, draft = self._editor, self._editor.draft
        if editor.sending or editor.form.busy:
            self.say(INFORMATION, UNDER_WAY if editor.sending else f"{editor.form.busy} Read it again after that.")
            return ()
        try:
            with draft.model.lock:
                changes = laying.lay(draft, reading.request)
        except InvalidSettingsError as error:
            self.say(ERROR, "The form cannot hold this request. Nothing was changed.", error.problems)
            return ()
        except LockedFieldError as error:
            self._locked_out = self.expanded = True
            editor.say(ERROR, str(error))
            told = (
                replace(each, path="", message=f"{path_label(each.path)}: {each.message}") for each in error.problems
            )
            self.say(ERROR, self._locked(reading, error), tuple(told))
            return ()
        rest = laying.left_out(draft, reading.request)
        said = (*reading.problems, *(Problem(name, INFORMATION, ONLY_NEW, "format") for name in rest))
        self.say(SUCCESS, self._done(reading, changes), (*said, *self._elsewhere(reading)))
        return changes

    def _locked(self, reading: Reading, error: LockedFieldError) -> str:
        """Say of a request that the policy refused what is in its way, and how much else there is."""
        draft = self._editor.draft
        before = draft.model.to_document()
        if draft.create:
            wanted = laying.over(before, {name: value for name, value in reading.request.items() if name != "DomainId"})
        else:
            settings = laying.over(before.get(SETTINGS) or {}, reading.request.get(SETTINGS) or {})
            wanted = {**before, SETTINGS: settings}
        paths = list(dict.fromkeys(each.path for each in error.problems if each.path))
        rest = [
            change
            for change in documents.diff(before, wanted)
            if not any(documents.touch(change.path, path) for path in paths)
        ]
        names = ", ".join(path_label(path) for path in paths)
        others = "1 other change" if len(rest) == 1 else f"{len(rest)} other changes"
        said = f" The policy does not let you set {names}." if names else ""
        return f"Nothing was read.{said} {f'{others} would be allowed' if rest else 'There is nothing else in it'}."

    def _link(self, problem: Problem) -> str:
        """Return the path of a finding to go to, "" where the form shows no such place."""
        draft, name = self._editor.draft, documents.top(problem.path) if problem.path else ""
        shown = self._editor.is_open and (name == SETTINGS or (draft.create and name in draft.model.member.members))
        return problem.path if shown and not problem.blocks else ""

    def _done(self, reading: Reading, changes: tuple[Change, ...]) -> str:
        known = IMPORTERS.get(reading.format)
        label = f"Read as {known.label}" if known is not None else "The request that was given"
        where = self._editor.draft.name or "the new profile"
        if not changes:
            return f"{label}: {where} holds all of it already."
        count = "1 setting" if len(changes) == 1 else f"{len(changes)} settings"
        stops = sum(problem.blocks for problem in self._editor.problems)
        found = f"{stops} problem{'s' if stops > 1 else ''} to mend" if stops else "nothing stops it"
        return f"{label}: {count} put into the form of {where}, {found}. Undo takes it back."

    def _elsewhere(self, reading: Reading) -> list[Problem]:
        """Say which connection a text asks for, where that is not the one of this page."""
        connection = self._editor.connection
        here = {name: getattr(connection, name) for name in reading.connection if connection.has_trait(name)}
        here["region"] = self._editor.place.state["region"] or connection.region
        said = []
        for name, value in reading.connection.items():
            if value == here.get(name):
                continue
            grave = name in ("profile", "region", "endpoint_url")
            words = CONNECTION_WORDS.get(name, name)
            shown = without_secrets(str(value)) if not isinstance(value, bool) else ""
            text = f"Not taken over: {words} {shown}".rstrip() + ". Requests go out as Connection says."
            said.append(Problem("", WARNING if grave else INFORMATION, text, "format"))
        return said

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
    """Return the text of a file of at most 1 MiB; raises :class:`~profile_widgets.errors.FormatError`.

    It is UTF-8, or UTF-16 with a mark, as PowerShell writes it. Only a plain file is opened: a pipe might never end.
    """
    try:
        place = home(path)
        if place.exists() and not place.is_file():
            raise FormatError(f"{path} is no file.")
        with place.open("rb") as file:
            raw = file.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise FormatError(f"{path} is longer than 1 MiB, which no request is.")
        return raw.decode("utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} is not a text in UTF-8.") from error
    except ValueError as error:
        raise FormatError(f"{str(path)!r} is not the name of a file.") from error


def home(path: Path) -> Path:
    """Return a path with ``~`` put in; raises :class:`~profile_widgets.errors.FormatError`."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise FormatError(f"{path} begins with a home directory that is not known here.") from error
