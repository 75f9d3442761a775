"""A comm that records what a kernel would send to the page."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import comm
from comm.base_comm import BaseComm

KIB = 1024


@dataclass(frozen=True)
class Message:
    """One message from the kernel to the page."""

    kind: str
    comm_id: str
    text: bytes
    buffers: int = 0

    @property
    def size(self) -> int:
        """Return the bytes of data and metadata, as Jupyter writes JSON, and of the buffers."""
        return len(self.text) + self.buffers

    @property
    def state(self) -> dict[str, Any]:
        """Return the traits that it carries."""
        state: dict[str, Any] = json.loads(self.text)[0].get("state", {})
        return state


def written(content: Any) -> bytes:
    """Return a content in JSON as Jupyter writes it."""
    return json.dumps(content, ensure_ascii=False).encode()


@dataclass
class Wire:
    """All messages since the last :meth:`take`, and the comms that are open."""

    messages: list[Message] = field(default_factory=list)
    open: set[str] = field(default_factory=set)

    def record(self, message: Message) -> None:
        self.messages.append(message)
        if message.kind == "comm_open":
            self.open.add(message.comm_id)
        elif message.kind == "comm_close":
            self.open.discard(message.comm_id)

    def take(self) -> list[Message]:
        """Return the messages so far, and begin anew."""
        taken, self.messages = self.messages, []
        return taken


WIRE = Wire()


class RecordingComm(BaseComm):
    """Keep every message instead of sending it."""

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **_keys: Any,
    ) -> None:
        size = sum(memoryview(each).nbytes for each in buffers or ())
        # Written at once, as a kernel does: what a widget sends may change before it is counted.
        WIRE.record(Message(msg_type, self.comm_id, written([data or {}, metadata or {}]), size))


def install() -> None:
    """Have every widget that is made from now on speak into :data:`WIRE`."""
    comm.create_comm = RecordingComm


def summed(messages: list[Message]) -> dict[str, Any]:
    """Return the figures of some messages: opens, messages after them, KiB."""
    kinds = Counter(message.kind for message in messages)
    return {
        "opens": kinds["comm_open"],
        "messages": sum(kinds.values()),
        "kib": sum(message.size for message in messages) / KIB,
    }


def breakdown(messages: list[Message]) -> list[tuple[str, str, int, int]]:
    """Return rows of kind of widget, trait, how often it was sent and its bytes, the largest first."""
    kinds: dict[str, str] = {}
    often: Counter[tuple[str, str]] = Counter()
    sizes: Counter[tuple[str, str]] = Counter()
    for message in messages:
        state = message.state
        if message.kind == "comm_open":
            kinds[message.comm_id] = state.get("_kind") or state.get("_model_name") or "?"
        kind = f"{kinds.get(message.comm_id, 'of the form')} ({'first' if message.kind == 'comm_open' else 'later'})"
        parts = {name: len(written({name: value})) - 2 for name, value in state.items()}
        parts["around it"] = message.size - sum(parts.values())
        for name, size in parts.items():
            often[kind, name] += 1
            sizes[kind, name] += size
    return [(*key, often[key], size) for key, size in sizes.most_common()]
