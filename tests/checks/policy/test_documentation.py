"""What docs/policy.md shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from profile_widgets import Policy
from profile_widgets.checks.policy.located import read
from profile_widgets.checks.policy.schema import schema
from profile_widgets.served import Visitor
from tests.checks.policy.policies import TYPE

TEXT = (Path(__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
DOMAIN = "d-abc123"


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    file = tmp_path / "ours.yaml"
    file.write_text(BLOCKS[0] + BLOCKS[1], encoding="utf-8")
    return Policy.load(file)


def test_the_whole_example_says_what_the_text_below_it_says(policy: Policy) -> None:
    canvas = "CanvasAppSettings.KendraSettings.Status"
    everyone = policy.grant(Visitor("Ada.Lovelace@example.com"))
    research = policy.grant(Visitor("ada@example.com", ("research",)))
    intern = policy.grant(Visitor("ida@example.com", ("interns",)))
    desk = policy.grant(Visitor("hal@example.com", ("helpdesk",)))
    assert everyone.own == (DOMAIN, "ada-lovelace")
    for grant, value, fits in ((everyone, "ml.t3.large", True), (everyone, "ml.g5.xlarge", False),
                               (research, "ml.t3.large", True), (research, "ml.g5.xlarge", True)):  # fmt: skip
        allowed = grant.allowed(TYPE)
        assert allowed is not None
        assert allowed.accepts(value) is fits
    assert (everyone.access(canvas), intern.access(canvas)) == ("edit", "read")
    assert (everyone.access("ExecutionRole"), intern.access("ExecutionRole")) == ("read", "hidden")
    assert desk.scope(DOMAIN, "ida", "DescribeUserProfile") == ""
    assert desk.on(DOMAIN, "ida").access(TYPE) == "read"
    assert desk.on(DOMAIN, "hal").access(TYPE) == "edit"
    assert everyone.scope(DOMAIN, "ida", "DescribeUserProfile")
    assert policy.assume_role is not None


def test_every_yaml_in_it_can_be_read_and_every_word_of_the_form_is_explained() -> None:
    assert [read(each).findings for each in BLOCKS] == [[] for _ in BLOCKS]
    parts = schema()["$defs"]
    words = {*schema()["properties"], *parts["rule"]["properties"], *parts["assume_role"]["properties"]}
    for part in (*parts["profile"]["anyOf"], *parts["limit"]["anyOf"], parts["for"]["anyOf"][1]):
        words |= set(part["properties"])
    missing = [each for each in words if not re.search(rf"\b{each}\b", TEXT)]
    assert missing == []
