"""The whole page: choose a user profile, edit it, review, send, and see what became of it.

Example::

    UserProfileEditor("d-abc123", "alice")                # load, edit, review, update
    UserProfileEditor("d-abc123", "bob", create=True)     # a new profile
    UserProfileEditor(connection=Connection(profile="ml", region="eu-west-1"))
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from profile_widgets.checks import Problem
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from profile_widgets.editing.exporting import written
from profile_widgets.editing.journal import RestorePoint
from profile_widgets.editing.outcome import DONE, REFUSED, UNKNOWN, Outcome
from profile_widgets.errors import LockedFieldError, ProfileWidgetsError
from profile_widgets.formats.reading import Reading
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import CREATE
from profile_widgets.served import is_served
from profile_widgets.widgets.charter import charter
from profile_widgets.widgets.code import Code, KitWidget
from profile_widgets.widgets.connecting import ConnectionPanel
from profile_widgets.widgets.deeds import Deeds
from profile_widgets.widgets.effective import Effective
from profile_widgets.widgets.finder import Finder, Row
from profile_widgets.widgets.form import SettingsEditor
from profile_widgets.widgets.loading import GIVEN, WAITS, Loader
from profile_widgets.widgets.opening import STOPPED, Opening
from profile_widgets.widgets.place import Place
from profile_widgets.widgets.pricing import Pricing
from profile_widgets.widgets.response import Response
from profile_widgets.widgets.review import Review
from profile_widgets.widgets.starting import Paths, StartingPanel
from profile_widgets.widgets.structures import child_widgets
from profile_widgets.widgets.suggestions import Supply, whereabouts
from profile_widgets.widgets.tasks import Tasks, ended, stopper
from profile_widgets.widgets.tools import Tools

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.checks.policy import Grant, Policy
    from profile_widgets.editing.store import Store
    from profile_widgets.served import Visitor

log = logging.getLogger(__name__)

SENDING = "A request is under way"
CODE = ("kit", "form", "searching", "fields", "app", "review", "tools", "panels")
"""The front-end modules of the page."""


class UserProfileEditor(KitWidget):
    """Edit or create a SageMaker user profile.

    ``domain_id`` and ``user_profile_name`` say which one to open; without them the profile of this Studio is opened, as
    its metadata names it, else the page asks. ``create`` begins a new one, ``request`` is laid over what is opened.
    ``connection`` says where AWS is (found as the AWS CLI finds it, when left out), ``store`` where unsent edits, the
    journal of submits and restore points are kept (the user's data directory, when left out). ``trusted`` says whether
    who sees the page may choose the connection and read the kernel's files: yes, unless Voila serves it. ``presets``
    names a folder, or several, with presets to start from, beside the kit's own and those of
    ``PROFILE_WIDGETS_PRESETS``. ``policy`` says what ``visitor`` may see and change, what everybody may when nobody is
    known; a server that has them gives both. Then ``connection`` is a guarded copy of the given one, the visitor's own
    profile is opened, and whatever is wrong with them closes the page. Nothing is sent before :meth:`submit` or the
    button; AWS is never asked on the thread that the kernel runs on.
    """

    children = child_widgets("The parts of the page, from top to bottom.")
    flow = traitlets.Unicode("column").tag(sync=True)
    result: Outcome | None = None
    is_open = False
    sending = False
    read_only = ""
    points: tuple[RestorePoint, ...] = ()
    stopping: Callable[[], object] | None = None
    _closed = True  # as long as nothing was made
    _kept_note = ""
    _problems: tuple[Problem, ...] = ()

    def __init__(  # noqa: PLR0913 - what people type, each by its name
        self,
        domain_id: str = "",
        user_profile_name: str = "",
        *,
        create: bool = False,
        connection: Connection | None = None,
        store: Store | None = None,
        request: Mapping[str, Any] | None = None,
        trusted: bool | None = None,
        presets: Paths = (),
        policy: Policy | None = None,
        visitor: Visitor | None = None,
    ) -> None:
        from profile_widgets.aws.catalog import Catalog
        from profile_widgets.aws.connection import Connection
        from profile_widgets.aws.gateway import Gateway

        self.charter = bound = charter(policy, visitor)
        self.visitor = bound.visitor
        self.connection = bound.guarded(connection or Connection())
        self.gateway = Gateway(self.connection)
        self.catalog = Catalog(self.gateway)
        self.draft = bound.draft(self.gateway, store)
        self._closed = False
        self.go_on: Callable[[], object] = lambda: None
        self._trusted = not bound.binds and (not is_served() if trusted is None else trusted)
        self._tasks = Tasks(self._failed)
        self._shared = layout = ipywidgets.Layout()
        self._code = {module: Code(module, layout=layout) for module in CODE}
        super().__init__(_kind="stack", layout=layout)
        self._build(presets)
        self.draft.model.on_change(self._edited)
        self._tasks.start(self.opening.introduce())
        self._begun = self._tasks.start(self._begin(domain_id, user_profile_name, request, create=create))

    async def _begin(self, domain_id: str, name: str, request: Mapping[str, Any] | None, *, create: bool) -> None:
        if request:
            reading = Reading(GIVEN, CREATE if create else None, documents.copied(dict(request)))
            named = bool(domain_id and (name or create))
            self.loader.wait(reading, "" if named else f"The request that was given is not in the form yet. {WAITS}")
        await self.opening.begin(domain_id, name, create=create)

    def _build(self, presets: Paths) -> None:
        layout = self._shared
        self.place = Place(layout=layout)
        self.place.acts_for(self.visitor, self.grant)
        self.finder = Finder(self, layout)
        self.loader = Loader(self, files=self._trusted, layout=layout)
        self.form = SettingsEditor(
            self.draft.settings,
            loaded={},
            judge=self._judge,
            code=self._code,
            on_fix=self.draft.mend,
            toolbar=False,
            catalog=Supply(self.catalog, self.start, lambda: whereabouts(self.draft)),
            grant=self.grant,
        )
        if self.form.sight.may("pricing:GetProducts"):
            self.form.pricing = Pricing(lambda: self.gateway, self.start)
        self.starting = StartingPanel(self, folders=presets, layout=layout)
        self.opening = Opening(self, trusted=self._trusted)
        self.connecting = ConnectionPanel(self, locked=not self._trusted, layout=layout)
        self._deeds = deeds = Deeds(self)
        self.response = Response(on_action=self.guard(deeds.answered), layout=layout)
        self.question = Response(on_action=self.guard(deeds.answered), layout=layout)
        self.review = Review(on_action=self.guard(deeds.reviewed), layout=layout)
        self.tools = Tools(on_action=self.guard(deeds.tooled), layout=layout)
        self._effective = Effective(on_action=self.guard(self._looked), layout=layout)
        self._ways = Row(_kind="stack", children=(self.connecting, self.loader, self.starting), layout=layout)
        self._top = (self.place, self._ways, self.finder.row, self.question)
        # The tools stick to the top while what they belong to is seen, and no longer.
        self._desk = Row(_kind="stack", flow="column", children=(self.tools, self._effective, self.form), layout=layout)
        self.children = self._top

    def parts(self) -> tuple[KitWidget, ...]:
        """Return the parts of the page while a profile is open, from top to bottom."""
        return (*self._top, self._desk, self.review, self.response)

    # -- what a program asks -------------------------------------------------------------------------------------

    @property
    def settings(self) -> Structure:
        """Return the settings model: read, assign, observe; the widgets follow."""
        return self.draft.settings

    @property
    def grant(self) -> Grant | None:
        """Return what a policy grants the visitor, on the profile that is open or is theirs; ``None`` without one."""
        bound, draft = self.charter, self.draft
        if bound.grant is None or self.is_open:
            return draft.grant
        own = bound.grant.own
        return bound.grant if own is None else draft.rights.on(*own)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return every finding about the request, those that stop it first."""
        return self.draft.problems

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what differs from what was loaded."""
        return self.draft.changes

    def request(self) -> Document:
        """Return the dict that boto3 would get."""
        return self.draft.request()

    def export(self, format: str, *, hide_account_ids: bool = False) -> str:  # noqa: A002 - the word that people type
        """Return the request as ``json``, ``yaml``, ``cli``, ``boto3``, ``cloudformation`` or ``terraform``.

        The last two describe the whole profile. ``hide_account_ids`` puts made-up ones in place of account ids. Raises
        :class:`ValueError` naming the formats that exist.
        """
        return written(self.draft, format, hide_account_ids=hide_account_ids)

    async def load_request(self, source: str | Path) -> Reading | None:
        """Read a request and lay it over what is edited, as "Load a request" on the page does.

        ``source`` is a text (JSON, YAML, an AWS CLI command, a boto3 call, CloudFormation) or a :class:`~pathlib.Path`.
        With no profile open, the one that the request names is opened. Returns what was read, ``None`` when it could
        not be; the page says why, and nothing is changed.
        """
        try:
            return await self.loader.take(source)
        except LockedFieldError as error:
            self._failed(error)
            return None

    async def ready(self) -> UserProfileEditor:
        """Wait until the profile asked for is loaded, or could not be; returns the editor."""
        await ended(self._begun)
        return self

    async def submit(self) -> Outcome:
        """Send the request, follow it to its end and read the profile back; the button does the same.

        Returns the :class:`~profile_widgets.editing.outcome.Outcome`, which ``result`` holds too.
        """
        with self.draft.model.lock:
            if self.sending:
                return Outcome(REFUSED, f"{SENDING}; wait for its end.")
            if self.form.busy:
                return Outcome(REFUSED, f"Nothing was sent: {self.form.busy}")
            if not self.is_open:
                return Outcome(REFUSED, "Nothing to send: no user profile is open.")
            self.sending, opened = True, self.draft.opened
        try:
            self.stopping = stopper()
            self.question.clear()
            verb = "Creating" if self.draft.create else "Updating"
            self.response.begin(f"{verb} {self.draft.name}")
            self.show()
            outcome = await self.draft.submit(self.response.step)
        except BaseException as error:
            text = f"It is not known how this ended. {error}" if isinstance(error, Exception) else STOPPED
            self.ended(
                Outcome(UNKNOWN, text, self.draft.operation, error=error if isinstance(error, Exception) else None),
                opened,
            )
            raise
        self.ended(outcome, opened)
        return outcome

    def ended(self, outcome: Outcome, opened: int) -> None:
        """Show how a submit ended, or one that was taken up, of the profile that was ``opened`` then."""
        self.sending, self.stopping = False, None
        if opened != self.draft.opened:  # another profile is on the page: nothing of this one can be acted on here
            self.result = replace(outcome, theirs=None, point="")
            self.response.clear()
            self.say(INFORMATION, outcome.text)
            self.show()
            return
        self.result = outcome
        self.opening.learn_rights(outcome)
        self.opening.look_for_points()
        self.response.end(outcome, self.draft.grant)
        if outcome.status == DONE:
            note = self.draft.domain_note
            self.say(WARNING if note else "", note)
            self.opening.show()
        self.form.refresh_board()
        self.show()

    def close(self) -> None:
        """Free every widget that the editor made, and its threads; edits that were not sent stay kept on disk."""
        if self._closed:
            return
        self._closed = True
        self._tasks.close()
        self.catalog.close()
        self.gateway.close()
        self.draft.model.off_change(self._edited)
        self.draft.keeper.close()
        self.children = ()
        parts: list[Any] = [self.form, self.review, self.response, self.question, self.tools, self._effective]
        parts += [self._desk, self._ways, self.connecting, self.loader, self.starting, self.finder]
        for part in (*parts, self.place, *self._code.values()):
            part.close()
        super().close()
        self._shared.close()

    async def load(self, domain_id: str, name: str = "", *, create: bool = False) -> None:
        """Open another profile, or begin a new one; edits that were not sent stay kept on disk, and are offered again.

        When it cannot be read, a sentence says so on the page and everything stays as it was. Of several that are asked
        for at once the last one is shown; the others end without a word.
        """
        await self.opening.load(domain_id, name, create=create)

    def leave(self) -> None:
        """Close what is open, and give up what was edited; another one is to be chosen."""
        self.is_open = False
        self.children = self._top
        self.opening.leave()
        self.draft.discard()
        self.response.clear()
        self.say()
        self.starting.refresh()

    # -- showing -------------------------------------------------------------------------------------------------

    def _judge(self) -> tuple[Problem, ...]:
        self._problems = self.draft.problems
        return self._problems

    def _edited(self, _changes: object) -> None:
        # The form hears of an edit first, and asked the judge already.
        self.show()
        self.opening.follow()

    def show(self) -> None:
        """Show what the draft would send, and what can be taken back."""
        with (draft := self.draft).model.lock:
            busy, note = SENDING if self.sending else self.form.busy, draft.keeper.note
            self.review.show(draft, self._problems, busy=busy, read_only=self.read_only, note=note)
            self.tools.show(draft.history, self.form, changed=bool(draft.changes), earlier=bool(self.points))
            self._effective.refresh(draft)
            self._tell_of_kept(note)
            self.starting.refresh()

    def _tell_of_kept(self, note: str) -> None:
        """Say once that edits are not kept on disk, and take it back when they are again."""
        before, self._kept_note = self._kept_note, note
        said = self.place.state["notice"] or {}
        if note and note != before:
            self.say(WARNING, note)
        elif before and not note and said.get("text") == before:
            self.say()

    def toggle_effective(self) -> None:
        """Show the settings in force, or hide them."""
        self._effective.toggle(self.draft)
        self.tools.effective = self._effective.is_shown

    def _looked(self, action: str, path: str) -> None:
        if action == "go":
            self.form.reveal(path)
        elif action == "close":
            self.toggle_effective()

    # -- what the person does ------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop waiting for the end of a submit; what was sent is not taken back."""
        if self.stopping is not None:
            self.stopping()

    def asked_to_give_up(self, deed: str, then: Callable[[], None]) -> bool:
        """Ask before ``deed`` gives up edits that were not sent; tell whether there was something to ask.

        ``then`` does it when the person agrees.
        """
        self.go_on = then
        return self.opening.ask_to_give_up(deed)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine of the editor's; what escapes from it becomes a sentence on the page."""
        self._tasks.start(work)

    def guard(self, act: Callable[..., None]) -> Callable[..., None]:
        """Return a handler for what the page sends: under the model's lock, every error a sentence on the page."""

        def guarded(*arguments: Any) -> None:
            try:
                with self.draft.model.lock:
                    act(*arguments)
            except Exception as error:
                if not isinstance(error, ProfileWidgetsError):
                    log.exception("A message from the page was not carried out")
                self._failed(error)

        return guarded

    def say(self, severity: str = "", text: str = "") -> None:
        """Show a sentence at the top of the page; none, when nothing is given."""
        self.place.say(severity, text)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, ProfileWidgetsError):  # a sentence already
            self.say(ERROR, str(error))
            return
        self.say(ERROR, f"Something went wrong inside the editor: {error}. The log has the details.")
