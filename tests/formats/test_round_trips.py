"""What leaves the kit in a form comes back from it as it was."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from profile_widgets.formats import EXPORTERS, export
from profile_widgets.formats.placeholders import is_skeleton
from profile_widgets.formats.reading import IMPORTERS, Reading, read
from profile_widgets.model.documents import put
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, input_member
from tests.documents import ODD, documents, requests

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
EXACT = sorted(set(EXPORTERS) & set(IMPORTERS) - {"cloudformation"})
"""Forms that can hold every request."""

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    [
    ODD, "-dash", "--dash", "--domain-id", "$HOME", "${HOME}", "$(id)", "`id`", "a\nb", "a\r\nb", "a\\\nb", "'", '"',
    "'\"'", "\\", "\\\\", "", " ", " x ", "null", "yes", "true", "0123", "12", "1.5", "1e3", "=", "~", "2024-01-01",
    "file:///x", "fileb://x", "https://x", "é\u2028名", "a: b", "- a", "# x", "%TAGS", "%TAGS%", "{}", "[1]", "*",
    "&a", "!Ref x", "\x85", "\ufeff", "😀", "“x”", "\u2018x\u2019", "it\u2019s", "--x", "<name>", "<<EOF", "{name}",
    "\\n", "\t", "Key=a,Value=b", "```", "| jq", "aws sagemaker update-user-profile --x", "c.update_user_profile(",
    "string",
]
)  # fmt: skip
NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}


def odd_requests() -> st.SearchStrategy[dict[str, Any]]:
    """Draw requests of the model's types that hold any text at all, and long lists of them."""
    settings_ = st.fixed_dictionaries(
        {},
        optional={
            "ExecutionRole": TEXTS,
            "SecurityGroups": st.lists(TEXTS, max_size=4) | TEXTS.map(lambda each: [each] * 200),
            "SharingSettings": st.fixed_dictionaries({}, optional={"S3OutputPath": TEXTS, "S3KmsKeyId": TEXTS}),
            "KernelGatewayAppSettings": st.fixed_dictionaries(
                {"CustomImages": st.lists(
                    st.fixed_dictionaries({"ImageName": TEXTS}, optional={"ImageVersionNumber": st.integers(0, 99)}),
                    max_size=3,
                )}
            ),
        },
    )  # fmt: skip
    return st.fixed_dictionaries(
        {"DomainId": TEXTS.filter(bool), "UserProfileName": TEXTS.filter(bool)},
        optional={"UserSettings": settings_, "SingleSignOnUserValue": TEXTS,
                  "Tags": st.lists(st.fixed_dictionaries({"Key": TEXTS, "Value": TEXTS}), max_size=3)},
    )  # fmt: skip


FILL_IN = "It holds “$HOME”, which looks like something to be filled in"
"""What is said of one of the odd texts of random documents."""

EMPTY_TEXTS = {"NotebookOutputOption": "Disabled", "S3OutputPath": "", "S3KmsKeyId": ""}


def is_no_skeleton(request: dict[str, Any]) -> bool:
    """Tell a request from a skeleton, which comes back without what nobody filled in: most of it is ``""`` or 0."""
    return not is_skeleton(input_member(CREATE), request)


def back(request: dict[str, Any], operation: str, name: str) -> Reading:
    """Return a request that went out and came in again."""
    return read(export(request, operation, name), name)


@pytest.mark.parametrize("name", EXACT)
@MANY
@given(request=odd_requests().filter(is_no_skeleton))
@example(request={**NAMES, "SingleSignOnUserValue": "-x", "UserSettings": {"ExecutionRole": "file://x"}})
@example(request={**NAMES, "UserSettings": {"SharingSettings": EMPTY_TEXTS}})
@example(request={**NAMES, "Tags": [{"Key": "Key", "Value": "Value"}, {"Key": "string", "Value": ""}]})
@example(
    request={
        **NAMES,
        "UserSettings": {
            "KernelGatewayAppSettings": {
                "CustomImages": [{"ImageName": "", "ImageVersionNumber": 0, "AppImageConfigName": ""}]
            }
        },
    }
)
def test_any_text_comes_back(name: str, request: dict[str, Any]) -> None:
    reading = back(request, CREATE, name)
    assert reading.request == request
    assert not reading.refused, reading.problems
    assert reading.operation in (CREATE, None)


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("operation", OPERATIONS)
@settings(MANY, max_examples=25)
@given(data=st.data())
def test_requests_that_are_really_sent_come_back_and_are_told_by_themselves(
    name: str, operation: str, data: st.DataObject
) -> None:
    request = data.draw(requests(operation))
    reading = read(export(request, operation, name))
    assert (reading.format, reading.request, reading.left_out) == (name, request, ())
    assert [each for each in reading.problems if not each.message.startswith(FILL_IN)] == []


LEFT = re.compile(r"^ *# ([A-Z][\w.\[\]]*) = (.*)$", re.MULTILINE)
"""How a template says what its resource type does not take: the path and the value, in a comment."""


@settings(MANY, max_examples=100)
@given(documents().map(lambda document: {**NAMES, "UserSettings": document}))
def test_a_template_gives_back_all_but_what_its_comments_say(request: dict[str, Any]) -> None:
    text = export(request, UPDATE, "cloudformation")
    reading = read(text)
    assert reading.format == "cloudformation"
    assert not reading.refused, reading.problems
    left = LEFT.findall(text)
    assume(not any("[" in path for path, _ in left))  # the other items of that list moved up
    whole = reading.request
    for path, value in left:
        whole = put(whole, path, json.loads(value))
    assert whole == request
