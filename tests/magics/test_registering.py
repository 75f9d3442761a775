"""The magics in a shell: put in by %load_ext, taken out again, and cheap to have."""

from __future__ import annotations

import subprocess
import sys

from profile_widgets import magics
from tests.magics.conftest import CREATE, UPDATE, Notebook


def known(notebook: Notebook, kind: str) -> set[str]:
    return {CREATE, UPDATE} & set(notebook.shell.magics_manager.magics[kind])


def test_loading_puts_lines_and_cells_in_once_and_unloading_takes_them_out(notebook: Notebook) -> None:
    shell = notebook.shell
    others = len(shell.Completer.custom_matchers) - 1
    magics.load(shell)
    assert len(shell.Completer.custom_matchers) == others + 1
    assert known(notebook, "line") == known(notebook, "cell") == {CREATE, UPDATE}
    magics.unload(shell)
    magics.unload(shell)
    assert len(shell.Completer.custom_matchers) == others
    assert known(notebook, "line") == known(notebook, "cell") == set()


def test_the_extension_is_the_package(notebook: Notebook) -> None:
    magics.unload(notebook.shell)
    assert notebook.run("%load_ext profile_widgets").error is None
    assert known(notebook, "line") == {CREATE, UPDATE}
    assert notebook.run(f"%{UPDATE} --version").stdout.startswith("profile-widgets/")
    assert notebook.run("%unload_ext profile_widgets").error is None
    assert known(notebook, "line") == set()


def test_loading_reads_no_service_model_and_makes_no_widget() -> None:
    program = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell; from profile_widgets import magics; "
        "shell = InteractiveShell(); magics.load(shell); "
        "print([name for name in ('boto3', 'ipywidgets', 'yaml', 'jmespath') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.splitlines()[-1] == "[]"
