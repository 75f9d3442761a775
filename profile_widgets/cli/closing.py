"""The options that close a page, and what they come to: a closing, or all reasons why it would not be safe."""

from __future__ import annotations

import argparse
import dataclasses
import os
import secrets
from pathlib import Path
from typing import Any

from profile_widgets.cli.speaking import CommandError
from profile_widgets.page.closing import IDENTITIES, Closing, is_loopback
from profile_widgets.page.safety import Start, reasons_against

ACTS_AS_SERVER = "This page asks AWS with the credentials of the server that shows it, for every visitor."
ACTS_IN_SANDBOX = "This page asks a sandbox on the server's machine; no AWS account is used."
DEMO_POLICY = "self-service"
_MOST_SECRET = 4096
_OF_A_PROXY = ("identity_header", "groups_header", "secret_header", "secret_file")
_FOR_VISITORS = ("domain", "base_url", "max_kernels", "kernels_per_visitor", "idle_minutes")
_OF_AWS = ("profile", "region")


def add_closing_options(parser: argparse.ArgumentParser) -> None:
    """Add what closes a page to a command."""
    closing = parser.add_argument_group(
        "a page for more than one person", "Who comes in, and what they may do. Without these: the page is your own."
    )
    add_policy_options(closing)
    domain_help = "the domain of visitors' profiles, for a policy that names none"
    closing.add_argument("--domain", metavar="ID", default="", help=domain_help)
    kinds = [kind for kind in IDENTITIES if kind != "demo"]
    closing.add_argument("--identity", choices=kinds, default="none", help="how visitors are known (otherwise: not)")
    defaults = Closing()
    closing.add_argument(
        "--identity-header", metavar="NAME", default=defaults.header, help=f"the proxy's header ({defaults.header})"
    )
    closing.add_argument("--groups-header", metavar="NAME", default="", help="its header with groups, comma-separated")
    secret_help = f"its header with the secret ({defaults.secret_header})"
    closing.add_argument("--secret-header", metavar="NAME", default=defaults.secret_header, help=secret_help)
    file_help = "the file with that secret, readable by you alone"
    closing.add_argument("--secret-file", metavar="FILE", type=Path, help=file_help)
    closing.add_argument("--ip", metavar="ADDRESS", help="the address to listen at (127.0.0.1)")
    closing.add_argument("--base-url", metavar="PATH", help="the path below which the page stands (/)")
    host_help = "a name that browsers call the page by; once for each"
    closing.add_argument("--allowed-host", metavar="HOST", action="append", default=[], help=host_help)
    _add_limits(closing, defaults)
    insecure_help = "let everybody in, as one made-up visitor: with --sandbox only"
    closing.add_argument("--insecure-demo", action="store_true", help=insecure_help)
    sandbox_help = "the page on the sandbox: a SageMaker on this machine, no AWS account"
    closing.add_argument("--sandbox", action="store_true", help=sandbox_help)


def add_policy_options(parser: Any) -> None:
    """Add which policy there is, and where its audit is written."""
    policy_help = "what visitors may do: a file, or self-service, read-only, administrator"
    parser.add_argument("--policy", metavar="FILE|NAME", default="", help=policy_help)
    audit_help = "the file that every call to AWS is written into (with a policy: always, in your data folder)"
    parser.add_argument("--audit", metavar="FILE", help=audit_help)


def closing_of(options: argparse.Namespace, notebook: Path) -> Closing | None:
    """Return how ``serve`` closes its page, None for a page of one's own; raise CommandError for an unsafe start."""
    closing = Closing(
        policy=policy_source(options.policy or (DEMO_POLICY if options.insecure_demo else "")),
        domain_id=options.domain,
        audit=_audit(options),
        identity="demo" if options.insecure_demo and options.identity == "none" else options.identity,
        header=options.identity_header,
        groups_header=options.groups_header,
        secret_header=options.secret_header,
        secret=_secret(options.secret_file),
        ip=options.ip or Closing.ip,
        base_url=options.base_url or Closing.base_url,
        hosts=tuple(options.allowed_host),
        max_kernels=options.max_kernels,
        kernels_per_visitor=options.kernels_per_visitor,
        idle_minutes=options.idle_minutes,
        acts_as=ACTS_IN_SANDBOX if options.sandbox else ACTS_AS_SERVER,
    )
    if closing.identity == "hub":
        closing = at_the_hub(closing, options)
    start = Start(closing, notebook, options.sandbox, options.insecure_demo, options.secret_file)
    unsafe = (*reasons_against(start, os.environ), *without_effect(options))
    refuse(unsafe, policy_faults(closing.policy, options.domain))
    return None if closing.identity == "none" else closing


def without_effect(options: argparse.Namespace) -> tuple[str, ...]:
    """Return which options would change nothing in this start, a sentence each: whoever gives one relies on it."""
    parser = argparse.ArgumentParser()
    add_closing_options(parser)
    given = {name for name, usual in vars(parser.parse_args([])).items() if getattr(options, name) != usual}
    found: list[str] = []

    def look(names: tuple[str, ...], why: str) -> None:
        found.extend(f"--{name.replace('_', '-')} has no effect {why}." for name in names if name in given)

    if options.insecure_demo:
        look(_OF_A_PROXY, "with --insecure-demo, which knows nobody: leave it out")
    elif options.identity == "none":
        look(
            (*_OF_A_PROXY, *_FOR_VISITORS),
            "on a page of your own: leave it out, or say how visitors are known (--identity)",
        )
        if options.ip not in (None, "localhost", Closing.ip) and is_loopback(options.ip):
            found.append(f"--ip has no effect on a page of your own, which answers at {Closing.ip}: leave it out.")
    elif options.identity == "hub":
        look(_OF_A_PROXY, "with --identity hub, which believes no header: leave it out")
    if options.sandbox:
        given |= {name for name in _OF_AWS if getattr(options, name, None)}
        look(_OF_AWS, "with --sandbox, which uses no AWS account: leave one of the two out")
    return tuple(found)


def demo_closing(policy: str, audit: Path) -> Closing:
    """Return how the demo closes its page: for front doors of its own, which alone know its secret."""
    secret = secrets.token_urlsafe(32)
    return Closing(
        policy=policy_source(policy),
        audit=str(audit),
        identity="proxy",
        secret=secret,
        source="demo",
        acts_as=ACTS_IN_SANDBOX,
    )


def at_the_hub(closing: Closing, options: argparse.Namespace) -> Closing:
    """Return a closing that stands where the Hub wants it, unless the command line says otherwise."""
    from profile_widgets.page.hub import hub_place

    try:
        place = hub_place(os.environ)
    except ValueError:
        return closing  # refused soon, with the Hub's own reasons
    host = f"[{place.ip}]" if ":" in place.ip else place.ip
    hosts = (*closing.hosts, *filter(None, [place.public_host]), f"{host}:{place.port}")
    ip, base_url = options.ip or place.ip, options.base_url or place.base_url
    options.port = options.port or place.port
    acts_as = closing.acts_as
    if place.owner and not options.sandbox:
        acts_as = f"This page asks AWS with the credentials of the server that the Hub started for {place.owner}."
    return dataclasses.replace(closing, ip=ip, base_url=base_url, hosts=hosts, acts_as=acts_as)


def policy_source(source: str) -> str:
    """Return a policy's name, or its file's whole path: kernels run in another folder."""
    file = Path(source)
    return str(file.absolute()) if source and (file.is_file() or file.suffix or file.parent != Path()) else source


def policy_faults(source: str, domain_id: str = "") -> tuple[str, ...]:
    """Return what is wrong with a policy, or with a domain beside it that it has no use for; nothing without one."""
    if not source:
        return ()
    from profile_widgets.checks.policy import Policy
    from profile_widgets.errors import ProfileWidgetsError
    from profile_widgets.page.acting import in_domain

    try:
        policy = Policy.load(source)
    except (ProfileWidgetsError, OSError) as error:
        return (str(error),)
    if domain_id and in_domain(policy, domain_id) is policy:
        why = "it names domains itself" if policy.whose is not None else "it makes no profile anybody's own"
        return (f"--domain has no effect with the policy {source}, because {why}: leave it out.",)
    return ()


def audit_file(name: str) -> Path:
    """Return where an audit is written when no file was named: in the user's own data folder, which is made."""
    import platformdirs

    folder = os.environ.get("PROFILE_WIDGETS_DATA_DIR") or platformdirs.user_data_dir(
        "profile-widgets", appauthor=False
    )
    try:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The folder of the audit, {folder}, cannot be made: {error.strerror}.") from error
    return Path(folder) / name


def refuse(unsafe: tuple[str, ...], faults: tuple[str, ...] = ()) -> None:
    """Raise CommandError with all reasons why a start would not be safe, and all faults of its policy, if any."""
    if faults and not unsafe:
        raise CommandError("\n".join(faults), 2)
    reasons = (*unsafe, *faults)
    if len(reasons) == 1:
        raise CommandError(f"this start would not be safe. {reasons[0]}", 2)
    if reasons:
        raise CommandError("\n  - ".join(["this start would not be safe:", *reasons]), 2)


def _add_limits(parser: Any, defaults: Closing) -> None:
    limits = (
        ("--max-kernels", int, defaults.max_kernels, "pages that may be open at once"),
        ("--kernels-per-visitor", int, defaults.kernels_per_visitor, "pages that one visitor may have open"),
        ("--idle-minutes", float, defaults.idle_minutes, "minutes after which an untouched page is ended"),
    )
    for name, kind, default, words in limits:
        parser.add_argument(name, metavar="N", type=kind, default=default, help=f"{words} ({default:g})")


def _audit(options: argparse.Namespace) -> str:
    if options.audit:
        return str(Path(options.audit).absolute())
    return str(audit_file("audit.jsonl")) if options.policy or options.insecure_demo else ""


def _secret(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        with file.open(encoding="ascii") as opened:
            return opened.read(_MOST_SECRET).strip()
    except (OSError, UnicodeDecodeError):
        return ""  # the start is refused with the reason
