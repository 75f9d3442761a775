"""Validation on the server's side: AWS's wording for each kind of constraint, and every constraint of the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import botocore.session
import pytest

from profile_widgets.sandbox.service_model import ServiceModel, installed_model
from profile_widgets.sandbox.validation import known_part

RESEARCH = "d-9xk2m4tq7abc"
NAMED = {"DomainId": RESEARCH, "UserProfileName": "bare"}
MODEL = installed_model()
Refused = Callable[..., dict[str, Any]]


def refusal(sagemaker: Any, refused: Refused, settings: Any) -> str:
    answer = refused(sagemaker.update_user_profile, **NAMED, UserSettings=settings)
    assert (answer["Code"], answer["Status"]) == ("ValidationException", 400)
    return str(answer["Message"])


@pytest.mark.parametrize(
    ("settings", "path", "wording"),
    [
        (
            {"CustomPosixUserConfig": {"Uid": 10000}},
            "userSettings.customPosixUserConfig.gid",
            "Member must not be null",
        ),
        (
            {"ExecutionRole": "short"},
            "userSettings.executionRole",
            "Member must have length greater than or equal to 20",
        ),
        (
            {"DefaultLandingUri": "x" * 1024},
            "userSettings.defaultLandingUri",
            "Member must have length less than or equal to 1023",
        ),
        (
            {"SharingSettings": {"S3OutputPath": "nowhere"}},
            "userSettings.sharingSettings.s3OutputPath",
            "Member must satisfy regular expression pattern: " + MODEL.shape("S3Uri")["pattern"],
        ),
        (
            {"StudioWebPortal": "on"},
            "userSettings.studioWebPortal",
            "Member must satisfy enum value set: [ENABLED, DISABLED]",
        ),
        (
            {"SpaceStorageSettings": {"DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 4}}},
            "userSettings.spaceStorageSettings.defaultEbsStorageSettings.defaultEbsVolumeSizeInGb",
            "Member must have value greater than or equal to 5",
        ),
        (
            {"CustomPosixUserConfig": {"Uid": 4000001, "Gid": 1001}},
            "userSettings.customPosixUserConfig.uid",
            "Member must have value less than or equal to 4000000",
        ),
        (
            {"SecurityGroups": ["sg-1"] * 6},
            "userSettings.securityGroups",
            "Member must have length less than or equal to 5",
        ),
        (
            {"SecurityGroups": ["sg-1", "sg 2"]},
            "userSettings.securityGroups",
            "Member must satisfy constraint: [Member must have length less than or equal to 32, ",
        ),
        (
            {"JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a", "AppImageConfigName": "b"}, {}]}},
            "userSettings.jupyterLabAppSettings.customImages.2.member.imageName",
            "Member must not be null",
        ),
        (
            {"CustomFileSystemConfigs": [{}]},
            "userSettings.customFileSystemConfigs.1.member",
            "Member must have exactly one of the following members set: [",
        ),
    ],
    ids=["required", "min length", "max length", "pattern", "enum", "min value", "max value", "long list", "list item",
         "structure in a list", "union of none"],
)  # fmt: skip
def test_each_kind_of_constraint_is_refused_in_the_words_of_aws(
    sagemaker: Any, refused: Refused, settings: Any, path: str, wording: str
) -> None:
    message = refusal(sagemaker, refused, settings)
    assert f"at '{path}' failed to satisfy constraint: {wording}" in message
    assert message.split(" ")[0].isdigit()


def test_the_item_of_a_list_is_refused_with_all_that_it_must_satisfy(sagemaker: Any, refused: Refused) -> None:
    message = refusal(sagemaker, refused, {"SecurityGroups": ["sg-1", "sg 2"]})
    assert message.startswith("1 validation error detected: Value '[sg-1, sg 2]' at 'userSettings.securityGroups' ")
    assert message.endswith("Member must satisfy regular expression pattern: [-0-9a-zA-Z]+]")


def test_a_union_of_two_kinds_is_refused(sagemaker: Any, refused: Refused) -> None:
    kinds = list(MODEL.shape("CustomFileSystemConfig")["members"])
    if len(kinds) < 2:
        pytest.skip("this botocore knows one kind of file system")
    system = {"FileSystemId": "fs-0123456789abcdef0"}
    message = refusal(sagemaker, refused, {"CustomFileSystemConfigs": [{kinds[0]: system, kinds[1]: system}]})
    assert (
        "at 'userSettings.customFileSystemConfigs.1.member' failed to satisfy constraint: Member must have " in message
    )
    assert f"exactly one of the following members set: [{', '.join(kinds)}]" in message


def test_one_finding_is_told_in_the_singular(sagemaker: Any, refused: Refused) -> None:
    assert refusal(sagemaker, refused, {"StudioWebPortal": "on"}) == (
        "1 validation error detected: Value 'on' at 'userSettings.studioWebPortal' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ENABLED, DISABLED]"
    )


def test_all_findings_are_told_at_once(sagemaker: Any, refused: Refused) -> None:
    answer = refused(
        sagemaker.update_user_profile,
        UserProfileName="?",
        UserSettings={"ExecutionRole": "x", "StudioWebPortal": "on"},
    )
    message = answer["Message"]
    assert message.startswith("5 validation errors detected: Value null at 'domainId' failed to satisfy constraint: ")
    assert message.count("; Value ") == 4
    assert "Value '?' at 'userProfileName' failed to satisfy constraint: Member must satisfy regular" in message
    assert "Value 'x' at 'userSettings.executionRole' failed to satisfy constraint: Member must have length" in message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ExecutionRole": 7}, "NUMBER_VALUE can not be converted to a String"),
        ({"ExecutionRole": True}, "TRUE_VALUE can not be converted to a String"),
        ({"ExecutionRole": {}}, "Start of structure or map found where not expected."),
        ({"ExecutionRole": []}, "Start of list found where not expected."),
        ({"SecurityGroups": "sg-1"}, "Expected list or null, found STRING_VALUE"),
        ({"SecurityGroups": [None]}, "NULL_VALUE can not be a member of a list"),
        ({"SharingSettings": "x"}, "Unexpected value: STRING_VALUE"),
        ({"SharingSettings": []}, "Unrecognized collection type"),
        ({"CustomPosixUserConfig": {"Uid": "10000"}}, "STRING_VALUE can not be converted to a Long"),
        ({"CustomPosixUserConfig": {"Uid": True}}, "TRUE_VALUE can not be converted to a Long"),
        ({"CustomPosixUserConfig": {"Uid": 1.5}}, "NUMBER_VALUE can not be converted to a Long"),
        (
            {"KernelGatewayAppSettings": {"CustomImages": [{"ImageVersionNumber": 2**31}]}},
            "NUMBER_VALUE is out of range for an Integer",
        ),
    ],
)
def test_a_value_of_the_wrong_type_stops_the_request(wire: Any, settings: Any, message: str) -> None:
    body = json.dumps({**NAMED, "UserSettings": settings})
    wire.request("POST", "/", body, {"X-Amz-Target": "SageMaker.UpdateUserProfile"})
    answer = wire.getresponse()
    assert answer.status == 400
    assert json.loads(answer.read()) == {"__type": "SerializationException", "message": message}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b'{"DomainId": NaN}', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(wire: Any, body: bytes) -> None:
    wire.request("POST", "/", body, {"X-Amz-Target": "SageMaker.UpdateUserProfile"})
    answer = wire.getresponse()
    assert (answer.status, b"SerializationException" in answer.read()) == (400, True)


def test_a_null_counts_as_absent(wire: Any) -> None:
    body = b'{"DomainId":"d-9xk2m4tq7abc","UserProfileName":null,"UserSettings":null}'
    wire.request("POST", "/", body, {"X-Amz-Target": "SageMaker.UpdateUserProfile"})
    message = wire.getresponse().read().decode()
    assert "1 validation error detected: Value null at 'userProfileName' failed" in message


# --- every constraint of both operations, broken in turn --------------------------------------------------------------


def walk(shape: Any, wrap: Callable[[Any], Any], seen: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Yield each shape that the input reaches with what puts a value of it into a whole request."""
    yield shape, wrap
    if shape.type_name == "structure" and shape.name not in seen:
        for name, member in shape.members.items():
            yield from walk(member, partial(inside, wrap, name), (*seen, shape.name))
    if shape.type_name == "list":
        yield from walk(shape.member, partial(inside, wrap, None), seen)


def inside(wrap: Callable[[Any], Any], name: str | None, value: Any) -> Any:
    return wrap([value] if name is None else {name: value})


def breaking_values(shape: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value for each constraint of a shape that breaks it, and words of the finding."""
    facts = shape.metadata
    text, number = shape.type_name == "string", shape.type_name in ("integer", "long")
    if "enum" in facts:
        yield "enum value set", "no such value"
    if text and "pattern" in facts and facts["pattern"] != ".*":
        yield "regular expression pattern", "\n\t|"
    if facts.get("min", 0) > 0:
        yield f"greater than or equal to {facts['min']}", facts["min"] - 1 if number else "a" * (facts["min"] - 1)
    if "max" in facts:
        item: Any = {} if shape.type_name == "list" and shape.member.type_name == "structure" else "a"
        many = [item] * (facts["max"] + 1)
        yield f"less than or equal to {facts['max']}", facts["max"] + 1 if number else "".join(many) if text else many
    for name in getattr(shape, "required_members", ()):
        yield f"{name[:1].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null", {}


@pytest.mark.parametrize("operation", ["CreateUserProfile", "UpdateUserProfile"])
def test_every_constraint_of_the_model_is_enforced(sagemaker: Any, refused: Refused, operation: str) -> None:
    root = botocore.session.get_session().get_service_model("sagemaker").operation_model(operation).input_shape
    assert root is not None
    call = sagemaker.create_user_profile if operation == "CreateUserProfile" else sagemaker.update_user_profile
    broken = 0
    for shape, wrap in walk(root, lambda value: value):
        for wording, value in breaking_values(shape):
            if shape is root:
                continue  # boto3's own arguments: the empty request has a test of its own
            answer = refused(call, **{"DomainId": RESEARCH, "UserProfileName": "other", **wrap(value)})
            assert answer["Code"] == "ValidationException", (shape.name, wording)
            assert wording in answer["Message"], (shape.name, wording)
            broken += 1
    assert broken > 150


@pytest.mark.parametrize("semantics", ["Create", "Update"])
def test_every_settings_document_of_the_seed_is_accepted_again(sagemaker: Any, semantics: str) -> None:
    """What AWS described it accepts: the whole of a stored document is a valid request."""
    for row in sagemaker.list_user_profiles(DomainIdEquals=RESEARCH, MaxResults=100)["UserProfiles"]:
        described = sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName=row["UserProfileName"])
        settings = described.get("UserSettings", {})
        if semantics == "Create":
            name = f"copy-of-{row['UserProfileName']}"
            sagemaker.create_user_profile(DomainId=RESEARCH, UserProfileName=name, UserSettings=settings)
            copy = sagemaker.describe_user_profile(DomainId=RESEARCH, UserProfileName=name)
            assert copy.get("UserSettings", {}) == settings
        elif row["UserProfileName"] not in ("ml-lead", "data-scientist-1"):
            sagemaker.update_user_profile(
                DomainId=RESEARCH, UserProfileName=row["UserProfileName"], UserSettings=settings
            )


def test_an_older_model_knows_less_of_the_seed() -> None:
    document = {
        "operations": {},
        "shapes": {
            "Root": {"type": "structure", "members": {"Old": {"shape": "Text"}, "Items": {"shape": "Items"}}},
            "Items": {"type": "list", "member": {"shape": "Item"}},
            "Item": {"type": "structure", "union": True, "members": {"Known": {"shape": "Text"}}},
            "Text": {"type": "string"},
        },
    }
    stored = {"Old": "a", "New": {"x": 1}, "Items": [{"Known": "b"}, {"Newer": "c"}]}
    assert known_part(ServiceModel(document), "Root", stored) == {"Old": "a", "Items": [{"Known": "b"}]}
    assert MODEL.has_shape("UserSettings")
