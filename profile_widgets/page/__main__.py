"""The page's own process: ``python -m profile_widgets.page NOTEBOOK PORT own|any closed|open [HOST ...]``.

:class:`~profile_widgets.page.PageServer` starts it. It ends when its standard input does, so that it cannot outlive the
process that started it. How a closed page is closed is the first line that it reads there: secrets stand neither on a
command line nor in an environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import Any

from profile_widgets.page.settings import voila_settings


def _end_with_parent() -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 1):  # not sys.stdin, whose lock this thread would hold when the interpreter ends
            pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)  # wakes the main thread's loop
    else:
        os.kill(os.getpid(), signal.SIGTERM)


def _encryption() -> dict[str, dict[str, str]]:
    """Return the setting that encrypts what goes between Voila and its kernels, where the installed Jupyter can."""
    import zmq
    from jupyter_client.manager import KernelManager

    if KernelManager.class_traits().get("transport_encryption") is None or not zmq.has("curve"):
        return {}
    return {"KernelManager": {"transport_encryption": "auto"}}


def give_the_page_its_token(handler: Any, **_kwargs: Any) -> None:
    """Set the cookie without which the page may not end its kernel when it is left.

    Voila's front end asks for that on ``beforeunload`` with the ``_xsrf`` cookie's value, but Voila 0.5 alone never
    sets that cookie, so that each visit would leave a kernel behind.
    """
    _ = handler.xsrf_token


def main(arguments: list[str]) -> None:
    """Serve the notebook until told to stop."""
    notebook, port, kind, way, *hosts = arguments
    settings = {**voila_settings(int(port), own_page=kind == "own"), **_encryption()}
    app = _closed_app(settings) if way == "closed" else _open_app(settings, hosts)
    app.initialize([notebook])
    # Voila's handler of SIGTERM is in place now.
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    app.start()


def _open_app(settings: dict[str, dict[str, Any]], hosts: list[str]) -> Any:
    from traitlets.config import Config

    from profile_widgets.page.opened import OpenVoila

    app = OpenVoila.instance(config=Config(settings))
    app.hosts = tuple(hosts)
    app.config.VoilaConfiguration.prelaunch_hook = give_the_page_its_token
    return app


def _closed_app(settings: dict[str, dict[str, Any]]) -> Any:
    from traitlets.config import Config

    from profile_widgets.page.closed import ClosedVoila
    from profile_widgets.page.closing import Closing
    from profile_widgets.page.settings import closed_settings

    closing = Closing.from_json(_first_line())
    app = ClosedVoila.instance(config=Config(closed_settings(settings, closing.ip, closing.base_url)))
    app.closing, app.environment = closing, dict(os.environ)
    return app


def _first_line() -> str:
    read = b""
    while not read.endswith(b"\n"):
        part = os.read(0, 1)  # byte by byte: what follows is not ours
        if not part:
            break
        read += part
    return read.decode()


if __name__ == "__main__":
    main(sys.argv[1:])
