"""``profile-widgets audit``: who changed what, from the file that a page writes."""

from __future__ import annotations

import argparse
import json
from datetime import datetime, timedelta, timezone
from typing import Any

from profile_widgets.cli.speaking import CommandError, say


def add_audit(commands: Any) -> None:
    """Add the command to the command line."""
    audit = commands.add_parser(
        "audit",
        help="who changed what, from a page's audit",
        description="Show the calls that a page made to AWS, and the attempts that its policy refused.",
        epilog="A time is 2030-01-31, 2030-01-31T09:30 (UTC unless it says otherwise), or back from now: 30m, 12h, 7d.",
    )
    audit.add_argument("file", metavar="FILE", help="the audit that the page was started with")
    audit.add_argument("--visitor", metavar="NAME", default="", help="of this visitor only")
    audit.add_argument("--profile", metavar="NAME", default="", help="about this user profile only")
    operation_help = "this operation only, for example UpdateUserProfile"
    audit.add_argument("--operation", metavar="NAME", default="", help=operation_help)
    outcome_help = "done, refused, 'refused by policy', 'refused by AWS', failed, unknown"
    audit.add_argument("--outcome", metavar="WORDS", default="", help=outcome_help)
    path_help = "where this, or anything below it, was to be changed, for example JupyterLabAppSettings"
    audit.add_argument("--path", metavar="PATH", default="", help=path_help)
    audit.add_argument("--since", metavar="TIME", type=_time, help="from this time on")
    audit.add_argument("--until", metavar="TIME", type=_time, help="before this time")
    audit.add_argument("--output", choices=("text", "json"), default="text", help="a table, or JSON with everything")
    audit.add_argument("--wide", action="store_true", help="a table that says where and why an attempt was refused too")
    audit.set_defaults(run=run_audit)


def run_audit(options: argparse.Namespace) -> int:
    """Print what fits."""
    from profile_widgets import auditing

    try:
        rows = auditing.read(
            options.file,
            visitor=options.visitor,
            profile=options.profile,
            since=options.since,
            until=options.until,
            operation=options.operation,
            outcome=options.outcome,
            path_prefix=options.path,
        )
    except OSError as error:
        raise CommandError(f"The audit {options.file} cannot be read: {error.strerror or error}.", 2) from error
    if options.output == "json":
        found = {"rows": [row.to_document() for row in rows], "garbled": rows.garbled, "nowhere": list(rows.nowhere)}
        say(json.dumps(found, indent=2))
    else:
        say(auditing.table(rows, wide=options.wide))
    return 0


def _time(text: str) -> datetime:
    """Return the time that a text means.

    >>> _time("2030-01-31").isoformat()
    '2030-01-31T00:00:00+00:00'
    """
    units = {"m": "minutes", "h": "hours", "d": "days"}
    now = datetime.now(timezone.utc)
    try:
        if text[-1:] in units and text[:-1].isdecimal():
            return now - timedelta(**{units[text[-1]]: int(text[:-1])})
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time: write 2030-01-31, 2030-01-31T09:30 or 12h"
        ) from error
