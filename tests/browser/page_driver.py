"""Our page as a person uses it: by roles, names and the paths of settings, never by how it is built."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

LAB = "UserSettings.JupyterLabAppSettings"
TOLD = 25_000
"""Milliseconds after which a fault must have been told: the promise of the page."""
LONG = 30_000
"""Milliseconds for what needs a kernel to start or AWS to answer; everything else has Playwright's own patience."""


class ProfilePage:
    """Drive one editor; ``root`` is the part of the tab that holds it."""

    def __init__(self, tab: Page, root: Locator | None = None) -> None:
        self.tab = tab
        self.root = tab.locator("body") if root is None else root

    # -- finding -------------------------------------------------------------------------------------------------

    def chooser(self, label: str) -> Locator:
        return self.root.get_by_role("combobox", name=label, exact=True)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def at(self, path: str) -> Locator:
        """Return the field, section or list of a setting."""
        return self.root.locator(f'[data-path="{path}"]')

    def box(self, path: str) -> Locator:
        """Return the input of a field."""
        return self.at(path).locator("input, select").first

    def header(self, title: str) -> Locator:
        return self.root.get_by_role("button", name=title, exact=True)

    def heading(self, text: str) -> Locator:
        return self.root.get_by_role("heading", name=text, exact=True)

    @property
    def request(self) -> Locator:
        """Return the text of the request, as it is shown."""
        return self.root.get_by_role("tabpanel")

    def change_row(self, label: str) -> Locator:
        return self.root.get_by_role("table", name="Changes").get_by_role("row").filter(has_text=label)

    # -- choosing ------------------------------------------------------------------------------------------------

    def choose(self, label: str, words: str) -> None:
        self.chooser(label).click()
        self.root.get_by_role("option").filter(has_text=words).first.click()

    def open_profile(self, domain: str, name: str) -> None:
        self.choose("Domain", domain)
        self.choose("User profile", name)
        expect(self.button(f"Update {name}")).to_be_visible(timeout=LONG)

    def begin_profile(self, domain: str, name: str) -> None:
        self.choose("Domain", domain)
        self.choose("User profile", "New profile")
        expect(self.header("New profile")).to_be_visible(timeout=LONG)
        self.type("UserProfileName", name)
        expect(self.button(f"Create {name}")).to_be_visible(timeout=LONG)

    def expand(self, title: str) -> None:
        header = self.header(title)
        if header.get_attribute("aria-expanded") == "false":
            header.click()
        expect(header).to_have_attribute("aria-expanded", "true")

    # -- editing -------------------------------------------------------------------------------------------------

    def type(self, path: str, text: str) -> None:
        """Type into a field and leave it."""
        box = self.box(path)
        box.fill(text)
        box.press("Tab")

    def pick(self, path: str, option: str) -> None:
        """Pick a value of a short list."""
        self.box(path).select_option(label=option)

    def search(self, path: str, words: str, option: str) -> None:
        """Find a value of a long list by typing and take it."""
        box = self.box(path)
        box.click()
        box.fill(words)
        self.at(path).get_by_role("option").filter(has_text=re.compile(f"^{re.escape(option)}")).first.click()
        expect(box).to_have_value(option)

    def paste(self, path: str, text: str) -> None:
        """Paste text from the clipboard."""
        self.tab.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.box(path).focus()
        self.tab.keyboard.press("Control+V")

    def entries(self, path: str) -> Locator:
        """Return the entries of a list of texts."""
        return self.at(path).get_by_role("list", name=re.compile("entries$")).get_by_role("listitem")

    def add_item(self, path: str, label: str, kind: str | None = None) -> None:
        """Add to a list of structures; a tagged union is asked for its kind."""
        count = self.at(path).locator(f'[data-path^="{path}["].pw-level-2').count()
        self.at(path).get_by_role("button", name=f"Add to {label}", exact=True).click()
        if kind:
            self.at(path).get_by_role("menuitem", name=kind, exact=True).click()
        expect(self.at(f"{path}[{count}]")).to_be_visible()

    def act(self, path: str, name: str, action: str) -> None:
        """Choose from the menu of a field, section or list."""
        self.at(path).get_by_role("button", name=f"Actions for {name}", exact=True).first.click()
        self.at(path).get_by_role("menuitem", name=action).first.click()

    # -- being told ----------------------------------------------------------------------------------------------

    def says(self, words: str) -> None:
        """Wait until these words stand on the page: a fault is told within 25 seconds."""
        expect(self.root.get_by_text(words).first).to_be_visible(timeout=TOLD)
        assert "Traceback" not in self.root.inner_text()

    def load_again(self) -> None:
        """Load the page again, as a person does when it says so, or by themselves."""
        self.tab.reload()
        expect(self.chooser("Domain")).to_be_visible(timeout=LONG)

    @property
    def kernel(self) -> str:
        """Return the id of the kernel behind the page in Voila."""
        return str(self.tab.evaluate("document.body.dataset.kernelId"))

    # -- sending -------------------------------------------------------------------------------------------------

    def submit(self, button: str, heading: str) -> None:
        """Press the button and wait for how it ends."""
        press = self.button(button)
        expect(press).to_have_attribute("aria-disabled", "false")
        press.click()
        expect(self.heading(heading)).to_be_visible(timeout=LONG)

    def press(self, action: str, heading: str) -> None:
        """Press what is offered under an outcome or a question, and wait for how that ends."""
        self.button(action).click()
        expect(self.heading(heading)).to_be_visible(timeout=LONG)

    def press_refused(self, button: str) -> None:
        """Press a button that is said to be disabled, as a person may: Playwright alone would wait for it."""
        press = self.button(button)
        expect(press).to_have_attribute("aria-disabled", "true")
        press.scroll_into_view_if_needed()
        press.click(force=True)


def foreign(urls: list[str]) -> list[str]:
    """Return the addresses that are not on this machine's loopback."""
    asked = (urlsplit(url.removeprefix("blob:")) for url in urls)
    return [url.geturl() for url in asked if url.scheme not in ("data", "about") and url.hostname != "127.0.0.1"]


def overflow(tab: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))
