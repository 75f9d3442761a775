"""A sandbox, warm programs, and what a profile holds after somebody else's program sent an export."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.config
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from profile_widgets.model.shapes import CREATE, UPDATE
from profile_widgets.sandbox import Sandbox
from tests.documents import DOMAIN, requests
from tests.exports.warm import Warm

DOCUMENTS = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)
SOME = settings(DOCUMENTS, max_examples=25)
OPERATIONS = st.sampled_from((CREATE, UPDATE))
CREATE_ONLY = "CustomPosixUserConfig"


def _updates(request: dict[str, Any]) -> dict[str, Any]:
    settings_ = {name: value for name, value in request["UserSettings"].items() if name != CREATE_ONLY}
    return {**request, "UserSettings": settings_}


REQUESTS = {CREATE: requests(CREATE), UPDATE: requests(UPDATE).map(_updates)}
CALLS = OPERATIONS.flatmap(lambda operation: st.tuples(st.just(operation), REQUESTS[operation]))
"""An operation and a request for it, as the service takes it."""


class Holder:
    """Make, read and take away profiles in the sandbox by a plain boto3 client."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = boto3.client(
            "sagemaker",
            region_name=sandbox.region,
            endpoint_url=sandbox.endpoint_url,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=botocore.config.Config(parameter_validation=False),
        )

    @contextlib.contextmanager
    def room(self, operation: str, name: str) -> Iterator[None]:
        """Have no profile of this name, or one without settings that an update can find; and none afterwards."""
        self._delete(name)
        if operation == UPDATE:
            self.client.create_user_profile(DomainId=DOMAIN, UserProfileName=name)
        yield
        self._delete(name)

    def _delete(self, name: str) -> None:
        with contextlib.suppress(self.client.exceptions.ResourceNotFound):
            self.client.delete_user_profile(DomainId=DOMAIN, UserProfileName=name)

    def send(self, operation: str, request: dict[str, Any]) -> None:
        """Send a request as it is."""
        method = self.client.create_user_profile if operation == CREATE else self.client.update_user_profile
        method(**request)

    def holds(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what the profile of a request holds now, in the request's form."""
        name = request["UserProfileName"]
        found: dict[str, Any] = {**self.client.describe_user_profile(DomainId=DOMAIN, UserProfileName=name)}
        members = ("DomainId", "UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "UserSettings")
        held = {each: found[each] for each in members if each in found}
        if request.get("UserSettings") == {}:
            held.setdefault("UserSettings", {})
        if "Tags" in request:
            tags = self.client.list_tags(ResourceArn=found["UserProfileArn"])["Tags"]
            order = [each["Key"] for each in request["Tags"]]
            held["Tags"] = sorted(tags, key=lambda each: order.index(each["Key"]))
        return held


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.none_clears = ()
        yield running


@pytest.fixture(scope="session")
def holder(sandbox: Sandbox) -> Holder:
    return Holder(sandbox)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with Warm(tmp_path_factory.mktemp("warm")) as running:
        yield running
