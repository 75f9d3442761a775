"""A policy's rules held against the installed service models: names that do not exist, values that cannot be."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterator, Mapping
from typing import Any

from profile_widgets.checks.constraints import check_structure
from profile_widgets.checks.policy.allowed import Limit, fallback, family, is_the_domains
from profile_widgets.checks.policy.located import Finding, Located, Place
from profile_widgets.checks.policy.members import (
    IDENTIFIERS,
    Leaf,
    Pattern,
    can_be_bounded_by_the_domain,
    leaves,
    nearest,
    nodes,
    short,
)
from profile_widgets.checks.policy.operations import KNOWN, full, meant
from profile_widgets.checks.policy.rules import ANY, DOMAIN, EVERYONE, OWN, Rule
from profile_widgets.checks.problems import shown
from profile_widgets.model.documents import put
from profile_widgets.model.shapes import CREATE, Member, input_member

_NUMBERS = ("integer", "number")


def resolved(
    rules: list[dict[str, Any]], located: Located, findings: list[Finding], ill: Container[object] = ()
) -> Iterator[Rule]:
    """Yield each rule against the installed models; what is wrong goes into ``findings``.

    The rules whose numbers are in ``ill`` are not looked at: they are not well formed.
    """
    for number, rule in enumerate(rules):
        if number not in ill:
            yield _Reading(number, rule, located, findings).rule()


class _Reading:
    """Read one rule."""

    def __init__(self, number: int, rule: dict[str, Any], located: Located, findings: list[Finding]) -> None:
        self.number, self.document, self.located, self.findings = number, rule, located, findings

    def _find(self, text: str, *way: str | int, name: bool = False) -> None:
        place: Place = ("rules", self.number, *way)
        self.findings.append(self.located.finding(place, text, name=name))

    def rule(self) -> Rule:
        """Return the rule."""
        whom = self.document["for"]
        people = {} if whom == EVERYONE else whom
        edit = self._edit()
        allow = self._allow(edit)
        return Rule(
            number=self.number,
            everyone=whom == EVERYONE,
            users=frozenset(people.get("users", ())),
            groups=frozenset(people.get("groups", ())),
            operations=self._operations(),
            profiles=self._profiles(),
            domains=frozenset(self.document.get("domains", ())),
            edit=edit,
            read=tuple(each for _, each in self._patterns("read")),
            hide=tuple(each for _, each in self._patterns("hide")),
            deny=tuple(each for _, each in self._patterns("deny")),
            allow=allow,
            defaults=self._defaults(edit, allow),
            help=self._help(),
        )

    def _profiles(self) -> str:
        profiles: str = self.document.get("profiles", OWN)
        if profiles == DOMAIN and "domains" not in self.document:
            self._find("profiles: domain needs domains, a list of their ids.", "profiles")
        if profiles != DOMAIN and "domains" in self.document:
            self._find(f"domains has no meaning with profiles: {profiles}.", "domains", name=True)
        return profiles if profiles in (OWN, DOMAIN, ANY) else OWN

    # -- operations ------------------------------------------------------------------------------------------------

    def _operations(self) -> frozenset[str]:
        found: set[str] = set()
        for index, entry in enumerate(self.document.get("operations", ())):
            names = meant(entry)
            if not names:
                text = f"No operation that only reads, and that the page asks for, matches {shown(entry)}."
                self._find(f"{text} What changes something is named in full.", "operations", index)
            elif "*" not in entry:
                wrong = wrong_operation(names[0])
                if wrong:
                    self._find(wrong, "operations", index)
            found.update(names)
        return frozenset(found)

    # -- members ---------------------------------------------------------------------------------------------------

    def _patterns(self, key: str) -> Iterator[tuple[int, Pattern]]:
        for index, text in enumerate(self.document.get(key, ())):
            pattern = Pattern(text)
            wrong = _wrong_path(pattern)
            if wrong:
                self._find(wrong, key, index)
            yield index, pattern

    def _edit(self) -> frozenset[str]:
        found: set[str] = set()
        for index, pattern in self._patterns("edit"):
            below = [leaf for leaf in leaves().values() if pattern.matches(leaf.path)]
            opened = [leaf.path for leaf in below if pattern.opens(leaf)]
            if below and not opened:
                names = ", ".join(short(leaf.path) for leaf in below[:4]) + (" ..." if len(below) > 4 else "")
                text = f"This opens nothing: {below[0].naming}. Such members are opened by their whole path: {names}."
                self._find(text, "edit", index)
            found.update(opened)
        return frozenset(found)

    def _leaf(self, key: str, text: str) -> Leaf | None:
        """Return the leaf that a member of ``allow`` or ``defaults`` names; ``None``, with a finding, for no leaf."""
        pattern = Pattern(text)
        wrong = "Name one member by its whole path." if "*" in text else _wrong_path(pattern)
        if not wrong and pattern.path in nodes() and pattern.path not in leaves():
            wrong = "This is a structure: name a member that holds a value."
        if wrong:
            self._find(wrong, key, text, name=True)
            return None
        return leaves().get(pattern.path)

    def _allow(self, edit: frozenset[str]) -> Mapping[str, Limit]:
        found: dict[str, Limit] = {}
        for text, entry in self.document.get("allow", {}).items():
            places = self._limited(text, edit)
            limit = _limit(entry)
            for leaf in places:
                if leaf.path in found:
                    self._find(f"{short(leaf.path)} has two limits in this rule.", "allow", text, name=True)
                found[leaf.path] = limit
            if places:
                for wrong in _wrong_limit(places, limit):
                    self._find(wrong, "allow", text)
        return found

    def _limited(self, text: str, edit: frozenset[str]) -> list[Leaf]:
        """Return the leaves that a member of ``allow`` is about: those below it that this rule opens."""
        pattern = Pattern(text)
        if "*" not in text:
            leaf = self._leaf("allow", text)
            if leaf is not None and leaf.path not in edit:
                wrong = "This rule does not let anybody change it: put the limit into the rule that does."
                self._find(wrong, "allow", text, name=True)
                return []
            return [leaf] if leaf is not None else []
        wrong = _wrong_path(pattern)
        found = [leaves()[each] for each in sorted(edit) if pattern.matches(each)]
        if wrong or not found:
            self._find(wrong or "This rule lets nobody change such a member.", "allow", text, name=True)
        return found

    def _defaults(self, edit: frozenset[str], allow: Mapping[str, Limit]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for text, value in self.document.get("defaults", {}).items():
            place = Pattern(text).path
            node = nodes().get(place)
            if node is not None and node.is_structure_list and "*" not in text:
                inside = [each for each in leaves() if each.startswith(f"{place}.")]
                opened = any(each in edit for each in inside)
            else:
                leaf = self._leaf("defaults", text)
                if leaf is None:
                    continue
                node, opened = leaf.member, leaf.path in edit
            if not opened:
                self._find("This rule does not let anybody change it, so it can be offered to nobody.",
                           "defaults", text, name=True)  # fmt: skip
            for wrong in _wrong_value(place, node, value):
                self._find(wrong, "defaults", text)
            for wrong in _outside(place, value, allow):
                self._find(wrong, "defaults", text)
            found[place] = value
        return found

    def _help(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for text, words in self.document.get("help", {}).items():
            pattern = Pattern(text)
            wrong = _wrong_path(pattern)
            if wrong:
                self._find(wrong, "help", text, name=True)
            places = [each for each in nodes() if pattern.matches(each)] if "*" in text else [pattern.path]
            found.update((each, words) for each in places)
        return found


# -- what is wrong -------------------------------------------------------------------------------------------------


def _wrong_path(pattern: Pattern) -> str:
    """Return why a path is none of the installed model's; "" for one that is, or that need not be."""
    if pattern.path.partition(".")[0] in IDENTIFIERS:
        return "This says which profile it is: see profiles."
    if pattern.is_optional or any(pattern.matches(each) for each in nodes()):
        return ""
    near = nearest(pattern.path)
    hint = f" Did you mean {near}?" if near else ""
    return f"The installed botocore has no member {short(pattern.path)}.{hint}"


def wrong_operation(operation: str) -> str:
    """Return why an operation cannot be granted: the page asks for it never; "" for one that can."""
    service, _, name = full(operation).partition(":")
    if f"{service}:{name}" in KNOWN:
        return ""
    services = sorted({each.partition(":")[0] for each in KNOWN})
    if service not in services:
        near = difflib.get_close_matches(service, services, n=1)
        text = f"The page asks nothing of a service {shown(service)}, so that no policy grants it."
    else:
        near = difflib.get_close_matches(
            name, [each.partition(":")[2] for each in KNOWN if each.startswith(f"{service}:")], n=1
        )
        text = f"The page never asks for {shown(f'{service}:{name}')}, so that no policy grants it."
    return f"{text} Did you mean {near[0]}?" if near else text


def _limit(entry: dict[str, Any]) -> Limit:
    return Limit(
        values=tuple(entry["values"]) if "values" in entry else None,
        families=tuple(entry.get("families", ())),
        pattern=entry.get("pattern"),
        minimum=entry.get("min"),
        maximum=entry.get("max"),
        say=entry.get("say", ""),
    )


def _wrong_limit(places: list[Leaf], limit: Limit) -> Iterator[str]:
    """Yield why a limit does not fit the members that it is for."""
    for leaf in places:
        inner = leaf.member.item if leaf.member.kind == "list" else leaf.member
        if limit.is_range and inner.kind not in _NUMBERS:
            yield f"{short(leaf.path)} is no number: a range has no meaning for it."
        elif limit.is_range:
            yield from _wrong_range(leaf, limit)
        if limit.pattern is not None:
            yield from _wrong_pattern(leaf, inner, limit.pattern)
        for value in limit.values or ():
            yield from _wrong_value(leaf.path, inner, value)
        for name in limit.families:
            families = sorted({family(each) for each in inner.enum if family(each)})
            if name not in families:
                near = difflib.get_close_matches(name, families, n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                yield f"{shown(name)} is no family of {short(leaf.path)}'s values.{hint}"


def _wrong_range(leaf: Leaf, limit: Limit) -> Iterator[str]:
    low, high = can_be_bounded_by_the_domain(leaf.path)
    for bound, beside, word in ((limit.minimum, low, "least"), (limit.maximum, high, "most")):
        if is_the_domains(bound) and not beside:
            yield f"A domain keeps no {word} for {short(leaf.path)}: give a number."
    least, most = (fallback(each) if isinstance(each, str) else each for each in (limit.minimum, limit.maximum))
    if least is not None and most is not None and least > most:
        yield "min is more than max: no number fits."


def _wrong_pattern(leaf: Leaf, inner: Member, pattern: str) -> Iterator[str]:
    import regex

    if inner.kind not in ("string", "enum"):
        yield f"{short(leaf.path)} is no text: a pattern has no meaning for it."
    try:
        regex.compile(pattern)
    except regex.error as error:
        yield f"{shown(pattern)} is no regular expression: {error}."


def _wrong_value(path: str, node: Member, value: Any) -> Iterator[str]:
    """Yield why AWS would not take a value for a member."""
    sample: Any = [value] if nodes()[path].kind == "list" and node is not nodes()[path] else value
    if nodes()[path].kind == "list" and not isinstance(sample, list):
        yield f"Takes a list, not {shown(value)}."
        return
    parent = path.rpartition(".")[0]
    if parent and nodes()[parent].kind == "list":  # an item's own member: judged alone
        found = check_structure(nodes()[parent].item, {path.rpartition(".")[2]: sample})
        found = tuple(each for each in found if each.rule not in {"required", "union"})
    else:
        found = check_structure(input_member(CREATE), put({}, path, sample))
        found = tuple(each for each in found if each.path.startswith(path))
    yield from dict.fromkeys(each.message for each in found if each.blocks)


def _outside(place: str, value: Any, allow: Mapping[str, Limit]) -> Iterator[str]:
    """Yield which part of a default the rule itself does not allow; what depends on the domain is left open."""
    from profile_widgets.checks.policy.comparing import values_at

    for path, limit in allow.items():
        if path != place and not path.startswith(f"{place}."):
            continue
        for found in values_at({"at": value}, "at" + path.removeprefix(place)):
            for each in found if isinstance(found, list) else [found]:
                if not limit.asks_the_domain and not limit.accepts(each):
                    yield f"{shown(each)} is not what allow says of {short(path)}: {limit.says}."
