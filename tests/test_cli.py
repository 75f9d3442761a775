"""The command line, as real processes."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import psutil
import pytest

from profile_widgets.aws.auditing import AuditLog
from profile_widgets.cli import build_parser, main
from profile_widgets.model.documents import Change
from profile_widgets.page import free_port, settings
from profile_widgets.served import Visitor
from tests.page.visits import Visit

COMMAND = (sys.executable, "-m", "profile_widgets")
GOOD = {"DomainId": "d-abc123", "UserProfileName": "alice", "UserSettings": {"StudioWebPortal": "ENABLED"}}


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], input=text, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def running(*arguments: str, until: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a command, give it and what it printed up to ``until``, and see that nothing of it is left."""
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = ""
    try:
        for line in process.stdout:
            printed += line
            if until in line:
                break
        yield process, printed
    finally:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        process.wait(30)
        process.stdout.close()
        _, left = psutil.wait_procs(family, 20)
        assert not left


def address_in(printed: str, before: str) -> str:
    found = re.search(rf"{before}\s*(http://127\.0\.0\.1:\d+/?)", printed)
    assert found, printed
    return found[1]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_version_names_the_kit_and_what_it_stands_on() -> None:
    answer = run("--version")
    assert answer.returncode == 0
    names = [line.split()[0] for line in answer.stdout.splitlines()]
    assert names == ["profile-widgets", "boto3", "botocore", "ipywidgets", "anywidget", "voila", "moto", "Python"]
    assert f"boto3 {boto3.__version__}" in answer.stdout


def test_without_a_command_the_help_is_shown() -> None:
    answer = run()
    assert answer.returncode == 2
    for command in ("demo", "serve", "sandbox", "check", "policy", "audit"):
        assert command in answer.stdout


def test_the_installed_script_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("profile-widgets")
    answer = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout == run("--version").stdout


def test_asking_for_help_imports_nothing_heavy() -> None:
    program = "import sys, profile_widgets.cli as cli; cli.build_parser(); print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert not {"boto3", "botocore", "ipywidgets", "moto", "voila", "yaml"} & set(answer.stdout.split())


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("demo", "serve", "sandbox", "check", "policy", "audit"):
        with pytest.raises(SystemExit) as end:
            build_parser().parse_args([command, "--help"])
        assert end.value.code == 0
        assert command in capsys.readouterr().out


def test_the_help_names_every_format_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    from profile_widgets.formats.reading import IMPORTERS

    with pytest.raises(SystemExit):
        build_parser().parse_args(["check", "--help"])
    assert set(IMPORTERS) <= set(re.findall(r"\w+", capsys.readouterr().out))


# -- check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [json.dumps, lambda request: "---\n" + json.dumps(request, indent=2)])
def test_check_finds_nothing_in_a_good_file(tmp_path: Path, write: type[str]) -> None:
    file = tmp_path / "request.txt"
    file.write_text(write(GOOD))
    answer = run("check", str(file))
    assert (answer.returncode, answer.stdout) == (0, "UpdateUserProfile: 0 errors, 0 notes.\n")


def test_check_reads_json_that_is_no_yaml(tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text("\ufeff" + json.dumps(GOOD, indent="\t"), encoding="utf-8")
    answer = run("check", str(file))
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "UpdateUserProfile: 0 errors, 0 notes.\n", "")


@pytest.mark.parametrize(("role", "half"), [(r"\ud83d\ude00", False), (r"\ud83d", True)])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_check_prints_whatever_a_file_holds(
    monkeypatch: pytest.MonkeyPatch, role: str, half: bool, encoding: str
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    settings = r"""{"ExecutionRole": "ROLE", "Odd\ud83d": 1}""".replace("ROLE", role)
    answer = run("check", "-", text=f'{{"DomainId": "d-abc123", "UserProfileName": "a", "UserSettings": {settings}}}')
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "UserSettings.ExecutionRole" in answer.stdout
    assert ("holds half a character that cannot be sent" in answer.stdout) == half


@pytest.mark.parametrize(("written", "found"), [("123", "123"), ("1.10", "1.1"), ("true", "true")])
def test_check_tells_to_quote_what_yaml_takes_for_something_else(written: str, found: str) -> None:
    answer = run("check", "-", text=f"DomainId: d-abc123\nUserProfileName: {written}\n")
    assert answer.returncode == 1
    assert f"UserProfileName: Takes a text, not “{found}”: put it in quotes." in answer.stdout


@pytest.mark.parametrize("written", ["2024-01-01", "yes", "0123", "1e", "0x1f", "12-34"])
def test_check_takes_other_words_of_yaml_as_they_are_typed(written: str) -> None:
    answer = run("check", "-", "--output", "json", text=f"DomainId: d-abc123\nUserProfileName: {written}\n")
    assert json.loads(answer.stdout)["request"]["UserProfileName"] == written
    assert answer.returncode == 0


def test_check_reads_yaml_from_standard_input() -> None:
    answer = run("check", "-", text="DomainId: d-abc123\nUserProfileName: alice\n")
    assert answer.returncode == 0


def test_check_says_what_is_wrong_and_where_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({**GOOD, "UserSettings": {"ExecutionRole": "me", "Colour": "blue"}}))
    answer = run("check", str(file))
    assert answer.returncode == 1
    assert "UserSettings.ExecutionRole" in answer.stdout
    assert "Colour" in answer.stdout
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("more", "options", "operation"),
    [
        ({}, [], "UpdateUserProfile"),
        ({"Tags": [{"Key": "team", "Value": "a"}]}, [], "CreateUserProfile"),
        ({"SingleSignOnUserIdentifier": "UserName", "SingleSignOnUserValue": "a"}, [], "CreateUserProfile"),
        ({}, ["--operation", "create"], "CreateUserProfile"),
    ],
)
def test_check_knows_the_operation_from_what_the_file_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, object], options: list[str], operation: str
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({**GOOD, **more}))
    main(["check", str(file), *options])
    assert operation in capsys.readouterr().out


def test_tags_are_an_error_in_an_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({**GOOD, "Tags": []}))
    assert main(["check", str(file), "--operation", "update"]) == 1
    assert "Tags" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b'{"DomainId": ', "This cannot be read as JSON. It ends too early (line 1, column 14)."),
        ("a.json", b'{\n\t"DomainId": "d",\n\t"UserSettings": {"A" 1}\n}', "Expecting ':' delimiter (line 3, "),
        ("a", b"{DomainId: d, UserSettings: ]", "This cannot be read as YAML. It breaks off: "),
        ("a.yaml", b"a: [1\nb: 2\n", "(line 2, column "),
        ("a", b"\xff\xfe\x00", "not a text in UTF-8"),
        ("a.json", b"[1, 2]", "It holds no request: it must be an object with DomainId and more, and is a list."),
        ("a", b"", "There is nothing to read."),
        ("a", b"a: \x07", "A character that YAML does not allow"),
        ("a", b"[" * 5000 + b"]" * 5000, "nested more than 100 deep"),
        ("a", b"Please send me the profile.", "This looks like none of the forms in which a request can be read"),
        ("a", b"x" * (1 << 21), "longer than 1 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert main(["check", str(file)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# -- sandbox, demo, serve ------------------------------------------------------------------------------------------


def test_the_sandbox_answers_boto3_until_it_is_stopped() -> None:
    with running("sandbox", until="Stop with") as (_, printed):
        client = boto3.client(
            "sagemaker",
            endpoint_url=address_in(printed, "sandbox:"),
            region_name="eu-west-1",
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )
        assert client.list_domains()["Domains"]


@pytest.mark.parametrize("command", [["demo"], ["serve", "--app"], ["sandbox"]])
def test_a_port_in_use_is_one_sentence(command: list[str], taken_port: int) -> None:
    answer = run(*command, "--port", str(taken_port))
    assert answer.returncode == 1
    assert str(taken_port) in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


class TakesThePort(io.StringIO):
    """Be a terminal; when something begins to start, take its port: what another process may do at that moment."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.other = socket.socket()

    def write(self, text: str) -> int:
        if "Starting" in text:
            self.other.bind(("127.0.0.1", self.port))
            self.other.listen()
        return super().write(text)


@pytest.mark.parametrize("command", [["demo"], ["serve", "--app"]])
def test_a_port_that_is_taken_at_the_last_moment_is_one_sentence(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = TakesThePort(free_port())
    monkeypatch.setattr(sys, "stdout", terminal)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert main([*command, "--no-browser", "--port", str(terminal.port)]) == 1
    finally:
        terminal.other.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    error = capsys.readouterr().err
    assert f"Port {terminal.port} is in use" in error
    assert error.count("\n") == 1


def test_an_installation_without_the_pages_notebook_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "HERE", tmp_path / "empty" / "page")
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert main(["serve", "--app", "--no-browser"]) == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    error = capsys.readouterr().err
    assert "install profile-widgets again" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("port", ["-4", "70000"])
def test_a_number_that_is_no_port_is_one_sentence(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", f"--port={port}"]) == 1
    assert capsys.readouterr().err == f"profile-widgets: {port} is not a port: choose a number from 1 to 65535.\n"


def test_serve_needs_a_notebook_that_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "no-such.ipynb"]) == 2
    assert "no-such.ipynb" in capsys.readouterr().err


def test_serve_asks_what_to_serve() -> None:
    answer = run("serve")
    assert answer.returncode == 2
    assert "NOTEBOOK" in answer.stderr


def test_demo_answers_at_the_address_that_it_prints_and_leaves_nothing_behind() -> None:
    with running("demo", "--no-browser", until="Stop with") as (_, printed):
        assert address_in(printed, "sandbox:")
        with urllib.request.urlopen(address_in(printed, "page:"), timeout=60) as reply:
            document = reply.read().decode()
    assert "Starting SageMaker user profile" in document


def test_demo_ends_on_ctrl_c_with_a_word() -> None:
    command = [*COMMAND, "demo", "--no-browser", "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Stop with" in line:
                break
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "Stopped.\n"
        assert process.wait(30) == 0
    assert family
    _, left = psutil.wait_procs(family, 20)
    assert not left


def test_serve_lets_the_kernel_act_as_the_profile_in_the_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.page.conftest import write_notebook

    credentials = tmp_path / "credentials"
    credentials.write_text("[ml]\naws_access_key_id = of-ml\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    source = "import boto3; s = boto3.Session(); print(f'key={s.get_credentials().access_key} region={s.region_name}')"
    notebook = write_notebook(tmp_path / "show.ipynb", source)
    options = ("--profile", "ml", "--region", "eu-central-1", "--no-browser", "--port", str(free_port()))
    with (
        running("serve", str(notebook), *options, until="Stop with") as (_, printed),
        urllib.request.urlopen(address_in(printed, "page:"), timeout=60) as reply,
    ):
        document = reply.read().decode()
    assert "key=of-ml region=eu-central-1" in document


def test_demo_keeps_the_persons_own_credentials_away_from_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from profile_widgets.page.settings import page_environment, sandbox_environment
    from profile_widgets.sandbox import Sandbox

    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:9")
    with Sandbox() as sandbox:
        environment = page_environment(sandbox_environment(os.environ, sandbox.environment), {})
        program = "import boto3; print(boto3.client('sagemaker').list_domains()['Domains'][0]['DomainId'])"
        answer = subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
    assert answer.stdout.startswith("d-")


# -- policy --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["self-service", "read-only", "administrator"])
def test_policy_check_explains_a_ready_policy(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", name, "--user", "alice", "--group", "administrators"]) == 0
    printed = capsys.readouterr().out
    assert "what alice of administrators may do" in printed
    assert "JupyterLabAppSettings" in printed


def test_policy_check_explains_what_somebody_unknown_may_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", "administrator"]) == 0
    assert "alice" not in capsys.readouterr().out


def test_policy_check_says_all_that_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "version: 1\ntitle: Mine\ncontact: us\nrules:\n  - for: everyone\n    edit: [DefaultLandingUrl, Nothing]\n"
    )
    answer = run("policy", "check", str(file))
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "mine.yaml:6:" in answer.stderr
    assert "DefaultLandingUri" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("name", ["no-such-policy", "no/such/file.yaml"])
def test_policy_check_says_that_a_policy_is_not_there(name: str) -> None:
    answer = run("policy", "check", name)
    assert answer.returncode == 2
    assert name in answer.stderr
    assert "Traceback" not in answer.stderr


def test_policy_show_prints_a_policy_that_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "self-service"]) == 0
    file = tmp_path / "mine.yaml"
    file.write_text(capsys.readouterr().out)
    assert main(["policy", "check", str(file), "--user", "alice"]) == 0
    assert main(["policy", "show", "none"]) == 2


def test_who_reads_the_beginning_only_sees_no_traceback() -> None:
    command = [*COMMAND, "policy", "check", "self-service", "--user", "alice"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""


# -- audit ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    file = tmp_path / "audit.jsonl"
    for name, operation, outcome in (
        ("alice", "sagemaker:UpdateUserProfile", "done"),
        ("alice", "sagemaker:UpdateUserProfile", "refused by policy"),
        ("bob", "sagemaker:DescribeUserProfile", "done"),
    ):
        change = [Change("UserSettings.DefaultLandingUri", None, "studio::")]
        AuditLog(file, Visitor(name, (), "proxy")).write(operation, outcome, profile=("d-1", name), changes=change)
    with file.open("a") as opened:
        opened.write("half a li")
    return file


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ([], 3),
        (["--visitor", "alice"], 2),
        (["--profile", "bob"], 1),
        (["--operation", "UpdateUserProfile"], 2),
        (["--outcome", "refused"], 1),
        (["--path", "UserSettings.DefaultLandingUri"], 3),
        (["--path", "defaultLandingUri", "--operation", "updateuserprofile", "--wide"], 2),
        (["--path", "Tags"], 0),
        (["--since", "1h"], 3),
        (["--since", "2999-01-01"], 0),
        (["--until", "2000-01-01T00:00Z"], 0),
        (["--visitor", "alice", "--outcome", "done"], 1),
    ],
)
def test_audit_shows_what_fits(audit: Path, filters: list[str], rows: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(audit), *filters, "--output", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["rows"]), found["garbled"]) == (rows, 1)
    assert main(["audit", str(audit), *filters]) == 0
    assert capsys.readouterr().out.count("proxy") == rows


@pytest.mark.parametrize("filters", [["--since", "soon"], ["--until", "12x"], ["--since", "99999999999999d"]])
def test_audit_says_how_a_time_is_written(audit: Path, filters: list[str]) -> None:
    answer = run("audit", str(audit), *filters)
    assert answer.returncode == 2
    assert "is not a time" in answer.stderr


def test_audit_says_that_a_file_is_not_there() -> None:
    answer = run("audit", "no-such-audit")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no-such-audit cannot be read" in answer.stderr


# -- a page for others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--ip", "0.0.0.0"], "would act with this server's AWS credentials"),
        (["--policy", "self-service"], "nothing here says who they are"),
        (["--policy", "self-service", "--identity", "proxy"], "A header can be sent by anybody"),
        (["--identity", "hub", "--policy", "self-service"], "JupyterHub"),
        (["--insecure-demo"], "for the sandbox only"),
        (["--allowed-host", "https://x"], "not a host's name"),
        (["--base-url", "x"], "not a base URL"),
        (["--idle-minutes", "0"], "idle time"),
        (["--audit", "x.jsonl"], "An audit is written for visitors under a policy"),
        (["--domain", "d-1"], "--domain has no effect on a page of your own"),
        (["--base-url", "/my/"], "--base-url has no effect on a page of your own"),
        (["--groups-header", "X-Groups"], "--groups-header has no effect on a page of your own"),
        (["--secret-file", "no-such-file"], "--secret-file has no effect on a page of your own"),
        (["--max-kernels", "3"], "--max-kernels has no effect on a page of your own"),
        (["--ip", "::1"], "--ip has no effect on a page of your own"),
        (["--sandbox", "--profile", "ml"], "--profile has no effect with --sandbox"),
        (["--sandbox", "--insecure-demo", "--identity-header", "X"], "--identity-header has no effect with --insecure"),
        (["--identity", "hub", "--policy", "self-service", "--secret-file", "x"], "which believes no header"),
        (["--max-kernels", "0"], "at least 1"),
        (["--identity", "proxy", "--identity-header", "X Foo"], "'X Foo' cannot be the header"),
        (["--identity", "proxy", "--secret-header", "X-Forwarded-User"], "must have different names"),
    ],
)
def test_serve_refuses_an_unsafe_start_with_the_reason(options: list[str], reason: str) -> None:
    answer = run("serve", "--app", "--no-browser", *options)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "this start would not be safe" in answer.stderr
    assert reason in answer.stderr
    assert "Traceback" not in answer.stderr


def test_serve_refuses_a_policy_with_faults_before_it_starts(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-thirty-two-characters")
    secret.chmod(0o600)
    policy = tmp_path / "mine.yaml"
    policy.write_text("version: 7\n")
    answer = run("serve", "--app", "--policy", str(policy), "--identity", "proxy", "--secret-file", str(secret))
    assert answer.returncode == 2
    assert "mine.yaml:1:" in answer.stderr


def test_serve_says_what_is_wrong_with_the_policy_beside_everything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("version: 7\n")
    assert main(["serve", "--app", "--identity", "proxy", "--policy", str(policy)]) == 2
    said = capsys.readouterr().err
    assert "A header can be sent by anybody" in said
    assert "mine.yaml:1:" in said


def test_serve_refuses_a_domain_for_a_policy_that_has_no_use_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-thirty-two-characters")
    secret.chmod(0o600)
    audit = tmp_path / "audit"
    audit.mkdir(mode=0o700)
    known = ["--identity", "proxy", "--secret-file", str(secret), "--audit", str(audit / "audit.jsonl")]
    assert main(["serve", "--app", *known, "--policy", "administrator", "--domain", "d-1"]) == 2
    assert "--domain has no effect with the policy administrator" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--visitors", "alice"],
        ["--audit", "x"],
        ["--policy", "self-service", "--visitors", "a b"],
        ["--policy", "self-service", "--visitors", "alice,bob,alice"],
    ],
)
def test_demo_says_what_does_not_fit_together(options: list[str]) -> None:
    answer = run("demo", "--no-browser", *options)
    assert answer.returncode == 2
    assert answer.stdout == ""


def test_demo_with_a_policy_gives_each_visitor_an_address_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The README's way to a closed page, up to the audit: the browser's part is in tests/browser."""
    audit = tmp_path / "folder" / "audit.jsonl"
    audit.parent.mkdir(mode=0o700)
    options = ["--policy", "self-service", "--visitors", "alice,bob", "--audit", str(audit), "--no-browser"]
    with running("demo", *options, until="Stop with") as (_, printed):
        addresses = {name: address_in(printed, f"{name}:") for name in ("alice", "bob")}
        for name, address in addresses.items():
            text = urllib.request.urlopen(address, timeout=120).read().decode()
            kernels = json.load(urllib.request.urlopen(f"{address}api/kernels", timeout=60))
            assert [each["id"] for each in kernels] == [re.findall(r'"kernelId": "([\w-]+)"', text)[0]], name
    assert main(["audit", str(audit), "--visitor", "alice", "--operation", "DescribeUserProfile"]) == 0


@pytest.mark.long
def test_serve_shows_a_page_to_those_whom_the_proxy_names(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-thirty-two-characters\n")
    secret.chmod(0o600)
    audit = tmp_path / "audit"
    audit.mkdir(mode=0o700)
    options = [
        "--policy",
        "read-only",
        "--identity",
        "proxy",
        "--secret-file",
        str(secret),
        "--sandbox",
        "--no-browser",
    ]
    where = ["--allowed-host", "profiles.example.com", "--base-url", "/my/", "--audit", str(audit / "audit.jsonl")]
    with running("serve", "--app", *options, *where, until="Stop with") as (_, printed):
        found = re.search(r"The page:\s*http://127\.0\.0\.1:(\d+)/my/\n", printed)
        assert found, printed
        assert "known by the header X-Forwarded-User" in printed
        assert secret.read_text().strip() not in printed
        alice = Visit(int(found[1]), {"X-Forwarded-User": "alice", "X-Page-Secret": secret.read_text().strip()}, "/my/")
        assert alice.get("api/kernels", Host="profiles.example.com").document == []
        assert alice.get("api/kernels", Host="evil.example.net").status == 421
        assert Visit(alice.port, base_url="/my/").get("").status == 403
        assert Visit(alice.port, alice.headers).get("").status == 404
