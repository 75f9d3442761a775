"""The price list: AWS's form, made-up figures, and the filters that people use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.seed import prices
from profile_widgets.sandbox.service_model import installed_model

ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]
HERE = ("regionCode", "eu-west-1")
LAB = ("platoinstancetype", "Studio-JupyterLab")


@pytest.fixture(scope="module")
def account() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def pricing(account: Sandbox, client_of: ClientMaker) -> Any:
    return client_of(account, "pricing", region_name="us-east-1")


def products(pricing: Any, *filters: tuple[str, str], kind: str = "TERM_MATCH") -> list[dict[str, Any]]:
    wanted = [{"Type": kind, "Field": field, "Value": value} for field, value in filters]
    pages = pricing.get_paginator("get_products").paginate(ServiceCode="AmazonSageMaker", Filters=wanted)
    return [json.loads(text) for page in pages for text in page["PriceList"]]


def dollars(product: dict[str, Any]) -> float:
    (term,) = product["terms"]["OnDemand"].values()
    (rate,) = term["priceDimensions"].values()
    assert rate["unit"] == "Hrs"
    return float(rate["pricePerUnit"]["USD"])


def test_a_product_is_described_and_priced_as_in_the_lists_of_aws(pricing: Any) -> None:
    (found,) = products(pricing, HERE, LAB, ("instanceName", "ml.g5.xlarge"))
    assert found["serviceCode"] == "AmazonSageMaker"
    assert found["product"]["productFamily"] == "ML Instance"
    attributes = found["product"]["attributes"]
    assert {
        "servicecode": "AmazonSageMaker",
        "location": "EU (Ireland)",
        "regionCode": "eu-west-1",
        "instanceName": "ml.g5.xlarge",
        "usagetype": "EU-Studio:JupyterLab-ml.g5.xlarge",
        "operation": "RunInstance",
        "vCpu": "4",
    }.items() <= attributes.items()
    sku = found["product"]["sku"]
    assert list(found["terms"]["OnDemand"]) == [f"{sku}.JRTCKXETXF"]
    assert list(found["terms"]["OnDemand"][f"{sku}.JRTCKXETXF"]["priceDimensions"]) == [f"{sku}.JRTCKXETXF.6YS6EN2CT7"]
    assert dollars(found) > 0


def test_larger_sizes_cost_more_and_regions_differ(pricing: Any) -> None:
    def price(name: str, region: str) -> float:
        (found,) = products(pricing, ("regionCode", region), LAB, ("instanceName", name))
        return dollars(found)

    assert price("ml.m5.large", "eu-west-1") < price("ml.m5.xlarge", "eu-west-1") < price("ml.m5.24xlarge", "eu-west-1")
    assert price("ml.m5.large", "us-west-2") < price("ml.m5.large", "eu-west-1")


def test_nearly_every_instance_type_of_the_installed_model_has_a_price_for_every_app(pricing: Any) -> None:
    found = products(pricing, HERE, LAB)
    names = [product["product"]["attributes"]["instanceName"] for product in found]
    expected = set(installed_model().shape("AppInstanceType")["enum"]) - set(prices.NOT_OFFERED)
    assert (set(names), len(names)) == (expected, len(expected))
    assert len({product["product"]["sku"] for product in found}) == len(found)


def test_the_list_holds_another_region_and_other_uses_for_those_who_do_not_filter(pricing: Any) -> None:
    found = [product["product"]["attributes"] for product in products(pricing, ("instanceName", "ml.t3.medium"))]
    assert {row["regionCode"] for row in found} == {"eu-west-1", "us-west-2"}
    assert {row["platoinstancetype"] for row in found} >= {
        "Studio-JupyterLab",
        "studio-codeeditor",
        "Notebook",
        "Training",
    }
    free = products(pricing, HERE, ("instanceName", "ml.t3.medium"), ("platoinstancetype", "Notebook-Free"))
    assert [dollars(product) for product in free] == [0.0]


def test_filters_name_the_family_the_location_and_parts_of_values(pricing: Any) -> None:
    named = products(pricing, ("productFamily", "ML Instance"), ("location", "EU (Ireland)"), LAB)
    assert len(named) == len(products(pricing, HERE, LAB))
    assert products(pricing, ("instanceName", "ml.nothing")) == []
    assert products(pricing, ("noSuchField", "x")) == []
    some = products(pricing, ("instanceName", "ml.g5."), kind="CONTAINS")
    assert {product["product"]["attributes"]["platoinstancename"] for product in some} == {"g5"}
    two = products(pricing, ("instanceName", "ml.m5.large,ml.m5.xlarge"), kind="ANY_OF")
    assert len({product["product"]["attributes"]["instanceName"] for product in two}) == 2
    rest = products(pricing, ("instanceName", "ml.m5.large,ml.m5.xlarge"), kind="NONE_OF")
    assert "ml.m5.large" not in {product["product"]["attributes"]["instanceName"] for product in rest}


def test_questions_that_make_no_sense_are_refused(pricing: Any, refused: Refused) -> None:
    assert refused(pricing.get_products)["Code"] == "InvalidParameterException"
    assert refused(pricing.get_products, ServiceCode="AmazonNothing")["Code"] == "NotFoundException"
    odd = [{"Type": "LIKE", "Field": "instanceName", "Value": "x"}]
    assert refused(pricing.get_products, ServiceCode="AmazonSageMaker", Filters=odd)["Code"] == (
        "InvalidParameterException"
    )
    assert refused(pricing.describe_services)["Status"] == 501


def test_an_empty_account_has_no_price_list(client_of: ClientMaker) -> None:
    with Sandbox(seed=False) as empty:
        assert client_of(empty, "pricing").get_products(ServiceCode="AmazonSageMaker")["PriceList"] == []


def test_a_region_without_a_name_of_its_own_has_prices_too(client_of: ClientMaker) -> None:
    with Sandbox(region="mx-central-1") as far:
        found = products(
            client_of(far, "pricing"), ("regionCode", "mx-central-1"), LAB, ("instanceName", "ml.m5.large")
        )
        assert found[0]["product"]["attributes"]["usagetype"] == "MXCENTRAL1-Studio:JupyterLab-ml.m5.large"
