"""The page under attack: started here, open or closed, before a witness and a sandbox; or somebody else's."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from profile_widgets.page import PageServer, page_notebook
from profile_widgets.page.closing import Closing
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.hostile.client import Address, Person
from tests.hostile.wire import Unwatched, Witness

DOMAIN = "d-9xk2m4tq7abc"
POLICY = Path(__file__).with_name("policy.yaml")
STORED = {
    "ExecutionRole": "arn:aws:iam::123456789012:role/SageMakerAnalystRole",
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"},
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 120}},
    },
    "DefaultLandingUri": "studio::",
}
"""What the visitors' profiles hold, beside a path that the policy hides."""
NAME, SECRET = "X-Forwarded-User", "X-Page-Secret"


@dataclass
class Subject:
    """A page, who comes to it, and what must never come out of it."""

    address: Address
    witness: Witness | Unwatched
    people: dict[str, Person]
    domain: str = DOMAIN
    secrets: dict[str, str] = field(default_factory=dict)
    """What it is, and the text of it."""
    files: tuple[str, ...] = ()
    """Files of the server's, by their paths."""
    elsewhere: str = ""
    """An address that nothing may be sent to."""
    sent_elsewhere: list[str] = field(default_factory=list)
    closed: bool = False
    log: Path | None = None
    """What the page's processes say on their error stream."""

    def restore(self, name: str) -> None:
        """Let every profile hold what it held at first; from now on it is this visitor who is at the page."""
        if isinstance(self.witness, Unwatched):
            return
        self.witness.own = frozenset({(self.domain, name)})
        for person in self.people:
            place = self.secrets["the bobs canary" if person == "bob" else "the hidden canary"]
            sharing = {"SharingSettings": {"S3OutputPath": f"s3://{place}/out"}}
            self.witness.sandbox.put_raw(self.domain, person, {**STORED, **sharing})

    def secrets_heard(self) -> list[str]:
        """Return which secrets came back or stand in the log, and the requests that went elsewhere."""
        if self.log:
            self.address.hear(self.log.read_text(errors="replace"))
        return [*dict.fromkeys(self.address.found), *self.sent_elsewhere]


@contextmanager
def started(closed: bool = True, kernels: int = 6) -> Iterator[Subject]:
    """Start a sandbox, a witness before it, and the page before that."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="hostile-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        sandbox = stack.enter_context(Sandbox())
        secret = {
            name: f"canary-{name}-{secrets.token_hex(12)}"
            for name in ("key", "token", "page", "hidden", "bobs", "file")
        }
        witness = stack.enter_context(Witness(sandbox, strict=closed))
        elsewhere = stack.enter_context(_trap())
        (folder / "page").mkdir()
        notebook = Path(shutil.copy(page_notebook(), folder / "page" / "served.ipynb"))
        files = _files(folder, secret["file"])
        own = {
            "AWS_ENDPOINT_URL": witness.url,
            "AWS_SECRET_ACCESS_KEY": secret["key"],
            "AWS_SESSION_TOKEN": secret["token"],
        }
        around = sandbox_environment(os.environ, {**sandbox.environment, **own})
        around["PROFILE_WIDGETS_DATA_DIR"] = str(folder / "data")
        closing = _closing(folder, secret["page"], kernels) if closed else None
        log = folder / "log"
        with _errors_into(log):
            page = stack.enter_context(PageServer(notebook, environment=around, closing=closing))
        names = ("alice", "bob", "carol")
        people = {each: Person(each, {NAME: each, SECRET: secret["page"]} if closed else {}) for each in names}
        told = {f"the {name} canary": text for name, text in secret.items()}
        told["the policy's file"] = "canary-policy-comment-51c07"
        # Whoever opens an open page owns it: every profile and every member is theirs to see.
        kept = {what: text for what, text in told.items() if closed or text not in (secret["hidden"], secret["bobs"])}
        subject = Subject(Address(page.url, kept), witness, people, secrets=told, files=files, closed=closed, log=log)
        subject.elsewhere, subject.sent_elsewhere = elsewhere.url, elsewhere.heard
        subject.restore("alice")
        yield subject


@contextmanager
def _errors_into(file: Path) -> Iterator[None]:
    """Let processes that are started meanwhile write their errors into a file."""
    kept = os.dup(2)
    try:
        with file.open("ab") as opened:
            os.dup2(opened.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def elsewhere(urls: list[str], headers: list[list[str]], domain: str, names: list[str]) -> Subject:
    """Return a page of somebody else's: an address for each visitor, or one for all, and the headers that name them."""
    people = {}
    for number, name in enumerate(names):
        told = dict(each.split(": ", 1) for each in (headers[number] if number < len(headers) else []))
        people[name] = Person(name, told, url=urls[number] if number < len(urls) else "")
    return Subject(Address(urls[0]), Unwatched(), people, domain, closed=len(people) > 1)


def _closing(folder: Path, secret: str, kernels: int) -> Closing:
    audit = folder / "audit"
    audit.mkdir(mode=0o700)
    return Closing(
        policy=str(POLICY),
        audit=str(audit / "audit.jsonl"),
        identity="proxy",
        secret=secret,
        max_kernels=3 * kernels,
        kernels_per_visitor=kernels,
    )


def _files(folder: Path, secret: str) -> tuple[str, ...]:
    """Write files that nobody may read: beside the notebook, and where the kernels run."""
    for name in ("secret.txt", "served.ipynb.bak", ".env", "policy.yaml"):
        (folder / "page" / name).write_text(secret)
    written = ("page/secret.txt", "page/.env", "audit/audit.jsonl")
    return (*(str(folder / name) for name in written), "secret.txt", "policy.yaml", ".env")


@dataclass
class Trap:
    """A server that nobody has a reason to ask."""

    url: str
    heard: list[str]


@contextmanager
def _trap() -> Iterator[Trap]:
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _note(self) -> None:
            heard.append(f"a request went elsewhere: {self.command} {self.path} {self.headers.get('X-Amz-Target', '')}")
            self.send_error(503)

        do_GET = do_POST = do_PUT = do_HEAD = _note

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Trap(f"http://127.0.0.1:{server.server_address[1]}", heard)
    finally:
        server.shutdown()
        server.server_close()
