"""What counts as use of a page: what a person does there, not what its front end does by itself.

A front end that opens its websocket again asks the kernel who it is and for all states of its widgets. If that were
use, a page that nobody touches would live as long as its network is bad.
"""

from __future__ import annotations

import json
from typing import Any

_MADE_BY_PEOPLE = ("update", "custom")
_V1 = "v1.kernel.websocket.jupyter.org"
_CONTENT = 4
"""Where the content of a message of Jupyter's newer kind stands: after its channel, header, parent and metadata."""


def is_use(message: str | bytes, protocol: str | None) -> bool:
    """Tell whether a message of a browser changes a widget or presses something in it.

    ``protocol`` is the websocket's subprotocol. What cannot be read is no use.

    >>> is_use('{"header": {"msg_type": "comm_msg"}, "content": {"data": {"method": "update"}}}', None)
    True
    >>> is_use('{"header": {"msg_type": "kernel_info_request"}, "content": {}}', None)
    False
    """
    try:
        header, content = _read(message, protocol)
        return header["msg_type"] == "comm_msg" and content["data"]["method"] in _MADE_BY_PEOPLE
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return False  # a browser may send anything


def _read(message: str | bytes, protocol: str | None) -> tuple[Any, Any]:
    """Return a message's header and content, from any of the three ways to write one."""
    if isinstance(message, bytes) and protocol == _V1:
        starts = [int.from_bytes(message[8 * i : 8 * i + 8], "little") for i in range(1, _CONTENT + 3)]
        return _part(message, starts, 1), _part(message, starts, _CONTENT)
    if isinstance(message, bytes):
        starts = [int.from_bytes(message[4 * i : 4 * i + 4], "big") for i in (1, 2)]
        has_buffers = int.from_bytes(message[:4], "big") > 1
        message = message[starts[0] : starts[1] if has_buffers else None]
    document = json.loads(message)
    return document["header"], document["content"]


def _part(message: bytes, starts: list[int], number: int) -> Any:
    return json.loads(message[starts[number] : starts[number + 1]])
