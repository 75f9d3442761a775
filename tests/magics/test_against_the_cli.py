"""Each option against the real AWS CLI on the same sandbox: the same profile afterwards, the same bytes on stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from profile_widgets.magics.options import options
from profile_widgets.model.shapes import CREATE as CREATION
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import CREATE, DOMAIN, SSO_DOMAIN, UPDATE, WHERE, Cli, Notebook, settings, stored
from tests.magics.tls import Tunnel, certificate

ROLE = "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"
COMMANDS = {CREATE: "create-user-profile", UPDATE: "update-user-profile"}
NEW = ("--domain-id", DOMAIN, "--user-profile-name", "bob")
TAGS = [{"Key": "team", "Value": "research"}, {"Key": "a b", "Value": "c=d é"}]
SETTINGS = {
    "ExecutionRole": ROLE,
    "SecurityGroups": ["sg-0a1b2c3d4e5f60718"],
    "RStudioServerProAppSettings": {"AccessStatus": "ENABLED", "UserGroup": "R_STUDIO_USER"},
    "KernelGatewayAppSettings": {
        "CustomImages": [{"ImageName": "a", "ImageVersionNumber": 2, "AppImageConfigName": "b"}],
        "LifecycleConfigArns": [],
    },
}
REQUEST = {"DomainId": DOMAIN, "UserProfileName": "bob", "Tags": TAGS, "UserSettings": SETTINGS}
STRANGE = "tab\t\"quotes\" 'more' $HOME `id` \\ é 🙂"


def shorthand() -> str:
    return (
        f"ExecutionRole={ROLE},SecurityGroups=sg-0a1b2c3d4e5f60718,sg-0b1b2c3d4e5f60718,"
        "RStudioServerProAppSettings={AccessStatus=ENABLED,UserGroup='R_STUDIO_USER'},"
        "KernelGatewayAppSettings={CustomImages=[{ImageName=a,AppImageConfigName=b,ImageVersionNumber=3}],"
        "LifecycleConfigArns=[]}"
    )


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write requests into files of the working folder, and of a home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLACE", "in a folder")
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS), "utf-8")
    (tmp_path / "request.json").write_text(json.dumps(REQUEST, indent=2), "utf-8")
    (tmp_path / "name.txt").write_text("bob", "utf-8")
    (tmp_path / "in a folder").mkdir()
    (tmp_path / "in a folder" / "tags.json").write_text(json.dumps(TAGS), "utf-8")
    return tmp_path


CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nothing but the profile": (UPDATE, WHERE),
    "joined values": (UPDATE, (f"--domain-id={DOMAIN}", "--user-profile-name=analyst-1")),
    "abbreviations": (UPDATE, ("--dom", DOMAIN, "--user-p=analyst-1", "--out", "text")),
    "domain-id, user-profile-name": (CREATE, NEW),
    "a name from a file": (CREATE, ("--domain-id", DOMAIN, "--user-profile-name", "file://name.txt")),
    "single-sign-on": (
        CREATE,
        (
            "--domain-id", SSO_DOMAIN, "--user-profile-name", "bob", "--single-sign-on-user-identifier", "UserName",
            "--single-sign-on-user-value", "bob@northwind.example",
        ),
    ),
    "tags as shorthand": (CREATE, (*NEW, "--tags", "Key=team,Value=research", "Key='a b',Value='c d'", "Key=e,Value=")),
    "tags as JSON": (CREATE, (*NEW, "--tags", json.dumps(TAGS))),
    "tags from a file": (CREATE, (*NEW, "--tags", "file://$PLACE/tags.json")),
    "no tags": (CREATE, (*NEW, "--tags")),
    "tags, and another option": (CREATE, (*NEW, "--tags", "Key=a,Value=b", "--output", "text")),
    "user-settings as JSON": (UPDATE, (*WHERE, "--user-settings", json.dumps(SETTINGS))),
    "user-settings as shorthand": (UPDATE, (*WHERE, "--user-settings", shorthand())),
    "user-settings from a file": (UPDATE, (*WHERE, "--user-settings", "file://settings.json")),
    "user-settings from home": (UPDATE, (*WHERE, "--user-settings", "file://~/settings.json")),
    "user-settings twice": (
        UPDATE, (*WHERE, "--user-settings", "StudioWebPortal=DISABLED", "--user-settings", "StudioWebPortal=ENABLED"),
    ),
    "an empty structure": (UPDATE, (*WHERE, "--user-settings", "{}")),
    "empty lists": (UPDATE, (*WHERE, "--user-settings", '{"SecurityGroups": []}')),
    "cli-input-json": (CREATE, ("--cli-input-json", json.dumps(REQUEST))),
    "cli-input-json from a file": (CREATE, ("--cli-input-json", "file://request.json")),
    "options beside cli-input-json": (
        CREATE, ("--cli-input-json", "file://request.json", "--user-profile-name", "carol", "--tags", "Key=x,Value=y"),
    ),
    "user-settings beside cli-input-json": (
        CREATE, ("--user-settings", "StudioWebPortal=ENABLED", "--cli-input-json", "file://request.json"),
    ),
    "generate-cli-skeleton output": (UPDATE, (*WHERE, "--generate-cli-skeleton", "output")),
    "generate-cli-skeleton output, queried": (
        CREATE, (*NEW, "--generate-cli-skeleton=output", "--query", "UserProfileArn", "--output", "text"),
    ),
    "output json": (UPDATE, (*WHERE, "--output", "json")),
    "output text": (UPDATE, (*WHERE, "--output", "text")),
    "output table": (UPDATE, (*WHERE, "--output", "table")),
    "query": (UPDATE, (*WHERE, "--query", "UserProfileArn")),
    "query as text": (UPDATE, (*WHERE, "--query", "UserProfileArn", "--output", "text")),
    "query as a table": (UPDATE, (*WHERE, "--query", "{Arn: UserProfileArn, None: x}", "--output", "table")),
    "query of nothing": (UPDATE, (*WHERE, "--query", "Nothing")),
    "query of nothing as text": (UPDATE, (*WHERE, "--query", "Nothing", "--output", "text")),
    "query of nothing as a table": (UPDATE, (*WHERE, "--query", "Nothing", "--output", "table")),
    "query with pipes and functions": (UPDATE, (*WHERE, "--query", "[UserProfileArn, split] | [0:1]")),
    "query for a list as text": (UPDATE, (*WHERE, "--query", "[UserProfileArn, `1`, `null`]", "--output", "text")),
    "query for a list as a table": (UPDATE, (*WHERE, "--query", "[UserProfileArn, `1`]", "--output", "table")),
    "color on": (UPDATE, (*WHERE, "--output", "table", "--color", "on")),
    "color off": (UPDATE, (*WHERE, "--output", "table", "--color", "off")),
    "color auto": (UPDATE, (*WHERE, "--output", "table", "--color", "auto")),
    "no-paginate": (UPDATE, (*WHERE, "--no-paginate")),
    "no-sign-request": (UPDATE, (*WHERE, "--no-sign-request")),
    "timeouts": (UPDATE, (*WHERE, "--cli-read-timeout", "30", "--cli-connect-timeout", "0")),
    "region": (UPDATE, (*WHERE, "--region", "eu-west-1")),
}  # fmt: skip
"""What is typed, for each option that both know, and more."""


def both(
    command: str, arguments: tuple[str, ...], notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any
) -> None:
    """Run a command in the CLI and, on the same state, as a magic; everything must be equal."""
    anew = "AWS_PROFILE" in os.environ or any("profile" in word or "skeleton" in word for word in arguments[4:])
    expected = aws.anew("sagemaker", COMMANDS[command], *arguments) if anew else aws(COMMANDS[command], *arguments)
    held = everything(sagemaker)
    sandbox.reset()
    ran = (notebook.update if command == UPDATE else notebook.create)(*arguments)
    assert ran.error is None, ran
    assert ran.stdout == expected.stdout
    assert everything(sagemaker) == held


def everything(sagemaker: Any) -> dict[str, Any]:
    """Return every profile that a test may touch."""
    names = [each["UserProfileName"] for each in sagemaker.list_user_profiles(DomainIdEquals=DOMAIN)["UserProfiles"]]
    found = {name: stored(sagemaker, name) for name in names if name in ("analyst-1", "bob", "carol")}
    others = sagemaker.list_user_profiles(DomainIdEquals=SSO_DOMAIN)["UserProfiles"]
    found |= {each["UserProfileName"]: stored(sagemaker, each["UserProfileName"], SSO_DOMAIN) for each in others}
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_magic_does_and_prints_what_the_cli_does(
    name: str, notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any, files: Path
) -> None:
    del files
    both(*CASES[name], notebook, aws, sandbox, sagemaker)


def test_a_text_with_everything_in_it_arrives_as_it_does_from_the_cli(
    notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any
) -> None:
    odd = {"SharingSettings": {"NotebookOutputOption": "Disabled", "S3OutputPath": f"s3://bucket/{STRANGE}"}}
    both(UPDATE, (*WHERE, "--user-settings", json.dumps(odd)), notebook, aws, sandbox, sagemaker)
    assert settings(sagemaker)["SharingSettings"]["S3OutputPath"].endswith(STRANGE)


@pytest.mark.parametrize(
    "text", [STRANGE, "a,StudioWebPortal=ENABLED", '["a", "b"]', "it's", "{a=b}", "x ", "a\\\\b\\"]
)
def test_a_python_value_in_shorthand_arrives_as_the_same_json_does_from_the_cli(
    text: str, notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any
) -> None:
    odd = {"SharingSettings": {"NotebookOutputOption": "Disabled", "S3OutputPath": f"s3://bucket/{text}"}}
    expected = aws("update-user-profile", *WHERE, "--user-settings", json.dumps(odd))
    held = everything(sagemaker)
    sandbox.reset()
    notebook.shell.user_ns["text"] = text
    value = "SharingSettings={NotebookOutputOption=Disabled,S3OutputPath=s3://bucket/{text}}"
    ran = notebook.run(f"%{UPDATE} {' '.join(WHERE)} --user-settings {value};")
    assert (ran.error, ran.stdout) == (None, expected.stdout)
    assert everything(sagemaker) == held
    assert settings(sagemaker)["SharingSettings"]["S3OutputPath"] == f"s3://bucket/{text}"


def test_a_settings_profile_of_the_configuration_is_found_as_the_cli_finds_it(
    notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = "aws_access_key_id = key\naws_secret_access_key = secret\n"
    config = f"[profile ml]\nregion = {sandbox.region}\nendpoint_url = {sandbox.endpoint_url}\noutput = table\n{keys}"
    (tmp_path / "config").write_text(config, "utf-8")
    for name in sandbox.environment:
        if name.startswith("AWS_") and "METADATA" not in name:
            monkeypatch.delenv(name)
    both(UPDATE, (*WHERE, "--profile", "ml"), notebook, aws, sandbox, sagemaker)
    both(UPDATE, (*WHERE, "--profile", "ml", "--output", "text"), notebook, aws, sandbox, sagemaker)
    monkeypatch.setenv("AWS_PROFILE", "ml")
    both(UPDATE, WHERE, notebook, aws, sandbox, sagemaker)
    monkeypatch.setenv("AWS_DEFAULT_OUTPUT", "text")
    both(UPDATE, WHERE, notebook, aws, sandbox, sagemaker)


def test_an_endpoint_and_a_region_are_taken_from_the_options(
    notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    where = ("--endpoint-url", sandbox.endpoint_url, "--region", sandbox.region)
    both(UPDATE, (*WHERE, *where), notebook, aws, sandbox, sagemaker)


@pytest.fixture
def tunnel(sandbox: Sandbox, tmp_path: Path) -> Iterator[Tunnel]:
    with Tunnel(sandbox.port, certificate(tmp_path / "authority.pem")) as tunnel:
        yield tunnel


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("options", [("--ca-bundle", "authority.pem"), ("--no-verify-ssl",)])
def test_a_certificate_is_believed_or_not_looked_at_when_that_is_said(
    options: tuple[str, ...],
    tunnel: Tunnel,
    notebook: Notebook,
    aws: Cli,
    sagemaker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    where = (*WHERE, "--endpoint-url", tunnel.url)
    changed = ("--user-settings", "StudioWebPortal=ENABLED")
    expected = aws("update-user-profile", *where, *options)
    ran = notebook.update(*where, *changed, *options)
    assert (ran.error, ran.stdout) == (None, expected.stdout)
    assert settings(sagemaker)["StudioWebPortal"] == "ENABLED"
    assert ("Certificates are not checked" in ran.stderr) == (options == ("--no-verify-ssl",))
    assert aws("update-user-profile", *where, code=255).stderr.strip()
    refused = notebook.update(*where)
    assert "TLS certificate of 127.0.0.1 could not be verified" in refused.text
    assert "Nothing was sent." in refused.text


def test_yaml_does_what_the_same_json_does(
    notebook: Notebook, aws: Cli, sandbox: Sandbox, sagemaker: Any, tmp_path: Path
) -> None:
    (tmp_path / "request.yaml").write_text(yaml.safe_dump(REQUEST), "utf-8")
    expected = aws("create-user-profile", "--cli-input-json", json.dumps(REQUEST))
    held = everything(sagemaker)
    notebook.shell.user_ns.update(
        request=yaml.safe_dump(REQUEST), tags=yaml.safe_dump(TAGS), settings=yaml.safe_dump(SETTINGS)
    )
    for value in ("file://request.yaml", "{request}"):
        sandbox.reset()
        ran = notebook.create("--cli-input-yaml", value)
        assert (ran.error, ran.stdout) == (None, expected.stdout)
        assert everything(sagemaker) == held
    sandbox.reset()
    ran = notebook.create(*NEW, "--tags", "{tags}", "--user-settings", "{settings}")
    assert (ran.error, ran.stdout) == (None, expected.stdout)
    assert everything(sagemaker) == held


def test_yaml_is_printed_as_version_2_of_the_cli_documents_it(notebook: Notebook) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN}/analyst-1"
    assert notebook.update(*WHERE, "--output", "yaml").stdout == f"UserProfileArn: {arn}\n"
    assert notebook.update(*WHERE, "--output", "yaml-stream").stdout == f"- UserProfileArn: {arn}\n"


def test_skeletons_go_both_ways(notebook: Notebook, aws: Cli, sagemaker: Any, tmp_path: Path) -> None:
    theirs = json.loads(aws.anew("sagemaker", "create-user-profile", "--generate-cli-skeleton").stdout)
    ours = json.loads(notebook.create("--generate-cli-skeleton").stdout)
    assert names(ours) == names(theirs)
    filled = {"DomainId": DOMAIN, "UserProfileName": "bob"}
    theirs["UserSettings"]["ExecutionRole"] = ROLE
    (tmp_path / "theirs.json").write_text(json.dumps({**theirs, **filled}), "utf-8")
    ran = notebook.create("--cli-input-json", "file://theirs.json")
    assert ran.error is None, ran
    assert stored(sagemaker, "bob")["UserSettings"] == {"ExecutionRole": ROLE}
    assert "warning" in ran.stderr
    ours_filled = {**ours, **filled, "UserProfileName": "carol"}
    for name in ("SingleSignOnUserIdentifier", "SingleSignOnUserValue", "Tags", "UserSettings"):
        del ours_filled[name]
    aws("create-user-profile", "--cli-input-json", json.dumps(ours_filled))
    assert stored(sagemaker, "carol")["UserProfileName"] == "carol"
    yaml_skeleton = notebook.create("--generate-cli-skeleton", "yaml-input").stdout
    assert names(yaml.safe_load(yaml_skeleton)) == names(theirs)
    assert "#" in yaml_skeleton


def names(document: Any) -> Any:
    """Return a document with its names only."""
    if isinstance(document, dict):
        return {name: names(value) for name, value in document.items()}
    return [names(each) for each in document] if isinstance(document, list) else None


def test_the_skeleton_without_a_value_is_that_of_the_input_and_asks_for_nothing(
    notebook: Notebook, sandbox: Sandbox
) -> None:
    assert notebook.update("--generate-cli-skeleton").stdout == notebook.update("--generate-cli-skeleton=input").stdout
    assert sandbox.calls == ()


def test_the_version_is_told_as_the_cli_tells_its_own(notebook: Notebook, aws: Cli) -> None:
    theirs = aws.anew("--version").stdout
    ours = notebook.update("--version").stdout
    assert ours.startswith("profile-widgets/")
    assert ours.endswith("\n")
    assert {word.partition("/")[0] for word in theirs.split()} - {"aws-cli"} <= {
        word.partition("/")[0] for word in ours.split()
    }


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (UPDATE, (*WHERE, "--user-settings", shorthand(), "--output", "table")),
        (CREATE, (*NEW, "--tags", "Key=a,Value=b", "--query", "UserProfileArn")),
    ],
)
def test_a_whole_aws_process_does_and_prints_the_same(
    command: str, arguments: tuple[str, ...], notebook: Notebook, sandbox: Sandbox, sagemaker: Any
) -> None:
    program = str(Path(sys.executable).parent / "aws")
    ended = subprocess.run(
        [program, "sagemaker", COMMANDS[command], *arguments],
        env={**os.environ, "PYTHONWARNINGS": "ignore"}, capture_output=True, encoding="utf-8", check=True, timeout=120,
    )  # fmt: skip
    held = everything(sagemaker)
    sandbox.reset()
    ran = (notebook.update if command == UPDATE else notebook.create)(*arguments)
    assert (ran.error, ran.stdout) == (None, ended.stdout)
    assert everything(sagemaker) == held


ELSEWHERE = {
    "cli-input-yaml": "here", "generate-cli-skeleton": "here", "endpoint-url": "here", "no-verify-ssl": "here",
    "ca-bundle": "here", "profile": "here", "version": "here", "debug": "test_trouble", "no-cli-pager": "test_terminal",
    "cli-auto-prompt": "test_kernel", "no-cli-auto-prompt": "test_kernel", "cli-binary-format": "test_running",
}  # fmt: skip
"""Options whose test is not in the table above, and where it is."""


def test_no_option_is_left_out() -> None:
    typed = " ".join(word for _, arguments in CASES.values() for word in arguments)
    assert not [row.flag for row in options(CREATION).values() if row.flag not in typed and row.name not in ELSEWHERE]
    folder = Path(__file__).parent
    for name, place in ELSEWHERE.items():
        module = Path(__file__) if place == "here" else folder / f"{place}.py"
        assert f"--{name}" in module.read_text("utf-8")
