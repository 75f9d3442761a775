"""The command line: ``profile-widgets demo | serve | sandbox | check | policy | audit | --version``.

Nothing heavy is imported before a command needs it. Exit status: 0 well, 1 the command could not do its work or found
errors, 2 the command line or a file could not be read.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Sequence

from profile_widgets.cli import audits, checks, pages, policies
from profile_widgets.cli.speaking import PROGRAM, CommandError, say

VERSIONS_OF = ("profile-widgets", "boto3", "botocore", "ipywidgets", "anywidget", "voila", "moto")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    profile-widgets ...
    0
    """
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.version:
        return show_versions()
    if options.command is None:
        parser.print_help()
        return 2
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        status = run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read what was printed has had enough, as `head` does; nothing more is said to them, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except CommandError as error:
        say(f"{PROGRAM}: {error}", sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Edit an Amazon SageMaker user profile: as a page, in a notebook, or checked from a file.",
        epilog="A newcomer starts with: profile-widgets demo",
    )
    parser.add_argument("--version", action="store_true", help="show the versions of the kit and of what it stands on")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    pages.add_demo(commands)
    pages.add_serve(commands)
    pages.add_sandbox(commands)
    checks.add_check(commands)
    policies.add_policy(commands)
    audits.add_audit(commands)
    return parser


def show_versions() -> int:
    """Print the versions of the kit and of what it stands on."""
    for name in VERSIONS_OF:
        print(name, _version(name))
    print("Python", platform.python_version())
    return 0


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
