"""Sandboxes for tests of the sandbox, and boto3 clients that talk to them over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from profile_widgets.sandbox import Sandbox

ClientMaker = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """Return one session for all clients: it reads the service models once."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client_of(session: boto3.Session) -> ClientMaker:
    """Return what makes a client for a service of a sandbox, which checks nothing itself and tries once."""

    def make(sandbox: Sandbox, service: str = "sagemaker", **settings: Any) -> Any:
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, **settings)
        return session.client(service, endpoint_url=sandbox.endpoint_url, config=config)  # type: ignore[call-overload]

    return make


@pytest.fixture
def known_of(client_of: ClientMaker) -> ClientMaker:
    """Return what makes a client, or leaves the test out where botocore lacks the operation or a member of it."""

    def make(sandbox: Sandbox, service: str, operation: str, member: str = "") -> Any:
        client = client_of(sandbox, service)
        name = client.meta.method_to_api_mapping.get(operation)
        if name is None:
            pytest.skip(f"this botocore does not know {operation}")
        shape = client.meta.service_model.operation_model(name).input_shape
        if member and (shape is None or member not in shape.members):
            pytest.skip(f"this botocore does not know {member} of {operation}")
        return client

    return make


@pytest.fixture
def sagemaker(sandbox: Sandbox, client_of: ClientMaker) -> Any:
    return client_of(sandbox)


@pytest.fixture
def refused() -> Refused:
    """Return what makes a call that must be refused, and gives its code, message and HTTP status."""

    def call(function: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            function(**parameters)
        response = caught.value.response
        return {**response["Error"], "Status": response["ResponseMetadata"]["HTTPStatusCode"]}

    return call


@pytest.fixture
def wire(sandbox: Sandbox) -> Iterator[http.client.HTTPConnection]:
    """Return a bare HTTP connection to the sandbox."""
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
    yield connection
    connection.close()
