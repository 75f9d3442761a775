"""Every change of what is locked is found, however it is brought about, and none is invented."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profile_widgets.checks.policy import Grant
from profile_widgets.checks.policy.members import canonical, leaves
from profile_widgets.checks.policy.rules import Rule
from profile_widgets.model.documents import get, is_within, same
from tests.checks.policy.policies import LAB, TYPE, grant
from tests.documents import documents, requests

UPDATES = frozenset({"sagemaker:UpdateUserProfile"})
IMAGES = f"{LAB}.CustomImages"
URL = f"{LAB}.CodeRepositories.RepositoryUrl"


def letting(*paths: str) -> Grant:
    """Return a grant under which exactly these leaves may be edited."""
    return Grant(None, "Test", "", [Rule(0, everyone=True, operations=UPDATES, edit=frozenset(paths))])


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what a document holds, position by position; what is there and empty stands for itself."""
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
        for index, each in enumerate(value):
            yield from flat(each, f"{path}[{index}]")
    else:
        yield path, value


def changed(before: Any, after: Any) -> set[str]:
    old, new = dict(flat(before)), dict(flat(after))
    return {path for path in {*old, *new} if path and not (path in old and path in new and same(old[path], new[path]))}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw what is stored, and what somebody makes of it: another document, or this one bent in one of many ways."""
    before = {"UserSettings": draw(documents()), "Tags": draw(st.just([]) | st.just([{"Key": "a", "Value": "b"}]))}
    after: dict[str, Any] = copy.deepcopy(before)
    way = draw(st.sampled_from(["other", "bend", "bend", "same"]))
    if way == "other":
        return before, {"UserSettings": draw(documents())}
    if way == "bend":
        for _ in range(draw(st.integers(1, 3))):
            bend(draw, after)
    return before, after


def bend(draw: st.DrawFn, document: dict[str, Any]) -> None:
    spots = list(holders(document))
    if not spots:
        return
    holder, step = draw(st.sampled_from(spots))
    value = holder[step]
    ways = ["drop", "empty", "other"]
    if isinstance(value, list) and value:
        ways += ["reverse", "shorter", "longer", "nothing in it"]
    way = draw(st.sampled_from(ways))
    if way == "drop":
        del holder[step]
    elif way == "empty":
        holder[step] = {} if isinstance(value, dict) else [] if isinstance(value, list) else ""
    elif way == "other" and isinstance(value, (str, int)):
        holder[step] = f"{value}x" if isinstance(value, str) else value + 1
    elif way == "reverse":
        value.reverse()
    elif way == "shorter":
        del value[draw(st.integers(0, len(value) - 1))]
    elif way == "longer":
        value.append(copy.deepcopy(value[0]))
    elif way == "nothing in it" and isinstance(value[0], dict):
        value.append({})


def holders(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for step, each in inside:
        yield value, step
        yield from holders(each)


@given(pairs(), st.sets(st.sampled_from(sorted(leaves())), max_size=40))
@settings(max_examples=120, deadline=None)
def test_every_change_of_a_locked_member_is_found_and_none_is_invented(
    pair: tuple[dict[str, Any], dict[str, Any]], editable: set[str]
) -> None:
    before, after = pair
    found = [each.path for each in letting(*editable).findings(before, after)]
    for path in changed(before, after):
        place = canonical(path)
        below = [each for each in leaves() if is_within(each, place)]
        if not any(each in editable for each in below or [place]):
            assert any(is_within(path, each) or is_within(each, path) for each in found), path
    for path in found:
        assert not same(get(before, path), get(after, path)) or (get(before, path) is None) != (
            get(after, path) is None
        )
        assert canonical(path) not in editable


@given(pairs())
@settings(max_examples=60, deadline=None)
def test_where_nothing_is_open_any_difference_is_a_finding_and_where_all_is_none_is(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    before, after = pair
    assert bool(letting().findings(before, after)) == bool(changed(before, after) or not same(before, after))
    assert letting(*leaves()).findings(before, after) == ()


@given(requests("CreateUserProfile"))
@settings(max_examples=25, deadline=None)
def test_what_is_as_it_was_is_never_a_finding(request: dict[str, Any]) -> None:
    assert letting().findings(request, copy.deepcopy(request)) == ()


# -- one by one, readable ------------------------------------------------------------------------------------------


def lab(**members: Any) -> dict[str, Any]:
    return {"UserSettings": {"JupyterLabAppSettings": members}}


NO_CANVAS: dict[str, Any] = {"UserSettings": {"CanvasAppSettings": {}}}


def canvas(**members: Any) -> dict[str, Any]:
    return {"UserSettings": {"CanvasAppSettings": {"WorkspaceSettings": members}}}


def image(name: str, number: int | None = None) -> dict[str, Any]:
    return {"ImageName": name, "AppImageConfigName": "c", **({"ImageVersionNumber": number} if number else {})}


TWO = lab(CustomImages=[image("a", 1), image("b", 2)])


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (canvas(S3KmsKeyId="k"), canvas(), ["WorkspaceSettings.S3KmsKeyId"]),
        (canvas(), canvas(S3KmsKeyId="k"), ["WorkspaceSettings.S3KmsKeyId"]),
        (canvas(S3KmsKeyId="k"), NO_CANVAS, ["WorkspaceSettings.S3KmsKeyId"]),
        (NO_CANVAS, canvas(), ["WorkspaceSettings"]),
        (canvas(), NO_CANVAS, ["WorkspaceSettings"]),
        (canvas(), {"UserSettings": {}}, ["WorkspaceSettings"]),
        (lab(LifecycleConfigArns=["x", "y"]), lab(LifecycleConfigArns=["y", "x"]), ["LifecycleConfigArns"]),
        (lab(LifecycleConfigArns=["x", "y"]), lab(LifecycleConfigArns=["x"]), ["LifecycleConfigArns"]),
        (lab(LifecycleConfigArns=["x"]), lab(LifecycleConfigArns=("x",)), []),
        (lab(LifecycleConfigArns=[]), lab(), ["LifecycleConfigArns"]),
        (lab(CustomImages=[]), lab(), ["CustomImages"]),
        (lab(), lab(CustomImages=[]), ["CustomImages"]),
        (lab(CustomImages=[image("a")]), lab(CustomImages=[]),
         ["CustomImages[0].ImageName", "CustomImages[0].AppImageConfigName"]),
        (lab(CustomImages=[image("a")]), lab(CustomImages=[image("a"), {}]), ["CustomImages[1]"]),
        (TWO, lab(CustomImages=[image("b", 2), image("a", 1)]),
         ["CustomImages[0].ImageName", "CustomImages[1].ImageName"]),
        (lab(DefaultResourceSpec={"LifecycleConfigArn": "a"}), lab(DefaultResourceSpec={"LifecycleConfigArn": None}),
         ["DefaultResourceSpec.LifecycleConfigArn"]),
        (lab(DefaultResourceSpec={"LifecycleConfigArn": None}), lab(DefaultResourceSpec={}), []),
        (lab(DefaultResourceSpec={}), lab(DefaultResourceSpec="x"), ["DefaultResourceSpec"]),
        (lab(DefaultResourceSpec={}), lab(DefaultResourceSpec=None), ["DefaultResourceSpec"]),
        (lab(DefaultResourceSpec={}), lab(DefaultResourceSpec=[{}]), ["DefaultResourceSpec"]),
        (lab(CustomImages=[]), lab(CustomImages={}), ["CustomImages"]),
        (lab(New=1), lab(New=2), ["New"]),
        (lab(New={"deep": [1]}), lab(), ["New"]),
        (lab(CustomImages=[{"New": 1}]), lab(CustomImages=[{"New": True}]), ["CustomImages[0].New"]),
    ],
)  # fmt: skip
def test_each_way_of_changing_what_is_locked(before: Any, after: Any, found: list[str]) -> None:
    """Here the instance type and the image version number may be edited, and no more of this app."""
    editing = letting(TYPE, f"{IMAGES}.ImageVersionNumber")
    paths = [each.path.split(".", maxsplit=2)[2] for each in editing.findings(before, after)]
    assert paths == found
    assert all(each.severity == "error" and each.rule == "policy" for each in editing.findings(before, after))


def test_a_structure_may_come_and_go_around_a_member_that_may_be_edited() -> None:
    editing = letting(TYPE)
    spec = {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}
    for before, after in ((lab(), lab(**spec)), (lab(**spec), lab()), (lab(), lab(DefaultResourceSpec={}))):
        assert editing.findings(before, after) == ()
        assert editing.findings(after, before) == ()
    assert editing.findings({}, lab(**spec)) == ()
    assert editing.findings(lab(**spec), {}) == ()


def test_a_list_of_structures_is_begun_by_who_may_fill_it() -> None:
    begun = lab(CustomImages=[image("a")])
    assert letting(f"{IMAGES}.ImageName", f"{IMAGES}.AppImageConfigName").findings(lab(), begun) == ()
    found = letting(f"{IMAGES}.ImageName").findings(lab(), begun)
    assert [each.path for each in found] == [IMAGES, f"{IMAGES}[0].AppImageConfigName"]
    assert "Only who may change AppImageConfigName can begin" in found[0].message


def test_a_member_that_is_no_text_is_a_finding_too() -> None:
    assert [each.path for each in letting(*leaves()).findings({}, {3: 4})] == [""]  # type: ignore[dict-item]
    assert letting(*leaves()).findings({}, {"a.b": 4})
    assert letting(*leaves()).findings({}, {"UserSettings": {"x": {}}})


def test_identifiers_are_compared_when_both_documents_name_them() -> None:
    editing = letting(*leaves())
    assert editing.findings({}, {"DomainId": "d-a", "UserProfileName": "alice"}) == ()
    found = editing.findings(
        {"DomainId": "d-a", "UserProfileName": "alice"}, {"DomainId": "d-a", "UserProfileName": "bob"}
    )
    assert [each.path for each in found] == ["UserProfileName"]


def test_what_is_nested_without_end_is_refused_and_nothing_breaks() -> None:
    deep: dict[str, Any] = {}
    node = deep
    for _ in range(20_000):
        node["x"] = {}
        node = node["x"]
    other: dict[str, Any] = {}
    node = other
    for _ in range(20_000):
        node["x"] = {}
        node = node["x"]
    assert letting(*leaves()).findings({"UserSettings": {"New": deep}}, {"UserSettings": {"New": other}})
    del node


# -- values --------------------------------------------------------------------------------------------------------

TYPES = {"edit": [TYPE], "allow": {TYPE: {"values": ["ml.t3.medium", "ml.t3.large"]}}}
REPOSITORIES = {"edit": [URL], "allow": {URL: {"pattern": r"https://git\.example/.*"}}}


def spec(value: Any) -> dict[str, Any]:
    return lab(DefaultResourceSpec={"InstanceType": value})


def test_a_value_that_is_not_allowed_is_a_finding_at_its_place_that_says_what_is() -> None:
    found = grant(TYPES).findings(spec("ml.t3.medium"), spec("ml.p4d.24xlarge"))
    assert [each.path for each in found] == [TYPE]
    assert "“ml.p4d.24xlarge” is not allowed. Allowed here: one of ml.t3.medium, ml.t3.large." in found[0].message
    assert grant(TYPES).findings(spec("ml.t3.medium"), spec("ml.t3.large")) == ()


def test_what_is_stored_may_stay_and_be_taken_out_though_it_is_not_allowed() -> None:
    assert grant(TYPES).findings(spec("ml.p4d.24xlarge"), spec("ml.p4d.24xlarge")) == ()
    assert grant(TYPES).findings(spec("ml.p4d.24xlarge"), lab()) == ()
    assert grant(TYPES).findings(spec("ml.p4d.24xlarge"), spec("ml.t3.large")) == ()
    assert grant(TYPES).findings(lab(), spec("ml.p4d.24xlarge"))


@pytest.mark.parametrize("value", [None, True, 3, ["ml.t3.medium"], {}, "", "ML.T3.MEDIUM", "ml.t3.medium "])
def test_only_the_very_values_are_allowed(value: Any) -> None:
    found = grant(TYPES).findings({}, spec(value))
    if value == ["ml.t3.medium"]:  # each item is allowed; that it is a list at all is for the constraints to refuse
        assert found == ()
    else:
        assert found


def repositories(*urls: str) -> dict[str, Any]:
    return lab(CodeRepositories=[{"RepositoryUrl": each} for each in urls])


def test_of_a_list_only_new_values_are_judged_wherever_they_stand() -> None:
    old, good, bad = "https://old.example/x", "https://git.example/x", "https://evil.example/git.example/"
    judge = grant(REPOSITORIES).findings
    assert judge(repositories(old, good), repositories(good)) == ()
    assert judge(repositories(old, good), repositories(good, old)) == ()
    assert judge(repositories(old), repositories(old, good)) == ()
    found = judge(repositories(old), repositories(good, bad, old))
    assert [each.path for each in found] == [f"{LAB}.CodeRepositories[1].RepositoryUrl"]


def test_items_of_a_list_of_texts_are_judged_one_by_one() -> None:
    path = "UserSettings.SecurityGroups"
    rule = {"edit": [path], "allow": {path: {"values": ["sg-1", "sg-2"]}}}
    groups = {"UserSettings": {"SecurityGroups": ["sg-2", "sg-3"]}}
    assert [each.path for each in grant(rule).findings({}, groups)] == [f"{path}[1]"]
    assert grant(rule).findings(groups, {"UserSettings": {"SecurityGroups": ["sg-3", "sg-1"]}}) == ()
    assert grant(rule).findings(groups, {"UserSettings": {"SecurityGroups": []}}) == ()


def test_an_operation_that_is_not_granted_is_named_when_something_would_change() -> None:
    found = grant(TYPES).findings({}, spec("ml.t3.large"), "CreateUserProfile")
    assert [each.path for each in found] == [""]
    assert "sagemaker:CreateUserProfile is not granted" in found[0].message
    assert grant(TYPES).findings(spec("x"), spec("x"), "CreateUserProfile") == ()
