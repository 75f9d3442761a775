"""What a guard refuses never happened: not in the tree, not for an observer, not for a listener."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import traitlets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import LockedFieldError
from profile_widgets.model import Change, Structure, model_class
from profile_widgets.model.documents import Document, get, same
from tests.documents import documents

UserSettings = model_class("UserSettings")
ROLE = "arn:aws:iam::123456789012:role/Role"
OTHER = "arn:aws:iam::123456789012:role/Other"
STORED: Document = {
    "ExecutionRole": ROLE,
    "SecurityGroups": ["sg-1"],
    "JupyterLabAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": "None"},
        "CustomImages": [
            {"ImageName": "a", "AppImageConfigName": "x"},
            {"ImageName": "b", "AppImageConfigName": "y"},
        ],
    },
    "SharingSettings": {},
}
LOCKED = ("ExecutionRole", "JupyterLabAppSettings.DefaultResourceSpec.LifecycleConfigArn", "SharingSettings")
IMAGES = "JupyterLabAppSettings.CustomImages"


def lock(*paths: str) -> Callable[[Document, Document], None]:
    """Return a guard that lets nothing below ``paths`` change."""

    def guard(before: Document, after: Document) -> None:
        changed = [path for path in paths if not same(get(before, path), get(after, path))]
        if changed:
            raise LockedFieldError(", ".join(changed))

    return guard


def everything(node: Any) -> Any:
    """Return a tree's values, flags and the very objects in it."""
    if isinstance(node, Structure):
        values = {name: everything(node.value(name)) for name in node.member.members}
        return id(node), node.explicit, values
    return tuple(map(everything, node)) if isinstance(node, tuple) else node


class Witness:
    """Write down what observers and listeners hear, and what the tree looks like then."""

    def __init__(self, model: Structure) -> None:
        self.model, self.heard, self.documents = model, 0, [model.to_document()]
        model.on_change(self.hear)
        self._watch(model)

    def _watch(self, structure: Structure) -> None:
        structure.observe(self.hear, names=traitlets.All)
        for name, member in structure.member.members.items():
            if member.is_structure:
                self._watch(getattr(structure, name))
            elif member.is_structure_list:
                for item in structure.value(name) or ():
                    self._watch(item)

    def hear(self, _event: object) -> None:
        self.heard += 1
        self.documents.append(self.model.to_document())


@pytest.fixture
def model() -> Structure:
    made = UserSettings.from_document(STORED)
    made.tree.guard = lock(*LOCKED)
    return made


def hold_both(model: Structure) -> None:
    with model.hold_trait_notifications():
        model.SecurityGroups = ("sg-2",)
        model.ExecutionRole = OTHER


def batch_with_items(model: Structure) -> None:
    with model.batch():
        images = model.JupyterLabAppSettings.CustomImages
        images[0].ImageName = "changed"
        model.JupyterLabAppSettings.CustomImages = (images[1], {"ImageName": "new"}, images[0])
        images[0].ImageName = "changed again"
        model.JupyterLabAppSettings.CustomImages = ()
        images[1].AppImageConfigName = "changed outside of the tree"
        with model.batch():
            model.ExecutionRole = OTHER
        model.ExecutionRole = "third"


def broken_batch(model: Structure) -> None:
    with model.batch():
        model.ExecutionRole = OTHER
        raise RuntimeError("something else went wrong")


FORBIDDEN: dict[str, Callable[[Structure], Any]] = {
    "a leaf": lambda model: setattr(model, "ExecutionRole", OTHER),
    "a leaf taken out": lambda model: setattr(model, "ExecutionRole", None),
    "a leaf by its trait": lambda model: type(model).ExecutionRole.set(model, OTHER),  # type: ignore[attr-defined]
    "a leaf by set_trait": lambda model: model.set_trait("ExecutionRole", OTHER),
    "a leaf by its path": lambda model: model.put("ExecutionRole", OTHER),
    "a nested leaf": lambda model: model.put(LOCKED[1], OTHER),
    "a structure above it": lambda model: setattr(model, "JupyterLabAppSettings", {"CustomImages": []}),
    "a structure above it, taken out": lambda model: setattr(model, "JupyterLabAppSettings", None),
    "the whole tree": lambda model: model.assign({**STORED, "SecurityGroups": [], "ExecutionRole": OTHER}),
    "the whole tree, emptied": lambda model: model.assign({}),
    "the explicit flag": lambda model: setattr(model.SharingSettings, "explicit", False),
    "held notifications": hold_both,
    "a batch that moves items": batch_with_items,
    "a batch that breaks": broken_batch,
}


@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_refused_leaves_the_tree_as_it_was_and_nobody_hears_of_it(
    model: Structure, change: Callable[[Structure], Any]
) -> None:
    witness, before = Witness(model), everything(model)
    with pytest.raises(LockedFieldError):
        change(model)
    assert everything(model) == before
    assert model.to_document() == STORED
    assert witness.heard == 0


def test_a_change_after_a_refused_one_is_made_and_told_as_ever(model: Structure) -> None:
    with pytest.raises(LockedFieldError):
        batch_with_items(model)
    told: list[tuple[Change, ...]] = []
    model.on_change(told.append)
    model.SecurityGroups = ("sg-2",)
    with model.batch():
        model.put(f"{IMAGES}[1].ImageName", "c")
        model.put(f"{IMAGES}[0].ImageName", "d")
    assert told == [
        (Change("SecurityGroups", ["sg-1"], ["sg-2"]),),
        (Change(f"{IMAGES}[1].ImageName", "b", "c"), Change(f"{IMAGES}[0].ImageName", "a", "d")),
    ]


def test_a_batch_may_pass_through_what_is_forbidden_when_it_does_not_end_there(model: Structure) -> None:
    witness = Witness(model)
    with model.batch():
        model.ExecutionRole = OTHER
        model.SecurityGroups = ()
        model.ExecutionRole = ROLE
    assert model.to_document() == {**STORED, "SecurityGroups": []}
    assert all(document["ExecutionRole"] == ROLE for document in witness.documents)


def test_the_item_of_a_list_is_guarded_by_its_path() -> None:
    model = UserSettings.from_document(STORED)
    model.tree.guard = lock(f"{IMAGES}[0].ImageName")
    item = model.JupyterLabAppSettings.CustomImages[0]
    item.AppImageConfigName = "other"
    with pytest.raises(LockedFieldError):
        item.ImageName = "other"
    assert item.ImageName == "a"


def test_what_an_observer_changes_in_answer_is_guarded_too_and_the_first_change_is_told(model: Structure) -> None:
    told: list[tuple[Change, ...]] = []
    model.on_change(told.append)
    model.observe(lambda _: setattr(model, "ExecutionRole", OTHER), names="SecurityGroups")
    with pytest.raises(LockedFieldError):
        model.SecurityGroups = ("sg-2",)
    assert model.to_document() == {**STORED, "SecurityGroups": ["sg-2"]}
    assert told == [(Change("SecurityGroups", ["sg-1"], ["sg-2"]),)]


def test_an_observer_that_raises_leaves_no_change_that_the_guard_has_not_seen(model: Structure) -> None:
    def break_off(_event: object) -> None:
        raise RuntimeError("broken")

    model.observe(lambda _: setattr(model, "ExecutionRole", OTHER), names="SecurityGroups")
    model.observe(break_off, names="SecurityGroups")
    with pytest.raises(RuntimeError, match="broken"):
        model.SecurityGroups = ("sg-2",)
    assert model.to_document() == {**STORED, "SecurityGroups": ["sg-2"]}
    model.unobserve_all()
    model.SharingSettings.explicit = True  # as it was: nothing is left over that would be refused with it
    model.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    assert model.value("ExecutionRole") == ROLE


def test_an_observer_or_a_listener_that_raises_keeps_nobody_else_from_hearing(model: Structure) -> None:
    heard: list[str] = []

    def break_off(_change: object) -> None:
        heard.append("broken")
        raise RuntimeError("broken")

    model.observe(break_off, names="SecurityGroups")
    model.on_change(break_off)
    model.on_change(lambda changes: heard.extend(each.path for each in changes))
    model.JupyterLabAppSettings.observe(lambda event: heard.append(event.name), names="CustomImages")

    def change() -> None:
        with model.batch():
            model.SecurityGroups = ()
            model.JupyterLabAppSettings.CustomImages = None

    with pytest.raises(RuntimeError, match="broken"):
        change()
    assert heard == ["broken", "CustomImages", "broken", "SecurityGroups", IMAGES]


def test_what_belongs_to_the_tree_is_put_back_with_it(model: Structure) -> None:
    beside = {"step": 1}

    def snapshot() -> Callable[[], None]:
        then = dict(beside)
        return lambda: beside.update(then)

    model.tree.remember(snapshot)

    def change_both() -> None:
        with model.batch():
            beside["step"] = 2
            model.ExecutionRole = OTHER

    with pytest.raises(LockedFieldError):
        change_both()
    assert beside == {"step": 1}
    with model.batch():
        beside["step"] = 3
        model.SecurityGroups = ()
    assert beside == {"step": 3}


def test_a_guard_stays(model: Structure) -> None:
    with pytest.raises(LockedFieldError, match="stay so"):
        model.tree.guard = lambda _before, _after: None
    with pytest.raises(LockedFieldError):
        model.ExecutionRole = OTHER


def test_a_tree_without_a_guard_tells_each_change_at_once() -> None:
    model, heard = UserSettings(), []
    model.observe(lambda event: heard.append(event.new), names="ExecutionRole")
    with model.batch():
        model.ExecutionRole = ROLE
        assert heard == [ROLE]


PATHS = ("ExecutionRole", "SecurityGroups", "JupyterLabAppSettings", "CanvasAppSettings", "SpaceStorageSettings")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(documents("UserSettings"), documents("UserSettings"), st.sampled_from(PATHS), st.booleans())
def test_no_document_gets_past_a_guard(stored: Document, wanted: Document, path: str, member_by_member: bool) -> None:
    model = UserSettings.from_document(stored)
    model.tree.guard = lock(path)
    witness, before = Witness(model), everything(model)
    allowed = same(get(stored, path), get(wanted, path))
    with contextlib.suppress(LockedFieldError):
        if member_by_member:
            with model.batch():
                for name in model.member.members:
                    setattr(model, name, wanted.get(name))
        else:
            model.assign(wanted)
    assert model.to_document() == (wanted if allowed else stored)
    assert allowed or everything(model) == before
    assert all(get(document, path) == get(stored, path) for document in witness.documents)
