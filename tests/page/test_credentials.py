"""A role taken on for each visitor: what a kernel can do with it, and who shows up in CloudTrail."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.credentials import ContainerProvider
from botocore.exceptions import ClientError

from profile_widgets.page import PageServer
from profile_widgets.page.closing import Closing
from profile_widgets.page.credentials import Ask, Lender, Loan, RoleSession
from profile_widgets.page.settings import sandbox_environment
from profile_widgets.sandbox import Sandbox
from tests.page.conftest import write_notebook
from tests.page.visits import SECRET, Visit

POLICY = """
version: 1
title: In their own name
contact: the team
profile:
  template: "{user}"
  domain_id: %s
assume_role:
  role_arn: %s
  duration: 900
rules:
  - for: everyone
    profiles: own
    operations: [DescribeUserProfile, UpdateUserProfile, "sts:GetCallerIdentity"]
    edit: [DefaultLandingUri]
    read: ["*"]
"""
ASK = """
import boto3, json, os
told = {}
try:
    told["caller"] = boto3.client("sts").get_caller_identity()["Arn"].rpartition("/")[2]
    sagemaker = boto3.client("sagemaker")
    for name in ("alice", "bob"):
        try:
            sagemaker.describe_user_profile(DomainId="%s", UserProfileName=name)
            told[name] = "seen"
        except sagemaker.exceptions.ClientError as error:
            told[name] = error.response["Error"]["Code"]
except Exception as error:
    told["error"] = type(error).__name__
found = boto3.Session().get_credentials()
told["method"] = found and found.method
told["keys"] = sorted(name for name in os.environ if name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
told["whose"] = os.environ.get("PROFILE_WIDGETS_WHOSE", "")
told["acts_as"] = os.environ.get("PROFILE_WIDGETS_ACTS_AS", "")
print("<<" + json.dumps(told) + ">>")
"""
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def role(sandbox: Sandbox) -> str:
    return sandbox.add_role("ProfilePage", ANYTHING)


@pytest.fixture
async def lender() -> AsyncIterator[Lender]:
    lender = Lender()
    lender.start()
    yield lender
    await lender.stop()


def loan_of(lender: Lender, sandbox: Sandbox, role: str, name: str = "alice") -> Loan:
    return lender.lend(RoleSession(sandbox.connection, Ask(role, name, ANYTHING, 900)))


async def asked(loan: Loan, **headers: str) -> tuple[int, str]:
    """Ask for a loan's credentials by hand; ``headers`` in place of the right ones."""
    address = urlsplit(loan.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"])

    def ask() -> tuple[int, str]:
        connection = http.client.HTTPConnection(address.netloc, timeout=60)
        try:
            said = {"Authorization": loan.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], **headers}
            connection.request("GET", address.path, headers=said)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    return await asyncio.to_thread(ask)


async def test_boto3_finds_what_was_lent_by_itself(lender: Lender, sandbox: Sandbox, role: str) -> None:
    loan = loan_of(lender, sandbox, role)
    found = await asyncio.to_thread(ContainerProvider(environ=dict(loan.environment)).load)
    frozen = await asyncio.to_thread(found.get_frozen_credentials)
    assert str(frozen.access_key).startswith("ASIA")
    kernel = sandbox.connection.replace(credentials=found)
    caller = await asyncio.to_thread(lambda: kernel.client("sts").get_caller_identity())
    assert caller["Arn"].endswith(":assumed-role/ProfilePage/alice")
    assert sandbox.calls[-1].source_identity == "alice"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "a-guess"},
        {"Authorization": ""},
        {"Host": "evil.example.net"},
        {"Origin": "http://evil.example.net"},
    ],
    ids=["a guess", "nothing", "another name", "a browser"],
)
async def test_nobody_else_is_lent_anything(
    lender: Lender, sandbox: Sandbox, role: str, headers: dict[str, str]
) -> None:
    status, text = await asked(loan_of(lender, sandbox, role), **headers)
    assert status == 403
    assert "SecretAccessKey" not in text


async def test_one_kernels_token_opens_no_other_kernels_loan(lender: Lender, sandbox: Sandbox, role: str) -> None:
    alice, bob = loan_of(lender, sandbox, role), loan_of(lender, sandbox, role, "bob")
    assert (await asked(alice, Authorization=bob.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]))[0] == 403
    assert (await asked(alice))[0] == 200


async def test_a_loan_ends_with_its_kernel(lender: Lender, sandbox: Sandbox, role: str) -> None:
    loan = loan_of(lender, sandbox, role)
    loan.end()
    assert (await asked(loan))[0] == 403


async def test_a_role_that_cannot_be_taken_on_is_told_without_details(lender: Lender, sandbox: Sandbox) -> None:
    status, text = await asked(loan_of(lender, sandbox, "arn:aws:iam::123456789012:role/NoSuchRole"))
    assert (status, json.loads(text)) == (503, {"code": "503", "message": "There are no credentials for this."})


def test_one_session_serves_until_half_of_its_time_is_over(sandbox: Sandbox, role: str) -> None:
    session = RoleSession(sandbox.connection, Ask(role, "carol", ANYTHING, 900))
    assert session.current() == session.current()


def test_what_was_taken_on_is_used_to_its_end_while_aws_does_not_renew_it(sandbox: Sandbox) -> None:
    role = sandbox.add_role("Fleeting", ANYTHING)
    session = RoleSession(sandbox.connection, Ask(role, "dora", ANYTHING, 900))
    first = session.current()
    assert session._found is not None
    session._ask = Ask("arn:aws:iam::123456789012:role/NoSuchRole", "dora", ANYTHING, 900)
    session._found["Expiration"] -= timedelta(seconds=600)
    assert session.current()["AccessKeyId"] == first["AccessKeyId"]
    session._found["Expiration"] -= timedelta(seconds=290)
    with pytest.raises(ClientError, match="NoSuchRole"):
        session.current()


@pytest.fixture(scope="module")
def page(sandbox: Sandbox, role: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    domain_id = sandbox.connection.client("sagemaker").list_domains()["Domains"][0]["DomainId"]
    for name in ("alice", "bob"):
        sandbox.put_raw(domain_id, name, {})
    policy: Path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    policy.write_text(POLICY % (domain_id, role))
    notebook = write_notebook(tmp_path_factory.mktemp("page") / "asks.ipynb", ASK % domain_id)
    closing = Closing(policy=str(policy), identity="proxy", secret=SECRET, acts_as="As the server.")
    home = tmp_path_factory.mktemp("home")
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = of-the-server\naws_secret_access_key = s\n"
    )
    servers = sandbox_environment(os.environ, sandbox.environment)
    environment = {name: value for name, value in servers.items() if value != os.devnull} | {"HOME": str(home)}
    with PageServer(notebook, closing=closing, environment=environment) as server:
        yield server


def told_to(page: PageServer, name: str) -> dict[str, object]:
    text = Visit.of(page.port, name).get("").text.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    found: dict[str, object] = json.loads(text.partition("<<")[2].partition(">>")[0])
    return found


@pytest.mark.parametrize(("name", "other"), [("alice", "bob"), ("bob", "alice")])
def test_a_kernel_acts_in_its_visitors_name_on_their_profile_alone(
    page: PageServer, sandbox: Sandbox, name: str, other: str
) -> None:
    told = told_to(page, name)
    assert told["caller"] == name
    assert (told[name], told[other]) == ("seen", "AccessDeniedException")
    assert (told["keys"], told["method"]) == ([], "container-role")
    assert json.loads(str(told["whose"]))["UserProfileName"] == name
    assert f"as {name}, with the role ProfilePage" in str(told["acts_as"])
    seen = [each for each in sandbox.calls if each.operation == "DescribeUserProfile"][-1]
    assert (seen.caller.rpartition("/")[2], seen.source_identity) == (name, name)


def test_who_has_no_profile_gets_no_credentials_and_a_reason(page: PageServer) -> None:
    told = told_to(page, "mallory")
    assert "caller" not in told
    assert (told["error"], told["method"]) == ("NoCredentialsError", None)
    assert "no user profile mallory" in json.loads(str(told["whose"]))["error"]
