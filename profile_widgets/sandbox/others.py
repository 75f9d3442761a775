"""The services around SageMaker, answered by moto: imported and seeded when the first request for one comes."""

from __future__ import annotations

import io
import itertools
import json
import re
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

from profile_widgets.sandbox import lists, prices, roles
from profile_widgets.sandbox.aliases import Aliases
from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.permissions import Policy
from profile_widgets.sandbox.protocols import Asked
from profile_widgets.sandbox.refusals import ACCOUNT_ID, Refusal
from profile_widgets.sandbox.seed import identity, oddities
from profile_widgets.sandbox.seeding import SEEDED_AFTER, SERVICES, Step, odd_steps, seed_steps
from profile_widgets.sandbox.tokens import Role

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_REGION_IN_SCOPE = re.compile(r"(Credential=)[^/]+(/\d+/)[^/]+/")
_MODULES = {"elasticfilesystem": "efs"}


class MotoServices:
    """Answer for one account and one region, whatever region a request was signed for.

    moto keeps all accounts in the process. Each of these has one of its own there, under a number that nobody sees: the
    aliases exchange it for the promised one. So sandboxes that run side by side share nothing, except that the names of
    buckets are taken once for all, as everywhere in AWS.
    """

    _numbers: ClassVar = itertools.count(700_000_000_001, 7919)
    _loading: ClassVar = threading.Lock()
    _application: ClassVar[Application | None] = None

    def __init__(self, region: str, seed: bool) -> None:
        self.region = region
        self.seed = seed
        self._lock = threading.RLock()
        self._begin()

    def _begin(self) -> None:
        self._number = str(next(self._numbers))
        self._aliases = Aliases(self._number)
        self._touched: set[str] = set()
        self._promised: dict[str, Mapping[str, Any]] = {}
        self._odd = False
        self._forget = weakref.finalize(self, _forget, self._number, self._touched)
        self._forget.atexit = False

    def reset(self) -> None:
        """Put the services back to the seed."""
        with self._lock:
            self._forget()
            self._begin()

    def answer(self, asked: Asked, question: Question) -> Reply:
        """Answer a request with moto's backend of its service."""
        if question.path.startswith("/moto-api"):
            raise Refusal("UnknownOperationException", "The sandbox keeps moto's own controls to itself.")
        if asked.service == "pricing":
            return prices.answer(asked, question, self.region if self.seed else None)
        with self._lock:
            self._make_ready(asked.service)
            aliases = self._aliases
        if asked.action == "iam:ListRoles":
            return aliases.outward(roles.list_roles(self._backend("iam"), question))
        if asked.action in lists.CUT_HERE:
            return lists.cut(asked.action, question, partial(self._whole, asked, aliases))
        return self._exchange(asked, aliases, question)

    def _whole(self, asked: Asked, aliases: Aliases, question: Question) -> Reply:
        """Return the whole of a list as AWS has it."""
        kept: lists.Aliases = "some without keys" if self._odd else "all" if self.seed else "none"
        return lists.completed(asked.action, self._exchange(asked, aliases, question), kept)

    def _exchange(self, asked: Asked, aliases: Aliases, question: Question) -> Reply:
        """Ask moto, with its ids exchanged on the way in and on the way out."""
        try:
            reply = self._ask(asked.service, aliases.inward(question, stored=asked.action == "s3:PutObject"))
        except NotImplementedError as error:
            raise Refusal("NotImplemented", f"The sandbox does not have {asked.action}.", 501) from error
        return aliases.outward(reply, stored=asked.action == "s3:GetObject" and reply.status < 300)

    def warm(self) -> None:
        """Load and seed every service of the seed."""
        for service in SERVICES:
            with self._lock:
                self._make_ready(service)

    def add_roles(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add roles, thousands of them if need be."""
        with self._lock:
            self._make_ready("iam")
            roles.add_roles(self._backend("iam"), entries)

    def promise_role(self, entry: Mapping[str, Any]) -> Role:
        """Add a role that IAM shall list too, without loading IAM for it; ValueError if its trust is not understood."""
        role = _role(entry, f"arn:aws:iam::{ACCOUNT_ID}:role{entry.get('path', '/')}{entry['name']}")
        with self._lock:
            self._promised[role.name] = entry
            if "iam" in self._touched:
                roles.add_roles(self._backend("iam"), [entry])
        return role

    def find_role(self, name: str) -> Role | None:
        """Return a role by its name, None if there is none or if nobody whom the sandbox knows can assume it."""
        with self._lock:
            if name not in self._promised:
                self._make_ready("iam")
            promised = self._promised.get(name)
            if promised is not None:
                return _role(promised, f"arn:aws:iam::{ACCOUNT_ID}:role{promised.get('path', '/')}{name}")
            found = next((role for role in self._backend("iam").get_roles() if role.name == name), None)
        if found is None:
            return None
        entry = {"name": name, "longest": found.max_session_duration, "id": found.id}
        try:
            trust = json.loads(found.assume_role_policy_document.replace(self._number, ACCOUNT_ID))
            return _role({**entry, "trust": trust}, found.arn.replace(self._number, ACCOUNT_ID))
        except ValueError:
            return None

    def add_oddities(self) -> None:
        """Add things with odd names to every service, and let AWS's own aliases be without their keys."""
        self.add_roles(oddities.ROLES)
        with self._lock:
            for step in odd_steps():
                self._make_ready(step.service)
                self._run(step)
            self._odd = True

    def _backend(self, service: str) -> Any:
        """Return moto's backend of a service that is the same in all regions, for this account."""
        self._load()
        from moto.backends import get_backend

        return get_backend(service)[self._number]["aws"]  # type: ignore[call-overload]

    def _make_ready(self, service: str) -> None:
        """Seed a service if this is its first request."""
        if service in self._touched:
            return
        self._touched.add(service)
        for earlier in SEEDED_AFTER.get(service, ()):
            self._make_ready(earlier)
        for step in seed_steps(service, self.region) if self.seed else ():
            self._run(step)
        if service == "iam" and self.seed:
            roles.age_roles(self._backend("iam"), identity.ROLES)
        if service == "iam" and self._promised:
            roles.add_roles(self._backend("iam"), self._promised.values())
        if service == "ec2" and not self.seed:
            self._remove_default_network()

    def _remove_default_network(self) -> None:
        """Take away the network that moto gives to every account: an empty one has none."""
        for kind, pattern in (("Subnet", r"<subnetId>(subnet-\w+)<"), ("Vpc", r"<vpcId>(vpc-\w+)<")):
            for found in dict.fromkeys(re.findall(pattern, self._run(Step("ec2", f"Describe{kind}s")).body.decode())):
                self._run(Step("ec2", f"Delete{kind}", {f"{kind}Id": found}))

    def _run(self, step: Step) -> Reply:
        reply = self._ask(step.service, self._aliases.inward(step.question(), stored=step.operation == "PutObject"))
        if reply.status >= 300:
            raise RuntimeError(f"seeding {step.service} failed at {step.operation}: {reply.body.decode()[:500]}")
        self._aliases.learn(step, reply)
        return reply

    def _ask(self, service: str, question: Question) -> Reply:
        from werkzeug.test import run_wsgi_app

        environ = self._environ(service, question)
        body, status, headers = run_wsgi_app(self._load(), environ, buffered=True)
        return Reply(int(status.split()[0]), tuple(headers), b"".join(body))

    @classmethod
    def _load(cls) -> Application:
        with cls._loading:
            if cls._application is None:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

                cls._application = DomainDispatcherApplication(create_backend_app)
            return cls._application

    def _environ(self, service: str, question: Question) -> dict[str, Any]:
        path, _, query = question.target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": question.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": question.target,
            "RAW_URI": question.target,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(question.body)),
            "CONTENT_TYPE": question.headers.get("Content-Type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(question.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in question.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if "_" not in name and key not in ("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_TRANSFER_ENCODING"):
                environ[key] = value
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._number
        environ["HTTP_AUTHORIZATION"] = self._signature(service, environ.get("HTTP_AUTHORIZATION", ""))
        return environ

    def _signature(self, service: str, given: str) -> str:
        """Return a signature for the sandbox's region, so that moto finds the service of unsigned requests too."""
        here, changed = _REGION_IN_SCOPE.subn(rf"\g<1>sandbox\g<2>{self.region}/", given)
        if changed:
            return here
        scope = f"sandbox/20240101/{self.region}/{service}/aws4_request"
        return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


def _role(entry: Mapping[str, Any], arn: str) -> Role:
    trusted = Policy.read(entry["trust"], trust=True)
    longest = int(entry.get("longest") or 3600)
    return Role(entry["name"], arn, trusted, str(entry.get("id") or "AROASANDBOXSANDBOX001"), longest)


def _forget(number: str, touched: set[str]) -> None:
    """Take an account out of moto, so that its memory and the names of its buckets are free again."""
    if not touched:
        return
    from moto import backends

    backend_of: Any = backends.get_backend
    for module in {_MODULES.get(service, service) for service in touched}.intersection(backends.list_of_moto_modules()):
        services = backend_of(module)
        regions = services.pop(number, {}) if number in services else {}
        names = [name for region in regions.values() for name in getattr(region, "buckets", ())]
        for name in names if module == "s3" else ():
            services.bucket_accounts.pop(name, None)
