"""Who may ask: this machine's programs, and nobody else."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import threading
from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from profile_widgets.sandbox.exchange import Reply
from profile_widgets.sandbox.front import without_cors

TARGET = {"X-Amz-Target": "SageMaker.ListDomains", "Content-Type": "application/x-amz-json-1.1"}
Wire = http.client.HTTPConnection


def ask(wire: Wire, headers: dict[str, str], method: str = "POST", path: str = "/", body: Any = b"{}") -> Any:
    wire.request(method, path, body, headers)
    answer = wire.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_only_the_loopback_address_listens(sandbox: Sandbox) -> None:
    assert sandbox.endpoint_url == f"http://127.0.0.1:{sandbox.port}"
    listener = sandbox._server
    assert listener is not None
    assert listener._server.server_address[0] == "127.0.0.1"
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.2", sandbox.port)) != 0


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.7", "evil.example:80", "", "[::"])
def test_a_foreign_host_is_refused(wire: Wire, host: str) -> None:
    status, _, body = ask(wire, {**TARGET, "Host": host})
    assert (status, b"Domains" in body) == (403, False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "[::1]:80", "bucket.localhost:1"])
def test_the_names_of_this_machine_are_welcome(wire: Wire, host: str) -> None:
    assert ask(wire, {**TARGET, "Host": host})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_web_page_is_refused(wire: Wire, headers: dict[str, str]) -> None:
    assert ask(wire, {**TARGET, **headers})[0] == 403


def test_no_answer_lets_a_web_page_read_it(wire: Wire) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=test/20240101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"
    requests: list[tuple[str, str, dict[str, str]]] = [
        ("POST", "/", TARGET),
        ("POST", "/", {"X-Amz-Target": "SageMaker.Nothing"}),
        ("GET", "/", {"Authorization": signed.format("s3")}),
        ("OPTIONS", "/", {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}),
        ("OPTIONS", "/", {"Access-Control-Request-Method": "POST"}),
        ("POST", "/", {"X-Amz-Target": "TrentService.ListKeys", "Authorization": signed.format("kms")}),
    ]
    for method, path, headers in requests:
        _, answered, _ = ask(wire, headers, method, path)
        assert not [name for name in answered if name.lower().startswith("access-control-")]


def test_moto_does_send_such_headers_and_they_are_taken_off() -> None:
    reply = Reply(200, (("Access-Control-Allow-Origin", "*"), ("ETag", "x")), b"")
    assert without_cors(reply).headers == (("ETag", "x"),)


def test_the_controls_of_moto_are_out_of_reach(wire: Wire) -> None:
    assert ask(wire, {}, path="/moto-api/reset")[0] == 400


def test_connections_stay_open_between_requests(wire: Wire) -> None:
    ask(wire, TARGET)
    first = wire.sock
    for headers in (TARGET, {**TARGET, "Host": "evil.example"}, {"X-Amz-Target": "SageMaker.Nothing"}, TARGET):
        ask(wire, headers)
        assert wire.sock is first


def test_a_body_in_chunks_is_read_to_its_end(wire: Wire) -> None:
    body = iter([b'{"DomainId"', b":", b'"d-9xk2m4tq7abc"}'])
    status, _, answer = ask(wire, {"X-Amz-Target": "SageMaker.DescribeDomain"}, body=body)
    assert (status, json.loads(answer)["DomainName"]) == (200, "research")
    assert ask(wire, TARGET)[0] == 200


@pytest.mark.parametrize("length", ["99999999999", "-1", "many"])
def test_a_body_without_a_readable_length_is_refused(sandbox: Sandbox, length: str) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as raw:
        raw.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_an_operation_that_does_not_exist_is_unknown(wire: Wire) -> None:
    status, headers, body = ask(wire, {"X-Amz-Target": "SageMaker.UpdateUserProfil"})
    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
    assert headers["x-amzn-RequestId"]


def test_what_goes_wrong_inside_leaves_no_traceback_in_the_answer(
    sandbox: Sandbox, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.put_raw("d-9xk2m4tq7abc", "bare", {"Odd": object()})
    named = b'{"DomainId":"d-9xk2m4tq7abc","UserProfileName":"bare"}'
    with caplog.at_level(logging.ERROR):
        status, _, body = ask(wire, {"X-Amz-Target": "SageMaker.DescribeUserProfile"}, body=named)
    assert (status, json.loads(body)["__type"], b"Traceback" in body) == (500, "InternalFailure", False)
    assert "DescribeUserProfile" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Amz-Target": "TrentService.ListKeys"},
        {"X-Amz-Target": "secretsmanager.ListSecrets"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "nonsense"},
    ],
)
@pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"[]", b"", b"Action=%ff&Version=2010-05-08"])
def test_rubbish_for_other_services_is_answered_without_a_traceback(
    wire: Wire, headers: dict[str, str], body: bytes
) -> None:
    status, _, answer = ask(wire, headers, body=body)
    assert status >= 200
    assert b"Traceback" not in answer


def test_many_connections_are_served_at_once(sandbox: Sandbox) -> None:
    answers: list[int] = []

    def talk() -> None:
        wire = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
        answers.extend(ask(wire, TARGET)[0] for _ in range(5))
        wire.close()

    with sandbox.hold("DescribeDomain"):
        slow = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
        slow.request("POST", "/", b'{"DomainId":"d-9xk2m4tq7abc"}', {"X-Amz-Target": "SageMaker.DescribeDomain"})
        threads = [threading.Thread(target=talk) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert answers == [200] * 100
    assert slow.getresponse().status == 200
    slow.close()


def test_a_client_that_goes_away_harms_nobody(sandbox: Sandbox, wire: Wire) -> None:
    for sent in (b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"):
        with socket.create_connection(("127.0.0.1", sandbox.port)) as raw:
            raw.sendall(sent)
    assert ask(wire, TARGET)[0] == 200
