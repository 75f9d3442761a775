"""A user profile being edited, without a screen and without boto3.

Example (any :class:`~profile_widgets.aws.protocol.ProfileGateway` will do)::

    draft = ProfileDraft(gateway, "d-abc123", "alice")
    await draft.load()
    draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    outcome = await draft.submit()
    outcome.status                                                                # 'done'
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from profile_widgets.aws.protocol import AppSummary, Described, DescribedDomain, ProfileGateway
from profile_widgets.checks.problems import Fix, Problem
from profile_widgets.editing import lookups, recovery
from profile_widgets.editing.history import History
from profile_widgets.editing.judgement import SETTINGS, Standing, judge, must_be_readable
from profile_widgets.editing.kept import Keeper
from profile_widgets.editing.known import Known
from profile_widgets.editing.outcome import OnStep, Outcome
from profile_widgets.editing.rights import Rights
from profile_widgets.editing.store import ProfileFolder, Store
from profile_widgets.editing.stranger import locked_sections
from profile_widgets.editing.submission import LOOK_AGAIN, Submission
from profile_widgets.errors import GatewayError, LockedFieldError
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.merging import Clash, merge
from profile_widgets.model.settings import Structure, model_class
from profile_widgets.model.shapes import CREATE, UPDATE, input_member

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Grant
    from profile_widgets.editing.rights import Refused


class ProfileDraft:
    """Hold one user profile: as it was loaded, as it shall be, and what its domain gives it.

    ``model`` is the create request as a tree (its ``UserSettings`` is ``settings``; names, single sign-on and tags
    beside it). ``loaded`` are the profile's own settings as AWS gave them, ``defaults`` the domain's
    DefaultUserSettings, ``opened`` a number that changes with what is opened. ``history`` takes edits back, ``keeper``
    keeps them on disk, ``clashes`` are fields that somebody else changed too, ``apps`` the profile's
    apps as they were last looked up (``None``: not yet, or not allowed), ``lifecycles`` the app types of the account's
    lifecycle configurations by ARN. ``store`` is where drafts, journals and restore points live, ``pauses`` are the
    seconds between looks at a profile that shows nothing of a write yet. ``rights`` hold the draft to ``grant``, what
    a policy lets the visitor do (``None``: everything), and tell ``refused`` of what they refuse. Everything is changed
    under ``model.lock``.
    """

    def __init__(
        self,
        gateway: ProfileGateway,
        domain_id: str = "",
        name: str = "",
        *,
        create: bool = False,
        store: Store | None = None,
        pauses: tuple[float, ...] = LOOK_AGAIN,
        grant: Grant | None = None,
        refused: Refused | None = None,
    ) -> None:
        self.gateway = gateway
        self.model: Structure = model_class(input_member(CREATE).shape)()
        self.create = create
        self.loaded: Document = {}
        self.described: Described | None = None
        self.domain: DescribedDomain | None = None
        self.domain_note = ""
        self.apps: tuple[AppSummary, ...] | None = None
        self.lifecycles: dict[str, str] | None = None
        self.clashes: tuple[Clash, ...] = ()
        self.opened = 0
        self.where = ""
        self.store = store if store is not None else Store()
        self.pauses = pauses
        self.history = History(self.model, self.edit)
        self.keeper = Keeper(self)
        self._asked = 0
        self._submission: Submission | None = None
        self._known = Known()
        if domain_id:
            self.model.DomainId = domain_id
        if name:
            self.model.UserProfileName = name
        self.history.clear()
        self.rights = Rights(self, grant, refused)
        self.rights.begin()

    # -- what it is ----------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Structure:
        """Return the settings that are edited."""
        return self.model.UserSettings  # type: ignore[no-any-return]

    @property
    def grant(self) -> Grant | None:
        """Return what a policy grants on the profile that is open; ``None`` when nothing binds the draft."""
        return self.rights.grant

    @property
    def domain_id(self) -> str:
        """Return the domain's id, ``""`` while none is chosen."""
        return self.model.value("DomainId") or ""

    @property
    def name(self) -> str:
        """Return the user profile's name, ``""`` while none is chosen."""
        return self.model.value("UserProfileName") or ""

    @property
    def operation(self) -> str:
        """Return the API operation that a submit will call."""
        return CREATE if self.create else UPDATE

    @property
    def defaults(self) -> Document:
        """Return the domain's DefaultUserSettings; empty when it has none or they could not be read."""
        with self.model.lock:
            return (self.domain.settings if self.domain is not None else None) or {}

    @property
    def effective(self) -> Document:
        """Return the settings in force once the draft is sent: the domain's under the profile's own."""
        with self.model.lock:
            return documents.effective(self.settings.held(), self.defaults)

    @property
    def busy(self) -> bool:
        """Tell whether a submit is under way."""
        return self._submission is not None

    @property
    def folder(self) -> ProfileFolder | None:
        """Return where this profile's drafts, journal and restore points live; ``None`` while none is open."""
        if not self.opened or not self.name:
            return None
        return self.store.profile(self.where, self.domain_id, self.name)

    # -- loading -------------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Read the profile and its domain; edits that were not sent are given up.

        Raises :class:`~profile_widgets.errors.GatewayError` when the profile cannot be read; a domain that cannot be
        read is only noted in ``domain_note``. In create mode only the domain is read.
        """
        await self.open(self.domain_id, self.name, create=self.create)

    async def open(self, domain_id: str, name: str = "", *, create: bool = False, give_up: bool = False) -> None:
        """Read another profile, or begin a new one; while it cannot be read, everything stays as it was.

        Edits that were not sent stay kept on disk, unless the person said to ``give_up`` them.
        When several are asked for, the last one asked for wins, in whatever order the answers come. Raises as ``load``,
        :class:`~profile_widgets.errors.InvalidSettingsError` when what is stored has no place in the model, and
        :class:`~profile_widgets.errors.LockedFieldError` for what is out of the grant's reach.
        """
        self.rights.must_reach(domain_id, name, create=create)
        self._asked += 1
        ticket = self._asked
        described = None if create else await self.gateway.describe_user_profile(domain_id, name)
        if described is not None:
            must_be_readable(described)
        domain, note = await self._read_domain(domain_id)
        where = self.gateway.where
        with self.model.lock:
            if ticket != self._asked:
                return
            self.history.clear()
            with self.keeper.aside(), self.model.batch():
                if give_up:
                    self.keeper.forget()
                self.opened, self.where = ticket, where
                self.domain, self.domain_note, self.apps, self.clashes = domain, note, None, ()
                self.create, self.loaded, self.described = create, {}, None
                self.rights.place = domain_id, name
                self.model.assign(self._blank(domain_id, name))
                if described is not None:
                    self.take(described)
            self.history.clear()
            self.keeper.begin()

    def stop_opening(self) -> None:
        """Let a profile that is being read not be opened when its answer comes."""
        self._asked += 1

    def _blank(self, domain_id: str, name: str = "") -> Document:
        """Return the request from which editing begins."""
        names = {"DomainId": domain_id} if domain_id else {}
        if name:
            names["UserProfileName"] = name
        if self.create and self.domain is not None and self.domain.auth_mode == "SSO":
            names["SingleSignOnUserIdentifier"] = "UserName"
        return {**names, **self.rights.begun_with(domain_id, name)} if self.create else names

    async def _read_domain(self, domain_id: str) -> tuple[DescribedDomain | None, str]:
        try:
            return await self.gateway.describe_domain(domain_id), ""
        except GatewayError as refused:
            return None, f"What this profile inherits is not shown. {refused}"

    async def look_up_apps(self) -> tuple[AppSummary, ...] | None:
        """Ask AWS which apps of this profile there are, for ``apps``; without an answer soon that is ``None``."""
        return await lookups.apps(self)

    async def look_up_lifecycles(self) -> None:
        """Ask AWS which apps the account's lifecycle configurations are made for; who may not ask is told nothing."""
        await lookups.lifecycles(self)

    def take(self, described: Described, base: Document | None = None) -> None:
        """Make ``described`` what is loaded and what is edited; when it cannot be, change nothing and raise.

        ``base`` is as in ``rebase``. Raises :class:`~profile_widgets.errors.InvalidSettingsError`.
        """
        must_be_readable(described)
        with self.model.batch():
            self.rebase(described, base)
            self.create, self.rights.place = False, (described.domain_id, described.name)
            self.settings.assign(described.settings)
            self.model.UserProfileName = described.name

    def rebase(self, described: Described, base: Document | None = None) -> None:
        """Make ``described`` what is loaded, and leave what is edited as it is.

        The steps of the history move with it, so that taking an edit back takes nothing of somebody else's back.
        ``base`` is what they are compared with, what was loaded unless told otherwise.
        """
        with self.model.lock:
            before, now = self.loaded if base is None else base, documents.copied(described.settings or {})

            def moved(document: Document) -> Document:
                settings = merge(before, now, document.get(SETTINGS) or {})[0]
                return {**document, SETTINGS: settings} if settings or SETTINGS in document else document

            self.described, self.loaded, self.clashes = described, now, ()
            self.history.rebase(moved)

    def seen(self, described: Described) -> None:
        """Remember a later read of the same settings: its status, and when it was changed."""
        with self.model.lock:
            then = self.described
            if then is not None and documents.same(then.raw.get(SETTINGS), described.raw.get(SETTINGS)):
                self.described = described

    def settle(self, described: Described, sent: Document) -> None:
        """Take what a submit read back, and keep what was edited while it was under way.

        ``sent`` are the settings as they were when the submit began. What a policy does not let stand on top of what
        was read goes. Raises as ``take``.
        """
        with self.model.lock:
            created, later = self.create, documents.diff(sent, self.settings.to_document())
            try:
                self._settle(described, sent, later)
            except LockedFieldError:
                self._settle(described, sent, ())
            if created:  # names and tags cannot be edited from here on, and edits are kept under the name
                self.history.clear()
                self.keeper.forget()
                self.keeper.begin()
            self.keeper.keep()

    def _settle(self, described: Described, sent: Document, later: tuple[Change, ...]) -> None:
        with self.history.aside(), self.keeper.aside(), self.model.batch():
            self.take(described, sent)
            if later:
                self.edit_settings(documents.patch(self.loaded, later))

    # -- editing as a whole --------------------------------------------------------------------------------------

    def discard(self) -> None:
        """Go back to what was loaded; in create mode, to an empty new profile in the same domain. Can be undone."""
        with self.model.batch():
            if self.create:
                self.model.assign(self._blank(self.domain_id))
            else:
                self.settings.assign(self.described.settings if self.described is not None else None)

    def edit(self, document: Document) -> None:
        """Make the whole request ``document``, in one edit; a structure that was not stored may become absent again."""
        if self.create:
            self.model.assign(document, ground={})
        else:
            self.edit_settings(document.get(SETTINGS) or {})

    def edit_settings(self, settings: Document) -> None:
        """Make the settings ``settings``, in one edit."""
        self.settings.assign(settings, ground=self.loaded)

    def mend(self, fix: Fix) -> None:
        """Take a way out that a finding offered."""
        with self.model.lock:
            self.edit(documents.patch(self.model.to_document(), fix.changes))

    # -- review --------------------------------------------------------------------------------------------------

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` makes, made once as long as nothing that it is made from changes."""
        known = (self.domain, self.apps, self.lifecycles, self.clashes)
        now = (self.model.held(), self.create, self.loaded, self.described, *known)
        return self._known.once(now, name, make)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what is edited against what was loaded; paths begin with ``UserSettings``."""
        with self.model.lock:
            found: tuple[Change, ...] = self._once("changes", self._find_changes)
            return found

    def _find_changes(self) -> tuple[Change, ...]:
        own = documents.diff({SETTINGS: self.loaded}, {SETTINGS: self.settings.held()})
        if not self.create:
            return own
        rest = {name: value for name, value in self.model.held().items() if name not in (SETTINGS, "DomainId")}
        return (*documents.diff({}, rest), *own)

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the names of the top-level settings that changed."""
        with self.model.lock:
            steps = (documents.steps(change.path) for change in self.changes)
            return tuple(dict.fromkeys(str(way[1]) for way in steps if way[0] == SETTINGS and len(way) > 1))

    def request(self) -> Document:
        """Return exactly what boto3 would get.

        An update holds, whole and as they shall be, only the top-level members of UserSettings that changed (right
        whether SageMaker merges or replaces inside a structure), and no UserSettings at all when nothing changed.
        """
        with self.model.lock:
            if self.create:
                return self.model.to_document()
            wanted = self.settings.held()
            sent = {name: documents.copied(wanted[name]) for name in self.changed if name in wanted}
            names = {"DomainId": self.domain_id, "UserProfileName": self.name}
            return names | ({SETTINGS: sent} if sent else {})

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return every finding about the request, those that stop it first."""
        with self.model.lock:
            found: tuple[Problem, ...] = self._once("problems", self._find_problems)
            return found

    def _find_problems(self) -> tuple[Problem, ...]:
        standing = Standing(
            loaded=self.loaded,
            removed=() if self.create else tuple(each for each in self.changes if each.after is None),
            unknown=self.described.unknown if self.described is not None else (),
            domain=self.domain,
            apps=self.apps,
            clashes=self.clashes,
            lifecycles=self.lifecycles,
            wanted=self.settings.held(),
        )
        return judge(self.request(), self.operation, standing, self.rights.findings())

    @property
    def locked(self) -> dict[str, str]:
        """Return why sections cannot be changed here, by path: they hold what the installed botocore does not know."""
        with self.model.lock:
            seen = self.described
            return {} if seen is None or self.create else locked_sections(seen.raw, seen.unknown)

    # -- submit --------------------------------------------------------------------------------------------------

    async def submit(self, on_step: OnStep | None = None) -> Outcome:
        """Check, compare with what is stored, send once, follow to the end, read back and compare.

        Never raises for what AWS or the person did: the :class:`~profile_widgets.editing.outcome.Outcome` says it.
        ``on_step`` is called with each :class:`~profile_widgets.editing.outcome.Step`, on the caller's event loop.
        """
        with self.model.lock:
            if self._submission is not None:
                return Outcome("refused", "A submit is under way; wait for its end.")
            self._submission = submission = Submission(self, on_step)
        try:
            return await submission.run()
        finally:
            self._submission = None

    async def take_up(self, on_step: OnStep | None = None) -> Outcome | None:
        """Take up a submit that was never brought to its end, because its kernel died; ``None`` when there is none."""
        return await recovery.take_up(self, on_step)
