"""The catalog in trouble: refused, throttled, broken and endless lists, strange names. None of it is raised."""

from __future__ import annotations

import re
from typing import Any

import pytest

from profile_widgets.aws.catalog import CATALOG, Catalog, Offers, words
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.listing import FIRST_PAGE, IN_CIRCLES, MOST_PAGES
from profile_widgets.sandbox import Sandbox
from tests.aws.pages import image_page, operations

ABOUT = {"domain": "d-9xk2m4tq7abc", "profile": "analyst-1", "image": "research-pytorch"}

PERMISSIONS = {
    "role": "iam:ListRoles",
    "emr-role": "iam:ListRoles",
    "security-group": "ec2:DescribeSecurityGroups",
    "image": "sagemaker:ListImages",
    "image-name": "sagemaker:ListImages",
    "image-version": "sagemaker:ListImageVersions",
    "image-version-number": "sagemaker:ListImageVersions",
    "image-alias": "sagemaker:ListAliases",
    "app-image-config": "sagemaker:ListAppImageConfigs",
    "lifecycle-config": "sagemaker:ListStudioLifecycleConfigs",
    "kms-key": "kms:ListAliases",
    "s3": "s3:ListAllMyBuckets",
    "secret": "secretsmanager:ListSecrets",
    "efs": "elasticfilesystem:DescribeFileSystems",
    "fsx": "fsx:DescribeFileSystems",
    "training-plan": "sagemaker:ListTrainingPlans",
}
"""What each list needs; repositories come from three lists and have a test of their own."""

INDEPENDENT = ("image", "role", "lifecycle-config")
"""Lists of two services that must not suffer from what happens to another one."""

PAGED = {
    **{name: permission for name, permission in PERMISSIONS.items() if not name.startswith("image-")},
    "image-version": "sagemaker:ListImageVersions",
    "image-alias": "sagemaker:ListAliases",
}
"""The lists that come in pages, by what the sandbox's switches call them."""

NEWER = {"training-plan": ("sagemaker", "ListTrainingPlans"), "s3": ("s3", "ListBuckets", "ContinuationToken")}
"""The lists that an older botocore does not have, or not in pages."""


def values(offers: Offers) -> list[str]:
    return [offer.value for offer in offers.rows]


def names(offers: Offers) -> list[str]:
    return [offer.name for offer in offers.rows]


def test_every_kind_has_the_permission_that_its_test_takes_away() -> None:
    assert set(CATALOG) == {*PERMISSIONS, "repository"}


@pytest.mark.parametrize("name", sorted(PERMISSIONS))
async def test_a_refused_list_leaves_a_note_and_no_other_list_suffers(
    catalog: Catalog, sandbox: Sandbox, needs: Any, name: str
) -> None:
    if name == "training-plan":
        needs("sagemaker", "ListTrainingPlans")
    sandbox.deny(PERMISSIONS[name])
    found = await catalog.offers(name, about=ABOUT)
    assert found.refused
    assert (found.rows, found.total, found.more, found.reading) == ((), 0, False, False)
    assert f"may not use {PERMISSIONS[name]}." in found.note
    assert found.note.endswith(f"You can still type or paste {CATALOG[name].a_noun}.")
    assert await catalog.known(name, "x", ABOUT) is None
    others = [other for other in INDEPENDENT if PERMISSIONS[other] != PERMISSIONS[name]]
    for other in others:
        assert (await catalog.offers(other, about=ABOUT)).rows, other


async def test_a_refused_list_is_asked_for_again_later_but_not_at_every_opening(
    gateway: Gateway, sandbox: Sandbox
) -> None:
    sandbox.deny("iam:ListRoles")
    patient, hasty = Catalog(gateway, patience=1000, fresh=0), Catalog(gateway, patience=0)
    for _ in range(3):
        assert (await patient.offers("role")).refused
    assert operations(sandbox) == ["ListRoles"]
    assert (await hasty.offers("role")).refused
    sandbox.allow()
    assert (await patient.offers("role")).refused
    assert not (await hasty.offers("role")).refused
    assert not (await patient.offers("role", refresh=True)).refused


async def test_a_refresh_that_is_refused_keeps_the_rows_of_before(gateway: Gateway, sandbox: Sandbox) -> None:
    catalog = Catalog(gateway, fresh=0)
    before = await catalog.offers("role", "analyst")
    sandbox.deny("iam:*")
    after = await catalog.offers("role", "analyst", refresh=True)
    assert after.rows == before.rows
    assert not after.refused
    assert after.note.startswith("The roles could not be read again, so these are from before. ")
    assert "may not use iam:ListRoles" in after.note


async def test_versions_of_all_images_are_refused_when_those_of_each_are(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:ListImageVersions")
    found = await catalog.offers("image-version", whole=True)
    assert found.refused
    assert "may not use sagemaker:ListImageVersions." in found.note
    assert found.note.endswith("You can still type or paste an image version.")


async def test_versions_of_one_image_that_are_refused_leave_those_of_the_others(wire: Any) -> None:
    denied = wire.reply({"__type": "AccessDeniedException", "Message": "no"}, status="400 Bad Request")
    version = {"Version": 1, "ImageVersionArn": "arn:v/1", "ImageArn": "arn:v", "ImageVersionStatus": "CREATED"}
    answer = wire.reply({"ImageVersions": [version | {"CreationTime": 1, "LastModifiedTime": 1}]})
    gateway = Gateway(wire(image_page(wire, ["a", "b"]), denied, answer).connection())
    found = await Catalog(gateway).offers("image-version", whole=True)
    assert values(found) == ["arn:v/1"]
    assert not found.refused
    assert "may not use sagemaker:ListImageVersions" in found.note
    gateway.close()


async def test_throttling_that_passes_is_not_noticed(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.throttle(1, "ListImages")
    found = await catalog.offers("image")
    assert len(found.rows) == 5
    assert found.note == ""


async def test_throttling_that_stays_has_its_sentence(gateway: Gateway, sandbox: Sandbox) -> None:
    gateway.connection.attempts = 1
    sandbox.throttle(None, "iam:ListRoles")
    found = await Catalog(gateway).offers("role")
    assert found.refused
    assert found.note == (
        "AWS asked to slow down and did not answer ListRoles. Wait a minute and try again. "
        "You can still type or paste a role."
    )


async def test_an_empty_account_says_that_there_is_nothing() -> None:
    with Sandbox(seed=False) as empty:
        gateway = Gateway(empty.connection)
        catalog = Catalog(gateway)
        for name in ("role", "lifecycle-config", "secret", "efs", "image", "image-version", "repository"):
            found = await catalog.offers(name)
            assert (found.rows, found.more, found.refused) == ((), False, False)
            assert found.note.startswith(("There are no ", "No repository is used ")), found.note
        gateway.close()


async def test_pages_that_go_round_in_circles_end_with_a_note(wire: Any) -> None:
    server = wire(*(image_page(wire, [name], name.upper()) for name in "abababab" * 10))
    gateway = Gateway(server.connection())
    found = await Catalog(gateway).offers("image", whole=True)
    assert values(found) == [f"arn:aws:sagemaker:eu-west-1:123456789012:image/{name}" for name in "ab"]
    assert found.more
    assert "round in circles" in found.note
    assert len(server.requests) == 3
    gateway.close()


async def test_pages_that_never_end_are_left_with_a_note(wire: Any) -> None:
    server = wire(*(image_page(wire, [f"i-{number}"], f"t-{number}") for number in range(MOST_PAGES * 2)))
    gateway = Gateway(server.connection())
    found = await Catalog(gateway).offers("image", whole=True)
    assert (found.total, found.more) == (MOST_PAGES, True)
    assert found.note == "The list is longer than was read."
    assert len(server.requests) == MOST_PAGES
    gateway.close()


async def test_a_list_that_breaks_half_way_gives_what_came_and_is_read_again_later(wire: Any) -> None:
    denied = wire.reply({"__type": "AccessDeniedException", "Message": "no"}, status="400 Bad Request")
    server = wire(image_page(wire, ["a"], "2"), denied, image_page(wire, ["a"], "2"), image_page(wire, ["b"]))
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway, patience=0)
    half = await catalog.offers("image", whole=True)
    assert names(half) == ["a"]
    assert half.more
    assert not half.refused
    assert half.note.startswith("The list broke off half-way, so rows are missing here. ")
    whole = await catalog.offers("image", whole=True)
    assert (names(whole), whole.more, whole.note) == (["a", "b"], False, "")
    gateway.close()


async def test_without_pagination_the_first_page_is_all(catalog: Catalog, gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.populate(0, images=150)
    gateway.connection.paginate = False
    found = await catalog.offers("image", whole=True)
    assert (found.total, found.more) == (100, True)
    assert found.note == FIRST_PAGE


async def test_rows_that_are_not_rows_do_no_harm(wire: Any) -> None:
    rows = [{"ImageName": "a", "ImageArn": "arn:a"}, {"ImageName": "no-arn"}, {}, {"ImageArn": "arn:only"}]
    gateway = Gateway(wire(wire.reply({"Images": rows})).connection())
    assert set(values(await Catalog(gateway).offers("image"))) == {"arn:a", "arn:only"}
    gateway.close()


@pytest.mark.parametrize(
    "body", [b"<html>login</html>", b"", b'{"Images": "x"}', b'{"Images": {"a": 1}}', b'{"Images": [', b"[]"]
)
async def test_an_answer_that_is_none_has_a_sentence(wire: Any, body: bytes) -> None:
    gateway = Gateway(wire(wire.reply(body)).connection(attempts=1))
    found = await Catalog(gateway).offers("image")
    assert found.refused
    assert re.match(r"The answer (of 127.0.0.1 )?to ListImages ", found.note)
    gateway.close()


async def test_markup_emoji_and_other_scripts_are_carried_as_they_are(wire: Any) -> None:
    title = "<img src=x onerror=alert(1)> \N{ROCKET} \u05d0\u05d1 \u202egnp\u202c\x07\nend"
    rows = [{"ImageName": "odd", "ImageArn": "arn:\u202eodd", "DisplayName": title, "Description": "<b>\x1b[31m</b>"}]
    gateway = Gateway(wire(wire.reply({"Images": rows})).connection())
    (offer,) = (await Catalog(gateway).offers("image")).rows
    assert offer.name == "<img src=x onerror=alert(1)> \N{ROCKET} \u05d0\u05d1 gnp end"
    assert offer.detail == "odd · <b> [31m</b>"
    assert offer.value == "arn:\u202eodd"
    gateway.close()


async def test_a_closed_gateway_has_its_sentence(gateway: Gateway) -> None:
    gateway.close()
    found = await Catalog(gateway).offers("role")
    assert found.refused
    assert found.note.startswith("The call was not made, because its gateway is closed.")


def switch(permission: str) -> str:
    return permission.removeprefix("sagemaker:")


@pytest.mark.parametrize("name", sorted(set(PAGED) - {"image-alias"}))
async def test_every_list_that_goes_round_in_circles_is_left_with_a_note(
    catalog: Catalog, sandbox: Sandbox, needs: Any, name: str
) -> None:
    needs(*NEWER.get(name, ("iam", "ListRoles")))
    sandbox.loop_pages(switch(PAGED[name]))
    found = await catalog.offers(name, about=ABOUT, whole=True)
    assert found.rows
    assert found.more
    assert not found.refused
    assert IN_CIRCLES in found.note
    assert operations(sandbox).count(PAGED[name].partition(":")[2]) <= 3


@pytest.mark.parametrize("name", sorted(set(PAGED) - {"image-alias"}))
async def test_every_list_that_breaks_half_way_keeps_what_came(
    catalog: Catalog, sandbox: Sandbox, needs: Any, name: str
) -> None:
    needs(*NEWER.get(name, ("iam", "ListRoles")))
    sandbox.break_pages(switch(PAGED[name]), code="AccessDeniedException", message="Not this page.", status=400)
    found = await catalog.offers(name, about=ABOUT, whole=True)
    assert found.rows
    assert found.more
    assert not found.refused
    assert "The list broke off half-way, so rows are missing here. " in found.note


async def test_five_thousand_roles_are_read_although_one_page_is_throttled(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.populate(0, roles=2_000)
    assert (await catalog.offers("role")).reading
    sandbox.throttle(1, "iam:ListRoles")
    found = await catalog.offers("role", whole=True)
    assert (found.total, found.more) == (2_014, False)


async def test_the_strangest_names_that_aws_allows_are_one_line_each(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.populate(0, odd=True)
    for name in CATALOG:
        for offer in (await catalog.offers(name, about=ABOUT, whole=True)).rows:
            for text in (offer.name, offer.detail):
                assert text == words.shown(text)
                assert not set(text) & set("\n\r\x1b\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    seen = " ".join(offer.name + offer.detail for offer in (await catalog.offers("image")).rows)
    assert "<" in seen
    assert any(ord(letter) > 0x1F000 for letter in seen)
