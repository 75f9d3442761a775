"""The debug log: what is sent and received, line by line, in memory and in a file, and never a secret."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials

from profile_widgets.aws import debugging
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.debugging import KEPT_LINES, DebugLog, default_file
from profile_widgets.aws.gateway import Gateway
from profile_widgets.errors import GatewayError
from profile_widgets.sandbox import Sandbox

Refused = Callable[[Awaitable[object]], Awaitable[GatewayError]]
ACCESS = "AKIACANARYEXAMPLE000"
SECRET = "CANARYsecret/with+signs=CANARY"
TOKEN = "CANARYtoken//with+signs==CANARY"
PASSWORD = "CANARYpassword"


@pytest.fixture
def log(tmp_path: Path) -> DebugLog:
    """Return a log that is on, with a file of its own."""
    log = DebugLog()
    log.turn(on=True, file=str(tmp_path / "logs" / "mine.log"))
    return log


def text_of(log: DebugLog) -> str:
    return "\n".join(log.lines)


# --- the log by itself ------------------------------------------------------------------------------------------------


def test_an_entry_has_the_time_and_its_further_lines_are_set_in(log: DebugLog) -> None:
    log.write("one\ntwo\n\nthree")
    first, *others = log.lines
    assert first.endswith("Z  one")
    assert others == ["    two", "    ", "    three"]


def test_lines_are_kept_told_and_written_alike(log: DebugLog) -> None:
    told: list[str] = []
    log.listen(told.append)
    log.write("one\ntwo")
    assert log.file is not None
    assert tuple(told) == log.lines == tuple(log.file.read_text("utf-8").splitlines())


def test_nothing_is_taken_while_it_is_off_and_what_was_taken_stays(log: DebugLog) -> None:
    log.write("one")
    log.turn(on=False)
    log.write("two")
    assert log.file is None
    assert len(log.lines) == 1


def test_the_last_two_thousand_lines_are_kept_in_memory(log: DebugLog) -> None:
    log.turn(on=True, file=os.devnull)
    log.write("\n".join(map(str, range(KEPT_LINES + 500))))
    assert len(log.lines) == KEPT_LINES
    assert log.lines[-1] == f"    {KEPT_LINES + 499}"


def test_a_listener_may_stop_and_one_that_fails_is_left_out(log: DebugLog) -> None:
    told: list[str] = []

    def fail(_line: str) -> None:
        raise RuntimeError(PASSWORD)

    log.listen(fail)
    stop = log.listen(told.append)
    log.write("one")
    stop()
    stop()
    log.write("two")
    assert [line[-3:] for line in told] == ["one"]


def test_a_listener_may_read_and_write_the_log_itself(log: DebugLog) -> None:
    stop: list[Callable[[], None]] = []

    def once(_line: str) -> None:
        stop[0]()
        log.write(f"{len(log.lines)} lines")

    stop.append(log.listen(once))
    log.write("one")
    assert log.lines[-1].endswith("1 lines")


def test_entries_of_many_threads_stay_together(log: DebugLog) -> None:
    told: list[str] = []
    log.listen(told.append)
    threads = [threading.Thread(target=lambda n=n: log.write(f"{n}\n{n}\n{n}")) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    numbers = [line.split()[-1] for line in told]
    assert all(len(set(numbers[at : at + 3])) == 1 for at in range(0, 120, 3))


def test_no_character_of_an_answer_moves_a_cursor_or_begins_a_line(log: DebugLog) -> None:
    log.write("a\x1b[2Jb\rc\x00\u202ed\ud83d\te")
    assert log.file is not None
    assert "a\\x1b[2Jb" in text_of(log)
    assert not set(text_of(log)) & set("\x1b\r\x00\u202e\ud83d")
    log.file.read_text("utf-8")


def test_it_shows_nothing_of_itself(log: DebugLog) -> None:
    log.write(SECRET)
    assert repr(log) == "DebugLog(on, 1 lines)"


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_only_its_owner_can_read_the_file_whatever_it_was_before(log: DebugLog, tmp_path: Path) -> None:
    log.write("one")
    assert log.file is not None
    assert stat.S_IMODE(log.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.file.parent.stat().st_mode) == 0o700
    (tmp_path / "old.log").write_text("before\n")
    (tmp_path / "old.log").chmod(0o644)
    log.turn(on=True, file=str(tmp_path / "old.log"))
    log.write("one")
    assert stat.S_IMODE((tmp_path / "old.log").stat().st_mode) == 0o600
    assert (tmp_path / "old.log").read_text().startswith("before\n")


def test_a_file_that_cannot_be_written_is_one_line_in_the_log(log: DebugLog, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    log.turn(on=True, file=str(tmp_path / "taken" / "x.log"))
    log.write("one")
    log.write("two")
    assert [line.split("Z  ")[1][:8] for line in log.lines] == ["one", "The file", "two"]
    assert "x.log cannot be written (" in text_of(log)
    assert "), so this log is in memory only." in text_of(log)
    assert log.file is None


def test_a_home_directory_that_is_not_known_leaves_the_log_in_memory(log: DebugLog) -> None:
    log.turn(on=True, file="~nobody-of-this-name/x.log")
    log.write("one")
    assert log.file is None
    assert len(log.lines) == 1


def test_the_file_is_in_the_kits_directory_else_where_logs_belong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_file() == Path(os.environ["PROFILE_WIDGETS_DATA_DIR"]) / "debug.log"
    monkeypatch.delenv("PROFILE_WIDGETS_DATA_DIR")
    assert default_file().name == "debug.log"
    assert "profile-widgets" in default_file().parts


def test_a_file_that_has_grown_large_is_put_aside(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    monkeypatch.setattr(debugging, "LARGEST_FILE", 100)
    log = DebugLog()
    log.turn(on=True)
    log.write("x" * 200)
    log.write("two")
    log.write("three")
    assert (data_folder / "debug.old.log").read_text().endswith("x\n")
    assert [line.split()[-1] for line in (data_folder / "debug.log").read_text().splitlines()] == ["two", "three"]


# --- a connection's log -----------------------------------------------------------------------------------------------


def test_debug_is_off_and_writes_nothing_anywhere_until_it_is_asked_for(sandbox: Sandbox, data_folder: Path) -> None:
    connection = sandbox.connection.replace()
    connection.client("sagemaker").list_domains()
    assert not connection.debug
    assert connection.debug_log.lines == ()
    assert not data_folder.exists()


def test_requests_and_answers_stand_in_the_log_with_what_sent_them(sandbox: Sandbox, data_folder: Path) -> None:
    connection = sandbox.connection.replace(debug=True, attempts=3)
    connection.client("sagemaker").list_domains()
    text = text_of(connection.debug_log)
    for part in ("boto3 1.", "botocore 1.", "Python 3.", "client of sagemaker for reads, tried up to 3 times",
                 "read timeout 20 s", "credentials: ", f"endpoint {sandbox.endpoint_url}", "region eu-west-1",
                 ": ListDomains attempt 1", f"POST {sandbox.endpoint_url}/", "X-Amz-Target: SageMaker.ListDomains",
                 "Authorization: (taken out)", "status 200", '"DomainName":"research"', " after 0."):  # fmt: skip
        assert part in text, part
    assert (data_folder / "debug.log").read_text("utf-8") == text + "\n"
    assert connection.debug_log.file == data_folder / "debug.log"


def test_turning_debug_on_or_off_makes_the_clients_anew(sandbox: Sandbox) -> None:
    connection = sandbox.connection.replace()
    first = connection.client("sagemaker")
    connection.debug = True
    second: Any = connection.client("sagemaker")
    assert second is not first
    second.list_domains()
    before = connection.debug_log.lines
    assert before
    connection.debug = False
    assert connection.client("sagemaker") is not second
    second.list_domains()
    assert connection.debug_log.lines == before, "the client of before says nothing more"


def test_the_settings_of_debugging_are_shown_and_copied(tmp_path: Path) -> None:
    connection = Connection(debug=True, debug_file=str(tmp_path / "mine.log"), paginate=False)
    copy = connection.replace(region="eu-west-1")
    assert (copy.debug, copy.debug_file, copy.paginate) == (True, str(tmp_path / "mine.log"), False)
    assert repr(connection) == f"Connection(debug=True, debug_file='{tmp_path / 'mine.log'}', paginate=False)"
    assert copy.debug_log is not connection.debug_log
    assert Connection(debug_file=" ").debug_file is None


def test_no_logger_of_python_is_touched(sandbox: Sandbox) -> None:
    names = ("", "boto3", "botocore", "urllib3", "profile_widgets")
    state = [(logging.getLogger(name).level, list(logging.getLogger(name).handlers)) for name in names]
    sandbox.connection.replace(debug=True).client("sagemaker").list_domains()
    assert state == [(logging.getLogger(name).level, list(logging.getLogger(name).handlers)) for name in names]


async def test_what_came_instead_of_an_answer_stands_in_the_log(refused: Refused, wire: Any) -> None:
    server = wire(wire.RESET, wire.reply({"__type": "ThrottlingException"}, "400 Bad Request"), wire.reply(b"{garbage"))
    gateway = Gateway(server.connection(debug=True, attempts=3))
    await refused(gateway.describe_domain("d-1"))
    text = text_of(gateway.connection.debug_log)
    for part in ("attempt 1", "no answer", "ConnectionClosedError", "attempt 2", "ThrottlingException",
                 "DescribeDomain ended in BadResponse"):  # fmt: skip
        assert part in text, part
    gateway.close()


async def test_a_proxy_is_named_without_its_password(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ana:{PASSWORD}@127.0.0.1:9")
    credentials = Credentials(ACCESS, SECRET, TOKEN)
    connection = Connection(
        region="eu-west-1",
        endpoint_url="https://sagemaker.example.invalid",
        credentials=credentials,
        attempts=1,
        debug=True,
    )
    gateway = Gateway(connection)
    await refused(gateway.describe_domain("d-1"))
    text = text_of(connection.debug_log)
    assert "proxies: https by 127.0.0.1" in text
    assert "ProxyConnectionError" in text
    assert "CANARY" not in text
    gateway.close()


def test_a_client_that_cannot_be_made_stands_in_the_log_only_as_a_sentence(data_folder: Path) -> None:
    gateway = Gateway(Connection(region="eu-wst-1", debug=True))
    with pytest.raises(GatewayError):
        asyncio.run(gateway.list_domains())
    assert (data_folder / "debug.log").read_text("utf-8").count(
        "ListDomains ended in Unreachable: There is no AWS"
    ) == 1
    gateway.close()


def test_a_long_body_is_cut_and_counted(wire: Any) -> None:
    server = wire(wire.reply({"Domains": [{"DomainName": "é" * 400}] * 100}))
    connection = server.connection(debug=True, debug_file=os.devnull)
    assert len(connection.client("sagemaker").list_domains()["Domains"]) == 100
    assert "characters more" in text_of(connection.debug_log)


def test_a_log_that_stumbles_stops_no_request(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sandbox.connection.replace(debug=True, debug_file=os.devnull)
    client = connection.client("sagemaker")

    def stumble(_text: str) -> str:
        monkeypatch.undo()
        raise RuntimeError(PASSWORD)

    monkeypatch.setattr(connection.debug_log.redactor, "clean", stumble)
    assert len(client.list_domains()["Domains"]) == 2
    assert "This could not be written down: RuntimeError." in text_of(connection.debug_log)
    assert PASSWORD not in text_of(connection.debug_log)


# --- secrets ----------------------------------------------------------------------------------------------------------

CANONICAL = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key.\n"
    f"The Canonical String for this request should have been\n'POST\n/\n\nhost:x\nx-amz-security-token:{TOKEN}\n\n"
    f"host;x-amz-security-token\n{'ab' * 32}'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n{SECRET}'"
)
OTHERS = "CANARYof/somebody+else="
STS = (
    "<AssumeRoleResponse><Credentials><AccessKeyId>ASIACANARYEXAMPLE000</AccessKeyId>"
    f"<SecretAccessKey>{OTHERS}</SecretAccessKey><SessionToken>{OTHERS}</SessionToken></Credentials>"
    f"<Arn>{TOKEN}</Arn></AssumeRoleResponse>"
)


async def _every_call(gateway: Gateway) -> int:
    """Make every call that a gateway has; return how many there were."""
    arn, profile = "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/x", ("d-1", "x")
    request = {"DomainId": "d-1", "UserProfileName": "x", "UserSettings": {}}
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: gateway.describe_user_profile(*profile), lambda: gateway.describe_domain("d-1"),
        lambda: gateway.create_user_profile(request), lambda: gateway.update_user_profile(request),
        lambda: gateway.delete_user_profile(*profile), gateway.list_domains, lambda: gateway.list_user_profiles("d-1"),
        lambda: gateway.list_apps(*profile), gateway.list_lifecycle_configs, lambda: gateway.list_tags(arn),
        lambda: gateway.add_tags(arn, {"a": "b"}), lambda: gateway.delete_tags(arn, ["a"]), gateway.caller,
        lambda: gateway.follow(*profile, timeout=0.1, interval=0.01),
        lambda: gateway.follow_deletion(*profile, timeout=0.1, interval=0.01),
        lambda: gateway.ask("ListRoles", service="iam"),
    ]  # fmt: skip
    for call in calls:
        with suppress(GatewayError):
            await call()
    return len(calls)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("200 OK", {"Echo": [ACCESS, SECRET, TOKEN]}, "application/x-amz-json-1.1"),
        ("403 Forbidden", {"__type": "InvalidSignatureException", "message": CANONICAL}, "application/x-amz-json-1.1"),
        ("403 Forbidden", {"__type": "SignatureDoesNotMatch", "message": CANONICAL}, "application/x-amz-json-1.1"),
        ("400 Bad Request", {"__type": "ValidationException", "message": f"token {TOKEN}"}, "application/json"),
        ("200 OK", STS.encode(), "text/xml"),
        ("200 OK", {"Credentials": {"SecretAccessKey": OTHERS, "SessionToken": OTHERS}}, "application/json"),
        ("502 Bad Gateway", f"<html>{TOKEN} http://ana:{PASSWORD}@proxy".encode(), "text/html"),
    ],
)
async def test_no_secret_is_in_file_memory_or_repr_after_any_call(
    wire: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    body: Any,
    kind: str,
) -> None:
    told: list[str] = []
    server = wire(wire.reply(body, status, kind=kind))
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url.replace("//", f"//ana:{PASSWORD}@"))
    connection = server.connection(
        credentials=Credentials(ACCESS, SECRET, TOKEN),
        endpoint_url=None,
        debug=True,
        debug_file=str(tmp_path / "debug.log"),
        attempts=1,
    )
    connection.debug_log.listen(told.append)
    gateway = Gateway(connection)
    assert await _every_call(gateway) == len([name for name in vars(Gateway) if _is_a_call(name)])
    gateway.close()
    written = (tmp_path / "debug.log").read_text("utf-8")
    everywhere = "\n".join([written, *told, *connection.debug_log.lines, repr(connection), repr(connection.debug_log)])
    assert "answer" in written
    assert "GetCallerIdentity" in written
    assert "CANARY" not in everywhere.replace(str(tmp_path), "")
    assert "CANARY" not in caplog.text


def _is_a_call(name: str) -> bool:
    from inspect import iscoroutinefunction

    return not name.startswith("_") and iscoroutinefunction(getattr(Gateway, name))


def test_a_mark_stands_whole_where_a_secret_was(wire: Any) -> None:
    presigned = f"https://host/?X-Amz-Credential={ACCESS}/20200101&X-Amz-Signature={'ab' * 32}&X-Amz-Expires=60"
    server = wire(wire.reply({"Url": presigned, "Password": 'ab"CANARY-end', "NextToken": "page-2"}))
    connection = server.connection(credentials=Credentials(ACCESS, SECRET, TOKEN), debug=True, debug_file=os.devnull)
    connection.client("sagemaker").list_domains()
    text = text_of(connection.debug_log)
    assert "    X-Amz-Security-Token: (taken out)\n" in text
    assert "    Authorization: (taken out)\n" in text
    assert "X-Amz-Credential=(taken out)&X-Amz-Signature=(taken out)&X-Amz-Expires=60" in text
    assert '"Password": "(taken out)", "NextToken": "page-2"' in text
    assert "CANARY" not in text
    assert " out) out)" not in text


def test_a_long_body_is_cut_only_after_its_secrets_are_taken_out(log: DebugLog) -> None:
    log.redactor.learn(SECRET)
    log.write("answer", body=SECRET * debugging.LONGEST_BODY)
    assert "CANARY" not in text_of(log)
    assert f"... and {len('(taken out)' * debugging.LONGEST_BODY) - debugging.LONGEST_BODY} characters more" in (
        text_of(log)
    )


def test_new_credentials_are_kept_out_as_the_first_ones_were(wire: Any) -> None:
    server = wire(wire.reply({"Echo": ["CANARYsecond-secret"], "Domains": []}))
    credentials = Credentials(ACCESS, SECRET, TOKEN)
    connection = server.connection(credentials=credentials, debug=True, debug_file=os.devnull)
    connection.client("sagemaker").list_domains()
    credentials.secret_key = "CANARYsecond-secret"
    connection.client("sagemaker").list_domains()
    assert text_of(connection.debug_log).count("CANARYsecond-secret") == 1, "it was nobody's secret the first time"
