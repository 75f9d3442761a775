"""The policy on the wire: every call of every client of a connection is judged before it leaves, and written down.

Three hooks of botocore and a gate before the network: ``provide-client-params`` refuses early and with a sentence;
``before-call`` judges the request as it will be sent, for hooks of others may have changed it; the gate compares what
leaves with what was judged; ``after-call`` and ``after-call-error`` write down how it ended. Whoever runs Python of
their own in the same process can make clients of their own: that is for IAM to stop, not for this.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profile_widgets.auditing import GUARD, WIRE
from profile_widgets.aws import auditing, failures, sealing
from profile_widgets.aws.exchange import Exchange, GivenUpError, converse
from profile_widgets.aws.judging import DOMAIN, NAME, CallRefused, Judge, Judged, refusal
from profile_widgets.aws.protocol import outcome_unknown
from profile_widgets.aws.sealing import Seal
from profile_widgets.aws.wording import Scene
from profile_widgets.errors import GatewayError, LockedFieldError, PolicyRefused, StoreError
from profile_widgets.model import documents

if TYPE_CHECKING:
    from botocore.client import BaseClient

    from profile_widgets.aws.auditing import AuditLog
    from profile_widgets.checks.policy import Grant

log = logging.getLogger(__name__)

PATIENCE = 25.0
"""For how many seconds the guard asks what is stored before it gives the call up."""
NESTED = 8
"""How many calls may be under way within one another in a thread."""
QUESTIONS = frozenset(
    {"DescribeUserProfile", "DescribeDomain", "ListDomains", "ListTags", "ListUserProfiles", "GetCallerIdentity"}
)
"""What a guard asks itself: what is stored, whose it is, and as whom."""
UNKNOWN_VISITOR = "It is not known yet whose profile this page is for, so nothing is asked of AWS."
TAMPERED = "The request was changed after it had been judged, so it was not sent."


@dataclass
class _Pending:
    """Hold a call that was judged and is on its way."""

    name: str
    judged: Judged
    seal: Seal | None = None
    call: str = ""


class Guard:
    """Judge every call by a grant, and write it into an audit.

    ``grant`` may come later, once (:meth:`settle`): until then nothing passes. Given to
    :meth:`~profile_widgets.aws.connection.Connection.protect`.

    Example::

        guard = Guard(policy.grant(Visitor("alice", source="proxy"), ("d-abc123", "alice")), AuditLog(path, visitor))
        connection.protect(guard)
        connection.client("sagemaker").update_user_profile(...)     # PolicyRefused, for what the policy locks
    """

    def __init__(self, grant: Grant | None, audit: AuditLog | None = None) -> None:
        self._grant = grant
        self._audit = audit
        self._here = threading.local()
        self._make: Callable[[str], BaseClient] | None = None
        self._own: dict[str, BaseClient] = {}
        self._making = threading.Lock()

    @property
    def grant(self) -> Grant | None:
        """Return what calls are judged by, ``None`` while nothing passes."""
        return self._grant

    @property
    def audit(self) -> AuditLog | None:
        """Return what calls are written into, ``None`` for nothing."""
        return self._audit

    def settle(self, grant: Grant) -> None:
        """Take the grant that counts from now on; raises :class:`~profile_widgets.errors.LockedFieldError` later."""
        with self._making:
            if self._grant is not None:
                raise LockedFieldError("What the visitor may do is settled, and stays so.")
            self._grant = grant

    def ask_with(self, make: Callable[[str], BaseClient]) -> None:
        """Take the maker of clients that the guard asks with itself; only the first one counts."""
        with self._making:
            if self._make is None:
                self._make = make

    def renew(self) -> None:
        """Forget the guard's own clients, because credentials may have changed. Takes no lock."""
        self._own = {}

    def watch(self, client: BaseClient) -> None:
        """Judge what ``client`` sends from now on."""
        events: Any = client.meta.events
        service = client.meta.service_model.service_name

        def provided(params: Any = None, model: Any = None, **_event: Any) -> None:
            self._provided(service, params or {}, model)

        def calling(params: Any = None, model: Any = None, **_event: Any) -> None:
            self._calling(service, params, model)

        events.register_first("provide-client-params", provided)
        events.register_last("before-call", calling)
        events.register_first("after-call", self._came)
        events.register_first("after-call-error", self._failed)
        sealing.gate(client, self._passes)

    # -- the guard's own questions -------------------------------------------------------------------------------

    def _ask(self, operation: str, request: Mapping[str, Any], service: str = "sagemaker") -> Mapping[str, Any]:
        """Ask AWS past the guard, with a client of its own; raises :class:`~profile_widgets.errors.GatewayError`."""
        if operation not in QUESTIONS:
            raise refusal(f"{operation} is no question of the guard's own.", operation)
        exchange = Exchange(operation, dict(request), patience=PATIENCE)
        scene, outcome = Scene(operation=operation, request=exchange.request, service=service), auditing.DONE
        try:
            client = self._client(service)
            scene = failures.set_in(scene, client)
            converse(client, exchange)
        except Exception as error:
            known = failures.translate(error, scene, sent=exchange.attempts > 0)
            outcome = f"{auditing.FAILED}: {_name(error) if known is None else known.code}"
            if known is None:
                raise
            raise known from None
        finally:
            profile = tuple(str(request.get(name) or "") for name in (DOMAIN, NAME))
            own = _Pending(f"{service}:{operation}", Judged((profile[0], profile[1])))
            self._write(own, outcome, exchange.request_id, where=GUARD)
        return exchange.document

    def _client(self, service: str) -> BaseClient:
        with self._making:
            if self._make is None:
                raise refusal("This guard stands before no connection.", "")
            own = self._own
            if service not in own:
                own[service] = self._make(service)
            return own[service]

    # -- the hooks -----------------------------------------------------------------------------------------------

    def _provided(self, service: str, params: Mapping[str, Any], model: Any) -> None:
        """Judge a call by its arguments, before anything else is done with it."""
        self._here.early = None
        judged = self._judge(service, params, model)
        self._here.early = (f"{service}:{model.name}", documents.copied(dict(params)), judged)

    def _calling(self, service: str, request: Mapping[str, Any], model: Any) -> None:
        """Judge a call as it will be sent, unless it is what was judged already; write down that it is on its way."""
        name = f"{service}:{model.name}"
        early, self._here.early = getattr(self._here, "early", None), None
        try:
            judged = self._as_sent(service, request, model, early)
            pending = _Pending(name, judged, sealing.of_parts(request))
        except (ValueError, KeyError, RecursionError) as error:
            raise self._refused(refusal(f"{name} was not sent: its request cannot be judged.", name), name) from error
        if judged.writes:
            pending.call = self._announced(name, judged)
        self._stack.append(pending)
        del self._stack[:-NESTED]

    def _as_sent(self, service: str, request: Mapping[str, Any], model: Any, early: Any) -> Judged:
        name = f"{service}:{model.name}"
        if model.service_model.metadata.get("protocol") != "json":
            if early is not None and early[0] == name and not early[2].writes:
                return early[2]  # type: ignore[no-any-return]
            text = f"{name} was not sent: no policy can tell what it would change."
            raise self._refused(refusal(text, name), name)
        if sealing.of_parts(request).target.rpartition(".")[2] != model.name:
            raise self._refused(refusal(TAMPERED, name), name)
        body = sealing.json_body(request)
        if early is not None and early[0] == name and documents.same(early[1], body):
            return early[2]  # type: ignore[no-any-return]
        return self._judge(service, body, model)

    def _passes(self, request: Any) -> None:
        """Let through what was judged, and nothing else."""
        pending = self._stack[-1] if self._stack else None
        try:
            same = pending is not None and sealing.of_prepared(request) == pending.seal
        except ValueError:
            same = False
        if not same:
            name = pending.name if pending is not None else ""
            raise self._refused(refusal(TAMPERED, name), name)

    def _came(self, parsed: Any = None, http_response: Any = None, **_event: Any) -> None:
        """Write down what AWS answered."""
        pending = self._ended()
        parsed = parsed if isinstance(parsed, Mapping) else {}
        status = getattr(http_response, "status_code", 0)
        if pending is None:
            return
        facts = parsed.get("ResponseMetadata") or {}
        if pending.name == "sts:GetCallerIdentity" and self._audit is not None:
            self._audit.caller = str(parsed.get("Arn") or self._audit.caller)
        outcome = auditing.DONE
        if status >= 300:
            code = (parsed.get("Error") or {}).get("Code") or status
            doubt = pending.judged.writes and status >= 500
            outcome = auditing.UNKNOWN if doubt else f"{auditing.BY_AWS}: {code}"
        self._write(pending, outcome, str(facts.get("RequestId") or ""))

    def _failed(self, exception: Any = None, **_event: Any) -> None:
        """Write down what came instead of an answer."""
        pending = self._ended()
        if pending is None:
            return
        if isinstance(exception, PolicyRefused):
            outcome = auditing.BY_POLICY
        else:
            known = failures.translate(exception, Scene(operation=pending.name.partition(":")[2]), sent=True)
            left = not isinstance(exception, GivenUpError)
            doubt = left and (known is None or outcome_unknown(known))
            outcome = auditing.UNKNOWN if doubt and pending.judged.writes else f"{auditing.FAILED}: {_name(exception)}"
        self._write(pending, outcome)

    # -- judging and writing down --------------------------------------------------------------------------------

    @property
    def _stack(self) -> list[_Pending]:
        if not hasattr(self._here, "stack"):
            self._here.stack = []
        return self._here.stack  # type: ignore[no-any-return]

    def _ended(self) -> _Pending | None:
        return self._stack.pop() if self._stack else None

    def _judge(self, service: str, request: Mapping[str, Any], model: Any) -> Judged:
        name, grant = f"{service}:{model.name}", self._grant
        members = model.input_shape.members if model.input_shape is not None else {}
        try:
            if grant is None:
                raise refusal(UNKNOWN_VISITOR, name)
            return Judge(grant, self._ask).judge(service, model.name, request, members)
        except CallRefused as error:
            raise self._refused(error, name) from error.__cause__

    def _refused(self, error: CallRefused, name: str) -> CallRefused:
        """Write a refused attempt down, and return its error."""
        if self._audit is not None and name:
            changes = error.judged.changes
            self._audit.refused(name, error.record, where=WIRE, profile=error.judged.profile, changes=changes)
        return error

    def _announced(self, name: str, judged: Judged) -> str:
        """Write down that a write is about to leave; what cannot be written down is not sent."""
        if self._audit is None:
            return ""
        self._learn_caller()
        try:
            return self._audit.write(name, auditing.UNKNOWN, profile=judged.profile, changes=judged.changes)
        except StoreError as error:
            text = f"Nothing was sent, because it could not be written down before. {error}"
            raise refusal(text, name, profile=judged.profile) from error

    def _learn_caller(self) -> None:
        """Ask once as whom requests are signed."""
        if self._audit is None or self._audit.caller:
            return
        with suppress(GatewayError):
            self._audit.caller = str(self._ask("GetCallerIdentity", {}, "sts").get("Arn") or "")

    def _write(self, pending: _Pending, outcome: str, request_id: str = "", *, where: str = WIRE) -> None:
        """Write down how a call ended. It has been made: an audit that fails now stops nothing, and is told the log."""
        if self._audit is None:
            return
        judged = pending.judged
        try:
            self._audit.write(
                pending.name,
                outcome,
                profile=judged.profile,
                changes=judged.changes,
                request_id=request_id,
                where=where,
                call=pending.call,
            )
        except StoreError as error:
            log.warning("The end of %s (%s) is not in the audit: %s", pending.name, outcome, error)


def _name(error: Any) -> str:
    return type(error).__name__ if error is not None else "nothing came"
