"""A real JupyterHub with its real proxy on loopback, and people who sign in to it with a browser's cookies."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from profile_widgets.page import free_port

ROOT = Path(__file__).parent.parent.parent
READY_SECONDS = 120.0

COMMON = """
import os
c = get_config()
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "open sesame"
c.Authenticator.allowed_users = {"alice", "bob", "mallory"}
c.Authenticator.admin_users = {"root-of-all"}
c.JupyterHub.load_groups = {"profiles": {"users": ["alice", "bob"]}, "data-science": {"users": ["alice"]}}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.abspath("home/{username}")
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.cookie_secret_file = "cookie_secret"
c.JupyterHub.bind_url = os.environ["TEST_BIND_URL"]
c.JupyterHub.hub_bind_url = os.environ["TEST_HUB_URL"]
c.ConfigurableHTTPProxy.api_url = os.environ["TEST_PROXY_URL"]
c.ConfigurableHTTPProxy.command = [os.environ["TEST_PROXY"]]
c.JupyterHub.services = []
c.JupyterHub.load_roles = []
"""


class Hub:
    """A JupyterHub as a process of its own; a context manager.

    ``configuration`` is Python for ``jupyterhub_config.py``, after what all tests share: people who sign in with one
    password, groups, ports.
    """

    def __init__(self, folder: Path, proxy: str, configuration: str, environment: Mapping[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self._environment = {
            **os.environ,
            "TEST_PROXY": proxy,
            "TEST_BIND_URL": f"http://127.0.0.1:{self.port}",
            "TEST_HUB_URL": f"http://127.0.0.1:{free_port()}",
            "TEST_PROXY_URL": f"http://127.0.0.1:{free_port()}",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(ROOT)])),
            **environment,
        }
        (folder / "jupyterhub_config.py").write_text(COMMON + configuration)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the proxy, which is what people know."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the Hub, its proxy and its servers wrote so far."""
        return (self.folder / "hub.log").read_text(errors="replace")

    def __enter__(self) -> Hub:
        with (self.folder / "hub.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.await_path("/hub/login", 200)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        started = self._started(process)
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for each in started:  # what a Hub that did not end well leaves behind
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()

    def _started(self, process: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """Return what the Hub started and, when it is gone already, the proxy that it wrote down."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(process.pid).children(recursive=True)
        with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
            proxy = psutil.Process(int((self.folder / "jupyterhub-proxy.pid").read_text()))
            return [proxy] if str(self.folder) == proxy.cwd() else []
        return []

    def kernels(self) -> list[dict[str, str]]:
        """Return the environments of the kernels that run behind this Hub."""
        assert self._process is not None
        found = []
        for child in psutil.Process(self._process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if "ipykernel_launcher" in " ".join(child.cmdline()):
                    found.append(child.environ())
        return found

    def await_path(self, path: str, *statuses: int) -> None:
        """Wait until a path is answered with one of these statuses."""
        until = time.monotonic() + READY_SECONDS
        seen: object = None
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self.log
            with contextlib.suppress(httpx.TransportError):
                seen = httpx.get(self.url + path).status_code
                if seen in statuses:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{path} was answered with {seen}:\n{self.log}")

    @contextlib.contextmanager
    def sign_in(self, name: str) -> Iterator[httpx.Client]:
        """Give a client with the cookies of somebody who signed in to the Hub."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=120) as client:
            form = client.get("/hub/login").text
            found = re.search(r'name="_xsrf"\s+value="([^"]*)"', form)
            assert found, form
            data = {"username": name, "password": "open sesame", "_xsrf": found[1]}
            reply = client.post("/hub/login", data=data, follow_redirects=False)
            assert reply.status_code == 302, reply.text
            yield client


def let_in(client: httpx.Client, path: str) -> None:
    """Have somebody signed in to a page of the Hub, without opening it: their browser has the page's cookies then."""
    reply = client.get(path, follow_redirects=False)
    while reply.next_request is not None and not reply.url.path.endswith("/oauth_callback"):
        reply = client.send(reply.next_request, follow_redirects=False)
    assert reply.url.path.endswith("/oauth_callback"), (reply.url, reply.text)


def websocket_headers(client: httpx.Client, path: str) -> dict[str, str]:
    """Return the headers by which a browser would open a websocket on a path of the page that it shows."""
    request = client.build_request("GET", path)
    return {"Cookie": request.headers.get("Cookie", ""), "Sec-Fetch-Mode": "websocket"}


def websocket_url(hub: Hub, path: str) -> str:
    """Return a path of the Hub as the address of a websocket."""
    return f"ws://{urlsplit(hub.url).netloc}{path}"


def refused(client: Any, path: str, **options: Any) -> int:
    """Return the status that a request ends with when no redirect is followed."""
    return int(client.get(path, follow_redirects=False, **options).status_code)
