"""The page's process: started, waited for and ended from here."""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from profile_widgets.page.closing import LOOPBACK, Closing
from profile_widgets.page.settings import INSTANCE, page_environment

READY_SECONDS = 60.0
"""How long Voila may take until it answers: several times what a slow machine needs."""
STOP_SECONDS = 10.0
LOOK_SECONDS = 0.25


class PageError(RuntimeError):
    """Say in one sentence why the page could not be started."""


def free_port(wanted: int | None = None, *, otherwise_any: bool = False, ip: str = LOOPBACK) -> int:
    """Return ``wanted`` when nothing listens there at ``ip``, otherwise any free port of this machine.

    Raise PageError when ``wanted`` is taken (unless ``otherwise_any``) or is not a port. Another process may take the
    port before it is used; then the page says that it could not start.
    """
    if wanted is not None and not 0 < wanted < 65536:
        raise PageError(f"{wanted} is not a port: choose a number from 1 to 65535.")
    with socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, wanted or 0))
        except PermissionError as error:
            raise PageError(f"This account may not listen on port {wanted}: choose one above 1023.") from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                raise PageError(f"{ip} is not an address of this machine: choose another with --ip.") from error
            if otherwise_any:
                return free_port(ip=ip)
            raise PageError(f"Port {wanted} is in use: choose another with --port, or end what uses it.") from error
        return int(probe.getsockname()[1])


class PageServer:
    """A notebook served by Voila on loopback, as a process of its own; a context manager.

    ``environment`` is this process's own when it is not given, and reaches the kernels. ``own_page`` is for our page:
    see :func:`profile_widgets.page.settings.voila_settings`. ``closing`` says for whom the page is, at which address;
    without it the page is for whoever uses this machine, and ``hosts`` are names that browsers may call it by besides
    the machine's own (a closing has them itself). The process ends with the ``with`` block, and also when this
    process dies without a word: it watches its standard input, whose other end is held here.

    >>> with PageServer("notebooks/user_profile.ipynb", port=8866) as page:  # doctest: +SKIP
    ...     print(page.url)
    http://127.0.0.1:8866/
    """

    def __init__(
        self,
        notebook: str | Path,
        *,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
        own_page: bool = True,
        closing: Closing | None = None,
        hosts: Iterable[str] = (),
    ) -> None:
        self.notebook = Path(notebook).resolve()
        self.closing, self.hosts = closing, tuple(hosts)
        self.port = free_port(port, ip=closing.ip if closing else LOOPBACK)
        self.own_page = own_page
        self._environment = dict(os.environ if environment is None else environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The page's address, as this machine reaches it."""
        return f"http://{self._host}:{self.port}{self.closing.base_url if self.closing else '/'}"

    @property
    def pid(self) -> int | None:
        """The process's number, None when it was not started or has been stopped."""
        return self._process.pid if self._process is not None else None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and return when it answers; raise PageError when it does not come to that."""
        if not self.notebook.is_file():
            raise PageError(f"There is no notebook {self.notebook}: look at the path.")
        command = [sys.executable, "-m", "profile_widgets.page", str(self.notebook), str(self.port)]
        self._process = subprocess.Popen(
            [*command, "own" if self.own_page else "any", *(["closed"] if self.closing else ["open", *self.hosts])],
            stdin=subprocess.PIPE,
            env=page_environment(self._environment, {}),
            start_new_session=True,
        )
        try:
            self._tell()
            self._await_answer()
        except BaseException:
            self.stop()
            raise

    def wait(self) -> int:
        """Return the process's exit status when it has ended."""
        if self._process is None:
            raise PageError("The page was not started.")
        while (status := self._process.poll()) is None:
            time.sleep(LOOK_SECONDS)  # not one long wait: a signal that comes just before it would be noticed after it
        return status

    def stop(self) -> None:
        """End the process and its kernels; nothing happens when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> PageServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _host(self) -> str:
        ip = self.closing.ip if self.closing else LOOPBACK
        ip = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(ip, ip)  # noqa: S104 - it is looked for, not listened on
        return f"[{ip}]" if ":" in ip else ip

    def _tell(self) -> None:
        """Tell the process how its page is closed; the pipe stays open after it."""
        if self.closing is None or self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # it has ended already, which is noticed when it does not answer
            self._process.stdin.write(self.closing.to_json().encode() + b"\n")
            self._process.stdin.flush()

    def _await_answer(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if not self.running:
                raise PageError(f"Voila ended before it answered on port {self.port}: its reason stands above.")
            if self._answers():
                return
            time.sleep(0.05)
        raise PageError(f"Voila did not answer on port {self.port} within {READY_SECONDS:.0f} seconds.")

    def _answers(self) -> bool:
        path = f"{self.closing.base_url}voila/health" if self.closing else "/voila/static/voila.js"
        connection = http.client.HTTPConnection(self._host.strip("[]"), self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            if self.closing is not None:
                return answer.headers[INSTANCE] == self.closing.instance
            return answer.status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
