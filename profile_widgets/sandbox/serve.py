"""Run a sandbox in the foreground, for the console script."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

from profile_widgets.sandbox.merging import Semantics
from profile_widgets.sandbox.sandbox import Sandbox


def serve(port: int = 0, region: str = "eu-west-1", delay: float = 2.0, semantics: Semantics = "merge") -> None:
    """Run a sandbox until SIGINT or SIGTERM; print its endpoint and the environment that leads the AWS CLI to it.

    Call it from the main thread. OSError if the port is taken.

    Example: ``serve(5000)``
    """
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Sandbox(port, region, delay, semantics) as sandbox:
            sys.stdout.write("\n".join([*_greeting(sandbox), ""]))
            sys.stdout.flush()
            while not stopped.wait(1.0):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _greeting(sandbox: Sandbox) -> Iterator[str]:
    yield f"SageMaker sandbox: {sandbox.endpoint_url}"
    yield "In another shell:"
    for name, value in sandbox.environment.items():
        yield f"  export {name}={value}"
    yield "  aws sagemaker list-user-profiles"
    yield "Stop with Ctrl+C."
