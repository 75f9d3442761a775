"""``profile-widgets check``: what is wrong with a request file."""

from __future__ import annotations

import argparse
import json
from typing import Any

from profile_widgets.cli.speaking import CommandError, say


class _FormatNames:
    """Be written as the names of the formats that can be read, looked up when the help is shown and not before."""

    def __str__(self) -> str:
        from profile_widgets.formats.reading import IMPORTERS

        *names, last = (each.name for each in sorted(IMPORTERS.values(), key=lambda each: each.rank))
        return f"{', '.join(names)} or {last}"


class _FormatOption(argparse.Action):
    """Store the name of a format; ``%(names)s`` in its help is every name that there is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.names = _FormatNames()

    def __call__(self, _parser: object, namespace: argparse.Namespace, value: Any, _option: str | None = None) -> None:
        setattr(namespace, self.dest, value)


def add_check(commands: Any) -> None:
    """Add the command to the command line."""
    check = commands.add_parser(
        "check",
        help="what is wrong with a request file",
        description="Check a create or update request: JSON, YAML, an AWS CLI command, a boto3 call, or the user "
        "profile in a CloudFormation template. What is known around it sharpens the judgement.",
        epilog="Exit status: 0 without errors, 1 with errors, 2 when a file cannot be read.",
    )
    check.add_argument("file", metavar="FILE", help="a file with the request, in any of these forms; - is stdin")
    format_help = "%(names)s; otherwise: told from the file"
    check.add_argument("--format", metavar="FORMAT", action=_FormatOption, help=format_help)
    check.add_argument("--output", choices=("text", "json"), default="text", help="how to print what is found")
    check.add_argument(
        "--operation",
        choices=("create", "update"),
        help="otherwise: as the file says; create when it has tags or SSO members, or is a template; update when not",
    )
    check.add_argument("--domain", metavar="FILE", help="what `aws sagemaker describe-domain` answers for its domain")
    stored_help = "what `aws sagemaker describe-user-profile` answers, before an update; or its UserSettings alone"
    check.add_argument("--stored", metavar="FILE", help=stored_help)
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """Print what is wrong with a request file."""
    from profile_widgets.checking import CannotCheckError, check_file

    try:
        found = check_file(
            options.file, options.format, options.operation, domain=options.domain, stored=options.stored
        )
    except CannotCheckError as error:
        if options.output == "json":
            say(json.dumps(error.to_document(), indent=2))
        raise CommandError(str(error), 2) from error
    if options.output == "json":
        say(json.dumps(found.to_document(), indent=2))
    for line in found.lines if options.output == "text" else ():
        say(line)
    return 1 if found.stops else 0
