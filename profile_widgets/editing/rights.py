"""What a policy lets a draft's visitor do: which profiles they reach, and which edits the model takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from profile_widgets.auditing import DRAFT, MODEL
from profile_widgets.checks.policy.sentences import said
from profile_widgets.checks.problems import Problem
from profile_widgets.errors import LockedFieldError
from profile_widgets.model import documents
from profile_widgets.model.documents import Change, Document
from profile_widgets.model.shapes import CREATE

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Grant
    from profile_widgets.editing.draft import ProfileDraft

DESCRIBE = "DescribeUserProfile"
SETTINGS, DOMAIN, NAME = "UserSettings", "DomainId", "UserProfileName"
BEGUN_WITH = "SingleSignOnUserIdentifier"
"""What a new profile of a single sign-on domain has before anybody edited it."""
KNOWN = 16
"""For how many profiles it is remembered what is granted on them: a new one's name changes while it is typed."""
ELSEWHERE = "This page edits {name} of {domain}, and no other profile. Open the other one to edit it."


class Refused(Protocol):
    """Be told of every attempt that is refused, as :meth:`profile_widgets.aws.auditing.AuditLog.refused` is."""

    def __call__(
        self,
        operation: str,
        reason: str,
        *,
        where: str,
        profile: tuple[str, str] = ...,
        changes: Iterable[Change] = ...,
    ) -> None:
        """Hear of it."""


class Rights:
    """Hold a draft to a grant: to its profiles when one is opened, to its members when something is set.

    Without a grant everything may be done. ``grant`` is what counts for the profile that is open. ``refused`` hears of
    every attempt that is refused.
    """

    def __init__(self, draft: ProfileDraft, grant: Grant | None, refused: Refused | None) -> None:
        self._draft = draft
        self._base = grant
        self._refused = refused
        self._narrowed: dict[tuple[str, str], Grant] = {}
        self.place = (draft.domain_id, draft.name)

    def begin(self) -> None:
        """Guard the model from now on."""
        if self._base is not None:
            tree = self._draft.model.tree
            tree.remember(self._remembered)
            tree.guard = self.admits

    def settle(self, grant: Grant) -> None:
        """Take the grant in which the visitor's own profile is known, once; raises LockedFieldError for any other."""
        with self._draft.model.lock:
            base = self._base
            if base is None or base.own is not None or grant.own is None or grant.visitor != base.visitor:
                raise LockedFieldError("What the visitor may do is settled, and stays so.")
            self._base = grant
            self._narrowed.clear()

    @property
    def grant(self) -> Grant | None:
        """Return what is granted on the profile that is open; ``None`` when everything is."""
        return self.on(*self.place)

    def on(self, domain_id: str, name: str) -> Grant | None:
        """Return what is granted on one profile, the same object for the same one; ``None`` when everything is."""
        base, place = self._base, (domain_id, name.lower())
        if base is None:
            return None
        if place not in self._narrowed:
            if len(self._narrowed) >= KNOWN:
                self._narrowed = {each: self._narrowed[each] for each in (self._open(),) if each in self._narrowed}
            self._narrowed[place] = base.on(domain_id, name)
        found = self._narrowed[place]
        domain = self._draft.domain
        found.know_domain(domain.document if domain is not None and domain.domain_id == domain_id else None)
        return found

    @property
    def own(self) -> tuple[str, str] | None:
        """Return the visitor's own profile, ``None`` when there is none, or nothing binds the draft."""
        return self._base.own if self._base is not None else None

    def _open(self) -> tuple[str, str]:
        return self.place[0], self.place[1].lower()

    def may(self, operation: str) -> bool:
        """Tell whether an operation is granted, on whatever profile."""
        return self._base is None or self._base.may(operation)

    # -- reach ---------------------------------------------------------------------------------------------------

    def must_reach(self, domain_id: str, name: str, *, create: bool) -> None:
        """Raise :class:`~profile_widgets.errors.LockedFieldError` when the grant lets nobody open this."""
        operation = CREATE if create else DESCRIBE
        why = self.out_of_reach(domain_id, name, operation)
        if why:
            self._tell(operation, why, DRAFT, (domain_id, name))
            raise LockedFieldError(why)

    def out_of_reach(self, domain_id: str, name: str, operation: str) -> str:
        """Return why an operation may not be done on a profile; "" when it may."""
        base = self._base
        if base is None:
            return ""
        name = self._meant(domain_id, name) if operation == CREATE else name
        return base.scope(domain_id, name, f"sagemaker:{operation}")

    def stops(self, operation: str, request: Mapping[str, Any]) -> str:
        """Return why a request may not be submitted for its operation or its profile; "" when it may."""
        if self._base is None:
            return ""
        profile = str(request.get(DOMAIN, "")), str(request.get(NAME, ""))
        why = self.out_of_reach(*profile, operation)
        if not why and operation != CREATE and (profile[0], profile[1].lower()) != self._open():
            why = ELSEWHERE.format(domain=self.place[0], name=self.place[1])
        if why:
            self._tell(operation, why, DRAFT, profile)
        return why

    # -- members -------------------------------------------------------------------------------------------------

    def findings(self, *, tell: bool = False) -> tuple[Problem, ...]:
        """Return why the draft as it is may not be sent; ``tell`` says that somebody is sending it."""
        model = self._draft.model.held()
        found = self._found(model, self._baseline())
        if found and tell:
            self._tell(self._draft.operation, self._record(found), DRAFT, self.place, self._changes(found, model))
        return found

    def admits(self, before: Document, after: Document) -> None:
        """Be the model's guard: refuse what a change adds to what the policy does not allow.

        What is stored may always come back, whatever it is: the comparison is with what was loaded. What stood before
        may stay, as an edit may that became a forbidden one because somebody else changed the profile: it is a finding,
        and a submit is refused until it is gone.
        """
        if self._is_elsewhere(after):
            why = ELSEWHERE.format(domain=self.place[0], name=self.place[1])
            self._tell(self._draft.operation, why, MODEL, (str(after.get(DOMAIN)), str(after.get(NAME))))
            raise LockedFieldError(why)
        begun = self._baseline(begun=True)
        found = self._found(after, begun)
        if not found:
            return
        stood = frozenset(self._found(before, begun))
        fresh = tuple(each for each in found if each not in stood or _moved(each, before, after))
        if fresh:
            self._tell(self._draft.operation, self._record(fresh), MODEL, self.place, self._changes(fresh, after))
            raise LockedFieldError(said(fresh, "edit"), fresh)

    def against(self, changes: Iterable[Change]) -> str:
        """Return why changes may not be made to the draft as it is; "" when they may. Changes nothing."""
        if self._base is None:
            return ""
        model = self._draft.model.held()
        stood = frozenset(self._found(model, self._baseline(begun=True)))
        after = documents.patch(model, changes)
        fresh = [each for each in self._found(after, self._baseline(begun=True)) if each not in stood]
        return fresh[0].message if fresh else ""

    def _is_elsewhere(self, after: Document) -> bool:
        """Tell whether a document is of another profile than the one that is open."""
        domain_id, name = self.place
        if after.get(DOMAIN, "") != domain_id:
            return True
        return not self._draft.create and str(after.get(NAME, "")).lower() != name.lower()

    def begun_with(self, domain_id: str, name: str) -> Document:
        """Return what the organisation fills into a new profile: values of its own that the visitor may change."""
        grant = self.on(domain_id, self._meant(domain_id, name))
        return grant.defaults if grant is not None else {}

    def _meant(self, domain_id: str, name: str) -> str:
        """Return the name of a new profile, the visitor's own while it has none."""
        own = self.own
        return own[1] if not name and own is not None and own[0] == domain_id else name

    def _found(self, model: Mapping[str, Any], baseline: Document) -> tuple[Problem, ...]:
        domain_id, name = self.place
        if self._draft.create:
            name = self._meant(domain_id, str(model.get(NAME, "")))
        grant = self.on(domain_id, name)
        if grant is None:
            return ()
        after = {each: value for each, value in model.items() if each not in (DOMAIN, NAME) and value != {}}
        return grant.findings(baseline, after, f"sagemaker:{self._draft.operation}")

    def _baseline(self, *, begun: bool = False) -> Document:
        """Return what the draft is compared with: what is stored, or what a new profile begins with."""
        draft = self._draft
        if not draft.create:
            return {SETTINGS: draft.loaded} if draft.loaded else {}
        held = draft.model.value(BEGUN_WITH)
        return {BEGUN_WITH: held} if begun and held is not None else {}

    def _changes(self, found: Iterable[Problem], model: Document) -> tuple[Change, ...]:
        """Return what was tried, for the audit."""
        baseline = self._baseline()
        paths = dict.fromkeys(each.path for each in found if each.path)
        return tuple(Change(path, _at(baseline, path), _at(model, path)) for path in paths)

    def _record(self, found: tuple[Problem, ...]) -> str:
        """Return the sentence about refused edits as the audit has it, which holds no values."""
        grant = self.grant
        return said(grant.without_values(found) if grant is not None else found, "edit")

    def _tell(
        self, operation: str, record: str, where: str, profile: tuple[str, str], changes: Iterable[Change] = ()
    ) -> None:
        if self._refused is not None:
            self._refused(f"sagemaker:{operation}", record, where=where, profile=profile, changes=changes)

    def _remembered(self) -> Callable[[], None]:
        """Look at what a refused batch has to put back in the draft."""
        draft, place = self._draft, self.place
        names = ("create", "loaded", "described", "domain", "domain_note", "apps", "clashes", "opened", "where")
        then = {name: getattr(draft, name) for name in names}

        def put_back() -> None:
            self.place = place
            for name, value in then.items():
                setattr(draft, name, value)

        return put_back


def _moved(problem: Problem, before: Document, after: Document) -> bool:
    return not documents.same(_at(before, problem.path), _at(after, problem.path))


def _at(document: Document, path: str) -> Any:
    """Return the value at a finding's path, ``None`` where that leads nowhere."""
    try:
        return documents.get(document, path)
    except ValueError:
        return None
