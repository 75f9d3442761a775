"""What binds a page, as its server says it: whatever of that is missing, garbled or contradicts itself closes it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from profile_widgets import served
from profile_widgets.aws.connection import Connection
from profile_widgets.checks.policy import Policy
from profile_widgets.errors import LockedFieldError
from profile_widgets.served import Visitor
from profile_widgets.widgets import charter as module
from profile_widgets.widgets.charter import Charter, charter

ALICE = Visitor("analyst-1", ("ml",), "proxy")
OWN = {"DomainId": "d-9xk2m4tq7abc", "UserProfileName": "analyst-1"}
OTHERS = ("SERVER_SOFTWARE",)


@pytest.fixture(autouse=True)
def _no_server_says_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith(("PROFILE_WIDGETS_", "VOILA_", *OTHERS)):
            monkeypatch.delenv(name)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Say what `profile-widgets serve` says to a visitor's kernel."""
    monkeypatch.setenv(served.SERVED, "1")
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    monkeypatch.setenv(served.POLICY, "self-service")
    monkeypatch.setenv(served.VISITOR, ALICE.to_json())
    monkeypatch.setenv(served.WHOSE, json.dumps(OWN))
    return monkeypatch


def closed(found: Charter) -> str:
    """Return why a page is closed, after a look that nothing is granted and nothing passes."""
    assert found.trouble.endswith(module.CLOSED)
    assert found.binds
    assert found.grant is not None
    assert found.grant.operations == frozenset()
    assert found.guard is not None
    assert found.guard.grant is found.grant
    assert not found.is_looked_up
    return found.trouble


def test_what_the_server_says_binds_the_page(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told.setenv(served.AUDIT, str(tmp_path / "audit.jsonl"))
    found = charter()
    assert (found.visitor, found.own, found.trouble) == (ALICE, tuple(OWN.values()), "")
    assert found.audit is not None
    assert found.audit.visitor == ALICE
    assert found.guard is not None
    assert found.guard.grant is found.grant


def test_without_a_word_of_a_server_nothing_binds() -> None:
    found = charter()
    assert (found.binds, found.guard, found.trouble) == (False, None, "")


def test_a_page_of_ones_own_that_is_served_without_a_policy_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(served.SERVED, "1")
    assert not charter().binds


@pytest.mark.parametrize("name", [served.VISITOR, served.WHOSE, served.AUDIT])
@pytest.mark.parametrize("policy", [None, ""])
def test_a_server_that_speaks_of_a_visitor_and_of_no_policy_closes_the_page(
    told: pytest.MonkeyPatch, tmp_path: Path, name: str, policy: str | None
) -> None:
    values = {served.VISITOR: ALICE.to_json(), served.WHOSE: '{"error": "no"}', served.AUDIT: str(tmp_path / "a.jsonl")}
    for each in (served.POLICY, *values):
        told.delenv(each, raising=False)
    if policy is not None:
        told.setenv(served.POLICY, policy)
    told.setenv(name, values[name])
    assert module.UNBOUND in closed(charter())
    told.setenv(name, "")  # said, and empty
    assert module.UNBOUND in closed(charter())


def test_a_policy_that_another_server_shows_closes_the_page(told: pytest.MonkeyPatch) -> None:
    told.delenv(served.SERVED)
    assert module.FOREIGN in closed(charter())
    told.delenv("SERVER_SOFTWARE")
    told.setenv("VOILA_REQUEST_URL", "http://127.0.0.1:8866/")
    assert module.FOREIGN in closed(charter())


def test_a_policy_that_a_notebook_was_given_holds_behind_any_server(told: pytest.MonkeyPatch) -> None:
    """Whoever wrote the notebook chose it: what a visitor may do beside it is said in the documentation."""
    told.delenv(served.SERVED)
    found = charter(Policy.load("self-service"), ALICE)
    assert (found.trouble, found.visitor) == ("", ALICE)


def test_a_policy_in_the_environment_of_ones_own_kernel_needs_no_server(told: pytest.MonkeyPatch) -> None:
    told.delenv(served.SERVED)
    told.delenv("SERVER_SOFTWARE")
    assert charter().trouble == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (served.VISITOR, "", module.NOBODY),
        (served.VISITOR, "{", module.GARBLED),
        (served.VISITOR, '{"name": "alice", "groups": [], "source": "query"}', module.GARBLED),
        (served.WHOSE, "{", module.NOT_OWN),
        (served.WHOSE, '["d", "x"]', module.NOT_OWN),
        (served.WHOSE, '{"DomainId": "", "UserProfileName": "x"}', module.NOT_OWN),
        (served.WHOSE, '{"error": "You have none."}', "You have none."),
        (served.POLICY, "/nowhere/policy.yaml", "policy cannot be read"),
        (served.AUDIT, "/nowhere/audit.jsonl", "audit"),
    ],
)
def test_what_is_missing_or_garbled_closes_the_page(
    told: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    told.setenv(name, value)
    assert words in closed(charter())


def test_a_kernel_that_was_to_be_lent_credentials_and_was_not_is_closed(told: pytest.MonkeyPatch) -> None:
    told.setenv(served.LENT, "1")
    for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
        told.delenv(name, raising=False)
    assert "was to ask AWS in your name" in closed(charter())


def test_a_folder_that_is_gone_closes_a_page_with_an_audit(told: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    told.chdir(gone)
    gone.rmdir()
    told.setenv(served.AUDIT, str(tmp_path / "audit.jsonl"))
    assert "audit" in closed(charter())


def test_a_connection_is_copied_and_guarded_once(told: pytest.MonkeyPatch) -> None:
    found, given = charter(), Connection(region="eu-west-1")
    made = found.guarded(given)
    assert (given.guard, made.guard) == (None, found.guard)
    with pytest.raises(LockedFieldError, match="connection of its own"):
        found.guarded(made)
    told.delenv(served.POLICY)
    with pytest.raises(LockedFieldError):
        charter().look_up(made)
