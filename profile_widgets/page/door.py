"""A front door for one made-up visitor: what a company's sign-in proxy does, for the demo on one machine.

It listens on loopback, and puts the visitor's name and the proxy's secret before each request that it passes on.
Whoever opens it is that visitor: so it is for the sandbox only.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Mapping
from types import TracebackType

from profile_widgets.page.closing import LOOPBACK

_MOST_HEAD = 64 * 1024
_PART = 64 * 1024
_READY_SECONDS = 10.0
_HOP = (b"connection", b"keep-alive", b"proxy-connection")


class DoorError(RuntimeError):
    """Say in one sentence why a door could not be opened."""


class Door:
    """Pass requests on to a page at ``port`` of this machine with ``headers`` added; a context manager.

    Headers of the same names that a browser sends are left out. Each connection carries one request, so that none can
    hide behind another; a websocket is passed on as it is, once the page has agreed to it.

    >>> with Door(8866, {"X-Forwarded-User": "alice"}) as door:  # doctest: +SKIP
    ...     print(door.url)
    """

    def __init__(self, port: int, headers: Mapping[str, str], *, base_url: str = "/") -> None:
        self._target, self._base_url = port, base_url
        self._added = b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in headers.items())
        self._left_out = (*(name.lower().encode("ascii") for name in headers), *_HOP)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="front-door", daemon=True)
        self._open = threading.Event()
        self._failure: OSError | None = None
        self._stop: asyncio.Event | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The address that the visitor opens."""
        return f"http://{LOOPBACK}:{self.port}{self._base_url}"

    def __enter__(self) -> Door:
        self._thread.start()
        if not self._open.wait(_READY_SECONDS) or self._failure is not None:
            raise DoorError(f"No front door could be opened on this machine: {self._failure or 'it took too long'}.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_READY_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._open.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        try:
            server = await asyncio.start_server(self._pass, LOOPBACK, 0, limit=_MOST_HEAD)
        except OSError as error:
            self._failure = error
            return
        self.port = server.sockets[0].getsockname()[1]
        self._open.set()
        await self._stop.wait()
        server.close()
        for writer in tuple(self._writers):
            writer.close()  # not the tasks cancelled: asyncio of Python 3.11 would print each of them
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=_READY_SECONDS)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner: asyncio.StreamWriter | None = None
        self._writers.add(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            answers, inner = await asyncio.open_connection(LOOPBACK, self._target)
            self._writers.add(inner)
            inner.write(self._rewritten(head))
            if _asks_to_upgrade(head) and not await _agreed(answers, writer):
                await _pour(answers, writer)
            else:
                await _both(_pour(reader, inner), _pour(answers, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # one of the two has hung up, or has not spoken HTTP
        finally:
            for each in (writer, inner):
                if each is not None:
                    each.close()
                    self._writers.discard(each)

    def _rewritten(self, head: bytes) -> bytes:
        first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        names = [_name(line) for line in lines]
        kept = [line for line, name in zip(lines, names, strict=True) if name not in self._left_out]
        connection = b"Connection: Upgrade" if _asks_to_upgrade(head) else b"Connection: close"
        return b"\r\n".join([first, *kept, connection]) + b"\r\n" + self._added + b"\r\n"


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _asks_to_upgrade(head: bytes) -> bool:
    return b"upgrade" in [_name(line) for line in head.split(b"\r\n")[1:]]


async def _agreed(answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Pass on the head of the page's answer to a websocket's beginning; tell whether it agrees."""
    head = await answers.readuntil(b"\r\n\r\n")
    writer.write(head)
    return head.startswith(b"HTTP/1.1 101 ")


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(_PART):
        writer.write(part)
        await writer.drain()


async def _both(*ways: object) -> None:
    """Carry both directions until one of them ends."""
    tasks = [asyncio.ensure_future(way) for way in ways]  # type: ignore[call-overload]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
