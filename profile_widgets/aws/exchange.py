"""One request and its answer: watched on the wire, because boto3 lets broken answers pass for empty ones.

:func:`listen` puts three hooks on a client. They do nothing until :func:`converse` runs in the same thread; then they
keep the answer's bytes and headers, hold back a request that was given up, and stop retries when patience ends.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from profile_widgets.errors import BadResponse, GatewayError

if TYPE_CHECKING:
    from botocore.client import BaseClient

REQUIRED: dict[str, tuple[str, ...]] = {
    "DescribeUserProfile": ("DomainId", "UserProfileName", "Status"),
    "DescribeDomain": ("DomainId",),
    "CreateUserProfile": ("UserProfileArn",),
    "UpdateUserProfile": ("UserProfileArn",),
    "GetCallerIdentity": ("Account", "Arn"),
}
"""The members without which an operation's answer is no answer."""

MAY_BE_EMPTY = frozenset({"DeleteUserProfile", "DeleteTags"})
"""The operations whose answer may have no body."""

GARBLED = frozenset({"TruncatedAnswer", "EmptyAnswer", "GarbledAnswer", "IncompleteAnswer"})
"""The codes of :class:`~profile_widgets.errors.BadResponse` for an answer that broke on its way."""

LONGEST_PAUSE = 20.0
"""How many seconds botocore's standard mode waits at most between two attempts."""

_current = threading.local()


class GivenUpError(Exception):
    """Stop a request whose asker has gone. It never reaches anybody."""


@dataclass
class Exchange:
    """Hold one call: what is asked, and what came back.

    ``patience`` is how many seconds all attempts together may take; ``cancelled`` is set by who does not want the
    answer any more. ``optional`` holds members that are sent when the installed botocore knows them. After the call,
    ``parsed`` is boto3's answer, ``raw`` the JSON of the body (``{}`` for other protocols), ``shape`` what botocore
    knows of its form.
    """

    operation: str
    request: Mapping[str, Any]
    patience: float = math.inf
    optional: Mapping[str, Any] = field(default_factory=dict)
    cancelled: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    answered: bool = False
    parsed: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    shape: Any = None

    @property
    def request_id(self) -> str:
        """Return the request's id, ``""`` when the service gave none."""
        found = self.parsed.get("ResponseMetadata", {}).get("RequestId")
        return str(found or self.headers.get("x-amzn-requestid") or "")

    @property
    def document(self) -> dict[str, Any]:
        """Return the parsed answer without boto3's ResponseMetadata."""
        return {name: value for name, value in self.parsed.items() if name != "ResponseMetadata"}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the paths of members that the installed botocore does not know."""
        return tuple(unknown_members(self.raw, self.shape)) if self.raw and self.shape is not None else ()

    def prepare(self, client: BaseClient) -> None:
        """Take up the optional members that ``client`` knows.

        Raises :class:`~profile_widgets.errors.GatewayError` for an operation that it does not know, because the
        installed botocore is older than that.
        """
        model = client.meta.service_model
        if self.operation not in model.operation_names:
            from botocore import __version__ as version

            raise GatewayError(
                f"The installed botocore {version} does not know {self.operation}. Upgrade boto3 to use it.",
                operation=self.operation,
                code="UnknownToBotocore",
            )
        if self.optional:
            shape = model.operation_model(self.operation).input_shape
            known = shape.members if shape is not None else {}
            self.request = {**{name: self.optional[name] for name in self.optional if name in known}, **self.request}

    def begin(self) -> None:
        """Start the clock of patience: a request that waited for a free thread has all of its time before it."""
        self.started, self.attempts = time.monotonic(), 0

    def has_time_for_another(self) -> bool:
        """Tell whether one more attempt, as long as those so far and after botocore's pause, ends before patience does.

        The pause is taken for as long as botocore may make it: 2 to the power of the attempts so far, but for one.
        """
        spent, attempts = time.monotonic() - self.started, max(self.attempts, 1)
        pause = min(2.0 ** (attempts - 1), LONGEST_PAUSE)
        return not self.cancelled.is_set() and spent + pause + spent / attempts <= self.patience


def listen(client: BaseClient) -> None:
    """Put the hooks on a client, once."""
    events: Any = client.meta.events
    events.register("before-send", _before_send, unique_id="profile-widgets-before-send")
    events.register("response-received", _response_received, unique_id="profile-widgets-response-received")
    events.register_first("needs-retry", _needs_retry, unique_id="profile-widgets-needs-retry")


def converse(client: BaseClient, exchange: Exchange) -> Exchange:
    """Send the request with ``client`` and fill in the answer.

    Raises what botocore raises, and :class:`~profile_widgets.errors.BadResponse` for an answer that is cut short,
    empty, not JSON, or without the members that the operation promises. Blocks, so it belongs in a worker's thread.
    """
    from botocore.exceptions import ClientError

    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    call = getattr(client, methods[exchange.operation])
    outer = getattr(_current, "exchange", None)  # a hook of the outer one may ask something before it is sent
    _current.exchange = exchange
    try:
        exchange.parsed = call(**exchange.request)
    except ClientError as refused:
        if _is_cut_short(exchange):
            raise _broken(exchange, "TruncatedAnswer", "was cut short on its way") from refused
        raise
    finally:
        _current.exchange = outer
    model = client.meta.service_model.operation_model(exchange.operation)
    service = model.service_model
    who = "SageMaker" if service.service_name == "sagemaker" else "AWS"
    exchange.shape = model.output_shape
    _check(exchange, who, is_json=service.metadata["protocol"] == "json")
    return exchange


@lru_cache(maxsize=1024)
def _members(shape: Any) -> Mapping[str, Any]:
    """Return a structure's members by the names that they have on the wire; the rows of a list ask again and again."""
    return {inner.serialization.get("name", name): inner for name, inner in shape.members.items()}


@lru_cache(maxsize=1024)
def _compound(shape: Any) -> Mapping[str, Any]:
    """Return those members of a structure that are structures and lists themselves."""
    return {name: inner for name, inner in _members(shape).items() if inner.type_name in ("structure", "list")}


def unknown_members(node: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of what a raw JSON ``node`` holds beyond botocore's ``shape``.

    A member whose value is null counts as absent, as botocore takes it.
    """
    if shape.type_name == "structure" and isinstance(node, dict):
        known = _members(shape)
        for name, value in node.items():
            where = f"{path}.{name}" if path else name
            if name in known:
                yield from unknown_members(value, known[name], where)
            elif value is not None and name != "__type":
                yield where
    elif shape.type_name == "list" and isinstance(node, list):
        for index, item in enumerate(node):
            yield from unknown_members(item, shape.member, f"{path}[{index}]")


def _check(exchange: Exchange, who: str, *, is_json: bool) -> None:
    """Refuse an answer that boto3 took for whole although it is not what ``who`` sends; keep its raw JSON."""
    if _is_cut_short(exchange):
        raise _broken(exchange, "TruncatedAnswer", "was cut short on its way")
    if not exchange.body.strip():
        if exchange.operation in MAY_BE_EMPTY:
            return
        raise _broken(exchange, "EmptyAnswer", "was empty")
    if is_json:
        try:
            raw = json.loads(exchange.body)
        except (ValueError, RecursionError) as error:
            raise _broken(exchange, "GarbledAnswer", "could not be read") from error
        if not isinstance(raw, dict) or _is_misshapen(raw, exchange.shape):
            raise _broken(exchange, "GarbledAnswer", f"was not what {who} sends")
        exchange.raw = raw
    for name in REQUIRED.get(exchange.operation, ()):
        if not (isinstance(exchange.parsed.get(name), str) and exchange.parsed[name]):
            raise _broken(exchange, "IncompleteAnswer", f"lacked {name}")


def _is_misshapen(node: Any, shape: Any) -> bool:
    """Tell whether something else stands where a structure or a list belongs: boto3 takes a text for a list of letters.

    A member that botocore does not know has no shape, and any form.
    """
    kind = getattr(shape, "type_name", "")
    if node is None or kind not in ("structure", "list"):
        return False
    if kind == "list":
        return not isinstance(node, list) or any(_is_misshapen(item, shape.member) for item in node)
    if not isinstance(node, dict):
        return True
    return any(_is_misshapen(node.get(name), inner) for name, inner in _compound(shape).items())


def _is_cut_short(exchange: Exchange) -> bool:
    """Tell whether fewer bytes came than were announced, or more."""
    announced = str(exchange.headers.get("content-length", ""))
    return exchange.answered and announced.isdecimal() and int(announced) != len(exchange.body)


def _broken(exchange: Exchange, code: str, what: str) -> BadResponse:
    """Return the error for an answer that cannot be used."""
    from profile_widgets.aws.wording import after_bad_answer

    return BadResponse(
        f"The answer to {exchange.operation} {what}, so its outcome is not known. "
        f"{after_bad_answer(exchange.operation)}",
        operation=exchange.operation,
        code=code,
        request_id=exchange.request_id,
        retryable=True,
    )


def _before_send(**_event: Any) -> None:
    """Count the attempt; hold it back when nobody waits for it."""
    exchange: Exchange | None = getattr(_current, "exchange", None)
    if exchange is None:
        return
    if exchange.cancelled.is_set():
        raise GivenUpError
    exchange.attempts += 1
    exchange.answered, exchange.body, exchange.headers = False, b"", {}


def _response_received(response_dict: dict[str, Any] | None = None, **_event: Any) -> None:
    """Keep the bytes and headers of the answer."""
    exchange: Exchange | None = getattr(_current, "exchange", None)
    if exchange is None or response_dict is None:
        return
    body = response_dict["body"]
    exchange.answered = isinstance(body, bytes)
    exchange.body = body if isinstance(body, bytes) else b""
    exchange.headers = response_dict["headers"]


def _needs_retry(response: Any = None, caught_exception: Exception | None = None, **_event: Any) -> None:
    """End the attempts when patience is over or nobody waits any more, by raising what the last one came to."""
    exchange: Exchange | None = getattr(_current, "exchange", None)
    if exchange is None or exchange.has_time_for_another():
        return
    if caught_exception is not None:
        raise caught_exception
    parsed: Any = response[1] if response is not None else {}
    if "Error" in parsed:
        from botocore.exceptions import ClientError

        raise ClientError(parsed, exchange.operation)
