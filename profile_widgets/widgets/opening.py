"""What happens when a profile is opened: read it, show it, finish what was broken off, offer edits that were kept."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from profile_widgets.checks.clearing import NONE
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from profile_widgets.editing.journal import Journal
from profile_widgets.editing.kept import KeptDraft, edits
from profile_widgets.editing.outcome import DONE, UNKNOWN, Outcome, Step
from profile_widgets.editing.threads import in_thread
from profile_widgets.errors import AccessDenied, ProfileWidgetsError
from profile_widgets.model import documents
from profile_widgets.model.labels import path_label
from profile_widgets.model.shapes import OPERATIONS, UPDATE
from profile_widgets.widgets.acting import unsendable
from profile_widgets.widgets.choosers import ago
from profile_widgets.widgets.finder import UNDER_WAY
from profile_widgets.widgets.identity import identity_section
from profile_widgets.widgets.recognition import Recognition
from profile_widgets.widgets.search import ALL, OPEN

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import Caller
    from profile_widgets.widgets.app import UserProfileEditor
    from profile_widgets.widgets.structures import SectionEditor

log = logging.getLogger(__name__)

AWS_DEFAULT = "AWS default"
"""What a setting holds that neither the profile nor its domain sets."""
STOPPED = "You stopped waiting. What was sent is not taken back: load the profile again to see what became of it."
LIFECYCLE = "LifecycleConfig"
"""What the names of all members have in common that name a lifecycle configuration."""
NAMED = 3
"""How many settings a question names."""


class Opening:
    """Open profiles for an editor, the last one asked for last; remember the kept draft that is being offered."""

    def __init__(self, editor: UserProfileEditor, *, trusted: bool = True) -> None:
        self._editor = editor
        self._trusted = trusted
        self._loads = 0
        self._identity: SectionEditor | None = None
        self.offered: KeptDraft | None = None
        self.giving_up = False
        self._asked = self._narrowed = False
        self.caller: Caller | None = None
        self._answered: set[str] = set()

    async def begin(self, domain_id: str, name: str, *, create: bool) -> None:
        """Open what the editor was made for; else the visitor's own; else what Studio's metadata names; else ask."""
        finder = self._editor.finder
        if self._editor.charter.binds:
            found = await self._whose(domain_id, name)
            if found is None:
                return
            domain_id, name = found
        if domain_id and (name or create):
            await self.load(domain_id, name, create=create)
        elif domain_id:
            finder.enter(domain_id)
        else:
            await Recognition(self._editor, trusted=self._trusted).begin(name, create=create)

    async def _whose(self, domain_id: str, name: str) -> tuple[str, str] | None:
        """Return what to open for a visitor, their own profile unless told; ``None``, with a sentence, for nothing.

        Who they are comes from the server alone, so Studio's metadata is not asked.
        """
        editor = self._editor
        bound, rights = editor.charter, editor.draft.rights
        if bound.trouble:
            editor.children = (editor.place,)  # there is nothing here to choose from
            editor.say(ERROR, bound.trouble)
            return None
        if bound.is_looked_up:
            try:
                rights.settle(await in_thread(lambda: bound.look_up(editor.connection)))
            except ProfileWidgetsError as error:
                editor.say(ERROR, str(error))
                return None
            await self.introduce()
        own = rights.own
        if own is not None and domain_id in ("", own[0]):
            return own[0], name or own[1]
        if not domain_id and not rights.may("sagemaker:ListDomains"):
            editor.say(ERROR, rights.out_of_reach("", name, "DescribeUserProfile"))
            return None
        return domain_id, name

    async def introduce(self) -> str:
        """Say where requests go, and as whom; returns why that is not known, "" when it is."""
        editor, place = self._editor, self._editor.place
        self.caller = None
        try:
            place.tell(region=editor.connection.resolved_region or "", sandbox=editor.connection.is_sandbox)
            editor.finder.locate()
        except ProfileWidgetsError as error:
            editor.say(ERROR, str(error))
            return str(error)
        guard = editor.connection.guard
        if guard is not None and (guard.grant is None or not guard.grant.may("sts:GetCallerIdentity")):
            return ""
        try:
            self.caller = caller = await editor.gateway.caller()
        except ProfileWidgetsError as error:
            log.info("The caller is not known: %s", error)
            return str(error)
        place.tell(account=caller.account, caller=caller.name)
        place.acts_for(editor.visitor, editor.grant, editor.draft.name)
        editor.finder.locate()
        return ""

    async def load(self, domain_id: str, name: str = "", *, create: bool = False) -> bool:
        """Open a profile, or begin a new one; what cannot be read leaves everything as it was, with a sentence.

        Returns whether it was opened, and no other was asked for since.
        """
        editor, finder = self._editor, self._editor.finder
        give_up, self.giving_up = self.giving_up, False
        if editor.sending:
            editor.say(INFORMATION, UNDER_WAY)
            finder.show()
            return False
        self._loads += 1
        ticket = self._loads
        finder.loading(domain_id, name, create=create)
        editor.form.busy = "Reading the domain …" if create else f"Loading {name} …"
        editor.say()
        editor.show()
        trouble = ""
        try:
            await editor.draft.open(domain_id, name, create=create, give_up=give_up)
        except ProfileWidgetsError as error:
            trouble = str(error)
        finally:
            if ticket == self._loads:
                editor.form.busy = ""
                finder.show()
                editor.show()
        if ticket != self._loads:
            return False
        if trouble:
            editor.say(ERROR, trouble)
            return False
        if editor.draft.domain_note:
            editor.say(WARNING, editor.draft.domain_note)
        editor.read_only = unsendable(editor.draft)
        editor.response.clear()
        self.show()
        await self._finish(ticket)
        return ticket == self._loads

    async def _finish(self, ticket: int) -> None:
        """Take up what was broken off, offer kept edits, and look which apps run."""
        editor = self._editor
        await in_thread(editor.draft.store.sweep)
        if ticket == self._loads:
            await self._take_up()
        if ticket == self._loads:
            if not editor.loader.opened():
                self.offer()
            editor.start(self.look_up_apps())

    async def _take_up(self) -> None:
        """Bring a submit to its end whose kernel died; the page shows it only when there is one."""
        editor, begun = self._editor, False

        def step(each: Step) -> None:
            nonlocal begun
            if not begun:
                editor.response.begin(f"Taking up a change to {editor.draft.name} that was broken off")
                begun = True
            editor.response.step(each)

        with editor.draft.model.lock:
            if editor.sending:
                return
            editor.sending, opened = True, editor.draft.opened
        try:
            editor.show()
            outcome = await self._until_stopped(editor.draft.take_up(step))
        finally:
            editor.sending, editor.stopping = False, None
            editor.show()
        if outcome is not None:
            editor.ended(outcome, opened)

    async def _until_stopped(self, work: Coroutine[Any, Any, Outcome | None]) -> Outcome | None:
        """Wait for ``work``, or until the person stops waiting."""
        import asyncio

        task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
        stopped: list[bool] = []

        def stop() -> None:
            stopped.append(True)
            loop.call_soon_threadsafe(task.cancel)

        self._editor.stopping = stop
        try:
            return await task
        except asyncio.CancelledError:
            if not stopped:
                raise
            return Outcome(UNKNOWN, STOPPED, self._editor.draft.operation)

    async def look_up_apps(self) -> None:
        """Look which apps of the profile run, and say again what a change of it does."""
        editor = self._editor
        await editor.draft.look_up_apps()
        self._judge_again()

    def follow(self) -> None:
        """Ask which apps lifecycle configurations are made for when one of them was edited, and not before."""
        draft = self._editor.draft
        if draft.lifecycles is None and not self._asked and any(LIFECYCLE in change.path for change in draft.changes):
            self._asked = True
            self._editor.start(self._look_up_lifecycles())

    async def _look_up_lifecycles(self) -> None:
        await self._editor.draft.look_up_lifecycles()
        self._judge_again()

    def _judge_again(self) -> None:
        """Show findings anew: more is known than before."""
        editor = self._editor
        if editor.is_open:
            with editor.draft.model.lock:
                editor.form.refresh_board()
                editor.show()

    # -- showing -------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show what was opened."""
        editor, draft = self._editor, self._editor.draft
        with draft.model.lock:
            editor.is_open = True
            if draft.grant is not None:
                editor.form.see_through(draft.grant)
            self._introduce_new(draft.create)
            self.look_for_points()
            root: documents.Document = {"DomainId": draft.domain_id, "UserSettings": draft.loaded}
            if not draft.create:
                root = draft.model.to_document() | root
            with editor.form.hold_sync():
                unset = "" if draft.domain_note else AWS_DEFAULT
                inherited = {"UserSettings": draft.defaults}
                editor.form.compare_with(root, inherited, locked=draft.locked, unset=unset, grant=draft.grant)
            editor.place.acts_for(editor.visitor, draft.grant, draft.name)
            editor.question.clear()
            editor.finder.show()
            self._begin_with_theirs()
            editor.show()
            editor.children = editor.parts()

    def _begin_with_theirs(self) -> None:
        """Show a visitor at first just what they may change; everything else is one press away."""
        editor, look = self._editor, self._editor.form.look
        if self._narrowed or editor.draft.grant is None:
            return
        self._narrowed = True
        if not look.active and 0 < look.counts[OPEN] < look.counts[ALL]:
            look.begin(OPEN)

    def _introduce_new(self, wanted: bool) -> None:
        """Show the names, tags and single sign-on of a new profile, and only of a new one."""
        form = self._editor.form
        old, self._identity = self._identity, None
        rest: tuple[Any, ...] = tuple(each for each in form.children if each is not old)
        if wanted:
            self._identity = identity_section(form, self._editor.draft)
            rest = (self._identity, *rest)
        form.children = rest
        if old is not None:
            old.close()

    def look_for_points(self) -> None:
        """Read which earlier submits of this profile can be put back."""
        folder = self._editor.draft.folder
        found = Journal(folder).points() if folder is not None and not self._editor.draft.create else ()
        self._editor.points = tuple(point for point in found if point.operation == UPDATE)

    def learn_rights(self, outcome: Outcome) -> None:
        """Remember that AWS refused the caller a write, until one succeeds."""
        editor, error = self._editor, outcome.error
        if isinstance(error, AccessDenied) and error.operation in OPERATIONS:
            verb = "create" if editor.draft.create else "update"
            editor.read_only = f"AWS does not let you {verb} it; whoever may can send the exported request."
        elif outcome.status == DONE:
            editor.read_only = ""

    # -- edits that were kept ------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Ask what to do with the newest edits that an earlier window kept; those that are stored by now go."""
        editor, draft = self._editor, self._editor.draft
        found = []
        for kept in draft.keeper.found():
            if kept.file in self._answered:
                continue
            if not kept.create and _is_sent(kept, draft.loaded):
                draft.keeper.throw_away(kept)
            else:
                found.append(kept)
        if not found:
            return
        self.offered = kept = found[0]
        stale = not kept.create and not documents.same(kept.base, draft.loaded)
        warning = (
            " The profile was changed since: your edits are put on top, and every field that both changed is named."
            if stale
            else ""
        )
        older = len(found) - 1
        kept_too = "1 older draft is kept too." if older == 1 else f"{older} older drafts are kept too."
        more = f" {kept_too}" if older else ""
        text = f"{_listed(kept)} {'was' if len(kept.changes) == 1 else 'were'} edited {ago(kept.kept)} and never sent."
        if kept.live:
            text += " The window where that was done may be open still."
        actions = [["restore", "Restore these edits"], ["forget", "Throw them away"], ["later", "Not now"]]
        editor.question.ask(f"Not sent yet: {draft.name or 'a new profile'}", text + warning + more, actions)

    def restore(self) -> None:
        """Put the offered edits on top of what is loaded."""
        editor, kept = self._editor, self.offered
        editor.question.clear()
        self.offered = None
        if kept is None:
            return
        clashes = editor.draft.keeper.restore(kept)
        if clashes:
            names = ", ".join(path_label(clash.path) for clash in clashes)
            editor.say(WARNING, f"Restored. Somebody else changed these too: {names}. Look at them before you send.")
        else:
            editor.say()

    def forget(self) -> None:
        """Delete the offered edits, and offer the next ones."""
        editor, kept = self._editor, self.offered
        editor.question.clear()
        self.offered = None
        if kept is not None:
            self._answered.add(kept.file)  # another open window's stay with it
            editor.draft.keeper.throw_away(kept)
            self.offer()

    def ask_to_give_up(self, deed: str) -> bool:
        """Ask before ``deed`` gives up edits that were not sent; tell whether there was something to ask."""
        editor = self._editor
        draft = editor.draft
        count = len(edits(draft.changes)) if editor.is_open else 0
        if not count:
            return False
        lost = "1 change" if count == 1 else f"{count} changes"
        here = draft.name or "the new profile"
        text = f"{lost} to {here} {'was' if count == 1 else 'were'} not sent."
        actions = [["switch", f"{deed}, give up {lost}"], ["stay", f"Stay with {here}"]]
        editor.question.ask("Not sent yet", text, actions)
        return True

    def overtake(self) -> None:
        """Let what is being read not be opened: another profile is about to be."""
        self._loads += 1
        self._editor.draft.stop_opening()

    def leave(self) -> None:
        """Forget what was offered, and what is being read: another profile is to be chosen."""
        self.offered, self.giving_up = None, False
        self._asked, self._editor.draft.lifecycles = False, None
        self.overtake()
        self._editor.form.busy = ""


def _listed(kept: KeptDraft) -> str:
    """Name a draft's changes: the first ones by name, the others by their number."""
    names = [path_label(change.path) for change in kept.changes]
    rest = len(names) - NAMED
    few = ", ".join(names[:NAMED])
    return f"{few} and {rest} more" if rest > 0 else few


def _is_sent(kept: KeptDraft, loaded: documents.Document) -> bool:
    """Tell whether a profile holds a draft's edits already."""
    held = {"UserSettings": loaded}
    return all(
        documents.same(now, each.after) or (now is None and each.after == NONE)
        for each in kept.changes
        for now in (documents.get(held, each.path),)
    )
