"""The command line: ``profile-widgets demo | serve | sandbox | check | --version``.

Nothing heavy is imported before a command needs it. Exit status: 0 well, 1 the command could not do its work or found
errors, 2 the command line or a file could not be read.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import signal
import sys
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

PROGRAM = "profile-widgets"
DEFAULT_PORT = 8866
DEMO_DELAY = 1.5
"""Seconds that the demo's profiles stay in Pending or Updating, so that the progress can be seen."""
VERSIONS_OF = ("profile-widgets", "boto3", "botocore", "ipywidgets", "anywidget", "voila", "moto")


class CommandError(Exception):
    """Say in one sentence why a command cannot go on; ``status`` is the exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


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
        return run(options)
    except CommandError as error:
        _say(f"{PROGRAM}: {error}", sys.stderr)
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
    _add_demo(commands)
    _add_serve(commands)
    _add_sandbox(commands)
    _add_check(commands)
    return parser


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="the page on the sandbox: nothing to set up, no AWS account",
        description="Show the page on a SageMaker of its own on this machine. Nothing reaches AWS.",
    )
    _add_page_options(demo)
    demo.set_defaults(run=run_demo)


def _add_serve(commands: Any) -> None:
    serve = commands.add_parser(
        "serve",
        help="the page on AWS, on this machine's address only",
        description="Show the page, or a notebook, with the AWS credentials that boto3 finds here.",
    )
    what = serve.add_mutually_exclusive_group(required=True)
    what.add_argument("notebook", nargs="?", metavar="NOTEBOOK", help="a notebook of your own to show as a page")
    what.add_argument("--app", action="store_true", help="the kit's own page")
    _add_page_options(serve)
    serve.add_argument("--profile", metavar="NAME", help="the profile of your AWS configuration to use")
    serve.add_argument("--region", metavar="REGION", help="the AWS region, for example eu-west-1")
    serve.set_defaults(run=run_serve)


def _add_page_options(parser: argparse.ArgumentParser) -> None:
    port_help = f"the page's port (otherwise {DEFAULT_PORT}, or a free one)"
    parser.add_argument("--port", type=int, metavar="N", help=port_help)
    parser.add_argument("--no-browser", action="store_true", help="print the address, do not open a browser")


def _add_sandbox(commands: Any) -> None:
    sandbox = commands.add_parser(
        "sandbox",
        help="the sandbox alone, for boto3 and the AWS CLI, until stopped",
        description="Run a SageMaker on this machine with a made-up account in it, and print its address.",
    )
    sandbox.add_argument("--port", type=int, metavar="N", default=0, help="its port (otherwise a free one)")
    sandbox.set_defaults(run=run_sandbox)


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


def _add_check(commands: Any) -> None:
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


def show_versions() -> int:
    """Print the versions of the kit and of what it stands on."""
    for name in VERSIONS_OF:
        print(name, _version(name))
    print("Python", platform.python_version())
    return 0


def run_demo(options: argparse.Namespace) -> int:
    """Start the sandbox here and the page beside it, and wait until told to stop."""
    _require("voila", "moto")
    from profile_widgets.page.settings import sandbox_environment
    from profile_widgets.sandbox import Sandbox

    _stop_on_signals()
    port = _page_port(options.port)
    print("Starting the sandbox and the page ...", flush=True)
    with Sandbox(delay=DEMO_DELAY) as sandbox:
        sandbox.warm()
        environment = sandbox_environment(os.environ, sandbox.environment)
        facts = [f"The sandbox: {sandbox.endpoint_url} (a SageMaker on this machine; no AWS account is used)"]
        return _show(None, port, environment, facts, browser=not options.no_browser)


def run_serve(options: argparse.Namespace) -> int:
    """Start the page on AWS and wait until told to stop."""
    _require("voila")
    from profile_widgets.page.settings import profile_environment

    _stop_on_signals()
    environment = profile_environment(os.environ, options.profile) if options.profile else dict(os.environ)
    if options.region:
        environment |= {"AWS_REGION": options.region, "AWS_DEFAULT_REGION": options.region}
    notebook = None if options.app else Path(options.notebook)
    if notebook is not None and not notebook.is_file():
        where = "look at the path, or use --app for the kit's own page"
        raise CommandError(f"There is no notebook {options.notebook}: {where}.", 2)
    port = _page_port(options.port)
    print("Starting the page ...", flush=True)
    facts = ["Whoever opens it acts with the AWS credentials of this account; it answers on this machine only."]
    return _show(notebook, port, environment, facts, browser=not options.no_browser)


def run_sandbox(options: argparse.Namespace) -> int:
    """Run the sandbox until told to stop."""
    _require("moto")
    from profile_widgets.sandbox import serve

    _stop_on_signals()
    port = _checked_port(options.port) if options.port else 0
    try:
        serve(port=port)
    except OSError as error:
        raise CommandError(f"The sandbox cannot listen on port {port}: {error.strerror}.") from error
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Print what is wrong with a request file."""
    import json

    from profile_widgets.checking import CannotCheckError, check_file

    try:
        found = check_file(
            options.file, options.format, options.operation, domain=options.domain, stored=options.stored
        )
    except CannotCheckError as error:
        if options.output == "json":
            _say(json.dumps(error.to_document(), indent=2))
        raise CommandError(str(error), 2) from error
    if options.output == "json":
        _say(json.dumps(found.to_document(), indent=2))
    for line in found.lines if options.output == "text" else ():
        _say(line)
    return 1 if found.stops else 0


def _say(text: str, stream: TextIO | None = None) -> None:
    """Print a text; what the terminal cannot show is written as an escape."""
    to = sys.stdout if stream is None else stream
    encoding = to.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=to)


def _show(notebook: Path | None, port: int, environment: Mapping[str, str], facts: list[str], *, browser: bool) -> int:
    """Run a notebook, or our own, as a page until it is told to stop; print where it is."""
    from profile_widgets.page import PageServer

    with _failures_in_words():
        shown = _own_notebook() if notebook is None else notebook
        with PageServer(shown, port=port, environment=environment, own_page=notebook is None) as page:
            print(f"The page:    {page.url}")
            print("\n".join(facts))
            print("Stop with Ctrl-C.", flush=True)
            if browser:
                _open_browser(page.url)
            status = page.wait()
    raise CommandError(f"The page's server ended by itself with status {status}: its reason stands above.")


@contextmanager
def _failures_in_words() -> Iterator[None]:
    from profile_widgets.page import PageError

    try:
        yield
    except PageError as error:
        raise CommandError(str(error)) from error


def _own_notebook() -> Path:
    from profile_widgets.page import page_notebook

    try:
        return page_notebook()
    except FileNotFoundError as error:
        raise CommandError(str(error)) from error


def _page_port(wanted: int | None) -> int:
    from profile_widgets.page import free_port

    return free_port(DEFAULT_PORT, otherwise_any=True) if wanted is None else _checked_port(wanted)


def _checked_port(wanted: int) -> int:
    from profile_widgets.page import free_port

    with _failures_in_words():
        return free_port(wanted)


def _open_browser(url: str) -> None:
    """Open the person's browser, where there is a screen for one: a browser for terminals would take over this one."""
    on_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if on_screen:
        webbrowser.open(url)


def _stop_on_signals() -> None:
    """Let the signals that ask a process to end do what Ctrl-C does: leave every ``with`` block in order."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def _require(*modules: str) -> None:
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        names = " and ".join(missing)
        raise CommandError(f"This needs {names}, which the kit brings along as: pip install 'profile-widgets[app]'")


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    sys.exit(main())
