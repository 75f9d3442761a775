from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ipywidgets
import pytest

from profile_widgets.aws.protocol import Described
from profile_widgets.editing.outcome import CONFLICT, DONE, FAILED, REFUSED, UNKNOWN, Outcome, Step
from profile_widgets.errors import AccessDenied, GatewayError
from profile_widgets.model import documents
from profile_widgets.model.shapes import CREATE, UPDATE
from profile_widgets.widgets.response import Response, three_way
from tests.widgets.conftest import browser_sends, browser_sets

BASE = {"ExecutionRole": "arn:base", "SecurityGroups": ["sg-1"], "StudioWebPortal": "ENABLED"}

Shown = tuple[Response, list[str]]


@pytest.fixture
def shown() -> Iterator[Shown]:
    acts: list[str] = []
    layout = ipywidgets.Layout()
    made = Response(on_action=acts.append, layout=layout)
    yield made, acts
    made.close()
    layout.close()


def conflict(theirs: dict[str, Any], ours: dict[str, Any]) -> Outcome:
    return Outcome(
        CONFLICT,
        "Changed meanwhile.",
        UPDATE,
        request={"DomainId": "d-abc", "UserProfileName": "alice", "UserSettings": ours},
        differences=documents.diff({"UserSettings": BASE}, {"UserSettings": theirs}),
        theirs=Described("d-abc", "alice", "InService", {}, theirs, {"UserSettings": theirs}),
    )


def actions(response: Response) -> list[str]:
    return [action for action, _ in response.state["actions"]]


def test_a_conflict_shows_three_sides_of_everything_that_either_side_changed(shown: Shown) -> None:
    response, _ = shown
    theirs = BASE | {"ExecutionRole": "arn:theirs", "DefaultLandingUri": "studio::"}
    response.end(conflict(theirs, {"ExecutionRole": "arn:ours", "SecurityGroups": []}))
    assert response.state["table"] == {
        "label": "What both sides changed",
        "heads": ["Setting", "Loaded", "Theirs", "Yours"],
        "rows": [
            ["Execution role (changed by both)", "arn:base", "arn:theirs", "arn:ours"],
            ["Landing page", "not set", "studio::", "as loaded"],
            ["Security groups", "sg-1", "as loaded", "an empty list"],
        ],
    }


def test_a_conflict_can_be_reloaded_merged_or_overwritten(shown: Shown) -> None:
    response, acts = shown
    response.end(conflict(BASE | {"StudioWebPortal": "DISABLED"}, {"ExecutionRole": "arn:ours"}))
    assert response.state["actions"] == [
        ["reload", "Take theirs, give up my edits"],
        ["merge", "Merge: keep both"],
        ["overwrite", "Overwrite theirs with mine"],
    ]
    for action in ("reload", "merge", "overwrite", "putback", "retry"):
        browser_sends(response, do=action)
    assert acts == ["reload", "merge", "overwrite"]


def test_where_both_changed_a_field_the_merge_says_whose_it_keeps(shown: Shown) -> None:
    response, _ = shown
    response.end(conflict(BASE | {"ExecutionRole": "arn:theirs"}, {"ExecutionRole": "arn:ours"}))
    assert ["merge", "Merge: keep both, mine where both changed"] in response.state["actions"]


def test_the_same_change_by_both_is_no_contradiction(shown: Shown) -> None:
    response, _ = shown
    response.end(conflict(BASE | {"ExecutionRole": "arn:same"}, {"ExecutionRole": "arn:same"}))
    assert response.state["table"]["rows"][0][0] == "Execution role (changed by both, alike)"
    assert ["merge", "Merge: keep both"] in response.state["actions"]


def test_a_conflict_that_cannot_be_read_offers_to_load_only(shown: Shown) -> None:
    response, _ = shown
    response.end(Outcome(CONFLICT, "Changed meanwhile.", UPDATE))
    assert actions(response) == ["reload"]
    assert response.state["table"] is None


def test_a_field_inside_a_structure_that_the_other_side_emptied_counts_as_changed_by_both() -> None:
    base = {"CanvasAppSettings": {"KendraSettings": {"Status": "ENABLED"}}}
    rows = three_way(
        base,
        {"CanvasAppSettings": {"KendraSettings": {"Status": "DISABLED"}}},
        {"CanvasAppSettings": {"KendraSettings": {}}},
    )
    assert rows == [
        [
            "Canvas app \u203a Kendra document search \u203a Status (changed by both)",
            "ENABLED",
            "DISABLED",
            "not set",
        ]
    ]


def test_what_was_there_before_can_be_put_back_when_it_is_kept(shown: Shown) -> None:
    response, acts = shown
    response.end(Outcome(DONE, "Updated.", UPDATE, point="20260728-1"))
    assert response.state["actions"] == [["putback", "Put back what was there before"]]
    browser_sends(response, do="putback")
    assert acts == ["putback"]
    response.end(Outcome(DONE, "Updated.", UPDATE))
    assert response.state["actions"] == []
    response.end(Outcome(DONE, "Created.", CREATE, point="20260728-1"))  # AWS could only delete it again
    assert response.state["actions"] == []


def test_who_may_not_update_can_export_instead_and_try_again(shown: Shown) -> None:
    response, _ = shown
    denied = AccessDenied("ana may not update.", operation="UpdateUserProfile", code="AccessDeniedException")
    response.end(Outcome(FAILED, str(denied), UPDATE, error=denied))
    assert response.state["actions"] == [["export", "Export for your administrator"], ["retry", "Try again"]]


def test_who_may_not_read_is_not_told_to_export(shown: Shown) -> None:
    response, _ = shown
    denied = AccessDenied("ana may not read.", operation="DescribeUserProfile", code="AccessDeniedException")
    response.end(Outcome(FAILED, str(denied), UPDATE, error=denied))
    assert actions(response) == ["retry", "reload"]


@pytest.mark.parametrize(
    ("outcome", "offered"),
    [
        (Outcome(REFUSED, "Nothing was sent.", UPDATE), []),
        (Outcome(FAILED, "Failed.", UPDATE, error=GatewayError("x")), ["retry", "reload"]),
        (Outcome(UNKNOWN, "Not known.", UPDATE), ["retry", "reload"]),
        (Outcome(FAILED, "Failed.", CREATE), ["retry"]),
    ],
)
def test_other_ends_offer_what_fits(shown: Shown, outcome: Outcome, offered: list[str]) -> None:
    response, _ = shown
    response.end(outcome)
    assert actions(response) == offered


def test_waiting_can_be_stopped_while_aws_works_and_steps_that_never_ended_are_failed(shown: Shown) -> None:
    response, acts = shown
    response.begin("Updating alice")
    response.step(Step("follow", "Waiting for AWS", "working"))
    assert actions(response) == ["stop"]
    browser_sends(response, do="stop")
    assert acts == ["stop"]
    response.end(Outcome(UNKNOWN, "Not known.", UPDATE))
    assert [step["state"] for step in response.state["steps"]] == ["failed"]
    response.clear()
    assert response.state is None
    browser_sends(response, do="stop")
    assert acts == ["stop"]


ANSWER = {"UserProfileArn": "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-abc/alice"}


def done() -> Outcome:
    return Outcome(DONE, "Updated.", UPDATE, response=ANSWER)


def test_the_response_is_printed_as_chosen(shown: Shown) -> None:
    response, _ = shown
    response.end(done())
    assert [name for name, _ in response.outputs] == ["json", "yaml", "yaml-stream", "text", "table"]
    assert json.loads(response.text) == ANSWER
    browser_sets(response, output="text")
    assert response.text.strip() == ANSWER["UserProfileArn"]
    browser_sets(response, output="table")
    assert "UpdateUserProfile" in response.text


def test_a_query_narrows_the_response_and_a_wrong_one_is_said_where_it_is_typed(shown: Shown) -> None:
    response, _ = shown
    response.end(done())
    browser_sets(response, query="UserProfileArn")
    assert json.loads(response.text) == ANSWER["UserProfileArn"]
    assert response.query_problem == ""
    browser_sets(response, query="UserProfileArn[")
    assert "query" in response.query_problem.lower()
    assert json.loads(response.text) == ANSWER["UserProfileArn"]
    browser_sets(response, query="")
    assert response.query_problem == ""
    assert json.loads(response.text) == ANSWER


def test_without_a_response_nothing_is_printed(shown: Shown) -> None:
    response, _ = shown
    response.end(done())
    response.begin("Updating alice")
    assert (response.text, response.outputs, response.query_problem) == ("", [], "")


def test_an_output_that_does_not_exist_is_taken_for_json(shown: Shown) -> None:
    response, _ = shown
    response.end(done())
    browser_sets(response, output="<script>")
    assert json.loads(response.text) == ANSWER


MANY = "`[[" + "1," * 99 + "1]]`[]"
MAPS = f"map(&map(&map(&'x', {MANY}), {MANY}), {MANY})"


@pytest.mark.parametrize("query", ["[@,@]|" * 20 + "@", "to_string([" * 60 + "@" + "])" * 60, MAPS, "a" * 3000])
def test_a_query_that_would_fill_the_memory_is_refused_before_it_is_asked(shown: Shown, query: str) -> None:
    response, _ = shown
    response.end(done())
    browser_sets(response, query=query)
    assert "too long, or copies the answer too many times" in response.query_problem
    assert json.loads(response.text) == ANSWER
