"""A hostile browser at a closed page, and the suite that plays it: it must see what an open page lets by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.hostile.counting import Tally
from tests.hostile.running import Suite
from tests.hostile.subject import started
from tests.hostile.wire import Witness, forbidden, leaves

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """Return what the short form found on a closed page."""
    with started() as subject:
        yield Suite(subject, short=True).run()


def test_the_page_does_what_is_allowed_so_that_the_rest_means_something(tally: Tally) -> None:
    assert tally.arrived >= 1
    assert all(tally.tried.values()), tally.table()


def test_no_field_that_is_not_the_visitors_reaches_the_wire(tally: Tally) -> None:
    assert tally.forbidden == []


def test_no_disabled_button_makes_a_call(tally: Tally) -> None:
    assert tally.disabled == []


def test_no_secret_comes_back(tally: Tally) -> None:
    assert tally.secrets == []


def test_no_foreign_kernel_is_reached(tally: Tally) -> None:
    assert tally.foreign == []


def test_nobody_comes_in_by_forged_or_missing_headers_or_from_elsewhere(tally: Tally) -> None:
    assert tally.let_in == []


def test_no_code_of_a_browsers_runs_and_the_kernel_lives(tally: Tally) -> None:
    assert (tally.ran, tally.ended) == ([], [])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_closed_page_holds_against_everything() -> None:
    with started() as subject:
        tally = Suite(subject).run()
    assert tally.held, tally.table()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_suite_sees_what_an_open_page_lets_by() -> None:
    with started(closed=False) as subject:
        tally = Suite(subject, short=True).run()
    assert len(tally.forbidden) >= 4, tally.table()
    assert not tally.held


@pytest.mark.parametrize(
    ("stored", "sent", "said"),
    [
        ({}, {"DefaultLandingUri": "studio::"}, []),
        ({}, {"DefaultLandingUri": "studio::relative/x"}, ["DefaultLandingUri"]),
        ({"ExecutionRole": "a"}, {"ExecutionRole": "a"}, []),
        ({"ExecutionRole": "a"}, {"ExecutionRole": "b"}, ["ExecutionRole"]),
        ({}, {"SharingSettings": {}}, ["SharingSettings"]),
        ({}, {"StudioWebPortalSettings": {"HiddenMlTools": ["JumpStart"]}}, []),
        (
            {"StudioWebPortalSettings": {"HiddenAppTypes": ["Canvas"]}},
            {"StudioWebPortalSettings": {"HiddenMlTools": []}},
            ["StudioWebPortalSettings.HiddenAppTypes"],
        ),
        ({"SecurityGroups": ["a", "b"]}, {"SecurityGroups": ["b", "a"]}, ["SecurityGroups"]),
    ],
)
def test_the_witness_tells_allowed_changes_from_others(
    stored: dict[str, Any], sent: dict[str, Any], said: list[str]
) -> None:
    assert list(forbidden(stored, sent)) == said


@pytest.mark.parametrize(
    ("operation", "parameters", "said"),
    [
        ("DescribeUserProfile", {"DomainId": "d-1", "UserProfileName": "Alice"}, []),
        ("DescribeUserProfile", {"DomainId": "d-1", "UserProfileName": "bob"}, ["asks about another profile: bob"]),
        ("ListRoles", {}, ["is not granted"]),
        ("Get /bucket", {}, ["is not granted"]),
        ("DeleteUserProfile", {"DomainId": "d-1", "UserProfileName": "alice"}, ["is no operation of the visitors"]),
        ("AddTags", {"ResourceArn": "arn:..."}, ["is no operation of the visitors"]),
        ("GetCallerIdentity", {}, []),
    ],
)
def test_the_witness_knows_whose_operations_are_whose(
    operation: str, parameters: dict[str, Any], said: list[str]
) -> None:
    with Sandbox(seed=False) as sandbox, Witness(sandbox, frozenset({("d-1", "alice")}), strict=True) as witness:
        witness.note(operation, parameters)
    assert list(witness.seen[0].forbidden) == said


def test_leaves_are_whole_lists_and_empty_structures() -> None:
    assert leaves({"A": {"B": {}, "C": [{"D": 1}]}, "E": {}}) == {"A.B": {}, "A.C": [{"D": 1}], "E": {}}
