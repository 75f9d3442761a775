"""Whose Studio this is: the metadata of the space, and whom AWS names as its owner."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from profile_widgets.aws import studio
from profile_widgets.aws.gateway import Gateway
from profile_widgets.sandbox import Sandbox

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:app/d-9xk2m4tq7abc/analyst-1-lab/JupyterLab/default"


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """Return a function that writes a metadata file, of members or of a text."""

    def write(text: str | bytes = "", **members: Any) -> Path:
        path = tmp_path / "resource-metadata.json"
        raw = json.dumps(members) if members else text
        path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return path

    return write


def space(told: Any, domain_id: str, name: str) -> Path:
    path: Path = told(AppType="JupyterLab", DomainId=domain_id, SpaceName=name, ResourceArn=ARN, ResourceName="default")
    return path


async def test_outside_of_studio_there_is_nothing(gateway: Gateway, sandbox: Sandbox, tmp_path: Path) -> None:
    assert await studio.here(gateway, tmp_path / "missing.json") is None
    assert await studio.here(gateway, tmp_path) is None
    assert sandbox.calls == ()


async def test_a_notebook_instance_is_not_studio(gateway: Gateway, told: Any) -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/ana"
    assert await studio.here(gateway, told(ResourceArn=arn, ResourceName="ana")) is None


async def test_a_user_profile_is_named_by_the_file_alone(
    gateway: Gateway, sandbox: Sandbox, told: Any, domain_id: str
) -> None:
    path = told(AppType="KernelGateway", DomainId=domain_id, UserProfileName="analyst-1", ResourceArn=ARN)
    found = await studio.here(gateway, path)
    assert found == studio.Found(domain_id, "analyst-1", region="eu-west-1", account="123456789012")
    assert found.source == "Found in the metadata of this Studio."
    assert sandbox.calls == ()


async def test_of_a_private_space_aws_names_the_owner(
    gateway: Gateway, sandbox: Sandbox, told: Any, domain_id: str
) -> None:
    found = await studio.here(gateway, space(told, domain_id, "analyst-1-lab"))
    assert found is not None
    assert (found.domain_id, found.name, found.note) == (domain_id, "analyst-1", "")
    assert "as the owner of the space “analyst-1-lab”" in found.source
    (call,) = sandbox.calls
    assert (call.operation, call.parameters) == (
        "DescribeSpace",
        {"DomainId": domain_id, "SpaceName": "analyst-1-lab"},
    )


async def test_a_shared_space_tells_the_domain_and_not_whose_profile(
    gateway: Gateway, told: Any, domain_id: str
) -> None:
    found = await studio.here(gateway, space(told, domain_id, "reading-group"))
    assert found is not None
    assert (found.domain_id, found.name) == (domain_id, "")
    assert "“reading-group” is shared" in found.note
    assert "Its owner is ml-lead" in found.note


async def test_a_space_without_an_owner_tells_the_domain(wire: Any, told: Any, domain_id: str) -> None:
    gateway = Gateway(
        wire(wire.reply({"SpaceName": "x", "SpaceSharingSettings": {"SharingType": "Shared"}})).connection()
    )
    found = await studio.here(gateway, space(told, domain_id, "x"))
    assert found is not None
    assert (found.name, found.note.endswith("whose profile you want.")) == ("", True)
    gateway.close()
    gateway = Gateway(wire(wire.reply({"SpaceName": "x"})).connection())
    found = await studio.here(gateway, space(told, domain_id, "x"))
    assert found is not None
    assert (found.name, found.note) == ("", "AWS names no owner of the Studio space “x”.")
    gateway.close()


async def test_a_space_that_may_not_be_described_is_a_sentence(
    gateway: Gateway, sandbox: Sandbox, told: Any, domain_id: str
) -> None:
    sandbox.deny("sagemaker:DescribeSpace")
    found = await studio.here(gateway, space(told, domain_id, "analyst-1-lab"))
    assert found is not None
    assert (found.domain_id, found.name) == (domain_id, "")
    assert found.note.startswith("Whose Studio space “analyst-1-lab” is could not be learned.")
    assert "may not use sagemaker:DescribeSpace" in found.note


async def test_a_space_that_is_gone_is_a_sentence(gateway: Gateway, told: Any, domain_id: str) -> None:
    found = await studio.here(gateway, space(told, domain_id, "no-such-space"))
    assert found is not None
    assert found.name == ""
    assert f"There is no space “no-such-space” in domain {domain_id} in region eu-west-1" in found.note


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '"d-1"', b"\xff\xfe\x00", "[" * 100_000, '{"a": "' + "x" * 70_000 + '"}', "{}"],
)
async def test_garbage_is_a_sentence_and_no_profile(gateway: Gateway, sandbox: Sandbox, told: Any, text: Any) -> None:
    found = await studio.here(gateway, told(text))
    assert found == studio.Found(note=studio.GARBAGE)
    assert sandbox.calls == ()


@pytest.mark.parametrize(
    "members",
    [
        {"DomainId": "d-1"},
        {"DomainId": "<b>d-1</b>", "UserProfileName": "ana"},
        {"DomainId": ["d-1"], "UserProfileName": "ana"},
        {"DomainId": "d-1", "UserProfileName": "<img src=x onerror=alert(1)>"},
        {"DomainId": "d-1", "SpaceName": "../../x"},
        {"DomainId": "d-1", "UserProfileName": {"a": 1}},
        {"DomainId": "d-1", "UserProfileName": "x" * 64},
        {"DomainId": None, "UserProfileName": "ana"},
    ],
)
async def test_what_aws_does_not_allow_for_ids_and_names_is_not_sent_to_it(
    gateway: Gateway, sandbox: Sandbox, told: Any, members: dict[str, Any]
) -> None:
    assert await studio.here(gateway, told(**members)) == studio.Found(note=studio.GARBAGE)
    assert sandbox.calls == ()


@pytest.mark.parametrize("arn", [None, 7, "arn", "x:y:z:us-east-1:1:app/x", ["arn"]])
async def test_an_arn_that_is_none_leaves_the_region_open(told: Any, arn: Any) -> None:
    found = studio.read(told(DomainId="d-1", UserProfileName="ana", ResourceArn=arn))
    assert found == studio.Found("d-1", "ana")


async def test_a_file_that_may_not_be_read_is_a_sentence(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = told(DomainId="d-1", UserProfileName="ana")
    if os.geteuid() == 0:

        def refuse(*_arguments: object, **_options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    else:
        path.chmod(0)
    found = studio.read(path)
    assert found is not None
    assert found.note == "The file that says which Studio space this is could not be read: Permission denied."


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert studio.read(tmp_path / "pipe") is None


async def test_the_environment_may_name_another_file(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(studio.VARIABLE, str(told(DomainId="d-1", UserProfileName="ana")))
    assert studio.read() == studio.Found("d-1", "ana")
