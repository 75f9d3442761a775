"""What a policy grants a visitor: what they see, what they may change and to what, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from profile_widgets.checks.policy import comparing
from profile_widgets.checks.policy.allowed import Allowed
from profile_widgets.checks.policy.comparing import ABSENT, Difference, differences, values_at
from profile_widgets.checks.policy.members import (
    IDENTIFIERS,
    can_be_bounded_by_the_domain,
    canonical,
    leaves,
    leaves_below,
    nodes,
    short,
)
from profile_widgets.checks.policy.operations import CREATE, UPDATE, full
from profile_widgets.checks.policy.rules import ANY, OWN, Rule
from profile_widgets.checks.policy.sentences import asking
from profile_widgets.checks.problems import ERROR, Problem, ordered
from profile_widgets.model.documents import Document, copied, get, join, put, same
from profile_widgets.model.shapes import Member
from profile_widgets.served import Visitor

EDIT, READ, HIDDEN = "edit", "read", "hidden"

RULE = "policy"
"""The name of the rule in findings."""

MOST_OF_A_LIST = 100
"""How many findings about the items of one list are told one by one."""


class Grant:
    """Hold what the rules of a policy that are for one visitor grant them together.

    Rules add up; what one hides or denies stays so whatever the others say. Nothing is granted that no rule names.
    ``own`` is the visitor's own profile, ``None`` when it is not known; ``own_user`` the single sign-on user that it
    must belong to, "" when it is known by another rule. Made by ``Policy.grant``.

    Example::

        grant = Policy.load("self-service").grant(Visitor("alice", source="proxy"))
        grant.access("UserSettings.ExecutionRole"), grant.why("UserSettings.ExecutionRole")
    """

    def __init__(
        self,
        visitor: Visitor | None,
        title: str,
        contact: str,
        rules: Iterable[Rule],
        binding: Iterable[Rule] = (),
        own: tuple[str, str] | None = None,
        not_own: str = "",
    ) -> None:
        self.visitor = visitor
        self.title = title
        self.contact = contact
        self.own = own
        self.own_user = ""
        self._rules = tuple(rules)
        self._binding = tuple(binding)  # only what these hide and deny counts
        self._not_own = not_own  # why no profile is the visitor's own
        self._domain: Mapping[str, Any] | None = None

    # -- operations and reach --------------------------------------------------------------------------------------

    @cached_property
    def operations(self) -> frozenset[str]:
        """Return every operation that is granted, as ``service:Operation``; wildcards are written out."""
        return frozenset(each for rule in self._rules for each in rule.operations)

    def may(self, operation: str) -> bool:
        """Tell whether an operation is granted: ``iam:ListRoles``, or ``UpdateUserProfile`` for one of SageMaker's."""
        return full(operation) in self.operations

    def scope(self, domain_id: str, user_profile_name: str, operation: str = "") -> str:
        """Return why a profile may not be touched; "" when it may be, by ``operation`` where one is given."""
        if any(self._covers(rule, domain_id, user_profile_name, operation) for rule in self._rules):
            return ""
        if operation and not self.may(operation):
            return asking(f"{full(operation)} is not granted by the policy “{self.title}”.", self.contact)
        if self._not_own:
            return asking(self._not_own, self.contact)
        whose = f"It covers your own profile only, {self.own[1]}." if self.own else ""
        text = f"The policy “{self.title}” keeps you from the profile {user_profile_name} of {domain_id}. {whose}"
        return asking(text.strip(), self.contact)

    def on(self, domain_id: str, user_profile_name: str) -> Grant:
        """Return what is granted on one profile: the rules that reach it, and whatever any rule hides or denies."""
        rules = [rule for rule in self._rules if self._covers(rule, domain_id, user_profile_name)]
        rest = [*self._binding, *(rule for rule in self._rules if rule not in rules)]
        narrowed = Grant(self.visitor, self.title, self.contact, rules, rest, self.own, self._not_own)
        narrowed.own_user = self.own_user
        narrowed.know_domain(self._domain)
        return narrowed

    def _covers(self, rule: Rule, domain_id: str, name: str, operation: str = "") -> bool:
        if operation and full(operation) not in rule.operations:
            return False
        if rule.profiles == OWN:
            return self.own is not None and self.own[0] == domain_id and self.own[1].lower() == name.lower()
        return rule.profiles == ANY or domain_id in rule.domains

    @property
    def reach(self) -> tuple[tuple[frozenset[str], str, frozenset[str]], ...]:
        """Return, rule by rule, the operations and the profiles they are for: ``own``, ``domain`` with ids, ``any``."""
        return tuple((rule.operations, rule.profiles, rule.domains) for rule in self._rules if rule.operations)

    # -- members ---------------------------------------------------------------------------------------------------

    def access(self, path: str) -> str:
        """Return ``edit``, ``read`` or ``hidden``; for a structure, the most that any member below it has.

        Positions of lists do not matter. What no rule names, and what is no path, is hidden.
        """
        place = _place(path)
        if place is None:
            return HIDDEN
        if place in IDENTIFIERS:
            return READ
        found = {self._accesses[each] for each in leaves_below(place)} if place in nodes() or not place else set()
        if not found:
            return READ if not self._hides(place) and self._reads(place) else HIDDEN
        return next(each for each in (EDIT, READ, HIDDEN) if each in found)

    @cached_property
    def _accesses(self) -> Mapping[str, str]:
        return {each: self._leaf(each) for each in leaves()}

    def _leaf(self, place: str) -> str:
        if self._hides(place):
            return HIDDEN
        if place in self._editable:
            return EDIT
        return READ if self._reads(place) or place in self._named else HIDDEN

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(place for rule in self._rules for place in rule.edit)

    @cached_property
    def _editable(self) -> frozenset[str]:
        """Return the leaves that may be changed: by an operation that changes, and denied by no rule."""
        if not self.may(UPDATE) and not self.may(CREATE):
            return frozenset()
        return frozenset(each for each in self._named if not self._denies(each) and not self._hides(each))

    def _reads(self, place: str) -> bool:
        return any(each.matches(place) for rule in self._rules for each in rule.read)

    def _hides(self, place: str) -> bool:
        return any(each.matches(place) for rule in (*self._rules, *self._binding) for each in rule.hide)

    def _denies(self, place: str) -> bool:
        return any(each.matches(place) for rule in (*self._rules, *self._binding) for each in rule.deny)

    def why(self, path: str) -> str:
        """Return the sentence that says by what a member is locked, and whom to ask; "" for one that may be edited."""
        if self.access(path) == EDIT:
            return ""
        place = _place(path)
        if place in IDENTIFIERS:
            return "This says which profile it is, and cannot be changed."
        policy = f"the policy “{self.title}”"
        if place is None or self.access(path) == HIDDEN:
            return asking(f"Kept from you by {policy}.", self.contact)
        return asking(f"Locked by {policy}: {self.reason(place)}.", self.contact)

    def reason(self, path: str) -> str:
        """Return why a member cannot be changed, as a part of a sentence."""
        place = _place(path) or ""
        if place in self._named:
            return "it is denied expressly" if self._denies(place) else "you may look and change nothing"
        leaf = leaves().get(place)
        return (leaf.naming if leaf is not None else "") or "no rule lets you change it"

    def allowed(self, path: str) -> Allowed | None:
        """Return which values a member may take; ``None`` when the policy sets no limit, or it cannot be edited."""
        place = _place(path)
        if place is None or place not in self._editable:
            return None
        limits = [rule.allow.get(place) for rule in self._rules if place in rule.edit]
        bounds = self._domain_bounds(place) if self._domain is not None else None
        member = leaves()[place].member
        found = []
        for each in limits:
            if each is None:
                return None
            settled = each if bounds is None else each.within(*bounds)
            found.append(settled.narrowed(member.minimum, member.maximum))
        return Allowed(tuple(dict.fromkeys(found)))

    def know_domain(self, answer: Mapping[str, Any] | None) -> None:
        """Take a DescribeDomain answer, for the bounds that the policy leaves to the domain; ``None`` forgets it."""
        self._domain = answer

    def _domain_bounds(self, place: str) -> tuple[float | None, float | None, float | None]:
        """Return the lowest and the highest number that the domain lets a member have, and the domain's own value."""
        parent, _, last = short(place).rpartition(".")
        found = (
            get(self._domain, join("DefaultUserSettings", parent, name)) if name else None
            for name in (*can_be_bounded_by_the_domain(place), last)
        )
        low, high, own = (each if isinstance(each, (int, float)) else None for each in found)
        return low, high, own

    def help(self, path: str) -> str:
        """Return the organisation's own words for a member; "" when it has none."""
        place = _place(path)
        texts = [rule.help[place] for rule in self._rules if place in rule.help] if place else []
        return texts[-1] if texts and self.access(path) != HIDDEN else ""

    def default(self, path: str) -> Any:
        """Return the organisation's own value for a member that may be edited; ``None`` when it has none."""
        place = _place(path)
        found = [rule.defaults[place] for rule in self._rules if place in rule.defaults] if place else []
        return copied(found[-1]) if found and self.access(path) == EDIT else None

    @property
    def defaults(self) -> Document:
        """Return every value of the organisation's own that the visitor may set, as a request."""
        document: Document = {}
        for place in dict.fromkeys(place for rule in self._rules for place in rule.defaults):
            value = self.default(place)
            if value is not None:
                document = put(document, place, value)
        return document

    # -- changes ---------------------------------------------------------------------------------------------------

    def findings(
        self, before: Mapping[str, Any], after: Mapping[str, Any], operation: str = "UpdateUserProfile"
    ) -> tuple[Problem, ...]:
        """Return why ``before`` may not become ``after``: every change below a locked member, every value not allowed.

        Both are whole requests. What is as it was is never a finding, whatever it is; nor is a value that the same
        member has in ``before``. ``operation`` must be granted when anything differs.
        """
        try:
            found = tuple(differences(before, after))
            problems = [each for one in found for each in self._judged(one, before)]
        except RecursionError:
            return (Problem("", ERROR, "This is nested deeper than any request is.", RULE),)
        if found and not self.may(operation):
            text = f"{full(operation)} is not granted by the policy “{self.title}”."
            problems.insert(0, Problem("", ERROR, asking(text, self.contact), RULE))
        return _bounded(ordered(problems))

    def without_values(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return findings of this grant without any word of the values that were tried, as an audit may hold them."""
        return tuple(replace(each, message=self._valueless(each), fixes=()) for each in problems)

    def _valueless(self, problem: Problem) -> str:
        allowed = self.allowed(problem.path)
        return (
            problem.message if allowed is None else asking(f"This value is not allowed. {allowed.says}", self.contact)
        )

    def _judged(self, one: Difference, before: Mapping[str, Any]) -> Iterable[Problem]:
        if not self._opens(one):
            yield Problem(one.path, ERROR, self._locked(one), RULE)
            return
        allowed = self.allowed(one.place) if one.kind == comparing.VALUE else None
        if allowed is None or one.after is ABSENT:
            return
        stored = [each for value in values_at(before, one.place) for each in _items(value)]
        many = isinstance(one.after, (list, tuple))
        for index, value in enumerate(_items(one.after)):
            if not allowed.accepts(value) and not any(same(value, each) for each in stored):
                place = join(one.path, index) if many else one.path
                yield Problem(place, ERROR, asking(allowed.refusal(value), self.contact), RULE)

    def _opens(self, one: Difference) -> bool:
        """Tell whether a difference is one that the visitor may make, whatever the values."""
        if one.kind == comparing.VALUE:
            return one.place in self._editable
        if one.kind == comparing.PRESENCE:
            return self.access(one.place) == EDIT
        if one.kind == comparing.LIST:
            return all(each in self._editable for each in _of_a_list(nodes()[one.place], one.place))
        return False

    def _locked(self, one: Difference) -> str:
        if one.kind == comparing.UNKNOWN:
            text = f"The installed botocore does not know it, so the policy “{self.title}” cannot be asked about it."
            return asking(text, self.contact)
        if one.kind == comparing.LIST:
            locked = [each for each in _of_a_list(nodes()[one.place], one.place) if each not in self._editable]
            names = ", ".join(each.removeprefix(f"{one.place}.") for each in locked)
            text = f"Only who may change {names} can begin this list, end it, or add to it."
            return self.why(one.path) or asking(text, self.contact)
        text = "Another kind of value stands here than AWS's model has; that is not for a policy to allow."
        return self.why(one.path) or asking(text, self.contact)


def _place(path: str) -> str | None:
    try:
        return canonical(path)
    except (ValueError, AttributeError, TypeError):
        return None


def _bounded(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return findings with those about very many items of one list in one."""
    if len(problems) <= MOST_OF_A_LIST:
        return problems
    counts: Counter[str] = Counter()
    kept = []
    for each in problems:
        in_list, bracket, _ = each.path.partition("[")
        counts[in_list] += bool(bracket)
        if counts[in_list] <= MOST_OF_A_LIST:
            kept.append(each)
    rests = {path: count - MOST_OF_A_LIST for path, count in counts.items() if count > MOST_OF_A_LIST}
    more = (
        Problem(path, ERROR, f"{count:,} more values in this list are refused.", RULE) for path, count in rests.items()
    )
    return (*kept, *more)


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _of_a_list(member: Member, place: str) -> tuple[str, ...]:
    """Return what must be open for a list of structures to begin or end: what each item needs, else all it can have."""
    needed = [
        leaf
        for name, child in member.item.members.items()
        if child.required
        for leaf in leaves_below(join(place, name))
    ]
    return tuple(needed) or leaves_below(place)
