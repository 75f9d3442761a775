"""Messages with buffers, as Jupyter's first websocket protocol writes them."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any


def written(message: Mapping[str, Any], buffers: tuple[bytes, ...]) -> bytes:
    """Write a message with buffers as Jupyter's first websocket protocol does."""
    parts = [json.dumps(message).encode(), *buffers]
    offsets = [4 * (len(parts) + 1)]
    for part in parts[:-1]:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"!{len(parts) + 1}I", len(parts), *offsets) + b"".join(parts)


def read(data: bytes) -> dict[str, Any]:
    """Return the message of a frame, without its buffers."""
    count = struct.unpack_from("!I", data)[0]
    offsets = [*struct.unpack_from(f"!{count}I", data, 4), len(data)]
    message: dict[str, Any] = json.loads(data[offsets[0] : offsets[1]])
    return message
