"""Memory of a real kernel with an open form, over the same kernel with nothing but boto3 imported."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.programs import ROOT, environment

_BARE = "import boto3, gc; gc.collect()"
_CLIENT = "client = boto3.client('sagemaker', 'eu-west-1'); gc.collect()"
_FORM = """
import sys; sys.path.insert(0, {root!r})
from benchmarks.subjects import SUBJECTS
subject = SUBJECTS[{name!r}]
form = await subject.build()
subject.open(form, subject.sections(form)[{section}])
gc.collect()
"""
SECONDS = 60


def memory(name: str, section: int, rounds: int, extra: Mapping[str, str]) -> dict[str, float]:
    """Return the median MiB that a form takes with one section open, over a kernel that imported boto3.

    ``client`` is what a SageMaker client alone takes over the same: the service model, which every form reads too.
    Counted is memory that only the kernel's process holds.
    """
    codes = {"form": _FORM.format(root=str(ROOT), name=name, section=section)}
    if name == "ours":
        codes["client"] = _CLIENT
    return {what: statistics.median(_kernel(code, extra) for _ in range(rounds)) for what, code in codes.items()}


def _kernel(code: str, extra: Mapping[str, str]) -> float:
    import psutil
    from jupyter_client.manager import KernelManager

    manager = KernelManager()
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel(env=environment(extra), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client: Any = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        provisioner: Any = manager.provisioner
        process = psutil.Process(provisioner.pid)
        _execute(client, _BARE)
        before = process.memory_full_info().uss
        _execute(client, code)
        return float(process.memory_full_info().uss - before) / 2**20
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _execute(client: Any, code: str) -> None:
    reply = client.execute_interactive(code, timeout=SECONDS, output_hook=lambda _message: None)["content"]
    if reply["status"] != "ok":
        raise RuntimeError("\n".join(reply["traceback"]))
