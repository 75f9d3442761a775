"""The catalog over HTTP: read when asked, once for all, kept, refreshed, and never a traceback."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from profile_widgets.aws.catalog import CATALOG, Catalog, Offers, kind
from profile_widgets.aws.gateway import Gateway
from profile_widgets.sandbox import Sandbox
from tests.aws.pages import image_page, operations

ABOUT = {"domain": "d-9xk2m4tq7abc", "profile": "analyst-1", "image": "research-pytorch"}


async def arrivals(server: Any, count: int) -> None:
    for _ in range(count):
        assert await asyncio.to_thread(server.arrived.acquire, timeout=10)


def values(offers: Offers) -> list[str]:
    return [offer.value for offer in offers.rows]


def names(offers: Offers) -> list[str]:
    return [offer.name for offer in offers.rows]


def test_a_kind_is_registered_once() -> None:
    assert all(each.name == name for name, each in CATALOG.items())
    with pytest.raises(ValueError, match="There is a kind 'role' already"):
        kind("role", noun="role")(CATALOG["role"].read)


async def test_making_a_catalog_asks_nobody(catalog: Catalog, sandbox: Sandbox) -> None:
    assert await catalog.known("role", "arn:aws:iam::123456789012:role/SageMakerAnalystRole") is None
    assert sandbox.calls == ()


@pytest.mark.parametrize("name", sorted(CATALOG))
async def test_a_list_is_read_once_and_kept(catalog: Catalog, sandbox: Sandbox, needs: Any, name: str) -> None:
    if name == "training-plan":
        needs("sagemaker", "ListTrainingPlans")
    first = await catalog.offers(name, about=ABOUT, whole=True)
    assert first.rows, first
    assert first.total == len(first.rows)
    assert (first.more, first.refused, first.reading) == (False, False, False)
    assert all(offer.value and offer.name for offer in first.rows)
    calls = len(sandbox.calls)
    assert await catalog.offers(name, about=ABOUT) == first
    assert len(sandbox.calls) == calls


async def test_many_who_ask_at_once_share_one_reading(catalog: Catalog, sandbox: Sandbox) -> None:
    asked = [
        catalog.offers("role", "sagemaker"),
        catalog.offers("emr-role"),
        *(catalog.offers("role") for _ in "12345"),
    ]
    found = await asyncio.gather(*asked)
    assert operations(sandbox) == ["ListRoles"]
    assert len({each.rows for each in found[2:]}) == 1


async def test_refresh_reads_again_and_shows_what_is_new(gateway: Gateway, sandbox: Sandbox) -> None:
    catalog = Catalog(gateway, fresh=0)
    before = await catalog.offers("role")
    sandbox.populate(0, roles=1)
    assert await catalog.offers("role") == before
    after = await catalog.offers("role", refresh=True)
    assert set(values(after)) - set(values(before)) == {"arn:aws:iam::123456789012:role/team-00001-studio"}
    assert operations(sandbox) == ["ListRoles"] * 2


async def test_two_refreshes_at_once_read_once(gateway: Gateway, sandbox: Sandbox) -> None:
    catalog = Catalog(gateway, fresh=0)
    await catalog.offers("role")
    await asyncio.gather(*(catalog.offers("role", refresh=True) for _ in "123"))
    assert operations(sandbox) == ["ListRoles"] * 2


async def test_what_was_just_read_is_not_read_again_however_often_somebody_asks(
    gateway: Gateway, sandbox: Sandbox
) -> None:
    catalog = Catalog(gateway, fresh=1000)
    first = await catalog.offers("role", refresh=True)
    for _ in range(50):
        assert await catalog.offers("role", refresh=True) == first
    assert operations(sandbox) == ["ListRoles"]
    catalog.forget()
    await catalog.offers("role")
    assert operations(sandbox) == ["ListRoles"] * 2


async def test_a_list_that_is_forgotten_while_it_is_read_is_asked_for_anew(catalog: Catalog, sandbox: Sandbox) -> None:
    with sandbox.hold("iam:ListRoles") as held:
        asked = asyncio.ensure_future(catalog.offers("role"))
        assert await asyncio.to_thread(held.wait_until_reached)
        catalog.forget()
        held.release()
        found = await asked
    assert len(found.rows) == 14
    assert found.note == ""


async def test_a_list_of_the_region_of_before_is_not_the_answer(
    catalog: Catalog, gateway: Gateway, sandbox: Sandbox
) -> None:
    with sandbox.hold("ListImages") as held:
        asked = asyncio.ensure_future(catalog.offers("image"))
        assert await asyncio.to_thread(held.wait_until_reached)
        gateway.connection.region = "eu-central-1"
        held.release()
        found = await asked
    assert found.rows
    assert operations(sandbox) == ["ListImages"] * 2


async def test_a_reading_that_was_ended_does_not_say_that_there_is_nothing(catalog: Catalog, sandbox: Sandbox) -> None:
    with sandbox.hold("iam:ListRoles") as held:
        asked = asyncio.ensure_future(catalog.offers("role"))
        assert await asyncio.to_thread(held.wait_until_reached)
        catalog.close()
        found = await asked
        held.release()
    assert found == Offers(more=True)
    assert await catalog.known("role", "x") is None


async def test_what_is_forgotten_is_read_again(catalog: Catalog, sandbox: Sandbox) -> None:
    await catalog.offers("role")
    catalog.forget()
    assert await catalog.known("role", "x") is None
    await catalog.offers("role")
    assert operations(sandbox) == ["ListRoles"] * 2


async def test_another_region_has_lists_of_its_own(catalog: Catalog, gateway: Gateway, sandbox: Sandbox) -> None:
    role = (await catalog.offers("role")).rows[0].value
    assert await catalog.known("role", role) is True
    gateway.connection.region = "eu-central-1"
    assert await catalog.known("role", role) is None
    await catalog.offers("role")
    assert operations(sandbox) == ["ListRoles"] * 2


async def test_five_thousand_roles_cost_five_calls_and_the_first_rows_come_with_the_first(
    catalog: Catalog, sandbox: Sandbox
) -> None:
    sandbox.populate(0, roles=4_986)
    first = await catalog.offers("role")
    assert first.reading
    assert first.more
    assert len(first.rows) == 200
    assert "still being read" in first.note
    whole = await catalog.offers("role", whole=True)
    assert (whole.total, len(whole.rows), whole.more, whole.reading) == (5_000, 200, False, False)
    assert whole.note == "The first 200 of 5,000 roles are shown. Type a part of a name to find others."
    assert len(json.dumps([[row.value, row.name, row.detail] for row in whole.rows])) < 64 * 1024
    assert operations(sandbox) == ["ListRoles"] * 5
    assert names(await catalog.offers("role", "04321 TEAM")) == ["team-04321-studio"]
    assert operations(sandbox) == ["ListRoles"] * 5


async def test_a_text_that_comes_before_the_list_is_whole_waits_for_all_of_it(
    catalog: Catalog, sandbox: Sandbox
) -> None:
    sandbox.populate(0, roles=2_500)
    assert names(await catalog.offers("role", "02499")) == ["team-02499-studio"]


async def test_names_beyond_what_was_read_are_searched_by_aws(wire: Any) -> None:
    release = threading.Event()
    server = wire(
        image_page(wire, ["first"], "2"),
        (lambda: release.wait(10), image_page(wire, ["second"])),
        image_page(wire, ["found-beyond"]),
    )
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway)
    assert (await catalog.offers("image")).reading
    await arrivals(server, 2)
    found = await catalog.offers("image", "beyond")
    assert names(found) == ["found-beyond"]
    assert not found.more or found.reading
    release.set()
    whole = await catalog.offers("image", whole=True)
    assert names(whole) == ["first", "second"]
    asked = [json.loads(request.split(b"\r\n\r\n")[1]) for request in server.requests]
    assert [each.get("NameContains") for each in asked] == [None, None, "beyond"]
    assert {each["MaxResults"] for each in asked} == {100}
    gateway.close()


async def test_what_no_name_can_contain_is_not_asked_of_aws(wire: Any) -> None:
    server = wire(image_page(wire, ["first"], "2"), image_page(wire, ["second"]))
    gateway = Gateway(server.connection())
    found = await Catalog(gateway).offers("image", "\N{ROCKET} a.b")
    assert (found.rows, found.reading, found.refused) == ((), False, False)
    assert len(server.requests) == 2
    gateway.close()


async def test_a_text_does_not_wait_for_ever_for_the_whole_list(wire: Any) -> None:
    release = threading.Event()
    rows = [{"ARN": f"arn:{name}", "Name": name} for name in ("near-1", "near-2")]
    server = wire(
        wire.reply({"SecretList": rows, "NextToken": "2"}),
        (lambda: release.wait(10), wire.reply({"SecretList": [{"ARN": "arn:far", "Name": "far-1"}]})),
    )
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway, longest=0)
    found = await catalog.offers("secret", "1")
    assert names(found) == ["near-1"]
    assert found.reading
    release.set()
    assert names(await catalog.offers("secret", "1", whole=True)) == ["far-1", "near-1"]
    gateway.close()


async def test_lists_that_were_read_whole_are_searched_here(catalog: Catalog, sandbox: Sandbox) -> None:
    sandbox.populate(0, images=195)
    whole = await catalog.offers("image", whole=True)
    assert whole.total == 200
    assert operations(sandbox) == ["ListImages"] * 2
    assert values(await catalog.offers("image", "pytorch research")) == [
        "arn:aws:sagemaker:eu-west-1:123456789012:image/research-pytorch"
    ]
    assert operations(sandbox) == ["ListImages"] * 2


async def test_known_is_true_false_or_not_known(catalog: Catalog, sandbox: Sandbox) -> None:
    role = "arn:aws:iam::123456789012:role/SageMakerAnalystRole"
    assert await catalog.known("role", role) is None
    await catalog.offers("role")
    assert await catalog.known("role", role) is True
    assert await catalog.known("role", role + "-gone") is False
    assert await catalog.known("emr-role", "arn:aws:iam::210987654321:role/foreign") is None
    assert operations(sandbox) == ["ListRoles"]


async def test_a_row_is_what_was_read_under_a_value_and_costs_no_call(catalog: Catalog, sandbox: Sandbox) -> None:
    prefix = "arn:aws:iam::123456789012:role"
    assert await catalog.row("role", f"{prefix}/SageMakerAnalystRole") is None
    assert sandbox.calls == ()
    offers = await catalog.offers("role")
    fitting = await catalog.row("role", f"{prefix}/SageMakerAnalystRole")
    assert fitting in offers.rows
    assert fitting is not None
    assert fitting.fits
    other = await catalog.row("role", f"{prefix}/ecs-ingest-task")
    assert other is not None
    assert not other.fits
    assert await catalog.row("role", f"{prefix}/gone") is None
    assert operations(sandbox) == ["ListRoles"]


async def test_a_row_is_judged_by_its_place(catalog: Catalog, sandbox: Sandbox) -> None:
    group = (await catalog.offers("security-group", about=ABOUT)).rows[0].value
    calls = len(sandbox.calls)
    assert await catalog.row("security-group", group) is None  # that list, of no domain in particular, was not read
    found = await catalog.row("security-group", group, ABOUT)
    assert found is not None
    assert found.fits
    with pytest.raises(ValueError, match="There is no kind 'hologram'"):
        await catalog.row("hologram", group)
    assert len(sandbox.calls) == calls


async def test_no_row_is_told_of_another_region(catalog: Catalog, gateway: Gateway) -> None:
    role = (await catalog.offers("role")).rows[0].value
    gateway.connection.region = "eu-central-1"
    assert await catalog.row("role", role) is None


async def test_a_list_that_goes_on_does_not_tell_what_is_missing(wire: Any) -> None:
    server = wire(image_page(wire, ["a"], "A"), image_page(wire, ["b"], "A"))
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway)
    offers = await catalog.offers("image", whole=True)
    assert await catalog.known("image", offers.rows[0].value) is True
    assert await catalog.known("image", "arn:else") is None
    gateway.close()


async def test_a_limit_is_kept_and_said(catalog: Catalog) -> None:
    found = await catalog.offers("role", limit=3)
    assert (len(found.rows), found.total) == (3, 14)
    assert found.note == "The first 3 of 14 roles are shown. Type a part of a name to find others."
    assert (await catalog.offers("role", limit=-1)).rows == ()


async def test_what_begins_with_the_text_comes_first_and_what_fits_before_it(catalog: Catalog) -> None:
    found = await catalog.offers("role", "  SAGEMAKER  ")
    assert [offer.fits for offer in found.rows] == sorted((offer.fits for offer in found.rows), reverse=True)
    assert names(found)[0] == "SageMakerAnalystRole"
    assert "AmazonSageMaker-ExecutionRole-20250520T093901" in names(found)
    nothing = await catalog.offers("role", "\u202e<b>nobody</b>")
    assert (nothing.rows, nothing.note) == ((), "No role matches “<b>nobody</b>”.")


async def test_a_kind_that_there_is_not_is_a_mistake_of_the_program(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="There is no kind 'rolle'"):
        await catalog.offers("rolle")


async def test_closing_ends_what_is_read_in_the_background(wire: Any) -> None:
    server = wire(image_page(wire, ["a"], "2"), wire.HANG)
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway)
    assert (await catalog.offers("image")).reading
    waiting = asyncio.ensure_future(catalog.offers("image", whole=True))
    await arrivals(server, 2)
    catalog.close()
    catalog.close()
    found = await waiting
    assert (names(found), found.more, found.reading) == (["a"], True, False)
    gateway.close()


def test_a_list_of_one_event_loop_serves_the_next(sandbox: Sandbox) -> None:
    gateway = Gateway(sandbox.connection)
    catalog = Catalog(gateway)
    first = asyncio.run(catalog.offers("role"))
    assert asyncio.run(catalog.offers("role")) == first
    assert operations(sandbox) == ["ListRoles"]
    gateway.close()


def test_a_reading_that_lost_its_event_loop_begins_again(wire: Any) -> None:
    server = wire(image_page(wire, ["a"], "2"), wire.HANG, image_page(wire, ["a"]))
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway, patience=0)

    async def first() -> None:
        assert (await catalog.offers("image")).reading
        await arrivals(server, 2)

    asyncio.run(first())
    again = asyncio.run(catalog.offers("image", whole=True))
    assert (names(again), again.more) == (["a"], False)
    gateway.close()


async def test_two_event_loops_at_once_read_each_for_itself(wire: Any) -> None:
    release = threading.Event()
    server = wire((lambda: release.wait(10), image_page(wire, ["a"])))
    gateway = Gateway(server.connection())
    catalog = Catalog(gateway)
    elsewhere = asyncio.ensure_future(asyncio.to_thread(asyncio.run, catalog.offers("image")))
    await arrivals(server, 1)
    here = asyncio.ensure_future(catalog.offers("image"))
    await arrivals(server, 1)
    release.set()
    assert names(await elsewhere) == names(await here) == ["a"]
    gateway.close()


async def test_cancelling_one_who_waits_leaves_the_reading_to_the_others(catalog: Catalog, sandbox: Sandbox) -> None:
    with sandbox.hold("iam:ListRoles") as held:
        one, other = (asyncio.ensure_future(catalog.offers("role")) for _ in "12")
        assert await asyncio.to_thread(held.wait_until_reached)
        one.cancel()
        held.release()
        assert (await other).rows
    assert operations(sandbox) == ["ListRoles"]


async def test_the_oldest_of_many_lists_is_forgotten(catalog: Catalog, sandbox: Sandbox) -> None:
    await catalog.offers("role")
    for number in range(100):
        await catalog.offers("s3", f"s3://northwind-research-curated-123456789012/{number}/")
    calls = len(sandbox.calls)
    await catalog.offers("role")
    assert len(sandbox.calls) == calls + 1
