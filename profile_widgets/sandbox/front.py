"""The door of the sandbox: who may ask, which service is meant, what the switches say, and who answers."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

from profile_widgets.sandbox import sagemaker
from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.callers import Caller
from profile_widgets.sandbox.exchange import Call, CallRecord, Question, Reply
from profile_widgets.sandbox.protocols import Asked, read_asked, refuse
from profile_widgets.sandbox.refusals import Refusal, access_denied, named_resource
from profile_widgets.sandbox.tokens import ANSWERED, Role, Tokens
from profile_widgets.sandbox.turning import PageFaults

log = logging.getLogger(__name__)


class OtherServices(Protocol):
    """Answer for the services that are not the sandbox's own."""

    def answer(self, asked: Asked, question: Question) -> Reply:
        """Answer one request."""

    def find_role(self, name: str) -> Role | None:
        """Return a role by its name."""


class Front:
    """Lead every request to its answer."""

    def __init__(self, account: Account, others: OtherServices, record: CallRecord) -> None:
        self.account = account
        self.others = others
        self.record = record
        self.tokens = Tokens(account.callers, others.find_role)
        self.page_faults = PageFaults()
        self.answer_delay = 0.0
        self.stopping = threading.Event()

    def __call__(self, question: Question) -> Reply:
        """Answer one request; nothing that goes wrong inside leaves as a traceback."""
        if not is_local(question):
            return Reply(403, (("Content-Type", "text/plain"),), b"This sandbox answers its own machine only.\n")
        asked = read_asked(question)
        try:
            reply = self._answer(asked, question)
        except Refusal as refusal:
            reply = refuse(asked, refusal)
        except Exception:
            log.exception("the sandbox failed to answer %s:%s", asked.service, asked.operation)
            reply = refuse(asked, Refusal("InternalFailure", "The sandbox failed to answer this request."))
        self.account.faults.keep_back(asked.name)
        if self.answer_delay > 0:
            self.stopping.wait(self.answer_delay)
        return without_cors(reply)

    def _answer(self, asked: Asked, question: Question) -> Reply:
        now = time.time()
        parameters = asked.parameters
        own = asked.service == "sagemaker"
        caller: Caller | None = None
        try:
            caller = self.account.callers.of(question)
            if own:
                parameters = sagemaker.read_body(question.body)
        finally:
            who = ("", "") if caller is None else (caller.arn, caller.source_identity)
            self.record.add(Call(asked.service, asked.operation, parameters, now, *who))
        self.account.faults.meet(asked.name)
        turned = self.page_faults.inward(asked, question)
        if own and turned is not question:
            parameters = sagemaker.read_body(turned.body)
        return self.page_faults.outward(asked, question, self._carry_out(asked, turned, parameters, caller))

    def _carry_out(self, asked: Asked, question: Question, parameters: Mapping[str, Any], caller: Caller) -> Reply:
        if asked.service == "sts" and asked.operation in ANSWERED:
            return self._issue(asked, caller)
        if asked.service != "sagemaker":
            self._authorise(asked, caller)
            return self.others.answer(asked, question)
        if asked.operation not in self.account.model.operations:
            raise Refusal("UnknownOperationException", f"The operation {asked.operation} is not known.")
        if sagemaker.is_own(asked.operation, parameters):
            return sagemaker.answer(self.account, asked.operation, parameters, caller)
        self._authorise(asked, caller)
        return self.others.answer(asked, question)

    def _issue(self, asked: Asked, caller: Caller) -> Reply:
        """Answer for STS; the switches hold there too, and the policies where a role is assumed."""
        if not self.account.faults.permits(asked.action):
            raise access_denied(asked.action, str(asked.parameters.get("RoleArn", "")), caller.arn)
        return self.tokens.answer(asked, caller)

    def _authorise(self, asked: Asked, caller: Caller) -> None:
        resource = named_resource(asked.action, asked.parameters, self.account.region)
        self.account.check(caller, asked.action, resource)


def is_local(question: Question) -> bool:
    """Tell whether a request comes from a program on this machine, and not from a web page.

    A foreign Host header is what DNS rebinding looks like; Origin and Sec-Fetch-Site are sent by browsers, which have
    no business here.
    """
    host = question.headers.get("Host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if "Origin" in question.headers or question.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    return is_loopback_name(name.strip("[]").lower())


def is_loopback_name(name: str) -> bool:
    """Tell whether a host name can only mean this machine.

    >>> is_loopback_name("127.0.0.1"), is_loopback_name("bucket.localhost"), is_loopback_name("evil.example")
    (True, True, False)
    """
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def without_cors(reply: Reply) -> Reply:
    """Return the reply without any header that would let a web page read it."""
    kept = tuple((name, value) for name, value in reply.headers if not name.lower().startswith("access-control-"))
    return Reply(reply.status, kept, reply.body)
