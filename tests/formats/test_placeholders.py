"""What a skeleton holds where nothing was filled in is found, left out and told; nothing else is."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from botocore.utils import ArgumentGenerator
from hypothesis import HealthCheck, assume, given, settings

from profile_widgets.formats.placeholders import is_skeleton, without_placeholders
from profile_widgets.formats.reading import read
from profile_widgets.formats.skeletons import empty, skeleton
from profile_widgets.model.documents import put
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member, service_model
from tests.documents import requests

UPDATES = input_member(UPDATE)
NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


def theirs(operation: str = UPDATE, seed: int = 1) -> Any:
    """Return what the AWS CLI prints, with a value of each enum drawn by chance."""
    random.seed(seed)
    generated = ArgumentGenerator().generate_skeleton(service_model().operation_model(operation).input_shape)
    return json.loads(json.dumps(generated))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_an_untouched_skeleton_of_the_cli_is_no_request(operation: str, seed: int) -> None:
    reading = read(json.dumps(theirs(operation, seed)))
    assert reading.request == {}
    assert not reading.refused
    (problem,) = reading.problems
    assert problem.severity == "warning"
    assert f"and {len(reading.left_out) - 5} more" in problem.message
    assert len(reading.left_out) > 50


@pytest.mark.parametrize("kind", ["input", "yaml-input"])
def test_an_untouched_skeleton_of_ours_is_no_request(kind: str) -> None:
    assert read(skeleton(CREATE, kind)).request == {}


def test_what_was_filled_in_stays_and_the_rest_is_left_out() -> None:
    document = put(put(theirs() | NAMES, "UserSettings.ExecutionRole", ROLE), "UserSettings.SecurityGroups", ["sg-1"])
    reading = read(json.dumps(document))
    assert reading.request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}}
    doubtful = ("RStudioServerProAppSettings", "StudioWebPortal", "AutoMountHomeEFS")
    named = [f"UserSettings.{name}" for name in doubtful if name in UPDATES.members["UserSettings"].members]
    assert [each.path for each in reading.problems if each.path] == named


def test_an_enum_beside_untouched_members_is_named_with_what_to_do() -> None:
    settings_ = {"ExecutionRole": ROLE, "StudioWebPortal": "ENABLED", "DefaultLandingUri": "", "SecurityGroups": [""]}
    document = {**NAMES, "UserSettings": {**settings_, "SharingSettings": {"S3OutputPath": "", "S3KmsKeyId": ""}}}
    cleaned = without_placeholders(UPDATES, document)
    assert cleaned.request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE}}
    assert cleaned.doubtful == ("UserSettings.StudioWebPortal",)
    assert "delete the untouched members beside it" in cleaned.problems[-1].message
    alone = {**NAMES, "UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert without_placeholders(UPDATES, alone).request == alone


def test_a_structure_of_enums_alone_is_what_stands_beside_it() -> None:
    workspace = {"S3ArtifactPath": "", "S3KmsKeyId": ""}
    canvas = {"DirectDeploySettings": {"Status": "ENABLED"}, "WorkspaceSettings": workspace}
    document = {**NAMES, "UserSettings": {"ExecutionRole": ROLE, "CanvasAppSettings": canvas}}
    assert without_placeholders(UPDATES, document).request == {**NAMES, "UserSettings": {"ExecutionRole": ROLE}}
    filled = {**canvas, "KendraSettings": {"Status": "DISABLED"}, "IdentityProviderOAuthSettings": []}
    cleaned = without_placeholders(UPDATES, {**NAMES, "UserSettings": {"CanvasAppSettings": filled}})
    assert cleaned.request["UserSettings"] == {"CanvasAppSettings": {"IdentityProviderOAuthSettings": []}}
    assert len(cleaned.doubtful) == 2


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
    sample = {"DomainId": "string", "UserProfileName": "string", "UserSettings": {"ExecutionRole": "string"}}
    assert read(json.dumps(sample)).request == {}


class TestBoundaries:
    """An empty text in a document that is no skeleton stays: it is explicitly empty."""

    @pytest.mark.parametrize(
        ("empty_ones", "full_ones", "counts"),
        [(2, 0, False), (2, 2, False), (3, 3, True), (3, 4, False), (4, 4, True), (4, 5, False)],
    )
    def test_three_and_half_of_all_make_a_skeleton(self, empty_ones: int, full_ones: int, counts: bool) -> None:
        spec = "TensorBoardAppSettings.DefaultResourceSpec"
        empties = [f"SharingSettings.{name}" for name in ("S3OutputPath", "S3KmsKeyId")]
        empties += [f"{spec}.{name}" for name in ("SageMakerImageArn", "SageMakerImageVersionArn")]
        fulls = ["ExecutionRole", "StudioWebPortal", "DefaultLandingUri", "AutoMountHomeEFS", f"{spec}.InstanceType"]
        document: dict[str, Any] = {}
        for path in empties[:empty_ones]:
            document = put(document, path, "")
        for path in fulls[:full_ones]:
            document = put(document, path, "x")
        request = {"UserSettings": document}
        assert is_skeleton(UPDATES, request) == counts
        assert (without_placeholders(UPDATES, request).request == request) == (not counts)

    def test_so_does_one_structure_that_is_exactly_the_skeletons(self) -> None:
        full = {**NAMES, "UserSettings": {"ExecutionRole": ROLE, "DefaultLandingUri": "studio::"}}
        image = UPDATES.members["UserSettings"].members["KernelGatewayAppSettings"].members["CustomImages"].item
        request = put(full, "UserSettings.KernelGatewayAppSettings", {"CustomImages": [empty(image)]})
        assert without_placeholders(UPDATES, request).request == full
        part = put(full, "UserSettings.KernelGatewayAppSettings", {"CustomImages": [{"ImageName": ""}]})
        assert without_placeholders(UPDATES, part).request == part

    def test_one_empty_member_is_no_skeleton_though_its_structure_has_no_other(self) -> None:
        request = {**NAMES, "UserSettings": {"JupyterServerAppSettings": {"CodeRepositories": [{"RepositoryUrl": ""}]}}}
        assert without_placeholders(UPDATES, request).request == request

    def test_a_tag_without_a_value_is_none(self) -> None:
        request = {**NAMES, "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(9)]}
        assert without_placeholders(input_member(CREATE), request).request == request

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(CREATE))
    def test_a_request_without_empty_values_is_never_touched(self, request: dict[str, Any]) -> None:
        text = json.dumps(request)
        assume('""' not in text)
        assume(": 0" not in text)
        assert without_placeholders(input_member(CREATE), request).request is request
