"""Lists that come in pages."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws import listing
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Listing
from profile_widgets.sandbox import Sandbox


async def test_ten_thousand_profiles_cost_no_more_than_two_pages(
    gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.populate(10_000, domain_id=domain_id)
    found = await gateway.list_user_profiles(domain_id)
    assert len(found.rows) == 200
    assert found.more
    assert found.note == ""
    assert len(sandbox.calls) == 2


async def test_the_filter_finds_what_no_page_has_shown(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    sandbox.populate(10_000, domain_id=domain_id)
    found = await gateway.list_user_profiles(domain_id, "USER-09999")
    assert [row.name for row in found.rows] == ["user-09999"]
    assert not found.more
    assert len(sandbox.calls) == 1


@pytest.mark.parametrize("text", ["-1", "st-1", "ANALYST", "analyst-1", " analyst "])
async def test_any_part_of_a_name_finds_it(gateway: Gateway, domain_id: str, text: str) -> None:
    found = await gateway.list_user_profiles(domain_id, text)
    assert "analyst-1" in [row.name for row in found.rows]


@pytest.mark.parametrize("text", ["an analyst", "a_b", "ü", "x" * 64, "a.b"])
async def test_a_text_that_no_name_can_contain_is_not_asked_for(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, text: str
) -> None:
    found = await gateway.list_user_profiles(domain_id, text)
    assert found.rows == ()
    assert "names are letters, digits and -" in found.note
    assert sandbox.calls == ()


async def test_hyphens_alone_are_a_part_of_names(gateway: Gateway, domain_id: str) -> None:
    found = await gateway.list_user_profiles(domain_id, "-")
    assert found.rows
    assert all("-" in row.name for row in found.rows)


@pytest.mark.parametrize(("limit", "pages", "more"), [(1, 1, True), (5, 1, False), (3, 1, True)])
async def test_a_limit_is_kept(
    gateway: Gateway, sandbox: Sandbox, domain_id: str, limit: int, pages: int, more: bool
) -> None:
    found = await gateway.list_user_profiles(domain_id, limit=limit)
    assert len(found.rows) == limit
    assert found.more is more
    assert len(sandbox.calls) == pages


def page(wire: Any, names: list[str], token: str | None) -> bytes:
    rows = [{"DomainId": "d-1", "UserProfileName": name} for name in names]
    answer: bytes = wire.reply({"UserProfiles": rows, **({"NextToken": token} if token else {})})
    return answer


async def test_pages_that_go_round_in_circles_end_with_a_note(wire: Any) -> None:
    steps = [page(wire, ["a"], "A"), page(wire, ["b"], "B"), page(wire, ["a"], "A"), page(wire, ["b"], "B")] * 20
    server = wire(*steps)
    gateway = Gateway(server.connection())
    found = await gateway.list_user_profiles("d-1")
    assert [row.name for row in found.rows] == ["a", "b"]
    assert found.more
    assert "round in circles" in found.note
    assert len(server.requests) == 3
    gateway.close()


async def test_pages_that_never_end_are_left_with_a_note(wire: Any) -> None:
    server = wire(*(page(wire, [], f"token-{number}") for number in range(200)))
    gateway = Gateway(server.connection())
    found = await gateway.list_user_profiles("d-1")
    assert found.rows == ()
    assert found.more
    assert "longer than was read" in found.note
    assert len(server.requests) == listing.MOST_PAGES
    gateway.close()


async def test_an_empty_page_in_the_middle_does_not_end_the_list(wire: Any) -> None:
    server = wire(page(wire, ["a"], "A"), page(wire, [], "B"), page(wire, ["c"], None))
    gateway = Gateway(server.connection())
    found = await gateway.list_user_profiles("d-1")
    assert [row.name for row in found.rows] == ["a", "c"]
    assert not found.more
    gateway.close()


async def test_rows_that_are_not_rows_do_no_harm(wire: Any) -> None:
    server = wire(wire.reply({"UserProfiles": [None, {"UserProfileName": ["x"]}, {"UserProfileName": "a"}]}))
    gateway = Gateway(server.connection())
    assert "a" in [row.name for row in (await gateway.list_user_profiles("d-1")).rows]
    gateway.close()


async def test_a_list_without_rows_is_empty(wire: Any) -> None:
    gateway = Gateway(wire(wire.reply({})).connection())
    assert (await gateway.list_user_profiles("d-1")).rows == ()
    gateway.close()


async def test_without_pagination_the_first_page_is_all_and_says_whether_there_is_more(
    gateway: Gateway, sandbox: Sandbox, domain_id: str
) -> None:
    sandbox.populate(250, domain_id=domain_id)
    gateway.connection = gateway.connection.replace(paginate=False)
    found = await gateway.list_user_profiles(domain_id)
    assert len(found.rows) == listing.PAGE
    assert found.more
    assert found.note == "Only the first page of the list was read, because the connection does not paginate."
    assert len(sandbox.calls) == 1
    whole = await gateway.list_user_profiles(domain_id, "user-0000")
    assert (whole.more, whole.note) == (False, "")
    limited = await gateway.list_user_profiles(domain_id, limit=7)
    assert (len(limited.rows), limited.more, limited.note) == (7, True, "")


async def test_without_pagination_an_empty_first_page_is_not_the_end(wire: Any) -> None:
    server = wire(wire.reply({"Domains": [], "NextToken": "2"}), wire.reply({"Domains": [{"DomainId": "d-1"}]}))
    gateway = Gateway(server.connection(paginate=False))
    assert (await gateway.list_domains()) == Listing((), more=True, note=listing.FIRST_PAGE)
    gateway.close()
