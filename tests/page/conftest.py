"""A small notebook with one widget of anywidget's and one of ipywidgets', served as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from profile_widgets.page import PageServer

COUNTER = """
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = "pressed " + model.get("count"); };
      button.addEventListener("click", () => { model.set("count", model.get("count") + 1); model.save_changes(); });
      model.on("change:heard", () => { el.dataset.heard = model.get("heard"); });
      show(); model.on("change:count", show);
      el.append(button);
    } };
    '''
    count = traitlets.Int(0).tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter.observe(lambda change: setattr(counter, "heard", change.new), "count")
"""


def write_notebook(path: Path, *sources: str, title: str = "A small page") -> Path:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"title": title, "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    folder = tmp_path_factory.mktemp("page")
    notebook = write_notebook(folder / "small.ipynb", COUNTER, "counter", "secret_of_the_source = 41")
    (folder / "beside.png").write_bytes(b"not for visitors")
    with PageServer(notebook) as server:
        yield server
