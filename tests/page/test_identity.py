"""Whose word is believed about who a visitor is."""

from __future__ import annotations

import pytest

from profile_widgets.page.identity import DemoIdentity, ProxyIdentity, is_name, weakness
from profile_widgets.served import Visitor

SECRET = "a-secret-of-thirty-two-characters"


@pytest.fixture
def identity() -> ProxyIdentity:
    return ProxyIdentity("X-User", "X-Groups", secret_header="X-Secret", secret=SECRET)


def told(
    identity: ProxyIdentity, user: list[str], groups: list[str] | None = None, secret: list[str] | None = None
) -> Visitor | None:
    said = {"X-User": user, "X-Groups": groups or [], "X-Secret": [SECRET] if secret is None else secret}
    return identity.read(said.get)


@pytest.mark.parametrize(
    "name", ["alice", "anne-marie", "analyst-1", "Ada.Lovelace@example.com", "o'neil", "DOMAIN\\alice", "a:b"]
)
def test_a_name_is_taken_as_it_is(identity: ProxyIdentity, name: str) -> None:
    assert told(identity, [name]) == Visitor(name, (), "proxy")


@pytest.mark.parametrize(
    "names",
    [
        [],
        [""],
        [" "],
        ["alice "],
        [" alice"],
        ["al ice"],
        ["alice,bob"],
        ["alice;bob"],
        ["alice", "alice"],
        ["alice\t"],
        ["al\u00efce"],
        ["\u0430lice"],
        ["alice\u200b"],
        ["alice\n"],
        ["a" * 257],
        ["alice\x00"],
        ["\ud83d\ude00"],
    ],
)
def test_what_is_no_single_plain_name_is_nobody(identity: ProxyIdentity, names: list[str]) -> None:
    assert told(identity, names) is None


@pytest.mark.parametrize(
    "secret", [[], [""], [SECRET, SECRET], [SECRET + "x"], [SECRET[:-1]], [SECRET.upper()], [SECRET + ","], ["\u00e9"]]
)
def test_nobody_is_believed_without_the_very_secret_once(identity: ProxyIdentity, secret: list[str]) -> None:
    assert told(identity, ["alice"], secret=secret) is None


@pytest.mark.parametrize(
    ("groups", "read"),
    [
        ([], ()),
        ([""], ()),
        (["ml"], ("ml",)),
        (["ml-team, Domain Users,ml-team"], ("ml-team", "Domain Users")),
        (["a:b/c"], ("a:b/c",)),
    ],
)
def test_groups_are_read_from_one_list(identity: ProxyIdentity, groups: list[str], read: tuple[str, ...]) -> None:
    assert told(identity, ["alice"], groups) == Visitor("alice", read, "proxy")


@pytest.mark.parametrize(
    "groups",
    [["ml", "admins"], ["ml,,admins"], ["ml,"], ["m\u00efl"], [",".join("g" * 9 for _ in range(501))], ["g" * 257]],
)
def test_who_has_groups_that_cannot_be_read_is_nobody(identity: ProxyIdentity, groups: list[str]) -> None:
    assert told(identity, ["alice"], groups) is None


def test_groups_are_not_looked_at_when_no_header_was_named_for_them() -> None:
    identity = ProxyIdentity("X-User", secret_header="X-Secret", secret=SECRET)
    assert told(identity, ["alice"], ["admins"]) == Visitor("alice", (), "proxy")


@pytest.mark.parametrize(
    "secret", ["", "short", "a" * 31, " " * 40, "a" * 32, "changeme" * 5, "a" * 31 + "\u00e9", "a" * 31 + "\n"]
)
def test_a_weak_secret_is_refused(secret: str) -> None:
    assert weakness(secret)
    with pytest.raises(ValueError, match="secret"):
        ProxyIdentity("X-User", secret_header="X-Secret", secret=secret)


@pytest.mark.parametrize("header", ["", "X User", "X-User:", "Host", "cookie", "Origin", "X_User", "X-\u00fcser", "-X"])
def test_a_header_that_browsers_write_or_nobody_can_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="header"):
        ProxyIdentity(header, secret_header="X-Secret", secret=SECRET)


def test_the_headers_are_three_different_ones() -> None:
    with pytest.raises(ValueError, match="different"):
        ProxyIdentity("X-User", secret_header="x-user", secret=SECRET)


def test_the_secret_is_shown_nowhere(identity: ProxyIdentity) -> None:
    assert SECRET not in repr(identity)


async def test_the_demo_has_one_visitor() -> None:
    assert await DemoIdentity("alice").visitor(object()) == Visitor("alice", (), "demo")


def test_a_name_has_no_space_and_no_comma() -> None:
    assert is_name("data-scientist-1")
    assert not is_name("a b")
    assert not is_name("a,b")
