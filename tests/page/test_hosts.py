"""By which names a page may be called, and what counts as the same place."""

from __future__ import annotations

import pytest

from profile_widgets.page.hosts import Hosts

HOSTS = Hosts(["profiles.example.com", "other.example.com:8443"])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:8866",
        "[::1]:8866",
        "profiles.example.com",
        "profiles.example.com:443",
        "other.example.com:8443",
    ],
)
def test_own_names_and_allowed_ones_are_known(host: str) -> None:
    assert HOSTS.knows(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example.net",
        "profiles.example.com.evil.net",
        "other.example.com",
        "other.example.com:1",
        "10.0.0.1",
        "localhost.",
        "localhost:",
        "localhost@evil.net",
        "localhost/",
        "localhost:8866:1",
        "127.0.0.1.nip.io",
        "0x7f000001",
        "[::1",
        "localhost evil",
        "profiles.example.com,evil",
    ],
)
def test_nothing_else_is_known(host: str) -> None:
    assert not HOSTS.knows(host)


@pytest.mark.parametrize(
    ("host", "known"),
    [("10.0.0.1:8866", True), ("[fe80::1]:8866", True), ("evil.example.net", False), ("10.0.0.1.nip.io", False)],
)
def test_beyond_this_machine_every_plain_address_is_known_and_no_other_name(host: str, known: bool) -> None:
    assert Hosts(any_address=True).knows(host) is known


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://127.0.0.1:8866", "127.0.0.1:8866"),
        ("https://profiles.example.com", "profiles.example.com"),
        ("https://Profiles.example.com", "profiles.example.com:443"),
        ("http://[::1]:8866", "[::1]:8866"),
    ],
)
def test_the_page_itself_is_the_same_place(origin: str, host: str) -> None:
    assert HOSTS.is_same(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.net",
        "http://127.0.0.1",
        "http://127.0.0.1:8867",
        "ftp://127.0.0.1:8866",
        "http://127.0.0.1:8866.evil.net",
        "http://evil.net@127.0.0.1:8866",
        "http://127.0.0.1:8866/",
        "http://127.0.0.1:99999",
        "127.0.0.1:8866",
        "http://[::1",
    ],
)
def test_every_other_origin_is_another_place(origin: str) -> None:
    assert not HOSTS.is_same(origin, "127.0.0.1:8866")


def test_a_page_that_was_asked_for_by_tls_is_not_spoken_to_from_one_that_was_not() -> None:
    assert HOSTS.is_same("https://profiles.example.com", "profiles.example.com", secure=True)
    assert not HOSTS.is_same("http://profiles.example.com", "profiles.example.com", secure=True)
