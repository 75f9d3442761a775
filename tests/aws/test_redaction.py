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
        json.dumps({"Password": f'ab"{CANARY}'}),
        json.dumps({"Password": f"ab\\{CANARY}\\"}) + " and more",
        json.dumps({"a": json.dumps({"Password": f'ab"{CANARY}"'})}),
        json.dumps({"a": json.dumps({"b": json.dumps({"Password": f'ab"{CANARY}"'})})}),
        json.dumps({"RefreshToken": [CANARY, f'a"]{CANARY}'], "b": 1}),
        json.dumps({"RefreshToken": [[CANARY], {"a": CANARY}]}),
        json.dumps({"SecretString": json.dumps({"user": "ana", "key": CANARY})}),
        json.dumps({"Password": {"Value": CANARY}}),
        json.dumps([{"Key": "db-password", "Value": CANARY}, {"Value": CANARY, "Key": "password"}]),
        str({"password": CANARY}),
        str({"password": f"it's \"{CANARY}"}),
        str({"password": CANARY.encode()}),
        f"\"password\" : '{CANARY}'",
        f'{{"password": "{CANARY}',
        f'{{"ApiKey": "{CANARY}", "api_key": "{CANARY}", "SecretString": "{CANARY}", "Secret": "{CANARY}"}}',
        f'{{"ssoToken": "{CANARY}", "Authorization": "Basic {CANARY}", "SecretBinary": "{CANARY}"}}',
        f"ssoToken: {CANARY}",
        f"token={CANARY}",
        f"https://host/?token={CANARY}&a=b",
        f"x-api-key: {CANARY}",
        f"AWS Secret Access Key: {CANARY}",
        f"Cookie: a=b; session={CANARY}",
        f"Set-Cookie: session={CANARY}; Path=/",
        f"Authorization: Basic {CANARY}",
        f'<SsoToken type="x">{CANARY}</SsoToken>',
        f"http://ana:{CANARY.replace('/', '')}@x@proxy:3128/",
        f"DB_PASS={CANARY} dbPass={CANARY}, pass: {CANARY}",
        f"pwd={CANARY}; db_pwd={CANARY}",
        f"https://host/?sv=1&sig={CANARY}&a=b",
        json.dumps({"passwords": [CANARY, CANARY], "tokens": CANARY, "secrets": {"a": [CANARY]}, "apiKeys": [CANARY]}),
        json.dumps({"credentials": {"a": CANARY, "b": {"c": CANARY}}}),
        f"credentials={CANARY}",
        json.dumps({"authorizationCode": CANARY, "auth_code": CANARY}),
        f"program --password {CANARY} --db-password '{CANARY}' --session-token={CANARY}",
        str(["program", "--password", CANARY, "--user", "ana"]),
        json.dumps(["--db-password", CANARY]),
        json.dumps({"a": json.dumps(["--password", CANARY])}),
        f"- --password\n- {CANARY}\n",
        f"password:\n  {CANARY}\nuser: ana",
        f"password: |\n    {CANARY}\n    {CANARY}\nuser: ana",
        f'"password": >-\r\n  {CANARY}\r\n  {CANARY}\r\n',
        f"password%3D{quote(CANARY)}%26user%3Dana",
        quote(f"?password={quote(CANARY)}"),
        quote(json.dumps({"password": CANARY})),
        html.escape(json.dumps({"password": f'{CANARY}"&{CANARY}', "user": "ana"})),
        html.escape(str({"password": CANARY})),
        html.escape(json.dumps({"passwords": [CANARY, CANARY]})),
        f"&#34;password&#34; : &#34;{CANARY}&#34;",
        json.dumps({"Key": "password", "Extra": 1, "More": "a,b", "Value": CANARY}),
        json.dumps({"Value": CANARY, "Extra": True, "Key": "password"}),
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
        '{"nextToken": "page-2", "ContinuationToken": "page-3", "ClientRequestToken": "once", "next_page_token": "4"}',
        "NextToken=page-2&ClientToken=once",
        "<NextToken>page-2</NextToken><Name>x</Name>",
        '{"Password": null, "MaxTokens": 12, "SecretArn": "arn:aws:x", "Secret": true}',
        "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/alice",
        "X-Amz-Target: SageMaker.UpdateUserProfile",
        "AIDASANDBOXSANDBOX001 is nobody's key, and 0123456789abcdef no signature",
        "The security token included in the request is invalid.",
        '{"maxTokens": 12, "inputTokens": 3, "tokens": null, "passwords": null, "Config": "a", "design": "b"}',
        "bypass=no, compass: north, --starting-token page-2 --max-tokens 3 --next-token page-3",
        "--password --user ana",
        "Looking for credentials via: shared-credentials-file; no credentials\n  were found",
        "Found credentials in shared credentials file: ~/.aws/credentials",
        '{"Key": "team", "Extra": 1, "Value": "research"}',
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Redactor().clean(text) == text


_WORDS = [
    *[MARK, "password", "NextToken", "token", "X-Amz-Credential", "Authorization", "Cookie", "Secret", "Key", "Value"],
    *["x-amz-security-token", "Bearer ", "AKIAIOSFODNN7EXAMPLE", "hunter22", "http://", "@", "The Canonical String"],
    *["--password", "passwords", "credentials", "\n  ", "%3D", "%22", "%26", "&quot;", "&#39;", "Extra"],
    *["pass", "sig", "|"],
    *list("\"'\\{}[]<>:=,; /&.\n\r(b?#"), "</token>", "(taken", "out)", " for this request should have been ",
]  # fmt: skip


@settings(max_examples=500, deadline=None, database=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=24).map("".join))
def test_a_text_that_is_clean_stays_as_it_is(text: str) -> None:
    redactor = Redactor()
    redactor.learn("hunter22")
    once = redactor.clean(text)
    assert redactor.clean(once) == once


@pytest.mark.parametrize(
    "part",
    ['"password": \\"', '"token":[', "token", "a-", "<", "<a", "//", "Authorization:", "[", '{"Key":"', '\\"',
     "'token' ", "secret ", "\\", "eyJaaaaaaaa", "//a@", '"Value":"a",',
     '"Key":"token","a":1,', "--token", "--a-", "--token ", "token:\n ", "token%3D",
     "&quot;token&quot;:&quot;", "&quot;", "\n  ", '"value":"a","key":"'],
)  # fmt: skip
def test_a_hostile_text_is_cleaned_in_bounded_time(part: str) -> None:
    assert Redactor().clean(part * 20_000)
    assert Redactor().clean(f'"token":[{part * 20_000}')
    assert Redactor().clean(f'\\"token\\":\\"{part * 20_000}')


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("--password hunter22 --user ana", f"--password {MARK} --user ana"),
        ("['--password', 'x y', '--user']", f"['--password', '{MARK}', '--user']"),
        ("a:\n  password:\n    x\n    y\n  user: ana", f"a:\n  password:\n    {MARK}\n  user: ana"),
        ("password%3Dx%26user%3Dana", f"password%3D{MARK}%26user%3Dana"),
        ("&quot;pwd&quot;:&quot;x&quot;,&quot;a&quot;:1", f"&quot;pwd&quot;:&quot;{MARK}&quot;,&quot;a&quot;:1"),
        ('{"Key":"password","Extra":1,"Value":"x","a":2}', f'{{"Key":"password","Extra":1,"Value":"{MARK}","a":2}}'),
        ('{"credentials": {"a": "x"}, "b": 1}', f'{{"credentials": {{{MARK}}}, "b": 1}}'),
        ("?sig=x&se=2030", f"?sig={MARK}&se=2030"),
    ],
)  # fmt: skip
def test_what_stands_around_a_secret_stays(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


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
