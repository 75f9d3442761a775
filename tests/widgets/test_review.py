from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ipywidgets
import pytest

from profile_widgets import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import AppSummary, Described
from profile_widgets.checks import Fix, Problem
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from profile_widgets.model.documents import Change
from profile_widgets.widgets.board import contrast, fix_id
from profile_widgets.widgets.review import Review
from tests.widgets.conftest import browser_sends, browser_sets

LOADED = {"StudioWebPortal": "ENABLED", "ExecutionRole": "arn:aws:iam::123456789012:role/Old"}
DENIED = "ana may not call UpdateUserProfile."

Shown = tuple[Review, list[tuple[str, str]]]


@pytest.fixture
def draft(tmp_path: Path) -> ProfileDraft:
    made = ProfileDraft(Gateway(Connection(region="eu-west-1")), "d-abc", "alice", store=Store(tmp_path))
    made.take(Described("d-abc", "alice", "InService", {}, LOADED, {"UserSettings": LOADED}))
    return made


@pytest.fixture
def shown() -> Iterator[Shown]:
    acts: list[tuple[str, str]] = []
    layout = ipywidgets.Layout()
    made = Review(on_action=lambda action, argument: acts.append((action, argument)), layout=layout)
    yield made, acts
    made.close()
    layout.close()


def test_two_long_values_never_look_the_same() -> None:
    before, after = contrast("x" * 500 + "a", "x" * 500 + "b")
    assert before != after
    assert max(len(before), len(after)) < 210
    assert contrast(None, ["y" * 500])[0] == "not set"


def test_each_change_says_what_it_will_do(shown: Shown, draft: ProfileDraft) -> None:
    review, _ = shown
    draft.apps = (AppSummary("default", "JupyterLab", "InService", "alice"),)
    draft.settings.ExecutionRole = "arn:aws:iam::123456789012:role/New"
    review.show(draft, ())
    (row,) = review.state["changes"]
    assert row["note"] == "Replaces the stored value. Restart to take it up: JupyterLab default. Private spaces only."
    assert review.state["button"] == {
        "text": "Update alice",
        "enabled": True,
        "reason": "",
        "busy": False,
        "kind": "submit",
    }


def test_a_finding_offers_its_ways_out_and_a_press_names_the_one(shown: Shown, draft: ProfileDraft) -> None:
    review, acts = shown
    fix = Fix("Switch it on", (Change("UserSettings.StudioWebPortal", "DISABLED", "ENABLED"),))
    problem = Problem("UserSettings.StudioWebPortal", "error", "Off.", "portal", (fix,))
    review.show(draft, (problem, Problem("", "error", "Whole.")))
    first, second = review.state["problems"]
    assert first["fixes"] == [[fix_id(problem, fix), "Switch it on"]]
    assert "fixes" not in second
    browser_sends(review, do="fix", id=first["fixes"][0][0])
    browser_sends(review, do="go", path=first["path"])
    assert acts == [("fix", fix_id(problem, fix)), ("go", "UserSettings.StudioWebPortal")]


def test_who_may_not_update_exports_the_request_in_the_chosen_format(shown: Shown, draft: ProfileDraft) -> None:
    review, acts = shown
    draft.settings.StudioWebPortal = "DISABLED"
    review.show(draft, (), read_only=DENIED)
    assert review.state["button"] == {
        "text": "Export for your administrator",
        "enabled": True,
        "reason": DENIED,
        "busy": False,
        "kind": "export",
        "file": "update-alice.json",
    }
    browser_sets(review, format="cli")
    assert review.state["button"]["file"] == "update-alice.sh"
    assert "update-user-profile" in review.text
    browser_sends(review, do="exported")
    assert acts == [("exported", "")]


def test_a_request_that_is_wrong_or_empty_is_not_handed_to_an_administrator(shown: Shown, draft: ProfileDraft) -> None:
    review, _ = shown
    review.show(draft, (), read_only=DENIED)
    assert review.state["button"]["reason"] == "Nothing to export: no setting was changed"
    assert not review.state["button"]["enabled"]
    draft.settings.ExecutionRole = "junk"
    review.show(draft, (Problem("UserSettings.ExecutionRole", "error", "Junk."),), read_only=DENIED)
    assert review.state["button"]["reason"] == "1 problem to mend first"


def test_a_file_is_named_in_letters_that_every_system_takes(shown: Shown, draft: ProfileDraft) -> None:
    review, _ = shown
    draft.create = True
    draft.model.UserProfileName = "../Zoë & co"
    review.show(draft, (), read_only=DENIED)
    assert review.state["button"]["file"] == "create-..-Zo-co.json"


def test_a_format_that_does_not_exist_shows_json(shown: Shown, draft: ProfileDraft) -> None:
    review, _ = shown
    draft.settings.StudioWebPortal = "DISABLED"
    review.show(draft, ())
    before = review.text
    browser_sets(review, format="floppy")
    assert review.text == before


def test_account_ids_are_hidden_in_every_format_while_the_box_is_ticked(shown: Shown, draft: ProfileDraft) -> None:
    review, _ = shown
    draft.settings.ExecutionRole = "arn:aws:iam::123456789012:role/New"
    review.show(draft, ())
    for format_, _label in review.formats:
        browser_sets(review, format=format_)
        assert "123456789012" in review.text, format_
        browser_sets(review, hide=True)
        assert "123456789012" not in review.text, format_
        browser_sets(review, hide=False)


def test_a_template_describes_the_whole_profile_and_a_request_only_what_changed(
    shown: Shown, draft: ProfileDraft
) -> None:
    review, _ = shown
    draft.settings.ExecutionRole = "arn:aws:iam::123456789012:role/New"
    review.show(draft, ())
    browser_sets(review, format="yaml")
    assert "StudioWebPortal" not in review.text
    browser_sets(review, format="cloudformation")
    assert "StudioWebPortal" in review.text
