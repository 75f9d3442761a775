"""The real AWS CLI and Python, warm: a process that has them loaded and forks for each call.

A start of `aws` takes most of a second, of which the call itself is little. `Warm` starts one process that imports
`awscli` and `boto3` once; an ``aws`` and a ``python`` in its folder are thin clients that hand over their arguments,
environment, working directory and open files, and end with the exit status that the forked call had. What runs is
the main function of `awscli`'s own driver, or the script, in a process of its own.

Run as a script, with the address of a socket, this is that process.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import runpy
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    call = json.dumps([{kind!r}, sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(line, [len(call).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(call)
    status = line.recv(1)
sys.exit(status[0] if status else 250)
"""
READY = "ready"


class Warm:
    """Keep the process, and a folder with its ``aws`` and ``python``, from ``with`` to its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        address = str(folder / "socket")
        for kind in ("aws", "python"):
            client = self.folder / kind
            client.write_text(CLIENT.format(python=sys.executable, address=address, kind=kind), "utf-8")
            client.chmod(0o755)
        self._process = subprocess.Popen([sys.executable, __file__, address], stdout=subprocess.PIPE, encoding="utf-8")

    def __enter__(self) -> Warm:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == READY
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        """Return an environment in which ``aws`` and ``python`` are the warm ones."""
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, **settings, "PATH": path, "PYTHONUTF8": "1", "AWS_PAGER": ""}


def serve(address: str) -> None:
    """Load everything that a call needs, then answer calls one after the other, each in a fork."""
    before = dict(os.environ)
    import boto3
    from awscli.clidriver import create_clidriver

    added = {name: value for name, value in os.environ.items() if before.get(name) != value}
    boto3.setup_default_session()
    boto3.client("sagemaker", region_name="eu-west-1")
    driver = create_clidriver()
    with contextlib.redirect_stdout(io.StringIO()):
        driver.main(["sagemaker", "update-user-profile", "--generate-cli-skeleton"])
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        while True:
            line, _ = door.accept()
            with line:
                answer(line, driver.main, added)


def answer(line: socket.socket, aws: Callable[[list[str]], int], added: dict[str, str]) -> None:
    """Run one call in a fork with the client's files, and tell the client how it ended.

    ``aws`` is the CLI's own main function, ``added`` what it put into the environment when it was loaded.
    """
    head, files, _flags, _address = socket.recv_fds(line, 4, 3)
    length, call = int.from_bytes(head, "big"), b""
    while len(call) < length and (more := line.recv(1 << 20)):
        call += more
    child = os.fork()
    if child == 0:
        status = 255
        try:
            kind, arguments, environment, folder = json.loads(call)
            for number, file in enumerate(files):
                os.dup2(file, number)
            os.environ.clear()
            os.environ.update(environment | (added if kind == "aws" else {}))
            os.chdir(folder)
            status = ended(lambda: aws(arguments) if kind == "aws" else script(arguments))
        finally:
            os._exit(status)
    for file in files:
        os.close(file)
    line.sendall(bytes([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255]))


def script(arguments: list[str]) -> int:
    """Run a script as Python does."""
    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")
    return 0


def ended(program: Callable[[], int]) -> int:
    """Run a program in this process and return its exit status."""
    try:
        return int(program() or 0)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 - shown as Python shows it
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
