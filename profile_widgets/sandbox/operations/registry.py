"""The table of SageMaker operations that the sandbox has itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from profile_widgets.sandbox.account import Account

Request = dict[str, Any]
Answer = dict[str, Any]
Operation = Callable[[Account, Request], Answer]

OPERATIONS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Enter a function under the name of the operation that it answers; a name taken twice is an error."""

    def enter(function: Operation) -> Operation:
        if name in OPERATIONS:
            raise ValueError(f"operation {name} is answered twice")
        OPERATIONS[name] = function
        return function

    return enter
