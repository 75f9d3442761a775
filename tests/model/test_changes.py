"""Changes anywhere in a settings tree reach whoever listens at its root, with their path."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from profile_widgets.model import Change, Structure, model_class, patch
from tests.documents import documents

UserSettings = model_class("UserSettings")
CreateRequest = model_class("CreateUserProfileRequest")


class Listener:
    """Keep what was told."""

    def __init__(self, structure: Structure) -> None:
        self.told: list[tuple[Change, ...]] = []
        structure.on_change(self.hear)

    def hear(self, changes: tuple[Change, ...]) -> None:
        self.told.append(changes)


@pytest.fixture
def model() -> Structure:
    return UserSettings()


@pytest.fixture
def listener(model: Structure) -> Listener:
    return Listener(model)


def test_a_change_of_a_nested_leaf_is_told_with_its_path(model: Structure, listener: Listener) -> None:
    spec = model.JupyterLabAppSettings.DefaultResourceSpec
    spec.InstanceType = "ml.t3.large"
    spec.InstanceType = "ml.t3.xlarge"
    path = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
    assert listener.told == [(Change(path, None, "ml.t3.large"),), (Change(path, "ml.t3.large", "ml.t3.xlarge"),)]


def test_a_change_inside_an_item_is_told_with_its_position(model: Structure, listener: Listener) -> None:
    lab = model.JupyterLabAppSettings
    lab.CustomImages = [{"ImageName": "a"}, {"ImageName": "b"}]
    lab.CustomImages[1].ImageName = "c"
    lab.CustomImages = (lab.CustomImages[1],)
    lab.CustomImages[0].ImageName = "d"
    assert listener.told == [
        (Change("JupyterLabAppSettings.CustomImages", None, [{"ImageName": "a"}, {"ImageName": "b"}]),),
        (Change("JupyterLabAppSettings.CustomImages[1].ImageName", "b", "c"),),
        (Change("JupyterLabAppSettings.CustomImages", [{"ImageName": "a"}, {"ImageName": "c"}], [{"ImageName": "c"}]),),
        (Change("JupyterLabAppSettings.CustomImages[0].ImageName", "c", "d"),),
    ]


def test_an_item_that_was_taken_out_tells_nobody(model: Structure) -> None:
    lab = model.JupyterLabAppSettings
    lab.CustomImages = [{"ImageName": "a"}]
    (item,) = lab.CustomImages
    lab.CustomImages = ()
    listener = Listener(model)
    assert not item.attached
    item.ImageName = "b"
    assert listener.told == []
    assert model.to_document() == {"JupyterLabAppSettings": {"CustomImages": []}}


def test_setting_what_is_there_already_is_no_change(model: Structure, listener: Listener) -> None:
    model.assign({"ExecutionRole": "role", "SecurityGroups": ["sg-1"]})
    listener.told.clear()
    model.ExecutionRole = "role"
    model.SecurityGroups = ["sg-1"]
    model.assign({"SecurityGroups": ["sg-1"], "ExecutionRole": "role"})
    assert listener.told == []


def test_one_assignment_is_told_at_once(model: Structure, listener: Listener) -> None:
    model.assign({"ExecutionRole": "role", "SharingSettings": {"NotebookOutputOption": "Allowed"}})
    (changes,) = listener.told
    assert {change.path for change in changes} == {"ExecutionRole", "SharingSettings.NotebookOutputOption"}


def test_a_batch_is_told_once_even_when_it_ends_in_an_error(model: Structure, listener: Listener) -> None:
    def fail_half_way() -> None:
        with model.batch():
            model.ExecutionRole = "one"
            with model.SharingSettings.batch():
                model.SharingSettings.NotebookOutputOption = "Allowed"
            assert listener.told == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    (changes,) = listener.told
    assert [change.path for change in changes] == ["ExecutionRole", "SharingSettings.NotebookOutputOption"]
    with model.batch():
        pass
    assert len(listener.told) == 1


def test_a_structure_that_becomes_explicitly_empty_or_absent_is_a_change(model: Structure, listener: Listener) -> None:
    model.SharingSettings = {}
    model.SharingSettings = None
    model.SharingSettings.explicit = True
    assert [each for (each,) in listener.told] == [
        Change("SharingSettings", None, {}),
        Change("SharingSettings", {}, None),
        Change("SharingSettings", None, {}),
    ]


def test_paths_begin_at_the_root_of_a_request() -> None:
    request = CreateRequest()
    listener = Listener(request.UserSettings.SharingSettings)
    request.UserSettings.SharingSettings.NotebookOutputOption = "Allowed"
    request.Tags = [{"Key": "team", "Value": "research"}]
    assert [each.path for (each,) in listener.told] == ["UserSettings.SharingSettings.NotebookOutputOption", "Tags"]


def test_a_listener_that_was_taken_off_hears_nothing(model: Structure, listener: Listener) -> None:
    model.off_change(listener.hear)
    model.off_change(listener.hear)
    model.ExecutionRole = "role"
    assert listener.told == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(documents("UserSettings"), documents("UserSettings"))
def test_whoever_applies_the_changes_to_a_copy_has_the_same_document(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    model = UserSettings()
    mirror: dict[str, Any] = {}

    def follow(changes: tuple[Change, ...]) -> None:
        nonlocal mirror
        mirror = patch(mirror, changes)

    model.on_change(follow)
    for document in (first, second):
        model.assign(document)
        assert mirror == model.to_document() == document


def test_traitlets_observers_hear_of_each_leaf() -> None:
    seen: list[Any] = []
    model = UserSettings()
    model.SharingSettings.observe(lambda change: seen.append(change["new"]), names="NotebookOutputOption")
    model.assign({"SharingSettings": {"NotebookOutputOption": "Allowed"}})
    assert seen == ["Allowed"]


class TestThreads:
    """Several threads may edit one tree: a subshell of the kernel, the event loop, a person's own thread."""

    ROUNDS = 150
    PATHS = (
        "ExecutionRole",
        "DefaultLandingUri",
        "SharingSettings.S3OutputPath",
        "JupyterLabAppSettings.DefaultResourceSpec.LifecycleConfigArn",
        "CanvasAppSettings.WorkspaceSettings.S3ArtifactPath",
    )

    def run(self, *jobs: Any) -> None:
        errors: list[BaseException] = []
        start = threading.Barrier(len(jobs))

        def guarded(job: Any) -> None:
            try:
                start.wait(10)
                job()
            except BaseException as error:  # noqa: BLE001 - told in the test's own thread
                errors.append(error)

        threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not errors, errors

    def test_threads_that_set_different_members_lose_nothing_while_another_reads(self) -> None:
        model = UserSettings()
        told: dict[str, Any] = {}
        model.on_change(lambda changes: told.update({each.path: each.after for each in changes}))

        def writer(path: str) -> Any:
            def write() -> None:
                for number in range(self.ROUNDS):
                    model.put(path, f"{path} {number}")

            return write

        def read() -> None:
            for _ in range(self.ROUNDS):
                assert set(model.to_document()) <= {path.partition(".")[0] for path in self.PATHS}

        self.run(*map(writer, self.PATHS), read)
        last = {path: f"{path} {self.ROUNDS - 1}" for path in self.PATHS}
        assert told == last
        assert model.to_document() == patch({}, [Change(path, None, value) for path, value in last.items()])

    def test_threads_that_read_a_nested_structure_first_get_the_same_one(self) -> None:
        for _ in range(30):
            model = UserSettings()
            found: list[Structure] = []
            self.run(*[lambda m=model, f=found: f.append(m.CanvasAppSettings.KendraSettings)] * 4)
            assert len({id(each) for each in found}) == 1

    def test_a_reader_never_sees_half_of_a_batch(self) -> None:
        model = UserSettings()
        seen: list[dict[str, Any]] = []
        done = threading.Event()

        def write() -> None:
            for number in range(self.ROUNDS):
                with model.batch():
                    model.ExecutionRole = str(number)
                    model.DefaultLandingUri = str(number)
            done.set()

        def read() -> None:
            while not done.is_set():
                seen.append(model.to_document())

        self.run(write, read)
        assert all(each.get("ExecutionRole") == each.get("DefaultLandingUri") for each in seen)
