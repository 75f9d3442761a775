"""The Price List service: GetProducts for SageMaker's instances, in AWS's form and with made-up figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.lists import start_of, token_after
from profile_widgets.sandbox.pages import FORMS, json_object
from profile_widgets.sandbox.protocols import Asked
from profile_widgets.sandbox.refusals import Refusal
from profile_widgets.sandbox.seed import prices
from profile_widgets.sandbox.service_model import installed_model

SERVICE_CODE: Final = "AmazonSageMaker"

_FORM: Final = FORMS["pricing:GetProducts"]
_TERM, _RATE = "JRTCKXETXF", "6YS6EN2CT7"
"""AWS's codes of paying on demand, by the hour."""

Attributes = Mapping[str, str]
_MATCHES: Final[dict[str, Callable[[str, str], bool]]] = {
    "TERM_MATCH": lambda has, wanted: has == wanted,
    "EQUALS": lambda has, wanted: has == wanted,
    "CONTAINS": lambda has, wanted: wanted in has,
    "ANY_OF": lambda has, wanted: has in wanted.split(","),
    "NONE_OF": lambda has, wanted: has not in wanted.split(","),
}


def answer(asked: Asked, question: Question, region: str | None) -> Reply:
    """Answer for the price lists of a region and of one other; None: there are none."""
    if asked.operation != "GetProducts":
        raise Refusal("NotImplemented", f"The sandbox does not have {asked.action}.", 501)
    request = json_object(question.body)
    code = request.get("ServiceCode")
    if not code:
        raise Refusal("InvalidParameterException", "Input Parameters are invalid: ServiceCode is required.")
    if code != SERVICE_CODE:
        raise Refusal("NotFoundException", f"The service code {code} was not found.")
    size, start = _FORM.size_of(question) or 0, start_of(_FORM, question)
    found = [document for attributes, document in products(region) if _fits(attributes, request.get("Filters") or ())]
    page: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": found[start : start + size]}
    if start + size < len(found):
        page["NextToken"] = token_after(_FORM, question, start + size)
    return Reply.of_json(200, page)


def _fits(attributes: Attributes, filters: Any) -> bool:
    for wanted in filters:
        match = _MATCHES.get(str(wanted.get("Type")))
        if match is None or not wanted.get("Field"):
            raise Refusal("InvalidParameterException", f"Input Parameters are invalid: filter {json.dumps(wanted)}.")
        if not match(attributes.get(str(wanted["Field"]), ""), str(wanted.get("Value", ""))):
            return False
    return True


@lru_cache(maxsize=4)
def products(region: str | None) -> tuple[tuple[Attributes, str], ...]:
    """Return every product of a region and of one other, so that who forgets to name the region gets too much."""
    if region is None:
        return ()
    other = "us-west-2" if region != "us-west-2" else "us-east-1"
    return tuple(product for place in (region, other) for product in _products_of(place))


def _products_of(region: str) -> Iterator[tuple[Attributes, str]]:
    for name in installed_model().shape("AppInstanceType")["enum"]:
        if name in prices.NOT_OFFERED or name.count(".") != 2:
            continue
        for component in prices.COMPONENTS:
            yield _product(region, name, *component)
        if name in prices.FREE:
            yield _product(region, name, "Notebook-Free", "Notebk-Free:", 0.0)


def _product(region: str, name: str, component: str, usage: str, factor: float) -> tuple[Attributes, str]:
    location, mark, dearer = prices.REGIONS.get(region, (region, region.replace("-", "").upper(), 1.2))
    _, family, size = name.split(".", 2)
    rate, gib, kind = next(
        (facts for beginning, facts in prices.FAMILIES.items() if family.startswith(beginning)), prices.OTHER_FAMILY
    )
    vcpus = _vcpus(size)
    usagetype = f"{mark}-{usage}{name}"
    attributes = {
        "servicecode": SERVICE_CODE,
        "servicename": "Amazon SageMaker",
        "location": location,
        "locationType": "AWS Region",
        "regionCode": region,
        "instanceName": name,
        "instanceType": f"{name}-{component}" if component in ("Notebook", "Training") else name,
        "platoinstancename": family,
        "platoinstancetype": component,
        "component": component,
        "computeType": kind,
        "currentGeneration": "Yes",
        "vCpu": str(vcpus),
        "memory": f"{vcpus * gib:g} GiB",
        "usagetype": usagetype,
        "operation": "RunInstance",
    }
    sku = hashlib.sha256(usagetype.encode()).hexdigest()[:16].upper()
    return (
        {**attributes, "productFamily": "ML Instance"},
        _document(sku, attributes, f"{rate * vcpus * dearer * factor:.10f}"),
    )


def _vcpus(size: str) -> int:
    times = size.removesuffix("xlarge")
    return 4 * int(times) if times.isdecimal() else prices.VCPUS.get(size, 2)


def _document(sku: str, attributes: Attributes, usd: str) -> str:
    """Write a product and its price as one item of a price list, which AWS gives as text."""
    offer = f"{sku}.{_TERM}"
    described = f"${float(usd):.4g} per Hour for {attributes['component']} {attributes['instanceName']}"
    rate = {
        "unit": "Hrs",
        "endRange": "Inf",
        "description": f"{described} in {attributes['location']}",
        "appliesTo": [],
        "rateCode": f"{offer}.{_RATE}",
        "beginRange": "0",
        "pricePerUnit": {"USD": usd},
    }
    term = {
        "priceDimensions": {f"{offer}.{_RATE}": rate},
        "sku": sku,
        "effectiveDate": prices.PUBLISHED,
        "offerTermCode": _TERM,
        "termAttributes": {},
    }
    return json.dumps(
        {
            "product": {"productFamily": "ML Instance", "attributes": dict(attributes), "sku": sku},
            "serviceCode": SERVICE_CODE,
            "terms": {"OnDemand": {offer: term}},
            "version": "20260102000000",
            "publicationDate": prices.PUBLISHED,
        }
    )
