"""The whole page: choose a user profile, edit it, review, send, and see what became of it.

Example::

    UserProfileEditor("d-abc123", "alice")                # load, edit, review, update
    UserProfileEditor("d-abc123", "bob", create=True)     # a new profile
    UserProfileEditor(connection=Connection(profile="ml", region="eu-west-1"))
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from profile_widgets.checks import Problem
from profile_widgets.checks.problems import ERROR, WARNING
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import REFUSED, Outcome
from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.formats import export
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.settings import Structure
from profile_widgets.widgets.code import Code, KitWidget
from profile_widgets.widgets.finder import Finder
from profile_widgets.widgets.form import SettingsEditor
from profile_widgets.widgets.response import Response
from profile_widgets.widgets.review import Review
from profile_widgets.widgets.structures import SectionEditor, child_widgets
from profile_widgets.widgets.tasks import Tasks

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection

log = logging.getLogger(__name__)

SUBTITLE = (
    "What this person gets in SageMaker Studio. Changes are sent when you press the button at the end, and not before."
)
SENDING = "A request is under way"
IDENTITY = ("UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "Tags")


class Place(KitWidget):
    """Show where requests go and as whom, and the page's title."""

    state: Any = traitlets.Dict(help="sandbox, region, account, caller, title, subtitle, notice.").tag(sync=True)


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
        self.draft = ProfileDraft(self.gateway, domain_id, user_profile_name, create=create)
        self.result: Outcome | None = None
        self._problems: tuple[Problem, ...] = ()
        self._closed = False
        self._sending = ""
        self._identity: SectionEditor | None = None
        self._tasks = Tasks(self._failed)
        self._shared = layout = ipywidgets.Layout()
        self._code = {module: Code(module, layout=layout) for module in ("kit", "fields", "app")}
        super().__init__(_kind="stack", layout=layout)
        self._build()
        self.draft.model.on_change(self._edited)
        self._opening = self._tasks.start(self._begin())

    def _build(self) -> None:
        layout = self._shared
        self._place = Place(_kind="place", state=self._whereabouts(), layout=layout)
        self._finder = Finder(self, layout)
        self.form = SettingsEditor(self.draft.settings, loaded={}, judge=self._judge, code=self._code)
        self._review = Review(on_action=self._reviewed, layout=layout)
        self._response = Response(on_action=self._answered, layout=layout)
        self._question = Response(on_action=self._answered, layout=layout)
        self.children = (self._place, self._finder.row, self._question)

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
        await asyncio.wait([asyncio.wrap_future(self._opening)])
        return self

    async def submit(self) -> Outcome:
        """Send the request, follow it to its end and read the profile back; the button does the same.

        Returns the :class:`~profile_widgets.editing.outcome.Outcome`, which ``result`` holds too.
        """
        if self._sending:
            return Outcome(REFUSED, f"{SENDING}; wait for its end.")
        self._sending = SENDING
        verb = "Creating" if self.draft.create else "Updating"
        self._response.begin(f"{verb} {self.draft.name}")
        self._show()
        try:
            outcome = await self.draft.submit(self._response.step)
        finally:
            self._sending = ""
        self.result = outcome
        self._response.end(outcome)
        if outcome.status == "done":
            self._loaded()
        self._show()
        return outcome

    def close(self) -> None:
        """Free every widget that the editor made, and its threads."""
        if self._closed:
            return
        self._closed = True
        self._tasks.close()
        self.gateway.close()
        self.draft.model.off_change(self._edited)
        self.children = ()
        self._lead(None)
        parts: list[Any] = [self.form, self._review, self._response, self._question, self._finder, self._place]
        for part in (*parts, *self._code.values()):
            part.close()
        super().close()
        self._shared.close()

    # -- loading -------------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        caller = self._tasks.start(self._introduce())
        draft = self.draft
        try:
            if draft.domain_id:
                await self.load(draft.domain_id, draft.name, create=draft.create)
            else:
                await self._finder.list_domains()
        finally:
            await asyncio.wait([asyncio.wrap_future(caller)])

    async def _introduce(self) -> None:
        try:
            caller = await self.gateway.caller()
        except ProfileWidgetsError as error:
            log.info("The caller is not known: %s", error)
            return
        self._place.state = self._place.state | {"account": caller.account, "caller": caller.name}

    def _whereabouts(self) -> dict[str, Any]:
        try:
            region, sandbox = self.connection.resolved_region or "", self.connection.is_sandbox
        except ProfileWidgetsError as error:
            region, sandbox = "", False
            notice: dict[str, str] | None = {"severity": ERROR, "text": str(error)}
        else:
            notice = None
        return {
            "sandbox": sandbox,
            "region": region,
            "account": "",
            "caller": "",
            "title": "User profile",
            "subtitle": SUBTITLE,
            "notice": notice,
        }

    async def load(self, domain_id: str, name: str = "", *, create: bool = False) -> None:
        """Open another profile, or begin a new one; edits that were not sent are given up.

        When it cannot be read, a sentence says so on the page and everything stays as it was.
        """
        draft, finder = self.draft, self._finder
        finder.loading(domain_id, name, create=create)
        self.form.busy = "Reading the domain …" if create else f"Loading {name} …"
        self.say()
        try:
            await draft.open(domain_id, name, create=create)
        except ProfileWidgetsError as error:
            self.say(ERROR, str(error))
            return
        finally:
            self.form.busy = ""
            finder.show()
        if draft.domain_note:
            self.say(WARNING, draft.domain_note)
        self._response.clear()
        self._loaded()

    def _loaded(self) -> None:
        draft = self.draft
        self._lead("create" if draft.create else None)
        root = {"DomainId": draft.domain_id, "UserSettings": draft.loaded}
        if not draft.create:
            root = draft.model.to_document() | root
        with self.form.hold_sync():
            self.form.compare_with(root, {"UserSettings": draft.defaults})
        self._finder.show()
        self._edited(())
        top = (self._place, self._finder.row, self._question)
        self.children = (*top, self.form, self._review, self._response)

    def _lead(self, mode: str | None) -> None:
        if self._identity is not None and (mode is None or self._identity.target is not self.draft.model):
            self.form.children = tuple(each for each in self.form.children if each is not self._identity)
            self._identity.close()
            self._identity = None
        if mode and self._identity is None:
            model = self.draft.model
            sso = self.draft.domain is None or self.draft.domain.auth_mode != "IAM"
            members = [name for name in IDENTITY if name in model.member.members and (sso or "SignOn" not in name)]
            section = SectionEditor(
                self.form,
                model,
                model.member,
                target=model,
                members=members,
                title="New profile",
                group="Who",
                api="",
                help="How the new profile is called, and its tags.",
                more="",
                expanded=True,
            )
            self._identity = section
            self.form.children = (section, *self.form.children)

    # -- what the person does ------------------------------------------------------------------------------------

    def _judge(self) -> tuple[Problem, ...]:
        self._problems = self.draft.problems
        return self._problems

    def _edited(self, _changes: object) -> None:
        # The form hears of an edit first, and asked the judge already.
        self._show()

    def _show(self) -> None:
        self._review.show(self.draft, self._problems, busy=self._sending)

    def _reviewed(self, action: str, path: str) -> None:
        if action == "submit":
            self.start(self.submit())
        elif action == "discard":
            self.draft.discard()
        elif action == "go":
            self.form.reveal(path)

    def _answered(self, action: str) -> None:
        if action == "retry":
            self.start(self.submit())
        elif action == "reload":
            self.start(self.load(self.draft.domain_id, self.draft.name))
        elif action == "switch":
            self._question.clear()
            self._finder.switch()
        elif action == "stay":
            self._question.clear()
            self._finder.show()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine of the editor's; what escapes from it becomes a sentence on the page."""
        self._tasks.start(work)

    def ask(self, title: str, text: str, actions: list[list[str]]) -> None:
        """Ask the person to choose among actions."""
        self._question.ask(title, text, actions)

    def say(self, severity: str = "", text: str = "") -> None:
        """Show a sentence at the top of the page; none, when nothing is given."""
        notice = {"severity": severity, "text": text} if text else None
        self._place.state = self._place.state | {"notice": notice}

    def _failed(self, error: BaseException) -> None:
        text = f"Something went wrong inside the editor: {error}. The log has the details."
        self.say(ERROR, text)
