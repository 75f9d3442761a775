"""Settings in a line, in the order of the form."""

from __future__ import annotations

from profile_widgets.widgets.briefly import in_order, said, short


def test_parts_stand_in_the_order_of_the_form_and_strangers_last() -> None:
    names = ["Unheard", "JupyterLabAppSettings", "StudioWebPortal", "SecurityGroups"]
    assert in_order(names) == ["SecurityGroups", "StudioWebPortal", "JupyterLabAppSettings", "Unheard"]


def test_a_structure_is_told_by_its_values_and_a_status_by_what_it_is_of() -> None:
    canvas = {"KendraSettings": {"Status": "ENABLED"}, "WorkspaceSettings": {"S3ArtifactPath": "s3://b"}}
    assert said(canvas) == "Kendra document search: ENABLED · Artifacts in S3: s3://b"
    volumes = {"DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 5}}
    assert said(volumes) == "Default size: 5 GB"
    assert said({"CustomImages": [{"ImageName": "a"}, {"ImageName": "b"}]}) == "Custom images: 2 items"
    assert said({"A": "1", "B": "2", "C": "3", "D": "4", "E": {}}).endswith("and 1 more")


def test_other_values_are_short_and_never_empty() -> None:
    assert said([]) == "an empty list"
    assert said(["sg-1", "arn:aws:iam::1:role/x/Me"]) == "sg-1, Me"
    assert short("arn:aws:iam::1:role/") == "arn:aws:iam::1:role/"
    assert short(7) == "7"
