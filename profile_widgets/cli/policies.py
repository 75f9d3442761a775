"""``profile-widgets policy check``: what a visitor could do with a policy, before anybody can."""

from __future__ import annotations

import argparse
from typing import Any

from profile_widgets.cli.speaking import CommandError, say


def add_policy(commands: Any) -> None:
    """Add the command to the command line."""
    policy = commands.add_parser(
        "policy",
        help="what a policy lets a visitor do",
        description="Look at a policy before a page is served with it.",
    )
    actions = policy.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    check = actions.add_parser(
        "check",
        help="is a policy well written, and what does it let a visitor do",
        description="Read a policy, say all that is wrong with it, and explain what a visitor could do with it.",
        epilog="Exit status: 0 when it can be used, 2 when it cannot; what is wrong then names line and path.",
    )
    check.add_argument("file", metavar="FILE", help="a policy's file, or self-service, read-only, administrator")
    check.add_argument("--user", metavar="NAME", help="for this visitor (otherwise: for somebody nobody knows)")
    group_help = "a group that the visitor is in; once for each"
    check.add_argument("--group", metavar="NAME", action="append", default=[], help=group_help)
    check.set_defaults(run=run_policy_check)
    show = actions.add_parser(
        "show",
        help="the text of a policy that the kit brings along, to begin one of your own with",
        description="Print a ready policy: profile-widgets policy show self-service > my-policy.yaml",
    )
    show.add_argument("name", metavar="NAME", help="self-service, read-only or administrator")
    show.set_defaults(run=run_policy_show)


def run_policy_check(options: argparse.Namespace) -> int:
    """Print what a visitor could do."""
    from profile_widgets.checks.policy import Policy
    from profile_widgets.checks.policy.explaining import explain
    from profile_widgets.errors import ProfileWidgetsError
    from profile_widgets.served import Visitor

    groups = tuple(options.group)
    try:
        policy = Policy.load(options.file)
        explained = explain(policy, Visitor(options.user, groups) if options.user else None, groups)
    except (ProfileWidgetsError, OSError) as error:
        raise CommandError(str(error), 2) from error
    say(explained)
    return 0


def run_policy_show(options: argparse.Namespace) -> int:
    """Print a ready policy."""
    from profile_widgets.checks.policy.loading import READY, ready_text

    if options.name not in READY:
        raise CommandError(f"There is no ready policy {options.name!r}: there are {', '.join(READY)}.", 2)
    say(ready_text(options.name).rstrip("\n"))
    return 0
