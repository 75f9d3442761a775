"""The switches: errors, failures, throttling, permissions, and answers that are late or held."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from profile_widgets.sandbox import Sandbox

RESEARCH = "d-9xk2m4tq7abc"
BARE = {"DomainId": RESEARCH, "UserProfileName": "bare"}
Refused = Callable[..., dict[str, Any]]


def test_the_next_call_fails_once_with_the_code_and_message_asked_for(
    sandbox: Sandbox, sagemaker: Any, refused: Refused
) -> None:
    sandbox.fail_next("UpdateUserProfile", code="ResourceLimitExceeded", message="Too many apps.")
    answer = refused(sagemaker.update_user_profile, **BARE)
    assert answer == {"Code": "ResourceLimitExceeded", "Message": "Too many apps.", "Status": 400}
    sagemaker.update_user_profile(**BARE)


def test_failures_line_up_and_hit_their_operation_only(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.fail_next("DescribeUserProfile", code="ExpiredTokenException", message="expired", status=403)
    sandbox.fail_next("DescribeUserProfile")
    sagemaker.list_domains()
    assert refused(sagemaker.describe_user_profile, **BARE)["Status"] == 403
    internal = refused(sagemaker.describe_user_profile, **BARE)
    assert (internal["Code"], internal["Status"]) == ("InternalFailure", 500)
    sagemaker.describe_user_profile(**BARE)


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [("create", "Pending", "Failed"), ("update", "Updating", "Update_Failed"), ("delete", "Deleting", "Delete_Failed")],
)
def test_an_accepted_call_ends_in_a_failure_with_its_reason(
    sandbox: Sandbox, sagemaker: Any, operation: str, before: str, after: str
) -> None:
    named = {**BARE, "UserProfileName": "newcomer"} if operation == "create" else BARE
    sandbox.fail_next(f"{operation.capitalize()}UserProfile", reason="<b>No</b> subnet has a free address.")
    sandbox.delay = 60
    getattr(sagemaker, f"{operation}_user_profile")(**named)
    assert sagemaker.describe_user_profile(**named)["Status"] == before
    sandbox.settle()
    described = sagemaker.describe_user_profile(**named)
    assert described["Status"] == after
    assert described["FailureReason"] == "<b>No</b> subnet has a free address."


def test_a_failed_update_leaves_the_settings_and_a_later_one_mends_the_profile(
    sandbox: Sandbox, sagemaker: Any
) -> None:
    sandbox.fail_next("UpdateUserProfile", reason="no")
    sagemaker.update_user_profile(**BARE, UserSettings={"StudioWebPortal": "ENABLED"})
    assert "UserSettings" not in sagemaker.describe_user_profile(**BARE)
    sagemaker.update_user_profile(**BARE, UserSettings={"StudioWebPortal": "ENABLED"})
    described = sagemaker.describe_user_profile(**BARE)
    assert (described["Status"], "FailureReason" in described) == ("InService", False)


def test_a_switch_for_something_that_cannot_happen_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no operation 'UpdateUserProfil'"):
        sandbox.fail_next("UpdateUserProfil", code="X")
    with pytest.raises(ValueError, match="a reason goes without a code"):
        sandbox.fail_next("DescribeUserProfile", reason="x")
    with pytest.raises(ValueError, match="a reason goes without a code"):
        sandbox.fail_next("UpdateUserProfile", code="X", reason="x")
    with pytest.raises(ValueError, match="no operation"):
        sandbox.throttle(1, "Nothing")


def test_throttling_counts_its_calls(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.throttle(2)
    for _ in range(2):
        answer = refused(sagemaker.list_domains)
        assert (answer["Code"], answer["Message"], answer["Status"]) == ("ThrottlingException", "Rate exceeded", 400)
    sagemaker.list_domains()


def test_boto3_gets_through_after_two_throttles(sandbox: Sandbox, session: boto3.Session) -> None:
    config = Config(retries={"total_max_attempts": 3, "mode": "standard"})
    client = session.client("sagemaker", endpoint_url=sandbox.endpoint_url, config=config)
    sandbox.throttle(2, "ListDomains")
    assert client.list_domains()["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize("for_ever", [None, math.inf])
def test_throttling_lasts_for_ever_until_told_otherwise(
    sandbox: Sandbox, sagemaker: Any, refused: Refused, for_ever: float | None
) -> None:
    sandbox.throttle(for_ever, "ListDomains")
    for _ in range(20):
        assert refused(sagemaker.list_domains)["Code"] == "ThrottlingException"
    sagemaker.list_apps()
    sandbox.throttle(0, "ListDomains")
    sagemaker.list_domains()


def test_a_denied_action_is_refused_in_the_words_of_iam(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.deny("sagemaker:UpdateUserProfile")
    answer = refused(sagemaker.update_user_profile, **BARE)
    assert (answer["Code"], answer["Status"]) == ("AccessDeniedException", 400)
    assert answer["Message"].startswith(
        "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: sagemaker:UpdateUserProfile "
        f"on resource: arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{RESEARCH}/bare because"
    )
    sagemaker.describe_user_profile(**BARE)
    sandbox.allow("sagemaker:UpdateUserProfile")
    sagemaker.update_user_profile(**BARE)


def test_permissions_have_wildcards_and_the_last_word_counts(
    sandbox: Sandbox, sagemaker: Any, refused: Refused
) -> None:
    sandbox.deny("sagemaker:List*", "sagemaker:describedomain")
    sandbox.allow("sagemaker:ListDomains")
    sagemaker.list_domains()
    assert refused(sagemaker.list_apps)["Code"] == "AccessDeniedException"
    assert refused(sagemaker.describe_domain, DomainId=RESEARCH)["Code"] == "AccessDeniedException"
    sandbox.allow()
    sagemaker.list_apps()


def test_a_role_that_may_not_be_passed_on_is_refused(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    sandbox.deny("iam:PassRole")
    role = "arn:aws:iam::123456789012:role/SageMakerAnalystRole"
    answer = refused(sagemaker.update_user_profile, **BARE, UserSettings={"ExecutionRole": role})
    assert (answer["Code"], f"iam:PassRole on resource: {role}" in answer["Message"]) == ("AccessDeniedException", True)
    sagemaker.update_user_profile(**BARE, UserSettings={"StudioWebPortal": "ENABLED"})


def test_a_held_answer_waits_for_its_release_but_the_call_has_happened(sandbox: Sandbox, sagemaker: Any) -> None:
    done = threading.Event()

    def update() -> None:
        sagemaker.update_user_profile(**BARE, UserSettings={"StudioWebPortal": "ENABLED"})
        done.set()

    with sandbox.hold("UpdateUserProfile") as held:
        thread = threading.Thread(target=update)
        thread.start()
        assert held.wait_until_reached()
        assert sagemaker.describe_user_profile(**BARE)["UserSettings"] == {"StudioWebPortal": "ENABLED"}
        assert not done.is_set()
        held.release()
        thread.join(10)
        assert done.is_set()
    sagemaker.update_user_profile(**BARE)


def test_a_stop_lets_held_answers_go(sandbox: Sandbox, sagemaker: Any) -> None:
    def ask() -> None:
        with contextlib.suppress(BotoCoreError):
            sagemaker.list_domains()

    thread = threading.Thread(target=ask, daemon=True)
    with sandbox.hold("ListDomains") as held:
        thread.start()
        assert held.wait_until_reached()
        sandbox.stop()
        thread.join(10)
        assert not thread.is_alive()


def test_a_stop_does_not_wait_for_late_answers(sandbox: Sandbox, client_of: Callable[..., Any]) -> None:
    sandbox.answer_delay = 600
    client = client_of(sandbox)

    def ask() -> None:
        with contextlib.suppress(BotoCoreError):
            client.list_domains()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    while not sandbox.calls:
        time.sleep(0.01)
    sandbox.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_every_answer_is_late_by_the_delay_asked_for(sandbox: Sandbox, session: boto3.Session) -> None:
    config = Config(read_timeout=0.1, retries={"total_max_attempts": 1})
    client = session.client("sagemaker", endpoint_url=sandbox.endpoint_url, config=config)
    sandbox.answer_delay = 0.5
    with pytest.raises(Exception, match="Read timeout"):
        client.list_domains()
    sandbox.answer_delay = 0
    client.list_domains()


def test_calls_are_recorded_with_their_parameters_and_time(sandbox: Sandbox, sagemaker: Any, refused: Refused) -> None:
    before = time.time()
    sagemaker.update_user_profile(**BARE, UserSettings={"StudioWebPortal": "ENABLED"})
    refused(sagemaker.describe_user_profile, DomainId="?", UserProfileName="bare")
    update, describe = sandbox.calls
    assert (update.service, update.operation) == ("sagemaker", "UpdateUserProfile")
    assert update.parameters == {**BARE, "UserSettings": {"StudioWebPortal": "ENABLED"}}
    assert before <= update.time <= describe.time <= time.time()
    assert describe.parameters["DomainId"] == "?"


def test_a_reset_goes_back_to_the_seed_and_clears_the_switches(sandbox: Sandbox, sagemaker: Any) -> None:
    sagemaker.delete_user_profile(**BARE)
    sandbox.deny("sagemaker:*")
    sandbox.throttle()
    sandbox.fail_next("DescribeUserProfile", code="X")
    sandbox.delay = 1.5
    sandbox.reset()
    assert sandbox.calls == ()
    assert sagemaker.describe_user_profile(**BARE)["Status"] == "InService"
    assert sandbox.delay == 1.5
