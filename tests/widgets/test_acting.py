"""In whose name the page acts, said plainly in every place that it runs in."""

from __future__ import annotations

import pytest

from profile_widgets import served
from profile_widgets.served import Visitor
from profile_widgets.widgets.acting import acting
from tests.widgets.test_sight import policy

ALICE = Visitor("alice", (), "proxy")


@pytest.fixture(autouse=True)
def _nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (served.SERVED, served.ACTS_AS, "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)


def test_a_persons_own_notebook_says_nothing() -> None:
    assert acting(None, caller="role Mine") == ""


@pytest.mark.parametrize(("name", "value"), [(served.SERVED, "1"), ("SERVER_SOFTWARE", "voila/0.5.8")])
def test_a_page_of_shared_credentials_says_that_it_knows_nobody(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert acting(None, caller="role Shared") == (
        "This page does not know who you are. Everybody who opens it acts as role Shared, with what that may do."
    )
    assert "on the sandbox, where nothing is real" in acting(None, caller="sandbox", sandbox=True)
    assert "as its server does" in acting(None)


def test_what_the_server_says_stands_in_place_of_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(served.ACTS_AS, "This page acts as role Pages, for this profile alone.")
    assert acting(None) == "This page acts as role Pages, for this profile alone."
    assert acting(ALICE, caller="role Other").endswith("This page acts as role Pages, for this profile alone.")


@pytest.mark.parametrize("source", served.SOURCES)
def test_every_source_of_a_name_is_told_in_words(source: str) -> None:
    said = acting(Visitor("alice", (), source))
    assert said.startswith("You are alice (")
    assert source == "" or "checked" not in said


def test_a_policy_is_named_with_how_much_it_lets_be_changed() -> None:
    granted = policy().grant(ALICE)
    said = acting(ALICE, granted, caller="role Pages", profile="alice")
    assert said == (
        "You are alice (from your company's sign-in). This page acts as role Pages. "
        "Policy: Of a test. It lets you change 2 settings of alice."
    )
    looking = policy(operations=["DescribeUserProfile"]).grant(None)
    assert acting(None, looking) == (
        "This page does not know who you are. Policy: Of a test. It lets you look, and change nothing."
    )
    assert "every setting" in acting(ALICE, policy(edit=every_setting(), hide=None, allow=None).grant(ALICE))


def every_setting() -> list[str]:
    from profile_widgets.checks.policy.members import leaves

    return [path for path in leaves() if path.startswith("UserSettings.")]
