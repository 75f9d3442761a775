"""Which profile is a visitor's own, as the policy's rule and AWS say together."""

from __future__ import annotations

import contextlib
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


def given_to(sandbox: Sandbox, visitor: Visitor) -> None:
    """Let a profile be this visitor's; one of the same name that was somebody else's is gone."""
    client = sandbox.connection.client("sagemaker")
    with contextlib.suppress(client.exceptions.ResourceNotFound):
        client.delete_user_profile(DomainId=SSO_DOMAIN, UserProfileName="shared")
        sandbox.settle()
    client.create_user_profile(
        DomainId=SSO_DOMAIN,
        UserProfileName="shared",
        SingleSignOnUserIdentifier="UserName",
        SingleSignOnUserValue=visitor.name,
    )
    sandbox.settle()


ALICE, BOB = Visitor("alice@northwind.example"), Visitor("bob@northwind.example")


def test_a_profile_that_became_somebody_elses_is_not_the_first_ones_any_more(sandbox: Sandbox) -> None:
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    given_to(sandbox, ALICE)
    assert find(sandbox.connection, bound, ALICE).name == "shared"
    given_to(sandbox, BOB)
    with pytest.raises(WhoseError, match="belongs to “alice@"):
        find(sandbox.connection, bound, ALICE)
    assert find(sandbox.connection, bound, BOB).name == "shared"


def test_somebody_without_a_profile_makes_the_whole_domain_be_looked_at_once(sandbox: Sandbox) -> None:
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    counts = []
    for _ in range(3):
        with pytest.raises(WhoseError, match="belongs to"):
            find(sandbox.connection, bound, Visitor("eve@northwind.example"))
        counts.append(len(sandbox.calls))
    assert counts[0] > 2
    assert counts[1:] == counts[:1] * 2


def test_a_look_that_failed_is_not_made_anew_by_each_visitor(sandbox: Sandbox) -> None:
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    sandbox.deny("sagemaker:ListUserProfiles")
    counts = []
    for name in ("eve", "bob", MARIN.name):
        with pytest.raises(WhoseError, match="could not be looked up"):
            find(sandbox.connection, bound, Visitor(name))
        counts.append(len(sandbox.calls))
    assert counts[1:] == counts[:1] * 2


def test_after_a_while_somebody_new_is_found(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = policy(sso="{user}", domain_id=SSO_DOMAIN)
    with pytest.raises(WhoseError):
        find(sandbox.connection, bound, BOB)
    given_to(sandbox, BOB)
    monkeypatch.setattr(whose, "MISSED_SECONDS", -1.0)
    assert find(sandbox.connection, bound, BOB).name == "shared"


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
    assert str(caught.value).endswith(" Ask ops.")
    assert str(caught.value).count("Ask ops.") == 1


def test_a_visitor_is_told_whom_to_ask_and_the_log_what_to_do(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WhoseError, match=r"makes no profile name.* Ask ops\.") as caught:
        find(sandbox.connection, policy(template="{user}", domain_id=DOMAIN), Visitor("ada.l"))
    assert "mapping file" not in str(caught.value)
    assert "Name this person in a mapping file (profile.file)." in caplog.text


def test_too_many_profiles_are_not_looked_at(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose, "MOST_PROFILES", 2)
    with pytest.raises(WhoseError, match="too many user profiles"):
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
