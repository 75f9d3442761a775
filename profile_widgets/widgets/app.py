"""The whole page: choose a user profile, edit it, review, send, and see what became of it.

Example::

    UserProfileEditor("d-abc123", "alice")                # load, edit, review, update
    UserProfileEditor("d-abc123", "bob", create=True)     # a new profile
    UserProfileEditor(connection=Connection(profile="ml", region="eu-west-1"))
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from profile_widgets.checks import Problem
from profile_widgets.checks.problems import ERROR, WARNING
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import REFUSED, UNKNOWN, Outcome
from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.formats import export
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.settings import Structure
from profile_widgets.widgets.code import Code, KitWidget
from profile_widgets.widgets.finder import Finder, Target
from profile_widgets.widgets.form import SettingsEditor
from profile_widgets.widgets.identity import identity_section
from profile_widgets.widgets.place import Place
from profile_widgets.widgets.response import Response
from profile_widgets.widgets.review import Review
from profile_widgets.widgets.structures import SectionEditor, child_widgets
from profile_widgets.widgets.tasks import Tasks, ended, stopper

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection

log = logging.getLogger(__name__)

SENDING = "A request is under way"
STOPPED = "You stopped waiting. What was sent is not taken back: load the profile again to see what became of it."


class UserProfileEditor(KitWidget):
    """Edit or create a SageMaker user profile.

    ``domain_id`` and ``user_profile_name`` say which one to open; without them the page asks. ``create`` begins a new
    one. ``connection`` says where AWS is (found as the AWS CLI finds it, when left out). Nothing is sent before
    :meth:`submit` or the button; AWS is never asked on the thread that the kernel runs on.
    """

    children = child_widgets("The parts of the page, from top to bottom.")
    flow = traitlets.Unicode("column").tag(sync=True)

    def __init__(
        self,
        domain_id: str = "",
        user_profile_name: str = "",
        *,
        create: bool = False,
        connection: Connection | None = None,
    ) -> None:
        from profile_widgets.aws.connection import Connection
        from profile_widgets.aws.gateway import Gateway

        self.connection = connection or Connection()
        self.gateway = Gateway(self.connection)
        self.draft = ProfileDraft(self.gateway)
        self.result: Outcome | None = None
        self.is_open = False
        self.sending = False
        self._loads = 0
        self._problems: tuple[Problem, ...] = ()
        self._closed = False
        self._stop: Callable[[], object] | None = None
        self._identity: SectionEditor | None = None
        self._tasks = Tasks(self._failed)
        self._shared = layout = ipywidgets.Layout()
        self._code = {module: Code(module, layout=layout) for module in ("kit", "fields", "app")}
        super().__init__(_kind="stack", layout=layout)
        self._build()
        self.draft.model.on_change(self._edited)
        self._tasks.start(self._introduce())
        self._opening = self._tasks.start(self._begin(domain_id, user_profile_name, create=create))

    def _build(self) -> None:
        layout = self._shared
        self._place = Place(layout=layout)
        self._finder = Finder(self, layout)
        self.form = SettingsEditor(self.draft.settings, loaded={}, judge=self._judge, code=self._code)
        self._review = Review(on_action=self.guard(self._reviewed), layout=layout)
        self._response = Response(on_action=self.guard(self._answered), layout=layout)
        self._question = Response(on_action=self.guard(self._answered), layout=layout)
        self._top = (self._place, self._finder.row, self._question)
        self.children = self._top

    # -- what a program asks -------------------------------------------------------------------------------------

    @property
    def settings(self) -> Structure:
        """Return the settings model: read, assign, observe; the widgets follow."""
        return self.draft.settings

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

    def export(self, format: str) -> str:  # noqa: A002 - the word that people type
        """Return the request as ``json``, ``yaml``, ``cli`` or ``boto3``."""
        return export(self.request(), self.draft.operation, format)

    async def ready(self) -> UserProfileEditor:
        """Wait until the profile asked for is loaded, or could not be; returns the editor."""
        await ended(self._opening)
        return self

    async def submit(self) -> Outcome:
        """Send the request, follow it to its end and read the profile back; the button does the same.

        Returns the :class:`~profile_widgets.editing.outcome.Outcome`, which ``result`` holds too.
        """
        with self.draft.model.lock:
            if self.sending:
                return Outcome(REFUSED, f"{SENDING}; wait for its end.")
            if not self.is_open:
                return Outcome(REFUSED, "Nothing to send: no user profile is open.")
            self.sending = True
        self._stop = stopper()
        verb = "Creating" if self.draft.create else "Updating"
        self._response.begin(f"{verb} {self.draft.name}")
        self._show()
        try:
            outcome = await self.draft.submit(self._response.step)
        except BaseException as error:
            text = f"It is not known how this ended. {error}" if isinstance(error, Exception) else STOPPED
            self._end(
                Outcome(UNKNOWN, text, self.draft.operation, error=error if isinstance(error, Exception) else None)
            )
            raise
        self._end(outcome)
        return outcome

    def _end(self, outcome: Outcome) -> None:
        self.sending, self._stop, self.result = False, None, outcome
        self._response.end(outcome)
        if outcome.status == "done":
            self._loaded()
        self._show()

    def close(self) -> None:
        """Free every widget that the editor made, and its threads."""
        if self._closed:
            return
        self._closed = True
        self._tasks.close()
        self.gateway.close()
        self.draft.model.off_change(self._edited)
        self.children = ()
        parts: list[Any] = [self.form, self._review, self._response, self._question, self._finder, self._place]
        for part in (*parts, *self._code.values()):
            part.close()
        super().close()
        self._shared.close()

    # -- loading -------------------------------------------------------------------------------------------------

    async def _begin(self, domain_id: str, name: str, *, create: bool) -> None:
        if domain_id and (name or create):
            await self.load(domain_id, name, create=create)
        elif domain_id:
            self._finder.enter(domain_id)
        else:
            self._finder.carry(name, create=create)
            await self._finder.list_domains()

    async def _introduce(self) -> None:
        try:
            self._place.tell(region=self.connection.resolved_region or "", sandbox=self.connection.is_sandbox)
        except ProfileWidgetsError as error:
            self.say(ERROR, str(error))
            return
        try:
            caller = await self.gateway.caller()
        except ProfileWidgetsError as error:
            log.info("The caller is not known: %s", error)
            return
        self._place.tell(account=caller.account, caller=caller.name)

    async def load(self, domain_id: str, name: str = "", *, create: bool = False) -> None:
        """Open another profile, or begin a new one; edits that were not sent are given up.

        When it cannot be read, a sentence says so on the page and everything stays as it was. Of several that are asked
        for at once the last one is shown; the others end without a word.
        """
        draft, finder = self.draft, self._finder
        self._loads += 1
        ticket = self._loads
        finder.loading(domain_id, name, create=create)
        self.form.busy = "Reading the domain …" if create else f"Loading {name} …"
        self.say()
        trouble = ""
        try:
            await draft.open(domain_id, name, create=create)
        except ProfileWidgetsError as error:
            trouble = str(error)
        finally:
            if ticket == self._loads:
                self.form.busy = ""
                finder.show()
        if ticket != self._loads:
            return
        if trouble:
            self.say(ERROR, trouble)
            return
        if draft.domain_note:
            self.say(WARNING, draft.domain_note)
        self._response.clear()
        self._loaded()

    def _loaded(self) -> None:
        draft = self.draft
        with draft.model.lock:
            self.is_open = True
            self._introduce_new(draft.create)
            root = {"DomainId": draft.domain_id, "UserSettings": draft.loaded}
            if not draft.create:
                root = draft.model.to_document() | root
            with self.form.hold_sync():
                self.form.compare_with(root, {"UserSettings": draft.defaults})
            self._question.clear()
            self._finder.show()
            self._show()
            self.children = (*self._top, self.form, self._review, self._response)

    def _introduce_new(self, wanted: bool) -> None:
        old, self._identity = self._identity, None
        rest = tuple(each for each in self.form.children if each is not old)
        if wanted:
            self._identity = identity_section(self.form, self.draft)
            rest = (self._identity, *rest)
        self.form.children = rest
        if old is not None:
            old.close()

    def leave(self) -> None:
        """Close what is open, and give up what was edited; another one is to be chosen."""
        self.is_open = False
        self.children = self._top
        self.draft.discard()
        self._response.clear()
        self.say()

    # -- what the person does ------------------------------------------------------------------------------------

    def _judge(self) -> tuple[Problem, ...]:
        self._problems = self.draft.problems
        return self._problems

    def _edited(self, _changes: object) -> None:
        # The form hears of an edit first, and asked the judge already.
        self._show()

    def _show(self) -> None:
        with self.draft.model.lock:
            self._review.show(self.draft, self._problems, busy=SENDING if self.sending else "")

    def _reviewed(self, action: str, path: str) -> None:
        if action == "submit":
            self.start(self.submit())
        elif action == "discard" and not self.sending:
            self.draft.discard()
        elif action == "go":
            self.form.reveal(path)

    def _answered(self, action: str) -> None:
        if action == "retry":
            self.start(self.submit())
        elif action == "reload":
            self._finder.aim(Target(self.draft.domain_id, self.draft.name))
        elif action == "switch":
            self._question.clear()
            self._finder.switch()
        elif action == "stay":
            self._question.clear()
            self._finder.show()
        elif action == "stop" and self._stop is not None:
            self._stop()

    def asked_to_give_up(self, deed: str) -> bool:
        """Ask before ``deed`` gives up edits that were not sent; tell whether there was something to ask."""
        draft = self.draft
        count = sum(change.path != "SingleSignOnUserIdentifier" for change in draft.changes) if self.is_open else 0
        if not count:
            return False
        lost = "1 change" if count == 1 else f"{count} changes"
        here = draft.name or "the new profile"
        text = f"{lost} to {here} {'was' if count == 1 else 'were'} not sent."
        actions = [["switch", f"{deed}, give up {lost}"], ["stay", f"Stay with {here}"]]
        self._question.ask("Not sent yet", text, actions)
        return True

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
                log.exception("A message from the page was not carried out")
                self._failed(error)

        return guarded

    def say(self, severity: str = "", text: str = "") -> None:
        """Show a sentence at the top of the page; none, when nothing is given."""
        self._place.say(severity, text)

    def _failed(self, error: BaseException) -> None:
        self.say(ERROR, f"Something went wrong inside the editor: {error}. The log has the details.")
