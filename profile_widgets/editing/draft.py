"""A user profile being edited, without a screen and without boto3.

Example (any :class:`~profile_widgets.aws.protocol.ProfileGateway` will do)::

    draft = ProfileDraft(gateway, "d-abc123", "alice")
    await draft.load()
    draft.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    outcome = await draft.submit()
    outcome.status                                                                # 'done'
"""

from __future__ import annotations

import copy
from typing import Any

from profile_widgets.aws.protocol import Described, DescribedDomain, ProfileGateway
from profile_widgets.checks.problems import Problem
from profile_widgets.editing.judgement import SETTINGS, judge
from profile_widgets.editing.outcome import OnStep, Outcome
from profile_widgets.editing.submission import Submission
from profile_widgets.errors import GatewayError, InvalidSettingsError
from profile_widgets.model import documents
from profile_widgets.model.complaints import complaints
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.settings import Structure, model_class
from profile_widgets.model.shapes import CREATE, UPDATE, input_member, shape


class ProfileDraft:
    """Hold one user profile: as it was loaded, as it shall be, and what its domain gives it.

    ``model`` is the create request as a tree (its ``UserSettings`` is ``settings``; names, single sign-on and tags
    beside it). ``loaded`` are the profile's own settings as AWS gave them, ``defaults`` the domain's
    DefaultUserSettings, ``opened`` a number that changes whenever another profile is opened. Everything is changed
    under ``model.lock``.
    """

    def __init__(self, gateway: ProfileGateway, domain_id: str = "", name: str = "", *, create: bool = False) -> None:
        self.gateway = gateway
        self.model: Structure = model_class(input_member(CREATE).shape)()
        self.create = create
        self.loaded: Document = {}
        self.described: Described | None = None
        self.domain: DescribedDomain | None = None
        self.domain_note = ""
        self.opened = 0
        self._asked = 0
        self._submission: Submission | None = None
        if domain_id:
            self.model.DomainId = domain_id
        if name:
            self.model.UserProfileName = name

    # -- what it is ----------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Structure:
        """Return the settings that are edited."""
        return self.model.UserSettings  # type: ignore[no-any-return]

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
    def busy(self) -> bool:
        """Tell whether a submit is under way."""
        return self._submission is not None

    # -- loading -------------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Read the profile and its domain; edits that were not sent are given up.

        Raises :class:`~profile_widgets.errors.GatewayError` when the profile cannot be read; a domain that cannot be
        read is only noted in ``domain_note``. In create mode only the domain is read.
        """
        await self.open(self.domain_id, self.name, create=self.create)

    async def open(self, domain_id: str, name: str = "", *, create: bool = False) -> None:
        """Read another profile, or begin a new one; while it cannot be read, everything stays as it was.

        When several are asked for, the last one asked for wins, in whatever order the answers come. Raises as ``load``,
        and :class:`~profile_widgets.errors.InvalidSettingsError` when what is stored has no place in the model.
        """
        self._asked += 1
        ticket = self._asked
        described = None if create else await self.gateway.describe_user_profile(domain_id, name)
        if described is not None:
            must_be_readable(described)
        domain, note = await self._read_domain(domain_id)
        with self.model.batch():
            if ticket != self._asked:
                return
            self.opened = ticket
            self.domain, self.domain_note = domain, note
            self.create, self.loaded, self.described = create, {}, None
            self.model.assign(self._blank(domain_id, name))
            if described is not None:
                self.take(described)

    def _blank(self, domain_id: str, name: str = "") -> Document:
        """Return the request from which editing begins."""
        names = {"DomainId": domain_id} if domain_id else {}
        if name:
            names["UserProfileName"] = name
        if self.create and self.domain is not None and self.domain.auth_mode == "SSO":
            names["SingleSignOnUserIdentifier"] = "UserName"
        return names

    async def _read_domain(self, domain_id: str) -> tuple[DescribedDomain | None, str]:
        try:
            return await self.gateway.describe_domain(domain_id), ""
        except GatewayError as refused:
            return None, f"What this profile inherits is not shown. {refused}"

    def take(self, described: Described) -> None:
        """Make ``described`` what is loaded and what is edited; when it cannot be, change nothing and raise.

        Raises :class:`~profile_widgets.errors.InvalidSettingsError`.
        """
        must_be_readable(described)
        with self.model.batch():
            self.described = described
            self.loaded = copy.deepcopy(described.settings or {})
            self.create = False
            self.settings.assign(described.settings)
            self.model.UserProfileName = described.name

    def settle(self, described: Described, sent: Document) -> None:
        """Take what a submit read back, and keep what was edited while it was under way.

        ``sent`` are the settings as they were when the submit began. Raises as ``take``.
        """
        with self.model.batch():
            later = documents.diff(sent, self.settings.to_document())
            self.take(described)
            if later:
                self.settings.assign(documents.patch(self.loaded, later))

    def discard(self) -> None:
        """Go back to what was loaded; in create mode, to an empty new profile in the same domain."""
        with self.model.batch():
            if self.create:
                self.model.assign(self._blank(self.domain_id))
            else:
                self.settings.assign(self.described.settings if self.described is not None else None)

    # -- review --------------------------------------------------------------------------------------------------

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what is edited against what was loaded; paths begin with ``UserSettings``."""
        with self.model.lock:
            own = documents.diff({SETTINGS: self.loaded}, {SETTINGS: self.settings.to_document()})
            if not self.create:
                return own
            whole = self.model.to_document()
            rest = {name: value for name, value in whole.items() if name not in (SETTINGS, "DomainId")}
            return (*documents.diff({}, rest), *own)

    @property
    def _changed(self) -> tuple[str, ...]:
        with self.model.lock:
            return documents.changed_members(self.loaded, self.settings.to_document())

    def request(self) -> Document:
        """Return exactly what boto3 would get.

        An update holds, whole and as they shall be, only the top-level members of UserSettings that changed (right
        whether SageMaker merges or replaces inside a structure), and no UserSettings at all when nothing changed.
        """
        with self.model.lock:
            if self.create:
                return self.model.to_document()
            wanted = self.settings.to_document()
            sent = {name: wanted[name] for name in self._changed if name in wanted}
            names = {"DomainId": self.domain_id, "UserProfileName": self.name}
            return names | ({SETTINGS: sent} if sent else {})

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return every finding about the request, those that stop it first."""
        with self.model.lock:
            loaded = {} if self.create else self.loaded
            changed = documents.diff(loaded, self.settings.to_document())
            removed = [change for change in changed if change.after is None]
            unknown = self.described.unknown if self.described is not None else ()
            return judge(self.request(), self.operation, loaded=loaded, removed=removed, unknown=unknown)

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

    def snapshot(self) -> dict[str, Any]:
        """Return what a submit needs to know, taken together under the lock."""
        with self.model.lock:
            return {
                "request": self.request(),
                "operation": self.operation,
                "problems": self.problems,
                "wanted": self.settings.to_document(),
                "changed": self._changed,
                "loaded": self.loaded,
                "described": self.described,
                "opened": self.opened,
            }


def must_be_readable(described: Described) -> None:
    """Raise :class:`~profile_widgets.errors.InvalidSettingsError` when stored settings have no place in the model."""
    found = tuple(complaints(shape(SETTINGS), described.settings, SETTINGS)) if described.settings is not None else ()
    if found:
        said = " ".join(f"{each.path}: {each.message}" for each in found)
        text = (
            f"What AWS holds of {described.name} cannot be edited here. {said} "
            "Upgrade boto3, or correct the profile with the AWS CLI, then load it again."
        )
        raise InvalidSettingsError(text, found)
