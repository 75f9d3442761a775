"""Which region a misspelt name was meant to be."""

from __future__ import annotations

import pytest

from profile_widgets.aws import regions


def test_the_installed_botocore_names_regions_of_every_partition() -> None:
    known = regions.known_regions()
    assert {"eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"} <= set(known)
    assert list(known) == sorted(known)


@pytest.mark.parametrize("slip", ["eu-wst-1", "eu-west1", "us-esat-1", "EU-WEST-1", "ap-souteast-2", "us-gov-wset-1"])
def test_a_slip_of_the_pen_is_seen(slip: str) -> None:
    assert regions.is_misspelt(slip)


@pytest.mark.parametrize("name", [*regions.known_regions(), "eu-west-9", "us-north-1", "sa-west-1", "xxyy-zz-plain-1"])
def test_a_known_region_and_one_that_may_be_new_are_left_alone(name: str) -> None:
    assert not regions.is_misspelt(name)


def test_the_nearest_name_comes_first() -> None:
    assert regions.nearest("eu-wst-1", regions.known_regions())[0] == "eu-west-1"
    assert regions.nearest("prdo", ["dev", "prod", "default"])[0] == "prod"


def test_advice_names_the_meant_region_only_when_one_is_near() -> None:
    assert regions.advice("eu-wst-1").startswith("Did you mean eu-west-1? Regions with SageMaker: eu-west-1, ")
    assert regions.advice("moon-1").startswith("Regions with SageMaker: ")


def test_a_long_list_is_cut_and_counted() -> None:
    assert regions.one_of(["a", "b", "c"], 2) == "a, b and 1 more"
    assert regions.one_of(["a", "b"], 2) == "a, b"
