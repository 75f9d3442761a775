"""``profile-widgets demo``, ``serve`` and ``sandbox``: the page, for oneself or for others, and the sandbox alone."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profile_widgets.cli.speaking import CommandError, failures_in_words, require, say, stop_on_signals

if TYPE_CHECKING:
    from profile_widgets.page import PageServer
    from profile_widgets.page.closing import Closing

DEFAULT_PORT = 8866
DEMO_DELAY = 1.5
"""Seconds that the demo's profiles stay in Pending or Updating, so that the progress can be seen."""
OWN = "Whoever opens it acts with the AWS credentials of this account; it answers on this machine only."


@dataclass
class Show:
    """What is shown: a notebook or, when it is None, our own; in which environment; and what is said about it."""

    notebook: Path | None
    port: int
    environment: Mapping[str, str]
    facts: list[str]
    closing: Closing | None = None
    visitors: list[str] = field(default_factory=list)
    hosts: tuple[str, ...] = ()


def add_demo(commands: Any) -> None:
    """Add ``demo`` to the command line."""
    from profile_widgets.cli.closing import add_policy_options

    demo = commands.add_parser(
        "demo",
        help="the page on the sandbox: nothing to set up, no AWS account",
        description="Show the page on a SageMaker of its own on this machine. Nothing reaches AWS.",
        epilog="As a company would serve it, with a sign-in that is made up: "
        "profile-widgets demo --policy self-service --visitors alice,bob",
    )
    _add_page_options(demo)
    add_policy_options(demo)
    visitors_help = "with a policy: the made-up visitors, each with an address of their own (alice,bob)"
    demo.add_argument("--visitors", metavar="NAMES", help=visitors_help)
    demo.set_defaults(run=run_demo)


def add_serve(commands: Any) -> None:
    """Add ``serve`` to the command line."""
    from profile_widgets.cli.closing import add_closing_options

    serve = commands.add_parser(
        "serve",
        help="the page on AWS: on this machine only, or for others under a policy",
        description="Show the page, or a notebook, with the AWS credentials that boto3 finds here.",
    )
    what = serve.add_mutually_exclusive_group(required=True)
    what.add_argument("notebook", nargs="?", metavar="NOTEBOOK", help="a notebook of your own to show as a page")
    what.add_argument("--app", action="store_true", help="the kit's own page")
    _add_page_options(serve)
    serve.add_argument("--profile", metavar="NAME", help="the profile of your AWS configuration to use")
    serve.add_argument("--region", metavar="REGION", help="the AWS region, for example eu-west-1")
    add_closing_options(serve)
    serve.set_defaults(run=run_serve)


def add_sandbox(commands: Any) -> None:
    """Add ``sandbox`` to the command line."""
    sandbox = commands.add_parser(
        "sandbox",
        help="the sandbox alone, for boto3 and the AWS CLI, until stopped",
        description="Run a SageMaker on this machine with a made-up account in it, and print its address.",
    )
    sandbox.add_argument("--port", type=int, metavar="N", default=0, help="its port (otherwise a free one)")
    sandbox.set_defaults(run=run_sandbox)


def run_demo(options: argparse.Namespace) -> int:
    """Start the sandbox here and the page beside it, and wait until told to stop."""
    require("voila", "moto")
    closing, visitors = _demo_visitors(options)
    stop_on_signals()
    port = _page_port(options.port)
    print("Starting the sandbox and the page ...", flush=True)
    with _sandbox(visitors) as (environment, fact, domain_id):
        if closing is not None:
            closing = dataclasses.replace(closing, domain_id=domain_id)
        show = Show(None, port, environment, [fact], closing, visitors)
        return _show(show, browser=not options.no_browser)


def run_serve(options: argparse.Namespace) -> int:
    """Start the page and wait until told to stop."""
    require("voila", *(["moto"] if options.sandbox else []))
    notebook = None if options.app else Path(options.notebook)
    if notebook is not None and not notebook.is_file():
        where = "look at the path, or use --app for the kit's own page"
        raise CommandError(f"There is no notebook {options.notebook}: {where}.", 2)
    from profile_widgets.cli.closing import closing_of

    closing = closing_of(options, notebook or _own_notebook())
    stop_on_signals()
    port = _page_port(options.port, closing)
    print("Starting the page ...", flush=True)
    with ExitStack() as opened:
        if options.sandbox:
            everybody = [closing.demo_visitor] if closing is not None and closing.identity == "demo" else []
            environment, fact, domain_id = opened.enter_context(_sandbox(everybody))
            if closing is not None and not closing.domain_id:
                closing = dataclasses.replace(closing, domain_id=domain_id)
        else:
            environment, fact = _aws_environment(options), OWN
        facts = [fact] if closing is None else [*([fact] if options.sandbox else []), *_about(closing)]
        show = Show(notebook, port, environment, facts, closing, hosts=tuple(options.allowed_host))
        return _show(show, browser=not options.no_browser)


def run_sandbox(options: argparse.Namespace) -> int:
    """Run the sandbox until told to stop."""
    require("moto")
    from profile_widgets.sandbox import serve

    stop_on_signals()
    port = _checked_port(options.port) if options.port else 0
    try:
        serve(port=port)
    except OSError as error:
        raise CommandError(f"The sandbox cannot listen on port {port}: {error.strerror}.") from error
    return 0


def _add_page_options(parser: argparse.ArgumentParser) -> None:
    port_help = f"the page's port (otherwise {DEFAULT_PORT}, or a free one)"
    parser.add_argument("--port", type=int, metavar="N", help=port_help)
    parser.add_argument("--no-browser", action="store_true", help="print the address, do not open a browser")


def _demo_visitors(options: argparse.Namespace) -> tuple[Closing | None, list[str]]:
    """Return how the demo's page is closed and for whom; None and nobody for the open demo."""
    if not options.policy:
        if options.visitors or options.audit:
            raise CommandError("--visitors and --audit belong to a policy: add --policy self-service.", 2)
        return None, []
    from profile_widgets.cli.closing import audit_file, demo_closing, policy_faults, refuse
    from profile_widgets.page.identity import is_name
    from profile_widgets.page.safety import Start, reasons_against

    names = [name.strip() for name in (options.visitors or "alice,bob").split(",")]
    odd = [name for name in names if not is_name(name)]
    if odd:
        raise CommandError(f"{odd[0]!r} cannot be a visitor's name: letters, digits and @ . - _, comma-separated.", 2)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise CommandError(f"{twice[0]} is named twice: name each visitor once.", 2)
    # A file for each start: every sandbox is a new one, and yesterday's changes were made in another.
    own_file = f"demo-audit-{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    audit = Path(options.audit).absolute() if options.audit else audit_file(own_file)
    closing = demo_closing(options.policy, audit)
    unsafe = reasons_against(Start(closing, _own_notebook(), sandbox=True), os.environ)
    refuse(unsafe, policy_faults(closing.policy))
    return closing, names


@contextmanager
def _sandbox(visitors: list[str]) -> Iterator[tuple[dict[str, str], str, str]]:
    """Run a sandbox with a profile for each visitor; give the environment that leads there, a sentence, the domain."""
    from profile_widgets.cli.stage import sandbox_profiles
    from profile_widgets.page.settings import sandbox_environment
    from profile_widgets.sandbox import Sandbox

    with Sandbox(delay=DEMO_DELAY) as sandbox:
        sandbox.warm()
        fact = f"The sandbox: {sandbox.endpoint_url} (a SageMaker on this machine; no AWS account is used)"
        yield sandbox_environment(os.environ, sandbox.environment), fact, sandbox_profiles(sandbox, visitors)


def _aws_environment(options: argparse.Namespace) -> dict[str, str]:
    from profile_widgets.page.settings import profile_environment

    environment = profile_environment(os.environ, options.profile) if options.profile else dict(os.environ)
    if options.region:
        environment |= {"AWS_REGION": options.region, "AWS_DEFAULT_REGION": options.region}
    return environment


def _about(closing: Closing) -> list[str]:
    known = {
        "proxy": f"known by the header {closing.header}, believed beside {closing.secret_header} only",
        "hub": "known by the Hub",
        "demo": f"not known: everybody is taken for {closing.demo_visitor}",
    }
    names = ", ".join(closing.hosts) or "its plain address"
    where = [] if closing.is_local else [f"Listens at:  {closing.ip}, called by {names}; put TLS before it"]
    if where and closing.identity == "proxy":
        where.append(
            "             From the proxy comes plain HTTP, with the secret in it: let nobody listen between the two."
        )
    return [
        *where,
        f"Visitors:    {known[closing.identity]}",
        f"Policy:      {closing.policy} (what it allows: profile-widgets policy check {closing.policy})",
        f"Acts as:     {closing.acts_as}",
        f"The audit:   {closing.audit}",
    ]


def _show(show: Show, *, browser: bool) -> int:
    """Run a page until it is told to stop; print where it is."""
    from profile_widgets.page import PageServer

    with failures_in_words(), ExitStack() as opened:
        shown = _own_notebook() if show.notebook is None else show.notebook
        own, closing = show.notebook is None, show.closing
        page = PageServer(
            shown, port=show.port, environment=show.environment, own_page=own, closing=closing, hosts=show.hosts
        )
        opened.enter_context(page)
        addresses = _doors(page, show, opened) if show.visitors else {"The page:": page.url}
        for name, address in addresses.items():
            say(f"{name:<12} {address}")
        if show.visitors:
            show.facts.insert(0, f"{'The audit:':<12} {closing.audit if closing else ''}")
        print("\n".join(show.facts))
        print("Stop with Ctrl-C.", flush=True)
        if browser:
            for address in addresses.values():
                _open_browser(address)
        status = page.wait()
    raise CommandError(f"The page's server ended by itself with status {status}: its reason stands above.")


def _doors(page: PageServer, show: Show, opened: ExitStack) -> dict[str, str]:
    """Open a front door for each visitor; return their addresses."""
    from profile_widgets.page.door import Door

    assert show.closing is not None
    addresses = {}
    for name in show.visitors:
        headers = {show.closing.header: name, show.closing.secret_header: show.closing.secret}
        addresses[f"{name}:"] = opened.enter_context(Door(page.port, headers)).url
    return addresses


def _own_notebook() -> Path:
    from profile_widgets.page import page_notebook

    try:
        return page_notebook()
    except FileNotFoundError as error:
        raise CommandError(str(error)) from error


def _page_port(wanted: int | None, closing: Closing | None = None) -> int:
    from profile_widgets.page import free_port
    from profile_widgets.page.closing import LOOPBACK

    if wanted is not None:
        return _checked_port(wanted, closing)
    with failures_in_words():
        return free_port(DEFAULT_PORT, otherwise_any=True, ip=closing.ip if closing else LOOPBACK)


def _checked_port(wanted: int, closing: Closing | None = None) -> int:
    from profile_widgets.page import free_port
    from profile_widgets.page.closing import LOOPBACK

    with failures_in_words():
        return free_port(wanted, ip=closing.ip if closing else LOOPBACK)


def _open_browser(url: str) -> None:
    """Open the person's browser, where there is a screen for one: a browser for terminals would take over this one."""
    on_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if on_screen:
        webbrowser.open(url)
