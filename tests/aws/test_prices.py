"""Prices from AWS's price list, as the sandbox has one, and as a list that goes wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from profile_widgets.aws.catalog.prices import MOST_PAGES, currency, home, prices
from profile_widgets.aws.gateway import Gateway
from profile_widgets.errors import AccessDenied, GatewayError
from profile_widgets.sandbox import Sandbox
from tests.aws.conftest import Wire, Wires, reply

REGION = "eu-west-1"


def product(usage: str, price: str | None, *, unit: str = "Hrs", money: str = "USD", begin: str = "0") -> str:
    rate = {"unit": unit, "beginRange": begin, "pricePerUnit": {} if price is None else {money: price}}
    terms = {"OnDemand": {"a.b": {"priceDimensions": {"a.b.c": rate}}}}
    return json.dumps({"product": {"attributes": {"usagetype": usage}}, "terms": terms})


def page(*products: Any, token: str = "") -> bytes:
    return reply({"FormatVersion": "aws_v1", "PriceList": products, **({"NextToken": token} if token else {})})


async def read(server: Wire, region: str = REGION, **settings: Any) -> dict[str, float]:
    gateway = Gateway(server.connection(**settings))
    try:
        return await prices(gateway, region)
    finally:
        gateway.close()


async def test_every_price_of_the_region_is_read_and_nothing_is_asked_that_is_not_for_studio(
    sandbox: Sandbox,
) -> None:
    gateway = Gateway(sandbox.connection)
    found = await prices(gateway, REGION)
    gateway.close()
    assert found["ml.t3.medium"] == pytest.approx(0.056)
    assert found["ml.g5.xlarge"] > found["ml.t3.medium"]
    assert "system" not in found
    asked = [call.parameters["Filters"] for call in sandbox.calls if call.operation == "GetProducts"]
    assert len(asked) > 1
    assert all({"Type": "TERM_MATCH", "Field": "regionCode", "Value": REGION} in filters for filters in asked)
    assert all({"Type": "CONTAINS", "Field": "usagetype", "Value": "Studio:"} in filters for filters in asked)


async def test_who_may_not_read_prices_is_told_which_permission_is_missing(sandbox: Sandbox) -> None:
    sandbox.deny("pricing:GetProducts")
    gateway = Gateway(sandbox.connection)
    with pytest.raises(AccessDenied, match="pricing:GetProducts"):
        await prices(gateway, REGION)
    gateway.close()


async def test_of_several_prices_jupyterlabs_is_taken_and_rstudios_never(wire: Wires) -> None:
    products = [
        product("EU-Studio:KernelGateway-ml.m5.large", "0.3"),
        product("EU-Studio:JupyterLab-ml.m5.large", "0.2"),
        product("EU-Studio:TensorBoard-ml.r5.large", "0.5"),
        product("EU-Studio:Other-ml.r5.large", "0.4"),
        product("EU-RStudio:RSession-ml.c5.large", "0.1"),
        product("EU-Host:ml.c5.large", "0.1"),
    ]
    assert await read(wire(page(*products))) == {"ml.m5.large": 0.2, "ml.r5.large": 0.4}


@pytest.mark.parametrize(
    "odd",
    [
        product("EU-Studio:JupyterLab-ml.m5.large", "0.0"),
        product("EU-Studio:JupyterLab-ml.m5.large", "Infinity"),
        product("EU-Studio:JupyterLab-ml.m5.large", "free"),
        product("EU-Studio:JupyterLab-ml.m5.large", None),
        product("EU-Studio:JupyterLab-ml.m5.large", "0.2", unit="GB-Mo"),
        product("EU-Studio:JupyterLab-ml.m5.large", "0.2", begin="100"),
        product("EU-Studio:JupyterLab-ml.m5.large", "0.2", money="CNY"),
        "{",
        "[]",
        "null",
        '{"product": {"attributes": {"usagetype": null}}, "terms": {"OnDemand": {}}}',
        '{"product": {"attributes": {"usagetype": "EU-Studio:JupyterLab-ml.m5.large"}}, "terms": {"OnDemand": []}}',
    ],
)
async def test_a_product_that_is_odd_is_left_out_and_the_others_stay(wire: Wires, odd: str) -> None:
    fine = product("EU-Studio:JupyterLab-ml.t3.medium", "0.05")
    assert await read(wire(page(odd, fine))) == {"ml.t3.medium": 0.05}


async def test_a_price_list_that_cannot_look_into_a_text_is_read_as_a_whole(wire: Wires) -> None:
    refusal = {"__type": "InvalidParameterException", "message": "CONTAINS is not a filter."}
    fine = product("EU-Studio:JupyterLab-ml.t3.medium", "0.05")
    server = wire(reply(refusal, status="400 Bad Request"), page(product("EU-Host:ml.c5.large", "0.1"), fine))
    assert await read(server) == {"ml.t3.medium": 0.05}
    assert [b"CONTAINS" in request for request in server.requests] == [True, False]


async def test_another_refusal_is_not_asked_about_again(wire: Wires) -> None:
    refusal = {"__type": "NotFoundException", "message": "There is no such service."}
    server = wire(reply(refusal, status="400 Bad Request"))
    with pytest.raises(GatewayError, match="no such service"):
        await read(server)
    assert len(server.requests) == 1


async def test_pages_that_go_round_in_circles_end(wire: Wires) -> None:
    server = wire(
        page(product("EU-Studio:JupyterLab-ml.t3.medium", "0.05"), token="A"),
        page(product("EU-Studio:JupyterLab-ml.t3.large", "0.10"), token="B"),
        page(token="A"),
    )
    assert await read(server) == {"ml.t3.medium": 0.05, "ml.t3.large": 0.1}
    assert len(server.requests) == 3


async def test_a_list_without_an_end_is_left(wire: Wires) -> None:
    server = wire(*(page(token=str(number)) for number in range(MOST_PAGES + 5)))
    assert await read(server) == {}
    assert len(server.requests) == MOST_PAGES


async def test_a_connection_that_does_not_paginate_reads_the_first_page(wire: Wires) -> None:
    server = wire(page(product("EU-Studio:JupyterLab-ml.t3.medium", "0.05"), token="A"))
    assert await read(server, paginate=False) == {"ml.t3.medium": 0.05}
    assert len(server.requests) == 1


async def test_chinas_prices_are_in_yuan(wire: Wires) -> None:
    server = wire(page(product("CNN1-Studio:JupyterLab-ml.t3.medium", "0.4", money="CNY")))
    assert await read(server, "cn-north-1") == {"ml.t3.medium": 0.4}
    assert currency("cn-north-1") == "CNY"


@pytest.mark.parametrize(
    ("region", "place"),
    [
        ("us-west-2", "us-east-1"),
        ("ca-central-1", "us-east-1"),
        ("sa-east-1", "us-east-1"),
        ("eu-north-1", "eu-central-1"),
        ("me-central-1", "eu-central-1"),
        ("af-south-1", "eu-central-1"),
        ("ap-northeast-3", "ap-south-1"),
        ("cn-north-1", "cn-northwest-1"),
    ],
)
def test_a_regions_prices_are_told_in_a_region_that_has_the_service(region: str, place: str) -> None:
    import botocore.session

    session = botocore.session.Session()
    partition = "aws-cn" if region.startswith("cn-") else "aws"
    assert home(region) == place
    assert place in session.get_available_regions("pricing", partition)


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-iso-east-1", "eu-isoe-west-1", "eusc-de-east-1"])
async def test_a_partition_without_a_price_list_is_named_and_nobody_is_asked(wire: Wires, region: str) -> None:
    server = wire(page())
    with pytest.raises(GatewayError, match=region):
        await read(server, region)
    assert server.requests == []


async def test_aws_itself_is_asked_where_its_price_list_is(wire: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """SageMaker is AWS's own here and only the price list is not: its requests are signed for the region they go to."""
    server = wire(page(product("EU-Studio:JupyterLab-ml.t3.medium", "0.05")))
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", server.url)
    assert await read(server, endpoint_url=None) == {"ml.t3.medium": 0.05}
    (request,) = server.requests
    assert b"/eu-central-1/pricing/aws4_request" in request
    assert b'"Value": "eu-west-1"' in request


async def test_an_endpoint_of_ones_own_is_asked_in_its_own_region(wire: Wires) -> None:
    server = wire(page())
    await read(server)
    assert b"/eu-west-1/pricing/aws4_request" in server.requests[0]
