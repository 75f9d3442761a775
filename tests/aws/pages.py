"""What the tests of the catalog share: pages of images, what was asked of the sandbox, and what was offered."""

from __future__ import annotations

from typing import Any

from profile_widgets.aws.catalog import Offers
from profile_widgets.sandbox import Sandbox


def operations(sandbox: Sandbox) -> list[str]:
    return [call.operation for call in sandbox.calls]


def image_page(wire: Any, names: list[str], token: str | None = None) -> bytes:
    prefix = "arn:aws:sagemaker:eu-west-1:123456789012:image/"
    rows = [{"ImageName": name, "ImageArn": prefix + name, "ImageStatus": "CREATED"} for name in names]
    answer: bytes = wire.reply({"Images": rows, **({"NextToken": token} if token else {})})
    return answer


def fitting(offers: Offers) -> set[str]:
    return {offer.name for offer in offers.rows if offer.fits}


def detail(offers: Offers, name: str) -> str:
    return next(offer.detail for offer in offers.rows if offer.name == name)
