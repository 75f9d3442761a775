"""What says how a page is closed."""

from __future__ import annotations

import dataclasses

import pytest

from profile_widgets.page.closing import Closing, identity_of, is_loopback
from profile_widgets.page.identity import DemoIdentity, ProxyIdentity

SECRET = "a-secret-of-thirty-two-characters"


def test_a_closing_comes_through_the_pipe_as_it_was() -> None:
    closing = Closing(
        policy="p", audit="a", identity="proxy", secret=SECRET, hosts=("a", "b"), max_kernels=3, acts_as="x"
    )
    assert "\n" not in closing.to_json()
    assert Closing.from_json(closing.to_json()) == closing


def test_its_secret_is_not_shown() -> None:
    assert SECRET not in repr(Closing(secret=SECRET))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"identity": "cookie"}, "cookie"),
        ({"base_url": "profiles"}, "base URL"),
        ({"base_url": "/a/../b/"}, "base URL"),
        ({"base_url": "/a//b/"}, "base URL"),
        ({"max_kernels": 0}, "at least 1"),
        ({"kernels_per_visitor": -1}, "at least 1"),
        ({"idle_minutes": 0}, "idle time"),
        ({"idle_minutes": float("nan")}, "idle time"),
        ({"hosts": ("http://profiles.example.com",)}, "host's name"),
        ({"hosts": ("*",)}, "host's name"),
        ({"identity": "proxy", "header": "X Foo"}, "'X Foo' cannot be the header"),
        ({"identity": "proxy", "groups_header": "Cookie"}, "'Cookie' cannot be the header"),
        ({"identity": "proxy", "secret_header": "x-forwarded-user"}, "different names"),
    ],
)
def test_what_cannot_be_meant_is_said(change: dict[str, object], word: str) -> None:
    (fault,) = dataclasses.replace(Closing(), **change).faults()  # type: ignore[arg-type]
    assert word in fault


def test_what_can_be_meant_has_no_fault() -> None:
    assert not Closing(
        base_url="/services/my-profiles/", hosts=("profiles.example.com", "[::1]:8866", "localhost:1")
    ).faults()


def test_an_identity_is_made_of_what_the_closing_says() -> None:
    proxy = identity_of(Closing(identity="proxy", secret=SECRET, header="X-User", source="demo"), {})
    assert isinstance(proxy, ProxyIdentity)
    assert (proxy.header, proxy.groups_header, proxy.source) == ("X-User", None, "demo")
    assert isinstance(identity_of(Closing(identity="demo"), {}), DemoIdentity)


def test_no_page_is_closed_without_an_identity() -> None:
    with pytest.raises(ValueError, match="needs a way to know its visitors"):
        identity_of(Closing(), {})


@pytest.mark.parametrize(
    ("ip", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False)],
)
def test_only_loopback_is_this_machine(ip: str, local: bool) -> None:
    assert is_loopback(ip) is local
