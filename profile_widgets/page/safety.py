"""Why a page may not be started as it was asked for: all reasons at once, each with what to do about it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from profile_widgets.page.closing import Closing
from profile_widgets.page.identity import weakness
from profile_widgets.page.settings import TEMPLATE_ROOT

_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Start:
    """Describe a start of a page: how it is closed, and what it is made from.

    ``secret_file`` is where the proxy's secret was read from, None when none was named. ``sandbox`` says that nothing
    of it reaches AWS; ``insecure_demo``, that whoever asks for this wants everybody to be let in.
    """

    closing: Closing
    notebook: Path
    sandbox: bool = False
    insecure_demo: bool = False
    secret_file: Path | None = None


def reasons_against(start: Start, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return why this start would not be safe, a sentence each; empty when it may go on.

    >>> open_to_all = Start(Closing(ip="0.0.0.0"), Path("page.ipynb"))
    >>> reasons_against(open_to_all, {})[0].split(":")[0]
    "Whoever reaches 0.0.0.0 would act with this server's AWS credentials"
    """
    return (
        *start.closing.faults(),
        *_about_visitors(start, environment),
        *_about_the_policy(start),
        *_about_the_audit(start),
    )


def _about_visitors(start: Start, environment: Mapping[str, str]) -> Iterator[str]:
    closing = start.closing
    if start.insecure_demo:
        if not start.sandbox:
            yield "--insecure-demo lets everybody in, so it is for the sandbox only: add --sandbox."
        if closing.identity not in ("none", "demo"):
            yield "--insecure-demo takes everybody for one made-up visitor: leave --identity out."
        return
    if closing.identity == "demo":
        yield "Everybody would be the same visitor: that is --insecure-demo, for the sandbox only."
    elif closing.identity == "none":
        yield from _without_identity(start)
    elif not closing.policy:
        ready = "--policy self-service, read-only, administrator, or a file of your own"
        yield f"Visitors are known, but nothing says what they may do: name a policy ({ready})."
    if closing.identity == "proxy":
        yield from _about_the_secret(start)
    if closing.identity == "hub":
        from profile_widgets.page.hub import refusals

        yield from refusals(environment)


def _without_identity(start: Start) -> Iterator[str]:
    closing = start.closing
    if not closing.is_local:
        what = "change what is in the sandbox here" if start.sandbox else "act with this server's AWS credentials"
        yield (
            f"Whoever reaches {closing.ip} would {what}: say how visitors are known "
            "(--identity proxy or hub) and what they may do (--policy), or stay on 127.0.0.1."
        )
    if closing.policy:
        yield (
            "A policy says what visitors may do, and nothing here says who they are: add --identity proxy or hub. "
            "To try it out on this machine: profile-widgets demo --policy self-service --visitors alice,bob"
        )


def _about_the_secret(start: Start) -> Iterator[str]:
    file = start.secret_file
    if file is None:
        if start.closing.source == "demo":
            return  # made by us, for doors of our own
        yield (
            f"A header can be sent by anybody: put a secret that only the proxy knows into a file, let the proxy send "
            f"it as {start.closing.secret_header}, and name the file with --secret-file."
        )
        return
    try:
        found = file.stat()
    except OSError as error:
        yield f"The secret's file {file} cannot be read: {error.strerror}."
        return
    if os.name == "posix" and found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield f"Others on this machine can read the secret: chmod 600 {file}"
    if _is_inside(file, _served(start)):
        yield f"The secret's file {file} stands in a folder that belongs to the page: move it elsewhere."
    reason = weakness(start.closing.secret)
    if reason:
        yield reason


def _about_the_policy(start: Start) -> Iterator[str]:
    """Look who can change the policy: kernels read it when they start, so whoever writes it is the administrator."""
    for what, file in _policy_files(start.closing.policy):
        if _is_inside(file, _served(start)):
            yield f"The {what} {file} stands in a folder that belongs to the page: move it elsewhere."
        elif os.name == "posix":
            yield from _changed_by_others(what, file)


def _policy_files(source: str) -> Iterator[tuple[str, Path]]:
    from profile_widgets.checks.policy import Policy
    from profile_widgets.checks.policy.loading import READY
    from profile_widgets.errors import ProfileWidgetsError

    if not source or source in READY:
        return
    file = Path(source).expanduser().absolute()
    if file.exists():
        yield "policy", file
    try:
        mapping = Policy.load(source).document.get("profile", {}).get("file")
    except (ProfileWidgetsError, OSError):
        return  # what is wrong with a policy is said in its own words
    if mapping:
        yield "policy's list of profiles", file.parent / mapping


def _changed_by_others(what: str, file: Path) -> Iterator[str]:
    """Say which of a file and the folders above it others may write; what stands on a read-only disk, nobody can."""
    real = file.resolve()
    facts = real.stat()
    if (facts.st_mode & _BY_OTHERS or facts.st_uid not in (0, os.geteuid())) and not _is_read_only(real):
        yield f"Others on this machine can change the {what} {file}: let it be your own, and chmod go-w {file}"
    for folder in dict.fromkeys((*file.parents, *real.parents)):
        facts = folder.stat()
        is_theirs = facts.st_uid not in (0, os.geteuid())
        keeps_names = facts.st_mode & stat.S_ISVTX and folder not in (file.parent, real.parent)
        if (is_theirs or (facts.st_mode & _BY_OTHERS and not keeps_names)) and not _is_read_only(folder):
            yield f"Others on this machine can exchange the {what} {file}, because they may write {folder}: move it."
            return


def _is_read_only(place: Path) -> bool:
    return bool(os.statvfs(place).f_flag & os.ST_RDONLY)


def _about_the_audit(start: Start) -> Iterator[str]:
    if not start.closing.audit:
        return
    if not start.closing.policy:
        yield "An audit is written for visitors under a policy, and there is none: add --policy, or leave --audit out."
        return
    from profile_widgets.aws.auditing import AuditLog
    from profile_widgets.errors import StoreError

    if _is_inside(Path(start.closing.audit), _served(start)):
        yield f"The audit {start.closing.audit} would stand in a folder that belongs to the page: write it elsewhere."
        return
    try:
        AuditLog(start.closing.audit, apart_from=_served(start)).check()
    except StoreError as error:
        yield str(error)


def _served(start: Start) -> tuple[Path, ...]:
    """Return the folders that the page shows something of."""
    return start.notebook.resolve().parent, TEMPLATE_ROOT.resolve()


def _is_inside(file: Path, folders: tuple[Path, ...]) -> bool:
    return any(folder in file.resolve().parents for folder in folders)
