"""The main job over HTTP: list, describe, create, update, tag, delete."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.aws.answers import short_name
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.errors import CredentialsError
from profile_widgets.sandbox import Sandbox


async def test_the_domains_of_the_account_are_listed(gateway: Gateway, domain_id: str) -> None:
    found = await gateway.list_domains()
    assert {row.domain_id: row.name for row in found.rows}[domain_id] == "research"
    assert all(row.arn and row.status and row.created for row in found.rows)


async def test_the_profiles_of_a_domain_are_listed_with_their_status(gateway: Gateway, domain_id: str) -> None:
    statuses = {row.name: row.status for row in (await gateway.list_user_profiles(domain_id)).rows}
    assert statuses["analyst-1"] == "InService"
    assert statuses["new-hire-7"] == "Failed"


async def test_a_profile_is_described_as_boto3_describes_it(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    client = sandbox.connection.client("sagemaker")
    for row in (await gateway.list_user_profiles(domain_id)).rows:
        theirs = client.describe_user_profile(DomainId=domain_id, UserProfileName=row.name)
        ours = await gateway.describe_user_profile(domain_id, row.name)
        assert ours.document == {name: value for name, value in theirs.items() if name != "ResponseMetadata"}
        assert ours.settings == theirs.get("UserSettings")
        assert ours.raw.get("UserSettings") == theirs.get("UserSettings")
        assert (ours.name, ours.status, ours.arn) == (row.name, row.status, theirs["UserProfileArn"])
        assert ours.failure_reason == theirs.get("FailureReason", "")
        assert ours.unknown == ()


async def test_a_domain_is_described_with_what_its_profiles_inherit(gateway: Gateway, domain_id: str) -> None:
    domain = await gateway.describe_domain(domain_id)
    assert (domain.auth_mode, domain.network, domain.status) == ("IAM", "VpcOnly", "InService")
    assert domain.settings is not None
    assert domain.settings["ExecutionRole"].startswith("arn:aws:iam::")


async def test_a_profile_is_created_updated_and_deleted(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    request: dict[str, Any] = {
        "DomainId": domain_id,
        "UserProfileName": "analyst-2",
        "Tags": [{"Key": "team", "Value": "risk"}],
        "UserSettings": {"SecurityGroups": [], "JupyterLabAppSettings": {"LifecycleConfigArns": []}},
    }
    answer = await gateway.create_user_profile(request)
    assert answer.arn.endswith(f"/{domain_id}/analyst-2")
    assert answer.request_id
    created = await gateway.follow(domain_id, "analyst-2", interval=0.01)
    assert created.settings == request["UserSettings"]
    await gateway.update_user_profile(
        {"DomainId": domain_id, "UserProfileName": "analyst-2", "UserSettings": {"DefaultLandingUri": "studio::"}}
    )
    updated = await gateway.describe_user_profile(domain_id, "analyst-2")
    assert updated.settings == {**request["UserSettings"], "DefaultLandingUri": "studio::"}
    await gateway.delete_user_profile(domain_id, "analyst-2")
    await gateway.follow_deletion(domain_id, "analyst-2", interval=0.01)
    writes = [call.operation for call in sandbox.calls if not call.operation.startswith(("Describe", "List"))]
    assert writes == ["CreateUserProfile", "UpdateUserProfile", "DeleteUserProfile"]


async def test_tags_are_read_added_changed_and_taken_off(gateway: Gateway, domain_id: str) -> None:
    arn = (await gateway.describe_user_profile(domain_id, "bare")).arn
    before = await gateway.list_tags(arn)
    await gateway.add_tags(arn, {"one": "1", "two": "2"})
    await gateway.add_tags(arn, {"two": "3"})
    assert await gateway.list_tags(arn) == {**before, "one": "1", "two": "3"}
    await gateway.delete_tags(arn, ["one", "two"])
    assert await gateway.list_tags(arn) == before


async def test_running_apps_are_seen(gateway: Gateway, sandbox: Sandbox, domain_id: str) -> None:
    sandbox.run_app(domain_id, "bare", app_type="JupyterServer")
    (app,) = (await gateway.list_apps(domain_id, "bare")).rows
    assert (app.kind, app.status, app.profile, app.running) == ("JupyterServer", "InService", "bare", True)
    sandbox.stop_app(domain_id, "bare", app_type="JupyterServer")
    assert not any(app.running for app in (await gateway.list_apps(domain_id, "bare")).rows)


async def test_the_caller_is_known_by_account_arn_and_a_short_name(gateway: Gateway) -> None:
    caller = await gateway.caller()
    assert (caller.account, caller.name) == ("123456789012", "sandbox")
    assert caller.arn == "arn:aws:iam::123456789012:user/sandbox"


async def test_nobody_is_known_to_send_unsigned_requests(sandbox: Sandbox) -> None:
    gateway = Gateway(sandbox.connection.replace(unsigned=True))
    with pytest.raises(CredentialsError, match="unsigned"):
        await gateway.caller()
    gateway.close()


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:sts::1:assumed-role/DataScientist/ana", "DataScientist/ana"),
        ("arn:aws:iam::1:user/ana", "ana"),
        ("arn:aws:iam::1:user/team/ana", "ana"),
        ("arn:aws:sts::1:federated-user/ana", "ana"),
        ("arn:aws:iam::1:root", "root"),
    ],
)
def test_a_caller_has_a_short_name(arn: str, name: str) -> None:
    assert short_name(arn) == name


async def test_without_a_connection_the_settings_of_the_environment_hold(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    gateway = Gateway()
    assert gateway.connection.is_sandbox
    assert len((await gateway.list_domains()).rows) == 2
    gateway.close()


async def test_a_setting_that_is_changed_holds_for_the_next_call(sandbox: Sandbox) -> None:
    gateway = Gateway(Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:9", attempts=1))
    gateway.connection.endpoint_url = sandbox.endpoint_url
    gateway.connection.credentials = sandbox.connection.credentials
    assert len((await gateway.list_domains()).rows) == 2
    gateway.close()


async def test_lifecycle_configurations_come_with_the_type_of_their_apps(gateway: Gateway) -> None:
    found = await gateway.list_lifecycle_configs()
    assert set(found.values()) <= {"JupyterServer", "KernelGateway", "JupyterLab", "CodeEditor"}
    assert all(arn.startswith("arn:aws:sagemaker:") for arn in found)
    assert found
