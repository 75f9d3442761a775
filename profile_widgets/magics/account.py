"""What the account holds, for completion: asked in a thread, waited for a moment only, remembered for a minute."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.aws.gateway import Gateway

PATIENCE = 1.5
"""Seconds that a completion waits for AWS; an answer that comes later is there for the next one."""

KEPT = 60.0
"""Seconds for which an answer is taken for true."""

MOST = 200
"""How many names are asked for."""

_SETTINGS = {"profile": "profile", "region": "region", "endpoint-url": "endpoint_url", "ca-bundle": "ca_bundle"}
"""The options that say where to ask, and the connection's settings."""

_FLAGS: dict[str, tuple[str, bool]] = {"no-verify-ssl": ("verify", False), "no-sign-request": ("unsigned", True)}
"""The flags that say how to ask, and the connection's settings."""

PLACE = (*_SETTINGS, *_FLAGS)
"""The options on which it depends who is asked, and how."""

Key = tuple[Any, ...]
Names = tuple[str, ...]


class _Kept:
    """Remember answers, and ask for what is not known yet or not any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[Key, tuple[float, Names]] = {}
        self._asking: dict[Key, threading.Event] = {}

    def get(self, key: Key, ask: Callable[[], Names]) -> Names:
        """Return the answer of ``key``, nothing when it does not come in time or at all."""
        with self._lock:
            at, names = self._answers.get(key, (0.0, ()))
            if at and time.monotonic() - at < KEPT:
                return names
            ended = self._asking.get(key)
            if ended is None:
                ended = self._asking[key] = threading.Event()
                arguments = (key, ask, ended)
                threading.Thread(target=self._ask, args=arguments, name="profile-widgets-names", daemon=True).start()
        ended.wait(PATIENCE)
        with self._lock:
            return self._answers.get(key, (0.0, ()))[1]

    def _ask(self, key: Key, ask: Callable[[], Names], ended: threading.Event) -> None:
        found: Names = ()
        try:
            found = ask()
        except Exception:  # noqa: BLE001, S110 - a completion that fails is silent: the command itself tells
            pass
        finally:
            with self._lock:
                self._answers[key] = (time.monotonic(), found)
                del self._asking[key]
            ended.set()

    def forget(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._answers.clear()


_kept = _Kept()
forget = _kept.forget


def domains(given: Mapping[str, str]) -> Names:
    """Return the ids of the account's domains; ``given`` are the options typed so far, by name."""
    return _kept.get(("domains", *_where(given)), lambda: _asked(given, _list_domains))


def user_profiles(given: Mapping[str, str], beginning: str = "") -> Names:
    """Return names of the user profiles of the domain in ``given``, or of the only one that there is."""
    domain = given.get("domain-id", "")
    if not domain:
        found = domains(given)
        if len(found) != 1:
            return ()
        (domain,) = found

    async def ask(gateway: Gateway) -> Names:
        listing = await gateway.list_user_profiles(domain, beginning, limit=MOST)
        return tuple(row.name for row in listing.rows)

    return _kept.get(("profiles", domain, beginning, *_where(given)), lambda: _asked(given, ask))


async def _list_domains(gateway: Gateway) -> Names:
    return tuple(row.domain_id for row in (await gateway.list_domains(limit=MOST)).rows)


def _where(given: Mapping[str, str]) -> Key:
    """Return what an answer depends on: the options, and AWS's variables."""
    variables = sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))
    flags = tuple(name in given for name in _FLAGS)
    return (*(given.get(name) for name in _SETTINGS), *flags, hash(tuple(variables)))


def _asked(given: Mapping[str, str], ask: Callable[[Gateway], Coroutine[Any, Any, Names]]) -> Names:
    from profile_widgets.aws.gateway import Gateway

    async def asking() -> Names:
        gateway = Gateway(_connection(given))
        try:
            return await ask(gateway)
        finally:
            gateway.close()

    return asyncio.run(asking())


def _connection(given: Mapping[str, str]) -> Connection:
    from profile_widgets.aws.connection import Connection

    settings: dict[str, Any] = {name: given[option] for option, name in _SETTINGS.items() if option in given}
    settings |= dict(setting for flag, setting in _FLAGS.items() if flag in given)
    settings["connect_timeout"] = settings["read_timeout"] = PATIENCE * 2
    return Connection(**settings, attempts=1)
