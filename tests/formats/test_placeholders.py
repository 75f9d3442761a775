"""What a skeleton holds where nothing was filled in is found, left out and told; nothing else is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.utils import ArgumentGenerator
from hypothesis import HealthCheck, given, settings

from profile_widgets.formats import export
from profile_widgets.formats.placeholders import NOTHING_LEFT, is_skeleton, without_placeholders
from profile_widgets.formats.reading import Reading, read
from profile_widgets.formats.skeletons import skeleton
from profile_widgets.model.documents import join, put
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, Member, input_member, service_model
from tests.documents import requests

UPDATES = input_member(UPDATE)
NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


def theirs(operation: str = UPDATE, seed: int = 1) -> Any:
    """Return what the AWS CLI prints, with a value of each enum drawn by chance."""
    random.seed(seed)
    generated = ArgumentGenerator().generate_skeleton(service_model().operation_model(operation).input_shape)
    return json.loads(json.dumps(generated))


def told(reading: Reading, severity: str) -> list[str]:
    return [each.message for each in reading.problems if each.severity == severity]


def enums(document: Any) -> dict[str, Any]:
    """Return every value of an enum in a request by its path."""
    return dict(_enums(UPDATES, document, ""))


def _enums(member: Member, value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in member.members:
                yield from _enums(member.members[name], each, join(path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _enums(member.item, each, join(path, index))
    elif member.kind == "enum":
        yield path, value


def dumped(document: Any, form: str) -> str:
    return json.dumps(document) if form == "json" else str(yaml.safe_dump(document))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_an_untouched_skeleton_of_the_cli_is_no_request(operation: str, seed: int) -> None:
    document = theirs(operation, seed)
    reading = read(json.dumps(document))
    assert (reading.request, reading.refused) == ({}, True)
    (stops,) = told(reading, "error")
    assert stops.startswith("Nothing is left to send: nothing else in this skeleton was surely filled in. ")
    unfilled, *doubtful = told(reading, "warning")
    assert f"and {len(reading.left_out) - 5} more" in unfilled
    assert len(reading.left_out) > 50
    assert len(doubtful) == len(enums(document))


@pytest.mark.parametrize("kind", ["input", "yaml-input"])
def test_an_untouched_skeleton_of_ours_is_no_request(kind: str) -> None:
    reading = read(skeleton(CREATE, kind))
    assert reading.request == {}
    assert [each.severity for each in reading.problems] == ["error", "warning"]
    assert reading.problems[0].rule == NOTHING_LEFT


@pytest.mark.parametrize("document", [theirs(), json.loads(skeleton(UPDATE))], ids=["theirs", "ours"])
def test_a_skeleton_in_which_only_names_were_filled_in_stops(document: dict[str, Any]) -> None:
    reading = read(json.dumps({**document, **NAMES}))
    assert reading.request == NAMES
    (stops,) = told(reading, "error")
    assert stops.startswith("Nothing is left to send but names: ")
    assert stops.endswith("To send the names alone, delete UserSettings.")
    kept = read(json.dumps({**document, **NAMES, "UserSettings": {}}))
    assert (kept.request, kept.problems) == ({**NAMES, "UserSettings": {}}, ())


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_every_choice_in_a_skeleton_of_ours_is_kept(form: str) -> None:
    document = json.loads(skeleton(UPDATE)) | NAMES
    chosen = {
        "UserSettings.StudioWebPortal": "DISABLED",
        "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType": "ml.t3.large",
        "UserSettings.RStudioServerProAppSettings.AccessStatus": "ENABLED",
        "UserSettings.StudioWebPortalSettings.HiddenMlTools": ["Projects"],
    }
    wanted: dict[str, Any] = dict(NAMES)
    for path, value in chosen.items():
        document, wanted = put(document, path, value), put(wanted, path, value)
    reading = read(dumped(document, form), form)
    assert reading.request == wanted
    assert [each.severity for each in reading.problems] == ["warning"]
    assert not {path.removesuffix("[0]") for path in reading.left_out} & chosen.keys()


def test_every_value_that_chance_may_have_picked_is_named_and_never_said_to_be_untouched() -> None:
    spec = "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
    document = put(put(theirs() | NAMES, "UserSettings.ExecutionRole", ROLE), spec, "ml.of.tomorrow")
    reading = read(json.dumps(document))
    assert reading.request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE}}
    doubtful = enums(document)
    assert {each.path: each.message.split("”")[0] for each in reading.problems if each.path} == {
        path: f"Left out: “{value}" for path, value in doubtful.items()
    }
    assert not doubtful.keys() & set(reading.left_out)
    assert doubtful[spec] == "ml.of.tomorrow"


def test_one_emptied_enum_does_not_make_choices_of_what_chance_picked() -> None:
    document = put(put(theirs() | NAMES, "UserSettings.ExecutionRole", ROLE), "UserSettings.StudioWebPortal", "")
    reading = read(json.dumps(document))
    assert reading.request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE}}
    assert len([each for each in reading.problems if each.path]) == len(enums(document)) - 1


def test_what_was_filled_in_stays_and_the_rest_is_left_out() -> None:
    document = put(put(theirs() | NAMES, "UserSettings.ExecutionRole", ROLE), "UserSettings.SecurityGroups", ["sg-1"])
    reading = read(json.dumps(document))
    assert reading.request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}}
    assert not reading.refused


def test_an_enum_is_sent_once_nothing_untouched_stands_around_it() -> None:
    document = theirs() | NAMES
    document["UserSettings"]["CanvasAppSettings"]["TimeSeriesForecastingSettings"]["AmazonForecastRoleArn"] = ROLE
    cleaned = without_placeholders(UPDATES, document)
    forecasts = document["UserSettings"]["CanvasAppSettings"]["TimeSeriesForecastingSettings"]
    assert cleaned.request["UserSettings"] == {"CanvasAppSettings": {"TimeSeriesForecastingSettings": forecasts}}
    assert "delete the untouched members beside it" in cleaned.problems[-1].message


def test_a_required_member_beside_what_was_filled_in_stays() -> None:
    document = json.loads(skeleton(CREATE)) | NAMES | {"Tags": [{"Key": "team", "Value": ""}]}
    reading = read(json.dumps(document))
    assert reading.request == {**NAMES, "Tags": [{"Key": "team", "Value": ""}]}
    assert not reading.refused


def test_explicitly_empty_structures_and_lists_stay() -> None:
    document = theirs() | NAMES
    document["UserSettings"] = {**document["UserSettings"], "SecurityGroups": [], "KernelGatewayAppSettings": {}}
    kept = read(json.dumps(document)).request["UserSettings"]
    assert kept == {"SecurityGroups": [], "KernelGatewayAppSettings": {}}


def test_items_of_a_list_are_looked_at_one_by_one() -> None:
    document = theirs() | NAMES
    image = {"ImageName": "a", "ImageVersionNumber": 0, "AppImageConfigName": "b"}
    untouched = {"ImageName": "", "ImageVersionNumber": 0, "AppImageConfigName": ""}
    document["UserSettings"]["KernelGatewayAppSettings"]["CustomImages"] = [image, untouched]
    kept = read(json.dumps(document)).request["UserSettings"]["KernelGatewayAppSettings"]
    assert kept == {"CustomImages": [{"ImageName": "a", "AppImageConfigName": "b"}]}


def test_what_aws_shows_as_a_sample_is_a_placeholder_too() -> None:
    text = json.dumps(json.loads(skeleton(CREATE))).replace('""', '"string"')
    assert read(text).request == {}


REAL = [
    {"UserSettings": {"SharingSettings": {"NotebookOutputOption": "Disabled", "S3OutputPath": "", "S3KmsKeyId": ""}}},
    {"Tags": [{"Key": "Key", "Value": "Value"}]},
    {"Tags": [{"Key": "string", "Value": "string"}]},
    {"UserSettings": {"CustomPosixUserConfig": {"Uid": 0, "Gid": 0}}},
    {"UserSettings": {"JupyterServerAppSettings": {"CodeRepositories": [{"RepositoryUrl": ""}]}}},
    {"UserSettings": {"ExecutionRole": "", "SecurityGroups": [""] * 200, "StudioWebPortal": "ENABLED"}},
    {"UserSettings": {"SharingSettings": {"S3OutputPath": "", "S3KmsKeyId": ""},
                      "CanvasAppSettings": {"WorkspaceSettings": {"S3ArtifactPath": "", "S3KmsKeyId": ""}}}},
]  # fmt: skip


@pytest.mark.parametrize("document", REAL, ids=lambda each: json.dumps(each)[:60])
@pytest.mark.parametrize("name", ["json", "yaml", "cli", "boto3"])
def test_a_request_that_is_no_skeleton_is_taken_as_it_is_in_every_form(document: dict[str, Any], name: str) -> None:
    request = {**NAMES, **document}
    reading = read(export(request, CREATE, name), name)
    assert (reading.request, reading.left_out) == (request, ())
    assert not any(each.rule in ("placeholder", NOTHING_LEFT) for each in reading.problems)


class TestBoundaries:
    """An empty text in a document that is no skeleton stays: it is explicitly empty."""

    @pytest.mark.parametrize(
        ("spec", "around", "full_ones", "counts"),
        [
            (3, 2, 0, True),
            (2, 2, 0, False),
            (5, 0, 0, False),
            (4, 1, 0, False),
            (3, 2, 4, True),
            (3, 2, 5, False),
            (4, 2, 5, True),
        ],
    )
    def test_five_in_three_structures_and_more_than_half_make_a_skeleton(
        self, spec: int, around: int, full_ones: int, counts: bool
    ) -> None:
        tensor = "TensorBoardAppSettings.DefaultResourceSpec"
        arns = ("SageMakerImageArn", "SageMakerImageVersionArn", "SageMakerImageVersionAlias", "LifecycleConfigArn")
        empties = [f"{tensor}.{name}" for name in (*arns, "TrainingPlanArn")][:spec]
        empties += ["SharingSettings.S3KmsKeyId", "CanvasAppSettings.WorkspaceSettings.S3KmsKeyId"][:around]
        lab = "JupyterLabAppSettings.DefaultResourceSpec"
        fulls = ["ExecutionRole", "DefaultLandingUri", f"{lab}.SageMakerImageArn", f"{lab}.LifecycleConfigArn"]
        document: dict[str, Any] = {}
        for path in empties:
            document = put(document, path, "")
        for path in [*fulls, f"{lab}.TrainingPlanArn"][:full_ones]:
            document = put(document, path, "x")
        request = {"UserSettings": document}
        assert is_skeleton(UPDATES, request) == counts
        assert (without_placeholders(UPDATES, request).request == request) == (not counts)

    @pytest.mark.parametrize(("empty_ones", "kept"), [(1, False), (2, True)])
    def test_one_in_four_empty_enums_makes_choices_of_the_others(self, empty_ones: int, kept: bool) -> None:
        document = json.loads(skeleton(UPDATE)) | NAMES
        portal = document["UserSettings"]["StudioWebPortal"]
        assert portal == ""
        for number, path in enumerate(enums(document)):
            document = put(document, path, "") if "[" in path else put(document, path, "x" * (number >= empty_ones))
        for name in ("StudioWebPortalSettings", "CanvasAppSettings", "CodeEditorAppSettings", "TensorBoardAppSettings"):
            del document["UserSettings"][name]
        for name in ("RSessionAppSettings", "RStudioServerProAppSettings"):
            del document["UserSettings"][name]
        assert len(enums(document)) == 7
        assert bool(without_placeholders(UPDATES, document).doubtful) == (not kept)

    def test_the_items_of_a_list_are_one_member(self) -> None:
        request = {**NAMES, "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(9)]}
        assert without_placeholders(input_member(CREATE), request).request == request

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(CREATE))
    def test_a_valid_request_is_never_touched(self, request: dict[str, Any]) -> None:
        assert without_placeholders(input_member(CREATE), request).request is request
