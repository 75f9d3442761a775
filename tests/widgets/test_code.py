from __future__ import annotations

import pytest

from profile_widgets.widgets import code
from profile_widgets.widgets.code import Code, KitWidget


@pytest.mark.parametrize("module", code.MODULES)
def test_a_module_travels_without_comments_and_with_the_digest_of_the_kit(module: str) -> None:
    text = code.source(f"{module}.js")
    assert code.digest() in text
    assert "@KIT@" not in text
    assert not [line for line in text.splitlines() if not line or line.startswith(("//", " "))]


def test_every_visible_widget_carries_only_the_loader() -> None:
    widget = KitWidget(_kind="choices")
    assert widget._esm == code.source("loader.js")
    assert len(widget._esm) < 600
    widget.layout.close()
    widget.close()


def test_a_module_brings_its_style_sheet() -> None:
    widget = Code("kit")
    assert ".pw" in widget._css
    widget.layout.close()
    widget.close()


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name in ("loader", *code.MODULES):
        assert "http" not in code.source(f"{name}.js").replace("http://www.w3.org/2000/svg", "")
    for name in code.STYLES:
        assert "url(" not in code.source(f"{name}.css").replace("url(data:", "")
        assert "@import" not in code.source(f"{name}.css")


def test_the_front_end_is_found_by_the_names_that_anywidget_registers() -> None:
    import anywidget

    widget = KitWidget(_kind="choices")
    reference = anywidget.AnyWidget.class_traits()
    for name in ("_model_name", "_model_module", "_model_module_version", "_view_name", "_view_module"):
        assert getattr(widget, name) == reference[name].default_value
    widget.layout.close()
    widget.close()
