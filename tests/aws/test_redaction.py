"""Keys, tokens, signatures and passwords are taken out of texts, wherever and however they stand in them."""

from __future__ import annotations

import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profile_widgets.aws.redaction import MARK, Redactor

CANARY = "CANARY/canary+Canary=cAnArY"
HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "written",
    [
        str,
        quote,
        quote_plus,
        json.dumps,
        html.escape,
        lambda value: quote(value, safe=""),
        lambda value: json.dumps(value).replace("/", "\\/"),
        lambda value: f"x{value}x",
        lambda value: f"{value}\n{value}",
    ],
)
def test_what_it_was_told_is_taken_out_however_it_is_written(written: object) -> None:
    assert callable(written)
    redactor = Redactor()
    redactor.learn(CANARY)
    text = redactor.clean(f"before {written(CANARY)} after")
    assert "canary" not in text.casefold()
    assert MARK in text
    assert (text.startswith("before "), text.endswith(" after")) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"SecretAccessKey": "{CANARY}", "Region": "eu-west-1"}}',
        f'{{"Credentials":{{"SessionToken":"{CANARY}","AccessKeyId":"{CANARY}"}}}}',
        json.dumps({"message": json.dumps({"SecretAccessKey": CANARY})}),
        json.dumps({"a": json.dumps({"b": json.dumps({"token": CANARY})})}),
        f"<SecretAccessKey>{CANARY}</SecretAccessKey><SessionToken>{CANARY}</SessionToken>",
        f"aws_secret_access_key = {CANARY}",
        f"AWS_SESSION_TOKEN={CANARY} aws sts get-caller-identity",
        f"https://host/?X-Amz-Security-Token={CANARY}&X-Amz-Signature={CANARY}&X-Amz-Credential={CANARY}&a=b",
        f"http://ana:{CANARY.replace('/', '')}@proxy:3128/",
        f"Authorization: AWS4-HMAC-SHA256 Credential={CANARY}, SignedHeaders=host, Signature={CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"x-amz-security-token:{CANARY}\nhost:x",
        f"The request signature does not match.\nThe Canonical String for this request should have been\n'{CANARY}'",
        f'{{"accessToken":"{CANARY}","refreshToken":"{CANARY}","clientSecret":"{CANARY}"}}',
        f"password: {CANARY}",
    ],
)
def test_what_has_the_name_of_a_secret_is_taken_out(text: str) -> None:
    assert "canary" not in Redactor().clean(text).casefold()


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        HEX,
        "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==",
        "FwoGZXIvYXdzEBYaDL8Xq2vUlCj0zUu1siKuAb+8K7l2",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(secret: str) -> None:
    assert Redactor().clean(f"before {secret} after") == f"before {MARK} after"


@pytest.mark.parametrize(
    "text",
    [
        '{"DomainId": "d-9xk2m4tq7abc", "NextToken": "page-2"}',
        "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/alice",
        "X-Amz-Target: SageMaker.UpdateUserProfile",
        "AIDASANDBOXSANDBOX001 is nobody's key, and 0123456789abcdef no signature",
        "The security token included in the request is invalid.",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Redactor().clean(text) == text


def test_headers_with_secrets_are_known_by_name() -> None:
    redactor = Redactor()
    for name in ("Authorization", "X-AMZ-SECURITY-TOKEN", "Set-Cookie", "proxy-authorization"):
        assert redactor.header(name, "whatever") == MARK
    assert redactor.header("Content-Length", "12") == "12"


def test_short_values_are_nobodys_keys_and_stay() -> None:
    redactor = Redactor()
    redactor.learn("key", "", None, "sandbox")
    assert redactor.clean("a key in the sandbox") == "a key in the sandbox"


def test_what_it_was_told_is_not_shown() -> None:
    redactor = Redactor()
    redactor.learn(CANARY)
    assert repr(redactor) == "Redactor()"


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(st.characters(codec="utf-8"), min_size=8, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_stays_in_any_text(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    if secret not in MARK:
        assert secret not in redactor.clean(f"{before}{secret}{after}").replace(MARK, "\x00")
