"""Merging what two people made of the same settings."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from profile_widgets.model import documents
from profile_widgets.model.merging import Clash, merge, overwrite

LEAVES = st.sampled_from(["1", "2", "3", 4, [], ["a"], ["a", "b"]])
DOCUMENTS = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), LEAVES, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner | LEAVES, max_size=4),
    max_leaves=8,
)
BASE: dict[str, Any] = {"Role": "r1", "Lab": {"Type": "t1", "Images": ["i1"]}, "Groups": ["g1"]}


def test_changes_of_different_fields_of_one_structure_are_both_kept() -> None:
    theirs = {**BASE, "Lab": {"Type": "t2", "Images": ["i1"]}}
    ours = {**BASE, "Lab": {"Type": "t1", "Images": ["i1"], "Plan": "p"}}
    assert merge(BASE, theirs, ours) == ({**BASE, "Lab": {"Type": "t2", "Images": ["i1"], "Plan": "p"}}, ())


def test_a_field_that_both_changed_is_named_with_all_three_values_and_holds_ours() -> None:
    merged, clashes = merge(BASE, {**BASE, "Groups": ["g1", "g2"]}, {**BASE, "Groups": ["g3"]})
    assert merged["Groups"] == ["g3"]
    assert clashes == (Clash("Groups", ["g1"], ["g1", "g2"], ["g3"]),)


def test_the_same_change_by_both_is_no_clash() -> None:
    same = {**BASE, "Role": "r2"}
    assert merge(BASE, same, same) == (same, ())


def test_a_structure_that_they_took_out_while_we_changed_inside_it_is_a_clash() -> None:
    theirs = {name: value for name, value in BASE.items() if name != "Lab"}
    merged, clashes = merge(BASE, theirs, {**BASE, "Lab": {"Type": "t9", "Images": ["i1"]}})
    assert merged["Lab"] == {"Type": "t9"}
    assert [clash.path for clash in clashes] == ["Lab.Type"]


@given(DOCUMENTS, DOCUMENTS)
def test_without_changes_of_ours_theirs_stays_and_without_theirs_ours_does(base: Any, other: Any) -> None:
    assert merge(base, other, base) == (other, ())
    merged, clashes = merge(base, base, other)
    assert documents.same(merged, other)
    assert clashes == ()


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_no_field_that_only_one_of_them_changed_is_lost(base: Any, theirs: Any, ours: Any) -> None:
    merged, clashes = merge(base, theirs, ours)
    disputed = {documents.top(clash.path) for clash in clashes}
    for name in {*base, *theirs, *ours} - disputed:
        if documents.same(base.get(name), ours.get(name)):
            assert documents.same(merged.get(name), theirs.get(name))
        elif documents.same(base.get(name), theirs.get(name)):
            assert documents.same(merged.get(name), ours.get(name))


def test_overwriting_keeps_their_other_members_and_what_aws_could_not_unset() -> None:
    theirs = {"Role": "r2", "Lab": {"Type": "t2", "Images": ["i2"], "Plan": "p"}, "Groups": ["g1"]}
    ours = {**BASE, "Lab": {"Type": "t9", "Images": ["i1"]}}
    assert overwrite(theirs, ours, ("Lab",)) == {
        "Role": "r2",
        "Lab": {"Type": "t9", "Images": ["i1"], "Plan": "p"},
        "Groups": ["g1"],
    }
