from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ipywidgets
import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.editing.history import History
from profile_widgets.model.settings import Structure
from profile_widgets.widgets.tools import Tools, note
from tests.widgets.conftest import browser_sends, browser_sets

ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


class Bench:
    """Tools over a form, as a page has them; what the tools ask for is written down."""

    def __init__(self) -> None:
        self.settings: Structure = UserSettings.from_document({"ExecutionRole": ROLE})
        self.form = SettingsEditor(self.settings)
        self.history = History(self.settings)
        self.asked: list[tuple[str, Any]] = []
        self.layout = ipywidgets.Layout()
        self.tools = Tools(on_action=self.act, layout=self.layout)
        self.show()

    def act(self, action: str, content: Mapping[str, Any]) -> None:
        self.asked.append((action, content.get("text", content.get("value"))))
        if action == "search":
            self.tools.look_for(self.form, text=content["text"])
        elif action == "filter":
            self.tools.look_for(self.form, only=content["value"])

    def show(self) -> None:
        self.tools.show(self.history, self.form, changed=bool(self.history.back))

    def close(self) -> None:
        for each in (self.tools, self.form, self.layout):
            each.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def test_the_tools_say_what_can_be_searched_and_taken_back(bench: Bench) -> None:
    state = bench.tools.state
    assert state["filter"] == "all"
    assert [row[:2] for row in state["filters"]] == [
        ["all", "All"],
        ["set", "Set here"],
        ["changed", "Changed"],
        ["problems", "Problems"],
    ]
    assert [row[2] for row in state["filters"]][1:] == [1, 0, 0]
    assert state["note"] == ""
    assert state["undo"] == state["redo"] == {"label": "", "enabled": False}
    assert state["reset"] == {"enabled": False}
    assert state["effective"] is False


def test_an_edit_can_be_taken_back_and_is_counted(bench: Bench) -> None:
    bench.settings.StudioWebPortal = "DISABLED"
    bench.show()
    assert bench.tools.state["undo"] == {"label": "Access to Studio", "enabled": True}
    assert bench.tools.state["reset"] == {"enabled": True}
    assert [row[2] for row in bench.tools.state["filters"]][1:] == [2, 1, 0]


def test_a_search_is_done_once_though_the_page_tells_it_twice(bench: Bench) -> None:
    browser_sets(bench.tools, query="kendra")
    browser_sends(bench.tools, do="search", text="kendra")
    assert bench.asked == [("search", "kendra")]
    assert bench.form.only == {"paths": ["CanvasAppSettings.KendraSettings.Status"]}
    assert bench.tools.state["note"] == "1 setting matches"
    browser_sends(bench.tools, do="search", text="")
    assert bench.form.only is None
    assert bench.tools.query == ""
    assert bench.tools.state["note"] == ""


def test_a_search_that_a_program_asks_for_stands_in_the_box(bench: Bench) -> None:
    bench.tools.look_for(bench.form, text="kendra", only="set")
    assert bench.tools.query == "kendra"
    assert bench.tools.state["filter"] == "set"
    assert bench.tools.state["note"] == "No setting matches"
    assert bench.asked == []


def test_a_filter_is_chosen_and_one_that_does_not_exist_is_not(bench: Bench) -> None:
    browser_sends(bench.tools, do="filter", value="set")
    assert bench.form.only == {"paths": ["ExecutionRole"]}
    browser_sends(bench.tools, do="filter", value="everything")
    assert bench.tools.state["filter"] == "set"


def test_everything_else_is_passed_on_and_what_is_not_offered_is_not(bench: Bench) -> None:
    for action in ("undo", "redo", "expand", "collapse", "reset", "effective", "submit", None, 7):
        browser_sends(bench.tools, do=action)
    assert [action for action, _ in bench.asked] == ["undo", "redo", "expand", "collapse", "reset", "effective"]


def test_what_was_taken_back_is_told_once(bench: Bench) -> None:
    bench.tools.told = "Taken back: Execution role"
    bench.show()
    assert bench.tools.state["note"] == "Taken back: Execution role"
    bench.show()
    assert bench.tools.state["note"] == ""


def test_whether_the_settings_in_force_are_shown_is_seen_at_once(bench: Bench) -> None:
    bench.tools.effective = True
    assert bench.tools.state["effective"] is True
    bench.show()
    assert bench.tools.effective
    assert bench.tools.state["effective"] is True


@pytest.mark.parametrize(
    ("shown", "matching", "said"),
    [
        (0, 0, "No setting matches"),
        (1, 1, "1 setting matches"),
        (7, 7, "7 settings match"),
        (8, 7, "7 settings match, 1 more did and is still shown"),
        (2, 0, "No setting matches, 2 did and are still shown"),
    ],
)
def test_how_many_match_is_said_in_words(shown: int, matching: int, said: str) -> None:
    assert note(shown, matching) == said
