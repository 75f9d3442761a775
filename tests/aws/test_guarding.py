"""No path of Python goes round the policy on the wire: the sandbox's own list of calls is the witness."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from profile_widgets import auditing
from profile_widgets.aws.auditing import AuditLog
from profile_widgets.aws.connection import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.guarding import Guard
from profile_widgets.checks.policy import Grant, Policy
from profile_widgets.checks.policy.rules import Rule
from profile_widgets.errors import AccessDenied, LockedFieldError, PolicyRefused
from profile_widgets.model import diff
from profile_widgets.model.documents import Document, get, is_within, join, put
from profile_widgets.model.merging import over
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor
from tests.documents import documents

DOMAIN, SSO_DOMAIN = "d-9xk2m4tq7abc", "d-4hw8zr1ns5ke"
OWN = (DOMAIN, "analyst-1")
ALICE = Visitor("analyst-1", ("ml",), "proxy")
ROLE = "arn:aws:iam::123456789012:role/SageMakerAdministrator"
ARN = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN}/analyst-1"
WRITES = {"CreateUserProfile", "UpdateUserProfile", "DeleteUserProfile", "AddTags", "DeleteTags", "UpdateDomain"}
INSTANCE = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
STORAGE = "SpaceStorageSettings.DefaultEbsStorageSettings"
EDITABLE = (
    INSTANCE,
    "DefaultLandingUri",
    f"{STORAGE}.DefaultEbsVolumeSizeInGb",
    f"{STORAGE}.MaximumEbsVolumeSizeInGb",
    "StudioWebPortalSettings.HiddenMlTools",
)
TYPES = ("ml.t3.medium", "ml.t3.large", "ml.m5.large")
DOCUMENT: Document = {
    "version": 1,
    "title": "Tests",
    "contact": "ops@example.com",
    "profile": {"template": "{user}", "domain_id": DOMAIN},
    "rules": [
        {
            "for": "everyone",
            "profiles": "own",
            "operations": ["*", "UpdateUserProfile"],
            "edit": [f"{each}?" if each.endswith("HiddenMlTools") else each for each in EDITABLE],
            "read": ["*"],
            "allow": {INSTANCE: {"values": list(TYPES)}},
        }
    ],
}


def policy(**changes: Any) -> Policy:
    """Return the policy of these tests, its one rule changed."""
    rule = {name: value for name, value in {**DOCUMENT["rules"][0], **changes}.items() if value is not None}
    return Policy.from_document({**DOCUMENT, "rules": [rule]})


def grant(**changes: Any) -> Grant:
    return policy(**changes).grant(ALICE, OWN)


@pytest.fixture
def audit(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit.jsonl", ALICE)


@pytest.fixture
def guarded(sandbox: Sandbox, audit: AuditLog) -> Connection:
    connection = sandbox.connection.replace()
    connection.protect(Guard(grant(), audit))
    return connection


@pytest.fixture(scope="module")
def stored(shared_sandbox: Sandbox) -> Callable[..., Document]:
    """Return what tells a profile's settings by a way of its own."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")
    client = session.client("sagemaker", endpoint_url=shared_sandbox.endpoint_url)

    def ask(name: str = "analyst-1", domain_id: str = DOMAIN) -> Document:
        found = client.describe_user_profile(DomainId=domain_id, UserProfileName=name)
        return dict(found.get("UserSettings", {}))

    return ask


def writes(sandbox: Sandbox) -> list[str]:
    return [each.operation for each in sandbox.calls if each.operation in WRITES]


def update(client: Any, name: str = "analyst-1", domain_id: str = DOMAIN, **members: Any) -> Any:
    return client.update_user_profile(DomainId=domain_id, UserProfileName=name, UserSettings=members)


@pytest.fixture(scope="module")
def shared(shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Connection:
    """Return a guarded connection that is made once."""
    connection = shared_sandbox.connection.replace()
    connection.protect(Guard(grant(), AuditLog(tmp_path_factory.mktemp("audit") / "audit.jsonl", ALICE)))
    return connection


@pytest.fixture(scope="module")
def every_client(shared: Connection) -> dict[str, Any]:
    """Return every kind of client that a connection hands out."""
    return {
        "read": shared.client("sagemaker"),
        "write": shared.client("sagemaker", write=True),
        "of a copy": shared.replace(read_timeout=7.0).client("sagemaker"),
    }


FORBIDDEN: dict[str, Callable[[Any, Document], Any]] = {
    "a locked leaf": lambda client, _: update(client, ExecutionRole=ROLE),
    "a locked list": lambda client, _: update(client, SecurityGroups=[]),
    "a value that is not allowed": lambda client, _: update(
        client, JupyterLabAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.p4d.24xlarge"}}
    ),
    "a locked leaf beside an open one": lambda client, now: update(
        client,
        JupyterLabAppSettings={
            **now["JupyterLabAppSettings"],
            "DefaultResourceSpec": {"InstanceType": "ml.t3.large", "LifecycleConfigArn": "None"},
        },
    ),
    "a structure without the locked leaves that are stored": lambda client, _: update(
        client, JupyterLabAppSettings={"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}
    ),
    "an emptied structure": lambda client, _: update(client, JupyterLabAppSettings={}),
    "a shorter list of structures": lambda client, now: update(
        client,
        JupyterLabAppSettings={
            **now["JupyterLabAppSettings"],
            "CustomImages": now["JupyterLabAppSettings"]["CustomImages"][:1],
        },
    ),
    "a list of structures in another order": lambda client, now: update(
        client,
        JupyterLabAppSettings={
            **now["JupyterLabAppSettings"],
            "CustomImages": now["JupyterLabAppSettings"]["CustomImages"][::-1],
        },
    ),
    "another profile": lambda client, _: update(client, "ml-lead", DefaultLandingUri="studio::"),
    "another domain": lambda client, _: update(client, "marin-r", SSO_DOMAIN, DefaultLandingUri="studio::"),
    "one's name in another domain": lambda client, _: update(client, domain_id=SSO_DOMAIN, DefaultLandingUri="x::"),
    "a new profile": lambda client, _: client.create_user_profile(DomainId=DOMAIN, UserProfileName="mallory"),
    "a deletion": lambda client, _: client.delete_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1"),
    "tags": lambda client, _: client.add_tags(ResourceArn=ARN, Tags=[{"Key": "admin", "Value": "yes"}]),
    "the domain": lambda client, _: client.update_domain(DomainId=DOMAIN),
    "a way into Studio": lambda client, _: client.create_presigned_domain_url(
        DomainId=DOMAIN, UserProfileName="ml-lead"
    ),
    "somebody else's settings": lambda client, _: client.describe_user_profile(
        DomainId=DOMAIN, UserProfileName="ml-lead"
    ),
    "everybody's names": lambda client, _: client.list_user_profiles(DomainIdEquals=DOMAIN),
    "everybody's names by pages": lambda client, _: list(
        client.get_paginator("list_user_profiles").paginate(DomainIdEquals=DOMAIN)
    ),
    "all names there are": lambda client, _: client.list_user_profiles(),
    "somebody else's apps": lambda client, _: client.list_apps(DomainIdEquals=DOMAIN, UserProfileNameEquals="ml-lead"),
    "everybody's apps": lambda client, _: client.list_apps(DomainIdEquals=DOMAIN),
    "another domain's settings": lambda client, _: client.describe_domain(DomainId=SSO_DOMAIN),
    "somebody else's tags": lambda client, _: client.list_tags(ResourceArn=ARN.replace("analyst-1", "ml-lead")),
    "the domain's tags": lambda client, _: client.list_tags(
        ResourceArn=f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{DOMAIN}"
    ),
    "a signed address": lambda client, _: client.generate_presigned_url(
        "update_user_profile",
        Params={"DomainId": DOMAIN, "UserProfileName": "analyst-1", "UserSettings": {"ExecutionRole": ROLE}},
    ),
}


@pytest.mark.parametrize("call", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_raw_client_cannot_do_what_the_policy_forbids(
    every_client: dict[str, Any],
    sandbox: Sandbox,
    stored: Callable[..., Document],
    call: Callable[[Any, Document], Any],
) -> None:
    before = stored()
    for client in every_client.values():
        with pytest.raises(PolicyRefused) as caught:
            call(client, before)
        assert str(caught.value).rstrip().endswith(".")
    assert writes(sandbox) == []
    assert stored() == before


def test_what_the_policy_allows_goes_through_every_client(
    every_client: dict[str, Any], sandbox: Sandbox, stored: Callable[..., Document]
) -> None:
    for (kind, client), value in zip(every_client.items(), TYPES, strict=True):
        lab = stored()["JupyterLabAppSettings"]
        lab["DefaultResourceSpec"] = {**lab["DefaultResourceSpec"], "InstanceType": value}
        update(client, JupyterLabAppSettings=lab)
        assert stored()["JupyterLabAppSettings"] == lab, kind
        sandbox.settle()
    assert writes(sandbox) == ["UpdateUserProfile"] * 3


def test_a_client_that_was_made_before_is_guarded_too(sandbox: Sandbox) -> None:
    connection = sandbox.connection.replace()
    before = connection.client("sagemaker")
    connection.renew()
    connection.protect(Guard(grant()))
    with pytest.raises(PolicyRefused):
        update(before, ExecutionRole=ROLE)
    assert writes(sandbox) == []


def test_the_comparison_is_with_what_is_stored_at_that_moment(guarded: Connection, sandbox: Sandbox) -> None:
    client = guarded.client("sagemaker")
    stale = client.describe_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1")["UserSettings"]
    update(sandbox.connection.client("sagemaker"), ExecutionRole=ROLE)  # an administrator, meanwhile
    sandbox.settle()
    with pytest.raises(PolicyRefused, match="Execution role"):
        update(client, ExecutionRole=stale["ExecutionRole"])


def test_what_cannot_be_compared_is_not_sent(guarded: Connection, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:DescribeUserProfile")
    with pytest.raises(PolicyRefused, match="could not be read before"):
        update(guarded.client("sagemaker"), DefaultLandingUri="studio::")
    assert writes(sandbox) == []


# -- hooks that come later -----------------------------------------------------------------------------------------


def swap_parameters(params: Any, **_event: Any) -> None:
    params["UserSettings"] = {"ExecutionRole": ROLE}


def give_parameters(params: Any, **_event: Any) -> Any:
    return {**params, "UserSettings": {"ExecutionRole": ROLE}}


def swap_body(params: Any, **_event: Any) -> None:
    body = json.loads(params["body"])
    params["body"] = json.dumps({**body, "UserSettings": {"ExecutionRole": ROLE}}).encode()


def swap_operation(params: Any, **_event: Any) -> None:
    params["headers"]["X-Amz-Target"] = "SageMaker.DeleteUserProfile"


def swap_data(request: Any, **_event: Any) -> None:
    request.data = json.dumps({**json.loads(request.data), "UserSettings": {"ExecutionRole": ROLE}}).encode()


def swap_name(request: Any, **_event: Any) -> None:
    request.data = request.data.replace(b"analyst-1", b"ml-lead")


def swap_prepared(request: Any, **_event: Any) -> None:
    request.body = json.dumps({**json.loads(request.body), "UserSettings": {"ExecutionRole": ROLE}}).encode()


def swap_target(request: Any, **_event: Any) -> None:
    request.headers["X-Amz-Target"] = "SageMaker.DeleteUserProfile"


def swap_address(request: Any, **_event: Any) -> None:
    request.url = request.url.replace("127.0.0.1", "localhost")


HOOKS: dict[str, tuple[str, Callable[..., Any]]] = {
    "parameters, changed in place": ("provide-client-params.sagemaker.UpdateUserProfile", swap_parameters),
    "parameters, given anew": ("provide-client-params.sagemaker.UpdateUserProfile", give_parameters),
    "parameters before they are built": ("before-parameter-build.sagemaker", swap_parameters),
    "the body before the call": ("before-call.sagemaker.UpdateUserProfile", swap_body),
    "the operation before the call": ("before-call", swap_operation),
    "the body before it is signed": ("before-sign.sagemaker", swap_data),
    "the name before it is signed": ("before-sign", swap_name),
    "the body when the request is made": ("request-created.sagemaker", swap_data),
    "the body after it was signed": ("before-send.sagemaker", swap_prepared),
    "the operation after it was signed": ("before-send", swap_target),
    "the address after it was signed": ("before-send", swap_address),
}


@pytest.mark.parametrize("where", ["register_first", "register", "register_last"])
@pytest.mark.parametrize(("event", "hook"), HOOKS.values(), ids=HOOKS)
def test_a_hook_that_changes_an_allowed_request_stops_it(
    every_client: dict[str, Any], sandbox: Sandbox, event: str, hook: Callable[..., Any], where: str
) -> None:
    client = every_client["write"]
    getattr(client.meta.events, where)(event, hook)
    try:
        with pytest.raises(PolicyRefused):
            update(client, DefaultLandingUri="studio::")
    finally:
        client.meta.events.unregister(event, hook)
    assert writes(sandbox) == []


def test_a_request_that_was_stopped_at_the_gate_ends_as_refused_in_the_audit(
    guarded: Connection, audit: AuditLog
) -> None:
    client: Any = guarded.client("sagemaker", write=True)
    client.meta.events.register("before-send", swap_prepared)
    with pytest.raises(PolicyRefused, match="after it had been judged"):
        update(client, DefaultLandingUri="studio::")
    assert {row.outcome for row in auditing.read(audit.path, operation="UpdateUserProfile")} == {"refused by policy"}


def test_without_our_hooks_nothing_leaves_at_all(guarded: Connection, sandbox: Sandbox) -> None:
    client: Any = guarded.client("sagemaker")
    client.meta.events._emitter._handlers.__init__()
    with pytest.raises(Exception, match="judged"):
        update(client, DefaultLandingUri="studio::")
    assert writes(sandbox) == []


# -- the connection ------------------------------------------------------------------------------------------------

SETTINGS: dict[str, Any] = {
    "profile": "other", "region": "us-east-1", "endpoint_url": "http://127.0.0.1:1", "verify": False,
    "ca_bundle": "/tmp/ca.pem", "unsigned": True, "credentials": None, "debug": True, "attempts": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_guarded_connection_stays_as_it_is(shared: Connection, name: str) -> None:
    before = getattr(shared, name)
    with pytest.raises(LockedFieldError):
        setattr(shared, name, SETTINGS[name])
    assert getattr(shared, name) == before
    if name != "attempts":
        with pytest.raises(LockedFieldError):
            shared.replace(**{name: SETTINGS[name]})


def test_a_setting_that_was_changed_all_the_same_ends_every_call(guarded: Connection) -> None:
    guarded.set_trait("endpoint_url", "http://127.0.0.1:1")
    for use in (lambda: guarded.client("sagemaker"), guarded.replace, lambda: guarded.resolved_region):
        with pytest.raises(LockedFieldError):
            use()


def test_a_guard_is_never_exchanged_nor_loosened(guarded: Connection) -> None:
    with pytest.raises(LockedFieldError):
        guarded.protect(Guard(None))
    with pytest.raises(LockedFieldError):
        guarded.guard.settle(grant())  # type: ignore[union-attr]
    with pytest.raises(AttributeError):
        guarded.guard.grant = None  # type: ignore[misc, union-attr]
    assert guarded.replace().guard is guarded.guard


def test_the_guards_own_way_to_aws_only_asks(guarded: Connection, sandbox: Sandbox) -> None:
    guard: Any = guarded.guard
    assert [name for name in dir(guard) if not name.startswith("_")] == [
        "ask_with",
        "audit",
        "grant",
        "renew",
        "settle",
        "watch",
    ]
    with pytest.raises(PolicyRefused):
        guard._ask("UpdateUserProfile", {"DomainId": DOMAIN, "UserProfileName": "analyst-1"})
    assert writes(sandbox) == []


def test_nothing_passes_until_it_is_known_whose_page_it_is(sandbox: Sandbox) -> None:
    guard, connection = Guard(None), sandbox.connection.replace()
    connection.protect(guard)
    with pytest.raises(PolicyRefused, match="not known yet"):
        connection.client("sts").get_caller_identity()
    guard.settle(grant())
    assert connection.client("sts").get_caller_identity()["Account"] == "123456789012"


async def test_the_gateway_says_what_the_policy_refused(guarded: Connection, sandbox: Sandbox) -> None:
    gateway = Gateway(guarded)
    try:
        with pytest.raises(PolicyRefused, match=r"Ask ops@example\.com"):
            await gateway.update_user_profile(
                {"DomainId": DOMAIN, "UserProfileName": "analyst-1", "UserSettings": {"ExecutionRole": ROLE}}
            )
        for operation, request, service in (
            ("GetSessionToken", {}, "sts"),
            ("GetSecretValue", {"SecretId": "x"}, "secretsmanager"),
            ("DescribeSpace", {"DomainId": DOMAIN, "SpaceName": "x"}, "sagemaker"),
            ("ListNotebookInstances", {}, "sagemaker"),
        ):
            with pytest.raises(PolicyRefused):
                await gateway.ask(operation, request, service=service)
        with pytest.raises(PolicyRefused):
            await gateway.add_tags(ARN, {"a": "b"})
        settings = {"DefaultLandingUri": "app:JupyterServer:"}
        answer = await gateway.update_user_profile(
            {"DomainId": DOMAIN, "UserProfileName": "analyst-1", "UserSettings": settings}
        )
        assert answer.arn == ARN  # the guard's own questions in between took nothing of the answer
        assert answer.request_id
        assert (await gateway.describe_user_profile(DOMAIN, "ANALYST-1")).name == "analyst-1"
        assert (await gateway.describe_domain(DOMAIN)).name == "research"
    finally:
        gateway.close()
    assert writes(sandbox) == ["UpdateUserProfile"]


READS: tuple[tuple[str, str, Document], ...] = (
    ("sagemaker", "DescribeUserProfile", {"DomainId": DOMAIN, "UserProfileName": "ml-lead"}),
    ("sagemaker", "ListTags", {"ResourceArn": ARN}),
    ("sts", "GetCallerIdentity", {}),
    ("iam", "ListRoles", {"MaxItems": 2, "PathPrefix": "/a b/ü&=+/"}),
    ("ec2", "DescribeSecurityGroups", {"Filters": [{"Name": "vpc-id", "Values": ["a b", "ü&=+"]}]}),
    ("efs", "DescribeFileSystems", {"MaxItems": 5}),
    ("s3", "ListBuckets", {}),
    ("s3", "ListObjectsV2", {"Bucket": "sagemaker-eu-west-1-123456789012", "Prefix": "a b/ü&=+"}),
)
"""A read of each protocol of AWS, with what has to be written otherwise on the wire."""


async def test_what_is_granted_passes_whatever_the_protocol(sandbox: Sandbox) -> None:
    """Each protocol makes its requests in its own way; the seal must hold for all of them."""
    connection = sandbox.connection.replace()
    rule = {"for": "everyone", "profiles": "any", "operations": ["*"], "read": ["*"]}
    connection.protect(Guard(Policy.from_document({**DOCUMENT, "rules": [rule]}).grant(ALICE)))
    gateway = Gateway(connection)
    try:
        for service, operation, request in READS:
            await gateway.ask(operation, request, service=service)
    finally:
        gateway.close()


async def test_what_aws_refuses_is_told_apart_from_what_the_policy_refuses(
    guarded: Connection, sandbox: Sandbox
) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    gateway = Gateway(guarded)
    try:
        with pytest.raises(AccessDenied):
            await gateway.update_user_profile(
                {
                    "DomainId": DOMAIN,
                    "UserProfileName": "analyst-1",
                    "UserSettings": {"DefaultLandingUri": "app:JupyterServer:"},
                }
            )
    finally:
        gateway.close()


# -- tags ----------------------------------------------------------------------------------------------------------


def test_tags_are_compared_with_those_that_are_there(sandbox: Sandbox) -> None:
    connection = sandbox.connection.replace()
    connection.protect(
        Guard(
            grant(
                operations=["*", "UpdateUserProfile", "AddTags", "DeleteTags"],
                edit=["Tags.Key", "Tags.Value"],
                allow=None,
            )
        )
    )
    client = connection.client("sagemaker", write=True)
    client.add_tags(ResourceArn=ARN, Tags=[{"Key": "team", "Value": "blue"}])
    assert {"Key": "team", "Value": "blue"} in client.list_tags(ResourceArn=ARN)["Tags"]
    client.delete_tags(ResourceArn=ARN, TagKeys=["team"])
    with pytest.raises(PolicyRefused):
        client.add_tags(ResourceArn=ARN.replace("analyst-1", "ml-lead"), Tags=[{"Key": "a", "Value": "b"}])
    assert writes(sandbox) == ["AddTags", "DeleteTags"]


# -- the audit -----------------------------------------------------------------------------------------------------


def test_each_call_is_written_down_with_what_it_changed_and_how_it_ended(
    guarded: Connection, sandbox: Sandbox, audit: AuditLog
) -> None:
    client = guarded.client("sagemaker", write=True)
    update(client, DefaultLandingUri="studio::x")
    with pytest.raises(PolicyRefused):
        update(client, ExecutionRole=ROLE)
    with pytest.raises(PolicyRefused):
        client.describe_user_profile(DomainId=DOMAIN, UserProfileName="ml-lead")
    sandbox.settle()
    sandbox.deny("sagemaker:UpdateUserProfile")
    with pytest.raises(Exception, match="AccessDenied"):
        update(client, DefaultLandingUri="studio::y")
    rows = [row for row in auditing.read(audit.path) if row.where != "guard"]
    told = [(row.operation, row.profile, [each.path for each in row.changes], row.outcome) for row in rows]
    update_ = "sagemaker:UpdateUserProfile"
    assert told == [
        (update_, "analyst-1", ["UserSettings.DefaultLandingUri"], "done"),
        (update_, "analyst-1", ["UserSettings.ExecutionRole"], "refused by policy"),
        ("sagemaker:DescribeUserProfile", "ml-lead", [], "refused by policy"),
        (update_, "analyst-1", ["UserSettings.DefaultLandingUri"], "refused by AWS: AccessDeniedException"),
    ]
    assert {(row.visitor, row.source, row.groups, row.domain) for row in rows} == {
        ("analyst-1", "proxy", ("ml",), DOMAIN)
    }
    assert rows[0].caller == "arn:aws:iam::123456789012:user/sandbox"
    assert rows[0].request_id
    own = [row for row in auditing.read(audit.path) if row.where == "guard"]
    assert [(row.operation, row.profile) for row in own[:3]] == [
        ("sagemaker:DescribeUserProfile", "analyst-1"),
        ("sagemaker:DescribeDomain", ""),
        ("sts:GetCallerIdentity", ""),
    ]
    told_of = [row.request_id for row in auditing.read(audit.path) if row.request_id]
    assert len(told_of) == len(sandbox.calls)  # each call that was made has its line
    text = audit.path.read_text()
    assert ROLE not in text
    assert "studio::x" not in text
    assert rows[0].changes[0].after == rows[3].changes[0].before


def test_what_was_refused_is_written_down_without_the_value(guarded: Connection, audit: AuditLog) -> None:
    settings = {"DefaultResourceSpec": {"InstanceType": "ml.CANARY.large"}}
    with pytest.raises(PolicyRefused, match="CANARY"):
        update(guarded.client("sagemaker"), JupyterLabAppSettings=settings)
    assert "CANARY" not in audit.path.read_text()
    (row,) = auditing.read(audit.path, outcome="refused by policy")
    assert "This value is not allowed. Allowed here: one of ml.t3.medium" in row.reason


def test_no_operation_passes_that_the_page_does_not_ask_for(sandbox: Sandbox) -> None:
    operations = frozenset({"secretsmanager:GetSecretValue", "s3:GetObject", "sagemaker:CreateDomain"})
    rule = Rule(0, everyone=True, operations=operations, profiles="any")
    connection = sandbox.connection.replace()
    connection.protect(Guard(Grant(ALICE, "Tests", "", [rule])))
    with pytest.raises(PolicyRefused, match="nothing that this page asks for"):
        connection.client("secretsmanager").get_secret_value(SecretId="x")
    with pytest.raises(PolicyRefused, match="nothing that this page asks for"):
        connection.client("s3").get_object(Bucket="x", Key="y")
    with pytest.raises(PolicyRefused, match="nothing that this page asks for"):
        connection.client("sagemaker").create_domain(
            DomainName="x", AuthMode="IAM", DefaultUserSettings={}, SubnetIds=["x"], VpcId="x"
        )
    assert len(sandbox.calls) == 0


def test_a_profile_that_became_another_single_sign_on_users_is_not_written(sandbox: Sandbox) -> None:
    rule = {**DOCUMENT["rules"][0], "operations": ["*", "UpdateUserProfile", "DeleteUserProfile", "AddTags"]}
    whose = {"sso": "{user}", "domain_id": SSO_DOMAIN}
    document = {**DOCUMENT, "profile": whose, "rules": [rule]}
    arn = ARN.replace(DOMAIN, SSO_DOMAIN).replace("analyst-1", "marin-r")
    place = {"DomainId": SSO_DOMAIN, "UserProfileName": "marin-r"}
    for name, passes in (("marin.keller@northwind.example", True), ("bob@northwind.example", False)):
        visitor = Visitor(name, (), "proxy")
        connection = sandbox.connection.replace()
        connection.protect(Guard(Policy.from_document(document).grant(visitor, (SSO_DOMAIN, "marin-r"))))
        client = connection.client("sagemaker", write=True)
        before = len(writes(sandbox))
        if passes:
            update(client, "marin-r", SSO_DOMAIN, DefaultLandingUri="studio::")
            sandbox.settle()
            assert len(writes(sandbox)) == before + 1
            continue
        with pytest.raises(PolicyRefused, match=r"another single sign-on user by now\. Ask ops@"):
            update(client, "marin-r", SSO_DOMAIN, DefaultLandingUri="studio::x")
        with pytest.raises(PolicyRefused, match="another single sign-on user"):
            client.delete_user_profile(**place)
        with pytest.raises(PolicyRefused, match="another single sign-on user"):
            client.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
        assert len(writes(sandbox)) == before


def test_a_write_that_cannot_be_written_down_is_not_sent(
    guarded: Connection, sandbox: Sandbox, audit: AuditLog
) -> None:
    audit.check()
    audit.path.parent.chmod(0o777)
    with pytest.raises(PolicyRefused, match="could not be written down"):
        update(guarded.client("sagemaker"), DefaultLandingUri="studio::")
    assert writes(sandbox) == []


def test_a_write_whose_answer_is_lost_is_written_down_as_unknown(guarded: Connection, audit: AuditLog) -> None:
    client: Any = guarded.client("sagemaker", write=True)
    endpoint = client._endpoint
    session = endpoint.http_session._session

    def lose(_request: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="x")

    endpoint.http_session._session = type("Lost", (), {"send": staticmethod(lose), "close": session.close})()
    with pytest.raises(ReadTimeoutError):
        update(client, DefaultLandingUri="studio::")
    assert [row.outcome for row in auditing.read(audit.path, operation="UpdateUserProfile")] == ["unknown"]


def test_calls_of_several_threads_do_not_mix(guarded: Connection, audit: AuditLog) -> None:
    client = guarded.client("sagemaker")
    trouble: list[BaseException] = []

    def ask(name: str, allowed: bool) -> None:
        for _ in range(5):
            try:
                client.describe_user_profile(DomainId=DOMAIN, UserProfileName=name)
                if not allowed:
                    trouble.append(AssertionError(name))
            except PolicyRefused as error:
                if allowed:
                    trouble.append(error)

    threads = [threading.Thread(target=ask, args=(name, name == "analyst-1")) for name in ("analyst-1", "ml-lead") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert trouble == []
    rows = auditing.read(audit.path)
    assert sorted((row.profile, row.outcome) for row in rows) == sorted(
        [("analyst-1", "done")] * 15 + [("ml-lead", "refused by policy")] * 15
    )


# -- whatever the request ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(shared_sandbox: Sandbox, every_client: dict[str, Any]) -> tuple[Sandbox, Any, Any]:
    """Return a sandbox, a guarded client of it, and an administrator's."""
    return shared_sandbox, every_client["read"], shared_sandbox.connection.client("sagemaker")


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Return what a value holds, down to the leaves; an empty structure is one."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(join(path, name), each)
    elif value is not None:
        yield path, value


def opened(document: Document) -> Document:
    """Return of settings what may be changed."""
    found: Document = {}
    for path in EDITABLE:
        value = get(document, path)
        found = found if value is None else put(found, path, value)
    return found


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    documents("UserSettings"),
    documents("UserSettings"),
    st.sampled_from([opened, dict]),
    st.booleans(),
    st.sampled_from(["merge", "replace"]),
    st.sampled_from([None, *TYPES]),
)
def test_no_random_request_changes_what_is_locked(
    attacked: tuple[Sandbox, Any, Any],
    first: Document,
    wanted: Document,
    part: Callable[[Document], Document],
    whole: bool,
    semantics: Literal["merge", "replace"],
    instance: str | None,
) -> None:
    sandbox, client, administrator = attacked
    sandbox.semantics = semantics
    first.pop("CustomPosixUserConfig", None)
    update(administrator, **first)
    sandbox.settle()

    def now() -> Document:
        found = administrator.describe_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1")
        return dict(found.get("UserSettings", {}))

    before, wanted = now(), part(wanted)
    wanted = wanted if instance is None else put(wanted, INSTANCE, instance)
    request = {name: over(before.get(name), value) if whole else value for name, value in wanted.items()}
    try:
        update(client, **request)
    except PolicyRefused:
        event("refused")
        assert now() == before
        return
    except administrator.exceptions.ClientError:
        return
    event("sent")
    sandbox.settle()
    for change in diff(before, now()):
        for path, value in (*leaves(change.path, change.before), *leaves(change.path, change.after)):
            may = any(is_within(each, path) for each in EDITABLE) if value == {} else path in EDITABLE
            assert may, change
        assert change.path != INSTANCE or change.after in (None, *TYPES)
