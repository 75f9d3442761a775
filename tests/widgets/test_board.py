from __future__ import annotations

import pytest

from profile_widgets.checks import Fix, Problem
from profile_widgets.model.documents import Change
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.board import board, contrast, fix_id, fix_of, words

SETTINGS = shape("UserSettings")


def test_a_form_with_nothing_to_say_has_an_empty_board() -> None:
    assert board(SETTINGS, {}, {}, {}, ()) == {}


def test_origin_tells_set_empty_and_inherited_apart() -> None:
    now = {"ExecutionRole": "r", "SecurityGroups": [], "CanvasAppSettings": {}}
    entries = board(SETTINGS, now, now, {"StudioWebPortal": "ENABLED"}, ())
    assert {path: entry["origin"] for path, entry in entries.items()} == {
        "ExecutionRole": "set",
        "SecurityGroups": "empty",
        "CanvasAppSettings": "empty",
        "StudioWebPortal": "domain",
    }


def test_a_change_says_what_was() -> None:
    entries = board(
        SETTINGS, {"SecurityGroups": ["b"]}, {"SecurityGroups": ["a"], "StudioWebPortal": "ENABLED"}, {}, ()
    )
    assert entries["SecurityGroups"] == {"origin": "set", "changed": True, "was": "a"}
    assert entries["StudioWebPortal"] == {"changed": True, "was": "ENABLED"}


def test_what_is_inside_a_lists_items_is_not_counted_again() -> None:
    now = {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "new"}]}}
    before = {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "old"}]}}
    entries = board(SETTINGS, now, before, {}, ())
    path = "JupyterLabAppSettings.CustomImages"
    assert entries[path]["origin"] == "set"
    assert entries[f"{path}[0].ImageName"] == {"inner": True, "changed": True, "was": "old"}


def test_problems_stand_at_their_paths() -> None:
    problems = (Problem("ExecutionRole", "error", "one", "x"), Problem("ExecutionRole", "warning", "two", "y"))
    assert board(SETTINGS, {}, {}, {}, problems)["ExecutionRole"]["problems"] == [
        {"severity": "error", "message": "one"},
        {"severity": "warning", "message": "two"},
    ]


def test_values_are_put_in_words_and_cut() -> None:
    assert words(None) == "not set"
    assert words("") == "an empty text"
    assert words({}) == "an empty structure"
    assert words({"Key": "a", "Value": 1}) == "Key: a, Value: 1"
    assert len(words("x" * 1000)) == 200


SWITCH = Fix("Switch it on", (Change("StudioWebPortal", None, "ENABLED"),))


def test_a_finding_that_offers_ways_out_says_so_and_another_one_does_not() -> None:
    with_fix = Problem("StudioWebPortal", "error", "one", "portal", (SWITCH,))
    entry = board(SETTINGS, {}, {}, {}, (with_fix, Problem("StudioWebPortal", "error", "two")))["StudioWebPortal"]
    assert entry["problems"][0]["fixes"] == [[fix_id(with_fix, SWITCH), "Switch it on"]]
    assert "fixes" not in entry["problems"][1]


def test_a_way_out_is_found_again_by_its_id_and_not_by_that_of_an_older_finding() -> None:
    problem = Problem("StudioWebPortal", "error", "one", "portal", (SWITCH,))
    wanted = fix_id(problem, SWITCH)
    assert fix_of([Problem("X", "error", "other"), problem], wanted) is SWITCH
    assert fix_of([], wanted) is None
    assert fix_of([problem], None) is None
    later = Fix(SWITCH.label, (Change("StudioWebPortal", "DISABLED", "ENABLED"),))
    assert fix_of([Problem("StudioWebPortal", "error", "one", "portal", (later,))], wanted) is None


@pytest.mark.parametrize(
    ("own", "inherited", "force"),
    [
        (["sg-2"], ["sg-1"], "In force with the domain's: sg-1, sg-2"),
        ([], ["sg-1"], "In force: the domain's sg-1"),
        (["sg-2"], [], None),
        (["sg-2"], None, None),
        (None, ["sg-1"], None),
    ],
)
def test_what_is_in_force_of_a_list_that_aws_adds_to_is_said(
    own: list[str] | None, inherited: list[str] | None, force: str | None
) -> None:
    now = {} if own is None else {"SecurityGroups": own}
    defaults = {} if inherited is None else {"SecurityGroups": inherited}
    assert board(SETTINGS, now, now, defaults, ()).get("SecurityGroups", {}).get("force") == force


def test_repositories_of_profile_and_domain_unite_and_other_lists_do_not() -> None:
    def lab(name: str, *urls: str) -> dict[str, object]:
        return {"JupyterLabAppSettings": {name: [{"RepositoryUrl": url} for url in urls]}}

    path = "JupyterLabAppSettings.CodeRepositories"
    own, inherited = lab("CodeRepositories", "https://a", "https://b"), lab("CodeRepositories", "https://b")
    force = board(SETTINGS, own, own, inherited, ())[path]["force"]
    assert force == "In force with the domain's: RepositoryUrl: https://b, RepositoryUrl: https://a"
    images = board(SETTINGS, lab("CustomImages", "a"), {}, lab("CustomImages", "b"), ())
    assert "force" not in images["JupyterLabAppSettings.CustomImages"]


def test_a_locked_section_says_why() -> None:
    entries = board(SETTINGS, {}, {}, {}, (), {"CanvasAppSettings": "Upgrade boto3."})
    assert entries == {
        "CanvasAppSettings": {"problems": [{"severity": "information", "message": "Upgrade boto3."}]},
    }


def test_of_three_long_values_each_shows_where_it_differs() -> None:
    shown = contrast("x" * 500 + "a", None, "x" * 500 + "b")
    assert len(set(shown)) == 3
    assert shown[1] == "not set"
    assert contrast("x" * 300, "x" * 300 + "tail")[1].endswith("tail")
