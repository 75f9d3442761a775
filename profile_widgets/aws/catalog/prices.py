"""What instance types cost in Studio, an hour on demand, from AWS's price list.

The price list is a service of its own, with endpoints in a few regions that tell the prices of all of them. Source:
AWS Billing user guide, "Price List Query API"; the products of Studio are those whose usage type reads
``EU-Studio:JupyterLab-ml.t3.medium``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.aws import endpoints
from profile_widgets.errors import GatewayError

if TYPE_CHECKING:
    from profile_widgets.aws.gateway import Gateway

SERVICE = "AmazonSageMaker"
PAGE = 100
"""How many products are asked for at once: the most that AWS gives."""

MOST_PAGES = 50
"""How many pages are read before the list is left unfinished."""

STUDIO = "Studio:"
"""What stands in the usage type of everything that Studio runs."""

APPS = ("JupyterLab", "CodeEditor", "KernelGateway")
"""Whose price is taken where an instance type has several: the first of these, else the lowest."""

NO_SUCH_FILTER = "InvalidParameterException"
"""AWS's code for a request whose filter it does not understand: it has known ``TERM_MATCH`` only until 2025."""

_USAGE = re.compile(r"\bStudio:(?P<app>[A-Za-z]{1,40})-(?P<type>ml\.[a-z0-9.-]{1,60})")
_HOURS = frozenset({"hrs", "hours", "hour"})
_HOMES = (("cn-", "cn-northwest-1"), ("ap-", "ap-south-1"), ("eu-", "eu-central-1"), ("me-", "eu-central-1"),
          ("af-", "eu-central-1"), ("il-", "eu-central-1"))  # fmt: skip
_WITHOUT = re.compile(r"us-gov-|us-iso|eu-iso|eusc-")
"""Regions of partitions without a price list that credentials from there could read."""


def home(region: str) -> str:
    """Return the region whose price list tells the prices of ``region``, ``""`` when there is none.

    Example::

        >>> home("eu-west-1"), home("us-gov-west-1")
        ('eu-central-1', '')
    """
    if _WITHOUT.match(region):
        return ""
    return next((place for prefix, place in _HOMES if region.startswith(prefix)), "us-east-1")


def currency(region: str) -> str:
    """Return the currency that AWS names prices in.

    Example::

        >>> currency("eu-west-1"), currency("cn-north-1")
        ('USD', 'CNY')
    """
    return "CNY" if region.startswith("cn-") else "USD"


async def prices(gateway: Gateway, region: str) -> dict[str, float]:
    """Return what an hour of each instance type costs in Studio in a region, on demand, in :func:`currency`.

    AWS's own price list is asked where it is; an endpoint of one's own (the sandbox) is asked there. A list that goes
    round in circles, or on for ever, ends with what came. Raises :class:`~profile_widgets.errors.GatewayError`, also
    for a region without a price list.

    Example::

        (await prices(gateway, "eu-west-1"))["ml.t3.medium"]
    """
    place = home(region)
    if not place:
        raise GatewayError(f"AWS has no price list that credentials of {region} could read.", code="NoPriceList")
    if not await _is_aws(gateway):
        return await _read(gateway, region)
    from profile_widgets.aws.gateway import Gateway

    asked = Gateway(gateway.connection.replace(region=place))
    try:
        return await _read(asked, region)
    finally:
        asked.close()


async def _is_aws(gateway: Gateway) -> bool:
    """Tell whether requests go to AWS itself; finding that out may read files, so not in this thread."""
    import asyncio

    address = await asyncio.to_thread(lambda: gateway.where)
    return endpoints.is_aws_host(address)


async def _read(gateway: Gateway, region: str) -> dict[str, float]:
    """Read the products of Studio; all of SageMaker's where the price list cannot look into a text."""
    here = {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}
    try:
        return await _read_fitting(gateway, region, [here, {"Type": "CONTAINS", "Field": "usagetype", "Value": STUDIO}])
    except GatewayError as error:
        if error.code != NO_SUCH_FILTER:
            raise
        return await _read_fitting(gateway, region, [here])


async def _read_fitting(gateway: Gateway, region: str, filters: list[dict[str, str]]) -> dict[str, float]:
    request = {"ServiceCode": SERVICE, "FormatVersion": "aws_v1", "MaxResults": PAGE, "Filters": filters}
    found: dict[str, dict[str, float]] = {}
    token, seen = "", {""}
    for _ in range(MOST_PAGES):
        answer = await gateway.ask(
            "GetProducts", {**request, **({"NextToken": token} if token else {})}, service="pricing"
        )
        for kind, app, price in _rows(answer.get("PriceList") or (), currency(region)):
            known = found.setdefault(kind, {})
            known[app] = min(price, known.get(app, price))
        token = str(answer.get("NextToken") or "")
        if token in seen or not gateway.connection.paginate:
            break
        seen.add(token)
    return {kind: _best(offers) for kind, offers in found.items()}


def _best(offers: Mapping[str, float]) -> float:
    return next((offers[app] for app in APPS if app in offers), min(offers.values()))


def _rows(products: Iterable[Any], money: str) -> Iterator[tuple[str, str, float]]:
    """Yield instance type, app and price an hour of every product that Studio runs on; what is odd is left out."""
    for product in products:
        try:
            told = json.loads(product) if isinstance(product, str) else product
            usage = _USAGE.search(told["product"]["attributes"]["usagetype"])
            price = _hourly(told["terms"]["OnDemand"], money)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if usage and price is not None:
            yield usage["type"], usage["app"], price


def _hourly(terms: Mapping[str, Any], money: str) -> float | None:
    """Return the price of the first hour, ``None`` when nothing is charged by the hour in this currency."""
    for term in terms.values():
        for dimension in term["priceDimensions"].values():
            if str(dimension.get("unit", "")).lower() in _HOURS and str(dimension.get("beginRange", "0")) == "0":
                price = float(dimension["pricePerUnit"][money])
                return price if 0 < price < float("inf") else None
    return None
