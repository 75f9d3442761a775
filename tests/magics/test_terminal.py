"""In a terminal long output goes through a pager, unless that is unwanted; tables may have colours."""

from __future__ import annotations

import os
import pty
import select
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import UPDATE, WHERE

PROGRAM = """\
import sys
from IPython.core.interactiveshell import InteractiveShell
from profile_widgets import magics
shell = InteractiveShell()
magics.load(shell)
for cell in sys.argv[1:]:
    shell.run_cell(cell)
"""
ROOT = Path(__file__).resolve().parents[2]
MARK = "paged: "
PAGER = f"sed -e 's/^/{MARK}/'"
LONG = f"%{UPDATE} --generate-cli-skeleton"


def seen(*cells: str, **environment: str) -> str:
    """Return what a terminal of 24 lines shows of a shell that runs cells."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    around = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "PAGER": PAGER, **environment}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *cells], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=around
    )
    os.close(theirs)
    text = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:  # nobody holds the terminal any more
            break
        if not data:
            break
        text += data
    process.wait(60)
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def test_long_output_goes_through_the_pager(sandbox: Sandbox) -> None:
    del sandbox
    shown = seen(LONG, f"%{UPDATE} {' '.join(WHERE)}")
    assert f'{MARK}    "DomainId": ""' in shown
    assert shown.rstrip().endswith("}")  # the answer is short, and shown at once
    assert not shown.rstrip().splitlines()[-1].startswith(MARK)


@pytest.mark.parametrize(
    ("option", "environment"),
    [(" --no-cli-pager", {}), ("", {"AWS_PAGER": ""}), ("", {"PAGER": ""})],
)
def test_a_pager_that_is_unwanted_is_not_used(option: str, environment: dict[str, str], sandbox: Sandbox) -> None:
    del sandbox
    assert MARK not in seen(LONG + option, **environment)


def test_the_clis_own_pager_counts_first(sandbox: Sandbox) -> None:
    del sandbox
    shown = seen(LONG, AWS_PAGER="sed -e 's/^/first: /'")
    assert 'first:     "DomainId": ""' in shown
    assert MARK not in shown


def test_a_table_has_colours_in_a_terminal_and_its_width(sandbox: Sandbox) -> None:
    del sandbox
    cell = f"%{UPDATE} {' '.join(WHERE)} --output table"
    assert "\x1b[" in seen(cell)
    assert "\x1b[" not in seen(f"{cell} --color off")
