"""A process that has imported everything, has no threads, and forks a child for each submit that is to be killed.

It reads lines of JSON and answers each with two: the child's process id at once, so that it can be killed from outside,
and, when the child has ended, the signal that ended it and what it told.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.faults import subject

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Be the other end of the nursery's process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.faults.nursery"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._hear()

    def begin(self, job: subject.Job, what: str, *, die: tuple[str, str] | None = None, limit: int = 0) -> int:
        """Fork a child that waits; return its process id.

        It will ``submit`` or ``take up``, kill itself at the step ``die`` (a key and a state), and write no file larger
        than ``limit`` bytes.
        """
        self._say({"job": job.document(), "what": what, "die": die, "limit": limit})
        return int(self._hear()["pid"])

    def end(self) -> tuple[int, Any]:
        """Let the child go; return the signal that ended it, 0 for none, and what it told, ``None`` for nothing."""
        self._say({})
        heard = self._hear()
        return int(heard["signal"]), heard["told"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _say(self, what: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        heard: dict[str, Any] = json.loads(line)
        return heard


def warm() -> None:
    """Load the service model and build the classes of the settings, so that no child has to. Starts no thread."""
    from profile_widgets.editing.draft import ProfileDraft

    through = subject.gateway("http://127.0.0.1:9", 1.0)
    through.connection.client("sagemaker")
    being = ProfileDraft(through, "d-abcdefghijkl", "nobody", create=True)
    being.settings.put("JupyterLabAppSettings.DefaultResourceSpec.InstanceType", "ml.t3.medium")
    assert being.problems is not None


def bear(order: dict[str, Any], gate: int, told: int) -> None:
    """Do in the child what was ordered, once the gate opens."""
    os.read(gate, 1)
    die = tuple(order["die"] or ())

    def watch(step: Any) -> None:
        if (step.key, step.state) == die:
            os.kill(os.getpid(), signal.SIGKILL)

    def ready() -> None:
        if order["limit"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))

    try:
        result: dict[str, Any] = {"ended": subject.run(subject.Job(**order["job"]), order["what"], watch, ready)}
    except BaseException as error:
        result = {"raised": f"{type(error).__name__}: {error}"}
    os.write(told, json.dumps(result).encode())


def fork(order: dict[str, Any]) -> tuple[int, int, int]:
    """Return the child's process id, the gate to open, and where to read what it tells."""
    gate, opening = os.pipe()
    telling, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(opening)
        os.close(telling)
        try:
            bear(order, gate, told)
        finally:
            os._exit(0)
    os.close(gate)
    os.close(told)
    return child, opening, telling


def main() -> None:
    """Serve until the standard input ends."""
    warm()
    print("{}", flush=True)
    for line in sys.stdin:
        child, opening, telling = fork(json.loads(line))
        print(json.dumps({"pid": child}), flush=True)
        sys.stdin.readline()
        with contextlib.suppress(OSError):
            os.write(opening, b"1")
        os.close(opening)
        with os.fdopen(telling, "rb") as pipe:
            words = pipe.read()
        _, status = os.waitpid(child, 0)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        print(json.dumps({"signal": ended, "told": json.loads(words) if words else None}), flush=True)


if __name__ == "__main__":
    main()
