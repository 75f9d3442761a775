"""What an hour of each instance type costs: asked for when somebody wants to know, and then known for the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from profile_widgets.errors import GatewayError

if TYPE_CHECKING:
    from profile_widgets.aws.gateway import Gateway

MADE_UP = "The sandbox's prices are made up."
FAILED = "Prices could not be read: something went wrong inside the editor. The log has the details."


@dataclass(frozen=True)
class Priced:
    """Hold prices an hour by instance type, in ``currency``; ``note`` is a quiet sentence about them or their lack."""

    rates: Mapping[str, float] = field(default_factory=dict)
    currency: str = "USD"
    note: str = ""


class Pricing:
    """Ask the price list of the connection's region, once, whoever wants to know and how often.

    ``gateway`` returns the way to AWS as it is now, ``start`` runs a coroutine. A list that was refused is asked for
    again the next time.

    Example::

        form.pricing = Pricing(lambda: editor.gateway, editor.start)
    """

    def __init__(self, gateway: Callable[[], Gateway], start: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._gateway = gateway
        self._start = start
        self._known: dict[tuple[str, ...], Priced] = {}
        self._lock = threading.Lock()
        self._waiting: dict[Callable[[Priced], None], None] = {}
        self._asking = False

    def ask(self, then: Callable[[Priced], None]) -> None:
        """Call ``then`` once with the prices, or with the sentence that says why there are none."""
        with self._lock:
            self._waiting[then] = None
            begins, self._asking = not self._asking, True
        if begins:
            self._start(self._tell())

    def forget(self, then: Callable[[Priced], None]) -> None:
        """Let who waits for prices not be told any more."""
        with self._lock:
            self._waiting.pop(then, None)

    async def _tell(self) -> None:
        """Tell all who wait; of a connection that was changed meanwhile, the prices where it leads now."""
        found, begun = Priced(note=FAILED), None
        try:
            while begun != (settings := self._settings()):
                begun = settings
                found = await self.look()
        finally:
            with self._lock:
                waiting, self._waiting, self._asking = tuple(self._waiting), {}, False
            for then in waiting:
                then(found)

    def _settings(self) -> tuple[str | None, ...]:
        connection = self._gateway().connection
        return connection.region, connection.endpoint_url, connection.profile

    async def look(self) -> Priced:
        """Return the prices, or the sentence that says why there are none."""
        import asyncio

        from profile_widgets.aws.catalog.prices import currency, prices

        gateway = self._gateway()
        connection = gateway.connection
        try:
            region = await asyncio.to_thread(lambda: connection.resolved_region)
            place = (region, connection.endpoint_url or "", connection.profile or "")
            if place not in self._known:
                rates = await prices(gateway, region)
                if not rates:
                    return Priced(note=f"AWS's price list has no prices of Studio in {region}.")
                where = MADE_UP if connection.is_sandbox else f"On demand in {region}, while an app runs."
                self._known[place] = Priced(rates, currency(region), where)
        except GatewayError as error:
            return Priced(note=f"Prices could not be read. {error}")
        return self._known[place]
