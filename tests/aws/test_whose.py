"""Which profile is a visitor's own, as the policy's rule and AWS say together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from profile_widgets.aws import whose
from profile_widgets.aws.guarding import Guard
from profile_widgets.aws.whose import find, without_asking
from profile_widgets.checks.policy import Policy
from profile_widgets.errors import WhoseError
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor

DOMAIN, SSO_DOMAIN = "d-9xk2m4tq7abc", "d-4hw8zr1ns5ke"
MARIN = Visitor("marin.keller@northwind.example", (), "jupyterhub")


def policy(**profile: Any) -> Policy:
    rules = [{"for": "everyone", "profiles": "own" if profile else "any", "operations": ["*"], "read": ["*"]}]
    whose_ = {"profile": profile} if profile else {}
    return Policy.from_document({"version": 1, "title": "Tests", "contact": "ops", **whose_, "rules": rules})


@pytest.fixture(autouse=True)
def _nothing_is_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose, "_known", {})


def test_a_template_names_a_profile_that_is_looked_at(sandbox: Sandbox) -> None:
    found = find(sandbox.connection, policy(template="{user}", domain_id=DOMAIN), Visitor("analyst-1"))
    assert found.own == (DOMAIN, "analyst-1")
    assert [call.operation for call in sandbox.calls] == ["DescribeUserProfile"]


def test_a_profile_is_written_as_aws_writes_it(sandbox: Sandbox) -> None:
    bound = policy(template="{user}", domain_id=DOMAIN, case="lower")
    assert find(sandbox.connection, bound, Visitor("ANALYST-1")).name == "analyst-1"


def test_a_single_sign_on_user_is_looked_up_and_remembered(sandbox: Sandbox) -> None:
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    assert find(sandbox.connection, bound, MARIN).own == (SSO_DOMAIN, "marin-r")
    asked = len(sandbox.calls)
    other = Visitor("nina.okafor@northwind.example")
    assert find(sandbox.connection, bound, other).name == "nina-okafor"
    assert [call.operation for call in sandbox.calls[asked:]] == ["DescribeUserProfile"]


def second_profile(sandbox: Sandbox) -> None:
    sandbox.connection.client("sagemaker").create_user_profile(
        DomainId=SSO_DOMAIN,
        UserProfileName="marin-too",
        SingleSignOnUserIdentifier="UserName",
        SingleSignOnUserValue=MARIN.name,
    )


CASES: dict[str, tuple[dict[str, str], Visitor, Callable[[Sandbox], Any], str]] = {
    "no rule": ({}, MARIN, lambda _: None, "does not say which profile is whose"),
    "no such profile": (
        {"template": "{user}", "domain_id": DOMAIN},
        Visitor("nobody"),
        lambda _: None,
        r"no user profile nobody in the domain .* Ask ops\.",
    ),
    "several domains": ({"template": "{user}"}, Visitor("analyst-1"), lambda _: None, "2 domains"),
    "no such user": (
        {"sso": "{user}", "domain_id": SSO_DOMAIN},
        Visitor("marin.keller"),
        lambda _: None,
        "belongs to “marin.keller”",
    ),
    "two of them": ({"sso": "{user}", "domain_id": SSO_DOMAIN}, MARIN, second_profile, "2 user profiles"),
    "no right to list": (
        {"sso": "{user}", "domain_id": SSO_DOMAIN},
        MARIN,
        lambda sandbox: sandbox.deny("sagemaker:ListUserProfiles"),
        "could not be looked up",
    ),
    "no right to look": (
        {"template": "{user}", "domain_id": DOMAIN},
        Visitor("analyst-1"),
        lambda sandbox: sandbox.deny("sagemaker:DescribeUserProfile"),
        "could not be looked up",
    ),
    "pages without end": (
        {"sso": "{user}", "domain_id": SSO_DOMAIN},
        MARIN,
        lambda sandbox: sandbox.loop_pages("ListUserProfiles"),
        "circles|too many",
    ),
}


@pytest.mark.parametrize(("rule", "visitor", "prepare", "words"), CASES.values(), ids=CASES)
def test_whoever_cannot_be_told_apart_gets_a_sentence_and_no_profile(
    sandbox: Sandbox, rule: dict[str, str], visitor: Visitor, prepare: Callable[[Sandbox], Any], words: str
) -> None:
    prepare(sandbox)
    with pytest.raises(WhoseError, match=words) as caught:
        find(sandbox.connection, policy(**rule), visitor)
    assert str(caught.value).endswith(".")


def test_too_many_profiles_are_not_looked_at(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose, "MOST_PROFILES", 2)
    with pytest.raises(WhoseError, match="mapping file"):
        find(sandbox.connection, policy(sso="{user}", domain_id=SSO_DOMAIN), MARIN)


def test_a_guarded_connection_is_asked_past_its_guard_and_opens_nothing(sandbox: Sandbox) -> None:
    connection = sandbox.connection.replace()
    connection.protect(Guard(None))
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    assert find(connection, bound, MARIN).name == "marin-r"
    with pytest.raises(Exception, match="not known yet"):
        connection.client("sagemaker").list_domains()


def test_what_the_rule_alone_says_needs_nobody(sandbox: Sandbox) -> None:
    calls = len(sandbox.calls)
    found = without_asking(policy(template="{user}", domain_id=DOMAIN).whose, Visitor("alice"))
    assert found is not None
    assert found.own == (DOMAIN, "alice")
    assert without_asking(policy(template="{user}").whose, Visitor("alice")) is None
    assert without_asking(policy(sso="{user}", domain_id=DOMAIN).whose, Visitor("alice")) is None
    assert without_asking(policy().whose, Visitor("alice")) is None
    assert without_asking(policy(template="{user}", domain_id=DOMAIN).whose, None) is None
    assert len(sandbox.calls) == calls
