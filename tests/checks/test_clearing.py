"""How AWS takes a value back: three ways, and the price where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.checks.clearing import CLEARED_BY_NONE, FOLLOWS_DOMAIN, clearing, cure, way_round
from profile_widgets.model.shapes import shape, walk

SPEC = "JupyterLabAppSettings.DefaultResourceSpec"
SENT = pytest.mark.skipif(
    "None" not in (shape("ResourceSpec").members["SageMakerImageVersionArn"].pattern or ""),
    reason="the installed botocore does not know the word None",
)
NEWER = pytest.mark.skipif("AutoMountHomeEFS" not in shape("UserSettings").members, reason="newer than this botocore")


@pytest.mark.parametrize(
    ("path", "value", "sent"),
    [
        ("SecurityGroups", ["sg-1"], []),
        ("JupyterLabAppSettings.CustomImages", ({"ImageName": "a"},), []),
        pytest.param(f"{SPEC}.SageMakerImageVersionArn", "arn", "None", marks=SENT),
        pytest.param(f"UserSettings.{SPEC}.SageMakerImageVersionArn", "arn", "None", marks=SENT),
        pytest.param("AutoMountHomeEFS", "Enabled", "DefaultAsDomain", marks=NEWER),
    ],
)
def test_where_aws_has_a_way_it_is_the_one_that_it_documents(path: str, value: Any, sent: Any) -> None:
    way = clearing(path, value)
    assert way is not None
    assert way.value == sent
    assert way.words in way_round(path, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ExecutionRole", "arn"),
        ("DefaultLandingUri", "studio::"),
        (f"{SPEC}.LifecycleConfigArn", "arn"),  # its pattern allows “None”, what that does is not documented
        (SPEC, {"InstanceType": "ml.t3.medium"}),
        ("CanvasAppSettings", {}),
    ],
)
def test_everywhere_else_the_price_is_named(path: str, value: Any) -> None:
    assert clearing(path, value) is None
    assert "loses its home folder" in cure(path, value)


def test_every_member_of_the_table_exists_or_is_newer() -> None:
    names = {member.name for _, member in walk(shape("UserSettings"))}
    assert names | {"AutoMountHomeEFS"} >= CLEARED_BY_NONE | set(FOLLOWS_DOMAIN)
