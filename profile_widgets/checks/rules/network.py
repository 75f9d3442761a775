"""The rule about security groups."""

from __future__ import annotations

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from profile_widgets.checks.rules.case import SETTINGS, Case
from profile_widgets.checks.rules.reading import word, words
from profile_widgets.checks.rules.registry import Findings, error, information, rule, warning

GROUPS = f"{SETTINGS}.SecurityGroups"
MOST = 4
"""How many can be in force beside the one that AWS adds."""


@rule(9, "security-groups", paths=(GROUPS,), severities=(ERROR, WARNING, INFORMATION))
def security_groups(case: Case) -> Findings:
    """Ask for one in a closed domain; warn of too many, and of running apps that hold them."""
    own, given = words(case.own, "SecurityGroups"), words(case.defaults, "SecurityGroups")
    closed = case.domain is not None and word(case.domain, "AppNetworkAccessType") == "VpcOnly"
    if closed and not own and not given and case.complete:
        text = "This domain is VpcOnly and gives its profiles no security group: this profile needs at least one."
        yield error(GROUPS, text)
    union = dict.fromkeys([*given, *own])
    if own and len(union) > MOST:
        domains = f", {len(set(given))} of them the domain's" if given else ""
        text = f"{len(union)} security groups would be in force{domains}. AWS adds one, and 5 is its limit: name fewer."
        yield warning(GROUPS, text)
    if case.updates and "SecurityGroups" in case.sent and (case.loaded is None or _differs(case, own)):
        yield from _held_by_apps(case)


def _differs(case: Case, own: list[str]) -> bool:
    return set(own) != set(words(case.loaded or {}, "SecurityGroups"))


def _held_by_apps(case: Case) -> Findings:
    if case.running:
        text = f"AWS refuses other security groups while apps run. Stop these first: {case.running}."
        yield warning(GROUPS, text)
    elif case.apps is None:
        yield information(GROUPS, "AWS refuses other security groups while apps of this profile run: stop them first.")
