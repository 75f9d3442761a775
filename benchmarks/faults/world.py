"""What the runs share, and what one run is about: an account, a way to it, and a profile with an edit."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import http.client
import json
import random
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import boto3

from benchmarks.faults import subject
from benchmarks.faults.nursery import Nursery
from benchmarks.faults.proxy import Proxy
from profile_widgets.aws.gateway import Gateway
from profile_widgets.model import documents
from profile_widgets.sandbox import Sandbox

T = TypeVar("T")

DOMAIN = "d-9xk2m4tq7abc"
ROLE = "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"
BASES: tuple[dict[str, Any] | None, ...] = (
    None,
    {},
    {"SecurityGroups": ["sg-0a1b2c3d"], "ExecutionRole": ROLE},
    {
        "ExecutionRole": ROLE,
        "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}, "LifecycleConfigArns": []},
        "KernelGatewayAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
    },
    {
        "SecurityGroups": ["sg-1", "sg-2"],
        "JupyterLabAppSettings": {
            "DefaultResourceSpec": {"InstanceType": "ml.m5.large"},
            "CodeRepositories": [{"RepositoryUrl": "https://example.org/a"}],
        },
        "SpaceStorageSettings": {
            "DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 10, "MaximumEbsVolumeSizeInGb": 50}
        },
    },
)
"""What a profile may have before."""

EDITS: dict[str, tuple[Any, ...]] = {
    "SecurityGroups": (["sg-7"], ["sg-8", "sg-9"], []),
    "JupyterLabAppSettings.DefaultResourceSpec.InstanceType": ("ml.t3.large", "ml.m5.xlarge"),
    "JupyterLabAppSettings.CodeRepositories": ([{"RepositoryUrl": "https://example.org/b"}],),
    "KernelGatewayAppSettings.DefaultResourceSpec.InstanceType": ("ml.t3.large", "ml.c5.large"),
    "SpaceStorageSettings.DefaultEbsStorageSettings": (
        {"DefaultEbsVolumeSizeInGb": 20, "MaximumEbsVolumeSizeInGb": 100},
    ),
}
"""What somebody may edit."""

STRANGERS = {"Stranger": {"Deep": [1, None, "text"]}, "CanvasAppSettings": {"Stranger": ["kept"]}}
"""What a newer AWS may have stored, in sections that nobody edits here."""

THEIRS = {"SharingSettings": {"NotebookOutputOption": "Disabled"}}
"""What somebody else writes meanwhile, in a section that nobody edits here."""


NOTHING_SEEN = (
    400,
    {"Content-Type": "application/x-amz-json-1.1"},
    b'{"__type":"ResourceNotFound","message":"UserProfile does not exist."}',
)
"""The answer of a read that is older than everything."""


@dataclass
class Run:
    """Be one run: a profile, what it holds and what shall be changed.

    ``theirs`` is what somebody else wrote meanwhile, ``theirs_last`` that it came after ours, ``deleted`` that somebody
    else deleted the profile.
    """

    number: int
    rng: random.Random
    fault: str
    create: bool
    base: dict[str, Any] | None
    edit: dict[str, Any]
    semantics: str
    delay: float
    theirs: dict[str, Any] = field(default_factory=dict)
    theirs_last: bool = False
    deleted: bool = False

    @classmethod
    def planned(cls, number: int, seed: int, fault: str, *, create: bool) -> Run:
        """Return the run of this number: the same one for the same seed."""
        rng = random.Random(f"{seed}/{number}")
        base = None if create else copy.deepcopy(rng.choice(BASES))
        if not create and rng.random() < 0.5:
            base = {**(base or {}), **copy.deepcopy(STRANGERS)}
        paths = rng.sample(sorted(EDITS), rng.randint(1, 3))
        edit = {path: rng.choice(EDITS[path]) for path in paths}
        return cls(number, rng, fault, create, base, edit, rng.choice(("merge", "replace")), rng.choice((0.0, 0.01)))

    @property
    def name(self) -> str:
        return f"run-{self.number}"

    @property
    def sent(self) -> dict[str, Any]:
        """Return the top-level members that the request holds, as they shall be."""
        wanted: dict[str, Any] = copy.deepcopy(self.base or {})
        for path, value in self.edit.items():
            wanted = documents.put(wanted, path, value)
        return {name: wanted[name] for name in {documents.top(path) for path in self.edit}}

    @property
    def operation(self) -> str:
        return "CreateUserProfile" if self.create else "UpdateUserProfile"


class World:
    """Hold an account, the proxy before it, and the processes that will be killed."""

    def __init__(self, directory: Path) -> None:
        self.sandbox = Sandbox().start()
        self.proxy = Proxy(self.sandbox)
        self.nursery = Nursery()
        self.directory = directory
        self.gateways = {limit: subject.gateway(self.proxy.url, limit) for limit in (subject.PATIENT, subject.HASTY)}
        session = boto3.Session(aws_access_key_id="other", aws_secret_access_key="other", region_name="eu-west-1")
        self.other_editor: Any = session.client("sagemaker", endpoint_url=self.sandbox.endpoint_url)
        self.held = contextlib.ExitStack()
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self.nursery.close()
        for each in self.gateways.values():
            each.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self.proxy.close()
        self.sandbox.stop()

    def wait(self, doing: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._loop.run_until_complete(doing)

    def gateway(self, *, hasty: bool) -> Gateway:
        return self.gateways[subject.HASTY if hasty else subject.PATIENT]

    def calm(self) -> None:
        """Take every fault back."""
        self.proxy.wait_until_idle()
        self.proxy.calm()
        self.held.close()
        self.sandbox._account.faults.clear()

    def prepare(self, run: Run) -> None:
        """Put the run's profile there, as it shall be before."""
        self.calm()
        self.proxy.applied.clear()
        self.proxy.asked.clear()
        self.proxy.last_sight = NOTHING_SEEN
        self.sandbox.semantics = run.semantics  # type: ignore[assignment]
        self.sandbox.delay = run.delay
        if not run.create:
            self.sandbox.put_raw(DOMAIN, run.name, run.base)

    def stored(self, name: str) -> dict[str, Any] | None:
        """Return the profile as it came over the wire, at rest; ``None`` when there is none."""
        for _ in range(1000):
            found = self._ask(name)
            if found is None or found["Status"] not in ("Pending", "Updating"):
                return found
            threading.Event().wait(0.005)
        raise TimeoutError(name)

    def _ask(self, name: str) -> dict[str, Any] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=30)
        with contextlib.closing(connection):
            body = json.dumps({"DomainId": DOMAIN, "UserProfileName": name})
            headers = {
                "X-Amz-Target": "SageMaker.DescribeUserProfile",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": "AWS4-HMAC-SHA256 Credential=other/20240101/eu-west-1/sagemaker/aws4_request",
            }
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            found: dict[str, Any] = json.loads(answer.read())
        return found if answer.status == 200 else None

    def write_of_others(self, run: Run, settings: dict[str, Any], *, last: bool = False) -> None:
        """Let somebody else write the run's profile, past the proxy, and wait for the end of it."""
        run.theirs, run.theirs_last = settings, last
        self.stored(run.name)
        write = self.other_editor.create_user_profile if run.create else self.other_editor.update_user_profile
        write(DomainId=DOMAIN, UserProfileName=run.name, UserSettings=settings)
        self.stored(run.name)

    def deletion_by_others(self, run: Run) -> None:
        """Let somebody else delete the run's profile, past the proxy."""
        self.stored(run.name)
        run.deleted = True
        self.other_editor.delete_user_profile(DomainId=DOMAIN, UserProfileName=run.name)
        while self._ask(run.name) is not None:
            threading.Event().wait(0.005)


@contextlib.contextmanager
def a_world() -> Iterator[World]:
    """Open a world in a directory of its own, and close it."""
    with tempfile.TemporaryDirectory() as directory:
        world = World(Path(directory))
        try:
            yield world
        finally:
            world.close()
