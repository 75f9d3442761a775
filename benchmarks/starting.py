"""Import time over its floor, and how fast the sandbox is there and answers.

``python -m benchmarks.starting`` prints the sandbox's figures as JSON; the imports run one after the other, in turns.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from benchmarks.programs import run

FLOOR = "import boto3, ipywidgets"
IMPORTS = {
    "floor": FLOOR,
    "package": f"{FLOOR}, profile_widgets",
    "editor": f"{FLOOR}; from profile_widgets import UserProfileEditor",
}
CALLS = 200
_TIMED = "import time; began = time.process_time(); {}; print((time.process_time() - began) * 1000)"


def imports(rounds: int) -> dict[str, float]:
    """Return the median milliseconds of processor time of each import, in fresh processes, the first round left out."""
    spent: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for turn in range(rounds + 1):
        for name, statement in IMPORTS.items():
            milliseconds = run("-c", _TIMED.format(statement))
            if turn:
                spent[name].append(milliseconds)
    return {name: statistics.median(each) for name, each in spent.items()}


def sandbox(rounds: int) -> dict[str, float]:
    """Return the median over processes of the sandbox's milliseconds until it listens, and of a describe call."""
    measured = [run("-m", "benchmarks.starting") for _ in range(rounds + 1)][1:]
    return {name: statistics.median(each[name] for each in measured) for name in measured[0]}


def _sandbox_once() -> dict[str, float]:
    began = time.perf_counter()
    from profile_widgets.sandbox import Sandbox

    with Sandbox() as sandbox:
        ready = time.perf_counter() - began
        return {"ready": ready * 1000, "describe": _describe(sandbox)}


def _describe(sandbox: Any) -> float:
    import boto3

    client = boto3.client(
        "sagemaker",
        endpoint_url=sandbox.endpoint_url,
        region_name=sandbox.region,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    profile = client.list_user_profiles(MaxResults=1)["UserProfiles"][0]
    spent = []
    for _ in range(CALLS):
        began = time.perf_counter()
        client.describe_user_profile(DomainId=profile["DomainId"], UserProfileName=profile["UserProfileName"])
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1000


if __name__ == "__main__":
    print(json.dumps(_sandbox_once()))
