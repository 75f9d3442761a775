"""What a kernel is told by its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from profile_widgets.page.surroundings import Surroundings, nobodys_json, whose_json
from profile_widgets.served import Visitor

SERVERS = {
    "PATH": "/bin",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_PROFILE": "admin",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/run/token",
    "AWS_ROLE_ARN": "arn",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/run/pod",
    "AWS_SHARED_CREDENTIALS_FILE": "/data/credentials",
    "JUPYTERHUB_API_TOKEN": "of-the-hub",
    "JPY_API_TOKEN": "of-the-hub",
    "CONFIGPROXY_AUTH_TOKEN": "of-the-proxy",
    "JUPYTER_TOKEN": "of-jupyter",
    "PROFILE_WIDGETS_VISITOR": "of-the-server",
    "PROFILE_WIDGETS_WHOSE": "of-the-server",
    "PROFILE_WIDGETS_POLICY": "of-the-server",
    "PROFILE_WIDGETS_AUDIT": "of-the-server",
    "PROFILE_WIDGETS_ACTS_AS": "of-the-server",
    "PROFILE_WIDGETS_DATA_DIR": "/data",
}
ALICE = Visitor("alice", ("ml",), "proxy")


def test_a_kernel_knows_its_visitor_and_nothing_of_the_servers_own() -> None:
    told = Surroundings("self-service", "/a.jsonl", "As the server.").of(SERVERS, ALICE, whose_json("d-1", "alice"))
    assert Visitor.from_json(told["PROFILE_WIDGETS_VISITOR"]) == ALICE
    assert told["PROFILE_WIDGETS_WHOSE"] == '{"DomainId": "d-1", "UserProfileName": "alice"}'
    assert (told["PROFILE_WIDGETS_POLICY"], told["PROFILE_WIDGETS_AUDIT"]) == ("self-service", "/a.jsonl")
    assert told["PROFILE_WIDGETS_ACTS_AS"] == "As the server."
    assert told["PROFILE_WIDGETS_DATA_DIR"] == "/data"
    assert not [value for value in told.values() if value.startswith("of-")]


def test_what_the_server_does_not_say_is_not_said_by_its_environment_either() -> None:
    told = Surroundings().of(SERVERS, ALICE)
    assert {name for name in told if name.startswith("PROFILE_WIDGETS")} == {
        "PROFILE_WIDGETS_VISITOR",
        "PROFILE_WIDGETS_DATA_DIR",
    }


def test_credentials_of_the_visitors_own_take_the_place_of_every_other_way_to_some() -> None:
    lent = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/credentials/1", "AWS_REGION": "eu-central-1"}
    told = Surroundings().of(SERVERS, ALICE, credentials=lent, acts_as="In your name.")
    assert {name: told[name] for name in told if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **lent,
    }
    assert told["BOTO_CONFIG"] == os.devnull
    assert told["PROFILE_WIDGETS_LENT"] == "1"
    assert told["PROFILE_WIDGETS_ACTS_AS"] == "In your name."


def test_without_any_the_servers_own_stay() -> None:
    told = Surroundings().of({**SERVERS, "PROFILE_WIDGETS_LENT": "of-another"}, ALICE)
    assert told["AWS_PROFILE"] == "admin"
    assert not {"AWS_CONFIG_FILE", "PROFILE_WIDGETS_LENT"} & set(told)


FILES = {
    ".aws/credentials": "[default]\naws_access_key_id = of-the-server\naws_secret_access_key = secret\n",
    ".aws/config": "[default]\naws_access_key_id = of-the-server\naws_secret_access_key = secret\n",
    ".boto": "[Credentials]\naws_access_key_id = of-the-server\naws_secret_access_key = secret\n",
}


@pytest.mark.parametrize("file", FILES)
def test_what_stands_in_files_of_the_servers_home_is_no_kernels(tmp_path: Path, file: str) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / file).write_text(FILES[file])
    servers = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    program = "import boto3; found = boto3.Session().get_credentials(); print(found and found.access_key)"

    def found(environment: dict[str, str]) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    assert found(Surroundings().of(servers, ALICE)) == "of-the-server"
    assert found(Surroundings().of(servers, ALICE, credentials={})) == "None"


def test_why_nobody_has_a_profile_is_told_as_a_sentence() -> None:
    assert nobodys_json("No “alice” here.") == '{"error": "No \\u201calice\\u201d here."}'
