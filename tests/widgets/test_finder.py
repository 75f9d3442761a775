"""Finding a profile among many: what is asked of AWS, what is sent to the page, and what is said."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.state import Resource, key_of
from profile_widgets.widgets import browsing
from profile_widgets.widgets.app import UserProfileEditor
from profile_widgets.widgets.choosers import LONGEST, MOST
from profile_widgets.widgets.finder import NEW
from tests.widgets.conftest import RESEARCH, browser_sends, settled

MANY = 10_000


def asked(sandbox: Sandbox, operation: str = "ListUserProfiles") -> list[dict[str, Any]]:
    """Return the parameters of each call of an operation of a list that the editor made."""
    calls = [dict(call.parameters) for call in sandbox.calls if call.operation == operation]
    return [each for each in calls if "MaxResults" in each]  # the fixtures ask without


def names(editor: UserProfileEditor) -> list[str]:
    return [row[0] for row in editor.finder.profile.rows]


@pytest.fixture(scope="module")
def crowd() -> Any:
    """Return a sandbox whose domain "research" has ten thousand profiles more."""
    with Sandbox() as started:
        started.populate(MANY, domain_id=next(iter(by_name(started).values())))
        yield started


def by_name(sandbox: Sandbox) -> dict[str, str]:
    found = sandbox.connection.client("sagemaker").list_domains()["Domains"]
    return {each["DomainName"]: each["DomainId"] for each in found if each["DomainName"] == RESEARCH}


@pytest_asyncio.fixture
async def many(crowd: Sandbox) -> AsyncIterator[UserProfileEditor]:
    """Return an editor with that domain chosen, and nothing asked but what that takes."""
    crowd._record.clear()
    crowd.allow()
    made = await UserProfileEditor(by_name(crowd)[RESEARCH], connection=crowd.connection).ready()
    await settled(made)
    yield made
    made.close()


async def look(editor: UserProfileEditor, text: str = "") -> None:
    browser_sends(editor.finder.profile, do="search", text=text)
    await settled(editor)


async def go_on(editor: UserProfileEditor) -> None:
    browser_sends(editor.finder.profile, do="more")
    await settled(editor)


# -- ten thousand profiles -----------------------------------------------------------------------------------------


async def test_a_domain_of_ten_thousand_and_the_opening_of_its_list_cost_one_page(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    await look(many)
    (page,) = asked(crowd)
    assert page["MaxResults"] == 100
    assert "NextToken" not in page
    assert len(names(many)) == 100
    assert many.finder.profile.more == ["Show more (100 of many)", ""]
    assert "type to search for others" in many.finder.profile.note


async def test_the_profile_that_was_changed_last_comes_first(many: UserProfileEditor) -> None:
    assert names(many)[:2] == ["user-10000", "user-09999"]
    assert "100 changed last" in many.finder.profile.note


async def test_every_row_says_its_status_and_its_last_change(many: UserProfileEditor) -> None:
    rows = many.finder.profile.rows
    assert all(re.fullmatch(r"[A-Z]\w+ · changed (just now|\d+ \w+ ago)", row[2]) for row in rows)
    assert {row[3] for row in rows if row[2].startswith("InService ")} == {""}
    assert {row[3] for row in rows if row[2].startswith("Failed ")} <= {"bad"}


async def test_the_next_page_is_read_on_wish_and_then_the_list_ends_with_two_hundred(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    before = names(many)
    await go_on(many)
    first, second = asked(crowd)
    assert second["NextToken"]
    assert second["SortBy"] == first["SortBy"]
    assert len(set(names(many))) == MOST
    assert names(many)[:100] == before
    assert many.finder.profile.more == []
    assert "The 200 changed last are shown; type to search" in many.finder.profile.note
    await go_on(many)
    assert len(asked(crowd)) == 2


async def test_a_wish_pressed_twice_reads_one_page(many: UserProfileEditor, crowd: Sandbox) -> None:
    with crowd.hold("ListUserProfiles") as held:
        browser_sends(many.finder.profile, do="more")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(many.finder.profile, do="more")
        await asyncio.sleep(0)
        held.release()
        await settled(many)
    assert len(asked(crowd)) == 2
    assert len(names(many)) == MOST


async def test_typing_asks_the_server_for_one_page(many: UserProfileEditor, crowd: Sandbox) -> None:
    await look(many, "USER-098")
    assert [page.get("UserProfileNameContains") for page in asked(crowd)] == [None, "USER-098"]
    assert names(many) == [f"user-{number:05d}" for number in range(9_800, 9_900)]
    assert many.finder.profile.note == "100 found."
    assert many.finder.profile.more == []
    assert many.finder.profile.sought == "USER-098"


async def test_names_that_begin_with_the_text_come_first(many: UserProfileEditor) -> None:
    await look(many, "lead")
    assert names(many) == ["ml-lead"]
    await look(many, "1-")
    assert names(many) == []
    assert many.finder.profile.note == "Nothing found."


async def test_a_page_more_of_what_was_searched_keeps_to_the_text(many: UserProfileEditor, crowd: Sandbox) -> None:
    await look(many, "user-0")
    await go_on(many)
    assert asked(crowd)[-1]["UserProfileNameContains"] == "user-0"
    assert len(names(many)) == MOST
    assert all("user-0" in name for name in names(many))


async def test_a_search_made_while_the_next_page_is_read_is_the_one_that_is_shown(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    with crowd.hold("ListUserProfiles") as held:
        browser_sends(many.finder.profile, do="more")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(many.finder.profile, do="search", text="ml-lead")
        await asyncio.sleep(0.1)
        held.release()
        await settled(many)
    assert names(many) == ["ml-lead"]
    assert not many.finder.profile.busy


async def test_what_answers_an_older_text_is_not_shown_as_if_it_answered_the_newer_one(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    seen: list[tuple[str, list[str]]] = []
    many.finder.profile.observe(lambda _change: seen.append((many.finder.profile.sought, names(many))), "sought")
    with crowd.hold("ListUserProfiles") as held:
        browser_sends(many.finder.profile, do="search", text="user-0")
        await asyncio.to_thread(held.wait_until_reached)
        browser_sends(many.finder.profile, do="search", text="ml-lead")
        held.release()
        await settled(many)
    assert seen == [("ml-lead", ["ml-lead"])]


async def test_what_is_sent_for_a_list_stays_small(many: UserProfileEditor) -> None:
    await go_on(many)
    assert len(json.dumps(many.finder.profile.rows)) < 20 * 1024


async def test_a_page_that_does_not_come_leaves_what_is_there_and_may_be_asked_for_again(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    crowd.deny("sagemaker:ListUserProfiles")
    await go_on(many)
    assert len(names(many)) == 100
    assert "may not use sagemaker:ListUserProfiles" in many.finder.profile.note
    assert not many.finder.profile.busy
    crowd.allow()
    await go_on(many)
    assert len(names(many)) == MOST


async def test_a_list_is_asked_for_again_after_a_while_and_after_a_change(
    many: UserProfileEditor, crowd: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await look(many)
    assert len(asked(crowd)) == 1
    monkeypatch.setattr(browsing, "FRESH", -1.0)
    await look(many)
    assert len(asked(crowd)) == 2
    monkeypatch.undo()
    browser_sends(many.finder.profile, do="choose", value="user-10000")
    await settled(many)
    await look(many)
    assert len(asked(crowd)) == 3


async def test_a_typed_name_that_more_names_hold_than_are_read_is_opened(
    many: UserProfileEditor, crowd: Sandbox
) -> None:
    sagemaker = crowd.connection.client("sagemaker")
    sagemaker.create_user_profile(DomainId=many.finder.domain_id, UserProfileName="user-0")
    sagemaker.update_user_profile(DomainId=many.finder.domain_id, UserProfileName="user-00001")
    for number in range(2, 103):
        sagemaker.update_user_profile(DomainId=many.finder.domain_id, UserProfileName=f"user-{number:05d}")
    browser_sends(many.finder.profile, do="choose", value="USER-0")
    await settled(many)
    assert (many.is_open, many.draft.name) == (True, "user-0")
    sagemaker.delete_user_profile(DomainId=many.finder.domain_id, UserProfileName="user-0")


# -- what a browser may send -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, 7, ["a"], {"a": 1}, True])
async def test_what_is_no_text_is_taken_for_none(many: UserProfileEditor, value: Any) -> None:
    browser_sends(many.finder.profile, do="search", text=value)
    browser_sends(many.finder.profile, do="choose", value=value)
    await settled(many)
    assert not many.is_open
    assert many.place.state["notice"] is None
    assert len(names(many)) == 100


async def test_a_text_longer_than_any_name_is_cut_and_not_sent_on(many: UserProfileEditor, crowd: Sandbox) -> None:
    await look(many, "a" * 1_000_000)
    assert len(many.finder.profile.sought) == LONGEST
    assert "No user profile's name can contain" in many.finder.profile.note
    assert len(asked(crowd)) == 1


async def test_nothing_goes_on_where_nothing_is_listed(sandbox: Sandbox) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    await go_on(editor)
    browser_sends(editor.finder.domain, do="more")
    await settled(editor)
    assert asked(sandbox) == []
    assert len(asked(sandbox, "ListDomains")) == 1
    editor.close()


# -- domains -------------------------------------------------------------------------------------------------------


async def test_domains_are_listed_once_and_searched_here(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    before = len(asked(sandbox, "ListDomains"))
    for text in ("s", "SSO", "sso"):
        browser_sends(editor.finder.domain, do="search", text=text)
        await settled(editor)
    assert [row[1] for row in editor.finder.domain.rows] == ["studio-sso"]
    browser_sends(editor.finder.domain, do="search", text=domains[RESEARCH])
    await settled(editor)
    assert [row[1] for row in editor.finder.domain.rows] == [RESEARCH]
    browser_sends(editor.finder.domain, do="search", text="nowhere")
    await settled(editor)
    assert editor.finder.domain.note == "Nothing found. A domain id may be typed."
    assert len(asked(sandbox, "ListDomains")) == before
    editor.close()


@pytest.fixture
def many_domains(sandbox: Sandbox, domains: dict[str, str]) -> Sandbox:
    """Return the sandbox with 250 domains more."""
    store = sandbox._account.store
    with store.lock:
        model = store.get("domain", domains[RESEARCH]).detail
        for number in range(250):
            domain_id = f"d-team{number:08d}"
            arn = store.arn("domain", domain_id)
            detail = {**model, "DomainId": domain_id, "DomainName": f"team-{number:03d}", "DomainArn": arn}
            store.add(Resource("domain", key_of(domain_id), arn, detail))
    return sandbox


async def test_of_many_domains_a_page_is_listed_and_a_search_reads_the_rest_once(many_domains: Sandbox) -> None:
    editor = await UserProfileEditor(connection=many_domains.connection).ready()
    await settled(editor)
    domain = editor.finder.domain
    assert len(asked(many_domains, "ListDomains")) == 1
    assert (len(domain.rows), domain.more) == (100, ["Show more (100 of many)", ""])
    assert domain.note == "The first 100 are shown; type to search for others."
    browser_sends(domain, do="more")
    await settled(editor)
    assert (len(domain.rows), domain.more) == (MOST, [])
    assert len(asked(many_domains, "ListDomains")) == 2
    for text in ("team-24", "team-249", "team-2"):
        browser_sends(domain, do="search", text=text)
        await settled(editor)
    assert sorted(row[1] for row in domain.rows) == [f"team-{number}" for number in range(200, 250)]
    assert len(asked(many_domains, "ListDomains")) == 3
    browser_sends(domain, do="choose", value="d-team00000249")
    await settled(editor)
    assert (editor.finder.domain_id, domain.shown) == ("d-team00000249", "team-249")
    editor.close()


async def test_an_empty_account_and_an_empty_domain_say_so(domains: dict[str, str], sandbox: Sandbox) -> None:
    with Sandbox(seed=False) as empty:
        editor = await UserProfileEditor(connection=empty.connection).ready()
        await settled(editor)
        words = "The account has no domain in this region. A domain id may be typed."
        assert editor.finder.domain.note == words
        browser_sends(editor.finder.domain, do="search", text="x")
        await settled(editor)
        assert editor.finder.domain.note == "Nothing found. A domain id may be typed."
        editor.close()
    store = sandbox._account.store
    with store.lock:
        for profile in [each for each in store.all("user-profile") if each.detail["DomainId"] == domains[RESEARCH]]:
            store.remove(profile)
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    assert editor.finder.profile.note == "This domain has no user profile yet."
    editor.close()


async def test_the_name_of_a_domain_given_by_its_id_is_learned(sandbox: Sandbox, domains: dict[str, str]) -> None:
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    assert editor.finder.domain.shown == RESEARCH
    editor.close()


async def test_a_name_that_may_not_be_learned_leaves_the_id(sandbox: Sandbox, domains: dict[str, str]) -> None:
    sandbox.deny("sagemaker:DescribeDomain")
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    assert editor.finder.domain.shown == domains[RESEARCH]
    assert editor.place.state["notice"] is None
    editor.close()


async def test_a_domain_says_its_id_status_and_last_change_and_where_it_is(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    await settled(editor)
    detail = {row[1]: row[2] for row in editor.finder.domain.rows}[RESEARCH]
    assert detail.startswith(f"{domains[RESEARCH]} · InService · changed ")
    account = editor.place.state["account"]
    assert account
    assert editor.finder.domain.where == {"region": sandbox.region, "account": account}
    editor.close()


async def test_where_a_domain_is_is_known_from_its_arn_when_the_caller_is_not(
    sandbox: Sandbox, domains: dict[str, str]
) -> None:
    sandbox.deny("sts:GetCallerIdentity")
    sandbox.fail_next("sts:GetCallerIdentity", code="AccessDenied")
    editor = await UserProfileEditor(domains[RESEARCH], "analyst-1", connection=sandbox.connection).ready()
    await settled(editor)
    assert editor.place.state["account"] == ""
    arn = sandbox.connection.client("sagemaker").describe_domain(DomainId=domains[RESEARCH])["DomainArn"]
    assert editor.finder.domain.where == {"region": sandbox.region, "account": arn.split(":")[4]}
    editor.close()


# -- ARNs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chooser", ["domain", "profile"])
async def test_the_arn_of_a_profile_opens_it_from_either_list(
    sandbox: Sandbox, domains: dict[str, str], sagemaker: Any, chooser: str
) -> None:
    found = sagemaker.describe_user_profile(DomainId=domains["studio-sso"], UserProfileName="nina-okafor")
    editor = await UserProfileEditor(domains[RESEARCH], connection=sandbox.connection).ready()
    await settled(editor)
    browser_sends(getattr(editor.finder, chooser), do="choose", value=f" {found['UserProfileArn']} ")
    await settled(editor)
    assert (editor.draft.domain_id, editor.draft.name) == (domains["studio-sso"], "nina-okafor")
    editor.close()


async def test_the_arn_of_a_domain_chooses_it(sandbox: Sandbox, domains: dict[str, str], sagemaker: Any) -> None:
    editor = await UserProfileEditor(connection=sandbox.connection).ready()
    arn = sagemaker.describe_domain(DomainId=domains[RESEARCH])["DomainArn"]
    browser_sends(editor.finder.domain, do="choose", value=arn)
    await settled(editor)
    assert editor.finder.domain_id == domains[RESEARCH]
    assert "analyst-1" in names(editor)
    editor.close()


async def test_an_arn_of_another_region_or_account_is_a_sentence(editor: UserProfileEditor) -> None:
    await settled(editor)
    arn = "arn:aws:sagemaker:us-west-2:999999999999:user-profile/d-1/ana"
    browser_sends(editor.finder.profile, do="choose", value=arn)
    await settled(editor)
    text = editor.place.state["notice"]["text"]
    assert "region us-west-2, and requests go to eu-west-1" in text
    assert "account 999999999999" in text
    assert (editor.draft.name, editor.finder.profile.value) == ("analyst-1", "analyst-1")


async def test_the_row_for_a_new_profile_stands_first_whatever_is_searched(many: UserProfileEditor) -> None:
    await look(many, "user-00042")
    assert [row[0] for row in many.finder.profile.pinned] == [NEW]
    assert names(many) == ["user-00042"]
