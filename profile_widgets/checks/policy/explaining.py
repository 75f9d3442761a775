"""What a visitor could do with a policy, as a table for the terminal, and what its author should know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from profile_widgets.auditing import visible
from profile_widgets.checks.policy.grants import EDIT, HIDDEN, READ, Grant
from profile_widgets.checks.policy.members import leaves, short
from profile_widgets.checks.policy.operations import CREATE, DESCRIBE, UPDATE, WRITES
from profile_widgets.checks.policy.policy import Policy
from profile_widgets.checks.policy.rules import ANY, OWN
from profile_widgets.errors import WhoseError
from profile_widgets.served import Visitor

Row = tuple[str, str, str]
"""A member, the access to it, and which values or why not."""


def explain(policy: Policy, visitor: Visitor | None = None, groups: Iterable[str] = ()) -> str:
    """Return a table of what a visitor, or somebody unknown, may do: operations, profiles, and member by member.

    ``groups`` are added to the visitor's own; without a visitor they are those of somebody whose name no rule has.

    Example::

        print(explain(Policy.load("self-service"), Visitor("alice")))
    """
    more = tuple(groups)
    if visitor is not None:
        visitor = Visitor(visitor.name, tuple(dict.fromkeys((*visitor.groups, *more))), visitor.source)
    elif more:
        visitor = Visitor("(anybody)", more)
    grant = policy.grant(visitor)
    lines = [f"{policy.title}: what {_whom(visitor)} may do", ""]
    lines += [*_head(policy, grant, visitor), "", *_table(grant)]
    told = [*_nearly(policy, visitor), *_unnamed(policy, visitor), *warnings(policy)]
    lines += ["", "What to know:", *(f"- {each}" for each in told)] if told else []
    return "\n".join(map(visible, lines))


def _whom(visitor: Visitor | None) -> str:
    if visitor is None:
        return "somebody unknown"
    inside = f" of {', '.join(visitor.groups)}" if visitor.groups else ""
    return f"{visitor.name}{inside}"


def _head(policy: Policy, grant: Grant, visitor: Visitor | None) -> Iterator[str]:
    mine = [f"rules[{rule.number}] ({rule.whom})" for rule in policy.rules if rule.is_for(visitor)]
    yield f"Rules        {', '.join(mine) or 'none'}"
    yield f"Own profile  {_own(policy, visitor)}"
    yield f"Profiles     {_reach(grant)}"
    names = sorted(grant.operations)
    yield f"Operations   {', '.join(names) or 'none'}"
    role = policy.assume_role
    if role is not None:
        yield f"Acts as      {role.role_arn}, for {role.duration:,} seconds at a time, in the visitor's name"
    yield f"To ask       {policy.contact}"


def _own(policy: Policy, visitor: Visitor | None) -> str:
    if policy.whose is None:
        return "none: the policy does not say"
    if visitor is None or visitor.name == "(anybody)":
        return "told from the visitor's name"
    try:
        name, domain = policy.whose.name_for(visitor), policy.whose.domain_for(visitor)
    except WhoseError as error:
        return f"none: {error} {policy.whose.advice(visitor)}".rstrip()
    if policy.whose.kind == "sso":
        return f"the one with the SSO user value {name}, looked up in {domain or 'the domain'}"
    return f"{name} in {domain}" if domain else f"{name} (the domain is found when the page opens)"


def _reach(grant: Grant) -> str:
    words = []
    for _, profiles, domains in grant.reach:
        words.append({OWN: "own", ANY: "any"}.get(profiles) or f"all of {', '.join(sorted(domains))}")
    return ", ".join(dict.fromkeys(words)) or "none"


def _table(grant: Grant) -> list[str]:
    rows = [(short(path), grant.access(path), _says(grant, path)) for path in leaves()]
    counts = {access: sum(row[1] == access for row in rows) for access in (EDIT, READ, HIDDEN)}
    rows = [row for access in (EDIT, READ) for row in rows if row[1] == access] + _hidden(rows)
    width = max(len(path) for path, _, _ in rows)
    lines = [f"{'Member':<{width}}  Access  Values, or why not", f"{'-' * width}  ------  {'-' * 18}"]
    lines += [f"{path:<{width}}  {access:<6}  {says}".rstrip() for path, access, says in rows]
    return [*lines, f"{counts[EDIT]} to change, {counts[READ]} to look at, {counts[HIDDEN]} hidden."]


def _hidden(rows: list[Row]) -> list[Row]:
    """Return the hidden members, those of a top-level structure in one line when all of it is hidden."""
    tops: dict[str, list[Row]] = {}
    for row in rows:
        tops.setdefault(row[0].partition(".")[0], []).append(row)
    found: list[Row] = []
    for top, inside in tops.items():
        if len(inside) > 1 and all(access == HIDDEN for _, access, _ in inside):
            found.append((f"{top}.*", HIDDEN, ""))
        else:
            found += [(path, access, "") for path, access, _ in inside if access == HIDDEN]
    return found


def _says(grant: Grant, path: str) -> str:
    if grant.access(path) != EDIT:
        return grant.reason(path)
    allowed = grant.allowed(path)
    return allowed.exactly if allowed is not None else "any that AWS takes"


def _nearly(policy: Policy, visitor: Visitor | None) -> Iterator[str]:
    for rule in policy.rules:
        if rule.nearly_for(visitor) and not rule.is_for(visitor):
            text = "is for this name or group in other capital letters: it grants nothing here, only hides and denies."
            yield f"rules[{rule.number}] ({rule.whom}) {text}"


def _unnamed(policy: Policy, visitor: Visitor | None) -> Iterator[str]:
    """Yield the visitor's groups that no rule speaks of: one of them may be written wrongly."""
    named = sorted(frozenset().union(*(rule.groups for rule in policy.rules)))
    known = {each.casefold() for each in named}
    for group in visitor.groups if visitor is not None else ():
        if group.casefold() not in known:
            those = f"the rules name {', '.join(named)}" if named else "the rules name no group"
            yield f"No rule names the group {group}, so being in it changes nothing: {those}."


def warnings(policy: Policy) -> Iterator[str]:
    """Yield what the author of a policy should know: what it gives away, and what has no effect.

    Example::

        >>> [each for each in warnings(Policy.load("read-only"))]
        []
    """
    yield from _given_away(policy)
    for rule in policy.rules:
        where = f"rules[{rule.number}] ({rule.whom})"
        changing = sorted(each.partition(":")[2] for each in rule.operations if each in WRITES)
        if changing and rule.everyone and rule.profiles != OWN:
            yield f"{where} lets whoever opens the page call {', '.join(changing)} on the profiles of others."
    yield from _wider_than_it_looks(policy)
    yield from _of_no_effect(policy)


def leaves_host_open(pattern: str) -> bool:
    r"""Tell whether a pattern of addresses lets the host be another one than it seems to name.

    Example::

        >>> leaves_host_open(r"https://git\.example/.*"), leaves_host_open("https://git.example.*")
        (False, True)
    """
    if not re.match(r"\^?(https\??|s3)\b", pattern):
        return False
    bare = re.sub(r"\[[^]]*\]|\\.", "x", pattern)
    while re.search(r"\([^()]*\)", bare):
        bare = re.sub(r"\([^()]*\)", "x", bare)
    named = re.match(r"\^?(https|s3):\\?/\\?/(?:[A-Za-z0-9-]|\\\.|\\-)+(?:\\?/|\$?$)", pattern)
    return named is None or "|" in bare


def _given_away(policy: Policy) -> Iterator[str]:
    """Yield the members that were opened by name, those without a limit first of all."""
    for rule in policy.rules:
        open_ones = [leaves()[path] for path in sorted(rule.edit) if leaves()[path].naming]
        free = [leaf for leaf in open_ones if leaf.path not in rule.allow]
        where = f"rules[{rule.number}] ({rule.whom})"
        if len(free) > 12:
            yield f"{where} opens {len(free)} members that no star opens, for any value: roles, keys, images and more."
            continue
        for leaf in free:
            yield f"{where} opens {short(leaf.path)} for any value: {leaf.naming}."
        for path, limit in rule.allow.items():
            if limit.pattern is not None and leaves_host_open(limit.pattern):
                yield f"{where} allows more hosts than one for {short(path)}: write the host out, dots as \\., and a /."
        if any(path.endswith(".InstanceType") and path not in rule.allow for path in rule.edit):
            yield f"{where} opens instance types without a limit: some cost more than 30 dollars an hour."


def _wider_than_it_looks(policy: Policy) -> Iterator[str]:
    """Yield the rules whose members may be changed by operations that only other rules grant."""
    granted = frozenset(each for rule in policy.rules for each in rule.operations)
    for rule in policy.rules:
        others = sorted(each.partition(":")[2] for each in (granted & {CREATE, UPDATE}) - rule.operations)
        if rule.edit and rule.operations and others:
            text = f"opens members, and {' and '.join(others)}, which only other rules grant, may change them too"
            yield f"rules[{rule.number}] ({rule.whom}) {text}: rules add up."


def _of_no_effect(policy: Policy) -> Iterator[str]:
    granted = frozenset(each for rule in policy.rules for each in rule.operations)
    edits = any(rule.edit for rule in policy.rules)
    if edits and not granted & {CREATE, UPDATE}:
        yield "Members may be edited, but neither UpdateUserProfile nor CreateUserProfile is granted: nothing changes."
    if granted & {CREATE, UPDATE} and not edits:
        yield "UpdateUserProfile or CreateUserProfile is granted, but no rule lets anybody edit a member."
    if granted and DESCRIBE not in granted:
        yield "No rule grants DescribeUserProfile, without which no profile can be opened."
    if not granted:
        yield "No rule grants an operation: the page can ask AWS for nothing."
