"""Hooks on one client that write what it sends and gets into a debug log."""

from __future__ import annotations

import itertools
import platform
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.aws import endpoints
from profile_widgets.aws.debugging import DebugLog

if TYPE_CHECKING:
    from botocore.client import BaseClient

LONGEST_READ = 2**20
"""How many bytes of a body are looked at."""

_numbers = itertools.count(1)


def versions() -> str:
    """Return the versions of what sends requests, in one line."""
    from importlib import metadata

    names = ("profile-widgets", "boto3", "botocore", "urllib3")
    found = []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} of unknown version")
    return f"{', '.join(found)}, Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def watch(log: DebugLog, client: BaseClient, credentials: Any, about: str) -> None:
    """Write into ``log`` what ``client`` sends and gets from now on; ``about`` is what there is to say of it first.

    ``credentials`` are the client's own, None when it does not sign; their values never get into the log.
    """
    watcher = _Watcher(log, credentials)
    method = getattr(credentials, "method", None) or "of unknown origin"
    signed = f"credentials: {method}" if credentials is not None else "without credentials"
    proxies = ", ".join(f"{kind} by {endpoints.host_of(url) or 'an odd address'}" for kind, url in _proxies(client))
    log.write(
        f"{versions()}\nclient of {client.meta.service_model.service_name} {about}, {signed}, "
        f"endpoint {client.meta.endpoint_url}, region {client.meta.region_name}, proxies: {proxies or 'none'}"
    )
    events: Any = client.meta.events
    events.register("before-send", watcher.sent)
    events.register("before-parse", watcher.came)
    events.register("response-received", watcher.ended)


def _proxies(client: BaseClient) -> list[tuple[str, str]]:
    given: Any = client.meta.config
    found = urllib.request.getproxies() if given.proxies is None else given.proxies
    return [(kind, url) for kind, url in sorted(found.items()) if kind != "no"]


class _Watcher:
    """Write down one client's requests and answers. Nothing that goes wrong here reaches the request."""

    def __init__(self, log: DebugLog, credentials: Any) -> None:
        self._log = log
        self._credentials = credentials
        self._here = threading.local()

    def learn(self) -> None:
        """Learn the credentials as they are now: they may be new ones after an hour."""
        if self._credentials is not None:
            now = self._credentials.get_frozen_credentials()
            self._log.redactor.learn(now.access_key, now.secret_key, now.token)

    def sent(self, request: Any = None, event_name: str = "", **_event: Any) -> None:
        """Write a request down, right before it leaves."""
        self._here.number, self._here.began, self._here.answered = next(_numbers), time.monotonic(), False
        self._guarded(lambda: self._request(request, event_name.rpartition(".")[2]))

    def came(self, response_dict: Mapping[str, Any] | None = None, **_event: Any) -> None:
        """Write an answer down, before it is parsed. Older versions of botocore do not call this."""
        self._here.answered = True
        self._guarded(lambda: self._answer(response_dict or {}))

    def ended(
        self, response_dict: Mapping[str, Any] | None = None, exception: BaseException | None = None, **_event: Any
    ) -> None:
        """Write down what came instead of an answer; and the answer, where nobody did."""
        if exception is not None:
            self._guarded(lambda: self._failure(exception))
        elif response_dict is not None and not getattr(self._here, "answered", False):
            self._guarded(lambda: self._answer(response_dict))

    def _request(self, request: Any, operation: str) -> None:
        self.learn()
        headers = {name: _text(value) for name, value in request.headers.items()}
        self._log.redactor.learn(headers.get("X-Amz-Security-Token"))
        attempt = headers.get("amz-sdk-request", "").partition(";")[0].replace("=", " ")
        self._entry(
            f"request {self._here.number}: {operation} {attempt}",
            f"{request.method} {request.url}",
            headers,
            request.body,
        )

    def _answer(self, answer: Mapping[str, Any]) -> None:
        headers = {name: _text(value) for name, value in (answer.get("headers") or {}).items()}
        self._entry(f"answer {self._place()}", f"status {answer.get('status_code')}", headers, answer.get("body"))

    def _failure(self, error: BaseException) -> None:
        self._log.write(f"no answer {self._place()}: {type(error).__name__}: {error}")

    def _place(self) -> str:
        number, began = getattr(self._here, "number", 0), getattr(self._here, "began", time.monotonic())
        return f"{number} after {time.monotonic() - began:.3f} s"

    def _entry(self, title: str, line: str, headers: Mapping[str, str], body: Any) -> None:
        rows = [f"{name}: {self._log.redactor.header(name, value)}" for name, value in headers.items()]
        self._log.write("\n".join([title, line, *rows]), body=_text(body))

    def _guarded(self, job: Callable[[], None]) -> None:
        if not self._log.on:
            return
        try:
            job()
        except Exception as error:  # noqa: BLE001 - a log must not stop a request, whatever it stumbles over
            self._log.write(f"This could not be written down: {type(error).__name__}.")


def _text(value: Any) -> str:
    """Return bytes or whatever else stands in a request as a text."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value[:LONGEST_READ]).decode("utf-8", "backslashreplace")
    return "" if value is None else str(value)
