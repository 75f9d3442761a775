"""What counts as use of a page, in each of the three ways in which a browser may write a message."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from profile_widgets.page.using import is_use

V1 = "v1.kernel.websocket.jupyter.org"


def text(kind: str, content: Any) -> str:
    return json.dumps({"header": {"msg_type": kind}, "content": content, "channel": "shell"})


def newer(kind: str, content: Any) -> bytes:
    parts = [b"shell", *(json.dumps(part).encode() for part in ({"msg_type": kind}, {}, {}, content)), b"a buffer"]
    starts = [8 * (len(parts) + 2)]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return b"".join(number.to_bytes(8, "little") for number in (len(starts), *starts)) + b"".join(parts)


def older(kind: str, content: Any) -> bytes:
    document = text(kind, content).encode()
    return struct.pack("!3I", 2, 12, 12 + len(document)) + document + b"a buffer"


WAYS = [(text, None), (newer, V1), (older, None)]
by_each_way = pytest.mark.parametrize(("write", "protocol"), WAYS, ids=["text", "newer", "older"])


@by_each_way
@pytest.mark.parametrize("method", ["update", "custom"])
def test_what_a_person_does_with_a_widget_is_use(write: Any, protocol: str | None, method: str) -> None:
    assert is_use(write("comm_msg", {"comm_id": "1", "data": {"method": method}}), protocol)


@by_each_way
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("kernel_info_request", {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}),
        ("comm_open", {"comm_id": "1", "data": {"method": "update"}}),
        ("comm_close", {"comm_id": "1", "data": {}}),
        ("comm_msg", {"comm_id": "1", "data": {"method": "request_state"}}),
        ("comm_msg", {"comm_id": "1", "data": {"method": "request_states"}}),
    ],
)
def test_what_a_front_end_does_by_itself_is_none(write: Any, protocol: str | None, kind: str, content: Any) -> None:
    assert not is_use(write(kind, content), protocol)


@pytest.mark.parametrize(
    "message", [b"\xff" * 64, b"\0" * 64, struct.pack("!2I", 1, 2**31), newer("comm_msg", {})[:60]]
)
def test_bytes_that_cannot_be_read_are_none(message: bytes) -> None:
    assert not is_use(message, None)
    assert not is_use(message, V1)


@pytest.mark.parametrize("protocol", [None, V1])
@pytest.mark.parametrize(
    "message",
    ["", "[]", "null", "{}", "[" * 100_000, text("comm_msg", None), text("comm_msg", {"data": ["update"]}), b"", b"\0"],
)
def test_what_cannot_be_read_is_none(message: str | bytes, protocol: str | None) -> None:
    assert not is_use(message, protocol)
