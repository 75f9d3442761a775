"""A seeded sandbox, a gateway to it over HTTP, drafts, and a proxy in between that loses what passes through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import boto3
import pytest

from benchmarks.faults.proxy import Proxy
from profile_widgets.aws.gateway import Gateway
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.sandbox import Sandbox

PAUSES = (0.05, 0.1, 0.2)
"""What drafts wait in tests before they look again, in seconds."""

DOMAIN = "d-9xk2m4tq7abc"
SSO_DOMAIN = "d-4hw8zr1ns5ke"

Load = Callable[..., Awaitable[ProfileDraft]]

__all__ = ["DOMAIN", "PAUSES", "SSO_DOMAIN", "Load", "Proxy", "loaded", "sent", "stored"]


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    """Return the sandbox as seeded, without delays."""
    shared_sandbox.reset()
    shared_sandbox.delay = 0.0
    shared_sandbox.semantics = "merge"
    return shared_sandbox


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway(sandbox.connection)
    yield gateway
    gateway.close()


@pytest.fixture
def load(gateway: Gateway) -> Load:
    """Return what loads a draft of a profile of the IAM domain, or begins a new one."""

    async def make(name: str = "analyst-1", *, create: bool = False, domain_id: str = DOMAIN) -> ProfileDraft:
        return await loaded(gateway, name, create=create, domain_id=domain_id)

    return make


async def loaded(
    gateway: Gateway, name: str = "analyst-1", *, create: bool = False, domain_id: str = DOMAIN
) -> ProfileDraft:
    """Return a draft that was loaded, or begun, through a gateway."""
    draft = ProfileDraft(gateway, domain_id, name, create=create, pauses=PAUSES)
    await draft.load()
    return draft


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture
def sagemaker(session: boto3.Session, sandbox: Sandbox) -> Any:
    """Return a plain boto3 client, which tells what the sandbox holds by another way than ours."""
    return session.client("sagemaker", endpoint_url=sandbox.endpoint_url)


def stored(sagemaker: Any, name: str = "analyst-1", domain_id: str = DOMAIN) -> dict[str, Any]:
    """Return the settings that a profile has."""
    found = sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=name)
    return dict(found.get("UserSettings", {}))


def sent(sandbox: Sandbox) -> list[str]:
    """Return the writes that reached the sandbox."""
    return [each.operation for each in sandbox.calls if each.operation in ("UpdateUserProfile", "CreateUserProfile")]


@pytest.fixture
def proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    proxy = Proxy(sandbox)
    yield proxy
    proxy.close()


@pytest.fixture
def shaky(proxy: Proxy) -> Iterator[Gateway]:
    """Return a gateway whose way leads through the proxy."""
    gateway = Gateway(proxy.connection)
    yield gateway
    gateway.close()
