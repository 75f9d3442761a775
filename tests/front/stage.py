"""One widget of the kit in Chromium, with the test in the place of the kernel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from profile_widgets.widgets.code import MODULES, STYLES, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCRIPT = Path(__file__).with_name("stage.js").read_text(encoding="utf-8")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
DARK = ":root{--jp-layout-color0:#111;--jp-layout-color1:#191c20;--jp-ui-font-color1:#eee;--jp-border-color2:#444}"
PAGE = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Stage</title><style>{}</style></head>{}</html>"
BODY = "<body style='background:var(--jp-layout-color0)'><h1>Stage</h1><textarea id=aside></textarea><main></main>"

LOOKS = pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1100, False, id="1100-light"),
        pytest.param(360, True, id="360-dark"),
        pytest.param(1100, True, id="1100-dark", marks=pytest.mark.long),
        pytest.param(360, False, id="360-light", marks=pytest.mark.long),
    ],
)
"""Wide and narrow, light and dark."""


class Stage:
    """Show widgets, given as id to traits; the first is put on the page."""

    def __init__(self, browser: Browser, widgets: dict[str, Any], *, dark: bool = False, width: int = 1100) -> None:
        self._widgets = widgets
        self.first = next(iter(widgets))
        self.tab = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        self.wrong: list[str] = []
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        styles = (DARK if dark else "") + "".join(source(f"{name}.css") for name in STYLES)
        self.tab.set_content(PAGE.format(styles, BODY))
        self.tab.add_script_tag(content=SCRIPT)
        sources = [source("loader.js"), *(source(f"{name}.js") for name in MODULES)]
        self.tab.evaluate("([sources, widgets]) => window.load(sources, widgets)", [sources, widgets])

    def tell(self, **traits: Any) -> None:
        """Change traits as the kernel does."""
        self.tab.evaluate("([id, traits]) => window.tell(id, traits)", [self.first, traits])

    def state(self, **parts: Any) -> None:
        """Change parts of the trait ``state``."""
        self.tell(state={**(self.trait("state") or {}), **parts})

    def message(self, **content: Any) -> None:
        """Send a custom message to the page."""
        self.tab.evaluate("([id, content]) => window.message(id, content)", [self.first, content])

    def trait(self, name: str) -> Any:
        """Return a trait as the page holds it."""
        return self.tab.evaluate("([id, name]) => window.trait(id, name)", [self.first, name])

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The messages that the kernel would have got."""
        return self.tab.evaluate("window.heard")  # type: ignore[no-any-return]

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.tab.keyboard.press(key)

    def copy(self, text: str) -> None:
        """Put text on the clipboard, from a box beside the widget."""
        self.tab.locator("#aside").fill(text)
        self.press("Control+a", "Control+c")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return self.tab.evaluate("document.documentElement.scrollWidth - innerWidth")  # type: ignore[no-any-return]

    def axe(self) -> list[str]:
        """Return what axe calls serious or critical."""
        self.tab.evaluate(AXE)
        said = self.tab.evaluate("axe.run({include: [['.pw']]}, {resultTypes: ['violations']})")
        assert len(said["passes"]) > 5, "axe saw nothing of the page"
        return [
            f"{each['id']}: {node['html'][:160]}"
            for each in said["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
