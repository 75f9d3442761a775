"""Every constraint of both requests, broken in turn: the kit finds each one, and so does the sandbox by itself."""

from __future__ import annotations

import copy
import http.client
import itertools
import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import botocore.validate
import pytest
from hypothesis import HealthCheck, given, settings

from profile_widgets.checks import Problem, check, check_structure
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member, walk
from profile_widgets.sandbox import Sandbox
from tests.checks.breaking import Broken, every_break
from tests.documents import DOMAIN, requests, smallest

BREAKS = [each for operation in OPERATIONS for each in every_break(operation)]
NUMBERS = itertools.count(1)
BOTOCORE_FINDS = {"type", "required", "minimum", "union", "unknown"}
AWS_DROPS = {"unknown"}
"""What a service never sees: members that it does not know are dropped, and so are nulls."""


def constraints(request: Any, operation: str) -> tuple[Problem, ...]:
    """Return what the model's constraints find, without the rules beyond them."""
    return check_structure(input_member(operation), request)


class Wire:
    """Send requests as they are, checked by nobody on their way."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)

    def __call__(self, operation: str, request: Any) -> tuple[int, dict[str, Any]]:
        headers = {"X-Amz-Target": f"SageMaker.{operation}", "Content-Type": "application/x-amz-json-1.1"}
        self._connection.request("POST", "/", json.dumps(request), headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def model() -> Any:
    """Return botocore's own model of SageMaker."""
    return botocore.session.get_session().get_service_model("sagemaker")


@pytest.fixture(scope="module")
def wire(sandbox: Sandbox) -> Iterator[Wire]:
    wire = Wire(sandbox)
    yield wire
    wire.close()


def test_there_are_breaks_for_every_node_of_both_trees() -> None:
    for operation in OPERATIONS:
        broken = {each.path.replace("[1]", "[]").replace("[0]", "[]") for each in BREAKS if each.operation == operation}
        assert {path for path, _ in walk(input_member(operation))} <= broken
    assert {each.rule for each in BREAKS} == {*BOTOCORE_FINDS, "maximum", "pattern", "enum"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_broken_constraint_is_found_at_its_path_and_nothing_else_is(operation: str) -> None:
    for each in BREAKS:
        if each.operation == operation:
            before = copy.deepcopy(each.request)
            found = constraints(each.request, operation)
            rules = {problem.rule for problem in found}
            assert {problem.path for problem in found} == {each.path}, str(each)
            # A text cut short may no longer match its pattern either.
            assert rules == {each.rule} or (each.what == "too short" and rules == {"minimum", "pattern"}), str(each)
            assert all(problem.blocks for problem in found), str(each)
            assert each.request == before
            stops = [problem for problem in check(each.request, operation) if problem.blocks]
            assert set(found) <= set(stops), str(each)


def test_what_botocore_finds_the_kit_finds_too(model: Any) -> None:
    validator = botocore.validate.ParamValidator()
    for each in BREAKS:
        if each.rule in BOTOCORE_FINDS and "boolean" not in each.what:
            report = validator.validate(each.request, model.operation_model(each.operation).input_shape)
            assert report.has_errors(), str(each)


def as_sent(each: Broken) -> bool:
    return each.rule not in AWS_DROPS and not (each.what == "null" and "[" not in each.path.rpartition(".")[2])


def test_the_sandbox_refuses_each_of_them_by_its_own_reading_of_the_model(wire: Wire, sandbox: Sandbox) -> None:
    for each in filter(as_sent, BREAKS):
        status, answer = wire(each.operation, each.request)
        code = answer.get("__type", "").rpartition("#")[2]
        assert (status, code) in ((400, "ValidationException"), (400, "SerializationException")), f"{each}: {answer}"
    assert not [call for call in sandbox.calls if call.operation not in OPERATIONS]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_smallest_value_of_every_node_is_sound(operation: str) -> None:
    root = input_member(operation)
    assert constraints(smallest(root), operation) == ()
    for name, member in input_member(operation).members["UserSettings"].members.items():
        request = {"DomainId": DOMAIN, "UserProfileName": "a", "UserSettings": {name: smallest(member)}}
        assert constraints(request, operation) == ()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(create=requests(CREATE))
def test_what_keeps_the_constraints_is_taken_by_botocore_and_by_the_sandbox(
    wire: Wire, model: Any, create: dict[str, Any]
) -> None:
    assert constraints(create, CREATE) == ()
    shape = model.operation_model(CREATE).input_shape
    assert not botocore.validate.ParamValidator().validate(create, shape).has_errors()
    create["UserProfileName"] = f"person-{next(NUMBERS)}"
    status, answer = wire(CREATE, create)
    assert status == 200, answer
    update = {name: create[name] for name in ("DomainId", "UserProfileName", "UserSettings")}
    update["UserSettings"] = {k: v for k, v in update["UserSettings"].items() if k != "CustomPosixUserConfig"}
    assert constraints(update, UPDATE) == ()
    status, answer = wire(UPDATE, update)
    assert status == 200, answer
