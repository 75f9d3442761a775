"""What a policy lets be seen and done on the page. Nothing is enforced here; the model, the draft and the wire do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from profile_widgets.checks.policy.grants import EDIT, HIDDEN
from profile_widgets.checks.policy.members import IDENTIFIERS, canonical, leaves, leaves_below, nodes
from profile_widgets.checks.problems import Fix, Problem
from profile_widgets.model import documents
from profile_widgets.model.documents import Document, join

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Allowed, Grant
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.editing.starting import Source

READ_ONLY = "Read-only"
"""What stands at a field that a policy locks; the reason is behind it."""
BEYOND = "The policy lets you change what is in these items, and not which there are."
LEFT_OUT = "Settings that the policy keeps from you are left out here."
UNSAID = "Something that the policy keeps from you is not in order here."
"""What is said in place of a finding about a setting that is hidden."""
TELLING = 6
"""From how many characters on a text of a hidden setting is looked for in what is said of others."""


class Sight:
    """Show a form through a policy's grant; without one everything is seen and may be done.

    Paths lead from the root of a model of the request or of its settings, positions of lists in them do not matter.

    Example::

        sight = sight_of(Policy.load("self-service").grant(visitor))
        sight.shows("UserSettings.ExecutionRole"), sight.lock("UserSettings.ExecutionRole")
    """

    def __init__(self, grant: Grant | None = None) -> None:
        self.grant = grant
        self._known: dict[str, str] = {}

    def _access(self, path: str) -> str:
        if self.grant is None:
            return EDIT
        place = _plain(path)
        if place not in self._known:
            self._known[place] = EDIT if place in IDENTIFIERS else self.grant.access(place)
        return self._known[place]

    # -- one member ------------------------------------------------------------------------------------------------

    def shows(self, path: str) -> bool:
        """Tell whether a member, or anything below it, may be seen."""
        return self._access(path) != HIDDEN

    def lock(self, path: str) -> str:
        """Return who locks a member and why, and whom to ask; "" when it, or anything below it, may be edited."""
        return "" if self.grant is None or self._access(path) == EDIT else self.grant.why(path)

    def edits(self, path: str) -> bool:
        """Tell whether everything at and below a path may be edited."""
        if self.grant is None:
            return True
        found = leaves_below(_plain(path)) or (_plain(path),)
        return all(self._access(each) == EDIT for each in found)

    def adds(self, path: str) -> bool:
        """Tell whether items may be added to a list of structures: by who may set what each item needs."""
        node = None if self.grant is None else nodes().get(_plain(path))
        if node is None or node.kind != "list":
            return self.edits(path)
        needed = [name for name, child in node.item.members.items() if child.required]
        return all(self.edits(join(_plain(path), name)) for name in needed) if needed else self.edits(path)

    def allowed(self, path: str) -> Allowed | None:
        """Return which values a member may take; ``None`` when the policy sets no limit."""
        return None if self.grant is None else self.grant.allowed(_plain(path))

    def accepts(self, path: str, value: Any) -> bool:
        """Tell whether a member may be set to a value, or be left out with ``None``."""
        if self.grant is None or value is None:
            return self.edits(path)
        left: list[str] = []
        wrapped = {"": value}
        return documents.same(self._settable(wrapped, path, left), wrapped)

    def help(self, path: str) -> str:
        """Return the organisation's own words for a member; "" when it has none."""
        return "" if self.grant is None else self.grant.help(_plain(path))

    def default(self, path: str) -> Any:
        """Return the organisation's own value for a member; ``None`` when it has none."""
        return None if self.grant is None else self.grant.default(_plain(path))

    def defaults(self) -> Document:
        """Return the settings that the organisation proposes, as those of a profile."""
        return {} if self.grant is None else dict(self.grant.defaults.get("UserSettings") or {})

    def may(self, operation: str) -> bool:
        """Tell whether an operation is granted, as ``service:Operation``."""
        return self.grant is None or self.grant.may(operation)

    def count(self) -> tuple[int, int]:
        """Return how many settings may be changed, and how many there are."""
        every = [path for path in leaves() if path.startswith("UserSettings.")]
        return sum(self._access(path) == EDIT for path in every), len(every)

    # -- documents -------------------------------------------------------------------------------------------------

    def seen(self, document: Mapping[str, Any], path: str = "") -> Document:
        """Return a document, which stands at a path, without what is hidden; what nothing is left of goes too."""
        if self.grant is None:
            return dict(document)
        found = {}
        for name, value in document.items():
            place = join(path, name) if documents.can_stand_in_a_path(name) else ""
            if not place or not self.shows(place):
                continue
            shown = self._seen_value(value, place)
            if shown or not value:
                found[name] = shown
        return found

    def _seen_value(self, value: Any, place: str) -> Any:
        if isinstance(value, Mapping):
            return self.seen(value, place)
        if isinstance(value, (list, tuple)):
            return [self.seen(each, place) if isinstance(each, Mapping) else each for each in value]
        return value

    def gap(self, draft: ProfileDraft) -> str:
        """Return the sentence that says that something a profile has is not shown; "" when all of it is."""
        root = {"UserSettings": draft.settings.held()}
        defaults = {"UserSettings": draft.defaults}
        return "" if all(documents.same(self.seen(each), each) for each in (root, defaults)) else LEFT_OUT

    def answer(self, answer: Mapping[str, Any]) -> Document:
        """Return an answer of AWS about a profile without the settings that are hidden."""
        if self.grant is None or "UserSettings" not in answer:
            return dict(answer)
        seen = self.seen({"UserSettings": answer["UserSettings"]})
        return {**{name: value for name, value in answer.items() if name != "UserSettings"}, **seen}

    def settable(self, source: Source) -> tuple[Source, list[str]]:
        """Return a source of settings with what the policy lets be set, and the paths of what was left out."""
        left: list[str] = []
        if self.grant is None:
            return source, left
        settings = self._settable(source.settings, "UserSettings", left)
        tags = source.tags if self.edits("Tags") else None if source.tags is None else {}
        return replace(source, settings=settings, tags=tags), left

    def _settable(self, document: Mapping[str, Any], path: str, left: list[str]) -> Document:
        found = {}
        for name, value in document.items():
            place = join(path, name) if name else path
            if isinstance(value, Mapping):
                inner = self._settable(value, place, left)
                if inner or (not value and self.edits(place)):
                    found[name] = inner
            elif self._takes(place, value):
                found[name] = value
            elif self.shows(place):
                left.append(place)
        return found

    def _takes(self, place: str, value: Any) -> bool:
        """Tell whether a value, or a list whole, may be set at a place."""
        if isinstance(value, (list, tuple)) and any(isinstance(each, Mapping) for each in value):
            left: list[str] = []
            kept = [self._settable(each, place, left) for each in value if isinstance(each, Mapping)]
            return documents.same(kept, value)
        allowed = self.allowed(place)
        return self._access(place) == EDIT and (allowed is None or allowed.accepts(value))

    # -- findings --------------------------------------------------------------------------------------------------

    def problems(self, problems: Iterable[Problem], *held: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Return findings as the visitor may read them: not of what is hidden, nor with ways out that are refused.

        ``held`` are the documents that they are about: a hidden text of theirs is quoted in no finding.
        """
        if self.grant is None:
            return tuple(problems)
        secrets = frozenset(text for each in held for text in self._secrets(each, ""))
        return tuple(dict.fromkeys(self._told(each, secrets) for each in problems))

    def _told(self, problem: Problem, secrets: frozenset[str]) -> Problem:
        if problem.path and not self.shows(problem.path):
            return Problem("", problem.severity, self._asking(), problem.rule)
        if any(text in problem.message for text in secrets):
            return Problem(problem.path, problem.severity, self._asking(), problem.rule)
        return replace(problem, fixes=tuple(fix for fix in problem.fixes if self.offers(fix)))

    def _asking(self) -> str:
        contact = self.grant.contact if self.grant is not None else ""
        return f"{UNSAID} Ask {contact}." if contact else UNSAID

    def offers(self, fix: Fix) -> bool:
        """Tell whether the policy would let a way out be taken."""
        return all(self.accepts(change.path, change.after) for change in fix.changes)

    def _secrets(self, node: Any, path: str) -> Iterator[str]:
        if isinstance(node, Mapping):
            for name, value in node.items():
                yield from self._secrets(value, join(path, name) if documents.can_stand_in_a_path(name) else path)
        elif isinstance(node, (list, tuple)):
            for value in node:
                yield from self._secrets(value, path)
        elif isinstance(node, str) and len(node) >= TELLING and not self.shows(path):
            known = nodes().get(_plain(path))
            if known is None or known.kind in ("string", "list"):  # a word of AWS's own tells nothing
                yield node


def _plain(path: str) -> str:
    """Return a path without positions, from the root of the request."""
    return canonical(path) if path else ""


EVERYTHING = Sight()
"""How everything is seen that no policy is about."""
_SIGHTS: WeakKeyDictionary[Grant, Sight] = WeakKeyDictionary()


def sight_of(grant: Grant | None) -> Sight:
    """Return the sight through a grant, the same one for the same grant."""
    if grant is None:
        return EVERYTHING
    if grant not in _SIGHTS:
        _SIGHTS[grant] = Sight(grant)
    return _SIGHTS[grant]
