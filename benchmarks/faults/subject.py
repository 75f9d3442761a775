"""The editor under test: one profile loaded, edited and submitted, or a submit of earlier taken up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials

from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Described
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import OnStep, Outcome
from profile_widgets.editing.store import Store
from profile_widgets.errors import GatewayError

PAUSES = (0.02, 0.05, 0.1)
"""What the editor waits before it looks again; a person's editor takes its time."""

PATIENT, HASTY = 10.0, 0.25
"""Seconds that a read may take: more than a busy machine needs, and little where a fault is that no answer comes."""


@dataclass(frozen=True)
class Job:
    """Say what to edit, as plain data: a child process gets it as JSON."""

    url: str
    directory: str
    domain_id: str
    name: str
    create: bool
    edit: dict[str, Any] = field(default_factory=dict)
    read_timeout: float = PATIENT

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Ending:
    """Say, as plain data, what the editor told: ``kept`` is whether the edits are still in the draft."""

    status: str
    text: str
    ok: bool
    resent: bool
    differs: int
    kept: bool

    @classmethod
    def of(cls, outcome: Outcome, *, kept: bool) -> Ending:
        differs = len(outcome.differences)
        return cls(outcome.status, outcome.text, outcome.ok, outcome.resent, differs, kept)


class BriskGateway(Gateway):
    """Be a gateway that follows at the sandbox's pace instead of at AWS's."""

    async def follow(self, *names: Any, **options: Any) -> Described:
        return await super().follow(*names, **{"timeout": 3.0} | options, interval=0.02, longest_interval=0.05)


def gateway(url: str, read_timeout: float) -> BriskGateway:
    """Return a gateway that gives up soon."""
    credentials = Credentials("AKIAEXAMPLEEXAMPLE12", "secret/secret/secret/secret/secret/sec12", "token-token-token")
    settings = {"connect_timeout": 3.0, "read_timeout": read_timeout, "attempts": 2, "credentials": credentials}
    return BriskGateway(Connection(region="eu-west-1", endpoint_url=url, **settings))


def draft(job: Job, through: Gateway) -> ProfileDraft:
    """Return a draft that is not loaded yet."""
    store = Store(Path(job.directory))
    return ProfileDraft(through, job.domain_id, job.name, create=job.create, store=store, pauses=PAUSES)


async def load(draft: ProfileDraft) -> None:
    """Load; a machine that is busy may make a read late, which is none of the planned faults."""
    for attempt in range(3):
        try:
            await draft.load()
        except GatewayError:
            if attempt == 2:
                raise
        else:
            return


def edit(draft: ProfileDraft, values: Mapping[str, Any]) -> None:
    """Edit fields by path."""
    for path, value in values.items():
        draft.settings.put(path, value)


async def submit(draft: ProfileDraft, on_step: OnStep | None = None) -> Ending:
    """Submit, and say how it ended."""
    before = draft.request()
    outcome = await draft.submit(on_step)
    return Ending.of(outcome, kept=draft.request() == before)


async def take_up(draft: ProfileDraft, on_step: OnStep | None = None) -> Ending | None:
    """Take up what has no end, and say how it ended."""
    outcome = await draft.take_up(on_step)
    return None if outcome is None else Ending.of(outcome, kept=True)


def run(job: Job, what: str, on_step: OnStep | None, ready: Callable[[], None]) -> dict[str, Any] | None:
    """Load, and then ``submit`` or ``take up``; ``ready`` is called in between. For a process of its own."""
    through = gateway(job.url, job.read_timeout)

    async def go() -> Ending | None:
        being = draft(job, through)
        await load(being)
        if what == "submit":
            edit(being, job.edit)
        ready()
        return await (submit(being, on_step) if what == "submit" else take_up(being, on_step))

    ending = asyncio.run(go())
    return None if ending is None else asdict(ending)
