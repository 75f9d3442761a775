"""What an address says about itself, and what must never be shown of it."""

from __future__ import annotations

import pytest

from profile_widgets.aws import endpoints


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5000",
        "http://localhost/",
        "http://LOCALHOST:1",
        "https://[::1]:8443",
        "http://a.localhost",
        "http://127.8.9.1",
    ],
)
def test_this_machine_is_recognised(url: str) -> None:
    assert endpoints.is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.sagemaker.eu-west-1.amazonaws.com",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "",
        "http://10.0.0.1",
    ],
)
def test_other_machines_are_not_taken_for_this_one(url: str) -> None:
    assert not endpoints.is_loopback(url)


@pytest.mark.parametrize("url", ["", "eu-west-1", "ftp://host", "http://", "http://host:notaport", "http://[::1"])
def test_what_is_no_address_has_no_host(url: str) -> None:
    assert endpoints.host_of(url) == ""


def test_a_vpc_endpoint_is_one_of_aws_hosts_and_the_sandbox_is_not() -> None:
    assert endpoints.is_aws_host("https://vpce-1a.api.sagemaker.eu-west-1.vpce.amazonaws.com")
    assert endpoints.is_aws_host("https://api.sagemaker.cn-north-1.amazonaws.com.cn")
    assert not endpoints.is_aws_host("http://127.0.0.1:5000")
    assert not endpoints.is_aws_host("https://amazonaws.com.example.org")


def test_passwords_in_addresses_are_taken_out() -> None:
    assert endpoints.without_secrets("to http://ana:pa%24s@proxy:3128/x") == "to http://proxy:3128/x"
    assert endpoints.without_secrets("https://ana:pa@ss@host/x?to=a@b") == "https://host/x?to=a@b"
    assert endpoints.without_secrets("https://host?to=a@b") == "https://host?to=a@b"


def test_a_user_or_password_in_an_address_is_noticed() -> None:
    assert endpoints.names_a_user("https://ana:pass@host")
    assert endpoints.names_a_user("https://@host")
    assert not endpoints.names_a_user("https://host/a@b?c=d@e")
    assert not endpoints.names_a_user("http://[::1")


def test_the_text_that_aws_signed_over_is_taken_out_with_its_session_token() -> None:
    text = (
        "The request signature we calculated does not match the signature you provided.\n\n"
        "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:CANARY\n'"
    )
    assert endpoints.without_secrets(text) == (
        "The request signature we calculated does not match the signature you provided."
    )
    assert "CANARY" not in endpoints.without_secrets("X-Amz-Security-Token=CANARY&x=1")


@pytest.mark.parametrize("part", [" ", "//", "//a", "signature: ", "The Canonical String ", "@"])
def test_a_hostile_text_is_cleaned_in_bounded_time(part: str) -> None:
    assert len(endpoints.without_secrets(part * 100_000)) <= len(part) * 100_000
