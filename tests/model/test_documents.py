"""Documents: paths, reading, writing, difference and patch, and what is inherited."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.model.documents import (
    Change,
    can_stand_in_a_path,
    changed_members,
    diff,
    effective,
    get,
    join,
    origin,
    patch,
    put,
    same,
    steps,
)
from tests.documents import documents

NAMES = st.text(min_size=1, max_size=8).filter(can_stand_in_a_path)
LEAVES = st.booleans() | st.integers(-2, 2) | st.text(max_size=3)
TREES = st.recursive(
    st.dictionaries(st.sampled_from("ABC"), LEAVES | st.lists(LEAVES, max_size=2), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("ABC"), inner | LEAVES | st.lists(inner, max_size=2), max_size=3),
    max_leaves=12,
)


class TestPaths:
    @given(st.lists(NAMES | st.integers(0, 99), max_size=6))
    def test_a_path_reads_as_it_was_written(self, parts: list[str | int]) -> None:
        if not parts or isinstance(parts[0], str):
            assert steps(join(*parts)) == tuple(parts)

    def test_paths_look_as_people_write_them(self) -> None:
        assert join("UserSettings", "CustomImages", 2, "ImageName") == "UserSettings.CustomImages[2].ImageName"
        assert join("", "A") == "A"
        assert join("A.B[1]", "C.D") == "A.B[1].C.D"
        assert join("A", "[3]") == "A[3]"
        assert steps("") == ()
        assert steps("[0].A") == (0, "A")

    @pytest.mark.parametrize("text", [".", ".A", "A.", "A..B", "A[", "A]", "A[x]", "A[-1]", "A[1]B", "A[]", "[1"])
    def test_what_is_no_path_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a path"):
            steps(text)


class TestGetAndPut:
    DOCUMENT: ClassVar[dict[str, Any]] = {"A": {"B": [{"C": 1}, {"C": 0}]}, "E": "text"}

    def test_a_value_is_found_at_its_path(self) -> None:
        assert get(self.DOCUMENT, "A.B[1].C") == 0
        assert get(self.DOCUMENT, "A.B[1]") == {"C": 0}
        assert get(self.DOCUMENT, "") is self.DOCUMENT

    @pytest.mark.parametrize("path", ["X", "A.X", "A.B[2]", "A.B.C", "A[0]", "E.X", "E[0]", "A.B[0].C.D"])
    def test_where_nothing_is_the_default_comes_back(self, path: str) -> None:
        assert get(self.DOCUMENT, path) is None
        assert get(self.DOCUMENT, path, "other") == "other"

    def test_a_value_is_put_into_a_copy(self) -> None:
        before = copy.deepcopy(self.DOCUMENT)
        assert put(self.DOCUMENT, "A.B[0].C", 5) == {"A": {"B": [{"C": 5}, {"C": 0}]}, "E": "text"}
        assert put(self.DOCUMENT, "X.Y", {}) == {**before, "X": {"Y": {}}}
        assert put(self.DOCUMENT, "E", None) == {"A": before["A"]}
        assert put(self.DOCUMENT, "Z", None) == before
        assert put(self.DOCUMENT, "A.B[0]", None) == {"A": {"B": [{"C": 0}]}, "E": "text"}
        assert before == self.DOCUMENT

    @pytest.mark.parametrize("path", ["A.B[2]", "A.B[2].C", "A.B.C", "A[0]", "E.X", "E[0]", "[0]"])
    def test_a_path_that_has_no_place_is_a_key_error(self, path: str) -> None:
        with pytest.raises(KeyError, match="no place"):
            put(self.DOCUMENT, path, 1)

    def test_the_empty_path_is_refused(self) -> None:
        with pytest.raises(ValueError, match="empty path"):
            put(self.DOCUMENT, "", 1)

    @given(TREES, st.lists(st.sampled_from("ABC"), min_size=1, max_size=3), LEAVES)
    def test_what_was_put_is_what_is_got(self, tree: dict[str, Any], names: list[str], value: Any) -> None:
        path = join(*names)
        try:
            after = put(tree, path, value)
        except KeyError:
            return
        assert same(get(after, path), value)


class TestDifference:
    @given(TREES, TREES)
    @settings(max_examples=500, deadline=None)
    def test_a_patch_by_the_difference_gives_the_other_document(
        self, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        kept = copy.deepcopy((before, after))
        result = patch(before, diff(before, after))
        assert same(result, after)
        assert (before, after) == kept
        assert (diff(before, after) == ()) == same(before, after)

    @given(documents("UserSettings"), documents("UserSettings"))
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    def test_so_it_does_for_settings(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        assert patch(before, diff(before, after)) == after
        sent = {name: after[name] for name in changed_members(before, after) if name in after}
        gone = [name for name in before if name not in after]
        assert {name: value for name, value in {**before, **sent}.items() if name not in gone} == after

    @pytest.mark.parametrize(
        ("before", "after", "changes"),
        [
            ({}, {}, []),
            ({}, {"A": {"B": 1}}, [Change("A.B", None, 1)]),
            ({}, {"A": {}}, [Change("A", None, {})]),
            ({"A": {"B": 1}}, {}, [Change("A", {"B": 1}, None)]),
            ({"A": {"B": 1}}, {"A": {}}, [Change("A.B", 1, None)]),
            ({"A": {}}, {"A": {"B": 1}}, [Change("A.B", None, 1)]),
            ({"A": [1, 2]}, {"A": [1]}, [Change("A", [1, 2], [1])]),
            ({"A": [{"B": 1}]}, {"A": [{"B": 2}]}, [Change("A", [{"B": 1}], [{"B": 2}])]),
            ({"A": 1}, {"A": {"B": 1}}, [Change("A", 1, {"B": 1})]),
            ({"A": {"B": 1}}, {"A": 1}, [Change("A", {"B": 1}, 1)]),
            ({"A": 1}, {"A": True}, [Change("A", 1, True)]),
            ({"A": 0}, {"A": ""}, [Change("A", 0, "")]),
            ({"A": []}, {}, [Change("A", [], None)]),
        ],
    )
    def test_each_change_stands_at_its_place(self, before: Any, after: Any, changes: list[Change]) -> None:
        assert list(diff(before, after)) == changes

    def test_changed_members_are_the_top_level_ones(self) -> None:
        before = {"A": {"B": 1}, "C": [1], "D": 1}
        assert changed_members(before, {"A": {"B": 2}, "C": [1], "E": {}}) == ("A", "E", "D")
        assert changed_members(before, copy.deepcopy(before)) == ()


class TestSame:
    @pytest.mark.parametrize(
        ("one", "other", "equal"),
        [
            (1, 1, True),
            (1, True, False),
            (0, False, False),
            (True, True, True),
            ([1], (1,), True),
            ([1], [True], False),
            ({"A": [0]}, {"A": [False]}, False),
            ({"A": None}, {}, False),
            ({"A": 1, "B": 2}, {"B": 2, "A": 1}, True),
            ("", None, False),
            ([], None, False),
            ({}, [], False),
        ],
    )
    def test_equal_and_of_one_kind(self, one: Any, other: Any, equal: bool) -> None:
        assert same(one, other) is equal
        assert same(other, one) is equal


class TestInheritance:
    DEFAULTS: ClassVar[dict[str, Any]] = {
        "ExecutionRole": "domain-role",
        "SecurityGroups": ["sg-1"],
        "JupyterLabAppSettings": {
            "DefaultResourceSpec": {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": "one"},
            "CodeRepositories": [{"RepositoryUrl": "https://a"}],
            "CustomImages": [{"ImageName": "a"}],
        },
    }

    def test_the_profiles_own_value_wins_member_by_member(self) -> None:
        own = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}}
        spec = effective(own, self.DEFAULTS)["JupyterLabAppSettings"]["DefaultResourceSpec"]
        assert spec == {"InstanceType": "ml.t3.large", "LifecycleConfigArn": "one"}

    def test_lists_are_replaced_but_security_groups_add_up_and_repositories_unite(self) -> None:
        own = {
            "SecurityGroups": ["sg-2", "sg-1"],
            "JupyterLabAppSettings": {
                "CodeRepositories": [{"RepositoryUrl": "https://b"}, {"RepositoryUrl": "https://a"}],
                "CustomImages": [],
            },
        }
        found = effective(own, self.DEFAULTS)
        assert found["SecurityGroups"] == ["sg-1", "sg-2"]
        lab = found["JupyterLabAppSettings"]
        assert lab["CodeRepositories"] == [{"RepositoryUrl": "https://a"}, {"RepositoryUrl": "https://b"}]
        assert lab["CustomImages"] == []

    @given(documents("UserSettings"), documents("UserSettings"))
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    def test_neither_side_is_touched_and_nothing_of_either_top_level_is_missing(
        self, own: dict[str, Any], defaults: dict[str, Any]
    ) -> None:
        kept = copy.deepcopy((own, defaults))
        found = effective(own, defaults)
        assert (own, defaults) == kept
        assert set(found) == {*own, *defaults}
        assert effective({}, defaults) == defaults
        assert effective(own, {}) == own

    @pytest.mark.parametrize(
        ("own", "inherited", "said"),
        [
            ("role", "other", "set"),
            (0, None, "set"),
            (False, None, "set"),
            ("", "other", "empty"),
            ([], ["sg-1"], "empty"),
            ((), None, "empty"),
            ({}, None, "empty"),
            (None, "other", "domain"),
            (None, [], "domain"),
            (None, None, "default"),
        ],
    )
    def test_a_value_says_where_it_comes_from(self, own: Any, inherited: Any, said: str) -> None:
        assert origin(own, inherited) == said
